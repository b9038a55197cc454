package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/bits"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

// realLook is one print of a real file.
type realLook struct {
	file, view string
	h64        uint64
	h256       [4]uint64
}

// filePair is the least distance of the prints of two files, as the footage assessor would see it.
type filePair struct {
	a, b      string
	b64, b256 int
	same      bool // they show the same
}

// scenes name the files that show the same: edits, encodings, one picture under other tags. All other pairs of files are
// strangers. Turned and diagonally mirrored pictures are left out: their prints are not made yet.
var (
	scenes = []struct {
		name  string
		files *regexp.Regexp
	}{
		{"bridge", regexp.MustCompile(`/bridge-mods/|/bridge-6-flipy`)},
		{"chair", regexp.MustCompile(`/chair-`)},
		{"pattern", regexp.MustCompile(`/pattern-`)},
		{"landscape", regexp.MustCompile(`/orientation/landscape_`)},
		{"portrait", regexp.MustCompile(`/orientation/portrait_`)},
		{"letter F", regexp.MustCompile(`/f[1-8]-exif`)},
		{"placeholder", regexp.MustCompile(`/has-lens-info|/geodegrees_as_string`)},
	}
	turnedFiles = regexp.MustCompile(`/dih/bridge-[234578]-`)
)

func sceneOf(file string) string {
	for _, s := range scenes {
		if s.files.MatchString(file) {
			return s.name
		}
	}
	return file
}

// TestRealPrintDistances measures how far prints of the same and prints of strangers lie apart, and whether the radii of
// the footage assessor part them with a margin. Measured: the same at most 4 of 64 and 16 of 256 bits, strangers at least
// 16 and 90; so the radii, 12 and 80, stand 64 bits above the worst edit and 10 bits below the nearest stranger.
func TestRealPrintDistances(t *testing.T) {
	needFFmpeg(t)
	pairs := filePairs(realLooks(t, realData(t)))
	t.Log("\n" + distances(pairs))
	for _, p := range pairs {
		within := p.b64 <= footage.Radius64 && p.b256 <= footage.Radius256
		switch {
		case p.same && (!within || p.b64 > 6 || p.b256 > 30):
			t.Errorf("the same, yet %d of 64 and %d of 256 bits apart: %s, %s", p.b64, p.b256, p.a, p.b)
		case !p.same && (within || p.b256 < footage.Radius256+10):
			t.Errorf("strangers, yet %d of 64 and %d of 256 bits apart: %s, %s", p.b64, p.b256, p.a, p.b)
		}
	}
	if n := len(pairs); n < 5000 {
		t.Errorf("%d pairs of files, want at least 5000", n)
	}
}

// distances prints how the distances of 256 bits are spread, of the same and of strangers.
func distances(pairs []filePair) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	bins := []int{0, 10, 20, 40, 60, 80, 90, 100, 110, 120, 257}
	for _, same := range []bool{true, false} {
		least, most := [2]int{65, 257}, [2]int{}
		count := make([]int, len(bins)-1)
		for _, p := range pairs {
			if p.same == same {
				least = [2]int{min(least[0], p.b64), min(least[1], p.b256)}
				most = [2]int{max(most[0], p.b64), max(most[1], p.b256)}
				i, _ := slices.BinarySearch(bins, p.b256+1)
				count[i-1]++
			}
		}
		fmt.Fprintf(w, "same %t\t64: %d to %d\t256: %d to %d\t", same, least[0], most[0], least[1], most[1])
		for i, n := range count {
			fmt.Fprintf(w, "<%d: %d\t", bins[i+1], n)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
	return out.String()
}

// realLooks measures the stills and clips of the reference sets and of the photos.
func realLooks(t *testing.T, root string) []realLook {
	t.Helper()
	args := []string{"media", "--json", "--workers", "2"}
	for _, dir := range []string{"neardup", "media/exif-samples/jpg", "media/goexif", "media/brighton-beach", "media/metadata-extractor-images/jpg", "media/exiftool-t-images"} {
		args = append(args, pictures(t, filepath.Join(root, filepath.FromSlash(dir)))...)
	}
	var out, errs bytes.Buffer
	run(args, &out, &errs) // some are broken on purpose
	var looks []realLook
	for line := range strings.Lines(out.String()) {
		var r mediaReport
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		var prints []pipeline.Print
		if raw, ok := r.Observations[pipeline.PrintsKey.ID]; ok {
			if err := json.Unmarshal(raw, &prints); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range prints {
			if l, ok := lookOf(t, r.File, p); ok {
				looks = append(looks, l)
			}
		}
	}
	return looks
}

var pictureName = regexp.MustCompile(`(?i)\.(jpe?g|png|mp4)$`)

func pictures(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && pictureName.MatchString(path) {
			out = append(out, path)
		}
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("%s: %d pictures: %v", dir, len(out), err)
	}
	return out
}

func lookOf(t *testing.T, file string, p pipeline.Print) (realLook, bool) {
	t.Helper()
	l := realLook{file: filepath.ToSlash(file), view: p.View}
	if p.Flat || len(p.Hashes) < 3 { // turns and windows have PDQ only
		return l, false
	}
	for _, h := range p.Hashes[:2] {
		for i := 0; i < len(h.Hex); i += 16 {
			w, err := strconv.ParseUint(h.Hex[i:i+16], 16, 64)
			if err != nil {
				t.Fatal(err)
			}
			if len(h.Hex) == 16 {
				l.h64 = w
			} else {
				l.h256[i/16] = w
			}
		}
	}
	return l, true
}

// filePairs compares every two files once: any view of the one with the views of the other that an archive keeps.
func filePairs(looks []realLook) []filePair {
	byFile := map[string][]realLook{}
	for _, l := range looks {
		if !turnedFiles.MatchString(l.file) {
			byFile[l.file] = append(byFile[l.file], l)
		}
	}
	files := slices.Sorted(maps.Keys(byFile))
	var out []filePair
	for i, a := range files {
		for _, b := range files[:i] {
			p := filePair{a: a, b: b, b64: 65, b256: 257, same: sceneOf(a) == sceneOf(b)}
			for _, x := range byFile[a] {
				for _, y := range byFile[b] {
					p.near(x, y)
				}
			}
			out = append(out, p)
		}
	}
	return out
}

// near keeps the nearest pair of prints by 256 bits.
func (p *filePair) near(x, y realLook) {
	if y.view == pipeline.ViewMirrored || y.view == pipeline.ViewTrimmedMirrored {
		return
	}
	d := 0
	for i := range x.h256 {
		d += bits.OnesCount64(x.h256[i] ^ y.h256[i])
	}
	if d < p.b256 {
		p.b256, p.b64 = d, bits.OnesCount64(x.h64^y.h64)
	}
}
