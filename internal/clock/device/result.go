package device

import (
	"fmt"
	"math"
	"sort"

	"whenwhere/internal/timeset"
)

// leastMass is the probability under which a hypothesis is not reported.
const leastMass = 1e-9

// result turns evidence into probabilities.
func (m *model) result(fits []fit) Result {
	logs := make([]float64, len(fits))
	for i, f := range fits {
		logs[i] = f.evidence
	}
	total := logSum(logs)
	sort.SliceStable(fits, func(i, j int) bool { return fits[i].evidence > fits[j].evidence })
	r := Result{ReferenceMs: m.refMs, OddsBans: maxBans}
	for _, f := range fits {
		if p := math.Exp(f.evidence - total); p >= leastMass {
			r.Hypotheses = append(r.Hypotheses, m.hypothesis(f, p))
		}
	}
	if len(fits) > 1 {
		r.OddsBans = min(maxBans, (fits[0].evidence-fits[1].evidence)/math.Ln10)
	}
	for i, f := range m.files {
		r.Files = append(r.Files, m.fileTime(i, f.ID, r.Hypotheses))
	}
	r.Outliers = m.outliers(&fits[0])
	return r
}

func (m *model) hypothesis(f fit, p float64) Hypothesis {
	h := Hypothesis{
		Rules: f.names, Switch: f.parts, Probability: p, ErrorS: f.errorS, DriftSPerDay: f.drift,
		GPSDaySlip: f.slip, FreelySet: f.free, offsets: f.offsets,
	}
	for _, o := range f.offsets {
		if len(o) == 0 {
			h.OffsetsMin = append(h.OffsetsMin, NoOffset)
			continue
		}
		h.OffsetsMin = append(h.OffsetsMin, o[0])
	}
	return h
}

// fileTime adds up the offsets of a file over the hypotheses, and joins the
// likeliest until 95 % of the mass is in the set. In a fold both readings are
// as likely.
func (m *model) fileTime(i int, id string, hypotheses []Hypothesis) FileTime {
	t := FileTime{ID: id}
	sum := 0.0
	errors := map[int]*moments{}
	for _, h := range hypotheses {
		if len(h.offsets[i]) == 0 {
			continue
		}
		if sum < 0.95 {
			for _, o := range h.offsets[i] {
				t.UTC95 = t.UTC95.Union(m.span(i, o, h))
			}
		}
		sum += h.Probability
		if h.FreelySet {
			continue
		}
		for _, o := range h.offsets[i] {
			if errors[o] == nil {
				errors[o] = &moments{}
				t.Offsets = append(t.Offsets, OffsetMass{OffsetMin: o})
			}
			errors[o].add(h, m.x[i], h.Probability/float64(len(h.offsets[i])))
		}
	}
	for k := range t.Offsets {
		errors[t.Offsets[k].OffsetMin].into(&t.Offsets[k])
	}
	sort.SliceStable(t.Offsets, func(a, b int) bool { return t.Offsets[a].Probability > t.Offsets[b].Probability })
	return t
}

// moments sums the error of a clock over hypotheses: mass, and what its mean
// and its square weigh by it.
type moments struct{ mass, first, second float64 }

func (s *moments) add(h Hypothesis, x, p float64) {
	mean, sd := h.ErrorS.Mean+h.DriftSPerDay.Mean*x, math.Hypot(h.ErrorS.SD, h.DriftSPerDay.SD*x)
	s.mass += p
	s.first += float64(p * mean)
	s.second += float64(p * (mean*mean + sd*sd))
}

func (s *moments) into(o *OffsetMass) {
	o.Probability, o.ErrorS = s.mass, s.first/s.mass
	o.ErrorSDS = math.Sqrt(max(0, s.second/s.mass-o.ErrorS*o.ErrorS))
}

// span is where the shot lies under a hypothesis: the dial less offset, error
// and drift, whose uncertainties add (they are nearly independent around the
// reference).
func (m *model) span(i, offsetMin int, h Hypothesis) timeset.Set {
	x := m.x[i]
	mean := h.ErrorS.Mean + h.DriftSPerDay.Mean*x
	below := math.Hypot(h.ErrorS.Mean-h.ErrorS.Lo95, x*(h.DriftSPerDay.Mean-h.DriftSPerDay.Lo95))
	above := math.Hypot(h.ErrorS.Hi95-h.ErrorS.Mean, x*(h.DriftSPerDay.Hi95-h.DriftSPerDay.Mean))
	d := m.files[i].Dial
	lo := float64(d.Lo) - 60000*float64(offsetMin) - 1000*(mean+above)
	hi := float64(d.Hi) - 60000*float64(offsetMin) - 1000*(mean-below)
	return timeset.Of(timeset.Interval{Lo: int64(math.Floor(lo)), Hi: int64(math.Ceil(hi))})
}

// outlierP is the probability from which a reading is named.
const outlierP = 0.5

// outliers names the readings that the hypothesis holds for bogus, at its
// mode.
func (m *model) outliers(f *fit) []Outlier {
	var out []Outlier
	for i, file := range m.files {
		out = append(out, m.badDial(f, i)...)
		out = append(out, m.badFix(f, i)...)
		out = append(out, m.badLimits(f, i)...)
		if b := file.NameDial; !b.IsEmpty() {
			if d := float64(b.Lo-file.Dial.Lo) / 1000; math.Abs(d) > 120 {
				out = append(out, Outlier{file.ID, "name", 1, d, "the name's dial is not the camera's: renamed, edited, or another zone"})
			}
		}
	}
	return out
}

func (m *model) badDial(f *fit, i int) []Outlier {
	if len(f.offsets[i]) == 0 {
		return []Outlier{{m.files[i].ID, "dial", 1, 0, "this local time does not exist under the rule"}}
	}
	if len(m.gps[i]) == 0 && math.IsNaN(m.head[i]) {
		return nil
	}
	p := dialBogusP * m.bogus(i) / math.Exp(m.logFile(f, i, f.mode[0], f.mode[1]))
	if p < outlierP {
		return nil
	}
	return []Outlier{{m.files[i].ID, "dial", p, m.residual(f, i), "no reading fits the dial: edited, or a file of another device"}}
}

// residual is how far the nearest fix is from the shot, in seconds; positive
// when the fix is later.
func (m *model) residual(f *fit, i int) float64 {
	best := math.Inf(1)
	for _, y := range m.residuals(*f, f.slip, i) {
		if r := f.mode[0] + f.mode[1]*m.x[i] - y; math.Abs(r) < math.Abs(best) {
			best = r
		}
	}
	if math.IsInf(best, 0) {
		return 0
	}
	return best
}

func (m *model) badFix(f *fit, i int) []Outlier {
	if len(m.gps[i]) == 0 || len(f.offsets[i]) == 0 {
		return nil
	}
	r := m.residual(f, i)
	y := -r
	good := (1 - fixLocalP - fixHoursP - fixAnyP) * (fixDensityGenuine(y))
	all := 0.0
	local := math.Inf(1)
	for _, g := range m.gps[i] {
		all = max(all, fixDensity(y, m.dial[i]-g))
		local = min(local, math.Abs(m.dial[i]-g))
	}
	p := 1 - good/all
	if p < outlierP {
		return nil
	}
	return []Outlier{{m.files[i].ID, "gps", p, r, whyFix(r, local)}}
}

func fixDensityGenuine(y float64) float64 {
	p := fixFreshP*normal(y, fixFreshS) + fixLooseP*normal(y, fixLooseS)
	if y > 0 {
		p += fixOldP * math.Exp(-y/fixOldMeanS) / fixOldMeanS
	}
	return p
}

func whyFix(residual, local float64) string {
	const rollover = 7168 * daySeconds
	near := func(days float64) bool { return math.Abs(math.Abs(residual)-days*daySeconds) < 600 }
	switch {
	case local < 3*fixFreshS:
		return "the fix repeats the dial: local time, no UTC"
	case near(1):
		return "the date of the fix is a day off"
	case math.Abs(math.Abs(residual)-rollover) < 600:
		return "the fix is 1024 weeks off: week rollover"
	case residual < 0:
		return fmt.Sprintf("a stale fix, %.0f s before the shot, or an edited file", -residual)
	}
	return fmt.Sprintf("a fix %.0f s after the shot: an edited file", residual)
}

func (m *model) badLimits(f *fit, i int) []Outlier {
	if len(f.offsets[i]) == 0 {
		return nil
	}
	var out []Outlier
	t := m.dial[i] - 60*float64(f.offsets[i][0]) - f.mode[0] - f.mode[1]*m.x[i]
	for _, l := range m.files[i].Limits {
		late := t - m.seconds(l.Ms)
		if late > 0 && l.Upper || late < 0 && !l.Upper {
			out = append(out, Outlier{m.files[i].ID, l.Field, l.Reliability, -late, "the dial lies beyond this bound: edited, or the bound is of another file"})
		}
	}
	return out
}
