package decode

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"whenwhere/internal/decode/child"
	"whenwhere/internal/decode/look"
	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/decode/wire"
)

// demuxers names ffmpeg's reader for each type; ffmpeg's own guess is never asked. What is not here has no clip.
var demuxers = map[string]string{
	sniff.MP4:       "mov",
	sniff.QuickTime: "mov",
	sniff.AVIF:      "mov",
	sniff.Matroska:  "matroska",
	sniff.WebM:      "matroska",
	sniff.AVI:       "avi",
	sniff.MPEGTS:    "mpegts",
}

const (
	// maxVideoPixels lets 8K (33 million) through.
	maxVideoPixels = 36_000_000
	// maxAllocBytes bounds a single allocation: a frame of 8K with 10 bits takes 100 MB.
	maxAllocBytes = 256 << 20
)

// Descriptors in the ffmpeg process: the input, and where times go. Raw frames go to stdout.
const (
	inputFD = 3
	timesFD = 4
)

// sampling is one way to choose frames.
type sampling struct {
	name   string // as in wire.Clip
	skip   string // frames that the decoder leaves out
	choose string // filter, with its comma
}

// keyframes costs a tenth of decoding everything, or less.
func keyframes() sampling { return sampling{name: wire.SampledKeyframes, skip: "nokey"} }

// dense keeps a frame when enough time has passed since the last one kept: an eighth of a second at first, a quarter from
// half a minute on, a second from a minute and a half on. Unlike the filter fps it moves no time, and knows no duration.
//
// An eighth, because a hand moves: between frames of one hand-held clip of the reference set half a second apart lie 106
// of 256 bits at the median, a fifth of a second 82, a tenth 44 (strangers: 128). At one frame a second a cut copy and
// its source show few frames alike. Seconds of trimmed copies that were found, over five clips (TestSamplings): keyframes in
// keyframes 0 %, one frame a second in one a second 59, dense in one a second 86, dense in dense 98.
//
// Frames that no other frame is predicted from are left undecoded: 30 % less time, and the frames around them are near.
func dense() sampling {
	return sampling{name: wire.SampledDense, skip: "noref", choose: `select='isnan(prev_selected_t)+` +
		`gte(t-prev_selected_t\,if(lt(t-start_t\,30)\,0.119\,if(lt(t-start_t\,90)\,0.249\,0.99)))',`}
}

// ffmpegArgs reads one container from an inherited descriptor and writes each chosen frame twice: its pixels to stdout,
// and its presentation time in the container's own time base to timesFD (framecrc, with -copyts and no frame-rate
// conversion). Rotation by the container's matrix is ffmpeg's default and comes before scaling. Frames are squeezed to
// look.SidePx square by area averaging, as stills are, which is also the size that the prints are defined on.
//
// The decoder leaves out the loop filter, which moves a print by 2 of 256 bits at the median (10 at most over four clips)
// and costs a fifth of the time.
func ffmpegArgs(demuxer string, s sampling, maxFrames int) []string {
	args := []string{"-nostdin", "-hide_banner", "-loglevel", "error",
		"-max_alloc", strconv.Itoa(maxAllocBytes), "-filter_threads", "1", "-filter_complex_threads", "1",
		"-protocol_whitelist", "file", "-format_whitelist", demuxer, "-f", demuxer,
		"-max_pixels", strconv.Itoa(maxVideoPixels), "-threads", "1", "-copyts", "-skip_loop_filter", "all", "-skip_frame", s.skip}
	graph := fmt.Sprintf("[0:v:0]%sscale=%d:%d:flags=area,format=rgb24,split=2[pixels][times]",
		s.choose, look.SidePx, look.SidePx)
	args = append(args, "-i", fmt.Sprintf("file:/proc/self/fd/%d", inputFD), "-filter_complex", graph)
	for _, out := range [][]string{{"[pixels]", "rawvideo", "pipe:1"}, {"[times]", "framecrc", fmt.Sprintf("pipe:%d", timesFD)}} {
		args = append(args, "-map", out[0], "-vsync", "passthrough", "-enc_time_base", "-1",
			"-frames:v", strconv.Itoa(maxFrames), "-flush_packets", "1", "-f", out[1], out[2])
	}
	return args
}

// ffmpegProcess is one running ffmpeg.
type ffmpegProcess struct {
	cmd *exec.Cmd
	out *tail

	mu     sync.Mutex // guards reaped: after it the process number may be somebody else's
	reaped bool
}

// startFFmpeg starts ffmpeg through our own binary, which sets its limits. The caller closes its ends of the pipes.
func (p *Pool) startFFmpeg(args []string, input, frames, times *os.File) (*ffmpegProcess, error) {
	cmd := p.command(append([]string{child.ModeFFmpeg, p.cfg.FFmpeg}, args...)...)
	out := &tail{}
	cmd.Stdout, cmd.Stderr = frames, out
	cmd.ExtraFiles = []*os.File{input, times} // inputFD, timesFD
	if err := p.spawn.start(cmd); err != nil {
		return nil, err
	}
	return &ffmpegProcess{cmd: cmd, out: out}, nil
}

func (f *ffmpegProcess) kill() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.reaped {
		killGroup(f.cmd)
	}
}

// errNoFFmpeg: the path of the configuration cannot be executed.
var errNoFFmpeg = errors.New("decode: ffmpeg cannot be started")

// ffmpegCPU is the limit that package jail sets; a process that used so much was killed for it.
const ffmpegCPU = 20 * time.Second

// wait waits until ffmpeg ends, or kills it when ctx does. ok means that it says to have done its work.
func (f *ffmpegProcess) wait(ctx context.Context) (ok bool, err error) {
	stop := context.AfterFunc(ctx, f.kill)
	defer stop()
	// Wait for the end without taking it, so that kill cannot hit a stranger under the same number.
	for {
		err := unix.Waitid(unix.P_PID, f.cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err != unix.EINTR {
			break
		}
	}
	f.mu.Lock()
	killGroup(f.cmd)
	waitErr := f.cmd.Wait()
	f.reaped = true
	f.mu.Unlock()
	state := f.cmd.ProcessState
	switch {
	case ctx.Err() != nil && !state.Exited():
		return false, errTimeout
	case state.UserTime()+state.SystemTime() >= ffmpegCPU:
		return false, errCPU
	case !state.Exited():
		return false, errDied
	case state.ExitCode() == child.ExitNoFFmpeg:
		return false, errNoFFmpeg
	}
	return waitErr == nil, nil
}
