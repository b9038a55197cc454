package trials

import (
	"encoding/json"
	"fmt"
	"math"

	"whenwhere/internal/calibration"
)

// Summary is the calibration in short: of each population the part that nothing was fitted on.
type Summary struct {
	Rules       string              `json:"rules"`
	Prior       float64             `json:"prior"`
	Populations []PopulationSummary `json:"populations"`
}

// PopulationSummary is one population, its scores against the truth.
type PopulationSummary struct {
	Name        string   `json:"name"`
	Doc         string   `json:"what"`
	Claims      int      `json:"claims"`
	True        int      `json:"true"`
	Events      int      `json:"events"`
	Brier       float64  `json:"brier"`
	LogLoss     float64  `json:"log_loss"`
	AUC         float64  `json:"auc"`
	Slope       *float64 `json:"slope,omitempty"`
	Intercept   *float64 `json:"intercept,omitempty"`
	BinsWithin  int      `json:"bins_within"`   // tenths of the score whose band holds what they claim
	BinsBold    []string `json:"bins_bold"`     // nearer to certainty than the truth, or on its wrong side
	BinsTimid   []string `json:"bins_timid"`    // farther from certainty
	LawBrokenAt *float64 `json:"law_broken_at"` // the first x at which P(LR >= x | false) exceeds 1/x beyond chance; null when none does
}

// Summarise makes the summary.
func (c Court) Summarise(of []Population) Summary {
	s := Summary{Rules: c.Rules(), Prior: prior, Populations: []PopulationSummary{}}
	for _, p := range of {
		if claims, ok := c.Claims(p.Of(Report), Whole); ok {
			s.Populations = append(s.Populations, summarise(p, claims))
		}
	}
	return s
}

func summarise(p Population, claims calibration.Claims) PopulationSummary {
	n := claims.Scores(prior)
	out := PopulationSummary{Name: p.Name, Doc: p.Doc, Claims: n.Cases, True: n.True, Events: n.Events,
		Brier: rounded(n.Brier), LogLoss: rounded(n.LogLoss), AUC: rounded(n.AUC), BinsBold: []string{}, BinsTimid: []string{}}
	if n.Regressed {
		slope, intercept := rounded(n.Slope), rounded(n.Intercept)
		out.Slope, out.Intercept = &slope, &intercept
	}
	for _, b := range claims.Reliability(prior) {
		says := fmt.Sprintf("%.0f-%.0f: claimed %.1f, true %.1f (%.1f to %.1f)", 100*b.Lo, 100*b.Hi, 100*b.Claimed, 100*b.Share, 100*b.BandLo, 100*b.BandHi)
		switch b.Fit() {
		case calibration.Within:
			out.BinsWithin++
		case calibration.Bold, calibration.Wrong:
			out.BinsBold = append(out.BinsBold, says)
		case calibration.Timid:
			out.BinsTimid = append(out.BinsTimid, says)
		case calibration.Empty:
		}
	}
	for _, e := range claims.Turing(lawAt()) {
		if x := e.X; e.Broken() && out.LawBrokenAt == nil {
			out.LawBrokenAt = &x
		}
	}
	return out
}

func rounded(v float64) float64 { return math.Round(v*1e4) / 1e4 }

// JSON is the summary as a file.
func (s Summary) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("trials: summary: %w", err)
	}
	return append(text, '\n'), nil
}
