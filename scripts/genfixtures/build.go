package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// stories are the 24 incidents in the order of their ids, which is that of their dates.
func stories(known map[string]old) []*story {
	all := slices.Concat(trueStories(), falseStories(known), openStories())
	slices.SortFunc(all, func(a, b *story) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// build makes every file below fixtures/.
func build() (map[string][]byte, error) {
	known := archive()
	all := stories(known)
	files := map[string][]byte{"README.md": readme(all)}
	var lines bytes.Buffer
	for _, s := range all {
		for _, fault := range s.Check() {
			return nil, fmt.Errorf("%s: %w", s.ID, fault)
		}
		line, err := json.Marshal(s.Incident)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.ID, err)
		}
		lines.Write(append(line, '\n'))
		for name, data := range s.files {
			files["autumn/"+name] = data
		}
	}
	files["autumn/incidents.jsonl"] = lines.Bytes()
	for name, data := range controlMaps() {
		files["autumn/"+name] = data
	}
	table, err := knownTable(known, files)
	if err != nil {
		return nil, err
	}
	files["autumn/known/known.csv"] = table
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
			files["autumn/known/"+k.name] = k.data
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
