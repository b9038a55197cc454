package dossier

import (
	"fmt"
	"math"

	"whenwhere/internal/camera"
	"whenwhere/internal/geo"
	"whenwhere/internal/plot"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/where"

	"github.com/paulmach/orb"
)

// view is where the camera looked from its first place, and how far a drone flew from there.
func (b *builder) view(g *plot.Ground, file string, at plot.LonLat, e pipeline.Exhibit) error {
	attitude, flown, err := pipeline.AttitudeKey.In(e.Observed)
	if err != nil {
		return err
	}
	direction, looks, err := pipeline.DirectionKey.In(e.Observed)
	if err != nil {
		return err
	}
	if flown && attitude.ReachM != nil && *attitude.ReachM > 1 {
		g.Discs = append(g.Discs, plot.Disc{Label: fmt.Sprintf("%s: flight of up to %s from its first place", file, metres(*attitude.ReachM)),
			At: at, RadiusM: *attitude.ReachM, Look: plot.Told})
	}
	places, _, err := pipeline.PlacesKey.In(e.Observed)
	if err != nil {
		return err
	}
	if seen, ok := where.SeenBy(e, places[0]); ok {
		b.seen(g, file, at, seen)
		return nil
	}
	if looks { // without a lens the width of a view is not known
		g.Views = append(g.Views, plot.Sector{Label: fmt.Sprintf("%s looks to %.0f° (%s north), width of view not stated", file, direction.AzimuthDeg, direction.Reference),
			At: at, AzimuthDeg: direction.AzimuthDeg, WideDeg: unstatedWideDeg, RangeM: 1})
	}
	return nil
}

// unstatedWideDeg is how wide a view is drawn of which that is not known.
const unstatedWideDeg = 40.0

// seen draws the ground in the frame, or, where height or pitch are not stated, the directions that it shows.
func (b *builder) seen(g *plot.Ground, file string, at plot.LonLat, s where.Seen) {
	yaw := s.Flight.Pose.Attitude.Yaw
	wide := s.Flight.Pose.Lens.HFOVDeg().Nominal
	sector := plot.Sector{Label: fmt.Sprintf("%s looks to %.0f ± %.0f°, %.0f° wide", file, yaw.Value, yaw.Sigma, wide), At: at, AzimuthDeg: yaw.Value, WideDeg: wide, RangeM: 1}
	ground, err := camera.GroundOf(s.Flight)
	switch {
	case !s.OnGround || err != nil || len(ground.Outline) == 0:
	case s.Lensless:
		c := ground.Centre
		radius := math.Max(1, 2*math.Max(c.SigmaEastM, c.SigmaNorthM))
		g.Discs = append(g.Discs, plot.Disc{Label: fmt.Sprintf("middle of the first frame of %s, on flat ground, within %s", file, metres(radius)),
			At: offsetOf(at, c.Offset), RadiusM: math.Min(radius, 2*mostReachM), Look: plot.Measured})
		return
	default:
		sector.Label = fmt.Sprintf("ground in the frame of %s, as far as %s, if it is flat", file, metres(s.Flight.RangeM))
		for _, corner := range ground.Outline {
			sector.Ground = append(sector.Ground, offsetOf(at, corner))
		}
	}
	g.Views = append(g.Views, sector)
}

// offsetOf is the place so far east and north of another.
func offsetOf(at plot.LonLat, o camera.Offset) plot.LonLat {
	distance, azimuth := math.Hypot(o.EastM, o.NorthM), math.Atan2(o.EastM, o.NorthM)*180/math.Pi
	p := geo.Destination(geo.LatLon{Lat: at.LatDeg, Lon: at.LonDeg}, azimuth, distance)
	return plot.LonLat{LonDeg: p.Lon, LatDeg: p.Lat}
}

func boxRing(b plot.Bounds) []plot.LonLat {
	return []plot.LonLat{{LonDeg: b.West, LatDeg: b.South}, {LonDeg: b.East, LatDeg: b.South}, {LonDeg: b.East, LatDeg: b.North}, {LonDeg: b.West, LatDeg: b.North}, {LonDeg: b.West, LatDeg: b.South}}
}

func shapes(all orb.MultiPolygon) [][][]plot.LonLat {
	var out [][][]plot.LonLat
	for _, polygon := range all {
		var rings [][]plot.LonLat
		for _, ring := range polygon {
			rings = append(rings, lonLats(ring))
		}
		out = append(out, rings)
	}
	return out
}

func lines(all []orb.LineString) [][]plot.LonLat {
	var out [][]plot.LonLat
	for _, l := range all {
		out = append(out, lonLats(l))
	}
	return out
}

func lonLats[T ~[]orb.Point](points T) []plot.LonLat {
	var out []plot.LonLat
	for _, p := range points {
		out = append(out, plot.LonLat{LonDeg: p[0], LatDeg: p[1]})
	}
	return out
}
