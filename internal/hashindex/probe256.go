package hashindex

import "math/bits"

// probe256 reads the buckets that the plan names. The tables have positions only, and buckets hold few, so nearly each
// step is a wait for memory. Each step is therefore done for many buckets at once: their bounds, then their
// positions, then their codes, so that the waits overlap.
func (b *base) probe256(q *wide, radius int, p *plan, hit func(i, distance int)) error {
	s := search256{b: b, q: q, radius: radius, plan: p, hit: hit}
	for band := range b.bands {
		if p.radius[band] < 0 {
			continue
		}
		if !s.buckets(band) {
			return b.damaged(kindPositions.of(band), "a position beyond the end")
		}
	}
	return nil
}

// search256 is a search of one band after another. As in search64, its methods are false at a damaged position.
type search256 struct {
	b      *base
	q      *wide
	radius int
	plan   *plan
	hit    func(i, distance int)

	spans [128]span
	batch [512]uint32 // positions of entries to compare
}

// span are the entries of a bucket.
type span struct{ lo, hi uint32 }

func (s *search256) buckets(band int) bool {
	k := s.b.head.layout.bits
	offsets, v := s.b.bands[band].offsets, bandOf(s.q, band*k, k)
	todo := s.b.masks.within(int(s.plan.radius[band]))
	for len(todo) > 0 {
		some := todo[:min(len(todo), len(s.spans))]
		todo = todo[len(some):]
		for i, m := range some {
			s.spans[i] = span{offsets[v^m], offsets[v^m+1]}
		}
		if !s.entries(band, s.spans[:len(some)]) {
			return false
		}
	}
	return true
}

func (s *search256) entries(band int, spans []span) bool {
	n, positions := 0, s.b.bands[band].positions
	for _, sp := range spans {
		for at := sp.lo; at < sp.hi; at++ {
			if n == len(s.batch) {
				if !s.compare(n, band) {
					return false
				}
				n = 0
			}
			s.batch[n] = at
			if positions != nil {
				s.batch[n] = positions[at]
			}
			n++
		}
	}
	return s.compare(n, band)
}

// compare looks at the codes of the first n positions of the batch.
func (s *search256) compare(n, band int) bool {
	q, codes, radius := s.q, s.b.codes, s.radius
	for _, i := range s.batch[:n] {
		at := 4 * int(i)
		if at >= len(codes) {
			return false
		}
		c := (*wide)(codes[at:])
		d := bits.OnesCount64(c[0]^q[0]) + bits.OnesCount64(c[1]^q[1])
		if d > radius {
			continue
		}
		d += bits.OnesCount64(c[2]^q[2]) + bits.OnesCount64(c[3]^q[3])
		if d <= radius && !s.earlier(c, band) {
			s.hit(int(i), d)
		}
	}
	return true
}

// earlier says whether a band before this one finds the code.
func (s *search256) earlier(c *wide, band int) bool {
	x := wide{c[0] ^ s.q[0], c[1] ^ s.q[1], c[2] ^ s.q[2], c[3] ^ s.q[3]}
	k := s.b.head.layout.bits
	for j := range band {
		if bits.OnesCount32(bandOf(&x, j*k, k)) <= int(s.plan.radius[j]) {
			return true
		}
	}
	return false
}
