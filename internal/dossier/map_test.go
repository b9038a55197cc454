package dossier_test

import (
	"strings"
	"testing"

	"whenwhere/internal/audience"
	"whenwhere/pipeline"
)

// A line that is near is on the map, and told where not; one that is far is told with its distance.
func TestTheLineIsOnTheMapOrTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lon, lat    float64
		drawn, told bool
	}{
		"a kilometre off":   {37.9066, 48.04, true, false},
		"ten kilometres":    {37.786, 48.04, true, false},
		"a hundred":         {36.58, 48.04, false, true},
		"behind it, inside": {38.05, 48.04, true, false},
	} {
		in := whole(t)
		in.Case.Incident.Testimonies = nil
		in.Case.Media = in.Case.Media[:0]
		in.Case.Incident.Claim.Where = &pipeline.Place{Lon: c.lon, Lat: c.lat, RadiusM: 300}
		page := unpacked(t, pageOf(t, audience.Internal, in))
		if drawn := strings.Contains(page, ">the line; it may be off by"); drawn != c.drawn {
			t.Errorf("%s: drawn %v", name, drawn)
		}
		if told := strings.Contains(page, "; its line is "); told != c.told {
			t.Errorf("%s: its distance is told: %v", name, told)
		}
	}
}

// What a map does not say is said, with its terms, and that it is another map than the verdict's.
func TestMapNotes(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.MapsChanged = true
	in.Maps[0].Edition.Licence = "TERMS-1"
	in.Maps[1].WholeEdge = false
	page := pageOf(t, audience.Internal, in)
	for text, want := range map[string]bool{
		"The map of alpha does not tell coast and state border from the line": true, "The map of beta does not tell coast": false,
		"Terms of the map of alpha: TERMS-1.": true, "Terms of the map of beta": false, "others than those that the verdict was made with": true,
	} {
		if got := strings.Contains(page, text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
