package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

var (
	black = color.RGBA{0, 0, 0, 255}
	white = color.RGBA{255, 255, 255, 255}
)

func fill(img *image.RGBA, r image.Rectangle, c color.RGBA) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

func canvas(w, h int, c color.RGBA) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	fill(img, img.Rect, c)
	return img
}

func copied(src *image.RGBA) *image.RGBA {
	out := image.NewRGBA(src.Rect)
	copy(out.Pix, src.Pix)
	return out
}

// put draws src into the rectangle of dst, scaled when sizes differ.
func put(dst *image.RGBA, r image.Rectangle, src *image.RGBA) {
	if r.Size() == src.Rect.Size() {
		draw.Draw(dst, r, src, src.Rect.Min, draw.Src)
		return
	}
	xdraw.CatmullRom.Scale(dst, r, src, src.Rect, xdraw.Src, nil)
}

func scaled(src *image.RGBA, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	put(out, out.Rect, src)
	return out
}

// within scales down to a longest side; smaller pictures stay as they are.
func within(src *image.RGBA, side int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if longest := max(w, h); longest > side {
		return scaled(src, w*side/longest, h*side/longest)
	}
	return src
}

// turned takes each pixel of a w x h picture from where at says.
func turned(src *image.RGBA, w, h int, at func(x, y int) (sx, sy int)) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := at(x, y)
			out.SetRGBA(x, y, src.RGBAAt(sx, sy))
		}
	}
	return out
}

// tilted turns by some degrees about the middle; corners without picture are black.
func tilted(src *image.RGBA, deg float64) *image.RGBA {
	w, h := float64(src.Rect.Dx()), float64(src.Rect.Dy())
	out := canvas(src.Rect.Dx(), src.Rect.Dy(), black)
	sin, cos := math.Sincos(deg * math.Pi / 180)
	toOut := f64.Aff3{cos, -sin, w/2 - cos*w/2 + sin*h/2, sin, cos, h/2 - sin*w/2 - cos*h/2}
	xdraw.BiLinear.Transform(out, toOut, src, src.Rect, xdraw.Src, nil)
	return out
}

// each changes every pixel.
func each(src *image.RGBA, change func(c color.RGBA) color.RGBA) *image.RGBA {
	out := image.NewRGBA(src.Rect)
	for i := 0; i < len(src.Pix); i += 4 {
		c := change(color.RGBA{src.Pix[i], src.Pix[i+1], src.Pix[i+2], 255})
		out.Pix[i], out.Pix[i+1], out.Pix[i+2], out.Pix[i+3] = c.R, c.G, c.B, 255
	}
	return out
}

// toned raises shadows by a gamma and then the contrast about the middle grey.
func toned(src *image.RGBA, gamma, contrast float64) *image.RGBA {
	var table [256]uint8
	for i := range table {
		table[i] = level((255*math.Pow(float64(i)/255, gamma)-128)*contrast + 128)
	}
	return each(src, func(c color.RGBA) color.RGBA { return color.RGBA{table[c.R], table[c.G], table[c.B], 255} })
}

func greyed(src *image.RGBA) *image.RGBA {
	return each(src, func(c color.RGBA) color.RGBA {
		g := color.GrayModel.Convert(c).(color.Gray).Y
		return color.RGBA{g, g, g, 255}
	})
}

// noisy adds Gaussian noise, the same to each channel.
func noisy(src *image.RGBA, sigma float64, rng *rand.Rand) *image.RGBA {
	return each(src, func(c color.RGBA) color.RGBA {
		n := rng.NormFloat64() * sigma
		return color.RGBA{level(float64(c.R) + n), level(float64(c.G) + n), level(float64(c.B) + n), 255}
	})
}

// blurred is three passes of a box, which is nearly a Gaussian of sigma = radius.
func blurred(src *image.RGBA, radius int) *image.RGBA {
	out := copied(src)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	line := make([]uint8, max(w, h))
	for range 3 {
		for c := range 3 {
			for y := range h {
				boxed(out.Pix[y*out.Stride+c:], 4, w, radius, line)
			}
			for x := range w {
				boxed(out.Pix[4*x+c:], out.Stride, h, radius, line)
			}
		}
	}
	return out
}

// boxed replaces n values, step apart, by the means about them. line is room for n values.
func boxed(pix []uint8, step, n, radius int, line []uint8) {
	sum, count := 0, 0
	for i := range min(radius, n) {
		sum += int(pix[i*step])
		count++
	}
	for i := range n {
		if in := i + radius; in < n {
			sum += int(pix[in*step])
			count++
		}
		if gone := i - radius - 1; gone >= 0 {
			sum -= int(pix[gone*step])
			count--
		}
		line[i] = uint8((sum + count/2) / count)
	}
	for i := range n {
		pix[i*step] = line[i]
	}
}

func jpegOf(img image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}

// recompressed is the picture after one more pass through JPEG.
func recompressed(src *image.RGBA, quality int) (*image.RGBA, error) {
	b, err := jpegOf(src, quality)
	if err != nil {
		return nil, err
	}
	return opened(b)
}

// opened decodes a JPEG that this program may trust.
func opened(b []byte) (*image.RGBA, error) {
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out, nil
}
