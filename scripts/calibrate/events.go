package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"whenwhere/internal/control"
	"whenwhere/internal/coord"
	"whenwhere/internal/events"
	"whenwhere/internal/geo"
)

// knownLists are the files of the folder of lists that are read.
var knownLists = []string{"owlmaps_geolocations.tsv", "cir_eyes_on_russia_events.csv", "bellingcat/export_events.json", "viina/VIINA_2024_REBUILD.csv"}

// listed is when these lists had been collected, for posts: none of them is younger.
var listed = time.Date(2026, 8, 22, 0, 0, 0, 0, time.UTC)

// listReport is what can be said of one list without any of its texts.
type listReport struct {
	list          events.List
	days, places  int
	posts         map[string]int // cited first posts with a time, by platform
	older         []events.Event // stated more than a day after their own post
	links         int            // different ones
	shared        int            // of them cited by several rows
	coordinates   int            // that several rows have
	slips         []slip
	controlled    map[string]map[cell]int // by provider
	disagreements int                     // events whose side two providers see differently
}

type slip struct {
	row    int
	id     string
	kind   coord.Slip
	axis   string
	apartM float64 // from the position as written to the likeliest repair
}

// cell is a line and a column of the table of sides and distances.
type cell struct {
	stated string
	held   control.Side
	band   int
}

// bandsKm part the distances to the line.
var bandsKm = []float64{1, 5, 20, 100, math.Inf(1)}

func bandNames() []string {
	out := []string{"< 1 km"}
	for i := 1; i < len(bandsKm)-1; i++ {
		out = append(out, fmt.Sprintf("%g-%g km", bandsKm[i-1], bandsKm[i]))
	}
	return append(out, fmt.Sprintf("> %g km", bandsKm[len(bandsKm)-2]), "no line")
}

func eventsReport(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("calibrate events", flag.ContinueOnError)
	lists := flags.String("incidents", "../shared/data/incidents", "folder of the lists")
	drawn := flags.String("maps", "../shared/data/frontline", "folder with a folder of control maps for each provider")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if _, err := os.Stat(*lists); err != nil {
		fmt.Fprintf(out, "calibrate events: skipped: %s not present\n", *lists)
		return nil
	}
	all, err := allMaps(out, *drawn)
	if err != nil {
		return err
	}
	for _, name := range knownLists {
		l, err := events.Read(os.DirFS(*lists), name)
		if err != nil {
			return err
		}
		r := examine(l, all)
		r.print(out)
	}
	return nil
}

// allMaps reads every folder of maps. What is refused is counted: the lists are the subject here.
func allMaps(out io.Writer, root string) (*control.Maps, error) {
	folders, err := os.ReadDir(root)
	if err != nil {
		return nil, err
	}
	var all []*control.Indexed
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		read, faults := control.Read(os.DirFS(filepath.Join(root, f.Name())))
		fmt.Fprintf(out, "maps %s: %d read, %d refused\n", f.Name(), len(read), len(faults))
		all = append(all, read...)
	}
	m, clashes := control.Assemble(all...)
	if len(clashes) > 0 {
		fmt.Fprintf(out, "maps of one provider and moment, left out: %d\n", len(clashes))
	}
	return m, nil
}

func examine(l events.List, m *control.Maps) *listReport {
	r := &listReport{list: l, posts: map[string]int{}, controlled: map[string]map[cell]int{}}
	links, at := map[string]int{}, map[geo.LatLon]int{}
	for _, e := range l.Events {
		if e.Day != nil {
			r.days++
		}
		if e.Where != nil {
			r.places++
			at[*e.Where]++
		}
		for i, link := range e.Links {
			if !slices.Contains(e.Links[:i], link) {
				links[link]++
			}
		}
		if p, ok := e.FirstPost(listed); ok {
			r.posts[p.Scheme]++
			if e.PostedBefore(p) {
				r.older = append(r.older, e)
			}
		}
		if e.Day != nil && e.Where != nil {
			r.control(e, m)
		}
	}
	r.links, r.shared, r.coordinates = len(links), repeated(links), repeated(at)
	r.suspect()
	return r
}

func repeated[K comparable](counts map[K]int) int {
	n := 0
	for _, c := range counts {
		if c > 1 {
			n++
		}
	}
	return n
}

// maxMapAge: an older map says little of the day.
const maxMapAge = 7 * 24 * time.Hour

// control counts an event by what each provider's edition in force drew, as the day began.
func (r *listReport) control(e events.Event, m *control.Maps) {
	sides := map[control.Side]bool{}
	for _, a := range m.At(e.Where.Lat, e.Where.Lon, *e.Day) {
		if !a.Found || a.AgeHours > maxMapAge.Hours() {
			continue
		}
		c := cell{e.Side, a.EditionSide, len(bandsKm)}
		if a.DistanceM != nil {
			c.band = slices.IndexFunc(bandsKm, func(km float64) bool { return math.Abs(*a.DistanceM) < km*1000 })
		}
		if r.controlled[a.Provider] == nil {
			r.controlled[a.Provider] = map[cell]int{}
		}
		r.controlled[a.Provider][c]++
		if a.EditionSide == control.RU || a.EditionSide == control.UA {
			sides[a.EditionSide] = true
		}
	}
	if len(sides) > 1 {
		r.disagreements++
	}
}

// suspect looks for mistyped positions: against the other rows, and against those that name the same place.
func (r *listReport) suspect() {
	var others []geo.LatLon
	named := map[string][]events.Event{}
	for _, e := range r.list.Events {
		if e.Where != nil {
			others = append(others, *e.Where)
			named[e.Named] = append(named[e.Named], e)
		}
	}
	for _, e := range r.list.Events {
		if e.Where == nil {
			continue
		}
		c := coord.Context{Others: others}
		if same := otherPlaces(named[e.Named], e); e.Named != "" && len(same) > 1 {
			c.Named = []coord.Evidence{{What: fmt.Sprintf("%d rows that name the same place", len(same)), At: same}}
		}
		if s := coord.Suspect(e.Where.Lat, e.Where.Lon, c); len(s) > 0 {
			one := slip{row: e.Row, id: e.ID, kind: s[0].Slip, axis: s[0].Axis}
			if s[0].Repaired != nil {
				one.apartM = geo.DistanceM(*e.Where, *s[0].Repaired)
			}
			r.slips = append(r.slips, one)
		}
	}
}

func otherPlaces(of []events.Event, but events.Event) []geo.LatLon {
	var out []geo.LatLon
	for _, e := range of {
		if e.Row != but.Row {
			out = append(out, *e.Where)
		}
	}
	return out
}

func (r *listReport) print(out io.Writer) {
	l := r.list
	fmt.Fprintf(out, "\n# %s (%s): %d events, %d with a day, %d with a position, %d doubts\n", l.Source, l.Files[0].Name, len(l.Events), r.days, r.places, len(l.Doubts))
	for _, scheme := range slices.Sorted(maps.Keys(r.posts)) {
		fmt.Fprintf(out, "first posts dated by their id (%s): %d\n", scheme, r.posts[scheme])
	}
	fmt.Fprintf(out, "stated more than a day after their own first post: %d%s\n", len(r.older), rows(r.older))
	fmt.Fprintf(out, "links: %d, cited by several rows: %d; positions of several rows: %d\n", r.links, r.shared, r.coordinates)
	fmt.Fprintf(out, "positions that look mistyped: %d\n", len(r.slips))
	for _, s := range r.slips {
		fmt.Fprintf(out, "  row %d %s: %s %s, %.0f km from the likeliest repair (nothing is corrected)\n", s.row, s.id, s.kind, s.axis, s.apartM/1000)
	}
	for _, provider := range slices.Sorted(maps.Keys(r.controlled)) {
		r.table(out, provider)
	}
	if r.disagreements > 0 {
		fmt.Fprintf(out, "providers see different sides: %d events\n", r.disagreements)
	}
}

// table prints sides and distances by one provider.
func (r *listReport) table(out io.Writer, provider string) {
	counts := r.controlled[provider]
	type line struct {
		stated string
		held   control.Side
	}
	sums := map[line][]int{}
	total := 0
	for c, n := range counts {
		k := line{c.stated, c.held}
		if sums[k] == nil {
			sums[k] = make([]int, len(bandsKm)+1)
		}
		sums[k][c.band] += n
		total += n
	}
	fmt.Fprintf(out, "by %s, %d events with a map at most 7 days old:\n", provider, total)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "  listed side\tdrawn as\t%s\n", strings.Join(bandNames(), "\t"))
	for _, k := range slices.SortedFunc(maps.Keys(sums), func(a, b line) int {
		return cmp.Or(strings.Compare(a.stated, b.stated), strings.Compare(string(a.held), string(b.held)))
	}) {
		fmt.Fprintf(w, "  %s\t%s", cmp.Or(k.stated, "not stated"), k.held)
		for _, n := range sums[k] {
			fmt.Fprintf(w, "\t%d", n)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
}

// rows names events by their ids, or by their rows.
func rows(of []events.Event) string {
	var out []string
	for _, e := range of {
		out = append(out, cmp.Or(e.ID, fmt.Sprintf("row %d", e.Row)))
	}
	if len(out) == 0 {
		return ""
	}
	return ": " + strings.Join(out, ", ")
}
