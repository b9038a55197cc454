// Package pdq computes PDQ, the perceptual hash by which the field exchanges lists of known pictures: 256 bits and a
// quality from 0 to 100.
//
// The algorithm is the published one (facebook/ThreatExchange, directory pdq, and "PDQ: an algorithm for photo hashing",
// 2019): grey levels, a two-pass box filter at full size, 64 x 64 samples, the block of rows and columns 1 to 16 of their
// DCT, and one bit each for "above the median". It is written anew on package grey. Published programs differ among
// themselves by up to 10 bits on the same file, because they decode and resize differently; this one resizes nothing.
//
// Hex digits have the order of the published listings: most significant first, bit 0 (the lowest frequencies) last.
package pdq

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"whenwhere/internal/grey"
)

// Version names the pipeline; raise it when a hash of the same grey levels may change.
const Version = "full size, v1"

// QualityToIndex is the least quality with which a hash should enter an index, as PDQ's users have it ("PDQ and TMK+PDQF",
// Facebook, 2019: discard below 50). Below it pictures have too few edges to be told from strangers.
const QualityToIndex = 50

// MinSidePx is the smallest side that is hashed, as in the published programs.
const MinSidePx = 5

// ErrTooSmall: a side is shorter than MinSidePx. The published programs give a hash of zeros with quality 0 here.
var ErrTooSmall = errors.New("pdq: picture too small")

// Hash is a PDQ hash as its listings print it: byte 0 holds the first two hex digits.
type Hash [32]byte

// Hex is the hash as 64 lower-case digits.
func (h Hash) Hex() string { return hex.EncodeToString(h[:]) }

// Words is the hash as four words, most significant first.
func (h Hash) Words() [4]uint64 {
	var w [4]uint64
	for i, b := range h {
		w[i/8] = w[i/8]<<8 | uint64(b)
	}
	return w
}

// ParseHex reads 64 hex digits of either case.
func ParseHex(s string) (Hash, error) {
	var h Hash
	if len(s) != 2*len(h) {
		return h, fmt.Errorf("pdq: %d hex digits, want %d", len(s), 2*len(h))
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return Hash{}, fmt.Errorf("pdq: %w", err)
	}
	return h, nil
}

// Distance is the number of bits, 0 to 256, in which two hashes differ.
func Distance(a, b Hash) int {
	x, y, d := a.Words(), b.Words(), 0
	for i := range x {
		d += bits.OnesCount64(x[i] ^ y[i])
	}
	return d
}

// Of hashes w*h grey levels (0 to 255), row by row.
func Of(luma []float32, w, h int) (Hash, int, error) {
	var hasher Hasher
	return hasher.Float(luma, w, h)
}

// Dihedral gives the hashes of all eight ways to hold the picture, in the order of grey.Turn.
func Dihedral(luma []float32, w, h int) ([grey.Turns]Hash, int, error) {
	var hasher Hasher
	var all [grey.Turns]Hash
	_, quality, err := hasher.Float(luma, w, h)
	if err != nil {
		return all, 0, err
	}
	for t := range all {
		turned := hasher.spectrum.Turned(grey.Turn(t))
		all[t] = FromSpectrum(&turned)
	}
	return all, quality, nil
}

// Hasher hashes one picture after the other without allocating anew. The zero value is ready, for one goroutine at a time.
type Hasher struct {
	reader   grey.Reader
	grid     grey.Grid
	spectrum grey.Spectrum
}

// Hash hashes p.
func (h *Hasher) Hash(p grey.Picture) (Hash, int, error) {
	if err := largeEnough(p.FullWidthPx, p.FullHeightPx); err != nil {
		return Hash{}, 0, err
	}
	if err := h.reader.Grid(p, &h.grid); err != nil {
		return Hash{}, 0, err
	}
	hash, quality := h.finish()
	return hash, quality, nil
}

// Float hashes grey levels that are not whole numbers.
func (h *Hasher) Float(luma []float32, widthPx, heightPx int) (Hash, int, error) {
	if err := largeEnough(widthPx, heightPx); err != nil {
		return Hash{}, 0, err
	}
	if err := h.reader.FloatGrid(luma, widthPx, heightPx, &h.grid); err != nil {
		return Hash{}, 0, err
	}
	hash, quality := h.finish()
	return hash, quality, nil
}

func largeEnough(widthPx, heightPx int) error {
	if widthPx < MinSidePx || heightPx < MinSidePx {
		return fmt.Errorf("%w: sides %d x %d, want each at least %d", ErrTooSmall, widthPx, heightPx, MinSidePx)
	}
	return nil
}

func (h *Hasher) finish() (Hash, int) {
	h.reader.Spectrum(&h.grid, &h.spectrum)
	return FromSpectrum(&h.spectrum), Quality(&h.grid)
}

// block is the side of the block of coefficients; it leaves out frequency 0.
const block = 16

// FromSpectrum sets one bit for each coefficient above the median of all, which is the lower of the two middle ones.
func FromSpectrum(s *grey.Spectrum) Hash {
	var values, sorted [block * block]float64
	for i := range values {
		values[i] = s[(i/block+1)*grey.Frequencies+i%block+1]
	}
	sorted = values
	slices.Sort(sorted[:])
	median := sorted[len(sorted)/2-1]
	var h Hash
	for i, v := range values {
		if v > median {
			h[len(h)-1-i/8] |= 1 << (i % 8)
		}
	}
	return h
}

// Quality is the published measure of how much there is to hash, 0 to 100: differences between neighbours in the grid, in
// whole percent of the grey range, summed, over 90. Cutting to whole percent makes noise below 2.55 levels count nothing.
func Quality(g *grey.Grid) int {
	sum := 0
	for i, v := range g {
		if i%grey.SidePx != grey.SidePx-1 {
			sum += percent(v - g[i+1])
		}
		if i/grey.SidePx != grey.SidePx-1 {
			sum += percent(v - g[i+grey.SidePx])
		}
	}
	return min(sum/90, 100)
}

func percent(d float64) int { return int(math.Abs(d) * 100 / 255) }
