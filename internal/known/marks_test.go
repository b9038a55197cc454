package known_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/grey"
	"whenwhere/internal/known"
	"whenwhere/internal/marks"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// pictured is a print with the marks of a picture of rectangles, always the same for a seed, and of hashes that have
// nothing in common with others.
func pictured(t *testing.T, seed uint64, part grey.Rect) pipeline.Print {
	t.Helper()
	const w, h = 320, 240
	rng := rand.New(rand.NewPCG(7, seed))
	p := grey.Whole(make([]uint8, w*h), w, h)
	for range 400 {
		side, x, y, v := 4+rng.IntN(h/4), rng.IntN(w), rng.IntN(h), uint8(20+rng.IntN(215))
		for dy := range min(side, h-y) {
			for dx := range min(side*3/2, w-x) {
				p.Luma[(y+dy)*w+x+dx] = v
			}
		}
	}
	if part != (grey.Rect{}) {
		p = p.Part(part)
	}
	var f marks.Finder
	set, err := f.Of(p, grey.Original)
	must(t, err)
	out := look("upright", 0, 1000+seed*1000+uint64(part.Right))
	out.Marks = set.Bytes()
	return out
}

// TestLookByMarks: a crop, of which no hash is near, among more pictures than are compared.
func TestLookByMarks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for n := byte(1); n <= 60; n++ {
		b.measured(n, pictured(t, uint64(n), grey.Rect{}))
		b.known(store.Known{Media: id(n)})
	}
	crop := grey.Rect{Left: 30, Top: 20, Right: 280, Bottom: 210}
	b.measured(70, pictured(t, 33, crop))
	b.incident("cropped", "", 70)
	want := []string{" known/210000000000: "}
	check := func(when string, change ...func(*known.Config)) {
		c := b.open(change...)
		defer b.close(c)
		seen, err := c.Look(t.Context(), id(70), []pipeline.Print{pictured(t, 33, crop)})
		must(t, err)
		var got []string
		for _, s := range seen.Sightings {
			if !s.SameBytes {
				got = append(got, s.Entry.Incident+" "+s.Entry.Name+": ")
				if s.Like.Marks == nil {
					t.Errorf("%s: not by marks: %+v", when, s.Like)
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
		touched, err := c.Touched(t.Context(), []pipeline.MediaID{id(33)})
		must(t, err)
		if diff := cmp.Diff([]string{"cropped"}, touched); diff != "" {
			t.Errorf("%s: touched (-want +got):\n%s", when, diff)
		}
	}
	check("read only, without an index", readOnly)
	check("first time")
	check("opened again")
	check("read only", readOnly)
	if len(b.said) > 0 {
		t.Error(b.said)
	}
}
