package second

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rwcarlsen/goexif/exif"
	"github.com/rwcarlsen/goexif/tiff"

	"whenwhere/internal/decode/tags/ifd"
	"whenwhere/internal/decode/wire"
)

// MaxGoexifBytes is the largest block that goexif gets: it holds every value as a slice of slices.
const MaxGoexifBytes = 1 << 20

// Goexif reads a block that the walk found sound. A block that goexif cannot read is no disagreement.
func Goexif(block []byte, walk []wire.Tag) (extra []wire.Tag, notes []wire.Note) {
	if len(block) > MaxGoexifBytes {
		return nil, nil
	}
	guard("goexif", &notes, func() {
		x, err := exif.Decode(bytes.NewReader(block))
		if x == nil || (err != nil && exif.IsCriticalError(err)) {
			return
		}
		w := walker{walk: walk}
		if err := x.Walk(&w); err != nil {
			return
		}
		extra, notes = merge("goexif", w.readings, walk)
	})
	return extra, notes
}

type walker struct {
	walk     []wire.Tag
	readings []reading
}

// Walk takes one field.
func (w *walker) Walk(field exif.FieldName, t *tiff.Tag) error {
	dir := "IFD0" // the same names as in Exif
	if strings.HasPrefix(string(field), "GPS") {
		dir = "GPS"
	}
	name, ok := ifd.Name(dir, t.Id)
	value, decoded := goexifValue(t)
	if !ok || !decoded || skipped[name] {
		return nil
	}
	if dir != "GPS" {
		dir = w.dirOf(name, value)
	}
	w.readings = append(w.readings, reading{dir: dir, name: name, value: value, shown: show(value), agrees: func(walk wire.Tag) bool {
		return agree(walk, value)
	}})
	return nil
}

// dirOf guesses the directory of a field, which goexif does not tell: where the walk has the same value, else where it
// has any, else where the standard puts dates and exposure.
func (w *walker) dirOf(name string, value wire.Tag) string {
	dir := ""
	for _, t := range w.walk {
		if t.Name != name || (t.Dir != "IFD0" && t.Dir != "Exif") {
			continue
		}
		if agree(t, value) {
			return t.Dir
		}
		dir = t.Dir
	}
	if dir == "" {
		return "Exif"
	}
	return dir
}

// goexifValue copies a value, at most as many elements as the walk does.
func goexifValue(t *tiff.Tag) (wire.Tag, bool) {
	var v wire.Tag
	n := int(min(t.Count, ifd.MaxElements))
	switch t.Format() {
	case tiff.StringVal:
		s, err := t.StringVal()
		if err != nil {
			return v, false
		}
		s = strings.ToValidUTF8(s[:min(len(s), ifd.MaxTextBytes)], "\uFFFD")
		v.Text = &s
	case tiff.IntVal:
		for i := range n {
			x, err := t.Int64(i)
			if err != nil {
				return v, false
			}
			v.Ints = append(v.Ints, x)
		}
	case tiff.RatVal:
		for i := range n {
			num, den, err := t.Rat2(i)
			if err != nil {
				return v, false
			}
			v.Rats = append(v.Rats, wire.Rat{Num: num, Den: den})
		}
	case tiff.FloatVal:
		for i := range n {
			x, err := t.Float(i)
			if err != nil {
				return v, false
			}
			v.Floats = append(v.Floats, strconv.FormatFloat(x, 'g', -1, 64))
		}
	default: // UNDEFINED: character codes, which the walk decodes and goexif does not
		return v, false
	}
	return v, n > 0
}

// agree compares raw values. Two spellings of a float, and text that one of them took for bytes, are compared as text.
func agree(a, b wire.Tag) bool {
	if a.Text != nil && b.Text != nil {
		return *a.Text == *b.Text
	}
	if a.Text != nil || b.Text != nil {
		return a.Text != nil && *a.Text == asciiOf(b.Ints)
	}
	if len(a.Floats) > 0 && len(a.Floats) == len(b.Floats) {
		for i := range a.Floats {
			x, _ := strconv.ParseFloat(a.Floats[i], 32)
			y, _ := strconv.ParseFloat(b.Floats[i], 32)
			if x != y && fmt.Sprint(x) != fmt.Sprint(y) {
				return false
			}
		}
		return true
	}
	return slices.Equal(a.Ints, b.Ints) && slices.Equal(a.Rats, b.Rats)
}

func asciiOf(ints []int64) string {
	s := make([]byte, 0, len(ints))
	for _, i := range ints {
		if i <= 0 || i > 255 {
			break
		}
		s = append(s, byte(i))
	}
	return string(s)
}
