package coord

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"whenwhere/internal/geo"
)

// The grid: NGA.STND.0037_2.0.0_GRIDS, universal grids and grid reference systems. Zones of 6 degrees on the transverse
// Mercator projection; squares of 100 km named by two letters, which repeat every 18 degrees of longitude and every
// 2,000 km of northing. The polar areas (A, B, Y, Z) are not read.
const (
	bands      = "CDEFGHJKLMNPQRSTUVWX" // of 8 degrees from 80 south; X has 12
	rowLetters = "ABCDEFGHJKLMNPQRSTUV"
	squareM    = 100_000.0
	cycleM     = 2_000_000.0
	falseEastM = 500_000.0
	falseSouth = 10_000_000.0
)

var columnLetters = [3]string{"STUVWXYZ", "ABCDEFGH", "JKLMNPQR"} // by zone mod 3

var mgrsPattern = regexp.MustCompile(`^(?i)(\d{1,2}) *([A-Z]) *([A-Z]) *([A-Z]) *(\d*) *(\d*)$`)

func mgrs(text string, _ Options) ([]Reading, bool, error) {
	m := mgrsPattern.FindStringSubmatch(text)
	if m == nil {
		return nil, false, nil
	}
	r, err := readMGRS(m)
	if err != nil {
		return nil, true, &Error{text, "MGRS: " + err.Error()}
	}
	return []Reading{r}, true, nil
}

func readMGRS(m []string) (r Reading, err error) {
	zone, _ := strconv.Atoi(m[1]) // two digits
	band, column, row := strings.IndexAny(bands, strings.ToUpper(m[2])), 0, 0
	switch {
	case zone < 1 || zone > 60:
		return r, fmt.Errorf("zone %d; they go from 1 to 60", zone)
	case band < 0:
		return r, fmt.Errorf("band %s; the bands are %s (the poles are not read)", m[2], bands)
	case bands[band] == 'X' && (zone == 32 || zone == 34 || zone == 36):
		return r, fmt.Errorf("zone %dX does not exist", zone)
	}
	if column = strings.Index(columnLetters[zone%3], strings.ToUpper(m[3])); column < 0 {
		return r, fmt.Errorf("column %s is none of zone %d, which has %s", m[3], zone, columnLetters[zone%3])
	}
	if row = strings.Index(rowLetters, strings.ToUpper(m[4])); row < 0 {
		return r, fmt.Errorf("row %s; the rows are %s", m[4], rowLetters)
	}
	east, north, sizeM, err := within100km(m[5], m[6])
	if err != nil {
		return r, err
	}
	if zone%2 == 0 {
		row = (row + 15) % 20 // the rows of even zones begin five letters later
	}
	east += float64(column+1) * squareM
	north += float64(row) * squareM
	at, ok := inBand(zone, band, east, north, sizeM)
	if !ok {
		return r, fmt.Errorf("square %s%s is not in zone %d%s", m[3], m[4], zone, m[2])
	}
	return Reading{Form: FormMGRS, At: at, RadiusM: sizeM / math.Sqrt2, Note: squareNote(sizeM)}, nil
}

func squareNote(sizeM float64) string {
	if sizeM >= 1000 {
		return fmt.Sprintf("middle of a square of %v km", sizeM/1000)
	}
	return fmt.Sprintf("middle of a square of %v m", sizeM)
}

// within100km reads the digits; a pair with fewer than five names a larger square.
func within100km(first, second string) (east, north, sizeM float64, err error) {
	digits := first + second
	if second != "" && len(first) != len(second) || len(digits)%2 != 0 || len(digits) > 10 {
		return 0, 0, 0, fmt.Errorf("%d and %d digits; easting and northing have the same number, up to five", len(first), len(second))
	}
	n := len(digits) / 2
	sizeM = math.Pow(10, float64(5-n))
	if n > 0 {
		e, _ := strconv.Atoi(digits[:n]) // five digits
		no, _ := strconv.Atoi(digits[n:])
		east, north = float64(e)*sizeM, float64(no)*sizeM
	}
	return east, north, sizeM, nil
}

// inBand finds the one repetition of the rows in which the middle of the cell lies in its band.
func inBand(zone, band int, east, north, sizeM float64) (at geo.LatLon, ok bool) {
	lo := -80 + 8*float64(band)
	hi := lo + 8
	if band == len(bands)-1 {
		hi = 84
	}
	reach := 4.0 // degrees from the middle of the zone: its squares end 0.6 beyond its 3 at the equator
	if strings.ContainsRune("VX", rune(bands[band])) {
		reach = 6.7 // 32V and the zones of Svalbard are wider
	}
	slack := sizeM/metresPerDegree + 0.01 // a square may lie across the border of its band
	for start := -falseSouth; start < falseSouth; start += cycleM {
		p := fromUTM(zone, east+sizeM/2, start+north+sizeM/2)
		if p.Lat >= lo-slack && p.Lat <= hi+slack && math.Abs(lonDiff(p.Lon, middle(zone))) <= reach {
			return p, true
		}
	}
	return at, false
}

func middle(zone int) float64 { return float64(zone)*6 - 183 }

func lonDiff(a, b float64) float64 { return math.Remainder(a-b, 360) }

// zoneOf is the zone with its exceptions in Norway and Svalbard.
func zoneOf(at geo.LatLon) int {
	zone := int(math.Floor((at.Lon+180)/6))%60 + 1
	switch {
	case at.Lat >= 56 && at.Lat < 64 && at.Lon >= 3 && at.Lon < 12:
		return 32
	case at.Lat >= 72 && at.Lon >= 0 && at.Lon < 9:
		return 31
	case at.Lat >= 72 && at.Lon >= 9 && at.Lon < 21:
		return 33
	case at.Lat >= 72 && at.Lon >= 21 && at.Lon < 33:
		return 35
	case at.Lat >= 72 && at.Lon >= 33 && at.Lon < 42:
		return 37
	}
	return zone
}

// MGRS prints the square of the place with that many digits (1 to 5) each of easting and northing: 5 is one metre. ok is
// false at the poles, beyond 84 north and 80 south, and for a place that is none.
func MGRS(at geo.LatLon, digits int) (text string, ok bool) {
	if !within(at.Lat, at.Lon) || at.Lat >= 84 || at.Lat < -80 || digits < 1 || digits > 5 {
		return "", false
	}
	zone := zoneOf(at)
	east, north := toUTM(zone, at)
	if north < 0 {
		north += falseSouth
	}
	column := int(east/squareM) - 1
	row := int(north/squareM) % 20
	if zone%2 == 0 {
		row = (row + 5) % 20
	}
	band := min(int((at.Lat+80)/8), len(bands)-1)
	if column < 0 || column > 7 {
		return "", false
	}
	size := math.Pow(10, float64(5-digits))
	return fmt.Sprintf("%02d%c %c%c %0*d %0*d", zone, bands[band], columnLetters[zone%3][column], rowLetters[row],
		digits, int(math.Mod(east, squareM)/size), digits, int(math.Mod(north, squareM)/size)), true
}
