package clock

import (
	"math"
	"slices"
	"strings"

	"whenwhere/internal/timeset"
)

const (
	kyiv       = "Europe/Kyiv"
	simferopol = "Europe/Simferopol"
	moscow     = "Europe/Moscow"
)

// shoreRingsKM are the distances at which land is looked for around a place
// at sea. A phone at sea keeps the zone of the network or of its owner, never
// the nautical one: the polygons give the Sea of Azov Etc/GMT-2, which has no
// summer time and is an hour wrong for half of the year. Beyond 370 km (200
// nautical miles) the nautical zone is kept, for ships.
var shoreRingsKM = []float64{10, 25, 50, 100, 200, 370}

// landZones returns the zones of the place, or of the nearest shores, and a
// text that says which.
func landZones(finder *polygons, p LatLon) (names []string, why string) {
	own := finder.namesAt(p)
	if land := onLand(own); len(land) > 0 {
		return land, "zone of the place: "
	}
	for _, km := range shoreRingsKM {
		if land := onLand(zonesOnRing(finder, p, km)); len(land) > 0 {
			return land, "zone of the nearest shore: "
		}
	}
	return own, "nautical zone: "
}

func onLand(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return strings.HasPrefix(n, "Etc/") })
}

// bearings is the number of directions in which a ring is looked at.
const bearings = 16

// zonesOnRing returns the zones at all bearings around the place, sorted.
func zonesOnRing(finder *polygons, p LatLon, km float64) []string {
	var names []string
	for i := range bearings {
		names = append(names, finder.namesAt(p.towards(i, km))...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// towards is the point at the i-th bearing and a distance on a sphere of
// 6371 km; half a percent of error does not matter here.
func (p LatLon) towards(i int, km float64) LatLon {
	const rad = math.Pi / 180
	lat, bearing, arc := p.Lat*rad, float64(i)*2*math.Pi/bearings, km/6371
	sinLat := math.Sin(lat)*math.Cos(arc) + math.Cos(lat)*math.Sin(arc)*math.Cos(bearing)
	sinLat = max(-1, min(1, sinLat))
	dLon := math.Atan2(math.Sin(bearing)*math.Sin(arc)*math.Cos(lat), math.Cos(arc)-math.Sin(lat)*sinLat)
	lon := math.Mod(p.Lon+dLon/rad+540, 360) - 180
	return LatLon{Lat: math.Asin(sinLat) / rad, Lon: lon}
}

// nearUkraineKM reaches Belgorod, Kursk, Rostov, Chisinau and the waters off
// Odesa: places where devices of either army keep their own side's time.
var nearUkraineKM = []float64{50, 100, 150}

// nearUkraine reports whether the place lies in Ukraine (its zones include
// Crimea) or within 150 km of it.
func nearUkraine(finder *polygons, p LatLon, names []string) bool {
	inside := func(names []string) bool {
		return slices.Contains(names, kyiv) || slices.Contains(names, simferopol)
	}
	if inside(names) {
		return true
	}
	// Ukraine spans 44.3..52.4 N, 22.1..40.3 E; 150 km more on each side.
	if p.Lat < 42.9 || p.Lat > 53.8 || p.Lon < 19.8 || p.Lon > 42.6 {
		return false
	}
	for _, km := range nearUkraineKM {
		for i := range bearings {
			if inside(finder.namesAt(p.towards(i, km))) {
				return true
			}
		}
	}
	return false
}

// overlay is a clock that authorities kept against the zone tables. The IANA
// tables follow Crimea (Europe/Simferopol: +4 from 2014-03-30, +3 from
// 2014-10-26) but hold no zone for the other occupied areas.
type overlay struct {
	fromMs    int64 // UTC
	offsetMin int
	why       string
	outline   []LatLon
}

// The outlines are coarse (some 20 km) on purpose: an overlay only ever adds
// a candidate and a reason, and where an army stood on a day is the business
// of the control maps.
var overlays = []overlay{
	// Clocks were not set back on 2014-10-26 03:00 local (rosbalt 2014-10-26;
	// korrespondent 2014-10-23 and 2014-10-26).
	{1414281600000, 180, "clock kept in and beside \"DNR\" and \"LNR\" since 2014-10-26", []LatLon{
		{47.0, 38.3}, {47.1, 37.8}, {47.6, 37.6}, {48.0, 37.4}, {48.2, 37.7}, {48.5, 38.0}, {48.75, 38.4},
		{48.8, 39.3}, {48.7, 39.9}, {47.8, 40.0}, {47.8, 38.9},
	}},
	// Moscow time was made law in April 2023, "already lived on since
	// incorporation" (novosti.dn.ua 347683; Moscow Times 2023-01-27). Until
	// the end of summer time on 2022-10-30 01:00Z both clocks agreed.
	{1667091600000, 180, "clock kept in and beside the areas seized in 2022, since 2022-10-30", []LatLon{
		{46.4, 31.4}, {46.8, 32.4}, {47.0, 33.5}, {47.7, 34.4}, {47.7, 35.8}, {47.9, 36.8}, {48.3, 37.1},
		{49.3, 37.5}, {50.2, 37.4}, {50.2, 38.2}, {49.9, 39.2}, {49.7, 40.2}, {47.8, 40.0}, {47.8, 38.9},
		{46.9, 38.3}, {46.5, 36.8}, {46.0, 35.3}, {45.9, 34.5}, {46.0, 33.0},
	}},
}

// deFacto returns the overlay candidates for the place under which some part
// of the reading falls after the overlay began.
func deFacto(p LatLon, local timeset.Set) []Candidate {
	var found []Candidate
	bounds, ok := local.Bounds()
	for _, o := range overlays {
		if ok && bounds.Hi-minutesMs(o.offsetMin) > o.fromMs && inside(p, o.outline) {
			found = append(found, Candidate{o.offsetMin, o.why})
		}
	}
	return found
}

// inside counts crossings of the outline east of the place. The outlines are
// small and far from the antimeridian, so degrees are treated as a plane.
func inside(p LatLon, outline []LatLon) bool {
	odd := false
	for i, b := range outline {
		a := outline[(i+len(outline)-1)%len(outline)]
		if (a.Lat > p.Lat) != (b.Lat > p.Lat) && p.Lon < a.Lon+(p.Lat-a.Lat)*(b.Lon-a.Lon)/(b.Lat-a.Lat) {
			odd = !odd
		}
	}
	return odd
}
