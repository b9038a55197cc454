package trials

import (
	"math"

	"whenwhere/internal/calibration"
	"whenwhere/pipeline"
)

// Evidence is how the answers to one question stand to the truth of what the question is about.
type Evidence struct {
	Question    pipeline.QuestionID
	How         pipeline.How
	True, False float64 // claims that were asked, as they count
	Supports    Side
	Contradicts Side
	Broken      *calibration.Exceeding // the first x at which the law fails beyond chance; nil when none does
}

// Side is the answers of one outcome.
type Side struct {
	True, False int     // claims with such an answer
	Bans        float64 // log10 of their shares among true and false claims: what such an answer weighs in truth
	Sigma       float64 // of Bans
	Measured    bool    // Bans and Sigma are there: there are answers about true and about false claims
	Stated      float64 // what the program says that it weighs, on average
}

// Evidence lists the questions that had an answer, in the order of the rules. A claim with several lines of a question
// counts with each.
func (c Court) Evidence(p Population) []Evidence {
	var out []Evidence
	for _, rule := range c.rules.Table {
		about := rule.Axis
		if rule.Corroborates != "" {
			about = rule.Corroborates
		}
		asked, _ := claimsOf(p, about)
		e := Evidence{Question: rule.Question, How: rule.How, True: count(asked.Of(true)), False: count(asked.Of(false))}
		answered := answers(p, asked, rule.Question)
		if len(answered) == 0 || e.True == 0 || e.False == 0 {
			continue
		}
		e.Supports, e.Contradicts = e.side(answered, 1), e.side(answered, -1)
		e.Broken = broken(asked, answered)
		out = append(out, e)
	}
	return out
}

// claimsOf are all claims, balanced over what the axis is about.
func claimsOf(p Population, about pipeline.Axis) (calibration.Claims, bool) {
	var out calibration.Claims
	for _, x := range p.Judged {
		out = append(out, calibration.Claim{True: x.about(about), Count: 1, Event: x.Event})
	}
	return out.Balanced()
}

// answers are the lines of a question that decide and weigh, each counting as its claim does.
func answers(p Population, asked calibration.Claims, q pipeline.QuestionID) calibration.Claims {
	var out calibration.Claims
	for i, a := range asked {
		for _, l := range p.Judged[i].Verdict.Lines {
			if l.Question == q && decides(l) && l.Alone != 0 {
				a.Bans = l.Alone
				out = append(out, a)
			}
		}
	}
	return out
}

func count(c calibration.Claims) float64 {
	sum := 0.0
	for _, x := range c {
		sum += x.Count
	}
	return sum
}

// side compares the shares of answers with that sign. What is stated is the ratio that makes the weights add up: of
// supports the harmonic mean over true claims, of contradictions the mean over false ones, which are the many.
func (e Evidence) side(all calibration.Claims, sign float64) Side {
	var s Side
	sums, counts := map[bool]float64{}, map[bool]float64{}
	for _, x := range all {
		if x.Bans*sign <= 0 {
			continue
		}
		counts[x.True] += x.Count
		sums[x.True] += x.Count * math.Pow(10, -sign*x.Bans)
		if x.True {
			s.True++
		} else {
			s.False++
		}
	}
	many := sign > 0
	if counts[many] > 0 {
		s.Stated = -sign * math.Log10(sums[many]/counts[many])
	}
	if s.True > 0 && s.False > 0 {
		p1, p0 := counts[true]/e.True, counts[false]/e.False
		s.Measured, s.Bans = true, math.Log10(p1/p0)
		s.Sigma = math.Sqrt((1-min(p1, 1))/float64(s.True)+(1-min(p0, 1))/float64(s.False)) / math.Ln10
	}
	return s
}

// lawAt are the ratios at which the law is tried.
func lawAt() []float64 {
	return []float64{1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000}
}

// broken finds the first ratio at which the law fails beyond chance: claims without an answer have the ratio 1.
func broken(asked, answered calibration.Claims) *calibration.Exceeding {
	h0 := asked.Of(false)
	silent := count(h0) - count(answered.Of(false))
	with := append(calibration.Claims{}, answered.Of(false)...)
	if silent > 0 {
		for _, x := range h0 {
			x.Count *= silent / count(h0)
			with = append(with, x)
		}
	}
	for _, e := range with.Turing(lawAt()) {
		if e.Broken() {
			return &e
		}
	}
	return nil
}
