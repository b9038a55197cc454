package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"whenwhere/internal/plot"
	"whenwhere/internal/shadow"
	"whenwhere/internal/solar"
)

// checkPlot tells before any work whether a picture can be written under the name.
func checkPlot(path string) error {
	switch strings.ToLower(filepath.Ext(path)) {
	case "", ".svg", ".png":
		if path != "" && filepath.Ext(path) == "" {
			return badOption("plot", path, "a name that ends in .svg or .png")
		}
		return nil
	}
	return badOption("plot", path, "a name that ends in .svg or .png")
}

// savePlot writes the whole picture or nothing.
func savePlot(path string, p *plot.Picture) error {
	var b bytes.Buffer
	var err error
	if strings.EqualFold(filepath.Ext(path), ".png") {
		err = p.PNG(&b, 2)
	} else {
		err = p.SVG(&b)
	}
	if err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	part := path + ".part"
	if err := os.WriteFile(part, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	return nil
}

// skyStep is how far apart the arc is drawn.
const skyStep = 5 * time.Minute

// skyDay is the day in UTC that holds the instant.
func skyDay(lat, lon float64, at time.Time) plot.Day {
	from := at.UTC().Truncate(24 * time.Hour)
	d := plot.Day{
		Title: "The sun on " + from.Format(time.DateOnly), Place: fmt.Sprintf("%.5f north, %.5f east; times in UTC", lat, lon),
		FromMs: from.UnixMilli(), ToMs: from.Add(24 * time.Hour).UnixMilli(), Zone: plot.Zone{Label: "UTC"},
	}
	for t := from; !t.After(from.Add(24 * time.Hour)); t = t.Add(skyStep) {
		d.Sun = append(d.Sun, skySample(t, solar.At(t).From(solar.SeaLevel(lat, lon))))
		d.Moon = append(d.Moon, skySample(t, solar.MoonAt(t).From(solar.SeaLevel(lat, lon))))
	}
	return d
}

func saveDay(path string, d plot.Day) error {
	p, err := plot.SunDay(d)
	if err != nil {
		return err
	}
	return savePlot(path, p)
}

func skySample(t time.Time, p solar.Position) plot.SkySample {
	return plot.SkySample{AtMs: t.UnixMilli(), AzimuthDeg: p.AzimuthDeg, ElevationDeg: p.ApparentElevationDeg}
}

// sunMarks are the observations as the sun's own direction and height: a ratio is an elevation by the level ground.
func sunMarks(seen []shadow.Observation) []plot.SunMark {
	var out []plot.SunMark
	for i, o := range seen {
		var m plot.SunMark
		if len(seen) > 1 {
			m.Label = fmt.Sprintf("frame %d", i+1)
		}
		switch {
		case o.NorthUnknown: // its direction counts from elsewhere
		case o.SunAzimuthDeg != nil:
			m.Azimuth = &plot.Measure{Value: turned(o.SunAzimuthDeg.Value, 0), Sigma: o.SunAzimuthDeg.Sigma}
		case o.ShadowAzimuthDeg != nil:
			m.Azimuth = &plot.Measure{Value: turned(o.ShadowAzimuthDeg.Value, 180), Sigma: o.ShadowAzimuthDeg.Sigma}
		}
		switch {
		case o.SunElevationDeg != nil:
			m.Elevation = &plot.Measure{Value: o.SunElevationDeg.Value, Sigma: o.SunElevationDeg.Sigma}
		case o.Ratio != nil && o.Ratio.Value > 0:
			e := math.Atan(o.Ratio.Value)
			m.Elevation = &plot.Measure{Value: e * 180 / math.Pi, Sigma: math.Sin(2*e) / 2 * o.Ratio.Sigma / o.Ratio.Value * 180 / math.Pi}
		}
		if m.Azimuth != nil || m.Elevation != nil {
			out = append(out, m)
		}
	}
	return out
}

func turned(deg, by float64) float64 { return math.Mod(math.Mod(deg+by, 360)+360, 360) }

// placementPlot draws regions and rings, and the area that was searched.
func placementPlot(p shadow.Placement, area orb.MultiPolygon, note string) (*plot.Picture, error) {
	m := plot.Map{Title: "Where the sun stood so", Note: note,
		Bands: []plot.Band{
			{Label: "of the probability", Level: 0.95, Polygons: rings(p.Region95)},
			{Label: "of the probability", Level: 0.5, Polygons: rings(p.Region50)},
		},
	}
	if ring(p) {
		m.Bands[0].Polygons, m.Bands[1].Polygons = rings(p.Loci[0].Band95), rings(p.Loci[0].Band50)
	} else {
		m.Places = []plot.Place{{Label: fmt.Sprintf("likeliest: %.3f, %.3f", p.Best.LatDeg, p.Best.LonDeg), At: plot.LonLat{LonDeg: p.Best.LonDeg, LatDeg: p.Best.LatDeg}}}
	}
	if area != nil {
		b := area.Bound()
		m.Bounds = &plot.Bounds{West: b.Min[0], South: b.Min[1], East: b.Max[0], North: b.Max[1]}
		for _, polygon := range rings(area) {
			m.Outlines = append(m.Outlines, plot.Outline{Label: "searched", Rings: polygon})
		}
	}
	return plot.Rings(m)
}

func rings(shape orb.MultiPolygon) [][][]plot.LonLat {
	var out [][][]plot.LonLat
	for _, polygon := range shape {
		var lines [][]plot.LonLat
		for _, ring := range polygon {
			var line []plot.LonLat
			for _, at := range ring {
				line = append(line, plot.LonLat{LonDeg: at[0], LatDeg: at[1]})
			}
			lines = append(lines, line)
		}
		out = append(out, lines)
	}
	return out
}
