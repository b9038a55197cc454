package hashindex

import (
	"encoding/binary"
	"math/bits"
)

// scanBlock is how many words are compared with one query before the next query has them: few enough to stay in the
// nearest cache while up to scanQueries queries pass.
const (
	scanBlock   = 1024
	scanQueries = 8
)

// scanPile compares every code with every query.
func scanPile(words int, codes []uint64, queries []wide, radius int, hit func(query, i, distance int)) {
	for first := 0; first < len(codes); first += scanBlock {
		block := codes[first:min(first+scanBlock, len(codes))]
		for j := range queries {
			scanOne(words, block, &queries[j], radius, j, first/words, hit)
		}
	}
}

// scanOne compares a block, whose first code is number first, with one query.
func scanOne(words int, block []uint64, q *wide, radius, query, first int, hit func(query, i, distance int)) {
	if words == 1 {
		for i, c := range block {
			if d := bits.OnesCount64(c ^ q[0]); d <= radius {
				hit(query, first+i, d)
			}
		}
		return
	}
	for i := 0; len(block) >= 4; i++ {
		d := bits.OnesCount64(block[0]^q[0]) + bits.OnesCount64(block[1]^q[1])
		if d <= radius {
			d += bits.OnesCount64(block[2]^q[2]) + bits.OnesCount64(block[3]^q[3])
			if d <= radius {
				hit(query, first+i, d)
			}
		}
		block = block[4:]
	}
}

// scan compares every code of the base with every query.
func (b *base) scan(queries []wide, radius int, hit func(query, i, distance int)) {
	if len(b.codes) > 0 {
		scanPile(b.head.words, b.codes, queries, radius, hit)
		return
	}
	var block [scanBlock]uint64
	v := uint32(0)
	for first := 0; first < b.head.n; first += scanBlock {
		n := min(scanBlock, b.head.n-first)
		v = b.short(block[:n], first, v)
		for j := range queries {
			scanOne(1, block[:n], &queries[j], radius, j, first, hit)
		}
	}
}

// short gives codes of 64 bits from position first on. Where band 0 has them, that lies in bucket v or later; the bucket
// of the last is for the next call.
func (b *base) short(to []uint64, first int, v uint32) uint32 {
	if b.head.layout.bands == 0 {
		copy(to, b.codes[first:])
		return 0
	}
	return b.bands[0].unpack(to, first, v)
}

// unpack gives the codes of band 0 from entry first on, which lies in bucket v or later, and the bucket of the last.
func (t *table) unpack(to []uint64, first int, v uint32) uint32 {
	for i := range to {
		at := first + i
		for int(t.offsets[v+1]) <= at {
			v++
		}
		to[i] = binary.LittleEndian.Uint64(t.rests[6*at:])<<16 | uint64(v)
	}
	return v
}

// each gives every code of the base, in order of positions.
func (b *base) each(visit func(i int, c *wide)) error {
	return b.guard(func() error {
		var block [scanBlock]uint64
		v := uint32(0)
		for first := 0; first < b.head.n; first += scanBlock {
			n := min(scanBlock, b.head.n-first)
			if b.head.words == 1 {
				v = b.short(block[:n], first, v)
			}
			for i := range n {
				c := wide{block[i]}
				if b.head.words == 4 {
					c = wide(b.codes[4*(first+i):])
				}
				visit(first+i, &c)
			}
		}
		return nil
	})
}
