// Package window reads pieces of a file whose size is known, and never more than MaxPieceBytes at once, so that no
// length field of a hostile file turns into an allocation of its size.
package window

import (
	"bytes"
	"io"
)

// MaxPieceBytes is the largest piece that Bytes hands out: the XMP limit, the largest thing that any reader holds.
const MaxPieceBytes = 2 << 20

// File is a run of bytes with a beginning and a known size. The zero value is an empty file.
type File struct {
	r     io.ReaderAt
	start int64
	size  int64
}

// New looks at the first sizeBytes of r.
func New(r io.ReaderAt, sizeBytes int64) File {
	return File{r: r, size: max(sizeBytes, 0)}
}

// Of looks at bytes in memory.
func Of(b []byte) File {
	return File{r: bytes.NewReader(b), size: int64(len(b))}
}

// Size in bytes.
func (f File) Size() int64 { return f.size }

// Bytes returns exactly n bytes from offset off, or false when they are not all there or n exceeds MaxPieceBytes.
func (f File) Bytes(off, n int64) ([]byte, bool) {
	if off < 0 || n < 0 || n > MaxPieceBytes || n > f.size || off > f.size-n {
		return nil, false
	}
	if n == 0 {
		return nil, true
	}
	b := make([]byte, n)
	got, err := f.r.ReadAt(b, f.start+off)
	if int64(got) != n || (err != nil && err != io.EOF) {
		return nil, false
	}
	return b, true
}

// Part is the run of n bytes from offset off, cut at the end of the file; empty when off lies outside.
func (f File) Part(off, n int64) File {
	if off < 0 || off > f.size || n < 0 {
		return File{}
	}
	return File{r: f.r, start: f.start + off, size: min(n, f.size-off)}
}

// Reader reads the file from its beginning, for libraries that want a stream.
func (f File) Reader() *io.SectionReader {
	if f.r == nil {
		return io.NewSectionReader(bytes.NewReader(nil), 0, 0)
	}
	return io.NewSectionReader(f.r, f.start, f.size)
}
