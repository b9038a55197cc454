package trials

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"

	"whenwhere/internal/calibration"
	"whenwhere/pipeline"
)

// Tables are files by their name.
type Tables map[string][]byte

// Tables makes all tables of the populations.
func (c Court) Tables(of []Population) Tables {
	return Tables{
		"reliability.csv": c.reliability(of), "scores.csv": c.scores(of), "turing.csv": c.turing(of), "evidence.csv": c.evidence(of),
		"kinds.csv": c.kinds(of), "refit.csv": c.refit(of), "statuses.csv": c.statuses(of),
	}
}

type table struct{ rows [][]string }

func newTable(head ...string) *table { return &table{[][]string{head}} }

// add takes texts, whole numbers, and floats, which are printed with four decimals: a last digit that another processor
// rounds otherwise is far below what any of them means.
func (t *table) add(cells ...any) {
	var row []string
	for _, c := range cells {
		switch c := c.(type) {
		case float64:
			row = append(row, decimals(c))
		default:
			row = append(row, fmt.Sprint(c))
		}
	}
	t.rows = append(t.rows, row)
}

func decimals(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(math.Round(v*1e4)/1e4+0, 'f', 4, 64)
}

func (t *table) bytes() []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.WriteAll(t.rows) // a Buffer does not fail
	return out.Bytes()
}

// each visits every population, part and view that has claims.
func (c Court) each(of []Population, visit func(p Population, part Part, view pipeline.Axis, claims calibration.Claims)) {
	for _, p := range of {
		for _, part := range []Part{Fit, Report, All} {
			selected := p.Of(part)
			for _, view := range Views() {
				if claims, ok := c.Claims(selected, view); ok {
					visit(selected, part, view, claims)
				}
			}
		}
	}
}

const prior = 0.5

func (c Court) reliability(of []Population) []byte {
	t := newTable("population", "part", "view", "from", "to", "claims", "true", "events", "claimed", "share_true", "band_from", "band_to", "fit")
	c.each(of, func(p Population, part Part, view pipeline.Axis, claims calibration.Claims) {
		for _, b := range claims.Reliability(prior) {
			if b.Cases > 0 {
				t.add(p.Name, part, view, b.Lo, b.Hi, b.Cases, b.True, b.Events, b.Claimed, b.Share, b.BandLo, b.BandHi, b.Fit())
			}
		}
	})
	return t.bytes()
}

func (c Court) scores(of []Population) []byte {
	t := newTable("population", "part", "view", "claims", "true", "events", "brier", "log_loss", "auc", "slope", "intercept")
	c.each(of, func(p Population, part Part, view pipeline.Axis, claims calibration.Claims) {
		s := claims.Scores(prior)
		slope, intercept := any(""), any("")
		if s.Regressed {
			slope, intercept = s.Slope, s.Intercept
		}
		t.add(p.Name, part, view, s.Cases, s.True, s.Events, s.Brier, s.LogLoss, s.AUC, slope, intercept)
	})
	return t.bytes()
}

func (c Court) turing(of []Population) []byte {
	t := newTable("population", "part", "view", "x", "false_claims", "share", "band_from", "band_to", "at_most", "law")
	c.each(of, func(p Population, part Part, view pipeline.Axis, claims calibration.Claims) {
		for _, e := range claims.Turing(lawAt()) {
			if e.Cases > 0 {
				t.add(p.Name, part, view, e.X, e.Cases, e.Share, e.BandLo, e.BandHi, e.Bound, law(e))
			}
		}
	})
	return t.bytes()
}

func law(e calibration.Exceeding) string {
	switch {
	case e.Lawful():
		return "holds"
	case e.Broken():
		return "broken"
	}
	return "within_chance"
}

func (c Court) evidence(of []Population) []byte {
	t := newTable("population", "part", "question", "how", "answer", "true_claims", "false_claims", "bans_measured", "sigma", "bans_stated", "law_broken_at")
	for _, p := range of {
		for _, part := range []Part{Fit, Report, All} {
			for _, e := range c.Evidence(p.Of(part)) {
				at := any("")
				if e.Broken != nil {
					at = e.Broken.X
				}
				row := []any{p.Name, part, e.Question, e.How}
				e.Supports.add(t, append(row, "supports"), at)
				e.Contradicts.add(t, append(row, "contradicts"), "")
			}
		}
	}
	return t.bytes()
}

func (s Side) add(t *table, row []any, at any) {
	if s.True+s.False == 0 {
		return
	}
	bans, sigma := any(""), any("")
	if s.Measured {
		bans, sigma = s.Bans, s.Sigma
	}
	t.add(append(slices.Clone(row), s.True, s.False, bans, sigma, s.Stated, at)...)
}

// kinds tells how each way of making a claim scores: the unlike ones are not averaged away.
func (c Court) kinds(of []Population) []byte {
	t := newTable("population", "kind", "true", "claims", "events", "median_score", "below_10", "below_50", "at_least_50", "at_least_90", "contradicted")
	for _, p := range of {
		var names []string
		by := map[string][]Judged{}
		for _, x := range p.Judged {
			if by[x.Kind] == nil {
				names = append(names, x.Kind)
			}
			by[x.Kind] = append(by[x.Kind], x)
		}
		for _, name := range names {
			addKind(t, p.Name, name, by[name])
		}
	}
	return t.bytes()
}

func addKind(t *table, population, name string, all []Judged) {
	var scores []float64
	truth, events, contradicted := 0, map[int]bool{}, 0.0
	for _, x := range all {
		scores = append(scores, x.Verdict.Score)
		events[x.Event] = true
		if x.True() {
			truth++
		}
		if x.Verdict.Status == pipeline.StatusContradicted {
			contradicted++
		}
	}
	slices.Sort(scores)
	n := float64(len(scores))
	below := func(limit float64) float64 {
		i, _ := slices.BinarySearch(scores, limit)
		return float64(i) / n
	}
	t.add(population, name, truth, len(scores), len(events), scores[len(scores)/2], below(10), below(50), 1-below(50), 1-below(90), contradicted/n)
}

// refit fits slope and intercept of the score on one part and tells what they would gain on the other.
func (c Court) refit(of []Population) []byte {
	t := newTable("population", "fitted_on", "reported_on", "slope", "intercept", "log_loss_as_it_is", "log_loss_refitted")
	for _, p := range of {
		fitted, ok := c.Claims(p.Of(Fit), Whole)
		other, okToo := c.Claims(p.Of(Report), Whole)
		if !ok || !okToo {
			continue
		}
		s := fitted.Scores(prior)
		if !s.Regressed {
			t.add(p.Name, len(fitted), len(other), "", "", other.Scores(prior).LogLoss, "")
			continue
		}
		t.add(p.Name, len(fitted), len(other), s.Slope, s.Intercept, other.Scores(prior).LogLoss, other.Recalibrated(s.Slope, s.Intercept).Scores(prior).LogLoss)
	}
	return t.bytes()
}
