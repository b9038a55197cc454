package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"whenwhere/internal/likeness"
	"whenwhere/pipeline"
)

// realLook is what a real file looks like.
type realLook struct {
	file  string
	looks *likeness.Footage
}

// scenes name the files that show the same: edits, encodings, turns, one picture under other tags. All other pairs of
// files are strangers.
var scenes = []struct {
	name  string
	files *regexp.Regexp
}{
	{"bridge", regexp.MustCompile(`/bridge-mods/|/dih/bridge-`)},
	{"chair", regexp.MustCompile(`/chair-`)},
	{"pattern", regexp.MustCompile(`/pattern-`)},
	{"landscape", regexp.MustCompile(`/orientation/landscape_`)},
	{"portrait", regexp.MustCompile(`/orientation/portrait_`)},
	{"letter F", regexp.MustCompile(`/f[1-8]-exif`)},
	{"garden", regexp.MustCompile(`/has-lens-info|/geodegrees_as_string`)},
}

func sceneOf(file string) string {
	for _, s := range scenes {
		if s.files.MatchString(file) {
			return s.name
		}
	}
	return file
}

// TestRealLikeness compares every two of the stills and clips of the reference sets and of the photos, both ways: what
// shows the same must be found, by the prints that are kept of it, and no two strangers may be.
func TestRealLikeness(t *testing.T) {
	needFFmpeg(t)
	looks := realLooks(t, realData(t))
	found, missed, false_, pairs := 0, 0, 0, 0
	var worst []string
	for _, a := range looks {
		for _, b := range looks {
			if a.file == b.file {
				continue
			}
			pairs++
			l, alike, err := likeness.Compare(a.looks, b.looks)
			if err != nil {
				t.Fatal(err)
			}
			same := sceneOf(a.file) == sceneOf(b.file)
			switch {
			case same && alike:
				found++
				worst = append(worst, fmt.Sprintf("%3d bits: %s, %s: %s", l.BitsPDQ, filepath.Base(a.file), filepath.Base(b.file), l))
			case same:
				missed++
				t.Errorf("the same, and not alike: %s, %s", a.file, b.file)
			case alike:
				false_++
				t.Errorf("strangers, and alike: %s, %s: %s", a.file, b.file, l)
			}
		}
	}
	slices.Sort(worst)
	t.Logf("%d files, %d ordered pairs: %d found, %d missed, %d false; farthest:\n%s", len(looks), pairs, found, missed, false_,
		strings.Join(worst[max(0, len(worst)-5):], "\n"))
	if pairs < 10_000 || found < 100 {
		t.Errorf("%d pairs and %d of the same are too few to say anything", pairs, found)
	}
}

// realLooks measures the stills and clips of the reference sets and of the photos, and leaves out what is too flat.
func realLooks(t *testing.T, root string) []realLook {
	t.Helper()
	args := []string{"media", "--json", "--workers", "2"}
	for _, dir := range []string{"neardup", "media/exif-samples/jpg", "media/goexif", "media/brighton-beach", "media/metadata-extractor-images/jpg", "media/exiftool-t-images"} {
		args = append(args, pictures(t, filepath.Join(root, filepath.FromSlash(dir)))...)
	}
	var out, errs bytes.Buffer
	run(args, &out, &errs) // some are broken on purpose
	seen := map[string]bool{}
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
		f, err := likeness.Of(prints)
		if err != nil {
			t.Fatal(err)
		}
		if f.Comparable > 0 && !seen[r.ID] { // equal bytes are found without prints
			seen[r.ID] = true
			looks = append(looks, realLook{filepath.ToSlash(r.File), f})
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
