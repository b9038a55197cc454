package control_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/control"
	"whenwhere/internal/geo"
	"whenwhere/internal/shareddata"
)

type question struct {
	where geo.LatLon
	when  time.Time
}

// questions are the places of the truth table, each at some moment of the 200
// days, so that no map stays in the cache for the next one.
func questions(b *testing.B, offDeg float64) (out []question) {
	random := rand.New(rand.NewPCG(1, 2))
	first := at("2024-08-01T03:00:00Z")
	for _, r := range truth(b) {
		if offDeg > 0 && r.distM > 2000 {
			continue
		}
		out = append(out, question{
			geo.LatLon{Lat: r.lat + offDeg*random.NormFloat64(), Lon: r.lon + offDeg*random.NormFloat64()},
			first.Add(time.Duration(random.Int64N(int64(210 * 24 * time.Hour)))),
		})
	}
	return out
}

// askAll reports answers per second of the clock, and per second that a core
// worked for this process.
func askAll(b *testing.B, list []question, ask func(q *question)) {
	b.ReportAllocs()
	start, ok := cpuTime()
	i := 0
	for b.Loop() {
		ask(&list[i])
		if i++; i == len(list) {
			i = 0
		}
	}
	end, _ := cpuTime()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "answers/s")
	if ok {
		b.ReportMetric(float64(b.N)/(end-start).Seconds(), "answers/cpu-s")
	}
}

func dailyFolder(b testing.TB) string {
	return filepath.Join(shareddata.Path(b, "frontline"), "deepstate_daily")
}

// BenchmarkPublishedControl asks 209 daily maps who held a place at a moment,
// one core.
func BenchmarkPublishedControl(b *testing.B) {
	m, errs := control.Load(os.DirFS(dailyFolder(b)))
	if len(errs) > 0 {
		b.Fatal(errs)
	}
	p, ok := m.Provider("deepstate")
	if !ok {
		b.Fatal("no maps")
	}
	for name, offDeg := range map[string]float64{"places": 0, "within-2-km": 0.01} {
		list := questions(b, offDeg)
		b.Run("side/"+name, func(b *testing.B) {
			askAll(b, list, func(q *question) { p.SideAt(q.where, q.when) })
		})
		b.Run("distance/"+name, func(b *testing.B) {
			askAll(b, list, func(q *question) { p.DistanceAt(q.where, q.when) })
		})
	}
}

// BenchmarkPublishedControlLoad reads 200 daily maps: the time, the heap that
// the maps keep, and the most memory that the process ever had.
func BenchmarkPublishedControlLoad(b *testing.B) {
	root := dailyFolder(b)
	entries, err := os.ReadDir(root)
	if err != nil {
		b.Fatal(err)
	}
	two := b.TempDir()
	for _, e := range entries[:200] {
		data, err := os.ReadFile(filepath.Join(root, e.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(two, e.Name()), data, 0o600)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	var m *control.Maps
	start, ok := cpuTime()
	for b.Loop() {
		var errs []error
		if m, errs = control.Load(os.DirFS(two)); len(errs) > 0 || len(m.Editions()) != 200 {
			b.Fatal(len(m.Editions()), errs)
		}
	}
	end, _ := cpuTime()
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/200-maps")
	if ok {
		b.ReportMetric((end-start).Seconds()/float64(b.N), "cpu-s/200-maps")
	}
	runtime.GC()
	var heap runtime.MemStats
	runtime.ReadMemStats(&heap)
	b.ReportMetric(float64(heap.HeapAlloc)/1e6, "MB-kept")
	if mb, ok := peakMB(); ok {
		b.ReportMetric(mb, "MB-peak-of-process")
	}
	runtime.KeepAlive(m)
}

// peakMB is the largest resident size of this process so far, where the
// system tells it.
func peakMB() (mb float64, ok bool) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(line, "VmHWM:"); found {
			kb, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 64)
			return kb / 1000, err == nil
		}
	}
	return 0, false
}
