package fastjpeg

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

const chunkBytes = 64 << 10 // holds the longest marker segment, 65,533 bytes

// source reads a file in chunks. Segments that nobody wants are stepped over, not read.
type source struct {
	r         io.ReaderAt
	sizeBytes int64
	base      int64  // where chunk begins in the file
	chunk     []byte // a part of room
	at        int    // the next byte, within chunk
	room      [chunkBytes]byte
}

func (s *source) reset(r io.ReaderAt, sizeBytes int64) {
	s.r, s.sizeBytes = r, sizeBytes
	s.base, s.chunk, s.at = 0, s.room[:0], 0
}

// fill reads the chunk that begins at the next byte. The bytes left in the old one are read again.
func (s *source) fill() error {
	s.base += int64(s.at)
	s.chunk, s.at = s.room[:0], 0
	want := min(int64(chunkBytes), s.sizeBytes-s.base)
	if want <= 0 {
		return nil
	}
	n, err := s.r.ReadAt(s.room[:want], s.base)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("fastjpeg: read at %d: %w", s.base, err)
	}
	s.chunk = s.room[:n]
	return nil
}

// left returns the bytes at hand, at least n of them.
func (s *source) left(n int) ([]byte, error) {
	if len(s.chunk)-s.at < n {
		if err := s.fill(); err != nil {
			return nil, err
		}
		if len(s.chunk) < n {
			return nil, invalid("it ends at byte %d", s.base+int64(len(s.chunk)))
		}
	}
	return s.chunk[s.at:], nil
}

// take returns the next n bytes, valid until the next call.
func (s *source) take(n int) ([]byte, error) {
	b, err := s.left(n)
	if err != nil {
		return nil, err
	}
	s.at += n
	return b[:n], nil
}

// skip steps over n bytes, also where the file ends before that.
func (s *source) skip(n int) {
	if n <= len(s.chunk)-s.at {
		s.at += n
		return
	}
	s.base += int64(s.at + n)
	s.chunk, s.at = s.room[:0], 0
}

// nextMarker steps over everything that is no marker, including entropy-coded data with its restarts, and returns the
// code of the next one (T.81 B.1.1.2).
func (s *source) nextMarker() (byte, error) {
	for {
		b, err := s.left(2)
		if err != nil {
			return 0, err
		}
		i := bytes.IndexByte(b[:len(b)-1], 0xFF)
		if i < 0 {
			s.at += len(b) - 1
			continue
		}
		switch m := b[i+1]; {
		case m == 0xFF: // a fill byte
			s.at += i + 1
		case m == 0 || isRestart(m):
			s.at += i + 2
		default:
			s.at += i + 2
			return m, nil
		}
	}
}

func isRestart(m byte) bool { return m >= 0xD0 && m <= 0xD7 }

// body returns the marker segment that begins here, without its two bytes of length.
func (s *source) body() ([]byte, error) {
	n, err := s.bodyLen()
	if err != nil {
		return nil, err
	}
	return s.take(n)
}

func (s *source) bodyLen() (int, error) {
	b, err := s.take(2)
	if err != nil {
		return 0, err
	}
	n := int(b[0])<<8 | int(b[1])
	if n < 2 {
		return 0, invalid("segment of %d bytes", n)
	}
	return n - 2, nil
}
