package main

import (
	"image"
	"math/rand/v2"
)

// Goals in percent.
const (
	goalAlways  = 99.0
	goalBorders = 92.0
	goalPlaces  = 95.0 // where things are not where they were
	goalScreen  = 85.0
)

// edit is what people do to footage before they post it again.
type edit struct {
	name    string
	goal    float64 // recall of the matcher in percent; 0: there is none, the figure is printed as it is
	shares  bool    // it lays the same thing over or around all pictures
	quality int     // of the JPEG; 0 is usual
	make    func(src *image.RGBA, rng *rand.Rand) (*image.RGBA, error)
}

const usualQuality = 85

// edits is the list of all, in the order of the table.
func edits() []edit {
	return []edit{
		{name: "recompression q30", goal: goalAlways, quality: 30, make: plain(func(s *image.RGBA) *image.RGBA { return s })},
		{name: "resize 25 %", goal: goalAlways, make: plain(func(s *image.RGBA) *image.RGBA { return scaled(s, s.Rect.Dx()/4, s.Rect.Dy()/4) })},
		{name: "messenger twice", goal: goalAlways, quality: 60, make: messenger},
		{name: "blur", goal: goalAlways, make: plain(func(s *image.RGBA) *image.RGBA { return blurred(s, max(s.Rect.Dx(), s.Rect.Dy(), 250)/250) })},
		{name: "noise sigma 16", goal: goalAlways, make: func(s *image.RGBA, rng *rand.Rand) (*image.RGBA, error) { return noisy(s, 16, rng), nil }},
		{name: "grey", goal: goalAlways, make: plain(greyed)},
		{name: "tone: lighter", goal: goalAlways, make: plain(func(s *image.RGBA) *image.RGBA { return toned(s, 0.6, 1) })},
		{name: "tone: contrast", goal: goalAlways, make: plain(func(s *image.RGBA) *image.RGBA { return toned(s, 1.2, 1.4) })},
		{name: "corner logo 15 %", goal: goalAlways, shares: true, make: plain(func(s *image.RGBA) *image.RGBA { return logoed(s, 15) })},
		{name: "lower third 15 %", goal: goalAlways, shares: true, make: plain(func(s *image.RGBA) *image.RGBA { return lowerThird(s, 15) })},
		{name: "crop 5 %", goal: goalPlaces, make: crop(5)},
		{name: "crop 10 %", goal: goalPlaces, make: crop(10)},
		{name: "crop 20 %", goal: goalPlaces, make: crop(20)},
		{name: "rotate 2 deg", goal: goalPlaces, make: plain(func(s *image.RGBA) *image.RGBA { return tilted(s, 2) })},
		{name: "rotate 5 deg", goal: goalPlaces, make: plain(func(s *image.RGBA) *image.RGBA { return tilted(s, 5) })},
		{name: "rotate 90 deg", goal: goalAlways, make: plain(quarter)},
		{name: "rotate 180 deg", goal: goalAlways, make: plain(half)},
		{name: "rotate 270 deg", goal: goalAlways, make: plain(func(s *image.RGBA) *image.RGBA { return half(quarter(s)) })},
		{name: "mirror", goal: goalAlways, make: plain(mirror)},
		{name: "letterbox 1:1", goal: goalBorders, shares: true, make: plain(func(s *image.RGBA) *image.RGBA { return letterboxed(s, 1, 1) })},
		{name: "letterbox 9:16", goal: goalBorders, shares: true, make: plain(func(s *image.RGBA) *image.RGBA { return letterboxed(s, 9, 16) })},
		{name: "white border 6 %", goal: goalBorders, shares: true, make: plain(func(s *image.RGBA) *image.RGBA { return bordered(s, 6) })},
		{name: "caption bar 12 %", goal: goalPlaces, shares: true, make: plain(func(s *image.RGBA) *image.RGBA { return captioned(s, 12) })},
		{name: "screen recording", goal: goalScreen, shares: true, make: func(s *image.RGBA, rng *rand.Rand) (*image.RGBA, error) { return screened(s, rng.Uint64()), nil }},
	}
}

// file is the edited picture as a JPEG.
func (e edit) file(src *image.RGBA, rng *rand.Rand) ([]byte, error) {
	img, err := e.make(src, rng)
	if err != nil {
		return nil, err
	}
	if e.quality == 0 {
		return jpegOf(img, usualQuality)
	}
	return jpegOf(img, e.quality)
}

// plain is an edit that needs no dice and cannot fail.
func plain(f func(*image.RGBA) *image.RGBA) func(*image.RGBA, *rand.Rand) (*image.RGBA, error) {
	return func(s *image.RGBA, _ *rand.Rand) (*image.RGBA, error) { return f(s), nil }
}

// messenger is sent on once, small and strongly compressed, before it is written the second time.
func messenger(src *image.RGBA, _ *rand.Rand) (*image.RGBA, error) {
	return recompressed(within(src, 640), 50)
}

// crop takes percent off the width and off the height, at sides by chance.
func crop(percent int) func(*image.RGBA, *rand.Rand) (*image.RGBA, error) {
	return func(src *image.RGBA, rng *rand.Rand) (*image.RGBA, error) {
		offX, offY := src.Rect.Dx()*percent/100, src.Rect.Dy()*percent/100
		left, top := rng.IntN(offX+1), rng.IntN(offY+1)
		part := src.SubImage(image.Rect(left, top, src.Rect.Dx()-offX+left, src.Rect.Dy()-offY+top)).(*image.RGBA)
		out := canvas(part.Rect.Dx(), part.Rect.Dy(), black)
		put(out, out.Rect, part)
		return out, nil
	}
}

func quarter(s *image.RGBA) *image.RGBA {
	w, h := s.Rect.Dx(), s.Rect.Dy()
	return turned(s, h, w, func(x, y int) (int, int) { return y, h - 1 - x })
}

func half(s *image.RGBA) *image.RGBA {
	w, h := s.Rect.Dx(), s.Rect.Dy()
	return turned(s, w, h, func(x, y int) (int, int) { return w - 1 - x, h - 1 - y })
}

func mirror(s *image.RGBA) *image.RGBA {
	w, h := s.Rect.Dx(), s.Rect.Dy()
	return turned(s, w, h, func(x, y int) (int, int) { return w - 1 - x, y })
}

// upright turns a picture that is stored with an EXIF orientation.
func upright(s *image.RGBA, orientation int) *image.RGBA {
	switch orientation {
	case 2:
		return mirror(s)
	case 3:
		return half(s)
	case 4:
		return half(mirror(s))
	case 5:
		return mirror(quarter(s))
	case 6:
		return quarter(s)
	case 7:
		return half(mirror(quarter(s)))
	case 8:
		return half(quarter(s))
	}
	return s
}
