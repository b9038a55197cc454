package control_test

import (
	"fmt"
	"math"
	"testing"
	"testing/fstest"
	"time"

	"whenwhere/internal/control"
)

const twoSquares = `{"type":"FeatureCollection","provider":"p","as_of":"%s","complement":"ua","features":[` +
	`{"type":"Feature","properties":{"side":"ru"},"geometry":{"type":"Polygon","coordinates":[[[37,48],[37.5,48],[37.5,48.5],[37,48.5],[37,48]]]}},` +
	`{"type":"Feature","properties":{"side":"ru"},"geometry":{"type":"Polygon","coordinates":[[[37.5,48],[38,48],[38,48.5],[37.5,48.5],[37.5,48]]]}}]}`

func drawnMaps(t *testing.T, days ...string) *control.Maps {
	t.Helper()
	files := fstest.MapFS{}
	for _, d := range days {
		day, err := time.Parse("20060102", d)
		if err != nil {
			t.Fatal(err)
		}
		files["p_"+d+".geojson"] = &fstest.MapFile{Data: fmt.Appendf(nil, twoSquares, day.Format(time.DateOnly))}
	}
	m, faults := control.Load(files)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return m
}

// The drawing is that of the edition which At answers from, its line has no seam, and its margin is that of At.
func TestDrawnIsTheEditionInForce(t *testing.T) {
	t.Parallel()
	m := drawnMaps(t, "20240901", "20240911", "20240921")
	at := time.Date(2024, 9, 13, 12, 0, 0, 0, time.UTC)
	answer := m.At(48.2, 37.2, at)[0]
	d := m.Drawn(at)
	if len(d) != 1 {
		t.Fatalf("%d drawings", len(d))
	}
	if d[0].Edition.SHA256 != answer.SHA256 || d[0].MarginM != answer.MarginM || d[0].Later || !d[0].WholeEdge || d[0].Rest != control.UA {
		t.Errorf("drawn %+v, answered %+v", d[0], answer)
	}
	if d[0].Next == nil || d[0].Next.File != answer.NextFile || len(d[0].NextLine) == 0 {
		t.Errorf("next: %+v", d[0].Next)
	}
	for _, edge := range d[0].Line {
		if edge[0][0] == 37.5 && edge[1][0] == 37.5 {
			t.Errorf("the seam is drawn: %v", edge)
		}
	}
	least := math.Inf(1) // the line's nearest corner lies 0.2 degrees off in longitude and latitude
	for _, edge := range d[0].Line {
		for _, p := range edge {
			least = min(least, math.Hypot(p[0]-37.2, p[1]-48.2))
		}
	}
	if math.Abs(least-math.Hypot(0.2, 0.2)) > 1e-9 {
		t.Errorf("nearest corner of the line lies %v degrees off", least)
	}
}

func TestDrawnReaches(t *testing.T) {
	t.Parallel()
	m := drawnMaps(t, "20240901", "20240911")
	day := func(month time.Month, d int) time.Time { return time.Date(2024, month, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		at          time.Time
		want, later bool
		next        bool
	}{
		{day(8, 20), true, true, true}, {day(7, 1), false, false, false}, {day(9, 5), true, false, true},
		{day(9, 12), true, false, false}, {day(10, 11), true, false, false}, {day(10, 12), false, false, false},
	} {
		d := m.Drawn(c.at)
		if (len(d) == 1) != c.want {
			t.Errorf("%s: %d drawings", c.at, len(d))
			continue
		}
		if c.want && (d[0].Later != c.later || (d[0].Next != nil) != c.next) {
			t.Errorf("%s: later %v, next %v", c.at, d[0].Later, d[0].Next)
		}
	}
}
