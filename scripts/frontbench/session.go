package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// session is one psql that stays connected: a statement goes in, rows come out. No driver of Go speaks for PostgreSQL
// here, so that none is measured.
type session struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	fault bytes.Buffer
}

// fence ends the answer to a statement; no row of ours looks like it.
const fence = "--answered--"

func (c *cluster) connect(ctx context.Context) (*session, error) {
	s := &session{cmd: c.command(ctx, "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1")}
	s.cmd.Stderr = &s.fault
	in, err := s.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.in, s.out = in, bufio.NewReaderSize(out, 1<<16)
	return s, s.cmd.Start()
}

// ask runs one statement (or several) and returns the rows; columns stand with a | between them.
func (s *session) ask(sql string) ([]string, error) {
	if _, err := fmt.Fprintf(s.in, "%s;\n\\echo %s\n", sql, fence); err != nil {
		return nil, s.broken(err)
	}
	return s.answer()
}

// copyIn fills a table from rows in the text format of COPY.
func (s *session) copyIn(table string, rows []string) error {
	w := bufio.NewWriterSize(s.in, 1<<16)
	fmt.Fprintf(w, "COPY %s FROM STDIN;\n", table)
	for _, row := range rows {
		fmt.Fprintln(w, row)
	}
	fmt.Fprintf(w, "\\.\n\\echo %s\n", fence)
	if err := w.Flush(); err != nil {
		return s.broken(err)
	}
	_, err := s.answer()
	return err
}

func (s *session) answer() (rows []string, err error) {
	for {
		line, err := s.out.ReadString('\n')
		if err != nil {
			return nil, s.broken(err)
		}
		line = strings.TrimSuffix(line, "\n")
		if line == fence {
			return rows, nil
		}
		rows = append(rows, line)
	}
}

// value is the one field that a statement answers.
func (s *session) value(sql string) (string, error) {
	rows, err := s.ask(sql)
	if err == nil && len(rows) != 1 {
		err = fmt.Errorf("psql: %d rows, want 1: %.60s", len(rows), sql)
	}
	if err != nil {
		return "", err
	}
	return rows[0], nil
}

// broken: psql ends at the first error; what it said comes first.
func (s *session) broken(err error) error {
	_ = s.close()
	return fmt.Errorf("psql: %w: %s", err, strings.TrimSpace(s.fault.String()))
}

func (s *session) close() error {
	_ = s.in.Close()
	return s.cmd.Wait()
}
