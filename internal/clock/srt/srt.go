// Package srt reads the subtitles in which DJI drones write their telemetry:
// per cue the reading of the drone's dial and the place of the drone.
//
// # What it promises
//
// It understands the dialects of the Mavic Pro, Phantom 4 (RTK), Mavic 2,
// Mavic Air and Air 2, Mini and Matrice, their four ways of writing a time
// and their two orders of coordinates, files cut off anywhere, and files in
// which two dialects follow each other. It accepts any bytes, bounds its
// work, and never panics. What it cannot read is left out and flagged.
//
// The dial states no zone: it shows local time, usually that of the phone
// that steers. The package resolves nothing; package clock does.
//
// HOME(...) is where the pilot stood. It is removed from the text before
// anything is read, and no result holds it.
package srt

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// The limits. A flight of an hour at 60 cues a second has 216,000 cues in
// about 65 MB.
const (
	MaxBytes  = 128 << 20
	MaxCues   = 1_000_000
	maxLine   = 4096 // the longest real line has 300 bytes
	maxPerCue = 32   // lines; real cues have up to 6
)

// ErrTooLarge is the class of errors for inputs over a limit.
var ErrTooLarge = errors.New("over the limit")

// Flags.
const (
	FlagNoDial      = "no_wall_clock"  // no cue holds a date and time
	FlagNoPlace     = "no_gps"         // no cue holds a place
	FlagTruncated   = "truncated"      // a cue ends in the middle of a value
	FlagBadDate     = "bad_date"       // some dates do not exist
	FlagBadPlace    = "bad_place"      // some places do not exist or are 0,0
	FlagBadGimbal   = "bad_gimbal"     // some angles of the gimbal are no angles
	FlagMixed       = "mixed_dialects" // cues of two dialects in one file
	FlagBackwards   = "dial_backwards" // the dial steps back between two cues
	FlagJump        = "dial_jump"      // the dial and the cues drift apart by over two seconds
	FlagNoTelemetry = "no_telemetry"   // not a word of it: an ordinary subtitle, or empty
)

// Frame is one cue. Fields come in pairs with a Has: absent is never 0.
type Frame struct {
	// CueMs is the time in the clip at which the cue begins.
	CueMs  int64
	HasCue bool
	// DialMs is the reading of the dial in milliseconds since 1970-01-01
	// 00:00 of that dial, and DialWidthMs its precision (1 or 1000).
	DialMs, DialWidthMs int64
	HasDial             bool
	// Lat and Lon are the drone's place in degrees, WGS 84.
	Lat, Lon float64
	HasPlace bool
	// AltM is the height as the dialect states it: above take-off for most
	// (BAROMETER, H, rel_alt), see AltAbsolute.
	AltM        float64
	HasAlt      bool
	AltAbsolute bool
	// PitchDeg, RollDeg and YawDeg are the gimbal's (G.PRY of the Phantom 4
	// RTK and kin), as written: 0 at the horizon and negative below it,
	// clockwise, and clockwise from north, often -180 to 180. The drone's own
	// (F.PRY) are not read.
	PitchDeg, RollDeg, YawDeg float64
	HasGimbal                 bool
}

// Track is what a file holds, in its order.
type Track struct {
	Frames []Frame
	Flags  []string
}

// Has reports whether the flag is set.
func (t Track) Has(flag string) bool { return slices.Contains(t.Flags, flag) }

// dialect is which of the families a place was written in.
type dialect int

const (
	none dialect = iota
	parens
	brackets
)

type parser struct {
	track Track
	seen  map[dialect]bool
	cue   Frame
	used  dialect
	lines int
	open  bool
}

// Parse reads the text of a subtitle file. Only input over a limit is an
// error; a file that holds no telemetry is flagged.
func Parse(text []byte) (Track, error) {
	if len(text) > MaxBytes {
		return Track{}, fmt.Errorf("srt: %d bytes: %w of %d", len(text), ErrTooLarge, MaxBytes)
	}
	p := parser{seen: map[dialect]bool{}}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	for len(text) > 0 {
		line := text
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			line, text = text[:i], text[i+1:]
		} else {
			text = nil
		}
		if len(p.track.Frames) >= MaxCues {
			return Track{}, fmt.Errorf("srt: cues: %w of %d", ErrTooLarge, MaxCues)
		}
		p.line(bytes.TrimRight(line, "\r"))
	}
	p.close()
	return p.finish(), nil
}

var (
	homeForm  = regexp.MustCompile(`(?i)HOME\s*\([^)]*(?:\)|$)`)
	cueForm   = regexp.MustCompile(`^\s*(\d{1,3}):(\d{2}):(\d{2})[,.](\d{3})\s*-->`)
	dialForm  = regexp.MustCompile(`(?:^|[^\d])(\d{4})([.-])(\d{1,2})([.-])(\d{1,2}) (\d{1,2}):(\d{2}):(\d{2})(?:[,.](\d{3}))?`)
	indexForm = regexp.MustCompile(`^\s*\d{1,9}\s*$`)
)

func (p *parser) line(line []byte) {
	if len(line) > maxLine {
		p.flag(FlagTruncated)
		return
	}
	line = homeForm.ReplaceAll(line, nil)
	if m := cueForm.FindSubmatch(line); m != nil {
		p.close()
		p.open = true
		p.cue.HasCue = true
		p.cue.CueMs = ((int64(num(m[1]))*60+int64(num(m[2])))*60+int64(num(m[3])))*1000 + int64(num(m[4]))
		return
	}
	if indexForm.Match(line) {
		p.close()
		p.open = true
		return
	}
	if p.lines++; p.lines > maxPerCue {
		return
	}
	p.dial(line)
	p.place(line)
}

func (p *parser) dial(line []byte) {
	m := dialForm.FindSubmatch(line)
	if m == nil || p.cue.HasDial || !bytes.Equal(m[2], m[4]) {
		return
	}
	year, month, day := num(m[1]), num(m[3]), num(m[5])
	hour, min, sec := num(m[6]), num(m[7]), num(m[8])
	at := time.Date(year, time.Month(month), day, hour, min, sec, 0, time.UTC)
	if at.Year() != year || int(at.Month()) != month || at.Day() != day || at.Hour() != hour || at.Minute() != min || at.Second() != sec {
		p.flag(FlagBadDate)
		return
	}
	p.cue.HasDial, p.cue.DialMs, p.cue.DialWidthMs = true, at.UnixMilli(), 1000
	if len(m[9]) == 3 {
		p.cue.DialMs, p.cue.DialWidthMs = at.UnixMilli()+int64(num(m[9])), 1
	}
}

// close ends a cue; one without telemetry is dropped.
func (p *parser) close() {
	if p.cue.HasDial || p.cue.HasPlace {
		p.step()
		p.track.Frames = append(p.track.Frames, p.cue)
		if p.used != none {
			p.seen[p.used] = true
		}
	} else if p.open && p.lines > 0 && p.used == none && p.cue.HasCue {
		p.flag(FlagTruncated)
	}
	p.cue, p.used, p.lines, p.open = Frame{}, none, 0, false
}

// jumpMs is how far dial and cues may drift apart between two neighbours:
// dials of whole seconds beside cues of one second slip by one.
const jumpMs = 2000

func (p *parser) step() {
	n := len(p.track.Frames)
	if n == 0 || !p.cue.HasDial || !p.track.Frames[n-1].HasDial {
		return
	}
	last := p.track.Frames[n-1]
	forward := p.cue.DialMs - last.DialMs
	if forward < 0 {
		p.flag(FlagBackwards)
	}
	if p.cue.HasCue && last.HasCue {
		if d := forward - (p.cue.CueMs - last.CueMs); d > jumpMs || d < -jumpMs {
			p.flag(FlagJump)
		}
	}
}

func (p *parser) finish() Track {
	var dial, place bool
	for _, f := range p.track.Frames {
		dial, place = dial || f.HasDial, place || f.HasPlace
	}
	switch n := len(p.track.Frames); {
	case n == 0:
		p.flag(FlagNoTelemetry)
	case n > 1 && p.track.Frames[n-2].HasPlace && !p.track.Frames[n-1].HasPlace:
		p.flag(FlagTruncated)
	}
	if !dial {
		p.flag(FlagNoDial)
	}
	if !place {
		p.flag(FlagNoPlace)
	}
	if p.seen[parens] && p.seen[brackets] {
		p.flag(FlagMixed)
	}
	slices.Sort(p.track.Flags)
	return p.track
}

func (p *parser) flag(f string) {
	if !p.track.Has(f) {
		p.track.Flags = append(p.track.Flags, f)
	}
}

// num reads up to nine digits that a pattern has matched.
func num(digits []byte) int {
	n := 0
	for _, d := range digits {
		n = 10*n + int(d-'0')
	}
	return n
}
