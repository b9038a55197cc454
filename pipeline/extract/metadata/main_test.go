package metadata_test

import (
	"context"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/decode"
	"whenwhere/internal/decode/child"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/shareddata"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/container"
	"whenwhere/pipeline/extract/metadata"
)

// TestMain makes the test binary the decoder's child, as the real one is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "decode" {
		os.Exit(child.Main(os.NewFile(child.SocketFD, "requests"), os.Args[2:]...))
	}
	os.Exit(m.Run())
}

// received is when every file of the tests came in: before it lies the window of possible dates.
var received = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// media returns the folder of real files, or skips.
func media(t testing.TB) string {
	t.Helper()
	return shareddata.Path(t, "media")
}

func pool(t testing.TB) *decode.Pool {
	t.Helper()
	p, err := decode.New(decode.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// facts is all that the stage says of one file.
type facts struct {
	Result    pipeline.StageResult `json:"-"`
	Clocks    []pipeline.StatedClock
	Places    []pipeline.StatedPlace
	Clip      *pipeline.Clip
	Direction *pipeline.Direction
	Attitude  *pipeline.Attitude
	Camera    *pipeline.Camera
	Exposure  *pipeline.Exposure
	Software  []string
	Blocks    []string
	Defects   []pipeline.Defect
}

func get[T any](t testing.TB, key pipeline.Key[T], all pipeline.Observations) T {
	t.Helper()
	v, _, err := key.In(all)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func optional[T any](t testing.TB, key pipeline.Key[T], all pipeline.Observations) *T {
	t.Helper()
	if !all.Has(key.ID) {
		return nil
	}
	v := get(t, key, all)
	return &v
}

func factsOf(t testing.TB, r pipeline.StageResult) facts {
	t.Helper()
	o := r.Observations
	return facts{
		Result: r, Clocks: get(t, pipeline.ClocksKey, o), Places: get(t, pipeline.PlacesKey, o),
		Clip: optional(t, pipeline.ClipKey, o), Direction: optional(t, pipeline.DirectionKey, o), Attitude: optional(t, pipeline.AttitudeKey, o), Camera: optional(t, pipeline.CameraKey, o), Exposure: optional(t, pipeline.ExposureKey, o),
		Software: get(t, pipeline.SoftwareKey, o), Blocks: get(t, pipeline.BlocksKey, o), Defects: get(t, pipeline.DefectsKey, o),
	}
}

// extract runs the two stages over a real file with the real decoder.
func extract(t testing.TB, p *decode.Pool, path string) facts {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, f)
	if err != nil {
		t.Fatal(err)
	}
	in := pipeline.Opened{File: f, Media: pipeline.Media{
		ID: pipeline.MediaID(sum.Sum(nil)), SizeBytes: size, GivenName: filepath.Base(path),
	}}
	results, err := pipeline.Extract(t.Context(), []pipeline.Extractor{container.Stage(p), metadata.Stage(p)}, in, nil,
		func(context.Context, pipeline.StageResult) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if results[0].Status != pipeline.Done {
		t.Fatalf("%s: container: %s", path, results[0].Cause)
	}
	return factsOf(t, results[1])
}

func (f facts) clock(field string) (pipeline.StatedClock, bool) {
	for _, c := range f.Clocks {
		if c.Field == field {
			return c, true
		}
	}
	return pipeline.StatedClock{}, false
}

// complains reports whether a defect speaks of what.
func (f facts) complains(what string) bool {
	for _, d := range f.Defects {
		if strings.Contains(d.Where+": "+d.Rule, what) {
			return true
		}
	}
	return false
}

// interpret gives the stage tags that no file need hold, and adds what the name says.
func interpret(t testing.TB, given string, tags wire.Tags) facts {
	t.Helper()
	made, err := metadata.Interpret(tags)
	if err != nil {
		t.Fatal(err)
	}
	f := factsOf(t, pipeline.StageResult{Observations: made})
	f.Clocks = append(f.Clocks, metadata.NameClocks(given)...)
	return f
}
