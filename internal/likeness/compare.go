package likeness

import (
	"math/bits"
	"slices"

	"whenwhere/internal/align"
	"whenwhere/internal/mosaic"
	"whenwhere/pipeline"
)

// Likeness is how footage that is asked about resembles footage that was seen.
type Likeness struct {
	View     pipeline.View `json:"view"`               // of the asked one, in the nearest pair of pictures
	InView   pipeline.View `json:"in_view"`            // of the seen one
	BitsPDQ  int           `json:"bits_pdq"`           // distance of that pair, of 256
	Bits256  *int          `json:"bits_256,omitempty"` // of its second prints, which confirm it; absent when mosaics do, or nothing
	Places   *Agreement    `json:"places,omitempty"`   // of its mosaics, which confirm it; absent when they have none in common
	Marks    *Marks        `json:"marks,omitempty"`    // of its local features, where these found it and no hash did
	AtMs     *int64        `json:"at_ms,omitempty"`    // its time in the asked one; absent for a still
	InMs     *int64        `json:"in_ms,omitempty"`    // and in the seen one
	Frames   int           `json:"frames,omitempty"`   // pictures of the asked one that match, when it has several
	Of       int           `json:"of,omitempty"`       // pictures of it that could be compared
	Segments []Segment     `json:"segments,omitempty"` // of two movies that run along each other
}

// Agreement is in how many places of a picture, of those with structure, two agree (package mosaic).
type Agreement = mosaic.Agreement

// Segment is a stretch of the asked movie that is a stretch of the seen one.
type Segment struct {
	FromMs   int64   `json:"from_ms"`
	ToMs     int64   `json:"to_ms"`
	InFromMs int64   `json:"in_from_ms"`
	InToMs   int64   `json:"in_to_ms"`
	Speed    float64 `json:"speed"`
	Mirrored bool    `json:"mirrored,omitempty"`
	Unplaced bool    `json:"unplaced,omitempty"` // the picture stands still: which second is which is unknown
	Frames   int     `json:"frames"`
	MeanBits float64 `json:"mean_bits"`
	Text     string  `json:"text"` // one line for people
}

// pair is two views that are alike.
type pair struct {
	asked, seen view
	nearness
	atMs, inMs *int64
}

// nearness is how near two views are, by all that they have in common.
type nearness struct {
	bits    int
	bits256 *int
	places  *Agreement
	marks   *Marks
}

// Compare says how asked resembles seen; ok is false when it does not.
func Compare(asked, seen *Footage) (l Likeness, ok bool, err error) {
	best, matched := nearest(asked, seen, alike)
	if matched == 0 && within(asked, seen, Widest) { // a logo may have changed all bits of a soft picture but those of a window
		best, matched = nearest(asked, seen, samePlaces)
	}
	if matched == 0 {
		best, matched = byMarks(asked, seen)
	}
	var segments []Segment
	if len(asked.moments) >= minFrames && len(seen.moments) >= minFrames {
		if segments, err = along(asked, seen); err != nil {
			return Likeness{}, false, err
		}
	}
	if len(segments) > 0 {
		if matched == 0 { // the order of the frames confirms what their second prints do not
			best, matched = nearest(asked, seen, near)
		}
		return likeness(best, matched, asked, segments), true, nil
	}
	if matched == 0 || !enough(matched, len(asked.moments), len(seen.moments)) {
		return Likeness{}, false, nil
	}
	return likeness(best, matched, asked, nil), true, nil
}

// enough pictures match: half of those of the shorter, and two at least unless one is all that is asked about. A movie
// that shows a known still for a moment is not that still.
func enough(matched, asked, seen int) bool {
	of := asked
	if seen > 1 {
		of = min(asked, seen)
	}
	return of <= 1 || matched >= 2 && float64(matched) >= movieShare*float64(of)
}

func likeness(p pair, matched int, asked *Footage, segments []Segment) Likeness {
	l := Likeness{View: p.asked.name, InView: p.seen.name, BitsPDQ: p.bits, Bits256: p.bits256, Places: p.places, Marks: p.marks, AtMs: p.atMs, InMs: p.inMs, Segments: segments}
	if len(asked.moments) > 1 {
		l.Frames, l.Of = matched, len(asked.moments)
	}
	return l
}

// test says whether two views are alike, and how near.
type test func(a, s *view) (n nearness, ok bool)

// nearest finds the nearest pair of views that passes the test, and how many pictures of asked are in such a pair.
func nearest(asked, seen *Footage, pass test) (best pair, matched int) {
	for i := range asked.moments {
		found := false
		for j := range seen.moments {
			if p, ok := pairOf(&asked.moments[i], &seen.moments[j], pass); ok {
				if !found && matched == 0 || p.bits < best.bits {
					best = p
				}
				found = true
			}
		}
		if found {
			matched++
		}
	}
	return best, matched
}

func pairOf(asked, seen *moment, pass test) (best pair, ok bool) {
	for i := range asked.views {
		for j := range seen.views {
			a, s := &asked.views[i], &seen.views[j]
			if n, fit := pass(a, s); fit && (!ok || n.bits < best.bits) {
				best, ok = pair{*a, *s, n, asked.atMs, seen.atMs}, true
			}
		}
	}
	return best, ok
}

// near says whether the PDQ hashes of two views are.
func near(a, s *view) (n nearness, ok bool) {
	n.bits = distance(&a.code, &s.code)
	return n, n.bits <= radiusOf(a.name, s.name)
}

// alike says whether two views are near enough for what they are: by PDQ and, where both have one, their mosaics; else by
// PDQ and their second prints; else by PDQ alone.
func alike(a, s *view) (n nearness, ok bool) {
	n, ok = near(a, s)
	switch {
	case !ok || a.name == pipeline.ViewWindow || s.name == pipeline.ViewWindow:
		return n, ok
	case a.mosaic != nil && s.mosaic != nil:
		if n.places, ok = confirm(a, s); ok || n.places.Of >= leastPlaces {
			return n, ok
		}
		return n, n.bits <= RadiusSame && a.second != nil && s.second != nil && a.second.version == s.second.version &&
			distance(&a.second.code, &s.second.code) <= RadiusSame
	case a.second != nil && s.second != nil && a.second.version == s.second.version && whole(s.name):
		d := distance(&a.second.code, &s.second.code)
		n.bits256 = &d
		return n, n.bits <= RadiusPDQ && d <= Radius256
	}
	return n, n.bits <= RadiusAlone
}

// within reports whether an index of the codes of seen would find it, asked about the other within the radius.
func within(asked, seen *Footage, radius int) bool {
	found := seen.Seen()
	return slices.ContainsFunc(asked.Asked(), func(a Code) bool {
		return slices.ContainsFunc(found, func(s Code) bool { return distance(&a, &s) <= radius })
	})
}

// samePlaces says whether two pictures agree place by place, whatever their hashes say.
func samePlaces(a, s *view) (n nearness, ok bool) {
	if a.mosaic == nil || s.mosaic == nil || !whole(s.name) {
		return n, false
	}
	n.bits = distance(&a.code, &s.code)
	n.places, ok = confirm(a, s)
	return n, ok
}

// confirm compares the mosaics of two views that have them.
func confirm(a, s *view) (*Agreement, bool) {
	places := mosaic.Compare(a.mosaic, s.mosaic)
	return &places, places.Of >= leastPlaces && places.Share() >= leastShare
}

// radiusOf is the widest distance at which the two views can be alike, or -1 when they are not to be compared.
func radiusOf(asked, seen pipeline.View) int {
	switch {
	case !whole(seen) && seen != pipeline.ViewWindow:
		return -1
	case whole(seen) && asked != pipeline.ViewWindow: // however asked is turned
		return Widest
	case asked == pipeline.ViewWindow && seen == pipeline.ViewWindow:
		return -1
	case asked == pipeline.ViewWindow, whole(asked), mirrored(asked):
		return RadiusWindow
	}
	return -1
}

func distance(a, b *Code) int {
	return bits.OnesCount64(a[0]^b[0]) + bits.OnesCount64(a[1]^b[1]) + bits.OnesCount64(a[2]^b[2]) + bits.OnesCount64(a[3]^b[3])
}

// along aligns two movies. A picture that stands still in both is like any other pair of stills: it counts only when the
// second prints of such a pair confirm it, which Compare looks at.
func along(asked, seen *Footage) ([]Segment, error) {
	found, err := align.Find(
		align.Clip{Frames: asked.frames(whole), Mirrored: asked.frames(mirrored)},
		align.Clip{Frames: seen.frames(whole)}, align.Options{RadiusBits: Widest})
	if err != nil {
		return nil, err
	}
	var out []Segment
	for _, s := range found {
		if s.Unplaced || s.Frames < minFrames || s.Share < minShare {
			continue
		}
		out = append(out, Segment{s.QFromMs, s.QToMs, s.RFromMs, s.RToMs, s.Speed, s.Mirrored, s.Unplaced, s.Frames, s.MeanBits, s.String()})
	}
	return out, nil
}

// frames are the frames of the wanted views, in the order of their times. It is empty for stills.
func (f *Footage) frames(wanted func(pipeline.View) bool) []align.Frame {
	var out []align.Frame
	step := (len(f.moments) + align.MaxInstants - 1) / align.MaxInstants // of longer ones every so many frames are compared
	for i, m := range f.moments {
		if i%step != 0 {
			continue
		}
		for _, v := range m.views {
			if m.atMs != nil && wanted(v.name) {
				out = append(out, align.Frame{AtMs: *m.atMs, Code: v.code, Quality: v.quality})
			}
		}
	}
	return out
}

// Without leaves out of asked what is like any of the others: the picture where one of its views is, however it is held,
// or only the window that is. It returns how many pictures that were.
func (f *Footage) Without(others ...*Footage) (left *Footage, pictures int) {
	left = &Footage{Pictures: f.Pictures}
	for _, m := range f.moments {
		if slices.ContainsFunc(m.views, func(v view) bool { return v.name != pipeline.ViewWindow && anyAlike(&v, others) }) {
			pictures++
			continue
		}
		views := slices.DeleteFunc(slices.Clone(m.views), func(v view) bool { return anyAlike(&v, others) })
		left.moments = append(left.moments, moment{m.atMs, views})
	}
	left.Comparable = len(left.moments)
	return left, pictures
}

// Resembles reports whether any view is like a whole picture of the other, which Without would leave out.
func (f *Footage) Resembles(other *Footage) bool {
	return slices.ContainsFunc(f.moments, func(m moment) bool {
		return slices.ContainsFunc(m.views, func(v view) bool { return anyAlike(&v, []*Footage{other}) })
	})
}

// anyAlike compares with the whole pictures of the others: a window of a logo is no logo.
func anyAlike(v *view, others []*Footage) bool {
	for _, o := range others {
		for i := range o.moments {
			for j := range o.moments[i].views {
				s := &o.moments[i].views[j]
				if !whole(s.name) {
					continue
				}
				if _, ok := alike(v, s); ok {
					return true
				}
			}
		}
	}
	return false
}
