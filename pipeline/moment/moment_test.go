package moment_test

import (
	"context"
	"math"
	"testing"
	"time"

	"whenwhere/internal/clock"
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
