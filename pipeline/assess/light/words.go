package light

import (
	"fmt"
	"math"
	"time"

	"whenwhere/internal/solar"
	"whenwhere/pipeline"
)

func (s sky) say(f *pipeline.Finding, window, onDays passage, against string) {
	what, l := s.describe(), f.Likelihood
	ratio := l.H1 / math.Max(l.H0, bogusAlways/1e6)
	switch {
	case l.H1 < bogusAlways && onDays.density < bogusAlways:
		f.Likelihood = nil
		undecided(f, pipeline.CodeWeak, "%s, where the sun puts none all through those days: the object leans, the ground slopes, the picture is mirrored, or the place is another", what)
	case window.up == 0:
		f.Outcome = pipeline.Contradicts
		f.Reason = fmt.Sprintf("%s, but the sun is below the horizon all through the claimed time", what)
	case ratio >= decisiveRatio:
		f.Outcome = pipeline.Supports
		f.Reason = fmt.Sprintf("%s against %s at the claimed time; %.1f times likelier than at %s", what, s.predicted(window.best), ratio, against)
	case ratio <= 1/decisiveRatio:
		f.Outcome = pipeline.Contradicts
		f.Reason = fmt.Sprintf("%s against %s at the claimed time; %.1f times likelier at %s", what, s.predicted(window.best), l.H0/math.Max(l.H1, l.H0/1e6), oneOf(against))
	default:
		undecided(f, pipeline.CodeWeak, "%s against %s at the claimed time, as at much of those days", what, s.predicted(window.best))
	}
}

func oneOf(against string) string {
	if against == "any daylight of those days" {
		return "another daylight of those days"
	}
	return against
}

func (s sky) describe() string {
	m := s.marks[0]
	text := string(m.Kind) + " marked"
	if m.AzimuthDeg != nil {
		text += fmt.Sprintf(" at azimuth %.1f +- %.1f deg", *m.AzimuthDeg, *m.SigmaDeg)
		if m.NorthUnknown {
			text += " from an unknown north"
		}
	}
	if m.Ratio != nil {
		text += fmt.Sprintf(" with height/length %.2f +- %.2f", *m.Ratio, *m.SigmaRatio)
	}
	if m.ElevationDeg != nil {
		text += fmt.Sprintf(" at elevation %.1f +- %.1f deg", *m.ElevationDeg, *m.SigmaElevationDeg)
	}
	if len(s.marks) > 1 {
		text += fmt.Sprintf(" with %d more of the same north", len(s.marks)-1)
	}
	return text
}

// predicted is what the sun makes of the first mark at the moment that fits best.
func (s sky) predicted(at time.Time) string {
	m := s.marks[0]
	if m.NorthUnknown {
		return "what the sun turns"
	}
	sun := solar.Sun(at, s.claim.Where.Lat, s.claim.Where.Lon)
	var parts []string
	if m.AzimuthDeg != nil {
		azimuth := sun.AzimuthDeg
		if m.Kind == pipeline.MarkShadow {
			azimuth = math.Mod(azimuth+180, 360)
		}
		parts = append(parts, fmt.Sprintf("%.1f deg", azimuth))
	}
	if m.Ratio != nil {
		parts = append(parts, fmt.Sprintf("%.2f", math.Tan(sun.ApparentElevationDeg*math.Pi/180)))
	}
	if m.ElevationDeg != nil {
		parts = append(parts, fmt.Sprintf("%.1f deg", sun.ApparentElevationDeg))
	}
	return joined(parts) + " at the nearest moment"
}

func joined(parts []string) string {
	if len(parts) == 2 {
		return parts[0] + " and " + parts[1]
	}
	return parts[0]
}
