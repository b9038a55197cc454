package main

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"whenwhere/internal/control"
	"whenwhere/pipeline/measured"
)

// times that every event is compared with permuted days: enough for the shares of H0 to be steady, few enough for areas.
const (
	lineTimes = 20
	areaTimes = 4
)

// frontOptions are where the data lie.
type frontOptions struct {
	list, maps, gazetteer string
	write                 string
}

func frontFlags(args []string) (frontOptions, error) {
	flags := flag.NewFlagSet("calibrate front", flag.ContinueOnError)
	var o frontOptions
	flags.StringVar(&o.list, "list", "../shared/data/incidents/owlmaps_geolocations.tsv", "list of geolocated events")
	flags.StringVar(&o.maps, "maps", "../shared/data/frontline/deepstate_daily", "folder of one provider's daily maps")
	flags.StringVar(&o.gazetteer, "gazetteer", "../shared/data/gazetteer/geonames_cities500_UA.txt", "GeoNames table, for places drawn elsewhere")
	flags.StringVar(&o.write, "write", "", "Go file to write the table to; else the table is compared with the one in use")
	return o, flags.Parse(args)
}

func front(args []string, out io.Writer) error {
	o, err := frontFlags(args)
	if err != nil {
		return err
	}
	if _, err := os.Stat(o.list); err != nil {
		fmt.Fprintf(out, "calibrate front: skipped: %s not present\n", o.list)
		return nil
	}
	t, err := openTheatre(o.list, o.maps)
	if err != nil {
		return err
	}
	table := t.describe(out)
	fitPart, unseen := t.part(func(e incident) bool { return !e.unseen }), t.part(func(e incident) bool { return e.unseen })
	fmt.Fprintf(out, "%d events in %d clusters; fitted on %d, tried on %d\n", len(t.incidents), t.clusters, len(fitPart), len(unseen))

	fmt.Fprintln(out, "\n# Distance to the line by the map known when the day begins: bans = a exp(-km/b)")
	table.Line = t.curves(out, t.lineKm(0), lineTimes, fading, lineScales())
	table.FadeDays = t.fade(out, table.Line[measured.Any])
	if err := t.otherLines(out, o.gazetteer); err != nil {
		return err
	}

	fmt.Fprintln(out, "\n# Ground that changed hands near: bans = a (1 - exp(-km2/b))")
	table.RadiusM, table.Days = t.chooseReach(out)
	table.Operations = t.curves(out, t.gainedKm2(table.RadiusM, table.Days, table.Days), areaTimes, rising, grid(1, 100))
	t.otherAreas(out, table)
	if err := t.together(out, table); err != nil {
		return err
	}
	return settle(out, table, o.write)
}

// describe makes the provenance.
func (t *theatre) describe(out io.Writer) measured.Front {
	editions := t.maps.Editions()
	days := t.incidents
	first, last := *days[0].Day, *days[0].Day
	for _, e := range days {
		if e.Day.Before(first) {
			first = *e.Day
		}
		if e.Day.After(last) {
			last = *e.Day
		}
	}
	file := t.list.Files[0]
	p := measured.Provenance{
		Command:  "go run ./scripts/calibrate front -write pipeline/measured/front.go",
		Events:   fmt.Sprintf("%s, list %s: %d rows, %d with a map before them, %s to %s", t.list.Source, file.Name, len(t.list.Events), len(days), first.Format(time.DateOnly), last.Format(time.DateOnly)),
		Maps:     fmt.Sprintf("%s: %d editions, %s to %s", editions[0].Provider, len(editions), editions[0].AsOf.Format(time.DateOnly), editions[len(editions)-1].AsOf.Format(time.DateOnly)),
		SHA256:   []string{"list " + file.SHA256, "maps " + digest(editions)},
		H0:       "the same events with their days permuted among themselves, which is the same as their places permuted: another event's place on that day",
		Clusters: t.clusters,
	}
	fmt.Fprintf(out, "events: %s\nmaps: %s\nH0: %s\n", p.Events, p.Maps, p.H0)
	return measured.Front{Provenance: p}
}

// digest is one over the digests of all map files, in the order of their time, each followed by a line feed.
func digest(editions []control.Edition) string {
	h := sha256.New()
	for _, e := range editions {
		fmt.Fprintln(h, e.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// groups in which curves are fitted.
var groups = []measured.Group{measured.Any, measured.OnGround, measured.InRange, measured.Strike}

func inGroup(g measured.Group) func(incident) bool {
	return func(e incident) bool { return g == measured.Any || e.group == g }
}

// sampleOf measures events of one part and their permutations. Days are permuted within the part.
func (t *theatre) sampleOf(keep func(incident) bool, unseen bool, f feature, times int) sample {
	part := t.part(func(e incident) bool { return e.unseen == unseen && keep(e) })
	return sample{measure(own(part), f), measure(permuted(part, times, 0), f)}
}

// curves fits one curve for each group and tries it on the events that it has not seen.
func (t *theatre) curves(out io.Writer, f feature, times int, of shape, scales []float64) map[measured.Group]measured.Curve {
	curves := map[measured.Group]measured.Curve{}
	for _, g := range groups {
		seen := t.sampleOf(inGroup(g), false, f, times)
		c := told(seen, fit(seen, of, scales), of)
		s := t.sampleOf(inGroup(g), true, f, times)
		c.Unseen = len(s.h1)
		curves[g] = c
		v := s.weigh(c, of)
		if c.Bans == 0 {
			fmt.Fprintf(out, "%s: no weight; on the %d events fitted on, its gain is below its standard error; %d more to try\n", g, c.Fit, c.Unseen)
			continue
		}
		fmt.Fprintf(out, "%s: a = %.3f bans, b = %g; fitted on %d, tried on %d\n    %s\n", g, c.Bans, c.Scale, c.Fit, c.Unseen, v.summary())
		v.reliability(out)
		if !v.lawful(out) {
			fmt.Fprintln(out, "    THE LAW P(LR >= x | H0) <= 1/x IS BROKEN")
		}
	}
	return curves
}

// otherLines measures what else might have been fitted: hindsight, older maps, other H0.
func (t *theatre) otherLines(out io.Writer, gazetteer string) error {
	fmt.Fprintln(out, "other ways to measure the distance, all events (not used):")
	all := func(incident) bool { return true }
	try := func(name string, fitOn, on sample) {
		c := fit(fitOn, fading, lineScales())
		v := on.weigh(c, fading)
		fmt.Fprintf(out, "  %s: a = %.3f, b = %g; %s\n", name, c.Bans, c.Scale, v.summary())
	}
	try("least distance from 3 days before to 7 after, so that the event may have moved the map", t.sampleOf(all, false, t.windowKm(), 4), t.sampleOf(all, true, t.windowKm(), 4))
	for _, days := range mapAges[1:] {
		f := t.lineKm(time.Duration(days) * 24 * time.Hour)
		try(fmt.Sprintf("map %d days old", days), t.sampleOf(all, false, f, lineTimes), t.sampleOf(all, true, f, lineTimes))
	}
	withH0 := func(unseen bool, make func([]incident) []pairing) sample {
		part := t.part(func(e incident) bool { return e.unseen == unseen })
		return sample{measure(own(part), t.lineKm(0)), measure(make(part), t.lineKm(0))}
	}
	far := func(part []incident) []pairing { return permuted(part, lineTimes, 30*24*time.Hour) }
	try("H0 at least 30 days off", withH0(false, far), withH0(true, far))
	byTime := func(unseen bool) sample {
		part := t.part(func(e incident) bool { return e.Day.Before(halfway) != unseen })
		return sample{measure(own(part), t.lineKm(0)), measure(permuted(part, lineTimes, 0), t.lineKm(0))}
	}
	try("fitted before "+halfway.Format(time.DateOnly)+", tried after", byTime(false), byTime(true))
	if _, err := os.Stat(gazetteer); err != nil {
		fmt.Fprintf(out, "  H0 anywhere in the theatre: skipped, %s not present\n", filepath.Base(gazetteer))
		return nil
	}
	places, err := gazetteerPlaces(gazetteer)
	if err != nil {
		return err
	}
	any := func(part []incident) []pairing { return elsewhere(part, places) }
	try("H0 in any town of the gazetteer, though false claims name places near the front too", withH0(false, any), withH0(true, any))
	return nil
}

// lineScales begins at half a kilometre: no map is drawn finer, and no claimed place is known better.
func lineScales() []float64 { return grid(0.5, 30) }

// mapAges are how much older maps are tried, in days.
var mapAges = []int{0, 3, 7, 14, 28}

// fade measures how fast the distance by an ageing map loses its weight.
func (t *theatre) fade(out io.Writer, c measured.Curve) float64 {
	byAge := map[float64]sample{}
	for _, days := range mapAges {
		byAge[float64(days)] = t.sampleOf(inGroup(measured.Any), false, t.lineKm(time.Duration(days)*24*time.Hour), lineTimes)
	}
	fade := fitFade(byAge, c)
	fmt.Fprintf(out, "by maps that are older the weight falls to 1/e in %g days\n", fade)
	return fade
}

// halfway parts the events by time.
var halfway = time.Date(2024, 9, 16, 0, 0, 0, 0, time.UTC)

// chooseReach finds the radius and the days whose curve has the least log loss on folds of the fitted part that it was not
// fitted on. Every third cluster is asked: areas cost time.
func (t *theatre) chooseReach(out io.Writer) (radiusM float64, days int) {
	least := math.Inf(1)
	keep := func(e incident) bool { return !e.unseen && e.cluster%3 == 0 }
	n := len(t.part(keep))
	for _, r := range []float64{5_000, 10_000, 20_000} {
		for _, d := range []int{3, 7, 14} {
			loss := 0.0
			const folds = 4
			var parts [folds]sample
			for k := range folds {
				parts[k] = t.sampleOf(func(e incident) bool { return keep(e) && e.cluster/3%folds == k }, false, t.gainedKm2(r, d, d), 2)
			}
			for k := range folds {
				var rest sample
				for j := range folds {
					if j != k {
						rest = rest.with(parts[j])
					}
				}
				c := fit(rest, rising, grid(1, 100))
				loss += parts[k].weigh(c, rising).logLoss() / folds
			}
			fmt.Fprintf(out, "  within %2.0f km, +-%2d days: log loss %.4f over %d folds of %d fitted events\n", r/1000, d, loss, folds, n)
			if loss < least {
				least, radiusM, days = loss, r, d
			}
		}
	}
	fmt.Fprintf(out, "chosen: within %.0f km, +-%d days\n", radiusM/1000, days)
	return radiusM, days
}

// otherAreas measures the ground gained as it was known when the day began.
func (t *theatre) otherAreas(out io.Writer, table measured.Front) {
	all := func(incident) bool { return true }
	f := t.gainedKm2(table.RadiusM, table.Days, 0)
	c := fit(t.sampleOf(all, false, f, areaTimes), rising, grid(1, 100))
	s := t.sampleOf(all, true, f, areaTimes)
	v := s.weigh(c, rising)
	fmt.Fprintf(out, "other ways to measure the ground, all events (not used):\n  the %d days before only, as known when the day begins: a = %.3f, b = %g; %s\n", table.Days, c.Bans, c.Scale, v.summary())
}

// together tries what counts in a verdict: both findings rest on one map, so the larger weight alone.
func (t *theatre) together(out io.Writer, table measured.Front) error {
	fmt.Fprintln(out, "\n# Both together, the larger counting (one map is one witness), each event by its group")
	line, area := t.lineKm(0), t.gainedKm2(table.RadiusM, table.Days, table.Days)
	var v sample
	for _, g := range groups {
		part := t.part(func(e incident) bool { return e.unseen && e.group == g })
		bans := func(p pairing) (float64, bool) {
			km, ok1 := line(p)
			km2, ok2 := area(p)
			return max(table.Line[g].Fading(km), table.Operations[g].Rising(km2)), ok1 && ok2
		}
		v = v.with(sample{measure(own(part), bans), measure(permuted(part, areaTimes, 0), bans)})
	}
	fmt.Fprintf(out, "%d as listed, %d permuted: %s\n", len(v.h1), len(v.h0), v.summary())
	v.reliability(out)
	if !v.lawful(out) {
		return fmt.Errorf("P(LR >= x | H0) <= 1/x does not hold for the weights of the front")
	}
	return nil
}
