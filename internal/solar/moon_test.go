package solar_test

import (
	"math"
	"testing"
	"time"

	"whenwhere/internal/solar"
)

// TestMoonOracleTable compares with pyephem and astropy.
func TestMoonOracleTable(t *testing.T) {
	t.Parallel()
	rows := readTable(t, "solar_oracle.csv")
	var worst worstOf
	for _, r := range rows {
		when := utc(t, r.text("utc"))
		deltaTS := solar.DefaultDeltaTS
		if when.Year() == 2003 {
			deltaTS = 64.5
		}
		moon := solar.MoonAtDeltaT(when, deltaTS)
		got := moon.From(solar.SeaLevel(r.number("lat"), r.number("lon")))
		for _, oracle := range []string{"moon_ephem", "moon_astropy"} {
			apart := separation(got.AzimuthDeg, got.ElevationDeg, r.number(oracle+"_az"), r.number(oracle+"_el"))
			worst.check(t, r, oracle, apart, 0.005)
		}
		worst.check(t, r, "phase percent", math.Abs(100*moon.IlluminatedFraction-r.number("moon_phase_pct")), 0.1)
	}
	t.Log(worst.names, worst.values)
}

// TestMoonWorkedExample is example 47.a and 48.a of Meeus: 1992 April 12, 0h TD.
func TestMoonWorkedExample(t *testing.T) {
	t.Parallel()
	moon := solar.MoonAtDeltaT(time.Date(1992, 4, 12, 0, 0, 0, 0, time.UTC), 0)
	for _, c := range []struct {
		name            string
		got, want, half float64
	}{
		{"right ascension", moon.RightAscensionDeg(), 134.688470, 2e-5},
		{"declination", moon.DeclinationDeg(), 13.768368, 2e-5},
		{"distance", moon.DistanceKm, 368409.7, 0.05},
		{"phase angle", moon.PhaseAngleDeg, 69.0756, 0.003},
		{"illuminated fraction", moon.IlluminatedFraction, 0.6786, 0.0001},
	} {
		if !near(c.got, c.want, c.half) {
			t.Errorf("%s %.6f, want %.6f", c.name, c.got, c.want)
		}
	}
	if moon.Phase() != solar.FirstQuarter || moon.Phase().String() != "first quarter" {
		t.Errorf("phase %v at elongation %.1f", moon.Phase(), moon.ElongationDeg)
	}
}

// TestMoonPhases are instants of the four principal phases, published by the U.S. Naval Observatory
// to the minute, in which the elongation grows by 0.01 degrees.
func TestMoonPhases(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]struct {
		elongation float64
		phase      solar.MoonPhase
	}{
		"2023-01-06T23:08:00Z": {180, solar.FullMoon},
		"2023-01-15T02:10:00Z": {270, solar.LastQuarter},
		"2023-01-21T20:53:00Z": {0, solar.NewMoon},
		"2023-01-28T15:19:00Z": {90, solar.FirstQuarter},
	} {
		moon := solar.MoonAt(utc(t, when))
		if off := math.Remainder(moon.ElongationDeg-want.elongation, 360); !near(off, 0, 0.01) || moon.Phase() != want.phase {
			t.Errorf("%s: elongation %.4f (%v), want %g", when, moon.ElongationDeg, moon.Phase(), want.elongation)
		}
		week := solar.MoonAt(utc(t, when).Add(90 * time.Hour))
		if week.Phase() != want.phase%8+1 {
			t.Errorf("%s: %v follows %v", when, week.Phase(), want.phase)
		}
	}
}

// TestEclipse: at the place and instant of greatest eclipse of 2024-04-08 (NASA: 18:17:20 UT, 25 17.3'
// N, 104 8.2' W, total) the Moon's centre stands before the Sun's, by parallax of 0.3 degrees.
func TestEclipse(t *testing.T) {
	t.Parallel()
	when, site := utc(t, "2024-04-08T18:17:20Z"), solar.SeaLevel(25.288, -104.137)
	sun, moon := solar.At(when).From(site), solar.MoonAt(when)
	m := moon.From(site)
	if apart := separation(sun.AzimuthDeg, sun.ElevationDeg, m.AzimuthDeg, m.ElevationDeg); !(apart < 0.005) {
		t.Errorf("%.4f degrees apart: Sun %+v, Moon %+v", apart, sun, m)
	}
	if moon.Phase() != solar.NewMoon {
		t.Error(moon.Phase())
	}
}

func TestMoonUnanswerable(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]solar.Moon{
		"zero": {}, "year 9999": solar.MoonAt(date(9999, 1, 1)), "delta-T": solar.MoonAtDeltaT(date(2024, 1, 1), math.NaN()),
	} {
		if p := m.From(solar.SeaLevel(50, 30)); !math.IsNaN(p.ElevationDeg) || !math.IsNaN(p.AzimuthDeg) {
			t.Errorf("%s: %+v", name, p)
		}
		if m.Phase() != solar.MoonPhaseUnknown || m.Phase().String() != "unknown" {
			t.Errorf("%s: %v", name, m.Phase())
		}
	}
	if got := solar.MoonPhase(99).String(); got != "unknown" {
		t.Errorf("phase 99 is %q", got)
	}
}

func BenchmarkMoonAt(b *testing.B) {
	when := date(2024, 7, 8)
	b.ReportAllocs()
	for b.Loop() {
		solar.MoonAt(when)
	}
}
