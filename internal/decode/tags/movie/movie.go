// Package movie reads what films state about themselves: MP4 and QuickTime, AVI, Matroska and WebM.
//
// Times stay in the container's own units and epochs, named in each function; nothing is converted, and 0, which means
// unset, stays 0. The structure is walked by our own bounded walks; go-mp4 decodes single boxes of at most 64 KB.
package movie

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf8"

	"whenwhere/internal/decode/wire"
)

// ErrContainer means that the file is not of the type it is said to be, or breaks off before anything can be read.
var ErrContainer = errors.New("movie: damaged container")

// Limits.
const (
	maxBoxBytes = 64 << 10 // of a box whose payload is decoded
	maxText     = 1000
	maxTracks   = 64
)

// Found is what one film states.
type Found struct {
	Tags       []wire.Tag
	XMP        []byte
	DurationMs *int64
	Brands     []string
	Encoder    string
	Notes      []wire.Note
}

func (f *Found) note(where, format string, args ...any) {
	f.Notes = append(f.Notes, wire.Note{Where: where, Rule: fmt.Sprintf(format, args...)})
}

// text adds a text tag, cut at maxText.
func (f *Found) text(reader, dir, name string, raw []byte) {
	if len(raw) > maxText {
		f.note(dir+" "+name, "text of %d bytes cut at %d", len(raw), maxText)
		raw = raw[:maxText]
	}
	s := strings.ToValidUTF8(strings.TrimRight(string(raw), "\x00"), string(utf8.RuneError))
	f.Tags = append(f.Tags, wire.Tag{Reader: reader, Dir: dir, Name: name, Text: &s})
}

func (f *Found) ints(reader, dir, name string, values ...int64) {
	f.Tags = append(f.Tags, wire.Tag{Reader: reader, Dir: dir, Name: name, Ints: values})
}

// encoder keeps the first one: the muxer's own string comes before a track's compressor.
func (f *Found) encoder(raw string) {
	if f.Encoder == "" {
		f.Encoder = strings.ToValidUTF8(strings.TrimRight(raw[:min(len(raw), maxText)], "\x00"), string(utf8.RuneError))
	}
}

// duration sets DurationMs from units of 1/timescale s, in 128 bits. All ones means unknown.
func (f *Found) duration(where string, units, timescale uint64) {
	if timescale == 0 {
		f.note(where, "timescale 0")
		return
	}
	hi, lo := bits.Mul64(units, 1000)
	if hi >= timescale || units == 1<<32-1 || units == 1<<64-1 {
		return
	}
	ms, _ := bits.Div64(hi, lo, timescale)
	if ms > 1<<53 { // beyond what JSON numbers carry
		f.note(where, "duration of %d ms exceeds 2^53", ms)
		return
	}
	d := int64(ms)
	f.DurationMs = &d
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrContainer, fmt.Sprintf(format, args...))
}
