package still

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"

	"github.com/disintegration/imaging"

	"whenwhere/internal/decode/look"
)

// bufferBytes keeps a decoder that reads byte by byte from making a system call for each.
const bufferBytes = 64 << 10

func plain(decode func(io.Reader) (image.Image, error)) func(*io.SectionReader) (image.Image, error) {
	return func(r *io.SectionReader) (image.Image, error) { return decode(bufio.NewReaderSize(r, bufferBytes)) }
}

func plainConfig(config func(io.Reader) (image.Config, error)) func(*io.SectionReader) (image.Config, error) {
	return func(r *io.SectionReader) (image.Config, error) { return config(bufio.NewReader(r)) }
}

// reduce squeezes a picture to a square of look.SidePx, whatever its shape: box average, or linear interpolation where a
// side must grow.
func reduce(img image.Image) (*image.NRGBA, error) {
	safe, err := drawable(img)
	if err != nil {
		return nil, err
	}
	filter := imaging.Box
	if safe.Bounds().Dx() < look.SidePx || safe.Bounds().Dy() < look.SidePx {
		filter = imaging.Linear
	}
	return imaging.Resize(safe, look.SidePx, look.SidePx, filter), nil
}

// drawable returns img if imaging reads its type by plain indexing, or else a copy. The copy is made here because imaging
// looks a palette up in goroutines of its own, where a bad index ends the process; here it is an error.
func drawable(img image.Image) (_ image.Image, err error) {
	switch img.(type) {
	case *image.NRGBA, *image.NRGBA64, *image.RGBA, *image.RGBA64, *image.Gray, *image.Gray16, *image.YCbCr:
		return img, nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("still: copy pixels of %T: %v", img, p)
		}
	}()
	b := img.Bounds()
	flat := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(flat, flat.Rect, img, b.Min, draw.Src)
	return flat, nil
}

// opaque lays a square on black, which is how goimagehash sees transparency.
func opaque(square *image.NRGBA) *image.RGBA {
	out := image.NewRGBA(square.Rect)
	draw.Draw(out, out.Rect, image.NewUniform(color.Black), image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, square, square.Rect.Min, draw.Over)
	return out
}

// turn makes a picture upright that was stored with EXIF orientation o (2 to 8; CIPA DC-008, tag 0x0112).
func turn(img *image.NRGBA, o int) *image.NRGBA {
	switch o {
	case 2:
		return imaging.FlipH(img)
	case 3:
		return imaging.Rotate180(img)
	case 4:
		return imaging.FlipV(img)
	case 5:
		return imaging.Transpose(img)
	case 6:
		return imaging.Rotate270(img)
	case 7:
		return imaging.Transverse(img)
	case 8:
		return imaging.Rotate90(img)
	}
	return img
}
