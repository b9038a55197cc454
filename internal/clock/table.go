package clock

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// table is a kind of CSV file with a header: its name and class for errors,
// the columns that it must have, in any order, and how many rows it may have.
type table struct {
	name    string
	class   error
	columns []string
	maxRows int
}

// readTable hands the rows of t to each, which asks for cells by the name of
// their column; a column that the file has not is empty. The first fault ends
// the reading and names its line: a hole in a table would look like nothing.
func readTable(r io.Reader, t table, each func(cell func(column string) string) error) error {
	rows := csv.NewReader(r)
	rows.ReuseRecord = true
	header, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("clock: %s: no header, the file is empty: %w", t.name, t.class)
	}
	if err != nil {
		return fmt.Errorf("clock: %s: header: %w", t.name, err)
	}
	column := map[string]int{}
	for i, name := range header {
		column[strings.TrimPrefix(strings.TrimSpace(name), "\ufeff")] = i
	}
	for _, name := range t.columns {
		if _, ok := column[name]; !ok {
			return fmt.Errorf("clock: %s: no column %q: %w", t.name, name, t.class)
		}
	}
	for n := 0; ; n++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		line, _ := rows.FieldPos(0)
		if err != nil {
			return fmt.Errorf("clock: %s: line %d: %w", t.name, line, err)
		}
		if n == t.maxRows {
			return fmt.Errorf("clock: %s: more than %d rows", t.name, t.maxRows)
		}
		err = each(func(name string) string {
			if i, ok := column[name]; ok {
				return strings.TrimSpace(row[i])
			}
			return ""
		})
		if err != nil {
			return fmt.Errorf("clock: %s: line %d: %w", t.name, line, err)
		}
	}
}
