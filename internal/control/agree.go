package control

import (
	"slices"
	"time"
)

// Verdict is what all sources together say of a place and a moment.
type Verdict string

// VerdictHeld: every source that says something says ru, beyond the band.
// VerdictNotHeld: every one says ua, beyond the band; of a map that draws
// occupied ground only, that is "not drawn as occupied". VerdictContested: a
// source draws the ground as contested, or it changed hands between two
// editions, or it lies within the margin of a line. VerdictDisagree: beyond
// every band one source says ru and another ua; a person must look.
// VerdictNoData: no source says anything.
const (
	VerdictHeld      Verdict = "held"
	VerdictNotHeld   Verdict = "not held"
	VerdictContested Verdict = "contested"
	VerdictDisagree  Verdict = "sources disagree"
	VerdictNoData    Verdict = "no data"
)

// Vote is what one source says.
type Vote struct {
	Provider string
	Side     Side // ru, ua or contested
	// InBand: as in Answer; such a vote counts as contested. WholeEdge: the
	// band may be that of a coast or a border, not of a line.
	InBand, WholeEdge bool
	AsOf              time.Time
	File, NextFile    string // the editions used; NextFile is "" when none follows
	// SameAs are further providers whose file is the same byte for byte: they
	// are the same source and have no vote of their own.
	SameAs []string
}

// Agreement is a verdict with the votes that it rests on.
type Agreement struct {
	Verdict Verdict
	Votes   []Vote // in the order of the answers
	// Silent are the providers with no edition, with one older than MaxReach,
	// which is of another season, or whose map does not reach the place.
	Silent []string
}

// Agreement asks all providers and weighs what they say; see Agree.
func (m *Maps) Agreement(lat, lon float64, t time.Time) Agreement { return Agree(m.At(lat, lon, t)) }

// Agree weighs answers of At. Every source has one vote, whatever number of
// files it comes in; nothing is averaged. Its limits: two providers who draw
// from one another are told apart all the same unless their files are equal.
func Agree(answers []Answer) Agreement {
	var out Agreement
	voteOf := map[string]int{} // by the hash of the file
	for _, a := range answers {
		if !a.Found || a.Side == Unknown || a.AgeHours > MaxReach.Hours() {
			out.Silent = append(out.Silent, a.Provider)
			continue
		}
		if i, same := voteOf[a.SHA256]; same && a.SHA256 != "" {
			out.Votes[i].SameAs = append(out.Votes[i].SameAs, a.Provider)
			continue
		}
		voteOf[a.SHA256] = len(out.Votes)
		out.Votes = append(out.Votes, Vote{
			Provider: a.Provider, Side: a.Side, InBand: a.InBand, WholeEdge: a.WholeEdge,
			AsOf: a.AsOf, File: a.File, NextFile: a.NextFile,
		})
	}
	out.Verdict = verdict(out.Votes)
	return out
}

func verdict(votes []Vote) Verdict {
	says := func(side Side) bool {
		return slices.ContainsFunc(votes, func(v Vote) bool { return v.Side == side })
	}
	switch {
	case len(votes) == 0:
		return VerdictNoData
	case says(Contested), slices.ContainsFunc(votes, func(v Vote) bool { return v.InBand }):
		return VerdictContested
	case says(RU) && says(UA):
		return VerdictDisagree
	case says(RU):
		return VerdictHeld
	}
	return VerdictNotHeld
}
