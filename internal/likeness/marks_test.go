package likeness_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"whenwhere/internal/grey"
	"whenwhere/internal/likeness"
	"whenwhere/internal/marks"
	"whenwhere/pipeline"
)

// scene is a picture of rectangles that hide one another.
func scene(seed uint64, w, h int) grey.Picture {
	rng := rand.New(rand.NewPCG(7, seed))
	luma := make([]uint8, w*h)
	for range 400 {
		side, x, y, v := 4+rng.IntN(h/4), rng.IntN(w), rng.IntN(h), uint8(20+rng.IntN(215))
		for dy := range min(side, h-y) {
			for dx := range min(side*3/2, w-x) {
				luma[(y+dy)*w+x+dx] = v
			}
		}
	}
	return grey.Whole(luma, w, h)
}

// marked gives a print the marks of a picture.
func marked(t *testing.T, p pipeline.Print, of grey.Picture) pipeline.Print {
	t.Helper()
	var f marks.Finder
	set, err := f.Of(of, grey.Original)
	if err != nil {
		t.Fatal(err)
	}
	p.Marks = set.Bytes()
	return p
}

// TestMarks: pictures whose hashes have nothing in common.
func TestMarks(t *testing.T) {
	t.Parallel()
	const w, h = 320, 240
	picture := scene(1, w, h)
	cropped := picture.Part(grey.Rect{Left: 40, Top: 30, Right: 296, Bottom: 222}) // 64 percent
	mirrored, err := cropped.Turned(grey.FlipY)
	if err != nil {
		t.Fatal(err)
	}
	framed := marked(t, look("upright", 250, 250), cropped)
	framed.AtMs = new(int64)
	for _, tt := range []struct {
		name  string
		asked pipeline.Print
		says  string // empty if it is not alike
	}{
		{"a crop", marked(t, look("upright", 250, 250), cropped), "64 % of what is there"},
		{"a mirrored crop", marked(t, look("upright", 250, 250), mirrored), "mirrored, 64 % of what is there"},
		{"a stranger", marked(t, look("upright", 250, 250), scene(2, w, h)), ""},
		{"a frame of a movie", framed, ""},
		{"no marks", look("upright", 250, 250), ""},
	} {
		l, ok := compare(t, of(t, tt.asked), of(t, marked(t, look("upright", 0, 0), picture)))
		if ok != (tt.says != "") {
			t.Fatalf("%s: alike %t: %+v", tt.name, ok, l)
		}
		if !ok {
			continue
		}
		if text := l.From("x.jpg"); !strings.HasSuffix(text, tt.says) || !strings.Contains(text, " points agree with x.jpg over ") {
			t.Errorf("%s: %s", tt.name, text)
		}
		if m := l.Marks; m == nil || m.Agree < 30 || m.Agree > m.Of || math.Abs(m.Scale-1) > 0.01 || math.Abs(m.ShowsSeen-0.64) > 0.02 {
			t.Errorf("%s: %+v", tt.name, m)
		}
	}
}

// TestMarksOf: hashes come first, and marks that cannot be are refused.
func TestMarksOf(t *testing.T) {
	t.Parallel()
	picture := scene(1, 320, 240)
	same := []pipeline.Print{marked(t, look("upright", 0, 0), picture)}
	f := of(t, same...)
	if l, ok := compare(t, f, f); !ok || l.Marks != nil {
		t.Errorf("alike %t by marks, though the hashes are the same: %+v", ok, l)
	}
	some, mirrored := f.Marks(likeness.IndexedMarks, false), f.Marks(likeness.IndexedMarks, true)
	if len(some) != likeness.IndexedMarks || len(mirrored) != len(some) || some[0].Code == mirrored[0].Code {
		t.Errorf("%d marks, %d mirrored", len(some), len(mirrored))
	}
	same[0].Marks = same[0].Marks[1:]
	if _, err := likeness.Of(same); err == nil {
		t.Error("marks cut: no error")
	}
}
