package telemetry

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"time"

	"whenwhere/internal/clock/srt"
	"whenwhere/internal/decode/tags/window"
	"whenwhere/internal/decode/wire"
)

// Limits of a subtitle. An hour of the chattiest dialect, a cue of 300 bytes each 33 ms, has 33 MB; clips end at 4 GB or
// half an hour, and one cue a second is the rule. Lines bound the work, about 4 us for the slowest: five patterns look at each.
const (
	MaxSubtitleBytes = 16 << 20
	MaxSubtitleLines = 400_000
	headBytes        = 64 << 10 // of the text in which its form must show
)

// What Subtitle refuses.
var (
	ErrNotDJI   = errors.New("no subtitle of a DJI drone")
	ErrTooLarge = errors.New("subtitle over a limit")
)

// Subtitle reads a text file. ErrNotDJI is for all text that is something else; its name plays no part.
func Subtitle(file window.File) ([]wire.Tag, []wire.Note, error) {
	head, err := io.ReadAll(file.Part(0, headBytes).Reader())
	if err != nil || !isDJI(head) {
		return nil, nil, ErrNotDJI
	}
	if file.Size() > MaxSubtitleBytes {
		return nil, nil, fmt.Errorf("%w: %d bytes exceed %d", ErrTooLarge, file.Size(), MaxSubtitleBytes)
	}
	text, err := io.ReadAll(file.Reader())
	if err != nil {
		return nil, nil, fmt.Errorf("subtitle: %w", err)
	}
	if n := bytes.Count(text, []byte("\n")); n > MaxSubtitleLines {
		return nil, nil, fmt.Errorf("%w: %d lines exceed %d", ErrTooLarge, n, MaxSubtitleLines)
	}
	track, err := srt.Parse(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	f := found{reader: "srt"}
	f.dial(track)
	f.places(track)
	f.gimbal(track)
	f.length(track)
	f.flags(track)
	return f.tags, f.notes, nil
}

var (
	numberLine = regexp.MustCompile(`^\d{1,9}\s*$`)
	secondLine = regexp.MustCompile(`^\s*(?:\d{1,3}:\d\d:\d\d[,.]\d{3} *-->|\d{4}[.-]\d{1,2}[.-]\d{1,2} \d{1,2}:\d\d:\d\d)`)
	droneWord  = regexp.MustCompile(`BAROMETER:|GPS ?\(|(?:Srt|Frame)Cnt ?:|\[(?:iso|shutter|latitude) ?:`)
)

// isDJI asks for the form of a subtitle, a numbered cue with a time below its number, and for telemetry and a word of the
// maker's in it: a film's subtitle, a log or a note that names a date is none.
func isDJI(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	first, rest, _ := bytes.Cut(bytes.TrimLeft(head, "\r\n"), []byte("\n"))
	second, _, _ := bytes.Cut(rest, []byte("\n"))
	if !numberLine.Match(first) || !secondLine.Match(second) || !droneWord.Match(head) {
		return false
	}
	track, err := srt.Parse(head)
	return err == nil && len(track.Frames) > 0
}

// dial names the earliest and the latest reading: a dial may step back on the way.
func (f *found) dial(t srt.Track) {
	var first, last srt.Frame
	for _, c := range t.Frames {
		if !c.HasDial {
			continue
		}
		if !first.HasDial || c.DialMs < first.DialMs {
			first = c
		}
		if !last.HasDial || c.DialMs+c.DialWidthMs > last.DialMs+last.DialWidthMs {
			last = c
		}
	}
	if !first.HasDial {
		return
	}
	f.text("DialFirst", time.UnixMilli(first.DialMs).UTC().Format(DialLayout))
	f.int("DialFirstWidthMs", first.DialWidthMs)
	f.text("DialLast", time.UnixMilli(last.DialMs).UTC().Format(DialLayout))
	f.int("DialLastWidthMs", last.DialWidthMs)
	for _, flag := range []string{srt.FlagBackwards, srt.FlagJump} {
		if t.Has(flag) {
			f.text("DialFlag", flag)
		}
	}
}

func (f *found) places(t srt.Track) {
	var first, last *srt.Frame
	for i := range t.Frames {
		if t.Frames[i].HasPlace {
			last = &t.Frames[i]
			if first == nil {
				first = last
			}
		}
	}
	if first == nil {
		return
	}
	f.place("First", first)
	f.place("Last", last)
	f.floats("ReachM", reachM(t, *first))
	if first.HasGimbal {
		f.floats("GimbalFirst", first.PitchDeg, first.RollDeg, first.YawDeg)
	}
}

// gimbal gives the bounds over the recording. Heights are those of the same cues: in another dialect of the same file they
// may count from elsewhere.
func (f *found) gimbal(t srt.Track) {
	var pitches, yaws, heights []float64
	for _, c := range t.Frames {
		if !c.HasGimbal {
			continue
		}
		pitches, yaws = append(pitches, c.PitchDeg), append(yaws, math.Round(math.Mod(c.YawDeg+720, 360)*1e6)/1e6)
		if c.HasAlt && !c.AltAbsolute {
			heights = append(heights, c.AltM)
		}
	}
	if len(yaws) == 0 {
		return
	}
	f.floats("GimbalPitch", slices.Min(pitches), slices.Max(pitches))
	f.floats("GimbalYaw", arc(yaws)...)
	if len(heights) > 0 {
		f.floats("GimbalHeightM", slices.Min(heights), slices.Max(heights))
	}
}

// reachM is how far the drone goes from its first place, to the next metre; a drone that comes back ends near it. By the
// mean radius of the earth, good to 0.6 %.
func reachM(t srt.Track, first srt.Frame) (reach float64) {
	const perDegreeM = 111_195.0
	for _, c := range t.Frames {
		if c.HasPlace {
			east := math.Remainder(c.Lon-first.Lon, 360) * math.Cos(first.Lat*math.Pi/180)
			reach = math.Max(reach, math.Hypot(east, c.Lat-first.Lat)*perDegreeM)
		}
	}
	return math.Ceil(reach)
}

// arc is the shortest one that holds all azimuths: the circle without the widest gap between two neighbours.
func arc(azimuths []float64) []float64 {
	sorted := slices.Sorted(slices.Values(azimuths))
	n := len(sorted)
	from, to, widest := sorted[0], sorted[n-1], sorted[0]+360-sorted[n-1]
	for i := 1; i < n; i++ {
		if gap := sorted[i] - sorted[i-1]; gap > widest {
			from, to, widest = sorted[i], sorted[i-1]+360, gap
		}
	}
	return []float64{from, to}
}

func (f *found) place(end string, c *srt.Frame) {
	f.floats("Place"+end, c.Lat, c.Lon)
	switch {
	case c.HasAlt && c.AltAbsolute:
		f.floats("Altitude"+end+"M", c.AltM)
	case c.HasAlt:
		f.floats("Height"+end+"M", c.AltM)
	}
}

// length is from the beginning of the first cue to that of the last.
func (f *found) length(t srt.Track) {
	f.int("Cues", int64(len(t.Frames)))
	var lo, hi int64
	any := false
	for _, c := range t.Frames {
		if !c.HasCue {
			continue
		}
		if !any {
			lo, hi, any = c.CueMs, c.CueMs, true
		}
		lo, hi = min(lo, c.CueMs), max(hi, c.CueMs)
	}
	if any {
		f.int("LengthMs", hi-lo)
	}
}

// rules says what the flags of package srt mean.
var rules = map[string]string{
	srt.FlagNoDial:      "no cue holds a date and time",
	srt.FlagNoPlace:     "no cue holds a place",
	srt.FlagTruncated:   "breaks off in the middle of a value",
	srt.FlagBadDate:     "holds dates that do not exist: unused",
	srt.FlagBadPlace:    "holds places that do not exist, or 0,0: unused",
	srt.FlagBadGimbal:   "holds angles of the gimbal that are none: unused",
	srt.FlagMixed:       "cues of two dialects follow each other",
	srt.FlagBackwards:   "the dial steps back between two cues",
	srt.FlagJump:        "the dial and the cues drift apart by more than two seconds",
	srt.FlagNoTelemetry: "no telemetry",
}

func (f *found) flags(t srt.Track) {
	for _, flag := range t.Flags {
		rule := rules[flag]
		if rule == "" {
			rule = flag
		}
		f.note("srt "+flag, "%s", rule)
	}
}
