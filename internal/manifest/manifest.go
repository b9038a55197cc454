package manifest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"whenwhere/pipeline"
)

// The files of a case folder.
const (
	JSONLines  = "incidents.jsonl"
	CSV        = "incidents.csv"
	GeoJSON    = "incidents.geojson"
	Statements = "statements.jsonl"
	KnownDir   = "known"
	KnownCSV   = "known/known.csv"
	ControlDir = "control"
)

// Limits: far above any real case, low enough that a hostile one stays cheap.
const (
	MaxFileBytes  = 256 << 20 // of incidents.jsonl
	MaxTableBytes = 64 << 20  // of each other file
	MaxLineBytes  = 1 << 20   // of one record
	MaxRecords    = 100_000   // in all files together, refused ones included
	MaxProblems   = 1_000     // that are listed; the rest are counted
)

// Case is what a case folder says.
type Case struct {
	Records []Record // in the order of the files; statements, which are read last, among them
	Known   []Known  // in the order of known.csv
	// Statements are those of statements.jsonl, in its order; Records holds what each makes of its media.
	Statements []pipeline.Statement
	Control    bool // there is a folder control/; package control reads it
}

// Record is one incident and where it was read.
type Record struct {
	Incident pipeline.Incident
	Exhibits []pipeline.Exhibit // one for each of Incident.Media, with Ref, and Missing when the file is not there
	File     string
	Line     int // from 1; where the record starts
	rename   func(string) string
}

// Field names a field of the incident, such as media[0].file, as the file names it that the record was read from.
func (r Record) Field(path string) string { return r.rename(path) }

// Problem is one fault of a case folder.
type Problem struct {
	File  string // path in the case folder
	Line  int    // from 1; 0 when the fault is of the file as a whole
	Field string // path in the record, or the column; empty when the fault is of the record as a whole
	Err   error  // wraps fs.ErrNotExist when a media file is missing and the record was kept
}

func (p Problem) Error() string {
	at := p.File
	if p.Line > 0 {
		at = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	if p.Field != "" {
		at += ": " + p.Field
	}
	return at + ": " + p.Err.Error()
}

func (p Problem) Unwrap() error { return p.Err }

// Read reads the whole case folder and returns what is sound of it, with every fault. The Case is never nil.
func Read(root *os.Root) (*Case, []Problem) {
	r := &reader{root: root, made: &Case{}, ids: map[string]string{}}
	found := 0
	for _, f := range []struct {
		name string
		max  int64
		read func(*os.File)
	}{{JSONLines, MaxFileBytes, r.jsonLines}, {CSV, MaxTableBytes, r.csv}, {GeoJSON, MaxTableBytes, r.geoJSON}, {Statements, MaxTableBytes, r.statements}} {
		if r.open(f.name, f.max, f.read) {
			found++
		}
	}
	if found == 0 {
		r.fault(JSONLines, 0, "", fmt.Errorf("missing: the case folder holds none of %s, %s, %s, %s; one is needed (whenwhere verify --help shows a case folder)", JSONLines, CSV, GeoJSON, Statements))
	}
	r.known()
	r.control()
	r.countUnlisted()
	return r.made, r.problems
}

func (r *reader) countUnlisted() {
	if r.unlisted > 0 {
		r.problems = append(r.problems, Problem{File: ".", Err: fmt.Errorf("%d further problems are not listed; the limit is %d", r.unlisted, MaxProblems)})
	}
}

type reader struct {
	root     *os.Root
	made     *Case
	problems []Problem
	unlisted int
	ids      map[string]string // id to where its first record stands
	records  int               // seen in all files
}

func (r *reader) fault(file string, line int, field string, err error) {
	if len(r.problems) >= MaxProblems {
		r.unlisted++
		return
	}
	r.problems = append(r.problems, Problem{File: file, Line: line, Field: field, Err: err})
}

// open hands the file to read and reports whether there is such a file at all. Opening waits for ever on a named pipe,
// so only regular files are opened.
func (r *reader) open(name string, maxBytes int64, read func(*os.File)) bool {
	info, err := r.root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	switch {
	case err != nil:
		r.fault(name, 0, "", bare(err))
		return true
	case !info.Mode().IsRegular():
		r.fault(name, 0, "", fmt.Errorf("is not a regular file"))
		return true
	case info.Size() > maxBytes:
		r.fault(name, 0, "", fmt.Errorf("%d bytes exceed the limit of %d", info.Size(), maxBytes))
		return true
	}
	f, err := r.root.Open(name)
	if err != nil {
		r.fault(name, 0, "", bare(err))
		return true
	}
	defer f.Close() // it was only read
	read(f)
	return true
}

// bare takes the operation and the path off an error of the file system: the Problem names the file already.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// counted reports whether one more record may be read, and says so once when it may not.
func (r *reader) counted(file string, line int) bool {
	r.records++
	if r.records == MaxRecords+1 {
		r.fault(file, line, "", fmt.Errorf("this and all further records are not read; the limit is %d", MaxRecords))
	}
	return r.records <= MaxRecords
}

// fieldFault is one fault inside a record.
type fieldFault struct {
	field string
	err   error
}

// add judges a record that could be decoded, and keeps it if it is sound. The names of its fields are those of the
// file that it came from: rename maps a path of pipeline.Incident to them.
func (r *reader) add(in pipeline.Incident, file string, line int, faults []fieldFault, rename func(string) string) {
	for _, f := range in.Check() {
		faults = append(faults, fieldFault{rename(f.Field), f.Err})
	}
	if in.Claim.Kind == pipeline.KindStatement && file != Statements {
		faults = append(faults, fieldFault{rename("claim.kind"), fmt.Errorf("a statement is a line of %s", Statements)})
	}
	if in.ID != "" && len(in.ID) <= pipeline.MaxIDBytes {
		if first, taken := r.ids[in.ID]; taken {
			faults = append(faults, fieldFault{rename("id"), fmt.Errorf("%q was given before, at %s", in.ID, first)})
		} else {
			r.ids[in.ID] = fmt.Sprintf("%s:%d", file, line)
		}
	}
	rec := Record{Incident: in, File: file, Line: line, rename: rename}
	var missing []fieldFault
	if len(faults) == 0 {
		rec.Exhibits, missing, faults = r.exhibits(in.Media, rename)
	}
	for _, f := range append(missing, faults...) {
		r.fault(file, line, f.field, f.err)
	}
	if len(faults) == 0 {
		r.made.Records = append(r.made.Records, rec)
	}
}

// exhibits looks for the files of a record. A file that is not there, or may not be read, is missing; anything else
// that stands in the way, a link that leaves the case folder above all, is a fault of the record.
func (r *reader) exhibits(refs []pipeline.MediaRef, rename func(string) string) (made []pipeline.Exhibit, missing, faults []fieldFault) {
	for i, ref := range refs {
		field := rename(fmt.Sprintf("media[%d].file", i))
		e := pipeline.Exhibit{Ref: ref}
		info, err := r.root.Stat(ref.File)
		switch {
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
			e.Missing = bare(err).Error()
			missing = append(missing, fieldFault{field, fmt.Errorf("%q: %w; the record is kept without it", ref.File, bare(err))})
		case err != nil:
			faults = append(faults, fieldFault{field, fmt.Errorf("%q: %w; files and links must stay inside the case folder", ref.File, bare(err))})
		case !info.Mode().IsRegular():
			faults = append(faults, fieldFault{field, fmt.Errorf("%q is not a regular file", ref.File)})
		}
		made = append(made, e)
	}
	return made, missing, faults
}

// control looks whether there are maps. What they hold is read by package control, through the same os.Root.
func (r *reader) control() {
	info, err := r.root.Stat(ControlDir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		r.fault(ControlDir, 0, "", bare(err))
	case !info.IsDir():
		r.fault(ControlDir, 0, "", fmt.Errorf("is not a folder"))
	default:
		r.made.Control = true
	}
}
