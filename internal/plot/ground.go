package plot

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Pattern is how ground is hatched, so that two sides are told apart without colour.
type Pattern int

const (
	Rising  Pattern = iota + 1 // lines from the lower left to the upper right
	Falling                    // lines from the upper left to the lower right
	Level                      // sparse level lines
)

// Area is ground of one kind; where areas overlap, the later one is drawn. Polygons are as in Band.
type Area struct {
	Label    string
	Pattern  Pattern
	Polygons [][][]LonLat
}

// Trace is a line as edges or longer pieces. MarginM is how far it may be off to either side, drawn as a grey band; 0 is
// not drawn. A faint trace is thin and dashed: the line of another day.
type Trace struct {
	Label   string
	Lines   [][]LonLat
	MarginM float64
	Faint   bool
}

// Disc is a place known to a radius in metres.
type Disc struct {
	Label   string
	At      LonLat
	RadiusM float64
	Look    Look
}

// Look tells kinds of discs apart by dash, and colour.
type Look int

const (
	Claimed  Look = iota + 1 // what is to be judged: heavy and black
	Measured                 // by an instrument: solid
	Told                     // by a person: dotted
)

// Sector is what a camera sees: WideDeg about AzimuthDeg, clockwise from north, as far as RangeM is drawn; or the ground
// in its frame, where that is known.
type Sector struct {
	Label                       string
	At                          LonLat
	AzimuthDeg, WideDeg, RangeM float64
	Ground                      []LonLat // a ring; in place of the sector when there is one
}

// Ground is the input of GroundMap.
type Ground struct {
	Title  string
	Note   string
	Bounds Bounds // at most 30 degrees high
	Areas  []Area
	Traces []Trace
	Discs  []Disc
	Views  []Sector
	Places []Place
}

// groundWidth is the width of the picture: half of a page beside another, or a phone's, still shows its words.
const groundWidth = 520

// GroundMap draws who held which ground, with the places that somebody or something named on it: hatched areas, the line
// with the band that it may be off by, discs, views, a scale bar and north, which is up. It is true to scale along the
// middle parallel.
func GroundMap(g Ground) (*Picture, error) {
	m := Map{Title: g.Title, Note: g.Note, Bounds: &g.Bounds, Places: g.Places}
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := g.check(); err != nil {
		return nil, err
	}
	v := fitted(g.Bounds, box{74, 66, groundWidth - 30, 66 + 360})
	g = v.within(g)
	items := g.legend()
	p := newPicture(groundWidth, v.box.y1+46+20*float64(len(items)), g.Title)
	p.desc = g.describe()
	v.ground(p, g)
	v.mask(p)
	p.text(words{at: pt{12, 24}, s: fit(p.title, 16, groundWidth-24, true), size: 16, bold: true})
	p.text(words{at: pt{12, 46}, s: fit(g.Note, 12, groundWidth-24, false), size: 12, ink: softInk})
	v.graticule(p)
	v.marks(p, g)
	p.area(v.box, paint{stroke: frameLine, width: 1})
	taken := append(v.scaleBar(p, g.Places), v.north(p))
	v.places(p, g.Places, taken)
	for i, item := range items {
		y := v.box.y1 + 44 + 20*float64(i)
		item.draw(p, 12, y-4)
		p.text(words{at: pt{50, y}, s: fit(item.name, 12, groundWidth-62, false), size: 12})
	}
	return p, nil
}

func (g Ground) check() error {
	if g.Bounds.North-g.Bounds.South > 30 {
		return fmt.Errorf("plot: ground: bounds of %g degrees of latitude are more than 30", g.Bounds.North-g.Bounds.South)
	}
	for _, n := range []int{len(g.Areas), len(g.Traces), len(g.Discs), len(g.Views)} {
		if err := checkCount("items of a map", n); err != nil {
			return err
		}
	}
	var all Map // its rule of vertices holds here too
	for _, a := range g.Areas {
		if a.Pattern < Rising || a.Pattern > Level {
			return fmt.Errorf("plot: ground: area %q: no pattern", clean(a.Label))
		}
		all.Bands = append(all.Bands, Band{Polygons: a.Polygons})
	}
	for _, t := range g.Traces {
		if err := checkRange("margin of a line", t.MarginM, 0, 1e5); err != nil {
			return err
		}
		all.Outlines = append(all.Outlines, Outline{Rings: t.Lines})
	}
	for _, d := range g.Discs {
		if err := checkRange("radius of a disc", d.RadiusM, 0.01, 1e6); err != nil {
			return err
		}
		if d.Look < Claimed || d.Look > Told {
			return fmt.Errorf("plot: ground: disc %q: no look", clean(d.Label))
		}
		all.Places = append(all.Places, Place{At: d.At})
	}
	for _, s := range g.Views {
		if err := checkRange("azimuth of a view", s.AzimuthDeg, -360, 720); err != nil {
			return err
		}
		if err := checkRange("width of a view", s.WideDeg, 0.01, 360); err != nil {
			return err
		}
		if err := checkRange("range of a view", s.RangeM, 0.01, 1e6); err != nil {
			return err
		}
		all.Places = append(all.Places, Place{At: s.At})
		all.Outlines = append(all.Outlines, Outline{Rings: [][]LonLat{s.Ground}})
	}
	return all.checkPlaces()
}

// within leaves out areas and lines of which nothing lies on the map, so that the legend names what is seen.
func (v view) within(g Ground) Ground {
	g.Areas = slices.DeleteFunc(slices.Clone(g.Areas), func(a Area) bool {
		return !slices.ContainsFunc(a.Polygons, func(rings [][]LonLat) bool { return len(rings) > 0 && len(v.fills(rings[0], false)) > 0 })
	})
	g.Traces = slices.DeleteFunc(slices.Clone(g.Traces), func(t Trace) bool { return len(v.polylines(t.Lines, t.MarginM*v.perM())) == 0 })
	return g
}

// perM is pixels per metre.
func (v view) perM() float64 {
	return (v.box.y1 - v.box.y0) / (v.bounds.North - v.bounds.South) / 111_320
}

// ground draws the areas and the bands of the lines, which may run over the edge of the map.
func (v view) ground(p *Picture, g Ground) {
	for _, a := range g.Areas {
		var fills, edges [][]pt
		for _, polygon := range a.Polygons {
			for i, ring := range polygon {
				fills = append(fills, v.fills(ring, i > 0)...)
				edges = append(edges, v.strokes(ring)...)
			}
		}
		how := areaPaint(a.Pattern)
		p.path(fills, paint{fill: white, closed: true}) // later areas hide earlier ones
		p.path(fills, paint{fill: how.fill, closed: true})
		p.path(hatch(fills, a.Pattern), paint{stroke: how.stroke, width: 1, dash: how.dash})
		p.path(edges, paint{stroke: how.stroke, width: 0.7})
	}
	for _, t := range g.Traces {
		if reach := t.MarginM * v.perM(); reach > 0 {
			p.path(v.polylines(t.Lines, reach), paint{stroke: faint(frameLine, 70), width: 2 * reach})
		}
	}
}

// mask hides what runs over the edge of the map.
func (v view) mask(p *Picture) {
	how := paint{fill: white}
	p.area(box{0, 0, p.width, v.box.y0}, how)
	p.area(box{0, v.box.y1, p.width, p.height}, how)
	p.area(box{0, v.box.y0, v.box.x0, v.box.y1}, how)
	p.area(box{v.box.x1, v.box.y0, p.width, v.box.y1}, how)
}

// marks draws lines, discs and views.
func (v view) marks(p *Picture, g Ground) {
	for _, t := range g.Traces {
		p.path(v.polylines(t.Lines, 0), tracePaint(t.Faint))
	}
	for _, s := range g.Views {
		ring := v.sector(s)
		p.path([][]pt{clipRing(positive(ring), v.box)}, paint{fill: sectorPaint.fill, closed: true})
		p.path(v.pieces(append(ring, ring[0]), 0), paint{stroke: sectorPaint.stroke, width: sectorPaint.width, dash: sectorPaint.dash})
	}
	for _, d := range g.Discs {
		ring := dot(v.at(d.At), math.Max(3, d.RadiusM*v.perM()), 96)
		how := discPaint(d.Look)
		if piece := clipRing(ring, v.box); len(piece) > 2 && how.fill.A > 0 {
			p.path([][]pt{piece}, paint{fill: how.fill, closed: true})
		}
		p.path(v.pieces(append(ring, ring[0]), 0), paint{stroke: how.stroke, width: how.width, dash: how.dash})
	}
}

func (v view) sector(s Sector) []pt {
	at, far := v.at(s.At), s.RangeM*v.perM()
	out := []pt{at}
	if len(s.Ground) > 2 {
		out = nil
		for _, corner := range s.Ground {
			out = append(out, v.at(corner))
		}
		return out
	}
	if s.WideDeg >= 360 {
		return dot(at, far, 96)
	}
	const steps = 24
	for i := range steps + 1 {
		sin, cos := math.Sincos((s.AzimuthDeg - s.WideDeg/2 + s.WideDeg*float64(i)/steps) * math.Pi / 180)
		out = append(out, pt{at.x + far*sin, at.y - far*cos})
	}
	return out
}

// polylines are lines inside the map and so many pixels beyond, those joined that follow one another.
func (v view) polylines(lines [][]LonLat, beyond float64) [][]pt {
	var out [][]pt
	for _, line := range lines {
		flat := make([]pt, len(line))
		for i, at := range line {
			flat[i] = v.at(at)
		}
		for _, piece := range v.pieces(flat, beyond) {
			if n := len(out); n > 0 && out[n-1][len(out[n-1])-1] == piece[0] {
				out[n-1] = append(out[n-1], piece[1:]...)
				continue
			}
			out = append(out, piece)
		}
	}
	return out
}

// pieces are the parts of a line inside the map and so many pixels beyond.
func (v view) pieces(line []pt, beyond float64) [][]pt {
	reach := box{v.box.x0 - beyond, v.box.y0 - beyond, v.box.x1 + beyond, v.box.y1 + beyond}
	var out [][]pt
	for i := 1; i < len(line); i++ {
		a, b, ok := clipLine(line[i-1], line[i], reach)
		if !ok {
			continue
		}
		if n := len(out); n > 0 && out[n-1][len(out[n-1])-1] == a {
			out[n-1] = append(out[n-1], b)
			continue
		}
		out = append(out, []pt{a, b})
	}
	return out
}

// north is an arrow in the upper right corner; its room is returned.
func (v view) north(p *Picture) box {
	x, y := v.box.x1-20, v.box.y0+14
	room := box{x - 12, y - 10, x + 12, y + 38}
	p.area(room, paint{fill: faint(white, 215)})
	p.path([][]pt{positive([]pt{{x, y - 6}, {x - 6, y + 12}, {x, y + 8}, {x + 6, y + 12}})}, paint{fill: ink, closed: true})
	p.text(words{at: pt{x, y + 30}, s: "N", size: 12, bold: true, anchor: middle})
	return room
}

func (g Ground) describe() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s.", clean(g.Note))
	for _, item := range g.legend() {
		fmt.Fprintf(&s, " Shown: %s.", clean(item.name))
	}
	for _, place := range g.Places {
		fmt.Fprintf(&s, " Place: %s.", clean(place.Label))
	}
	return s.String()
}
