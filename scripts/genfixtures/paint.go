package main

import (
	"image"
	"image/color"
	"slices"
)

// rgb is a colour in plain integers: all drawing is integer arithmetic, so that every machine draws the same bytes.
type rgb [3]int

func (c rgb) mix(o rgb, of256 int) rgb {
	for i := range c {
		c[i] += (o[i] - c[i]) * of256 / 256
	}
	return c
}

func (c rgb) times(of256 int) rgb { return rgb{}.mix(c, of256) }

func (c rgb) plus(d int) rgb { return rgb{c[0] + d, c[1] + d, c[2] + d} }

func clamp(v int) uint8 { return uint8(min(max(v, 0), 255)) }

// dice is splitmix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
type dice struct{ state uint64 }

func mix64(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (d *dice) next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	return mix64(d.state)
}

// between gives a number from lo to hi, both included.
func (d *dice) between(lo, hi int) int { return lo + int(d.next()%uint64(hi-lo+1)) }

// chance is true in percent of the throws.
func (d *dice) chance(percent int) bool { return d.between(1, 100) <= percent }

// lattice is the random value, 0 to 255, of one point of a grid.
func lattice(seed uint64, x, y int) int {
	return int(mix64(seed^uint64(uint32(x))*0x9e3779b97f4a7c15^uint64(uint32(y))*0xc2b2ae3d27d4eb4f) >> 56)
}

// noise is smooth random texture, 0 to 255, whose largest features are cell pixels wide; each octave adds finer ones.
func noise(seed uint64, x, y, cell, octaves int) int {
	sum, weight := 0, 0
	for o := range octaves {
		share := 1 << (octaves - 1 - o)
		sum += share * valueNoise(seed+uint64(o)*977, x, y, max(cell>>o, 1))
		weight += share
	}
	return sum / weight
}

func valueNoise(seed uint64, x, y, cell int) int {
	ix, fx := floorDiv(x, cell)
	iy, fy := floorDiv(y, cell)
	sx, sy := smooth(fx*256/cell), smooth(fy*256/cell)
	top := lattice(seed, ix, iy)*(256-sx) + lattice(seed, ix+1, iy)*sx
	bottom := lattice(seed, ix, iy+1)*(256-sx) + lattice(seed, ix+1, iy+1)*sx
	return (top*(256-sy) + bottom*sy) >> 16
}

func floorDiv(a, b int) (quotient, rest int) {
	quotient, rest = a/b, a%b
	if rest < 0 {
		quotient, rest = quotient-1, rest+b
	}
	return quotient, rest
}

// smooth is 3t^2-2t^3 on 0 to 256.
func smooth(t int) int { return t * t * (768 - 2*t) >> 16 }

// canvas is a picture being drawn.
type canvas struct {
	img  *image.RGBA
	w, h int
}

func newCanvas(w, h int) *canvas { return &canvas{image.NewRGBA(image.Rect(0, 0, w, h)), w, h} }

func (c *canvas) at(x, y int) rgb {
	p := c.img.RGBAAt(x, y)
	return rgb{int(p.R), int(p.G), int(p.B)}
}

func (c *canvas) set(x, y int, v rgb) {
	c.img.SetRGBA(x, y, color.RGBA{clamp(v[0]), clamp(v[1]), clamp(v[2]), 255})
}

func (c *canvas) inside(x, y int) bool { return x >= 0 && y >= 0 && x < c.w && y < c.h }

type pt struct{ x, y int }

// polygon calls paint for each pixel inside (even-odd rule).
func (c *canvas) polygon(corners []pt, paint func(x, y int)) {
	for y := range c.h {
		var cross []int
		for i, a := range corners {
			b := corners[(i+1)%len(corners)]
			if (a.y <= y) != (b.y <= y) {
				cross = append(cross, a.x+(b.x-a.x)*(y-a.y)/(b.y-a.y))
			}
		}
		slices.Sort(cross)
		for i := 0; i+1 < len(cross); i += 2 {
			for x := max(cross[i], 0); x < min(cross[i+1], c.w); x++ {
				paint(x, y)
			}
		}
	}
}

func (c *canvas) fill(corners []pt, v rgb, seed uint64, grain int) {
	c.polygon(corners, func(x, y int) { c.set(x, y, v.plus((noise(seed, x, y, 9, 2)-128)*grain/128)) })
}

func (c *canvas) rect(x, y, w, h int, v rgb, seed uint64, grain int) {
	c.fill([]pt{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, v, seed, grain)
}

// line draws a stroke of the given width.
func (c *canvas) line(a, b pt, width int, v rgb) {
	steps := max(abs(b.x-a.x), abs(b.y-a.y), 1)
	for i := range steps + 1 {
		x, y := a.x+(b.x-a.x)*i/steps, a.y+(b.y-a.y)*i/steps
		for dy := -width / 2; dy <= (width-1)/2; dy++ {
			for dx := -width / 2; dx <= (width-1)/2; dx++ {
				if c.inside(x+dx, y+dy) {
					c.set(x+dx, y+dy, v)
				}
			}
		}
	}
}

func abs(v int) int { return max(v, -v) }
