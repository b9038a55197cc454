package blob

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/iotest"

	"whenwhere/pipeline"
)

func TestHalfAnUploadGetsNoName(t *testing.T) {
	t.Parallel()
	s, err := New(Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	id, full := pipeline.MediaID{1}, errors.New("no space left on device")
	err = s.upload(t.Context(), id, io.MultiReader(strings.NewReader("half"), iotest.ErrReader(full)))
	if !errors.Is(err, full) {
		t.Fatalf("got %v", err)
	}
	if err := s.Verify(t.Context(), id); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after the failure: %v, want nothing there", err)
	}
	if left, err := s.stale(); err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestBytesThatDoNotReadBackAreMovedAside(t *testing.T) {
	t.Parallel()
	s, err := New(Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	id := pipeline.MediaID{1} // not what these bytes hash to, as after a write that lied
	if err := s.upload(t.Context(), id, strings.NewReader("other bytes")); err != nil {
		t.Fatal(err)
	}
	var damaged *DamagedError
	if err := s.readBack(t.Context(), id); !errors.As(err, &damaged) {
		t.Fatalf("got %v, want a DamagedError", err)
	}
	if err := s.Verify(t.Context(), id); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after the failure: %v, want nothing there", err)
	}
}
