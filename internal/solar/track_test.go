package solar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestTurnings: at every turning point the value of the edge is within 1e-8 (0.0000006 degrees) of its
// peak or trough. Near the poles the points lie hours away from the transits.
func TestTurnings(t *testing.T) {
	t.Parallel()
	from := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(1, 0, 0)
	sun, err := NewTable(from, to)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		lat := rapid.OneOf(rapid.Float64Range(-89.9, 89.9), rapid.Float64Range(80, 89.9)).Draw(t, "lat")
		k := newTrack(sun, SeaLevel(lat, rapid.Float64Range(-180, 180).Draw(t, "lon")))
		e := elevationEdge(0)
		if rapid.Bool().Draw(t, "azimuth") {
			e = azimuthEdge(rapid.Float64Range(0, 360).Draw(t, "degrees"))
		}
		start := sun.fromDays + rapid.Float64Range(0, 355).Draw(t, "day")
		turns := k.turnings(e, start, start+10)
		if turns[0] > start || turns[len(turns)-1] < start+10 {
			t.Fatalf("%v does not enclose %g to %g", turns, start, start+10)
		}
		amplitude := k.swing(e).amplitude
		for i, days := range turns[1 : len(turns)-1] {
			var v look
			k.look(days, &v)
			off := e.rate(&v) / (v.hourRate * v.cosDec * amplitude) // rad of hour angle
			if missed := amplitude * off * off / 2; !(missed < 1e-8) {
				t.Fatalf("turning point %d of %v is off by %.2g rad, the value by %.2g", i, turns, off, missed)
			}
		}
	})
}
