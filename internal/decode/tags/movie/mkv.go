package movie

import (
	"encoding/binary"
	"math"

	"whenwhere/internal/decode/tags/window"
)

// Element numbers of Matroska (RFC 9559 section 5.1).
const (
	idEBML          = 0x1A45DFA3
	idSegment       = 0x18538067
	idInfo          = 0x1549A966
	idCluster       = 0x1F43B675
	idDateUTC       = 0x4461
	idDuration      = 0x4489
	idTimestampUnit = 0x2AD7B1
	idMuxingApp     = 0x4D80
	idWritingApp    = 0x5741

	maxElements = 2000
)

// Matroska reads the Info element of a Matroska or WebM file. DateUTC is nanoseconds since 2001-01-01T00:00:00 UTC.
// Tags elements, which may repeat a phone's keys, are not read, and noted.
func Matroska(file window.File) (Found, error) {
	head, ok := elementAt(file, 0)
	if !ok || head.id != idEBML {
		return Found{}, damaged("no EBML header")
	}
	segment, ok := elementAt(file, head.next)
	if !ok || segment.id != idSegment {
		return Found{}, damaged("no Matroska segment after the EBML header")
	}
	var found Found
	at := int64(0)
	for range maxElements {
		e, ok := elementAt(segment.body, at)
		if !ok || e.id == idCluster {
			found.note("mkv", "no Info element before the first cluster")
			return found, nil
		}
		if e.id == idInfo {
			found.mkvInfo(e.body)
			found.note("mkv", "tag elements not read")
			return found, nil
		}
		at = e.next
	}
	found.note("mkv", "more than %d elements before Info", maxElements)
	return found, nil
}

func (f *Found) mkvInfo(info window.File) {
	unit, units := uint64(1_000_000), -1.0
	at := int64(0)
	for range maxElements {
		e, ok := elementAt(info, at)
		if !ok {
			break
		}
		raw, _ := e.body.Bytes(0, min(e.body.Size(), maxText+1))
		switch {
		case e.id == idDateUTC && len(raw) == 8:
			f.ints("walk", "mkv", "DateUTC", int64(binary.BigEndian.Uint64(raw)))
		case e.id == idMuxingApp:
			f.text("walk", "mkv", "MuxingApp", raw)
		case e.id == idWritingApp:
			f.text("walk", "mkv", "WritingApp", raw)
			f.encoder(string(raw))
		case e.id == idTimestampUnit && len(raw) <= 8:
			unit = unsigned(raw)
		case e.id == idDuration && len(raw) == 4:
			units = float64(math.Float32frombits(binary.BigEndian.Uint32(raw)))
		case e.id == idDuration && len(raw) == 8:
			units = math.Float64frombits(binary.BigEndian.Uint64(raw))
		}
		at = e.next
	}
	if ms := math.Round(units * float64(unit) / 1e6); ms >= 0 && ms < 1<<53 {
		d := int64(ms)
		f.DurationMs = &d
	}
}

// element is one EBML element (RFC 8794 section 4 and 5). One of unknown size reaches to the end of its parent.
type element struct {
	id   uint64
	body window.File
	next int64
}

func elementAt(file window.File, at int64) (element, bool) {
	raw, _ := file.Bytes(at, min(12, max(file.Size()-at, 0)))
	id, n := vint(raw, true)
	if n == 0 || n > 4 {
		return element{}, false
	}
	size, m := vint(raw[n:], false)
	if m == 0 {
		return element{}, false
	}
	start := at + int64(n+m)
	left := file.Size() - start
	if size == 1<<(7*m)-1 || size > uint64(left) {
		size = uint64(left)
	}
	return element{id: id, body: file.Part(start, int64(size)), next: start + int64(size)}, true
}

// vint reads a variable-size integer, with its length marker for identifiers. n is 0 when it is broken.
func vint(raw []byte, keepMarker bool) (v uint64, n int) {
	if len(raw) == 0 || raw[0] == 0 {
		return 0, 0
	}
	n = 1
	for mask := byte(0x80); raw[0]&mask == 0; mask >>= 1 {
		n++
	}
	if n > len(raw) {
		return 0, 0
	}
	first := raw[0]
	if !keepMarker {
		first &= byte(0xFF >> n)
	}
	v = uint64(first)
	for _, b := range raw[1:n] {
		v = v<<8 | uint64(b)
	}
	return v, n
}

func unsigned(raw []byte) uint64 {
	var v uint64
	for _, b := range raw {
		v = v<<8 | uint64(b)
	}
	return v
}
