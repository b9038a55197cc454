package jail

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets the test binary confine itself and then do what it must not be able to do.
func TestMain(m *testing.M) {
	if len(os.Args) != 3 || os.Args[1] != "jailed" {
		os.Exit(m.Run())
	}
	if err := Decoder(NormalDataBytes); err != nil {
		fmt.Println("jail:", err)
		os.Exit(9)
	}
	switch deed := os.Args[2]; deed {
	case "limits":
		b, err := os.ReadFile("/proc/self/limits")
		fmt.Println(string(b), err)
	case "allocate":
		var kept [][]byte
		for range 64 {
			b := make([]byte, 16<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			kept = append(kept, b)
		}
		fmt.Println("allocated", len(kept))
	default: // a path
		err := os.WriteFile(deed, []byte("x"), 0o600)
		fmt.Println("wrote", err == nil)
	}
	os.Exit(0)
}

func jailed(t *testing.T, deed string) (string, error) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "jailed", deed)
	cmd.Env = []string{"GOTRACEBACK=none"}
	out, err := cmd.Output()
	return string(out), err
}

func TestDecoderLimits(t *testing.T) {
	t.Parallel()
	out, err := jailed(t, "limits")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(out), " ")
	for _, want := range []string{"Max core file size 0 0 ", "Max file size 0 0 ", "Max open files 16 16 "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	if !raceEnabled && !strings.Contains(text, "Max data size 536870912 536870912 ") {
		t.Errorf("no limit of data in %s", out)
	}
}

// TestMemoryBombDies: a gigabyte is more than a normal child can have.
func TestMemoryBombDies(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("no limit on memory under the race detector")
	}
	if out, err := jailed(t, "allocate"); err == nil || strings.Contains(out, "allocated") {
		t.Errorf("got %q, %v", out, err)
	}
}

func TestNothingIsWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "left")
	if out, _ := jailed(t, path); strings.Contains(out, "wrote true") {
		t.Errorf("got %q", out)
	}
	if b, err := os.ReadFile(path); err == nil && len(b) > 0 {
		t.Errorf("%d bytes left", len(b))
	}
}
