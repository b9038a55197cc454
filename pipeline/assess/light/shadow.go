package light

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"

	"whenwhere/internal/shadow"
	"whenwhere/internal/solar"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// decisiveRatio is how much likelier one proposition must make a mark before the answer is more than inconclusive.
const decisiveRatio = 2.0

// bogusAlways is how much less likely than bogus a mark must be at every moment of the days to fit none of them.
const bogusAlways = 0.01

// marks judges every mark. Marks with unknown north that one analyst made on one file are judged together, by the first
// of them.
//
// Under H1 the picture was taken at a moment of the claimed window with the sun up, each as likely as another; under both
// propositions the mark is as package shadow states its error model. Bogus marks lie anywhere. Under H0 the picture was
// taken at a moment of daylight of the same days; but where the clock of the file allows the window under one offset and
// other times under others, it was, if that clock is genuine, taken at one of those other times:
//
//	P(mark | H0, clock) = a · mean over the other readings + (1-a) · mean over the daylight of those days
//	a = g·o / (g·o + 1-g)
//
// with g how often such a clock is genuine and o the share of its readings outside the window. That is the second factor
// of P(clock | H) · P(mark | H, clock); the first is the weight of the clock's own line. So one shadow settles what a
// local time without a zone leaves open. Beside the answer stands the one without each line on which that clock rests.
func marks(offsets moment.Offsets, in pipeline.Case) ([]pipeline.Finding, error) {
	var out []pipeline.Finding
	first := map[[2]string]int{}
	for i, m := range in.Incident.Marks {
		f := pipeline.Finding{Question: askShadow, Subject: pipeline.MarkSubject(i)}
		if v, is := vague(askShadow, f.Subject, in.Incident.Claim); is {
			out = append(out, v)
			continue
		}
		f.Evidence, f.Basis = []string{f.Subject, "claim.where", "claim.when"}, pipeline.Basis{Kind: "analyst", Of: m.By}
		if unbound(&f, roleOf(in.Incident, m.Media)) {
			out = append(out, f)
			continue
		}
		of := [2]string{m.Media, m.By}
		if k, seen := first[of]; seen && m.NorthUnknown {
			undecided(&f, pipeline.CodeDependent, "a mark with unknown north, judged together with %s", pipeline.MarkSubject(k))
			out = append(out, f)
			continue
		}
		m, err := moment.Direction(m, exhibitOf(in, m.Media))
		if err != nil {
			f.Outcome, f.Code, f.Reason = pipeline.Unavailable, pipeline.CodeNotStated, err.Error()
			out = append(out, f)
			continue
		}
		judged := []pipeline.Mark{m}
		if m.NorthUnknown {
			first[of] = i
			judged = sameNorth(in.Incident.Marks, m)
		}
		if err := judge(&f, offsets, newSky(in.Incident.Claim, judged), exhibitOf(in, m.Media)); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Subject, err)
		}
		out = append(out, f)
	}
	return out, nil
}

// judge answers for the marks on the file, with and without its clock.
func judge(f *pipeline.Finding, offsets moment.Offsets, s sky, e pipeline.Exhibit) error {
	c, err := s.compare()
	if err != nil {
		return err
	}
	others, err := otherReadings(offsets, s.claim, e)
	if err != nil {
		return err
	}
	without, err := otherReadingsWithout(offsets, s.claim, e, others)
	if err != nil {
		return err
	}
	blank := *f
	if err := c.answer(f, others); err != nil {
		return err
	}
	for _, l := range without {
		g := blank
		if err := c.answer(&g, l.others); err != nil {
			return err
		}
		if g.Outcome != f.Outcome || !reflect.DeepEqual(g.Likelihood, f.Likelihood) {
			f.Without = append(f.Without, pipeline.Lacking{Line: l.line, Outcome: g.Outcome, Likelihood: g.Likelihood})
		}
	}
	return nil
}

func sameNorth(all []pipeline.Mark, m pipeline.Mark) []pipeline.Mark {
	var out []pipeline.Mark
	for _, o := range all {
		if o.NorthUnknown && o.Media == m.Media && o.By == m.By {
			out = append(out, o)
		}
	}
	return out
}

func exhibitOf(in pipeline.Case, file string) pipeline.Exhibit {
	for _, e := range in.Media {
		if e.Ref.File == file {
			return e
		}
	}
	return pipeline.Exhibit{}
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

// sky compares marks with the sun at the claimed place.
type sky struct {
	claim pipeline.Claim
	marks []pipeline.Mark
	seen  []shadow.Observation
	scale float64 // from densities per unit of each mark to multiples of a bogus mark's
}

func newSky(claim pipeline.Claim, marks []pipeline.Mark) sky {
	s := sky{claim: claim, marks: marks, scale: 1}
	for _, m := range marks {
		s.seen = append(s.seen, moment.Observation(m))
		if m.AzimuthDeg != nil {
			s.scale *= 360 // bogus azimuths lie anywhere around
		}
		if m.Ratio != nil {
			s.scale *= 90 * (1 + *m.Ratio**m.Ratio) * math.Pi / 180 // bogus ratios come from elevations anywhere
		}
		if m.ElevationDeg != nil {
			s.scale *= 90
		}
	}
	return s
}

// passage is the marks against the sun over a set of instants.
type passage struct {
	up      float64 // share of them with the sun up
	density float64 // mean over those, relative to bogus marks
	best    time.Time
}

// over is the mean over the instants with the sun up: a shadow was seen, so night is out under both propositions.
func (s sky) over(set timeset.Set) (passage, error) {
	t, err := shadow.When(s.seen, moment.Site(*s.claim.Where), set, shadow.Options{})
	if errors.Is(err, shadow.ErrSunDown) {
		return passage{}, nil
	}
	if err != nil {
		return passage{}, err
	}
	up := s.up(set)
	return passage{up, math.Exp(t.LogEvidence) * s.scale / up, t.Best}, nil
}

// maxSamples bounds the work on a claim of any length: a minute for claims of up to two days.
const maxSamples = 2880

// up is the share of the instants with the sun up.
func (s sky) up(set timeset.Set) float64 {
	step := max(time.Minute.Milliseconds(), set.Measure()/maxSamples)
	up, all := 0, 0
	for _, iv := range set.Intervals() {
		for ms := iv.Lo + min(step, iv.Width())/2; ms < iv.Hi; ms += step {
			all++
			if solar.Sun(time.UnixMilli(ms), s.claim.Where.Lat, s.claim.Where.Lon).ApparentElevationDeg > 0 {
				up++
			}
		}
	}
	return max(float64(up), 0.5) / float64(max(all, 1))
}

// comparison is the marks against the claimed window and against all daylight of its days.
type comparison struct {
	sky
	window, onDays passage
	cannot         string // why nothing can be compared; empty when it can
}

func (s sky) compare() (comparison, error) {
	c := comparison{sky: s}
	if err := s.tooLong(); err != nil {
		c.cannot = err.Error()
		return c, nil
	}
	var err error
	if c.window, err = s.over(timeset.FromTimes(s.claim.When.From, s.claim.When.To)); err != nil {
		return c, err
	}
	days := wholeDays(*s.claim.When)
	if c.onDays, err = s.over(timeset.FromTimes(days.From, days.To)); err != nil {
		return c, err
	}
	if c.onDays.up == 0 {
		c.cannot = "the sun does not rise there on the claimed days, so no shadow can be compared"
	}
	return c, nil
}

// answer weighs the window against the days, or against the other times that the clock of the file allows.
func (c comparison) answer(f *pipeline.Finding, others otherTimes) error {
	if c.cannot != "" {
		undecided(f, pipeline.CodeWeak, "%s", c.cannot)
		return nil
	}
	f.Likelihood = &pipeline.Likelihood{H1: c.window.density, H0: c.onDays.density}
	against := "any daylight of those days"
	if !others.set.IsEmpty() {
		elsewhere, err := c.over(others.set)
		if err != nil {
			return err
		}
		a := others.weight()
		f.Likelihood.H0 = a*elsewhere.density + (1-a)*c.onDays.density
		against = "the other times that the file's clock allows"
		f.Evidence = append(f.Evidence, c.marks[0].Media+"#"+string(pipeline.ClocksKey.ID))
	}
	c.say(f, c.window, c.onDays, against)
	return nil
}

// tooLong refuses claims of more years than package shadow looks through.
func (s sky) tooLong() error {
	const years = 50
	if s.claim.When.Duration() > years*365*24*time.Hour {
		return fmt.Errorf("the claimed time is longer than %d years, so no shadow can be compared", years)
	}
	return nil
}

func wholeDays(s pipeline.Span) pipeline.Span {
	middle := s.From.Add(s.Duration() / 2)
	half := max(12*time.Hour, s.Duration()/2)
	return pipeline.Span{From: middle.Add(-half), To: middle.Add(half)}
}
