package phash_test

import (
	"math/bits"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/grey"
	"whenwhere/internal/phash"
)

// TestBits: coefficients that rise from corner to corner set the later half of the bits, most significant first.
func TestBits(t *testing.T) {
	t.Parallel()
	var s grey.Spectrum
	for v := range grey.Frequencies {
		for u := range grey.Frequencies {
			s[v*grey.Frequencies+u] = float64(100*v + u)
		}
	}
	if got := phash.From64(&s).Hex(); got != "00000000ffffffff" {
		t.Errorf("64 bits: %s", got)
	}
	const want = "00000000000000000000000000000000ffffffffffffffffffffffffffffffff"
	if got := phash.From256(&s).Hex(); got != want {
		t.Errorf("256 bits: %s", got)
	}
	if got := phash.From64(new(grey.Spectrum)).Hex(); got != "0000000000000000" {
		t.Errorf("nothing above the median: %s", got)
	}
}

// TestHalfTheBits: with no two coefficients alike half of the bits are set, and distances are symmetric and zero to itself.
func TestHalfTheBits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		perm := rapid.Permutation(seq(len(grey.Spectrum{})))
		var a, b grey.Spectrum
		for i, x := range perm.Draw(t, "a") {
			a[i] = float64(x)
		}
		for i, x := range perm.Draw(t, "b") {
			b[i] = float64(x)
		}
		a64, b64, a256, b256 := phash.From64(&a), phash.From64(&b), phash.From256(&a), phash.From256(&b)
		if bits.OnesCount64(uint64(a64)) != 32 || phash.Distance256(a256, phash.Hash256{}) != 128 {
			t.Fatalf("%s %s", a64.Hex(), a256.Hex())
		}
		if phash.Distance64(a64, b64) != phash.Distance64(b64, a64) || phash.Distance64(a64, a64) != 0 ||
			phash.Distance256(a256, b256) != phash.Distance256(b256, a256) || phash.Distance256(a256, a256) != 0 {
			t.Fatal("distance")
		}
	})
}

func seq(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestNoAllocations(t *testing.T) {
	var s grey.Spectrum
	s[5] = 1
	if n := testing.AllocsPerRun(3, func() { phash.From64(&s); phash.From256(&s) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
