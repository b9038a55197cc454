package moment

import (
	"math"
	"slices"
	"sync"
	"time"

	"whenwhere/internal/fusion"
	"whenwhere/internal/solar"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// light is where and over which instants the sun is looked at. Elsewhere in the prior it counts as it is on average over
// the year: a bogus clock leaves minutes of no particular day.
type light struct {
	*sky
	at    pipeline.Place
	prior timeset.Interval
	near  timeset.Set
	step  int64 // ms
}

// maxLooks bounds the instants that are looked at for one file. In the least step the sun rises by half a degree at most,
// which in the steepest twilight is less than an exposure value.
const (
	maxLooks    = 4000
	leastStepMs = 2 * minuteMs
)

func newLight(s *sky, at pipeline.Place, prior timeset.Interval, near timeset.Set) light {
	near = near.Intersect(timeset.Of(prior))
	return light{s, at, prior, near, max(leastStepMs, near.Measure()/maxLooks)}
}

// sky holds what is the same for all files. It is safe for concurrent use.
type sky struct {
	table *solar.Table
	mu    sync.Mutex // guards years
	years map[int][]float64
}

// newSky computes the sun over the prior: 0.1 s.
func newSky() (*sky, error) {
	table, err := solar.NewTable(time.UnixMilli(everMs().Lo), time.UnixMilli(everMs().Hi))
	return &sky{table: table, years: map[int][]float64{}}, err
}

// brightest is the brightest exposure value at an instant.
func (s *sky) brightest(ms int64, lat, lon float64) float64 {
	e, ok := s.table.At(time.UnixMilli(ms))
	if !ok {
		return math.NaN()
	}
	return solar.MaxEV100(e.ElevationDeg(solar.SeaLevel(lat, lon)))
}

// yearAt samples the brightest exposure values of a year at the nearest whole degree of latitude. Over days and years they
// do not depend on the longitude.
func (s *sky) yearAt(lat float64) []float64 {
	const steps = 24
	degree := int(math.Round(lat))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.years[degree] == nil {
		var all []float64
		for _, day := range year().Intervals() {
			for i := range int64(steps) {
				all = append(all, s.brightest(day.Lo+(2*i+1)*dayMs/(2*steps), float64(degree), 0))
			}
		}
		slices.Sort(all)
		s.years[degree] = all
	}
	return s.years[degree]
}

// year is a sample of whole days: one of each month, because the sun's height changes little within one. Every year is
// alike to a hundredth of a degree of what matters here.
func year() timeset.Set {
	var days []timeset.Interval
	for month := time.January; month <= time.December; month++ {
		at := time.Date(2024, month, 15, 0, 0, 0, 0, time.UTC).UnixMilli()
		days = append(days, timeset.Interval{Lo: at, Hi: at + dayMs})
	}
	return timeset.Of(days...)
}

// shape is a likelihood over the prior: near gives its values on pieces of the near instants, mean holds elsewhere.
func (l light) shape(breaks []int64, values []float64, mean float64) (fusion.Density, error) {
	b, v := make([]int64, 0, 2*len(values)+2), make([]float64, 0, 2*len(values)+1)
	at := l.prior.Lo
	put := func(to int64, value float64) {
		if to <= at {
			return
		}
		if n := len(v); n == 0 || v[n-1] != value { // equal neighbours are one piece
			b, v = append(b, at), append(v, value)
		}
		at = to
	}
	for i, value := range values {
		put(breaks[2*i], mean)
		put(breaks[2*i+1], value)
	}
	put(l.prior.Hi, mean)
	return fusion.Bins(append(b, at), v)
}

// bins cuts the near instants into pieces of the step, as pairs of ends.
func (l light) bins() []int64 {
	out := make([]int64, 0, 2*(l.near.Measure()/l.step+int64(l.near.Len())))
	for _, iv := range l.near.Intervals() {
		for lo := iv.Lo; lo < iv.Hi; lo += l.step {
			out = append(out, lo, min(lo+l.step, iv.Hi))
		}
	}
	return out
}

func lightItem(id, clock, evidence string, genuine float64, d fusion.Density) item {
	return item{fusion.Item{ID: id, Clock: clock, Reliability: genuine, Hypotheses: []fusion.Hypothesis{{Name: "sun", Weight: 1, Shape: d}}}, evidence, false}
}
