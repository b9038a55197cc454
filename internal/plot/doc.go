// Package plot draws the pictures of a verification: the sun's day at a place with what was measured ([SunDay]), where on
// the map a shadow can have been ([Rings]), who held which ground about a place ([GroundMap]), and what each clock says
// with the joint answer beneath ([Timeline]); and of how far scores can be believed ([Calibration], [TuringLaw]). It draws what
// it is given and computes no astronomy, no statistics and no map data.
//
// A [Picture] is a list of strokes and words; SVG and PNG are made of the same list, so they show the same. Same input,
// same bytes (PNG: on one processor architecture). Text is dark on white; bands differ in lightness, line or place too,
// never in hue alone, so that grey prints and colour-blind readers lose nothing; hues are those of Okabe and Ito (2008).
// Labels come from files and people: they are cut to 120 characters, and what cannot be drawn (control characters, marks
// that reverse the direction of text) becomes U+FFFD. Measures are errors when they are not finite.
package plot

import (
	"fmt"
	"math"
	"time"
)

// Span is a time interval, milliseconds UTC, half-open. math.MinInt64 and math.MaxInt64 stand for "no bound".
type Span struct{ FromMs, ToMs int64 }

// Measure is a value with its standard deviation, degrees.
type Measure struct{ Value, Sigma float64 }

// Zone is the clock of one axis: minutes east of Greenwich and what to call it ("Kyiv, +03:00"). One offset serves the
// whole picture; a day on which clocks change is better drawn twice.
type Zone struct {
	OffsetMin int
	Label     string
}

func (z Zone) location() *time.Location { return time.FixedZone("", z.OffsetMin*60) }

// Limits of what is drawn; beyond them a picture would be unreadable, or large enough to exhaust memory.
const (
	maxItems    = 200     // rows, windows, marks, bands
	maxVertices = 1 << 20 // of all polygons of a map
	maxLabel    = 120     // characters
	maxPixels   = 1 << 26 // of a PNG
)

var (
	minMs = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	maxMs = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
)

func checkFrame(from, to int64, z Zone) error {
	if from < minMs || to > maxMs || to-from < 1000 {
		return fmt.Errorf("plot: time axis: %d..%d ms: want at least a second within 1900..2199", from, to)
	}
	if z.OffsetMin < -24*60 || z.OffsetMin > 24*60 {
		return fmt.Errorf("plot: zone: offset of %d minutes is beyond a day", z.OffsetMin)
	}
	return nil
}

func checkSpan(what string, s Span) error {
	if s.ToMs < s.FromMs {
		return fmt.Errorf("plot: %s: ends before it begins", what)
	}
	return nil
}

func checkCount(what string, n int) error {
	if n > maxItems {
		return fmt.Errorf("plot: %s: %d are more than %d", what, n, maxItems)
	}
	return nil
}

func checkRange(what string, v, lo, hi float64) error {
	if !(v >= lo && v <= hi) {
		return fmt.Errorf("plot: %s: %v is not within %v..%v", what, v, lo, hi)
	}
	return nil
}

func checkProbability(what string, p float64) error { return checkRange(what, p, 0, 1+1e-9) }

func percent(p float64) string {
	switch {
	case p > 0 && p < 0.001:
		return "<0.1 %"
	case p < 1 && p > 0.999:
		return ">99.9 %"
	}
	return fmt.Sprintf("%.3g %%", math.Min(100, math.Round(p*1000)/10))
}
