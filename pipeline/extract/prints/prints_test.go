package prints_test

import (
	"context"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode"
	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/prints"
)

var _ prints.Decoder = (*decode.Pool)(nil)

// decoder answers with what it holds, for the one type that it expects.
type decoder struct {
	mime  string
	still *wire.Still
	clip  *wire.Clip
	err   error
}

func (d decoder) Still(_ context.Context, _ *os.File, mime string) (wire.Still, error) {
	if d.err != nil {
		return wire.Still{}, d.err
	}
	if d.still == nil || mime != d.mime {
		return wire.Still{}, &wire.Fault{Op: wire.OpPrint, Class: wire.ClassInvalid, Rule: "asked for a still of " + mime}
	}
	return *d.still, nil
}

func (d decoder) Clip(_ context.Context, _ *os.File, mime string) (wire.Clip, error) {
	if d.err != nil {
		return wire.Clip{}, d.err
	}
	if d.clip == nil || mime != d.mime {
		return wire.Clip{}, &wire.Fault{Op: wire.OpFrames, Class: wire.ClassInvalid, Rule: "asked for a clip of " + mime}
	}
	return *d.clip, nil
}

func run(t *testing.T, d decoder, mime string) pipeline.StageResult {
	t.Helper()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := pipeline.Opened{Media: pipeline.Media{ID: pipeline.MediaID{1}}, File: f}
	if mime != "" {
		o, err := pipeline.FileKey.Observe(pipeline.File{Type: mime})
		if err != nil {
			t.Fatal(err)
		}
		in.Observed = pipeline.Observations{o}
	}
	results, err := pipeline.Extract(t.Context(), []pipeline.Extractor{prints.Stage(d)}, in, nil,
		func(context.Context, pipeline.StageResult) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return results[0]
}

func look(hex string) wire.Look {
	hashes := func(hex string) []wire.Hash { return []wire.Hash{{Algorithm: "phash64", Version: "v1", Hex: hex}} }
	return wire.Look{Quality: 80, StdDev: 40, Hashes: hashes(hex), Mirrored: hashes("m" + hex)}
}

func hashes(hex string) []pipeline.Hash {
	return []pipeline.Hash{{Algorithm: "phash64", Version: "v1", Hex: hex}}
}

const weak49 = "quality 49 is below 50: too few edges to be told from strangers"

// noMarks is the binary form of a set without any, of a picture of 80 x 60 pixels.
var noMarks = []byte{1, 0, 0, 80, 0, 60, 0, 0, 0, 80, 0, 0, 0, 60}

// withViews is weak as a whole but not in part.
func withViews() wire.Look {
	l := look("aa")
	l.Quality = 49
	l.Views = []wire.View{{Name: wire.ViewRot90, Hashes: look("cc").Hashes},
		{Name: wire.ViewTrimmed, Part: &wire.Part{LeftPx: 1, TopPx: 2, WidthPx: 3, HeightPx: 4}, Quality: 50, Hashes: look("dd").Hashes, Mosaic: []byte("within")}}
	l.Mosaic, l.Marks = []byte("whole"), noMarks
	return l
}

// TestIndexed: what enters an index is the picture as it is, and in part; nothing flat or weak.
func TestIndexed(t *testing.T) {
	t.Parallel()
	for view, want := range map[pipeline.View]bool{"upright": true, "as_stored": true, "trimmed": true, "window": true,
		"mirrored": false, "trimmed_mirrored": false, "rot90": false, "rot180": false, "rot270": false, "flipped": false,
		"transposed": false, "transversed": false, "": false} {
		p := pipeline.Print{View: view, Quality: 80, Hashes: hashes("aa")}
		weak, flat := p, p
		weak.Weak, flat.Flat = weak49, true
		if p.Indexed() != want || weak.Indexed() || flat.Indexed() {
			t.Errorf("%q: %t, weak %t, flat %t", view, p.Indexed(), weak.Indexed(), flat.Indexed())
		}
	}
}

// TestVersion1StillReads: a row that version 1 of the stage stored.
func TestVersion1StillReads(t *testing.T) {
	t.Parallel()
	const row = `[{"at_ms":40,"view":"mirrored","quality":71,"flat":false,"hashes":[{"algorithm":"phash64","version":"goimagehash 1.1.0, square 256, v1","hex":"00000000ffffffff"}]}]`
	got, ok, err := pipeline.PrintsKey.In(pipeline.Observations{{Key: pipeline.PrintsKey.ID, Stage: "prints", Version: "1", Body: []byte(row)}})
	want := []pipeline.Print{{AtMs: new(int64(40)), View: "mirrored", Quality: 71,
		Hashes: []pipeline.Hash{{Algorithm: "phash64", Version: "goimagehash 1.1.0, square 256, v1", Hex: "00000000ffffffff"}}}}
	if diff := cmp.Diff(want, got); diff != "" || !ok || err != nil {
		t.Errorf("%t, %v: %s", ok, err, diff)
	}
}

func TestLooks(t *testing.T) {
	t.Parallel()
	flat := wire.Look{Quality: 2, StdDev: 0.5, Flat: true}
	cases := []struct {
		name string
		mime string
		d    decoder
		want []pipeline.Print
	}{
		{"still", "image/jpeg", decoder{still: &wire.Still{WidthPx: 640, HeightPx: 480, Orientation: 1, Look: look("aa")}},
			[]pipeline.Print{{View: "upright", Quality: 80, Hashes: hashes("aa"), WidthPx: 640, HeightPx: 480}, {View: "mirrored", Quality: 80, Hashes: hashes("maa"), WidthPx: 640, HeightPx: 480}}},
		{"upside down", "image/jpeg", decoder{still: &wire.Still{WidthPx: 640, HeightPx: 480, Orientation: 3, Look: look("aa"), AsStored: new(look("bb"))}},
			[]pipeline.Print{{View: "upright", Quality: 80, Hashes: hashes("aa"), WidthPx: 640, HeightPx: 480}, {View: "mirrored", Quality: 80, Hashes: hashes("maa"), WidthPx: 640, HeightPx: 480},
				{View: "as_stored", Quality: 80, Hashes: hashes("bb"), WidthPx: 640, HeightPx: 480}}},
		{"on its side", "image/jpeg", decoder{still: &wire.Still{WidthPx: 640, HeightPx: 480, Orientation: 6, Look: look("aa"), AsStored: new(look("bb"))}},
			[]pipeline.Print{{View: "upright", Quality: 80, Hashes: hashes("aa"), WidthPx: 480, HeightPx: 640}, {View: "mirrored", Quality: 80, Hashes: hashes("maa"), WidthPx: 480, HeightPx: 640},
				{View: "as_stored", Quality: 80, Hashes: hashes("bb"), WidthPx: 640, HeightPx: 480}}},
		{"flat", "image/png", decoder{still: &wire.Still{WidthPx: 8, HeightPx: 8, Orientation: 1, Look: flat}},
			[]pipeline.Print{{View: "upright", Quality: 2, Flat: true, WidthPx: 8, HeightPx: 8}}},
		{"clip", "video/mp4", decoder{clip: &wire.Clip{Frames: []wire.Frame{{AtMs: 0, Look: look("aa")}, {AtMs: 2000, Look: flat}, {AtMs: 2000, Look: look("bb")}}}},
			[]pipeline.Print{{AtMs: new(int64(0)), View: "upright", Quality: 80, Hashes: hashes("aa")}, {AtMs: new(int64(0)), View: "mirrored", Quality: 80, Hashes: hashes("maa")}, {AtMs: new(int64(2000)), View: "upright", Quality: 2, Flat: true},
				{AtMs: new(int64(2000)), View: "upright", Quality: 80, Hashes: hashes("bb")}, {AtMs: new(int64(2000)), View: "mirrored", Quality: 80, Hashes: hashes("mbb")}}},
		{"with views", "image/png", decoder{still: &wire.Still{WidthPx: 80, HeightPx: 60, Orientation: 1, Look: withViews()}},
			[]pipeline.Print{{View: "upright", Quality: 49, Weak: weak49, Hashes: hashes("aa"), Mosaic: []byte("whole"), Marks: noMarks, WidthPx: 80, HeightPx: 60},
				{View: "mirrored", Quality: 49, Weak: weak49, Hashes: hashes("maa"), WidthPx: 80, HeightPx: 60},
				{View: "rot90", Quality: 49, Weak: weak49, Hashes: hashes("cc"), WidthPx: 80, HeightPx: 60},
				{View: "trimmed", Quality: 50, Part: &pipeline.Part{LeftPx: 1, TopPx: 2, WidthPx: 3, HeightPx: 4}, Hashes: hashes("dd"), Mosaic: []byte("within"), WidthPx: 80, HeightPx: 60}}},
		{"clip without a keyframe", "video/mp4", decoder{clip: &wire.Clip{}}, []pipeline.Print{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.d.mime = c.mime
			r := run(t, c.d, c.mime)
			got, ok, err := pipeline.PrintsKey.In(r.Observations)
			if diff := cmp.Diff(c.want, got); diff != "" || !ok || err != nil || r.Status != pipeline.Done {
				t.Errorf("%+v, %t, %v: %s", r, ok, err, diff)
			}
		})
	}
}

func TestNoLooks(t *testing.T) {
	t.Parallel()
	of := func(c wire.Class) error { return &wire.Fault{Op: wire.OpPrint, Class: c, Rule: "rule"} }
	cases := []struct {
		name, mime string
		err        error
		status     pipeline.Status
		cause      string
		retry      bool
	}{
		{"sound", "audio/mp4", nil, pipeline.Skipped, "no pictures in audio/mp4", false},
		{"text", "text/plain", nil, pipeline.Skipped, "no pictures in text/plain", false},
		{"unknown", "application/octet-stream", nil, pipeline.Skipped, "no pictures in application/octet-stream", false},
		{"no reader", "image/x-rare", of(wire.ClassUnsupported), pipeline.Skipped, "rule", false},
		{"damaged", "image/jpeg", of(wire.ClassInvalid), pipeline.Failed, "prints: print: invalid: rule", false},
		{"too large", "image/jpeg", of(wire.ClassRefused), pipeline.Failed, "prints: print: refused: rule", false},
		{"deadly", "video/mp4", of(wire.ClassDied), pipeline.Failed, "prints: print: died: rule", false},
		{"slow", "video/mp4", of(wire.ClassTimedOut), pipeline.Failed, "prints: print: timed_out: rule", false},
		{"no ffmpeg", "video/mp4", of(wire.ClassNoTool), pipeline.Failed, "prints: print: no_tool: rule", true},
		{"type not known", "", nil, pipeline.Failed, "prints: no container.file: the type of the file is not known", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := pipeline.StageResult{Stage: "prints", Version: "4", Status: c.status, Cause: c.cause, Retry: c.retry}
			if diff := cmp.Diff(want, run(t, decoder{err: c.err}, c.mime)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
