package coord

import (
	"fmt"
	"math"
	"strconv"

	"whenwhere/internal/geo"
)

// Decimal prints "lat, lon" with six decimals, a tenth of a metre.
func Decimal(at geo.LatLon) string { return fmt.Sprintf("%.6f, %.6f", zero(at.Lat), zero(at.Lon)) }

// zero has no sign, also after rounding.
func zero(v float64) float64 {
	if math.Abs(v) < 5e-7 {
		return 0
	}
	return v
}

// DMS prints degrees, minutes and seconds to a tenth, 3 metres.
func DMS(at geo.LatLon) string {
	return sexagesimal(at.Lat, "N", "S") + " " + sexagesimal(at.Lon, "E", "W")
}

func sexagesimal(deg float64, plus, minus string) string {
	tenths := int64(math.Round(math.Abs(deg) * 36_000)) // of a second: 59.96 carries over to the minute
	side := plus
	if deg < 0 && tenths > 0 {
		side = minus
	}
	return fmt.Sprintf("%d°%02d′%04.1f″%s", tenths/36_000, tenths/600%60, float64(tenths%600)/10, side)
}

// GeoURI prints RFC 5870; a radius above 0 becomes its uncertainty.
func GeoURI(at geo.LatLon, radiusM float64) string {
	text := fmt.Sprintf("geo:%.6f,%.6f", zero(at.Lat), zero(at.Lon))
	if radiusM > 0 {
		text += ";u=" + strconv.FormatFloat(math.Ceil(radiusM), 'f', -1, 64)
	}
	return text
}
