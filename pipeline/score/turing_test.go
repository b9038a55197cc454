package score_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

// sensor is evidence with a stated error model: with probability genuine it answers one of a few readings as its model
// says, otherwise as something bogus does.
type sensor struct {
	axis             pipeline.Axis
	genuine          float64
	right, wrong     []float64 // P(reading | genuine), the proposition right or wrong
	bogus            []float64
	question, origin string
}

func drawShares(t *rapid.T, name string) []float64 {
	parts, sum := make([]float64, 3), 0.0
	for i := range parts {
		parts[i] = rapid.Float64Range(0.001, 1).Draw(t, name)
		sum += parts[i]
	}
	for i := range parts {
		parts[i] /= sum
	}
	return parts
}

// chance is P(reading) under a state of the sensor's proposition.
func (s sensor) chance(reading int, right bool) float64 {
	model := s.wrong
	if right {
		model = s.right
	}
	return s.genuine*model[reading] + (1-s.genuine)*s.bogus[reading]
}

// finding is what an honest assessor makes of a reading.
func (s sensor) finding(reading int) pipeline.Finding {
	f := likely(finding(s.question, pipeline.Supports, s.origin), s.right[reading]/s.bogus[reading], s.wrong[reading]/s.bogus[reading])
	f.Subject = s.origin
	if f.Likelihood.H1 < f.Likelihood.H0 {
		f.Outcome = pipeline.Contradicts
	}
	return f
}

// Turing's law, which calibration rests on: however strong evidence is claimed to be, it misleads at most that seldom,
// P(LR >= x | H0) <= 1/x. Here every outcome of up to four sensors is counted, under each way in which the claim can be
// wrong; nothing is drawn by chance but the sensors. The weights are rounded to the thousandth.
func TestLawEvidenceMisleadsSeldom(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rules := roundRules()
		rules.Table = nil
		var all []sensor
		for i := range rapid.IntRange(1, 4).Draw(t, "n") {
			s := sensor{axis: rapid.SampledFrom([]pipeline.Axis{pipeline.AxisWhere, pipeline.AxisWhen}).Draw(t, "axis"), genuine: rapid.Float64Range(0.5, 0.99).Draw(t, "r"),
				right: drawShares(t, "right"), wrong: drawShares(t, "wrong"), bogus: drawShares(t, "bogus"), question: fmt.Sprintf("sensor.%d", i), origin: fmt.Sprint("s", i)}
			all = append(all, s)
			rules.Table = append(rules.Table, score.Rule{Question: pipeline.QuestionID(s.question), Axis: s.axis, Genuine: s.genuine, Cap: 4, How: pipeline.Derived, Why: "its model"})
		}
		weights, misled, supported := outcomes(rules, all)
		for i, x := range weights {
			above := 0.0
			for k, w := range weights {
				if w >= x {
					above += misled[k]
				}
			}
			if above > math.Pow(10, -x)*1.01 {
				t.Fatalf("P(%v bans or more | H0) = %v, more than %v", x, above, math.Pow(10, -x))
			}
			if lr := math.Log10(supported[i] / misled[i]); math.Abs(lr-x) > 0.003 {
				t.Fatalf("outcome %d weighs %v, its probabilities say %v", i, x, lr)
			}
		}
	})
}

// outcomes gives for each outcome of all sensors its weight, and its probability under H0 and H1. Under H0 the place is
// wrong, the time, or both, as the prior has it: each is right with the square root of the prior.
func outcomes(rules score.Rules, all []sensor) (weights, underH0, underH1 []float64) {
	q := math.Sqrt(rules.Prior)
	for n := range int(math.Pow(3, float64(len(all)))) {
		var found []pipeline.Finding
		given := map[world]float64{{true, true}: 1, {true, false}: 1, {false, true}: 1, {false, false}: 1}
		for i, s := range all {
			reading := n / int(math.Pow(3, float64(i))) % 3
			found = append(found, s.finding(reading))
			for w := range given {
				given[w] *= s.chance(reading, s.axis == pipeline.AxisWhere && w.place || s.axis == pipeline.AxisWhen && w.time)
			}
		}
		weights = append(weights, score.Fold(rules, score.Input{Findings: found}).Weight)
		wrong := q*(1-q)*(given[world{true, false}]+given[world{false, true}]) + (1-q)*(1-q)*given[world{false, false}]
		underH0, underH1 = append(underH0, wrong/(1-rules.Prior)), append(underH1, given[world{true, true}])
	}
	return weights, underH0, underH1
}
