package metadata_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline/extract/metadata"
)

func TestISO6709(t *testing.T) {
	t.Parallel()
	alt := func(m float64) *float64 { return &m }
	cases := []struct {
		text     string
		lat, lon float64
		alt      *float64
	}{
		{"+48.0512+037.2811+123.4/", 48.0512, 37.2811, alt(123.4)},
		{"+48.0512+037.2811/", 48.0512, 37.2811, nil},
		{"+48.0512+37.2811", 48.0512, 37.2811, nil},
		{"-34.6-058.4-12/", -34.6, -58.4, alt(-12)},
		{"+27.5916+086.5640+8850CRSWGS_84/", 27.5916, 86.564, alt(8850)},
		{"+35-139/", 35, -139, nil},
		{"+4803.072+03716.866/", 48 + 3.072/60, 37 + 16.866/60, nil},
		{"-4803.072-03716.866+5.5/", -48 - 3.072/60, -37 - 16.866/60, alt(5.5)},
		{"+480304.3+0371652.0+123.4/", 48 + 3./60 + 4.3/3600, 37 + 16./60 + 52./3600, alt(123.4)},
		{"+90.+180./", 90, 180, nil},
		{"+00-000/", 0, 0, nil}, // read here, refused as a place
	}
	for _, c := range cases {
		lat, lon, a, err := metadata.ISO6709(c.text)
		if err != nil || math.Abs(lat-c.lat) > 1e-9 || math.Abs(lon-c.lon) > 1e-9 || (a == nil) != (c.alt == nil) || a != nil && *a != *c.alt {
			t.Errorf("%q: %v, %v, %v, %v; want %v, %v, %v", c.text, lat, lon, a, err, c.lat, c.lon, c.alt)
		}
	}
	for _, text := range []string{
		"", "/", "48.0512+037.2811/", "+48.0512/", "+48.0512 +037.2811/", "+48,0512+037,2811/", "+480.512+037.2811/", "+4803.072+037.2811/",
		"+48.0512+03716.866/", "+4860.0+03716.0/", "+4803.0+03760.0/", "+480360+0371652/", "+48.0512+037.2811+/", "+48.05e1+037.2811/",
		"+48.0512+037.2811/+48", "+48.0512+037.2811CRS/", "+4８.0512+037.2811/", "NaN", "+48.0512+0372811/", "+00048+037/",
	} {
		if lat, lon, _, err := metadata.ISO6709(text); err == nil {
			t.Errorf("%q is read as %v, %v", text, lat, lon)
		}
	}
}

func TestXMPCoordinate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"48,3.07N": 48 + 3.07/60, "48,3.07n": 48 + 3.07/60, "48,3.07S": -48 - 3.07/60, "48,3,4N": 48 + 3./60 + 4./3600, "48,3,4.5S": -48 - 3./60 - 4.5/3600, "0,30N": 0.5,
	} {
		if got, err := metadata.XMPCoordinate(text, 'N', 'S'); err != nil || math.Abs(got-want) > 1e-12 {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "48,3.07", "48.05", "48,60N", "48,3,60N", "48,3.07E", "48,3.07,4N", "-48,3N", "48, 3N", "48,3.07 N", "1e1,3N"} {
		if got, err := metadata.XMPCoordinate(text, 'N', 'S'); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// Any position, printed in each of the three forms, reads back.
func TestISO6709RoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// Whole thousandths of a second of arc, so that no form has to round.
		lat := rapid.Int64Range(-90*3600_000, 90*3600_000).Draw(t, "lat")
		lon := rapid.Int64Range(-180*3600_000, 180*3600_000).Draw(t, "lon")
		form := rapid.IntRange(1, 3).Draw(t, "form")
		text := printed(lat, 2, form) + printed(lon, 3, form) + "/"
		gotLat, gotLon, _, err := metadata.ISO6709(text)
		if err != nil || math.Abs(gotLat-float64(lat)/3600_000) > 1e-10 || math.Abs(gotLon-float64(lon)/3600_000) > 1e-10 {
			t.Fatalf("%s: %v, %v, %v", text, gotLat, gotLon, err)
		}
	})
}

func printed(mas int64, degreeDigits, form int) string {
	sign := "+"
	if mas < 0 {
		sign, mas = "-", -mas
	}
	deg, rest := mas/3600_000, mas%3600_000
	switch form {
	case 1:
		return fmt.Sprintf("%s%0*d%s", sign, degreeDigits, deg, strings.TrimPrefix(fmt.Sprintf("%.11f", float64(rest)/3600_000), "0"))
	case 2:
		return fmt.Sprintf("%s%0*d%013.10f", sign, degreeDigits, deg, float64(rest)/60_000)
	}
	return fmt.Sprintf("%s%0*d%02d%06.3f", sign, degreeDigits, deg, rest/60_000, float64(rest%60_000)/1000)
}

// TestMoviesAgainstExiftool compares positions and creation dates of every real movie with exiftool's.
func TestMoviesAgainstExiftool(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("exiftool")
	if err != nil {
		t.Skip("exiftool is not installed")
	}
	root := media(t)
	args := []string{"-j", "-n", "-a", "-G1", "-api", "QuickTimeUTC=0", "-QuickTime:CreateDate", "-Keys:CreationDate", "-Keys:GPSCoordinates",
		"-UserData:GPSCoordinates", "-ext", "mov", "-ext", "mp4", "-ext", "m4a", "-r",
		root, filepath.Join(filepath.Dir(root), "neardup")}
	cmd := exec.Command(tool, args...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("exiftool: %v", err)
	}
	var movies []map[string]any
	if err := json.Unmarshal(out, &movies); err != nil {
		t.Fatal(err)
	}
	p := pool(t)
	dates, places := 0, 0
	for _, m := range movies {
		path := m["SourceFile"].(string)
		f := extract(t, p, path)
		if f.Result.Status != "done" {
			continue
		}
		if date, ok := m["QuickTime:CreateDate"].(string); ok {
			dates++
			c, found := f.clock("QuickTime:mvhd")
			zero := strings.HasPrefix(date, "0000")
			want := strings.Replace(strings.Replace(date, ":", "-", 2), " ", "T", 1)
			switch {
			case !found || zero != (c.UTC == nil):
				t.Errorf("%s: %+v, want %s", filepath.Base(path), c, date)
			case !zero && (want < c.UTC[0].From.Format("2006-01-02T15:04:05") || want >= c.UTC[0].To.Format("2006-01-02T15:04:05.9")):
				t.Errorf("%s: %v, want %s", filepath.Base(path), c.UTC, want)
			case !zero && c.Wall == nil:
				t.Errorf("%s: the zone of a movie header is open", filepath.Base(path))
			}
		}
		for _, group := range []string{"Keys", "UserData"} {
			text, ok := m[group+":GPSCoordinates"].(string)
			if !ok {
				continue
			}
			var lat, lon float64
			if _, err := fmt.Sscan(text, &lat, &lon); err != nil {
				t.Fatal(err)
			}
			places++
			if len(f.Places) == 0 || math.Abs(f.Places[0].Lat-lat) > 1e-9 || math.Abs(f.Places[0].Lon-lon) > 1e-9 {
				t.Errorf("%s: %+v, want %s", filepath.Base(path), f.Places, text)
			}
		}
	}
	t.Logf("%d dates and %d places of %d movies", dates, places, len(movies))
	if dates < 12 || places < 2 {
		t.Errorf("compared %d dates and %d places: the oracle has gone silent", dates, places)
	}
}

// FuzzISO6709: what is read is finite and possible to print, and a longer text is never read.
func FuzzISO6709(f *testing.F) {
	for _, s := range []string{"+48.0512+037.2811+123.4/", "+4803.072+03716.866/", "+480304.3+0371652.0CRSWGS_84/", "-0-0/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lat, lon, alt, err := metadata.ISO6709(text)
		if err != nil {
			return
		}
		if math.Abs(lat) >= 100 || math.Abs(lon) >= 1000 || math.IsNaN(lat+lon) || alt != nil && math.IsInf(*alt, 0) {
			t.Fatalf("%q is read as %v, %v, %v", text, lat, lon, alt)
		}
		if _, _, _, err := metadata.ISO6709(text + text); err == nil {
			t.Fatalf("%q twice is read", text)
		}
	})
}

// FuzzPosition gives the stage any GPS directory: what comes out as a place is one.
func FuzzPosition(f *testing.F) {
	f.Add(int64(48), int64(1), int64(3), int64(1), int64(30720), int64(1000), "N", int64(37), int64(1), int64(16), int64(1), int64(519), int64(10), "E", "+48.05+037.28/")
	f.Add(int64(0), int64(0), int64(0), int64(0), int64(0), int64(0), "", int64(0), int64(1), int64(0), int64(1), int64(0), int64(1), "W", "")
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g int64, ns string, h, i, j, k, l, m int64, ew, iso string) {
		tags := wire.Tags{Tags: []wire.Tag{
			{Reader: "walk", Dir: "GPS", Name: "GPSLatitudeRef", Text: &ns}, {Reader: "walk", Dir: "GPS", Name: "GPSLatitude", Rats: []wire.Rat{{Num: a, Den: b}, {Num: c, Den: d}, {Num: e, Den: g}}},
			{Reader: "walk", Dir: "GPS", Name: "GPSLongitudeRef", Text: &ew}, {Reader: "walk", Dir: "GPS", Name: "GPSLongitude", Rats: []wire.Rat{{Num: h, Den: i}, {Num: j, Den: k}, {Num: l, Den: m}}},
			{Reader: "walk", Dir: "GPS", Name: "GPSTimeStamp", Rats: []wire.Rat{{Num: a, Den: b}, {Num: j, Den: k}, {Num: l, Den: m}}},
			{Reader: "mp4", Dir: "udta", Name: "©xyz", Text: &iso},
		}}
		got := interpret(t, ns, tags)
		for _, p := range got.Places {
			if !(math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180) || p.Lat == 0 && p.Lon == 0 {
				t.Fatalf("place %+v", p)
			}
			if p.Field == "EXIF:GPS" && ((p.Lat < 0) != strings.HasPrefix(strings.ToUpper(strings.TrimSpace(ns)), "S") && p.Lat != 0) {
				t.Fatalf("place %+v with %q", p, ns)
			}
		}
	})
}
