package plot_test

import (
	"regexp"
	"strconv"
	"testing"

	"whenwhere/internal/plot"
)

// Beneath maps of every width, longitudes stand clear of each other in the widest font of the stack: 0.68 of the size a letter.
func TestLongitudesStandClearOfEachOther(t *testing.T) {
	t.Parallel()
	label := regexp.MustCompile(`<text x="([\d.]+)" y="([\d.]+)" font-size="12"[^>]*text-anchor="middle"[^>]*>([\d.]+° ?[EW]?)<`)
	for _, wide := range []float64{0.0002, 0.003, 0.05, 0.2, 0.7, 3, 40, 170} {
		for _, west := range []float64{-180, -100.37, 8.005} {
			m := plot.Map{Title: "x", Bounds: &plot.Bounds{West: west, East: west + wide, South: 48.5, North: 48.5 + min(wide, 40)}}
			p, err := plot.Rings(m)
			if err != nil {
				t.Fatal(err)
			}
			found := label.FindAllStringSubmatch(svgOf(t, p), -1)
			end := 0.0
			for _, f := range found {
				x, err := strconv.ParseFloat(f[1], 64)
				if err != nil {
					t.Fatal(err)
				}
				half := 0.68 * 12 * float64(len([]rune(f[3]))) / 2
				if x-half < end {
					t.Errorf("%g degrees from %g: %q begins before %g", wide, west, f[3], end)
				}
				end = x + half
			}
			if len(found) < 2 {
				t.Errorf("%g degrees from %g: %d longitudes", wide, west, len(found))
			}
			if len(found) > 1 && found[0][3] == found[1][3] {
				t.Errorf("%g degrees: labels are alike: %s", wide, found[0][3])
			}
		}
	}
}

// A place in the corner of the scale bar keeps its name: the bar stands on the other side.
func TestScaleBarLeavesThePlaceItsName(t *testing.T) {
	t.Parallel()
	m := plot.Map{Title: "x", Bounds: &plot.Bounds{West: 38, East: 39, South: 48, North: 49}}
	for lon, left := range map[float64]bool{38.98: true, 38.02: false} {
		m.Places = []plot.Place{{Label: "likeliest", At: plot.LonLat{LonDeg: lon, LatDeg: 48.01}}}
		p, err := plot.Rings(m)
		if err != nil {
			t.Fatal(err)
		}
		doc := svgOf(t, p)
		at := regexp.MustCompile(`x="([\d.]+)"[^>]*>likeliest<`).FindString(doc)
		bar := regexp.MustCompile(`x="([\d.]+)"[^>]*>\d+ km<`).FindStringSubmatch(doc)
		if at == "" || bar == nil {
			t.Fatalf("at %g: %q, %q", lon, at, bar)
		}
		if x, err := strconv.ParseFloat(bar[1], 64); err != nil || (x < 500) != left {
			t.Errorf("place at %g, bar at %g (%v)", lon, x, err)
		}
	}
}
