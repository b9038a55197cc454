package formats

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb/encoding/wkb"

	"whenwhere/internal/report/record"
)

// parquetRow is a record as GeoParquet has it: the geometry is well-known binary.
type parquetRow struct {
	record.Row
	Geometry []byte `parquet:"geometry,optional"`
}

// rowsPerGroup bounds what is held in memory. Fewer rows make more groups, each with a footer of its own.
const rowsPerGroup = 2000

type parquetWriter struct {
	out  *parquet.GenericWriter[parquetRow]
	bbox []float64 // west, south, east, north of all points; nil before the first
}

func newGeoParquet(w io.Writer, a About) Writer {
	m := a.members()
	return &parquetWriter{out: parquet.NewGenericWriter[parquetRow](w,
		parquet.MaxRowsPerRowGroup(rowsPerGroup), parquet.Compression(&parquet.Snappy), parquet.CreatedBy("whenwhere", m.Version, ""),
		parquet.KeyValueMetadata("audience", string(m.Audience)), parquet.KeyValueMetadata("note", m.Note))}
}

func (p *parquetWriter) Add(r record.Record) error {
	row := parquetRow{Row: r.Row}
	if at := point(r); at != nil {
		text, err := wkb.Marshal(at)
		if err != nil {
			return named("geoparquet", r, err)
		}
		row.Geometry = text
		p.hold(*r.Lon, *r.Lat)
	}
	_, err := p.out.Write([]parquetRow{row})
	return named("geoparquet", r, err)
}

func (p *parquetWriter) hold(lon, lat float64) {
	if p.bbox == nil {
		p.bbox = []float64{lon, lat, lon, lat}
		return
	}
	p.bbox = []float64{math.Min(p.bbox[0], lon), math.Min(p.bbox[1], lat), math.Max(p.bbox[2], lon), math.Max(p.bbox[3], lat)}
}

// geoMetadata is the value of the key "geo" by GeoParquet 1.1. Without a crs it is OGC:CRS84: longitude, latitude on WGS 84.
type geoMetadata struct {
	Version       string               `json:"version"`
	PrimaryColumn string               `json:"primary_column"`
	Columns       map[string]geoColumn `json:"columns"`
}

type geoColumn struct {
	Encoding      string    `json:"encoding"`
	GeometryTypes []string  `json:"geometry_types"`
	BBox          []float64 `json:"bbox,omitempty"`
}

func (p *parquetWriter) Close() error {
	text, err := json.Marshal(geoMetadata{"1.1.0", "geometry", map[string]geoColumn{"geometry": {"WKB", []string{"Point"}, p.bbox}}})
	if err == nil {
		p.out.SetKeyValueMetadata("geo", string(text))
		err = p.out.Close()
	}
	if err != nil {
		return fmt.Errorf("geoparquet: %w", err)
	}
	return nil
}
