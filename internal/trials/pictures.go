package trials

import (
	"bytes"
	"fmt"

	"whenwhere/internal/calibration"
	"whenwhere/internal/plot"
)

// Pictures draws the reliability of the score of each population on the part that nothing was fitted on, and Turing's law
// for each. Populations without such a part are drawn whole.
func (c Court) Pictures(of []Population) (Tables, error) {
	var panels []plot.Reliability
	var curves []plot.Exceeding
	for _, p := range of {
		claims, ok := c.Claims(p.Of(Report), Whole)
		if !ok {
			continue
		}
		panels = append(panels, panel(p.Name, claims))
		curves = append(curves, curve(p.Name, claims))
	}
	calibrated, err := plot.Calibration("What a score is worth (rules "+c.Rules()+")", panels)
	if err != nil {
		return nil, fmt.Errorf("trials: %w", err)
	}
	law, err := plot.TuringLaw("False claims with a high likelihood ratio (rules "+c.Rules()+")", curves)
	if err != nil {
		return nil, fmt.Errorf("trials: %w", err)
	}
	var first, second bytes.Buffer
	if err := calibrated.SVG(&first); err != nil {
		return nil, err
	}
	if err := law.SVG(&second); err != nil {
		return nil, err
	}
	return Tables{"reliability.svg": first.Bytes(), "turing.svg": second.Bytes()}, nil
}

func panel(name string, claims calibration.Claims) plot.Reliability {
	s := claims.Scores(prior)
	out := plot.Reliability{Title: name, Note: fmt.Sprintf("%d claims, %d events; Brier %.3f, AUC %.3f", s.Cases, s.Events, s.Brier, s.AUC)}
	for _, b := range claims.Reliability(prior) {
		if b.Cases > 0 {
			out.Bins = append(out.Bins, plot.Bin{Claimed: b.Claimed, Share: b.Share, Lo: b.BandLo, Hi: b.BandHi, Claims: b.Cases, Outside: b.Fit() != calibration.Within})
		}
	}
	return out
}

func curve(name string, claims calibration.Claims) plot.Exceeding {
	out := plot.Exceeding{Title: name}
	for _, e := range claims.Turing(append([]float64{1}, lawAt()...)) {
		out.At = append(out.At, plot.Share{X: e.X, Share: min(e.Share, 1)})
	}
	return out
}
