package main

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"whenwhere/internal/feature"
	"whenwhere/internal/geo"
	"whenwhere/internal/locate"
	"whenwhere/internal/plot"
)

const ellipseCorners = 72

// locateFeatures lists the solutions, each with its ellipse, landmarks and rays, then the points that were looked for.
func locateFeatures(found located) (out []feature.Feature) {
	add := func(g orb.Geometry, properties feature.Properties) {
		out = append(out, feature.Feature{Geometry: g, Properties: properties})
	}
	for i, s := range found.solutions {
		add(feature.Point(s.Lon, s.Lat), cameraProperties(i+1, s))
		if s.Determined {
			add(orb.Polygon{ellipseRing(s)}, feature.Properties{"kind": "ellipse", "solution": i + 1, "probability": 0.95,
				"major_m": s.Ellipse.MajorM, "minor_m": s.Ellipse.MinorM, "azimuth_deg": s.Ellipse.AzimuthDeg})
		}
		for k, r := range s.Residuals {
			p := found.doc.Scene.Landmarks[k].Point
			about := feature.Properties{"kind": "landmark", "solution": i + 1, "name": r.Name, "off_deg": r.OffDeg, "sigma_deg": r.SigmaDeg, "sigmas": r.Sigmas}
			if !math.IsNaN(r.MovesM) {
				about["moves_m"] = r.MovesM
			}
			add(feature.Point(p.Lon, p.Lat), about)
			add(orb.LineString{feature.Point(s.Lon, s.Lat), feature.Point(p.Lon, p.Lat)}, feature.Properties{"kind": "ray", "solution": i + 1, "name": r.Name})
		}
	}
	for k, s := range found.sightings {
		p := found.doc.Watched[k].Point
		add(feature.Point(p.Lon, p.Lat), feature.Properties{"kind": "visible", "name": s.Name, "visible": s.Visible, "verdict": s.Verdict,
			"behind": s.Behind, "aside_deg": s.AsideDeg, "sigma_deg": s.SigmaDeg, "distance_m": s.DistanceM, "chance": s.Chance})
	}
	return out
}

func cameraProperties(number int, s locate.Solution) feature.Properties {
	out := feature.Properties{"kind": "camera", "solution": number, "determined": s.Determined, "chi2": s.Chi2, "spare": s.Spare, "worse": s.Worse, "doubts": s.Doubts}
	if s.Doubts == nil {
		out["doubts"] = []string{}
	}
	if s.Determined {
		out["share"] = s.Share
	}
	if s.Heading != nil {
		out["heading_deg"], out["sigma_heading_deg"] = s.Heading.Value, s.Heading.Sigma
	}
	if s.HFOV != nil {
		out["hfov_deg"], out["sigma_hfov_deg"] = s.HFOV.Value, s.HFOV.Sigma
	}
	return out
}

func ellipseRing(s locate.Solution) orb.Ring {
	var ring orb.Ring
	for _, p := range s.Outline(ellipseCorners) {
		ring = append(ring, feature.Point(p.Lon, p.Lat))
	}
	return ring
}

// locatePlot draws the ellipse, the rays to the landmarks and the points that were looked for.
func locatePlot(found located) (*plot.Picture, error) {
	m := plot.Map{Title: "Where the camera stood", Note: "from landmarks marked on its frame; the lines are its sights"}
	if found.doc.Camera != nil {
		m.Title, m.Note = "What the camera sees", "relief and buildings are not known here"
		m.Places = append(m.Places, plotPlace("camera", found.doc.Camera.Lat, found.doc.Camera.Lon))
	}
	for i, s := range found.solutions {
		label := "camera"
		if len(found.solutions) > 1 {
			label = fmt.Sprintf("camera %d", i+1)
		}
		m.Places = append(m.Places, plotPlace(label+unless(s.Determined, " (not determined)"), s.Lat, s.Lon))
		if s.Determined {
			var ring []plot.LonLat
			for _, p := range s.Outline(ellipseCorners) {
				ring = append(ring, plot.LonLat{LonDeg: p.Lon, LatDeg: p.Lat})
			}
			m.Bands = append(m.Bands, plot.Band{Label: "of the probability", Level: 0.95, Polygons: [][][]plot.LonLat{{ring}}})
		}
	}
	if len(found.solutions) > 0 {
		m.Outlines = []plot.Outline{{Label: "sights to the landmarks", Rings: sights(found)}}
	}
	for _, l := range found.doc.Scene.Landmarks {
		m.Places = append(m.Places, plotPlace(markName(l.Name), l.Lat, l.Lon))
	}
	for k, s := range found.sightings {
		p := found.doc.Watched[k].Point
		m.Places = append(m.Places, plotPlace(fmt.Sprintf("%s: %s", markName(s.Name), s.Verdict), p.Lat, p.Lon))
	}
	m.Bounds = boundsOf(m)
	return plot.Rings(m)
}

func plotPlace(label string, lat, lon float64) plot.Place {
	return plot.Place{Label: label, At: plot.LonLat{LonDeg: lon, LatDeg: lat}}
}

// sights are lines there and back, which is what a ring of no width is.
func sights(found located) [][]plot.LonLat {
	s := found.solutions[0]
	camera := plot.LonLat{LonDeg: s.Lon, LatDeg: s.Lat}
	var out [][]plot.LonLat
	for _, l := range found.doc.Scene.Landmarks {
		out = append(out, []plot.LonLat{camera, {LonDeg: l.Lon, LatDeg: l.Lat}, camera})
	}
	return out
}

// boundsOf holds everything with a margin of a tenth, and 200 metres at least.
func boundsOf(m plot.Map) *plot.Bounds {
	b := plot.Bounds{West: math.Inf(1), South: math.Inf(1), East: math.Inf(-1), North: math.Inf(-1)}
	hold := func(p plot.LonLat) {
		b.West, b.East = math.Min(b.West, p.LonDeg), math.Max(b.East, p.LonDeg)
		b.South, b.North = math.Min(b.South, p.LatDeg), math.Max(b.North, p.LatDeg)
	}
	for _, p := range m.Places {
		hold(p.At)
	}
	for _, band := range m.Bands {
		for _, p := range band.Polygons[0][0] {
			hold(p)
		}
	}
	middle := geo.LatLon{Lat: (b.South + b.North) / 2, Lon: (b.West + b.East) / 2}
	least := geo.Destination(geo.Destination(middle, 0, 200), 90, 200)
	high := math.Max(0.1*(b.North-b.South), least.Lat-middle.Lat)
	wide := math.Max(0.1*(b.East-b.West), least.Lon-middle.Lon)
	return &plot.Bounds{West: b.West - wide, South: b.South - high, East: b.East + wide, North: b.North + high}
}
