package worlds_test

import (
	"math"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/clock"
	"whenwhere/internal/geo"
	"whenwhere/internal/solar"
	"whenwhere/internal/worlds"
	"whenwhere/pipeline"
)

// zones are read once: that takes a second.
var zones = sync.OnceValue(clock.NewZones)

func maker() worlds.Maker { return worlds.New(zones(), 1) }

func draw(t *testing.T, m worlds.Maker, n int) worlds.Case {
	t.Helper()
	c, err := m.Draw(n)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The same number is the same case, whatever was drawn before it; another number or seed is another.
func TestSameNumberSameCase(t *testing.T) {
	t.Parallel()
	m := maker()
	for n := range 50 {
		draw(t, m, n)
	}
	a, b := draw(t, m, 7), draw(t, maker(), 7)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
	other := draw(t, worlds.New(zones(), 2), 7)
	if cmp.Equal(a, draw(t, m, 8)) || cmp.Equal(a.Incident.Claim, other.Incident.Claim) {
		t.Error("different numbers or seeds give one case")
	}
}

// Every case is one that a manifest could hold.
func TestCasesAreRecords(t *testing.T) {
	t.Parallel()
	for n := range 300 {
		c := draw(t, maker(), n)
		if faults := c.Incident.Check(); len(faults) > 0 {
			t.Errorf("case %d: %v", n, faults[0])
		}
	}
	for _, l := range worlds.Lies() {
		c, err := maker().Lie(l, 3)
		if err != nil || len(c.Incident.Check()) > 0 {
			t.Errorf("%s: %v %v", l, err, c.Incident.Check())
		}
	}
}

// What is drawn as the rules suppose is so: shares of what is true, and of how often a fix lies where it should.
func TestShares(t *testing.T) {
	t.Parallel()
	m, n := maker(), 4000
	ungraded, true0, where, whenOK, fixes, inside := 0, 0, 0, 0, 0, 0
	for i := range n {
		c := draw(t, m, i)
		places, stated, err := pipeline.PlacesKey.In(c.Media[0].Observed)
		if err != nil {
			t.Fatal(err)
		}
		if stated && c.PlaceTrue {
			fixes++
			if distance(places[0], *c.Incident.Claim.Where) <= c.Incident.Claim.Where.RadiusM+200 {
				inside++
			}
		}
		if len(c.Incident.Sources) > 0 { // a claimant's grade moves the share
			continue
		}
		ungraded++
		true0, where, whenOK = true0+count(c.True()), where+count(c.PlaceTrue), whenOK+count(c.TimeTrue)
	}
	for name, s := range map[string]struct{ got, want float64 }{
		"true": {float64(true0) / float64(ungraded), 0.5}, "place": {float64(where) / float64(ungraded), math.Sqrt(0.5)},
		"time": {float64(whenOK) / float64(ungraded), math.Sqrt(0.5)}, "fixes inside": {float64(inside) / float64(fixes), 0.975},
	} {
		if math.Abs(s.got-s.want) > 0.05 {
			t.Errorf("%s: %.3f of %d, want %.3f", name, s.got, ungraded, s.want)
		}
	}
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func distance(p pipeline.StatedPlace, c pipeline.Place) float64 {
	return geo.DistanceM(geo.LatLon{Lat: p.Lat, Lon: p.Lon}, geo.LatLon{Lat: c.Lat, Lon: c.Lon})
}

// Of a true claim about edited tags every clock and position fits; of a claim a day off no genuine clock does.
func TestLies(t *testing.T) {
	t.Parallel()
	fits := func(c worlds.Case) (fit, all int) {
		stamps, _, err := pipeline.ClocksKey.In(c.Media[0].Observed)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stamps {
			for _, span := range s.UTC {
				all++
				w := *c.Incident.Claim.When
				if span.Overlaps(pipeline.Span{From: w.From.Add(-5 * time.Minute), To: w.To.Add(5 * time.Minute)}) {
					fit++
				}
			}
		}
		return fit, all
	}
	for l, want := range map[worlds.Lie]struct{ lo, hi float64 }{worlds.None: {0.9, 1}, worlds.Day: {0.02, 0.09}, worlds.Edited: {1, 1}} {
		fit, all := 0, 0
		for n := range 300 {
			c, err := maker().Lie(l, n)
			if err != nil {
				t.Fatal(err)
			}
			f, a := fits(c)
			fit, all = fit+f, all+a
			if c.True() != (l == worlds.None) {
				t.Fatalf("%s: case %d is %v", l, n, c.True())
			}
		}
		if share := float64(fit) / float64(all); share < want.lo || share > want.hi {
			t.Errorf("%s: %.2f of %d stamps fit, want %.2f to %.2f", l, share, all, want.lo, want.hi)
		}
	}
}

// Shadows are marked where the sun casts them: of true claims the marks lie about the sun of the claimed hour.
func TestShadowsFollowTheSun(t *testing.T) {
	t.Parallel()
	near, all := 0, 0
	for n := range 600 {
		c, err := maker().Lie(worlds.None, n)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range c.Incident.Marks {
			w, p := c.Incident.Claim.When, c.Incident.Claim.Where
			sun := solar.Sun(w.From.Add(w.Duration()/2), p.Lat, p.Lon)
			off := math.Abs(math.Mod(*m.AzimuthDeg-sun.AzimuthDeg-180+900, 360) - 180)
			if all++; off < 3**m.SigmaDeg+6 { // in a quarter of an hour the sun turns by up to 6 degrees
				near++
			}
		}
	}
	if share := float64(near) / float64(all); all < 60 || share < 0.9 || share > 0.99 {
		t.Errorf("%d of %d marks lie along the sun", near, all)
	}
}
