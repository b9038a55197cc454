package dossier

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"whenwhere/internal/audience"
	"whenwhere/internal/control"
	"whenwhere/internal/geo"
	"whenwhere/internal/locate"
	"whenwhere/internal/plot"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/where"
)

// What of a place's surroundings a map shows, metres from its middle to the upper edge.
const (
	leastReachM = 1_500.0
	mostReachM  = 40_000.0
	lineReachM  = 20_000.0 // a line farther off is not reached for
	mapShape    = 416.0 / 360.0
)

// maps draws the ground about the claimed place, once for each provider; once without ground when no provider speaks. What
// cannot be drawn is told, and takes nothing from the rest of the page.
func (b *builder) maps() (out []*plot.Picture, untold []string, err error) {
	claimed := b.in.Case.Incident.Claim.Where
	if claimed == nil || b.offTheMap() {
		return nil, nil, nil
	}
	base, err := b.places(*claimed)
	if err != nil {
		return nil, nil, err
	}
	var grounds []plot.Ground
	for _, d := range b.in.Maps {
		grounds = append(grounds, b.ground(base, d))
	}
	if len(grounds) == 0 {
		base.Title, base.Note = "The claimed place", "no control map lies within 30 days of the claimed time"
		base.Bounds = around(&base, nil)
		grounds = append(grounds, base)
	}
	for _, g := range grounds {
		all := len(g.Discs)
		g = seen(g)
		if away := all - len(g.Discs); away > 0 {
			untold = append(untold, pipeline.CountedAs(away, "stated place lies", "stated places lie")+" outside of this picture: "+g.Title+".")
		}
		p, err := plot.GroundMap(g)
		if err != nil {
			untold = append(untold, b.undrawn(g.Title, err))
			continue
		}
		out = append(out, p)
	}
	return out, untold, nil
}

// undrawn says that a picture is missing; why may hold coordinates.
func (b *builder) undrawn(what string, err error) string {
	if b.about.Audience.Words() {
		return "This cannot be drawn: " + what + ": " + err.Error() + "."
	}
	return "This cannot be drawn: " + what + "."
}

// seen leaves out what lies outside of the picture, so that the legend names what can be seen.
func seen(g plot.Ground) plot.Ground {
	within := func(at plot.LonLat, reachM float64) bool {
		perLon := 111_320 * math.Cos(at.LatDeg*math.Pi/180)
		return at.LatDeg+reachM/111_320 > g.Bounds.South && at.LatDeg-reachM/111_320 < g.Bounds.North &&
			at.LonDeg+reachM/perLon > g.Bounds.West && at.LonDeg-reachM/perLon < g.Bounds.East
	}
	g.Discs = slices.DeleteFunc(slices.Clone(g.Discs), func(d plot.Disc) bool { return !within(d.At, d.RadiusM) })
	g.Places = slices.DeleteFunc(slices.Clone(g.Places), func(p plot.Place) bool { return !within(p.At, 0) })
	g.Views = slices.DeleteFunc(slices.Clone(g.Views), func(s plot.Sector) bool { return !within(s.At, s.RangeM) })
	return g
}

// offTheMap reports whether what is shown of the claimed place would reach over a pole or the 180th meridian: within the most
// that a map reaches, or where a degree of longitude is too short.
func (b *builder) offTheMap() bool {
	given := b.about.Audience.Place(*b.in.Case.Incident.Claim.Where, nil)
	return math.Abs(given.Lat) > 80 || math.Abs(given.Lon) > 177
}

// places is the claimed place, and, within the house, what files, marks and witnesses say beside it.
func (b *builder) places(claimed pipeline.Place) (plot.Ground, error) {
	var g plot.Ground
	given := b.about.Audience.Place(claimed, nil)
	at := plot.LonLat{LonDeg: given.Lon, LatDeg: given.Lat}
	g.Discs = append(g.Discs, plot.Disc{Label: claimLabel(given), At: at, RadiusM: given.RadiusM, Look: plot.Claimed})
	if given.Cell != nil {
		return g, nil
	}
	g.Places = append(g.Places, plot.Place{Label: "claim", At: at})
	for i, e := range b.in.Case.Media {
		if err := b.filePlaces(&g, i, e); err != nil {
			return g, err
		}
	}
	for i, l := range b.in.Case.Incident.Landmarks {
		b.landmarkPlace(&g, i, l)
	}
	for _, t := range b.in.Case.Incident.Testimonies {
		if t.Place != nil {
			g.Discs = append(g.Discs, plot.Disc{Label: "where witness " + t.ID + " places it, within " + metres(t.Place.RadiusM),
				At: plot.LonLat{LonDeg: t.Place.Lon, LatDeg: t.Place.Lat}, RadiusM: t.Place.RadiusM, Look: plot.Told})
		}
	}
	return g, nil
}

func claimLabel(p audience.Place) string {
	if p.Cell != nil {
		return "the claimed place lies in here; made coarse for this edition"
	}
	return "claimed place, within " + metres(p.RadiusM)
}

// sigma68to95 is how much wider the circle is that holds 95 % than the one that holds 68 %, of a normal error in two
// dimensions: sqrt(ln 0.05 / ln 0.32).
const sigma68to95 = 1.6215

func (b *builder) filePlaces(g *plot.Ground, i int, e pipeline.Exhibit) error {
	places, ok, err := pipeline.PlacesKey.In(e.Observed)
	if err != nil || !ok || len(places) == 0 {
		return err
	}
	file := fmt.Sprintf("file %d", i+1)
	p := places[0]
	at := plot.LonLat{LonDeg: p.Lon, LatDeg: p.Lat}
	g.Places = append(g.Places, plot.Place{Label: file, At: at})
	if p.AccuracyM != nil && *p.AccuracyM > 0 {
		g.Discs = append(g.Discs, plot.Disc{Label: fmt.Sprintf("position by %s (%s), 95 %% within %s", file, p.Field, metres(sigma68to95**p.AccuracyM)),
			At: at, RadiusM: sigma68to95 * *p.AccuracyM, Look: plot.Measured})
	} else {
		g.Discs = append(g.Discs, plot.Disc{Label: fmt.Sprintf("position by %s (%s), accuracy not stated", file, p.Field), At: at, RadiusM: 1, Look: plot.Measured})
	}
	return b.view(g, file, at, e)
}

// landmarkPlace solves the place of a camera again; the verdict holds it in words only.
func (b *builder) landmarkPlace(g *plot.Ground, i int, l pipeline.Landmarks) {
	for k, e := range b.in.Case.Media {
		if e.Ref.File != l.Media {
			continue
		}
		found, err := where.Scene(l, e).Solve()
		if err != nil || !found[0].Determined {
			return
		}
		s := found[0]
		at := plot.LonLat{LonDeg: s.Lon, LatDeg: s.Lat}
		g.Places = append(g.Places, plot.Place{Label: fmt.Sprintf("landmarks %d", i+1), At: at})
		g.Discs = append(g.Discs, plot.Disc{Label: fmt.Sprintf("camera of file %d by %d landmarks, 95 %% within %s", k+1, len(l.Points), metres(radiusOf(s))),
			At: at, RadiusM: radiusOf(s), Look: plot.Measured})
	}
}

func radiusOf(s locate.Solution) float64 { return math.Max(1, s.Ellipse.MajorM) }

// ground adds what one provider draws.
func (b *builder) ground(base plot.Ground, d control.Drawing) plot.Ground {
	g := base
	g.Views = slices.Clone(base.Views)
	g.Title = "Reported control by " + d.Provider
	g.Note = b.mapNote(d)
	g.Bounds = around(&g, d.Line)
	box := boxRing(g.Bounds)
	switch {
	case d.Rest == control.UA && d.Coverage == nil:
		g.Areas = append(g.Areas, plot.Area{Label: "not drawn as held by ru", Pattern: plot.Level, Polygons: [][][]plot.LonLat{{box}}})
	case d.Rest == control.UA:
		g.Areas = append(g.Areas, plot.Area{Label: "not drawn as held by ru", Pattern: plot.Level, Polygons: shapes(d.Coverage)})
	case d.Rest == control.RU && d.Coverage == nil:
		g.Areas = append(g.Areas, plot.Area{Label: "not drawn as held by ua", Pattern: plot.Rising, Polygons: [][][]plot.LonLat{{box}}})
	}
	for _, x := range []struct {
		shape   orb.MultiPolygon
		label   string
		pattern plot.Pattern
	}{{d.UA, "drawn as held by ua", plot.Level}, {d.RU, "drawn as held by ru", plot.Rising}, {d.Contested, "drawn as contested", plot.Falling}} {
		if len(x.shape) > 0 {
			g.Areas = append(g.Areas, plot.Area{Label: x.label, Pattern: x.pattern, Polygons: shapes(x.shape)})
		}
	}
	if len(d.Line) > 0 {
		line := plot.Trace{Label: "the line; it may be off by " + metres(d.MarginM) + " (grey)", Lines: lines(d.Line), MarginM: d.MarginM}
		if high := (g.Bounds.North - g.Bounds.South) * 111_320; d.MarginM > high/2 { // the band would hide the map
			line.Label, line.MarginM = "the line; it may be off by "+metres(d.MarginM)+", more than is drawn here", 0
		}
		g.Traces = append(g.Traces, line)
	}
	if near := nearestM(centre(g), d.Line); len(d.Line) > 0 && near > (g.Bounds.North-g.Bounds.South)*111_320 {
		g.Note += "; its line is " + metres(near) + " away"
	}
	if d.Next != nil && len(d.NextLine) > 0 {
		g.Traces = append(g.Traces, plot.Trace{Label: "the line of its next map, " + d.Next.AsOf.Format(time.DateOnly), Lines: lines(d.NextLine), Faint: true})
	}
	return g
}

func (b *builder) mapNote(d control.Drawing) string {
	note := "map of " + d.Edition.AsOf.Format("2 Jan 2006")
	if when := b.in.Case.Incident.Claim.When; when != nil {
		days := when.From.Sub(d.Edition.AsOf).Hours() / 24
		switch {
		case d.Later:
			note += fmt.Sprintf(", the first there is, %.0f days after the claim", -days)
		case days < 1:
			note += ", of the day of the claim"
		case days < 2:
			note += ", 1 day old at the claim"
		default:
			note += fmt.Sprintf(", %.0f days old at the claim", days)
		}
	}
	return note
}

// around is the part of the world that shows the claim with its accuracy, what is named near it, and the line if it is near.
func around(g *plot.Ground, line []orb.LineString) plot.Bounds {
	claim, middle := g.Discs[0], centre(*g)
	reach := math.Max(leastReachM, 1.5*claim.RadiusM)
	for _, p := range g.Places {
		if d := geo.DistanceM(middle, geo.LatLon{Lat: p.At.LatDeg, Lon: p.At.LonDeg}); d < mostReachM {
			reach = math.Max(reach, 1.25*d)
		}
	}
	for _, d := range g.Discs[1:] {
		if far := geo.DistanceM(middle, geo.LatLon{Lat: d.At.LatDeg, Lon: d.At.LonDeg}) + d.RadiusM; far < mostReachM/2 {
			reach = math.Max(reach, 1.1*far)
		}
	}
	if near := nearestM(middle, line); near < lineReachM {
		reach = math.Max(reach, 1.25*near)
	}
	reach = math.Min(reach, mostReachM)
	north := geo.Destination(middle, 0, reach).Lat - middle.Lat
	east := geo.Destination(middle, 90, reach*mapShape).Lon - middle.Lon
	for i := range g.Views { // the views are as long as is seen well
		g.Views[i].RangeM = reach / 3
	}
	return plot.Bounds{West: middle.Lon - east, South: middle.Lat - north, East: middle.Lon + east, North: middle.Lat + north}
}

// centre is the middle of what is claimed.
func centre(g plot.Ground) geo.LatLon {
	return geo.LatLon{Lat: g.Discs[0].At.LatDeg, Lon: g.Discs[0].At.LonDeg}
}

// nearestM is how far the nearest edge of a line is; in the plane, which is good enough to choose what to show.
func nearestM(from geo.LatLon, line []orb.LineString) float64 {
	least := math.Inf(1)
	perLat, perLon := 111_320.0, 111_320*math.Cos(from.Lat*math.Pi/180)
	flat := func(p orb.Point) (x, y float64) { return (p[0] - from.Lon) * perLon, (p[1] - from.Lat) * perLat }
	for _, edge := range line {
		for i := 1; i < len(edge); i++ {
			ax, ay := flat(edge[i-1])
			bx, by := flat(edge[i])
			dx, dy := bx-ax, by-ay
			t := 0.0
			if n := dx*dx + dy*dy; n > 0 {
				t = math.Max(0, math.Min(1, -(ax*dx+ay*dy)/n))
			}
			least = math.Min(least, math.Hypot(ax+t*dx, ay+t*dy))
		}
	}
	return least
}
