package gazetteer

import (
	"strings"
	"unicode"
)

// Fold gives names that differ only in case, apostrophes, hyphens, spaces, stress marks, diacritics, ё/е or ґ/г one form.
func Fold(name string) string {
	var b strings.Builder
	var last rune
	space := false
	for _, r := range strings.ToLower(name) {
		switch r {
		case '\'', '’', '‘', '`', '´', 'ʼ', 'ʹ', 'ʾ', '′', '"', '“', '”', '″', '«', '»', '.', '(', ')':
			continue
		case '\u0306': // и with a breve apart is й
			if last == 'и' {
				b = replaceLast(b.String(), 'и', 'й')
			}
			continue
		case '\u0308':
			if last == 'і' {
				b = replaceLast(b.String(), 'і', 'ї')
			}
			continue
		case '-', '‐', '‑', '–', '—', '_', '/', ',':
			r = ' '
		}
		if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		if unicode.IsSpace(r) {
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		if plain, ok := plainLetters[r]; ok {
			b.WriteString(plain)
			last = 0
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

func replaceLast(text string, was, is rune) (b strings.Builder) {
	b.WriteString(strings.TrimSuffix(text, string(was)))
	b.WriteRune(is)
	return b
}

var plainLetters = func() map[rune]string {
	out := map[rune]string{'ё': "е", 'ґ': "г", 'æ': "ae", 'œ': "oe", 'ß': "ss", 'þ': "th"}
	for plain, with := range map[string]string{
		"a": "àáâãäåāăąǎ", "c": "çćĉċč", "d": "ďđð", "e": "èéêëēĕėęěə", "g": "ĝğġģ", "h": "ĥħḩ", "i": "ìíîïĩīĭįıǐ", "j": "ĵǰ", "k": "ķǩ", "l": "ĺļľŀł",
		"n": "ñńņňŉ", "o": "òóôõöøōŏőǒ", "r": "ŕŗř", "s": "śŝşšș", "t": "ţťŧț", "u": "ùúûüũūŭůűųǔ", "w": "ŵ", "y": "ýÿŷ", "z": "źżžẑ",
	} {
		for _, r := range with {
			out[r] = plain
		}
	}
	return out
}()

// scheme writes Cyrillic in Latin letters.
type scheme struct {
	name    string
	letters map[rune]string
	start   map[rune]string // at the start of a word
}

// The schemes. Sources: Cabinet of Ministers resolution 55 of 2010 (KMU); BGN/PCGN 1965 for Ukrainian and 1947 for
// Russian; the Russian passport form (ICAO 9303). What they share is in base.
func schemes(name string) []scheme {
	ukrainian := strings.ContainsAny(name, "іїєґ")
	russian := strings.ContainsAny(name, "ыэёъ")
	switch {
	case ukrainian && !russian:
		return ukrainianSchemes
	case russian && !ukrainian:
		return russianSchemes
	}
	return append(append([]scheme{}, ukrainianSchemes...), russianSchemes...)
}

var base = map[rune]string{'а': "a", 'б': "b", 'в': "v", 'д': "d", 'е': "e", 'ж': "zh", 'з': "z", 'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "o", 'п': "p",
	'р': "r", 'с': "s", 'т': "t", 'у': "u", 'ф': "f", 'х': "kh", 'ц': "ts", 'ч': "ch", 'ш': "sh", 'щ': "shch", 'ь': "", 'ъ': "", 'ы': "y", 'э': "e"}

func on(letters map[rune]string) map[rune]string {
	out := map[rune]string{}
	for r, s := range base {
		out[r] = s
	}
	for r, s := range letters {
		out[r] = s
	}
	return out
}

var ukrainianSchemes = []scheme{
	{"KMU 2010", on(map[rune]string{'г': "h", 'ґ': "g", 'є': "ie", 'и': "y", 'і': "i", 'ї': "i", 'й': "i", 'ю': "iu", 'я': "ia"}),
		map[rune]string{'є': "ye", 'ї': "yi", 'й': "y", 'ю': "yu", 'я': "ya"}},
	{"BGN/PCGN", on(map[rune]string{'г': "h", 'ґ': "g", 'є': "ye", 'и': "y", 'і': "i", 'ї': "yi", 'й': "y", 'ю': "yu", 'я': "ya"}), nil},
}

var russianSchemes = []scheme{
	{"BGN/PCGN", on(map[rune]string{'г': "g", 'ё': "yo", 'и': "i", 'й': "y", 'ю': "yu", 'я': "ya", 'і': "i", 'ї': "yi", 'є': "ye"}), map[rune]string{'е': "ye"}},
	{"passport", on(map[rune]string{'г': "g", 'ё': "e", 'и': "i", 'й': "i", 'ю': "iu", 'я': "ia", 'і': "i", 'ї': "i", 'є': "ie"}), nil},
}

func (s scheme) latin(folded string) string {
	var b strings.Builder
	start := true
	for _, r := range folded {
		text, ok := s.letters[r]
		if first, has := s.start[r]; start && has {
			text, ok = first, true
		}
		if !ok {
			text = string(r)
		}
		b.WriteString(text)
		start = r == ' '
	}
	return b.String()
}

func cyrillic(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
}

func latinScript(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r >= 'a' && r <= 'z' })
}

// loose gives Latin spellings that differ only by the scheme of their transliteration one form: Kharkiv and Harkiv,
// Zaporizhzhia and Zaporizhia, Yenakiieve, Enakieve and Jenakijeve.
func loose(folded string) string {
	t := looseLetters.Replace(folded)
	var b strings.Builder
	var last rune
	for _, r := range t {
		if r == last && r != ' ' {
			continue // doubled letters, and the runs of i that y and j make
		}
		b.WriteRune(r)
		last = r
	}
	t = b.String()
	t = strings.ReplaceAll(t, "ie", "e")
	return strings.ReplaceAll(t, "zhzh", "zh")
}

var looseLetters = strings.NewReplacer("kh", "h", "zgh", "zh", "tz", "ts", "tc", "ts", "ck", "k", "y", "i", "j", "i", "w", "v", "x", "ks", "zhzh", "zh")

// looseKeys are the loose forms of a name: of itself if it is Latin, of its transliterations if it is Cyrillic.
func looseKeys(folded string) []string {
	if !cyrillic(folded) {
		if !latinScript(folded) {
			return nil
		}
		return []string{loose(folded)}
	}
	var out []string
	for _, s := range schemes(folded) {
		key := loose(s.latin(folded))
		seen := false
		for _, k := range out {
			seen = seen || k == key
		}
		if !seen {
			out = append(out, key)
		}
	}
	return out
}
