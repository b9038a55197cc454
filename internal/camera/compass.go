package camera

import (
	"fmt"
	"math"
)

// Compass is how far a phone's compass is believed: with probability Genuine its error is normal with SigmaDeg, else it
// says nothing.
type Compass struct{ Genuine, SigmaDeg float64 }

// DefaultCompass: 10 degrees hand-held; 0.2 for steel, vehicles and stuck readings (judged: street-level collections
// report 20 to 180 degrees near steel and directions that stay constant for hundreds of pictures).
var DefaultCompass = Compass{Genuine: 0.8, SigmaDeg: 10}

// Density is the likelihood of a reading under a true azimuth, per degree; it integrates to 1 over the circle of either.
// NaN for a number that is not finite or a Compass outside 0 <= Genuine <= 1, 0 < SigmaDeg <= 180.
func (c Compass) Density(readDeg, trueDeg float64) float64 {
	if !(c.Genuine >= 0 && c.Genuine <= 1 && c.SigmaDeg > 0 && c.SigmaDeg <= 180) {
		return math.NaN()
	}
	d := wrap180(readDeg - trueDeg)
	sum := 0.0
	for turn := -4.0; turn <= 4; turn++ { // wrapped normal: 4 turns are 8 sigma at the widest
		z := (d + 360*turn) / c.SigmaDeg
		sum += math.Exp(-z * z / 2)
	}
	return c.Genuine*sum/(c.SigmaDeg*math.Sqrt(2*math.Pi)) + (1-c.Genuine)/360
}

// TrueBearing turns GPSImgDirection into an azimuth from true north. reference is GPSImgDirectionRef, "T" or "M"; a
// magnetic reading needs the declination (east positive, degrees), whose sigma is the result's, since the compass's own
// error is Compass's. Exif allows 0 to 359.99, writers put 360; 655.35 and its like are errors. A reference that is
// missing or unknown is an error: some phones write "M" numbers without it, and in Ukraine that is 6 to 9 degrees.
func TrueBearing(readDeg float64, reference string, declination *Measure) (Measure, error) {
	if err := within("bearing", readDeg, 0, 360); err != nil {
		return Measure{}, err
	}
	switch reference {
	case "T":
		return Measure{Value: wrap360(readDeg)}, nil
	case "M":
		if declination == nil {
			return Measure{}, fmt.Errorf("camera: bearing: %w", ErrNoDeclination)
		}
		if err := within("declination", declination.Value, -180, 180); err != nil {
			return Measure{}, err
		}
		if err := within("sigma of the declination", declination.Sigma, 0, 180); err != nil {
			return Measure{}, err
		}
		return Measure{wrap360(readDeg + declination.Value), declination.Sigma}, nil
	}
	return Measure{}, fmt.Errorf("camera: bearing: reference %.8q is neither T nor M", reference)
}
