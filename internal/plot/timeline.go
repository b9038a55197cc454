package plot

import (
	"fmt"
	"image/color"
	"strings"
)

// Row is what one clock or one finding says: the spans in which the footage can have been made by it.
type Row struct {
	Label  string // the clock, on the left
	Note   string // printed small beneath the label: reliability, "stale fix", ...
	Spans  []Span
	Doubts bool // drawn hollow and dashed: flagged, a falseticker, not used
}

// Lines is the input of Timeline.
type Lines struct {
	Title  string
	FromMs int64
	ToMs   int64
	Zone   Zone
	Rows   []Row
	Set95  []Span // the fused answer: the 95 % set and the 50 % set
	Set50  []Span
	Result string // one line beneath, such as the masses of the hypotheses
}

// Timeline draws one row per clock and the fused window beneath, which also shades the rows.
func Timeline(t Lines) (*Picture, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	const width, rowHeight, top = 1000.0, 40.0, 74.0
	left := 150.0
	for _, r := range t.Rows {
		left = max(left, min(300, 40+textWidth(r.Label, 13, true)), min(300, 40+textWidth(r.Note, 11, false)))
	}
	bottom := top + rowHeight*float64(len(t.Rows)) + 58
	answer := answerLines(t)
	p := newPicture(width, bottom+52+18*float64(len(answer)), t.Title)
	p.desc = t.describe()
	a := axis{t.FromMs, t.ToMs, left, width - 24}
	p.text(words{at: pt{24, 32}, s: fit(p.title, 18, width-48, true), size: 18, bold: true})
	p.text(words{at: pt{a.x1, 54}, s: spanText(Span{t.FromMs, t.ToMs}, t.Zone) + " " + zoneName(t.Zone), size: 12, ink: softInk, anchor: end})
	for _, s := range t.Set95 {
		if x0, x1, ok := a.clip(s); ok {
			p.area(box{x0, top, x1, bottom}, paint{fill: faint(skyBlue, 70)})
		}
	}
	timeGrid(p, a, t.Zone, box{left, top, a.x1, bottom})
	for i, r := range t.Rows {
		drawRow(p, a, r, top+rowHeight*float64(i), rowHeight)
	}
	drawFused(p, a, t, bottom-58)
	p.area(box{left, top, a.x1, bottom}, paint{stroke: frameLine, width: 1})
	for i, line := range answer {
		p.text(words{at: pt{24, bottom + 48 + 18*float64(i)}, s: fit(line, 13, width-48, false), size: 13})
	}
	return p, nil
}

func (t Lines) check() error {
	if err := checkFrame(t.FromMs, t.ToMs, t.Zone); err != nil {
		return err
	}
	if err := checkCount("rows", len(t.Rows)); err != nil {
		return err
	}
	for _, r := range append([]Row{{Label: "95 % set", Spans: t.Set95}, {Label: "50 % set", Spans: t.Set50}}, t.Rows...) {
		for _, s := range r.Spans {
			if err := checkSpan(clean(r.Label), s); err != nil {
				return err
			}
		}
	}
	return nil
}

func timeGrid(p *Picture, a axis, z Zone, b box) {
	for _, t := range ticks(a, z, 10) {
		x := a.x(t.ms)
		p.line(pt{x, b.y0}, pt{x, b.y1 + 5}, paint{stroke: gridLine, width: 1})
		if half := textWidth(t.label, 12, false) / 2; x-half > b.x0-40 && x+half < b.x1+22 {
			p.text(words{at: pt{x, b.y1 + 19}, s: t.label, size: 12, anchor: middle})
		}
	}
}

func drawRow(p *Picture, a axis, r Row, y, height float64) {
	p.line(pt{24, y + height}, pt{a.x1, y + height}, paint{stroke: gridLine, width: 1})
	base := y + height/2 + 5
	if r.Note != "" {
		base = y + 17
		p.text(words{at: pt{24, y + 32}, s: fit(r.Note, 11, a.x0-34, false), size: 11, ink: softInk})
	}
	p.text(words{at: pt{24, base}, s: fit(r.Label, 13, a.x0-34, true), size: 13, bold: true})
	how := paint{fill: faint(blue, 215), stroke: blue, width: 1}
	if r.Doubts {
		how = paint{fill: faint(white, 160), stroke: vermillion, width: 1.5, dash: 4}
	}
	drawn := false
	for _, s := range r.Spans {
		x0, x1, ok := a.clip(s)
		if !ok {
			continue
		}
		drawn = true
		p.area(box{x0, y + 10, x1, y + height - 10}, how)
		arrows(p, a, s, y+height/2, how.stroke)
	}
	if !drawn {
		word := "no statement"
		if len(r.Spans) > 0 {
			word = "outside of this picture: " + spanText(r.Spans[0], Zone{}) + " UTC"
		}
		p.halo(words{at: pt{a.x0 + 10, y + height/2 + 4}, s: fit(word, 12, a.x1-a.x0-20, false), size: 12, ink: softInk})
	}
}

// arrows say that a span goes on beyond the picture.
func arrows(p *Picture, a axis, s Span, y float64, c color.NRGBA) {
	head := func(x, tip float64) {
		p.path([][]pt{positive([]pt{{x, y - 7}, {tip, y}, {x, y + 7}})}, paint{fill: white, stroke: c, width: 1, closed: true})
	}
	if s.FromMs < a.from {
		head(a.x0+12, a.x0+2)
	}
	if s.ToMs > a.to {
		head(a.x1-12, a.x1-2)
	}
}

func drawFused(p *Picture, a axis, t Lines, y float64) {
	p.line(pt{24, y}, pt{a.x1, y}, paint{stroke: frameLine, width: 1.5})
	p.text(words{at: pt{24, y + 27}, s: "all together", size: 14, bold: true})
	p.text(words{at: pt{24, y + 44}, s: "tall 50 %, low 95 %", size: 11, ink: softInk})
	for _, s := range t.Set95 {
		if x0, x1, ok := a.clip(s); ok {
			p.area(box{x0, y + 30, x1, y + 50}, paint{fill: skyBlue, stroke: blue, width: 1})
		}
	}
	for _, s := range t.Set50 {
		if x0, x1, ok := a.clip(s); ok {
			p.area(box{x0, y + 10, x1, y + 50}, paint{fill: blue, stroke: ink, width: 1})
		}
	}
}

func answerLines(t Lines) []string {
	out := []string{"95 % set: " + spanList(t.Set95, t.Zone), "50 % set: " + spanList(t.Set50, t.Zone)}
	if t.Result != "" {
		out = append(out, t.Result)
	}
	return out
}

// spanList prints up to three spans and how many more there are.
func spanList(spans []Span, z Zone) string {
	if len(spans) == 0 {
		return "none"
	}
	var parts []string
	for _, s := range spans[:min(3, len(spans))] {
		parts = append(parts, spanText(s, z))
	}
	if more := len(spans) - 3; more > 0 {
		parts = append(parts, fmt.Sprintf("%d more", more))
	}
	return strings.Join(parts, "; ") + " " + zoneName(z)
}

func (t Lines) describe() string {
	var b strings.Builder
	for _, r := range t.Rows {
		doubt := ""
		if r.Doubts {
			doubt = " (not used)"
		}
		fmt.Fprintf(&b, "%s%s: %s. ", clean(r.Label), doubt, clean(spanList(r.Spans, t.Zone)))
	}
	fmt.Fprintf(&b, "All together, 95 %% set: %s. 50 %% set: %s. %s", clean(spanList(t.Set95, t.Zone)), clean(spanList(t.Set50, t.Zone)), clean(t.Result))
	return b.String()
}
