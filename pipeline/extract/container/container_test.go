package container_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode"
	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/container"
)

var _ container.Decoder = (*decode.Pool)(nil)

type decoder func() (wire.Probe, error)

func (d decoder) Probe(context.Context, *os.File) (wire.Probe, error) { return d() }

const sum = "0100000000000000000000000000000000000000000000000000000000000000"

// run has the engine run the stage, as everybody does.
func run(t *testing.T, d decoder, size int64) pipeline.StageResult {
	t.Helper()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	stages := []pipeline.Extractor{container.Stage(d)}
	if err := pipeline.Validate(stages, nil); err != nil {
		t.Fatal(err)
	}
	in := pipeline.Opened{Media: pipeline.Media{ID: pipeline.MediaID{1}, SizeBytes: size, GivenName: "clip.mp4"}, File: f}
	results, err := pipeline.Extract(t.Context(), stages, in, nil, func(context.Context, pipeline.StageResult) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return results[0]
}

func TestStage(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		probe wire.Probe
		err   error
		size  int64
		want  pipeline.File // when done
		cause string        // when failed
		retry bool
	}{
		{name: "picture", probe: wire.Probe{Type: "image/jpeg", SHA256: sum, SizeBytes: 9, WidthPx: 640, HeightPx: 480}, size: 9,
			want: pipeline.File{Type: "image/jpeg", SHA256: sum, SizeBytes: 9, WidthPx: 640, HeightPx: 480}},
		{name: "text named as a movie", probe: wire.Probe{Type: "text/plain", SHA256: sum, SizeBytes: 9}, size: 9,
			want: pipeline.File{Type: "text/plain", SHA256: sum, SizeBytes: 9}},
		{name: "nothing that is known", probe: wire.Probe{Type: "application/octet-stream", SHA256: sum, SizeBytes: 9}, size: 9,
			want: pipeline.File{Type: "application/octet-stream", SHA256: sum, SizeBytes: 9}},
		{name: "other bytes", probe: wire.Probe{Type: "image/jpeg", SHA256: "02" + sum[2:], SizeBytes: 9}, size: 9,
			cause: "container: what was parsed is not what was stored: sha256 02" + sum[2:] + ", want " + sum},
		{name: "fewer bytes", probe: wire.Probe{Type: "image/jpeg", SHA256: sum, SizeBytes: 8}, size: 9,
			cause: "container: what was parsed is not what was stored: 8 bytes, want 9"},
		{name: "gone empty", probe: wire.Probe{Type: "application/octet-stream", SHA256: sum}, size: 9,
			cause: "container: what was parsed is not what was stored: 0 bytes, want 9"},
		{name: "empty", probe: wire.Probe{Type: "application/octet-stream", SHA256: sum}, size: 0, cause: "container: file is empty"},
		{name: "killed its reader", err: &wire.Fault{Op: wire.OpProbe, Class: wire.ClassDied, Rule: "twice"}, size: 9,
			cause: "container: probe: died: twice"},
		{name: "no process", err: errors.New("fork: out of memory"), size: 9, cause: "container: fork: out of memory", retry: true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, func() (wire.Probe, error) { return c.probe, c.err }, c.size)
			if c.cause != "" {
				want := pipeline.StageResult{Stage: "container", Version: "1", Status: pipeline.Failed, Cause: c.cause, Retry: c.retry}
				if diff := cmp.Diff(want, r); diff != "" {
					t.Error(diff)
				}
				return
			}
			got, ok, err := pipeline.FileKey.In(r.Observations)
			if diff := cmp.Diff(c.want, got); diff != "" || !ok || err != nil || r.Status != pipeline.Done {
				t.Errorf("%+v, %t, %v: %s", r, ok, err, diff)
			}
		})
	}
}
