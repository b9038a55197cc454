package main

import (
	"fmt"
	"io"
	"math"
	"slices"

	"whenwhere/internal/clock"
	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

// fireSeen is how a fire that a satellite saw lies to the place.
type fireSeen struct {
	DistanceM     float64 `json:"distance_m"` // from the place to the middle of the pixel
	ReachM        float64 `json:"reach_m"`    // from the middle of the pixel to the fire, at most
	LowConfidence bool    `json:"low_confidence"`
}

func (s fireSeen) notes() []string {
	out := []string{fmt.Sprintf("fire within %.0f m of a point %.0f m away", s.ReachM, s.DistanceM)}
	if s.LowConfidence {
		out = append(out, "low confidence")
	}
	return out
}

// maxFireRadiusM keeps the list to fires that can be the one that was filmed.
const maxFireRadiusM = 100_000

func runFIRMS(out io.Writer, o clockOptions) error {
	lat, lon, err := o.site.read()
	if err != nil {
		return err
	}
	radiusM, err := numberOption("radius-m", o.radiusM, 0, maxFireRadiusM)
	if err != nil {
		return err
	}
	until, err := o.until()
	if err != nil {
		return err
	}
	f, err := openRegular(o.firms, nil)
	if err != nil {
		return err
	}
	defer f.Close()
	seen, err := clock.FIRMS(io.LimitReader(f, maxListBytes), until)
	if err != nil {
		return fmt.Errorf("%s: %w", o.firms, err)
	}
	list := firesNear(o.firms, geo.LatLon{Lat: lat, Lon: lon}, radiusM, seen)
	if err := printStatements(out, list, o.asJSON); err != nil {
		return err
	}
	if len(list) == 0 {
		return fmt.Errorf("%s: none of %s can be a fire within %.0f m of the place; that proves nothing", o.firms, pipeline.Counted(len(seen), "detection"), radiusM)
	}
	return nil
}

// firesNear lists the detections that may be of a fire within radiusM of the place, by time.
func firesNear(input string, place geo.LatLon, radiusM float64, seen []clock.Detection) []statement {
	slices.SortStableFunc(seen, func(a, b clock.Detection) int {
		x, _ := a.Overpass.Spans.Bounds()
		y, _ := b.Overpass.Spans.Bounds()
		return int(min(1, max(-1, x.Lo-y.Lo)))
	})
	list := []statement{}
	for _, d := range seen {
		away := geo.DistanceM(place, geo.LatLon{Lat: d.Place.Lat, Lon: d.Place.Lon})
		if away > radiusM+d.ReachM() {
			continue
		}
		s := statement{Input: input, Claim: d.Overpass.Claim()}
		s.fireSeen = &fireSeen{math.Round(away), math.Round(d.ReachM()), d.LowConfidence}
		list = append(list, s)
	}
	return list
}
