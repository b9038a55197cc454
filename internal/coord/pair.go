package coord

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pair reads two numbers, or two angles of degrees, minutes and seconds.
func pair(text string) ([]Reading, error) {
	clean := normal(text)
	bad := func(format string, args ...any) error { return &Error{text, fmt.Sprintf(format, args...)} }
	commas := len(betweenDigits.FindAllString(clean, -1)) // overlapping ones are further numbers anyway
	if commas == 0 || strings.Contains(clean, ".") {
		tokens, err := tokenize(clean)
		if err != nil {
			return nil, err
		}
		readings, err := fromTokens(tokens)
		if err != nil {
			return nil, bad("%v", err)
		}
		return readings, nil
	}
	if wholePair.MatchString(clean) && clean != "0,0" {
		return nil, bad("one number with a decimal comma, or two whole degrees? Put a space after the comma, or write points")
	}
	points := betweenDigits.ReplaceAllString(clean, "$1.$2")
	asPoint, err := tokenize(points)
	if err != nil {
		return nil, err
	}
	decimal, errDecimal := fromTokens(asPoint)
	asSep, err := tokenize(clean)
	if err != nil {
		return nil, err
	}
	apart, errApart := fromTokens(asSep)
	switch {
	case errDecimal == nil && errApart == nil:
		return nil, bad("its commas can be decimal or between the numbers: write points")
	case errDecimal == nil:
		return decimal, nil
	case errApart == nil:
		return apart, nil
	}
	return nil, bad("%v", errDecimal)
}

var (
	betweenDigits = regexp.MustCompile(`(\d),(\d)`)
	wholePair     = regexp.MustCompile(`^[+-]?\d+,[+-]?\d+$`)
)

// words in place of letters, longest first where one starts another. Source: how Ukrainian and Russian maps and military
// reports abbreviate the hemispheres.
var words = func() (out []word) {
	for _, w := range [][2]string{
		{`північної\s+широти|северной\s+широты|пн\.?\s*ш\.?|с\.?\s*ш\.?`, " n "},
		{`південної\s+широти|южной\s+широты|пд\.?\s*ш\.?|ю\.?\s*ш\.?`, " s "},
		{`східної\s+довготи|восточной\s+долготы|сх\.?\s*д\.?|в\.?\s*д\.?`, " e "},
		{`західної\s+довготи|западной\s+долготы|зх\.?\s*д\.?|з\.?\s*д\.?`, " w "},
		{`latitude|широта|lat\b\.?`, " φ "}, {`longitude|довгота|долгота|lon\b\.?|lng\b\.?`, " λ "},
		{`north|північ|север`, " n "}, {`south|південь|юг`, " s "}, {`east|схід|восток`, " e "}, {`west|захід|запад`, " w "},
		{`пн\.?`, " n "}, {`пд\.?`, " s "}, {`сх\.?`, " e "}, {`зх\.?`, " w "},
		{`deg\.?|град\.?`, "°"}, {`min\.?|мин\.?|хв\.?`, "'"}, {`sec\.?|сек\.?`, `"`},
	} {
		out = append(out, word{regexp.MustCompile(w[0]), w[1]})
	}
	return out
}()

type word struct {
	pattern *regexp.Regexp
	as      string
}

// normal gives every mark one form: ° ' " - and hemispheres as n s e w.
func normal(text string) string {
	t := strings.ToLower(text)
	t = strings.Map(func(r rune) rune {
		switch r {
		case 'º', '˚', '∘':
			return '°'
		case '’', '‘', '′', 'ʹ', 'ʼ', '`', '´', '‛', '＇':
			return '\''
		case '”', '“', '″', 'ʺ', '‟', '„', '＂', '˝':
			return '"'
		case '−', '‐', '‑', '–', '—':
			return '-'
		}
		if unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' || r == '\u200e' || r == '\u200f' {
			return ' '
		}
		return r
	}, t)
	t = strings.ReplaceAll(t, "''", `"`)
	for _, w := range words {
		t = w.pattern.ReplaceAllString(t, w.as)
	}
	return strings.TrimSpace(t)
}

// token is a number, a mark or a hemisphere.
type token struct {
	kind     rune    // '0' a number; ° ' " ; n s e w; φ λ for labels; , a separator
	value    float64 // of a number, without its sign
	negative bool
	decimals int // digits after the point; -1 when there is no point
}

// hemispheres as single letters; Cyrillic ones as in the abbreviations of Ukrainian and Russian, and е typed for e.
var letters = map[rune]rune{'n': 'n', 's': 's', 'e': 'e', 'w': 'w', 'с': 'n', 'ю': 's', 'в': 'e', 'з': 'w', 'е': 'e', 'φ': 'φ', 'λ': 'λ', 'd': '°'}

func tokenize(t string) ([]token, error) {
	var out []token
	for i := 0; i < len(t); {
		r, size := utf8.DecodeRuneInString(t[i:])
		switch {
		case r == ' ' || r == ':' || r == '(' || r == ')' || r == '[' || r == ']' || r == '=':
		case r == ',' || r == ';' || r == '/' || r == '~' || r == '|':
			out = append(out, token{kind: ','})
		case r == '°' || r == '\'' || r == '"':
			out = append(out, token{kind: r})
		case r == '+' || r == '-' || r >= '0' && r <= '9' || r == '.':
			n, used, ok := number(t[i:])
			if !ok {
				return nil, ErrNone
			}
			out = append(out, n)
			size = used
		default:
			as, ok := letters[r]
			if !ok || len(out) > 0 && isLetter(out[len(out)-1].kind) && i > 0 && t[i-1] != ' ' {
				return nil, ErrNone
			}
			out = append(out, token{kind: as})
		}
		i += size
	}
	if count(out, '0') == 0 {
		return nil, ErrNone
	}
	return out, nil
}

func isLetter(kind rune) bool { return strings.ContainsRune("nsewφλ", kind) }

func number(t string) (token, int, bool) {
	n := token{kind: '0', decimals: -1}
	i := 0
	if t[0] == '-' || t[0] == '+' {
		n.negative = t[0] == '-'
		i++
	}
	start := i
	for i < len(t) && (t[i] >= '0' && t[i] <= '9' || t[i] == '.' && n.decimals < 0) {
		if t[i] == '.' {
			n.decimals = 0
		} else if n.decimals >= 0 {
			n.decimals++
		}
		i++
	}
	v, err := strconv.ParseFloat(t[start:i], 64)
	n.value = v
	return n, i, err == nil && i-start <= 24
}

func count(tokens []token, kind rune) (n int) {
	for _, t := range tokens {
		if t.kind == kind {
			n++
		}
	}
	return n
}

func fromTokens(tokens []token) ([]Reading, error) {
	first, second, err := split(tokens)
	if err != nil {
		return nil, err
	}
	a, err := toAngle(first)
	if err != nil {
		return nil, err
	}
	b, err := toAngle(second)
	if err != nil {
		return nil, err
	}
	return order(a, b)
}

// split parts the tokens of the two coordinates.
func split(tokens []token) (a, b []token, err error) {
	var seps []int
	for i, t := range tokens {
		if t.kind == ',' {
			seps = append(seps, i)
		}
	}
	if n := len(seps) - 1; n >= 0 && seps[n] == len(tokens)-1 { // a comma at the end of a copied line
		tokens, seps = tokens[:seps[n]], seps[:n]
	}
	switch len(seps) {
	case 0:
		at, err := splitAt(tokens)
		if err != nil {
			return nil, nil, err
		}
		return tokens[:at], tokens[at:], nil
	case 1:
		return tokens[:seps[0]], tokens[seps[0]+1:], nil
	}
	return nil, nil, fmt.Errorf("%d separators where one is between two coordinates", len(seps))
}

// splitAt finds where the second coordinate begins when nothing separates them.
func splitAt(tokens []token) (int, error) {
	var named, degrees, numbers []int
	for i, t := range tokens {
		switch {
		case isLetter(t.kind):
			named = append(named, i)
		case t.kind == '0':
			numbers = append(numbers, i)
		case t.kind == '°' && i > 0:
			degrees = append(degrees, i-1)
		}
	}
	switch {
	case len(numbers) < 2:
		return 0, fmt.Errorf("one number; a place needs latitude and longitude")
	case len(named) == 2 && named[0] == 0:
		return named[1], nil
	case len(named) == 2:
		return named[0] + 1, nil
	case len(degrees) == 2:
		return degrees[1], nil
	case len(numbers)%2 == 0 && len(numbers) <= 6 && len(named) == 0:
		return numbers[len(numbers)/2], nil
	}
	return 0, fmt.Errorf("%d numbers and %d hemispheres cannot be parted into latitude and longitude", len(numbers), len(named))
}
