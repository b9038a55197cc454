package plot_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"whenwhere/internal/plot"
)

func TestBadNumbersAreErrors(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*plot.Day){
		"no samples":        func(d *plot.Day) { d.Sun = nil },
		"elevation NaN":     func(d *plot.Day) { d.Sun[3].ElevationDeg = math.NaN() },
		"azimuth Inf":       func(d *plot.Day) { d.Moon[3].AzimuthDeg = math.Inf(1) },
		"time runs back":    func(d *plot.Day) { d.Sun[3].AtMs = d.Sun[2].AtMs },
		"sigma 0":           func(d *plot.Day) { d.Marks[0].Azimuth.Sigma = 0 },
		"sigma NaN":         func(d *plot.Day) { d.Marks[0].Elevation.Sigma = math.NaN() },
		"probability 2":     func(d *plot.Day) { d.Windows[0].Probability = 2 },
		"probability NaN":   func(d *plot.Day) { d.Windows[0].Probability = math.NaN() },
		"window backwards":  func(d *plot.Day) { d.Windows[0].ToMs = 0 },
		"axis backwards":    func(d *plot.Day) { d.FromMs = d.ToMs },
		"axis of all times": func(d *plot.Day) { d.FromMs, d.ToMs = math.MinInt64, math.MaxInt64 },
		"a month":           func(d *plot.Day) { d.ToMs += 30 * 86400000 },
		"offset +99:99":     func(d *plot.Day) { d.Zone.OffsetMin = 99*60 + 99 },
		"asked elsewhen":    func(d *plot.Day) { at := d.ToMs + 1; d.AskedMs = &at },
		"too many windows":  func(d *plot.Day) { d.Windows = make([]plot.Window, 1000) },
	} {
		d := theDay()
		spoil(&d)
		if _, err := plot.SunDay(d); err == nil || !strings.HasPrefix(err.Error(), "plot: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, spoil := range map[string]func(*plot.Map){
		"bounds NaN":      func(m *plot.Map) { m.Bounds = &plot.Bounds{West: math.NaN(), East: 10, South: 0, North: 1} },
		"bounds turned":   func(m *plot.Map) { m.Bounds = &plot.Bounds{West: 10, East: 0, South: 0, North: 1} },
		"bounds empty":    func(m *plot.Map) { m.Bounds = &plot.Bounds{} },
		"level NaN":       func(m *plot.Map) { m.Bands[0].Level = math.NaN() },
		"vertex NaN":      func(m *plot.Map) { m.Bands[0].Polygons[0][0][7].LatDeg = math.NaN() },
		"place at 91":     func(m *plot.Map) { m.Places[0].At.LatDeg = 91 },
		"vertex Inf":      func(m *plot.Map) { m.Outlines = []plot.Outline{{Rings: [][]plot.LonLat{{{LonDeg: math.Inf(1)}}}}} },
		"too many places": func(m *plot.Map) { m.Places = make([]plot.Place, 1000) },
	} {
		m := theWorld()
		spoil(&m)
		if _, err := plot.Rings(m); err == nil || !strings.HasPrefix(err.Error(), "plot: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, spoil := range map[string]func(*plot.Lines){
		"span backwards": func(l *plot.Lines) { l.Rows[1].Spans[0].FromMs = math.MaxInt64 },
		"answer":         func(l *plot.Lines) { l.Set95[0].ToMs = 0 },
		"no axis":        func(l *plot.Lines) { l.FromMs, l.ToMs = 0, 0 },
		"too many rows":  func(l *plot.Lines) { l.Rows = make([]plot.Row, 1000) },
	} {
		l := theLines()
		spoil(&l)
		if _, err := plot.Timeline(l); err == nil || !strings.HasPrefix(err.Error(), "plot: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	p, err := plot.Timeline(theLines())
	if err != nil {
		t.Fatal(err)
	}
	for _, scale := range []float64{0, -1, 100, math.NaN()} {
		if err := p.PNG(io.Discard, scale); err == nil {
			t.Errorf("scale %v passed", scale)
		}
	}
}

func TestLabelsAreTextNotMarkup(t *testing.T) {
	t.Parallel()
	const evil = `"><script>alert(1)</script>&<![CDATA[ ]]> ` + "\x00\u202egpj.exe\u2066\n\xff"
	l := theLines()
	l.Title, l.Rows[0].Label, l.Rows[0].Note, l.Result, l.Zone.Label = evil, evil, evil, evil+strings.Repeat("x", 10000), evil
	p, err := plot.Timeline(l)
	if err != nil {
		t.Fatal(err)
	}
	doc := svgOf(t, p)
	for _, e := range parse(t, doc) {
		if !strings.Contains("svg title desc path text", e.name) {
			t.Errorf("a label made an element %s", e.name)
		}
	}
	if strings.ContainsAny(doc, "\x00\u202e\u2066") || !utf8.ValidString(doc) || len(doc) > 40000 {
		t.Error("control characters, turned text or a label without end went into the picture")
	}
}

// The windows' shades stand where their times are: the axis goes from x 62 to 976.
func TestShadesStandAtTheirTimes(t *testing.T) {
	t.Parallel()
	d := theDay()
	d.Windows = []plot.Window{{Span: plot.Span{FromMs: d.FromMs + 6*3600000, ToMs: d.FromMs + 12*3600000}, Probability: 1}}
	p, err := plot.SunDay(d)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("M%v 106L%v 106L%v 520L%v 520Z", 62+914.0/4, 62+914.0/2, 62+914.0/2, 62+914.0/4)
	if doc := svgOf(t, p); !strings.Contains(doc, want) {
		t.Errorf("no shade %s", want)
	}
}

func render(t *testing.T, m plot.Map) image.Image {
	p, err := plot.Rings(m)
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, p)
}

func decoded(t *testing.T, p *plot.Picture) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := p.PNG(&b, 1); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// at is the pixel of a place on a world map: x 64..976 is 360 degrees, y 74..530 is 180.
func at(img image.Image, lon, lat float64) color.Color {
	return img.At(int(64+(lon+180)/360*912), int(74+(90-lat)/180*456))
}

func shaded(c color.Color) bool {
	r, _, b, _ := c.RGBA()
	return b > r+0x2000
}

func TestFillsAreWhereTheAreaIs(t *testing.T) {
	t.Parallel()
	disc := func(lon, lat, radius float64) plot.Map {
		return plot.Map{Title: "disc", Bands: []plot.Band{{Level: 0.95, Polygons: [][][]plot.LonLat{{circle(lon, lat, radius, false)}}}}}
	}
	const in, out = true, false
	for name, c := range map[string]struct {
		m      plot.Map
		places map[plot.LonLat]bool
	}{
		"plain":        {disc(20, 10, 20), map[plot.LonLat]bool{{LonDeg: 20, LatDeg: 12}: in, {LonDeg: 50, LatDeg: 12}: out, {LonDeg: 20, LatDeg: 35}: out}},
		"antimeridian": {disc(175, 10, 20), map[plot.LonLat]bool{{LonDeg: 170, LatDeg: 12}: in, {LonDeg: -172, LatDeg: 12}: in, {LonDeg: 0, LatDeg: 12}: out}},
		"north pole":   {disc(40, 80, 30), map[plot.LonLat]bool{{LonDeg: 50, LatDeg: 85}: in, {LonDeg: -140, LatDeg: 85}: in, {LonDeg: 50, LatDeg: 40}: out, {LonDeg: 50, LatDeg: -80}: out}},
		"south pole":   {disc(40, -80, 30), map[plot.LonLat]bool{{LonDeg: 50, LatDeg: -85}: in, {LonDeg: -140, LatDeg: -85}: in, {LonDeg: 50, LatDeg: -40}: out, {LonDeg: 50, LatDeg: 80}: out}},
		"ring round the pole": {thePoles(), map[plot.LonLat]bool{
			{LonDeg: 40, LatDeg: 28}: in, {LonDeg: 40, LatDeg: 50}: out, {LonDeg: -100, LatDeg: 85}: out, {LonDeg: -140, LatDeg: 68}: in,
			{LonDeg: 175, LatDeg: -20}: out, {LonDeg: 175, LatDeg: 8}: in, {LonDeg: -155, LatDeg: -20}: in}},
		"more than half the world": {disc(40, 30, 110), map[plot.LonLat]bool{{LonDeg: 50, LatDeg: 20}: in, {LonDeg: -140, LatDeg: 80}: in, {LonDeg: -142, LatDeg: -32}: out}},
	} {
		img := render(t, c.m)
		for place, want := range c.places {
			if got := shaded(at(img, place.LonDeg, place.LatDeg)); got != want {
				t.Errorf("%s: shaded at %+v: %v", name, place, got)
			}
		}
	}
}

// A band cut along the antimeridian shows no line there, and a map over it shows both halves.
func TestCutAtTheAntimeridianIsNotDrawn(t *testing.T) {
	t.Parallel()
	m := plot.Map{Title: "cut", Bounds: &plot.Bounds{West: 165, East: 195, South: -10, North: 10}, Bands: []plot.Band{{Level: 0.5,
		Polygons: [][][]plot.LonLat{{box(172, -5, 180, 5)}, {box(-180, -5, -172, 5)}}}}}
	p, err := plot.Rings(m)
	if err != nil {
		t.Fatal(err)
	}
	strokes := 0
	for _, e := range parse(t, svgOf(t, p)) {
		if e.attrs["stroke"] == "#0072b2" && strings.Count(e.attrs["d"], "M") > 1 {
			strokes++
			if strings.Contains(e.attrs["d"], "M520 ") && strings.Count(e.attrs["d"], "520 ") > 4 {
				t.Errorf("the cut is drawn: %s", e.attrs["d"])
			}
		}
	}
	if strokes != 1 {
		t.Errorf("%d outlines", strokes)
	}
}

// In grey the two bands differ from each other and from paper.
func TestBandsDifferInGrey(t *testing.T) {
	t.Parallel()
	disc := [][][]plot.LonLat{{circle(0, 0, 40, false)}}
	grey := func(level float64) int {
		img := render(t, plot.Map{Title: "g", Bands: []plot.Band{{Level: level, Polygons: disc}}})
		return int(color.GrayModel.Convert(at(img, 10, 10)).(color.Gray).Y)
	}
	if half, most := grey(0.5), grey(0.95); half > most-50 || most > 235 {
		t.Errorf("greys are %d and %d of 255", half, most)
	}
}

func FuzzTimeline(f *testing.F) {
	f.Add("IMG.jpg", "Camera clock", int64(1730610860000), int64(1730610980000), int64(1730600000000), int64(1730620000000), 120)
	f.Add("\u202e<x>", "", int64(math.MinInt64), int64(math.MaxInt64), int64(0), int64(1000), -840)
	f.Add("", "\xff", int64(5), int64(5), int64(-2208988800000), int64(7258118400000), 0)
	f.Fuzz(func(t *testing.T, title, label string, from, to, low, high int64, offset int) {
		span := []plot.Span{{FromMs: from, ToMs: to}}
		p, err := plot.Timeline(plot.Lines{Title: title, FromMs: low, ToMs: high, Zone: plot.Zone{OffsetMin: offset, Label: label},
			Rows: []plot.Row{{Label: label, Note: title, Spans: span, Doubts: from%2 == 0}}, Set95: span, Set50: span, Result: label})
		if err != nil {
			return
		}
		parse(t, svgOf(t, p))
	})
}

func FuzzRings(f *testing.F) {
	f.Add(28.0, 48.0, 36.0, 52.5, 30.0, 50.0, 400.0, -89.0, -170.0, 90.0)
	f.Add(-180.0, -90.0, 180.0, 90.0, 180.0, 90.0, -180.0, -90.0, 0.0, 0.0)
	f.Add(math.NaN(), 0.0, 1e-4, 1e-4, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
	f.Fuzz(func(t *testing.T, w, s, e, n, x0, y0, x1, y1, x2, y2 float64) {
		ring := []plot.LonLat{{LonDeg: x0, LatDeg: y0}, {LonDeg: x1, LatDeg: y1}, {LonDeg: x2, LatDeg: y2}}
		p, err := plot.Rings(plot.Map{Bounds: &plot.Bounds{West: w, South: s, East: e, North: n},
			Bands: []plot.Band{{Level: 0.5, Polygons: [][][]plot.LonLat{{ring}, {ring, ring}}}}, Outlines: []plot.Outline{{Rings: [][]plot.LonLat{ring}}},
			Places: []plot.Place{{Label: "x", At: ring[0]}}})
		if err != nil {
			return
		}
		doc := svgOf(t, p)
		parse(t, doc)
		if strings.Contains(doc, "NaN") || strings.Contains(doc, "Inf") {
			t.Fatal("a coordinate is not finite")
		}
	})
}
