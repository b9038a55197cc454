package clock_test

import (
	"archive/zip"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/clock"
	"whenwhere/internal/timeset"
)

var (
	kyivCity   = &clock.LatLon{Lat: 50.45, Lon: 30.52}
	bakhmut    = &clock.LatLon{Lat: 48.5956, Lon: 37.9999}
	donetsk    = &clock.LatLon{Lat: 48.0, Lon: 37.8}
	melitopol  = &clock.LatLon{Lat: 46.85, Lon: 35.36}
	sevastopol = &clock.LatLon{Lat: 44.6, Lon: 33.52}
	sudzha     = &clock.LatLon{Lat: 51.19, Lon: 35.27}
	azov       = &clock.LatLon{Lat: 46.2, Lon: 36.5}
	blackSea   = &clock.LatLon{Lat: 45.3, Lon: 31.5}
	berlin     = &clock.LatLon{Lat: 52.52, Lon: 13.4}
	midPacific = &clock.LatLon{Lat: -20, Lon: -150}
	lviv       = &clock.LatLon{Lat: 49.84, Lon: 24.03}
)

// dial is a camera date without a zone, "2024-11-03T10:15:20".
func dial(t testing.TB, wall string) clock.Stamp {
	t.Helper()
	text := strings.Replace(strings.ReplaceAll(wall, "-", ":"), "T", " ", 1)
	s := clock.EXIF(clock.EXIFTime{Field: "DateTimeOriginal", Text: text}, until)
	if !s.Usable() {
		t.Fatalf("%s: %v", wall, s.Flags)
	}
	return s
}

func offsets(list []clock.Candidate) []int {
	var out []int
	for _, c := range list {
		out = append(out, c.OffsetMin)
	}
	return out
}

// The two nights on which the clocks change, hour by hour: none in the gap,
// two in the fold.
func TestGapsAndFolds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, wall string
		want       []int
	}{
		{"Europe/Kyiv", "2024-03-31T02:59:59", []int{120}},
		{"Europe/Kyiv", "2024-03-31T03:00:00", nil},
		{"Europe/Kyiv", "2024-03-31T03:30:00", nil},
		{"Europe/Kyiv", "2024-03-31T03:59:59", nil},
		{"Europe/Kyiv", "2024-03-31T04:00:00", []int{180}},
		{"Europe/Kyiv", "2024-10-27T02:59:59", []int{180}},
		{"Europe/Kyiv", "2024-10-27T03:00:00", []int{120, 180}},
		{"Europe/Kyiv", "2024-10-27T03:30:00", []int{120, 180}},
		{"Europe/Kyiv", "2024-10-27T03:59:59", []int{120, 180}},
		{"Europe/Kyiv", "2024-10-27T04:00:00", []int{120}},
		{"Europe/Moscow", "2024-03-31T03:30:00", []int{180}},
		{"Europe/Moscow", "2024-10-27T03:30:00", []int{180}},
		{"Europe/Berlin", "2024-03-31T02:30:00", nil},
		{"Europe/Berlin", "2024-10-27T02:30:00", []int{60, 120}},
		// Crimea: to Moscow summer time in 2014, to +3 in October.
		{"Europe/Simferopol", "2014-03-30T01:59:59", []int{120}},
		{"Europe/Simferopol", "2014-03-30T03:00:00", nil},
		{"Europe/Simferopol", "2014-03-30T04:00:00", []int{240}},
		{"Europe/Simferopol", "2014-10-26T01:30:00", []int{180, 240}},
		{"Europe/Simferopol", "2024-11-03T10:15:20", []int{180}},
		// The last days of leap years, where time.Time.ZoneBounds stands still.
		{"Europe/Kyiv", "2024-12-31T10:00:00", []int{120}},
		{"Europe/Kyiv", "2024-12-31T23:59:59", []int{120}},
		{"America/New_York", "2020-12-31T12:00:00", []int{-300}},
		// Half an hour of summer time, and a day that never was.
		{"Australia/Lord_Howe", "2024-10-06T02:15:00", nil},
		{"Australia/Lord_Howe", "2024-04-07T01:45:00", []int{630, 660}},
		{"Pacific/Apia", "2011-12-30T12:00:00", nil},
		{"Asia/Kathmandu", "2024-01-02T12:00:00", []int{345}},
	} {
		got, err := shared.OffsetsAt(c.zone, dial(t, c.wall).Local)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %s: %s", c.zone, c.wall, diff)
		}
	}
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		place *clock.LatLon
		wall  string
		want  []int
	}{
		{"summer in Kyiv is unambiguous", kyivCity, "2024-07-08T10:40:00", []int{180}},
		{"winter in Kyiv", kyivCity, "2024-11-03T10:15:20", []int{120, 180}},
		{"winter in Lviv", lviv, "2024-11-03T10:15:20", []int{120, 180}},
		{"winter in Bakhmut", bakhmut, "2024-11-03T10:15:20", []int{120, 180}},
		{"gap: no Kyiv clock", kyivCity, "2024-03-31T03:30:00", []int{180}},
		{"before the gap", kyivCity, "2024-03-31T02:30:00", []int{120, 180}},
		{"fold", kyivCity, "2024-10-27T03:30:00", []int{120, 180}},
		{"before the fold", kyivCity, "2024-10-27T02:30:00", []int{180}},
		{"Kyiv in summer 2014: Moscow was +4", kyivCity, "2014-07-08T10:40:00", []int{180, 240}},
		{"Kyiv in winter 2013: Moscow was +4", kyivCity, "2013-12-08T10:40:00", []int{120, 240}},
		{"Donetsk on the day before the clocks parted", donetsk, "2014-10-25T12:00:00", []int{180, 240}},
		{"Donetsk on the day after", donetsk, "2014-10-27T12:00:00", []int{120, 180}},
		{"Sevastopol before annexation", sevastopol, "2014-03-01T12:00:00", []int{120, 240}},
		{"Sevastopol in summer 2014", sevastopol, "2014-07-08T10:40:00", []int{240, 180}},
		{"Sevastopol in winter: a Kyiv phone is possible", sevastopol, "2024-11-03T10:15:20", []int{180, 120}},
		{"Sudzha in winter: units from both sides", sudzha, "2024-11-03T10:15:20", []int{180, 120}},
		{"Sudzha in summer", sudzha, "2024-08-10T10:15:20", []int{180}},
		// The polygons say Etc/GMT-2, which would be +2 in summer.
		{"Sea of Azov in summer", azov, "2024-07-08T10:40:00", []int{180}},
		{"Sea of Azov in winter", azov, "2024-11-03T10:15:20", []int{120, 180}},
		{"Black Sea in summer", blackSea, "2024-07-08T10:40:00", []int{180}},
		{"Berlin", berlin, "2024-07-08T10:40:00", []int{120}},
		{"Berlin in its gap", berlin, "2024-03-31T02:30:00", nil},
		{"mid-ocean keeps nautical time", midPacific, "2024-07-08T10:40:00", []int{-600}},
	} {
		got, err := shared.Candidates(c.place, dial(t, c.wall))
		if err != nil {
			t.Fatal(err)
		}
		if got == nil {
			t.Errorf("%s: nil means that nothing is known", c.name)
		}
		if diff := cmp.Diff(c.want, offsets(got)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		for _, cand := range got {
			if cand.Why == "" {
				t.Errorf("%s: %d without a reason", c.name, cand.OffsetMin)
			}
		}
	}
}

// A date without a time of day keeps the offsets of the whole day.
func TestOffsetsOfLongReadings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, date string
		want       []int
	}{
		{"Europe/Kyiv", "2024-03-31", []int{120, 180}},
		{"Europe/Kyiv", "2024-04-01", []int{180}},
		{"Europe/Kyiv", "2024-10-27", []int{120, 180}},
		{"Europe/Kyiv", "2024-10-28", []int{120}},
		{"Europe/Kyiv", "2024-07", []int{180}},
		{"Europe/Kyiv", "2024-12", []int{120}},
		{"Europe/Kyiv", "2024", []int{120, 180}},
		{"America/Nuuk", "2024-10-26", []int{-120, -60}}, // the last hour of the day comes twice
		{"Africa/Casablanca", "2024", []int{0, 60}},      // an hour back for Ramadan, in spring
		{"Africa/Casablanca", "2024-07", []int{60}},      //
	} {
		got, err := shared.OffsetsAt(c.zone, clock.ISO8601("XMP:CreateDate", c.date, until).Local)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %s: %s", c.zone, c.date, diff)
		}
	}
}

func TestReasons(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		place      *clock.LatLon
		wall, part string
		offset     int
		want       bool
	}{
		{melitopol, "2022-10-29T12:00:00", "seized in 2022", 180, false},
		{melitopol, "2022-10-31T12:00:00", "seized in 2022", 180, true},
		{melitopol, "2022-02-25T12:00:00", "seized in 2022", 180, false},
		{bakhmut, "2024-11-03T10:15:20", "seized in 2022", 180, true},
		{donetsk, "2014-10-25T12:00:00", "DNR", 180, false},
		{donetsk, "2014-10-27T12:00:00", "DNR", 180, true},
		{lviv, "2024-11-03T10:15:20", "clock kept", 180, false},
		{kyivCity, "2024-11-03T10:15:20", "Moscow time", 180, true},
		{kyivCity, "2024-11-03T10:15:20", "zone of the place: Europe/Kyiv", 120, true},
		{azov, "2024-11-03T10:15:20", "nearest shore", 120, true},
		{sudzha, "2024-11-03T10:15:20", "Kyiv time", 120, true},
	} {
		list, err := shared.Candidates(c.place, dial(t, c.wall))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, cand := range list {
			found = found || cand.OffsetMin == c.offset && strings.Contains(cand.Why, c.part)
		}
		if found != c.want {
			t.Errorf("%v %s: %q given as a reason is %v: %v", *c.place, c.wall, c.part, found, list)
		}
	}
}

func TestUTCIsNeverADefault(t *testing.T) {
	t.Parallel()
	s := dial(t, "2024-11-03T10:15:20")
	s.Flags = append(s.Flags, clock.FlagUTCDevice)
	got, err := shared.Candidates(kyivCity, s)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{120, 180, 0}, offsets(got)); diff != "" {
		t.Errorf("flagged device: %s", diff)
	}
	movie := clock.QuickTime("mvhd.creation_time", 3808026000, until)
	got, err = shared.Candidates(kyivCity, movie)
	if err != nil {
		t.Fatal(err)
	}
	narrowed := movie.Under(got)
	if diff := cmp.Diff([]int{0, 180}, narrowed.OffsetsMin); diff != "" {
		t.Errorf("movie header: %s", diff)
	}
	want(t, "movie", narrowed.Spans, spans(t, time.Second, "2024-09-01T09:00:00Z", "2024-09-01T06:00:00Z"))
}

func TestUnknownPlace(t *testing.T) {
	t.Parallel()
	s := dial(t, "2024-11-03T10:15:20")
	got, err := shared.Candidates(nil, s)
	if got != nil || err != nil {
		t.Fatalf("got %v, %v", got, err)
	}
	want(t, "stays wide", s.Under(nil).Spans, anyZone(s.Local))
	for _, bad := range []clock.LatLon{{Lat: 91}, {Lat: math.NaN()}, {Lon: math.Inf(1)}, {Lon: -180.5}} {
		if _, err := shared.Candidates(&bad, s); !errors.Is(err, clock.ErrPlace) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if _, err := shared.OffsetsAt("Europe/Atlantis", s.Local); err == nil {
		t.Error("a zone that does not exist was found")
	}
	if _, err := shared.OffsetsAt("Europe/Kyiv", s.Local.UpTo()); err == nil {
		t.Error("a reading of all time was worked through")
	}
	for _, edge := range []clock.LatLon{{Lat: 90}, {Lat: -90}, {Lon: 180}, {Lon: -180}, {Lat: 89.99, Lon: 179.99}} {
		if got, err := shared.Candidates(&edge, s); err != nil || len(got) == 0 {
			t.Errorf("%v: %v, %v", edge, got, err)
		}
	}
}

func TestUnder(t *testing.T) {
	t.Parallel()
	s := dial(t, "2024-11-03T10:15:20")
	both := []clock.Candidate{{OffsetMin: 180, Why: "a"}, {OffsetMin: 120, Why: "b"}}
	got := s.Under(both)
	want(t, "both", got.Spans, spans(t, time.Second, "2024-11-03T07:15:20Z", "2024-11-03T08:15:20Z"))
	if diff := cmp.Diff([]int{120, 180}, got.OffsetsMin); diff != "" {
		t.Error(diff)
	}
	none := s.Under([]clock.Candidate{})
	if none.Usable() || !none.Has(clock.FlagNoSuchLocal) {
		t.Errorf("no candidate fits, yet %v %v", none.Spans, none.Flags)
	}
	stated := clock.EXIF(clock.EXIFTime{Field: "DateTimeOriginal", Text: "2024:11:03 10:15:20", Offset: "+05:00"}, until)
	if diff := cmp.Diff(stated, stated.Under(both)); diff != "" {
		t.Errorf("a place overruled the device: %s", diff)
	}
	gps := clock.GPS(clock.GPSTime{Date: "2024:11:03", HMS: hms(7, 15, 20)}, until)
	if diff := cmp.Diff(gps, gps.Under(both)); diff != "" {
		t.Errorf("a place moved a GPS fix: %s", diff)
	}
}

// Every true instant is among the readings of its own dial, and every reading
// shows the dial: time's own forward conversion is the oracle.
func TestEnumerationInvertsTheDial(t *testing.T) {
	t.Parallel()
	names := []string{"Europe/Kyiv", "Europe/Moscow", "Europe/Simferopol", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Asia/Tehran"}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "zone")
		loc := tableOf(t, name)
		unix := rapid.Int64Range(631152000, 1893456000).Draw(t, "unix")
		_, offsetSec := time.Unix(unix, 0).In(loc).Zone()
		wall := unix + int64(offsetSec)
		local := timeset.Of(timeset.Interval{Lo: wall * 1000, Hi: wall*1000 + 1000})
		found, err := shared.OffsetsAt(name, local)
		if err != nil {
			t.Fatal(err)
		}
		hit := false
		for _, o := range found {
			_, back := time.Unix(wall-int64(o)*60, 0).In(loc).Zone()
			if back != o*60 {
				t.Fatalf("%s %d: offset %d min reads back as %d s", name, wall, o, back)
			}
			hit = hit || o*60 == offsetSec
		}
		if !hit {
			t.Fatalf("%s: %d s missing from %v", name, offsetSec, found)
		}
	})
}

func tableOf(t interface{ Fatal(...any) }, name string) *time.Location {
	data, err := zoneTable(name)
	if err != nil {
		t.Fatal(err)
	}
	loc, err := time.LoadLocationFromTZData(name, data)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func zoneTable(name string) ([]byte, error) {
	archive, err := zip.OpenReader("zoneinfo.zip")
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	file, err := archive.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var sb strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := file.Read(buf)
		sb.Write(buf[:n])
		if err != nil {
			return []byte(sb.String()), nil
		}
	}
}
