package fastjpeg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var roomy = Limits{MaxPixels: 120e6, MaxSidePx: 65535, MaxScans: 100}

func read(data []byte) (*Picture, error) {
	return Grey(bytes.NewReader(data), int64(len(data)), roomy)
}

// shared returns every JPEG of the shared test data, or skips.
func shared(t testing.TB) map[string][]byte {
	t.Helper()
	files := sharedIfAny(t)
	if len(files) == 0 {
		t.Skip("../shared/data not present")
	}
	return files
}

func sharedIfAny(t testing.TB) map[string][]byte {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", "..", "..")) // where go.mod lies
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, dir := range []string{"media", "neardup"} {
		top := filepath.Join(root, "..", "shared", "data", dir)
		if _, err := os.Stat(top); err != nil {
			continue
		}
		err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
			if ext := strings.ToLower(filepath.Ext(path)); err != nil || ext != ".jpg" && ext != ".jpeg" {
				return err
			}
			rel, _ := filepath.Rel(top, path)
			files[rel], err = os.ReadFile(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// lumaOf decodes with image/jpeg and returns luma over whole blocks, as long as the library keeps it.
func lumaOf(data []byte) (pix []uint8, stride int, err error) {
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, 0, err
	}
	switch m := img.(type) {
	case *image.Gray:
		return m.Pix, m.Stride, nil
	case *image.YCbCr:
		return m.Y, m.YStride, nil
	}
	return nil, 0, os.ErrInvalid
}

// flattened sets every quantisation table to q for DC and 0 for all else: any full decoder then shows the DC coefficients
// alone, and exactly.
func flattened(data []byte, q uint8) []byte {
	return requantised(data, func(k int, _ uint8) uint8 {
		if k == 0 {
			return q
		}
		return 0
	})
}

// requantised changes the (8-bit) entries of all quantisation tables, given in zigzag order.
func requantised(data []byte, change func(k int, q uint8) uint8) []byte {
	data = bytes.Clone(data)
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xFF || data[at+1] == 0xFF { // some cameras miscount a segment
			at++
			continue
		}
		m, n := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		end := min(at+2+n, len(data))
		if m == 0xDA || n < 2 {
			break
		}
		for b := at + 4; m == 0xDB && b < end; {
			bytesEach := 1 + int(data[b]>>4&1)
			if b+1+64*bytesEach > end {
				break
			}
			for k := range 64 {
				entry := data[b+1+k*bytesEach:][:bytesEach]
				low := change(k, entry[bytesEach-1])
				clear(entry)
				entry[bytesEach-1] = low
			}
			b += 1 + 64*bytesEach
		}
		at = end
	}
	return data
}

// agrees compares with image/jpeg what both accept, and reports whether they did. The coefficients must be the same: at q 8
// one is one level, at q 1 none is clamped.
func agrees(t testing.TB, name string, data []byte, qs ...uint8) bool {
	t.Helper()
	for _, q := range qs {
		flat := flattened(data, q)
		got, err := read(flat)
		if err != nil {
			return false
		}
		want, stride, err := lumaOf(flat)
		if err != nil {
			return false
		}
		for y := range got.HeightPx {
			for x := range got.WidthPx {
				if g, w := got.Luma[y*got.WidthPx+x], want[8*y*stride+8*x]; g != w {
					t.Fatalf("%s: dc of block %d,%d of %dx%d with q %d: %d, image/jpeg says %d", name, x, y, got.WidthPx, got.HeightPx, q, g, w)
				}
			}
		}
	}
	return true
}

// tool runs a program of libjpeg-turbo, or skips the test.
func tool(t testing.TB, stdin []byte, name string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed (libjpeg-turbo-progs)", name)
	}
	cmd := exec.Command(name, args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 2) { // 2 is a warning
		t.Fatalf("%s %v: %v", name, args, err)
	}
	return out
}

// eighth is libjpeg's own reduction.
func eighth(t testing.TB, data []byte) []byte {
	t.Helper()
	pnm := tool(t, data, "djpeg", "-scale", "1/8", "-grayscale", "-pnm")
	for range 3 { // P5, sides, 255
		_, pnm, _ = bytes.Cut(pnm, []byte("\n"))
	}
	return pnm
}

// photo is a picture with the spectrum of one: octaves of noise, each three quarters as strong as the one of double size.
func photo(w, h int) *image.RGBA {
	rnd := rand.New(rand.NewPCG(3, 4))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	levels := make([]float64, 3*w*h)
	for step, strength := 256, 60.0; step >= 1; step, strength = step/2, strength*0.75 {
		gw := w/step + 2
		grid := make([]float64, 3*gw*(h/step+2))
		for i := range grid {
			grid[i] = strength * (rnd.Float64() - 0.5)
		}
		for i := range levels {
			c, x, y := i%3, i/3%w, i/3/w
			fx, fy := float64(x%step)/float64(step), float64(y%step)/float64(step)
			g := grid[3*(y/step*gw+x/step)+c:]
			levels[i] += (g[0]*(1-fx)+g[3]*fx)*(1-fy) + (g[3*gw]*(1-fx)+g[3*gw+3]*fx)*fy
		}
	}
	for i := range w * h {
		grey := 128 + levels[3*i]
		at := func(c int) uint8 { return uint8(min(max(grey+0.3*levels[3*i+c], 0), 255)) }
		img.SetRGBA(i%w, i/w, color.RGBA{at(0), at(1), at(2), 255})
	}
	return img
}

func ppm(img *image.RGBA) []byte {
	b := img.Bounds()
	out := []byte("P6\n" + strconv.Itoa(b.Dx()) + " " + strconv.Itoa(b.Dy()) + "\n255\n")
	for i := 0; i < len(img.Pix); i += 4 {
		out = append(out, img.Pix[i:i+3]...)
	}
	return out
}

// cjpeg encodes, where libjpeg-turbo is installed.
func cjpeg(img *image.RGBA, args ...string) ([]byte, error) {
	cmd := exec.Command("cjpeg", args...)
	cmd.Stdin = bytes.NewReader(ppm(img))
	return cmd.Output()
}
