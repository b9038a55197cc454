package fastjpeg

import (
	"bytes"
	"errors"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whenwhere/internal/decode/crashers"
)

// TestSharedFiles reads every photo of the shared data: the coefficients are those of image/jpeg, and the levels within 2
// of the mean of its fully decoded pixels, except where those were clamped (the mean of a clamped block is not its DC). The
// first is checked on files below 300 KB only, for time.
func TestSharedFiles(t *testing.T) {
	t.Parallel()
	off := [4]int{}
	accepted, clamped := 0, 0
	for name, data := range shared(t) {
		got, err := read(data)
		if err != nil {
			if !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrUnsupported) {
				t.Errorf("%s: %v", name, err)
			}
			_, _, full := lumaOf(data)
			t.Logf("%s: %v (image/jpeg: %v)", name, err, full)
			continue
		}
		if got.FullWidthPx < 64 || got.FullHeightPx < 64 {
			continue
		}
		if len(data) < 300<<10 && !agrees(t, name, data, 8) {
			t.Errorf("%s: image/jpeg does not accept it", name)
		}
		accepted++
		pix, stride, err := lumaOf(data)
		if err != nil {
			t.Errorf("%s: image/jpeg: %v", name, err)
			continue
		}
		for i, g := range got.Luma {
			mean, wasClamped := blockMean(pix[8*(i/got.WidthPx)*stride+8*(i%got.WidthPx):], stride)
			if wasClamped {
				clamped++
				continue
			}
			d := max(int(g)-mean, mean-int(g))
			if off[min(d, 3)]++; d > 2 {
				t.Fatalf("%s: block %d is %d, mean of its pixels %d", name, i, g, mean)
			}
		}
	}
	t.Logf("%d files; blocks 0, 1, 2 levels from the mean: %v; blocks with a pixel at 0 or 255, not compared: %d", accepted, off[:3], clamped)
	if accepted < 100 {
		t.Errorf("only %d files were accepted", accepted)
	}
}

func blockMean(pix []uint8, stride int) (mean int, clamped bool) {
	sum := 0
	for y := range 8 {
		for _, p := range pix[y*stride:][:8] {
			sum += int(p)
			clamped = clamped || p == 0 || p == 255
		}
	}
	return (sum + 32) / 64, clamped
}

// TestSharedFilesAsLibjpeg compares with libjpeg-turbo's own reduction, bit by bit.
func TestSharedFilesAsLibjpeg(t *testing.T) {
	t.Parallel()
	n := 0
	for name, data := range shared(t) {
		got, err := read(data)
		if err != nil || got.FullWidthPx < 64 || got.FullHeightPx < 64 {
			continue
		}
		n++
		if want := eighth(t, data); !bytes.Equal(got.Luma, want) {
			t.Errorf("%s: not as djpeg: %d of %d levels", name, differ(got.Luma, want), len(want))
		}
	}
	t.Logf("%d files bit-identical to djpeg -scale 1/8 -grayscale", n)
}

func differ(a, b []uint8) int {
	if len(a) != len(b) {
		return max(len(a), len(b))
	}
	n := 0
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// variants are what encoders may do. The scan scripts are libjpeg's (wizard.txt): components, coefficients, high and low bit.
func variants(t testing.TB) map[string][]string {
	dir := t.TempDir()
	script := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	all := map[string][]string{
		"grey":              {"-grayscale"},
		"grey-progressive":  {"-grayscale", "-progressive"},
		"optimised":         {"-optimize"},
		"fine":              {"-quality", "100", "-sample", "1x1"},
		"coarse":            {"-quality", "1"},
		"16-bit-tables":     {"-quality", "1", "-sample", "2x1"},
		"rgb":               {"-rgb"},
		"arithmetic":        {"-arithmetic"},
		"three-scans":       {"-scans", script("a", "0;\n1;\n2;\n")},
		"chroma-first":      {"-scans", script("b", "1,2;\n0;\n")},
		"luma-with-red":     {"-scans", script("c", "0,1;\n2;\n")},
		"dc-in-four-steps":  {"-scans", script("d", "0,1,2: 0-0, 0, 3;\n0: 1-63, 0, 0;\n0,1,2: 0-0, 3, 2;\n0: 0-0, 2, 1;\n1: 0-0, 2, 1;\n2: 0-0, 2, 1;\n0,1,2: 0-0, 1, 0;\n1: 1-63, 0, 0;\n2: 1-63, 0, 0;\n")},
		"dc-never-complete": {"-scans", script("e", "0,1,2: 0-0, 0, 2;\n")},
	}
	for _, s := range []string{"1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4", "3x1", "1x3", "3x2", "2x2,2x1,1x1", "2x1,1x1,2x1"} {
		all["sample-"+s] = []string{"-sample", s}
		all["sample-"+s+"-progressive"] = []string{"-sample", s, "-progressive"}
		all["sample-"+s+"-restart"] = []string{"-sample", s, "-restart", "3B"}
		all["sample-"+s+"-restart-progressive"] = []string{"-sample", s, "-restart", "1", "-progressive"}
	}
	return all
}

// TestEncoders reads what cjpeg makes of pictures of odd sizes and compares with djpeg and image/jpeg.
func TestEncoders(t *testing.T) {
	t.Parallel()
	sizes := [][2]int{{1, 1}, {7, 9}, {8, 8}, {17, 16}, {33, 70}, {131, 67}, {300, 260}}
	unsupportedOnes := map[string]bool{"rgb": true, "arithmetic": true}
	agreed := 0
	for _, size := range sizes {
		source := ppm(photo(size[0], size[1]))
		for name, args := range variants(t) {
			data := tool(t, source, "cjpeg", args...)
			name := fmt.Sprintf("%s %v", name, size)
			got, err := read(data)
			if unsupportedOnes[strings.Fields(name)[0]] {
				if !errors.Is(err, ErrUnsupported) {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if got.FullWidthPx != size[0] || got.FullHeightPx != size[1] || got.WidthPx != (size[0]+7)/8 || got.HeightPx != (size[1]+7)/8 {
				t.Errorf("%s: sides %+v", name, got)
			}
			smoothed := strings.HasPrefix(name, "dc-never-complete") // djpeg guesses what is missing, image/jpeg does not
			if want := eighth(t, data); !smoothed && !bytes.Equal(got.Luma, want) {
				t.Errorf("%s: not as djpeg: %d of %d levels", name, differ(got.Luma, want), len(want))
			}
			if agrees(t, name, data, 1, 8) {
				agreed++
			}
		}
	}
	t.Logf("image/jpeg agreed on %d files", agreed)
	if agreed < 200 {
		t.Error("too few: it refuses only some samplings")
	}
}

// TestGoEncoder needs no tools: 4:2:0 and grey at every size of one or two blocks, and a large one with long codes.
func TestGoEncoder(t *testing.T) {
	t.Parallel()
	for w := 1; w <= 18; w++ {
		for h := 1; h <= 18; h++ {
			if data := encoded(t, w, h, 100); !agrees(t, fmt.Sprint(w, "x", h), data, 1, 8) {
				t.Fatalf("%dx%d not accepted", w, h)
			}
		}
	}
	for _, quality := range []int{1, 30, 75, 100} {
		if !agrees(t, fmt.Sprint("quality ", quality), encoded(t, 500, 300, quality), 1, 8) {
			t.Errorf("quality %d not accepted", quality)
		}
	}
}

func encoded(t testing.TB, w, h, quality int) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, photo(w, h), &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestNoAllocation(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	files := [][]byte{encoded(t, 320, 240, 80), encoded(t, 64, 48, 95)}
	if data, ok := progressive(t); ok {
		files = append(files, data)
	}
	var r Reader
	sources := make([]*bytes.Reader, len(files))
	for i, data := range files {
		sources[i] = bytes.NewReader(data)
	}
	all := func() {
		for i, src := range sources {
			if _, err := r.Grey(src, int64(len(files[i])), roomy); err != nil {
				t.Fatal(err)
			}
			if i == 2 { // progressive, and errors allocate
				continue
			}
			if _, err := r.Quarter(src, int64(len(files[i])), roomy); err != nil {
				t.Fatal(err)
			}
		}
	}
	all()
	if n := testing.AllocsPerRun(20, all); n != 0 {
		t.Errorf("%v allocations for %d pictures", n, len(files))
	}
}

// TestReaderForgets reads broken and foreign files between two reads of one file.
func TestReaderForgets(t *testing.T) {
	t.Parallel()
	first, second := encoded(t, 200, 150, 90), encoded(t, 90, 300, 20)
	want, err := read(first)
	if err != nil {
		t.Fatal(err)
	}
	var r Reader
	noTables := append(bytes.Clone(first[:2]), first[bytes.Index(first, []byte{0xFF, 0xC0}):]...)
	noHuffman := append(bytes.Clone(first[:bytes.Index(first, []byte{0xFF, 0xC4})]), first[bytes.Index(first, []byte{0xFF, 0xDA}):]...)
	for _, between := range [][]byte{second, first[:len(first)/2], noTables, noHuffman, nil} {
		_, err := r.Grey(bytes.NewReader(between), int64(len(between)), roomy)
		if whole := bytes.Equal(between, second); whole != (err == nil) || !whole && !errors.Is(err, ErrInvalid) {
			t.Errorf("%d bytes: %v", len(between), err)
		}
		got, err := r.Grey(bytes.NewReader(first), int64(len(first)), roomy)
		if err != nil || !bytes.Equal(got.Luma, want.Luma) {
			t.Fatalf("not as before: %v", err)
		}
	}
}

// TestTruncated cuts a file everywhere: each is invalid, never a picture.
func TestTruncated(t *testing.T) {
	t.Parallel()
	files := [][]byte{encoded(t, 40, 30, 90)}
	if data, ok := progressive(t); ok {
		files = append(files, data)
	}
	for _, data := range files {
		for n := range len(data) - 1 {
			if _, err := read(data[:n]); !errors.Is(err, ErrInvalid) {
				t.Fatalf("cut at %d of %d: %v", n, len(data), err)
			}
			if _, err := Grey(bytes.NewReader(data), int64(n), roomy); !errors.Is(err, ErrInvalid) {
				t.Fatalf("size %d of %d: %v", n, len(data), err)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	data := encoded(t, 640, 480, 80)
	for _, c := range []struct {
		lim  Limits
		want string
	}{
		{Limits{}, "side 640 exceed 0"},
		{Limits{MaxPixels: 640*480 - 1, MaxSidePx: 640, MaxScans: 1}, "pixels 307200 exceed 307199"},
		{Limits{MaxPixels: 640 * 480, MaxSidePx: 639, MaxScans: 1}, "side 640 exceed 639"},
		{Limits{MaxPixels: 640 * 480, MaxSidePx: 640}, "scans 1 exceed 0"},
		{Limits{MaxPixels: 640 * 480, MaxSidePx: 640, MaxScans: 1}, ""},
	} {
		_, err := Grey(bytes.NewReader(data), int64(len(data)), c.lim)
		if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: %v, want %q", c.lim, err, c.want)
		}
	}
}

// TestCrashers: no bomb costs anything, and none is a picture.
func TestCrashers(t *testing.T) {
	t.Parallel()
	want := map[string]error{
		"jpeg-65500-baseline.jpg": ErrRefused, "jpeg-65500-progressive.jpg": ErrRefused,
		"jpeg-prog-15000scans.jpg": ErrRefused, "zero-width.jpg": ErrInvalid,
	}
	for _, f := range crashers.All() {
		data := f.Bytes()
		_, err := read(data)
		expected, named := want[f.Name]
		if !named {
			expected = ErrInvalid
		}
		if !errors.Is(err, expected) {
			t.Errorf("%s: %v, want %v", f.Name, err, expected)
		}
		delete(want, f.Name)
	}
	if len(want) > 0 {
		t.Errorf("not among the crashers: %v", want)
	}
}

// TestSourceErrors: what the source says is passed on, and is none of ours.
func TestSourceErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("disk on fire")
	_, err := Grey(failing{cause}, 1000, roomy)
	if !errors.Is(err, cause) || errors.Is(err, ErrInvalid) {
		t.Errorf("%v", err)
	}
}

type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }

// progressive returns a small progressive file, if the encoder is there.
func progressive(t testing.TB) ([]byte, bool) {
	t.Helper()
	data, err := cjpeg(photo(150, 110), "-progressive", "-restart", "1")
	return data, err == nil
}
