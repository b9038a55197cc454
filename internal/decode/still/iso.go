package still

import (
	"encoding/binary"
	"errors"
	"image"
	"io"
)

// isoHeadBytes bounds how far into a HEIF or AVIF file its meta box may reach.
const isoHeadBytes = 1 << 20

// isoConfig returns the largest sides that any image property (ispe, ISO/IEC 23008-12 clause 6.5.3) declares: the decoder
// may be made to build any of them. Files are grids of tiles, so the largest is the picture.
func isoConfig(r *io.SectionReader) (image.Config, error) {
	head := make([]byte, min(r.Size(), isoHeadBytes))
	if _, err := io.ReadFull(r, head); err != nil {
		return image.Config{}, err
	}
	var c image.Config
	for _, meta := range children(head, "meta") {
		if len(meta) < 4 {
			continue // a full box: version and flags come first
		}
		for _, iprp := range children(meta[4:], "iprp") {
			for _, ipco := range children(iprp, "ipco") {
				c = largest(c, children(ipco, "ispe"))
			}
		}
	}
	if c.Width == 0 {
		return c, errors.New("no image size (ispe) in the first MB")
	}
	return c, nil
}

func largest(c image.Config, ispe [][]byte) image.Config {
	for _, b := range ispe {
		if len(b) < 12 {
			continue
		}
		w, h := binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
		if uint64(w)*uint64(h) > uint64(c.Width)*uint64(c.Height) {
			c.Width, c.Height = int(w), int(h)
		}
	}
	return c
}

// children returns the bodies of the boxes called name directly in b; a box that reaches beyond b ends the walk.
func children(b []byte, name string) [][]byte {
	var found [][]byte
	for len(b) >= 8 {
		size := uint64(binary.BigEndian.Uint32(b))
		head := uint64(8)
		if size == 1 && len(b) >= 16 {
			size, head = binary.BigEndian.Uint64(b[8:]), 16
		}
		if size == 0 {
			size = uint64(len(b))
		}
		if size < head || size > uint64(len(b)) {
			return found
		}
		if string(b[4:8]) == name {
			found = append(found, b[head:size])
		}
		b = b[size:]
	}
	return found
}
