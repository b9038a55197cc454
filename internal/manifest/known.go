package manifest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"time"

	"whenwhere/pipeline"
)

// Known is footage that was seen before, with the time by which it was.
type Known struct {
	File      string            // path in the case folder; empty when only the digest is known
	SHA256    *pipeline.MediaID // of the bytes; nil when the row names a file only
	FirstSeen pipeline.Span     // as stated: a second or a day
	URL       string            // where it was seen; may be empty
	Event     string            // what it shows; may be empty
	Line      int               // of known.csv, from 1
}

// ExistedBy is the earliest time at which the footage is certain to have existed: the end of the stated span.
func (k Known) ExistedBy() time.Time { return k.FirstSeen.To }

// KnownColumns lists the columns of known.csv.
func KnownColumns() []string { return []string{"file", "sha256", "first_seen", "url", "event"} }

// ReadKnown reads a list of known footage such as known.csv, anywhere. Its files are named relative to dir, which holds it
// under the given name.
func ReadKnown(dir *os.Root, name string) ([]Known, []Problem) {
	r := &reader{root: dir, made: &Case{}}
	if !r.knownTable(name, "") {
		r.fault(name, 0, "", fmt.Errorf("missing"))
	}
	r.countUnlisted()
	return r.made.Known, r.problems
}

func (r *reader) known() {
	if entries, err := fs.ReadDir(r.root.FS(), KnownDir); errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return
	}
	if !r.knownTable(KnownCSV, KnownDir+"/") {
		r.fault(KnownCSV, 0, "", fmt.Errorf("missing: without it nothing in %s/ has a date, and none of it is used", KnownDir))
	}
}

// knownTable reads a table whose files lie in folder, and reports whether there is such a table.
func (r *reader) knownTable(table, folder string) bool {
	rows := 0
	return r.open(table, MaxTableBytes, func(f *os.File) {
		r.table(table, f, KnownColumns(), func(line int, row cells) bool {
			if rows++; rows > MaxRecords {
				r.fault(table, line, "", fmt.Errorf("this and all further rows are not read; the limit is %d", MaxRecords))
				return false
			}
			r.knownRow(table, folder, line, row)
			return true
		})
	})
}

func (r *reader) knownRow(table, folder string, line int, row cells) {
	k := Known{URL: row["url"], Event: row["event"], Line: line}
	rd := &rowReader{row: row, faults: checkUTF8(row, KnownColumns())}
	k.FirstSeen = rd.firstSeen()
	k.SHA256 = rd.digest()
	rd.texts()
	usable := k.SHA256 != nil
	if name := row["file"]; name != "" && rd.fileName(name) {
		k.File = folder + name
		if err := r.knownFile(k); err == nil {
			usable = true
		} else if errors.Is(err, fs.ErrNotExist) && usable { // the digest is enough
			r.fault(table, line, "file", fmt.Errorf("%q: %w; the row is kept by its digest", name, err))
			k.File = ""
		} else {
			rd.fault("file", "%q: %w", name, err)
		}
	}
	if !usable && len(rd.faults) == 0 {
		rd.fault("file", "missing: a row needs file or sha256")
	}
	for _, f := range rd.faults {
		r.fault(table, line, f.field, f.err)
	}
	if len(rd.faults) == 0 {
		r.made.Known = append(r.made.Known, k)
	}
}

func (r *rowReader) firstSeen() pipeline.Span {
	text := r.row["first_seen"]
	if text == "" {
		r.fault("first_seen", "missing")
		return pipeline.Span{}
	}
	span, err := FirstSeen(text)
	if err != nil {
		r.fault("first_seen", "%w", err)
	}
	return span
}

// FirstSeen reads when footage was seen: a time is the second that starts there, a date the whole day in UTC.
func FirstSeen(text string) (pipeline.Span, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return pipeline.Span{From: day, To: day.AddDate(0, 0, 1)}, nil
	}
	t, err := parseTime(text)
	if err != nil {
		return pipeline.Span{}, fmt.Errorf("%q is neither a date such as 2024-11-03 nor an RFC 3339 time such as 2024-11-03T09:02:11Z", text)
	}
	return pipeline.Span{From: t, To: t.Add(time.Second)}, nil
}

func (r *rowReader) digest() *pipeline.MediaID {
	if r.row["sha256"] == "" {
		return nil
	}
	id, err := pipeline.ParseMediaID(r.row["sha256"])
	if err != nil {
		r.fault("sha256", "%w", err)
		return nil
	}
	if id.IsZero() {
		r.fault("sha256", "all digits are zero")
		return nil
	}
	return &id
}

func (r *rowReader) texts() {
	if raw := r.row["url"]; raw != "" {
		u, err := url.Parse(raw)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			r.fault("url", "not an http or https address")
		}
	}
	for _, column := range []string{"url", "event"} {
		if n := len(r.row[column]); n > pipeline.MaxTextBytes {
			r.fault(column, "%d bytes exceed the limit of %d", n, pipeline.MaxTextBytes)
		}
	}
}

func (r *rowReader) fileName(name string) bool {
	if err := pipeline.CheckFileName(name); err != nil {
		r.fault("file", "%w", err)
		return false
	}
	return true
}

// knownFile checks that the file is there and has the stated digest, if one is stated.
func (r *reader) knownFile(k Known) error {
	info, err := r.root.Stat(k.File)
	if err != nil {
		return bare(err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("is not a regular file")
	}
	if k.SHA256 == nil {
		return nil
	}
	f, err := r.root.Open(k.File)
	if err != nil {
		return bare(err)
	}
	defer f.Close() // it was only read
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return bare(err)
	}
	if got := pipeline.MediaID(h.Sum(nil)); got != *k.SHA256 {
		return fmt.Errorf("the file has the digest %s", got)
	}
	return nil
}
