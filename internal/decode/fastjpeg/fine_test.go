package fastjpeg

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

func quarter(data []byte) (Picture, error) {
	return new(Reader).Quarter(bytes.NewReader(data), int64(len(data)), roomy)
}

// offsets counts how far the levels of p are from the means of 4x4 pixels of image/jpeg's full decode of data, where no
// pixel is clamped; the last bin holds all farther ones.
func offsets(t testing.TB, name string, p Picture, data []byte) (bins [6]int) {
	t.Helper()
	pix, stride, err := lumaOf(data)
	if err != nil {
		t.Fatalf("%s: image/jpeg: %v", name, err)
	}
	for i, level := range p.Luma {
		x, y := i%p.WidthPx, i/p.WidthPx
		block := pix[8*(y/2)*stride+8*(x/2):]
		if _, clamped := blockMean(block, stride); clamped {
			continue
		}
		sum := 8
		for dy := range 4 {
			for _, v := range block[(4*(y&1)+dy)*stride+4*(x&1):][:4] {
				sum += int(v)
			}
		}
		d := int(level) - sum/16
		bins[min(max(d, -d), len(bins)-1)]++
	}
	return bins
}

// TestQuarterExact leaves only the coefficients in a file that the reader takes: then both must say the same, but for the
// rounding of 16 pixels.
func TestQuarterExact(t *testing.T) {
	t.Parallel()
	odd := map[int]bool{0: true, 1: true, 2: true, 4: true, 6: true, 9: true, 11: true, 13: true}
	compared := 0
	for _, size := range [][2]int{{1, 1}, {4, 5}, {9, 12}, {13, 8}, {200, 150}} {
		for _, quality := range []int{20, 75, 98} {
			name := fmt.Sprint(size, " quality ", quality)
			data := encoded(t, size[0], size[1], quality)
			if p, err := quarter(data); err != nil || p.BlockPx != 4 || p.WidthPx != (size[0]+3)/4 || p.HeightPx != (size[1]+3)/4 {
				t.Fatalf("%s: %v, %d x %d", name, err, p.WidthPx, p.HeightPx)
			}
			for _, all := range []bool{false, true} { // the even ones cancel out
				data := requantised(data, func(k int, q uint8) uint8 {
					if odd[k] || all && k < lowCoefs {
						return q
					}
					return 0
				})
				p, err := quarter(data)
				if err != nil {
					t.Fatal(err)
				}
				bins := offsets(t, name, p, data)
				compared += bins[0]
				if bins[2]+bins[3]+bins[4]+bins[5] > 0 {
					t.Errorf("%s: levels 0, 1, 2 ... from the mean: %v", name, bins)
				}
			}
		}
	}
	if compared < 1000 {
		t.Errorf("only %d levels were compared", compared)
	}
}

// TestQuarterSharedFiles states how far real photos are from the full decode.
func TestQuarterSharedFiles(t *testing.T) {
	t.Parallel()
	var bins [6]int
	files, total := 0, 0
	for name, data := range shared(t) {
		p, err := quarter(data)
		if g, errGrey := read(data); errGrey == nil && !g.Progressive && err != nil || errGrey != nil && err == nil {
			t.Errorf("%s: quarter %v, eighth %v", name, err, errGrey)
		}
		if err != nil || p.FullWidthPx < 64 || p.FullHeightPx < 64 || len(data) > 500<<10 { // for time
			continue
		}
		files++
		for i, n := range offsets(t, name, p, data) {
			bins[i] += n
			total += n
		}
	}
	t.Logf("%d files, %d levels; 0, 1, 2, 3, 4 and more from the mean of 16 pixels: %v", files, total, bins)
	if files < 80 || (bins[0]+bins[1])*100 < total*95 {
		t.Error("too far, or too few")
	}
}

func TestQuarterOfProgressive(t *testing.T) {
	t.Parallel()
	data, ok := progressive(t)
	if !ok {
		t.Skip("cjpeg is not installed")
	}
	if _, err := quarter(data); !errors.Is(err, ErrUnsupported) {
		t.Errorf("%v", err)
	}
}

// TestQuarterRestarts: restarts, samplings and odd sizes give what the same coefficients give without them.
func TestQuarterRestarts(t *testing.T) {
	t.Parallel()
	img := photo(333, 211)
	for _, sample := range []string{"1x1", "2x1", "1x2", "2x2", "4x2", "3x1"} {
		var want Picture
		for _, more := range [][]string{nil, {"-restart", "1B"}, {"-restart", "7B"}, {"-restart", "1"}, {"-optimize"}} {
			data, err := cjpeg(img, append([]string{"-sample", sample}, more...)...)
			if err != nil {
				t.Skip("cjpeg is not installed")
			}
			p, err := quarter(data)
			if err != nil {
				t.Fatalf("%s %v: %v", sample, more, err)
			}
			if want.Luma == nil {
				want = p
			}
			if !bytes.Equal(p.Luma, want.Luma) {
				t.Errorf("%s %v: %d levels differ", sample, more, differ(p.Luma, want.Luma))
			}
		}
	}
}
