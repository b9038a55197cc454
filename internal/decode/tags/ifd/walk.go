// Package ifd walks the directories of a TIFF structure, which is what an EXIF block is (TIFF 6.0 section 2,
// CIPA DC-008 section 4.6), and decodes the values of the tags that matter, raw.
//
// The walk comes before any library and decides whether one may see the block. It holds no value: an Entry says where
// a value lies, and Block.Value reads it when asked. Limits: MaxEntries, MaxDirs, each directory offset visited once,
// count x size in 64 bits at most the block, the sum of values at most MaxValueFactor times the block.
package ifd

import (
	"encoding/binary"
	"errors"
	"fmt"

	"whenwhere/internal/decode/tags/window"
	"whenwhere/internal/decode/wire"
)

// Limits of one block.
const (
	MaxEntries     = 1000 // in one directory
	MaxDirs        = 32   // in one block
	MaxValueFactor = 4    // all values together, in sizes of the block: more means that they overlap
	maxNotes       = 8    // a block with more defects than this is described well enough
)

// Pointers to directories. They are looked for in every image directory and in the Exif directory.
const (
	tagExif    = 0x8769
	tagGPS     = 0x8825
	tagInterop = 0xA005
)

// ErrNotTIFF means that the block does not begin with a byte order mark and the number 42.
var ErrNotTIFF = errors.New("ifd: block does not begin with II*\\0 or MM\\0*")

// Entry is one directory entry; its value has not been read.
type Entry struct {
	Dir         string // "IFD0", "IFD1", "Exif", "GPS", "Interop"
	Index       int    // in its directory
	ID          uint16
	Type        uint16
	Count       uint32
	OffsetBytes int64 // of the value, from the start of the block
	SizeBytes   int64 // of the value: count x size of the type
}

// Block is a walked TIFF structure.
type Block struct {
	Order   binary.ByteOrder
	Entries []Entry // in the order of the walk: IFD0, its Exif, GPS and Interop, then IFD1 and so on
	Notes   []wire.Note
	Damaged bool // at least one entry or directory could not be read
	Refused bool // a limit was exceeded: what lies beyond was not read

	file    window.File
	where   string
	visited map[int64]bool
	dirs    int
	total   int64
	muted   int
}

// Sound reports whether nothing was wrong: only then may a library that trusts its input see the block.
func (b *Block) Sound() bool { return !b.Damaged && !b.Refused }

// Walk lists the entries of the TIFF structure in file. The names of its Notes begin with where.
func Walk(file window.File, where string) (*Block, error) {
	head, ok := file.Bytes(0, 8)
	if !ok {
		return nil, fmt.Errorf("%w: %d bytes", ErrNotTIFF, file.Size())
	}
	order, ok := byteOrder(head)
	if !ok {
		return nil, ErrNotTIFF
	}
	b := &Block{Order: order, file: file, where: where, visited: map[int64]bool{}}
	b.chain(int64(order.Uint32(head[4:])))
	if b.muted > 0 {
		b.Notes = append(b.Notes, wire.Note{Where: where, Rule: fmt.Sprintf("%d more defects not listed, limit %d", b.muted, maxNotes)})
	}
	return b, nil
}

func byteOrder(head []byte) (binary.ByteOrder, bool) {
	switch string(head[:4]) {
	case "II*\x00":
		return binary.LittleEndian, true
	case "MM\x00*":
		return binary.BigEndian, true
	}
	return nil, false
}

// chain walks IFD0, its sub-directories, then the next directory of the chain.
func (b *Block) chain(off int64) {
	for n := 0; off != 0 && !b.Refused; n++ {
		off = b.dir(fmt.Sprintf("IFD%d", n), off)
	}
}

// dir lists one directory and those it points to, and returns the offset of the next one in the chain, 0 for none.
func (b *Block) dir(name string, off int64) (next int64) {
	if !b.enter(name, off) {
		return 0
	}
	raw, ok := b.file.Bytes(off, 2)
	if !ok {
		b.damage(name, fmt.Sprintf("directory offset %d lies outside the block of %d", off, b.file.Size()))
		return 0
	}
	count := int64(b.Order.Uint16(raw))
	if count > MaxEntries {
		b.refuse(name, fmt.Sprintf("%d entries exceed %d", count, MaxEntries))
		return 0
	}
	table, whole := b.table(off+2, count)
	if !whole {
		b.damage(name, fmt.Sprintf("%d entries at offset %d reach beyond the block of %d", count, off, b.file.Size()))
	}
	first := len(b.Entries)
	for i := 0; i+12 <= len(table) && !b.Refused; i += 12 {
		b.entry(name, i/12, table[i:i+12], off+2+int64(i))
	}
	b.follow(first, len(b.Entries))
	return b.next(off + 2 + 12*count)
}

// table reads the entries; when the block ends too early, those that are there.
func (b *Block) table(off, count int64) (raw []byte, whole bool) {
	if raw, ok := b.file.Bytes(off, 12*count); ok {
		return raw, true
	}
	left := max(b.file.Size()-off, 0)
	raw, _ = b.file.Bytes(off, min(left-left%12, 12*count))
	return raw, false
}

// next reads the link to the following directory. Blocks that end before it are common and mean none.
func (b *Block) next(off int64) int64 {
	raw, ok := b.file.Bytes(off, 4)
	if !ok {
		return 0
	}
	return int64(b.Order.Uint32(raw))
}

// enter counts a directory and refuses the one too many, or the one seen before.
func (b *Block) enter(name string, off int64) bool {
	if b.visited[off] {
		b.refuse(name, fmt.Sprintf("directory offset %d visited twice", off))
		return false
	}
	if b.dirs >= MaxDirs {
		b.refuse(name, fmt.Sprintf("more than %d directories", MaxDirs))
		return false
	}
	b.visited[off] = true
	b.dirs++
	return true
}

// entry checks one entry and keeps it when its value lies inside the block.
func (b *Block) entry(dir string, index int, raw []byte, at int64) {
	e := Entry{Dir: dir, Index: index, ID: b.Order.Uint16(raw), Type: b.Order.Uint16(raw[2:]), Count: b.Order.Uint32(raw[4:])}
	size, ok := typeSize(e.Type)
	if !ok {
		b.damage(e.where(), fmt.Sprintf("unknown type %d", e.Type))
		return
	}
	e.SizeBytes = int64(e.Count) * size // at most 2^32 x 8
	if e.SizeBytes > b.file.Size() {
		b.damage(e.where(), fmt.Sprintf("%d x %d bytes exceed the block of %d", e.Count, size, b.file.Size()))
		return
	}
	e.OffsetBytes = at + 8
	if e.SizeBytes > 4 {
		e.OffsetBytes = int64(b.Order.Uint32(raw[8:]))
		b.total += e.SizeBytes
	}
	if e.OffsetBytes+e.SizeBytes > b.file.Size() {
		b.damage(e.where(), fmt.Sprintf("value of %d bytes at offset %d lies outside the block of %d", e.SizeBytes, e.OffsetBytes, b.file.Size()))
		return
	}
	if b.total > MaxValueFactor*b.file.Size() {
		b.refuse(e.where(), fmt.Sprintf("values of %d bytes together exceed %d x the block of %d", b.total, MaxValueFactor, b.file.Size()))
		return
	}
	b.Entries = append(b.Entries, e)
}

// follow walks the directories that the entries from first to last point to.
func (b *Block) follow(first, last int) {
	for i := first; i < last && !b.Refused; i++ {
		e := b.Entries[i]
		name, ok := subDir(e)
		if !ok {
			continue
		}
		v := b.Value(e, Int)
		if (e.Type != typeLong && e.Type != typeIFD) || len(v.Ints) != 1 {
			b.damage(e.where(), fmt.Sprintf("directory pointer has type %d count %d, not LONG 1", e.Type, e.Count))
			continue
		}
		b.dir(name, v.Ints[0])
	}
}

// subDir names the directory that an entry points to. GPS and Interop directories point nowhere.
func subDir(e Entry) (string, bool) {
	if e.Dir == "GPS" || e.Dir == "Interop" {
		return "", false
	}
	switch e.ID {
	case tagExif:
		return "Exif", true
	case tagGPS:
		return "GPS", true
	case tagInterop:
		return "Interop", true
	}
	return "", false
}

func (e Entry) where() string { return fmt.Sprintf("%s entry %d (0x%04X)", e.Dir, e.Index, e.ID) }

func (b *Block) damage(where, rule string) {
	b.Damaged = true
	b.note(where, rule)
}

func (b *Block) refuse(where, rule string) {
	b.Refused = true
	b.note(where, rule)
}

func (b *Block) note(where, rule string) {
	if len(b.Notes) >= maxNotes {
		b.muted++
		return
	}
	b.Notes = append(b.Notes, wire.Note{Where: b.where + " " + where, Rule: rule})
}
