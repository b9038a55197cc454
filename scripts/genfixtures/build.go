package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
)

// caseOf is one case folder below fixtures/.
type caseOf struct {
	name  string
	head  string // of its section in the README, without the figures
	tail  string
	front front
	known map[string]old
}

// build makes every file below fixtures/.
func build() (map[string][]byte, error) {
	text := bytes.NewBufferString(readmeHead)
	files := map[string][]byte{}
	for _, c := range []caseOf{autumn(), acceptance()} {
		stories, err := tell(c.name, c.front, c.known)
		if err != nil {
			return nil, err
		}
		c.describe(text, stories)
		made, err := c.build(stories)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		for name, data := range made {
			files[c.name+"/"+name] = data
		}
	}
	files["README.md"] = text.Bytes()
	return files, nil
}

// build makes every file of the case.
func (c caseOf) build(stories []*story) (map[string][]byte, error) {
	files := c.front.controlMaps()
	var lines bytes.Buffer
	for _, s := range stories {
		for _, fault := range s.Check() {
			return nil, fmt.Errorf("%s: %w", s.ID, fault)
		}
		line, err := json.Marshal(s.Incident)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.ID, err)
		}
		lines.Write(append(line, '\n'))
		for name, data := range s.files {
			files[name] = data
		}
	}
	files["incidents.jsonl"] = lines.Bytes()
	table, err := knownTable(c.known, files)
	if err != nil {
		return nil, err
	}
	files["known/known.csv"] = table
	return files, nil
}

// knownTable writes known.csv, and the known files beside it.
func knownTable(known map[string]old, files map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"file", "sha256", "first_seen", "url", "event"}}
	for _, key := range sortedKeys(known) {
		k := known[key]
		row := []string{k.name, "", k.firstSeen, k.url, k.event}
		if k.name == "" {
			row[1] = fmt.Sprintf("%x", sha256.Sum256(k.data))
		} else {
			files["known/"+k.name] = k.data
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("known.csv: %w", err)
	}
	return b.Bytes(), nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
