package likeness

import (
	"fmt"
	"math"
	"strings"

	"whenwhere/internal/marks"
	"whenwhere/pipeline"
)

// Marks is how the local features of two stills agree (package marks).
type Marks struct {
	Agree      int     `json:"agree"` // points of the asked one with a partner where the map says
	Of         int     `json:"of"`    // points in what both show, of the one with fewer
	Cells      int     `json:"cells"` // of 64 parts of what both show, those with such a point
	Scale      float64 `json:"scale"` // pixels of the asked one for each of the seen one
	TurnDeg    float64 `json:"turn_deg"`
	Mirrored   bool    `json:"mirrored,omitempty"`
	ShowsSeen  float64 `json:"shows_seen"`  // share of the seen one's area that the asked one shows
	ShowsAsked float64 `json:"shows_asked"` // share of the asked one's area that the seen one shows
}

// byMarks compares two stills by their marks, as they lie and mirrored. It is for what no hash finds: crops, tilts,
// captions, recordings of a screen.
func byMarks(asked, seen *Footage) (best pair, matched int) {
	a, b := asked.still(), seen.still()
	if a == nil || b == nil {
		return pair{}, 0
	}
	m := marks.Find(a.marks, b.marks)
	if !m.Alike() {
		return pair{}, 0
	}
	best = pair{asked: *a, seen: *b, nearness: nearness{bits: distance(&a.code, &b.code), marks: &Marks{
		Agree: m.Pairs, Of: m.Of, Cells: m.Cells, Scale: rounded(m.Scale, 1000), TurnDeg: rounded(m.TurnDeg, 10), Mirrored: m.Mirrored,
		ShowsSeen: rounded(m.ShowsSeen, 1000), ShowsAsked: rounded(m.ShowsAsked, 1000)}}}
	if m.Mirrored {
		best.asked.name = pipeline.ViewMirrored
	}
	return best, 1
}

// still is the view with marks, if the footage is a still that has some.
func (f *Footage) still() *view {
	for i := range f.moments {
		for j := range f.moments[i].views {
			if v := &f.moments[i].views[j]; v.marks != nil && f.moments[i].atMs == nil {
				return v
			}
		}
	}
	return nil
}

func rounded(v, parts float64) float64 { return math.Round(v*parts) / parts }

// whole and straight: what is within these is not worth a word.
const (
	nearlyAll   = 0.97
	nearlyLevel = 0.75 // degrees
	sameSize    = 0.01
)

// from is a clause for people.
func (m *Marks) from(name string) string {
	var t strings.Builder
	fmt.Fprintf(&t, "%d of %d points agree with %s over %d of 64 parts of the picture", m.Agree, m.Of, name, m.Cells)
	if math.Abs(m.Scale-1) > sameSize {
		fmt.Fprintf(&t, ", %.2fx", m.Scale)
	}
	if m.Mirrored {
		t.WriteString(", mirrored")
	}
	if math.Abs(m.TurnDeg) > nearlyLevel {
		fmt.Fprintf(&t, ", turned by %.0f degrees", m.TurnDeg)
	}
	if m.ShowsSeen < nearlyAll {
		fmt.Fprintf(&t, ", %.0f %% of what is there", 100*m.ShowsSeen)
	}
	if m.ShowsAsked < nearlyAll {
		fmt.Fprintf(&t, ", in %.0f %% of what is here", 100*m.ShowsAsked)
	}
	return t.String()
}

// MarkCode is one local feature as the catalogue keeps it.
type MarkCode struct {
	Code        Code
	Turn, Level uint8 // below 64 and below 8
}

// IndexedMarks is how many marks of a picture an index holds, the strongest.
const IndexedMarks = 48

// Marks lists the marks of a still, at most n, and whether mirrored ones are wanted.
func (f *Footage) Marks(n int, mirrored bool) []MarkCode {
	v := f.still()
	if v == nil {
		return nil
	}
	set := *v.marks
	if mirrored {
		set = set.Mirrored()
	}
	out := make([]MarkCode, 0, n)
	for _, m := range set.Marks[:min(n, len(set.Marks))] {
		out = append(out, MarkCode{Code(m.Code), m.Turn, m.Level})
	}
	return out
}
