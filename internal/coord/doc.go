// Package coord reads and prints coordinates as people write them, and says when they look mistyped.
//
// Reading. Parse takes decimal pairs, degrees with minutes and seconds (any quotation marks, hemisphere letters in Latin
// or Cyrillic), MGRS, plus codes (full, or short beside a reference), geo: URIs and links to maps, which are never opened.
// It promises:
//
//   - Every legal reading is returned. A pair without hemispheres is "lat, lon" first and "lon, lat" second, when both
//     are places; nobody chooses silently.
//   - A reading has a radius: what the writing leaves open. 48.2, 37.6 names a cell 11 km high, and its radius says so.
//     It is the precision of the writing, not the accuracy of whoever measured.
//   - What is no pair of coordinates at all is ErrNone, so that a caller can take it for a name; what is one, and wrong,
//     is an Error with the reason.
//
// Printing. Decimal, DMS, MGRS, PlusCode and GeoURI.
//
// Suspecting. Suspect says which slip of the hand would explain a position that is far from what the record names:
// swapped axes, a dropped, added, replaced or transposed digit, a sign, 0,0. It gives the repaired place and how far from
// the evidence both are. It never corrects.
//
// All is WGS 84. The package imports geo for distances and nothing else of the program.
package coord

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"whenwhere/internal/geo"
)

// Form is how a position was written.
type Form string

// The forms that Parse reads.
const (
	FormDecimal  Form = "decimal"
	FormDMS      Form = "dms"
	FormMGRS     Form = "mgrs"
	FormPlusCode Form = "plus_code"
	FormGeoURI   Form = "geo_uri"
	FormLink     Form = "map_link"
)

// Reading is one place that a text can mean.
type Reading struct {
	Form    Form
	At      geo.LatLon
	RadiusM float64 // what the writing leaves open, metres, above 0
	Note    string  // what was assumed, such as the order; empty when the text leaves nothing open
}

// Options say what a text is read beside.
type Options struct {
	Near *geo.LatLon // the reference of a short plus code
}

// MaxBytes is the longest text that is read; a link to a map has a few hundred.
const MaxBytes = 2048

// ErrNone says that a text holds no coordinates: it may be a name.
var ErrNone = errors.New("coord: no coordinates")

// Error says what is wrong with coordinates. Text is what was given.
type Error struct{ Text, Detail string }

func (e *Error) Error() string { return fmt.Sprintf("coordinates %q: %s", e.Text, e.Detail) }

// ReferenceError says that a short plus code needs a place near it. Locality is the rest of the text, if there is any.
type ReferenceError struct{ Code, Locality string }

func (e *ReferenceError) Error() string {
	return fmt.Sprintf("plus code %s: short: it needs a place near it", e.Code)
}

// Parse returns every reading of the text, the likeliest first. The error is ErrNone, a *ReferenceError or an *Error.
func Parse(text string, o Options) ([]Reading, error) {
	t := strings.TrimSpace(text)
	switch {
	case len(t) > MaxBytes:
		return nil, &Error{t[:32] + "...", fmt.Sprintf("%d bytes exceed the limit of %d", len(t), MaxBytes)}
	case !utf8.ValidString(t) || t == "":
		return nil, ErrNone
	case len(t) > 4 && strings.EqualFold(t[:4], "geo:"):
		return geoURI(t)
	case strings.Contains(t, "://"):
		return link(t)
	}
	for _, read := range []func(string, Options) ([]Reading, bool, error){plusCode, mgrs} {
		if readings, ok, err := read(t, o); ok {
			return readings, err
		}
	}
	return pair(t)
}

// metresPerDegree is the mean length of a degree of latitude, for radii only.
const metresPerDegree = 111_195.0

// cellRadiusM is half the diagonal of a cell of that many degrees.
func cellRadiusM(lat, heightDeg, widthDeg float64) float64 {
	return math.Hypot(heightDeg, widthDeg*math.Cos(lat*math.Pi/180)) / 2 * metresPerDegree
}

func within(lat, lon float64) bool {
	return lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 // false for NaN
}
