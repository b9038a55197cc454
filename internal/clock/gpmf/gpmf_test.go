package gpmf_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/clock/gpmf"
	"whenwhere/internal/shareddata"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(shareddata.Path(t, "media", "gpmf", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func utc(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000") }

// The texts of GPSU stand in the raw blocks as they are.
func TestRawBlocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file, device, at string
		fix              gpmf.Fix
		dop              float64
		points           int
		lat, lon         float64
	}{
		{"hero5.raw", "Camera", "2017-04-17T17:31:03.000", 3, 6.06, 18, 33.1264969, -117.3273542},
		{"hero6.raw", "Hero6 Black", "2018-01-24T19:28:01.699", 0, 99.99, 17, 33.1265542, -117.3271299},
		{"hero6+ble.raw", "Hero6 Black", "2018-03-23T22:51:39.829", 0, 99.99, 18, 33.1267334, -117.3274448},
		{"Fusion.raw", "Fusion", "2018-03-23T17:25:37.375", 3, 6.74, 19, 33.1266299, -117.3274386},
	} {
		got, err := gpmf.Parse(read(t, c.file))
		if err != nil || got.Device != c.device || len(got.Blocks) != 1 {
			t.Errorf("%s: %q, %d blocks, %v", c.file, got.Device, len(got.Blocks), err)
			continue
		}
		b := got.Blocks[0]
		if !b.HasUTC || utc(b.UTCMs) != c.at || !b.HasFix || b.Fix != c.fix || b.DOP != c.dop || len(b.Points) != c.points {
			t.Errorf("%s: %+v", c.file, b)
		}
		if p := b.Points[0]; p.Lat != c.lat || p.Lon != c.lon {
			t.Errorf("%s: %+v", c.file, p)
		}
	}
	got, err := gpmf.Parse(read(t, "karma.raw"))
	if err != nil || len(got.Blocks) != 1 || utc(got.Blocks[0].UTCMs) != "2017-04-17T19:27:57.527" || got.Blocks[0].Points[0].Lat != 33.1253688 {
		t.Errorf("karma.raw: %+v, %v", got, err)
	}
}

// payloads cuts the telemetry out of a movie by its keys, for the test only.
func payloads(movie []byte) []byte {
	var out []byte
	for {
		i := bytes.Index(movie, []byte("DEVC\x00\x01"))
		if i < 0 || i+8 > len(movie) {
			return out
		}
		n := 8 + int(binary.BigEndian.Uint16(movie[i+6:]))
		if i+n <= len(movie) {
			if _, err := gpmf.Parse(movie[i : i+n]); err == nil {
				out = append(out, movie[i:i+n]...)
			}
		}
		movie = movie[i+8:]
	}
}

// The drone's track as exiftool reads it.
func TestKarmaAgainstExiftool(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("exiftool")
	if err != nil {
		t.Skip("exiftool not present")
	}
	column := func(tag string) []string {
		out, err := exec.CommandContext(t.Context(), tool, "-ee", "-n", "-a", "-s3", "-"+tag, shareddata.Path(t, "media", "gpmf", "karma.mp4")).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSpace(string(out)), "\n")
	}
	times, lats, lons := column("GPSDateTime"), column("GPSLatitude"), column("GPSLongitude")
	// exiftool makes a composite position of the first place.
	lats, lons = lats[len(lats)-len(times):], lons[len(lons)-len(times):]
	got, err := gpmf.Parse(payloads(read(t, "karma.mp4")))
	if err != nil {
		t.Fatal(err)
	}
	var points []gpmf.Point
	for _, b := range got.Blocks {
		points = append(points, b.Points...)
	}
	if len(points) != len(times) || len(points) < 40 {
		t.Fatalf("%d points, exiftool has %d", len(points), len(times))
	}
	for i, p := range points {
		at, err := time.Parse("2006:01:02 15:04:05.999999", times[i])
		if err != nil {
			t.Fatal(err)
		}
		lat, _ := strconv.ParseFloat(lats[i], 64)
		lon, _ := strconv.ParseFloat(lons[i], 64)
		if d := p.UTCMs - at.UnixMilli(); !p.HasUTC || d < -1 || d > 1 || math.Abs(p.Lat-lat) > 1e-7 || math.Abs(p.Lon-lon) > 1e-7 {
			t.Errorf("point %d: %s %v, exiftool %s %v %v", i, utc(p.UTCMs), p, times[i], lat, lon)
		}
	}
}

// entry builds one entry of GPMF.
func entry(key string, kind byte, size, count int, data []byte) []byte {
	out := append([]byte(key), kind, byte(size), byte(count>>8), byte(count))
	out = append(out, data...)
	return append(out, make([]byte, (4-len(data)%4)%4)...)
}

func box(key string, parts ...[]byte) []byte {
	data := bytes.Join(parts, nil)
	return entry(key, 0, 1, len(data), data)
}

func longs(v ...int32) []byte {
	var out []byte
	for _, x := range v {
		out = binary.BigEndian.AppendUint32(out, uint32(x))
	}
	return out
}

// gps9 builds a stream as Hero 11 and later write it.
func gps9(days, ms int32, dop, fix uint16, scales ...int32) []byte {
	row := longs(481234567, 361234567, 180250, 1500, 150, days, ms)
	row = binary.BigEndian.AppendUint16(row, dop)
	row = binary.BigEndian.AppendUint16(row, fix)
	return box("DEVC", box("STRM", entry("SCAL", 'l', 4, len(scales), longs(scales...)), entry("GPS9", '?', 32, 1, row)))
}

var scales9 = []int32{10000000, 10000000, 1000, 1000, 100, 1, 1000, 100, 1}

func TestGPS9(t *testing.T) {
	t.Parallel()
	got, err := gpmf.Parse(gps9(8766, 43200500, 250, 3, scales9...)) // 2024-01-01 is day 8766
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2024, 1, 1, 12, 0, 0, 500e6, time.UTC).UnixMilli()
	want := []gpmf.Block{{
		UTCMs: at, HasUTC: true, Fix: 3, HasFix: true, DOP: 2.5, HasDOP: true,
		Points: []gpmf.Point{{Lat: 48.1234567, Lon: 36.1234567, AltM: 180.25, UTCMs: at, HasUTC: true}},
	}}
	if diff := cmp.Diff(want, got.Blocks); diff != "" {
		t.Error(diff)
	}
}

func TestHostile(t *testing.T) {
	t.Parallel()
	deep := entry("GPSU", 'U', 16, 1, []byte("240101000000.000"))
	for range 20 {
		deep = box("DEVC", deep)
	}
	zero := append([]int32{0}, scales9[1:]...)
	for name, data := range map[string][]byte{
		"empty": nil, "text": []byte("1\n00:00:01,000"), "deep": deep,
		"scale 0": gps9(8766, 0, 1, 3, zero...), "few scales": gps9(8766, 0, 1, 3, scales9[:5]...),
		"cut":  gps9(8766, 0, 1, 3, scales9...)[:60],
		"size": box("DEVC", box("STRM", entry("SCAL", 'l', 4, 5, longs(1, 1, 1, 1, 1)), entry("GPS5", 'l', 4, 1, longs(1)))),
	} {
		if _, err := gpmf.Parse(data); !errors.Is(err, gpmf.ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, data := range map[string][]byte{
		"second 86400": gps9(8766, 86400000, 1, 3, scales9...), "day -1": gps9(-1, 0, 1, 3, scales9...),
		"GPSU": box("DEVC", box("STRM", entry("GPSU", 'U', 16, 1, []byte("240230000000.000")))),
		"leap": box("DEVC", box("STRM", entry("GPSU", 'U', 16, 1, []byte("161231235960.000")))),
	} {
		got, err := gpmf.Parse(data)
		if err != nil || len(got.Blocks) != 1 || got.Blocks[0].HasUTC {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(gps9(8766, 43200500, 250, 3, scales9...))
	f.Add(gps9(8766, 0, 1, 3, scales9...)[:60])
	f.Add([]byte("DEVC\x00\x01\xff\xff"))
	f.Add(box("DEVC", box("STRM", entry("SCAL", 'L', 4, 2, longs(1000000, 1000)), entry("SYST", '?', 16, 1, longs(0, 1, 0x17f, 1)))))
	for _, name := range []string{"hero5.raw", "karma.raw"} {
		if data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "data", "media", "gpmf", name)); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := gpmf.Parse(data)
		if err != nil && !errors.Is(err, gpmf.ErrFormat) {
			t.Fatalf("an undeclared error: %v", err)
		}
		for _, b := range got.Blocks {
			for _, p := range b.Points {
				if !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180) {
					t.Fatalf("%+v", p)
				}
			}
			if b.HasUTC && (b.UTCMs < 946684800000 || b.UTCMs > 4102444800000) {
				t.Fatalf("%s", utc(b.UTCMs))
			}
		}
	})
}
