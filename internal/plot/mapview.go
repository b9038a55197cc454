package plot

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// view is the map's projection.
type view struct {
	bounds Bounds
	box    box
}

func newView(m Map) view {
	b := Bounds{-180, -90, 180, 90}
	if m.Bounds != nil {
		b = *m.Bounds
	}
	return fitted(b, box{64, 74, 976, 714})
}

// fitted is a part of the world as large as it can be in a room, centred.
func fitted(b Bounds, room box) view {
	maxWidth, maxHeight := room.x1-room.x0, room.y1-room.y0
	shape := (b.East - b.West) * math.Max(0.05, math.Cos((b.South+b.North)/2*math.Pi/180)) / (b.North - b.South)
	w, h := maxWidth, maxWidth/shape
	if h > maxHeight {
		w, h = maxHeight*shape, maxHeight
	}
	w, h = math.Max(w, 200), math.Max(h, 120)
	left := room.x0 + (maxWidth-w)/2
	return view{b, box{left, room.y0, left + w, room.y0 + h}}
}

func (v view) at(p LonLat) pt {
	b := v.bounds
	return pt{
		v.box.x0 + (p.LonDeg-b.West)/(b.East-b.West)*(v.box.x1-v.box.x0),
		v.box.y1 - (p.LatDeg-b.South)/(b.North-b.South)*(v.box.y1-v.box.y0),
	}
}

func (v view) graticule(p *Picture) {
	b := v.bounds
	fine := paint{stroke: gridLine, width: 1}
	step := v.lonStep()
	for lon := math.Ceil(b.West/step) * step; lon <= b.East+1e-9; lon += step {
		x := v.at(LonLat{lon, 0}).x
		p.line(pt{x, v.box.y0}, pt{x, v.box.y1 + 4}, fine)
		p.text(words{at: pt{x, v.box.y1 + 18}, s: degrees(math.Remainder(lon, 360), step, "E", "W"), size: 12, anchor: middle})
	}
	step = gridStep(b.North-b.South, 9)
	for lat := math.Ceil(b.South/step) * step; lat <= b.North+1e-9; lat += step {
		y := v.at(LonLat{0, lat}).y
		p.line(pt{v.box.x0 - 4, y}, pt{v.box.x1, y}, fine)
		p.text(words{at: pt{v.box.x0 - 8, y + 4}, s: degrees(lat, step, "N", "S"), size: 12, anchor: end})
	}
}

// lonStep is a round step whose labels stand clear of each other beneath the map.
func (v view) lonStep() float64 {
	span, most := v.bounds.East-v.bounds.West, 12.0
	for {
		step := gridStep(span, most)
		pixels := step / span * (v.box.x1 - v.box.x0)
		if pixels >= textWidth(degrees(-100-step, step, "W", "W"), 12, false)+10 || most <= 2 {
			return step
		}
		most--
	}
}

// gridStep is a round step that gives at most so many lines.
func gridStep(span, most float64) float64 {
	for _, step := range []float64{1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30} {
		if span/step <= most {
			return step
		}
	}
	return 45
}

func degrees(v, step float64, plus, minus string) string {
	digits := int(math.Max(0, math.Ceil(-math.Log10(step)-1e-9)))
	word := plus
	if v < 0 {
		word = minus
	}
	if math.Abs(v) < step/2 || math.Abs(v) > 180-step/1e6 {
		word = ""
	}
	return strings.TrimSpace(fmt.Sprintf("%.*f° %s", digits, math.Abs(v), word))
}

func (v view) places(p *Picture, places []Place, taken []box) {
	for _, place := range places {
		v.copies([]LonLat{place.At}, func(at []pt) {
			if a := at[0]; a.x >= v.box.x0 && a.x <= v.box.x1 && a.y >= v.box.y0 && a.y <= v.box.y1 {
				p.path([][]pt{dot(a, 4.5, 20)}, paint{fill: ink, stroke: white, width: 1.5, closed: true})
				taken = append(taken, box{a.x - 5, a.y - 5, a.x + 5, a.y + 5})
				taken = v.name(p, place.Label, a, taken)
			}
		})
	}
}

// name writes a label on the first side of a point, or beyond its corner, where it covers nothing.
func (v view) name(p *Picture, label string, a pt, taken []box) []box {
	label = fit(label, 13, 260, true)
	wide := textWidth(label, 13, true)
	for _, w := range []words{{at: pt{a.x + 10, a.y + 5}}, {at: pt{a.x - 10, a.y + 5}, anchor: end},
		{at: pt{a.x, a.y - 11}, anchor: middle}, {at: pt{a.x, a.y + 21}, anchor: middle},
		{at: pt{a.x, a.y - 11}, anchor: end}, {at: pt{a.x, a.y - 11}}, {at: pt{a.x, a.y + 21}, anchor: end}, {at: pt{a.x, a.y + 21}}} { // in corners
		x := w.at.x - w.anchor.before(wide)
		b := box{x - 3, w.at.y - 12, x + wide + 3, w.at.y + 4}
		if b.x0 < v.box.x0 || b.x1 > v.box.x1 || b.y0 < v.box.y0 || b.y1 > v.box.y1 || slices.ContainsFunc(taken, b.meets) {
			continue
		}
		w.s, w.size, w.bold = label, 13, true
		p.halo(w)
		return append(taken, b)
	}
	return taken
}

// scaleBar is drawn where one scale serves: maps up to 30 degrees high, and its room is returned. 111.32 km is a
// degree of the WGS 84 equator. It keeps to the right, or to the left of a place that stands there.
func (v view) scaleBar(p *Picture, places []Place) []box {
	b := v.bounds
	if b.North-b.South > 30 {
		return nil
	}
	perKm := (v.box.y1 - v.box.y0) / (b.North - b.South) / 111.32
	length := math.Pow(10, math.Floor(math.Log10(200/perKm)))
	for _, f := range []float64{5, 2} {
		if length*f*perKm <= 200 {
			length *= f
			break
		}
	}
	x1, y := v.box.x1-12, v.box.y1-14
	for _, place := range places {
		if a := v.at(place.At); a.y > y-60 && a.x > v.box.x1-length*perKm-40 {
			x1 = v.box.x0 + 12 + length*perKm
		}
	}
	x0 := x1 - length*perKm
	name := fmt.Sprintf("%g km", length)
	if length < 1 {
		name = fmt.Sprintf("%g m", length*1000)
	}
	plate := faint(white, 215)
	room := box{x0 - 8, y - 24, x1 + 8, y + 8}
	p.area(room, paint{fill: plate})
	p.path([][]pt{{{x0, y - 5}, {x0, y}, {x1, y}, {x1, y - 5}}}, paint{stroke: ink, width: 1.5})
	p.text(words{at: pt{(x0 + x1) / 2, y - 8}, s: name, size: 12, anchor: middle})
	return []box{room}
}
