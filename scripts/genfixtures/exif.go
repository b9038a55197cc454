package main

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// tags are the EXIF fields of a photo (CIPA DC-008, EXIF 2.32). The zero value of a field leaves it out.
type tags struct {
	maker, model, software string
	wall                   time.Time     // what the camera's clock showed; its location is not written
	offset                 string        // OffsetTime*, such as +03:00; empty when the camera does not write it
	edited                 time.Time     // wall time of the last save, if it differs
	exposure               time.Duration // ExposureTime
	fNumber, focalMM       float64
	iso, focal35           int
	gps                    *gpsTags
}

type gpsTags struct {
	lat, lon, altitudeM float64
	withoutRefs         bool      // leave the hemispheres out
	fix                 time.Time // UTC; zero leaves time and date out
	accuracyM           float64
	headingDeg          float64
}

const (
	typeByte = iota + 1
	typeASCII
	typeShort
	typeLong
	typeRational
	typeUndefined = 7
)

type field struct {
	tag, kind uint16
	count     int
	value     []byte
}

func ascii(tag uint16, s string) field {
	return field{tag, typeASCII, len(s) + 1, append([]byte(s), 0)}
}

func short(tag uint16, v int) field {
	return field{tag, typeShort, 1, binary.LittleEndian.AppendUint16(nil, uint16(v))}
}

func long(tag uint16, v int) field {
	return field{tag, typeLong, 1, binary.LittleEndian.AppendUint32(nil, uint32(v))}
}

func bytesField(tag, kind uint16, v ...byte) field { return field{tag, kind, len(v), v} }

// rationals writes each value over the same denominator.
func rationals(tag uint16, denominator int, values ...float64) field {
	f := field{tag: tag, kind: typeRational, count: len(values)}
	for _, v := range values {
		f.value = binary.LittleEndian.AppendUint32(f.value, uint32(math.Round(v*float64(denominator))))
		f.value = binary.LittleEndian.AppendUint32(f.value, uint32(denominator))
	}
	return f
}

// withEXIF puts an APP1 segment behind the start of a JPEG.
func withEXIF(photo []byte, t tags, widthPx, heightPx int) []byte {
	block := append([]byte("Exif\x00\x00"), t.tiff(widthPx, heightPx)...)
	out := append([]byte{}, photo[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(block)+2))
	return append(append(out, block...), photo[2:]...)
}

// tiff lays the three directories out one after the other, each followed by the values that do not fit into it.
func (t tags) tiff(widthPx, heightPx int) []byte {
	const ifdPointer, exifPointer, gpsPointer = 8, 0x8769, 0x8825
	zeroth, exif, gps := t.zeroth(), t.exif(widthPx, heightPx), t.gpsFields()
	zeroth = append(zeroth, long(exifPointer, 0))
	if gps != nil {
		zeroth = append(zeroth, long(gpsPointer, 0))
	}
	exifAt := ifdPointer + ifdSize(zeroth)
	gpsAt := exifAt + ifdSize(exif)
	for i := range zeroth {
		switch zeroth[i].tag {
		case exifPointer:
			zeroth[i] = long(exifPointer, exifAt)
		case gpsPointer:
			zeroth[i] = long(gpsPointer, gpsAt)
		}
	}
	out := append([]byte("II*\x00"), ifdPointer, 0, 0, 0)
	out = appendIFD(out, zeroth)
	out = appendIFD(out, exif)
	if gps != nil {
		out = appendIFD(out, gps)
	}
	return out
}

func even(n int) int { return n + n%2 }

func ifdSize(fields []field) int {
	n := 2 + 12*len(fields) + 4
	for _, f := range fields {
		if len(f.value) > 4 {
			n += even(len(f.value))
		}
	}
	return n
}

func appendIFD(out []byte, fields []field) []byte {
	slices.SortFunc(fields, func(a, b field) int { return int(a.tag) - int(b.tag) })
	valuesAt := len(out) + 2 + 12*len(fields) + 4
	var values []byte
	out = binary.LittleEndian.AppendUint16(out, uint16(len(fields)))
	for _, f := range fields {
		out = binary.LittleEndian.AppendUint16(out, f.tag)
		out = binary.LittleEndian.AppendUint16(out, f.kind)
		out = binary.LittleEndian.AppendUint32(out, uint32(f.count))
		if len(f.value) <= 4 {
			out = append(out, append(slices.Clone(f.value), 0, 0, 0, 0)[:4]...)
			continue
		}
		out = binary.LittleEndian.AppendUint32(out, uint32(valuesAt+len(values)))
		values = append(values, f.value...)
		if len(values)%2 == 1 {
			values = append(values, 0)
		}
	}
	out = append(out, 0, 0, 0, 0) // no further directory
	return append(out, values...)
}

const exifLayout = "2006:01:02 15:04:05"

func (t tags) zeroth() []field {
	fields := []field{short(0x0112, 1), rationals(0x011a, 1, 72), rationals(0x011b, 1, 72), short(0x0128, 2), short(0x0213, 1)}
	for _, f := range []struct {
		tag  uint16
		text string
	}{{0x010f, t.maker}, {0x0110, t.model}, {0x0131, t.software}} {
		if f.text != "" {
			fields = append(fields, ascii(f.tag, f.text))
		}
	}
	saved := t.wall
	if !t.edited.IsZero() {
		saved = t.edited
	}
	if !saved.IsZero() {
		fields = append(fields, ascii(0x0132, saved.Format(exifLayout)))
	}
	return fields
}

func (t tags) exif(widthPx, heightPx int) []field {
	fields := []field{bytesField(0x9000, typeUndefined, []byte("0232")...), bytesField(0x9101, typeUndefined, 1, 2, 3, 0),
		bytesField(0xa000, typeUndefined, []byte("0100")...), short(0xa001, 1), long(0xa002, widthPx), long(0xa003, heightPx)}
	if !t.wall.IsZero() {
		text, fraction := t.wall.Format(exifLayout), strings.TrimPrefix(t.wall.Format(".000"), ".")
		fields = append(fields, ascii(0x9003, text), ascii(0x9004, text), ascii(0x9291, fraction), ascii(0x9292, fraction))
		if t.offset != "" {
			fields = append(fields, ascii(0x9010, t.offset), ascii(0x9011, t.offset), ascii(0x9012, t.offset))
		}
	}
	if t.exposure > 0 {
		ev := exposureValue(t.fNumber, t.exposure.Seconds(), t.iso)
		fields = append(fields, rationals(0x829a, 1_000_000, t.exposure.Seconds()), rationals(0x829d, 100, t.fNumber),
			short(0x8827, t.iso), signed(0x9203, ev-5), signed(0x9204, 0), short(0x9209, 16),
			rationals(0x920a, 100, t.focalMM), short(0xa405, t.focal35))
	}
	return fields
}

// signed is an SRATIONAL in hundredths.
func signed(tag uint16, v float64) field {
	f := rationals(tag, 100, 0)
	f.kind = 10
	binary.LittleEndian.PutUint32(f.value, uint32(int32(math.Round(v*100))))
	return f
}

// exposureValue is EV at ISO 100.
func exposureValue(fNumber, seconds float64, iso int) float64 {
	return math.Log2(fNumber * fNumber / seconds * 100 / float64(iso))
}

func (t tags) gpsFields() []field {
	g := t.gps
	if g == nil {
		return nil
	}
	fields := []field{bytesField(0x00, typeByte, 2, 3, 0, 0), angle(0x02, g.lat), angle(0x04, g.lon), bytesField(0x05, typeByte, 0), rationals(0x06, 10, g.altitudeM)}
	if !g.withoutRefs {
		fields = append(fields, ascii(0x01, ref(g.lat, "N", "S")), ascii(0x03, ref(g.lon, "E", "W")))
	}
	if !g.fix.IsZero() {
		fix := g.fix.UTC()
		fields = append(fields, rationals(0x07, 1, float64(fix.Hour()), float64(fix.Minute()), float64(fix.Second())),
			ascii(0x1d, fix.Format("2006:01:02")))
	}
	if g.headingDeg >= 0 {
		fields = append(fields, ascii(0x10, "T"), rationals(0x11, 100, g.headingDeg))
	}
	if g.accuracyM > 0 {
		fields = append(fields, rationals(0x1f, 10, g.accuracyM))
	}
	return fields
}

func ref(v float64, positive, negative string) string {
	if v < 0 {
		return negative
	}
	return positive
}

// angle writes degrees as phones do: whole degrees, whole minutes, and seconds over 10,000.
func angle(tag uint16, deg float64) field {
	total := math.Round(math.Abs(deg) * 3600 * 10_000) // ten-thousandths of a second
	f := rationals(tag, 1, math.Floor(total/36_000_000), math.Mod(math.Floor(total/600_000), 60))
	f.value = append(f.value, rationals(tag, 10_000, math.Mod(total, 600_000)/10_000).value...)
	f.count = 3
	return f
}

// isoOffset is an offset as EXIF writes it.
func isoOffset(hours int) string { return fmt.Sprintf("%+03d:00", hours) }
