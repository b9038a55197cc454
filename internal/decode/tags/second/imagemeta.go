package second

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/bep/imagemeta"

	"whenwhere/internal/decode/tags/ifd"
	"whenwhere/internal/decode/tags/window"
	"whenwhere/internal/decode/wire"
)

// Limits on imagemeta. Values over limitTagSize vanish without a notice; the walk has cut them long before.
const (
	limitTagSize   = 10_000
	limitTags      = 5000
	maxBytesRead   = 16 << 20 // through its buffer; the largest good file of the set takes 0.4 MB
	maxIPTCText    = 1000
	minSecondsSame = 1e-6
	maxDegreesDiff = 1e-9
)

// Format of a file for imagemeta, which detects nothing; false when it reads no such file.
func Format(mimeType string) (imagemeta.ImageFormat, bool) {
	switch mimeType {
	case "image/jpeg":
		return imagemeta.JPEG, true
	case "image/tiff":
		return imagemeta.TIFF, true
	case "image/png":
		return imagemeta.PNG, true
	case "image/webp":
		return imagemeta.WebP, true
	case "image/heic", "image/heif":
		return imagemeta.HEIF, true
	case "image/avif":
		return imagemeta.AVIF, true
	}
	return imagemeta.ImageFormatAuto, false
}

// Sources says what imagemeta may read of a file.
type Sources struct {
	Exif bool // false when the walk refused the block: what breaks a limit is not read by anybody
	IPTC bool
}

// Imagemeta reads the file on its own and compares with the walk. IPTC dates are exported: nobody else reads them.
func Imagemeta(file window.File, mimeType string, from Sources, walk []wire.Tag) (extra []wire.Tag, notes []wire.Note) {
	format, ok := Format(mimeType)
	sources := from.mask()
	if !ok || sources.IsZero() {
		return nil, nil
	}
	var readings []reading
	guard("imagemeta", &notes, func() {
		_, err := imagemeta.Decode(imagemeta.Options{
			R:               &budgeted{rs: file.Reader(), left: maxBytesRead},
			ImageFormat:     format,
			Sources:         sources,
			ShouldHandleTag: func(imagemeta.TagInfo) bool { return true }, // false would hide the Exif directory
			LimitTagSize:    limitTagSize,
			LimitNumTags:    limitTags,
			Warnf:           func(string, ...any) {},
			HandleTag: func(t imagemeta.TagInfo) error {
				if r, ok := readingOf(t); ok {
					readings = append(readings, r)
				}
				return nil
			},
		})
		_ = err // no error does not mean valid, and an error does not mean that nothing was read
		extra, notes = merge("imagemeta", readings, walk)
	})
	return extra, notes
}

func (s Sources) mask() imagemeta.Source {
	var m imagemeta.Source
	if s.Exif {
		m |= imagemeta.EXIF
	}
	if s.IPTC {
		m |= imagemeta.IPTC
	}
	return m
}

// dirs maps its namespaces; aliases its ExifTool names that differ from the standard's.
var (
	dirs = map[string]string{
		"IFD0": "IFD0", "IFD1": "IFD1", "IFD0/ExifIFDP": "Exif", "IFD0/GPSInfoIFD": "GPS", "IFD0/ExifIFDP/GPSInfoIFD": "GPS",
	}
	aliases = map[string]string{
		"ModifyDate": "DateTime", "CreateDate": "DateTimeDigitized", "ISO": "PhotographicSensitivity",
		"ExposureCompensation": "ExposureBiasValue", "ExifImageWidth": "PixelXDimension", "ExifImageHeight": "PixelYDimension",
		"FocalLengthIn35mmFormat": "FocalLengthIn35mmFilm", "SerialNumber": "BodySerialNumber",
	}
	iptcNames = map[string]bool{
		"DateCreated": true, "TimeCreated": true, "DigitalCreationDate": true, "DigitalCreationTime": true,
		"OriginatingProgram": true, "ProgramVersion": true, "DateSent": true, "TimeSent": true,
	}
	// skipped are converted on the way to something that cannot be compared: exposure values become seconds and
	// f-numbers, coded text loses its code, and directory numbers below 0x20 are taken for GPS.
	skipped = map[string]bool{
		"ShutterSpeedValue": true, "ApertureValue": true, "GPSProcessingMethod": true, "GPSAreaInformation": true,
	}
)

func readingOf(t imagemeta.TagInfo) (reading, bool) {
	if t.Source == imagemeta.IPTC {
		return iptcReading(t)
	}
	dir, name := dirs[t.Namespace], t.Tag
	if alias, ok := aliases[name]; ok {
		name = alias
	}
	isGPS := strings.HasPrefix(name, "GPS")
	if dir == "" || skipped[name] || isGPS != (dir == "GPS") || !ifd.Exports(dir, name) {
		return reading{}, false
	}
	value, ok := exported(t.Value)
	return reading{dir: dir, name: name, value: value, shown: fmt.Sprint(t.Value), agrees: func(walk wire.Tag) bool {
		return equal(walk, t.Value)
	}}, ok
}

func iptcReading(t imagemeta.TagInfo) (reading, bool) {
	s, ok := t.Value.(string)
	if !ok || !iptcNames[t.Tag] {
		return reading{}, false
	}
	s = strings.ToValidUTF8(s[:min(len(s), maxIPTCText)], "\uFFFD")
	return reading{dir: "IPTC", name: t.Tag, value: wire.Tag{Text: &s}, shown: s, agrees: func(wire.Tag) bool { return true }}, true
}

// exported gives a value in the form of a Tag, for those that the walk did not find.
func exported(v any) (wire.Tag, bool) {
	switch v := v.(type) {
	case string:
		s := strings.ToValidUTF8(v[:min(len(v), ifd.MaxTextBytes)], "\uFFFD")
		return wire.Tag{Text: &s}, v != ""
	case imagemeta.Rat[uint32]:
		return wire.Tag{Rats: []wire.Rat{{Num: int64(v.Num()), Den: int64(v.Den())}}}, true
	case imagemeta.Rat[int32]:
		return wire.Tag{Rats: []wire.Rat{{Num: int64(v.Num()), Den: int64(v.Den())}}}, true
	case float32, float64:
		return wire.Tag{Floats: []string{fmt.Sprint(v)}}, true
	}
	if n, ok := integer(v); ok {
		return wire.Tag{Ints: []int64{n}}, true
	}
	return wire.Tag{}, false
}

func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case uint8:
		return int64(v), true
	case uint16:
		return int64(v), true
	case uint32:
		return int64(v), true
	case int32:
		return int64(v), true
	case int:
		return int64(v), true
	}
	return 0, false
}

// equal compares the walk's raw value with imagemeta's converted one, in the form that imagemeta chose.
func equal(walk wire.Tag, v any) bool {
	switch walk.Name {
	case "GPSLatitude", "GPSLongitude":
		return sameDegrees(walk, v)
	case "GPSTimeStamp":
		return sameClock(walk, v)
	case "SubSecTime", "SubSecTimeOriginal", "SubSecTimeDigitized", "GPSMeasureMode", "GPSSatellites":
		return sameNumber(walk, v)
	case "GPSVersionID":
		return strings.Trim(fmt.Sprint(walk.Ints), "[]") == fmt.Sprint(v)
	}
	if list, ok := v.([]any); ok {
		return sameList(walk, list)
	}
	switch {
	case walk.Text != nil:
		return printable(*walk.Text) == printable(fmt.Sprint(v))
	case len(walk.Ints) == 1:
		n, ok := integer(v)
		return ok && uint16(n) == uint16(walk.Ints[0]) // it reads signed shorts as unsigned
	case len(walk.Rats) == 1:
		return sameRat(walk.Rats[0], v)
	case len(walk.Floats) == 1:
		return walk.Floats[0] == fmt.Sprint(v)
	}
	return false
}

func sameList(walk wire.Tag, list []any) bool {
	if len(walk.Rats) == len(list) {
		for i, r := range walk.Rats {
			if !sameRat(r, list[i]) {
				return false
			}
		}
		return true
	}
	for i, n := range walk.Ints {
		if i >= len(list) {
			return false
		}
		if v, ok := integer(list[i]); !ok || uint16(v) != uint16(n) {
			return false
		}
	}
	return len(walk.Ints) == min(len(list), ifd.MaxElements)
}

// sameRat compares with a reduced rational; a zero denominator is spelled "undef", or 0 when signed.
func sameRat(r wire.Rat, v any) bool {
	switch v := v.(type) {
	case imagemeta.Rat[uint32]:
		return r.Num*int64(v.Den()) == r.Den*int64(v.Num()) && r.Den != 0
	case imagemeta.Rat[int32]:
		return r.Num*int64(v.Den()) == r.Den*int64(v.Num()) && r.Den != 0
	}
	return r.Den == 0
}

func sameDegrees(walk wire.Tag, v any) bool {
	got, ok := v.(float64)
	if !ok || len(walk.Rats) != 3 {
		return false
	}
	want := ratio(walk.Rats[0]) + ratio(walk.Rats[1])/60 + ratio(walk.Rats[2])/3600
	return math.Abs(want-got) <= maxDegreesDiff
}

func sameClock(walk wire.Tag, v any) bool {
	var h, m, s float64
	text, ok := v.(string)
	if !ok || len(walk.Rats) != 3 {
		return false
	}
	if _, err := fmt.Sscanf(text, "%f:%f:%f", &h, &m, &s); err != nil {
		return false
	}
	want := ratio(walk.Rats[0])*3600 + ratio(walk.Rats[1])*60 + ratio(walk.Rats[2])
	return math.Abs(want-(h*3600+m*60+s)) <= minSecondsSame
}

// ratio of a rational; NaN, which equals nothing, when it has none.
func ratio(r wire.Rat) float64 {
	if r.Den == 0 {
		return math.NaN()
	}
	return float64(r.Num) / float64(r.Den)
}

// sameNumber compares digits of which imagemeta made an integer; text that is none became 0 and says nothing.
func sameNumber(walk wire.Tag, v any) bool {
	if walk.Text == nil {
		return false
	}
	n, err := strconv.Atoi(printable(*walk.Text))
	return err != nil || fmt.Sprint(n) == fmt.Sprint(v)
}

// printable drops what imagemeta drops from text, and what differs by encoding.
func printable(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7E {
			return -1
		}
		return r
	}, s))
}

// budgeted is a reader that ends after so many bytes, wherever they were read: it bounds the time of a library that
// may seek as it likes.
type budgeted struct {
	rs   io.ReadSeeker
	left int
}

func (b *budgeted) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, io.EOF
	}
	n, err := b.rs.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func (b *budgeted) Seek(offset int64, whence int) (int64, error) {
	return b.rs.Seek(offset, whence)
}
