package clock

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"
)

// ZIPTime is what a ZIP archive says of an entry's age: the two words of DOS
// time and the extra field of the entry (APPNOTE 4.4.6, 4.5).
type ZIPTime struct {
	Date, Time uint16
	Extra      []byte
}

// ZIP reads the modification time of an entry. The Info-ZIP field 0x5455 and
// the NTFS field 0x000A hold UTC; without them the words are the local time
// of the machine that packed, even seconds only. A file time says when bytes
// were last written, which copying and editing move: a weak upper bound.
func ZIP(z ZIPTime, until time.Time) Stamp {
	s := Stamp{Field: "zip:mtime", Kind: Save, Bound: Upper, Basis: BasisFileTime,
		Raw: fmt.Sprintf("date 0x%04X time 0x%04X extra %X", z.Date, z.Time, z.Extra[:min(len(z.Extra), 64)])}
	if at, width, ok := zipExtra(z.Extra); ok {
		return s.inUTC(span(at, width), until)
	}
	if z.Date == 0 || z.Date == 0x21 && z.Time == 0 { // 1980-01-01, the zero of DOS
		return s.refused(FlagNeverSet)
	}
	at := moment{
		year: 1980 + int(z.Date>>9), month: int(z.Date >> 5 & 15), day: int(z.Date & 31),
		hour: int(z.Time >> 11), min: int(z.Time >> 5 & 63), sec: 2 * int(z.Time&31),
	}
	if flag := at.validate(); flag != "" {
		return s.refused(flag)
	}
	return s.with(FlagFATTime).onDial(span(at.dialMs(), 2*secondMs), until)
}

// zipExtra walks the extra field: two bytes of id, two of length, the data.
func zipExtra(extra []byte) (at, width int64, ok bool) {
	for len(extra) >= 4 {
		id, n := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		if n > len(extra)-4 {
			return 0, 0, false
		}
		data := extra[4 : 4+n]
		switch {
		case id == 0x5455 && n >= 5 && data[0]&1 == 1:
			return int64(int32(binary.LittleEndian.Uint32(data[1:]))) * secondMs, secondMs, true
		case id == 0x000A && n >= 16 && binary.LittleEndian.Uint16(data[4:]) == 1:
			// 100 ns since 1601-01-01, 134774 days before 1970.
			ticks := binary.LittleEndian.Uint64(data[8:])
			if ticks > 0 && ticks < math.MaxInt64 {
				return int64(ticks/10000) - 134774*dayMs, 1, true
			}
		}
		extra = extra[4+n:]
	}
	return 0, 0, false
}

// httpForms are the three forms of RFC 9110, 5.6.7.
var httpForms = []string{"Mon, 02 Jan 2006 15:04:05 GMT", "Monday, 02-Jan-06 15:04:05 GMT", "Mon Jan _2 15:04:05 2006"}

// maxHTTPBytes bounds the work; the longest form has 37 bytes.
const maxHTTPBytes = 64

// FromHeader reads a line "Name: value" of a server's answer or of a record in
// a web archive, of the headers that date the resource: Last-Modified, Date,
// Memento-Datetime (RFC 7089) and WARC-Date. ok is false for other lines.
func FromHeader(line string, until time.Time) (s Stamp, ok bool) {
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return Stamp{}, false
	}
	for _, known := range []string{"Last-Modified", "Date", "Memento-Datetime"} {
		if strings.EqualFold(strings.TrimSpace(name), known) {
			return HTTPDate(known, value, until), true
		}
	}
	if strings.EqualFold(strings.TrimSpace(name), "WARC-Date") {
		return WARCDate(value, until), true
	}
	return Stamp{}, false
}

// HTTPDate reads a header such as Last-Modified or Date, always UTC: the
// resource existed then, so the capture is not later. A weekday that does
// not belong to the date makes it unusable.
func HTTPDate(field, text string, until time.Time) Stamp {
	s := Stamp{Field: field, Raw: text, Kind: Save, Bound: Upper, Basis: BasisArchiver}
	text = strings.Trim(text, " \t\r\n\x00")
	if text == "" {
		return s.refused(FlagNeverSet)
	}
	if len(text) > maxHTTPBytes {
		return s.refused(FlagBadFormat)
	}
	for _, form := range httpForms {
		at, err := time.Parse(form, text)
		if err != nil {
			continue
		}
		if day := at.Weekday().String(); !strings.HasPrefix(text, day[:3]) {
			return s.refused(FlagBadCalendar)
		}
		return s.inUTC(span(at.UnixMilli(), secondMs), until)
	}
	return s.refused(FlagBadFormat)
}

// WARCDate reads the date of a web archive's record (ISO 28500, 5.4), the UTC
// moment at which the archivist fetched it.
func WARCDate(text string, until time.Time) Stamp {
	s := ISO8601("WARC-Date", text, until)
	s.Kind, s.Bound, s.Basis = Save, Upper, BasisArchiver
	if s.Usable() && s.Zone != UTC {
		return s.refused(FlagBadFormat)
	}
	return s
}
