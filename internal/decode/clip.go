package decode

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"whenwhere/internal/decode/look"
	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/decode/wire"
)

var errCPU = errors.New("decode: cpu limit of ffmpeg")

// Clip returns what a film looks like, upright, in the order of presentation times, which are in the container's own time
// base. mime is the type that Probe gave. A film with fewer than Limits.MinKeyframes is read again densely (see dense);
// if that fails the keyframes stand, and where it ends early they go on. Clip.Sampled says which. A damaged film yields
// the frames before the damage.
func (p *Pool) Clip(ctx context.Context, f *os.File, mime string) (wire.Clip, error) {
	demuxer, ok := demuxers[mime]
	if !ok || mime == sniff.AVIF {
		return wire.Clip{}, frameFault(wire.ClassUnsupported, "no reader for films of this type", "")
	}
	r := reading{demuxer: demuxer, sampling: keyframes(), maxFrames: p.cfg.Limits.Keyframes}
	done, release, err := p.startClip(ctx, f)
	if err != nil {
		return wire.Clip{}, err
	}
	defer release()
	clip, err := p.readTwice(done, f, r)
	if err != nil || len(clip.Frames) >= min(p.cfg.Limits.MinKeyframes, r.maxFrames) {
		return clip, err
	}
	r.sampling, r.maxFrames = dense(), r.maxFrames-len(clip.Frames) // leaves room for all keyframes after it
	if more, err := p.readTwice(done, f, r); err == nil && len(more.Frames) > len(clip.Frames) {
		return continued(more, clip), nil
	}
	return clip, callerErr(ctx, p)
}

// callerErr is non-nil when the caller, or Close, ended the work, so that half of it is not taken for the whole.
func callerErr(ctx context.Context, p *Pool) error {
	if ctx.Err() != nil {
		return fmt.Errorf("decode: %s: %w", wire.OpFrames, context.Cause(ctx))
	}
	if p.closing.Err() != nil {
		return ErrClosed
	}
	return nil
}

// filming is a slot in use for one film, and the context that ends at its wall-clock limit.
type filming struct {
	ctx    context.Context // the caller's, or Close: no verdict on the file
	walled context.Context // ctx, and the limit
	slot   *slot
	wall   time.Duration
}

// startClip waits for a slot: one film takes one child, so there are never more ffmpegs than workers.
func (p *Pool) startClip(ctx context.Context, f *os.File) (filming, func(), error) {
	if p.cfg.FFmpeg == "" {
		return filming{}, nil, frameFault(wire.ClassNoTool, "ffmpeg is not there", "")
	}
	if err := checkInput(f, wire.OpProbe); err != nil { // a regular file; OpFrames itself takes a pipe
		return filming{}, nil, err
	}
	ctx, done := p.bound(ctx)
	s, err := take(ctx, p.normal)
	if err != nil {
		done()
		return filming{}, nil, err
	}
	wall := p.cfg.Limits.ClipWall
	walled, cancel := context.WithTimeout(ctx, wall)
	release := func() { cancel(); done(); p.normal <- s }
	return filming{ctx: ctx, walled: walled, slot: s, wall: wall}, release, nil
}

// reading says how a film is read.
type reading struct {
	demuxer   string
	sampling  sampling
	maxFrames int
}

// readTwice reads the film, again if ffmpeg or the child dies.
func (p *Pool) readTwice(in filming, f *os.File, r reading) (wire.Clip, error) {
	clip, detail, err := p.read(in, f, r)
	if errors.Is(err, errDied) {
		clip, detail, err = p.read(in, f, r)
	}
	if in.ctx.Err() != nil {
		return wire.Clip{}, fmt.Errorf("decode: %s: %w", wire.OpFrames, context.Cause(in.ctx))
	}
	if errors.Is(err, errCPU) {
		return wire.Clip{}, frameFault(wire.ClassTimedOut, fmt.Sprintf("ffmpeg cpu limit %s", ffmpegCPU), "")
	}
	if errors.Is(err, errNoFFmpeg) {
		return wire.Clip{}, frameFault(wire.ClassNoTool, "ffmpeg cannot be started", detail)
	}
	return clip, verdict(wire.OpFrames, err, detail, in.wall)
}

// read runs one ffmpeg: it reads f and writes pixels into a pipe that only a child reads, and times into one that is read
// here. The second result is for people.
func (p *Pool) read(in filming, f *os.File, r reading) (wire.Clip, string, error) {
	pipes, err := newPipes()
	if err != nil {
		return wire.Clip{}, "", err
	}
	defer pipes.close()
	args := ffmpegArgs(r.demuxer, r.sampling, r.maxFrames+1) // one more tells whether any were left out
	ff, err := p.startFFmpeg(args, f, pipes.framesIn, pipes.timesIn)
	if err != nil {
		return wire.Clip{}, "", err
	}
	pipes.closeWriters()
	times := make(chan timesResult, 1) // one value, from the goroutine that ends with ffmpeg
	go func() { times <- readTimes(pipes.timesOut) }()

	req := wire.Request{Version: wire.Version, Op: wire.OpFrames,
		Frames: &wire.FrameRequest{WidthPx: look.SidePx, HeightPx: look.SidePx, MaxFrames: r.maxFrames + 1}}
	a, childDetail, childErr := p.try(in.walled, in.slot, job{req: req, f: pipes.framesOut, wall: p.cfg.Limits.ClipWall})
	if childErr != nil {
		ff.kill() // nobody reads its frames any more
	}
	whole, ffErr := ff.wait(in.walled)
	at := <-times
	switch {
	case in.walled.Err() != nil:
		return wire.Clip{}, "", errTimeout
	case childErr != nil:
		return wire.Clip{}, childDetail, childErr
	case errors.Is(ffErr, errCPU) && r.sampling.name == wire.SampledDense:
		// A heavy film: what was read is good, and the keyframes go on from there.
	case ffErr != nil:
		return wire.Clip{}, ff.out.line(), ffErr
	}
	clip, err := join(*a.Clip, at, whole, r.maxFrames)
	clip.Sampled = r.sampling.name
	return clip, "", orDamaged(err, clip, ff.out.line())
}

// orDamaged makes a fault of a film without a frame.
func orDamaged(err error, clip wire.Clip, detail string) error {
	if err == nil && len(clip.Frames) == 0 {
		return frameFault(wire.ClassInvalid, "no frame can be read", detail)
	}
	return err
}

// join gives frames their times. Numbers must agree, but for a film that ffmpeg gave up on.
func join(clip wire.Clip, at timesResult, whole bool, maxFrames int) (wire.Clip, error) {
	if at.err != nil {
		return wire.Clip{}, at.err
	}
	n := min(len(clip.Frames), len(at.ms))
	if whole && (n != len(clip.Frames) || n != len(at.ms)) {
		return wire.Clip{}, fmt.Errorf("%w: %d frames with %d times", wire.ErrBadAnswer, len(clip.Frames), len(at.ms))
	}
	clip.Frames = clip.Frames[:n]
	for i := range clip.Frames {
		clip.Frames[i].AtMs = at.ms[i]
	}
	// A clock that jumps back (a transport stream that was cut) leaves frames in the order of the file.
	slices.SortStableFunc(clip.Frames, func(a, b wire.Frame) int { return cmp.Compare(a.AtMs, b.AtMs) })
	if n > maxFrames {
		clip.Frames, clip.Truncated = clip.Frames[:maxFrames], true
	}
	return clip, wire.CheckTimes(clip)
}

// avif reads the one frame of an AVIF as ffmpeg sees it.
func (p *Pool) avif(ctx context.Context, f *os.File) (wire.Still, error) {
	probe, err := p.Probe(ctx, f)
	if err != nil {
		return wire.Still{}, asPrint(err)
	}
	if pixels := int64(probe.WidthPx) * int64(probe.HeightPx); pixels < 1 || pixels > maxVideoPixels {
		rule := fmt.Sprintf("pixels %d are not within 1 and %d", pixels, maxVideoPixels)
		return wire.Still{}, &wire.Fault{Op: wire.OpPrint, Class: wire.ClassRefused, Rule: rule}
	}
	in, release, err := p.startClip(ctx, f)
	if err != nil {
		return wire.Still{}, asPrint(err)
	}
	defer release()
	clip, err := p.readTwice(in, f, reading{demuxer: demuxers[sniff.AVIF], sampling: keyframes(), maxFrames: 1})
	if err != nil {
		return wire.Still{}, asPrint(err)
	}
	return wire.Still{WidthPx: probe.WidthPx, HeightPx: probe.HeightPx, Orientation: 1,
		Look: clip.Frames[0].Look, FirstOnly: clip.Truncated}, nil
}

// asPrint says that a fault met on the way concerns the print.
func asPrint(err error) error {
	var f *wire.Fault
	if errors.As(err, &f) {
		g := *f
		g.Op = wire.OpPrint
		return &g
	}
	return err
}

func frameFault(c wire.Class, rule, detail string) *wire.Fault {
	return &wire.Fault{Op: wire.OpFrames, Class: c, Rule: rule, Detail: withoutAddresses(detail)}
}

// withoutAddresses takes the addresses out of ffmpeg's words ("[mov @ 0x55d2fea10140]"): they differ from run to run, and
// the same bytes must give the same answer.
func withoutAddresses(words string) string {
	for {
		from := strings.Index(words, " @ 0x")
		if from < 0 {
			return words
		}
		digits := strings.TrimLeft(words[from+len(" @ 0x"):], "0123456789abcdef")
		words = words[:from] + digits
	}
}

// pipes are the two ways out of ffmpeg.
type pipes struct {
	framesOut, framesIn *os.File // read by a child, written by ffmpeg
	timesOut, timesIn   *os.File // read here, written by ffmpeg
}

// newPipes makes the frame pipe blocking, as both of its ends are used by other processes.
func newPipes() (*pipes, error) {
	var fds [2]int
	if err := unix.Pipe2(fds[:], unix.O_CLOEXEC); err != nil {
		return nil, fmt.Errorf("decode: pipe: %w", err)
	}
	p := &pipes{framesOut: os.NewFile(uintptr(fds[0]), "frames"), framesIn: os.NewFile(uintptr(fds[1]), "frames")}
	var err error
	if p.timesOut, p.timesIn, err = os.Pipe(); err != nil {
		closeAll(p.framesOut, p.framesIn)
		return nil, fmt.Errorf("decode: pipe: %w", err)
	}
	return p, nil
}

// closeWriters leaves ffmpeg the only writer, so that its end is the end of the streams.
func (p *pipes) closeWriters() { closeAll(p.framesIn, p.timesIn) }

func (p *pipes) close() { closeAll(p.framesOut, p.framesIn, p.timesOut, p.timesIn) }

// timesResult is what readTimes found, in milliseconds.
type timesResult struct {
	ms  []int64
	err error
}

func readTimes(r io.Reader) timesResult {
	text, err := io.ReadAll(io.LimitReader(r, maxTimesBytes+1))
	if err != nil {
		return timesResult{err: fmt.Errorf("decode: read times: %w", err)}
	}
	ms, err := parseTimes(string(text))
	return timesResult{ms, err}
}
