package grey_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/grey"
)

// scene is a picture with soft and hard edges and some noise.
func scene(seed uint64, w, h int) []uint8 {
	rng := rand.New(rand.NewPCG(seed, 7))
	luma := make([]uint8, w*h)
	for range 40 {
		x, y, dx, dy := rng.IntN(w), rng.IntN(h), 1+rng.IntN(w/2+1), 1+rng.IntN(h/2+1)
		v, slope := rng.IntN(256), rng.IntN(5)-2
		for j := y; j < min(y+dy, h); j++ {
			for i := x; i < min(x+dx, w); i++ {
				luma[j*w+i] = uint8(min(max(v+slope*(i-x)+rng.IntN(9)-4, 0), 255))
			}
		}
	}
	return luma
}

// published filters in the plain way: two box passes along rows and columns of the whole picture, then one sample a cell.
func published(luma []uint8, w, h int) grey.Grid {
	a := make([]float64, len(luma))
	for i, v := range luma {
		a[i] = float64(v)
	}
	for range 2 {
		a = boxes(a, w, h, 1, w)
		a = boxes(a, h, w, w, 1)
	}
	var g grey.Grid
	for i := range 64 {
		for j := range 64 {
			g[i*64+j] = a[int((float64(i)+0.5)*float64(h)/64)*w+int((float64(j)+0.5)*float64(w)/64)]
		}
	}
	return g
}

// boxes averages each of lines lines of n values over ceil(n/128) neighbours, the odd one to the right.
func boxes(in []float64, n, lines, step, lineStep int) []float64 {
	out := make([]float64, len(in))
	window := (n + 127) / 128
	for l := range lines {
		for i := range n {
			sum, count := 0.0, 0.0
			for j := i - (window - 1 - window/2); j <= i+window/2; j++ {
				if j >= 0 && j < n {
					sum, count = sum+in[l*lineStep+j*step], count+1
				}
			}
			out[l*lineStep+i*step] = sum / count
		}
	}
	return out
}

// TestGridIsThePublishedOne, for any sides, wide and narrow and smaller than the grid.
func TestGridIsThePublishedOne(t *testing.T) {
	t.Parallel()
	var r grey.Reader // one for all, so that a stale table shows
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 400).Draw(t, "w"), rapid.IntRange(1, 400).Draw(t, "h")
		luma := scene(rapid.Uint64().Draw(t, "seed"), w, h)
		want := published(luma, w, h)
		var got, float grey.Grid
		if err := r.Grid(grey.Whole(luma, w, h), &got); err != nil {
			t.Fatal(err)
		}
		levels := make([]float32, len(luma))
		for i, v := range luma {
			levels[i] = float32(v)
		}
		if err := r.FloatGrid(levels, w, h, &float); err != nil || float != got {
			t.Fatalf("from floats: %v", err)
		}
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-9 {
				t.Fatalf("%d x %d, sample %d: %g, want %g", w, h, i, got[i], want[i])
			}
		}
	})
}

// TestBlocks: of an even slope the means of blocks tell everything, but for what lies in the blocks at the edges. Levels
// rise by 2 or by a multiple of it a pixel, so that means are whole numbers.
func TestBlocks(t *testing.T) {
	t.Parallel()
	var r grey.Reader
	rapid.Check(t, func(t *rapid.T) {
		block := rapid.SampledFrom([]int{2, 4, 8}).Draw(t, "block")
		w, h := rapid.IntRange(3*block, 60).Draw(t, "w"), rapid.IntRange(3*block, 60).Draw(t, "h")
		right, down := 2*rapid.IntRange(0, 1).Draw(t, "right"), 2*rapid.IntRange(0, 1).Draw(t, "down")
		bw, bh := (w+block-1)/block, (h+block-1)/block
		means, luma := make([]uint8, bw*bh), make([]uint8, w*h)
		for i := range means {
			means[i] = uint8((right*(2*(i%bw)*block+block-1) + down*(2*(i/bw)*block+block-1)) / 2)
		}
		for i := range luma {
			luma[i] = uint8(right*(i%w) + down*(i/w))
		}
		p := grey.Picture{Luma: means, Stride: bw, Width: bw, Height: bh, BlockPx: block, FullWidthPx: w, FullHeightPx: h}
		var got, want grey.Grid
		if err := r.Grid(p, &got); err != nil {
			t.Fatal(err)
		}
		if err := r.Grid(grey.Whole(luma, w, h), &want); err != nil {
			t.Fatal(err)
		}
		for i := range got {
			x, y := (i%64*2+1)*w/128, (i/64*2+1)*h/128
			inside := x >= block && y >= block && x/block < bw-1 && y/block < bh-1
			if d := math.Abs(got[i] - want[i]); inside && d > 1e-9 || d > float64((right+down)*block) {
				t.Fatalf("%d x %d in blocks of %d, sample %d: %g, want %g", w, h, block, i, got[i], want[i])
			}
		}
	})
}

// TestSpectrum against the definition.
func TestSpectrum(t *testing.T) {
	t.Parallel()
	var r grey.Reader
	var g grey.Grid
	var s grey.Spectrum
	for i, v := range scene(3, 64, 64) {
		g[i] = float64(v)
	}
	r.Spectrum(&g, &s)
	for _, k := range [][2]int{{0, 0}, {0, 1}, {1, 0}, {7, 3}, {16, 16}, {15, 2}} {
		want := 0.0
		for i, x := range g {
			want += x * math.Cos(math.Pi*float64(k[0])*(float64(i/64)+0.5)/64) * math.Cos(math.Pi*float64(k[1])*(float64(i%64)+0.5)/64)
		}
		if got := s[k[0]*grey.Frequencies+k[1]]; math.Abs(got-want) > 1e-6 {
			t.Errorf("%v: %g, want %g", k, got, want)
		}
	}
}

// TestTurned: turning the spectrum is turning the picture. from says where a pixel of the turned picture lay.
func TestTurned(t *testing.T) {
	t.Parallel()
	const n = 63 // the last row and column
	for turn, from := range map[grey.Turn]func(x, y int) (int, int){
		grey.Original:   func(x, y int) (int, int) { return x, y },
		grey.Rotate90:   func(x, y int) (int, int) { return n - y, x }, // what was at the right is at the top
		grey.Rotate180:  func(x, y int) (int, int) { return n - x, n - y },
		grey.Rotate270:  func(x, y int) (int, int) { return y, n - x },
		grey.FlipX:      func(x, y int) (int, int) { return x, n - y },
		grey.FlipY:      func(x, y int) (int, int) { return n - x, y },
		grey.FlipPlus1:  func(x, y int) (int, int) { return y, x },
		grey.FlipMinus1: func(x, y int) (int, int) { return n - y, n - x },
	} {
		var r grey.Reader
		const w, h = 30, 20
		small := scene(8, w+3, h)
		p := grey.Whole(small, w+3, h).Part(grey.Rect{Left: 2, Top: 0, Right: w + 2, Bottom: h})
		whole, err := p.Turned(turn)
		if err != nil {
			t.Fatal(err)
		}
		for y := range whole.Height {
			for x := range whole.Width {
				// from speaks of a square; here the last column and row are others.
				fx, fy := from(x, y)
				if fx > n/2 {
					fx -= n - (w - 1)
				}
				if fy > n/2 {
					fy -= n - (h - 1)
				}
				if got, want := whole.Luma[y*whole.Stride+x], small[fy*(w+3)+fx+2]; got != want {
					t.Fatalf("turn %d at %d,%d: %d, want %d", turn, x, y, got, want)
				}
			}
		}
		var g, turned grey.Grid
		var s, want grey.Spectrum
		for i, v := range scene(5, 64, 64) {
			g[i] = float64(v)
		}
		for i := range turned {
			x, y := from(i%64, i/64)
			turned[i] = g[y*64+x]
		}
		r.Spectrum(&g, &s)
		r.Spectrum(&turned, &want)
		got := s.Turned(turn)
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-6 {
				t.Errorf("turn %d, coefficient %d: %g, want %g", turn, i, got[i], want[i])
				break
			}
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	good := grey.Picture{Luma: make([]uint8, 100), Stride: 10, Width: 9, Height: 10, BlockPx: 8, FullWidthPx: 65, FullHeightPx: 80}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*grey.Picture){
		"no width":    func(p *grey.Picture) { p.FullWidthPx = 0 },
		"huge height": func(p *grey.Picture) { p.FullHeightPx = grey.MaxSidePx + 1 },
		"no block":    func(p *grey.Picture) { p.BlockPx = 0 },
		"wide block":  func(p *grey.Picture) { p.BlockPx = 65 },
		"samples":     func(p *grey.Picture) { p.Width = 8 },
		"stride":      func(p *grey.Picture) { p.Stride = 8 },
		"short":       func(p *grey.Picture) { p.Luma = p.Luma[:98] },
	} {
		p := good
		spoil(&p)
		var r grey.Reader
		if err := r.Grid(p, new(grey.Grid)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := good.Turned(grey.FlipX); err == nil {
		t.Error("blocks are turned")
	}
	var r grey.Reader
	if err := r.Grid(grey.Picture{}, new(grey.Grid)); err == nil {
		t.Error("the zero picture is accepted")
	}
}

// TestStdDev at its ends.
func TestStdDev(t *testing.T) {
	t.Parallel()
	var g grey.Grid
	if d := g.StdDev(); d != 0 {
		t.Errorf("black: %g", d)
	}
	for i := range g {
		g[i] = float64(i % 2 * 255)
	}
	if d := g.StdDev(); d != 127.5 {
		t.Errorf("stripes: %g", d)
	}
}

func TestNoAllocations(t *testing.T) {
	luma := scene(1, 512, 384)
	var r grey.Reader
	var g grey.Grid
	var s grey.Spectrum
	allocs := testing.AllocsPerRun(3, func() {
		if err := r.Grid(grey.Whole(luma, 512, 384), &g); err != nil {
			t.Fatal(err)
		}
		r.Spectrum(&g, &s)
		s.Turned(grey.FlipY)
	})
	if allocs != 0 {
		t.Errorf("%g allocations a picture", allocs)
	}
}

func BenchmarkGrid512(b *testing.B) {
	luma := scene(1, 512, 512)
	var r grey.Reader
	var g grey.Grid
	var s grey.Spectrum
	for b.Loop() {
		if err := r.Grid(grey.Whole(luma, 512, 512), &g); err != nil {
			b.Fatal(err)
		}
		r.Spectrum(&g, &s)
	}
}
