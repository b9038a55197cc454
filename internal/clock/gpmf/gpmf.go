// Package gpmf reads the time and place from GoPro's telemetry (GPMF, the
// "GoPro Metadata Format" of gopro/gpmf-parser): the UTC of the receiver in
// GPSU, GPS9 or (the drone Karma) SYST, its quality, and the track.
//
// # What it promises
//
// It takes the raw telemetry, not the movie around it: one payload of a
// movie's gpmd track or several in a row. It accepts any bytes, bounds its
// work and its memory, and never panics; a payload that breaks off ends the
// reading with what was read and an error of class ErrFormat.
//
// A time is only as good as the fix: without one, cameras write their own
// clock or a default into GPSU, so each Block says its fix and the caller
// decides.
package gpmf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrFormat is the class of errors for bytes that are not GPMF.
var ErrFormat = errors.New("not GPMF")

// The limits. A payload holds one second; twelve hours at 18 points a second
// are 777,600 points.
const (
	MaxBytes  = 512 << 20
	MaxPoints = 1_000_000
	maxDepth  = 8
	maxScales = 64
)

// Point is a place of the track in degrees (WGS 84) and metres.
type Point struct {
	Lat, Lon, AltM float64
	// UTCMs is the time of this point, in GPS9 and from the drone Karma.
	UTCMs  int64
	HasUTC bool
}

// Fix is the state of the receiver: 0 none, 2 or 3 dimensions.
type Fix int

// Block is one stream of GPS data: about one second.
type Block struct {
	// UTCMs is the receiver's time at the block's first point, in
	// milliseconds since 1970.
	UTCMs  int64
	HasUTC bool
	Fix    Fix
	HasFix bool
	// DOP is the dilution of precision; above 5 places are poor (GoPro's
	// documentation), 99.99 is none.
	DOP    float64
	HasDOP bool
	Points []Point
}

// Telemetry is what the payloads hold, in their order.
type Telemetry struct {
	Device string // as named by the camera
	Blocks []Block
}

// Parse reads payloads of GPMF.
func Parse(data []byte) (Telemetry, error) {
	if len(data) > MaxBytes {
		return Telemetry{}, fmt.Errorf("gpmf: %d bytes exceed the limit of %d: %w", len(data), MaxBytes, ErrFormat)
	}
	r := reader{}
	if len(data) < 8 || string(data[:4]) != "DEVC" {
		return Telemetry{}, fmt.Errorf("gpmf: does not begin with a device: %w", ErrFormat)
	}
	err := r.walk(data, 0)
	r.settle()
	if err != nil {
		err = fmt.Errorf("gpmf: %w", err)
	}
	return r.out, err
}

type reader struct {
	out     Telemetry
	points  int
	pairs   []pair
	uptimes []uptime
}

// item is one entry: key, type, size of a structure, number of structures.
type item struct {
	key   string
	kind  byte
	size  int
	count int
	data  []byte
}

// next cuts the first entry off; entries are padded to four bytes.
func next(data []byte) (it item, rest []byte, err error) {
	if len(data) < 8 {
		return item{}, nil, fmt.Errorf("%d bytes left for an entry: %w", len(data), ErrFormat)
	}
	it = item{key: string(data[:4]), kind: data[4], size: int(data[5]), count: int(binary.BigEndian.Uint16(data[6:]))}
	n := it.size * it.count
	if n > len(data)-8 {
		return item{}, nil, fmt.Errorf("%q: %d x %d bytes exceed the %d that are left: %w", it.key, it.count, it.size, len(data)-8, ErrFormat)
	}
	it.data = data[8 : 8+n]
	return it, data[8+min(len(data)-8, (n+3)&^3):], nil
}

// walk enters devices and streams.
func (r *reader) walk(data []byte, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("nested over %d deep: %w", maxDepth, ErrFormat)
	}
	for len(data) > 0 {
		if allZero(data) { // payloads in files are padded
			return nil
		}
		it, rest, err := next(data)
		if err != nil {
			return err
		}
		data = rest
		switch {
		case it.key == "STRM" && it.kind == 0:
			if err := r.stream(it.data); err != nil {
				return err
			}
		case it.kind == 0:
			if err := r.walk(it.data, depth+1); err != nil {
				return err
			}
		case it.key == "DVNM" && it.kind == 'c' && r.out.Device == "":
			r.out.Device = printable(it.data)
		}
	}
	return nil
}

func allZero(b []byte) bool {
	for _, x := range b[:min(len(b), 8)] {
		if x != 0 {
			return false
		}
	}
	return true
}

// stream reads a stream and keeps it if it is one of GPS.
func (r *reader) stream(data []byte) error {
	var b Block
	var scales []float64
	isGPS := false
	for len(data) > 0 && !allZero(data) {
		it, rest, err := next(data)
		if err != nil {
			return err
		}
		data = rest
		switch it.key {
		case "SCAL":
			scales = numbers(it, maxScales)
		case "GPSU":
			b.UTCMs, b.HasUTC = gpsu(it.data)
			isGPS = true
		case "GPSF":
			if v := numbers(it, 1); len(v) == 1 && it.kind == 'L' {
				b.Fix, b.HasFix = Fix(v[0]), v[0] == 0 || v[0] == 2 || v[0] == 3
			}
		case "GPSP":
			if v := numbers(it, 1); len(v) == 1 {
				b.DOP, b.HasDOP = v[0]/100, true
			}
		case "GPS5":
			isGPS = true
			if err := r.gps5(&b, it, scales); err != nil {
				return err
			}
		case "SYST":
			if err := r.syst(it, scales); err != nil {
				return err
			}
		case "GLPI":
			isGPS = true
			if err := r.glpi(&b, it, scales); err != nil {
				return err
			}
		case "GPS9":
			isGPS = true
			if err := r.gps9(&b, it, scales); err != nil {
				return err
			}
		}
	}
	if isGPS {
		r.out.Blocks = append(r.out.Blocks, b)
	}
	return nil
}

// add keeps a place that exists; 0,0 is what cameras write without a fix.
func (r *reader) add(b *Block, p Point) {
	if !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180) || p.Lat == 0 && p.Lon == 0 || r.points >= MaxPoints {
		r.points++
		return
	}
	r.points++
	b.Points = append(b.Points, p)
}

func (r *reader) full() error {
	if r.points > MaxPoints {
		return fmt.Errorf("more than %d points: %w", MaxPoints, ErrFormat)
	}
	return nil
}

// usable: one divisor per column, none of them 0 or not finite.
func usable(scales []float64, columns int) bool {
	if len(scales) < columns {
		return false
	}
	for _, s := range scales[:columns] {
		if s == 0 || math.IsNaN(s) || math.IsInf(s, 0) {
			return false
		}
	}
	return true
}

func long(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) }

// numbers reads up to limit whole numbers of 16 or 32 bits.
func numbers(it item, limit int) []float64 {
	width := map[byte]int{'s': 2, 'S': 2, 'l': 4, 'L': 4}[it.kind]
	var out []float64
	for d := it.data; width > 0 && len(d) >= width && len(out) < limit; d = d[width:] {
		switch it.kind {
		case 's':
			out = append(out, float64(int16(binary.BigEndian.Uint16(d))))
		case 'S':
			out = append(out, float64(binary.BigEndian.Uint16(d)))
		case 'l':
			out = append(out, long(d))
		case 'L':
			out = append(out, float64(binary.BigEndian.Uint32(d)))
		}
	}
	return out
}

// printable keeps the ASCII of a name, at most 64 characters.
func printable(b []byte) string {
	var out []byte
	for _, c := range b[:min(len(b), 64)] {
		if c >= ' ' && c < 0x7f {
			out = append(out, c)
		}
	}
	return string(out)
}
