package plot

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"
)

// SkySample is where a body stands at a time; elevations are apparent ones, as shadows and pictures show them.
type SkySample struct {
	AtMs                     int64
	AzimuthDeg, ElevationDeg float64
}

// SunMark is what was measured in the footage, either or both.
type SunMark struct {
	Label              string
	Azimuth, Elevation *Measure
}

// Window is a span of the answer with its probability, 0..1.
type Window struct {
	Span
	Probability float64
}

// Day is the input of SunDay.
type Day struct {
	Title   string
	Place   string // "48.5956 N 37.9999 E, 2024-11-03"
	FromMs  int64
	ToMs    int64
	Zone    Zone
	Sun     []SkySample // at least two, ascending in time; every 5 minutes gives a smooth arc
	Moon    []SkySample // may be empty
	Marks   []SunMark
	Windows []Window
}

// SunDay draws the sun's elevation over the day with ticks of azimuth, twilight as bands, measured elevations as level
// bands, measured azimuths as stretches of the arc (1 and 2 sigma), and the windows shaded with their probabilities.
func SunDay(d Day) (*Picture, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	c := newChart(d)
	p := newPicture(1000, c.box.y1+100+18*float64(len(c.listed)), d.Title)
	p.desc = c.describe()
	p.text(words{at: pt{24, 32}, s: fit(p.title, 18, 950, true), size: 18, bold: true})
	p.text(words{at: pt{24, 54}, s: fit(d.Place, 13, 950, false), size: 13, ink: softInk})
	c.twilight(p)
	c.windows(p)
	c.grid(p)
	c.elevations(p)
	c.bodies(p)
	c.azimuths(p)
	c.azimuthTicks(p)
	c.labels(p)
	p.area(c.box, paint{stroke: frameLine, width: 1})
	c.legend(p)
	return p, nil
}

func (d Day) check() error {
	if err := checkFrame(d.FromMs, d.ToMs, d.Zone); err != nil {
		return err
	}
	if d.ToMs-d.FromMs > 3*day.Milliseconds() {
		return fmt.Errorf("plot: day: more than three days make no readable arc")
	}
	if len(d.Sun) < 2 || len(d.Sun) > 1<<14 || len(d.Moon) > 1<<14 {
		return fmt.Errorf("plot: day: %d and %d samples: want 2..%d of the sun, as many of the moon", len(d.Sun), len(d.Moon), 1<<14)
	}
	if err := checkCount("marks", len(d.Marks)); err != nil {
		return err
	}
	if err := checkCount("windows", len(d.Windows)); err != nil {
		return err
	}
	for _, w := range d.Windows {
		if err := checkSpan("window", w.Span); err != nil {
			return err
		}
		if err := checkProbability("probability of a window", w.Probability); err != nil {
			return err
		}
	}
	for _, body := range [][]SkySample{d.Sun, d.Moon} {
		if err := checkSamples(body); err != nil {
			return err
		}
	}
	for _, m := range d.Marks {
		if err := m.check(); err != nil {
			return err
		}
	}
	return nil
}

func checkSamples(body []SkySample) error {
	for i, s := range body {
		if i > 0 && s.AtMs <= body[i-1].AtMs {
			return fmt.Errorf("plot: sample %d: not after the one before", i)
		}
		if err := checkRange("azimuth", s.AzimuthDeg, -360, 360); err != nil {
			return err
		}
		if err := checkRange("elevation", s.ElevationDeg, -90, 90); err != nil {
			return err
		}
	}
	return nil
}

func (m SunMark) check() error {
	for i, v := range []*Measure{m.Azimuth, m.Elevation} {
		if v == nil {
			continue
		}
		what := []string{"measured azimuth", "measured elevation"}[i]
		if err := checkRange(what, v.Value, -360, 360); err != nil {
			return err
		}
		if err := checkRange("sigma of the "+what, v.Sigma, 1e-6, 180); err != nil {
			return err
		}
	}
	return nil
}

// chart is a day with its axes.
type chart struct {
	Day
	box      box
	t        axis
	lowDeg   float64
	highDeg  float64
	listed   [][2]string
	occupied []box
}

func newChart(d Day) *chart {
	c := &chart{Day: d, lowDeg: -20, highDeg: 20}
	for _, s := range slices.Concat(d.Sun, d.Moon) {
		c.highDeg = math.Max(c.highDeg, s.ElevationDeg+6)
	}
	for _, m := range d.Marks {
		if m.Elevation != nil {
			c.highDeg = math.Max(c.highDeg, m.Elevation.Value+m.Elevation.Sigma+4)
		}
	}
	c.highDeg = math.Min(90, 10*math.Ceil(c.highDeg/10))
	c.box = box{62, 106, 976, 520}
	c.t = axis{d.FromMs, d.ToMs, c.box.x0, c.box.x1}
	c.listed = c.list()
	return c
}

func (c *chart) y(elevation float64) float64 {
	e := math.Max(c.lowDeg, math.Min(c.highDeg, elevation))
	return c.box.y1 - (e-c.lowDeg)/(c.highDeg-c.lowDeg)*(c.box.y1-c.box.y0)
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

func (c *chart) twilight(p *Picture) {
	for _, b := range []struct {
		top, bottom float64
		grey        uint8
	}{{-0.833, -6, 0xf0}, {-6, -12, 0xe6}, {-12, -18, 0xda}, {-18, -90, 0xcd}} {
		shade := color.NRGBA{b.grey - 4, b.grey, b.grey + 6, 255}
		p.area(box{c.box.x0, c.y(b.top), c.box.x1, c.y(b.bottom)}, paint{fill: shade})
	}
}

func (c *chart) windows(p *Picture) {
	for _, w := range c.Windows {
		if x0, x1, ok := c.t.clip(w.Span); ok {
			p.area(box{x0, c.box.y0, x1, c.box.y1}, paint{fill: faint(green, 80), stroke: green, width: 1})
		}
	}
}

func (c *chart) grid(p *Picture) {
	for e := math.Ceil(c.lowDeg/10) * 10; e <= c.highDeg; e += 10 {
		how := paint{stroke: faint(gridLine, 200), width: 1}
		if e == 0 {
			how = paint{stroke: ink, width: 1.2}
		}
		p.line(pt{c.box.x0, c.y(e)}, pt{c.box.x1, c.y(e)}, how)
		p.text(words{at: pt{c.box.x0 - 8, c.y(e) + 4}, s: strings.ReplaceAll(fmt.Sprintf("%.0f°", e), "-", "−"), size: 12, anchor: end})
	}
	p.text(words{at: pt{24, c.box.y0 - 12}, s: "elevation", size: 12, ink: softInk})
	c.hours(p, c.Zone, 20, ink)
	if c.Zone.OffsetMin != 0 {
		c.hours(p, Zone{}, 37, softInk)
	}
}

func (c *chart) hours(p *Picture, z Zone, below float64, colour color.NRGBA) {
	name := "UTC"
	if z.OffsetMin != 0 {
		name = strings.TrimPrefix(zoneName(Zone{OffsetMin: z.OffsetMin}), "UTC")
	}
	p.text(words{at: pt{24, c.box.y1 + below}, s: name, size: 12, ink: colour})
	for _, t := range ticks(c.t, z, 13) {
		x := c.t.x(t.ms)
		if below == 20 {
			p.line(pt{x, c.box.y0}, pt{x, c.box.y1 + 5}, paint{stroke: faint(gridLine, 150), width: 1})
		}
		if x > c.box.x0+12 && x < c.box.x1+4 {
			p.text(words{at: pt{x, c.box.y1 + below}, s: t.label, size: 12, anchor: middle, ink: colour})
		}
	}
}

func (c *chart) elevations(p *Picture) {
	for _, m := range c.Marks {
		if m.Elevation == nil {
			continue
		}
		e := *m.Elevation
		p.area(box{c.box.x0, c.y(e.Value + e.Sigma), c.box.x1, c.y(e.Value - e.Sigma)}, paint{fill: faint(orange, 110)})
		p.line(pt{c.box.x0, c.y(e.Value)}, pt{c.box.x1, c.y(e.Value)}, paint{stroke: vermillion, width: 1.5, dash: 6})
	}
}

func (c *chart) bodies(p *Picture) {
	for _, body := range []struct {
		samples []SkySample
		how     paint
	}{{c.Moon, paint{stroke: softInk, width: 1.5, dash: 3}}, {c.Sun, paint{stroke: ink, width: 2.5}}} {
		lines := c.arc(refine(body.samples, 4), nil)
		p.path(lines, body.how)
		for _, line := range lines {
			for _, v := range line { // labels keep off the arcs
				c.occupied = append(c.occupied, box{v.x - 3, v.y - 3, v.x + 3, v.y + 3})
			}
		}
	}
}

// arc is the drawn lines of a body where the test holds (everywhere if nil), cut at the chart's edges.
func (c *chart) arc(body []SkySample, keep func(SkySample) bool) [][]pt {
	var out [][]pt
	var cur []pt
	flush := func() {
		if len(cur) > 1 {
			out = append(out, cur)
		}
		cur = nil
	}
	for _, s := range body {
		if s.AtMs < c.FromMs || s.AtMs > c.ToMs || s.ElevationDeg < c.lowDeg || keep != nil && !keep(s) {
			flush()
			continue
		}
		cur = append(cur, pt{c.t.x(s.AtMs), c.y(s.ElevationDeg)})
	}
	flush()
	return out
}

func turn(a, b float64) float64 { return math.Remainder(a-b, 360) }

// azimuths draws the stretches of the arc whose azimuth fits a mark, on a finer curve than the samples.
func (c *chart) azimuths(p *Picture) {
	fine := refine(c.Sun, 12)
	for _, m := range c.Marks {
		if m.Azimuth == nil {
			continue
		}
		for _, band := range []struct{ sigmas, width float64 }{{2, 6}, {1, 12}} {
			p.path(c.arc(fine, func(s SkySample) bool {
				return s.ElevationDeg > -2 && math.Abs(turn(s.AzimuthDeg, m.Azimuth.Value)) <= band.sigmas*m.Azimuth.Sigma
			}), paint{stroke: vermillion, width: band.width})
		}
	}
	p.path(c.arc(fine, nil), paint{stroke: ink, width: 1.5})
}

// refine puts n-1 samples between each two.
func refine(body []SkySample, n int) []SkySample {
	if len(body) == 0 {
		return nil
	}
	var out []SkySample
	for i := 1; i < len(body); i++ {
		a, b := body[i-1], body[i]
		for k := range n {
			f := float64(k) / float64(n)
			out = append(out, SkySample{a.AtMs + int64(f*float64(b.AtMs-a.AtMs)),
				a.AzimuthDeg + f*turn(b.AzimuthDeg, a.AzimuthDeg), a.ElevationDeg + f*(b.ElevationDeg-a.ElevationDeg)})
		}
	}
	return append(out, body[len(body)-1])
}

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

// Lines above and below the place asked for, in the order in which they are tried.
var (
	near = []float64{0, -0.5, 0.5, -1, 1}
	far  = []float64{0, -1, 1, -2, 2, -3, 3, -4, 4}
)

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
	case start:
		w.at.x += half
	case end:
		w.at.x -= half
	}
	w.anchor = middle
	w.at.x = math.Max(c.box.x0+half+2, math.Min(c.box.x1-half-2, w.at.x))
	return w
}

func (b box) meets(o box) bool { return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 }

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
				w = outside(w, climb, 30)
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
	for _, b := range twilightNames {
		c.say(p, words{at: pt{c.box.x0 + 6, c.y(b.elevation) + 4}, s: b.name, size: 11, ink: softInk})
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
	ends := [2]float64{90, 90}
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
	item(stroke(paint{stroke: ink, width: 2.5}), "Sun, dots: azimuth")
	if len(c.Moon) > 0 {
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
	for _, line := range c.listed {
		fmt.Fprintf(&b, " Window: %s.", strings.TrimSpace(line[0]+" "+clean(line[1])))
	}
	return b.String()
}
