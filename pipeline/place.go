package pipeline

import (
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// Place is a disc on the WGS 84 ellipsoid. It marshals with the keys lon, lat and radius_m.
type Place struct {
	Lon     float64 `json:"lon"`      // degrees, east positive, -180 to 180
	Lat     float64 `json:"lat"`      // degrees, north positive, -90 to 90
	RadiusM float64 `json:"radius_m"` // metres, above 0
}

// MaxPlaceRadiusM is the largest radius a place may have: about the width of an oblast. A wider claim locates nothing.
const MaxPlaceRadiusM = 200_000

// Check says what is wrong with the place, if anything.
func (p Place) Check() error {
	switch {
	case !finite(p.Lon) || p.Lon < -180 || p.Lon > 180:
		return fmt.Errorf("lon: %v is not within -180 to 180", p.Lon)
	case !finite(p.Lat) || p.Lat < -90 || p.Lat > 90:
		return fmt.Errorf("lat: %v is not within -90 to 90", p.Lat)
	case p.Lon == 0 && p.Lat == 0:
		return fmt.Errorf("lon, lat: 0,0 is what an absent position looks like, not a place")
	case !finite(p.RadiusM) || p.RadiusM <= 0 || p.RadiusM > MaxPlaceRadiusM:
		return fmt.Errorf("radius_m: %v is not above 0 and at most %d", p.RadiusM, MaxPlaceRadiusM)
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Span is a half-open interval of UTC time, [From, To).
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Check says what is wrong with the span, if anything.
func (s Span) Check() error {
	switch {
	case s.From.IsZero():
		return fmt.Errorf("from: missing")
	case s.To.IsZero():
		return fmt.Errorf("to: missing")
	case !s.From.Before(s.To):
		return fmt.Errorf("to: %s is not after from %s", s.To.Format(time.RFC3339Nano), s.From.Format(time.RFC3339Nano))
	}
	return nil
}

// Duration is the length of the span.
func (s Span) Duration() time.Duration { return s.To.Sub(s.From) }

// Overlaps reports whether the two spans share any instant.
func (s Span) Overlaps(o Span) bool { return s.From.Before(o.To) && o.From.Before(s.To) }

// String is the span as people read it.
func (s Span) String() string {
	return s.From.Format(time.RFC3339) + " to " + s.To.Format(time.RFC3339)
}

// UnmarshalJSON reads RFC 3339 times, which always carry their offset, and keeps them in UTC.
func (s *Span) UnmarshalJSON(b []byte) error {
	type plain Span
	var p plain
	if err := json.Unmarshal(b, &p); err != nil {
		return err
	}
	*s = Span{From: p.From.UTC(), To: p.To.UTC()}
	return nil
}
