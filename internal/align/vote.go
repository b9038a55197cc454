package align

import (
	"cmp"
	"math"
	"slices"
)

// line maps a time of a to one of b: b = speed * a + offset.
type line struct{ speed, offsetMs float64 }

func (l line) at(ms int64) float64 { return l.speed*float64(ms) + l.offsetMs }

// Speeds are tried from 0.9 to 1.11 in steps of 1 %, which band.go refines.
const (
	maxSpeed  = 1.12 // what refining may reach; its inverse downwards
	speedStep = 1.0096
	speedsUp  = 11 // steps above 1, as many below
)

// vote is a near pair with weight.
type vote struct {
	aMs, bMs int64
	weight   float32
}

const (
	// minVote leaves out pairs of long static shots: they cannot help to find a line.
	minVote = 0.1
	// maxVotes bounds the work on a clip made of one shot over and over; the heaviest stay.
	maxVotes = 200_000
)

func (b *board) votes() []vote {
	var list []vote
	for i, a := range b.a {
		for j, c := range b.b {
			if k := b.at(i, j); b.weight[k] >= minVote && !b.used[k] {
				list = append(list, vote{a.atMs, c.atMs, b.weight[k]})
			}
		}
	}
	if len(list) > maxVotes {
		slices.SortStableFunc(list, func(x, y vote) int { return cmp.Compare(y.weight, x.weight) })
		list = list[:maxVotes]
	}
	return list
}

// winner is the line with the most votes, the one nearest to speed 1 where several have as many. ok is false without a
// vote.
func (b *board) winner() (best line, ok bool) {
	list := b.votes()
	if len(list) == 0 {
		return line{}, false
	}
	most := float32(0)
	for k := range 2*speedsUp + 1 {
		// 0, +1, -1, +2, -2 ...: a speed farther from 1 must have more.
		step := (k + 1) / 2
		if k%2 == 0 {
			step = -step
		}
		speed := math.Pow(speedStep, float64(step))
		if offset, weight := b.bestOffset(list, speed); weight > most {
			most, best, ok = weight, line{speed, offset}, true
		}
	}
	return best, ok
}

// bestOffset is the window of two bins with the most weight, and its middle.
func (b *board) bestOffset(list []vote, speed float64) (offsetMs float64, weight float32) {
	l := line{speed: speed}
	first, last := math.Inf(1), math.Inf(-1)
	for _, v := range list {
		o := float64(v.bMs) - l.at(v.aMs)
		first, last = min(first, o), max(last, o)
	}
	bins := make([]float32, int((last-first)/b.bandMs)+2)
	for _, v := range list {
		bins[int((float64(v.bMs)-l.at(v.aMs)-first)/b.bandMs)] += v.weight
	}
	at := 0
	for k := range len(bins) - 1 {
		if sum := bins[k] + bins[k+1]; sum > weight {
			at, weight = k, sum
		}
	}
	return first + float64(at+1)*b.bandMs, weight
}
