package still

import (
	"encoding/binary"

	"whenwhere/internal/decode/wire"
)

// FLIR's thermal cameras keep their own clock in segments of their own, which together are a file of records (FFF): a
// header of 64 bytes, 32 bytes for each record, and the record of the camera with its date. The layout is that of
// ExifTool's FLIR module.
const (
	maxFLIRRecords = 1000
	flirHeader     = 8 // of a chunk: "FLIR", 0, 1, its number, the number of the last
	fffHeader      = 0x40
	fffEntry       = 32
	recordCamera   = 0x20
	atDate         = 0x384 // in the record of the camera: seconds of Unix time, milliseconds, minutes west of Greenwich
	dateBytes      = 10
)

var prefixFLIR = []byte("FLIR\x00\x01")

// flir gathers the chunks.
type flir struct {
	raw    []byte
	chunks int
	broken bool
}

// add keeps a chunk that follows the one before; the first that does not ends the gathering.
func (x *flir) add(f *Found, raw []byte) {
	switch {
	case x.broken:
	case len(raw) < flirHeader || int(raw[6]) != x.chunks:
		f.note("flir", "chunk %d is missing or short", x.chunks)
		x.broken = true
	default:
		x.raw, x.chunks = append(x.raw, raw[flirHeader:]...), x.chunks+1
	}
}

// join reads the date of the camera's record, if there is one.
func (x *flir) join(f *Found) {
	if len(x.raw) == 0 {
		return
	}
	record, ok := x.camera()
	if !ok || len(record) < atDate+dateBytes {
		f.note("flir", "no record of the camera in %d bytes", len(x.raw))
		return
	}
	var order binary.ByteOrder = binary.LittleEndian
	if record[0] == 0 {
		order = binary.BigEndian
	}
	date := record[atDate:]
	seconds, ms, west := int64(order.Uint32(date)), int64(order.Uint32(date[4:])&0xffff), int64(int16(order.Uint16(date[8:])))
	if seconds != 0 {
		f.Tags = append(f.Tags, wire.Tag{Reader: "walk", Dir: "FLIR", Name: "DateTimeOriginal", Ints: []int64{seconds, ms, west}})
	}
}

// camera finds the record in the directory, which is big-endian in the versions 100 to 199.
func (x *flir) camera() ([]byte, bool) {
	if len(x.raw) < fffHeader || string(x.raw[:4]) != "FFF\x00" {
		return nil, false
	}
	var order binary.ByteOrder = binary.BigEndian
	if v := order.Uint32(x.raw[0x14:]); v < 100 || v >= 200 {
		order = binary.LittleEndian
	}
	index, n := int64(order.Uint32(x.raw[0x18:])), int64(order.Uint32(x.raw[0x1c:]))
	size := int64(len(x.raw))
	for i := range min(n, maxFLIRRecords) {
		at := index + fffEntry*i
		if at+fffEntry > size {
			return nil, false
		}
		e := x.raw[at : at+fffEntry]
		from, length := int64(order.Uint32(e[12:])), int64(order.Uint32(e[16:]))
		if order.Uint16(e) == recordCamera && from+length <= size {
			return x.raw[from : from+length], true
		}
	}
	return nil, false
}
