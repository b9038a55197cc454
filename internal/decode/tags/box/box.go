// Package box walks the boxes of the ISO base media file format (ISO/IEC 14496-12 section 4.2), bounded.
package box

import (
	"encoding/binary"

	"whenwhere/internal/decode/tags/window"
)

// Box is one box; Payload begins after its header and is cut at the end of what contains it.
type Box struct {
	Type    string // four bytes as they stand; 0xA9 is kept as that byte
	At      int64  // offset of the header in what was walked
	Payload window.File
	Cut     bool // the box says that it reaches beyond what contains it
}

// Budget counts the box headers that may still be read in one file, over all levels.
type Budget struct{ Left int }

// MaxBoxes is the budget of one file: a fragmented film of three hours has about 11,000 at the top.
const MaxBoxes = 20_000

// NewBudget returns the budget of a file.
func NewBudget() *Budget { return &Budget{Left: MaxBoxes} }

// Walk calls visit for each box of file in order until visit returns false, and reports whether it came to the end:
// false when a header is impossible or when the budget is spent.
func Walk(file window.File, budget *Budget, visit func(Box) bool) bool {
	for at := int64(0); at+8 <= file.Size(); {
		if budget.Left <= 0 {
			return false
		}
		budget.Left--
		b, next, ok := header(file, at)
		if !ok {
			return false
		}
		if !visit(b) {
			return true
		}
		at = next
	}
	return true
}

func header(file window.File, at int64) (b Box, next int64, ok bool) {
	raw, ok := file.Bytes(at, 8)
	if !ok {
		return Box{}, 0, false
	}
	size, head := int64(binary.BigEndian.Uint32(raw)), int64(8)
	switch size {
	case 0: // to the end of the file
		size = file.Size() - at
	case 1:
		large, ok := file.Bytes(at+8, 8)
		if !ok || large[0] >= 0x40 { // 2^62 bytes: beyond any file, and it keeps the sums below 2^63
			return Box{}, 0, false
		}
		size, head = int64(binary.BigEndian.Uint64(large)), 16
	}
	if size < head {
		return Box{}, 0, false
	}
	left := file.Size() - at
	b = Box{Type: string(raw[4:8]), At: at, Payload: file.Part(at+head, min(size, left)-head), Cut: size > left}
	return b, at + min(size, left), true
}

// Full skips the version and flags of a full box and returns the version, false when it is too short.
func Full(payload window.File) (version byte, rest window.File, ok bool) {
	raw, ok := payload.Bytes(0, 4)
	if !ok {
		return 0, window.File{}, false
	}
	return raw[0], payload.Part(4, payload.Size()-4), true
}

// Brands returns the major brand and the compatible brands of an ftyp box, at most 32.
func Brands(ftyp window.File) []string {
	const maxBrands = 32
	raw, ok := ftyp.Bytes(0, min(ftyp.Size(), 8+4*maxBrands))
	if !ok || len(raw) < 4 {
		return nil
	}
	brands := []string{Printable(raw[:4])}
	for i := 8; i+4 <= len(raw); i += 4 {
		if brand := Printable(raw[i : i+4]); brand != brands[0] {
			brands = append(brands, brand)
		}
	}
	return brands
}

// Printable spells a four-character code: Latin-1, with dots for control characters.
func Printable(code []byte) string {
	out := make([]rune, len(code))
	for i, c := range code {
		out[i] = rune(c)
		if c < 0x20 || (c >= 0x7F && c < 0xA0) {
			out[i] = '.'
		}
	}
	return string(out)
}
