package metadata

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
)

// maxClipMs bounds the length of a recording: a longer one is an error of the header.
const maxClipMs = 24 * 60 * 60 * 1000

// clip is how long the recording is. A movie of one picture, and one whose length is unknown, has none.
func (s *stated) clip() (pipeline.Clip, bool) {
	d := s.tags.DurationMs
	if d == nil || *d <= 0 {
		return pipeline.Clip{}, false
	}
	if *d > maxClipMs {
		s.defect("movie header", "a recording of %d ms, more than a day: its length is unused", *d)
		return pipeline.Clip{}, false
	}
	return pipeline.Clip{DurationMs: *d}, true
}

// movieDates are ISO 8601 texts of programs and cameras.
var movieDates = map[string]bool{
	"udta ©day": true, "ilst ©day": true, "udta date": true, "keys creation_time": true, "keys date": true,
}

// movieStamps lists the stamps of movies, the best first: the phone's local time with its offset, then the headers, then
// what else is written in keys and user data.
func (s *stated) movieStamps() []clock.Stamp {
	var best, others []clock.Stamp
	for _, t := range s.tags.Tags {
		if t.Text == nil {
			continue
		}
		switch {
		case t.Dir == "keys" && t.Name == "com.apple.quicktime.creationdate":
			st := clock.QuickTimeCreationDate(*t.Text, s.until)
			st.Field = "QuickTime:" + t.Name
			best = append(best, st)
		case movieDates[t.Dir+" "+t.Name]:
			others = append(others, container(clock.ISO8601("QuickTime:"+t.Name, *t.Text, s.until)))
		case t.Dir == "AVI" && (t.Name == "IDIT" || t.Name == "ICRD"):
			others = append(others, container(s.aviStamp("AVI:"+t.Name, *t.Text)))
		}
	}
	if t, ok := s.find("mkv", "DateUTC"); ok && len(t.Ints) == 1 {
		others = append(others, s.matroska(t.Ints[0]))
	}
	return slices.Concat(best, s.headerStamps(), others)
}

func container(st clock.Stamp) clock.Stamp {
	st.Basis = clock.BasisContainer
	return st
}

// headerStamps reads mvhd, and of the tracks only times that are set and differ from it.
func (s *stated) headerStamps() []clock.Stamp {
	var out []clock.Stamp
	seen := map[int64]bool{0: true}
	for _, dir := range []string{"mvhd", "tkhd", "mdhd"} {
		for _, t := range s.tags.Tags {
			if t.Dir != dir || len(t.Ints) != 1 || t.Ints[0] < 0 || dir != "mvhd" && seen[t.Ints[0]] {
				continue
			}
			seen[t.Ints[0]] = true
			out = append(out, s.header(t))
		}
	}
	return out
}

// header is the moment that a device wrote it: some when the recording starts, others when it stops. How far the capture
// may stand from it is the length of the clip, which is told apart.
func (s *stated) header(t wire.Tag) clock.Stamp {
	field := "QuickTime:" + t.Dir
	if t.Name == "modification_time" {
		field += ".modified"
	}
	return clock.QuickTime(field, uint64(t.Ints[0]), s.until)
}

// asctime is how most cameras spell IDIT: "MON MAR 10 15:04:43 2003". The parser of package clock does the rest.
var asctime = regexp.MustCompile(`(?i)^[a-z]{3} ([a-z]{3}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})$`)

const monthNames = "jan feb mar apr may jun jul aug sep oct nov dec "

func (s *stated) aviStamp(field, text string) clock.Stamp {
	spelled := clean(text)
	if m := asctime.FindStringSubmatch(spelled); m != nil {
		if i := strings.Index(monthNames, strings.ToLower(m[1])+" "); i >= 0 && i%4 == 0 {
			spelled = fmt.Sprintf("%s:%02d:%02s %s", m[4], i/4+1, m[2], m[3])
		}
	}
	st := clock.EXIF(clock.EXIFTime{Field: field, Text: spelled}, s.until)
	if !strings.Contains(spelled, " ") { // a date alone
		st = clock.ISO8601(field, strings.NewReplacer("/", "-", ":", "-").Replace(spelled), s.until)
	}
	st.Raw = text
	return st
}

// matroska: DateUTC counts nanoseconds from 2001-01-01 (RFC 9559 5.1.2.11). It is when muxing began or ended.
func (s *stated) matroska(ns int64) clock.Stamp {
	at := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(ns))
	st := container(clock.ISO8601("Matroska:DateUTC", at.Format("2006-01-02T15:04:05.000000000Z"), s.until))
	st.Raw = fmt.Sprint(ns)
	return st
}

// pngStamps: tIME is the last change, by the standard in UTC; "Creation Time" is the author's; the rest are times that
// programs took from the file system, so they only bound the capture from above.
func (s *stated) pngStamps() []clock.Stamp {
	var out []clock.Stamp
	for _, t := range s.tags.Tags {
		if t.Dir != "PNG" {
			continue
		}
		field := "PNG:" + t.Name
		switch {
		case t.Name == "tIME" && len(t.Ints) == 6:
			iso := fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", t.Ints[0], t.Ints[1], t.Ints[2], t.Ints[3], t.Ints[4], t.Ints[5])
			out = append(out, bounded(clock.ISO8601(field, iso, s.until), clock.Edit))
		case t.Text == nil:
		case t.Name == "Creation Time" || t.Name == "exif:DateTimeOriginal":
			st := clock.EXIF(clock.EXIFTime{Field: field, Text: *t.Text}, s.until)
			if st.Has(clock.FlagBadFormat) {
				st = clock.ISO8601(field, *t.Text, s.until)
			}
			out = append(out, st)
		case strings.Contains(t.Name, "date"):
			out = append(out, bounded(clock.ISO8601(field, *t.Text, s.until), clock.Save))
		}
	}
	return out
}

func bounded(st clock.Stamp, kind clock.Kind) clock.Stamp {
	st.Kind, st.Bound = kind, clock.Upper
	return st
}
