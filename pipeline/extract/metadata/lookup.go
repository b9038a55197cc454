package metadata

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"unicode"

	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
)

func isSkip(err error) bool {
	var skip *pipeline.SkipError
	return errors.As(err, &skip)
}

// find returns the first tag of that name; our own walk's come first. dir "Exif" looks in IFD0 too, where raw formats
// keep the same tags. IFD1 describes the thumbnail and is never asked.
func (s *stated) find(dir, name string) (wire.Tag, bool) {
	for _, t := range s.tags.Tags {
		if t.Dir == dir && t.Name == name {
			return t, true
		}
	}
	if dir == "Exif" {
		return s.find("IFD0", name)
	}
	return wire.Tag{}, false
}

// text returns the raw text of a tag, "" when it is absent or no text.
func (s *stated) text(dir, name string) string {
	t, ok := s.find(dir, name)
	if !ok || t.Text == nil {
		return ""
	}
	return *t.Text
}

// field is one place where a value may stand.
type field struct{ dir, name string }

// words returns the first of the fields that says something, without padding and control characters.
func (s *stated) words(fields ...field) string {
	for _, f := range fields {
		if w := clean(s.text(f.dir, f.name)); w != "" {
			return w
		}
	}
	return ""
}

func clean(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, text))
}

// number returns the first element of a numeric tag. A value that is no finite number is a defect.
func (s *stated) number(dir, name string) (float64, bool) {
	t, ok := s.find(dir, name)
	if !ok {
		return 0, false
	}
	v, ok := numberOf(t)
	if !ok {
		s.defect(dir+" "+name, "%s is no finite number: unused", shown(t))
	}
	return v, ok
}

func numberOf(t wire.Tag) (float64, bool) {
	switch {
	case len(t.Rats) > 0:
		return ratio(t.Rats[0])
	case len(t.Ints) > 0:
		return float64(t.Ints[0]), true
	case len(t.Floats) > 0:
		return decimal(t.Floats[0])
	case t.Text != nil:
		return decimal(*t.Text)
	}
	return 0, false
}

func ratio(r wire.Rat) (float64, bool) {
	if r.Den == 0 {
		return 0, false
	}
	return float64(r.Num) / float64(r.Den), true
}

// decimal reads a plain decimal number; strconv alone would take Inf, hexadecimal and underscores too.
func decimal(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > 64 || strings.Trim(text, "+-.0123456789eE") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// shown spells a value for a defect.
func shown(t wire.Tag) string {
	const maxShown = 60
	var out string
	switch {
	case t.Text != nil:
		out = strconv.Quote(*t.Text)
	case len(t.Rats) > 0:
		parts := make([]string, len(t.Rats))
		for i, r := range t.Rats {
			parts[i] = strconv.FormatInt(r.Num, 10) + "/" + strconv.FormatInt(r.Den, 10)
		}
		out = strings.Join(parts, " ")
	case len(t.Ints) > 0:
		parts := make([]string, len(t.Ints))
		for i, n := range t.Ints {
			parts[i] = strconv.FormatInt(n, 10)
		}
		out = strings.Join(parts, " ")
	default:
		out = strings.Join(t.Floats, " ")
	}
	if len(out) > maxShown {
		return strings.ToValidUTF8(out[:maxShown], "") + "..."
	}
	return out
}
