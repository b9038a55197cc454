// Package tagstest builds the small files that tests of the tag readers need, byte by byte. Only tests import it.
package tagstest

import (
	"bytes"
	"encoding/binary"
)

// U16 and U32 are little-endian numbers, B16 and B32 big-endian ones.
func U16(v ...int) []byte { return numbers(binary.LittleEndian, 2, v) }
func U32(v ...int) []byte { return numbers(binary.LittleEndian, 4, v) }
func B16(v ...int) []byte { return numbers(binary.BigEndian, 2, v) }
func B32(v ...int) []byte { return numbers(binary.BigEndian, 4, v) }

func numbers(order binary.AppendByteOrder, size int, values []int) []byte {
	var out []byte
	for _, v := range values {
		if size == 2 {
			out = order.AppendUint16(out, uint16(v))
		} else {
			out = order.AppendUint32(out, uint32(v))
		}
	}
	return out
}

// Cat joins pieces.
func Cat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// Z is n zero bytes.
func Z(n int) []byte { return make([]byte, n) }

// E is one directory entry whose value or offset is a number.
func E(tag, kind, count, value int) []byte { return Cat(U16(tag, kind), U32(count, value)) }

// ES is one directory entry whose value is text of at most four bytes.
func ES(tag, kind, count int, value string) []byte {
	return Cat(U16(tag, kind), U32(count), append([]byte(value), Z(4-len(value))...))
}

// D is a directory: the number of entries, the entries, the offset of the next directory.
func D(next int, entries ...[]byte) []byte {
	return Cat(U16(len(entries)), Cat(entries...), U32(next))
}

// T is a little-endian TIFF structure whose first directory follows the header.
func T(parts ...[]byte) []byte { return Cat([]byte("II*\x00"), U32(8), Cat(parts...)) }

// J is a JPEG file of one Exif segment.
func J(block []byte) []byte {
	return Cat([]byte{0xFF, 0xD8}, S(0xE1, Cat([]byte("Exif\x00\x00"), block)), []byte{0xFF, 0xD9})
}

// S is one JPEG segment.
func S(marker byte, body []byte) []byte {
	return Cat([]byte{0xFF, marker}, B16(len(body)+2), body)
}

// Field is one entry of a directory made by Exif; Value holds it in little-endian bytes.
type Field struct {
	Tag, Type, Count int
	Value            []byte
}

// Bytes, Text, Short and Rats make fields: of a type whose elements are bytes, and of TIFF types 2, 3 and 5.
func Bytes(tag, kind int, v string) Field { return Field{tag, kind, len(v), []byte(v)} }
func Text(tag int, s string) Field        { return Field{tag, 2, len(s) + 1, append([]byte(s), 0)} }
func Short(tag, v int) Field              { return Field{tag, 3, 1, U16(v)} }
func Rats(tag int, nd ...int) Field       { return Field{tag, 5, len(nd) / 2, U32(nd...)} }

// Exif lays out a whole block: IFD0 with pointers to the Exif and GPS directories, and IFD1. Empty ones are left out.
func Exif(ifd0, exif, gps, ifd1 []Field) []byte {
	at0 := 8
	pointers := 0
	for _, dir := range [][]Field{exif, gps} {
		if len(dir) > 0 {
			pointers++
		}
	}
	atExif := at0 + size(ifd0) + 12*pointers
	atGPS := atExif + size(exif)
	atNext := atGPS + size(gps)
	if len(exif) > 0 {
		ifd0 = append(ifd0[:len(ifd0):len(ifd0)], Field{0x8769, 4, 1, U32(atExif)})
	}
	if len(gps) > 0 {
		ifd0 = append(ifd0[:len(ifd0):len(ifd0)], Field{0x8825, 4, 1, U32(atGPS)})
	}
	next := 0
	if len(ifd1) > 0 {
		next = atNext
	}
	return T(dir(at0, next, ifd0), dir(atExif, 0, exif), dir(atGPS, 0, gps), dir(atNext, 0, ifd1))
}

// size of a directory with its values.
func size(fields []Field) int {
	if len(fields) == 0 {
		return 0
	}
	n := 6 + 12*len(fields)
	for _, f := range fields {
		if len(f.Value) > 4 {
			n += len(f.Value)
		}
	}
	return n
}

func dir(at, next int, fields []Field) []byte {
	if len(fields) == 0 {
		return nil
	}
	var entries [][]byte
	var values []byte
	behind := at + 6 + 12*len(fields)
	for _, f := range fields {
		value := append(append([]byte{}, f.Value...), Z(max(4-len(f.Value), 0))...)
		if len(f.Value) > 4 {
			value = U32(behind + len(values))
			values = append(values, f.Value...)
		}
		entries = append(entries, Cat(U16(f.Tag, f.Type), U32(f.Count), value))
	}
	return Cat(D(next, entries...), values)
}
