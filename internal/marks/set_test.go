package marks

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRoundTrip(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		want := setOf(t, drawn(seed, 100+int(seed)*90, 80+int(seed)*70))
		b := want.Bytes()
		if len(b) > MaxBytes {
			t.Errorf("%d bytes", len(b))
		}
		got, err := Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	s := setOf(t, drawn(1, 320, 240))
	s.Marks = s.Marks[:3]
	good := s.Bytes()
	if _, err := Parse(good); err != nil {
		t.Fatal(err)
	}
	changed := func(at int, values ...byte) []byte {
		b := bytes.Clone(good)
		copy(b[at:], values)
		return b
	}
	for name, b := range map[string][]byte{
		"nothing":                  nil,
		"head cut":                 good[:13],
		"cut":                      good[:len(good)-1],
		"one byte more":            append(bytes.Clone(good), 0),
		"version":                  changed(0, 2),
		"count":                    changed(1, 4),
		"many":                     append([]byte{1, 121}, make([]byte, 12+121*38)...),
		"no width":                 changed(2, 0, 0),
		"no height":                changed(4, 0, 0),
		"too many pixels":          changed(2, 2, 0),
		"smaller than the reduced": changed(6, 0, 0, 0, 1),
		"enormous":                 changed(6, 2, 0, 0, 0),
		"beside the picture":       changed(14, 0xff, 0xff),
		"below the picture":        changed(16, 0xff, 0xff),
		"level":                    changed(18, 5),
		"direction":                changed(19, 64),
	} {
		if s, err := Parse(b); err == nil {
			t.Errorf("%s: no error, %d marks", name, len(s.Marks))
		}
	}
}

func FuzzParse(f *testing.F) {
	s := setOf(f, drawn(1, 320, 240))
	f.Add(s.Bytes())
	other := setOf(f, drawn(2, 160, 120))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Parse(b)
		if err != nil {
			return
		}
		if !bytes.Equal(s.Bytes(), b) {
			t.Error("read and written differ")
		}
		Find(&s, &other)
		Find(&other, &s)
	})
}
