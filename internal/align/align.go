// Package align says which seconds of one clip are which seconds of another.
//
// A clip is an ordered list of prints with times. Find looks at all pairs of frames that are near, lets them vote for a
// speed and an offset, and then walks the winning line with a narrow band (band.go), so that a segment is an ordered run
// of pairs and never a handful of pairs that happen to look alike. Trims, re-encoded and dropped frames, insertions,
// other sampling, mirrored copies and speeds from 0.9 to 1.1 are found; two copies of a shot are two segments.
//
// Order is the evidence. A picture that stands still has none: its frames share one vote, whatever their number, and a
// static shot found in both clips is reported as Unplaced, the runs on both sides without a claim on single seconds.
// Frames below the quality gate neither vote nor count as missing.
//
// It promises: the same lists give the same segments; swapped lists give the swapped segments; times are those of frames
// that exist, never interpolated; work and memory are bounded by MaxInstants squared.
package align

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Code is a print of 256 bits; its words stand in any order that both lists share.
type Code = [4]uint64

// Frame is the print of one moment. Frames with the same AtMs are views of one moment (the whole picture, and without
// its border): the nearest pair of views counts.
type Frame struct {
	AtMs    int64
	Code    Code
	Quality int // 0 to 100
}

// Clip is a list of frames in the order of their times. Mirrored holds the same moments turned left to right, and may
// stay empty: then only the other clip's Mirrored tells of a mirrored copy, or none does.
type Clip struct {
	Frames   []Frame
	Mirrored []Frame
}

// Options of Find; zero fields take their defaults.
type Options struct {
	// RadiusBits is the largest distance of a pair; default DefaultRadiusBits, at most 128.
	RadiusBits int
	// MinQuality is what a frame must have to be compared; default 50, as PDQ's users have it. Negative compares all.
	MinQuality int
}

// DefaultRadiusBits is wide, because order confirms what a single pair cannot: the design measured no unrelated pair
// within 80 bits among 631,000, and logos at a median of 45.
const DefaultRadiusBits = 80

// Limits of Find. Within them the worst case takes about a second and 60 MB.
const (
	MaxInstants = 4000           // of one clip
	MaxSpanMs   = 24 * 3_600_000 // from its first to its last
	MaxSegments = 32             // of one pair of clips
)

// ErrLimit is in the error of a clip that exceeds a limit.
var ErrLimit = errors.New("limit exceeded")

// ErrOrder is in the error of a clip whose times go back.
var ErrOrder = errors.New("times go back")

// Segment is a stretch of the query (Q) that shows a stretch of the reference (R).
type Segment struct {
	QFromMs, QToMs int64 // of the first and the last frame that matched
	RFromMs, RToMs int64
	OffsetMs       int64   // R's time of Q's first frame less Q's, by the fitted line: where a cut copy was cut
	Speed          float64 // of Q against R, three digits: at 1.1 the query runs a tenth faster; 1 when nothing says otherwise
	Mirrored       bool
	Unplaced       bool    // the picture stands still: the runs show the same, but which second is which is unknown
	Frames         int     // pairs that matched, each frame in one pair
	MeanBits       float64 // mean distance of the pairs
	Share          float64 // pairs over comparable frames between the ends, of the clip with fewer of them there
}

// Find returns the segments that query and reference share, by the time in the query.
func Find(query, reference Clip, opt Options) ([]Segment, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	q, errQ := newTrack("query", query, opt)
	r, errR := newTrack("reference", reference, opt)
	if err := errors.Join(errQ, errR); err != nil {
		return nil, err
	}
	all := between(q.upright, r.upright, opt)
	switch {
	case len(q.mirrored) > 0:
		all = append(all, turned(between(q.mirrored, r.upright, opt))...)
	case len(r.mirrored) > 0:
		all = append(all, turned(between(q.upright, r.mirrored, opt))...)
	}
	all = withoutEchoes(all)
	slices.SortFunc(all, bySeconds)
	return all, nil
}

func (o Options) withDefaults() (Options, error) {
	if o.RadiusBits == 0 {
		o.RadiusBits = DefaultRadiusBits
	}
	if o.MinQuality == 0 {
		o.MinQuality = 50
	}
	if o.RadiusBits < 0 || o.RadiusBits > 128 {
		return o, fmt.Errorf("align: radius: %d is not within 0 and 128 bits: %w", o.RadiusBits, ErrLimit)
	}
	return o, nil
}

// between finds the segments of two lists of instants in a fixed order of the two, so that swapping changes nothing.
func between(q, r []instant, opt Options) []Segment {
	if slices.CompareFunc(q, r, compareInstants) <= 0 {
		return newBoard(q, r, opt).segments()
	}
	found := newBoard(r, q, opt).segments()
	for i := range found {
		found[i] = found[i].swapped()
	}
	return found
}

func (s Segment) swapped() Segment {
	s.QFromMs, s.QToMs, s.RFromMs, s.RToMs = s.RFromMs, s.RToMs, s.QFromMs, s.QToMs
	s.Speed = rounded(1 / s.Speed)
	s.OffsetMs = -s.OffsetMs
	return s
}

func turned(list []Segment) []Segment {
	for i := range list {
		list[i].Mirrored = true
	}
	return list
}

// withoutEchoes keeps, of segments that pair the same stretches, the strongest: a symmetrical picture matches its mirror
// image too.
func withoutEchoes(all []Segment) []Segment {
	slices.SortStableFunc(all, func(a, b Segment) int {
		return cmp.Or(unplacedLast(a, b), cmp.Compare(b.Frames, a.Frames), cmp.Compare(a.MeanBits, b.MeanBits), bySeconds(a, b))
	})
	var kept []Segment
	for _, s := range all {
		if !slices.ContainsFunc(kept, func(k Segment) bool { return s.within(k) }) {
			kept = append(kept, s)
		}
	}
	return kept
}

// within says that more than half of s lies in k on both sides.
func (s Segment) within(k Segment) bool {
	return overlaps(s.QFromMs, s.QToMs, k.QFromMs, k.QToMs) && overlaps(s.RFromMs, s.RToMs, k.RFromMs, k.RToMs)
}

// overlaps says that more than half of a..b lies in c..d.
func overlaps(a, b, c, d int64) bool {
	return 2*(min(b, d)-max(a, c)) > b-a || a == b && c <= a && a <= d
}

func unplacedLast(a, b Segment) int {
	switch {
	case a.Unplaced == b.Unplaced:
		return 0
	case b.Unplaced:
		return -1
	}
	return 1
}

func bySeconds(a, b Segment) int {
	return cmp.Or(cmp.Compare(a.QFromMs, b.QFromMs), cmp.Compare(a.RFromMs, b.RFromMs),
		cmp.Compare(a.QToMs, b.QToMs), cmp.Compare(a.RToMs, b.RToMs), unplacedLast(a, b))
}
