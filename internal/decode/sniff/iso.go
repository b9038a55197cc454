package sniff

import (
	"encoding/binary"
	"io"
	"slices"
)

// maxBoxes bounds the walk over top-level boxes of a file without ftyp.
const maxBoxes = 32

// iso tells the ISO base media family. The major brand decides unless it is a general one, then the compatible ones do
// (HEIF: ISO/IEC 23008-12 clause 10; AVIF 1.1 section 7; MP4RA for the rest).
func iso(head []byte, r io.ReaderAt) string {
	if len(head) < 8 {
		return ""
	}
	if string(head[4:8]) == "ftyp" {
		return byBrands(brands(head))
	}
	if quickTimeAtoms(r) {
		return QuickTime
	}
	return ""
}

func brands(head []byte) []string {
	end := min(int(binary.BigEndian.Uint32(head)), len(head))
	var all []string
	for i := 8; i+4 <= end; i += 4 {
		if i != 12 { // the minor version
			all = append(all, string(head[i:i+4]))
		}
	}
	return all
}

func byBrands(all []string) string {
	if len(all) == 0 {
		return MP4
	}
	switch major := all[0]; major {
	case "qt  ":
		return QuickTime
	case "M4A ", "M4B ", "M4P ", "F4A ":
		return M4A
	case "heic", "heix", "heim", "heis", "hevc", "hevx":
		return HEIC
	case "avif", "avis":
		return AVIF
	case "mif1", "msf1", "mif2", "miaf":
		return general(all)
	}
	return MP4
}

// general is for the brands that say "an image file", not which coding.
func general(all []string) string {
	for _, b := range all {
		switch b {
		case "avif", "avis":
			return AVIF
		case "heic", "heix", "hevc":
			return HEIC
		}
	}
	return HEIF
}

// quickTimeAtoms recognises films older than ftyp: only known atoms at the top, and among them moov or mdat.
func quickTimeAtoms(r io.ReaderAt) bool {
	known := []string{"moov", "mdat", "wide", "skip", "free", "pnot", "PICT", "uuid"}
	film := false
	for at, i := int64(0), 0; i < maxBoxes; i++ {
		size, name, ok := box(r, at)
		if !ok {
			return film
		}
		if !slices.Contains(known, name) {
			return false
		}
		if name == "moov" || name == "mdat" {
			film = true
		}
		if size == 0 { // to the end of the file
			return film
		}
		at += size
	}
	return film
}

// box reads one header; ok is false at the end of the file and on an impossible size.
func box(r io.ReaderAt, at int64) (size int64, name string, ok bool) {
	var h [16]byte
	n, _ := r.ReadAt(h[:], at)
	if n < 8 {
		return 0, "", false
	}
	size, name = int64(binary.BigEndian.Uint32(h[:4])), string(h[4:8])
	if size == 1 {
		if n < 16 {
			return 0, "", false
		}
		size = int64(binary.BigEndian.Uint64(h[8:]))
		return size, name, size >= 16 && size < 1<<50
	}
	return size, name, size == 0 || size >= 8
}
