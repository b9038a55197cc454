package fusion

import (
	"math"
	"math/bits"
	"slices"

	"whenwhere/internal/timeset"
)

// GrainMs is the grid on which a plateau is cut: a whole second of UTC. Most
// stamps are written in whole seconds, so a finer cut would halve the single
// second that a stamp stands for and call half of it less likely.
const GrainMs = int64(1000)

// Region is a set of instants with the share of the whole mass that lies in
// it.
type Region struct {
	Set  timeset.Set
	Mass float64
}

// HPD returns the highest-density set that holds the given share of the mass
// (0 to 1, or a little more: see Region.Mass). Where a plateau of equal
// density must be cut, every interval of it keeps the same share, widened to
// whole seconds: next to denser time where it touches any (first at its
// start), else around its own middle. No instant of a plateau is likelier than
// another, and of two tied hypotheses neither may vanish. Densities that
// differ by less than about 2^-32 count as equal. A share that is not above 0
// gives the empty set; one of 1 or more gives the support.
func (d Density) HPD(share float64) Region { return d.HPDOn(share, GrainMs) }

// HPDOn is HPD with plateaus cut on another grid; 1 ms or less is exact, for
// truths that do not fall on whole seconds.
func (d Density) HPDOn(share float64, grainMs int64) Region {
	return d.rank().region(share, max(1, grainMs))
}

// ranked is a density with its pieces in descending order of height.
type ranked struct {
	d     Density
	order []rung // ascending
	room  int    // bits
	total float64
}

// rung is a piece as one number, because those sort fastest: its index in the
// lowest room bits, above them the rounded height, inverted.
type rung uint64

// minRoom is for a million pieces; more take away from the heights.
const minRoom = 20

func (d Density) rank() ranked {
	r := ranked{d: d, order: make([]rung, 0, len(d.values)), room: max(minRoom, bits.Len(uint(len(d.values)))), total: d.Integral()}
	half := uint64(1) << (r.room - 1)
	for i, v := range d.values {
		if v > 0 { // the bits of positive numbers order as they do
			height := (math.Float64bits(v) + half) >> r.room
			r.order = append(r.order, rung(^height<<r.room)|rung(i))
		}
	}
	slices.Sort(r.order)
	return r
}

func (r ranked) piece(g rung) int        { return int(g & (1<<r.room - 1)) }
func (r ranked) ties(g, other rung) bool { return g>>r.room == other>>r.room }

func (r ranked) region(share float64, grainMs int64) Region {
	if !(share > 0) || len(r.order) == 0 {
		return Region{}
	}
	if share >= 1 {
		return Region{r.d.Support(), 1}
	}
	target, have := float64(share*r.total), sum{}
	in := make([]bool, len(r.d.values))
	for from := 0; from < len(r.order); {
		to, plateau := r.plateau(from)
		if have.value()+plateau >= target {
			return r.cut(in, r.order[from:to], (target-have.value())/plateau, grainMs)
		}
		for _, g := range r.order[from:to] {
			in[r.piece(g)] = true
		}
		have.add(plateau)
		from = to
	}
	return Region{r.d.Support(), 1}
}

// plateau returns the end of the run of equal heights and its mass.
func (r ranked) plateau(from int) (to int, mass float64) {
	var s sum
	for to = from; to < len(r.order) && r.ties(r.order[to], r.order[from]); to++ {
		s.add(r.d.mass(r.piece(r.order[to])))
	}
	return to, s.value()
}

// cut adds the middle share of the last plateau to what is in already.
func (r ranked) cut(in []bool, last []rung, share float64, grainMs int64) Region {
	whole := r.d.where(func(i int) bool { return in[i] })
	for i := range in {
		in[i] = false
	}
	for _, g := range last {
		in[r.piece(g)] = true
	}
	var buffer [8]timeset.Interval
	middle := r.d.stretches(buffer[:0], func(i int) bool { return in[i] })
	for i := range middle {
		middle[i] = cutOf(middle[i], share, whole, grainMs)
	}
	set := whole.Union(timeset.Of(middle...))
	return Region{set, min(1, r.d.Over(set)/r.total)}
}

// cutOf keeps a share of the interval: next to what is in already, so that no
// sliver is cut out of a slope, else around its middle.
func cutOf(iv timeset.Interval, share float64, in timeset.Set, grainMs int64) timeset.Interval {
	width := iv.Width()
	keep := min(width, int64(math.Ceil(float64(share*float64(width)))))
	lo := iv.Lo + (width-keep)/2
	switch {
	case in.Contains(iv.Lo - 1):
		lo = iv.Lo
	case in.Contains(iv.Hi):
		lo = iv.Hi - keep
	}
	hi := lo + keep
	return timeset.Interval{Lo: max(iv.Lo, lo-mod(lo, grainMs)), Hi: min(iv.Hi, hi+mod(-hi, grainMs))}
}

// mod is the remainder that is never negative.
func mod(a, b int64) int64 { return (a%b + b) % b }

// QuantileMs returns the first instant by which the given share (0 to 1) of
// the mass has passed; ok is false for the zero density.
func (d Density) QuantileMs(share float64) (ms int64, ok bool) {
	total := d.Integral()
	if !(total > 0) || !(share >= 0 && share <= 1) {
		return 0, false
	}
	target, have, last := float64(share*total), sum{}, 0
	for i := range d.values {
		if d.values[i] == 0 {
			continue
		}
		before := have.value()
		have.add(d.mass(i))
		if last = i; have.value() >= target {
			width := float64(d.breaks[i+1] - d.breaks[i])
			into := max(0, min((target-before)/d.values[i], width))
			return d.breaks[i] + int64(math.Round(into)), true
		}
	}
	return d.breaks[last+1], true
}

// MeanMs returns the mean instant to the nearest millisecond; ok is false for
// the zero density.
func (d Density) MeanMs() (ms int64, ok bool) {
	total := d.Integral()
	if !(total > 0) {
		return 0, false
	}
	var s sum
	from := d.breaks[0]
	for i := range d.values {
		middle := (float64(d.breaks[i]-from) + float64(d.breaks[i+1]-from)) / 2
		s.add(float64(d.mass(i) / total * middle))
	}
	return from + int64(math.Round(s.value())), true
}
