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
	for _, g := range m.Ground {
		if g.Side == RU {
			m.HeldKm2 += geo.AreaKm2(g.Shape)
		}
	}
	return m, nil
}

func read(name string, data []byte, opt Options) (Map, error) {
	if err := checkExtension(name); err != nil {
		return Map{}, err
	}
	named, err := parseName(path.Base(name))
	if err != nil {
		return Map{}, err
	}
	doc, err := geo.Decode(data, geo.Limits{MaxBytes: maxFileBytes})
	if err != nil {
		return Map{}, err
	}
	if err := checkTheatre(doc); err != nil {
		return Map{}, err
	}
	m, err := interpret(doc, named, opt)
	if err != nil {
		return Map{}, err
	}
	m.Flags = append(m.Flags, flags(doc, m.Dropped)...)
	return m, nil
}

// interpret tells the two kinds of files apart by the name, which is where the
// daily files carry their provider and their date.
func interpret(doc *geo.Document, named fileName, opt Options) (Map, error) {
	if named.prefix == dailyPrefix && !named.day.IsZero() {
		return daily(doc, named)
	}
	return own(doc, named, opt)
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

// flags describes the doubts about a file that was read.
func flags(doc *geo.Document, dropped int) []string {
	var out []string
	for _, f := range doc.Flaws() {
		at := ""
		if f.At != nil {
			at = fmt.Sprintf(" at %.6f, %.6f", f.At.Lat, f.At.Lon)
		}
		out = append(out, fmt.Sprintf("geometry suspect: line %d, %s: %s%s: %s", f.Line, f.Path, f.Kind, at, f.Detail))
	}
	if n := doc.Counts.NullGeometries; n > 0 {
		out = append(out, fmt.Sprintf("%d features without geometry", n))
	}
	if dropped > 0 {
		out = append(out, fmt.Sprintf("%d features are not ground and were dropped", dropped))
	}
	return out
}
