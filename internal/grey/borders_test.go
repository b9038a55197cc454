package grey_test

import (
	"math/rand/v2"
	"testing"

	"whenwhere/internal/grey"
)

// framed puts a scene between bars of one level with noise as strong as JPEG's.
func framed(w, h int, in grey.Rect, level, noise int) []uint8 {
	rng := rand.New(rand.NewPCG(9, 9))
	luma := make([]uint8, w*h)
	for i := range luma {
		luma[i] = uint8(min(max(level+rng.IntN(2*noise+1)-noise, 0), 255))
	}
	inner := scene(4, in.Width(), in.Height())
	for y := range in.Height() {
		for x := range in.Width() {
			// A scene has contrast at its very edge, so that the true edge is the only right answer.
			luma[(in.Top+y)*w+in.Left+x] = inner[y*in.Width()+x]
			if x == 0 || y == 0 || x == in.Width()-1 || y == in.Height()-1 {
				luma[(in.Top+y)*w+in.Left+x] = uint8(level + 60*(1+(x+y)/5%2))
			}
		}
	}
	return luma
}

func TestContent(t *testing.T) {
	t.Parallel()
	all := grey.Rect{Right: 200, Bottom: 160}
	for name, c := range map[string]struct {
		in           grey.Rect
		level, noise int
		want         bool
	}{
		"letterbox":           {grey.Rect{Left: 0, Top: 35, Right: 200, Bottom: 125}, 0, 0, true},
		"with strong noise":   {grey.Rect{Left: 0, Top: 35, Right: 200, Bottom: 125}, 12, 10, true},
		"too strong":          {grey.Rect{Left: 0, Top: 35, Right: 200, Bottom: 125}, 50, 40, false},
		"pillars":             {grey.Rect{Left: 60, Top: 0, Right: 140, Bottom: 160}, 16, 2, true},
		"grey frame":          {grey.Rect{Left: 10, Top: 10, Right: 190, Bottom: 150}, 60, 3, true},
		"one side":            {grey.Rect{Left: 0, Top: 0, Right: 200, Bottom: 120}, 5, 1, true},
		"45 percent":          {grey.Rect{Left: 0, Top: 72, Right: 200, Bottom: 160}, 5, 1, true},
		"more than that":      {grey.Rect{Left: 0, Top: 73, Right: 200, Bottom: 160}, 5, 1, false},
		"none":                {all, 5, 1, false},
		"a line not worth it": {grey.Rect{Left: 0, Top: 2, Right: 200, Bottom: 158}, 5, 1, false},
	} {
		p := grey.Whole(framed(200, 160, c.in, c.level, c.noise), 200, 160)
		if got, ok := p.Content(); ok != c.want || ok && got != c.in {
			t.Errorf("%s: %v %t, want %v %t", name, got, ok, c.in, c.want)
		}
	}
}

// TestUniform: all of a black picture is border, and then nothing is.
func TestUniform(t *testing.T) {
	t.Parallel()
	for _, side := range []int{1, 2, 3, 100} {
		if r, ok := grey.Whole(make([]uint8, side*side), side, side).Content(); ok {
			t.Errorf("side %d: %v", side, r)
		}
	}
}

// TestTimeStamp: a small bright text in a bar does not end it.
func TestTimeStamp(t *testing.T) {
	t.Parallel()
	in := grey.Rect{Left: 0, Top: 35, Right: 200, Bottom: 125}
	luma := framed(200, 160, in, 0, 0)
	for y := 10; y < 18; y++ {
		for x := 20; x < 29; x++ {
			luma[y*200+x] = 255
		}
	}
	if got, ok := grey.Whole(luma, 200, 160).Content(); !ok || got != in {
		t.Errorf("%v %t, want %v", got, ok, in)
	}
}

// TestPart: a part is the same picture as its copy.
func TestPart(t *testing.T) {
	t.Parallel()
	const w, h = 203, 165
	luma := scene(6, w, h)
	r := grey.Rect{Left: 16, Top: 24, Right: 203, Bottom: 140}
	var cut []uint8
	for y := r.Top; y < r.Bottom; y++ {
		cut = append(cut, luma[y*w+r.Left:y*w+r.Right]...)
	}
	var reader grey.Reader
	var got, want grey.Grid
	if err := reader.Grid(grey.Whole(luma, w, h).Part(r), &got); err != nil {
		t.Fatal(err)
	}
	if err := reader.Grid(grey.Whole(cut, r.Width(), r.Height()), &want); err != nil || got != want {
		t.Errorf("the part differs from its copy: %v", err)
	}
	blocky := grey.Picture{Luma: luma, Stride: w, Width: w, Height: h, BlockPx: 8, FullWidthPx: 8*w - 3, FullHeightPx: 8 * h}
	part := blocky.Part(r)
	if part.FullWidthPx != 8*(203-16)-3 || part.FullHeightPx != 8*116 || part.Check() != nil {
		t.Errorf("%+v: %v", part, part.Check())
	}
}
