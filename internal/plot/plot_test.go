package plot_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/plot"
)

var samples = flag.String("samples", "", "folder that the pictures of the tests are written to, to be looked at")

func ms(s string) int64 {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t.UnixMilli()
}

// sky is a plain sun: good enough for a picture, without the solar package.
func sky(from, to int64, lat, decl, transitH, lag float64) []plot.SkySample {
	const r = math.Pi / 180
	var out []plot.SkySample
	for t := from; t <= to; t += 5 * 60000 {
		hour := (float64(t-from)/3.6e6 - transitH) * lag * r
		s := math.Sin(lat*r)*math.Sin(decl*r) + math.Cos(lat*r)*math.Cos(decl*r)*math.Cos(hour)
		az := math.Atan2(-math.Cos(decl*r)*math.Sin(hour), math.Sin(decl*r)*math.Cos(lat*r)-math.Cos(decl*r)*math.Sin(lat*r)*math.Cos(hour))
		out = append(out, plot.SkySample{AtMs: t, AzimuthDeg: math.Mod(az/r+360, 360), ElevationDeg: math.Asin(s) / r})
	}
	return out
}

func theDay() plot.Day {
	from := ms("2024-11-02T22:00:00Z")
	to := from + 24*3600000
	return plot.Day{
		Title: "Sun at Bakhmut, 3 November 2024, against the shadow of a pole", Place: "48.5956° N 37.9999° E; EXIF 10:15:20 without an offset",
		FromMs: from, ToMs: to, Zone: plot.Zone{OffsetMin: 120, Label: "Kyiv"},
		Sun: sky(from, to, 48.6, -15.2, 11.19, 15), Moon: sky(from, to, 48.6, -22, 12.9, 14.5),
		Marks: []plot.SunMark{{Label: "pole", Azimuth: &plot.Measure{Value: 150, Sigma: 5}, Elevation: &plot.Measure{Value: 21.2, Sigma: 1.5}}},
		Windows: []plot.Window{
			{Span: plot.Span{FromMs: ms("2024-11-03T07:14:20Z"), ToMs: ms("2024-11-03T07:16:20Z")}, Probability: 0.9793},
			{Span: plot.Span{FromMs: ms("2024-11-03T08:14:20Z"), ToMs: ms("2024-11-03T08:16:20Z")}, Probability: 0.0126},
		},
	}
}

func circle(lon, lat, radius float64, clockwise bool) []plot.LonLat {
	const r = math.Pi / 180
	var out []plot.LonLat
	for i := range 361 {
		b := -float64(i) * r // counter-clockwise seen from above
		if clockwise {
			b = -b
		}
		s := math.Sin(lat*r)*math.Cos(radius*r) + math.Cos(lat*r)*math.Sin(radius*r)*math.Cos(b)
		d := math.Atan2(math.Sin(b)*math.Sin(radius*r)*math.Cos(lat*r), math.Cos(radius*r)-math.Sin(lat*r)*s)
		out = append(out, plot.LonLat{LonDeg: math.Remainder(lon+d/r, 360), LatDeg: math.Asin(s) / r})
	}
	return out
}

func ring(lon, lat, inner, outer float64) [][][]plot.LonLat {
	return [][][]plot.LonLat{{circle(lon, lat, outer, false), circle(lon, lat, inner, true)}}
}

func box(w, s, e, n float64) []plot.LonLat {
	return []plot.LonLat{{LonDeg: w, LatDeg: s}, {LonDeg: e, LatDeg: s}, {LonDeg: e, LatDeg: n}, {LonDeg: w, LatDeg: n}, {LonDeg: w, LatDeg: s}}
}

func theWorld() plot.Map {
	return plot.Map{
		Title: "Where a shadow of 0.824 of its pole can have been", Note: "2024-07-08 07:40:00 UTC ± 30 s; ratio ± 5 %",
		Bands:  []plot.Band{{Label: "ring of the ratio", Level: 0.5, Polygons: ring(66.3, 22.4, 38.6, 40.4)}, {Label: "ring of the ratio", Level: 0.95, Polygons: ring(66.3, 22.4, 36.7, 42.3)}},
		Places: []plot.Place{{Label: "Kyiv", At: plot.LonLat{LonDeg: 30.5, LatDeg: 50.45}}, {Label: "Subsolar point", At: plot.LonLat{LonDeg: 66.3, LatDeg: 22.4}}},
	}
}

// thePoles has a ring over the antimeridian and one round the north pole.
func thePoles() plot.Map {
	return plot.Map{Title: "Rings over the antimeridian and round a pole", Bands: []plot.Band{
		{Label: "over the antimeridian", Level: 0.95, Polygons: ring(175, -20, 25, 32)},
		{Label: "round the north pole", Level: 0.5, Polygons: ring(40, 70, 38, 45)}}}
}

func theRegion() plot.Map {
	m := theWorld()
	m.Bounds = &plot.Bounds{West: 28, South: 48, East: 36, North: 52.5}
	m.Bands = []plot.Band{{Label: "ratio and azimuth", Level: 0.95, Polygons: [][][]plot.LonLat{{circle(30.48, 50.45, 1.1, false)}}}, {Label: "ratio and azimuth", Level: 0.5, Polygons: [][][]plot.LonLat{{circle(30.48, 50.45, 0.5, false)}}}}
	m.Outlines = []plot.Outline{{Label: "search area of the analyst", Rings: [][]plot.LonLat{box(29, 49, 33, 51.6)}}, {Label: "area of control (2024-07-08)", Rings: [][]plot.LonLat{box(33.5, 47, 37, 49.5)}}}
	m.Places = []plot.Place{{Label: "Kyiv", At: plot.LonLat{LonDeg: 30.52, LatDeg: 50.45}}, {Label: "Vyshneve", At: plot.LonLat{LonDeg: 30.37, LatDeg: 50.39}}, {Label: "Чернігів", At: plot.LonLat{LonDeg: 31.29, LatDeg: 51.49}}, {Label: "Somewhere", At: plot.LonLat{LonDeg: 35.8, LatDeg: 48.4}}}
	return m
}

func theLines() plot.Lines {
	at := func(s string) int64 { return ms("2024-11-03T" + s + "Z") }
	answer := []plot.Span{{FromMs: at("07:14:20"), ToMs: at("07:16:20")}}
	return plot.Lines{
		Title: "When IMG_20241103_101520.jpg was made", FromMs: at("05:00:00"), ToMs: at("11:00:00"), Zone: plot.Zone{OffsetMin: 0},
		Rows: []plot.Row{
			{Label: "Camera clock", Note: "EXIF 10:15:20, +02:00 or +03:00", Spans: []plot.Span{{FromMs: at("07:14:20"), ToMs: at("07:16:20")}, {FromMs: at("08:14:20"), ToMs: at("08:16:20")}}},
			{Label: "Shadow azimuth 150° ± 5°", Note: "mark by analyst 4", Spans: []plot.Span{{FromMs: at("06:33:00"), ToMs: at("07:57:00")}}},
			{Label: "Telegram post", Note: "upper bound", Spans: []plot.Span{{FromMs: math.MinInt64, ToMs: at("09:02:11")}}},
			{Label: "Encoder Lavf60.16.100", Note: "lower bound: released 2023-11-10", Spans: []plot.Span{{FromMs: ms("2023-11-10T00:00:00Z"), ToMs: math.MaxInt64}}},
			{Label: "GPS fix", Note: "stale: not used", Doubts: true, Spans: []plot.Span{{FromMs: at("09:40:00"), ToMs: at("10:10:00")}}},
			{Label: "QuickTime creation time with a very long name that goes on", Note: "container clock", Spans: []plot.Span{{FromMs: ms("2024-12-01T00:00:00Z"), ToMs: ms("2024-12-01T00:01:00Z")}}},
		},
		Set95: answer, Set50: []plot.Span{{FromMs: at("07:14:50"), ToMs: at("07:15:50")}},
		Result: "Clock at +03:00: 97.9 %, at +02:00: 1.3 %, neither: 0.8 %",
	}
}

func pictures(t testing.TB) map[string]*plot.Picture {
	out := map[string]*plot.Picture{}
	add := func(name string, p *plot.Picture, err error) {
		if err != nil {
			t.Fatal(name, err)
		}
		out[name] = p
	}
	p, err := plot.SunDay(theDay())
	add("sunday", p, err)
	crowded := theDay()
	crowded.Moon = nil
	for i := range 9 {
		from := crowded.FromMs + int64(6*3600000+i*25*60000)
		crowded.Windows = append(crowded.Windows, plot.Window{Span: plot.Span{FromMs: from, ToMs: from + 600000}, Probability: 0.001 * float64(i)})
	}
	crowded.Marks = append(crowded.Marks, plot.SunMark{Label: "fence", Azimuth: &plot.Measure{Value: 155, Sigma: 3}, Elevation: &plot.Measure{Value: 23, Sigma: 1}})
	p, err = plot.SunDay(crowded)
	add("crowded", p, err)
	polar := theDay()
	polar.Title, polar.Zone, polar.Windows = "A June day at 70 degrees north, in UTC", plot.Zone{}, polar.Windows[:1]
	polar.Sun, polar.Moon = sky(polar.FromMs, polar.ToMs, 70, 23.4, 11.19, 15), sky(polar.FromMs, polar.ToMs, 70, -22, 2, 14.5)
	polar.Marks = []plot.SunMark{{Azimuth: &plot.Measure{Value: 10, Sigma: 3}}, {Label: "tower", Azimuth: &plot.Measure{Value: 265, Sigma: 4}, Elevation: &plot.Measure{Value: -5, Sigma: 1}}}
	p, err = plot.SunDay(polar)
	add("polar", p, err)
	winter := theDay()
	winter.Sun = sky(winter.FromMs, winter.ToMs, 70, -23.4, 11.19, 15)
	p, err = plot.SunDay(winter)
	add("winter", p, err)
	p, err = plot.Timeline(plot.Lines{FromMs: winter.FromMs, ToMs: winter.ToMs})
	add("empty", p, err)
	p, err = plot.Rings(theWorld())
	add("world", p, err)
	p, err = plot.Rings(thePoles())
	add("poles", p, err)
	p, err = plot.Rings(theRegion())
	add("region", p, err)
	p, err = plot.GroundMap(theGround())
	add("ground", p, err)
	p, err = plot.Timeline(theLines())
	add("timeline", p, err)
	months := theLines()
	months.FromMs, months.ToMs = ms("2023-09-01T00:00:00Z"), ms("2025-02-01T00:00:00Z")
	p, err = plot.Timeline(months)
	add("months", p, err)
	return out
}

func svgOf(t testing.TB, p *plot.Picture) string {
	var b bytes.Buffer
	if err := p.SVG(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

type element struct {
	name  string
	attrs map[string]string
	text  string
}

// parse reads the elements of a document, and fails on one that is not well formed.
func parse(t testing.TB, doc string) []element {
	var out []element
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			out = append(out, e)
		case xml.CharData:
			if len(out) > 0 {
				out[len(out)-1].text += strings.TrimSpace(string(token))
			}
		}
	}
}

var numbers = regexp.MustCompile(`-?[0-9.]+`)

func TestPicturesAreWellFormedAndWithinTheirFrame(t *testing.T) {
	t.Parallel()
	for name, p := range pictures(t) {
		width, height := p.Size()
		elements := parse(t, svgOf(t, p))
		if elements[0].name != "svg" || elements[0].attrs["viewBox"] == "" || elements[1].name != "title" || elements[2].name != "desc" || len(elements[2].text) < 20 {
			t.Errorf("%s: the head is %+v", name, elements[:3])
		}
		texts := 0
		for _, e := range elements[3:] {
			switch e.name {
			case "path":
				if e.attrs["stroke-opacity"] != "" && name == "ground" {
					continue // the band of a line beyond the map, hidden by what is drawn after it
				}
				for i, n := range numbers.FindAllString(e.attrs["d"], -1) {
					limit := []float64{width, height}[i%2]
					if v, err := strconv.ParseFloat(n, 64); err != nil || v < -0.01 || v > limit+0.01 {
						t.Errorf("%s: a path leaves the picture: %s (%v)", name, n, err)
					}
				}
			case "text":
				texts++
				checkText(t, name, e, width, height)
			default:
				t.Errorf("%s: element %s", name, e.name)
			}
		}
		if texts < 8 {
			t.Errorf("%s has %d labels", name, texts)
		}
	}
}

// checkText wants readable sizes and, by a rough width of 0.62 of the size per letter, no clipped label.
func checkText(t *testing.T, name string, e element, width, height float64) {
	value := func(k string) float64 {
		v, err := strconv.ParseFloat(e.attrs[k], 64)
		if err != nil {
			t.Fatalf("%s: %s of %q: %v", name, k, e.text, err)
		}
		return v
	}
	size, x, y := value("font-size"), value("x"), value("y")
	wide := 0.5 * size * float64(len([]rune(e.text)))
	left := map[string]float64{"": 0, "middle": wide / 2, "end": wide}[e.attrs["text-anchor"]]
	if size < 11 || y < size || y > height-2 || x-left < 0 || x-left+wide > width {
		t.Errorf("%s: %q at %v, %v of size %v is clipped or tiny", name, e.text, x, y, size)
	}
}

func TestPNGDecodesAndShowsThePicture(t *testing.T) {
	t.Parallel()
	for name, p := range pictures(t) {
		var a, b bytes.Buffer
		if err := p.PNG(&a, 1); err != nil {
			t.Fatal(err)
		}
		if err := p.PNG(&b, 1); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: two writes differ (%v)", name, err)
		}
		img, err := png.Decode(&a)
		if err != nil {
			t.Fatal(err)
		}
		width, height := p.Size()
		if got := img.Bounds().Size(); got.X != int(math.Ceil(width)) || got.Y != int(math.Ceil(height)) {
			t.Errorf("%s: %v", name, got)
		}
		dark, coloured := countPixels(t, name, img)
		if dark < 800 || coloured < 300 && name != "empty" {
			t.Errorf("%s: %d dark and %d coloured pixels", name, dark, coloured)
		}
	}
}

func countPixels(t *testing.T, name string, img image.Image) (dark, coloured int) {
	opaque, ok := img.(*image.RGBA) // what the decoder makes of a picture without alpha
	if !ok {
		t.Fatalf("%s is %T: not opaque", name, img)
	}
	for i := 0; i < len(opaque.Pix); i += 4 {
		r, g, b := int(opaque.Pix[i]), int(opaque.Pix[i+1]), int(opaque.Pix[i+2])
		if r+g+b < 384 {
			dark++
		}
		if max(r, g, b)-min(r, g, b) > 48 {
			coloured++
		}
	}
	return dark, coloured
}

func TestWriteSamples(t *testing.T) {
	if *samples == "" {
		t.Skip("no -samples FOLDER")
	}
	for name, p := range pictures(t) {
		var b bytes.Buffer
		if err := p.PNG(&b, 2); err != nil {
			t.Fatal(err)
		}
		for file, data := range map[string][]byte{name + ".png": b.Bytes(), name + ".svg": []byte(svgOf(t, p))} {
			if err := os.WriteFile(filepath.Join(*samples, file), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
