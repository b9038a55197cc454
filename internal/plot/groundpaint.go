package plot

func areaPaint(h Pattern) paint {
	switch h {
	case Rising:
		return paint{fill: faint(vermillion, 46), stroke: vermillion}
	case Falling:
		return paint{fill: faint(orange, 60), stroke: orange, dash: 5}
	case Level:
	}
	return paint{fill: faint(skyBlue, 40), stroke: skyBlue}
}

func tracePaint(thin bool) paint {
	if thin {
		return paint{stroke: softInk, width: 1.3, dash: 5}
	}
	return paint{stroke: ink, width: 2.6}
}

var sectorPaint = paint{fill: faint(blue, 60), stroke: blue, width: 1}

func discPaint(l Look) paint {
	switch l {
	case Measured:
		return paint{fill: faint(blue, 50), stroke: blue, width: 1.6}
	case Told:
		return paint{stroke: green, width: 1.8, dash: 2}
	case Claimed:
	}
	return paint{fill: faint(white, 60), stroke: ink, width: 2.2, dash: 8}
}

func (g Ground) legend() []legendItem {
	var out []legendItem
	swatch := func(label string, how paint, pattern Pattern) {
		out = append(out, legendItem{label, func(p *Picture, x, y float64) {
			b := box{x, y - 7, x + 28, y + 7}
			p.area(b, paint{fill: how.fill})
			if pattern != 0 {
				p.path(hatch([][]pt{b.ring()}, pattern), paint{stroke: how.stroke, width: 1, dash: how.dash})
				p.area(b, paint{stroke: how.stroke, width: 0.7})
				return
			}
			p.area(b, paint{stroke: how.stroke, width: how.width, dash: how.dash})
		}})
	}
	for _, a := range g.Areas {
		swatch(a.Label, areaPaint(a.Pattern), a.Pattern)
	}
	for _, t := range g.Traces {
		out = append(out, legendItem{t.Label, func(p *Picture, x, y float64) {
			if t.MarginM > 0 {
				p.area(box{x, y - 6, x + 28, y + 6}, paint{fill: faint(frameLine, 70)})
			}
			p.line(pt{x, y}, pt{x + 28, y}, tracePaint(t.Faint))
		}})
	}
	for _, d := range g.Discs {
		swatch(d.Label, discPaint(d.Look), 0)
	}
	for _, s := range g.Views {
		swatch(s.Label, sectorPaint, 0)
	}
	return out
}
