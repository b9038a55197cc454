package metadata_test

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode"
	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/metadata"
)

type decoder func(mime string) (wire.Tags, error)

func (d decoder) Tags(_ context.Context, _ *os.File, mime string) (wire.Tags, error) { return d(mime) }

func run(t *testing.T, d decoder, mime string, media pipeline.Media) pipeline.StageResult {
	t.Helper()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := pipeline.Opened{Media: media, File: f}
	if mime != "" {
		o, err := pipeline.FileKey.Observe(pipeline.File{Type: mime})
		if err != nil {
			t.Fatal(err)
		}
		in.Observed = pipeline.Observations{o}
	}
	results, err := pipeline.Extract(t.Context(), []pipeline.Extractor{metadata.Stage(d)}, in, nil,
		func(context.Context, pipeline.StageResult) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return results[0]
}

func TestStage(t *testing.T) {
	t.Parallel()
	of := func(c wire.Class) error { return &wire.Fault{Op: wire.OpTags, Class: c, Rule: "rule"} }
	cases := []struct {
		name, mime string
		err        error
		status     pipeline.Status
		cause      string
		retry      bool
	}{
		{"sound", "image/jpeg", nil, pipeline.Done, "", false},
		{"no reader", "text/plain", of(wire.ClassUnsupported), pipeline.Skipped, "no metadata reader for text/plain", false},
		{"damaged", "image/jpeg", of(wire.ClassInvalid), pipeline.Failed, "metadata: tags: invalid: rule", false},
		{"too large", "image/jpeg", of(wire.ClassRefused), pipeline.Failed, "metadata: tags: refused: rule", false},
		{"deadly", "image/jpeg", of(wire.ClassDied), pipeline.Failed, "metadata: tags: died: rule", false},
		{"slow", "image/jpeg", of(wire.ClassTimedOut), pipeline.Failed, "metadata: tags: timed_out: rule", false},
		{"no tool", "image/jpeg", of(wire.ClassNoTool), pipeline.Failed, "metadata: tags: no_tool: rule", true},
		{"of the machine", "image/jpeg", errors.New("no process"), pipeline.Failed, "metadata: no process", true},
		{"type not known", "", nil, pipeline.Failed, "metadata: no container.file: the type of the file is not known", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := run(t, func(mime string) (wire.Tags, error) {
				if mime != c.mime {
					t.Errorf("asked for %s", mime)
				}
				return wire.Tags{}, c.err
			}, c.mime, pipeline.Media{})
			if c.status == pipeline.Done && len(got.Observations) != 5 {
				t.Errorf("%d observations, want the five lists", len(got.Observations))
			}
			got.Observations = nil
			want := pipeline.StageResult{Stage: "metadata", Version: "10", Status: c.status, Cause: c.cause, Retry: c.retry}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestAnomalies takes the known oddities of the real files, each by its name.
func TestAnomalies(t *testing.T) {
	t.Parallel()
	root, p := media(t), pool(t)
	clockIs := func(field, from string, flags ...string) func(*testing.T, facts) {
		return func(t *testing.T, f facts) {
			c, ok := f.clock(field)
			got := ""
			switch {
			case len(c.UTC) > 0:
				got = c.UTC[0].From.Format("2006-01-02T15:04:05Z")
			case c.Wall != nil:
				got = c.Wall.From[:19]
			}
			if !ok || got != from {
				t.Errorf("%s is %q (%+v), want %q", field, got, c, from)
			}
			for _, w := range flags {
				if !strings.Contains(strings.Join(c.Flags, " "), w) {
					t.Errorf("%s has flags %v, want %s", field, c.Flags, w)
				}
			}
		}
	}
	noPlace := func(t *testing.T, f facts) {
		if len(f.Places) != 0 {
			t.Errorf("places %+v, want none", f.Places)
		}
	}
	complains := func(what string) func(*testing.T, facts) {
		return func(t *testing.T, f facts) {
			if !f.complains(what) {
				t.Errorf("no defect %q among %v", what, f.Defects)
			}
		}
	}
	points := func(want *pipeline.Direction) func(*testing.T, facts) {
		return func(t *testing.T, f facts) {
			if diff := cmp.Diff(want, f.Direction); diff != "" {
				t.Error("direction: ", diff)
			}
		}
	}
	const me = "metadata-extractor-images/"
	cases := []struct {
		name, file string
		checks     []func(*testing.T, facts)
	}{
		{"GPS date a day late", "exif-samples/jpg/gps/DSCN0010.jpg", []func(*testing.T, facts){clockIs("EXIF:GPSDateTime", "2008-10-23T14:27:07Z"), clockIs("EXIF:DateTimeOriginal", "2008-10-22T16:28:39")}},
		{"GPS date of three digits", me + "jpg/Apple iPhone 6.jpg", []func(*testing.T, facts){clockIs("EXIF:GPSTimeStamp", "2014-09-16T13:05:12Z", "bad_format", "gps_date_from_wall")}},
		{"GPS time equal to local time, without a date", me + "jpg/Apple iPhone 4.jpg", []func(*testing.T, facts){clockIs("EXIF:GPSTimeStamp", "2011-01-13T14:33:35Z", "no_date")}},
		{"GPS time equal to local time", "goexif/exif/sample1.jpg", []func(*testing.T, facts){clockIs("EXIF:GPSDateTime", "2003-11-23T18:07:37Z"), clockIs("EXIF:DateTimeOriginal", "2003-11-23T18:07:37")}},
		{"stale fix", me + "jpg/Nexus 4.jpg", []func(*testing.T, facts){clockIs("EXIF:GPSDateTime", "2013-01-19T15:50:09Z"), clockIs("EXIF:DateTimeOriginal", "2013-01-20T18:54:08")}},
		{"camera an hour off", "exiftool-t-images/Ricoh2.jpg", []func(*testing.T, facts){clockIs("EXIF:GPSDateTime", "2006-05-26T10:47:24Z"), clockIs("EXIF:DateTimeOriginal", "2006-05-26T11:48:48")}},
		{"position without W in a maker's segment", me + "jpg/FLIR iPhone device.jpg", []func(*testing.T, facts){noPlace}},
		{"offset that is not the place's", me + "heic/exif-at-eof.heic", []func(*testing.T, facts){clockIs("EXIF:DateTimeOriginal", "2020-05-04T22:39:11Z")}},
		{"null island", me + "jpg/Issue 308.jpg", []func(*testing.T, facts){noPlace, complains("0,0 is what an absent position looks like")}},
		{"null island of a Samsung", me + "jpg/Samsung GT-I9000 (Galaxy S).jpg", []func(*testing.T, facts){noPlace, complains("0,0 is what an absent position looks like")}},
		{"GPS date without a time", me + "heic/Issue 263 dotnet.heic", []func(*testing.T, facts){clockIs("EXIF:GPSDateTime", "", "no_time")}},
		{"GPS time, no camera time, magnetic north", "exif-samples/heic/mobile/HMD_Nokia_8.3_5G_hdr.heif", []func(*testing.T, facts){
			clockIs("EXIF:GPSDateTime", "2022-01-12T07:30:14Z"), points(&pipeline.Direction{AzimuthDeg: 82, Reference: "magnetic"})}},
		{"degrees as text", "goexif/exif/samples/geodegrees_as_string.jpg", []func(*testing.T, facts){noPlace, complains("readers disagree on GPSLatitude"), complains("position unused")}},
		{"zone and header 17 s apart", me + "mov/with-gps.mov", []func(*testing.T, facts){
			clockIs("QuickTime:com.apple.quicktime.creationdate", "2019-07-24T08:25:40Z"), clockIs("QuickTime:mvhd", "2019-07-24T08:25:57Z")}},
		{"drone that looks straight down", "brighton-beach/DJI_0025.JPG", []func(*testing.T, facts){points(nil), clockIs("EXIF:DateTimeOriginal", "2016-06-23T16:32:50")}},
		{"hostile GPS directory", "../hostile/exiv2/issue_1912_poc.jpg", []func(*testing.T, facts){noPlace}},
	}
	future, err := filepath.Glob(filepath.Join(root, "goexif/exif/samples/2[0-9][0-9][0-9]-*.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	dated := 0
	for _, path := range future {
		if year := filepath.Base(path)[:4]; year <= "2026" {
			continue
		}
		dated++
		f := extract(t, p, path)
		if c, ok := f.clock("EXIF:DateTimeOriginal"); ok && (c.UTC != nil || c.Wall != nil || len(c.Flags) == 0) {
			t.Errorf("%s: %+v, want no time", path, c)
		}
	}
	if dated < 2 {
		t.Errorf("%d files dated in the future, want 2 and more", dated)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := extract(t, p, filepath.Join(root, c.file))
			if f.Result.Status != pipeline.Done {
				t.Fatalf("%s: %s", f.Result.Status, f.Result.Cause)
			}
			for _, check := range c.checks {
				check(t, f)
			}
		})
	}
}

// TestNoFalseFacts runs over every real file: no stage breaks for want of a process, no place is 0,0, no time lies out
// of the window.
func TestNoFalseFacts(t *testing.T) {
	t.Parallel()
	root, p := media(t), pool(t)
	done := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := d.Info(); err != nil || info.Size() == 0 {
			return err
		}
		f := extract(t, p, path)
		if f.Result.Status == pipeline.Done {
			done++
		}
		if f.Result.Retry {
			t.Errorf("%s: %+v", path, f.Result)
		}
		for _, pl := range f.Places {
			if err := (pipeline.Place{Lon: pl.Lon, Lat: pl.Lat, RadiusM: 1}).Check(); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		for _, c := range f.Clocks {
			for _, s := range c.UTC {
				if s.Check() != nil || s.To.Year() < 1990 || s.From.After(received.AddDate(0, 0, 1)) {
					t.Errorf("%s: %s %v", path, c.Field, s)
				}
			}
			if len(c.UTC) == 0 && c.Wall == nil && len(c.Flags) == 0 {
				t.Errorf("%s: %s is unused and does not say why", path, c.Field)
			}
		}
		return nil
	})
	if err != nil || done < 150 {
		t.Errorf("%d files done, %v", done, err)
	}
}

// The zone of the machine plays no part. Not parallel: it sets the environment, for its children too.
func TestSameBytesSameAnswer(t *testing.T) {
	root := media(t)
	answer := func(zone string) string {
		t.Setenv("TZ", zone)
		p, err := decode.New(decode.Config{})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		var all []facts
		for _, file := range []string{"exif-samples/jpg/gps/DSCN0010.jpg", "metadata-extractor-images/mov/with-gps.mov", "metadata-extractor-images/heic/exif-at-eof.heic", "exiftool-t-images/Google.jpg", "brighton-beach/DJI_0031.JPG"} {
			all = append(all, extract(t, p, filepath.Join(root, file)))
		}
		text, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	want := answer("UTC")
	for _, zone := range []string{"UTC", "Europe/Kyiv", "Asia/Kolkata"} {
		if got := answer(zone); got != want {
			t.Errorf("TZ=%s: %s", zone, cmp.Diff(want, got))
		}
	}
}
