package gpmf

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"
)

// gpsu reads "yymmddhhmmss.sss", UTC; the format is of this century.
func gpsu(text []byte) (ms int64, ok bool) {
	if len(text) < 16 {
		return 0, false
	}
	at, err := time.Parse("060102150405.000", string(text[:16]))
	// time.Parse takes 69 to 99 for the last century, before any such camera.
	if err != nil || at.Year() < 2000 {
		return 0, false
	}
	return at.UnixMilli(), true
}

// gps5 reads latitude, longitude, altitude and two speeds.
func (r *reader) gps5(b *Block, it item, scales []float64) error {
	if it.kind != 'l' || it.size != 20 || !usable(scales, 5) {
		return fmt.Errorf("GPS5 of type %q, size %d, %d scales: %w", it.kind, it.size, len(scales), ErrFormat)
	}
	for row := it.data; len(row) >= 20; row = row[20:] {
		r.add(b, Point{Lat: long(row) / scales[0], Lon: long(row[4:]) / scales[1], AltM: long(row[8:]) / scales[2]})
	}
	return r.full()
}

// gps9 reads latitude, longitude, altitude, two speeds, days since 2000,
// seconds since midnight, DOP and fix: seven of 32 bits and two of 16.
func (r *reader) gps9(b *Block, it item, scales []float64) error {
	if it.kind != '?' || it.size != 32 || !usable(scales, 9) {
		return fmt.Errorf("GPS9 of type %q, size %d, %d scales: %w", it.kind, it.size, len(scales), ErrFormat)
	}
	for row := it.data; len(row) >= 32; row = row[32:] {
		p := Point{Lat: long(row) / scales[0], Lon: long(row[4:]) / scales[1], AltM: long(row[8:]) / scales[2]}
		days, seconds := long(row[20:])/scales[5], long(row[24:])/scales[6]
		if days >= 0 && days < 36525 && seconds >= 0 && seconds < 86400 {
			p.UTCMs = y2kMs + int64(days)*86400000 + int64(math.Round(seconds*1000))
			p.HasUTC = true
		}
		if len(b.Points) == 0 {
			b.UTCMs, b.HasUTC = p.UTCMs, p.HasUTC
			b.DOP, b.HasDOP = float64(binary.BigEndian.Uint16(row[28:]))/scales[7], true
			fix := float64(binary.BigEndian.Uint16(row[30:])) / scales[8]
			b.Fix, b.HasFix = Fix(fix), fix == 0 || fix == 2 || fix == 3
		}
		r.add(b, p)
	}
	return r.full()
}

// y2kMs is 2000-01-01T00:00:00Z.
const y2kMs = int64(946684800000)
