package hashindex

import (
	"encoding/binary"
	"math/bits"
)

// probe64 reads the buckets that the plan names, of 4 bands of 16 bits. Beside each entry stand the other 48 bits, so the
// distance is known without leaving the bucket.
func (b *base) probe64(q uint64, radius int, p *plan, hit func(i, distance int)) error {
	for band := range b.bands {
		if p.radius[band] < 0 {
			continue
		}
		s := search64{b: b, t: &b.bands[band], band: band, rest: restOf(q, band), radius: radius, plan: p, hit: hit}
		if !s.buckets(uint32(uint16(q >> (16 * band)))) {
			return b.damaged(kindPositions.of(band), "a position beyond the end")
		}
	}
	return nil
}

// search64 is a search of one band. Its methods are false at a damaged position; an error made here would move hit, and
// what the caller's visit holds, to the heap.
type search64 struct {
	b      *base
	t      *table
	band   int
	rest   uint64
	radius int
	plan   *plan
	hit    func(i, distance int)
}

func (s *search64) buckets(v uint32) bool {
	offsets, rests, rest := s.t.offsets, s.t.rests, s.rest
	for _, m := range s.b.masks.within(int(s.plan.radius[s.band])) {
		lo, hi := offsets[v^m], offsets[v^m+1]
		left := s.radius - bits.OnesCount32(m)
		bucket := rests[6*int(lo) : 6*int(hi)+2]
		for i := int(lo); len(bucket) >= 8; i++ {
			x := (binary.LittleEndian.Uint64(bucket) ^ rest) << 16
			if d := bits.OnesCount64(x); d <= left {
				if !s.found(i, x>>16, m, d) {
					return false
				}
			}
			bucket = bucket[6:]
		}
	}
	return true
}

// found reports entry i, whose code differs from the query in m within the band and in rest beside it, unless an
// earlier band found it.
func (s *search64) found(i int, rest uint64, m uint32, distance int) bool {
	x := whole(rest, s.band, m)
	for j := range s.band {
		if bits.OnesCount16(uint16(x>>(16*j))) <= int(s.plan.radius[j]) {
			return true
		}
	}
	if s.t.positions != nil {
		i = int(s.t.positions[i])
	}
	if i >= s.b.head.n {
		return false
	}
	s.hit(i, distance+bits.OnesCount32(m))
	return true
}
