package gazetteer

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"strings"

	"whenwhere/internal/geo"
)

// Gazetteer is what the files know. It never changes after Read, so any number of goroutines may ask it.
type Gazetteer struct {
	files  []File
	places []Place
	areas  []area

	exact []entry // by folded names, sorted
	latin []entry // by loose Latin forms, sorted
}

// entry is one key of one place.
type entry struct {
	key   string
	place int
	name  int
}

// Files says what was read.
func (g *Gazetteer) Files() []File { return slices.Clone(g.files) }

// Len is the number of places.
func (g *Gazetteer) Len() int { return len(g.places) }

// Version names the files by their digests, whatever their order; empty when there is none.
func (g *Gazetteer) Version() string {
	if len(g.files) == 0 {
		return ""
	}
	var sums []string
	for _, f := range g.files {
		sums = append(sums, f.SHA256)
	}
	slices.Sort(sums)
	sum := sha256.Sum256([]byte(strings.Join(sums, "\n")))
	return hex.EncodeToString(sum[:6])
}

func (g *Gazetteer) index() {
	for i := range g.places {
		for k, n := range g.places[i].Names {
			folded := Fold(n.Text)
			g.exact = append(g.exact, entry{folded, i, k})
			for _, key := range looseKeys(folded) {
				g.latin = append(g.latin, entry{key, i, k})
			}
		}
	}
	for _, list := range [][]entry{g.exact, g.latin} {
		slices.SortFunc(list, func(a, b entry) int {
			return cmp.Or(strings.Compare(a.key, b.key), cmp.Compare(a.place, b.place), cmp.Compare(a.name, b.name))
		})
	}
}

// with returns the entries of one key, or those that begin with it.
func with(list []entry, key string, prefix bool) []entry {
	from, _ := slices.BinarySearchFunc(list, key, func(e entry, k string) int { return strings.Compare(e.key, k) })
	to := from
	for to < len(list) && (list[to].key == key || prefix && strings.HasPrefix(list[to].key, key)) {
		to++
	}
	return list[from:to]
}

// How far apart two rows of one settlement lie: a border's middle and a town hall. In one file a name repeats nearer than
// that only where two villages share it, so there they must almost coincide (a node and its relation).
const (
	sameM     = 3_000.0
	sameFileM = 500.0
	cityShare = 0.6 // of the radius of a city: its middle is a matter of taste
)

// merge makes one place of the rows that are the same settlement; the first row leads.
func merge(places []Place) []Place {
	leads := make([]int, len(places))
	byName := map[string][]int{}
	for i := range places {
		leads[i] = i
		seen := map[string]bool{}
		for _, n := range places[i].Names {
			key := Fold(n.Text)
			if seen[key] {
				continue
			}
			seen[key] = true
			for _, k := range byName[key] {
				if leads[i] == i && leads[k] == k && same(&places[i], &places[k]) {
					leads[i] = k
				}
			}
			byName[key] = append(byName[key], i)
		}
	}
	var out []Place
	at := map[int]int{}
	for i := range places {
		if leads[i] == i {
			at[i] = len(out)
			out = append(out, places[i])
			continue
		}
		out[at[leads[i]]].join(places[i])
	}
	return out
}

func same(a, b *Place) bool {
	limit := math.Max(sameM, cityShare*math.Max(a.RadiusM, b.RadiusM))
	if a.File == b.File {
		limit = sameFileM
	}
	return math.Abs(a.At.Lat-b.At.Lat) < 0.2 && geo.DistanceM(a.At, b.At) <= limit
}

// join adds what another row knows of the same settlement.
func (p *Place) join(o Place) {
	p.Also = append(p.Also, o.ID)
	for _, n := range o.Names {
		p.add(n.Text, n.Role)
	}
	if p.Population == 0 {
		p.Population = o.Population
	}
	if p.Country == "" {
		p.Country = o.Country
	}
	if p.Oblast == "" {
		p.Oblast = o.Oblast
	}
	if p.Raion == "" {
		p.Raion = o.Raion
	}
	p.oblasts, p.raions = append(slices.Clone(p.oblasts), o.oblasts...), append(slices.Clone(p.raions), o.raions...)
	if o.RadiusM > p.RadiusM {
		p.RadiusM, p.RadiusHow = o.RadiusM, o.RadiusHow
	}
}

// Positions are those of all places, of towns and hamlets alike.
func (g *Gazetteer) Positions() []geo.LatLon {
	out := make([]geo.LatLon, len(g.places))
	for i, p := range g.places {
		out[i] = p.At
	}
	return out
}

// Near is a place and how it lies from a point.
type Near struct {
	Place      *Place
	DistanceM  float64
	AzimuthDeg float64 // from the place to the point, clockwise from north
}

// Nearest returns the n places nearest to a point.
func (g *Gazetteer) Nearest(at geo.LatLon, n int) []Near {
	type rough struct {
		place int
		d     float64
	}
	list := make([]rough, 0, len(g.places))
	shrink := math.Cos(at.Lat * math.Pi / 180)
	for i := range g.places {
		p := g.places[i].At
		list = append(list, rough{i, math.Hypot(p.Lat-at.Lat, math.Remainder(p.Lon-at.Lon, 360)*shrink)})
	}
	slices.SortStableFunc(list, func(a, b rough) int { return cmp.Compare(a.d, b.d) })
	var out []Near
	for _, r := range list[:min(len(list), n+5)] {
		p := &g.places[r.place]
		azimuth, _ := geo.AzimuthDeg(p.At, at)
		out = append(out, Near{p, geo.DistanceM(p.At, at), azimuth})
	}
	slices.SortStableFunc(out, func(a, b Near) int { return cmp.Compare(a.DistanceM, b.DistanceM) })
	return out[:min(len(out), n)]
}
