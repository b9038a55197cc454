package plot

import "math"

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
