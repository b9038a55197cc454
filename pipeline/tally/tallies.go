package tally

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Tally is what another body says of a period.
type Tally struct {
	From      time.Time `json:"from"`
	To        time.Time `json:"to"` // the end, which is not in it
	Body      string    `json:"body"`
	Incidents *Range    `json:"incidents"` // absent when it gives no number
	Persons   *Range    `json:"persons"`
	Line      int       `json:"line"` // of the file
}

// TallyError is a fault of a list of tallies.
type TallyError struct {
	Line   int
	Column string // empty when the fault is of the line
	Err    error
}

func (e *TallyError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %v", e.Line, e.Err)
	}
	return fmt.Sprintf("line %d: %s: %v", e.Line, e.Column, e.Err)
}

func (e *TallyError) Unwrap() error { return e.Err }

// Limits on a list of tallies, and on what a cell may hold.
const (
	MaxTallies    = 10_000
	MaxTallyBytes = 4 << 20
	maxCellBytes  = 200
	maxTallied    = 10_000_000
)

// Columns are those of a list of tallies, all needed, in any order.
func Columns() []string { return []string{"period_from", "period_to", "body", "incidents", "persons"} }

// ReadTallies reads a comma-separated list with a header. Periods are days, both of them whole and in UTC. Numbers are whole,
// or a range such as 30-35; an empty cell is a number that the body does not give, and one of both is needed. All faults are
// returned at once, each a *TallyError; a row with a fault is left out.
func ReadTallies(r io.Reader) (tallies []Tally, faults []error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxTallyBytes+1))
	switch {
	case err != nil:
		return nil, []error{err}
	case len(text) > MaxTallyBytes:
		return nil, []error{fmt.Errorf("more than the limit of %d bytes", MaxTallyBytes)}
	case !utf8.Valid(text):
		return nil, []error{errors.New("not UTF-8")}
	}
	c := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	header, err := c.Read()
	if err != nil {
		return nil, []error{lineFault(err, 1)}
	}
	at, faults := columns(header)
	if len(faults) > 0 {
		return nil, faults
	}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return tallies, faults
		}
		if err != nil {
			return tallies, append(faults, lineFault(err, 0))
		}
		line, _ := c.FieldPos(0)
		if len(tallies)+len(faults) >= MaxTallies {
			return tallies, append(faults, &TallyError{Line: line, Err: fmt.Errorf("more than %d rows", MaxTallies)})
		}
		t, bad := tallyOf(func(column string) string { return strings.TrimSpace(row[at[column]]) }, line)
		if len(bad) > 0 {
			faults = append(faults, bad...)
			continue
		}
		tallies = append(tallies, t)
	}
}

// lineFault names the line of a fault of the form.
func lineFault(err error, line int) error {
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse):
		return &TallyError{Line: parse.Line, Err: fmt.Errorf("column %d: %w", parse.Column, parse.Err)}
	case errors.Is(err, io.EOF):
		return &TallyError{Line: line, Err: errors.New("no header")}
	}
	return err
}

func columns(header []string) (at map[string]int, faults []error) {
	at = map[string]int{}
	for i, name := range header {
		name = strings.TrimSpace(name)
		_, twice := at[name]
		switch {
		case !slices.Contains(Columns(), name):
			faults = append(faults, &TallyError{Line: 1, Column: strconv.Quote(name), Err: fmt.Errorf("unknown column; the columns are %s", strings.Join(Columns(), ", "))})
		case twice:
			faults = append(faults, &TallyError{Line: 1, Column: name, Err: errors.New("given twice")})
		}
		at[name] = i
	}
	for _, name := range Columns() {
		if _, ok := at[name]; !ok {
			faults = append(faults, &TallyError{Line: 1, Column: name, Err: errors.New("missing")})
		}
	}
	return at, faults
}

func tallyOf(cell func(column string) string, line int) (t Tally, faults []error) {
	fault := func(column string, err error) {
		if err != nil {
			faults = append(faults, &TallyError{Line: line, Column: column, Err: err})
		}
	}
	t.Line, t.Body = line, cell("body")
	var err error
	t.From, err = day(cell("period_from"))
	fault("period_from", err)
	last, err := day(cell("period_to"))
	fault("period_to", err)
	t.To = last.AddDate(0, 0, 1)
	switch {
	case t.Body == "":
		fault("body", errors.New("missing"))
	case len(t.Body) > maxCellBytes:
		fault("body", fmt.Errorf("%d bytes exceed the limit of %d", len(t.Body), maxCellBytes))
	}
	t.Incidents, err = number(cell("incidents"))
	fault("incidents", err)
	t.Persons, err = number(cell("persons"))
	fault("persons", err)
	if len(faults) == 0 && last.Before(t.From) {
		fault("period_to", fmt.Errorf("%s is before period_from %s", last.Format(time.DateOnly), t.From.Format(time.DateOnly)))
	}
	if len(faults) == 0 && t.Incidents == nil && t.Persons == nil {
		fault("incidents", errors.New("missing, and so is persons: a tally needs one of both"))
	}
	return t, faults
}

func day(text string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, fmt.Errorf("%q is not a day that exists, YYYY-MM-DD", text)
	}
	return t, nil
}

// number reads 12 or 10-15; empty is no number.
func number(text string) (*Range, error) {
	if text == "" {
		return nil, nil
	}
	lo, hi, isRange := strings.Cut(text, "-")
	if !isRange {
		hi = lo
	}
	a, err1 := strconv.ParseUint(strings.TrimSpace(lo), 10, 31)
	b, err2 := strconv.ParseUint(strings.TrimSpace(hi), 10, 31)
	if err1 != nil || err2 != nil || a > b || b > maxTallied {
		return nil, fmt.Errorf("%q is neither a whole number up to %d nor a range such as 30-35", text, maxTallied)
	}
	return &Range{int(a), int(b)}, nil
}
