package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Lines above and below the place asked for, in the order in which they are tried.
var (
	near = []float64{0, -0.5, 0.5, -1, 1}
	far  = []float64{0, -1, 1, -2, 2, -3, 3, -4, 4}
)

func (c *chart) azimuthTicks(p *Picture) {
	last := math.Inf(-1)
	for i := 1; i < len(c.Sun); i++ {
		a, b := c.Sun[i-1], c.Sun[i]
		step := turn(b.AzimuthDeg, a.AzimuthDeg)
		for az := 0.0; az < 360; az += 30 {
			f := turn(az, a.AzimuthDeg) / step
			e := a.ElevationDeg + f*(b.ElevationDeg-a.ElevationDeg)
			if !(f >= 0 && f < 1) || e < -1 || a.AtMs < c.FromMs || b.AtMs > c.ToMs {
				continue
			}
			at := pt{c.t.x(a.AtMs + int64(f*float64(b.AtMs-a.AtMs))), c.y(e)}
			p.path([][]pt{dot(at, 3.5, 16)}, paint{fill: white, stroke: ink, width: 1.5, closed: true})
			if at.x-last > 34 {
				w := words{at: pt{at.x, at.y - 12}, s: fmt.Sprintf("%.0f°", az), size: 11, anchor: middle}
				climb := b.ElevationDeg - a.ElevationDeg
				if c.place(p, outside(w, climb, 13), near) || c.place(p, outside(w, -climb, 13), near) {
					last = at.x
				}
			}
		}
	}
}

// outside moves words off the arc to its outer side, which is the left while the body climbs.
func outside(w words, climb, gap float64) words {
	switch {
	case climb > 0.2:
		w.at.x, w.at.y, w.anchor = w.at.x-gap, w.at.y+4, end
	case climb < -0.2:
		w.at.x, w.at.y, w.anchor = w.at.x+gap, w.at.y+4, start
	}
	return w
}

// say writes words where they cover no others and no arc: at the place asked for, else in one of the lines above or
// below; a crowd without any room gets them where they were asked for.
func (c *chart) say(p *Picture, w words) {
	if !c.place(p, w, far) {
		p.halo(c.inside(w))
	}
}

// place writes words in the first free line of the shifts; false if there is none.
func (c *chart) place(p *Picture, w words, shifts []float64) bool {
	w = c.inside(w)
	half, base := textWidth(w.s, w.size, w.bold)/2+3, w.at.y
	for _, shift := range shifts {
		w.at.y = base + shift*(w.size+4)
		b := box{w.at.x - half, w.at.y - w.size, w.at.x + half, w.at.y + w.size*0.35}
		if b.y0 < c.box.y0 || b.y1 > c.box.y1 || slices.ContainsFunc(c.occupied, b.meets) {
			continue
		}
		c.occupied = append(c.occupied, b)
		p.halo(w)
		return true
	}
	return false
}

// inside centres words on their place and moves them between the chart's sides.
func (c *chart) inside(w words) words {
	half := textWidth(w.s, w.size, w.bold)/2 + 3
	switch w.anchor {
	case middle:
	case start:
		w.at.x += half
	case end:
		w.at.x -= half
	}
	w.anchor = middle
	w.at.x = math.Max(c.box.x0+half+2, math.Min(c.box.x1-half-2, w.at.x))
	return w
}

func (c *chart) labels(p *Picture) {
	for _, m := range c.Marks {
		name := m.Label
		if name != "" {
			name += ": "
		}
		if e := m.Elevation; e != nil {
			c.say(p, words{at: pt{c.box.x1 - 6, c.y(e.Value) - 5}, s: fmt.Sprintf("%selevation %.1f° ± %.1f°", name, e.Value, e.Sigma), size: 12, anchor: end})
		}
		if a := m.Azimuth; a != nil {
			w := words{s: fmt.Sprintf("%sazimuth %.1f° ± %.1f°", name, a.Value, a.Sigma), size: 12}
			if at, climb, ok := c.nearest(*a); ok {
				w.at, w.anchor = pt{at.x, at.y - 20}, middle
				if c.place(p, outside(w, climb, 30), far) {
					continue
				}
				w = outside(w, -climb, 30)
			} else {
				w.at, w.s = pt{c.box.x0 + 8, c.box.y0 + 18}, w.s+": the Sun does not come there"
			}
			c.say(p, w)
		}
	}
	c.windowLabels(p)
	if lines := c.arc(c.Moon, nil); len(lines) > 0 {
		line := slices.MaxFunc(lines, func(a, b []pt) int { return cmp.Compare(len(a), len(b)) })
		at := line[len(line)*4/5]
		c.say(p, words{at: pt{at.x + 14, at.y}, s: "Moon", size: 12, ink: softInk})
	}
	c.twilightNames(p)
}

// twilightNames writes each name into its own band, at the side that is free: in another band it would be wrong.
func (c *chart) twilightNames(p *Picture) {
	for _, b := range twilightNames {
		left := words{at: pt{c.box.x0 + 6, c.y(b.elevation) + 4}, s: b.name, size: 11, ink: softInk}
		right := left
		right.at.x, right.anchor = c.box.x1-6, end
		if here := []float64{0}; !c.place(p, left, here) && !c.place(p, right, here) {
			p.halo(c.inside(left))
		}
	}
}

var twilightNames = []struct {
	elevation float64
	name      string
}{{-3.4, "civil twilight"}, {-9, "nautical twilight"}, {-15, "astronomical twilight"}}

// nearest is the place of the arc above the horizon that comes closest to an azimuth, and whether the Sun climbs there;
// false if it stays off by more than 2 sigma and 3 degrees.
func (c *chart) nearest(azimuth Measure) (at pt, climb float64, ok bool) {
	least := math.Max(2*azimuth.Sigma, 3)
	for i := 1; i < len(c.Sun); i++ {
		s := c.Sun[i]
		off := math.Abs(turn(s.AzimuthDeg, azimuth.Value))
		if s.ElevationDeg > -2 && off <= least && s.AtMs >= c.FromMs && s.AtMs <= c.ToMs {
			at, climb, least, ok = pt{c.t.x(s.AtMs), c.y(s.ElevationDeg)}, s.ElevationDeg-c.Sun[i-1].ElevationDeg, off, true
		}
	}
	return at, climb, ok
}

// windowLabels writes probabilities above the chart, in two rows when they crowd; the rest is in the list beneath.
func (c *chart) windowLabels(p *Picture) {
	ends := [2]float64{firstLabelX - 6, firstLabelX - 6}
	sorted := slices.Clone(c.Windows)
	slices.SortStableFunc(sorted, func(a, b Window) int { return cmp.Compare(a.FromMs, b.FromMs) })
	for _, w := range sorted {
		x0, x1, ok := c.t.clip(w.Span)
		label := percent(w.Probability)
		half := textWidth(label, 12, true) / 2
		x := math.Min((x0+x1)/2, c.box.x1-half)
		for row := range ends {
			if ok && x-half > ends[row]+6 {
				p.text(words{at: pt{x, c.box.y0 - 8 - 16*float64(row)}, s: label, size: 12, bold: true, anchor: middle})
				ends[row] = x + half
				break
			}
		}
	}
}

func (c *chart) legend(p *Picture) {
	y := c.box.y1 + 64
	x := 24.0
	item := func(draw func(x, y float64), name string) {
		draw(x, y-4)
		p.text(words{at: pt{x + 34, y}, s: name, size: 12})
		x += 34 + textWidth(name, 12, false) + 22
	}
	stroke := func(how paint) func(x, y float64) {
		return func(x, y float64) { p.line(pt{x, y}, pt{x + 28, y}, how) }
	}
	swatch := func(how paint) func(x, y float64) {
		return func(x, y float64) { p.area(box{x, y - 7, x + 28, y + 7}, how) }
	}
	if len(c.arc(c.Sun, nil)) > 0 {
		item(stroke(paint{stroke: ink, width: 2.5}), "Sun, dots: azimuth")
	}
	if len(c.arc(c.Moon, nil)) > 0 {
		item(stroke(paint{stroke: softInk, width: 1.5, dash: 3}), "Moon")
	}
	if slices.ContainsFunc(c.Marks, func(m SunMark) bool { return m.Elevation != nil }) {
		item(swatch(paint{fill: faint(orange, 110)}), "measured elevation ± σ")
	}
	if slices.ContainsFunc(c.Marks, func(m SunMark) bool { return m.Azimuth != nil }) {
		item(func(x, y float64) {
			p.line(pt{x, y}, pt{x + 28, y}, paint{stroke: vermillion, width: 6})
			p.line(pt{x + 7, y}, pt{x + 21, y}, paint{stroke: vermillion, width: 12})
		}, "measured azimuth ± σ, ± 2σ")
	}
	if len(c.Windows) > 0 {
		item(swatch(paint{fill: faint(green, 80), stroke: green, width: 1}), "windows")
	}
	if c.AskedMs != nil {
		item(stroke(askedPaint), "time asked")
	}
	for i, line := range c.listed {
		at := pt{84, y + 26 + 18*float64(i)}
		p.text(words{at: at, s: line[0], size: 13, bold: true, anchor: end})
		p.text(words{at: pt{at.x + 14, at.y}, s: fit(line[1], 13, 880, false), size: 13})
	}
}

func (c *chart) describe() string {
	top := slices.MaxFunc(c.Sun, func(a, b SkySample) int { return cmp.Compare(a.ElevationDeg, b.ElevationDeg) })
	var b strings.Builder
	fmt.Fprintf(&b, "%s. The Sun is highest at %s, %.1f degrees.", clean(c.Place), spanText(Span{top.AtMs, top.AtMs}, c.Zone), top.ElevationDeg)
	for _, m := range c.Marks {
		if m.Azimuth != nil {
			fmt.Fprintf(&b, " Measured azimuth %.1f ± %.1f degrees.", m.Azimuth.Value, m.Azimuth.Sigma)
		}
		if m.Elevation != nil {
			fmt.Fprintf(&b, " Measured elevation %.1f ± %.1f degrees.", m.Elevation.Value, m.Elevation.Sigma)
		}
	}
	if c.AskedMs != nil {
		fmt.Fprintf(&b, " Time asked: %s.", c.askedText())
	}
	for _, line := range c.listed {
		fmt.Fprintf(&b, " Window: %s.", strings.TrimSpace(line[0]+" "+clean(line[1])))
	}
	return b.String()
}

// list prints the windows, likeliest first, and how many are left out.
func (c *chart) list() [][2]string {
	const most = 6
	sorted := slices.Clone(c.Windows)
	slices.SortStableFunc(sorted, func(a, b Window) int {
		return cmp.Or(cmp.Compare(b.Probability, a.Probability), cmp.Compare(a.FromMs, b.FromMs))
	})
	var out [][2]string
	for i, w := range sorted {
		if i == most {
			out = append(out, [2]string{"", fmt.Sprintf("and %d windows more", len(sorted)-most)})
			break
		}
		out = append(out, [2]string{percent(w.Probability), spanText(w.Span, c.Zone) + " " + zoneName(c.Zone)})
	}
	return out
}
