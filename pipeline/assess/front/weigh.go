package front

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/measured"
)

// leastBans is what counts as support at all: a hundredth of a ban is a likelihood ratio of 1.02.
const leastBans = 0.01

// groupOf tells which events a claim of this kind is weighed by. A kind that does not say where its doer stands is weighed
// by all of them.
func groupOf(k pipeline.Kind) measured.Group {
	switch k {
	case pipeline.KindExecution, pipeline.KindCapture:
		return measured.OnGround
	case pipeline.KindShelling:
		return measured.InRange
	case pipeline.KindStrike:
		return measured.Strike
	case pipeline.KindOther, pipeline.KindStatement:
	}
	return measured.Any
}

// support sets outcome and likelihood from a ratio of at least 1. How likely maps are under H0 is 1 by convention: only the
// ratio was measured.
func support(f *pipeline.Finding, ratio float64) {
	f.Outcome, f.Likelihood = pipeline.Supports, &pipeline.Likelihood{H1: ratio, H0: 1}
	if math.Log10(ratio) < leastBans {
		f.Outcome, f.Code, f.Likelihood = pipeline.Inconclusive, pipeline.CodeWeak, nil
	}
}

func line(claim pipeline.Claim, near []Near, ground []Ground) pipeline.Finding {
	if len(near) == 0 {
		return laterLine(ground)
	}
	table := measured.TheFront()
	f := pipeline.Finding{Question: askLine, Evidence: []string{"claim.where", "claim.when"}}
	least, by := math.Inf(1), ""
	var names, texts []string
	for _, n := range near {
		if ratio := n.ratio(table, groupOf(claim.Kind)); ratio < least {
			least, by = ratio, n.Provider
		}
		names, texts = append(names, n.Provider), append(texts, n.describe())
		for _, e := range n.Editions {
			f.Evidence = append(f.Evidence, "control/"+e)
		}
	}
	f.Basis = basisOf(names)
	support(&f, least)
	f.Reason = fmt.Sprintf("the line was %s", strings.Join(texts, ", "))
	switch {
	case f.Outcome != pipeline.Supports && claim.Kind == pipeline.KindStrike:
		f.Reason += "; a strike reaches far, its distance to the line tells nothing"
	case f.Outcome != pipeline.Supports:
		f.Reason += "; that far, or by a map that old, it tells nothing of such an incident: those far from the line are real"
	case len(near) > 1:
		f.Reason += fmt.Sprintf("; weighed by %s, which supports least", by)
	}
	if gap := disagreementM(near); gap > disagreeM {
		f.Reason += fmt.Sprintf("; the providers disagree by %.1f km", gap/1000)
	}
	return f
}

// ratio is the likelihood ratio over the claimed places and moments. The weight fades with the age of the map.
func (n Near) ratio(table measured.Front, g measured.Group) float64 {
	curve, sum := table.Line[g], 0.0
	for _, s := range n.Samples {
		fade := math.Exp(-max(0, s.AgeDays-1) / table.FadeDays) // the maps of the fit were up to a day old
		sum += math.Pow(10, fade*curve.Fading(s.DistanceM/1000))
	}
	return sum / float64(len(n.Samples))
}

func (n Near) describe() string {
	km := make([]float64, 0, len(n.Samples))
	age := 0.0
	for _, s := range n.Samples {
		km = append(km, s.DistanceM/1000)
		age = max(age, s.AgeDays)
	}
	text := fmt.Sprintf("%.1f km", slices.Min(km))
	if far := fmt.Sprintf("%.1f km", slices.Max(km)); far != text {
		text = fmt.Sprintf("%.1f to %s", slices.Min(km), far)
	}
	return text + " away by " + n.Provider + old(age)
}

func old(days float64) string {
	if days < 1 {
		return ""
	}
	return fmt.Sprintf(" (%s old)", wholeDays(days))
}

// disagreeM is how far the lines of two maps of one day may lie apart without anybody's error: the margin of package
// control.
const disagreeM = 2000

// disagreementM is how far the nearest distances of the providers lie apart.
func disagreementM(near []Near) float64 {
	lo, hi := math.Inf(1), 0.0
	for _, n := range near {
		nearest := math.Inf(1)
		for _, s := range n.Samples {
			nearest = min(nearest, s.DistanceM)
		}
		lo, hi = min(lo, nearest), max(hi, nearest)
	}
	return hi - lo
}

// laterLine answers when no map was known at the claimed time: a later one may have been drawn from this very event.
func laterLine(ground []Ground) pipeline.Finding {
	var drawn []Ground
	for _, g := range ground {
		if g.MinDistanceM != nil {
			drawn = append(drawn, g)
		}
	}
	if len(drawn) == 0 {
		return noMaps(askLine, "no control map around the claimed time draws a line")
	}
	g := drawn[0]
	return pipeline.Finding{Question: askLine, Outcome: pipeline.Inconclusive, Code: pipeline.CodeWeak, Basis: basis(drawn), Evidence: evidence(drawn),
		Reason: fmt.Sprintf("the line was %.1f km away by %s, whose maps are all later than the claim and may follow it", *g.MinDistanceM/1000, g.Provider)}
}

func operations(claim pipeline.Claim, maps Maps) pipeline.Finding {
	around := pipeline.Span{From: claim.When.From.AddDate(0, 0, -OperationsDays), To: claim.When.To.AddDate(0, 0, OperationsDays)}
	radiusM := max(OperationsRadiusM, claim.Where.RadiusM)
	changes := maps.Changes(*claim.Where, radiusM, around)
	if len(changes) == 0 {
		return noMaps(askOperations, "no provider has two control maps around the claimed time to compare")
	}
	table := measured.TheFront()
	curve := table.Operations[groupOf(claim.Kind)]
	f := pipeline.Finding{Question: askOperations}
	var texts, providers []string
	least, by := math.Inf(1), ""
	for _, c := range changes {
		texts = append(texts, c.describe())
		providers = append(providers, c.Provider)
		f.Evidence = append(f.Evidence, "control/"+c.Before, "control/"+c.After)
		if ratio := math.Pow(10, curve.Rising(c.changedKm2()*share(radiusM))); ratio < least {
			least, by = ratio, c.Provider
		}
	}
	f.Basis = basisOf(providers)
	f.Reason = fmt.Sprintf("within %.0f km, from %s to %s: %s", radiusM/1000, around.From.Format(time.DateOnly), around.To.Format(time.DateOnly), strings.Join(texts, "; "))
	support(&f, least)
	if f.Outcome == pipeline.Supports && len(changes) > 1 {
		f.Reason += fmt.Sprintf("; weighed by %s, which supports least", by)
	}
	return f
}

// changedKm2 is the ground that came to either side. Newly contested ground is named and not weighed: the maps that the
// weight was measured with draw none.
func (c Change) changedKm2() float64 {
	return c.GainedKm2[pipeline.SideRU] + c.GainedKm2[pipeline.SideUA]
}

// share is what part of the ground within a wider radius is expected within that of the measure, for a place anywhere in it.
func share(radiusM float64) float64 {
	return OperationsRadiusM * OperationsRadiusM / (radiusM * radiusM)
}

func (c Change) describe() string {
	text := fmt.Sprintf("%s: ru gained %s, ua %s, newly contested %.1f km2", c.Provider, c.gain(pipeline.SideRU), c.gain(pipeline.SideUA), c.ContestedKm2)
	if c.NearestM != nil {
		text += fmt.Sprintf(", the nearest %.1f km", *c.NearestM/1000)
		if c.NearestDeg != nil {
			text += " " + compass(*c.NearestDeg)
		}
		text += " away"
	}
	if !c.Complete {
		text += " (its maps do not cover all of these days)"
	}
	return text
}

func (c Change) gain(side pipeline.Side) string {
	text := fmt.Sprintf("%.1f km2", c.GainedKm2[side])
	if deg, ok := c.TowardsDeg[side]; ok {
		text += " towards " + compass(deg)
	}
	return text
}

// compass names the nearest of eight directions.
func compass(deg float64) string {
	names := []string{"N", "NE", "E", "SE", "S", "SW", "W", "NW"}
	return names[(int(math.Round(deg/45))%8+8)%8]
}
