package decode

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// spawner starts all processes from one locked thread. The kernel sends a child's death signal when the *thread* that made
// it ends, and Go ends threads as it likes; this one lives until close.
type spawner struct {
	starts chan start // written by start, read by run
	done   chan struct{}
}

type start struct {
	cmd    *exec.Cmd
	result chan error // one value, written by run
}

// newSpawner also closes to children what this process inherited without the close-on-exec flag: Go sets it on all that
// it opens itself, but a shell or a service manager may have left a log or a socket open.
func newSpawner() (*spawner, error) {
	if err := unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return nil, fmt.Errorf("decode: mark descriptors close-on-exec: %w", err)
	}
	s := &spawner{starts: make(chan start), done: make(chan struct{})}
	go s.run()
	return s, nil
}

func (s *spawner) run() {
	defer close(s.done)
	runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
	for r := range s.starts {
		r.result <- r.cmd.Start()
	}
}

// start starts cmd in a process group of its own, with nothing in its environment that we did not put there.
func (s *spawner) start(cmd *exec.Cmd) error {
	cmd.Dir = "/"
	// GOMAXPROCS 1: the pool is what works in parallel, and one thread of Go code needs the least memory.
	cmd.Env = []string{"GOTRACEBACK=none", "GOMAXPROCS=1"}
	// A descendant that escaped the group and holds the pipe of output must not hold us.
	cmd.WaitDelay = 5 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	r := start{cmd, make(chan error, 1)}
	s.starts <- r
	if err := <-r.result; err != nil {
		return fmt.Errorf("decode: start %s: %w", cmd.Path, err)
	}
	return nil
}

// close ends the thread, and with it by the kernel's hand every child that is still there.
func (s *spawner) close() {
	close(s.starts)
	<-s.done
}

// killGroup ends a process and all that it started in its group. It must come before Wait, while the number is ours.
func killGroup(cmd *exec.Cmd) {
	// The group is gone when the process ended by itself: nothing to do then.
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}

// tail keeps the first bytes that a process writes to stdout or stderr, and breaks its pipe after maxOutputBytes.
type tail struct {
	mu   sync.Mutex // guards the rest: exec's copier writes, we read
	kept []byte
	seen int
}

const (
	maxOutputBytes = 1 << 20
	keptBytes      = 4096
)

var errTooMuchOutput = errors.New("decode: too much output")

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen += len(p)
	if t.seen > maxOutputBytes {
		return 0, errTooMuchOutput
	}
	t.kept = append(t.kept, p[:min(len(p), keptBytes-len(t.kept))]...)
	return len(p), nil
}

// line returns the first line that was written, printable and short, for people.
func (t *tail) line() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	first, _, _ := strings.Cut(strings.TrimSpace(string(t.kept)), "\n")
	first = strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7E {
			return '?'
		}
		return r
	}, first)
	return first[:min(len(first), 200)]
}

// closeAll closes files whose errors say nothing: descriptors that were only read, or handed on.
func closeAll(files ...*os.File) {
	for _, f := range files {
		if f != nil {
			f.Close()
		}
	}
}
