package audience

import (
	"math"
	"slices"

	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

// Place is a claimed place as it may be given.
type Place struct {
	Lon, Lat, RadiusM float64  // degrees on WGS 84, metres; the disc holds all of the claimed one
	Cell              *Cell    // what it was coarsened to; nil when it is exact
	Areas             []string // the raions, else oblasts, that the cell touches, sorted; empty when none is known
}

// Cell is a rectangle in longitude and latitude, degrees.
type Cell struct{ West, South, East, North float64 }

// Areas names what a point lies in, the finest known; empty when that is not known. A gazetteer with borders answers it.
type Areas func(geo.LatLon) string

// The grid. How a row of 1/11 of a degree came about: the least fraction of a degree that is never under 10 km, as a degree
// of latitude is 110.574 km long at the equator and more elsewhere (WGS 84).
const (
	rowsPerDeg = 11
	cellM      = 10_000.0
	fine       = 10 // cells of 1 km along each side of one of 10 km
)

// Place is p as it may be given to the audience. areas may be nil.
func (a Audience) Place(p pipeline.Place, areas Areas) Place {
	at := geo.LatLon{Lat: p.Lat, Lon: p.Lon}
	switch a {
	case Internal:
		return Place{Lon: p.Lon, Lat: p.Lat, RadiusM: p.RadiusM, Areas: named([]geo.LatLon{at}, areas)}
	case Partner:
		return coarse(fineCell(at), p.RadiusM, 100, areas)
	default:
		return coarse(cellOf(at), p.RadiusM, 1000, areas)
	}
}

// coarse is the disc about the middle of a cell; its radius is rounded up to whole steps.
func coarse(c Cell, radiusM, stepM float64, areas Areas) Place {
	middle := c.at(0.5, 0.5)
	reach := 0.0
	for _, corner := range []geo.LatLon{c.at(0, 0), c.at(1, 0), c.at(0, 1), c.at(1, 1)} {
		reach = math.Max(reach, geo.DistanceM(middle, corner))
	}
	return Place{Lon: middle.Lon, Lat: middle.Lat, RadiusM: math.Ceil((reach+radiusM)/stepM) * stepM, Cell: &c, Areas: c.areas(areas)}
}

// at is a point of the cell: x of its width from the west, y of its height from the south.
func (c Cell) at(x, y float64) geo.LatLon {
	return geo.LatLon{Lat: c.South + y*(c.North-c.South), Lon: c.West + x*(c.East-c.West)}
}

// samples along each side of a cell find the areas that it touches. A raion is some 40 km wide; slivers may be missed, which
// tells nothing, as they are missed for each place of the cell.
const samples = 5

func (c Cell) areas(areas Areas) []string {
	var points []geo.LatLon
	for i := range samples {
		for k := range samples {
			points = append(points, c.at(float64(i)/(samples-1), float64(k)/(samples-1)))
		}
	}
	return named(points, areas)
}

func named(points []geo.LatLon, areas Areas) (out []string) {
	if areas == nil {
		return nil
	}
	for _, p := range points {
		if name := areas(p); name != "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func cellOf(at geo.LatLon) Cell {
	row := slot((at.Lat+90)*rowsPerDeg, 180*rowsPerDeg)
	south, north := float64(row)/rowsPerDeg-90, float64(row+1)/rowsPerDeg-90
	columns := columnsAt(math.Max(math.Abs(south), math.Abs(north)))
	width := 360 / float64(columns)
	column := slot((math.Mod(at.Lon+540, 360))/width, columns)
	return Cell{West: float64(column)*width - 180, South: south, East: float64(column+1)*width - 180, North: north}
}

func fineCell(at geo.LatLon) Cell {
	c := cellOf(at)
	x := slot((math.Mod(at.Lon+540, 360)-180-c.West)/(c.East-c.West)*fine, fine)
	y := slot((at.Lat-c.South)/(c.North-c.South)*fine, fine)
	low, high := c.at(float64(x)/fine, float64(y)/fine), c.at(float64(x+1)/fine, float64(y+1)/fine)
	return Cell{West: low.Lon, South: low.Lat, East: high.Lon, North: high.Lat}
}

// slot is which of n equal parts, counted from 0, v lies in; the last holds its end.
func slot(v float64, n int) int { return min(max(int(math.Floor(v)), 0), n-1) }

// columnsAt is how many cells of full width go around a parallel, one at least.
func columnsAt(latDeg float64) int {
	const majorM, e2 = 6_378_137.0, 0.006_694_379_990_14 // WGS 84
	sin, cos := math.Sincos(latDeg * math.Pi / 180)
	around := 2 * math.Pi * majorM * cos / math.Sqrt(1-e2*sin*sin)
	return max(1, int(math.Floor(around/cellM)))
}
