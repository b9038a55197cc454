package solar_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/solar"
)

func mustTable(t testing.TB, from, to time.Time) *solar.Table {
	t.Helper()
	table, err := solar.NewTable(from, to)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// direction of a body against the stars, and its turn under the Earth, are compared apart: together
// they could cancel.
func ephemerisDifference(a, b solar.Ephemeris) float64 {
	stars := separation(a.RightAscensionDeg(), a.DeclinationDeg(), b.RightAscensionDeg(), b.DeclinationDeg())
	turn := math.Abs(math.Remainder(a.SiderealDeg()-b.SiderealDeg(), 360))
	return max(stars, turn)
}

// TestTableAgainstFullEvaluation measures the error stated in the documentation of Table.
func TestTableAgainstFullEvaluation(t *testing.T) {
	t.Parallel()
	from, to := date(1990, 1, 1), date(2051, 1, 1)
	sun := mustTable(t, from, to)
	random := rand.New(rand.NewPCG(1, 2))
	var worst, worstAU float64
	for range 15000 {
		when := from.Add(time.Duration(random.Int64N(int64(to.Sub(from)))))
		e, ok := sun.At(when)
		if !ok {
			t.Fatalf("no answer for %s", when)
		}
		full := solar.At(when)
		worst = max(worst, ephemerisDifference(e, full))
		worstAU = max(worstAU, math.Abs(e.DistanceAU()-full.DistanceAU()))
	}
	t.Logf("%.2g deg, %.2g AU", worst, worstAU)
	if !(worst < 1e-6) || !(worstAU < 1e-8) {
		t.Error("beyond the stated error")
	}
}

// TestTableIsTheSameFromEveryRange: a result must not depend on what else was asked for.
func TestTableIsTheSameFromEveryRange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		when := drawTime(t)
		before := time.Duration(rapid.Int64Range(0, int64(90*24*time.Hour)).Draw(t, "before"))
		after := time.Duration(rapid.Int64Range(0, int64(90*24*time.Hour)).Draw(t, "after"))
		point, err := solar.NewTable(when, when)
		if err != nil {
			t.Fatal(err)
		}
		wide, err := solar.NewTable(when.Add(-before), when.Add(after))
		if err != nil {
			t.Fatal(err)
		}
		a, okA := point.At(when)
		b, okB := wide.At(when)
		if a != b || !okA || !okB {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

func TestTableRefuses(t *testing.T) {
	t.Parallel()
	now := date(2024, 7, 8)
	for name, c := range map[string]struct{ from, to time.Time }{
		"reversed":        {now, now.Add(-time.Nanosecond)},
		"101 years":       {now, now.AddDate(101, 0, 0)},
		"year 9999":       {date(9999, 1, 1), date(9999, 2, 1)},
		"beyond int64":    {time.Unix(math.MinInt64, 0), now},
		"zero to the end": {time.Time{}, time.Unix(math.MaxInt64, 0)},
	} {
		if table, err := solar.NewTable(c.from, c.to); !errors.Is(err, solar.ErrRange) || table != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	table := mustTable(t, now, now.AddDate(0, 0, 1))
	for _, outside := range []time.Time{now.Add(-time.Second), now.AddDate(0, 0, 1).Add(time.Second), {}} {
		if e, ok := table.At(outside); ok || e != (solar.Ephemeris{}) {
			t.Errorf("answered for %s", outside)
		}
	}
	for _, inside := range []time.Time{now, now.AddDate(0, 0, 1)} {
		if _, ok := table.At(inside); !ok {
			t.Errorf("no answer for %s", inside)
		}
	}
	if from, to := table.Range(); !from.Equal(now) || !to.Equal(now.AddDate(0, 0, 1)) {
		t.Errorf("range %s to %s", from, to)
	}
	if _, ok := (*solar.Table)(nil).At(now); ok {
		t.Error("a nil table answered")
	}
}

func TestTableSharedByGoroutines(t *testing.T) {
	t.Parallel()
	from := date(2024, 1, 1)
	table := mustTable(t, from, from.AddDate(1, 0, 0))
	var wait sync.WaitGroup
	sums := make([]float64, 4)
	for i := range sums {
		wait.Go(func() {
			for hour := range 8000 {
				e, _ := table.At(from.Add(time.Duration(hour) * time.Hour))
				sums[i] += e.From(solar.SeaLevel(48, 37.8)).ElevationDeg
			}
		})
	}
	wait.Wait()
	for _, sum := range sums {
		if sum != sums[0] {
			t.Errorf("sums differ: %v", sums)
		}
	}
}

func TestTableAllocatesNothing(t *testing.T) {
	when := date(2024, 7, 8)
	table := mustTable(t, when, when.AddDate(0, 0, 1))
	var sink solar.Position
	if n := testing.AllocsPerRun(100, func() {
		e, _ := table.At(when)
		sink = e.From(solar.SeaLevel(50, 30))
	}); n != 0 {
		t.Errorf("allocates %g times (%+v)", n, sink)
	}
}

func BenchmarkTableAt(b *testing.B) {
	from := date(2024, 1, 1)
	table := mustTable(b, from, from.AddDate(1, 0, 0))
	when := from.Add(1234567 * time.Second)
	b.ReportAllocs()
	for b.Loop() {
		table.At(when)
	}
}

func BenchmarkNewTableYear(b *testing.B) {
	from := date(2024, 1, 1)
	for b.Loop() {
		mustTable(b, from, from.AddDate(1, 0, 0))
	}
}
