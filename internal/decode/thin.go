package decode

import (
	"encoding/hex"
	"math/bits"

	"whenwhere/internal/decode/wire"
)

const (
	// thinBits: a frame that is nearer than this to the last one kept is left out. Half of it is how far a moment of the
	// film can then be from the nearest frame; re-encoding alone moves a print by up to 20.
	thinBits = 24
	// thinMs: a frame is kept after this time all the same, so that a static shot has its length.
	thinMs = 1000
)

// thinned leaves out what repeats the frame before: a moving camera keeps its eight frames a second, a fixed one has one.
func thinned(frames []wire.Frame) []wire.Frame {
	kept := frames[:0:0]
	for _, f := range frames {
		if n := len(kept); n == 0 || f.AtMs-kept[n-1].AtMs >= thinMs || moved(kept[n-1].Look, f.Look) {
			kept = append(kept, f)
		}
	}
	return kept
}

// moved says that two looks are not near. Two flat ones are; a flat one and another are not.
func moved(a, b wire.Look) bool {
	x, y := print256(a), print256(b)
	if len(x) != len(y) {
		return true
	}
	d := 0
	for i := range x {
		d += bits.OnesCount8(x[i] ^ y[i])
	}
	return d >= thinBits
}

// print256 is the 256-bit hash that thinBits was read off; nil for a flat picture.
func print256(l wire.Look) []byte {
	for _, h := range l.Hashes {
		if h.Algorithm == "phash256" {
			b, _ := hex.DecodeString(h.Hex) // wire.Check has seen its digits
			return b
		}
	}
	return nil
}

// continued thins a dense reading and appends the keyframes after its end, which it does not reach in a long or heavy film.
func continued(more, keyframes wire.Clip) wire.Clip {
	end := more.Frames[len(more.Frames)-1].AtMs
	more.Frames = thinned(more.Frames)
	for _, f := range keyframes.Frames {
		if f.AtMs > end {
			more.Frames = append(more.Frames, f)
		}
	}
	more.Truncated = keyframes.Truncated
	return more
}
