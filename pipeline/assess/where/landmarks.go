package where

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"whenwhere/internal/camera"
	"whenwhere/internal/locate"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// marksAgree is how often wrong marks agree with the claim all the same. Judged: analysts look for landmarks where the
// claim says, so that most wrong matches lie there.
const marksAgree = 0.8

// landmarks answers for the landmarks of each frame.
func landmarks(in pipeline.Case) []pipeline.Finding {
	var out []pipeline.Finding
	for i, l := range in.Incident.Landmarks {
		subject := pipeline.LandmarksSubject(i)
		f := pipeline.Finding{Question: askLandmarks, Subject: subject, Evidence: []string{subject, "claim.where"},
			Basis: pipeline.Basis{Kind: "analyst", Of: l.By}}
		judgeLandmarks(&f, in, l)
		out = append(out, f)
	}
	return out
}

func judgeLandmarks(f *pipeline.Finding, in pipeline.Case, l pipeline.Landmarks) {
	k := slices.IndexFunc(in.Media, func(e pipeline.Exhibit) bool { return e.Ref.File == l.Media })
	claimed := in.Incident.Claim.Where
	switch {
	case claimed == nil:
		f.Outcome, f.Code, f.Reason = pipeline.NotApplicable, pipeline.CodeClaimTooVague, "the claim names no place"
	case k < 0 || in.Media[k].Media == nil:
		f.Outcome, f.Code, f.Reason = pipeline.Unavailable, pipeline.CodeMediaMissing, "the file that they were marked on is not there"
	case !in.Media[k].Asked():
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, "footage kept for context says nothing of the event"
	default:
		compareLandmarks(f, Scene(l, in.Media[k]), l, *claimed)
	}
}

// compareLandmarks weighs the nearest of the places that fit, against the claimed disc.
func compareLandmarks(f *pipeline.Finding, s locate.Scene, l pipeline.Landmarks, claimed pipeline.Place) {
	found, err := s.Solve()
	if err != nil {
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, fmt.Sprintf("the landmarks cannot be solved: %v", err)
		return
	}
	best := found[0]
	if why := unusable(best, l); why != "" {
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, why
		return
	}
	near, far := math.Inf(1), 0.0
	for _, one := range found {
		sigmas, _ := one.SigmasFrom(claimed.Lat, claimed.Lon, claimed.RadiusM)
		near, far = math.Min(near, sigmas), math.Max(far, sigmas)
	}
	across := (claimed.RadiusM + insideSigmas*best.Ellipse.MajorM/math.Sqrt(-2*math.Log(0.05))) / theatreM
	byChance := math.Min(1, float64(len(found))*across*across)
	numbers := fmt.Sprintf("%d landmarks put the camera at %.5f, %.5f, within %.0f by %.0f m (95 %%), %.1f standard errors from the claimed place of radius %s",
		len(l.Points), best.Lat, best.Lon, best.Ellipse.MajorM, best.Ellipse.MinorM, near, metres(claimed.RadiusM))
	if len(found) > 1 {
		numbers += fmt.Sprintf(" (the nearest of %d places that fit)", len(found))
	}
	if best.Spare < 1 {
		numbers += "; nothing checks the marks"
	}
	switch {
	case near <= insideSigmas && far <= insideSigmas:
		f.Outcome, f.Reason = pipeline.Supports, numbers
		f.Likelihood = &pipeline.Likelihood{H1: (1 - tail(insideSigmas)) / marksAgree, H0: byChance / marksAgree}
	case near >= outsideSigmas:
		f.Outcome, f.Reason = pipeline.Contradicts, numbers
		f.Likelihood = &pipeline.Likelihood{H1: tail(near) / (1 - marksAgree), H0: (1 - byChance) / (1 - marksAgree)}
	case near <= insideSigmas:
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, numbers+": another place that fits lies outside it"
	default:
		f.Outcome, f.Code, f.Reason = pipeline.Inconclusive, pipeline.CodeWeak, numbers+": at the edge"
	}
}

// unusable says why a solution decides nothing. Its doubts are in the words of package locate.
func unusable(s locate.Solution, l pipeline.Landmarks) string {
	if !s.Determined || !s.Fits() {
		return fmt.Sprintf("the %d landmarks decide nothing: %s", len(l.Points), strings.Join(s.Doubts, "; "))
	}
	stand, ok := s.Stand()
	if !ok {
		return "the landmarks give no heading"
	}
	var watched []locate.Watched
	for _, w := range l.Visible {
		watched = append(watched, locate.Watched{Point: locate.Point{Name: w.Name, Lat: w.Lat, Lon: w.Lon, SigmaM: w.SigmaM}, Visible: w.Visible})
	}
	seen, err := stand.Sees(watched)
	if err != nil {
		return fmt.Sprintf("the points to look for cannot be judged: %v", err)
	}
	for i, one := range seen {
		if one.Verdict == locate.Contradicts {
			return fmt.Sprintf("the marks contradict one another: visible[%d] is marked as seen, and lies %.0f deg from the middle of the frame that the landmarks give", i, math.Abs(one.AsideDeg))
		}
	}
	return ""
}

// Scene is the record as package locate takes it. A field of view that the record does not state is that of the file's
// lens, and solved for when the file states none.
func Scene(l pipeline.Landmarks, e pipeline.Exhibit) locate.Scene {
	frame := &locate.Frame{WidthPx: float64(l.WidthPx), HeightPx: float64(l.HeightPx),
		Pitch: measured(l.PitchDeg, l.SigmaPitchDeg, locate.AssumedSigmaPitchDeg), Roll: measured(l.RollDeg, l.SigmaRollDeg, locate.AssumedSigmaRollDeg)}
	if l.HFOVDeg != nil && l.SigmaHFOVDeg != nil {
		frame.HFOV = &locate.Measure{Value: *l.HFOVDeg, Sigma: *l.SigmaHFOVDeg}
	} else if lens, err := moment.StatedLens(l.WidthPx, l.HeightPx, e); err == nil {
		frame.HFOV = fieldOfView(lens)
	}
	s := locate.Scene{Frame: frame}
	for _, p := range l.Points {
		s.Landmarks = append(s.Landmarks, locate.Landmark{Point: locate.Point{Name: p.Name, Lat: p.Lat, Lon: p.Lon, SigmaM: p.SigmaM},
			At: &locate.Pixel{X: p.XPx, Y: p.YPx, SigmaPx: p.SigmaPx}})
	}
	return s
}

// fieldOfView is the middle of what the lens may be; distortion and stabilisation leave a degree in any lens, judged. One
// beyond what locate takes is nil: solved for.
func fieldOfView(lens camera.Lens) *locate.Measure {
	r := lens.HFOVDeg()
	if r.Lo < 1 || r.Hi > 150 {
		return nil
	}
	return &locate.Measure{Value: (r.Lo + r.Hi) / 2, Sigma: math.Hypot(r.Sigma(), 1)}
}

func measured(v, sigma *float64, assumed float64) locate.Measure {
	if v == nil || sigma == nil {
		return locate.Measure{Sigma: assumed}
	}
	return locate.Measure{Value: *v, Sigma: *sigma}
}
