package gazetteer

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"whenwhere/internal/geo"
)

// Limits: far above GeoNames' dump of the whole country (8 MB, 50,000 rows).
const (
	MaxFileBytes = 256 << 20
	MaxRows      = 5_000_000
	MaxNameBytes = 1_000
	MaxFaults    = 100 // that are listed for each file; the rest are counted
)

// Input is a file that the operator supplies.
type Input struct {
	Name string // as it is shown
	Data []byte
}

// The formats of files.
const (
	FormatGeoNames = "geonames"
	FormatAdmin1   = "geonames-admin1"
	FormatOSM      = "osm-tsv"
	FormatBorders  = "borders"
)

// File says what was read of an input.
type File struct {
	Name, Format, SHA256 string
	Places, Areas        int
	Nameless             int // rows without any name
	Other                int // rows that are no settlement, and borders of other levels
	Faults               []Fault
	MoreFaults           int // that are not listed
}

// Fault is a row that was left out.
type Fault struct {
	Line   int
	Detail string
}

// FileError refuses a file as a whole. Line is 0 when the fault is not of one line.
type FileError struct {
	File string
	Line int
	Err  error
}

func (e *FileError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("gazetteer: %s:%d: %v", e.File, e.Line, e.Err)
	}
	return fmt.Sprintf("gazetteer: %s: %v", e.File, e.Err)
}

func (e *FileError) Unwrap() error { return e.Err }

// Read reads the files and joins what they know. The gazetteer is never nil; the errors are one *FileError for each file
// that was refused.
func Read(inputs []Input) (*Gazetteer, []error) {
	r := &reader{made: &Gazetteer{}, admin1: map[string]string{}}
	var errs []error
	seen := map[string]bool{}
	for _, in := range inputs {
		sum := sha256.Sum256(in.Data)
		r.file = File{Name: in.Name, SHA256: hex.EncodeToString(sum[:])}
		if seen[r.file.SHA256] {
			continue // the same bytes twice are one file
		}
		seen[r.file.SHA256] = true
		places, areas := len(r.made.places), len(r.made.areas)
		if err := r.read(in); err != nil {
			r.made.places, r.made.areas = r.made.places[:places], r.made.areas[:areas]
			errs = append(errs, err)
			continue
		}
		r.made.files = append(r.made.files, r.file)
	}
	r.locate()
	r.made.places = merge(r.made.places)
	r.made.index()
	return r.made, errs
}

type reader struct {
	made   *Gazetteer
	file   File
	admin1 map[string]string // "UA.05" to its name
}

func (r *reader) fault(line int, detail string) {
	if len(r.file.Faults) >= MaxFaults {
		r.file.MoreFaults++
		return
	}
	r.file.Faults = append(r.file.Faults, Fault{line, detail})
}

func (r *reader) read(in Input) error {
	refuse := func(line int, err error) error { return &FileError{in.Name, line, err} }
	data := bytes.TrimPrefix(in.Data, []byte("\xef\xbb\xbf"))
	switch {
	case len(in.Data) > MaxFileBytes:
		return refuse(0, fmt.Errorf("%d bytes exceed the limit of %d", len(in.Data), MaxFileBytes))
	case !utf8.Valid(data):
		return refuse(0, errors.New("not UTF-8"))
	}
	first, _, _ := bytes.Cut(data, []byte("\n"))
	columns := strings.Split(strings.TrimRight(string(first), "\r"), "\t")
	var err error
	switch {
	case bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")):
		r.file.Format = FormatBorders
		err = r.borders(data)
	case slices.Contains(columns, "osm_id"):
		r.file.Format = FormatOSM
		return r.osm(data, refuse)
	case len(columns) == 19:
		r.file.Format = FormatGeoNames
		return r.lines(data, refuse, 19, r.geoNames)
	case len(columns) == 4 && strings.Contains(columns[0], "."):
		r.file.Format = FormatAdmin1
		return r.lines(data, refuse, 4, func(_ int, f []string) string {
			r.admin1[f[0]] = f[1]
			r.file.Other++
			return ""
		})
	default:
		err = errors.New("none of: a GeoNames dump (19 columns), admin1CodesASCII.txt, a table of settlements with osm_id in its header, borders as GeoJSON")
	}
	if err != nil {
		return refuse(0, err)
	}
	return nil
}

// lines reads a table without quoting.
func (r *reader) lines(data []byte, refuse func(int, error) error, columns int, row func(int, []string) string) error {
	line := 0
	for len(data) > 0 {
		var text []byte
		text, data, _ = bytes.Cut(data, []byte("\n"))
		line++
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		if line > MaxRows {
			return refuse(line, fmt.Errorf("more than %d rows", MaxRows))
		}
		f := strings.Split(strings.TrimRight(string(text), "\r"), "\t")
		fault := ""
		if len(f) != columns {
			fault = fmt.Sprintf("%d columns where %d are needed", len(f), columns)
		} else {
			fault = row(line, f)
		}
		if fault != "" {
			r.fault(line, fault)
		}
	}
	return nil
}

// geoNames reads one row; the columns are those of GeoNames' readme.txt.
func (r *reader) geoNames(line int, f []string) (fault string) {
	if f[6] != "P" {
		r.file.Other++
		return ""
	}
	if _, err := strconv.ParseUint(f[0], 10, 63); err != nil {
		return fmt.Sprintf("geonameid %q is not a number", f[0])
	}
	p := Place{ID: "geonames:" + f[0], Kind: f[7], Country: f[8], File: r.file.Name, Line: line}
	p.add(f[1], RoleMain)
	p.add(f[2], RoleAlternate)
	for _, alternate := range strings.Split(f[3], ",") {
		p.add(alternate, RoleAlternate)
	}
	if f[10] != "" {
		p.oblasts = []string{f[8] + "." + f[10]} // named when admin1 codes or borders are there
	}
	return r.place(p, f[4], f[5], f[14], "")
}

// osm reads a table with a header, quoted as CSV is.
func (r *reader) osm(data []byte, refuse func(int, error) error) error {
	c := csv.NewReader(bytes.NewReader(data))
	c.Comma = '\t'
	c.FieldsPerRecord = -1
	header, err := c.Read()
	if err != nil {
		return refuse(1, err)
	}
	at := map[string]int{}
	for i, name := range header {
		if _, twice := at[name]; twice {
			return refuse(1, fmt.Errorf("column %q stands twice", name))
		}
		at[name] = i
	}
	for _, name := range []string{"osm_id", "lat", "lon", "name_uk"} {
		if _, ok := at[name]; !ok {
			return refuse(1, fmt.Errorf("no column %q", name))
		}
	}
	for rows := 0; ; rows++ {
		f, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil { // after broken quoting nobody can tell rows from text
			var at *csv.ParseError
			if errors.As(err, &at) {
				return refuse(at.StartLine, at.Err)
			}
			return refuse(0, err)
		}
		line, _ := c.FieldPos(0)
		switch {
		case rows >= MaxRows:
			return refuse(line, fmt.Errorf("more than %d rows", MaxRows))
		case len(f) != len(header):
			r.fault(line, fmt.Sprintf("%d columns where the header has %d", len(f), len(header)))
			continue
		}
		cell := func(name string) string {
			if i, ok := at[name]; ok {
				return strings.TrimSpace(f[i])
			}
			return ""
		}
		if fault := r.osmRow(line, cell); fault != "" {
			r.fault(line, fault)
		}
	}
}

func (r *reader) osmRow(line int, cell func(string) string) (fault string) {
	p := Place{ID: "osm:" + cell("osm_id"), Kind: cell("place"), File: r.file.Name, Line: line, Country: cell("country")}
	for _, n := range []struct {
		column string
		role   Role
	}{{"name_uk", RoleUkrainian}, {"name_en", RoleEnglish}, {"name_ru", RoleRussian}} {
		p.add(cell(n.column), n.role)
	}
	for _, old := range strings.Split(cell("old_name"), ";") {
		p.add(old, RoleOld)
	}
	if len(p.Names) == 0 {
		r.file.Nameless++
		return ""
	}
	if p.Kind == "" { // boundaries and bare nodes: their name is that of an area
		r.file.Other++
		return ""
	}
	if cell("osm_id") == "" {
		return "no osm_id"
	}
	if slug := cell("oblast"); slug != "" {
		p.oblasts = []string{slug}
	}
	if slug := cell("raion"); slug != "" {
		p.raions = []string{slug}
	}
	return r.place(p, cell("lat"), cell("lon"), cell("population"), cell("radius_m"))
}

func (p *Place) add(name string, role Role) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > MaxNameBytes || Fold(name) == "" {
		return
	}
	for _, n := range p.Names {
		if n.Text == name {
			return
		}
	}
	p.Names = append(p.Names, Name{name, role})
}

// place checks the numbers of a row and keeps it.
func (r *reader) place(p Place, lat, lon, population, radius string) (fault string) {
	if len(p.Names) == 0 {
		r.file.Nameless++
		return ""
	}
	var ok1, ok2 bool
	p.At.Lat, ok1 = degrees(lat, 90)
	p.At.Lon, ok2 = degrees(lon, 180)
	if !ok1 || !ok2 {
		return fmt.Sprintf("latitude %q and longitude %q are no place", lat, lon)
	}
	if p.At == (geo.LatLon{}) {
		return "0,0 is what an absent position looks like"
	}
	if population != "" {
		n, err := strconv.ParseUint(strings.ReplaceAll(population, " ", ""), 10, 32)
		if err != nil {
			return fmt.Sprintf("population %q is not a number", population)
		}
		p.Population = int(n)
	}
	stated := 0.0
	if radius != "" {
		v, err := strconv.ParseFloat(radius, 64)
		if err != nil || !(v > 0 && v <= 200_000) {
			return fmt.Sprintf("radius_m %q is not above 0 and at most 200000", radius)
		}
		stated = v
	}
	p.setRadius(stated)
	r.made.places = append(r.made.places, p)
	r.file.Places++
	return ""
}

func degrees(text string, limit float64) (float64, bool) {
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsNaN(v) && math.Abs(v) <= limit
}

// locate names oblast and raion of every place: by the borders if its point lies in one, else as its row states.
func (r *reader) locate() {
	for i := range r.made.places {
		p := &r.made.places[i]
		for _, level := range []int{4, 6} {
			names, shown := &p.oblasts, &p.Oblast
			if level == 6 {
				names, shown = &p.raions, &p.Raion
			}
			if a := r.made.area(level, p.At); a != nil {
				*names, *shown = append(slices.Clone(a.names), *names...), a.shown
				continue
			}
			for _, n := range *names {
				if full := r.admin1[n]; full != "" {
					*names, *shown = []string{full}, full
				} else {
					*shown = strings.ReplaceAll(n, "_", " ")
				}
			}
		}
	}
}
