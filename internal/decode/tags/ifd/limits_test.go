package ifd_test

import (
	"errors"
	"strings"
	"testing"

	"whenwhere/internal/decode/tags/ifd"
	. "whenwhere/internal/decode/tags/tagstest"
	"whenwhere/internal/decode/tags/window"
)

func entries(n int) []byte {
	var list [][]byte
	for range n {
		list = append(list, E(0x0112, 3, 1, 6))
	}
	return T(D(0, list...))
}

func dirs(n int) []byte {
	var list [][]byte
	for i := range n {
		next := 8 + 6*(i+1)
		if i == n-1 {
			next = 0
		}
		list = append(list, D(next))
	}
	return T(list...)
}

// values is n entries that share one value of 100 bytes in a block of 1000.
func values(n int) []byte {
	var list [][]byte
	for range n {
		list = append(list, E(0x010F, 2, 100, 900))
	}
	block := T(D(0, list...))
	return Cat(block, Z(1000-len(block)))
}

// Each limit: at it the block is sound, one beyond it is refused by name.
func TestLimits(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		at, beyond  []byte
		rule        string
		wantRefused bool
	}{
		{"entries", entries(1000), entries(1001), "1001 entries exceed 1000", true},
		{"directories", dirs(32), dirs(33), "more than 32 directories", true},
		{"sum of values", values(40), values(41), "values of 4100 bytes together exceed 4 x the block of 1000", true},
		{"value size", T(D(0, E(0x010F, 2, 26, 0))), T(D(0, E(0x010F, 2, 27, 0))), "27 x 1 bytes exceed the block of 26", false},
		{"value place", T(D(0, E(0x010F, 2, 6, 20))), T(D(0, E(0x010F, 2, 6, 21))), "value of 6 bytes at offset 21 lies outside the block of 26", false},
		{"pointer", T(D(0, E(0x8769, 4, 1, 26)), D(0)), T(D(0, E(0x8769, 3, 1, 26)), D(0)), "directory pointer has type 3 count 1, not LONG 1", false},
		{"type", T(D(0, E(0x010F, 13, 1, 0))), T(D(0, E(0x010F, 14, 1, 0))), "unknown type 14", false},
		{"table", T(D(0, E(0x0112, 3, 1, 6))), T(U16(2), E(0x0112, 3, 1, 6)), "2 entries at offset 8 reach beyond the block of 22", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if b, err := ifd.Walk(window.Of(c.at), "exif"); err != nil || !b.Sound() || len(b.Notes) != 0 {
				t.Errorf("at the limit: %v %+v", err, b)
			}
			b, err := ifd.Walk(window.Of(c.beyond), "exif")
			if err != nil {
				t.Fatal(err)
			}
			if b.Sound() || b.Refused != c.wantRefused || len(b.Notes) != 1 || !strings.Contains(b.Notes[0].Rule, c.rule) {
				t.Errorf("beyond: refused %v, notes %v", b.Refused, b.Notes)
			}
		})
	}
}

func TestNotTIFF(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "II*\x00", "II*\x00\x08\x00\x00", "II+\x00\x08\x00\x00\x00", "MM*\x00\x00\x00\x00\x08", "Exif\x00\x00II*\x00\x08\x00\x00\x00"} {
		if b, err := ifd.Walk(window.Of([]byte(s)), "exif"); !errors.Is(err, ifd.ErrNotTIFF) {
			t.Errorf("%q: %v, %v", s, b, err)
		}
	}
}
