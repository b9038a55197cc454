package metadata

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Point locations in the short text form of ISO 6709:2008 annex H. The number of digits before the point tells degrees
// (2 and 3), degrees and minutes (4 and 5), degrees, minutes and seconds (6 and 7). Phones leave out leading zeros of
// plain degrees. The solidus at the end and the name of the reference system are optional.
var (
	iso6709Form = regexp.MustCompile(`^([+-])(\d{1,2}|\d{4}|\d{6})(\.\d*)?([+-])(\d{1,3}|\d{5}|\d{7})(\.\d*)?([+-]\d{1,9}(?:\.\d*)?)?(?:CRS[A-Za-z0-9_]{1,20})?/?$`)
	xmpForm     = regexp.MustCompile(`^(\d{1,3}),(\d{1,2})(?:(\.\d*)|,(\d{1,2}(?:\.\d*)?))?([NSEWnsew])$`)
)

// ISO6709 reads a position such as "+48.0512+037.2811+123.4/": degrees, north and east positive, and the altitude in
// metres when there is one. It does not say whether the position is possible on earth.
func ISO6709(text string) (lat, lon float64, altitudeM *float64, err error) {
	m := iso6709Form.FindStringSubmatch(text)
	if len(text) > 200 || m == nil || len(m[2]) > 2 && len(m[5]) != len(m[2])+1 || len(m[2]) <= 2 && len(m[5]) > 3 {
		return 0, 0, nil, fmt.Errorf("not a point of ISO 6709")
	}
	lat, err = sexagesimal(m[2], m[3], 2)
	if err != nil {
		return 0, 0, nil, err
	}
	lon, err = sexagesimal(m[5], m[6], 3)
	if err != nil {
		return 0, 0, nil, err
	}
	if m[1] == "-" {
		lat = -lat
	}
	if m[4] == "-" {
		lon = -lon
	}
	if alt, ok := decimal(m[7]); ok {
		altitudeM = &alt
	}
	return lat, lon, altitudeM, nil
}

// sexagesimal splits digits after the degrees into pairs of minutes and seconds; the fraction belongs to the last.
func sexagesimal(digits, fraction string, degreeDigits int) (float64, error) {
	parts := []string{digits}
	if len(digits) > degreeDigits {
		parts = []string{digits[:degreeDigits], digits[degreeDigits : degreeDigits+2]}
		if rest := digits[degreeDigits+2:]; rest != "" {
			parts = append(parts, rest)
		}
	}
	parts[len(parts)-1] += fraction
	return sum(parts)
}

// sum adds degrees, minutes and seconds; minutes and seconds must be below 60.
func sum(parts []string) (float64, error) {
	total := 0.0
	for i, p := range parts {
		v, err := strconv.ParseFloat(strings.TrimSuffix(p, "."), 64)
		if err != nil {
			return 0, fmt.Errorf("%q is no number", p)
		}
		if i > 0 && v >= 60 {
			return 0, fmt.Errorf("%v %s are not below 60", v, [3]string{"", "minutes", "seconds"}[i])
		}
		total += v / [3]float64{1, 60, 3600}[i]
	}
	return total, nil
}

// XMPCoordinate reads a GPSCoordinate of XMP (XMP specification part 2, 1.2.7.4): "48,3.07N" or "48,3,4N", with the
// letters of the two hemispheres, in upper case.
func XMPCoordinate(text string, positive, negative byte) (float64, error) {
	m := xmpForm.FindStringSubmatch(text)
	if len(text) > 64 || m == nil {
		return 0, fmt.Errorf("not degrees, minutes and hemisphere")
	}
	parts := []string{m[1], m[2] + m[3]}
	if m[4] != "" {
		parts = append(parts, m[4])
	}
	v, err := sum(parts)
	if err != nil {
		return 0, err
	}
	switch strings.ToUpper(m[5])[0] {
	case positive:
		return v, nil
	case negative:
		return -v, nil
	}
	return 0, fmt.Errorf("hemisphere %s is neither %c nor %c", m[5], positive, negative)
}
