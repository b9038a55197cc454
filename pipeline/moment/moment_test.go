package moment_test

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"whenwhere/internal/clock"
	"whenwhere/internal/solar"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func ptr[T any](v T) *T { return &v }

// dial is a camera's stamp without a zone, a second long.
func dial(text string) pipeline.StatedClock {
	from := at(text + "Z")
	return pipeline.StatedClock{Field: "EXIF:DateTimeOriginal", Raw: text, Clock: pipeline.ClockCamera, Kind: pipeline.StampCapture, Bound: pipeline.BoundPoint,
		Wall: &pipeline.WallSpan{From: from.Format(pipeline.WallLayout), To: from.Add(time.Second).Format(pipeline.WallLayout)}}
}

func fix(text string) pipeline.StatedClock {
	from := at(text)
	return pipeline.StatedClock{Field: "EXIF:GPSDateTime", Raw: text, Clock: pipeline.ClockGPS, Kind: pipeline.StampCapture, Bound: pipeline.BoundPoint,
		UTC: []pipeline.Span{{From: from, To: from.Add(time.Second)}}}
}

func exhibit(t testing.TB, file string, camera *pipeline.Camera, x *pipeline.Exposure, stamps ...pipeline.StatedClock) pipeline.Exhibit {
	t.Helper()
	e := pipeline.Exhibit{Ref: pipeline.MediaRef{File: file}, Media: &pipeline.Media{}}
	observe(t, &e, pipeline.ClocksKey, stamps)
	if camera != nil {
		observe(t, &e, pipeline.CameraKey, *camera)
	}
	if x != nil {
		observe(t, &e, pipeline.ExposureKey, *x)
	}
	return e
}

func observe[T any](t testing.TB, e *pipeline.Exhibit, key pipeline.Key[T], v T) {
	t.Helper()
	o, err := key.Observe(v)
	if err != nil {
		t.Fatal(err)
	}
	e.Observed = append(e.Observed, o)
}

// bakhmut is the claim of the design's vector, in winter time.
func bakhmut() pipeline.Claim {
	return pipeline.Claim{
		Where: &pipeline.Place{Lon: 37.9999, Lat: 48.5956, RadiusM: 500},
		When:  &pipeline.Span{From: at("2024-11-03T07:00:00Z"), To: at("2024-11-03T07:30:00Z")},
	}
}

// mark is a shadow that the sun at azimuth 150 throws.
func mark(file string) pipeline.Mark {
	return pipeline.Mark{Media: file, Kind: pipeline.MarkShadow, AzimuthDeg: ptr(330.0), SigmaDeg: ptr(5.0), By: "analyst-1"}
}

var zones = clock.NewZones()

func estimate(t testing.TB, in pipeline.Incident, exhibits ...pipeline.Exhibit) []pipeline.Estimate {
	t.Helper()
	for _, e := range exhibits {
		in.Media = append(in.Media, e.Ref)
	}
	out, err := moment.New(zones).Estimates(context.Background(), pipeline.Case{Incident: in, Media: exhibits})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func mass(e pipeline.Estimate, reading string) float64 {
	sum := 0.0
	for _, r := range e.Readings {
		if r.Reading == reading {
			sum += r.Mass
		}
	}
	return sum
}

// The vector of the design: a dial without a zone in winter is one of two hours, one shadow settles which. The design's
// prior is three days, ours 38 years, so what is left to a bogus clock is larger than there (.008) where nothing but the
// mark holds against it.
func TestOneShadowSettlesTheWinterHour(t *testing.T) {
	t.Parallel()
	const file = "a.jpg"
	alone := estimate(t, pipeline.Incident{ID: "X-1", Claim: bakhmut()}, exhibit(t, file, nil, nil, dial("2024-11-03T10:15:20")))[0]
	near(t, "+3 alone", mass(alone, "+03:00"), 0.45, 0.001)
	near(t, "+2 alone", mass(alone, "+02:00"), 0.45, 0.001)
	posted := at("2024-11-03T09:02:11Z")
	in := pipeline.Incident{ID: "X-1", Claim: bakhmut(), Marks: []pipeline.Mark{mark(file)}, Sources: []pipeline.Source{{URL: "https://t.me/a/1", Published: &posted}}}
	got := estimate(t, in, exhibit(t, file, nil, nil, dial("2024-11-03T10:15:20")))[0]
	t.Logf("%+v", got)
	if three, two := mass(got, "+03:00"), mass(got, "+02:00"); math.Abs(three/(three+two)-0.9873) > 0.005 {
		t.Errorf("of +3 and +2 the first has %v of %v, want .9873 as in the vector", three, three+two)
	}
	l := got.Likely.Spans
	if len(l) != 1 || l[0].From.Before(at("2024-11-03T07:14:10Z")) || l[0].To.After(at("2024-11-03T07:16:30Z")) {
		t.Errorf("likely %v", l)
	}
}

// How far a clock is believed beside a shadow, by hand: each of two offsets makes the mark so much likelier than the year's
// instants do on average, night included; a bogus clock leaves those; one mark of twenty says nothing.
func TestBeliefInAClockBesideAShadow(t *testing.T) {
	t.Parallel()
	likelihood := func(at time.Time) float64 {
		sun := solar.Sun(at, 48.5956, 37.9999)
		if sun.ApparentElevationDeg <= 0 {
			return 0
		}
		apart := math.Remainder(sun.AzimuthDeg-150, 360)
		return math.Exp(-apart * apart / 50)
	}
	mean, n := 0.0, 0.0
	for month := time.January; month <= time.December; month++ {
		for m := range 1440 {
			mean += likelihood(time.Date(2024, month, 15, 0, m, 0, 0, time.UTC))
			n++
		}
	}
	mean /= n
	fits := func(text string) float64 { return 0.95*likelihood(at(text))/mean + 0.05 }
	genuine := 0.9 * (fits("2024-11-03T07:15:20Z") + fits("2024-11-03T08:15:20Z")) / 2
	got := estimate(t, pipeline.Incident{ID: "X-1", Claim: bakhmut(), Marks: []pipeline.Mark{mark("a.jpg")}}, exhibit(t, "a.jpg", nil, nil, dial("2024-11-03T10:15:20")))[0]
	near(t, "belief", got.Items[0].After, genuine/(genuine+0.1), 0.001)
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// Two clocks of a file that quarrel in a known way: the anomaly is named, and the truth is in the set.
func TestQuarrelsOfAFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fix, flag string
		truth     string
	}{
		"they agree":               {"2024-11-03T07:15:10Z", "", "2024-11-03T07:15:20Z"},
		"a day late":               {"2024-11-04T07:15:10Z", moment.FlagGPSDaySlip, "2024-11-03T07:15:20Z"},
		"local time as UTC":        {"2024-11-03T10:15:20Z", moment.FlagGPSIsDial, "2024-11-03T07:15:20Z"},
		"kept from the day before": {"2024-11-02T04:11:00Z", moment.FlagGPSKept, "2024-11-03T07:15:20Z"},
		"an hour and a half off":   {"2024-11-03T08:45:00Z", moment.FlagClockAmiss, "2024-11-03T08:45:00Z"},
		"in another zone":          {"2024-11-03T09:15:10Z", moment.FlagOtherZone, "2024-11-03T09:15:10Z"},
		"a year off":               {"2023-11-03T07:15:10Z", moment.FlagFarApart, "2023-11-03T07:15:10Z"},
	} {
		got := estimate(t, pipeline.Incident{ID: "X-1", Claim: bakhmut()}, exhibit(t, "a.jpg", nil, nil, dial("2024-11-03T10:15:20"), fix(c.fix)))[0]
		holds := false
		for _, s := range got.Within95.Spans {
			holds = holds || !at(c.truth).Before(s.From) && at(c.truth).Before(s.To)
		}
		if !holds {
			t.Errorf("%s: the truth is not within %v", name, got.Within95)
		}
		named := len(got.Flags) > 0 && (got.Flags[0] == c.flag || got.Flags[len(got.Flags)-1] == c.flag)
		if named != (c.flag != "") {
			t.Errorf("%s: flags %v, want %q", name, got.Flags, c.flag)
		}
	}
}

func within(e pipeline.Estimate, text string) bool {
	for _, s := range e.Within95.Spans {
		if !at(text).Before(s.From) && at(text).Before(s.To) {
			return true
		}
	}
	return false
}

// The order of the record changes nothing but the order of the answers.
func TestOrderOfFilesAndMarks(t *testing.T) {
	t.Parallel()
	phone := &pipeline.Camera{Make: "M", Model: "1"}
	a := exhibit(t, "a.jpg", phone, nil, dial("2024-11-03T10:15:20"), fix("2024-11-03T07:15:10Z"))
	b := exhibit(t, "b.jpg", phone, nil, dial("2024-11-03T10:25:20"))
	in := pipeline.Incident{ID: "X-1", Claim: bakhmut(), Marks: []pipeline.Mark{mark("a.jpg"), mark("b.jpg")}}
	one := estimate(t, in, a, b)
	in.Marks = []pipeline.Mark{in.Marks[1], in.Marks[0]}
	two := estimate(t, in, b, a)
	if diff := cmp.Diff([]pipeline.Estimate{one[0], one[1]}, []pipeline.Estimate{two[1], two[0]}, cmpopts.IgnoreFields(pipeline.TimeItem{}, "Evidence")); diff != "" {
		t.Error(diff)
	}
}

// A file without any clock is placed within the claimed days by its light, and flagged; without a claimed time nothing is
// said. The claimed time is no evidence: it moves no estimate of a file with a clock.
func TestTheClaimIsNoEvidence(t *testing.T) {
	t.Parallel()
	in := pipeline.Incident{ID: "X-1", Claim: bakhmut(), Marks: []pipeline.Mark{mark("a.jpg")}}
	bare := exhibit(t, "a.jpg", nil, nil)
	got := estimate(t, in, bare)
	if len(got) != 1 || got[0].Flags[0] != moment.FlagNoClock || !within(got[0], "2024-11-03T07:16:00Z") || within(got[0], "2024-11-03T11:00:00Z") || got[0].Likely != nil {
		t.Errorf("%+v", got)
	}
	timed := exhibit(t, "a.jpg", nil, nil, dial("2024-11-03T10:15:20"))
	with := estimate(t, in, timed)
	in.Claim.When = &pipeline.Span{From: at("2023-01-01T00:00:00Z"), To: at("2023-01-02T00:00:00Z")}
	if diff := cmp.Diff(with, estimate(t, in, timed)); diff != "" {
		t.Error(diff)
	}
	in.Claim.When = nil
	unknown := func(in pipeline.Incident, e pipeline.Exhibit, missing ...string) {
		t.Helper()
		got := estimate(t, in, e)
		none := pipeline.Share{Spans: []pipeline.Span{}}
		if len(got) != 1 || got[0].Flags[0] != moment.FlagNoClock || !slices.Equal(got[0].Missing, missing) || !cmp.Equal(got[0].Within95, none) || got[0].Likely != nil || len(got[0].Items) > 0 {
			t.Errorf("%+v", got)
		}
	}
	const clock, light = "a usable clock in the file or its name", "a marked shadow, the sun in the frame, or an exposure"
	unknown(in, bare, clock, "a claimed time, for its light to be held against")
	posted := at("2024-11-03T09:02:11Z")
	bounded := pipeline.Incident{ID: "X-1", Claim: bakhmut(), Sources: []pipeline.Source{{URL: "https://t.me/a/1", Published: &posted}}}
	unknown(bounded, bare, clock, light) // a post alone would give the claimed days back
	bounded.Claim.Where = nil
	unknown(bounded, bare, clock, "a place, for shadows and exposure", light)
	other := bare
	other.Ref.Role = pipeline.RoleContext
	unknown(bounded, other, clock)
}

// A satellite time that repeats the dial is no second witness: it only lets the dial be in UTC.
func TestGPSThatIsTheDial(t *testing.T) {
	t.Parallel()
	got := estimate(t, pipeline.Incident{ID: "X-1", Claim: bakhmut()}, exhibit(t, "a.jpg", nil, nil, dial("2024-11-03T10:15:20"), fix("2024-11-03T10:15:20Z")))[0]
	for _, r := range []string{"+03:00", "+02:00", "UTC on the dial"} {
		near(t, r, mass(got, r), 0.3, 0.001)
	}
	if len(got.Items) != 1 {
		t.Errorf("%+v", got.Items)
	}
}

// A fix alone is genuine 19 times of 20, and then dated a day off 3 times of 100 either way.
func TestFixAlone(t *testing.T) {
	t.Parallel()
	got := estimate(t, pipeline.Incident{ID: "X-1", Claim: bakhmut()}, exhibit(t, "a.jpg", nil, nil, fix("2024-11-03T07:15:10Z")))[0]
	near(t, "as stated", mass(got, moment.AsStated), 0.95*0.94, 0.001)
	near(t, "a day earlier", mass(got, "a day earlier"), 0.95*0.03, 0.001)
	near(t, "a day later", mass(got, "a day later"), 0.95*0.03, 0.001)
}

// Night, a broken stamp and a mark that no sun makes are named, never guessed at.
func TestHostileEvidence(t *testing.T) {
	t.Parallel()
	never := pipeline.StatedClock{Field: "EXIF:DateTime", Raw: "0000", Clock: pipeline.ClockCamera, Kind: pipeline.StampCapture, Bound: pipeline.BoundPoint, Flags: []string{"clock_never_set"}}
	toTheSun := mark("a.jpg")
	toTheSun.AzimuthDeg, toTheSun.SigmaDeg = ptr(180.0), ptr(0.5) // the sun in the north, at Bakhmut
	in := pipeline.Incident{ID: "X-1", Claim: bakhmut(), Marks: []pipeline.Mark{toTheSun}}
	got := estimate(t, in, exhibit(t, "a.jpg", nil, &pipeline.Exposure{FNumber: ptr(2.0), TimeS: ptr(0.0), ISO: ptr(100.0)}, never, dial("2024-11-03T10:15:20")))[0]
	if !slices.Contains(got.Flags, "EXIF:DateTime: clock_never_set") {
		t.Errorf("flags %v", got.Flags)
	}
	for _, i := range got.Items {
		if math.IsNaN(i.After) || math.IsNaN(i.ShiftedS) {
			t.Errorf("%+v", i)
		}
	}
	// At +02:00 the stamp of the lost hour exists; a night shot in full daylight exposure does not fit it.
	bright := exhibit(t, "a.jpg", nil, &pipeline.Exposure{FNumber: ptr(16.0), TimeS: ptr(1.0 / 125), ISO: ptr(100.0)}, dial("2024-11-03T02:15:20"))
	dark := estimate(t, pipeline.Incident{ID: "X-1", Claim: bakhmut()}, bright)[0]
	if dark.Items[0].After > 0.05 || !slices.Contains(dark.Flags, moment.FlagContradicts) {
		t.Errorf("a clock that says night for a photo in sunlight is believed: %+v", dark)
	}
}

// A phone's system is older than what it films.
func TestSystemBoundsFromBelow(t *testing.T) {
	t.Parallel()
	e := exhibit(t, "a.jpg", &pipeline.Camera{Make: "Apple", Model: "iPhone"}, nil, dial("2014-11-03T10:15:20"))
	observe(t, &e, pipeline.SoftwareKey, []string{"17.1.2"})
	got := estimate(t, pipeline.Incident{ID: "X-1", Claim: bakhmut()}, e)[0]
	later := exhibit(t, "b.jpg", &pipeline.Camera{Make: "Apple", Model: "iPhone"}, nil, dial("2026-11-03T10:15:20"))
	observe(t, &later, pipeline.SoftwareKey, []string{"17.1.2"})
	if sound := estimate(t, pipeline.Incident{ID: "X-1", Claim: bakhmut()}, later)[0]; sound.Items[0].After < 0.9 || len(sound.Core) > 0 {
		t.Errorf("an old system on a later photo: %+v", sound)
	}
	if within(got, "2014-11-03T07:15:20Z") && got.Items[0].After > 0.6 || !slices.Contains(got.Flags, moment.FlagContradicts) {
		t.Errorf("%+v", got)
	}
}
