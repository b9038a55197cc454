package gpmf

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// The drone Karma writes places (GLPI) by the drone's own uptime and, apart
// from them, pairs of uptime and UTC (SYST). The layouts are those that
// ExifTool documents: GLPI is L, 4 x l, 3 x s, S; SYST is two of 64 bits.
const (
	glpiSize = 28
	systSize = 16
)

// pair ties the uptime to UTC, both in milliseconds.
type pair struct{ upMs, utcMs float64 }

// syst reads pairs of uptime and UTC.
func (r *reader) syst(it item, scales []float64) error {
	if it.kind != '?' && it.kind != 'J' || it.size != systSize || !usable(scales, 2) {
		return fmt.Errorf("SYST of type %q, size %d, %d scales: %w", it.kind, it.size, len(scales), ErrFormat)
	}
	for row := it.data; len(row) >= systSize && len(r.pairs) < MaxPoints; row = row[systSize:] {
		p := pair{1000 * float64(binary.BigEndian.Uint64(row)) / scales[0], 1000 * float64(binary.BigEndian.Uint64(row[8:])) / scales[1]}
		if p.utcMs > float64(y2kMs) && p.utcMs < maxUTCMs {
			r.pairs = append(r.pairs, p)
		}
	}
	return nil
}

// maxUTCMs is 2100-01-01, as far as the other forms reach.
const maxUTCMs = 4102444800000

// glpi reads places by uptime; their UTC is filled in at the end.
func (r *reader) glpi(b *Block, it item, scales []float64) error {
	if it.kind != '?' || it.size != glpiSize || !usable(scales, 4) {
		return fmt.Errorf("GLPI of type %q, size %d, %d scales: %w", it.kind, it.size, len(scales), ErrFormat)
	}
	for row := it.data; len(row) >= glpiSize; row = row[glpiSize:] {
		n := len(b.Points)
		r.add(b, Point{Lat: long(row[4:]) / scales[1], Lon: long(row[8:]) / scales[2], AltM: long(row[12:]) / scales[3]})
		if len(b.Points) > n {
			r.uptimes = append(r.uptimes, uptime{len(r.out.Blocks), n, 1000 * float64(binary.BigEndian.Uint32(row)) / scales[0]})
		}
	}
	return r.full()
}

// uptime is a point whose UTC is not known yet.
type uptime struct {
	block, point int
	upMs         float64
}

// settle gives the points of a Karma their UTC, on the line between the two
// nearest pairs.
func (r *reader) settle() {
	slices.SortFunc(r.pairs, func(a, b pair) int {
		switch {
		case a.upMs < b.upMs:
			return -1
		case a.upMs > b.upMs:
			return 1
		}
		return 0
	})
	if len(r.pairs) == 0 {
		return
	}
	for _, u := range r.uptimes {
		utc, ok := r.at(u.upMs)
		if !ok || u.block >= len(r.out.Blocks) {
			continue
		}
		b := &r.out.Blocks[u.block]
		b.Points[u.point].UTCMs, b.Points[u.point].HasUTC = utc, true
		if !b.HasUTC {
			b.UTCMs, b.HasUTC = utc, true
		}
	}
}

// at interpolates, and extends the outermost line.
func (r *reader) at(upMs float64) (utcMs int64, ok bool) {
	j := 1
	for j < len(r.pairs)-1 && r.pairs[j].upMs < upMs {
		j++
	}
	a := r.pairs[0]
	utc := a.utcMs + upMs - a.upMs
	if j < len(r.pairs) {
		a, b := r.pairs[j-1], r.pairs[j]
		utc = a.utcMs + upMs - a.upMs
		if b.upMs > a.upMs {
			utc = a.utcMs + (b.utcMs-a.utcMs)*(upMs-a.upMs)/(b.upMs-a.upMs)
		}
	}
	if !(utc > float64(y2kMs) && utc < maxUTCMs) {
		return 0, false
	}
	return int64(math.Round(utc)), true
}
