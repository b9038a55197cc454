package audit

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
)

// writeArchive writes parts as a zip archive of one form: entries by name, stored as they are, without times, each with
// its size and checksum before its bytes.
func writeArchive(out io.Writer, parts []Part) error {
	parts = slices.SortedFunc(slices.Values(parts), func(a, b Part) int { return strings.Compare(a.Name, b.Name) })
	w := zip.NewWriter(out)
	for _, p := range parts {
		if err := addPart(w, p); err != nil {
			return fmt.Errorf("audit: bundle: %s: %w", p.Name, err)
		}
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("audit: bundle: %w", err)
	}
	return nil
}

// addPart reads the bytes twice: their checksum stands before them.
func addPart(w *zip.Writer, p Part) error {
	stated, err := p.file()
	if err != nil {
		return err
	}
	got, sum, err := measured(p)
	if err != nil {
		return err
	}
	if got != stated {
		return fmt.Errorf("its %d bytes have the digest %s, want %d bytes of %s", got.Size, got.SHA256, stated.Size, stated.SHA256)
	}
	entry, err := w.CreateRaw(&zip.FileHeader{Name: p.Name, Method: zip.Store, CRC32: sum, CompressedSize64: uint64(got.Size), UncompressedSize64: uint64(got.Size)})
	if err != nil {
		return err
	}
	return copyPart(entry, p)
}

func copyPart(out io.Writer, p Part) error {
	in, err := p.open()
	if err != nil {
		return err
	}
	defer in.Close() // it was only read
	_, err = io.Copy(out, in)
	return err
}

func measured(p Part) (File, uint32, error) {
	h, sum := sha256.New(), crc32.NewIEEE()
	n := counter{}
	err := copyPart(io.MultiWriter(h, sum, &n), p)
	return File{p.Name, n.bytes, Digest(h.Sum(nil))}, sum.Sum32(), err
}

type counter struct{ bytes int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.bytes += int64(len(p))
	return len(p), nil
}

// comparer is written to what must be the bytes of a file, and stops at the first that is not.
type comparer struct {
	file io.ReaderAt
	at   int64
	buf  []byte
}

// differsError says where.
type differsError struct{ at int64 }

func (e *differsError) Error() string { return fmt.Sprintf("byte %d differs", e.at) }

func (c *comparer) Write(p []byte) (int, error) {
	if len(c.buf) < len(p) {
		c.buf = make([]byte, len(p))
	}
	buf := c.buf[:len(p)]
	n, err := c.file.ReadAt(buf, c.at)
	if n < len(p) && errors.Is(err, io.EOF) {
		err = &differsError{c.at + int64(n)}
	}
	if !bytes.Equal(buf[:n], p[:n]) {
		for i := range n {
			if buf[i] != p[i] {
				return i, &differsError{c.at + int64(i)}
			}
		}
	}
	if err != nil && n < len(p) {
		return n, err
	}
	c.at += int64(len(p))
	return len(p), nil
}
