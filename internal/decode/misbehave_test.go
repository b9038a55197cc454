package decode

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"whenwhere/internal/decode/link"
	"whenwhere/internal/decode/wire"
)

// misbehave is a child that has been taken over: it reads requests properly and then does how.
func misbehave(in *os.File, how string) int {
	conn, err := link.Open(in)
	if err != nil {
		return 1
	}
	for {
		_, f, err := link.ReceiveRequest(conn)
		if err != nil {
			return 0
		}
		f.Close()
		deed(conn, how)
	}
}

func deed(conn *net.UnixConn, how string) {
	raw := func(length uint32, body string) {
		head := []byte{byte(length >> 24), byte(length >> 16), byte(length >> 8), byte(length)}
		conn.Write(append(head, body...))
	}
	switch how {
	case "spin":
		for len(how) > 0 {
		}
	case "die":
		fmt.Fprintln(os.Stderr, "fatal error: out of \x1b[31m memory")
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "shout":
		line := strings.Repeat("x", 1<<16)
		for {
			fmt.Fprintln(os.Stdout, line)
		}
	case "long":
		raw(wire.MaxAnswerBytes+1, "")
	case "half":
		raw(100, `{"version":1,`)
		conn.Close()
		os.Exit(0)
	case "json":
		raw(3, "abc")
	case "wrong":
		link.SendAnswer(conn, wire.Answer{Version: wire.Version, Clip: &wire.Clip{}})
	case "values":
		link.SendAnswer(conn, wire.Answer{Version: wire.Version, Probe: &wire.Probe{Type: "image/jpeg", SHA256: "zz"}})
	}
}

// TestMisbehaviour: whatever a child does, the caller gets a named fault in time, and no process stays.
func TestMisbehaviour(t *testing.T) {
	t.Parallel()
	path := writeFile(t, "a.jpg", jpegOf(t, photo(64, 64)))
	for _, c := range []struct {
		how  string
		want wire.Class
	}{
		{"spin", wire.ClassTimedOut},
		{"die", wire.ClassDied},
		{"shout", wire.ClassDied},
		{"long", wire.ClassBadAnswer},
		{"half", wire.ClassDied},
		{"json", wire.ClassBadAnswer},
		{"wrong", wire.ClassBadAnswer},
		{"values", wire.ClassBadAnswer},
	} {
		t.Run(c.how, func(t *testing.T) {
			t.Parallel()
			p := newPool(t, Config{Args: []string{"misbehave", c.how}, Limits: Limits{ProbeWall: 2 * time.Second}})
			start := time.Now()
			_, err := p.Probe(context.Background(), open(t, path))
			f := fault(t, err)
			if f.Class != c.want || f.Op != wire.OpProbe {
				t.Errorf("got %v, want class %s", f, c.want)
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
			if c.how == "die" && f.Detail != "fatal error: out of ?[31m memory" {
				t.Errorf("detail %q", f.Detail)
			}
		})
	}
}

// TestKilledOnce: a child that is killed in the middle of a request is replaced, and the caller does not notice.
func TestKilledOnce(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{})
	path := writeFile(t, "a.jpg", jpegOf(t, photo(2000, 1500)))
	want := read(t, p, path)
	w := onlyWorker(p)
	if err := syscall.Kill(w.cmd.Process.Pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	got := make(chan everything, 1)
	go func() { got <- read(t, p, path) }()
	waitFor(t, "the request is taken", func() bool { return len(p.normal) == 0 })
	if err := syscall.Kill(w.cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if e := <-got; e.Probe != want.Probe || len(e.Faults) > 0 {
		t.Errorf("after a kill: %+v, want %+v", e, want)
	}
}

// onlyWorker peeks at the running child of an idle pool of one.
func onlyWorker(p *Pool) *worker {
	s := <-p.normal
	defer func() { p.normal <- s }()
	return s.w
}

func TestCancelAndClose(t *testing.T) {
	t.Parallel()
	path := writeFile(t, "a.jpg", jpegOf(t, photo(64, 64)))
	p := newPool(t, Config{Args: []string{"misbehave", "spin"}})
	ctx, cancel := context.WithCancel(context.Background())
	got := make(chan error, 2)
	f := open(t, path)
	ask := func(ctx context.Context) {
		_, err := p.Probe(ctx, f)
		got <- err
	}
	go ask(ctx)
	waitFor(t, "the request is taken", func() bool { return len(p.normal) == 0 })
	cancel()
	var wireFault *wire.Fault
	if err := <-got; !errors.Is(err, context.Canceled) || errors.As(err, &wireFault) {
		t.Errorf("cancelled: %v", err)
	}
	go ask(context.Background())
	waitFor(t, "the request is taken", func() bool { return len(p.normal) == 0 })
	go ask(context.Background()) // waits for a child that it will never get
	p.Close()
	for range 2 {
		if err := <-got; !errors.Is(err, ErrClosed) {
			t.Errorf("closed while running: %v", err)
		}
	}
	if _, err := p.Probe(context.Background(), f); !errors.Is(err, ErrClosed) {
		t.Errorf("after close: %v", err)
	}
	p.Close()
}

// waitFor polls a condition that another process brings about.
func waitFor(t *testing.T, what string, cond func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !cond(); {
		if time.Now().After(deadline) {
			t.Fatal("timed out waiting until " + what)
		}
		time.Sleep(time.Millisecond)
	}
}

func TestInputMustBeReadOnlyRegularFile(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{})
	rw, err := os.OpenFile(writeFile(t, "a", []byte("x")), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer rw.Close()
	dir := open(t, t.TempDir())
	for _, f := range []*os.File{rw, dir} {
		if _, err := p.Probe(context.Background(), f); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%s: %v, want invalid", f.Name(), err)
		}
	}
}

func TestConfigRefusesAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := New(Config{Workers: -1, FFmpeg: "ffmpeg", Limits: Limits{Keyframes: -2, TagsWall: -1}})
	for _, want := range []string{"Workers -1", `FFmpeg "ffmpeg"`, "Keyframes -2", "TagsWall -1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not name %s", err, want)
		}
	}
}

// TestNothingStays: after Close there is no child and no descriptor more than before. Not parallel: it counts.
func TestNothingStays(t *testing.T) {
	path := writeFile(t, "a.jpg", jpegOf(t, photo(640, 480)))
	p := newPool(t, Config{Workers: 2, FFmpeg: "/nonexistent/ffmpeg"})
	read(t, p, path) // the runtime's own poller descriptors are open from here on
	p.Close()
	before := descriptors(t)
	for range 3 {
		p := newPool(t, Config{Workers: 2, FFmpeg: "/nonexistent/ffmpeg"})
		read(t, p, path)
		_, err := p.Clip(context.Background(), open(t, path), "video/mp4")
		if f := fault(t, err); f.Class != wire.ClassNoTool {
			t.Errorf("clip without ffmpeg: %v", f)
		}
		p.Close()
	}
	if kids := childrenOf(t, os.Getpid()); len(kids) > 0 {
		t.Errorf("children left: %v", kids)
	}
	// The three inputs are closed by Cleanup only.
	if after := descriptors(t); after > before+3 {
		t.Errorf("%d descriptors, %d before", after, before)
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc/self/fd")
	}
	return len(entries)
}

// childrenOf lists the processes whose parent is pid.
func childrenOf(t *testing.T, pid int) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var kids []int
	for _, s := range stats {
		text, err := os.ReadFile(s)
		if err != nil {
			continue // it ended
		}
		_, after, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(after)
		if len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			kid, _ := strconv.Atoi(filepath.Base(filepath.Dir(s)))
			kids = append(kids, kid)
		}
	}
	return kids
}

// parentToKill is a parent with one spinning child, for TestParentKilled.
func parentToKill() int {
	p, err := New(Config{Args: []string{"misbehave", "spin"}})
	if err != nil {
		return 1
	}
	f, err := os.Open("/proc/self/exe")
	if err != nil {
		return 1
	}
	p.Probe(context.Background(), f)
	return 0
}

// TestParentKilled: when the parent is killed, a child that does not look at its connection dies too.
func TestParentKilled(t *testing.T) {
	t.Parallel()
	parent := exec.Command("/proc/self/exe", "parent")
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var kids []int
	waitFor(t, "the child runs", func() bool { kids = childrenOf(t, parent.Process.Pid); return len(kids) == 1 })
	parent.Process.Kill()
	parent.Wait()
	waitFor(t, "the child is gone", func() bool {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", kids[0]))
		return err != nil || strings.Contains(string(text), ") Z ")
	})
}

// TestRecycled: a child is replaced after its number of files, after a fault and after a large picture.
func TestRecycled(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	p := newPool(t, Config{Limits: Limits{FilesPerChild: 3}})
	small := open(t, writeFile(t, "a.jpg", jpegOf(t, photo(64, 64))))
	pid := func() int {
		if w := onlyWorker(p); w != nil {
			return w.cmd.Process.Pid
		}
		return 0
	}
	var pids []int
	for range 3 {
		if _, err := p.Still(ctx, small, "image/jpeg"); err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid())
	}
	if pids[0] == 0 || pids[0] != pids[1] || pids[2] != 0 {
		t.Errorf("children %v, want the same twice, then none", pids)
	}
	if _, err := p.Still(ctx, small, "image/png"); fault(t, err).Class != wire.ClassInvalid || pid() != 0 {
		t.Errorf("after a fault: %v, child %d", err, pid())
	}
	large := open(t, writeFile(t, "b.jpg", jpegOf(t, photo(2500, 2000))))
	if _, err := p.Still(ctx, large, "image/jpeg"); err != nil || pid() != 0 {
		t.Errorf("after a large picture: %v, child %d", err, pid())
	}
}
