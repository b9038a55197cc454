package decode

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"whenwhere/internal/decode/wire"
)

// Config says how a Pool works. The zero value is a Pool of one worker with the default limits and no video.
type Config struct {
	Exe     string   // the binary that holds the command; default /proc/self/exe
	Args    []string // its hidden command; default {"decode"}
	Workers int      // normal children, and with them files read at once; default 1. The heavy child comes on top
	FFmpeg  string   // absolute path of ffmpeg; empty: Clip and AVIF answer ClassNoTool
	Limits  Limits
}

// Limits bound one file each. A zero field takes its default; New refuses negative ones.
type Limits struct {
	TagsWall    time.Duration // default 5 s
	StillWall   time.Duration // default 20 s
	ClipWall    time.Duration // default 120 s, ffmpeg's attempts together
	ProbeWall   time.Duration // default 10 s, plus the time for the bytes:
	ProbeRate   int64         // bytes a second that hashing is granted; default 20 MB: a busy spinning disk
	Pixels      int64         // of a still in a normal child; default 25 million
	HeavyPixels int64         // of a still in the heavy child; default 120 million

	// Keyframes is how many keyframes of a clip are read; default 600. More are left out and the Clip is Truncated.
	Keyframes int
	// MinKeyframes: a clip with fewer is read again densely, up to eight frames a second, because short clips, and clips
	// that were cut, share no keyframe with their source. Default 20; 1 leaves dense reading to films without a keyframe.
	MinKeyframes int
	// FilesPerChild: a child is replaced after so many files even if nothing went wrong; default 500.
	FilesPerChild int
}

func (c Config) withDefaults() (Config, error) {
	orInt(&c.Workers, 1)
	if c.Exe == "" {
		c.Exe = "/proc/self/exe"
	}
	if len(c.Args) == 0 {
		c.Args = []string{"decode"}
	}
	l := &c.Limits
	orInt(&l.TagsWall, 5*time.Second)
	orInt(&l.StillWall, 20*time.Second)
	orInt(&l.ClipWall, 120*time.Second)
	orInt(&l.ProbeWall, 10*time.Second)
	orInt(&l.ProbeRate, 20_000_000)
	orInt(&l.Pixels, 25_000_000)
	orInt(&l.HeavyPixels, 120_000_000)
	orInt(&l.Keyframes, 600)
	orInt(&l.MinKeyframes, 20)
	orInt(&l.FilesPerChild, 500)
	return c, c.check()
}

func orInt[T ~int | ~int64](field *T, standard T) {
	if *field == 0 {
		*field = standard
	}
}

func (c Config) check() error {
	var errs []error
	l := c.Limits
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"Workers", int64(c.Workers)}, {"TagsWall", int64(l.TagsWall)}, {"StillWall", int64(l.StillWall)},
		{"ClipWall", int64(l.ClipWall)}, {"ProbeWall", int64(l.ProbeWall)}, {"ProbeRate", l.ProbeRate},
		{"Pixels", l.Pixels}, {"HeavyPixels", l.HeavyPixels}, {"Keyframes", int64(l.Keyframes)},
		{"MinKeyframes", int64(l.MinKeyframes)}, {"FilesPerChild", int64(l.FilesPerChild)},
	} {
		if f.value < 0 {
			errs = append(errs, fmt.Errorf("decode: config: %s %d is negative", f.name, f.value))
		}
	}
	if l.Keyframes >= wire.MaxFrames {
		errs = append(errs, fmt.Errorf("decode: config: Keyframes %d must be under %d", l.Keyframes, wire.MaxFrames))
	}
	if c.FFmpeg != "" && !filepath.IsAbs(c.FFmpeg) {
		errs = append(errs, fmt.Errorf("decode: config: FFmpeg %q is not an absolute path", c.FFmpeg))
	}
	return errors.Join(errs...)
}
