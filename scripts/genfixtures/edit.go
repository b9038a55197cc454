package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
)

// encode writes a JPEG. Its bytes belong to the Go release that made them: the encoder of the standard library changed
// with Go 1.26.
func encode(img image.Image, quality int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err) // a buffer takes everything, and no picture here is over 65,535 pixels
	}
	return b.Bytes()
}

func decodeJPEG(data []byte) image.Image {
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		panic(err) // it was encoded here
	}
	return img
}

// part is the rectangle r of img, brought to w by h pixels by linear interpolation.
func part(img image.Image, r image.Rectangle, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := x*(r.Dx()-1)*256/max(w-1, 1), y*(r.Dy()-1)*256/max(h-1, 1)
			out.SetRGBA(x, y, between(img, r, fx, fy))
		}
	}
	return out
}

// between reads img at r.Min plus fx, fy in 256ths of a pixel.
func between(img image.Image, r image.Rectangle, fx, fy int) color.RGBA {
	var v [3]int
	for _, c := range [4][2]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
		x, y := min(r.Min.X+fx>>8+c[0], r.Max.X-1), min(r.Min.Y+fy>>8+c[1], r.Max.Y-1)
		wx, wy := 256-fx&255, 256-fy&255
		if c[0] == 1 {
			wx = fx & 255
		}
		if c[1] == 1 {
			wy = fy & 255
		}
		red, green, blue, _ := img.At(x, y).RGBA()
		for i, s := range [3]uint32{red, green, blue} {
			v[i] += int(s>>8) * wx * wy
		}
	}
	return color.RGBA{clamp(v[0] >> 16), clamp(v[1] >> 16), clamp(v[2] >> 16), 255}
}

// reencoded is what a messenger makes of a photo: smaller, and compressed harder.
func reencoded(original []byte) []byte {
	img := decodeJPEG(original)
	b := img.Bounds()
	return encode(part(img, b, b.Dx()*3/4, b.Dy()*3/4), 62)
}

// cropped loses about five percent of the width and the height.
func cropped(original []byte) []byte {
	img := decodeJPEG(original)
	b := img.Bounds()
	r := image.Rect(b.Dx()*3/100, b.Dy()*2/100, b.Dx()*98/100, b.Dy()*97/100)
	return encode(part(img, r, b.Dx(), b.Dy()), 78)
}

// mirrored is turned left to right.
func mirrored(original []byte) []byte {
	img := decodeJPEG(original)
	b := img.Bounds()
	out := image.NewRGBA(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(b.Dx()-1-x, y, img.At(x, y))
		}
	}
	return encode(out, 78)
}

// branded has the sign of an invented channel in a corner.
func branded(original []byte) []byte {
	img := decodeJPEG(original)
	b := img.Bounds()
	c := newCanvas(b.Dx(), b.Dy())
	for y := range c.h {
		for x := range c.w {
			c.img.Set(x, y, img.At(x, y))
		}
	}
	x, y := c.w*74/100, c.h*4/100
	c.rect(x, y, c.w*22/100, c.h*11/100, rgb{196, 30, 40}, 1, 4)
	for i := range 7 { // bars instead of letters
		c.rect(x+c.w*(2+i*28/10)/100, y+c.h*3/100, c.w*2/100-i%3, c.h*5/100, rgb{250, 250, 250}, 2, 0)
	}
	return encode(c.img, 78)
}
