package look

import (
	"fmt"
	"image"
	"image/draw"

	"github.com/disintegration/imaging"

	"whenwhere/internal/grey"
)

// stripPx is how many rows are converted at once, so that a large picture is never held twice.
const stripPx = 64

// Levels are the grey levels of a decoded picture: those that it holds already, or else 0.299 R + 0.587 G + 0.114 B,
// rounded; what is transparent is black. It may share memory with img.
func Levels(img image.Image) (grey.Picture, error) {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	switch src := img.(type) {
	case *image.YCbCr:
		return strided(src.Y[src.YOffset(b.Min.X, b.Min.Y):], src.YStride, w, h), nil
	case *image.Gray:
		return strided(src.Pix[src.PixOffset(b.Min.X, b.Min.Y):], src.Stride, w, h), nil
	}
	luma := make([]uint8, 0, w*h)
	for y := b.Min.Y; y < b.Max.Y; y += stripPx {
		strip, err := straight(img, image.Rect(b.Min.X, y, b.Max.X, min(y+stripPx, b.Max.Y)))
		if err != nil {
			return grey.Picture{}, err
		}
		luma = appendLevels(luma, strip)
	}
	return grey.Whole(luma, w, h), nil
}

func strided(luma []uint8, stride, w, h int) grey.Picture {
	p := grey.Whole(luma, w, h)
	p.Stride = stride
	return p
}

// straight copies a part as straight RGBA. imaging reads these types by plain indexing; of others a copy is made here
// because imaging looks a palette up in goroutines of its own, where a bad index ends the process; here it is an error.
func straight(img image.Image, r image.Rectangle) (_ *image.NRGBA, err error) {
	switch img.(type) {
	case *image.NRGBA, *image.NRGBA64, *image.RGBA, *image.RGBA64, *image.Gray16:
		return imaging.Crop(img, r), nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("look: copy pixels of %T: %v", img, p)
		}
	}()
	flat := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(flat, flat.Rect, img, r.Min, draw.Src)
	return flat, nil
}

func appendLevels(luma []uint8, strip *image.NRGBA) []uint8 {
	for y := range strip.Rect.Dy() {
		row := strip.Pix[y*strip.Stride : y*strip.Stride+4*strip.Rect.Dx()]
		for ; len(row) >= 4; row = row[4:] {
			luma = append(luma, uint8(uint32(level(row[0], row[1], row[2]))*uint32(row[3])/255))
		}
	}
	return luma
}

// level is 0.299 R + 0.587 G + 0.114 B, rounded, in 16 binary places.
func level(r, g, b uint8) uint8 {
	return uint8((19595*uint32(r) + 38470*uint32(g) + 7471*uint32(b) + 1<<15) >> 16)
}
