package link

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"whenwhere/internal/decode/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func pair(t *testing.T) (parent, child *net.UnixConn) {
	t.Helper()
	parent, theirs, err := Pair()
	if err != nil {
		t.Fatal(err)
	}
	child, err = Open(theirs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { parent.Close(); child.Close() })
	return parent, child
}

func input(t *testing.T, text string) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "input")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestRequestBringsItsFile(t *testing.T) {
	t.Parallel()
	parent, child := pair(t)
	for _, text := range []string{"first", "second"} {
		want := wire.Request{Version: 1, Op: wire.OpPrint, Type: text, MaxPixels: 7}
		if err := SendRequest(parent, want, input(t, text)); err != nil {
			t.Fatal(err)
		}
		got, f, err := ReceiveRequest(child)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		b, err := io.ReadAll(f)
		if err != nil || string(b) != text {
			t.Errorf("file holds %q, %v", b, err)
		}
		// The descriptor must not survive an exec, in whatever the decoder might start.
		if flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
			t.Errorf("flags %x, %v", flags, err)
		}
		f.Close()
	}
	parent.Close()
	if _, _, err := ReceiveRequest(child); !errors.Is(err, io.EOF) {
		t.Errorf("after close: %v", err)
	}
}

// TestLargeAnswer: an answer far above a socket's buffer arrives whole; one above the limit is not sent.
func TestLargeAnswer(t *testing.T) {
	t.Parallel()
	parent, child := pair(t)
	sent := make(chan error, 1)
	text := strings.Repeat("x", wire.MaxAnswerBytes-100)
	go func() { sent <- SendAnswer(child, wire.Answer{Tags: &wire.Tags{Encoder: text}}) }()
	body, err := ReceiveAnswer(parent)
	if err != nil || <-sent != nil || len(body) < len(text) {
		t.Errorf("%d bytes, %v", len(body), err)
	}
	if err := SendAnswer(child, wire.Answer{Tags: &wire.Tags{Encoder: text + text}}); !errors.Is(err, ErrTooLong) {
		t.Errorf("too long: %v", err)
	}
}

// TestBrokenMessages: lengths are refused before they are believed, and a message that breaks off is an error.
func TestBrokenMessages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bytes string
		want  error
	}{
		"announced too long": {"\xFF\xFF\xFF\xFF", ErrTooLong},
		"cut length":         {"\x00\x00", io.ErrUnexpectedEOF},
		"cut body":           {"\x00\x00\x00\x05ab", io.ErrUnexpectedEOF},
		"nothing":            {"", io.EOF},
	} {
		parent, child := pair(t)
		if _, err := io.WriteString(child, c.bytes); err != nil {
			t.Fatal(err)
		}
		child.Close()
		if _, err := ReceiveAnswer(parent); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestRequestWithoutFileIsRefused(t *testing.T) {
	t.Parallel()
	parent, child := pair(t)
	if _, err := io.WriteString(parent, "\x00\x00\x00\x02{}"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReceiveRequest(child); err == nil {
		t.Error("accepted")
	}
}
