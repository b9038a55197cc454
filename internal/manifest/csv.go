package manifest

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"whenwhere/pipeline"
)

// Columns lists the columns of incidents.csv. See the package documentation for what they hold.
func Columns() []string {
	return []string{"id", "lon", "lat", "radius_m", "place", "oblast", "raion", "from", "to", "kind", "what", "casualties_min", "casualties_max",
		"casualties_party", "perpetrator", "media", "sources", "published"}
}

func (r *reader) csv(f *os.File) {
	r.table(CSV, f, Columns(), func(line int, row cells) bool {
		if !r.counted(CSV, line) {
			return false
		}
		rd := &rowReader{row: row, faults: checkUTF8(row, Columns())}
		in := rd.incident()
		r.add(in, CSV, line, rd.faults, columnOf)
		return true
	})
}

// columnOf names the columns that a field of the record was made of.
func columnOf(field string) string {
	name, rest, _ := strings.Cut(field, ".")
	switch {
	case name == "claim":
		return map[string]string{
			"where": "lon, lat, radius_m", "where.name": "place", "where.oblast": "oblast", "where.raion": "raion", "where.radius_m": "radius_m", "when": "from, to", "casualties": "casualties_min, casualties_max",
			"casualties.party": "casualties_party", "kind": "kind", "what": "what", "perpetrator": "perpetrator"}[rest]
	case rest == "published":
		return "published" + strings.TrimPrefix(name, "sources")
	}
	return name
}

// rowReader turns the cells of one row into a record and gathers what is wrong with them.
type rowReader struct {
	row    cells
	faults []fieldFault
}

func (r *rowReader) fault(column, format string, args ...any) {
	r.faults = append(r.faults, fieldFault{column, fmt.Errorf(format, args...)})
}

func (r *rowReader) incident() pipeline.Incident {
	return pipeline.Incident{
		ID: r.row["id"],
		Claim: pipeline.Claim{
			Where: r.place(), Named: r.named(), When: r.span(), Kind: pipeline.Kind(r.row["kind"]), What: r.row["what"], Casualties: r.casualties(),
			Perpetrator: pipeline.Side(r.row["perpetrator"]),
		},
		Media:   r.media(),
		Sources: r.sources(),
	}
}

// together reports whether the cells are all given; it is a fault when only some are.
func (r *rowReader) together(columns ...string) bool {
	var absent []string
	for _, c := range columns {
		if r.row[c] == "" {
			absent = append(absent, c)
		}
	}
	if len(absent) > 0 && len(absent) < len(columns) {
		for _, c := range absent {
			r.fault(c, "missing: %s belong together", strings.Join(columns, ", "))
		}
	}
	return len(absent) == 0
}

// named reads a place that the row names.
func (r *rowReader) named() *pipeline.NamedPlace {
	if r.row["place"] == "" {
		for _, c := range []string{"oblast", "raion"} {
			if r.row[c] != "" {
				r.fault(c, "given without place")
			}
		}
		return nil
	}
	n := &pipeline.NamedPlace{Name: r.row["place"], Oblast: r.row["oblast"], Raion: r.row["raion"]}
	if r.row["lon"]+r.row["lat"] != "" {
		r.fault("place", "given beside lon and lat: a place is named or has coordinates")
	}
	if r.row["radius_m"] != "" {
		radius := r.number("radius_m")
		n.RadiusM = &radius
	}
	return n
}

func (r *rowReader) place() *pipeline.Place {
	if r.row["place"] != "" {
		return nil
	}
	if !r.together("lon", "lat", "radius_m") {
		return nil
	}
	before := len(r.faults)
	p := &pipeline.Place{Lon: r.number("lon"), Lat: r.number("lat"), RadiusM: r.number("radius_m")}
	if len(r.faults) > before {
		return nil // Check would speak of the zeros
	}
	return p
}

func (r *rowReader) number(column string) float64 {
	text := r.row[column]
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || strings.Trim(text, "0123456789+-.eE") != "" { // ParseFloat also reads 0x1p-2, inf and nan
		r.fault(column, "%q is not a decimal number with a point", text)
	}
	return v
}

func (r *rowReader) span() *pipeline.Span {
	if !r.together("from", "to") {
		return nil
	}
	from, err := parseTime(r.row["from"])
	if err != nil {
		r.fault("from", "%w", err)
	}
	to, err2 := parseTime(r.row["to"])
	if err2 != nil {
		r.fault("to", "%w", err2)
	}
	if err != nil || err2 != nil {
		return nil
	}
	return &pipeline.Span{From: from, To: to}
}

func (r *rowReader) casualties() *pipeline.Casualties {
	if !r.together("casualties_min", "casualties_max") {
		if r.row["casualties_party"] != "" && r.row["casualties_min"]+r.row["casualties_max"] == "" {
			r.fault("casualties_party", "given without casualties_min and casualties_max")
		}
		return nil
	}
	return &pipeline.Casualties{Min: r.whole("casualties_min"), Max: r.whole("casualties_max"), Party: pipeline.Side(r.row["casualties_party"])}
}

func (r *rowReader) whole(column string) int {
	v, err := strconv.ParseUint(r.row[column], 10, 31)
	if err != nil {
		r.fault(column, "%q is not a whole number", r.row[column])
	}
	return int(v)
}

func (r *rowReader) list(column string) []string {
	if r.row[column] == "" {
		return nil
	}
	values := strings.Split(r.row[column], ";")
	if len(values) > pipeline.MaxListEntries {
		r.fault(column, "%d values exceed the limit of %d", len(values), pipeline.MaxListEntries)
		return nil
	}
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	return values
}

func (r *rowReader) media() []pipeline.MediaRef {
	var refs []pipeline.MediaRef
	for _, file := range r.list("media") {
		refs = append(refs, pipeline.MediaRef{File: file})
	}
	return refs
}

func (r *rowReader) sources() []pipeline.Source {
	var sources []pipeline.Source
	for _, url := range r.list("sources") {
		sources = append(sources, pipeline.Source{URL: url})
	}
	times := r.list("published")
	if times != nil && len(times) != len(sources) {
		r.fault("published", "%d values for %d sources", len(times), len(sources))
		return sources
	}
	for i, text := range slices.All(times) {
		if text == "" {
			continue
		}
		t, err := parseTime(text)
		if err != nil {
			r.fault(fmt.Sprintf("published[%d]", i), "%w", err)
			continue
		}
		sources[i].Published = &t
	}
	return sources
}
