package gazetteer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"whenwhere/internal/geo"
)

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
	columns, err := osmHeader(c)
	if err != nil {
		return refuse(1, err)
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
		case len(f) != len(columns):
			r.fault(line, fmt.Sprintf("%d columns where the header has %d", len(f), len(columns)))
			continue
		}
		cell := func(name string) string {
			if i, ok := columns[name]; ok {
				return strings.TrimSpace(f[i])
			}
			return ""
		}
		if fault := r.osmRow(line, cell); fault != "" {
			r.fault(line, fault)
		}
	}
}

// osmHeader is where each column stands.
func osmHeader(c *csv.Reader) (map[string]int, error) {
	header, err := c.Read()
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, name := range header {
		if _, twice := at[name]; twice {
			return nil, fmt.Errorf("column %q stands twice", name)
		}
		at[name] = i
	}
	for _, name := range []string{"osm_id", "lat", "lon", "name_uk"} {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("no column %q", name)
		}
	}
	return at, nil
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
