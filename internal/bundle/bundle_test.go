package bundle_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/audit"
	"whenwhere/internal/blob"
	"whenwhere/internal/bundle"
	"whenwhere/internal/store"
	"whenwhere/internal/store/sqlite"
	"whenwhere/pipeline"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// folder is a data folder with an invented incident of one file, judged.
type folder struct {
	bundle.Source
	key audit.PublicKey
	id  pipeline.MediaID
	dir string
}

func newFolder(t *testing.T) *folder {
	t.Helper()
	f := &folder{dir: t.TempDir()}
	rows, err := sqlite.Open(t.Context(), filepath.Join(f.dir, "x.db"))
	must(t, err)
	blobs, err := blob.New(blob.Config{Dir: filepath.Join(f.dir, "originals")})
	must(t, err)
	t.Cleanup(func() { must(t, errors.Join(rows.Close(), blobs.Close())) })
	f.Source = bundle.Source{Store: rows, Blobs: blobs, Sign: f.signWith(t, rows)}
	var size int64
	f.id, size, err = blobs.Put(t.Context(), strings.NewReader("not a real picture"))
	must(t, err)
	must(t, rows.Update(t.Context(), func(tx *store.Tx) error {
		in := pipeline.Incident{ID: "AUT-01", Media: []pipeline.MediaRef{{File: "../../a name.jpg"}}}
		return errors.Join(tx.SaveMedia(t.Context(), pipeline.Media{ID: f.id, SizeBytes: size, GivenName: "../../a name.jpg", ReceivedAt: time.Unix(0, 0)}),
			tx.SaveIncident(t.Context(), store.Record{Incident: in, Media: []store.Attachment{{ID: f.id}}}),
			tx.SaveIncident(t.Context(), store.Record{Incident: pipeline.Incident{ID: "OTHER"}}),
			tx.SaveVerdict(t.Context(), store.Judgement{Incident: "AUT-01", Verdict: pipeline.Verdict{Incident: "AUT-01", Rules: "2026.0"}}))
	}))
	return f
}

func (f *folder) signWith(t *testing.T, rows *store.Store) func(context.Context) (audit.Signed, audit.PublicKey, error) {
	private, public, err := audit.NewKey(rand.Reader, "log.test/1")
	must(t, err)
	signer, err := audit.NewSigner(private, public)
	must(t, err)
	f.key = signer.Public()
	return func(ctx context.Context) (audit.Signed, audit.PublicKey, error) {
		c, err := audit.Sign(ctx, rows, signer)
		return c, f.key, errors.Join(err, rows.SaveCheckpoint(ctx, c))
	}
}

func TestBundleIsWhole(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	b, err := bundle.Make(t.Context(), f.Source, bundle.Request{Incident: "AUT-01", By: "analyst-1", Version: "1", Rules: []byte("{}\n"), Data: []byte("{}\n")})
	must(t, err)
	var one, two bytes.Buffer
	must(t, errors.Join(b.Write(&one), b.Write(&two)))
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("written twice, it has other bytes")
	}
	c := audit.CheckBundle(bytes.NewReader(one.Bytes()), int64(one.Len()), f.key, nil)
	if len(c.Damage) > 0 || c.Originals != 1 || b.Originals() != 1 || c.Leaves != 4 || b.Leaves() != 4 || c.Incident != "AUT-01" || c.Audience != "internal" {
		t.Errorf("%+v", c)
	}
	if strings.Contains(strings.Join(names(t, one.Bytes()), "\n"), "a name") {
		t.Error("a file is named by what somebody sent")
	}
	if bytes.Contains(leaves(t, f), []byte("analyst-1")) || bytes.Contains(leaves(t, f), []byte("AUT-01")) {
		t.Error("a leaf names somebody")
	}
	if text, ok := c.Text("record.json"); !ok || !bytes.Contains(text, []byte(f.id.String())) {
		t.Errorf("record %s", text)
	}
}

func names(t *testing.T, data []byte) (out []string) {
	t.Helper()
	for rest := data; ; {
		i := bytes.Index(rest, []byte("PK\x01\x02")) // entries of the directory: the name stands 46 bytes behind
		if i < 0 {
			if len(out) < 8 {
				t.Fatalf("%d files", len(out))
			}
			return out
		}
		n := int(rest[i+28])
		out = append(out, string(rest[i+46:i+46+n]))
		rest = rest[i+46:]
	}
}

func leaves(t *testing.T, f *folder) (out []byte) {
	t.Helper()
	rows, err := f.Store.LogLeaves(t.Context(), 0, 100)
	must(t, err)
	for _, r := range rows {
		out = append(out, r.Leaf...)
	}
	return out
}

// What cannot be exported whole is not exported, and the log does not say that it was.
func TestNothingIsExported(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	path := filepath.Join(f.dir, "originals", "sha256", f.id.String()[:2], f.id.String())
	must(t, os.Chmod(path, 0o600))
	must(t, os.WriteFile(path, []byte("not a fake picture"), 0o600))
	var damaged *blob.DamagedError
	if _, err := bundle.Make(t.Context(), f.Source, bundle.Request{Incident: "AUT-01"}); !errors.As(err, &damaged) || damaged.ID != f.id {
		t.Errorf("a damaged original: %v", err)
	}
	must(t, os.Remove(path))
	if _, err := bundle.Make(t.Context(), f.Source, bundle.Request{Incident: "AUT-01"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing original: %v", err)
	}
	if _, err := bundle.Make(t.Context(), f.Source, bundle.Request{Incident: "NONE"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no incident: %v", err)
	}
	if bytes.Contains(leaves(t, f), []byte("exported")) {
		t.Error("an export was logged")
	}
	if _, err := bundle.Make(t.Context(), f.Source, bundle.Request{Incident: "OTHER", Data: []byte("{}")}); err != nil {
		t.Errorf("another incident: %v", err)
	}
}
