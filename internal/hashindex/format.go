package hashindex

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"unsafe"
)

const (
	version    = 1
	baseMagic  = "wwhixbas"
	pageSize   = 4096
	headSum    = pageSize - 4 // where the header's checksum stands
	headTable  = 64           // where the table of sections begins
	sectionRow = 32
	// maxCodes keeps positions within 32 bits.
	maxCodes = math.MaxUint32 - 1
)

// castagnoli has hardware support on amd64 and arm64.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// kind is what a section of a base holds.
type kind uint32

const (
	kindCodes     kind = 1 + iota // words a code, in the order of positions; not for 64 bits in bands
	kindIDs                       // 8 bytes a code, in the order of positions
	kindOffsets                   // per band: 2^bits+1 starts of buckets, 4 bytes each
	kindPositions                 // per band but the first: 4 bytes an entry, bucket by bucket
	kindRests                     // per band of 64-bit codes: the 48 bits beside the band, 6 bytes an entry, 2 bytes at the end
)

func (k kind) of(band int) string {
	switch k {
	case kindCodes:
		return "codes"
	case kindIDs:
		return "ids"
	case kindOffsets:
		return fmt.Sprintf("offsets of band %d", band)
	case kindPositions:
		return fmt.Sprintf("positions of band %d", band)
	case kindRests:
		return fmt.Sprintf("rests of band %d", band)
	}
	return fmt.Sprintf("section %d", uint32(k))
}

// section is a checksummed part of a base file.
type section struct {
	kind kind
	band int
	at   int64 // from the start of the file, a multiple of pageSize
	size int64
	sum  uint32
}

func (s section) name() string { return s.kind.of(s.band) }

// header is the first page of a base file.
type header struct {
	words    int
	n        int
	layout   layout
	sections []section
}

// wantSections lists what a base of this shape has, in the order of the file, without places and checksums.
func (h *header) wantSections() []section {
	n, l := int64(h.n), h.layout
	var all []section
	if h.words == 4 || l.bands == 0 {
		all = append(all, section{kind: kindCodes, size: n * int64(h.words) * 8})
	}
	all = append(all, section{kind: kindIDs, size: n * 8})
	for band := range l.bands {
		all = append(all, section{kind: kindOffsets, band: band, size: (int64(1)<<l.bits + 1) * 4})
		if band > 0 {
			all = append(all, section{kind: kindPositions, band: band, size: n * 4})
		}
		if h.words == 1 {
			all = append(all, section{kind: kindRests, band: band, size: n*6 + 2})
		}
	}
	return all
}

func (h *header) encode() []byte {
	page := make([]byte, pageSize)
	le := binary.LittleEndian
	copy(page, baseMagic)
	le.PutUint32(page[8:], version)
	le.PutUint32(page[12:], uint32(h.words))
	le.PutUint64(page[16:], uint64(h.n))
	le.PutUint32(page[24:], uint32(h.layout.bands))
	le.PutUint32(page[28:], uint32(h.layout.bits))
	le.PutUint32(page[32:], uint32(len(h.sections)))
	for i, s := range h.sections {
		row := page[headTable+i*sectionRow:]
		le.PutUint32(row[0:], uint32(s.kind))
		le.PutUint32(row[4:], uint32(s.band))
		le.PutUint64(row[8:], uint64(s.at))
		le.PutUint64(row[16:], uint64(s.size))
		le.PutUint32(row[24:], s.sum)
	}
	le.PutUint32(page[headSum:], crc32.Checksum(page[:headSum], castagnoli))
	return page
}

// decodeHeader reads the first page of a base file of fileSize bytes and proves that every section lies where the shape
// of the base wants it, so that no later step needs to doubt a length.
func decodeHeader(file string, page []byte, fileSize int64, words int) (*header, error) {
	bad := func(why string) (*header, error) { return nil, &DamagedError{File: file, Section: "header", Why: why} }
	if len(page) < pageSize {
		return bad("shorter than a page")
	}
	page = page[:pageSize]
	le := binary.LittleEndian
	if string(page[:8]) != baseMagic {
		return bad("not a base file")
	}
	if le.Uint32(page[headSum:]) != crc32.Checksum(page[:headSum], castagnoli) {
		return bad("checksum differs")
	}
	if got := int(le.Uint32(page[8:])); got != version {
		return nil, &FormatError{File: file, What: "version", Got: got, Want: version}
	}
	h := &header{words: int(le.Uint32(page[12:])), layout: layout{bands: int(le.Uint32(page[24:])), bits: int(le.Uint32(page[28:]))}}
	if h.words != words {
		return nil, &FormatError{File: file, What: "bits of a code", Got: 64 * h.words, Want: 64 * words}
	}
	n := le.Uint64(page[16:])
	if n > maxCodes || !h.layout.valid(words) {
		return bad("impossible shape")
	}
	h.n = int(n)
	return h, h.readSections(file, page, fileSize)
}

func (h *header) readSections(file string, page []byte, fileSize int64) error {
	le := binary.LittleEndian
	h.sections = h.wantSections()
	if int(le.Uint32(page[32:])) != len(h.sections) {
		return &DamagedError{File: file, Section: "header", Why: "wrong number of sections"}
	}
	end := int64(pageSize)
	for i := range h.sections {
		s, row := &h.sections[i], page[headTable+i*sectionRow:]
		got := section{kind(le.Uint32(row)), int(le.Uint32(row[4:])), int64(le.Uint64(row[8:])), int64(le.Uint64(row[16:])), le.Uint32(row[24:])}
		s.at, s.sum = end, got.sum
		if got != *s {
			return &DamagedError{File: file, Section: "header", Why: "wrong place of " + s.name()}
		}
		end = pageUp(s.at + s.size)
	}
	if fileSize != end {
		return &DamagedError{File: file, Section: "header", Why: fmt.Sprintf("file has %d bytes, want %d", fileSize, end)}
	}
	return nil
}

func (l layout) valid(words int) bool {
	switch {
	case l.bands == 0:
		return l.bits == 0
	case words == 1:
		return l == layout{bands: 4, bits: 16}
	}
	return l.bands <= maxBands && l.bits >= 1 && l.bits <= 24 && l.bands*l.bits <= 256
}

func pageUp(n int64) int64 { return (n + pageSize - 1) &^ (pageSize - 1) }

// number is what sections are arrays of.
type number interface{ uint32 | uint64 }

// asBytes and asNumbers look at memory in the machine's own order, which open refuses unless it is little-endian.
func asBytes[T number](s []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(T(0))))
}

// asNumbers wants memory that is aligned for T, as sections are, since they begin at pages.
func asNumbers[T number](b []byte) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(T(0))))
}

func littleEndian() bool { return binary.NativeEndian.Uint16([]byte{1, 0}) == 1 }
