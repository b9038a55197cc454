package coord

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"whenwhere/internal/geo"
)

// Open Location Codes by their published specification (github.com/google/open-location-code, Documentation/Specification).
const (
	olcDigits = "23456789CFGHJMPQRVWX"
	olcPairs  = 10 // digits in pairs, each 20 times finer; further ones divide the cell in 5 rows and 4 columns
	olcMax    = 15
	olcPlus   = 8          // digits before the plus
	olcLat    = 25_000_000 // smallest rows in a degree: 8000 x 5^5
	olcLon    = 8_192_000  // smallest columns in a degree: 8000 x 4^5
)

var olcPattern = regexp.MustCompile(`^(?i)([23456789CFGHJMPQRVWX]*0*)\+([23456789CFGHJMPQRVWX]*)(?:[ ,]+(.+))?$`)

func plusCode(text string, o Options) ([]Reading, bool, error) {
	m := olcPattern.FindStringSubmatch(text)
	if m == nil {
		return nil, false, nil
	}
	head, tail := strings.ToUpper(m[1]), strings.ToUpper(m[2])
	bad := func(detail string) ([]Reading, bool, error) {
		return nil, true, &Error{text, "plus code: " + detail}
	}
	zeros := len(head) - len(strings.TrimRight(head, "0"))
	switch {
	case len(head)+len(tail) == 0:
		return nil, false, nil
	case len(head) > olcPlus || len(head)%2 != 0:
		return bad("the plus stands after the eighth digit, in a short code after an even number of them")
	case len(tail) == 1:
		return bad("one digit after the plus; they come in pairs there")
	case zeros > 0 && (zeros%2 != 0 || zeros == len(head) || len(head) < olcPlus || tail != ""):
		return bad("zeros pad a full code in pairs, and nothing follows them")
	}
	digits := strings.TrimRight(head, "0") + tail
	if len(head) == olcPlus {
		if strings.IndexByte(olcDigits, digits[0]) > 8 || len(digits) > 1 && strings.IndexByte(olcDigits, digits[1]) > 17 {
			return bad("its first two digits are no place on earth")
		}
		at, cell := olcDecode(digits)
		return []Reading{{FormPlusCode, at, cellRadiusM(at.Lat, cell.Lat, cell.Lon), ""}}, true, nil
	}
	if o.Near == nil {
		return nil, true, &ReferenceError{Code: strings.ToUpper(m[1] + "+" + m[2]), Locality: m[3]}
	}
	at, cell := olcRecover(digits, olcPlus-len(head), *o.Near)
	note := fmt.Sprintf("short code: the nearest such cell to %s", Decimal(*o.Near))
	return []Reading{{FormPlusCode, at, cellRadiusM(at.Lat, cell.Lat, cell.Lon), note}}, true, nil
}

// olcDecode gives the middle of the cell and its size in degrees.
func olcDecode(digits string) (at, cell geo.LatLon) {
	var lat, lon int64
	rows, columns := int64(20*20*olcLat), int64(20*20*olcLon) // 400 degrees: the first pair divides it by 20
	for i := 0; i < min(len(digits), olcMax); i++ {
		d := int64(strings.IndexByte(olcDigits, digits[i]))
		switch {
		case i >= olcPairs:
			rows, columns = rows/5, columns/4
			lat += d / 4 * rows
			lon += d % 4 * columns
		case i%2 == 0:
			rows /= 20
			lat += d * rows
		default:
			columns /= 20
			lon += d * columns
		}
	}
	cell = geo.LatLon{Lat: float64(rows) / olcLat, Lon: float64(columns) / olcLon}
	return geo.LatLon{Lat: math.Min(90, float64(lat)/olcLat-90+cell.Lat/2), Lon: float64(lon)/olcLon - 180 + cell.Lon/2}, cell
}

// olcRecover completes a code that lacks its first digits by the cell nearest to the reference.
func olcRecover(digits string, lacking int, near geo.LatLon) (at, cell geo.LatLon) {
	step := math.Pow(20, float64(2-lacking/2)) // degrees
	prefix := strings.ReplaceAll(PlusCode(near, olcPairs), "+", "")[:lacking]
	at, cell = olcDecode(prefix + digits)
	switch half := step / 2; {
	case near.Lat+half < at.Lat && at.Lat-step >= -90:
		at.Lat -= step
	case near.Lat-half > at.Lat && at.Lat+step <= 90:
		at.Lat += step
	}
	switch half := step / 2; {
	case near.Lon+half < at.Lon:
		at.Lon -= step
	case near.Lon-half > at.Lon:
		at.Lon += step
	}
	at.Lon = math.Remainder(at.Lon, 360)
	return at, cell
}

// PlusCode prints the cell of the place with 2, 4, 6, 8 or 10 to 15 digits; 10 is 14 metres, 11 is 3. Other lengths are
// taken as 10. Latitudes beyond a pole and longitudes beyond 180 are brought back, as the specification wants.
func PlusCode(at geo.LatLon, digits int) string {
	digits = min(digits, olcMax)
	if digits < 2 || digits < olcPairs && digits%2 != 0 {
		digits = olcPairs
	}
	lat, lon := olcWhole(at, digits)
	var code [olcMax]byte
	for i := olcMax - 1; i >= olcPairs; i-- {
		code[i] = olcDigits[lat%5*4+lon%4]
		lat, lon = lat/5, lon/4
	}
	for i := olcPairs - 2; i >= 0; i -= 2 {
		code[i], code[i+1] = olcDigits[lat%20], olcDigits[lon%20]
		lat, lon = lat/20, lon/20
	}
	if digits < olcPlus {
		return string(code[:digits]) + strings.Repeat("0", olcPlus-digits) + "+"
	}
	return string(code[:olcPlus]) + "+" + string(code[olcPlus:digits])
}

// olcWhole counts the smallest cells from the south pole and from 180 west.
func olcWhole(at geo.LatLon, digits int) (lat, lon int64) {
	const fuzz = 1e6 // rounds away what binary fractions lose, as the reference implementations do
	lat = int64(math.Floor(math.Round((math.Max(-90, math.Min(90, at.Lat))+90)*olcLat*fuzz) / fuzz))
	if at.Lat >= 90 {
		height := 20.0
		for i := 2; i < digits; i++ {
			switch {
			case i >= olcPairs:
				height /= 5
			case i%2 == 0:
				height /= 20
			}
		}
		lat -= int64(math.Round(height * olcLat))
	}
	lonDeg := math.Mod(at.Lon+180, 360)
	if lonDeg < 0 {
		lonDeg += 360
	}
	lon = int64(math.Floor(math.Round(lonDeg*olcLon*fuzz) / fuzz))
	return lat, lon % (360 * olcLon)
}
