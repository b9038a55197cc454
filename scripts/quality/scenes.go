package main

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// Drawn scenes are "dead leaves": shapes of one tone each, of sizes by a power law, that hide one another. Pictures made
// so have the spectrum and the edges of photos (Lee, Mumford and Huang, Occlusion Models for Natural Images, 2001). Two
// of three have a smooth sky above, as photos of places do.

// sceneSizes are widths and heights in pixels, as phones and web sites have them.
var sceneSizes = [][2]int{{1280, 960}, {960, 720}, {1280, 720}, {720, 1280}, {768, 1024}, {1080, 1080}}

// scene draws the scene of a number, always the same.
func scene(number int) *image.RGBA {
	rng := rand.New(rand.NewPCG(20241103, uint64(number)))
	size := sceneSizes[number%len(sceneSizes)]
	img := image.NewRGBA(image.Rect(0, 0, size[0], size[1]))
	fill(img, img.Rect, tone(rng))
	drawLeaves(img, rng, 2500)
	if number%3 != 0 {
		horizon := size[1] * (25 + rng.IntN(35)) / 100
		drawSky(img, rng, horizon)
		drawSkyline(img, rng, horizon)
	}
	return img
}

// drawLeaves drops n shapes all over the picture. The density of their radii r falls as r^-3.
func drawLeaves(img *image.RGBA, rng *rand.Rand, n int) {
	smallest, largest := 3.0, float64(min(img.Rect.Dx(), img.Rect.Dy()))/3
	lo, hi := 1/(smallest*smallest), 1/(largest*largest)
	for range n {
		l := aLeaf(img, rng)
		l.r = 1 / math.Sqrt(lo-rng.Float64()*(lo-hi)) // the inverse of the cumulative distribution
		l.draw(img)
	}
}

// drawSkyline puts what stands on the horizon there.
func drawSkyline(img *image.RGBA, rng *rand.Rand, horizon int) {
	for range 14 {
		l := aLeaf(img, rng)
		l.y, l.r = float64(horizon), float64(img.Rect.Dy())/16*(0.4+rng.Float64())
		l.draw(img)
	}
}

func aLeaf(img *image.RGBA, rng *rand.Rand) leaf {
	return leaf{x: rng.Float64() * float64(img.Rect.Dx()), y: rng.Float64() * float64(img.Rect.Dy()), aspect: 0.5 + rng.Float64(),
		turn: rng.Float64() * math.Pi, round: rng.IntN(2) == 0, tone: tone(rng), slope: rng.Float64()*0.4 - 0.2}
}

// leaf is an ellipse or a rectangle with a soft gradient.
type leaf struct {
	x, y, r, aspect, turn, slope float64
	round                        bool
	tone                         color.RGBA
}

func (l leaf) draw(img *image.RGBA) {
	reach := l.r * math.Max(1, l.aspect) * 1.5
	box := image.Rect(int(l.x-reach), int(l.y-reach), int(l.x+reach)+1, int(l.y+reach)+1).Intersect(img.Rect)
	sin, cos := math.Sincos(l.turn)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			dx, dy := float64(x)-l.x, float64(y)-l.y
			u, v := (dx*cos+dy*sin)/l.r, (dy*cos-dx*sin)/(l.r*l.aspect)
			if l.round && u*u+v*v <= 1 || !l.round && math.Abs(u) <= 1 && math.Abs(v) <= 1 {
				img.SetRGBA(x, y, times(l.tone, 1+l.slope*u))
			}
		}
	}
}

// drawSky covers what is above the horizon with a gradient and a few clouds.
func drawSky(img *image.RGBA, rng *rand.Rand, horizon int) {
	top, low := color.RGBA{90, 140, 205, 255}, color.RGBA{215, 222, 230, 255}
	if rng.IntN(3) == 0 {
		top, low = color.RGBA{140, 146, 156, 255}, color.RGBA{205, 206, 208, 255}
	}
	type cloud struct{ x, y, w, h float64 }
	clouds := make([]cloud, 3+rng.IntN(6))
	for i := range clouds {
		clouds[i] = cloud{rng.Float64() * float64(img.Rect.Dx()), rng.Float64() * float64(horizon),
			float64(img.Rect.Dx()) * (0.05 + 0.2*rng.Float64()), float64(horizon+1) * (0.03 + 0.15*rng.Float64())}
	}
	for y := range horizon {
		for x := range img.Rect.Dx() {
			white := 0.0
			for _, c := range clouds {
				u, v := (float64(x)-c.x)/c.w, (float64(y)-c.y)/c.h
				white = math.Max(white, math.Exp(-u*u-v*v))
			}
			img.SetRGBA(x, y, mix(mix(top, low, float64(y)/float64(horizon)), color.RGBA{250, 248, 246, 255}, 0.9*white))
		}
	}
}

// tone is one of the muted colours of ground, plants, walls and shadows.
func tone(rng *rand.Rand) color.RGBA {
	light := 25 + 205*math.Pow(rng.Float64(), 1.2)
	warm, green := rng.Float64()*0.3-0.12, rng.Float64()*0.16-0.06
	return color.RGBA{level(light * (1 + warm)), level(light * (1 + green)), level(light * (1 - warm)), 255}
}

func times(c color.RGBA, f float64) color.RGBA {
	return color.RGBA{level(float64(c.R) * f), level(float64(c.G) * f), level(float64(c.B) * f), 255}
}

func mix(a, b color.RGBA, t float64) color.RGBA {
	at := func(a, b uint8) uint8 { return level(float64(a) + (float64(b)-float64(a))*t) }
	return color.RGBA{at(a.R, b.R), at(a.G, b.G), at(a.B, b.B), 255}
}

func level(v float64) uint8 { return uint8(math.Round(min(max(v, 0), 255))) }
