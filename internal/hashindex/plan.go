package hashindex

import "math/bits"

// maxBands bounds the bands of a layout, maxBandRadius the radius within one: at 5 and more, a band reads so many buckets
// that comparing every code is cheaper.
const (
	maxBands      = 16
	maxBandRadius = 4
)

// layout says how codes are spread over tables: bands of bits bits each. Zero bands: codes only, every search scans.
type layout struct{ bands, bits int }

// flatBelow is the number of codes below which tables are not worth their megabyte; a scan takes some microseconds.
const flatBelow = 8192

// layoutFor chooses a layout for n codes. 64 bits have 4 bands of 16, because the 48 bits left fit beside each entry.
// 256 bits have 12 bands of so many bits that a bucket holds 3 to 6 codes: the tables then cost 8 to 16 bytes a code. More
// bits are faster (16 and 18 bits at a million: 75 and 140 microseconds), but would cost more than 100 bytes a code.
func layoutFor(words, n int) layout {
	switch {
	case n < flatBelow:
		return layout{}
	case words == 1:
		return layout{bands: 4, bits: 16}
	}
	return layout{bands: 12, bits: min(bits.Len(uint(n/3))-1, 21)}
}

// masks are all numbers of k bits with at most maxBandRadius ones, by their count of ones, then ascending.
type masks struct {
	all  []uint32
	upTo [maxBandRadius + 2]int // all[upTo[r]:upTo[r+1]] have r ones
}

func newMasks(k int) masks {
	var m masks
	for r := range maxBandRadius + 1 {
		m.upTo[r] = len(m.all)
		m.all = appendMasks(m.all, k, r)
	}
	m.upTo[maxBandRadius+1] = len(m.all)
	return m
}

// appendMasks steps through the numbers of r ones by Gosper's way (HAKMEM 175).
func appendMasks(to []uint32, k, r int) []uint32 {
	if r == 0 {
		return append(to, 0)
	}
	for x := uint64(1)<<r - 1; x < 1<<k; {
		to = append(to, uint32(x))
		low := x & -x
		next := x + low
		x = (x^next)>>2/low | next
	}
	return to
}

// within are the masks of at most r ones.
func (m *masks) within(r int) []uint32 { return m.all[:m.upTo[r+1]] }

// plan says how a search of one radius reads the tables: the radius within each band, -1 for a band that is not read.
// scan: compare every code instead.
type plan struct {
	scan   bool
	radius [maxBands]int8
}

// costs are nanoseconds for opening a bucket, for comparing an entry of one, and for comparing a code in a scan, as
// measured on one core of a server at 10 million codes. They decide only which exact way is taken.
type costs struct{ bucket, entry, scan float64 }

func costsOf(words int) costs {
	if words == 1 {
		return costs{bucket: 80, entry: 2, scan: 1.2}
	}
	return costs{bucket: 30, entry: 30, scan: 4}
}

// newPlans has the plan of each radius from 0 to the length of a code.
func newPlans(words, n int, l layout, m *masks) []plan {
	plans := make([]plan, 64*words+1)
	for radius := range plans {
		plans[radius] = newPlan(words, n, radius, l, m)
	}
	return plans
}

// newPlan hands out radius+1 steps, each to the band where the next step adds the fewest buckets. The sum of (radius
// within the band + 1) is then radius+1, as the pigeonhole asks.
func newPlan(words, n, radius int, l layout, m *masks) plan {
	p := plan{scan: l.bands == 0}
	for j := range p.radius {
		p.radius[j] = -1
	}
	if p.scan {
		return p
	}
	buckets := 0
	for range radius + 1 {
		best := 0
		for j := range l.bands {
			if p.radius[j] < p.radius[best] {
				best = j
			}
		}
		next := int(p.radius[best]) + 1
		if next > maxBandRadius {
			return plan{scan: true}
		}
		p.radius[best]++
		buckets += m.upTo[next+1] - m.upTo[next]
	}
	c := costsOf(words)
	each := float64(n) / float64(uint64(1)<<l.bits)
	p.scan = float64(buckets)*(c.bucket+each*c.entry) > float64(n)*c.scan
	return p
}
