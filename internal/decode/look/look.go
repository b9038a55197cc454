// Package look turns one picture into what it looks like: two perceptual hashes and how much they are worth.
//
// Everything is computed from one Square, a picture squeezed to 256 x 256 RGB whatever its shape, so that a still and a
// keyframe of the same scene go the same way. A Square is opaque; transparent parts of a picture are black in it.
//
// It promises: the same Square gives the same Look; a Square that is too flat to be told from any other flat one gets
// Flat and no hash. Hashes are those of github.com/corona10/goimagehash 1.1.0: PerceptionHash (64 bits) by the library,
// ExtPerceptionHash(16,16) (256 bits) by the same definition with only the 16 x 16 coefficients that it uses.
//
// It runs in the jailed child only, and knows no file format.
package look

import (
	"encoding/hex"
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/corona10/goimagehash"
	"github.com/corona10/goimagehash/etcs"

	"whenwhere/internal/decode/wire"
)

// SidePx is the side of a Square: the 256-bit hash is defined on 256 x 256, so nothing is resampled twice for it.
const SidePx = 256

// HashVersion names library, version and how pixels were prepared. Raise its last part when the preparation changes.
const HashVersion = "goimagehash 1.1.0, square 256, v1"

// A picture is flat, and nothing is hashed, if it has no edges at all, or few of them and little contrast:
// Quality below EdgesAtLeast, or Quality below EdgesClear and StdDev below ContrastAtLeast.
//
// Where the numbers come from (TestReferencePictures of package decode prints them): black, uniform, sensor noise and a smooth
// ramp have quality 0. Of the reference set, the two LabelMe pictures that PDQ rates 3 and 4, and which must be refused,
// have quality 11 and 10 with a deviation of 4.6 and 11.1. The softest picture that must be accepted, a
// wallpaper of colour ramps, has 8 with 21.5: quality alone would have it the wrong way round. All others have 100 and at
// least 27. A search index asks for more than this gate does: 50, as PDQ's users do.
const (
	EdgesAtLeast    = 5
	EdgesClear      = 30
	ContrastAtLeast = 16
)

func isFlat(quality int, stdDev float64) bool {
	return quality < EdgesAtLeast || (quality < EdgesClear && stdDev < ContrastAtLeast)
}

// Of computes the Look of a Square. An image of any other size is an error of the caller.
func Of(square *image.RGBA) (wire.Look, error) {
	if square.Rect != image.Rect(0, 0, SidePx, SidePx) {
		return wire.Look{}, fmt.Errorf("look: square is %v, want %d x %d", square.Rect, SidePx, SidePx)
	}
	grey := greyOf(square)
	small := shrink(grey)
	l := wire.Look{Quality: quality(small), StdDev: stdDev(small)}
	if l.Flat = isFlat(l.Quality, l.StdDev); l.Flat {
		return l, nil
	}
	low := lowDCT(grey)
	var err error
	if l.Hashes, err = hashes(square, low); err != nil {
		return wire.Look{}, err
	}
	l.Mirrored, err = hashes(mirrored(square), mirroredDCT(low))
	return l, err
}

// hashes gives both hashes of a square whose lowest coefficients are known.
func hashes(square *image.RGBA, low []float64) ([]wire.Hash, error) {
	h64, err := goimagehash.PerceptionHash(square)
	if err != nil {
		return nil, fmt.Errorf("look: phash64: %w", err)
	}
	return []wire.Hash{
		{Algorithm: "phash64", Version: HashVersion, Hex: fmt.Sprintf("%016x", h64.GetHash())},
		{Algorithm: "phash256", Version: HashVersion, Hex: phash256(low)},
	}, nil
}

// mirrored is the square turned left to right.
func mirrored(square *image.RGBA) *image.RGBA {
	out := image.NewRGBA(square.Rect)
	for y := range SidePx {
		row := square.Pix[y*square.Stride : y*square.Stride+4*SidePx]
		for x := range SidePx {
			copy(out.Pix[y*out.Stride+4*x:], row[4*(SidePx-1-x):4*(SidePx-x)])
		}
	}
	return out
}

// mirroredDCT gives the coefficients of the mirrored picture: those of odd horizontal frequency change their sign.
func mirroredDCT(low []float64) []float64 {
	out := slices.Clone(low)
	for i := 1; i < len(out); i += 2 { // coeffs is even, so every odd index is an odd column
		out[i] = -out[i]
	}
	return out
}

// greyOf is goimagehash's luma: 0.299 R + 0.587 G + 0.114 B, row by row.
func greyOf(square *image.RGBA) []float64 {
	grey := make([]float64, 0, SidePx*SidePx)
	for p := 0; p < len(square.Pix); p += 4 {
		r, g, b := float64(square.Pix[p]), float64(square.Pix[p+1]), float64(square.Pix[p+2])
		grey = append(grey, 0.299*r+0.587*g+0.114*b)
	}
	return grey
}

// phash256 is ExtPerceptionHash(16,16) from the lowest 16 x 16 coefficients of the unscaled DCT-II of a 256 x 256 grey
// picture: one bit each for "above the library's median". The library computes all 65,536 coefficients for them.
func phash256(low []float64) string {
	median := etcs.MedianOfPixels(low)
	var bits [32]byte
	for i, v := range low {
		if v > median {
			bits[i/8] |= 0x80 >> (i % 8)
		}
	}
	return hex.EncodeToString(bits[:])
}

// coeffs is how many coefficients a side the 256-bit hash uses.
const coeffs = 16

// lowDCT returns the coeffs x coeffs lowest coefficients, rows first.
func lowDCT(grey []float64) []float64 {
	basis := cosines()
	var rows [SidePx][coeffs]float64
	for y := range rows {
		line := grey[y*SidePx : (y+1)*SidePx]
		for k := range rows[y] {
			rows[y][k] = dot(line, basis[k][:])
		}
	}
	low := make([]float64, coeffs*coeffs)
	for v := range coeffs {
		for y := range rows {
			c := basis[v][y]
			for k, x := range rows[y] {
				low[v*coeffs+k] += c * x
			}
		}
	}
	return low
}

func dot(a, b []float64) float64 {
	b = b[:len(a)]
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

func cosines() *[coeffs][SidePx]float64 {
	var b [coeffs][SidePx]float64
	for k := range b {
		for i := range b[k] {
			b[k][i] = math.Cos(float64(k) * (float64(i) + 0.5) * math.Pi / SidePx)
		}
	}
	return &b
}
