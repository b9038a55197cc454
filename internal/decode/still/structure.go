package still

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"

	"whenwhere/internal/decode/sniff"
)

// countScans counts the SOS markers of a JPEG up to its EOI, and stops at limit+1. A decoder's time grows with scans times
// pixels, which no cap on pixels bounds.
func countScans(r *io.SectionReader, limit int) int {
	br := bufio.NewReaderSize(r, bufferBytes)
	scans := 0
	for scans <= limit {
		m, err := nextMarker(br)
		if err != nil || m == 0xD9 {
			return scans
		}
		if m == 0xDA {
			scans++
		}
		if hasBody(m) && skipBody(br) != nil {
			return scans
		}
	}
	return scans
}

// nextMarker finds the next FF xx that is neither stuffing (00), a fill byte (FF), nor a restart (D0 to D7).
func nextMarker(br *bufio.Reader) (byte, error) {
	for {
		if _, err := br.ReadSlice(0xFF); errors.Is(err, bufio.ErrBufferFull) {
			continue
		} else if err != nil {
			return 0, err
		}
		m := byte(0xFF)
		for m == 0xFF {
			var err error
			if m, err = br.ReadByte(); err != nil {
				return 0, err
			}
		}
		if m != 0 && (m < 0xD0 || m > 0xD7) {
			return m, nil
		}
	}
}

// hasBody is false for SOI, EOI and TEM.
func hasBody(m byte) bool { return m != 0xD8 && m != 0xD9 && m != 0x01 }

// skipBody skips a marker's segment; entropy-coded data that follows is searched by nextMarker.
func skipBody(br *bufio.Reader) error {
	n, err := bodyLen(br)
	if err != nil {
		return err
	}
	_, err = br.Discard(n)
	return err
}

// bodyLen reads a segment's length and returns what follows those two bytes.
func bodyLen(br *bufio.Reader) (int, error) {
	var l [2]byte
	if _, err := io.ReadFull(br, l[:]); err != nil {
		return 0, err
	}
	return max(int(binary.BigEndian.Uint16(l[:]))-2, 0), nil
}

// hasMore reports whether the file holds pictures after the first: GIF frames, APNG frames, TIFF pages.
func (s source) hasMore(mime string) bool {
	switch mime {
	case sniff.GIF:
		return gifHasMore(s.reader())
	case sniff.PNG:
		return pngFrames(s.reader()) > 1
	case sniff.TIFF:
		return tiffHasMore(s.reader())
	}
	return false
}

// gifHasMore walks the blocks of a GIF to its second image descriptor.
func gifHasMore(r *io.SectionReader) bool {
	br := bufio.NewReaderSize(r, bufferBytes)
	var h [13]byte
	if _, err := io.ReadFull(br, h[:]); err != nil {
		return false
	}
	if _, err := br.Discard(tableBytes(h[10])); err != nil {
		return false
	}
	for frames := 0; ; {
		kind, err := br.ReadByte()
		switch {
		case err != nil:
			return false
		case kind == 0x2C:
			if frames++; frames > 1 {
				return true
			}
			var d [9]byte
			if _, err := io.ReadFull(br, d[:]); err != nil {
				return false
			}
			if _, err := br.Discard(tableBytes(d[8]) + 1); err != nil { // and the code size
				return false
			}
		case kind == 0x21:
			if _, err := br.Discard(1); err != nil {
				return false
			}
		default: // the trailer, or nonsense
			return false
		}
		if !skipSubBlocks(br) {
			return false
		}
	}
}

func tableBytes(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func skipSubBlocks(br *bufio.Reader) bool {
	for {
		n, err := br.ReadByte()
		if err != nil {
			return false
		}
		if n == 0 {
			return true
		}
		if _, err := br.Discard(int(n)); err != nil {
			return false
		}
	}
}

// pngFrames returns the frames that acTL declares, 1 without it. It must stand before IDAT.
func pngFrames(r *io.SectionReader) uint32 {
	frames := uint32(1)
	pngChunks(r, func(name string, body *io.SectionReader) bool {
		var n [4]byte
		if name == "acTL" {
			if _, err := io.ReadFull(body, n[:]); err == nil {
				frames = binary.BigEndian.Uint32(n[:])
			}
		}
		return name != "IDAT" && name != "acTL"
	})
	return frames
}

// maxChunks bounds a walk over the chunks of a PNG or WebP.
const maxChunks = 10_000

// pngChunks calls visit for each chunk until it returns false.
func pngChunks(r *io.SectionReader, visit func(name string, body *io.SectionReader) bool) {
	at := int64(8)
	for range maxChunks {
		var h [8]byte
		if _, err := r.ReadAt(h[:], at); err != nil {
			return
		}
		size := int64(binary.BigEndian.Uint32(h[:4]))
		if !visit(string(h[4:]), io.NewSectionReader(r, at+8, size)) {
			return
		}
		at += 12 + size
	}
}

// tiffHasMore reports whether the first directory names a next one.
func tiffHasMore(r *io.SectionReader) bool {
	order, first, ok := tiffHead(r)
	if !ok {
		return false
	}
	var n [2]byte
	if _, err := r.ReadAt(n[:], first); err != nil {
		return false
	}
	var next [4]byte
	if _, err := r.ReadAt(next[:], first+2+12*int64(order.Uint16(n[:]))); err != nil {
		return false
	}
	return order.Uint32(next[:]) != 0
}
