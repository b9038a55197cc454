package manifest

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// cells is one row of a table by column, without white space around the values.
type cells map[string]string

// table reads a CSV file (RFC 4180) and hands each sound row to each, with its line. A fault of the header refuses the
// file; a row with too few or too many cells is refused alone.
func (r *reader) table(name string, f *os.File, columns []string, each func(line int, row cells) bool) {
	from := bufio.NewReader(io.LimitReader(f, MaxTableBytes))
	if start, err := from.Peek(len(byteOrderMark)); err == nil && bytes.Equal(start, byteOrderMark) {
		_, _ = from.Discard(len(byteOrderMark)) // what was peeked is there
	}
	c := csv.NewReader(from)
	c.FieldsPerRecord = -1
	header, line, ok := r.row(name, c)
	if !ok {
		return
	}
	if err := checkHeader(header, columns); err != nil {
		r.fault(name, line, "", err)
		return
	}
	for {
		values, line, ok := r.row(name, c)
		if !ok {
			return
		}
		if len(values) != len(header) {
			r.fault(name, line, "", fmt.Errorf("the row has %d cells, the header has %d", len(values), len(header)))
			continue
		}
		row := cells{}
		for i, column := range header {
			row[column] = strings.TrimSpace(values[i])
		}
		if blank(row) {
			continue
		}
		if !each(line, row) {
			return
		}
	}
}

// row gives the next row and its line; ok is false at the end, or when the rest cannot be read.
func (r *reader) row(name string, c *csv.Reader) (values []string, line int, ok bool) {
	values, err := c.Read()
	if err == io.EOF {
		return nil, 0, false
	}
	var broken *csv.ParseError
	if errors.As(err, &broken) {
		r.fault(name, broken.StartLine, "", fmt.Errorf("%w at line %d, column %d; the rest of the file is not read", broken.Err, broken.Line, broken.Column))
		return nil, 0, false
	}
	if err != nil {
		r.fault(name, 0, "", fmt.Errorf("the rest of the file is not read: %w", bare(err)))
		return nil, 0, false
	}
	line, _ = c.FieldPos(0)
	return values, line, true
}

func checkHeader(header, columns []string) error {
	if len(header) == 1 && strings.Contains(header[0], ";") {
		return fmt.Errorf("the header is one cell; columns are separated by commas")
	}
	for i, h := range header {
		header[i] = strings.TrimSpace(h)
		if !slices.Contains(columns, header[i]) {
			return fmt.Errorf("unknown column %q; the columns are %s", header[i], strings.Join(columns, ", "))
		}
		if slices.Contains(header[:i], header[i]) {
			return fmt.Errorf("column %q is there twice", header[i])
		}
	}
	return nil
}

func blank(row cells) bool {
	for _, v := range row {
		if v != "" {
			return false
		}
	}
	return true
}

// checkUTF8 finds cells that are not UTF-8, as spreadsheets in a Windows code page write them.
func checkUTF8(row cells, columns []string) []fieldFault {
	var faults []fieldFault
	for _, column := range columns {
		if !utf8.ValidString(row[column]) {
			faults = append(faults, fieldFault{column, fmt.Errorf("the text is not UTF-8")})
		}
	}
	return faults
}
