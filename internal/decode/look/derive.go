package look

import (
	"bufio"
	"fmt"
	"image"
	"io"

	"whenwhere/internal/decode/wire"
)

// Small is a small picture in colour: red, green and blue, row by row.
type Small struct {
	Width, Height int
	RGB           []byte
}

// Shrink fits a decoded picture into a square of side pixels by the means of the pixels that fall into each of the new
// ones; it enlarges nothing. What is transparent is black.
func Shrink(img image.Image, side int) (Small, error) {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	s := Small{Width: w, Height: h}
	if long := max(w, h); long > side {
		s.Width, s.Height = max(1, w*side/long), max(1, h*side/long)
	}
	sums, counts := make([]uint64, 3*s.Width*s.Height), make([]uint32, s.Width*s.Height)
	for y := 0; y < h; y += stripPx {
		strip, err := straight(img, image.Rect(b.Min.X, b.Min.Y+y, b.Max.X, min(b.Min.Y+y+stripPx, b.Max.Y)))
		if err != nil {
			return Small{}, err
		}
		for r := range strip.Rect.Dy() {
			row := strip.Pix[r*strip.Stride : r*strip.Stride+4*w]
			base := (y + r) * s.Height / h * s.Width
			for x := range w {
				at, alpha := base+x*s.Width/w, uint64(row[4*x+3])
				counts[at]++
				for c := range 3 {
					sums[3*at+c] += uint64(row[4*x+c]) * alpha / 255
				}
			}
		}
	}
	s.RGB = make([]byte, len(sums))
	for i, sum := range sums {
		if n := counts[i/3]; n > 0 {
			s.RGB[i] = byte(sum / uint64(n))
		}
	}
	return s, nil
}

// Upright turns a picture that is stored with an EXIF orientation (CIPA DC-008, tag 0x0112).
func (s Small) Upright(orientation int) Small {
	if orientation < 2 || orientation > 8 {
		return s
	}
	out := Small{Width: s.Width, Height: s.Height, RGB: make([]byte, len(s.RGB))}
	if orientation >= 5 {
		out.Width, out.Height = s.Height, s.Width
	}
	for y := range out.Height {
		for x := range out.Width {
			fx, fy := from(orientation, x, y, s.Width, s.Height)
			copy(out.RGB[3*(y*out.Width+x):][:3], s.RGB[3*(fy*s.Width+fx):][:3])
		}
	}
	return out
}

// from is where a pixel of the upright picture is stored, in a picture of w by h.
func from(orientation, x, y, w, h int) (fx, fy int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	}
	return w - 1 - y, x // 8
}

// Derive is what the request asks of a picture: the picture, or its outline.
func Derive(s Small, req wire.Request) wire.Derived {
	if req.Colour {
		return wire.Derived{WidthPx: s.Width, HeightPx: s.Height, Pixels: s.RGB}
	}
	return wire.Derived{WidthPx: s.Width, HeightPx: s.Height, Pixels: outline(s)}
}

// maxHeadBytes bounds a line of the head of a PPM.
const maxHeadBytes = 40

// DeriveStream reads one frame as ffmpeg writes it in the format PPM (P6, 255 levels) and derives from it.
func DeriveStream(r io.Reader, req wire.Request) (wire.Derived, *wire.Fault) {
	fault := func(rule string) (wire.Derived, *wire.Fault) {
		return wire.Derived{}, &wire.Fault{Op: wire.OpDerive, Class: wire.ClassInvalid, Rule: rule}
	}
	in := bufio.NewReader(r)
	var head [3]string // magic, sides, levels
	for i := range head {
		line, err := in.ReadSlice('\n')
		if err != nil || len(line) > maxHeadBytes {
			return fault("no frame can be read")
		}
		head[i] = string(line)
	}
	var s Small
	if n, err := fmt.Sscanf(head[1], "%d %d\n", &s.Width, &s.Height); n != 2 || err != nil || head[0] != "P6\n" || head[2] != "255\n" {
		return fault("no frame can be read")
	}
	if side := req.DeriveSidePx(); s.Width < 1 || s.Height < 1 || s.Width > side || s.Height > side {
		return fault(fmt.Sprintf("frame of %d x %d is not what this reader takes", s.Width, s.Height))
	}
	s.RGB = make([]byte, 3*s.Width*s.Height)
	if _, err := io.ReadFull(in, s.RGB); err != nil {
		return fault("stream of frames broke")
	}
	return Derive(s, req), nil
}
