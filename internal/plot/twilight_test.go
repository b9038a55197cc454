package plot_test

import (
	"bytes"
	"math"
	"regexp"
	"strconv"
	"testing"

	"whenwhere/internal/plot"
)

// TestTwilightNamesStayInTheirBands: whatever crosses them, a name is in the band that it names.
func TestTwilightNamesStayInTheirBands(t *testing.T) {
	t.Parallel()
	for shift := 0.0; shift < 24; shift++ {
		d := plot.Day{Title: "x", FromMs: 1730592000000, ToMs: 1730592000000 + 86_400_000}
		for i := range 289 {
			hour := float64(i)/12 + shift
			d.Sun = append(d.Sun, plot.SkySample{AtMs: d.FromMs + int64(i)*300_000, AzimuthDeg: math.Mod(15*hour, 360), ElevationDeg: -30 * math.Cos(hour*math.Pi/12)})
		}
		p, err := plot.SunDay(d)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := p.SVG(&b); err != nil {
			t.Fatal(err)
		}
		at := func(text string) float64 {
			m := regexp.MustCompile(`y="([\d.]+)"[^>]*>` + text + `<`).FindSubmatch(b.Bytes())
			if m == nil {
				t.Fatalf("shift %g: no %q", shift, text)
			}
			y, err := strconv.ParseFloat(string(m[1]), 64)
			if err != nil {
				t.Fatal(err)
			}
			return y
		}
		zero, ten := at("0°"), at("−10°")
		for name, band := range map[string][2]float64{"civil twilight": {-0.8, -6}, "nautical twilight": {-6, -12}, "astronomical twilight": {-12, -18}} {
			if e := (at(name) - zero) / (ten - zero) * -10; e > band[0] || e < band[1] {
				t.Errorf("shift %g: %s at %.1f degrees", shift, name, e)
			}
		}
	}
}
