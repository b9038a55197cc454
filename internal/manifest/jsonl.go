package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"whenwhere/pipeline"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

func (r *reader) jsonLines(f *os.File) { r.lines(JSONLines, f, r.jsonLine) }

func (r *reader) statements(f *os.File) { r.lines(Statements, f, r.statementLine) }

// lines reads a file of one record a line.
func (r *reader) lines(name string, f *os.File, read func(line []byte, number int)) {
	lines := &lineReader{from: bufio.NewReader(io.LimitReader(f, MaxFileBytes))}
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			r.fault(name, lines.number, "", fmt.Errorf("the rest is not read: %w", bare(err)))
			return
		}
		if lines.number == 1 {
			line = bytes.TrimPrefix(line, byteOrderMark)
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if !r.counted(name, lines.number) {
			return
		}
		if lines.tooLong {
			r.fault(name, lines.number, "", fmt.Errorf("the line exceeds the limit of %d bytes", MaxLineBytes))
			continue
		}
		read(line, lines.number)
	}
}

func (r *reader) jsonLine(line []byte, number int) {
	var in pipeline.Incident
	if faults := decodeRecord(line, &in, &in); faults != nil {
		for _, f := range faults {
			r.fault(JSONLines, number, f.field, f.err)
		}
		return
	}
	inUTC(&in)
	r.add(in, JSONLines, number, nil, func(field string) string { return field })
}

// statementLine keeps a statement, and the record that it makes of its media.
func (r *reader) statementLine(line []byte, number int) {
	var s pipeline.Statement
	faults := decode(line, &s)
	if faults != nil {
		for _, f := range faults {
			r.fault(Statements, number, f.field, f.err)
		}
		return
	}
	in := s.Incident()
	inUTC(&in) // its lists are those of s
	for _, f := range s.Check() {
		faults = append(faults, fieldFault{f.Field, f.Err})
	}
	before := len(r.made.Records)
	r.add(in, Statements, number, faults, pipeline.FieldOfStatement)
	if len(r.made.Records) > before {
		r.made.Statements = append(r.made.Statements, s)
	}
}

// lineReader gives one line after the other without ever holding more than MaxLineBytes of one.
type lineReader struct {
	from    *bufio.Reader
	number  int  // of the last line, from 1
	tooLong bool // the last line was cut at MaxLineBytes
	buffer  []byte
}

func (l *lineReader) next() ([]byte, error) {
	l.number++
	l.buffer, l.tooLong = l.buffer[:0], false
	for {
		piece, err := l.from.ReadSlice('\n')
		if room := MaxLineBytes + 2 - len(l.buffer); len(piece) > room { // 2: a CRLF is not part of the line
			piece, l.tooLong = piece[:room], true
		}
		l.buffer = append(l.buffer, piece...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(l.buffer) == 0:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		}
		line := bytes.TrimSuffix(bytes.TrimSuffix(l.buffer, []byte("\n")), []byte("\r"))
		l.tooLong = l.tooLong || len(line) > MaxLineBytes
		return line, nil
	}
}
