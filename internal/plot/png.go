package plot

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

func writePNG(w io.Writer, p *Picture, scale float64) error {
	if err := checkRange("scale", scale, 0.5, 4); err != nil {
		return err
	}
	width, height := int(math.Ceil(p.width*scale)), int(math.Ceil(p.height*scale))
	if width < 1 || height < 1 || width*height > maxPixels {
		return fmt.Errorf("plot: png: %dx%d is more than %d pixels", width, height, maxPixels)
	}
	b := &bitmap{img: image.NewRGBA(image.Rect(0, 0, width, height)), scale: scale, faces: map[faceKey]font.Face{}}
	for _, step := range p.steps {
		step(b)
	}
	if b.err != nil {
		return b.err
	}
	for i := 3; i < len(b.img.Pix); i += 4 {
		b.img.Pix[i] = 255 // the paper is opaque; blending many faint layers loses that to rounding
	}
	if err := png.Encode(w, b.img); err != nil {
		return fmt.Errorf("plot: write png: %w", err)
	}
	return nil
}

type faceKey struct {
	size float64
	bold bool
}

type bitmap struct {
	img   *image.RGBA
	scale float64
	faces map[faceKey]font.Face
	err   error
}

func (b *bitmap) path(lines [][]pt, p paint) {
	if p.fill.A > 0 {
		b.fill(lines, p.fill)
	}
	if p.stroke.A > 0 && p.width > 0 {
		var pieces [][]pt
		for _, line := range lines {
			pieces = append(pieces, outline(line, p)...)
		}
		b.fill(pieces, p.stroke)
	}
}

// fill rasterises only the bounding box of the shape: a tick must not cost a pass over the whole picture.
func (b *bitmap) fill(rings [][]pt, c color.NRGBA) {
	lo, hi := pt{math.Inf(1), math.Inf(1)}, pt{math.Inf(-1), math.Inf(-1)}
	for _, ring := range rings {
		for _, v := range ring {
			lo, hi = pt{math.Min(lo.x, v.x), math.Min(lo.y, v.y)}, pt{math.Max(hi.x, v.x), math.Max(hi.y, v.y)}
		}
	}
	s := b.scale
	reach := image.Rect(floor(lo.x*s), floor(lo.y*s), floor(hi.x*s)+1, floor(hi.y*s)+1).Intersect(b.img.Bounds())
	if reach.Empty() {
		return
	}
	z := vector.NewRasterizer(reach.Dx(), reach.Dy())
	for _, ring := range rings {
		for i, v := range ring {
			x, y := float32(v.x*s-float64(reach.Min.X)), float32(v.y*s-float64(reach.Min.Y))
			if i == 0 {
				z.MoveTo(x, y)
			} else {
				z.LineTo(x, y)
			}
		}
		z.ClosePath()
	}
	z.Draw(b.img, reach, image.NewUniform(c), image.Point{})
}

func floor(v float64) int { return int(math.Floor(math.Max(-1e6, math.Min(1e6, v)))) }

// outline turns a line into pieces that all run the same way round, so that overlaps join under the non-zero rule.
func outline(line []pt, p paint) [][]pt {
	if p.closed && len(line) > 2 {
		line = append(line[:len(line):len(line)], line[0])
	}
	var out [][]pt
	for _, piece := range dashes(line, p.dash) {
		for i := 1; i < len(piece); i++ {
			if quad, ok := thick(piece[i-1], piece[i], p.width/2); ok {
				out = append(out, quad)
			}
			if i > 1 && p.width > 1.5 {
				out = append(out, dot(piece[i-1], p.width/2, 12))
			}
		}
	}
	return out
}

func thick(a, b pt, half float64) ([]pt, bool) {
	dx, dy := b.x-a.x, b.y-a.y
	n := math.Hypot(dx, dy)
	if n == 0 {
		return nil, false
	}
	ox, oy := -dy/n*half, dx/n*half
	return positive([]pt{{a.x + ox, a.y + oy}, {b.x + ox, b.y + oy}, {b.x - ox, b.y - oy}, {a.x - ox, a.y - oy}}), true
}

// dot is a disc as a polygon of n corners.
func dot(at pt, radius float64, n int) []pt {
	out := make([]pt, n)
	for i := range out {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		out[i] = pt{at.x + radius*c, at.y + radius*s}
	}
	return positive(out)
}

func signedArea(ring []pt) float64 {
	sum := 0.0
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		sum += a.x*b.y - b.x*a.y
	}
	return sum / 2
}

func positive(ring []pt) []pt {
	if signedArea(ring) < 0 {
		return reversed(ring)
	}
	return ring
}

func reversed(ring []pt) []pt {
	out := make([]pt, len(ring))
	for i, v := range ring {
		out[len(ring)-1-i] = v
	}
	return out
}

func dashes(line []pt, length float64) [][]pt {
	if length <= 0 || len(line) < 2 {
		return [][]pt{line}
	}
	var out [][]pt
	cur, on, left := []pt{line[0]}, true, length
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		for n := math.Hypot(b.x-a.x, b.y-a.y); n > left; n = math.Hypot(b.x-a.x, b.y-a.y) {
			a = pt{a.x + (b.x-a.x)*left/n, a.y + (b.y-a.y)*left/n}
			if on {
				out = append(out, append(cur, a))
			}
			cur, on, left = []pt{a}, !on, length
		}
		left -= math.Hypot(b.x-a.x, b.y-a.y)
		cur = append(cur, b)
	}
	if on && len(cur) > 1 {
		out = append(out, cur)
	}
	return out
}

func (b *bitmap) text(w words) {
	key := faceKey{w.size * b.scale, w.bold}
	face, ok := b.faces[key]
	if !ok {
		var err error
		if face, err = newFace(key.size, w.bold); err != nil {
			b.err = err
			return
		}
		b.faces[key] = face
	}
	x := w.at.x*b.scale - w.anchor.before(float64(font.MeasureString(face, w.s))/64)
	d := font.Drawer{Dst: b.img, Src: image.NewUniform(w.ink), Face: face,
		Dot: fixed.Point26_6{X: fixed.Int26_6(math.Round(x * 64)), Y: fixed.Int26_6(math.Round(w.at.y * b.scale * 64))}}
	d.DrawString(w.s)
}

func newFace(size float64, bold bool) (font.Face, error) {
	data := goregular.TTF
	if bold {
		data = gobold.TTF
	}
	parsed, err := opentype.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("plot: font: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, fmt.Errorf("plot: font: %w", err)
	}
	return face, nil
}

// textWidth is the room that words are given: as wide as DejaVu Sans sets them, the widest of the fonts of an SVG, which
// stands where there is no other (measured: 1.16 times the font of the PNG, 1.25 times when bold).
func textWidth(s string, size float64, bold bool) float64 {
	if bold {
		return 1.25 * drawnWidth(s, size, bold)
	}
	return 1.16 * drawnWidth(s, size, bold)
}

// drawnWidth measures with the font of the PNG.
func drawnWidth(s string, size float64, bold bool) float64 {
	face, err := newFace(size, bold)
	if err != nil { // the font is part of the program
		return float64(len(s)) * size
	}
	return float64(font.MeasureString(face, clean(s))) / 64
}

// fit cuts a label to a width, with an ellipsis.
func fit(s string, size, width float64, bold bool) string {
	s = clean(s)
	if textWidth(s, size, bold) <= width {
		return s
	}
	runes := []rune(s)
	for n := len(runes) - 1; n > 0; n-- {
		if cut := string(runes[:n]) + "…"; textWidth(cut, size, bold) <= width {
			return cut
		}
	}
	return "…"
}
