package look

import (
	"errors"
	"fmt"
	"image"
	"io"

	"whenwhere/internal/decode/wire"
)

// Frames reads raw RGB frames (3 bytes a pixel, no padding) until the end of the stream or MaxFrames, and returns their
// Looks in order, without times. A rest shorter than a frame is left out: the writer died in the middle of it.
func Frames(r io.Reader, shape wire.FrameRequest) (wire.Clip, *wire.Fault) {
	if shape.WidthPx != SidePx || shape.HeightPx != SidePx || shape.MaxFrames < 1 || shape.MaxFrames > wire.MaxFrames {
		rule := fmt.Sprintf("frames of %d x %d, at most %d, are not what this reader takes",
			shape.WidthPx, shape.HeightPx, shape.MaxFrames)
		return wire.Clip{}, &wire.Fault{Op: wire.OpFrames, Class: wire.ClassRefused, Rule: rule}
	}
	clip := wire.Clip{}
	raw := make([]byte, 3*SidePx*SidePx)
	square := image.NewRGBA(image.Rect(0, 0, SidePx, SidePx))
	for len(clip.Frames) < shape.MaxFrames {
		if _, err := io.ReadFull(r, raw); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		} else if err != nil {
			return wire.Clip{}, &wire.Fault{Op: wire.OpFrames, Class: wire.ClassInvalid, Rule: "stream of frames broke"}
		}
		spread(square, raw)
		l, err := Of(square)
		if err != nil {
			return wire.Clip{}, &wire.Fault{Op: wire.OpFrames, Class: wire.ClassInvalid, Rule: "frame cannot be hashed"}
		}
		clip.Frames = append(clip.Frames, wire.Frame{Look: l})
	}
	return clip, nil
}

func spread(square *image.RGBA, rgb []byte) {
	for i, p := 0, 0; i < len(rgb); i, p = i+3, p+4 {
		square.Pix[p], square.Pix[p+1], square.Pix[p+2], square.Pix[p+3] = rgb[i], rgb[i+1], rgb[i+2], 0xFF
	}
}
