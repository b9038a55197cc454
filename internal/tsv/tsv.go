// Package tsv reads tables of tab-separated cells with a head, as the tables of truth beside the repository are. It is for
// scripts and tests: a table is held whole, and nothing bounds it.
package tsv

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// Row is the cells of a row by the names of their columns.
type Row map[string]string

// Number reads a cell as a number.
func (r Row) Number(column string) (float64, error) {
	v, err := strconv.ParseFloat(r[column], 64)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", column, err)
	}
	return v, nil
}

// Read reads a file. A table without rows is an error.
func Read(file string) ([]Row, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close() // it was only read
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	if len(rows) < 2 {
		return nil, fmt.Errorf("%s: no rows", filepath.Base(file))
	}
	out := make([]Row, 0, len(rows)-1)
	for _, cells := range rows[1:] {
		row := Row{}
		for i, name := range rows[0] {
			row[name] = cells[i]
		}
		out = append(out, row)
	}
	return out, nil
}
