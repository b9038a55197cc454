package decode

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"whenwhere/internal/decode/child"
	"whenwhere/internal/decode/wire"
)

// TestMain makes the test binary its own child, as the real one is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "decode":
			os.Exit(child.Main(os.NewFile(child.SocketFD, "requests"), os.Args[2:]...))
		case "misbehave":
			os.Exit(misbehave(os.NewFile(child.SocketFD, "requests"), os.Args[2]))
		case "parent":
			os.Exit(parentToKill())
		}
	}
	goleak.VerifyTestMain(m)
}

func newPool(t testing.TB, cfg Config) *Pool {
	t.Helper()
	p, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func writeFile(t testing.TB, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, path string) *os.File {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// everything is all that a Pool says about one file.
type everything struct {
	Probe  wire.Probe
	Tags   *wire.Tags
	Still  *wire.Still
	Faults []string
}

// read asks for everything but the clip, and fails the test on an error that is not a Fault.
func read(t testing.TB, p *Pool, path string) everything {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ctx := context.Background()
	var e everything
	e.Probe, err = p.Probe(ctx, f)
	e.note(t, path, err)
	if tags, err := p.Tags(ctx, f, e.Probe.Type); err == nil {
		e.Tags = &tags
	} else {
		e.note(t, path, err)
	}
	if still, err := p.Still(ctx, f, e.Probe.Type); err == nil {
		e.Still = &still
	} else {
		e.note(t, path, err)
	}
	return e
}

func (e *everything) note(t testing.TB, path string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var f *wire.Fault
	if !errors.As(err, &f) || f.Rule == "" || f.Class == "" {
		t.Errorf("%s: not a named fault: %v", filepath.Base(path), err)
		return
	}
	e.Faults = append(e.Faults, string(f.Op)+" "+string(f.Class)+" "+f.Rule)
}

func fault(t testing.TB, err error) *wire.Fault {
	t.Helper()
	var f *wire.Fault
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want a fault", err)
	}
	return f
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}
