package plot

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"
	"time"
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
	AskedMs *int64 // the instant of the question, if there is one
}

// SunDay draws the sun's elevation over the day with ticks of azimuth, twilight as bands, measured elevations as level
// bands, measured azimuths as stretches of the arc (1 and 2 sigma), the windows shaded with their probabilities, and the
// instant asked for as an upright line.
func SunDay(d Day) (*Picture, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	c := newChart(d)
	p := newPicture(1000, c.box.y1+100+18*float64(len(c.listed)), d.Title)
	p.desc = c.describe()
	p.text(words{at: pt{24, 32}, s: fit(p.title, 18, 950, true), size: 18, bold: true})
	dates := fit(spanText(Span{d.FromMs, d.ToMs}, d.Zone)+" "+zoneName(d.Zone), 12, 400, false)
	p.text(words{at: pt{24, 54}, s: fit(d.Place, 13, 930-textWidth(dates, 12, false), false), size: 13, ink: softInk})
	p.text(words{at: pt{976, 54}, s: dates, size: 12, ink: softInk, anchor: end})
	c.twilight(p)
	c.windows(p)
	c.asked(p)
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
	if at := d.AskedMs; at != nil && (*at < d.FromMs || *at > d.ToMs) {
		return fmt.Errorf("plot: day: the time asked lies outside it")
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

func (c *chart) asked(p *Picture) {
	if c.AskedMs == nil {
		return
	}
	x := c.t.x(*c.AskedMs)
	p.line(pt{x, c.box.y0}, pt{x, c.box.y1}, askedPaint)
	for y := c.box.y0; y < c.box.y1; y += 6 { // labels keep off the line
		c.occupied = append(c.occupied, box{x - 3, y, x + 3, y + 6})
	}
	half := textWidth(c.askedText(), 12, true) / 2
	x = math.Max(firstLabelX+half, math.Min(c.box.x1-half, x))
	p.text(words{at: pt{x, c.box.y0 - 8}, s: c.askedText(), size: 12, bold: true, anchor: middle})
}

func (c *chart) askedText() string {
	return time.UnixMilli(*c.AskedMs).In(c.Zone.location()).Format("15:04:05")
}

// firstLabelX is where labels above the chart begin: right of the word "elevation".
const firstLabelX = 96

var askedPaint = paint{stroke: blue, width: 2}

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
