package hashlist

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"whenwhere/internal/pdq"
)

// Read reads a list and returns what is sound of it, file by file in the order of their first prints, with every fault.
// The error is one of reading r.
func Read(r io.Reader) ([]Footage, []Problem, error) {
	rd := &reader{at: map[[32]byte]int{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 4096), MaxLineBytes)
	rd.lines(lines)
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		rd.fault(rd.line+1, "", fmt.Errorf("is longer than %d bytes; nothing is read from here on", MaxLineBytes))
	} else if err != nil {
		return nil, nil, fmt.Errorf("hash list: %w", err)
	}
	if rd.unlisted > 0 {
		rd.problems = append(rd.problems, Problem{Err: fmt.Errorf("%d further faults are not listed; the limit is %d", rd.unlisted, MaxProblems)})
	}
	return rd.made, rd.problems, nil
}

type reader struct {
	line     int            // read so far
	column   map[string]int // its place in a line
	made     []Footage
	at       map[[32]byte]int // place in made
	problems []Problem
	unlisted int
}

func (r *reader) fault(line int, column string, err error) {
	if len(r.problems) >= MaxProblems {
		r.unlisted++
		return
	}
	r.problems = append(r.problems, Problem{line, column, err})
}

func (r *reader) lines(in *bufio.Scanner) {
	for in.Scan() {
		r.line++
		text := in.Text()
		switch {
		case r.line == 1:
			if text = strings.TrimPrefix(text, "\ufeff"); text != Magic {
				r.fault(1, "", fmt.Errorf("%.60q is not the first line of a list, which is %q", text, Magic))
				return
			}
		case r.line == 2:
			if !r.head(text) {
				return
			}
		case r.line > MaxRows+2:
			r.fault(r.line, "", fmt.Errorf("this and all further lines are not read; the limit is %d prints", MaxRows))
			return
		case text != "":
			r.row(r.line, text)
		}
	}
	if in.Err() == nil && r.line < 2 {
		r.fault(r.line+1, "", fmt.Errorf("missing: a list begins with %q and the names of its columns", Magic))
	}
}

// split takes a line of CSV apart: cells that begin with a quotation mark end with one, and hold two for each of theirs.
func split(line string) ([]string, error) {
	var cells []string
	for {
		rest, quoted := strings.CutPrefix(line, `"`)
		if !quoted {
			cell, after, more := strings.Cut(line, ",")
			if strings.Contains(cell, `"`) {
				return nil, errors.New(`a quotation mark within a cell that does not begin with one`)
			}
			if cells = append(cells, cell); !more {
				return cells, nil
			}
			line = after
			continue
		}
		cell, after, err := unquote(rest)
		if err != nil {
			return nil, err
		}
		if cells = append(cells, cell); after == "" {
			return cells, nil
		}
		line = after[1:]
	}
}

// unquote reads a cell up to its closing mark; after is empty or begins with a comma.
func unquote(text string) (cell, after string, err error) {
	for {
		part, rest, closed := strings.Cut(text, `"`)
		cell += part
		switch {
		case !closed:
			return "", "", errors.New("a quotation mark is not closed in this line")
		case strings.HasPrefix(rest, `"`):
			cell, text = cell+`"`, rest[1:]
		case rest == "" || rest[0] == ',':
			return cell, rest, nil
		default:
			return "", "", errors.New("text after a closing quotation mark")
		}
	}
}

func (r *reader) head(text string) bool {
	r.column = map[string]int{}
	before := len(r.problems)
	row, err := split(text)
	if err != nil {
		r.fault(2, "", err)
	}
	for i, name := range row {
		if !slices.Contains(Columns(), name) {
			r.fault(2, "", fmt.Errorf("unknown column %.60q; the columns are %s", name, strings.Join(Columns(), ", ")))
		} else if _, twice := r.column[name]; twice {
			r.fault(2, name, errors.New("the column is given twice"))
		}
		r.column[name] = i
	}
	for _, name := range []string{"pdq", "quality", "sha256"} {
		if _, ok := r.column[name]; !ok {
			r.fault(2, name, errors.New("missing: the list needs this column"))
		}
	}
	return len(r.problems) == before
}

func (r *reader) row(line int, text string) {
	row, err := split(text)
	if err != nil {
		r.fault(line, "", err)
		return
	}
	if len(row) != len(r.column) {
		r.fault(line, "", fmt.Errorf("%d cells, want %d", len(row), len(r.column)))
		return
	}
	l := &lineReader{row: row, column: r.column}
	f := Footage{SHA256: l.digest(), FirstSeen: l.firstSeen(), Event: l.event(), Line: line}
	p := Print{PDQ: l.pdq(), Quality: int(l.number("quality", 0, 100)), AtMs: l.atMs(), View: l.view()}
	if len(l.faults) == 0 {
		r.agree(l, f)
	}
	for _, fault := range l.faults {
		r.fault(line, fault.Column, fault.Err)
	}
	if len(l.faults) > 0 {
		return
	}
	i, known := r.at[f.SHA256]
	if !known {
		i = len(r.made)
		r.at[f.SHA256] = i
		r.made = append(r.made, f)
	}
	r.made[i].Prints = append(r.made[i].Prints, p)
}

// agree checks that the line says of its file what the lines before did.
func (r *reader) agree(l *lineReader, f Footage) {
	i, known := r.at[f.SHA256]
	if !known {
		return
	}
	before := r.made[i]
	if (before.FirstSeen == nil) != (f.FirstSeen == nil) || f.FirstSeen != nil && !before.FirstSeen.Equal(*f.FirstSeen) {
		l.fault("first_seen", "line %d says otherwise of the same file", before.Line)
	}
	if before.Event != f.Event {
		l.fault("event", "line %d says otherwise of the same file", before.Line)
	}
}

// lineReader turns the cells of one line into values and gathers what is wrong with them.
type lineReader struct {
	row    []string
	column map[string]int
	faults []Problem
}

func (l *lineReader) fault(column, format string, args ...any) {
	l.faults = append(l.faults, Problem{Column: column, Err: fmt.Errorf(format, args...)})
}

// cell is empty when the list has no such column.
func (l *lineReader) cell(column string) string {
	if i, ok := l.column[column]; ok {
		return l.row[i]
	}
	return ""
}

func (l *lineReader) pdq() pdq.Hash {
	h, err := pdq.ParseHex(l.cell("pdq"))
	if err != nil {
		l.fault("pdq", "%w", err)
	}
	return h
}

func (l *lineReader) digest() (d [32]byte) {
	text := l.cell("sha256")
	if len(text) != 2*len(d) {
		l.fault("sha256", "%d hex digits, want %d", len(text), 2*len(d))
		return d
	}
	if _, err := hex.Decode(d[:], []byte(text)); err != nil {
		l.fault("sha256", "%w", err)
	} else if d == [32]byte{} {
		l.fault("sha256", "all digits are zero")
	}
	return d
}

func (l *lineReader) number(column string, low, high int64) int64 {
	text := l.cell(column)
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || v < low || v > high {
		l.fault(column, "%.30q is not a whole number from %d to %d", text, low, high)
	}
	return v
}

// atMs is at most a week: no clip is longer.
func (l *lineReader) atMs() *int64 {
	if l.cell("at_ms") == "" {
		return nil
	}
	v := l.number("at_ms", 0, 7*24*3600*1000)
	return &v
}

func (l *lineReader) view() string {
	v := l.cell("view")
	if v == "" {
		return views()[0]
	}
	if !slices.Contains(views(), v) {
		l.fault("view", "%.30q is none of %s", v, strings.Join(views(), ", "))
	}
	return v
}

func (l *lineReader) firstSeen() *time.Time {
	text := l.cell("first_seen")
	if text == "" {
		return nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		end := day.AddDate(0, 0, 1)
		return &end
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		l.fault("first_seen", "%.40q is neither a date such as 2024-11-03 nor an RFC 3339 time such as 2024-11-03T09:02:11Z", text)
		return nil
	}
	t = t.UTC().Truncate(time.Microsecond)
	return &t
}

func (l *lineReader) event() string {
	text := l.cell("event")
	switch {
	case len(text) > MaxTextBytes:
		l.fault("event", "%d bytes exceed the limit of %d", len(text), MaxTextBytes)
	case !utf8.ValidString(text):
		l.fault("event", "not UTF-8 text")
	}
	return text
}
