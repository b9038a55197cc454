package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"whenwhere/internal/control"
	"whenwhere/internal/events"
	"whenwhere/internal/gazetteer"
	"whenwhere/internal/geo"
	"whenwhere/pipeline/measured"
)

// incident is an event of the list that has a day and a place.
type incident struct {
	events.Event
	group   measured.Group
	cluster int
	unseen  bool
}

// theatre is the list with its maps.
type theatre struct {
	list      events.List
	maps      *control.Maps
	incidents []incident
	clusters  int
}

// The list states a side and no kind. These words of its texts tell roughly what was shown; what has none of them is in no
// group but measured.Any. The order decides: a drone that hits a tank is a drone.
var groupWords = []struct {
	group measured.Group
	words *regexp.Regexp
}{
	{measured.Strike, regexp.MustCompile(`(?i)\b(fab|kab|umpk|air ?strikes?|missiles?|iskander|himars|atacms|gmlrs|rockets?|glide|bomb\w*|shahed|geran|lancet|gbu|jdam|storm shadow|tornado|uragan|grad|tos)\b`)},
	{measured.InRange, regexp.MustCompile(`(?i)\b(shell\w*|artillery|mortars?|howitzers?|drones?|fpv|uav|quadcopter)\b`)},
	{measured.OnGround, regexp.MustCompile(`(?i)\b(assault\w*|flags?|captur\w*|prisoners?|pows?|surrender\w*|advance\w*|clear\w*|storm\w*|enter\w*|raid\w*|control|infantry|troops|soldiers?|tanks?|afvs?|bmp\S*|ifvs?)\b`)},
}

func groupOf(text string) measured.Group {
	for _, g := range groupWords {
		if g.words.MatchString(text) {
			return g.group
		}
	}
	return measured.Any
}

// openTheatre reads list and maps, and parts the events by cluster.
func openTheatre(listFile, mapsDir string) (*theatre, error) {
	l, err := events.Read(os.DirFS(filepath.Dir(listFile)), filepath.Base(listFile))
	if err != nil {
		return nil, err
	}
	maps, err := openMaps(os.DirFS(mapsDir))
	if err != nil {
		return nil, err
	}
	t := &theatre{list: l, maps: maps}
	first := maps.Editions()[0].AsOf
	for _, e := range l.Events {
		if e.Day != nil && e.Where != nil && e.Day.After(first) {
			t.incidents = append(t.incidents, incident{Event: e, group: groupOf(e.Text)})
		}
	}
	if len(t.incidents) < 100 {
		return nil, fmt.Errorf("%s: only %d events with day, place and map", listFile, len(t.incidents))
	}
	t.cluster()
	return t, nil
}

func openMaps(from fs.FS) (*control.Maps, error) {
	maps, faults := control.Load(from)
	if len(faults) > 0 {
		return nil, faults[0]
	}
	if len(maps.Editions()) == 0 {
		return nil, fmt.Errorf("no control maps")
	}
	return maps, nil
}

// cellDeg is about a kilometre: events of one hamlet are one cluster, and so are those that cite one post.
const cellDeg = 0.01

// cluster joins events that share a post or a cell, and gives every second cluster, in an order drawn with a fixed seed, to
// the part that is not fitted on.
func (t *theatre) cluster() {
	parent := make([]int, len(t.incidents))
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	first := map[string]int{}
	for i, e := range t.incidents {
		parent[i] = i
		keys := append(slices.Clone(e.Links), fmt.Sprintf("%d/%d", int(math.Floor(e.Where.Lat/cellDeg)), int(math.Floor(e.Where.Lon/(1.5*cellDeg)))))
		for _, k := range keys {
			if j, ok := first[k]; ok {
				parent[find(i)] = find(j)
			}
			first[k] = i
		}
	}
	number := map[int]int{}
	for i := range t.incidents {
		root := find(i)
		if _, ok := number[root]; !ok {
			number[root] = len(number)
		}
		t.incidents[i].cluster = number[root]
	}
	t.clusters = len(number)
	order := rand.New(rand.NewPCG(5, 1)).Perm(t.clusters)
	for i, e := range t.incidents {
		t.incidents[i].unseen = order[e.cluster]%2 == 1
	}
}

// part selects incidents.
func (t *theatre) part(keep func(incident) bool) []incident {
	var out []incident
	for _, e := range t.incidents {
		if keep(e) {
			out = append(out, e)
		}
	}
	return out
}

// pairing is a place with a day.
type pairing struct {
	where   geo.LatLon
	day     time.Time
	cluster int // of the event whose place it is
}

// own are the events as they are listed: H1.
func own(of []incident) []pairing {
	var out []pairing
	for _, e := range of {
		out = append(out, pairing{*e.Where, *e.Day, e.cluster})
	}
	return out
}

// permuted are the same events with their days permuted among themselves, times over; an event that keeps its own day, or
// one closer than apart, is left out.
func permuted(of []incident, times int, apart time.Duration) []pairing {
	r := rand.New(rand.NewPCG(5, 2))
	var out []pairing
	for range times {
		for i, j := range r.Perm(len(of)) {
			if gap := of[i].Day.Sub(*of[j].Day).Abs(); gap > 0 && gap >= apart {
				out = append(out, pairing{*of[i].Where, *of[j].Day, of[i].cluster})
			}
		}
	}
	return out
}

// elsewhere are the days of the events with places of a gazetteer.
func elsewhere(of []incident, places []geo.LatLon) []pairing {
	r := rand.New(rand.NewPCG(5, 3))
	var out []pairing
	for _, e := range of {
		out = append(out, pairing{places[r.IntN(len(places))], *e.Day, e.cluster})
	}
	return out
}

// feature is a number that the maps give of a place and a day; ok is false when they give none.
type feature func(p pairing) (x float64, ok bool)

// lineKm is the distance to the line, in km, by the edition in force lag before the day begins: what was known then.
func (t *theatre) lineKm(lag time.Duration) feature {
	return func(p pairing) (float64, bool) {
		a := t.maps.At(p.where.Lat, p.where.Lon, p.day.Add(-lag))[0]
		if !a.Found || a.DistanceM == nil {
			return 0, false
		}
		return math.Abs(*a.DistanceM) / 1000, true
	}
}

// windowKm is the least distance over the editions from days before to days after, which the event itself may have moved.
func (t *theatre) windowKm() feature {
	return func(p pairing) (float64, bool) {
		h := t.maps.Window(p.where.Lat, p.where.Lon, 0, p.day, p.day.AddDate(0, 0, 1))[0]
		if h.MinDistanceM == nil {
			return 0, false
		}
		return *h.MinDistanceM / 1000, true
	}
}

// gainedKm2 is the ground within radiusM that changed hands from before days before the day to after days after it.
func (t *theatre) gainedKm2(radiusM float64, before, after int) feature {
	return func(p pairing) (float64, bool) {
		end := p.day
		if after > 0 {
			end = p.day.AddDate(0, 0, 1+after)
		}
		c := t.maps.Operations(p.where.Lat, p.where.Lon, radiusM, p.day.AddDate(0, 0, -before), end)[0]
		return c.GainedRUKm2 + c.GainedUAKm2 + c.ContestedKm2, c.Found && c.Complete
	}
}

// measure asks the maps of every pairing, on both cores. Pairings of which they say nothing are left out.
func measure(of []pairing, f feature) values {
	all := make([]value, len(of))
	var wait sync.WaitGroup
	const parts = 2
	for part := range parts {
		wait.Go(func() {
			for i := part; i < len(of); i += parts {
				x, ok := f(of[i])
				if !ok {
					x = math.NaN()
				}
				all[i] = value{x, of[i].cluster}
			}
		})
	}
	wait.Wait()
	return slices.DeleteFunc(all, func(v value) bool { return math.IsNaN(v.x) })
}

// gazetteerPlaces reads the positions of a gazetteer's file.
func gazetteerPlaces(file string) ([]geo.LatLon, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	g, faults := gazetteer.Read([]gazetteer.Input{{Name: filepath.Base(file), Data: data}})
	return g.Positions(), errors.Join(faults...)
}
