package trials

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// How many of the generated cases are kept one by one, so that a test can make them again.
const (
	FirstGenerated = 400
	FirstLies      = 20
)

// FirstFile is the name of the table of First.
const FirstFile = "first.csv"

// First is the score of each of the first generated cases, with its truth: what any machine makes again in seconds.
func (c Court) First(ctx context.Context) ([]byte, error) {
	drawn, err := c.Generated(ctx, FirstGenerated)
	if err != nil {
		return nil, err
	}
	told, err := c.Lies(ctx, FirstLies)
	if err != nil {
		return nil, err
	}
	t := newTable("case", "kind", "place_true", "time_true", "score", "bans", "status")
	for _, x := range slices.Concat(drawn, told) {
		t.add(x.Event, x.Kind, x.PlaceTrue, x.TimeTrue, x.Verdict.Score, x.Verdict.Weight, x.Verdict.Status)
	}
	return t.bytes(), nil
}

// Tolerance is how far a number of a table may stand from the same number made on another machine: the last digit of a
// sine.
const Tolerance = 0.0101

// Differ says where two tables say different things; empty when they do not. Numbers may differ by the tolerance.
func Differ(name string, want, got []byte) []string {
	a, errA := csv.NewReader(strings.NewReader(string(want))).ReadAll()
	b, errB := csv.NewReader(strings.NewReader(string(got))).ReadAll()
	if errA != nil || errB != nil || len(a) != len(b) {
		return []string{fmt.Sprintf("%s: %d rows, %d now", name, len(a), len(b))}
	}
	var out []string
	for i := range a {
		for k := range a[i] {
			if k >= len(b[i]) || !same(a[i][k], b[i][k]) {
				out = append(out, fmt.Sprintf("%s: line %d: %s, now %s", name, i+1, strings.Join(a[i], ","), strings.Join(b[i], ",")))
				break
			}
		}
	}
	return out
}

func same(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return a == b || errX == nil && errY == nil && math.Abs(x-y) <= Tolerance
}
