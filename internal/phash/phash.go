// Package phash computes the DCT hashes of github.com/corona10/goimagehash: PerceptionHash, 64 bits, and
// ExtPerceptionHash(16,16), 256 bits.
//
// The definition of both: squeeze the picture to a square of as many pixels a side as the hash has bits, take the lowest 8 x 8
// or 16 x 16 coefficients of its DCT, constant one included, and set a bit for each above their median. The coefficients
// come from a grey.Spectrum here, which serves PDQ as well, so that one transform is enough for all hashes. Of the same
// coefficients the bits are the library's (package look of internal/decode proves it); its squares are filtered a little
// differently, which weakens no coefficient in use by more than 2 percent against another.
//
// It allocates nothing.
package phash

import (
	"encoding/hex"
	"fmt"
	"math/bits"
	"slices"

	"whenwhere/internal/grey"
)

// Hash64 is PerceptionHash: the most significant bit is the constant coefficient.
type Hash64 uint64

// Hash256 is ExtPerceptionHash(16,16), most significant byte first.
type Hash256 [32]byte

// Hex is the hash as 16 lower-case digits.
func (h Hash64) Hex() string { return fmt.Sprintf("%016x", uint64(h)) }

// Hex is the hash as 64 lower-case digits.
func (h Hash256) Hex() string { return hex.EncodeToString(h[:]) }

// Near64 and Near256 are distances at which one pair of strangers in 100,000 is as near (1,124 photos with 32 edits each,
// 631,000 pairs of strangers; 64-bit distances are even, so 13 is 12). At them recompression, resizing, blur and a small
// logo are found without a miss, cropping by 10 percent in three of four. Below Sure64 strangers appeared about once in
// ten million pairs.
const (
	Near64  = 13
	Near256 = 91
	Sure64  = 10
)

// Distance64 is the number of bits, 0 to 64, in which two hashes differ.
func Distance64(a, b Hash64) int { return bits.OnesCount64(uint64(a ^ b)) }

// Distance256 is the number of bits, 0 to 256, in which two hashes differ.
func Distance256(a, b Hash256) int {
	d := 0
	for i := range a {
		d += bits.OnesCount8(a[i] ^ b[i])
	}
	return d
}

// From64 hashes the lowest 8 x 8 coefficients of s.
func From64(s *grey.Spectrum) Hash64 {
	var low [64]float64
	for i := range low {
		low[i] = s[i/8*grey.Frequencies+i%8]
	}
	return bits64(&low)
}

// From256 hashes the lowest 16 x 16 coefficients of s.
func From256(s *grey.Spectrum) Hash256 {
	var low [256]float64
	for i := range low {
		low[i] = s[i/16*grey.Frequencies+i%16]
	}
	return bits256(&low)
}

func bits64(low *[64]float64) Hash64 {
	sorted := *low
	m := median(sorted[:])
	var h Hash64
	for i, v := range low {
		if v > m {
			h |= 1 << (63 - i)
		}
	}
	return h
}

func bits256(low *[256]float64) Hash256 {
	sorted := *low
	m := median(sorted[:])
	var h Hash256
	for i, v := range low {
		if v > m {
			h[i/8] |= 0x80 >> (i % 8)
		}
	}
	return h
}

// median is the mean of the middle two, as the library has it. It sorts v.
func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2-1]/2 + v[len(v)/2]/2
}
