package clock_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/clock"
)

func TestEXIF(t *testing.T) {
	t.Parallel()
	second, none := time.Second, time.Duration(0)
	for _, c := range []struct {
		name                 string
		text, subsec, offset string
		width                time.Duration // 0: no claim
		local                string        // the dial, written as if it were UTC
		offsets              []int
		flags                []string
	}{
		{"offset", "2024:11:03 10:15:20", "", "+03:00", second, "2024-11-03T10:15:20Z", []int{180}, nil},
		{"short offset", "2024:11:03 10:15:20", "", "-5:00", second, "2024-11-03T10:15:20Z", []int{-300}, nil},
		{"no colon in offset", "2024:11:03 10:15:20", "", "+0530", second, "2024-11-03T10:15:20Z", []int{330}, nil},
		{"Z", "2024:11:03 10:15:20", "", "Z", second, "2024-11-03T10:15:20Z", []int{0}, nil},
		{"no offset", "2024:11:03 10:15:20", "", "", second, "2024-11-03T10:15:20Z", nil, nil},
		{"blank offset", "2024:11:03 10:15:20", "", "   :  ", second, "2024-11-03T10:15:20Z", nil, nil},
		{"tenths", "2024:11:03 10:15:20", "7", "", 100 * time.Millisecond, "2024-11-03T10:15:20.7Z", nil, nil},
		{"hundredths", "2024:11:03 10:15:20", "07 ", "", 10 * time.Millisecond, "2024-11-03T10:15:20.07Z", nil, nil},
		{"microseconds", "2024:11:03 10:15:20", "123999\x00", "", time.Millisecond, "2024-11-03T10:15:20.123Z", nil, nil},
		{"subsec is no number", "2024:11:03 10:15:20", "-1", "", second, "2024-11-03T10:15:20Z", nil, []string{clock.FlagBadSubSec}},
		{"padding", " 2024:11:03 10:15:20\x00\x00", "", "", second, "2024-11-03T10:15:20Z", nil, nil},
		{"DST suffix", "2024:11:03 10:15:20 DST", "", "", second, "2024-11-03T10:15:20Z", nil, []string{clock.FlagDST}},
		{"dashes", "2024-11-03 10:15:20", "", "", second, "2024-11-03T10:15:20Z", nil, []string{clock.FlagNonStandard}},
		{"leap day", "2024:02:29 10:15:20", "", "", second, "2024-02-29T10:15:20Z", nil, nil},
		{"reset day", "2000:01:01 00:13:22", "", "", second, "2000-01-01T00:13:22Z", nil, []string{clock.FlagResetDay}},
		{"offset 99:99", "2024:11:03 10:15:20", "", "+99:99", second, "2024-11-03T10:15:20Z", nil, []string{clock.FlagBadOffset}},
		{"offset 14:01", "2024:11:03 10:15:20", "", "+14:01", second, "2024-11-03T10:15:20Z", nil, []string{clock.FlagBadOffset}},
		{"offset minutes 60", "2024:11:03 10:15:20", "", "+03:60", second, "2024-11-03T10:15:20Z", nil, []string{clock.FlagBadOffset}},
		{"offset in no zone", "2024:11:03 10:15:20", "", "+03:07", second, "2024-11-03T10:15:20Z", []int{187}, []string{clock.FlagOddOffset}},

		{"day 30 of February", "2024:02:30 10:15:20", "", "", none, "", nil, []string{clock.FlagBadCalendar}},
		{"no leap day", "2023:02:29 10:15:20", "", "", none, "", nil, []string{clock.FlagBadCalendar}},
		{"month 13", "2024:13:01 10:15:20", "", "", none, "", nil, []string{clock.FlagBadCalendar}},
		{"month 0", "2024:00:10 10:15:20", "", "", none, "", nil, []string{clock.FlagBadCalendar}},
		{"24:00:00", "2024:02:28 24:00:00", "", "", none, "", nil, []string{clock.FlagBadClock}},
		{"second 60", "2016:12:31 23:59:60", "", "", none, "", nil, []string{clock.FlagBadClock}},
		{"zeros", "0000:00:00 00:00:00", "", "+03:00", none, "", nil, []string{clock.FlagNeverSet}},
		{"blank", "    :  :     :  :  ", "", "", none, "", nil, []string{clock.FlagNeverSet}},
		{"empty", "", "", "", none, "", nil, []string{clock.FlagNeverSet}},
		{"midnight of New Year", "2014:01:01 00:00:00", "", "", none, "", nil, []string{clock.FlagNeverSet}},
		{"fraction after New Year", "2014:01:01 00:00:00", "25", "", 10 * time.Millisecond, "2014-01-01T00:00:00.25Z", nil, nil},
		{"last second before the window", "1989:12:31 23:59:59", "", "Z", none, "", nil, []string{clock.FlagBeforeWindow}},
		{"first second of the window", "1990:01:02 00:00:00", "", "Z", second, "1990-01-02T00:00:00Z", []int{0}, nil},
		{"second after New Year", "2014:01:01 00:00:01", "", "", second, "2014-01-01T00:00:01Z", nil, nil},
		{"date only", "2024:11:03", "", "", none, "", nil, []string{clock.FlagBadFormat}},
		{"trailing text", "2024:11:03 10:15:20x", "", "", none, "", nil, []string{clock.FlagBadFormat}},
		{"mixed separators", "2024:11-03 10:15:20", "", "", none, "", nil, []string{clock.FlagBadFormat}},
		{"not UTF-8", "\xff\xfe24:11:03 10:15:20", "", "", none, "", nil, []string{clock.FlagBadFormat}},
		{"1989", "1989:11:09 18:53:00", "", "", none, "", nil, []string{clock.FlagBeforeWindow}},
		{"2099", "2099:08:12 10:00:00", "", "", none, "", nil, []string{clock.FlagAfterWindow}},
		{"after collection", "2026:03:02 00:00:00", "", "Z", none, "", nil, []string{clock.FlagAfterWindow}},
		{"last second of the window", "2026:03:01 23:59:59", "", "Z", second, "2026-03-01T23:59:59Z", []int{0}, nil},
	} {
		s := clock.EXIF(clock.EXIFTime{Field: "DateTimeOriginal", Text: c.text, SubSec: c.subsec, Offset: c.offset}, until)
		if diff := cmp.Diff(c.flags, s.Flags); diff != "" {
			t.Errorf("%s: flags: %s", c.name, diff)
		}
		if diff := cmp.Diff(c.offsets, s.OffsetsMin); diff != "" {
			t.Errorf("%s: offsets: %s", c.name, diff)
		}
		if c.width == none {
			if s.Usable() || !s.Local.IsEmpty() {
				t.Errorf("%s: claims %v", c.name, s.Spans)
			}
			continue
		}
		local := spans(t, c.width, c.local)
		want(t, c.name+": local", s.Local, local)
		if c.offsets != nil {
			want(t, c.name, s.Spans, local.Shift(-int64(c.offsets[0])*60000))
			continue
		}
		want(t, c.name, s.Spans, anyZone(local))
		if s.Zone != clock.Unknown {
			t.Errorf("%s: zone %q", c.name, s.Zone)
		}
	}
}

func TestKindFollowsTheField(t *testing.T) {
	t.Parallel()
	for field, kind := range map[string]clock.Kind{
		"DateTimeOriginal": clock.Capture, "CreateDate": clock.Capture, "DateTimeDigitized": clock.Capture, "XMP:CreateDate": clock.Capture,
		"DateTime": clock.Edit, "ModifyDate": clock.Edit, "XMP:ModifyDate": clock.Edit, "xmp:MetadataDate": clock.Edit, "mvhd.modification_time": clock.Edit,
	} {
		s := clock.EXIF(clock.EXIFTime{Field: field, Text: "2024:11:03 10:15:20", Offset: "+02:00"}, until)
		bound := clock.Point
		if kind == clock.Edit {
			bound = clock.Upper
		}
		if s.Kind != kind || s.Bound != bound {
			t.Errorf("%s: %s, %s", field, s.Kind, s.Bound)
		}
	}
}

func TestAdmits(t *testing.T) {
	t.Parallel()
	in := clock.EXIFTime{Field: "DateTimeOriginal", Text: "2024:11:03 10:15:20", Offset: "+02:00"}
	at := ms(t, "2024-11-03T08:15:20Z")
	point, ok := clock.EXIF(in, until).Admits()
	if !ok || !point.Contains(at) || point.Contains(at-1) || point.Contains(at+1000) {
		t.Errorf("point: %v", point)
	}
	in.Field = "ModifyDate"
	upper, ok := clock.EXIF(in, until).Admits()
	if !ok || !upper.Contains(at+999) || upper.Contains(at+1000) || !upper.Contains(at-1e12) {
		t.Errorf("upper: %v", upper)
	}
	lower := clock.EXIF(in, until)
	lower.Kind, lower.Bound = clock.Capture, clock.Lower
	if from, ok := lower.Admits(); !ok || from.Contains(at-1) || !from.Contains(at+1e12) {
		t.Errorf("lower: %v", from)
	}
	lower.Kind = clock.Edit
	if from, ok := lower.Admits(); ok || !from.IsEmpty() {
		t.Errorf("old footage may be edited later: %v", from)
	}
	in.Text = "2024:02:30 10:15:20"
	if got, ok := clock.EXIF(in, until).Admits(); ok || !got.IsEmpty() {
		t.Errorf("a refused stamp admits %v, %v", got, ok)
	}
}

// A caller who forgets the time of collection gets no claims at all.
func TestZeroUntilRefusesAll(t *testing.T) {
	t.Parallel()
	s := clock.EXIF(clock.EXIFTime{Field: "DateTimeOriginal", Text: "2024:11:03 10:15:20"}, time.Time{})
	if s.Usable() || !s.Has(clock.FlagAfterWindow) {
		t.Errorf("got %v %v", s.Spans, s.Flags)
	}
	if got := clock.FromFileName("PXL_20240501_101112123.jpg", time.Time{}); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestISO8601(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	for _, c := range []struct {
		text  string
		width time.Duration // 0: no claim
		local string
		zone  clock.Zone
		off   int
		flags []string
	}{
		{"2025-07-11T09:44:38-0600", time.Second, "2025-07-11T09:44:38Z", clock.Stated, -360, nil},
		{"2025-07-11T09:44:38+03:00", time.Second, "2025-07-11T09:44:38Z", clock.Stated, 180, nil},
		{"2025-07-11T09:44:38+03", time.Second, "2025-07-11T09:44:38Z", clock.Stated, 180, nil},
		{"2025-07-11T09:44:38Z", time.Second, "2025-07-11T09:44:38Z", clock.UTC, 0, nil},
		{"2025-07-11T09:44:38-00:00", time.Second, "2025-07-11T09:44:38Z", clock.UTC, 0, nil},
		{"2025-07-11T09:44:38.25", 10 * time.Millisecond, "2025-07-11T09:44:38.25Z", clock.Unknown, 0, nil},
		{"2025-07-11 09:44:38", time.Second, "2025-07-11T09:44:38Z", clock.Unknown, 0, nil},
		{"2025-07-11T09:44", time.Minute, "2025-07-11T09:44:00Z", clock.Unknown, 0, []string{clock.FlagPartial}},
		{"2025-07-11T09:44Z", time.Minute, "2025-07-11T09:44:00Z", clock.UTC, 0, []string{clock.FlagPartial}},
		{"2025-07-11", day, "2025-07-11T00:00:00Z", clock.Unknown, 0, []string{clock.FlagPartial}},
		{"2024-02", 29 * day, "2024-02-01T00:00:00Z", clock.Unknown, 0, []string{clock.FlagPartial}},
		{"2024", 366 * day, "2024-01-01T00:00:00Z", clock.Unknown, 0, []string{clock.FlagPartial}},
		{"2025-07-11T09:44:38+19:00", time.Second, "2025-07-11T09:44:38Z", clock.Unknown, 0, []string{clock.FlagBadOffset}},

		{"2024-02-30", 0, "", clock.Unknown, 0, []string{clock.FlagBadCalendar}},
		{"2024-02-28T24:00:00Z", 0, "", clock.Unknown, 0, []string{clock.FlagBadClock}},
		{"2024-02-28T10:00:60Z", 0, "", clock.Unknown, 0, []string{clock.FlagBadClock}},
		{"0000-00-00T00:00:00", 0, "", clock.Unknown, 0, []string{clock.FlagNeverSet}},
		{"2024-2-3", 0, "", clock.Unknown, 0, []string{clock.FlagBadFormat}},
		{"20240203", 0, "", clock.Unknown, 0, []string{clock.FlagBadFormat}},
		{"2024-02-03T10", 0, "", clock.Unknown, 0, []string{clock.FlagBadFormat}},
		{"1904-01-01T00:00:00Z", 0, "", clock.UTC, 0, []string{clock.FlagBeforeWindow}},
	} {
		s := clock.ISO8601("XMP:CreateDate", c.text, until)
		if diff := cmp.Diff(c.flags, s.Flags); diff != "" {
			t.Errorf("%s: flags: %s", c.text, diff)
		}
		if s.Zone != c.zone {
			t.Errorf("%s: zone %q, want %q", c.text, s.Zone, c.zone)
		}
		if c.width == 0 {
			if s.Usable() {
				t.Errorf("%s: claims %v", c.text, s.Spans)
			}
			continue
		}
		local := spans(t, c.width, c.local)
		if c.zone == clock.Unknown {
			want(t, c.text, s.Spans, anyZone(local))
		} else {
			want(t, c.text, s.Spans, local.Shift(-int64(c.off)*60000))
		}
	}
	if s := clock.QuickTimeCreationDate("2025-07-11T09:44:38-0600", until); s.Basis != clock.BasisContainer || !s.Usable() {
		t.Errorf("creation date: %+v", s)
	}
}
