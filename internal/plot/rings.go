package plot

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"
)

// LonLat is a place, degrees, east and north positive; longitudes may run on past 180.
type LonLat struct{ LonDeg, LatDeg float64 }

// Band is an area that holds the answer with a probability of Level, 0..1. Polygons are as in RFC 7946: the first ring
// is the outer one, counter-clockwise, the others are holes, clockwise. A ring may cross the antimeridian, cut or not,
// and may run round a pole: it then holds the pole on its left.
type Band struct {
	Label    string
	Level    float64
	Polygons [][][]LonLat
}

// Outline is a line of orientation that the caller has a licence for: an oblast, an area of control, a search area.
type Outline struct {
	Label string
	Rings [][]LonLat
}

// Place is a point with a name.
type Place struct {
	Label string
	At    LonLat
}

// Bounds is the part of the world to draw; East may exceed 180.
type Bounds struct{ West, South, East, North float64 }

// Map is the input of Rings; nil Bounds are the world.
type Map struct {
	Title    string
	Note     string // one line beneath: time, measures
	Bounds   *Bounds
	Bands    []Band
	Outlines []Outline
	Places   []Place
}

// Rings draws bands on a map of meridians and parallels with straight lines (equirectangular, true to scale along the
// middle parallel). Angles measured on it are not bearings. It knows no coasts and no borders but the caller's.
func Rings(m Map) (*Picture, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	v := newView(m)
	items := m.legend()
	p := newPicture(1000, v.box.y1+78+22*float64(len(items)), m.Title)
	p.desc = m.describe(v.bounds)
	p.text(words{at: pt{24, 32}, s: fit(p.title, 18, 950, true), size: 18, bold: true})
	p.text(words{at: pt{24, 54}, s: fit(m.Note, 13, 950, false), size: 13, ink: softInk})
	v.graticule(p)
	for _, b := range m.wideFirst() {
		v.band(p, b)
	}
	for i, o := range m.Outlines {
		for _, ring := range o.Rings {
			p.path(v.strokes(ring), outlinePaint(i))
		}
	}
	p.area(v.box, paint{stroke: frameLine, width: 1})
	v.places(p, m.Places, v.scaleBar(p, m.Places))
	for i, item := range items {
		y := v.box.y1 + 62 + 22*float64(i)
		item.draw(p, 24, y-4)
		p.text(words{at: pt{62, y}, s: fit(item.name, 13, 900, false), size: 13})
	}
	return p, nil
}

func (m Map) check() error {
	if b := m.Bounds; b != nil {
		ok := b.West >= -360 && b.East <= 720 && b.East-b.West > 1e-4 && b.East-b.West <= 360 &&
			b.South >= -90 && b.North <= 90 && b.North-b.South > 1e-4
		if !ok {
			return fmt.Errorf("plot: bounds: west %v east %v south %v north %v enclose no part of the world", b.West, b.East, b.South, b.North)
		}
	}
	for _, n := range []int{len(m.Bands), len(m.Outlines), len(m.Places)} {
		if err := checkCount("items of a map", n); err != nil {
			return err
		}
	}
	for _, b := range m.Bands {
		if err := checkProbability("level of a band", b.Level); err != nil {
			return err
		}
	}
	return m.checkPlaces()
}

func (m Map) checkPlaces() error {
	var rings [][]LonLat
	for _, b := range m.Bands {
		rings = append(rings, slices.Concat(b.Polygons...)...)
	}
	for _, o := range m.Outlines {
		rings = append(rings, o.Rings...)
	}
	for _, p := range m.Places {
		rings = append(rings, []LonLat{p.At})
	}
	total := 0
	for _, ring := range rings {
		if total += len(ring); total > maxVertices {
			return fmt.Errorf("plot: map: more than %d vertices", maxVertices)
		}
		for _, at := range ring {
			if !(math.Abs(at.LonDeg) <= 720 && math.Abs(at.LatDeg) <= 90) {
				return fmt.Errorf("plot: map: %v, %v is no place", at.LonDeg, at.LatDeg)
			}
		}
	}
	return nil
}

func (m Map) wideFirst() []Band {
	out := slices.Clone(m.Bands)
	slices.SortStableFunc(out, func(a, b Band) int { return cmp.Compare(b.Level, a.Level) })
	return out
}

func (v view) band(p *Picture, b Band) {
	var fills, lines [][]pt
	for _, polygon := range b.Polygons {
		for i, ring := range polygon {
			fills = append(fills, v.fills(ring, i > 0)...)
			lines = append(lines, v.strokes(ring)...)
		}
	}
	how := bandPaint(b.Level)
	p.path(fills, paint{fill: how.fill, closed: true})
	p.path(lines, paint{stroke: how.stroke, width: how.width, dash: how.dash})
}

func bandPaint(level float64) paint {
	if level >= 0.8 {
		return paint{fill: faint(skyBlue, 120), stroke: blue, width: 1, dash: 4}
	}
	return paint{fill: faint(blue, 170), stroke: blue, width: 1}
}

func outlinePaint(i int) paint {
	inks := []color.NRGBA{softInk, vermillion, green}
	return paint{stroke: inks[i%len(inks)], width: 1.5, dash: []float64{0, 7, 2}[i%3]}
}

// unwrap makes a ring continuous in longitude and says how far it has gone round when it is back: 0, or +-360 round a
// pole. The last vertex does not repeat the first.
func unwrap(ring []LonLat) (out []LonLat, around float64) {
	if n := len(ring); n > 1 && ring[0] == ring[n-1] {
		ring = ring[:n-1]
	}
	for i, at := range ring {
		if i > 0 {
			at.LonDeg = out[i-1].LonDeg + step180(at.LonDeg-ring[i-1].LonDeg)
		}
		out = append(out, at)
	}
	if len(out) > 1 {
		n := len(out)
		around = out[n-1].LonDeg + step180(ring[0].LonDeg-ring[n-1].LonDeg) - out[0].LonDeg
	}
	return out, 360 * math.Round(around/360)
}

// step180 is the short way, but leaves a step of just 360 (the edge of a world map) and less than 180 alone.
func step180(d float64) float64 {
	if math.Abs(d) <= 180 {
		return d
	}
	return math.Remainder(d, 360)
}

// fills are the parts of a ring inside the map, in every copy of the world that the map shows.
func (v view) fills(ring []LonLat, hole bool) [][]pt {
	flat, around := unwrap(ring)
	if len(flat) < 3 {
		return nil
	}
	if around != 0 { // the pole on the left of the outer ring, on the right of a hole
		pole := 90.0
		if (around < 0) != hole {
			pole = -90
		}
		flat = append(flat, LonLat{flat[0].LonDeg + around, flat[0].LatDeg}, LonLat{flat[0].LonDeg + around, pole}, LonLat{flat[0].LonDeg, pole})
	}
	var out [][]pt
	v.copies(flat, func(shifted []pt) {
		piece := clipRing(positive(shifted), v.box)
		if len(piece) < 3 {
			return
		}
		if hole {
			piece = reversed(piece)
		}
		out = append(out, piece)
	})
	return out
}

func (v view) copies(flat []LonLat, use func([]pt)) {
	lo, hi := flat[0].LonDeg, flat[0].LonDeg
	for _, at := range flat {
		lo, hi = math.Min(lo, at.LonDeg), math.Max(hi, at.LonDeg)
	}
	for k := math.Ceil((v.bounds.West - hi) / 360); k <= math.Floor((v.bounds.East-lo)/360); k++ {
		shifted := make([]pt, len(flat))
		for i, at := range flat {
			shifted[i] = v.at(LonLat{at.LonDeg + 360*k, at.LatDeg})
		}
		use(shifted)
	}
}

// strokes are a ring's lines inside the map, without the cuts along the antimeridian and the poles.
func (v view) strokes(ring []LonLat) [][]pt {
	flat, around := unwrap(ring)
	if len(flat) < 2 {
		return nil
	}
	flat = append(flat, LonLat{flat[0].LonDeg + around, flat[0].LatDeg})
	cut := make([]bool, len(flat)) // the edge that ends here is a cut
	for i := 1; i < len(flat); i++ {
		a, b := flat[i-1], flat[i]
		seam := a.LonDeg == b.LonDeg && math.Abs(math.Remainder(a.LonDeg, 360)) == 180
		cut[i] = seam || a.LatDeg == b.LatDeg && math.Abs(a.LatDeg) == 90
	}
	var out [][]pt
	v.copies(flat, func(line []pt) {
		var cur []pt
		for i := 1; i < len(line); i++ {
			a, b, ok := clipLine(line[i-1], line[i], v.box)
			if !ok || cut[i] {
				continue
			}
			if n := len(cur); n > 0 && cur[n-1] == a {
				cur = append(cur, b)
				continue
			}
			if len(cur) > 1 {
				out = append(out, cur)
			}
			cur = []pt{a, b}
		}
		if len(cur) > 1 {
			out = append(out, cur)
		}
	})
	return out
}

type legendItem struct {
	name string
	draw func(p *Picture, x, y float64)
}

func (m Map) legend() []legendItem {
	var out []legendItem
	for _, b := range m.wideFirst() {
		how := bandPaint(b.Level)
		how.closed = true
		out = append(out, legendItem{percent(b.Level) + "  " + b.Label, func(p *Picture, x, y float64) {
			p.area(box{x, y - 7, x + 28, y + 7}, how)
		}})
	}
	for i, o := range m.Outlines {
		out = append(out, legendItem{o.Label, func(p *Picture, x, y float64) { p.line(pt{x, y}, pt{x + 28, y}, outlinePaint(i)) }})
	}
	return out
}

func (m Map) describe(b Bounds) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s. Map from %s to %s and %s to %s.", clean(m.Note), degrees(b.South, 0.1, "N", "S"), degrees(b.North, 0.1, "N", "S"),
		degrees(math.Remainder(b.West, 360), 0.1, "E", "W"), degrees(math.Remainder(b.East, 360), 0.1, "E", "W"))
	for _, band := range m.wideFirst() {
		fmt.Fprintf(&s, " Band of %s: %s.", percent(band.Level), clean(band.Label))
	}
	for _, place := range m.Places {
		fmt.Fprintf(&s, " Place: %s.", clean(place.Label))
	}
	return s.String()
}
