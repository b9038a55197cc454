package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"whenwhere/pipeline"
)

// MediaPage is one file as it was measured.
type MediaPage struct {
	File, ID, Type string
	Status         pipeline.Status
	Cause          string
	Stages         []pipeline.StageResult
	Observed       pipeline.Observations // of all stages and of the file's name, in the order they are to be written
}

// Media writes what was measured on one file, one observation after the other as indented JSON.
func Media(w io.Writer, m MediaPage) error {
	p := &page{w: w}
	p.line("%s  %s%s", m.File, m.Status, inBrackets(nonEmpty(m.Type)))
	for _, id := range nonEmpty(m.ID) {
		p.line("  sha256 %s", id)
	}
	if len(m.Stages) == 0 && m.Cause != "" {
		p.line("  %s", m.Cause)
	}
	for _, s := range m.Stages {
		if s.Status != pipeline.Done {
			p.line("  %s %s: %s", s.Stage, s.Status, strings.TrimPrefix(s.Cause, s.Stage+": "))
		}
	}
	for _, o := range m.Observed {
		p.observation(o)
	}
	return p.err
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (p *page) observation(o pipeline.Observation) {
	var text bytes.Buffer
	if err := json.Indent(&text, o.Body, "    ", "  "); err != nil {
		p.err = fmt.Errorf("report: %s: %w", o.Key, err)
		return
	}
	p.line("  %s", o.Key)
	for line := range bytes.Lines(text.Bytes()) {
		p.line("    %s", shortened(bytes.TrimRight(bytes.TrimPrefix(line, []byte("    ")), "\n")))
	}
}

// longest is the longest line of an observation that is written whole, in bytes: what is longer is pictures in base64, for
// machines.
const (
	longest = 2000
	kept    = 60
)

func shortened(line []byte) string {
	if len(line) <= longest {
		return string(line)
	}
	return fmt.Sprintf("%s... (%d bytes, whole with --json)", strings.ToValidUTF8(string(line[:kept]), ""), len(line))
}
