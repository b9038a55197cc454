package mapfile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"whenwhere/internal/geo"
)

// maxFileBytes is the limit for trusted geodata files.
const maxFileBytes = 64 << 20

// ReadFS reads the file called name of fsys. An error is a *FileError.
func ReadFS(fsys fs.FS, name string, opt Options) (Map, error) {
	if err := checkExtension(name); err != nil {
		return Map{}, inFile(name, err)
	}
	data, err := readAll(fsys, name)
	if err != nil {
		return Map{}, inFile(name, err)
	}
	return Read(name, data, opt)
}

// Read reads the bytes of one file; its name says the date and helps to tell
// the format. An error is a *FileError.
func Read(name string, data []byte, opt Options) (Map, error) {
	m, err := read(name, data, opt)
	if err != nil {
		return Map{}, inFile(name, err)
	}
	sum := sha256.Sum256(data)
	m.File, m.SHA256 = name, hex.EncodeToString(sum[:])
	m.HeldKm2 = heldKm2(m.Ground)
	return m, nil
}

func heldKm2(ground []Ground) (km2 float64) {
	for _, g := range ground {
		if g.Side == RU {
			km2 += geo.AreaKm2(g.Shape)
		}
	}
	return km2
}

func read(name string, data []byte, opt Options) (Map, error) {
	if err := checkExtension(name); err != nil {
		return Map{}, err
	}
	if opt.Provider != "" && !plainName(opt.Provider) {
		return Map{}, &FileError{Detail: fmt.Sprintf("%.80q is not a provider's name", opt.Provider)}
	}
	named, err := parseName(name)
	if err != nil {
		return Map{}, err
	}
	m, err := dispatch(data, named, opt)
	if err != nil {
		return Map{}, err
	}
	if m.Format != FormatISW && opt.Layer != "" {
		return Map{}, &FileError{Detail: fmt.Sprintf("a layer is told of files of isw alone; this is a map of %s (format %s)", m.Provider, m.Format)}
	}
	family, _, _ := strings.Cut(m.Provider, "-")
	if opt.Provider != "" && opt.Provider != m.Provider && opt.Provider != family {
		return Map{}, &FileError{Detail: fmt.Sprintf("the provider is to be %s, but this is a map of %s (format %s)", opt.Provider, m.Provider, m.Format)}
	}
	return m, nil
}

func dispatch(data []byte, named fileName, opt Options) (Map, error) {
	outer, err := wrapping(data)
	switch {
	case err != nil:
		return Map{}, err
	case outer == areaLists:
		return uaControlMap(data, named)
	case outer == wrapped:
		return nzz(data, named)
	}
	doc, err := geo.Decode(data, geo.Limits{MaxBytes: maxFileBytes})
	if err != nil {
		return Map{}, err
	}
	s := source{data: data, doc: doc, named: named, opt: opt}
	format, err := s.format()
	if err != nil {
		return Map{}, err
	}
	if err := s.withinLimits(format); err != nil {
		return Map{}, err
	}
	switch format {
	case FormatDaily:
		return s.finish(daily(s))
	case FormatRaw:
		return s.finish(raw(s))
	case FormatISW:
		return s.finish(isw(s))
	default:
		return s.finish(own(s))
	}
}

// source is a GeoJSON file before it is understood.
type source struct {
	data   []byte
	doc    *geo.Document
	named  fileName
	opt    Options
	prefix string // of every path: where the document lies in the file
}

// finish adds the doubts about the geometry.
func (s source) finish(m Map, err error) (Map, error) {
	if err != nil {
		return Map{}, err
	}
	m.Flags = append(m.Flags, flags(s.doc.Flaws(), s.prefix)...)
	if n := s.doc.Counts.NullGeometries; n > 0 {
		m.Flags = append(m.Flags, fmt.Sprintf("%d features without geometry", n))
	}
	// Providers draw points and lines on purpose; in one's own map they may be a mistake.
	if m.Dropped > 0 && m.Format == FormatOwn {
		m.Flags = append(m.Flags, fmt.Sprintf("%d features are not ground and were dropped", m.Dropped))
	}
	return m, nil
}

// flags describes flaws, with the place in the file and on the ground.
func flags(flaws []geo.Flaw, prefix string) []string {
	var out []string
	for _, f := range flaws {
		at := ""
		if f.At != nil {
			at = fmt.Sprintf(" at %.6f, %.6f", f.At.Lat, f.At.Lon)
		}
		out = append(out, fmt.Sprintf("geometry suspect: line %d, %s: %s%s: %s", f.Line, prefix+f.Path, f.Kind, at, f.Detail))
	}
	return out
}

func checkExtension(name string) error {
	switch strings.ToLower(path.Ext(name)) {
	case ".geojson", ".json":
		return nil
	}
	return &FileError{Detail: "not a control map: the name ends neither in .geojson nor in .json"}
}

// readAll stops one byte above the limit, so that the decoder can name it.
func readAll(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	return data, errors.Join(err, f.Close())
}

// inFile puts the name of the file on an error of a reader below.
func inFile(name string, err error) error {
	var own *FileError
	if errors.As(err, &own) {
		own.File = name
		return own
	}
	out := &FileError{File: name, Err: err}
	var at *geo.Error
	if errors.As(err, &at) {
		out.Line, out.Path, out.Detail = at.Line, at.Path, at.Detail
	}
	return out
}
