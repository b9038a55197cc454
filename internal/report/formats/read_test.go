package formats_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"whenwhere/internal/geo"
	"whenwhere/internal/report/cell"
	"whenwhere/internal/report/record"
)

// row is what a reader finds of a record: values by field name; absent fields are not in it.
type row map[string]any

// readers read each format back by other means than those that wrote it, where there are any.
var readers = map[string]func(tb, []byte) []row{
	"json": readJSON, "ndjson": readNDJSON, "csv": readCSV, "geojson": readGeoJSON, "kml": readKML, "geoparquet": readGeoParquet, "case": readCASE,
}

// parsed is the value that a text states, by the kind of its field.
func parsed(t tb, f record.Field, text string) any {
	t.Helper()
	var v any
	var err error
	switch f.Kind {
	case record.Number:
		v, err = strconv.ParseFloat(text, 64)
	case record.Whole:
		v, err = strconv.ParseInt(text, 10, 64)
	case record.Flag:
		v, err = strconv.ParseBool(text)
	case record.Instant:
		v, err = time.Parse(time.RFC3339Nano, text)
	case record.Text:
		v = text
	}
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return v
}

// members reads the fields out of a JSON object.
func members(t tb, object map[string]json.RawMessage) row {
	t.Helper()
	out := row{}
	for _, f := range record.Fields() {
		raw, ok := object[f.Name]
		if !ok {
			t.Fatalf("%s is missing", f.Name)
		}
		if string(raw) == "null" {
			continue
		}
		text := string(raw)
		if f.Kind == record.Text || f.Kind == record.Instant {
			decode(t, raw, &text)
		}
		out[f.Name] = parsed(t, f, text)
	}
	return out
}

func decode(t tb, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
}

func readJSON(t tb, data []byte) (out []row) {
	var doc struct {
		Audience  string                       `json:"audience"`
		Incidents []map[string]json.RawMessage `json:"incidents"`
	}
	decode(t, data, &doc)
	if doc.Audience != "partner" || doc.Incidents == nil {
		t.Fatalf("%s", data)
	}
	for _, o := range doc.Incidents {
		out = append(out, members(t, o))
	}
	return out
}

func readNDJSON(t tb, data []byte) (out []row) {
	for line := range bytes.Lines(data) {
		var o map[string]json.RawMessage
		decode(t, line, &o)
		out = append(out, members(t, o))
	}
	return out
}

func readCSV(t tb, data []byte) (out []row) {
	all, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("%v\n%s", err, data)
	}
	for _, cells := range all[1:] {
		r := row{}
		for i, f := range record.Fields() {
			if all[0][i] != f.Name {
				t.Fatalf("column %d is %s", i, all[0][i])
			}
			if cells[i] != "" || !f.Optional {
				r[f.Name] = parsed(t, f, cell.Original(cells[i]))
			}
		}
		out = append(out, r)
	}
	return out
}

// readGeoJSON reads by package geo, which refuses what RFC 7946 does not allow.
func readGeoJSON(t tb, data []byte) (out []row) {
	var doc struct {
		Audience string `json:"audience"`
		Features []struct {
			ID         string                     `json:"id"`
			Geometry   *struct{ Type string }     `json:"geometry"`
			Properties map[string]json.RawMessage `json:"properties"`
		} `json:"features"`
	}
	decode(t, data, &doc)
	if doc.Audience != "partner" || doc.Features == nil {
		t.Fatalf("%s", data)
	}
	for _, f := range doc.Features {
		r := members(t, f.Properties)
		if _, placed := r["lon"]; f.ID != r["incident"] || placed != (f.Geometry != nil) {
			t.Fatalf("feature %q, geometry %v: %v", f.ID, f.Geometry, r)
		}
		out = append(out, r)
	}
	checkPoints(t, data, out)
	return out
}

func checkPoints(t tb, data []byte, rows []row) {
	t.Helper()
	read, err := geo.Decode(data, geo.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range read.Features {
		if p, ok := f.Geometry.(orb.Point); ok && (p[0] != rows[i]["lon"] || p[1] != rows[i]["lat"]) {
			t.Fatalf("%v is not at %v", p, rows[i])
		}
	}
}

func readKML(t tb, data []byte) (out []row) {
	var doc struct {
		XMLName  xml.Name `xml:"http://www.opengis.net/kml/2.2 kml"`
		Document struct {
			Name      string `xml:"name"`
			Placemark []struct {
				Name string `xml:"name"`
				Data []struct {
					Name  string `xml:"name,attr"`
					Value string `xml:"value"`
				} `xml:"ExtendedData>Data"`
				Coordinates *string `xml:"Point>coordinates"`
			}
		}
	}
	if err := xml.Unmarshal(data, &doc); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	if doc.Document.Name != "whenwhere: partner" {
		t.Fatalf("%q", doc.Document.Name)
	}
	for _, p := range doc.Document.Placemark {
		values := map[string]string{}
		for _, d := range p.Data {
			values[d.Name] = d.Value
		}
		r := row{}
		for _, f := range record.Fields() {
			if text, ok := values[f.Name]; ok {
				r[f.Name] = parsed(t, f, text)
			}
		}
		at := "none"
		if p.Coordinates != nil {
			at = *p.Coordinates
		}
		if want := "none"; r["lon"] == nil && at != want || r["lon"] != nil && at != strconv.FormatFloat(r["lon"].(float64), 'f', -1, 64)+","+strconv.FormatFloat(r["lat"].(float64), 'f', -1, 64) {
			t.Fatalf("%q at %s: %v", p.Name, at, r)
		}
		out = append(out, r)
	}
	return out
}

// readGeoParquet reads columns by their names, and not into the type that was written.
func readGeoParquet(t tb, data []byte) (out []row) {
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	checkGeo(t, f)
	if a, _ := f.Lookup("audience"); a != "partner" {
		t.Fatalf("audience %q", a)
	}
	for _, group := range f.RowGroups() {
		rows := group.Rows()
		buf := make([]parquet.Row, 1)
		for {
			n, err := rows.ReadRows(buf)
			if n == 0 {
				break
			}
			out = append(out, columns(t, f.Schema(), buf[0]))
			if err != nil {
				break
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func columns(t tb, schema *parquet.Schema, cells parquet.Row) row {
	t.Helper()
	out := row{}
	var at any
	for _, c := range cells {
		name := schema.Columns()[c.Column()][0]
		switch field, ok := fieldNamed(name); {
		case c.IsNull():
		case name == "geometry":
			p, err := wkb.Unmarshal(c.ByteArray())
			if err != nil {
				t.Fatal(err)
			}
			at = p
		case !ok:
			t.Fatalf("column %s is no field", name)
		default:
			out[name] = column(c, field.Kind)
		}
	}
	var want any
	if lon, ok := out["lon"].(float64); ok {
		want = orb.Point{lon, out["lat"].(float64)}
	}
	if at != want {
		t.Fatalf("geometry %v, want %v", at, want)
	}
	return out
}

func column(c parquet.Value, kind record.Kind) any {
	switch kind {
	case record.Number:
		return c.Double()
	case record.Whole:
		return c.Int64()
	case record.Flag:
		return c.Boolean()
	case record.Instant:
		return time.UnixMicro(c.Int64()).UTC()
	default:
		return string(c.ByteArray())
	}
}

func fieldNamed(name string) (record.Field, bool) {
	for _, f := range record.Fields() {
		if f.Name == name {
			return f, true
		}
	}
	return record.Field{}, false
}

// readCASE finds the facet of the verdict.
func readCASE(t tb, data []byte) (out []row) {
	for _, n := range graphOf(t, data) {
		for _, facet := range facetsOf(n) {
			if !hasType(facet, "whenwhere:VerdictFacet") {
				continue
			}
			r := row{}
			for _, f := range record.Fields() {
				if v, ok := facet["whenwhere:"+f.Name]; ok {
					if o, ok := v.(map[string]any); ok {
						v = o["@value"]
					}
					r[f.Name] = parsed(t, f, fmt.Sprint(v))
				}
			}
			out = append(out, r)
		}
	}
	return out
}
