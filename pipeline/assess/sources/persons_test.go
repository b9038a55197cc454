package sources_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/sources"
)

// told is a first-hand testimony at a latitude, with a radius, from and to.
func told(incident, id string, lat, radiusM float64, from, to string) sources.Told {
	return sources.Told{Incident: incident, Testimony: pipeline.Testimony{ID: id, Direct: new(true),
		Place: &pipeline.Place{Lon: 37, Lat: lat, RadiusM: radiusM}, Time: &pipeline.Span{From: at(from), To: at(to)}}}
}

func TestPersons(t *testing.T) {
	t.Parallel()
	const seven, eight, nine = "2024-11-03T07:00:00Z", "2024-11-03T08:00:00Z", "2024-11-03T09:00:00Z"
	there := told("X-1", "W-1", 48, 1000, seven, eight)
	heard := told("X-3", "W-1", 52, 1000, seven, eight)
	heard.Testimony.Direct = new(false)
	// Two degrees of latitude are 222.4 km there, 220.4 between the edges; an hour is the most that lies between.
	got := sources.Persons([]sources.Told{told("X-2", "W-1", 50, 1000, seven, eight), heard, there, told("X-1", "W-2", 48, 1000, seven, eight)})
	want := []sources.Person{{ID: "W-1", Incidents: []string{"X-1", "X-2", "X-3"}, FirstHand: []string{"X-1", "X-2"},
		Conflicts: []sources.Conflict{{Incidents: [2]string{"X-1", "X-2"}, ApartKm: 220.4, WithinH: 1}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for name, other := range map[string]sources.Told{
		"near enough to travel":    told("X-2", "W-1", 50, 30_000, seven, eight),                // 191.4 km in an hour
		"two hours to travel in":   told("X-2", "W-1", 50, 1000, seven, nine),                   // from seven there to nine here
		"two hours, the other way": told("X-2", "W-1", 50, 1000, "2024-11-03T06:00:00Z", eight), // from six here to eight there
		"another day":              told("X-2", "W-1", 50, 1000, "2024-11-04T07:00:00Z", "2024-11-04T08:00:00Z"),
	} {
		got := sources.Persons([]sources.Told{there, other})
		if len(got) != 1 || len(got[0].Conflicts) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	vague := told("X-2", "W-1", 50, 1000, seven, eight)
	vague.Testimony.Place = nil
	timeless := told("X-2", "W-1", 50, 1000, seven, eight)
	timeless.Testimony.Time = nil
	for _, other := range []sources.Told{vague, timeless} {
		if got := sources.Persons([]sources.Told{there, other}); len(got) != 1 || len(got[0].Conflicts) != 0 {
			t.Errorf("%+v", got)
		}
	}
	if got := sources.Persons([]sources.Told{there}); len(got) != 0 || got == nil {
		t.Errorf("one incident: %+v", got)
	}
}
