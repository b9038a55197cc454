package plot

import (
	"image/color"
	"io"
)

// pt is a place on the picture: x to the right, y down, in units of an SVG pixel.
type pt struct{ x, y float64 }

// paint is how a shape is filled and stroked; an alpha of 0 leaves that part out.
type paint struct {
	fill   color.NRGBA
	stroke color.NRGBA
	width  float64
	dash   float64 // length of dashes and gaps; 0 is solid
	closed bool
}

// words is one line of text; at is on its base line.
type words struct {
	at     pt
	s      string
	size   float64
	bold   bool
	ink    color.NRGBA
	anchor anchor
}

type anchor int

const (
	start anchor = iota
	middle
	end
)

// before is how much of a text of that width lies left of its anchor.
func (a anchor) before(wide float64) float64 { return wide * float64(a) / 2 }

// canvas is what a picture is drawn on. A path is filled by the non-zero rule: holes run against their outlines.
type canvas interface {
	path(lines [][]pt, p paint)
	text(w words)
}

// Picture is a finished drawing. Make one with SunDay, Rings, GroundMap or Timeline.
type Picture struct {
	width, height float64
	title         string
	desc          string // says in a few sentences what the picture shows, for readers who cannot see it
	steps         []func(canvas)
}

// Words are the title, and what the picture shows in a few sentences, for readers who cannot see it.
func (p *Picture) Words() (title, shows string) { return p.title, p.desc }

// Size is the width and height of the picture, in SVG pixels.
func (p *Picture) Size() (width, height float64) { return p.width, p.height }

// SVG writes the picture as a stand-alone SVG 1.1 document without scripts, styles or outside references.
func (p *Picture) SVG(w io.Writer) error { return writeSVG(w, p) }

// PNG writes the picture with scale device pixels per SVG pixel; 2 suits screens and print, 0.5..4 are allowed.
func (p *Picture) PNG(w io.Writer, scale float64) error { return writePNG(w, p, scale) }

func newPicture(width, height float64, title string) *Picture {
	p := &Picture{width: width, height: height, title: clean(title)}
	p.area(box{0, 0, width, height}, paint{fill: white})
	return p
}

func (p *Picture) path(lines [][]pt, how paint) {
	if len(lines) > 0 {
		p.steps = append(p.steps, func(c canvas) { c.path(lines, how) })
	}
}

func (p *Picture) text(w words) {
	w.s = clean(w.s)
	if w.ink.A == 0 {
		w.ink = ink
	}
	p.steps = append(p.steps, func(c canvas) { c.text(w) })
}

func (p *Picture) line(a, b pt, how paint) { p.path([][]pt{{a, b}}, how) }

// box is a rectangle, x0 < x1 and y0 < y1.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) ring() []pt { return []pt{{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}} }

func (b box) meets(o box) bool { return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 }

func (p *Picture) area(b box, how paint) {
	if b.x1 > b.x0 && b.y1 > b.y0 {
		how.closed = true
		p.path([][]pt{b.ring()}, how)
	}
}

// halo writes dark words on a pale plate, where lines run underneath.
func (p *Picture) halo(w words) {
	wide := textWidth(w.s, w.size, w.bold)
	x := w.at.x - w.anchor.before(wide)
	plate := white
	plate.A = 215
	p.area(box{x - 3, w.at.y - w.size*0.85, x + wide + 3, w.at.y + w.size*0.3}, paint{fill: plate})
	p.text(w)
}

var (
	white      = color.NRGBA{255, 255, 255, 255}
	ink        = color.NRGBA{0x1a, 0x1a, 0x1a, 255}
	softInk    = color.NRGBA{0x4a, 0x4a, 0x4a, 255}
	gridLine   = color.NRGBA{0xc8, 0xc8, 0xc8, 255}
	frameLine  = color.NRGBA{0x60, 0x60, 0x60, 255}
	blue       = color.NRGBA{0x00, 0x72, 0xb2, 255} // Okabe-Ito, from dark to light in grey
	vermillion = color.NRGBA{0xd5, 0x5e, 0x00, 255}
	green      = color.NRGBA{0x00, 0x9e, 0x73, 255}
	orange     = color.NRGBA{0xe6, 0x9f, 0x00, 255}
	skyBlue    = color.NRGBA{0x56, 0xb4, 0xe9, 255}
)

func faint(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}
