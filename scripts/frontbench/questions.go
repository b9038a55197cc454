package main

import (
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"whenwhere/internal/control"
	"whenwhere/internal/geo"
)

// question is a place and the moment of a map; day is the one in the name of its file.
type question struct {
	where geo.LatLon
	at    time.Time
	day   time.Time
}

// asked is how many questions both sides answer.
const asked = 20_000

// someQuestions draws places of the truth table and days among the editions: half within some 10 km of any place, half
// within some 2 km of a place that changed hands, where maps of two days differ and cells of a grid are cut. They come day
// by day, the order that PostGIS is fastest in.
func someQuestions(rows []row, editions map[time.Time]control.Edition) []question {
	r := rand.New(rand.NewPCG(5, 0))
	fought := changed(rows)
	from := slices.SortedFunc(maps.Keys(editions), time.Time.Compare)
	out := make([]question, asked)
	for i := range out {
		places, spreadDeg := rows, 0.1
		if i%2 == 0 {
			places, spreadDeg = fought, 0.02
		}
		p, day := places[r.IntN(len(places))], from[r.IntN(len(from))]
		where := geo.LatLon{Lat: p.lat + spreadDeg*r.NormFloat64(), Lon: p.lon + 1.5*spreadDeg*r.NormFloat64()}
		out[i] = question{where, editions[day].AsOf, day}
	}
	slices.SortStableFunc(out, func(a, b question) int { return a.day.Compare(b.day) })
	return out
}

// changed is a row of each place that is of one class on one day and of another on another.
func changed(rows []row) (out []row) {
	seen := map[[2]float64]string{}
	for _, r := range rows {
		place := [2]float64{r.lat, r.lon}
		if before := seen[place]; before != "" && before != r.deepstate && before != "taken" {
			seen[place] = "taken"
			out = append(out, r)
		} else if before == "" {
			seen[place] = r.deepstate
		}
	}
	return out
}
