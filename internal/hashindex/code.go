package hashindex

import "math/bits"

// Code64 is a print of 64 bits.
type Code64 uint64

// Code256 is a print of 256 bits. Which word or bit comes first does not matter to distances, but must be the same for
// all prints of an index.
type Code256 [4]uint64

// Code is the kind of print an index holds.
type Code interface{ Code64 | Code256 }

// DistanceTo is the number of bits in which two prints differ.
func (c Code64) DistanceTo(o Code64) int { return bits.OnesCount64(uint64(c ^ o)) }

// DistanceTo is the number of bits in which two prints differ.
func (c Code256) DistanceTo(o Code256) int { return distance256((*[4]uint64)(&c), (*[4]uint64)(&o)) }

func distance256(a, b *[4]uint64) int {
	return bits.OnesCount64(a[0]^b[0]) + bits.OnesCount64(a[1]^b[1]) + bits.OnesCount64(a[2]^b[2]) + bits.OnesCount64(a[3]^b[3])
}

// wide is a code of either length; a short one stands in the first word.
type wide = [4]uint64

func widen[C Code](c C) wide {
	switch c := any(c).(type) {
	case Code64:
		return wide{uint64(c)}
	case Code256:
		return wide(c)
	}
	panic("hashindex: a code of neither length")
}

// wordsOf is how many words of 64 bits a code of type C has: 1 or 4.
func wordsOf[C Code]() int {
	var c C
	if _, short := any(c).(Code64); short {
		return 1
	}
	return 4
}

// bandOf is the band of the code that has k bits (at most 32) from bit first on.
func bandOf(c *wide, first, k int) uint32 {
	word, shift := first>>6, first&63
	v := c[word] >> shift
	if shift+k > 64 {
		v |= c[word+1] << (64 - shift)
	}
	return uint32(v & (1<<k - 1))
}
