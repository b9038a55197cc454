package clock

import (
	"regexp"
	"strings"
	"time"

	"whenwhere/internal/timeset"
)

// Partial dates are legal in XMP: a year, a month, a day, or a minute.
var isoForm = regexp.MustCompile(`^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?` +
	`([Zz]|[+-]\d{2}(?::?\d{2})?)?)?)?)?$`)

// ISO8601 reads an XMP date (XMP specification part 1, 8.2.1.1) or the date
// of an Apple movie, which write ISO 8601 with any precision from the year to
// the fraction of a second and with or without a zone. "Z" and "-00:00" are
// UTC; without a zone the reading is local and the zone unknown. A partial
// date becomes the whole year, month, day or minute.
func ISO8601(field, text string, until time.Time) Stamp {
	s := Stamp{Field: field, Raw: text, Kind: kindOfField(field), Basis: BasisMetadata, Zone: Unknown}
	s.Bound = boundOf(s.Kind)
	text = strings.Trim(text, " \x00\t\r\n")
	if strings.Trim(text, "0:-TZ. ") == "" {
		return s.refused(FlagNeverSet)
	}
	m := isoForm.FindStringSubmatch(text)
	if m == nil {
		return s.refused(FlagBadFormat)
	}
	local, flag := isoSpan(m)
	if flag != "" {
		return s.refused(flag)
	}
	if m[6] == "" {
		s = s.with(FlagPartial)
	}
	return s.isoZone(local, m[8], until)
}

// QuickTimeCreationDate reads com.apple.quicktime.creationdate, for example
// "2025-07-11T09:44:38-0600": local time with its offset, the best date a
// phone movie carries.
func QuickTimeCreationDate(text string, until time.Time) Stamp {
	s := ISO8601("com.apple.quicktime.creationdate", text, until)
	s.Basis = BasisContainer
	return s
}

func (s Stamp) isoZone(local timeset.Set, zone string, until time.Time) Stamp {
	switch {
	case zone == "":
		return s.onDial(local, until)
	case zone == "Z" || zone == "z" || zone == "-00:00" || zone == "-0000":
		return s.inUTC(local, until)
	case len(zone) == len("+03"):
		zone += ":00"
	}
	offset, ok, _ := parseOffset(zone)
	if !ok {
		return s.with(FlagBadOffset).onDial(local, until)
	}
	return s.atOffset(local, offset, until)
}

// isoSpan turns the fields that are there into the interval they name.
func isoSpan(m []string) (timeset.Set, string) {
	at := moment{year: number(m[1]), month: 1, day: 1}
	if m[2] != "" {
		at.month = number(m[2])
	}
	if m[3] != "" {
		at.day = number(m[3])
	}
	at.hour, at.min, at.sec = number(m[4]), number(m[5]), number(m[6])
	if flag := at.validate(); flag != "" {
		return timeset.Set{}, flag
	}
	lo := at.dialMs()
	switch {
	case m[2] == "":
		return span(lo, moment{at.year + 1, 1, 1, 0, 0, 0}.dialMs()-lo), ""
	case m[3] == "":
		return span(lo, int64(daysIn(at.year, at.month))*dayMs), ""
	case m[4] == "":
		return span(lo, dayMs), ""
	case m[6] == "":
		return span(lo, minuteMs), ""
	}
	sub, width := fractionMs(m[7])
	return span(lo+sub, width), ""
}
