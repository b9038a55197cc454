package decode

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestChildIsConfined looks at a running child from outside: its limits are set, and it inherited no environment.
func TestChildIsConfined(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{})
	read(t, p, writeFile(t, "a.png", []byte("\x89PNG\r\n\x1A\n")))
	f := open(t, writeFile(t, "a.jpg", jpegOf(t, photo(64, 64))))
	if _, err := p.Probe(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	proc := fmt.Sprintf("/proc/%d/", onlyWorker(p).cmd.Process.Pid)
	limits, err := os.ReadFile(proc + "limits")
	if err != nil {
		t.Skip("no /proc")
	}
	text := strings.Join(strings.Fields(string(limits)), " ")
	for _, want := range []string{"Max core file size 0 0 ", "Max file size 0 0 ", "Max open files 16 16 "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, limits)
		}
	}
	environ, err := os.ReadFile(proc + "environ")
	if err != nil || string(environ) != "GOTRACEBACK=none\x00GOMAXPROCS=1\x00" {
		t.Errorf("environment %q, %v", environ, err)
	}
	if cwd, err := os.Readlink(proc + "cwd"); err != nil || cwd != "/" {
		t.Errorf("directory %q, %v", cwd, err)
	}
	// 0 to 2, the connection, the poller's two and the runtime's two of cgroups: no descriptor of an earlier input, nor
	// one that our own parent left open.
	fds, err := os.ReadDir(proc + "fd")
	if err != nil || len(fds) > 8 {
		t.Errorf("%d descriptors, %v", len(fds), err)
	}
	for _, fd := range fds {
		if to, _ := os.Readlink(proc + "fd/" + fd.Name()); strings.Contains(to, t.Name()) {
			t.Errorf("still open: %s", to)
		}
	}
}
