package clock

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/ringsaturn/tzf"
	tzfrellite "github.com/ringsaturn/tzf-rel-lite"
	pb "github.com/ringsaturn/tzf/gen/go/tzf/v1"
	"github.com/ringsaturn/tzf/reduce"
	"google.golang.org/protobuf/proto"
)

// polygons answers which zones hold a place, as the finders of tzf do. It
// cuts the world into cells and remembers which of them an edge of any
// polygon runs through: all places of another cell have one answer, so it is
// asked of tzf once. It is safe for concurrent use.
type polygons struct {
	exact, tiles tzf.F
	crossed      []uint64 // one bit a cell: some edge is in it, or may be
	mu           sync.RWMutex
	known        map[int][]string // by cell; guarded by mu
}

const (
	cellsPerDegree = 8
	cellColumns    = 360 * cellsPerDegree
	cellRows       = 180 * cellsPerDegree
	// edgeMarginDeg is more than any rounding in a place's cell or in an edge.
	edgeMarginDeg = 1e-6
	// maxKnownCells bounds the memory: some 5 MB.
	maxKnownCells = 1 << 16
)

// loadPolygons reads the polygons that the module tzf-rel-lite embeds.
func loadPolygons() (*polygons, error) {
	var preindex pb.PreindexTimezones
	if err := proto.Unmarshal(tzfrellite.PreindexData, &preindex); err != nil {
		return nil, fmt.Errorf("tiles: %w", err)
	}
	tiles, err := tzf.NewFuzzyFinderFromPB(&preindex)
	if err != nil {
		return nil, fmt.Errorf("tiles: %w", err)
	}
	var compressed pb.CompressedTimezones
	if err := proto.Unmarshal(tzfrellite.LiteCompressData, &compressed); err != nil {
		return nil, err
	}
	zones, err := reduce.Decompress(&compressed)
	if err != nil {
		return nil, err
	}
	exact, err := tzf.NewFinderFromPB(zones, tzf.SetDropPBTZ)
	if err != nil {
		return nil, err
	}
	f := &polygons{exact: exact, tiles: tiles, crossed: make([]uint64, cellColumns*cellRows/64), known: map[int][]string{}}
	for _, zone := range zones.GetTimezones() {
		for _, p := range zone.GetPolygons() {
			f.cross(p)
		}
	}
	return f, nil
}

// cross marks the cells of all edges of a polygon, those of its holes too.
func (f *polygons) cross(p *pb.Polygon) {
	points := p.GetPoints()
	for i, b := range points {
		a := points[(i+len(points)-1)%len(points)]
		f.crossEdge(LatLon{float64(a.GetLat()), float64(a.GetLng())}, LatLon{float64(b.GetLat()), float64(b.GetLng())})
	}
	for _, hole := range p.GetHoles() {
		f.cross(hole)
	}
}

// crossEdge marks the boxes of pieces that are no longer than a cell.
func (f *polygons) crossEdge(a, b LatLon) {
	n := math.Ceil(cellsPerDegree*max(math.Abs(b.Lat-a.Lat), math.Abs(b.Lon-a.Lon))) + 1
	last := a
	for i := 1.0; i <= n; i++ {
		next := LatLon{a.Lat + (b.Lat-a.Lat)*i/n, a.Lon + (b.Lon-a.Lon)*i/n}
		row, column := cellOf(LatLon{min(last.Lat, next.Lat) - edgeMarginDeg, min(last.Lon, next.Lon) - edgeMarginDeg})
		toRow, toColumn := cellOf(LatLon{max(last.Lat, next.Lat) + edgeMarginDeg, max(last.Lon, next.Lon) + edgeMarginDeg})
		for r := row; r <= toRow; r++ {
			for c := column; c <= toColumn; c++ {
				cell := r*cellColumns + c
				f.crossed[cell/64] |= 1 << (cell % 64)
			}
		}
		last = next
	}
}

func cellOf(p LatLon) (row, column int) {
	row, column = int(cellsPerDegree*(p.Lat+90)), int(cellsPerDegree*(p.Lon+180))
	return max(0, min(row, cellRows-1)), max(0, min(column, cellColumns-1))
}

// namesAt returns the zones whose polygons hold the place, sorted. Borders
// may give two. The list is shared and must not be changed.
func (f *polygons) namesAt(p LatLon) []string {
	row, column := cellOf(p)
	cell := row*cellColumns + column
	if f.crossed[cell/64]&(1<<(cell%64)) != 0 {
		return f.lookUp(p)
	}
	f.mu.RLock()
	names, ok := f.known[cell]
	f.mu.RUnlock()
	if ok {
		return names
	}
	names, err := f.exact.GetTimezoneNames(p.Lon, p.Lat)
	if err != nil || len(names) == 0 {
		return f.lookUp(p) // what helps out there has no cells
	}
	names = slices.Compact(names)
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.known) >= maxKnownCells {
		clear(f.known)
	}
	f.known[cell] = names
	return names
}

func (f *polygons) lookUp(p LatLon) []string {
	names, err := f.exact.GetTimezoneNames(p.Lon, p.Lat)
	if err != nil || len(names) == 0 {
		if name := f.besides(p); name != "" {
			return []string{name}
		}
		return nil
	}
	slices.SortFunc(names, cmp.Compare[string])
	return slices.Compact(names)
}

// besides helps out where no polygon holds the place: they are simplified and
// leave slivers. As the default finder of tzf does, it asks tiles that lie
// inside one zone, and looks two hundredths of a degree around.
func (f *polygons) besides(p LatLon) string {
	if name := f.tiles.GetTimezoneName(p.Lon, p.Lat); name != "" {
		return name
	}
	for _, dx := range []float64{-0.02, 0, 0.02} {
		for _, dy := range []float64{-0.02, 0, 0.02} {
			lon, lat := p.Lon+dx, p.Lat+dy
			if name := cmp.Or(f.tiles.GetTimezoneName(lon, lat), f.exact.GetTimezoneName(lon, lat)); name != "" {
				return name
			}
		}
	}
	return ""
}
