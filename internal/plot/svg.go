package plot

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fontStack ends with the widest, which textWidth leaves room for.
const fontStack = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"

func writeSVG(w io.Writer, p *Picture) error {
	out := &svg{w: bufio.NewWriter(w)}
	out.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-labelledby="t d" font-family="%s">`+"\n",
		num(p.width), num(p.height), num(p.width), num(p.height), escape(fontStack))
	out.printf("<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n", escape(p.title), escape(p.desc))
	for _, step := range p.steps {
		step(out)
	}
	out.printf("</svg>\n")
	if out.err != nil {
		return fmt.Errorf("plot: write svg: %w", out.err)
	}
	if err := out.w.Flush(); err != nil {
		return fmt.Errorf("plot: write svg: %w", err)
	}
	return nil
}

type svg struct {
	w   *bufio.Writer
	err error
}

func (s *svg) printf(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.w, format, args...)
	}
}

func (s *svg) path(lines [][]pt, p paint) {
	var d strings.Builder
	for _, line := range lines {
		for i, v := range line {
			d.WriteByte("ML"[min(i, 1)])
			d.WriteString(num(v.x) + " " + num(v.y))
		}
		if p.closed {
			d.WriteByte('Z')
		}
	}
	s.printf(`<path d="%s"%s`, d.String(), colour("fill", p.fill))
	if p.stroke.A > 0 && p.width > 0 {
		s.printf(`%s stroke-width="%s" stroke-linejoin="round"`, colour("stroke", p.stroke), num(p.width))
		if p.dash > 0 {
			s.printf(` stroke-dasharray="%s"`, num(p.dash))
		}
	}
	s.printf("/>\n")
}

func (s *svg) text(w words) {
	s.printf(`<text x="%s" y="%s" font-size="%s"%s`, num(w.at.x), num(w.at.y), num(w.size), colour("fill", w.ink))
	if w.bold {
		s.printf(` font-weight="bold"`)
	}
	if w.anchor != start {
		s.printf(` text-anchor="%s"`, []string{"start", "middle", "end"}[w.anchor])
	}
	if w.s != "" { // readers that heed it set the words as the PNG does, whatever their font
		s.printf(` textLength="%s" lengthAdjust="spacingAndGlyphs"`, num(drawnWidth(w.s, w.size, w.bold)))
	}
	s.printf(">%s</text>\n", escape(w.s))
}

func colour(name string, c color.NRGBA) string {
	if c.A == 0 {
		return fmt.Sprintf(` %s="none"`, name)
	}
	out := fmt.Sprintf(` %s="#%02x%02x%02x"`, name, c.R, c.G, c.B)
	if c.A < 255 {
		out += fmt.Sprintf(` %s-opacity="%s"`, name, num(float64(c.A)/255))
	}
	return out
}

// num prints two decimals at most, and no -0.
func num(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100+0, 'f', -1, 64)
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder does not fail
	return b.String()
}

// clean makes a label that can be drawn: one line, cut at maxLabel, nothing invisible that reorders or hides text.
func clean(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n == maxLabel {
			b.WriteRune('…')
			break
		}
		if r == '\n' || r == '\t' {
			r = ' '
		}
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp) || r > 0x2ffff {
			r = utf8.RuneError
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}
