package solar

import (
	"math"
	"time"
)

// Moon is the Moon at one instant seen from the centre of the Earth. Its embedded Ephemeris answers
// [Ephemeris.From] for the centre of the Moon's disc with parallax, which for the Moon is up to a
// degree. The zero value gives NaN and MoonPhaseUnknown.
type Moon struct {
	Ephemeris
	DistanceKm          float64 // from the centre of the Earth
	IlluminatedFraction float64 // of the disc, 0 to 1
	PhaseAngleDeg       float64 // Sun-Moon-Earth, 0 (full) to 180 (new)
	// ElongationDeg is the ecliptic longitude of the Moon less that of the Sun, 0 to 360: 0 new, 90
	// first quarter, 180 full, 270 last quarter.
	ElongationDeg float64
}

// MoonAt returns the Moon at a time, with [DefaultDeltaTS] (one second of delta-T moves it by 0.00015
// degrees): J. Meeus, "Astronomical Algorithms", 2nd edition 1998, chapters 47 (ELP-2000/82 shortened,
// 10 arcseconds in longitude, 4 in latitude) and 48. Outside the years -2000 to 6000 it is the zero
// Moon.
func MoonAt(t time.Time) Moon { return MoonAtDeltaT(t, DefaultDeltaTS) }

// MoonAtDeltaT returns the Moon at a time for a given TT-UT1 in seconds.
func MoonAtDeltaT(t time.Time, deltaTS float64) Moon {
	return moonAtDays(daysSinceJ2000(t), deltaTS)
}

func moonAtDays(days, deltaTS float64) Moon {
	if math.Abs(days) > validCenturies*daysPerCentury {
		return Moon{}
	}
	centuries := (days + deltaTS/secondsPerDay) / daysPerCentury
	sun := geocentricAt(centuries)
	moon, distanceKm := lunarAt(centuries, sun)
	m := Moon{
		Ephemeris:     newEphemeris(moon.equatorial(days)),
		DistanceKm:    distanceKm,
		ElongationDeg: wrap360(moon.apparentLonDeg - sun.apparentLonDeg),
	}
	m.illuminate(newEphemeris(sun.equatorial(days)))
	return m
}

const kmPerAU = 149597870.7

// lunarAt returns the ecliptic place of the Moon, in the form and with the nutation of the Sun's.
func lunarAt(centuries float64, sun geocentric) (moon geocentric, distanceKm float64) {
	lonDeg, latDeg, distanceKm := lunarSeries(centuries)
	return geocentric{
		helioLatDeg:    -latDeg, // equatorial mirrors it to the latitude seen from the Earth
		distanceAU:     distanceKm / kmPerAU,
		nutationLonDeg: sun.nutationLonDeg,
		obliquityDeg:   sun.obliquityDeg,
		apparentLonDeg: wrap360(lonDeg + sun.nutationLonDeg),
	}, distanceKm
}

// illuminate fills in the phase (Meeus, equations 48.1 to 48.3, without approximation).
func (m *Moon) illuminate(sun Ephemeris) {
	cosHour := math.Cos(rad(sun.rightAscensionDeg - m.rightAscensionDeg))
	cosApart := sun.sinDec*m.sinDec + sun.cosDec*m.cosDec*cosHour
	sinApart := math.Sqrt(max(0, 1-cosApart*cosApart))
	phase := math.Atan2(sun.distanceAU*sinApart, m.distanceAU-sun.distanceAU*cosApart)
	m.PhaseAngleDeg = deg(phase)
	m.IlluminatedFraction = (1 + math.Cos(phase)) / 2
}

// MoonPhase is an eighth of the lunation, centred on the four principal phases and between them. The
// zero value is MoonPhaseUnknown.
type MoonPhase int

// The phases in their order. Each lasts 45 degrees of elongation, 3.7 days: an almanac reserves the
// four principal names for an instant, an eye does not tell two days.
const (
	MoonPhaseUnknown MoonPhase = iota
	NewMoon
	WaxingCrescent
	FirstQuarter
	WaxingGibbous
	FullMoon
	WaningGibbous
	LastQuarter
	WaningCrescent
)

// Phase returns the eighth of the lunation.
func (m Moon) Phase() MoonPhase {
	if !m.valid() || !(m.ElongationDeg >= 0 && m.ElongationDeg < 360) {
		return MoonPhaseUnknown
	}
	return NewMoon + MoonPhase(int(m.ElongationDeg/45+0.5)%8)
}

var moonPhaseNames = [...]string{
	"unknown", "new moon", "waxing crescent", "first quarter", "waxing gibbous",
	"full moon", "waning gibbous", "last quarter", "waning crescent",
}

// String returns the phase in words fit for a report.
func (p MoonPhase) String() string {
	if p < 0 || int(p) >= len(moonPhaseNames) {
		return moonPhaseNames[MoonPhaseUnknown]
	}
	return moonPhaseNames[p]
}
