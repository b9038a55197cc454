package look

import (
	"errors"
	"fmt"
	"io"

	"whenwhere/internal/decode/wire"
	"whenwhere/internal/grey"
)

// SidePx is the side of a frame of a film, which is squeezed to a square whatever its shape.
const SidePx = 256

// Frames reads raw RGB frames (3 bytes a pixel, no padding) until the end of the stream or MaxFrames, and returns their
// Looks in order, without times. A rest shorter than a frame is left out: the writer died in the middle of it.
func Frames(r io.Reader, shape wire.FrameRequest) (wire.Clip, *wire.Fault) {
	if shape.WidthPx != SidePx || shape.HeightPx != SidePx || shape.MaxFrames < 1 || shape.MaxFrames > wire.MaxFrames {
		rule := fmt.Sprintf("frames of %d x %d, at most %d, are not what this reader takes",
			shape.WidthPx, shape.HeightPx, shape.MaxFrames)
		return wire.Clip{}, &wire.Fault{Op: wire.OpFrames, Class: wire.ClassRefused, Rule: rule}
	}
	clip := wire.Clip{}
	raw, luma := make([]byte, 3*SidePx*SidePx), make([]uint8, SidePx*SidePx)
	var looker Looker
	for len(clip.Frames) < shape.MaxFrames {
		if _, err := io.ReadFull(r, raw); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		} else if err != nil {
			return wire.Clip{}, &wire.Fault{Op: wire.OpFrames, Class: wire.ClassInvalid, Rule: "stream of frames broke"}
		}
		for i := range luma {
			luma[i] = level(raw[3*i], raw[3*i+1], raw[3*i+2])
		}
		l, err := looker.Of(grey.Whole(luma, SidePx, SidePx), grey.Original, Brief)
		if err != nil {
			return wire.Clip{}, &wire.Fault{Op: wire.OpFrames, Class: wire.ClassInvalid, Rule: "frame cannot be hashed"}
		}
		clip.Frames = append(clip.Frames, wire.Frame{Look: l})
	}
	return clip, nil
}
