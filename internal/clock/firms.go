package clock

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"whenwhere/internal/timeset"
)

// Detection is a fire that a satellite saw (NASA FIRMS): burning there at the
// overpass.
type Detection struct {
	Place           LatLon
	ScanKm, TrackKm float64 // size of the pixel on the ground
	Satellite       string
	LowConfidence   bool
	Overpass        Stamp // one minute
}

// ReachM is how far from the pixel's centre the fire may be: half the pixel
// and 200 m for the geolocation (chronolocation design, 3.5).
func (d Detection) ReachM() float64 { return 500*max(d.ScanKm, d.TrackKm) + 200 }

// ErrFIRMS is the class of errors for tables that are not of FIRMS.
var ErrFIRMS = errors.New("not a FIRMS table")

const (
	maxFIRMSRows = 1_000_000
	maxPixelKm   = 10 // the widest MODIS pixel has 4.8 km
)

// FIRMS reads the CSV of NASA FIRMS (VIIRS or MODIS; the columns latitude,
// longitude, scan, track, acq_date and acq_time, in any order). acq_time is
// HHMM in UTC and may have lost leading zeros. A row that cannot be read is
// an error that names it: a hole in the table would look like no fire.
func FIRMS(r io.Reader, until time.Time) ([]Detection, error) {
	var out []Detection
	err := readTable(r, table{"firms", ErrFIRMS, []string{"latitude", "longitude", "scan", "track", "acq_date", "acq_time"}, maxFIRMSRows}, func(cell func(string) string) error {
		d, err := detection(cell, until)
		out = append(out, d)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func detection(cell func(string) string, until time.Time) (Detection, error) {
	var v [4]float64
	for i, name := range []string{"latitude", "longitude", "scan", "track"} {
		x, err := strconv.ParseFloat(cell(name), 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return Detection{}, fmt.Errorf("%s %q: %w", name, cell(name), ErrFIRMS)
		}
		v[i] = x
	}
	d := Detection{Place: LatLon{v[0], v[1]}, ScanKm: v[2], TrackKm: v[3], Satellite: cell("satellite")}
	if err := d.Place.validate(); err != nil {
		return Detection{}, err
	}
	if !(d.ScanKm > 0 && d.ScanKm <= maxPixelKm && d.TrackKm > 0 && d.TrackKm <= maxPixelKm) {
		return Detection{}, fmt.Errorf("pixel of %v x %v km: %w", d.ScanKm, d.TrackKm, ErrFIRMS)
	}
	d.LowConfidence = lowConfidence(cell("confidence"))
	d.Overpass = overpass(cell("acq_date"), cell("acq_time"), until)
	if !d.Overpass.Usable() {
		return Detection{}, fmt.Errorf("acq_date %q acq_time %q: %s: %w", cell("acq_date"), cell("acq_time"), strings.Join(d.Overpass.Flags, ", "), ErrFIRMS)
	}
	return d, nil
}

// lowConfidence: VIIRS writes l, n, h (or low, nominal, high); MODIS percent,
// of which FIRMS calls those under 30 low.
func lowConfidence(text string) bool {
	if n, err := strconv.Atoi(text); err == nil {
		return n < 30
	}
	return strings.HasPrefix(strings.ToLower(text), "l")
}

func overpass(date, clock string, until time.Time) Stamp {
	s := Stamp{Field: "firms", Raw: date + " " + clock, Kind: Product, Bound: Point, Basis: BasisSatellite}
	if len(date) != 10 || date[4] != '-' || date[7] != '-' || !isDigits(clock) || len(clock) > 4 {
		return s.refused(FlagBadFormat)
	}
	clock = strings.Repeat("0", 4-len(clock)) + clock + "00"
	if !isDigits(date[:4] + date[5:7] + date[8:]) {
		return s.refused(FlagBadFormat)
	}
	day := date[:4] + date[5:7] + date[8:]
	at, ok := compact(day, clock)
	if !ok {
		if _, exists := compact(day, "000000"); exists {
			return s.refused(FlagBadClock)
		}
		return s.refused(FlagBadCalendar)
	}
	return s.inUTC(span(at.dialMs(), minuteMs), until)
}

// Between is the bracket that two satellite views make: what the earlier one
// does not show yet and the later one shows (a crater, a fire) happened from
// the earlier on and not after the later. It is refused when they are not in
// that order, and when either makes no claim.
func Between(field string, before, after Stamp, until time.Time) Stamp {
	s := Stamp{Field: field, Raw: before.Raw + " .. " + after.Raw, Kind: Capture, Bound: Point, Zone: UTC, Basis: BasisSatellite}
	lo, okLo := before.Spans.Bounds()
	hi, okHi := after.Spans.Bounds()
	if !okLo || !okHi {
		return s.refused(FlagNoTime)
	}
	if lo.Lo >= hi.Hi {
		return s.refused(FlagOutOfOrder)
	}
	return s.inUTC(timeset.Of(timeset.Interval{Lo: lo.Lo, Hi: hi.Hi}), until)
}
