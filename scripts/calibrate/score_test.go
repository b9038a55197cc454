package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/shareddata"
	"whenwhere/internal/trials"
	"whenwhere/internal/truth"
	"whenwhere/pipeline"
)

// Without the real data the generated cases are told of, the first of them compared with the table, and nothing is written.
func TestScoreWithoutData(t *testing.T) {
	t.Parallel()
	absent := filepath.Join(t.TempDir(), "absent")
	kept := filepath.Join("..", "..", "fixtures", "calibration")
	var out bytes.Buffer
	if err := run([]string{"score", "-data", absent, "-n", "60", "-lies", "3", "-folder", kept}, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{"real data skipped: absent not present", "# generated: ", "# edited: ", "# lies, contradicted: ", "the tables in " + kept + " are these"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	other := t.TempDir()
	text, err := os.ReadFile(filepath.Join(kept, trials.FirstFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, trials.FirstFile), bytes.Replace(text, []byte("true,true,"), []byte("true,false,"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	now := trials.Tables{trials.FirstFile: text}
	if err := compareFiles(&out, other, now); err == nil || !strings.Contains(err.Error(), "1 lines of the tables") {
		t.Errorf("an altered table passes: %v\n%s", err, out.String())
	}
	if err := compareFiles(&out, absent, now); err == nil || !strings.Contains(err.Error(), "-write") {
		t.Errorf("no table: %v", err)
	}
}

// The kept files hold counts and shares: no link, no account, no position, no name of a real file.
func TestKeptFilesHoldCountsOnly(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "..", "fixtures", "calibration", "*.*"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, never := range []string{"status/", "t.me", "@", ".jpg", ".JPG", "DSCN", "status/"} {
			if strings.Contains(string(text), never) {
				t.Errorf("%s holds %q", filepath.Base(file), never)
			}
		}
	}
}

// What is written can be compared, and is the same at the next run.
func TestWriteAndCompare(t *testing.T) {
	t.Parallel()
	folder, files := t.TempDir(), trials.Tables{"a.csv": []byte("x,1.0000\n"), "b.svg": []byte("<svg/>")}
	var out bytes.Buffer
	if err := writeFiles(&out, filepath.Join(folder, "new"), files); err != nil {
		t.Fatal(err)
	}
	if err := compareFiles(&out, filepath.Join(folder, "new"), files); err != nil {
		t.Error(err)
	}
	files["a.csv"] = []byte("x,2.0000\n")
	if err := compareFiles(&out, filepath.Join(folder, "new"), files); err == nil {
		t.Error("another table is the same")
	}
}

// shootAt is a photo with a window of half an hour.
func shootAt(lat, lon float64) shoot {
	from := time.Date(2024, 5, 1, 9, 0, 0, 0, time.UTC)
	place, err := pipeline.PlacesKey.Observe([]pipeline.StatedPlace{{Field: "EXIF:GPS", Lat: lat, Lon: lon}})
	if err != nil {
		panic(err)
	}
	e := pipeline.Exhibit{Ref: pipeline.MediaRef{File: "media/IMG_20240501_120000.jpg"}, Media: &pipeline.Media{}, Observed: pipeline.Observations{place}}
	return shoot{Photo: truth.Photo{Place: &pipeline.Place{Lat: lat, Lon: lon, RadiusM: truth.RadiusM}, When: &pipeline.Span{From: from, To: from.Add(30 * time.Minute)}}, exhibit: e}
}

// Each version of a claim says of itself what of it is true, and a wide truth is missed by what is wider only.
func TestVersions(t *testing.T) {
	t.Parallel()
	shoots := []shoot{shootAt(48, 37), shootAt(50, 30)}
	got := versions(shoots, 0)
	if len(got) != 11 || got[0].kind != "true" || !got[0].placeTrue || !got[0].timeTrue {
		t.Fatalf("%d %+v", len(got), got)
	}
	for _, v := range got[1:] {
		moved, shifted := v.place != got[0].place, v.when != got[0].when
		if v.placeTrue == moved || v.timeTrue == shifted || !moved && !shifted {
			t.Errorf("%+v", v)
		}
	}
	shoots[0].When.To = shoots[0].When.From.Add(8 * time.Hour)
	if n := len(versions(shoots, 0)); n != 9 {
		t.Errorf("%d versions of a truth of 8 hours: an hour and six hours are no miss", n)
	}
}

// A messenger leaves neither tags nor the name; an editor leaves what he did not mean.
func TestChannels(t *testing.T) {
	t.Parallel()
	e := shootAt(48, 37).exhibit
	for name, c := range map[string]struct {
		strip  []pipeline.KeyID
		all    bool
		places bool
		file   string
	}{
		"as found":    {nil, false, true, e.Ref.File},
		"no position": {[]pipeline.KeyID{pipeline.PlacesKey.ID}, false, false, e.Ref.File},
		"stripped":    {nil, true, false, "media/a.jpg"},
	} {
		got, err := through(e, c.strip, c.all)
		if err != nil || got.Observed.Has(pipeline.PlacesKey.ID) != c.places || got.Ref.File != c.file || got.Observed.Has(pipeline.BlocksKey.ID) != c.all {
			t.Errorf("%s: %v %+v", name, err, got)
		}
	}
	if !e.Observed.Has(pipeline.PlacesKey.ID) {
		t.Error("the photo itself was stripped")
	}
}

// The id that stands for a post carries its time, as the platform's own do.
func TestSnowflake(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 9, 3, 10, 20, 30, 0, time.UTC)
	in := pipeline.Incident{Sources: []pipeline.Source{{URL: "https://x.com/i/status/" + clockText(snowflake(at))}}}
	stamps := clock.FromURL(in.Sources[0].URL, at.AddDate(1, 0, 0))
	if b, ok := stamps[0].Spans.Bounds(); !ok || b.Lo > at.UnixMilli() || b.Hi <= at.UnixMilli() {
		t.Errorf("%+v", stamps)
	}
}

func clockText(id int64) string {
	var digits []byte
	for ; id > 0; id /= 10 {
		digits = append([]byte{byte('0' + id%10)}, digits...)
	}
	return string(digits)
}

// An edit of a picture in the archive is found, and another frame of the walk is not.
func TestArchive(t *testing.T) {
	t.Parallel()
	root := shareddata.Path(t, "media", "exif-samples", "jpg", "gps")
	pool, err := newPool()
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var scenes []scene
	for _, name := range []string{"DSCN0010.jpg", "DSCN0012.jpg"} {
		s, err := newScene(context.Background(), pool, filepath.Join(root, name), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		scenes = append(scenes, s)
	}
	for i, s := range scenes {
		for _, e := range s.edits {
			prints, _, err := pipeline.PrintsKey.In(e.exhibit.Observed)
			if err != nil {
				t.Fatal(err)
			}
			for half := range 2 {
				seen, err := archive{scenes, half}.Look(context.Background(), pipeline.MediaID{}, prints)
				if err != nil || len(seen.Sightings) != map[bool]int{true: 1, false: 0}[i == half] || seen.Comparable != 1 {
					t.Errorf("picture %d, %s, archive of %d: %v %+v", i, e.name, half, err, seen)
				}
			}
		}
	}
}

// Edits do what their names say.
func TestEdits(t *testing.T) {
	t.Parallel()
	src := image.NewRGBA(image.Rect(0, 0, 100, 80))
	src.Set(10, 20, color.White)
	white := func(p image.Image, x, y int) bool { r, _, _, _ := p.At(x, y).RGBA(); return r > 0xf000 }
	if m := mirrored(src); !white(m, 89, 20) || m.Bounds() != src.Rect {
		t.Error("mirrored")
	}
	if c := cropped(src, 0.05); c.Bounds().Dx() != 90 || c.Bounds().Dy() != 72 || !white(c, 5, 16) {
		t.Error("cropped")
	}
	if s := scaled(src, 0.4); s.Bounds().Dx() != 40 || s.Bounds().Dy() != 32 {
		t.Error("scaled")
	}
	if c := captioned(src); !white(c, 99, 79) || white(c, 0, 60) || !white(c, 10, 20) {
		t.Error("captioned")
	}
}
