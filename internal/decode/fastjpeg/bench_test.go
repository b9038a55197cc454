package fastjpeg

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/corona10/goimagehash"
	"golang.org/x/image/draw"

	"whenwhere/internal/grey"
	"whenwhere/internal/pdq"
	"whenwhere/internal/phash"
)

// BenchmarkPublishedJPEG sets the reader beside image/jpeg with goimagehash, and beside TurboJPEG at scale 1/8 and Pillow's
// draft mode, in one run: all in turn, CPU time of the process, medians. The picture is a photo of the shared data scaled with Catmull-Rom,
// else noise with the spectrum of a photo; quality 85, 4:2:0.
func BenchmarkPublishedJPEG(b *testing.B) {
	peers := peers{buildTurbo(b), findPillow(b)}
	for _, size := range []image.Point{{4000, 3000}, {1280, 960}} {
		img := scene(b, size)
		name := map[int]string{4000: "12MP", 1280: "1280x960"}[size.X]
		b.Run(name+"/baseline", func(b *testing.B) {
			var buf bytes.Buffer
			if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 85}); err != nil {
				b.Fatal(err)
			}
			sideBySide(b, buf.Bytes(), peers)
		})
		b.Run(name+"/progressive", func(b *testing.B) {
			data, err := cjpeg(img, "-quality", "85", "-progressive")
			if err != nil {
				b.Skip("cjpeg (libjpeg-turbo-progs) is not installed: nothing here writes progressive files")
			}
			sideBySide(b, data, peers)
		})
	}
}

// peer measures n decodes of a file in a process of its own, in milliseconds of CPU time each; nil where it is absent.
type peer func(t testing.TB, path string, n int) float64

type peers struct{ turbo, pillow peer }

// sideBySide reports milliseconds per picture of CPU time, and the ratios.
func sideBySide(b *testing.B, data []byte, p peers) {
	path := filepath.Join(b.TempDir(), "a.jpg")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
	var ours, print, quarter, std, c, draft []float64
	var h hasher
	var r Reader
	src := bytes.NewReader(data)
	for b.Loop() {
		ours = append(ours, cpuMs(20, func() {
			if _, err := r.Grey(src, int64(len(data)), roomy); err != nil {
				b.Fatal(err)
			}
		}))
		print = append(print, cpuMs(20, func() {
			g, err := r.Grey(src, int64(len(data)), roomy)
			if err != nil {
				b.Fatal(err)
			}
			h.all(b, g)
		}))
		quarter = append(quarter, cpuMs(10, func() {
			if _, err := r.Quarter(src, int64(len(data)), roomy); err != nil && !errors.Is(err, ErrUnsupported) {
				b.Fatal(err)
			}
		}))
		std = append(std, cpuMs(1, func() { plain(b, data) }))
		if p.turbo != nil {
			c = append(c, p.turbo(b, path, 10))
		}
		if p.pillow != nil {
			draft = append(draft, p.pillow(b, path, 10))
		}
	}
	report := func(what string, times []float64) {
		if len(times) > 0 {
			b.ReportMetric(median(times), what+"-ms")
		}
	}
	report("ours", ours)
	report("ours+3-hashes", print)
	if _, err := r.Quarter(src, int64(len(data)), roomy); err == nil {
		report("quarter", quarter)
	}
	report("stdlib+goimagehash", std)
	report("turbojpeg/8", c)
	report("pillow-draft", draft)
	b.ReportMetric(median(std)/median(ours), "x-stdlib")
	b.ReportMetric(median(std)/median(print), "x-stdlib-print")
	if p.turbo != nil {
		b.ReportMetric(median(c)/median(ours), "x-turbojpeg")
	}
	if p.pillow != nil {
		b.ReportMetric(median(draft)/median(ours), "x-pillow")
	}
	b.ReportMetric(float64(len(data))/1e6, "MB")
	b.ReportMetric(0, "ns/op") // of a round of all: says nothing
}

// hasher makes of a reading what package look makes of it first: PDQ with its quality and both of goimagehash's hashes.
type hasher struct {
	reader grey.Reader
	grid   grey.Grid
	spec   grey.Spectrum
}

func (h *hasher) all(b *testing.B, g Picture) {
	p := grey.Picture{Luma: g.Luma, Stride: g.WidthPx, Width: g.WidthPx, Height: g.HeightPx,
		BlockPx: g.BlockPx, FullWidthPx: g.FullWidthPx, FullHeightPx: g.FullHeightPx}
	if err := h.reader.Grid(p, &h.grid); err != nil {
		b.Fatal(err)
	}
	h.reader.Spectrum(&h.grid, &h.spec)
	if pdq.Quality(&h.grid) < pdq.QualityToIndex {
		b.Fatal("too flat a picture")
	}
	phash.From64(&h.spec)
	phash.From256(&h.spec)
	pdq.FromSpectrum(&h.spec)
}

func plain(b *testing.B, data []byte) {
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := goimagehash.PerceptionHash(img); err != nil {
		b.Fatal(err)
	}
}

// cpuMs is CPU time of the whole process, collector included, so that neighbours on the machine do not count.
func cpuMs(n int, f func()) float64 {
	before := cpu()
	for range n {
		f()
	}
	return (cpu() - before).Seconds() * 1e3 / float64(n)
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

const turboSource = `
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <turbojpeg.h>

static double cpu(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
	int n = atoi(argv[2]), w, h, sub, space;
	FILE *f = fopen(argv[1], "rb");
	fseek(f, 0, SEEK_END);
	long size = ftell(f);
	rewind(f);
	unsigned char *in = malloc(size);
	if (fread(in, 1, size, f) != (size_t)size) return 1;
	tjhandle tj = tjInitDecompress();
	if (tjDecompressHeader3(tj, in, size, &w, &h, &sub, &space)) return 1;
	w = (w + 7) / 8, h = (h + 7) / 8;
	unsigned char *out = malloc((size_t)w * h);
	if (tjDecompress2(tj, in, size, out, w, 0, h, TJPF_GRAY, 0)) return 1; /* warm-up */
	double began = cpu();
	for (int i = 0; i < n; i++)
		if (tjDecompress2(tj, in, size, out, w, 0, h, TJPF_GRAY, 0)) return 1;
	printf("%f\n", (cpu() - began) / n);
	return 0;
}
`

// buildTurbo returns a measure of n decodes within one process of C, or nil and says why.
func buildTurbo(b *testing.B) peer {
	dir := b.TempDir()
	source, program := filepath.Join(dir, "turbo.c"), filepath.Join(dir, "turbo")
	if err := os.WriteFile(source, []byte(turboSource), 0o600); err != nil {
		b.Fatal(err)
	}
	if out, err := exec.Command("cc", "-O2", "-o", program, source, "-lturbojpeg").CombinedOutput(); err != nil {
		b.Logf("without TurboJPEG (it needs cc and libturbojpeg0-dev): %v\n%s", err, out)
		return nil
	}
	return measuredBy(program)
}

// measuredBy runs a program that is given a file and a count, and prints milliseconds.
func measuredBy(program string, args ...string) peer {
	return func(t testing.TB, path string, n int) float64 {
		out, err := exec.Command(program, slices.Concat(args, []string{path, strconv.Itoa(n)})...).Output()
		if err != nil {
			t.Fatalf("%s: %v", program, err)
		}
		ms, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		if err != nil {
			t.Fatal(err)
		}
		return ms
	}
}

const pillowSource = `
import sys, time
from PIL import Image

def draft(path):
    with Image.open(path) as img:
        img.draft("L", (img.width // 8, img.height // 8))
        img.load()

draft(sys.argv[1])  # warm-up
began = time.process_time()
for _ in range(int(sys.argv[2])):
    draft(sys.argv[1])
print((time.process_time() - began) * 1e3 / int(sys.argv[2]))
`

// findPillow takes the first Python of the path that has Pillow, or says that there is none.
func findPillow(b *testing.B) peer {
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		python := filepath.Join(dir, "python3")
		if exec.Command(python, "-c", "import PIL").Run() == nil {
			return measuredBy(python, "-c", pillowSource)
		}
	}
	b.Log("without Pillow (python3-pil)")
	return nil
}

// scene is the largest photo of the shared data, cut to the shape and scaled, or else made up.
func scene(b *testing.B, size image.Point) *image.RGBA {
	var largest []byte
	for _, data := range sharedIfAny(b) {
		if len(data) > len(largest) {
			largest = data
		}
	}
	if largest == nil {
		b.Log("without ../shared/data: a made-up picture")
		return photo(size.X, size.Y)
	}
	img, err := jpeg.Decode(bytes.NewReader(largest))
	if err != nil {
		b.Fatal(err)
	}
	from := img.Bounds()
	from.Max.X = min(from.Max.X, from.Min.X+from.Dy()*size.X/size.Y)
	out := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(out, out.Bounds(), image.NewUniform(color.Black), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(out, out.Bounds(), img, from, draw.Src, nil)
	return out
}
