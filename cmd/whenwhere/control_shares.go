package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"
	"time"

	"whenwhere/internal/control"
)

// mapShares is what one provider's maps say of a place and a time that are not known exactly.
type mapShares struct {
	Provider  string         `json:"provider"`
	Shares    *sideShares    `json:"shares"` // null: every map is later
	DistanceM *distanceRange `json:"distance_m"`
	AgeHours  *float64       `json:"age_hours"`
	Maps      []string       `json:"maps"`
	// EndAgeHours is how old the last map there is was at the end of the span; absent when another map follows.
	EndAgeHours *float64 `json:"end_age_hours,omitempty"`
	Flags       []string `json:"flags,omitempty"`
}

// sideShares are parts of area and time; their sum is 1.
type sideShares struct {
	RU          float64 `json:"ru"`
	UA          float64 `json:"ua"`
	Contested   float64 `json:"contested"`
	Unknown     float64 `json:"unknown"`
	BeforeFirst float64 `json:"before_first,omitempty"` // part of unknown: no map yet
}

// distanceRange is quantiles of the signed distance.
type distanceRange struct {
	Least  float64 `json:"least"`
	P05    float64 `json:"p05"`
	P25    float64 `json:"p25"`
	Median float64 `json:"median"`
	P75    float64 `json:"p75"`
	P95    float64 `json:"p95"`
	Most   float64 `json:"most"`
	ErrM   float64 `json:"err_m"`
}

func newMapShares(d control.Distribution, to time.Time) mapShares {
	out := mapShares{Provider: d.Provider, Maps: []string{}}
	if !d.Found {
		return out
	}
	age := tenths(d.AgeHours)
	out.AgeHours, out.Flags = &age, d.Flags
	out.Shares = &sideShares{parts(d.RU), parts(d.UA), parts(d.Contested), parts(d.Unknown), parts(d.BeforeFirst)}
	for _, e := range d.Editions {
		out.Maps = append(out.Maps, mapName(e.Provider, e.AsOf))
	}
	if last := d.Editions[len(d.Editions)-1].AsOf; last.Before(to) {
		hours := tenths(to.Sub(last).Hours())
		out.EndAgeHours = &hours
	}
	if q := d.DistanceM; q != nil {
		out.DistanceM = &distanceRange{tenths(q.Least), tenths(q.P05), tenths(q.P25), tenths(q.Median), tenths(q.P75), tenths(q.P95), tenths(q.Most), tenths(q.ErrM)}
	}
	return out
}

// parts rounds a share to what the rows by which it is measured can tell.
func parts(v float64) float64 { return math.Round(v*1e4) / 1e4 }

func printShares(out io.Writer, all []mapShares) error {
	if len(all) == 0 {
		return nil
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nOF AREA AND TIME\tRU\tUA\tCONTESTED\tUNKNOWN\tLINE, 5 TO 95 %\tMEDIAN\tMAPS\tNOTES")
	for _, d := range all {
		if d.Shares == nil {
			row(w, d.Provider, "every map is later")
			continue
		}
		line, median := "none drawn", ""
		if q := d.DistanceM; q != nil {
			line, median = fmt.Sprintf("%+.2f to %+.2f km", q.P05/1000, q.P95/1000), fmt.Sprintf("%+.2f km", q.Median/1000)
		}
		s := d.Shares
		row(w, d.Provider, percentOf(s.RU), percentOf(s.UA), percentOf(s.Contested), percentOf(s.Unknown), line, median, fmt.Sprint(len(d.Maps)), d.notes())
	}
	return w.Flush()
}

func (d mapShares) notes() string {
	if d.EndAgeHours == nil {
		return ""
	}
	return fmt.Sprintf("no later map: %.1f h old at the end", *d.EndAgeHours)
}

func percentOf(v float64) string { return fmt.Sprintf("%.1f %%", 100*v) }
