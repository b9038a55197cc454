package events

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"whenwhere/internal/geo"
)

// MaxBytes is the limit of one file: ten times the largest list that was met.
const MaxBytes = 16 << 20

// FileError is a file that was refused. Line is 0 when the fault is in the whole.
type FileError struct {
	File   string
	Line   int
	Detail string
	Err    error
}

func (e *FileError) Error() string {
	where := e.File
	if e.Line > 0 {
		where += fmt.Sprintf(": line %d", e.Line)
	}
	if e.Err != nil {
		return fmt.Sprintf("events: %s: %v", where, e.Err)
	}
	return fmt.Sprintf("events: %s: %s", where, e.Detail)
}

func (e *FileError) Unwrap() error { return e.Err }

// Read reads the list in the named file. For Bellingcat it is export_events.json, and the other two files of the export lie
// beside it.
func Read(fsys fs.FS, name string) (List, error) {
	if strings.EqualFold(path.Ext(name), ".json") {
		return readBellingcat(fsys, name)
	}
	return readTable(fsys, name)
}

// readFile stops one byte above the limit.
func readFile(fsys fs.FS, name string) ([]byte, File, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, File{}, &FileError{File: name, Err: err}
	}
	defer f.Close() // it is only read
	data, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err == nil && len(data) > MaxBytes {
		err = fmt.Errorf("larger than the limit of %d bytes", MaxBytes)
	}
	if err != nil {
		return nil, File{}, &FileError{File: name, Err: err}
	}
	sum := sha256.Sum256(data)
	return data, File{path.Base(name), hex.EncodeToString(sum[:])}, nil
}

// row is the number of the row that is being read: add has appended one event for each before it.
func (l *List) row() int { return len(l.Events) + 1 }

// doubt notes a value of the row that is being read.
func (l *List) doubt(field, format string, args ...any) {
	l.Doubts = append(l.Doubts, Doubt{Row: l.row(), Field: field, Detail: fmt.Sprintf(format, args...)})
}

// day reads a stated day; nil with a doubt when there is none.
func (l *List) day(field, layout, text string) *time.Time {
	if text == "" {
		l.doubt(field, "not stated")
		return nil
	}
	t, err := time.Parse(layout, text)
	if err != nil {
		l.doubt(field, "no day of the calendar")
		return nil
	}
	return &t
}

// place reads a position in degrees; nil with a doubt when there is none.
func (l *List) place(latText, lonText string) *geo.LatLon {
	if latText == "" || lonText == "" {
		l.doubt("lat, lon", "not stated")
		return nil
	}
	lat, errLat := strconv.ParseFloat(strings.TrimSpace(latText), 64)
	lon, errLon := strconv.ParseFloat(strings.TrimSpace(lonText), 64)
	switch {
	case errLat != nil || errLon != nil:
		l.doubt("lat, lon", "no numbers")
	case !(math.Abs(lat) <= 90) || !(math.Abs(lon) <= 180): // NaN too
		l.doubt("lat, lon", "%v, %v is no position", lat, lon)
	case lat == 0 && lon == 0:
		l.doubt("lat, lon", "0,0 is what an absent position looks like")
	default:
		return &geo.LatLon{Lat: lat, Lon: lon}
	}
	return nil
}

// add appends a row; an id that was there before is a doubt.
func (l *List) add(e Event, seen map[string]int) {
	if first, again := seen[e.ID]; again && e.ID != "" {
		l.doubt("id", "repeats the id of row %d", first)
	} else {
		seen[e.ID] = e.Row
	}
	l.Events = append(l.Events, e)
}
