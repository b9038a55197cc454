package marks

import (
	"encoding/binary"
	"fmt"
)

// MaxMarks is the most that a Set may hold.
const MaxMarks = 120

// maxSide is the longest that a side of the reduced picture may be: places are eighths of its pixels in 16 bits.
const maxSide = 8000

// Mark is one place.
type Mark struct {
	X, Y  uint16 // in eighths of a pixel of the reduced picture, from its left upper corner
	Level uint8  // of the pyramid, 0 for the finest, 4 for the coarsest
	Turn  uint8  // its direction, clockwise from the right, in 64ths of a full turn
	Code  Code
}

func (m *Mark) place() (x, y float64) { return float64(m.X) / 8, float64(m.Y) / 8 }

// Set is the marks of one picture, strong ones of all levels first.
type Set struct {
	WidthPx, HeightPx int // of the picture, as it is held
	Width, Height     int // of the reduced picture, in which marks have their places
	Marks             []Mark
}

// Mirrored is the set of the picture turned left to right.
func (s *Set) Mirrored() Set {
	out := *s
	out.Marks = make([]Mark, len(s.Marks))
	for i, m := range s.Marks {
		m.X = uint16(s.Width*8) - m.X
		m.Turn = (turns + turns/2 - m.Turn) % turns
		m.Code = m.Code.mirrored()
		out.Marks[i] = m
	}
	return out
}

// The binary form is, most significant byte first: version, number of marks, Width and Height in two bytes each, WidthPx
// and HeightPx in four each; then 38 bytes a mark: X, Y, Level, Turn, Code.
const (
	formVersion = 1
	headBytes   = 14
	markBytes   = 38
	// MaxBytes is the length of the longest binary form.
	MaxBytes = headBytes + MaxMarks*markBytes
)

// Bytes is the binary form.
func (s *Set) Bytes() []byte {
	out := make([]byte, 0, headBytes+len(s.Marks)*markBytes)
	out = append(out, formVersion, uint8(len(s.Marks)))
	out = binary.BigEndian.AppendUint16(out, uint16(s.Width))
	out = binary.BigEndian.AppendUint16(out, uint16(s.Height))
	out = binary.BigEndian.AppendUint32(out, uint32(s.WidthPx))
	out = binary.BigEndian.AppendUint32(out, uint32(s.HeightPx))
	for _, m := range s.Marks {
		out = binary.BigEndian.AppendUint16(out, m.X)
		out = binary.BigEndian.AppendUint16(out, m.Y)
		out = append(out, m.Level, m.Turn)
		for _, w := range m.Code {
			out = binary.BigEndian.AppendUint64(out, w)
		}
	}
	return out
}

// Parse reads the binary form. It takes nothing that Bytes of a set that Finder made could not have written.
func Parse(b []byte) (Set, error) {
	if len(b) < headBytes {
		return Set{}, fmt.Errorf("marks: %d bytes, want at least %d", len(b), headBytes)
	}
	if b[0] != formVersion {
		return Set{}, fmt.Errorf("marks: version %d, want %d", b[0], formVersion)
	}
	n := int(b[1])
	if n > MaxMarks || len(b) != headBytes+n*markBytes {
		return Set{}, fmt.Errorf("marks: %d marks in %d bytes, want at most %d of %d bytes each after %d", n, len(b), MaxMarks, markBytes, headBytes)
	}
	s := Set{Width: int(binary.BigEndian.Uint16(b[2:])), Height: int(binary.BigEndian.Uint16(b[4:])),
		WidthPx: int(binary.BigEndian.Uint32(b[6:])), HeightPx: int(binary.BigEndian.Uint32(b[10:])), Marks: make([]Mark, n)}
	if err := s.check(); err != nil {
		return Set{}, err
	}
	for i := range s.Marks {
		m := markOf(b[headBytes+i*markBytes:])
		if int(m.X) > 8*s.Width || int(m.Y) > 8*s.Height || m.Level >= levels || m.Turn >= turns {
			return Set{}, fmt.Errorf("marks: mark %d: place %d, %d of %d x %d pixels, level %d, direction %d", i, m.X, m.Y, s.Width, s.Height, m.Level, m.Turn)
		}
		s.Marks[i] = m
	}
	return s, nil
}

func (s *Set) check() error {
	if s.Width < 1 || s.Height < 1 || s.Width > maxSide || s.Height > maxSide || s.Width*s.Height > reducedPx {
		return fmt.Errorf("marks: reduced picture of %d x %d pixels, want 1 to %d", s.Width, s.Height, reducedPx)
	}
	const most = 1 << 24
	if s.WidthPx < s.Width || s.HeightPx < s.Height || s.WidthPx > most || s.HeightPx > most {
		return fmt.Errorf("marks: picture of %d x %d pixels, want at least the %d x %d of the reduced one, and sides of at most %d",
			s.WidthPx, s.HeightPx, s.Width, s.Height, most)
	}
	return nil
}

func markOf(b []byte) Mark {
	m := Mark{X: binary.BigEndian.Uint16(b), Y: binary.BigEndian.Uint16(b[2:]), Level: b[4], Turn: b[5]}
	for i := range m.Code {
		m.Code[i] = binary.BigEndian.Uint64(b[6+8*i:])
	}
	return m
}
