package decode

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/decode/wire"
)

// ErrClosed is returned by every method of a Pool after Close.
var ErrClosed = errors.New("decode: pool is closed")

// Pool is the set of decoder children. Its methods may be called from many goroutines; calls beyond the number of
// workers wait, and time spent waiting does not count against a file.
type Pool struct {
	cfg    Config
	spawn  *spawner
	normal chan *slot // Workers slots; whoever took one out is its only user and puts it back
	heavy  chan *slot // the one heavy slot

	closing context.Context // ends when Close begins
	stop    context.CancelCauseFunc
	closed  sync.Once
}

// slot is the place of one child, which is started when it is first needed.
type slot struct {
	mode string
	w    *worker // nil: none running
}

// New checks cfg and returns a Pool. Children are started on demand; Close must be called. Descriptors that this process
// inherited are marked close-on-exec, so that no child gets them (Linux 5.11 and later).
func New(cfg Config) (*Pool, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	spawn, err := newSpawner()
	if err != nil {
		return nil, err
	}
	p := &Pool{cfg: cfg, spawn: spawn, normal: make(chan *slot, cfg.Workers), heavy: make(chan *slot, 1)}
	p.closing, p.stop = context.WithCancelCause(context.Background())
	for range cfg.Workers {
		p.normal <- &slot{mode: modeNormal}
	}
	p.heavy <- &slot{mode: modeHeavy}
	return p, nil
}

// Close kills all children, makes running calls return ErrClosed, and waits for both. It may be called again.
func (p *Pool) Close() {
	p.closed.Do(func() {
		p.stop(ErrClosed)
		for range cap(p.normal) {
			(<-p.normal).empty()
		}
		(<-p.heavy).empty()
		p.spawn.close()
	})
}

// Probe tells what f is by its content, with the SHA-256 of the bytes that the child read.
func (p *Pool) Probe(ctx context.Context, f *os.File) (wire.Probe, error) {
	info, err := f.Stat()
	if err != nil {
		return wire.Probe{}, fmt.Errorf("decode: probe: %w", err)
	}
	l := p.cfg.Limits
	wall := l.ProbeWall + time.Duration(info.Size()/l.ProbeRate)*time.Second
	a, err := p.ask(ctx, p.normal, job{req: wire.Request{Op: wire.OpProbe}, f: f, wall: wall})
	if err != nil {
		return wire.Probe{}, err
	}
	return *a.Probe, nil
}

// Tags returns every tag that f states. mime is the type that Probe gave.
func (p *Pool) Tags(ctx context.Context, f *os.File, mime string) (wire.Tags, error) {
	req := wire.Request{Op: wire.OpTags, Type: mime}
	a, err := p.ask(ctx, p.normal, job{req: req, f: f, wall: p.cfg.Limits.TagsWall})
	if err != nil {
		return wire.Tags{}, err
	}
	return *a.Tags, nil
}

// Still returns what a picture looks like. mime is the type that Probe gave. Pictures above Limits.Pixels, and HEIC of any
// size, wait for the one heavy child. For HEIC and AVIF the container's own rotation rules and Orientation is 1; of AVIF,
// which ffmpeg reads, that rotation is not applied.
func (p *Pool) Still(ctx context.Context, f *os.File, mime string) (wire.Still, error) {
	switch mime {
	case sniff.AVIF:
		return p.avif(ctx, f)
	case sniff.HEIC, sniff.HEIF:
		return p.print(ctx, f, mime, p.heavy, p.cfg.Limits.HeavyPixels)
	}
	s, err := p.print(ctx, f, mime, p.normal, p.cfg.Limits.Pixels)
	var fault *wire.Fault
	if errors.As(err, &fault) && fault.NeedPixels > p.cfg.Limits.Pixels {
		// Ask the heavy child even when it must refuse too: the refusal then names the limit that counts.
		return p.print(ctx, f, mime, p.heavy, p.cfg.Limits.HeavyPixels)
	}
	return s, err
}

func (p *Pool) print(ctx context.Context, f *os.File, mime string, from chan *slot, pixels int64) (wire.Still, error) {
	req := wire.Request{Op: wire.OpPrint, Type: mime, MaxPixels: pixels}
	a, err := p.ask(ctx, from, job{req: req, f: f, wall: p.cfg.Limits.StillWall})
	if err != nil {
		return wire.Still{}, err
	}
	return *a.Still, nil
}

// job is one request with its input and time.
type job struct {
	req  wire.Request
	f    *os.File
	wall time.Duration
}

// ask takes a slot and has the job done in it, twice if the child dies.
func (p *Pool) ask(ctx context.Context, from chan *slot, j job) (wire.Answer, error) {
	j.req.Version = wire.Version
	if err := checkInput(j.f, j.req.Op); err != nil {
		return wire.Answer{}, err
	}
	ctx, done := p.bound(ctx)
	defer done()
	s, err := take(ctx, from)
	if err != nil {
		return wire.Answer{}, err
	}
	defer func() { from <- s }()
	a, detail, err := p.try(ctx, s, j)
	if errors.Is(err, errDied) {
		a, detail, err = p.try(ctx, s, j)
	}
	return a, verdict(j.req.Op, err, detail, j.wall)
}

// bound returns a context that also ends when the Pool is closed.
func (p *Pool) bound(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(p.closing, func() { cancel(ErrClosed) })
	return ctx, func() { stop(); cancel(nil) }
}

func take(ctx context.Context, from chan *slot) (*slot, error) {
	if ctx.Err() != nil {
		return nil, fmt.Errorf("decode: %w", context.Cause(ctx))
	}
	select {
	case s := <-from:
		return s, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("decode: wait for a child: %w", context.Cause(ctx))
	}
}

// try does the job once. It leaves the slot with a child that is fit for the next file, or empty.
func (p *Pool) try(ctx context.Context, s *slot, j job) (wire.Answer, string, error) {
	if ctx.Err() != nil {
		return wire.Answer{}, "", context.Cause(ctx)
	}
	if s.w == nil {
		w, err := p.newWorker(s.mode)
		if err != nil {
			return wire.Answer{}, "", err
		}
		s.w = w
	}
	w := s.w
	a, err := w.exchange(ctx, j.req, j.f, j.wall)
	if err != nil {
		s.empty()
		return wire.Answer{}, detail(err, w), err
	}
	if a.Fault != nil || w.files >= p.cfg.Limits.FilesPerChild || isLarge(a, s.mode) || a.Derived != nil {
		s.empty()
	}
	if a.Fault != nil {
		return wire.Answer{}, "", a.Fault
	}
	return a, "", nil
}

// Pictures after which a child is replaced, although nothing went wrong, as it is after each one that a derived picture
// was made of, which takes all its pixels: freed memory stays in the address space and
// counts against its limit, so that the next large picture might die of the last one. A fresh child costs 5 ms.
const (
	largePixels      = 4_000_000
	largeHeavyPixels = 25_000_000
)

func isLarge(a wire.Answer, mode string) bool {
	if a.Still == nil {
		return false
	}
	limit := int64(largePixels)
	if mode == modeHeavy {
		limit = largeHeavyPixels
	}
	return int64(a.Still.WidthPx)*int64(a.Still.HeightPx) > limit
}

func (s *slot) empty() {
	if s.w != nil {
		s.w.end()
		s.w = nil
	}
}

// detail is for people. The child is dead, so its output is complete.
func detail(err error, w *worker) string {
	if errors.Is(err, errDied) {
		return w.out.line()
	}
	if errors.Is(err, wire.ErrBadAnswer) {
		return truncate(err.Error(), wire.MaxDetailBytes)
	}
	return ""
}

// truncate also drops a character that the cut went through.
func truncate(s string, n int) string { return strings.ToValidUTF8(s[:min(len(s), n)], "") }

// verdict makes a Fault of what says something about the file; other errors pass.
func verdict(op wire.Op, err error, detail string, wall time.Duration) error {
	f := &wire.Fault{Op: op, Detail: detail}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errDied):
		f.Class, f.Rule = wire.ClassDied, "reader died on this file, twice"
	case errors.Is(err, errTimeout):
		f.Class, f.Rule = wire.ClassTimedOut, fmt.Sprintf("wall-clock limit %s", wall)
	case errors.Is(err, wire.ErrBadAnswer):
		f.Class, f.Rule = wire.ClassBadAnswer, "answer of the reader is impossible"
	default:
		if errors.As(err, &f) {
			return f
		}
		return fmt.Errorf("decode: %s: %w", op, err)
	}
	return f
}

// checkInput refuses a descriptor that a child could write to, or wait on for ever.
func checkInput(f *os.File, op wire.Op) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return fmt.Errorf("decode: %s: input: %w", op, err)
	}
	var flags int
	var flagsErr error
	err = raw.Control(func(fd uintptr) { flags, flagsErr = unix.FcntlInt(fd, unix.F_GETFL, 0) })
	if err := errors.Join(err, flagsErr); err != nil {
		return fmt.Errorf("decode: %s: input: %w", op, err)
	}
	if flags&unix.O_ACCMODE != unix.O_RDONLY {
		return fmt.Errorf("decode: %s: input is open for writing: %w", op, fs.ErrInvalid)
	}
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("decode: %s: input: %w", op, err)
	}
	if op != wire.OpFrames && !info.Mode().IsRegular() {
		return fmt.Errorf("decode: %s: input is not a regular file: %w", op, fs.ErrInvalid)
	}
	return nil
}
