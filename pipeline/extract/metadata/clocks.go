package metadata

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// allClocks lists every stamp of the file: EXIF, GPS, XMP, IPTC, other containers of pictures, movies, telemetry. Fields of
// one clock that disagree are flagged.
func (s *stated) allClocks() []pipeline.StatedClock {
	stamps := append(s.exifStamps(), s.flirStamps()...)
	stamps = append(stamps, s.gpsStamps(stamps)...)
	stamps = append(stamps, s.xmpStamps()...)
	stamps = append(stamps, s.iptcStamps()...)
	stamps = append(stamps, s.pngStamps()...)
	stamps = append(stamps, s.movieStamps()...)
	stamps = append(stamps, s.telemetryStamps()...)
	return clocksOf(clock.Consistent(stamps))
}

// NameClocks lists what the name of a file says about time: the patterns of cameras, messengers and platforms.
func NameClocks(fileName string) []pipeline.StatedClock {
	stamps := clock.FromFileName(fileName, horizon())
	for i := range stamps {
		stamps[i].Field = "FileName:" + strings.TrimPrefix(stamps[i].Field, "file_name:")
	}
	return clocksOf(stamps)
}

func clocksOf(stamps []clock.Stamp) []pipeline.StatedClock {
	var out []pipeline.StatedClock
	for _, st := range stamps {
		out = append(out, clockOf(st))
	}
	return out
}

// clockOf keeps what the stamp itself says: UTC when it states its zone, the dial when it does not, both when its
// standard leaves that open. What a zone-less dial may mean in UTC is not the file's to say.
func clockOf(st clock.Stamp) pipeline.StatedClock {
	c := pipeline.StatedClock{
		Field: st.Field, Raw: st.Raw, Clock: clockKind(st.Basis), Kind: pipeline.StampKind(st.Kind),
		Bound: pipeline.Bound(st.Bound), Flags: slices.Clone(st.Flags),
	}
	if !st.Usable() {
		return c
	}
	switch st.Zone {
	case clock.UTC, clock.Stated:
		c.UTC = spans(st.Spans)
	case clock.UTCOrLocal:
		c.UTC, c.Wall = spans(st.Local), wall(st.Local)
	default:
		c.Wall = wall(st.Local)
	}
	return c
}

// clockKind: XMP and IPTC repeat the camera's clock, an id in a name is as good as the name.
func clockKind(basis string) pipeline.ClockKind {
	switch basis {
	case clock.BasisGPS:
		return pipeline.ClockGPS
	case clock.BasisContainer:
		return pipeline.ClockContainer
	case clock.BasisCamera, clock.BasisMetadata, clock.BasisTelemetry:
		return pipeline.ClockCamera
	}
	return pipeline.ClockFileName
}

func spans(set timeset.Set) []pipeline.Span {
	var out []pipeline.Span
	for _, iv := range set.Intervals() {
		out = append(out, pipeline.Span{From: time.UnixMilli(iv.Lo).UTC(), To: time.UnixMilli(iv.Hi).UTC()})
	}
	return out
}

func wall(local timeset.Set) *pipeline.WallSpan {
	b, ok := local.Bounds()
	if !ok {
		return nil
	}
	dial := func(ms int64) string { return time.UnixMilli(ms).UTC().Format(pipeline.WallLayout) }
	return &pipeline.WallSpan{From: dial(b.Lo), To: dial(b.Hi)}
}

// exifStamps pairs each date with the fraction and the offset that belong to it.
func (s *stated) exifStamps() []clock.Stamp {
	var out []clock.Stamp
	for _, suffix := range []string{"Original", "Digitized", ""} {
		if _, ok := s.find("Exif", "DateTime"+suffix); !ok {
			continue
		}
		out = append(out, clock.EXIF(clock.EXIFTime{
			Field: "EXIF:DateTime" + suffix, Text: s.text("Exif", "DateTime"+suffix),
			SubSec: s.text("Exif", "SubSecTime"+suffix), Offset: s.text("Exif", "OffsetTime"+suffix),
		}, s.until))
	}
	return out
}

// flirStamps reads the clock of a thermal camera, which states its offset: seconds of Unix time, milliseconds, and minutes
// west of Greenwich.
func (s *stated) flirStamps() []clock.Stamp {
	tag, ok := s.find("FLIR", "DateTimeOriginal")
	if !ok || len(tag.Ints) != 3 || tag.Ints[1] > 999 || tag.Ints[2] < -14*60 || tag.Ints[2] > 14*60 {
		return nil
	}
	zone := time.FixedZone("", -60*int(tag.Ints[2]))
	at := time.Unix(tag.Ints[0], 0).In(zone)
	return []clock.Stamp{clock.EXIF(clock.EXIFTime{Field: "FLIR:DateTimeOriginal", Text: at.Format("2006:01:02 15:04:05"),
		SubSec: fmt.Sprintf("%03d", tag.Ints[1]), Offset: at.Format("-07:00")}, s.until)}
}

// gpsStamps reads the time of the fix. When only its date is missing or broken, the camera's own clock says which days
// are possible.
func (s *stated) gpsStamps(camera []clock.Stamp) []clock.Stamp {
	stamp, hasTime := s.find("GPS", "GPSTimeStamp")
	if _, hasDate := s.find("GPS", "GPSDateStamp"); !hasTime && !hasDate {
		return nil
	}
	g := clock.GPSTime{Date: s.text("GPS", "GPSDateStamp")}
	if len(stamp.Rats) == 3 {
		r := stamp.Rats
		g.HMS = &[3][2]int64{{r[0].Num, r[0].Den}, {r[1].Num, r[1].Den}, {r[2].Num, r[2].Den}}
	} else if hasTime {
		s.defect("GPS GPSTimeStamp", "%s is not three rationals: unused", shown(stamp))
	}
	fix := clock.GPS(g, s.until)
	fix.Field = "EXIF:GPSDateTime"
	badDate := fix.Has(clock.FlagNoDate) || fix.Has(clock.FlagBadFormat) || fix.Has(clock.FlagBadCalendar)
	if fix.Usable() || !badDate || len(camera) == 0 {
		return []clock.Stamp{fix}
	}
	guess := clock.GPSNearWall(g, camera[0].Local, s.until)
	if !guess.Usable() {
		return []clock.Stamp{fix}
	}
	guess.Field, guess.Flags = "EXIF:GPSTimeStamp", append(slices.Clone(fix.Flags), guess.Flags...)
	return []clock.Stamp{guess}
}

// xmpDates are copies of camera dates, and dates that programs set.
var xmpDates = []string{
	"exif:DateTimeOriginal", "exif:DateTimeDigitized", "xmp:CreateDate", "photoshop:DateCreated",
	"tiff:DateTime", "xmp:ModifyDate", "xmp:MetadataDate",
}

func (s *stated) xmpStamps() []clock.Stamp {
	var out []clock.Stamp
	for _, n := range xmpDates {
		if text := s.text("XMP", n); text != "" {
			out = append(out, clock.ISO8601("XMP:"+n, text, s.until))
		}
	}
	if text := s.text("XMP", "exif:GPSTimeStamp"); text != "" {
		fix := clock.ISO8601("XMP:exif:GPSTimeStamp", text, s.until)
		fix.Basis = clock.BasisGPS
		out = append(out, fix)
	}
	return out
}

// iptcStamps joins date and time (IIM 4.2, datasets 2:55 with 2:60 and 2:62 with 2:63): YYYYMMDD and HHMMSS±HHMM.
func (s *stated) iptcStamps() []clock.Stamp {
	var out []clock.Stamp
	for _, pair := range [][2]string{{"DateCreated", "TimeCreated"}, {"DigitalCreationDate", "DigitalCreationTime"}} {
		date, tod := clean(s.text("IPTC", pair[0])), clean(s.text("IPTC", pair[1]))
		if date == "" {
			continue
		}
		iso := grouped(date, "-", 4, 2, 2)
		if tod != "" {
			at, zone := tod, ""
			if i := strings.IndexAny(tod, "+-Zz"); i >= 0 {
				at, zone = tod[:i], tod[i:]
			}
			iso += "T" + grouped(at, ":", 2, 2, 2) + zone
		}
		st := clock.ISO8601("IPTC:"+pair[0], iso, s.until)
		st.Raw = strings.TrimSpace(date + " " + tod)
		out = append(out, st)
	}
	return out
}

// grouped puts separators into a run of digits, or another separator for colons; anything else stays for the parser to
// refuse.
func grouped(text, separator string, widths ...int) string {
	digits := strings.ReplaceAll(strings.ReplaceAll(text, ":", ""), "-", "")
	var parts []string
	for _, w := range widths {
		if len(digits) < w {
			return text
		}
		parts, digits = append(parts, digits[:w]), digits[w:]
	}
	if digits != "" {
		return text
	}
	return strings.Join(parts, separator)
}
