package child

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"whenwhere/internal/decode/wire"
)

// TestMain makes the test binary the command, and, under the name of ffmpeg, a program that shows its limits.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "decode":
			os.Exit(Main(os.NewFile(SocketFD, "requests"), os.Args[2:]...))
		case "show":
			limits, err := os.ReadFile("/proc/self/limits")
			fmt.Printf("%s\nenvironment %v %v\n", limits, os.Environ(), err)
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"other"}, {ModeFFmpeg}} {
		if got := Main(nil, args...); got != exitUsage {
			t.Errorf("%v: exit %d", args, got)
		}
	}
}

// TestFFmpegIsConfined: what is started as ffmpeg has the limits, and no environment.
func TestFFmpegIsConfined(t *testing.T) {
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "decode", ModeFFmpeg, exe, "show")
	cmd.Env = []string{"SECRET=1"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text := strings.Join(strings.Fields(string(out)), " ")
	for _, want := range []string{"Max core file size 0 0 ", "Max cpu time 20 20 ", "Max open files 64 64 ",
		"Max file size 1048576 1048576 ", "environment []"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	if got := exec.Command(exe, "decode", ModeFFmpeg, "/nonexistent/ffmpeg").Run(); fmt.Sprint(got) != fmt.Sprintf("exit status %d", ExitNoFFmpeg) {
		t.Errorf("no such program: %v", got)
	}
}

// TestPanicIsAnAnswer: a reader that panics in our goroutine gives an ordinary fault.
func TestPanicIsAnAnswer(t *testing.T) {
	t.Parallel()
	a := new(handler).answer(wire.Request{Version: wire.Version, Op: wire.OpProbe}, os.NewFile(^uintptr(0), "none"))
	if a.Fault == nil || a.Fault.Class == "" {
		t.Errorf("got %+v", a)
	}
	if a = new(handler).answer(wire.Request{Version: 99, Op: wire.OpTags}, nil); a.Fault == nil || a.Fault.Class != wire.ClassUnsupported {
		t.Errorf("other version: %+v", a)
	}
}

func TestBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, n := string(rapid.SliceOf(rapid.Byte()).Draw(t, "s")), rapid.IntRange(0, 20).Draw(t, "n")
		got := bounded(s, n)
		if len(got) > n || !utf8.ValidString(got) {
			t.Fatalf("%q", got)
		}
		if utf8.ValidString(s) && !strings.HasPrefix(s, got) {
			t.Fatalf("%q is no start of %q", got, s)
		}
	})
}
