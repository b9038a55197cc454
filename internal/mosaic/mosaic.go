// Package mosaic compares two pictures place by place, which a hash of the whole cannot: it tells a copy with a logo, where
// all but the logo agrees, from a stranger with the same logo, where nothing else does.
//
// A Mosaic is the means of 64 x 64 equal parts of a picture, whatever its shape. (Package grey's grid is not used because it
// samples: of a small picture that is turned, other pixels are taken.) Two are compared in 81 tiles of 12 x 12 parts that
// overlap by half. A tile in which either picture has structure agrees when the correlation of the two is
// above 0.8 (the zero-mean normalised cross-correlation, J. P. Lewis, "Fast Normalized Cross-Correlation", 1995), so that
// lighter, darker and flatter copies still agree; a tile that is flat in both says nothing and is not counted.
//
// It promises: the comparison is symmetric, uses whole numbers only, and is the same on every machine; the same turn of both
// changes nothing but which tile is which.
package mosaic

import (
	"fmt"

	"whenwhere/internal/grey"
)

// Bytes is the length of a mosaic.
const Bytes = side * side

const side = 64

// Tiles is into how many overlapping parts a picture is divided.
const Tiles = perSide * perSide

const (
	tileSide = 12
	tileStep = 6
	perSide  = (side-tileSide)/tileStep + 1
	tileArea = tileSide * tileSide
	margin   = (side - tileSide) % tileStep / 2 // on every side, so that a turned picture has the same tiles
)

// Mosaic is a picture squeezed to a square, row by row, 0 black to 255 white.
type Mosaic [Bytes]uint8

// Of takes the means of 64 x 64 equal parts of a picture. An error means a picture that cannot be (grey.Picture.Check).
func Of(p grey.Picture) (*Mosaic, error) {
	if err := p.Check(); err != nil {
		return nil, fmt.Errorf("mosaic: %w", err)
	}
	across, down := cuts(p.FullWidthPx, p.BlockPx), cuts(p.FullHeightPx, p.BlockPx)
	var m Mosaic
	var row, line [side]uint64
	for j := range side {
		row = [side]uint64{}
		for y := down[j] / unit; y*unit < down[j+1]; y++ {
			means(p.Luma[y*p.Stride:y*p.Stride+p.Width], &across, &line)
			weight := uint64(overlap(y, down[j], down[j+1]))
			for i := range row {
				row[i] += weight * line[i]
			}
		}
		for i, sum := range row {
			area := uint64(across[i+1]-across[i]) * uint64(down[j+1]-down[j])
			m[j*side+i] = uint8((sum + area/2) / area)
		}
	}
	return &m, nil
}

// unit is into how many parts a sample can be divided between two neighbours.
const unit = 256

// cuts are where the 64 parts of a side begin and end, in units of samples of blockPx pixels.
func cuts(fullPx, blockPx int) (at [side + 1]int) {
	for i := range at {
		at[i] = i * fullPx * unit / (side * blockPx)
	}
	return at
}

// means sums each part of a row of samples, by how much of each sample lies in it.
func means(samples []uint8, cuts *[side + 1]int, into *[side]uint64) {
	for i := range into {
		from, to := cuts[i], cuts[i+1]
		first, last := from/unit, (to-1)/unit
		sum := uint64(overlap(first, from, to)) * uint64(samples[first])
		if last > first {
			whole := uint64(0)
			for _, v := range samples[first+1 : last] {
				whole += uint64(v)
			}
			sum += unit*whole + uint64(overlap(last, from, to))*uint64(samples[last])
		}
		into[i] = sum
	}
}

// overlap is how many units of a sample lie between two cuts.
func overlap(sample, from, to int) int {
	return min(to, (sample+1)*unit) - max(from, sample*unit)
}

// Parse reads what was stored.
func Parse(raw []byte) (*Mosaic, error) {
	if len(raw) != Bytes {
		return nil, fmt.Errorf("mosaic: %d bytes, want %d", len(raw), Bytes)
	}
	return (*Mosaic)(raw), nil
}

// Turned is the mosaic of the picture turned by t.
func (m *Mosaic) Turned(t grey.Turn) *Mosaic {
	if t == grey.Original {
		return m
	}
	p, err := grey.Whole(m[:], side, side).Turned(t)
	if err != nil { // a whole square of pixels always turns
		panic(err)
	}
	return (*Mosaic)(p.Luma)
}

// Agreement is how many tiles agree, of those that have structure.
type Agreement struct {
	Agree int `json:"agree"`
	Of    int `json:"of"`
}

// Share is Agree by Of, 0 when there is nothing to compare.
func (a Agreement) Share() float64 {
	if a.Of == 0 {
		return 0
	}
	return float64(a.Agree) / float64(a.Of)
}

// Compare says in how many tiles two pictures agree.
func Compare(a, b *Mosaic) Agreement {
	var out Agreement
	for y := margin; y+tileSide <= side; y += tileStep {
		for x := margin; x+tileSide <= side; x += tileStep {
			s := sumsOf(a, b, y*side+x)
			if s.mute() {
				continue
			}
			out.Of++
			if s.agree() {
				out.Agree++
			}
		}
	}
	return out
}

// sums are those of a tile's levels, their squares and their products, over the n samples that are clipped in neither.
type sums struct{ n, a, b, aa, bb, ab int64 }

func sumsOf(a, b *Mosaic, at int) (s sums) {
	for range tileSide {
		p, q := a[at:at+tileSide], b[at:at+tileSide]
		for i := range tileSide {
			if clipped(p[i]) || clipped(q[i]) {
				continue
			}
			u, v := int64(p[i]), int64(q[i])
			s.n, s.a, s.b, s.aa, s.bb, s.ab = s.n+1, s.a+u, s.b+v, s.aa+u*u, s.bb+v*v, s.ab+u*v
		}
		at += side
	}
	return s
}

// clipped tells whether a level is black or white, or nearly: what was there before more contrast was given is lost.
func clipped(level uint8) bool { return level < 4 || level > 251 }

// mute tells whether the tile says nothing: most of it is clipped, or both pictures have a standard deviation below one
// level, so that rounding and the noise of compression say more than they do. n² times the variance is n·Σx² − (Σx)².
func (s sums) mute() bool {
	return 2*s.n < tileArea || s.spreadA() < s.n*s.n && s.spreadB() < s.n*s.n
}

func (s sums) spreadA() int64 { return s.n*s.aa - s.a*s.a }
func (s sums) spreadB() int64 { return s.n*s.bb - s.b*s.b }

// agree tells whether the correlation is above 0.8: cov > 0 and cov² > 0.64·var·var, in whole numbers. The spreads are below
// tileArea²·128² < 2^29, so that 25 times their product stays below 2^63.
func (s sums) agree() bool {
	cov := s.n*s.ab - s.a*s.b
	return cov > 0 && 25*cov*cov > 16*s.spreadA()*s.spreadB()
}
