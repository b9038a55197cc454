package main

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"whenwhere/internal/control"
)

// loaded is how many daily maps are loaded to measure it: the goal is under 2 s and under 300 MB.
const loaded = 200

// measureLoad loads the first daily maps and prints what that took. It must be the first thing that the process does:
// the peak of memory is one for its whole life.
func measureLoad(front string, out io.Writer) (*control.Maps, error) {
	folder := first{os.DirFS(filepath.Join(front, "deepstate_daily")), loaded}
	before := peakMB()
	start, worked := time.Now(), cpu()
	m, faults := control.Load(folder)
	took := time.Since(start)
	worked = cpu() - worked
	if n := len(m.Editions()); len(faults) > 0 || n != loaded {
		return nil, fmt.Errorf("%d daily maps loaded, want %d: %v", n, loaded, faults)
	}
	fmt.Fprintf(out, "load: %d daily maps in %.2f s (%.2f s of processor time); peak of resident memory %.0f MB (%.0f MB before)\n",
		loaded, took.Seconds(), worked.Seconds(), peakMB(), before)
	debug.FreeOSMemory() // what follows measures speed, not the collector at work on what loading left
	return m, nil
}

// first shows only the first n files of a folder, by name.
type first struct {
	fs.FS
	n int
}

func (f first) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(f.FS, name)
	return all[:min(f.n, len(all))], err
}

// cpu is the processor time that this process has used: on a busy machine the clock says little.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMB is the peak of the resident memory of this process; 0 where the system does not tell.
func peakMB() float64 {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kB float64
		if _, err := fmt.Sscanf(strings.TrimSpace(lines.Text()), "VmHWM: %f kB", &kB); err == nil {
			return kB / 1000 * 1.024
		}
	}
	return 0
}
