package formats

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"whenwhere/internal/report/cell"
	"whenwhere/internal/report/record"
)

type csvWriter struct {
	w      *csv.Writer
	fields []record.Field
	begun  bool
}

func newCSV(w io.Writer, _ About) Writer {
	return &csvWriter{w: csv.NewWriter(w), fields: record.Fields()}
}

func (c *csvWriter) begin() error {
	if c.begun {
		return nil
	}
	c.begun = true
	var names []string
	for _, f := range c.fields {
		names = append(names, f.Name)
	}
	return c.w.Write(names)
}

func (c *csvWriter) Add(r record.Record) error {
	err := c.begin()
	if err == nil {
		err = c.w.Write(c.cells(r))
	}
	return named("csv", r, err)
}

func (c *csvWriter) cells(r record.Record) []string {
	out := make([]string, len(c.fields))
	for i, v := range r.Values() {
		out[i] = plain(v)
		if c.fields[i].Kind == record.Text {
			out[i] = cell.Text(out[i])
		}
	}
	return out
}

func (c *csvWriter) Close() error {
	err := c.begin()
	c.w.Flush()
	if err == nil {
		err = c.w.Error()
	}
	if err != nil {
		return fmt.Errorf("csv: %w", err)
	}
	return nil
}

// plain is a value as text: numbers in full, times by RFC 3339 in UTC, nothing where absent.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	default:
		return fmt.Sprint(v)
	}
}
