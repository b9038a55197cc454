package marks

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/grey"
)

// The map of an edit is known, because the test makes it.
func TestFindEdits(t *testing.T) {
	t.Parallel()
	const w, h = 640, 480
	tests := []struct {
		name       string
		w, h       int
		scale, deg float64 // pixels of the original for one of the copy, and its turn
		mirrored   bool
		showsSeen  float64
	}{
		{name: "itself", w: w, h: h, scale: 1, showsSeen: 1},
		{name: "crop to 80 percent", w: 512, h: 384, scale: 1, showsSeen: 0.64},
		{name: "half size", w: 320, h: 240, scale: 2, showsSeen: 1},
		{name: "crop to a half, shown larger", w: 600, h: 450, scale: 0.5333, showsSeen: 0.25},
		{name: "turned by 7", w: w, h: h, scale: 1, deg: 7, showsSeen: 0.9},
		{name: "turned by 90", w: h, h: w, scale: 1, deg: 90, showsSeen: 1},
		{name: "mirrored", w: w, h: h, scale: 1, mirrored: true, showsSeen: 1},
		{name: "mirrored, turned by 20 and cropped", w: 500, h: 400, scale: 1, deg: 20, mirrored: true, showsSeen: 0.65},
	}
	p := drawn(3, w, h)
	seen := setOf(t, p)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			copied := warped(p, tt.w, tt.h, about(w, h, tt.w, tt.h, tt.scale, tt.deg))
			if tt.mirrored {
				var err error
				if copied, err = copied.Turned(grey.FlipY); err != nil {
					t.Fatal(err)
				}
			}
			asked := setOf(t, copied)
			m := Find(&asked, &seen)
			if !m.Alike() || m.Mirrored != tt.mirrored {
				t.Fatalf("alike %v: %+v", m.Alike(), m)
			}
			if math.Abs(m.Scale*tt.scale-1) > 0.02 || math.Abs(m.TurnDeg-tt.deg) > 1 || math.Abs(m.ShowsSeen-tt.showsSeen) > 0.05 {
				t.Errorf("scale %.3f, turn %.2f, shows %.2f; want %.3f, %.0f, %.2f", m.Scale, m.TurnDeg, m.ShowsSeen, 1/tt.scale, tt.deg, tt.showsSeen)
			}
			if back := Find(&seen, &asked); !back.Alike() {
				t.Errorf("the other way: %+v", back)
			}
		})
	}
}

// Strangers are not alike, nor when they wear the same things.
func TestFindStrangers(t *testing.T) {
	t.Parallel()
	const w, h, n = 320, 240, 14
	worn := map[string]func(grey.Picture) grey.Picture{
		"nothing": func(p grey.Picture) grey.Picture { return p },
		"a caption bar": func(p grey.Picture) grey.Picture {
			return over(p, drawn(100, w, 30), 0, 0)
		},
		"a logo": func(p grey.Picture) grey.Picture { return over(p, drawn(101, 60, 40), w-64, 4) },
		"a screen": func(p grey.Picture) grey.Picture {
			screen := drawn(102, 180, 380)
			return over(screen, warped(p, 180, 135, Transform{A: float64(w) / 180, D: float64(h) / 135}), 0, 100)
		},
	}
	for name, wear := range worn {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sets []Set
			for i := range n {
				sets = append(sets, setOf(t, wear(drawn(uint64(200+i), w, h))))
			}
			for i := range sets {
				for j := range i {
					if m := Find(&sets[i], &sets[j]); m.Alike() {
						t.Errorf("%d and %d: %+v", i, j, m)
					}
				}
			}
		})
	}
}

// Two houses with rows of the same windows are strangers, however many corners agree.
func TestFindWindows(t *testing.T) {
	t.Parallel()
	house := func(seed uint64) Set {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := drawn(seed, 320, 240)
		box(p.Luma, 320, 20, 20, 280, 200, 150)
		top, left := 26+rng.IntN(8), 26+rng.IntN(8)
		for y := top; y+20 <= 215; y += 26 {
			for x := left; x+14 <= 290; x += 22 {
				if rng.IntN(8) > 0 {
					box(p.Luma, 320, x, y, 12, 16, 210)
					box(p.Luma, 320, x+2, y+2, 8, 12, 60)
				}
			}
		}
		return setOf(t, p)
	}
	var houses []Set
	for seed := range uint64(6) {
		houses = append(houses, house(seed))
	}
	most := 0
	for i := range houses {
		for j := range houses {
			m := Find(&houses[i], &houses[j])
			if m.Alike() != (i == j) {
				t.Errorf("%d and %d: %+v", i, j, m)
			}
			if i != j {
				most = max(most, m.Pairs)
			}
		}
	}
	if most < 12 {
		t.Errorf("at most %d pairs agree: the windows prove nothing", most)
	}
}

// over lays q on p.
func over(p, q grey.Picture, left, top int) grey.Picture {
	out := grey.Whole(bytes.Clone(p.Luma), p.Width, p.Height)
	for y := range q.Height {
		copy(out.Luma[(top+y)*p.Width+left:][:q.Width], q.Luma[y*q.Stride:])
	}
	return out
}

// The codes of a mirrored picture are the mirrored codes.
func TestMirrored(t *testing.T) {
	t.Parallel()
	p := drawn(4, 320, 240)
	s := setOf(t, p)
	q, err := p.Turned(grey.FlipY)
	if err != nil {
		t.Fatal(err)
	}
	of := setOf(t, q)
	near := 0
	for _, m := range s.Mirrored().Marks {
		for _, o := range of.Marks {
			if o.Level == m.Level && math.Abs(float64(o.X)-float64(m.X)) < 24 && math.Abs(float64(o.Y)-float64(m.Y)) < 24 && distance(&o.Code, &m.Code) < 24 {
				near++
				break
			}
		}
	}
	if near*4 < 3*len(of.Marks) {
		t.Errorf("%d of %d marks are those of the mirrored picture", near, len(of.Marks))
	}
	once := s.Mirrored()
	if diff := cmp.Diff(s, once.Mirrored()); diff != "" {
		t.Errorf("mirrored twice (-want +got):\n%s", diff)
	}
}

func TestOfTurned(t *testing.T) {
	t.Parallel()
	p := drawn(5, 300, 200)
	for turn := grey.Original; turn < grey.Turns; turn++ {
		turned, err := p.Turned(turn)
		if err != nil {
			t.Fatal(err)
		}
		var f Finder
		got, err := f.Of(p, turn)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(setOf(t, turned), got); diff != "" {
			t.Errorf("turn %d (-turned before +by Of):\n%s", turn, diff)
		}
	}
}

func TestOfSmallFlatAndInvalid(t *testing.T) {
	t.Parallel()
	var f Finder
	flat := grey.Whole(bytes.Repeat([]uint8{128}, 200*100), 200, 100)
	for name, p := range map[string]grey.Picture{"one pixel": drawn(1, 1, 1), "a line": drawn(1, 9000, 2), "39 high": drawn(1, 200, 39), "flat": flat} {
		s, err := f.Of(p, grey.Original)
		if err != nil || len(s.Marks) > 0 {
			t.Errorf("%s: %d marks, error %v; want none", name, len(s.Marks), err)
		}
		if _, err := Parse(s.Bytes()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := f.Of(grey.Picture{Width: 5}, grey.Original); err == nil {
		t.Error("a picture without levels: no error")
	}
	empty := setOf(t, flat)
	some := setOf(t, drawn(1, 200, 150))
	if m := Find(&empty, &some); m.Pairs > 0 || m.Alike() {
		t.Errorf("a flat picture: %+v", m)
	}
}

// A Finder that saw other sizes finds the same, and allocates results only.
func TestFinderKeepsNothing(t *testing.T) { // not parallel: it counts allocations
	var f Finder
	want := setOf(t, drawn(8, 320, 240))
	for _, size := range [][2]int{{900, 700}, {60, 400}, {320, 240}} {
		if _, err := f.Of(drawn(9, size[0], size[1]), grey.Original); err != nil {
			t.Fatal(err)
		}
	}
	p := drawn(8, 320, 240)
	got, err := f.Of(p, grey.Original)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-fresh +used):\n%s", diff)
	}
	if n := testing.AllocsPerRun(5, func() { _, _ = f.Of(p, grey.Original) }); n > 1 { // the marks themselves
		t.Errorf("%.0f allocations", n)
	}
	if len(got.Marks) < 100 || len(got.Marks) > MaxMarks {
		t.Errorf("%d marks", len(got.Marks))
	}
}

// The marks of a picture reduced by its reader are those of the whole picture, nearly.
func TestMeansOfBlocks(t *testing.T) {
	t.Parallel()
	p := drawn(6, 1280, 960)
	q := grey.Picture{Luma: make([]uint8, 320*240), Stride: 320, Width: 320, Height: 240, BlockPx: 4, FullWidthPx: 1280, FullHeightPx: 960}
	for i := range q.Luma {
		sum := 0
		for k := range 16 {
			sum += int(p.Luma[(i/320*4+k/4)*1280+i%320*4+k%4])
		}
		q.Luma[i] = uint8((sum + 8) / 16)
	}
	a, b := setOf(t, p), setOf(t, q)
	m := Find(&a, &b)
	if !m.Alike() || m.Pairs < 110 || math.Abs(m.Scale-1) > 0.001 {
		t.Errorf("%+v", m)
	}
}
