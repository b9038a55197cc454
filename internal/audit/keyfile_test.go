package audit_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"whenwhere/internal/audit"
)

// Commands that end at once in a new folder all sign with one key.
func TestOneKeyForAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := audit.LoadSigner(dir, false); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder without a key: %v", err)
	}
	const n = 40
	var keys [n]string
	var errs [n]error
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			s, err := audit.LoadSigner(dir, true)
			if errs[i] = err; err == nil {
				keys[i] = s.Public().String()
			}
		})
	}
	all.Wait()
	must(t, errors.Join(errs[:]...))
	public, err := audit.LoadPublicKey(dir)
	must(t, err)
	for _, k := range keys {
		if k != public.String() {
			t.Fatalf("keys %q and %q", k, public)
		}
	}
	left, err := os.ReadDir(dir)
	must(t, err)
	info, err := os.Stat(filepath.Join(dir, audit.PrivateKeyFile))
	must(t, err)
	if len(left) != 2 || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", left, info.Mode())
	}
}

// The public half follows from the private one; the other way nothing does.
func TestHalvesOfAKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := audit.LoadSigner(dir, true)
	must(t, err)
	must(t, os.Remove(filepath.Join(dir, audit.PublicKeyFile)))
	again, err := audit.LoadSigner(dir, false)
	must(t, err)
	if again.Public().String() != s.Public().String() {
		t.Errorf("%s, was %s", again.Public(), s.Public())
	}
	must(t, os.WriteFile(filepath.Join(dir, audit.PublicKeyFile), []byte(newKey(t, 1).Public().String()), 0o600))
	if _, err := audit.LoadSigner(dir, true); err == nil {
		t.Error("two halves of different keys were taken")
	}
	for _, text := range []string{"", "x", "PRIVATE+KEY+a+b+c"} {
		must(t, os.WriteFile(filepath.Join(dir, audit.PrivateKeyFile), []byte(text), 0o600))
		must(t, errors.Join(os.RemoveAll(filepath.Join(dir, audit.PublicKeyFile))))
		if _, err := audit.LoadSigner(dir, true); err == nil {
			t.Errorf("%q was taken for a key", text)
		}
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if text, err := audit.LoadHead(dir); text != nil || err != nil {
		t.Errorf("of a new folder %q, %v", text, err)
	}
	key := newKey(t, 1)
	m := logOf(t, leavesInTest, key, 8, leavesInTest)
	for _, s := range m.signed {
		must(t, audit.SaveHead(dir, s.Note))
		text, err := audit.LoadHead(dir)
		must(t, err)
		if string(text) != string(s.Note) {
			t.Errorf("%q, want %q", text, s.Note)
		}
		must(t, audit.Continues(t.Context(), m, key.Public(), text, audit.HeadFile))
	}
	last, other := m.signed[1].Note, newKey(t, 2)
	for name, do := range map[string]func(){
		"cut off":     func() { cut(m, 20) },
		"rewritten":   func() { m = whole(t, key); edit(m, 10); m.rebuild(t) },
		"other's key": func() { m = whole(t, key); key = other },
	} {
		do()
		var damaged *audit.DamagedError
		if err := audit.Continues(t.Context(), m, key.Public(), last, audit.HeadFile); !errors.As(err, &damaged) || damaged.Damage[0].Where != audit.HeadFile {
			t.Errorf("%s: %v", name, err)
		}
		key = newKey(t, 1)
	}
}

func whole(t *testing.T, key *audit.Signer) *memory {
	return logOf(t, leavesInTest, key, 8, leavesInTest)
}
