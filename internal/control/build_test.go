package control_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/control"
	"whenwhere/internal/control/mapfile"
)

// indexed reads the files one by one, sorted by name.
func indexed(t *testing.T, files map[string]string) []*control.Indexed {
	t.Helper()
	var out []*control.Indexed
	fsys := folder(files)
	names := []string{}
	for name := range fsys {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		m, err := mapfile.ReadFS(fsys, name, mapfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		x, err := control.Index(m)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}

func TestAssembledIsLoaded(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"a_20241101.geojson": ownMap(`"complement":"ua",`, ground("ru", square(37, 47, 38, 48))),
		"a_20241102.geojson": ownMap(`"complement":"ua",`, ground("ru", square(37, 47, 37.5, 48))),
		"b_20241102.geojson": ownMap("", ground("ua", square(37, 47, 38, 48))),
	}
	want := load(t, files)
	list := indexed(t, files)
	for range 2 { // the second time from the same maps: the flags of the first must not stay on them
		slices.Reverse(list)
		got, faults := control.Assemble(list...)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if diff := cmp.Diff(want.Editions(), got.Editions()); diff != "" {
			t.Error(diff)
		}
		for _, lon := range []float64{37.2, 37.7, 38.5} {
			if diff := cmp.Diff(want.At(47.5, lon, at("2024-11-02T12:00:00Z")), got.At(47.5, lon, at("2024-11-02T12:00:00Z"))); diff != "" {
				t.Error(diff)
			}
		}
	}
}

func TestAssembledClash(t *testing.T) {
	t.Parallel()
	list := indexed(t, map[string]string{
		"a_20241101.geojson":   ownMap("", ground("ru", square(37, 47, 38, 48))),
		"x/a_20241101.geojson": ownMap("", ground("ru", square(37, 47, 39, 48))),
	})
	m, faults := control.Assemble(list...)
	if len(faults) != 1 || len(m.Editions()) != 1 || m.Editions()[0].File != "a_20241101.geojson" {
		t.Errorf("%v, %v", faults, m.Editions())
	}
}

func TestMissingDaysAreThoseOfTheMaps(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2024, 11, d, 3, 0, 0, 0, time.UTC) }
	got, daily := control.MissingDays([]time.Time{day(1), day(2), day(5), day(6)})
	if want := []time.Time{day(3).Truncate(24 * time.Hour), day(4).Truncate(24 * time.Hour)}; !daily || !cmp.Equal(want, got) {
		t.Errorf("%v %v", got, daily)
	}
	if got, daily := control.MissingDays([]time.Time{day(1), day(9), day(20)}); daily || got != nil {
		t.Errorf("%v %v", got, daily)
	}
	if _, daily := control.MissingDays(nil); daily {
		t.Error("no edition comes daily")
	}
}

func TestDrops(t *testing.T) {
	t.Parallel()
	area := func(day int, km2 float64, accepted bool) control.Area {
		return control.Area{AsOf: time.Date(2024, 11, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, day), HeldKm2: km2, Accepted: accepted}
	}
	for name, c := range map[string]struct {
		editions []control.Area
		held     []int // indexes that wait for a person
	}{
		"none":                       {nil, nil},
		"a fifth is allowed":         {[]control.Area{area(0, 100, false), area(1, 80, false)}, nil},
		"more is not":                {[]control.Area{area(0, 100, false), area(1, 79.9, false)}, []int{1}},
		"a broken one vouches not":   {[]control.Area{area(0, 100, false), area(1, 10, false), area(2, 10, false), area(3, 99, false)}, []int{1, 2}},
		"accepted, and what follows": {[]control.Area{area(0, 100, false), area(1, 50, true), area(2, 49, false)}, nil},
		"after a long gap":           {[]control.Area{area(0, 100, false), area(31, 50, false)}, nil},
		"many small gaps are none":   {[]control.Area{area(0, 100, false), area(20, 50, false), area(40, 50, false)}, []int{1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var held []int
			for i, why := range control.Drops(c.editions) {
				if why != "" {
					held = append(held, i)
				}
			}
			if !slices.Equal(c.held, held) {
				t.Errorf("%v, want %v", held, c.held)
			}
		})
	}
}
