package ground

import (
	"math"
	"slices"
	"time"

	"whenwhere/internal/control"
	"whenwhere/internal/geo"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/front"
)

// Near implements front.Maps: the distance to the line from points of equal share of the claimed disc, at moments spread
// over the claimed time, each by the edition in force then, of those that were known. Editions older than control.MaxReach
// are of another season.
func (m Maps) Near(place pipeline.Place, when pipeline.Span) []front.Near {
	byProvider := map[string]*front.Near{}
	var names []string
	for _, t := range moments(when) {
		known := m.maps.KnownBy(t)
		for _, p := range spread(place) {
			for _, a := range known.At(p.Lat, p.Lon, t) {
				if !a.Found || a.DistanceM == nil || t.Sub(a.AsOf) > control.MaxReach {
					continue
				}
				n := byProvider[a.Provider]
				if n == nil {
					n = &front.Near{Provider: a.Provider}
					byProvider[a.Provider] = n
					names = append(names, a.Provider)
				}
				n.Samples = append(n.Samples, front.Sample{DistanceM: math.Abs(*a.DistanceM), AgeDays: a.AgeHours / 24})
				if name := MapName(a.Provider, a.AsOf); !slices.Contains(n.Editions, name) {
					n.Editions = append(n.Editions, name)
				}
			}
		}
	}
	slices.Sort(names)
	var out []front.Near
	for _, name := range names {
		out = append(out, *byProvider[name])
	}
	return out
}

// maxMoments bounds the work for a claim of months: of a slow line, eight looks tell as much as a hundred.
const maxMoments = 8

// moments begin each day of the claim, or eight equal parts of a longer one.
func moments(when pipeline.Span) []time.Time {
	n := int(math.Ceil(when.Duration().Hours() / 24))
	n = max(1, min(n, maxMoments))
	out := make([]time.Time, n)
	for i := range out {
		out[i] = when.From.Add(time.Duration(i) * (when.Duration() / time.Duration(n)))
	}
	return out
}

// spread is 19 points that each stand for as much of the disc: its centre, 6 on the ring that the second to seventh share
// lies about, 12 on the next.
func spread(place pipeline.Place) []geo.LatLon {
	centre := geo.LatLon{Lat: place.Lat, Lon: place.Lon}
	out := []geo.LatLon{centre}
	for _, ring := range []struct {
		points int
		share  float64 // of the disc within the ring
	}{{6, 4.0 / 19}, {12, 13.0 / 19}} {
		for i := range ring.points {
			out = append(out, geo.Destination(centre, 360*float64(i)/float64(ring.points), place.RadiusM*math.Sqrt(ring.share)))
		}
	}
	return out
}

// steadyFrom is from where on an advance has one direction: below it, less than half of the ground lies that way.
const steadyFrom = 0.5

// towards gives the bearing of each side's advance that has one.
func towards(c control.Change) map[pipeline.Side]float64 {
	out := map[pipeline.Side]float64{}
	for side, a := range map[pipeline.Side]*control.Advance{pipeline.SideRU: c.AdvanceRU, pipeline.SideUA: c.AdvanceUA} {
		if a != nil && a.Steady >= steadyFrom {
			out[side] = a.BearingDeg
		}
	}
	return out
}
