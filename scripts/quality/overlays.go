package main

import (
	"image"
	"image/color"
	"math/rand/v2"
)

// What is laid over or around pictures is always the same, whatever lies below: that is what makes strangers alike.

// letterboxed fits the picture between black bars into a frame of the given ratio of sides.
func letterboxed(src *image.RGBA, ratioW, ratioH int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	outW, outH := w, w*ratioH/ratioW
	if outH < h {
		outW, outH = h*ratioW/ratioH, h
	}
	out := canvas(outW, outH, black)
	put(out, src.Rect.Add(image.Pt((outW-w)/2, (outH-h)/2)), src)
	return out
}

func bordered(src *image.RGBA, percent int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	b := min(w, h) * percent / 100
	out := canvas(w+2*b, h+2*b, white)
	put(out, src.Rect.Add(image.Pt(b, b)), src)
	return out
}

// captioned has a white bar with two lines of text above the picture.
func captioned(src *image.RGBA, percent int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	bar := h * percent / (100 - percent) // percent of the new height
	out := canvas(w, h+bar, white)
	put(out, src.Rect.Add(image.Pt(0, bar)), src)
	write(out, image.Rect(w/30, bar/8, w*29/30, bar*7/8), 2, color.RGBA{20, 20, 20, 255}, 1)
	return out
}

// lowerThird has the bar of a broadcaster over the lower edge.
func lowerThird(src *image.RGBA, percent int) *image.RGBA {
	out := copied(src)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	bar := image.Rect(0, h-h*percent/100, w, h)
	for y := bar.Min.Y; y < bar.Max.Y; y++ {
		for x := range w {
			out.SetRGBA(x, y, mix(out.RGBAAt(x, y), color.RGBA{18, 40, 110, 255}, 0.85))
		}
	}
	fill(out, image.Rect(0, bar.Min.Y, w/6, h), color.RGBA{190, 20, 30, 255})
	write(out, image.Rect(w/5, bar.Min.Y+bar.Dy()/6, w*19/20, h-bar.Dy()/6), 2, white, 2)
	return out
}

// logoed has the logo of a channel in the upper right corner.
func logoed(src *image.RGBA, percent int) *image.RGBA {
	out := copied(src)
	w := src.Rect.Dx()
	side := w * percent / 100
	box := image.Rect(w-side-w/40, w/40, w-w/40, w/40+side*6/10)
	fill(out, box, color.RGBA{205, 25, 35, 255})
	write(out, box.Inset(side/10), 1, white, 3)
	return out
}

// screened is the recording of a phone's screen with the picture in an app: status bar, name of the poster, buttons, all
// the same; only what was posted with it, and comments, are the post's own.
func screened(src *image.RGBA, post uint64) *image.RGBA {
	const w, h = 720, 1560
	ink, paper := color.RGBA{30, 30, 34, 255}, color.RGBA{250, 250, 250, 255}
	out := canvas(w, h, paper)
	write(out, image.Rect(40, 20, 150, 50), 1, ink, 4)
	for i := range 3 {
		fill(out, image.Rect(580+40*i, 22, 606+40*i, 48), ink)
	}
	disc(out, 70, 130, 40, color.RGBA{60, 120, 200, 255})
	write(out, image.Rect(130, 100, 420, 165), 2, ink, 5)
	const top = 200
	shown := within(src, 1000)
	height := min(shown.Rect.Dy()*w/shown.Rect.Dx(), 900)
	width := shown.Rect.Dx() * height / shown.Rect.Dy()
	fill(out, image.Rect(0, top, w, top+height), black)
	put(out, image.Rect((w-width)/2, top, (w+width)/2, top+height), shown)
	under := top + height
	for i := range 4 {
		disc(out, 60+90*i, under+50, 26, color.RGBA{90, 90, 96, 255})
	}
	write(out, image.Rect(40, under+100, 680, min(under+420, h-110)), 8, ink, post)
	fill(out, image.Rect(0, h-100, w, h), color.RGBA{235, 235, 238, 255})
	for i := range 5 {
		disc(out, 72+144*i, h-50, 24, ink)
	}
	return out
}

// write fills the box with lines of strokes that are as dense as letters. The same seed writes the same text.
func write(img *image.RGBA, box image.Rectangle, lines int, c color.RGBA, seed uint64) {
	rng := rand.New(rand.NewPCG(7, seed))
	pitch := max(box.Dy()/lines, 2)
	height := max(pitch*6/10, 1)
	for line := range lines {
		y := box.Min.Y + line*pitch
		for x := box.Min.X; x < box.Max.X; {
			letter := max(height*(40+rng.IntN(40))/100, 2)
			stroke := max(letter/4, 1)
			if rng.IntN(6) > 0 { // else a space
				fill(img, image.Rect(x, y, x+stroke, y+height).Intersect(box), c)
				bar := y + rng.IntN(3)*(height-stroke)/2
				fill(img, image.Rect(x, bar, x+letter, bar+stroke).Intersect(box), c)
			}
			x += letter + stroke
		}
	}
}

func disc(img *image.RGBA, cx, cy, r int, c color.RGBA) {
	for y := -r; y <= r; y++ {
		for x := -r; x <= r; x++ {
			if x*x+y*y <= r*r && image.Pt(cx+x, cy+y).In(img.Rect) {
				img.SetRGBA(cx+x, cy+y, c)
			}
		}
	}
}
