package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// row is a line of CONTROL_TRUTH.tsv: a place on a day, as two providers' maps were read when the table was made.
type row struct {
	day       time.Time
	lat, lon  float64
	deepstate string // RU, UNKNOWN (the grey zone, which daily maps do not draw), UA (in no polygon)
	owlmaps   string // RU, NOT_RU, UA_HELD_RU
	// Distances to the line in km, without sign, to 0.1 km.
	deepstateKm, owlmapsKm float64
	consensus              string // RU, NOT_RU, NEAR_LINE (either line within 2 km), DISPUTED
}

func readTable(front string) ([]row, error) {
	f, err := os.Open(filepath.Join(front, "CONTROL_TRUTH.tsv"))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errSkipped, err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord = '\t', 10
	lines, err := r.ReadAll()
	if err != nil || len(lines) == 0 {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	out := make([]row, 0, len(lines)-1)
	for i, c := range lines[1:] {
		row, err := parseRow(c)
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", f.Name(), i+2, err)
		}
		out = append(out, row)
	}
	return out, nil
}

func parseRow(c []string) (row, error) {
	r := row{deepstate: c[5], owlmaps: c[7], consensus: c[9]}
	var errs [5]error
	r.day, errs[0] = time.Parse(time.DateOnly, c[0])
	for i, to := range []struct {
		field int
		value *float64
	}{{3, &r.lat}, {4, &r.lon}, {6, &r.deepstateKm}, {8, &r.owlmapsKm}} {
		*to.value, errs[i+1] = strconv.ParseFloat(c[to.field], 64)
	}
	return r, errors.Join(errs[:]...)
}
