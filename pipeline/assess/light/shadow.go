package light

import (
	"fmt"
	"math"
	"time"

	"whenwhere/internal/solar"
	"whenwhere/pipeline"
)

// decisiveRatio is how much likelier one proposition must make a mark before the answer is more than inconclusive.
const decisiveRatio = 2.0

// bogusAlways is how much less likely than bogus a mark must be at every moment of the days to fit none of them.
const bogusAlways = 0.01

// maxSamples bounds the work on a claim of any length: a minute for claims of up to two days. At 48 degrees north the
// sun's azimuth moves by up to 0.6 degrees in a minute, below the sigma of any mark.
const maxSamples = 2880

// shadow compares a mark with the sun. Under H1 the picture was taken at a moment of the claimed window, under H0 at a
// moment of daylight on the same days, each moment as likely as another; under both the mark is normal about the sun
// with the analyst's sigma. Bogus marks lie anywhere. A shadow points away from the sun: its azimuth from base to tip
// is the sun's plus 180 degrees, and height over length is the tangent of the sun's apparent elevation.
func shadow(in pipeline.Incident, i int, m pipeline.Mark) pipeline.Finding {
	claim := in.Claim
	f := pipeline.Finding{Question: askShadow, Subject: pipeline.MarkSubject(i)}
	if v, is := vague(askShadow, f.Subject, claim); is {
		return v
	}
	f.Evidence = []string{f.Subject, "claim.where", "claim.when"}
	f.Basis = pipeline.Basis{Kind: "analyst", Of: m.By}
	if unbound(&f, roleOf(in, m.Media)) {
		return f
	}
	inWindow := scan(*claim.When, *claim.Where, m)
	onDays := scan(wholeDays(*claim.When), *claim.Where, m)
	if onDays.samples == 0 {
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, "the sun does not rise there on the claimed days, so no shadow can be compared"
		return f
	}
	f.Likelihood = &pipeline.Likelihood{H1: inWindow.density(m), H0: onDays.density(m)}
	judgeShadow(&f, m, inWindow)
	return f
}

// roleOf is the role of the file that a mark was measured on.
func roleOf(in pipeline.Incident, file string) pipeline.Role {
	for _, r := range in.Media {
		if r.File == file {
			return r.EffectiveRole()
		}
	}
	return pipeline.RoleEvent
}

func judgeShadow(f *pipeline.Finding, m pipeline.Mark, w passage) {
	ratio := f.Likelihood.H1 / math.Max(f.Likelihood.H0, bogusAlways/1e6)
	switch {
	case f.Likelihood.H1 < bogusAlways && f.Likelihood.H0 < bogusAlways:
		f.Likelihood = nil
		undecided(f, pipeline.CodeWeak, "%s, where the sun puts none all through those days: the object leans, the ground slopes, the picture is mirrored, or the place is another", describe(m))
	case w.samples == 0:
		f.Outcome = pipeline.Contradicts
		f.Reason = fmt.Sprintf("%s, but the sun is below the horizon all through the claimed time", describe(m))
	case ratio >= decisiveRatio:
		f.Outcome = pipeline.Supports
		f.Reason = fmt.Sprintf("%s against %s at the claimed time; %.1f times likelier than at any daylight of those days", describe(m), w.describe(m), ratio)
	case ratio <= 1/decisiveRatio:
		f.Outcome = pipeline.Contradicts
		f.Reason = fmt.Sprintf("%s against %s at the claimed time; %.1f times likelier at another daylight of those days", describe(m), w.describe(m), f.Likelihood.H0/math.Max(f.Likelihood.H1, f.Likelihood.H0/1e6))
	default:
		undecided(f, pipeline.CodeWeak, "%s against %s at the claimed time, as at much of those days", describe(m), w.describe(m))
	}
}

// passage is the sun over a span, while it is up.
type passage struct {
	samples  int     // moments with the sun up
	likely   float64 // sum of the densities of the mark at those moments
	nearest  solar.Position
	nearness float64
}

func scan(span pipeline.Span, at pipeline.Place, m pipeline.Mark) passage {
	step := max(time.Minute, span.Duration()/maxSamples)
	p := passage{nearness: math.Inf(-1)}
	for t := span.From.Add(step / 2); t.Before(span.To); t = t.Add(step) {
		sun := solar.Sun(t, at.Lat, at.Lon)
		if sun.ApparentElevationDeg <= 0 {
			continue
		}
		p.samples++
		logDensity := logNormal(sun, m)
		p.likely += math.Exp(logDensity)
		if logDensity > p.nearness {
			p.nearness, p.nearest = logDensity, sun
		}
	}
	return p
}

// density is the mean over the daylight moments of the span (a shadow was seen, so night is out under both
// propositions), relative to a bogus mark: azimuths anywhere in 360 degrees, elevations anywhere in 90.
func (p passage) density(m pipeline.Mark) float64 {
	if p.samples == 0 {
		return 0
	}
	mean := p.likely / float64(p.samples)
	if m.AzimuthDeg != nil {
		mean *= 360
	}
	if m.Ratio != nil {
		mean *= 90
	}
	return mean
}

// logNormal is the log density of the mark, per degree of azimuth and per degree of elevation, with the sun there.
func logNormal(sun solar.Position, m pipeline.Mark) float64 {
	sum := 0.0
	if m.AzimuthDeg != nil {
		sum += logGauss(angleBetween(*m.AzimuthDeg, sun.AzimuthDeg+180), *m.SigmaDeg)
	}
	if m.Ratio != nil {
		elevation, sigma := elevationOf(*m.Ratio, *m.SigmaRatio)
		sum += logGauss(elevation-sun.ApparentElevationDeg, sigma)
	}
	return sum
}

// elevationOf is atan(h/s) in degrees with its sigma, (sin 2E / 2)(sigma_r / r).
func elevationOf(ratio, sigmaRatio float64) (deg, sigmaDeg float64) {
	e := math.Atan(ratio)
	return e * 180 / math.Pi, math.Sin(2*e) / 2 * sigmaRatio / ratio * 180 / math.Pi
}

func logGauss(x, sigma float64) float64 {
	return -x*x/(2*sigma*sigma) - math.Log(sigma*math.Sqrt(2*math.Pi))
}

// angleBetween is a - b within -180 to 180.
func angleBetween(a, b float64) float64 { return math.Remainder(a-b, 360) }

func wholeDays(s pipeline.Span) pipeline.Span {
	middle := s.From.Add(s.Duration() / 2)
	half := max(12*time.Hour, s.Duration()/2)
	return pipeline.Span{From: middle.Add(-half), To: middle.Add(half)}
}

func describe(m pipeline.Mark) string {
	text := "shadow marked"
	if m.AzimuthDeg != nil {
		text += fmt.Sprintf(" at azimuth %.1f +- %.1f deg", *m.AzimuthDeg, *m.SigmaDeg)
	}
	if m.Ratio != nil {
		text += fmt.Sprintf(" with height/length %.2f +- %.2f", *m.Ratio, *m.SigmaRatio)
	}
	return text
}

func (p passage) describe(m pipeline.Mark) string {
	var text string
	if m.AzimuthDeg != nil {
		text = fmt.Sprintf("%.1f deg", math.Mod(p.nearest.AzimuthDeg+180, 360))
	}
	if m.Ratio != nil {
		if text != "" {
			text += " and "
		}
		text += fmt.Sprintf("%.2f", math.Tan(p.nearest.ApparentElevationDeg*math.Pi/180))
	}
	return text + " at the nearest moment"
}
