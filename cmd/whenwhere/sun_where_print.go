package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/paulmach/orb"

	"whenwhere/internal/feature"
	"whenwhere/internal/geo"
	"whenwhere/internal/shadow"
)

// placementFeatures lists the regions first, then the best place, then the rings.
func placementFeatures(p shadow.Placement, offsets []string) (all []feature.Feature) {
	add := func(g orb.Geometry, properties feature.Properties) {
		all = append(all, feature.Feature{Geometry: g, Properties: properties})
	}
	add(p.Region95, feature.Properties{"kind": "region", "probability": 0.95, "area_km2": geo.AreaKm2(p.Region95), "resolution_lat_deg": p.ResolutionLat, "resolution_lon_deg": p.ResolutionLon})
	add(p.Region50, feature.Properties{"kind": "region", "probability": 0.5, "area_km2": geo.AreaKm2(p.Region50), "resolution_lat_deg": p.ResolutionLat, "resolution_lon_deg": p.ResolutionLon})
	best := feature.Properties{"kind": "best", "misfit": p.Misfit, "marks": p.Marks, "sigma_north_m": p.Best.SigmaNorthM, "sigma_east_m": p.Best.SigmaEastM,
		"correlation": p.Best.Correlation, "probability": p.Best.Probability}
	if len(p.Clocks) > 1 {
		best["offsets"] = offsets
		best["offset_probabilities"] = p.Clocks
	}
	add(feature.Point(p.Best.LonDeg, p.Best.LatDeg), best)
	for _, l := range p.Loci {
		about := func(kind string, probability float64) feature.Properties {
			out := feature.Properties{"kind": kind, "observation": l.Sighting + 1, "apparent_elevation_deg": l.ElevationDeg}
			if probability > 0 {
				out["probability"] = probability
			}
			if len(p.Clocks) > 1 {
				out["offset"] = offsets[l.Clock]
			}
			return out
		}
		add(l.Band95, about("band", 0.95))
		add(l.Band50, about("band", 0.5))
		add(l.Line, about("ring", 0))
	}
	return all
}

// ring tells whether a single height was measured and no direction: no place of the ring is likelier than another.
func ring(p shadow.Placement) bool { return p.Marks == 1 && len(p.Loci) == 1 }

// areaText prints whole square kilometres, and of a small area two digits.
func areaText(km2 float64) string {
	if km2 >= 10 {
		return fmt.Sprintf("%.0f", km2)
	}
	return fmt.Sprintf("%.2g", km2)
}

func printPlacement(out io.Writer, p shadow.Placement, offsets []string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, r := range []struct {
		name   string
		region orb.MultiPolygon
	}{{"95 %", p.Region95}, {"50 %", p.Region50}} {
		b := r.region.Bound()
		parts := ""
		if len(r.region) > 1 {
			parts = fmt.Sprintf(" in %d parts", len(r.region))
		}
		fmt.Fprintf(w, "%s\t%s km2%s within %.2f to %.2f north, %.2f to %.2f east\n", r.name, areaText(geo.AreaKm2(r.region)), parts, b.Min[1], b.Max[1], b.Min[0], b.Max[0])
	}
	if ring(p) {
		fmt.Fprintf(w, "likeliest\ta ring: one length alone fits all places where the sun stands %.2f deg high\n", p.Loci[0].ElevationDeg)
	} else {
		fmt.Fprintf(w, "likeliest\t%.3f, %.3f (%.0f km north-south, %.0f km east-west, standard errors about it)\n",
			p.Best.LatDeg, p.Best.LonDeg, p.Best.SigmaNorthM/1000, p.Best.SigmaEastM/1000)
	}
	if len(p.Clocks) > 1 {
		for i, probability := range p.Clocks {
			fmt.Fprintf(w, "clock at %s\t%s\n", offsets[i], share(probability))
		}
	}
	fmt.Fprintf(w, "resolution\t%.3g deg of latitude, %.3g deg of longitude; --json has the shapes\n", p.ResolutionLat, p.ResolutionLon)
	if err := w.Flush(); err != nil {
		return err
	}
	if p.Misfit > fitsBadly*float64(p.Marks) {
		fmt.Fprintln(out, "No place of the area fits the measurements: one of them, the time or the area is wrong.")
	}
	return nil
}
