// Linkage measures on published lists what package duplicates takes as measured, and how well it finds again what is known to
// be one event.
//
//	go run -tags nodynamic ./scripts/linkage [-data FOLDER]
//
// Events of two lists are one where both cite a post that no other row of either cites; they are looked for again among all
// rows of both lists, by place and day alone. How far two incidents lie apart comes from a third list. It prints counts and
// shares, never a row.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/events"
	"whenwhere/internal/geo"
	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
)

// errSkipped: what is to be measured is not on this machine. It is said, and is no failure.
var errSkipped = errors.New("skipped")

func main() {
	switch err := run(os.Args[1:], os.Stdout); {
	case errors.Is(err, errSkipped):
		fmt.Println("linkage:", err)
	case err != nil:
		fmt.Fprintln(os.Stderr, "linkage:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("linkage", flag.ContinueOnError)
	flags.SetOutput(out)
	data := flags.String("data", filepath.Join("..", "shared", "data"), "folder of the real lists")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir := filepath.Join(*data, "incidents")
	if _, err := os.Stat(dir); err != nil {
		return fmt.Errorf("%w: %s not present", errSkipped, dir)
	}
	var lists [3][]row
	for i, name := range []string{"bellingcat/export_events.json", "cir_eyes_on_russia_events.csv", "owlmaps_geolocations.tsv"} {
		list, err := events.Read(os.DirFS(dir), name)
		if err != nil {
			return err
		}
		lists[i] = rowsOf(list)
		fmt.Fprintf(out, "%s: %d rows with a day and a place\n", list.Source, len(lists[i]))
	}
	known := same(lists[0], lists[1])
	accounts(out, known)
	for _, list := range lists[1:] {
		apart(out, list, 30, 90)
		apart(out, list, 0, 1)
	}
	posts(out, lists[2])
	found(out, lists[0], lists[1], known)
	return nil
}

// row is an event as it is compared.
type row struct {
	num   int
	day   time.Time
	where geo.LatLon
	posts []string
}

var post = regexp.MustCompile(`(?i)status/(\d+)|t\.me/(?:s/)?(\w+/\d+)`)

func rowsOf(list events.List) (out []row) {
	for _, e := range list.Events {
		if e.Day == nil || e.Where == nil {
			continue
		}
		r := row{num: e.Row, day: *e.Day, where: *e.Where}
		for _, m := range post.FindAllStringSubmatch(strings.Join(e.Links, "\n"), -1) {
			r.posts = append(r.posts, strings.ToLower(m[1]+m[2]))
		}
		out = append(out, r)
	}
	return out
}

// pair is one event in two lists, by index.
type pair struct {
	i, j int
	a, b row
}

// same pairs rows that cite a post which is cited once in each list.
func same(a, b []row) (out []pair) {
	inA, inB := cited(a), cited(b)
	met := map[[2]int]bool{}
	for post, rows := range inA {
		others := inB[post]
		if len(rows) == 1 && len(others) == 1 && !met[[2]int{rows[0], others[0]}] {
			met[[2]int{rows[0], others[0]}] = true
			out = append(out, pair{rows[0], others[0], a[rows[0]], b[others[0]]})
		}
	}
	slices.SortFunc(out, func(p, q pair) int { return cmp.Or(cmp.Compare(p.i, q.i), cmp.Compare(p.j, q.j)) })
	return out
}

func cited(rows []row) map[string][]int {
	of := map[string][]int{}
	for i, r := range rows {
		for _, p := range slices.Compact(slices.Sorted(slices.Values(r.posts))) {
			of[p] = append(of[p], i)
		}
	}
	return of
}

// accounts prints how far two accounts of one event differ.
func accounts(out io.Writer, known []pair) {
	var m []float64
	elsewhere, otherDay := 0, 0
	for _, p := range known {
		d := geo.DistanceM(p.a.where, p.b.where)
		m = append(m, d)
		if d > 2000 {
			elsewhere++
		}
		if !p.a.day.Equal(p.b.day) {
			otherDay++
		}
	}
	slices.Sort(m)
	fmt.Fprintf(out, "accounts of one event: %d pairs, median %.0f m apart, 90 %% within %.0f m, %d beyond 2 km (%.1f %%), %d on another day (%.1f %%)\n",
		len(m), m[len(m)/2], m[len(m)*9/10], elsewhere, percent(elsewhere, len(m)), otherDay, percent(otherDay, len(m)))
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(of) }

// apart prints how far two events of one list lie apart that are so many days apart and cite no post in common, which would
// make them one.
func apart(out io.Writer, rows []row, least, most float64) {
	edges := []float64{0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500}
	within, pairs := make([]int, len(edges)), 0
	for i, a := range rows {
		for _, b := range rows[:i] {
			if days := a.day.Sub(b.day).Abs().Hours() / 24; days < least || days > most || common(a, b) {
				continue
			}
			pairs++
			km := geo.DistanceM(a.where, b.where) / 1000
			for k := len(edges) - 1; k >= 0 && km < edges[k]; k-- {
				within[k]++
			}
		}
	}
	fmt.Fprintf(out, "two events, %g to %g days apart: %d pairs; closer than", least, most, pairs)
	for k, km := range edges {
		fmt.Fprintf(out, " %g km %.5f", km, float64(within[k])/float64(pairs))
	}
	fmt.Fprintln(out)
}

// posts prints how many pairs of events of one day, 5 km or more apart, cite one post.
func posts(out io.Writer, rows []row) {
	share, pairs := 0, 0
	for i, a := range rows {
		for _, b := range rows[:i] {
			if !a.day.Equal(b.day) || geo.DistanceM(a.where, b.where) < 5000 {
				continue
			}
			pairs++
			if common(a, b) {
				share++
			}
		}
	}
	fmt.Fprintf(out, "two events of one day, 5 km or more apart: %d of %d pairs cite one post (%.2f %%)\n", share, pairs, percent(share, pairs))
}

func common(a, b row) bool {
	return slices.ContainsFunc(a.posts, func(p string) bool { return slices.Contains(b.posts, p) })
}

// radiusM is how far a listed position is taken to be off; lists state none.
const radiusM = 500

// found looks for the known pairs among all rows of both lists, by place and day alone, and sets what the model expects of the
// pairs that it proposes beside what is known of them. Lists hold events twice that cite no post in common, so that what is
// known is the least.
func found(out io.Writer, a, b []row, known []pair) {
	truth := map[[2]string]bool{}
	for _, p := range known {
		truth[[2]string{name(0, p.i), name(1, p.j)}] = true
	}
	hits, across, expected := 0, 0, 0.0
	for _, p := range duplicates.Propose(records(a, b), nil, duplicates.DefaultLeastBans) {
		if p.A[0] == p.B[0] {
			continue // of one list
		}
		across++
		expected += p.Chance
		if truth[[2]string{p.A, p.B}] {
			hits++
		}
	}
	fmt.Fprintf(out, "proposed by place and day alone: %d of %d known pairs (%.1f %%), among %d pairs of both lists, of which the model expects %.0f to be one event\n",
		hits, len(known), percent(hits, len(known)), across, expected)
}

func name(list, index int) string { return fmt.Sprintf("%d-%d", list, index) }

func records(lists ...[]row) (out []duplicates.Record) {
	for i, list := range lists {
		for k, r := range list {
			out = append(out, duplicates.Record{ID: name(i, k), Claim: pipeline.Claim{
				Where: &pipeline.Place{Lon: r.where.Lon, Lat: r.where.Lat, RadiusM: radiusM},
				When:  &pipeline.Span{From: r.day, To: r.day.AddDate(0, 0, 1)}}})
		}
	}
	return out
}
