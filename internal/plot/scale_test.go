package plot_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"whenwhere/internal/plot"
)

// TestScaleBar holds the bar against the graticule: a degree of latitude is 111.2 km here.
func TestScaleBar(t *testing.T) {
	t.Parallel()
	for want, height := range map[string]float64{"500 km": 15, "100 km": 4, "10 km": 0.4, "500 m": 0.02} {
		m := theRegion()
		m.Bounds = &plot.Bounds{West: 30, South: 48, East: 30 + height, North: 48 + height}
		p, err := plot.Rings(m)
		if err != nil {
			t.Fatal(err)
		}
		var lats, ys []float64
		perKm, name := 0.0, ""
		list := parse(t, svgOf(t, p))
		for i, e := range list {
			if lat, is := strings.CutSuffix(e.text, "° N"); is && e.name == "text" {
				lats, ys = append(lats, number(t, lat)), append(ys, number(t, e.attrs["y"]))
			}
			if length, unit, _ := strings.Cut(e.text, " "); e.name == "text" && (unit == "km" || unit == "m") {
				xs := numbers.FindAllString(list[i-1].attrs["d"], -1) // x, y of four corners
				name, perKm = e.text, (number(t, xs[4])-number(t, xs[0]))/number(t, length)
				if unit == "m" {
					perKm *= 1000
				}
			}
		}
		perDegree := (ys[0] - ys[len(ys)-1]) / (lats[len(lats)-1] - lats[0])
		if name != want || !(math.Abs(perDegree/perKm-111.2) < 0.5) {
			t.Errorf("map %g degrees high: a bar of %s, by which a degree has %.2f km; want %s", height, name, perDegree/perKm, want)
		}
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
