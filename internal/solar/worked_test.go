package solar

import (
	"math"
	"testing"
	"time"
)

// TestWorkedExample checks every quantity of appendix A.5 of the paper to the digits printed there.
func TestWorkedExample(t *testing.T) {
	t.Parallel()
	when := time.Date(2003, 10, 17, 12, 30, 30, 0, time.FixedZone("MST", -7*3600))
	site := Site{
		LatDeg: 39.742476, LonDeg: -105.1786, HeightM: 1830.14,
		PressureHPa: 820, TemperatureC: 11,
	}
	const deltaTS = 67.0
	days := daysSinceJ2000(when)
	g := geocentricAt((days + deltaTS/secondsPerDay) / daysPerCentury)
	e := AtDeltaT(when, deltaTS)
	topo := topocentricOf(e, site)
	pos := e.From(site)

	for _, c := range []struct {
		name      string
		got, want float64
		digits    int
	}{
		{"JD", days + 2451545, 2452930.312847, 6},
		{"L", g.helioLonDeg, 24.0182616917, 10},
		{"B", g.helioLatDeg, -0.0001011219, 10},
		{"R", g.distanceAU, 0.9965422974, 10},
		{"delta psi", g.nutationLonDeg, -0.00399840, 8},
		{"delta epsilon", g.nutationOblDeg, 0.00166657, 8},
		{"epsilon", g.obliquityDeg, 23.440465, 6},
		{"lambda", g.apparentLonDeg, 204.0085519281, 10},
		{"nu", e.SiderealDeg(), 318.511910, 6},
		{"alpha", e.RightAscensionDeg(), 202.227408, 6},
		{"delta", e.DeclinationDeg(), -9.31434, 5},
		{"distance", e.DistanceAU(), 0.9965422974, 10},
		{"H", wrap360(e.SiderealDeg() + site.LonDeg - e.RightAscensionDeg()), 11.10590, 5},
		{"alpha'", topo.rightAscensionDeg, 202.22704, 5},
		{"delta'", topo.declinationDeg, -9.316179, 6},
		{"H'", topo.hourAngleDeg, 11.10627, 5},
		{"e0", pos.ElevationDeg, 39.872046, 6},
		{"delta e", pos.ApparentElevationDeg - pos.ElevationDeg, 0.016332, 6},
		{"e", pos.ApparentElevationDeg, 39.888378, 6},
		{"zenith angle", 90 - pos.ApparentElevationDeg, 50.11162, 5},
		{"azimuth", pos.AzimuthDeg, 194.340241, 6},
	} {
		if half := 0.5 * math.Pow10(-c.digits) * 1.001; math.Abs(c.got-c.want) > half {
			t.Errorf("%s = %.*f, want %.*f", c.name, c.digits+2, c.got, c.digits, c.want)
		}
	}
}

type topocentric struct{ rightAscensionDeg, declinationDeg, hourAngleDeg float64 }

// topocentricOf turns the horizon vector back to the equator, to compare it with the intermediate
// angles that the vector form never computes.
func topocentricOf(e Ephemeris, s Site) topocentric {
	up, north, east := e.direction(s)
	sinLat, cosLat := math.Sincos(rad(s.LatDeg))
	meridian, polar := cosLat*up-sinLat*north, sinLat*up+cosLat*north
	hour := deg(math.Atan2(-east, meridian))
	return topocentric{
		rightAscensionDeg: wrap360(e.siderealDeg + s.LonDeg - hour),
		declinationDeg:    deg(math.Atan2(polar, math.Hypot(meridian, east))),
		hourAngleDeg:      hour,
	}
}

// TestTableRows guards the tables against a lost row too small for the worked example to show:
// numbers of rows as printed.
func TestTableRows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		powers [][]periodicTerm
		want   []int
	}{
		"L": {longitudeTerms, []int{64, 34, 20, 7, 3, 1}},
		"B": {latitudeTerms, []int{5, 2}},
		"R": {radiusTerms, []int{40, 10, 6, 2, 1}},
	} {
		if len(c.powers) != len(c.want) {
			t.Fatalf("%s has %d powers, want %d", name, len(c.powers), len(c.want))
		}
		for i, terms := range c.powers {
			if len(terms) != c.want[i] {
				t.Errorf("%s%d has %d rows, want %d", name, i, len(terms), c.want[i])
			}
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want360, want180 float64 }{
		{0, 0, 0}, {360, 0, 0}, {-360, 0, 0}, {180, 180, -180}, {-180, 180, -180},
		{-1e-20, 0, 0}, {359, 359, -1}, {725, 5, 5},
	} {
		if got := wrap360(c.in); got != c.want360 {
			t.Errorf("wrap360(%g) = %g, want %g", c.in, got, c.want360)
		}
		if got := wrap180(c.in); got != c.want180 {
			t.Errorf("wrap180(%g) = %g, want %g", c.in, got, c.want180)
		}
	}
}
