package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/plot"
	"whenwhere/internal/shadow"
	"whenwhere/internal/solar"
	"whenwhere/internal/timeset"
)

type sunWhenOptions struct {
	site     siteFlags
	radius   string
	from, to string
	marks    markFlags
	asJSON   bool
	plot     string
}

func newSunWhen() *cobra.Command {
	var o sunWhenOptions
	cmd := &cobra.Command{
		Use: "when", Short: "In which intervals a shadow fell so, with what probability",
		Long: `Print the intervals of time that hold 95 % of the probability, each with its share,
given what was measured on the picture and that every instant from --from to --to was as
likely before. Days stand for whole days in UTC. Without a measurement: when the sun was
up.

A shadow settles the hour to some ten minutes, the date to weeks, the year never. Say
how far off a measurement may be, as a standard error; 5 degrees and 10 % are usual.

Several frames: --seen "after=12m;shadow=331±3" (later than the first by that much).
With --north-unknown the directions count from an unknown but common north, as in a
picture that no map fits: then two at two times are needed.

` + exitHelp,
		Example: `  whenwhere sun when --lat 48.5956 --lon 37.9999 --from 2024-11-03 --to 2024-11-03 --azimuth 150±5 --ratio 0.39±0.04
  whenwhere sun when --lat 48.6 --lon 38 --from 2024-06-01 --to 2024-12-31 --shadow 330+-3 --json`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return runSunWhen(cmd, o) },
	}
	f := cmd.Flags()
	o.site.add(cmd, " (needed)")
	f.StringVar(&o.radius, "radius", "0", "radius in metres that holds the true place with 95 %")
	f.StringVar(&o.from, "from", "", "first day, or time with its offset (needed)")
	f.StringVar(&o.to, "to", "", "last day, or time with its offset (needed)")
	o.marks.add(cmd)
	f.StringArrayVar(&o.marks.seen, "seen", nil, "a further frame: after, azimuth, shadow, ratio, elevation, slope")
	f.BoolVar(&o.marks.northUnknown, "north-unknown", false, "directions count from an unknown common north; needs two, of two times")
	f.BoolVar(&o.asJSON, "json", false, "one object: windows, each with from, to and probability")
	f.StringVar(&o.plot, "plot", "", "draw the likeliest day, the measurements and the windows into this .svg or .png")
	return cmd
}

// maxRangeDays bounds the work of a question; within maxPlaceRadiusM one track of the sun serves the whole place.
const (
	maxRangeDays    = 20 * 366
	maxPlaceRadiusM = 200_000
)

// sunWindows is what --json prints.
type sunWindows struct {
	Windows []windowText `json:"windows"`
	Level   float64      `json:"level"`            // what the windows hold together
	Best    string       `json:"best,omitempty"`   // the likeliest instant
	Misfit  *float64     `json:"misfit,omitempty"` // squared errors there, in standard errors
	Marks   int          `json:"marks,omitempty"`  // measurements that Misfit sums
	best    time.Time
	spans   []plot.Window
}

type windowText struct {
	From        string  `json:"from"`
	To          string  `json:"to"`
	Probability float64 `json:"probability"`
}

// sunQuestion is a place, a range and what was measured.
type sunQuestion struct {
	place    shadow.Place
	from, to time.Time
	seen     []shadow.Observation
}

func runSunWhen(cmd *cobra.Command, o sunWhenOptions) error {
	if err := needed(cmd, "lat", "lon", "from", "to"); err != nil {
		return err
	}
	if err := filled(cmd, sunText...); err != nil {
		return err
	}
	if err := checkPlot(o.plot); err != nil {
		return err
	}
	q, err := o.question()
	if err != nil {
		return err
	}
	answer, err := q.ask()
	if errors.Is(err, shadow.ErrSunDown) {
		what := "the sun was never so that it could throw this shadow"
		if len(q.seen) == 0 {
			what = "the sun was not up"
		}
		return fmt.Errorf("%s at %g, %g between %s and %s", what,
			q.place.LatDeg, q.place.LonDeg, q.from.UTC().Format(time.RFC3339), q.to.UTC().Format(time.RFC3339))
	}
	if err != nil {
		return err
	}
	if o.plot != "" {
		if err := q.draw(answer, o.plot); err != nil {
			return err
		}
	}
	if o.asJSON {
		return writeJSON(cmd.OutOrStdout(), answer)
	}
	return printSunWindows(cmd.OutOrStdout(), answer)
}

func (o sunWhenOptions) question() (q sunQuestion, err error) {
	if q.place.LatDeg, q.place.LonDeg, err = o.site.read(); err != nil {
		return q, err
	}
	if q.place.RadiusM, err = numberOption("radius", o.radius, 0, maxPlaceRadiusM); err != nil {
		return q, err
	}
	if q.from, err = boundOption("from", o.from, false); err != nil {
		return q, err
	}
	if q.to, err = boundOption("to", o.to, true); err != nil {
		return q, err
	}
	if !q.from.Before(q.to) {
		return q, badOption("to", o.to, "a time after --from "+o.from)
	}
	if q.to.Sub(q.from) > maxRangeDays*24*time.Hour {
		return q, badOption("to", o.to, fmt.Sprintf("at most %d days after --from %s", maxRangeDays, o.from))
	}
	q.seen, err = o.marks.frames()
	return q, err
}

// frames reads the first observation and the further ones, which tell how much later they were seen. None at all is a question
// without a measurement.
func (m *markFlags) frames() ([]shadow.Observation, error) {
	further, err := m.further("after", "azimuth", "shadow", "ratio", "elevation", "slope")
	if err != nil {
		return nil, err
	}
	first := m.first()
	if len(first.values) == 0 && len(further) == 0 && !m.northUnknown {
		return nil, nil
	}
	var out []shadow.Observation
	var times []time.Time
	if len(first.values) > 0 || len(further) == 0 {
		further = append([]marks{first}, further...)
	}
	for _, one := range further {
		o, err := one.observation()
		if err != nil {
			return nil, err
		}
		if one.has("after") {
			if o.After, err = afterOption(one.values["after"]); err != nil {
				return nil, err
			}
		}
		if directed(o) {
			o.NorthUnknown = m.northUnknown
			times = append(times, time.Time{}.Add(o.After))
		}
		out = append(out, o)
	}
	return out, m.turns(times)
}

func (q sunQuestion) ask() (sunWindows, error) {
	if len(q.seen) == 0 {
		return q.sunUp()
	}
	found, err := shadow.When(q.seen, q.place, timeset.FromTimes(q.from, q.to), shadow.Options{})
	if err != nil {
		return sunWindows{}, err
	}
	answer := sunWindows{Windows: []windowText{}, Level: 0.95, Best: found.Best.UTC().Format(time.RFC3339), Misfit: &found.Misfit, Marks: found.Marks, best: found.Best}
	for _, w := range found.Windows {
		answer.add(w.From, w.To, w.Probability)
	}
	return answer, nil
}

func (a *sunWindows) add(from, to time.Time, probability float64) {
	a.Windows = append(a.Windows, windowText{instant(from), instant(to), probability})
	a.spans = append(a.spans, plot.Window{Span: plot.Span{FromMs: from.UnixMilli(), ToMs: to.UnixMilli()}, Probability: probability})
}

// draw shows the day of the likeliest instant.
func (q sunQuestion) draw(a sunWindows, path string) error {
	d := skyDay(q.place.LatDeg, q.place.LonDeg, a.best)
	d.Marks = sunMarks(q.seen)
	for _, w := range a.spans {
		if w.ToMs > d.FromMs && w.FromMs < d.ToMs {
			w.FromMs, w.ToMs = max(w.FromMs, d.FromMs), min(w.ToMs, d.ToMs)
			d.Windows = append(d.Windows, w)
		}
	}
	return saveDay(path, d)
}

func instant(t time.Time) string { return t.UTC().Round(time.Second).Format(time.RFC3339) }

// sunUp lists when any part of the sun was above the horizon, each time with its share of all of it.
func (q sunQuestion) sunUp() (sunWindows, error) {
	table, err := solar.NewTable(q.from, q.to)
	if err != nil {
		return sunWindows{}, err
	}
	const upperLimbDeg = -0.8333
	up, err := table.Whens(q.from, q.to, solar.SeaLevel(q.place.LatDeg, q.place.LonDeg), solar.Sight{Elevation: &solar.Band{MinDeg: upperLimbDeg, MaxDeg: 90}})
	if err != nil {
		return sunWindows{}, err
	}
	if len(up) == 0 {
		return sunWindows{}, shadow.ErrSunDown
	}
	total := 0.0
	for _, w := range up {
		total += float64(w.Hi - w.Lo)
	}
	answer := sunWindows{Level: 1, best: q.from}
	for _, w := range up {
		answer.add(time.UnixMilli(w.Lo), time.UnixMilli(w.Hi), float64(w.Hi-w.Lo)/total)
	}
	return answer, nil
}

// fitsBadly is the sum of squared errors, by the number of measurements, above which none of the instants fits: chance
// alone exceeds 3 squared once in 370 measurements.
const fitsBadly = 9

// share prints a probability; of small ones two digits, so that a thousand windows of a long range are not all 0.0 %.
func share(p float64) string {
	digits := 1
	switch percent := 100 * p; {
	case percent >= 10 || percent <= 0:
	case percent < 1e-4:
		return "<0.0001 %"
	default:
		digits = 1 - int(math.Floor(math.Log10(percent)))
	}
	return fmt.Sprintf("%.*f %%", digits, 100*p)
}

func printSunWindows(out io.Writer, a sunWindows) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FROM\tTO\tPROBABILITY")
	for _, window := range a.Windows {
		fmt.Fprintf(w, "%s\t%s\t%s\n", window.From, window.To, share(window.Probability))
	}
	if err := w.Flush(); err != nil || a.Misfit == nil {
		return err
	}
	fmt.Fprintf(out, "likeliest %s, %.1f standard errors from what was measured\n", a.Best, math.Sqrt(*a.Misfit))
	if *a.Misfit > fitsBadly*float64(a.Marks) {
		fmt.Fprintln(out, "No instant of the range fits the measurements: one of them, the place or the range is wrong.")
	}
	return nil
}
