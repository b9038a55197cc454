package still

import (
	"bytes"
	"encoding/binary"
	"sort"

	"whenwhere/internal/decode/tags/window"
)

// Segment contents: CIPA DC-008 4.7.2, XMP specification part 3 section 1.1.3, Photoshop image resources.
var (
	prefixExif     = []byte("Exif\x00")
	prefixXMP      = []byte("http://ns.adobe.com/xap/1.0/\x00")
	prefixExtended = []byte("http://ns.adobe.com/xmp/extension/\x00")
	prefixResource = []byte("Photoshop 3.0\x00")
)

const (
	markerSOI  = 0xD8
	markerEOI  = 0xD9
	markerSOS  = 0xDA
	markerAPP1 = 0xE1
	markerAPPD = 0xED
)

// JPEG walks the segments up to the first scan.
func JPEG(file window.File) (Found, error) {
	head, ok := file.Bytes(0, 2)
	if !ok || head[0] != 0xFF || head[1] != markerSOI {
		return Found{}, damaged("no JPEG start of image")
	}
	var found Found
	var ext extended
	var thermal flir
	at := int64(2)
	for range MaxSegments {
		marker, payload, next := found.segment(file, at)
		if next == 0 {
			ext.join(&found)
			thermal.join(&found)
			return found, nil
		}
		found.keep(marker, payload, &ext, &thermal)
		at = next
	}
	found.note("jpeg", "more than %d segments before the picture", MaxSegments)
	ext.join(&found)
	thermal.join(&found)
	return found, nil
}

// segment reads the header of the segment at offset at; next is 0 when the walk ends there.
func (f *Found) segment(file window.File, at int64) (marker byte, payload window.File, next int64) {
	at, marker, ok := f.marker(file, at)
	if !ok || marker == markerSOS || marker == markerEOI {
		return 0, window.File{}, 0
	}
	if marker == 0x01 || (marker >= 0xD0 && marker <= markerSOI) {
		return marker, window.File{}, at + 2
	}
	raw, ok := file.Bytes(at+2, 2)
	if !ok {
		f.note("jpeg", "file ends in the header of segment %02X at offset %d", marker, at)
		return 0, window.File{}, 0
	}
	size := int64(binary.BigEndian.Uint16(raw))
	if size < 2 {
		f.note("jpeg", "segment %02X at offset %d has length %d, below 2", marker, at, size)
		return 0, window.File{}, 0
	}
	if at+2+size > file.Size() {
		f.note("jpeg", "segment %02X of %d bytes at offset %d reaches beyond the file of %d", marker, size, at, file.Size())
	}
	return marker, file.Part(at+4, size-2), at + 2 + size
}

// marker skips fill bytes (ITU-T T.81 B.1.1.2) and returns the marker and the offset of its FF.
func (f *Found) marker(file window.File, at int64) (int64, byte, bool) {
	const maxFill = 4096
	raw, ok := file.Bytes(at, 2)
	if !ok {
		return at, 0, false // a file of headers only, as thumbnails and tests have
	}
	for n := 0; ok && raw[0] == 0xFF && raw[1] == 0xFF && n < maxFill; n++ {
		at++
		raw, ok = file.Bytes(at, 2)
	}
	if !ok || raw[0] != 0xFF || raw[1] == 0xFF {
		f.note("jpeg", "no marker at offset %d", at)
		return at, 0, false
	}
	return at, raw[1], true
}

// keep copies what a segment holds when it is metadata.
func (f *Found) keep(marker byte, payload window.File, ext *extended, thermal *flir) {
	if marker != markerAPP1 && marker != markerAPPD {
		return
	}
	raw, _ := payload.Bytes(0, payload.Size())
	switch {
	case marker == markerAPPD && bytes.HasPrefix(raw, prefixResource):
		f.HasIPTC = true
	case marker == markerAPP1 && bytes.HasPrefix(raw, prefixExif) && len(raw) > 6:
		f.exif("jpeg APP1", raw[6:])
	case marker == markerAPP1 && bytes.HasPrefix(raw, prefixXMP):
		f.xmp("xmp", raw[len(prefixXMP):])
	case marker == markerAPP1 && bytes.HasPrefix(raw, prefixExtended):
		ext.add(f, raw[len(prefixExtended):])
	case marker == markerAPP1 && bytes.HasPrefix(raw, prefixFLIR):
		thermal.add(f, raw)
	}
}

// extended gathers the parts of a packet that did not fit into one segment.
type extended struct {
	parts []part
	total int
}

type part struct {
	guid   string
	offset uint32
	data   []byte
}

// add keeps one part: 32 bytes of GUID, the full length, the offset of this part, its bytes.
func (x *extended) add(f *Found, raw []byte) {
	if len(raw) < 40 {
		f.note("extended xmp", "part of %d bytes, below the 40 of its header", len(raw))
		return
	}
	if x.total+len(raw) > MaxXMPBytes {
		f.note("extended xmp", "parts exceed %d bytes", MaxXMPBytes)
		return
	}
	x.total += len(raw)
	x.parts = append(x.parts, part{guid: string(raw[:32]), offset: binary.BigEndian.Uint32(raw[36:]), data: raw[40:]})
}

// join puts the parts that the main packet names together, when none is missing.
func (x *extended) join(f *Found) {
	if len(x.parts) == 0 {
		return
	}
	sort.SliceStable(x.parts, func(i, j int) bool { return x.parts[i].offset < x.parts[j].offset })
	var whole []byte
	for _, p := range x.parts {
		if !f.names(p.guid) {
			f.note("extended xmp", "no main packet names part at %d", p.offset)
			continue
		}
		if int64(p.offset) != int64(len(whole)) {
			f.note("extended xmp", "part at %d does not follow %d bytes", p.offset, len(whole))
			return
		}
		whole = append(whole, p.data...)
	}
	if len(whole) > 0 {
		f.xmp("extended xmp", whole)
	}
}

func (f *Found) names(guid string) bool {
	for _, p := range f.XMP {
		if bytes.Contains(p.Data, []byte(guid)) {
			return true
		}
	}
	return false
}
