package gazetteer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
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
