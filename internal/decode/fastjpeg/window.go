package fastjpeg

import "bytes"

const (
	windowBytes = 32 << 10
	// maxUnitBlocks is how many blocks a minimum coded unit can hold (T.81 B.2.3), and maxUnitBytes more than they can take: 64
	// codes each, of at most 16 bits with at most 15 of value.
	maxUnitBlocks = 10
	maxUnitBytes  = maxUnitBlocks * 64 * 31 / 8
	// slackBytes may be read after the data: by a unit that overruns them, and by loads of 8 bytes ahead.
	slackBytes = maxUnitBytes + 32
)

// window holds a part of one entropy-coded segment, unstuffed (FF 00 is FF again), so that a decoder can load 8 bytes at
// once without looking at them. A segment ends at any marker, a restart too.
type window struct {
	src   *source
	data  [windowBytes + slackBytes]byte
	end   int  // of what is valid
	whole bool // the segment ends at end; zeros follow
}

// begin starts a segment at the source's next byte.
func (w *window) begin() error {
	w.end, w.whole = 0, false
	return w.more(0)
}

// more drops what lies before at, and fills up. Bytes from at on move to the front.
func (w *window) more(at int) error {
	w.end = copy(w.data[:], w.data[at:w.end])
	for w.end < windowBytes && !w.whole {
		if err := w.unstuff(); err != nil {
			return err
		}
	}
	if w.whole {
		clear(w.data[w.end : w.end+slackBytes])
	}
	return nil
}

// unstuff copies up to the next FF and decides what that is.
func (w *window) unstuff() error {
	s := w.src
	if len(s.chunk)-s.at < 2 {
		if err := s.fill(); err != nil {
			return err
		}
		if len(s.chunk) < 2 { // the file ends: as if a marker stood here
			w.end += copy(w.data[w.end:windowBytes], s.chunk)
			w.whole = true
			return nil
		}
	}
	b := s.chunk[s.at:]
	b = b[:min(len(b)-1, windowBytes-w.end)]
	i := bytes.IndexByte(b, 0xFF)
	if i < 0 {
		w.end += copy(w.data[w.end:], b)
		s.at += len(b)
		return nil
	}
	copy(w.data[w.end:], b[:i+1])
	w.end += i
	s.at += i
	switch s.chunk[s.at+1] {
	case 0:
		w.end++
		s.at += 2
	case 0xFF: // a fill byte
		s.at++
	default:
		w.whole = true
	}
	return nil
}

// restart requires the marker RSTn as the end of the segment, and begins the next one.
func (w *window) restart(n int) error {
	for !w.whole { // bytes that no block wanted
		if err := w.more(w.end); err != nil {
			return err
		}
	}
	b, err := w.src.take(2)
	if err != nil {
		return err
	}
	if b[0] != 0xFF || b[1] != 0xD0+byte(n&7) {
		return invalid("marker %02X%02X instead of restart %d", b[0], b[1], n&7)
	}
	return w.begin()
}
