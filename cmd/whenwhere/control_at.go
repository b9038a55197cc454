package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/control"
	"whenwhere/internal/report"
	"whenwhere/pipeline"
)

type controlAtOptions struct {
	maps     mapQuestion
	site     siteFlags
	time, to string
	radius   string
	asJSON   bool
}

func newControlAt() *cobra.Command {
	var o controlAtOptions
	cmd := &cobra.Command{
		Use: "at", Short: "Who held a place at a time, by each provider",
		Long: `Print who held a place at a time by each provider's maps, how far the line was, and how
old the map was: of each provider the last map at or before the time, compared with the
one that follows. A place that changes hands between the two is contested. Nothing is
interpolated, and no map is taken for a missing day.

The distance is in metres on the ellipsoid to the edge of ground drawn as held by ru,
negative inside it; coast and border are edges too, gaps of up to 250 m between two of
its polygons are not (a place in one is not held, but near an edge). ua means what the
map says of the rest, which for some providers is no more than "not drawn as occupied".
Providers are never averaged: the agreement is held (by ru, as all say), not held,
contested (also within the band in which a line may be off), sources disagree, or no
data.

A place known to a radius (--radius-m) or a time known to a span (--to) has shares of
area and time instead, and quantiles of the distance; the answers are then those of the
centre at --time.

--known-by asks what could be known by then: a map that describes the evening of a day
is known later.

` + exitHelp,
		Example: `  whenwhere control at --lat 48.2826 --lon 37.1797 --time 2024-10-24T09:00:00Z
  whenwhere control at --lat 48.2826 --lon 37.1797 --time 2024-10-24T09:00:00Z --known-by 2024-10-24T12:00:00Z --json
  whenwhere control at --lat 48.2826 --lon 37.1797 --time 2024-10-24T09:00:00Z --maps deepstate/`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return runControlAt(cmd, o) },
	}
	f := cmd.Flags()
	o.site.add(cmd, " (needed)")
	f.StringVar(&o.time, "time", "", "time with its offset from UTC (needed)")
	f.StringVar(&o.to, "to", "", "end of the span, when the time is not known better")
	f.StringVar(&o.radius, "radius-m", "", "how far off the place may be, in metres")
	o.maps.add(cmd)
	f.BoolVar(&o.asJSON, "json", false, "one JSON object: answers, agreement, and distribution with --radius-m or --to")
	return cmd
}

// mapAnswer is what one provider's maps say.
type mapAnswer struct {
	Provider    string     `json:"provider"`
	Side        string     `json:"side"`       // ru, ua, contested or unknown
	DistanceM   *float64   `json:"distance_m"` // to the line, negative inside ground held by ru; null when none is drawn
	AsOf        *time.Time `json:"as_of"`      // null: no map at or before the time
	AgeHours    *float64   `json:"age_hours"`
	KnownAt     *time.Time `json:"known_at"`
	Map         string     `json:"map,omitempty"`
	InBand      bool       `json:"in_band,omitempty"`      // the line or contested ground is no farther than margin_m
	MarginM     *float64   `json:"margin_m,omitempty"`     // how far the line may be off; more for an older map
	WholeEdge   bool       `json:"whole_edge,omitempty"`   // the line is the whole edge, with coast and border
	Complement  bool       `json:"complement,omitempty"`   // the place is in no polygon: the side is what the map says of the rest
	OtherSeason bool       `json:"other_season,omitempty"` // the map is too old for a vote in the agreement
	NextAsOf    *time.Time `json:"next_as_of,omitempty"`   // of the map that follows; absent when there is none, so that no change can be known
	missing     []time.Time
	MissingDays []string `json:"missing_days,omitempty"` // days without a map of this provider, up to the time asked for
	Flags       []string `json:"flags,omitempty"`
}

type mapAnswers struct {
	Answers      []mapAnswer `json:"answers"`
	Agreement    string      `json:"agreement"`
	Distribution []mapShares `json:"distribution,omitempty"`
	Waiting      []waiting   `json:"waiting,omitempty"` // imported maps of these days that are not used
}

// mapMoment is a place and a time as far as they are known.
type mapMoment struct {
	lat, lon, radiusM float64
	from, to          time.Time
}

func (m mapMoment) vague() bool { return m.radiusM > 0 || m.to.After(m.from) }

// maxRadiusM is how far shares mean anything: the theatre is not much larger.
const maxRadiusM = 500_000

func (o controlAtOptions) moment() (m mapMoment, err error) {
	if m.lat, m.lon, err = o.site.read(); err != nil {
		return m, err
	}
	if m.from, err = timeOption("time", o.time); err != nil {
		return m, err
	}
	m.to = m.from
	if o.to != "" {
		if m.to, err = timeOption("to", o.to); err == nil && m.to.Before(m.from) {
			err = badOption("to", o.to, "a time not before --time")
		}
	}
	if err == nil && o.radius != "" {
		m.radiusM, err = numberOption("radius-m", o.radius, 0, maxRadiusM)
	}
	m.from, m.to = m.from.UTC(), m.to.UTC()
	return m, err
}

func runControlAt(cmd *cobra.Command, o controlAtOptions) error {
	if err := needed(cmd, "lat", "lon", "time"); err != nil {
		return err
	}
	if err := filled(cmd, "maps", "known-by", "to", "radius-m"); err != nil {
		return err
	}
	at, err := o.moment()
	if err != nil {
		return err
	}
	maps, err := o.maps.open(cmd.Context(), cmd.ErrOrStderr(), during(at.from, at.to))
	if err != nil {
		return err
	}
	found := answersAt(maps, at)
	if o.asJSON {
		err = report.JSONLines(cmd.OutOrStdout(), found)
	} else {
		err = found.print(cmd.OutOrStdout())
	}
	if err != nil {
		return err
	}
	return maps.partial()
}

func answersAt(maps askedMaps, at mapMoment) mapAnswers {
	answers := maps.At(at.lat, at.lon, at.from)
	out := mapAnswers{Answers: []mapAnswer{}, Agreement: string(control.Agree(answers).Verdict)}
	for _, a := range answers {
		out.Answers = append(out.Answers, newMapAnswer(a, maps, at.from))
	}
	if at.vague() {
		for _, d := range maps.Distribution(at.lat, at.lon, at.radiusM, at.from, at.to) {
			out.Distribution = append(out.Distribution, newMapShares(d, at.to))
		}
	}
	for _, m := range maps.waiting {
		if m.AsOf.After(at.from.Add(-control.MaxReach)) && m.AsOf.Before(at.to.Add(control.MaxReach)) {
			out.Waiting = append(out.Waiting, waiting{m.name(), m.Waits})
		}
	}
	return out
}

func newMapAnswer(a control.Answer, maps askedMaps, t time.Time) mapAnswer {
	out := mapAnswer{Provider: a.Provider, Side: string(a.Side)}
	if !a.Found {
		return out
	}
	age := tenths(a.AgeHours)
	out.AsOf, out.AgeHours, out.Complement, out.Flags = &a.AsOf, &age, a.Complement, a.Flags
	out.OtherSeason = a.AgeHours > control.MaxReach.Hours()
	margin := tenths(a.MarginM)
	out.Map, out.KnownAt, out.InBand, out.MarginM, out.WholeEdge = mapName(a.Provider, a.AsOf), &a.KnownAt, a.InBand, &margin, a.WholeEdge
	if a.DistanceM != nil {
		m := tenths(*a.DistanceM)
		out.DistanceM = &m
	}
	if a.NextHours != nil {
		next := t.Add(time.Duration(math.Round(*a.NextHours * float64(time.Hour)))).Round(time.Second).UTC()
		out.NextAsOf = &next
	}
	for _, day := range maps.missing[a.Provider] {
		if day.After(a.AsOf.Add(-24*time.Hour)) && !day.After(t) {
			out.missing = append(out.missing, day)
			out.MissingDays = append(out.MissingDays, day.Format(time.DateOnly))
		}
	}
	return out
}

// tenths rounds to one decimal: what follows is below any map's error.
func tenths(v float64) float64 { return math.Round(v*10) / 10 }

func (m mapAnswers) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PROVIDER\tSIDE\tLINE\tMAP OF\tAGE\tKNOWN\tNOTES")
	for _, a := range m.Answers {
		if a.AsOf == nil {
			row(w, a.Provider, a.Side, "", "none at or before the time")
			continue
		}
		row(w, a.Provider, a.Side, lineText(a.DistanceM), a.AsOf.Format(time.RFC3339), fmt.Sprintf("%.1f h", *a.AgeHours), knownText(a.KnownAt), a.notes())
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := printShares(out, m.Distribution); err != nil {
		return err
	}
	for _, x := range m.Waiting {
		row(out, fmt.Sprintf("not used: %s: %s", x.ID, x.Why))
	}
	_, err := fmt.Fprintln(out, "agreement: "+m.Agreement)
	return err
}

func lineText(m *float64) string {
	switch {
	case m == nil:
		return "none drawn"
	case *m < 0:
		return fmt.Sprintf("%.2f km, inside ru", -*m/1000)
	}
	return fmt.Sprintf("%.2f km", *m/1000)
}

func knownText(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func (a mapAnswer) notes() string {
	var parts []string
	if a.InBand {
		parts = append(parts, fmt.Sprintf("within the band of %.0f km", *a.MarginM/1000))
	}
	if a.Complement {
		parts = append(parts, "in no polygon: the rest")
	}
	if a.OtherSeason {
		parts = append(parts, "a map of another season: no vote")
	}
	if a.NextAsOf == nil {
		parts = append(parts, "no later map: a change cannot be known")
	}
	if len(a.MissingDays) > 0 {
		parts = append(parts, "no map of "+dayRanges(a.missing))
	}
	var doubts []flagged
	for _, f := range a.Flags {
		doubts = addFlag(doubts, f)
	}
	for _, d := range doubts {
		parts = append(parts, fmt.Sprintf("%s (%s)", d.Flag, pipeline.Counted(d.Times, "time")))
	}
	return strings.Join(parts, "; ")
}
