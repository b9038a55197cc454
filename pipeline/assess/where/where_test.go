package where_test

import (
	"context"
	"strings"
	"testing"

	"whenwhere/internal/geo"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/where"
)

var centre = geo.LatLon{Lat: 48.05, Lon: 37.28}

func observed(t *testing.T, places []pipeline.StatedPlace, defects []pipeline.Defect) pipeline.Observations {
	t.Helper()
	p, err := pipeline.PlacesKey.Observe(places)
	if err != nil {
		t.Fatal(err)
	}
	d, err := pipeline.DefectsKey.Observe(defects)
	if err != nil {
		t.Fatal(err)
	}
	return pipeline.Observations{p, d}
}

func ask(t *testing.T, claim pipeline.Claim, e pipeline.Exhibit) map[pipeline.QuestionID]pipeline.Finding {
	t.Helper()
	e.Ref = pipeline.MediaRef{File: "media/a.jpg"}
	in := pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: claim, Media: []pipeline.MediaRef{e.Ref}}, Media: []pipeline.Exhibit{e}}
	findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{where.Assessor()}, in)
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results)
	}
	out := map[pipeline.QuestionID]pipeline.Finding{}
	for _, f := range findings {
		out[f.Question] = f
	}
	return out
}

// gps is a position that many metres north-east of the claimed centre.
func gps(metres float64, accuracyM *float64) pipeline.StatedPlace {
	p := geo.Destination(centre, 45, metres)
	return pipeline.StatedPlace{Field: "EXIF:GPS", Lat: p.Lat, Lon: p.Lon, AccuracyM: accuracyM}
}

func TestDistances(t *testing.T) {
	t.Parallel()
	claim := pipeline.Claim{Where: &pipeline.Place{Lon: centre.Lon, Lat: centre.Lat, RadiusM: 500}}
	accuracy := 10.0
	for name, c := range map[string]struct {
		places  []pipeline.StatedPlace
		outcome pipeline.Outcome
		reason  string
	}{
		"inside":                      {[]pipeline.StatedPlace{gps(300, &accuracy)}, pipeline.Supports, "lies 300 m from"},
		"just outside, within 2 sigm": {[]pipeline.StatedPlace{gps(510, &accuracy)}, pipeline.Supports, "stated"},
		"at the edge":                 {[]pipeline.StatedPlace{gps(525, &accuracy)}, pipeline.Inconclusive, "edge"},
		"outside":                     {[]pipeline.StatedPlace{gps(600, &accuracy)}, pipeline.Contradicts, "lies 600 m from"},
		"outside, accuracy assumed":   {[]pipeline.StatedPlace{gps(600, nil)}, pipeline.Supports, "assumed"},
		"another country":             {[]pipeline.StatedPlace{gps(800_000, &accuracy)}, pipeline.Contradicts, "800.0 km"},
		"two positions, one far":      {[]pipeline.StatedPlace{gps(10, &accuracy), gps(5000, &accuracy)}, pipeline.Contradicts, "5000 m"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := ask(t, claim, pipeline.Exhibit{Media: &pipeline.Media{}, Observed: observed(t, c.places, nil)})
			if got := f["where.position"]; got.Outcome != c.outcome || !strings.Contains(got.Reason, c.reason) {
				t.Errorf("%s: %s", got.Outcome, got.Reason)
			}
		})
	}
}

func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	claim := pipeline.Claim{Where: &pipeline.Place{Lon: centre.Lon, Lat: centre.Lat, RadiusM: 500}}
	unusable := observed(t, nil, []pipeline.Defect{{Where: "EXIF GPSLatitudeRef", Rule: "missing: position unused"}})
	if f := ask(t, claim, pipeline.Exhibit{Media: &pipeline.Media{}, Observed: unusable})["where.position"]; f.Outcome != pipeline.Unavailable || !strings.Contains(f.Reason, "GPSLatitudeRef") {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
	blocks, err := pipeline.BlocksKey.Observe([]string{})
	if err != nil {
		t.Fatal(err)
	}
	if f := ask(t, claim, pipeline.Exhibit{Media: &pipeline.Media{}, Observed: pipeline.Observations{blocks}})["where.position"]; f.Code != pipeline.CodeMetadataStripped {
		t.Errorf("%s: %s", f.Code, f.Reason)
	}
	if f := ask(t, claim, pipeline.Exhibit{Missing: "no such file"})["where.position"]; f.Code != pipeline.CodeMediaMissing {
		t.Errorf("%s: %s", f.Code, f.Reason)
	}
	failed := pipeline.Exhibit{Media: &pipeline.Media{}, Stages: []pipeline.StageResult{{Stage: "metadata", Status: pipeline.Failed, Cause: "died"}}}
	if f := ask(t, claim, failed)["where.position"]; f.Code != pipeline.CodeMediaUnreadable || !strings.Contains(f.Reason, "died") {
		t.Errorf("%s: %s", f.Code, f.Reason)
	}
	if f := ask(t, pipeline.Claim{}, failed)["where.position"]; f.Outcome != pipeline.NotApplicable {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
}

func TestMovieHeader(t *testing.T) {
	t.Parallel()
	claim := pipeline.Claim{Where: &pipeline.Place{Lon: centre.Lon, Lat: centre.Lat, RadiusM: 500}}
	p := gps(100, nil)
	p.Field = "QuickTime:com.apple.quicktime.location.ISO6709"
	f := ask(t, claim, pipeline.Exhibit{Media: &pipeline.Media{}, Observed: observed(t, []pipeline.StatedPlace{p}, nil)})
	if got := f["where.position"]; got.Outcome != pipeline.Supports || !strings.Contains(got.Evidence[0], "ISO6709") {
		t.Errorf("%+v", f)
	}
}
