package plot_test

import (
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/plot"
)

// theGround has a front that runs north to south, a claim on it, and what files and witnesses say.
func theGround() plot.Ground {
	var line [][]plot.LonLat
	for lat := 47.5; lat < 48.5; lat += 0.01 {
		line = append(line, []plot.LonLat{{LonDeg: 37.92, LatDeg: lat}, {LonDeg: 37.92, LatDeg: lat + 0.01}})
	}
	return plot.Ground{
		Title: "Reported control on 31 August 2024 by invented", Note: "map as of 2024-08-25, 6 days old; the line may be off by 8 km",
		Bounds: plot.Bounds{West: 37.8, South: 48, East: 38.0, North: 48.1},
		Areas: []plot.Area{
			{Label: "drawn as held by ru", Pattern: plot.Rising, Polygons: [][][]plot.LonLat{{box(37.92, 47.5, 38.6, 48.5)}}},
			{Label: "contested", Pattern: plot.Falling, Polygons: [][][]plot.LonLat{{box(37.9, 47.5, 37.92, 48.5)}}},
			{Label: "not drawn as held by ru", Pattern: plot.Level, Polygons: [][][]plot.LonLat{{box(37, 47.5, 37.9, 48.5)}}},
		},
		Traces: []plot.Trace{{Label: "the line, and how far it may be off", Lines: line, MarginM: 1000}, {Label: "the next map, 2024-09-03", Lines: [][]plot.LonLat{{{LonDeg: 37.9, LatDeg: 47.9}, {LonDeg: 37.89, LatDeg: 48.2}}}, Faint: true}},
		Discs: []plot.Disc{{Label: "claimed place, within 400 m", At: plot.LonLat{LonDeg: 37.9085, LatDeg: 48.04}, RadiusM: 400, Look: plot.Claimed},
			{Label: "position that the file states", At: plot.LonLat{LonDeg: 37.907, LatDeg: 48.0405}, RadiusM: 20, Look: plot.Measured},
			{Label: "where witness W-01 places it", At: plot.LonLat{LonDeg: 37.91, LatDeg: 48.043}, RadiusM: 2000, Look: plot.Told}},
		Views:  []plot.Sector{{Label: "view of the camera", At: plot.LonLat{LonDeg: 37.907, LatDeg: 48.0405}, AzimuthDeg: 255, WideDeg: 67, RangeM: 1500}},
		Places: []plot.Place{{Label: "claim", At: plot.LonLat{LonDeg: 37.9085, LatDeg: 48.04}}},
	}
}

func groundAt(t *testing.T, g plot.Ground) func(lon, lat float64) color.RGBA {
	t.Helper()
	p, err := plot.GroundMap(g)
	if err != nil {
		t.Fatal(err)
	}
	img, box := rendered(t, p)
	return func(lon, lat float64) color.RGBA {
		x := box[0] + (lon-g.Bounds.West)/(g.Bounds.East-g.Bounds.West)*(box[2]-box[0])
		y := box[3] - (lat-g.Bounds.South)/(g.Bounds.North-g.Bounds.South)*(box[3]-box[1])
		c, _ := color.RGBAModel.Convert(img.At(int(x), int(y))).(color.RGBA)
		return c
	}
}

// rendered is the picture as pixels, and the box of its map.
func rendered(t *testing.T, p *plot.Picture) (img image.Image, box [4]float64) {
	t.Helper()
	return decoded(t, p), mapBox(t, p)
}

// mapBox is the last frame that is stroked in the frame's grey.
func mapBox(t *testing.T, p *plot.Picture) (box [4]float64) {
	t.Helper()
	for _, e := range parse(t, svgOf(t, p)) {
		if e.name == "path" && e.attrs["stroke"] == "#606060" && e.attrs["fill"] == "none" && strings.Count(e.attrs["d"], "L") == 3 {
			n := numbers.FindAllString(e.attrs["d"], -1)
			box = [4]float64{number(t, n[0]), number(t, n[1]), number(t, n[4]), number(t, n[5])}
		}
	}
	return box
}

// The band of a line is as wide as the line may be off, on both sides, and nothing of it lies outside of the map.
func TestBandIsAsWideAsTheLineMayBeOff(t *testing.T) {
	t.Parallel()
	g := plot.Ground{Title: "x", Bounds: plot.Bounds{West: 37.8, South: 48, East: 38.0, North: 48.1},
		Traces: []plot.Trace{{Lines: [][]plot.LonLat{{{LonDeg: 37.92, LatDeg: 47}, {LonDeg: 37.92, LatDeg: 49}}}, MarginM: 2000}}}
	at := groundAt(t, g)
	perDegree := 111320 * math.Cos(48.05*math.Pi/180)
	for _, c := range []struct {
		offM float64
		in   bool
	}{{0, true}, {1800, true}, {-1800, true}, {2400, false}, {-2400, false}} {
		shade := at(37.92+c.offM/perDegree, 48.053)
		if got := shade.R < 0xf0; got != c.in {
			t.Errorf("%v m off the line: %v", c.offM, shade)
		}
	}
	far := g // a line beyond the map whose band reaches into it
	far.Traces = []plot.Trace{{Lines: [][]plot.LonLat{{{LonDeg: 38.02, LatDeg: 47}, {LonDeg: 38.02, LatDeg: 49}}}, MarginM: 2000}}
	if at := groundAt(t, far); at(37.995, 48.053).R > 0xf0 || at(37.98, 48.053).R < 0xf0 {
		t.Error("the band of a line beyond the map is cut off, or too wide")
	}
	p, err := plot.GroundMap(far)
	if err != nil {
		t.Fatal(err)
	}
	img, box := rendered(t, p)
	if c, _ := color.RGBAModel.Convert(img.At(int(box[2])+5, int(box[3])-30)).(color.RGBA); c.R != 0xff {
		t.Errorf("the band runs over the edge of the map: %v", c)
	}
}

// Each pattern draws its own number of lines along a path across the map, so that grey prints tell the sides apart.
func TestGroundIsHatched(t *testing.T) {
	t.Parallel()
	lines := func(how plot.Pattern) (n int) {
		g := plot.Ground{Title: "x", Bounds: plot.Bounds{West: 37.8, South: 48, East: 38.0, North: 48.1},
			Areas: []plot.Area{{Pattern: how, Polygons: [][][]plot.LonLat{{box(37, 47, 39, 49)}}}}}
		p, err := plot.GroundMap(g)
		if err != nil {
			t.Fatal(err)
		}
		img, box := rendered(t, p)
		x, y := int(box[0])+100, 0
		before := uint8(255)
		for y = int(box[1]) + 60; y < int(box[3])-60; y++ {
			now := color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y
			if int(before)-int(now) > 12 {
				n++
			}
			before = now
		}
		return n
	}
	if rising, level := lines(plot.Rising), lines(plot.Level); rising < 15 || level < 8 || level > rising {
		t.Errorf("%d lines of the rising pattern, %d of the level one", rising, level)
	}
}

func TestDiscHasItsRadius(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		radius := rapid.Float64Range(300, 3000).Draw(r, "radius")
		g := plot.Ground{Title: "x", Bounds: plot.Bounds{West: 37.8, South: 48, East: 38.0, North: 48.1},
			Discs: []plot.Disc{{Label: "d", At: plot.LonLat{LonDeg: 37.9, LatDeg: 48.05}, RadiusM: radius, Look: plot.Measured}}}
		p, err := plot.GroundMap(g)
		if err != nil {
			t.Fatal(err)
		}
		var xs []float64
		for _, e := range parse(t, svgOf(t, p)) {
			if e.name == "path" && strings.Contains(e.attrs["stroke"], "#0072b2") && strings.Count(e.attrs["d"], "L") > 40 {
				for i, n := range numbers.FindAllString(e.attrs["d"], -1) {
					if i%2 == 0 {
						xs = append(xs, number(t, n))
					}
				}
			}
		}
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, x := range xs {
			lo, hi = min(lo, x), max(hi, x)
		}
		box := mapBox(t, p)
		perM := (box[2] - box[0]) / (0.2 * 111320 * math.Cos(48.05*math.Pi/180))
		if got := (hi - lo) / 2 / perM; math.Abs(got-radius) > 0.01*radius {
			r.Fatalf("a disc of %v m is drawn with %v m", radius, got)
		}
	})
}

func TestBadGround(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*plot.Ground){
		"no pattern":      func(g *plot.Ground) { g.Areas[0].Pattern = 0 },
		"margin NaN":      func(g *plot.Ground) { g.Traces[0].MarginM = math.NaN() },
		"radius 0":        func(g *plot.Ground) { g.Discs[0].RadiusM = 0 },
		"no look":         func(g *plot.Ground) { g.Discs[0].Look = 9 },
		"view of nothing": func(g *plot.Ground) { g.Views[0].WideDeg = 0 },
		"azimuth Inf":     func(g *plot.Ground) { g.Views[0].AzimuthDeg = math.Inf(1) },
		"range NaN":       func(g *plot.Ground) { g.Views[0].RangeM = math.NaN() },
		"edge NaN":        func(g *plot.Ground) { g.Traces[0].Lines[0][0].LatDeg = math.NaN() },
		"disc at 91":      func(g *plot.Ground) { g.Discs[0].At.LatDeg = 91 },
		"half the world":  func(g *plot.Ground) { g.Bounds = plot.Bounds{West: -90, East: 90, South: 0, North: 60} },
		"too many":        func(g *plot.Ground) { g.Discs = make([]plot.Disc, 1000) },
	} {
		g := theGround()
		spoil(&g)
		if _, err := plot.GroundMap(g); err == nil || !strings.HasPrefix(err.Error(), "plot: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The legend names what is seen: not ground or lines that lie elsewhere, but a line whose band reaches into the map.
func TestLegendNamesWhatIsSeen(t *testing.T) {
	t.Parallel()
	g := theGround()
	g.Areas = append(g.Areas, plot.Area{Label: "area elsewhere", Pattern: plot.Rising, Polygons: [][][]plot.LonLat{{box(39, 47, 40, 48)}}})
	g.Traces = append(g.Traces, plot.Trace{Label: "line elsewhere", Lines: [][]plot.LonLat{{{LonDeg: 39, LatDeg: 47}, {LonDeg: 39, LatDeg: 49}}}, MarginM: 1000},
		plot.Trace{Label: "line beside", Lines: [][]plot.LonLat{{{LonDeg: 38.01, LatDeg: 47}, {LonDeg: 38.01, LatDeg: 49}}}, MarginM: 1000})
	p, err := plot.GroundMap(g)
	if err != nil {
		t.Fatal(err)
	}
	doc := svgOf(t, p)
	for label, want := range map[string]bool{"area elsewhere": false, "line elsewhere": false, "line beside": true, "drawn as held by ru": true, "contested": true} {
		if got := strings.Contains(doc, ">"+label+"<"); got != want {
			t.Errorf("%s: %v", label, got)
		}
	}
}
