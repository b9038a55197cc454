package solar

import "math"

// illuminancePiece is one line of the table in Circular 171: log10 lux as a cubic of elevation/90,
// from a lowest elevation upwards.
type illuminancePiece struct {
	fromDeg        float64
	l0, l1, l2, l3 float64
}

// illuminancePieces run from bright to dark. Neighbours meet within 0.02 EV; the step down to nightLux
// is 0.37 EV.
var illuminancePieces = [...]illuminancePiece{
	{20, 3.74, 3.97, -4.07, 1.47},
	{5, 3.05, 13.28, -45.98, 64.33},
	{-0.8, 2.88, 22.26, -207.64, 1034.30},
	{-5, 2.88, 21.81, -258.11, -858.36},
	{-12, 2.70, 12.17, -431.69, -1899.83},
	{darkestDeg, 13.84, 262.72, 1447.42, 2797.93},
}

// nightLux is the moonless clear sky of Circular 171.
const nightLux = 5e-4

// ClearSkyLux returns the illuminance of level ground by the Sun and a clear sky without Moon or
// lamps, for an elevation of the Sun in degrees: P. M. Janiczek and J. A. DeYoung, "Computer Programs
// for Sun and Moon Illuminance", U.S. Naval Observatory Circular 171, 1987. The elevation is read as
// geometric, because the table breaks at sunrise (-0.8); the apparent one would give up to 0.6 EV
// more at the horizon. Cloud divides by up to 10. NaN and angles beyond +-90 give NaN.
func ClearSkyLux(elevationDeg float64) float64 {
	if !(elevationDeg >= -90 && elevationDeg <= 90) {
		return math.NaN()
	}
	x := elevationDeg / 90
	for _, p := range illuminancePieces {
		if elevationDeg >= p.fromDeg {
			return math.Pow(10, p.l0+x*(p.l1+x*(p.l2+x*p.l3)))
		}
	}
	return nightLux
}

// luxAtEV0 is the illuminance that an incident meter calls EV 0 at ISO 100, for the flat receptor
// constant C = 250 (ISO 2720).
const luxAtEV0 = 2.5

// MaxEV100 returns the exposure value at ISO 100 of a level grey scene under [ClearSkyLux]: about
// the brightest that the Sun alone can make it. Snow, sky and lamps in the frame meter up to 3 EV
// more; shade, rooms and filters any amount less, so only "too bright" can speak against a time.
func MaxEV100(elevationDeg float64) float64 {
	return math.Log2(ClearSkyLux(elevationDeg) / luxAtEV0)
}

// darkestDeg is the elevation below which no Sun is left in [ClearSkyLux]: the last of its pieces.
const darkestDeg = -18

// ElevationFor returns the lowest elevation of the Sun in degrees at which [MaxEV100] reaches ev. ok is false when every
// night does (the answer is then -90), or when no Sun does.
func ElevationFor(ev float64) (elevationDeg float64, ok bool) {
	switch {
	case !(ev <= MaxEV100(90)): // NaN too
		return 0, false
	case ev <= MaxEV100(-90):
		return -90, false
	}
	lo, hi := float64(darkestDeg), 90.0
	for range 60 {
		if mid := (lo + hi) / 2; MaxEV100(mid) >= ev {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi, true
}

// The settings that EV100 believes: from a fast lens to a pinhole, from a global shutter to an hour,
// from slow film to the fastest sensor sold.
const (
	minFNumber, maxFNumber     = 0.5, 512
	minExposureS, maxExposureS = 1e-6, 3600
	minISO, maxISO             = 1, 5_000_000
	isoOverflow                = 65535 // EXIF writes this when the value does not fit its 16 bits
)

// EV100 returns the exposure value at ISO 100 of a picture from its f-number, exposure time in
// seconds and ISO speed: log2(N^2/t) - log2(ISO/100), as ExifTool's LightValue. Exposure bias is not
// in it. ok is false when a setting is absent (0), overflowed (ISO 65535), not finite or beyond any
// camera: f/0.5 to f/512, 1 microsecond to 1 hour, ISO 1 to 5,000,000.
func EV100(fNumber, exposureS, iso float64) (ev float64, ok bool) {
	if !within(fNumber, minFNumber, maxFNumber) || !within(exposureS, minExposureS, maxExposureS) ||
		!within(iso, minISO, maxISO) || iso == isoOverflow {
		return 0, false
	}
	return math.Log2(fNumber*fNumber/exposureS) - math.Log2(iso/100), true
}

// within is false for NaN.
func within(v, lo, hi float64) bool { return v >= lo && v <= hi }
