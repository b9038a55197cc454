package shadow

import (
	"fmt"
	"math"

	"whenwhere/internal/solar"
)

// reading is the sky of all sightings by one clock.
type reading struct {
	m         *model
	clock     Clock
	logWeight float64
	sky       []solar.Ephemeris
	sigmaS    []float64
	unknown   []int // index of each sighting's time error, -1 for an exact time
	unknowns  int
	v         *evaluator
	sun       []solar.Position
	move      [1]drift
}

func newReadings(m *model, sightings []Sighting, clocks []Clock) ([]*reading, error) {
	total := 0.0
	for _, c := range clocks {
		total += c.Weight
	}
	var out []*reading
	for _, c := range clocks {
		r := &reading{m: m, clock: c, logWeight: math.Log(c.Weight / total), sun: make([]solar.Position, len(sightings))}
		for _, s := range sightings {
			if !(s.TimeSigmaS >= 0 && s.TimeSigmaS <= maxTimeSigmaS) {
				return nil, fmt.Errorf("shadow: %stime sigma %g s: %w (0 to 3600)", s.label(), s.TimeSigmaS, errRange)
			}
			sky := solar.At(s.At.Add(c.Shift))
			if _, err := newFrame(sky); err != nil || s.At.IsZero() {
				return nil, fmt.Errorf("shadow: %stime %v: %w", s.label(), s.At, errRange)
			}
			r.sky, r.sigmaS = append(r.sky, sky), append(r.sigmaS, s.TimeSigmaS)
			if s.TimeSigmaS > 0 {
				r.unknown = append(r.unknown, r.unknowns)
				r.unknowns++
			} else {
				r.unknown = append(r.unknown, -1)
			}
		}
		r.v = newEvaluator(m, r.unknowns)
		out = append(out, r)
	}
	return out, nil
}

// look places the Sun of all sightings over a place.
func (r *reading) look(lon, lat float64) {
	site := solar.SeaLevel(lat, lon)
	for i := range r.sky {
		if i > 0 && r.sky[i] == r.sky[i-1] {
			r.sun[i] = r.sun[i-1]
			continue
		}
		r.sun[i] = r.sky[i].From(site)
	}
}

func (r *reading) logLikelihood(lat float64) float64 {
	if r.unknowns == 0 {
		return r.v.logLikelihood(r.sun, nil)
	}
	return r.v.logLikelihood(r.sun, func(i int) []drift {
		if r.unknown[i] < 0 {
			return nil
		}
		azimuth, elevation := rates(r.sun[i], lat)
		s := r.sigmaS[i] / 3600
		r.move[0] = drift{unknown: r.unknown[i], azimuthDeg: s * azimuth, elevationDeg: s * elevation}
		return r.move[:]
	})
}

// rates are the changes of azimuth and elevation in degrees per hour.
func rates(sun solar.Position, latDeg float64) (azimuth, elevation float64) {
	sinLat, cosLat := math.Sincos(latDeg * degree)
	sin, cos := math.Sincos(sun.AzimuthDeg * degree)
	tanE := math.Tan(max(-89.9, min(89.9, sun.ElevationDeg)) * degree)
	return turnDegH * (sinLat - cosLat*tanE*cos), turnDegH * cosLat * sin
}

// bound is what logLikelihood cannot exceed within deg of a place.
func (r *reading) bound(lat, deg float64) float64 {
	within := func(i int) reach { return placeReach(r.sun[i], lat, deg) }
	if r.unknowns == 0 {
		return r.m.bound(r.sun, within, nil)
	}
	return r.m.bound(r.sun, within, func(i int) reach {
		highest := min(89.9, math.Abs(r.sun[i].ElevationDeg)+deg)
		move := turnDegH * r.sigmaS[i] / 3600
		return reach{azimuthDeg: move * (1 + math.Tan(highest*degree)), elevationDeg: move}
	})
}

// placeReach is what azimuth and elevation can change by when the place moves by deg: the direction to the Sun as in
// skyReach, and the direction of north by the convergence of the meridians.
func placeReach(sun solar.Position, lat, deg float64) reach {
	highest := min(math.Abs(lat), 90) + deg
	if highest > 89 {
		r := skyReach(sun, deg)
		r.azimuthDeg = 360
		return r
	}
	r := skyReach(sun, deg*1.001+0.01) // parallax and the ellipsoid's vertical differ by less
	if r.azimuthDeg < 360 {
		r.azimuthDeg += deg * math.Tan(highest*degree)
	}
	return r
}
