package coord

import (
	"fmt"
	"math"
	"strings"

	"whenwhere/internal/geo"
)

// angle is one coordinate: degrees with their sign, the size of the last digit in degrees, and the axis if it is said.
type angle struct {
	deg, unit float64
	axis      rune // 'φ', 'λ' or 0
	marked    bool // minutes, seconds or marks were written
}

func toAngle(tokens []token) (a angle, err error) {
	w, err := collect(tokens)
	if err != nil {
		return a, err
	}
	for i, m := range w.marks {
		if m != '?' && byte(m) != "dms"[i] {
			return a, fmt.Errorf("the marks are not degrees, minutes, seconds in that order")
		}
	}
	minus := w.parts[0].negative
	if minus && w.negative {
		return a, fmt.Errorf("a minus beside a hemisphere of south or west")
	}
	if a, err = sum(w.parts); err != nil {
		return a, err
	}
	if minus || w.negative {
		a.deg = -a.deg
	}
	a.axis, a.marked = w.axis, w.marks != "" && w.marks != "?" || len(w.parts) > 1
	return a, nil
}

// written is an angle as it stands in a text.
type written struct {
	parts    []token // one to three numbers
	marks    string  // d, m or s behind each number, ? behind one that has none; not always behind the last
	axis     rune    // 'φ', 'λ' or 0
	negative bool    // south or west
}

func collect(tokens []token) (w written, err error) {
	for i, t := range tokens {
		switch {
		case t.kind == '0':
			if len(w.parts) == 3 {
				return w, fmt.Errorf("more than degrees, minutes and seconds")
			}
			w.parts = append(w.parts, t)
			if len(w.marks) < len(w.parts)-1 {
				w.marks += "?"
			}
		case isLetter(t.kind):
			if w.axis != 0 || i != 0 && i != len(tokens)-1 {
				return w, fmt.Errorf("a hemisphere stands inside a number or twice")
			}
			if w.axis = 'λ'; strings.ContainsRune("nsφ", t.kind) {
				w.axis = 'φ'
			}
			w.negative = t.kind == 's' || t.kind == 'w'
		default:
			if len(w.parts) == 0 || len(w.marks) >= len(w.parts) {
				return w, fmt.Errorf("a mark (%c) without its number", t.kind)
			}
			w.marks += map[rune]string{'°': "d", '\'': "m", '"': "s"}[t.kind]
		}
	}
	if len(w.parts) == 0 {
		return w, fmt.Errorf("a coordinate without a number")
	}
	return w, nil
}

// sum adds degrees, minutes and seconds, without their sign.
func sum(parts []token) (a angle, err error) {
	for i, p := range parts {
		last, size := i == len(parts)-1, math.Pow(60, float64(i))
		switch {
		case i > 0 && p.negative:
			return a, fmt.Errorf("minus %v inside an angle", p.value)
		case !last && p.decimals > 0:
			return a, fmt.Errorf("%v is not whole, and minutes or seconds follow", p.value)
		case i > 0 && p.value >= 60:
			return a, fmt.Errorf("%v minutes or seconds; they end at 60", p.value)
		}
		a.deg += p.value / size
		a.unit = math.Pow(10, -float64(max(0, p.decimals))) / size
	}
	return a, nil
}

// order says which of two angles is the latitude.
func order(a, b angle) ([]Reading, error) {
	form := FormDecimal
	if a.marked || b.marked {
		form = FormDMS
	}
	if a.axis != 0 || b.axis != 0 {
		if a.axis == b.axis || a.axis == 0 || b.axis == 0 {
			return nil, fmt.Errorf("hemispheres or labels do not make one latitude and one longitude")
		}
		if a.axis == 'λ' {
			a, b = b, a
		}
		if !within(a.deg, b.deg) {
			return nil, outside(a, b)
		}
		return []Reading{reading(form, a, b, "")}, nil
	}
	var out []Reading
	if within(a.deg, b.deg) {
		out = append(out, reading(form, a, b, "read as lat, lon"))
	}
	if within(b.deg, a.deg) && a.deg != b.deg {
		out = append(out, reading(form, b, a, "read as lon, lat"))
	}
	switch len(out) {
	case 0:
		return nil, outside(a, b)
	case 1:
		if a.deg != b.deg {
			out[0].Note += ": the other order is no place"
		}
	}
	return out, nil
}

func outside(a, b angle) error {
	return fmt.Errorf("%v and %v are not a latitude within 90 and a longitude within 180 degrees", a.deg, b.deg)
}

func reading(form Form, lat, lon angle, note string) Reading {
	return Reading{Form: form, At: geo.LatLon{Lat: lat.deg, Lon: lon.deg}, RadiusM: math.Max(minRadiusM, cellRadiusM(lat.deg, lat.unit, lon.unit)), Note: note}
}

// minRadiusM keeps radii above 0 where a program wrote fifteen digits; nobody's footage is placed to a millimetre.
const minRadiusM = 0.001
