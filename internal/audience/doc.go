// Package audience is the one rule of what leaves the house for whom. Every output that is written to be given away asks it.
//
//	internal  everything, coordinates exact
//	partner   places as cells of 1 km with the raions that these touch; weights to a tenth of a ban and scores to a whole
//	          number from 1 to 99; no words of claims, reasons or names, which may hold coordinates and persons
//	public    only what people approved; cells of 10 km; no hashes of media either; else as for partners
//
// # Cells
//
// A place becomes the middle of the cell of a fixed grid that it lies in, with a radius that holds the cell and all of the
// claimed disc. The cell follows from the place alone: there is no noise that many answers could average away, no secret
// that could be lost, and the same place gives the same cell in every format, on every day. Cells of 1 km divide those of
// 10 km, so that who holds both holds no more than the finer.
//
// Rows are 1/11 of a degree high, which is 10.05 to 10.16 km; the columns of a row are the most that are 10 km wide at its
// poleward edge. A cell of 1 km is a tenth of each. Raions are named by the cell and not by the place, so that the border of
// a raion does not cut the cell smaller; a place in a cell that touches two has both names.
//
// # What stays to be inferred
//
// Weights are numbers made from distances: that of control maps follows from the distance to a line that anyone can look up.
// To a tenth of a ban they leave a band and not a curve. Times that were worked out are given in whole minutes to partners and
// in steps of ten to the public, outward, since the sun tells longitude by seconds and the second of a post finds its account.
// A claim of which the place changes a little may change its cell:
// who compares two editions then knows that it lies near the border of the two. Ids of incidents are given as they are, and so
// are claimed times: an id must not name a place or a person.
package audience

import (
	"fmt"
	"math"
)

// Audience is for whom an output is written. The zero value is invalid.
type Audience string

const (
	Internal Audience = "internal"
	Partner  Audience = "partner"
	Public   Audience = "public"
)

// All lists the audiences, the nearest first.
func All() []Audience { return []Audience{Internal, Partner, Public} }

// Parse reads the name of an audience.
func Parse(text string) (Audience, error) {
	for _, a := range All() {
		if string(a) == text {
			return a, nil
		}
	}
	return "", fmt.Errorf("audience: %q is none of internal, partner, public", text)
}

// Words reports whether free text may be given: words of claims, reasons, names of files, places and devices. Nobody has
// looked through them for coordinates and persons.
func (a Audience) Words() bool { return a == Internal }

// ApprovedOnly reports whether only incidents that people approved for publication may be given.
func (a Audience) ApprovedOnly() bool { return a != Internal && a != Partner }

// Hashes reports whether hashes of media may be given: who searches somebody's telephone can tell by them what it holds.
func (a Audience) Hashes() bool { return a == Internal || a == Partner }

// Bans is a weight as it may be given.
func (a Audience) Bans(weight float64) float64 {
	if a == Internal {
		return weight
	}
	return math.Round(weight*10)/10 + 0 // + 0: no minus zero
}

// Score is a score of 0 to 100 as it may be given. What is not certain is not rounded to certainty.
func (a Audience) Score(score float64) float64 {
	if a == Internal || score <= 0 || score >= 100 {
		return score
	}
	return Percent(score)
}

// Percent is a probability of above 0 and below 100 % in whole percent, from 1 to 99.
func Percent(score float64) float64 { return min(max(math.Round(score), 1), 99) }
