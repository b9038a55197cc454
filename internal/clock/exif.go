package clock

import (
	"regexp"
	"strings"
	"time"
)

// EXIFTime is an EXIF date tag with the two tags that belong to it, as raw
// text: DateTimeOriginal with SubSecTimeOriginal and OffsetTimeOriginal,
// DateTimeDigitized with the ...Digitized ones, DateTime with SubSecTime and
// OffsetTime. Absent tags are "".
type EXIFTime struct {
	Field  string // name of the date tag
	Text   string // "YYYY:MM:DD HH:MM:SS"
	SubSec string // decimal-fraction digits
	Offset string // "+03:00", "Z"; blank is unknown
}

// The standard has colons in the date; some writers use dashes, slashes or a
// T, which is flagged.
var exifForm = regexp.MustCompile(`^(\d{4})([:/.-])(\d{2})([:/.-])(\d{2})([ T])(\d{2}):(\d{2}):(\d{2})$`)

// EXIF reads a camera date (Exif 2.32, tags 0x0132, 0x9003, 0x9004, 0x9010 to
// 0x9012, 0x9290 to 0x9292). Without a usable offset the zone is unknown.
// until is the time of collection.
func EXIF(in EXIFTime, until time.Time) Stamp {
	s := Stamp{Field: in.Field, Raw: in.raw(), Kind: kindOfField(in.Field), Basis: BasisCamera, Zone: Unknown}
	s.Bound = boundOf(s.Kind)
	text, s := exifText(in.Text, s)
	if strings.Trim(text, " 0:/.-T") == "" {
		return s.refused(FlagNeverSet)
	}
	m := exifForm.FindStringSubmatch(text)
	if m == nil || m[2] != m[4] {
		return s.refused(FlagBadFormat)
	}
	if m[2] != ":" || m[6] != " " {
		s = s.with(FlagNonStandard)
	}
	at := moment{number(m[1]), number(m[3]), number(m[5]), number(m[7]), number(m[8]), number(m[9])}
	if flag := at.validate(); flag != "" {
		return s.refused(flag)
	}
	return s.exifMoment(at, in, until)
}

func (in EXIFTime) raw() string {
	parts := []string{in.Text}
	if in.SubSec != "" {
		parts = append(parts, "subsec "+in.SubSec)
	}
	if in.Offset != "" {
		parts = append(parts, "offset "+in.Offset)
	}
	return strings.Join(parts, " | ")
}

// exifText strips padding and the " DST" or " STD" that AVCHD dates carry.
func exifText(text string, s Stamp) (string, Stamp) {
	text = strings.Trim(text, " \x00")
	for _, suffix := range []string{" DST", " STD"} {
		if cut, found := strings.CutSuffix(text, suffix); found {
			return cut, s.with(FlagDST)
		}
	}
	return text, s
}

func (s Stamp) exifMoment(at moment, in EXIFTime, until time.Time) Stamp {
	sub, width := int64(0), secondMs
	if digits := strings.Trim(in.SubSec, " \x00"); isDigits(digits) {
		sub, width = fractionMs(digits)
	} else if digits != "" {
		s = s.with(FlagBadSubSec)
	}
	if at.isMidnightNewYear() && sub == 0 {
		return s.refused(FlagNeverSet)
	}
	if at.year == 2000 && at.month == 1 && at.day == 1 {
		s = s.with(FlagResetDay)
	}
	local := span(at.dialMs()+sub, width)
	offset, ok, blank := parseOffset(in.Offset)
	if ok {
		return s.atOffset(local, offset, until)
	}
	if !blank {
		s = s.with(FlagBadOffset)
	}
	return s.onDial(local, until)
}

// kindOfField tells dates of editing from dates of capture by the tag name:
// DateTime, ModifyDate and MetadataDate are rewritten by editors.
func kindOfField(field string) Kind {
	name := strings.ToLower(field[strings.LastIndexAny(field, ":.")+1:])
	if name == "datetime" || strings.Contains(name, "modif") || name == "metadatadate" {
		return Edit
	}
	return Capture
}
