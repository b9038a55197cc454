package still

import (
	"bufio"
	"encoding/binary"
	"io"

	"whenwhere/internal/decode/sniff"
)

// orientation returns the EXIF orientation (1 to 8) of IFD0, and 1 when there is none or it is out of range: an upright
// guess is then as good as any. It reads one tag itself, so that pixels do not depend on the readers of metadata.
func orientation(r *io.SectionReader, mime string) int {
	var block *io.SectionReader
	switch mime {
	case sniff.TIFF:
		block = r
	case sniff.JPEG:
		block = jpegExif(r)
	case sniff.PNG:
		pngChunks(r, func(name string, body *io.SectionReader) bool {
			if name == "eXIf" {
				block = body
			}
			return block == nil
		})
	case sniff.WebP:
		block = webpExif(r)
	}
	if block == nil {
		return 1
	}
	return ifd0Orientation(block)
}

// jpegExif returns the TIFF block of the first APP1 that holds EXIF and stands before the first scan.
func jpegExif(r *io.SectionReader) *io.SectionReader {
	at := int64(2)
	for range maxChunks {
		var h [10]byte
		if n, _ := r.ReadAt(h[:], at); n < 4 || h[0] != 0xFF {
			return nil
		}
		if h[1] == 0xFF { // a fill byte
			at++
			continue
		}
		size := int64(binary.BigEndian.Uint16(h[2:4]))
		if h[1] == 0xDA || h[1] == 0xD9 || size < 2 {
			return nil
		}
		if h[1] == 0xE1 && string(h[4:10]) == "Exif\x00\x00" {
			return io.NewSectionReader(r, at+10, size-8)
		}
		at += 2 + size
	}
	return nil
}

// webpExif returns the TIFF block of a WebP's EXIF chunk, with or without JPEG's prefix.
func webpExif(r *io.SectionReader) *io.SectionReader {
	at := int64(12)
	for range maxChunks {
		var h [14]byte
		if n, _ := r.ReadAt(h[:], at); n < 8 {
			return nil
		}
		size := int64(binary.LittleEndian.Uint32(h[4:8]))
		if string(h[:4]) == "EXIF" {
			if string(h[8:14]) == "Exif\x00\x00" {
				return io.NewSectionReader(r, at+14, max(size-6, 0))
			}
			return io.NewSectionReader(r, at+8, size)
		}
		at += 8 + size + size%2
	}
	return nil
}

func tiffHead(r *io.SectionReader) (order binary.ByteOrder, first int64, ok bool) {
	var h [8]byte
	if _, err := r.ReadAt(h[:], 0); err != nil {
		return nil, 0, false
	}
	switch string(h[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
		order = binary.BigEndian
	default:
		return nil, 0, false
	}
	return order, int64(order.Uint32(h[4:])), true
}

const (
	tagOrientation = 0x0112
	typeShort      = 3
	maxEntries     = 1000 // as for every directory that is read
)

func ifd0Orientation(r *io.SectionReader) int {
	order, at, ok := tiffHead(r)
	if !ok {
		return 1
	}
	br := bufio.NewReader(io.NewSectionReader(r, at, 2+12*maxEntries))
	var n [2]byte
	if _, err := io.ReadFull(br, n[:]); err != nil {
		return 1
	}
	for range min(int(order.Uint16(n[:])), maxEntries) {
		var e [12]byte
		if _, err := io.ReadFull(br, e[:]); err != nil {
			return 1
		}
		if order.Uint16(e[:]) != tagOrientation {
			continue
		}
		o := int(order.Uint16(e[8:]))
		if order.Uint16(e[2:]) != typeShort || o < 1 || o > 8 {
			return 1
		}
		return o
	}
	return 1
}
