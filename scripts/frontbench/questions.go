package main

import (
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"whenwhere/internal/control"
)

// question is a place and the moment of a map; day is the one in the name of its file.
type question struct {
	lat, lon float64
	at       time.Time
	day      time.Time
}

// asked is how many questions both sides answer.
const asked = 20_000

// someQuestions draws places of the truth table, moved by some 10 km so that no place is asked twice, and days among the
// editions. They come day by day, the order that PostGIS is fastest in.
func someQuestions(rows []row, editions map[time.Time]control.Edition) []question {
	r := rand.New(rand.NewPCG(5, 0))
	from := slices.SortedFunc(maps.Keys(editions), time.Time.Compare)
	out := make([]question, asked)
	for i := range out {
		near, day := rows[r.IntN(len(rows))], from[r.IntN(len(from))]
		out[i] = question{near.lat + 0.1*r.NormFloat64(), near.lon + 0.15*r.NormFloat64(), editions[day].AsOf, day}
	}
	slices.SortStableFunc(out, func(a, b question) int { return a.day.Compare(b.day) })
	return out
}
