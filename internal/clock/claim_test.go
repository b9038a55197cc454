package clock_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/clock"
	"whenwhere/internal/timeset"
)

func TestClaimsJSON(t *testing.T) {
	t.Parallel()
	stamps := []clock.Stamp{
		clock.EXIF(clock.EXIFTime{Field: "DateTimeOriginal", Text: "2024:11:03 10:15:20", Offset: "+03:00"}, until),
		clock.EXIF(clock.EXIFTime{Field: "DateTimeOriginal", Text: "2024:02:30 10:15:20"}, until),
	}
	got, err := json.Marshal([]clock.Claim{stamps[0].Claim(), stamps[1].Claim()})
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"field":"DateTimeOriginal","raw":"2024:11:03 10:15:20 | offset +03:00","kind":"capture","bound":"point",` +
		`"spans":[{"from":"2024-11-03T07:15:20.000Z","to":"2024-11-03T07:15:21.000Z"}],"basis":"camera_clock","flags":[]},` +
		`{"field":"DateTimeOriginal","raw":"2024:02:30 10:15:20","kind":"capture","bound":"point","spans":[],"basis":"camera_clock","flags":["bad_calendar"]}]`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

// Whatever the bytes, the claim is JSON, and its instants are RFC 3339.
func TestClaimOfAnyBytes(t *testing.T) {
	t.Parallel()
	s := clock.Stamp{Field: "\xff", Raw: "\x00\xc3\x28", Spans: timeset.Of(timeset.Interval{Lo: math.MinInt64, Hi: math.MaxInt64})}
	text, err := json.Marshal(s.Claim())
	if err != nil {
		t.Fatal(err)
	}
	var back clock.Claim
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{back.Spans[0].From, back.Spans[0].To} {
		if _, err := time.Parse(time.RFC3339, at); err != nil {
			t.Error(err)
		}
	}
}

func TestStampsOfOtherParsers(t *testing.T) {
	t.Parallel()
	src := clock.Source{Field: "dji_srt", Raw: "2024.11.03 10:15:20", Kind: clock.Capture, Basis: clock.BasisTelemetry}
	wall := spans(t, time.Second, "2024-11-03T10:15:20Z")
	s := clock.OnDial(src, wall, until)
	want(t, "dial", s.Local, wall)
	want(t, "any zone", s.Spans, anyZone(wall))
	u := clock.AtUTC(src, wall, until)
	want(t, "utc", u.Spans, wall)
	// The delta to a file time in UTC names the zone of the drone.
	mtime := clock.AtUTC(clock.Source{Field: "mtime", Kind: clock.Save, Basis: clock.BasisFileTime}, wall.Shift(-3*3600000+40000), until)
	if offset, _, quality, ok := inferred(s, mtime); !ok || offset != 180 || quality != clock.Good {
		t.Errorf("%d %s %v", offset, quality, ok)
	}
	for name, set := range map[string]timeset.Set{
		"empty": {}, "before 1990": timeset.Of(timeset.Interval{Lo: 0, Hi: 1000}),
		"all of time": timeset.Of(timeset.Interval{Lo: math.MinInt64, Hi: math.MaxInt64}),
	} {
		if s := clock.OnDial(src, set, until); s.Usable() || len(s.Flags) == 0 {
			t.Errorf("dial %s: %+v", name, s)
		}
	}
	if s := clock.AtUTC(src, timeset.Set{}, until); s.Usable() || len(s.Flags) == 0 {
		t.Errorf("%+v", s)
	}
}

// Reliability follows who can write a field.
func TestReliability(t *testing.T) {
	t.Parallel()
	camera := clock.EXIF(clock.EXIFTime{Field: "DateTimeOriginal", Text: "2024:11:03 10:15:20"}, until)
	id, _ := clock.FromID(clock.Twitter, "1212092628029698048", until)
	tid, _ := clock.FromID(clock.Bluesky, "3jzfcijpj2z2a", until)
	post, _, err := clock.TelegramOrder(5, []clock.Neighbour{{ID: 7, DateMs: ms(t, "2024-01-01T00:00:00Z")}}, until)
	if err != nil {
		t.Fatal(err)
	}
	zip := clock.ZIP(clock.ZIPTime{Date: 0x5963, Time: 0x51E0}, until)
	for want, s := range map[float64]clock.Stamp{0.90: camera, 0.999: id, 0.97: post, 0.60: zip} {
		if got := s.Reliability(); got != want {
			t.Errorf("%s: %v, want %v", s.Field, got, want)
		}
	}
	if tid.Reliability() >= id.Reliability() {
		t.Errorf("an id that the client made: %v", tid.Reliability())
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	got, err := shared.Steps("Europe/Kyiv", timeset.Interval{Lo: ms(t, "2024-01-01T00:00:00Z"), Hi: ms(t, "2025-01-01T00:00:00Z")})
	if err != nil {
		t.Fatal(err)
	}
	want := []clock.Step{
		{FromMs: ms(t, "2024-01-01T00:00:00Z"), OffsetMin: 120}, {FromMs: ms(t, "2024-03-31T01:00:00Z"), OffsetMin: 180},
		{FromMs: ms(t, "2024-10-27T01:00:00Z"), OffsetMin: 120},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	crimea, err := shared.Steps("Europe/Simferopol", timeset.Interval{Lo: ms(t, "2014-01-01T00:00:00Z"), Hi: ms(t, "2016-01-01T00:00:00Z")})
	if err != nil {
		t.Fatal(err)
	}
	want = []clock.Step{
		{FromMs: ms(t, "2014-01-01T00:00:00Z"), OffsetMin: 120}, {FromMs: ms(t, "2014-03-30T00:00:00Z"), OffsetMin: 240},
		{FromMs: ms(t, "2014-10-25T22:00:00Z"), OffsetMin: 180},
	}
	if diff := cmp.Diff(want, crimea); diff != "" {
		t.Error(diff)
	}
	for _, iv := range []timeset.Interval{{}, {Lo: 0, Hi: 1}, {Lo: math.MinInt64, Hi: math.MaxInt64}} {
		if steps, err := shared.Steps("Europe/Kyiv", iv); err == nil {
			t.Errorf("%v: %v", iv, steps)
		}
	}
	if _, err := shared.Steps("Europe/Donetsk", timeset.Interval{Lo: ms(t, "2024-01-01T00:00:00Z"), Hi: ms(t, "2025-01-01T00:00:00Z")}); err == nil {
		t.Error("a zone that does not exist")
	}
}

// The areas seized in 2022 over their first year, hour by hour where clocks
// were set: Kyiv and Moscow time part, agree, and part again.
func TestTransitionsOf2022(t *testing.T) {
	t.Parallel()
	for wall, want := range map[string][]int{
		"2022-03-26T12:00:00": {120, 180},
		"2022-03-27T02:59:59": {120, 180},
		"2022-03-27T03:30:00": {180}, // does not exist in Kyiv
		"2022-03-27T04:00:00": {180},
		"2022-07-10T12:00:00": {180},
		"2022-10-30T02:59:59": {180},
		"2022-10-30T03:30:00": {120, 180}, // twice in Kyiv
		"2022-10-30T04:00:00": {120, 180},
		"2023-01-10T12:00:00": {120, 180},
	} {
		candidates, err := shared.Candidates(melitopol, dial(t, wall))
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, c := range candidates {
			got = append(got, c.OffsetMin)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", wall, diff)
		}
	}
}

func TestConsistent(t *testing.T) {
	t.Parallel()
	exif := func(field, text string) clock.Stamp {
		return clock.EXIF(clock.EXIFTime{Field: field, Text: text}, until)
	}
	stamps := []clock.Stamp{
		exif("DateTimeOriginal", "2016:06:23 16:32:50"), exif("DateTimeDigitized", "2016:06:23 16:32:51"), exif("ModifyDate", "2016:06:23 19:24:50"),
		clock.QuickTime("mvhd.creation_time", 3808026000, until), clock.QuickTime("tkhd.creation_time", 3808026001, until),
		clock.QuickTime("mdhd.creation_time", 3808029600, until), {},
	}
	got := clock.Consistent(stamps)
	flags := make([][]string, len(got))
	for i, s := range got {
		flags[i] = s.Flags
	}
	wanted := [][]string{nil, nil, {clock.FlagModifiedLater}, {clock.FlagTracksDiffer}, nil, {clock.FlagTracksDiffer}, nil}
	if diff := cmp.Diff(wanted, flags); diff != "" {
		t.Error(diff)
	}
	if stamps[2].Has(clock.FlagModifiedLater) {
		t.Error("the caller's stamps were changed")
	}
	stamps[1] = exif("DateTimeDigitized", "2016:06:24 16:32:51")
	if got := clock.Consistent(stamps[:2]); !got[0].Has(clock.FlagFieldsDiffer) || !got[1].Has(clock.FlagFieldsDiffer) {
		t.Errorf("%+v", got)
	}
}
