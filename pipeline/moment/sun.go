package moment

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"whenwhere/internal/camera"
	"whenwhere/internal/fusion"
	"whenwhere/internal/shadow"
	"whenwhere/internal/solar"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// The error model of exposures. The slack covers snow, sky and lamps in the frame and metering habits; the slope says
// how fast a still brighter scene becomes incredible; below the lamp level street lights and fires explain any scene.
// Proposals of the design, to be fitted on labelled photos.
const (
	SlackEV      = 3.0
	SlopeBansEV  = 0.7
	LampsEV      = 9.0
	DarkMarginEV = 10.0
	DarkShare    = 0.4 // how often a scene is this dark by day: a cellar, a lens cap, a heavy filter
	MeterEV      = 1.5 // the most between the exposure triple and the camera's own light meter
)

const (
	exposureGenuine = 0.998 // exposure tags are hardly ever edited
	markGenuine     = 0.95  // marks on the wrong object, mirrored pictures
)

// SceneEV is the exposure value at ISO 100 that the scene was metered at: the exposure triple with the photographer's
// compensation taken out; ok is false when one of the three is absent or impossible.
func SceneEV(x pipeline.Exposure) (float64, bool) {
	if x.FNumber == nil || x.TimeS == nil || x.ISO == nil {
		return 0, false
	}
	ev, ok := solar.EV100(*x.FNumber, *x.TimeS, *x.ISO)
	if ok && x.BiasEV != nil {
		ev += *x.BiasEV
	}
	return ev, ok
}

// exposureFits is how likely such an exposure is under a sky, by the brightest exposure value of that, against its being
// possible.
func exposureFits(ev, brightest float64) float64 {
	limit := max(brightest+SlackEV, LampsEV)
	switch {
	case ev > limit:
		return math.Pow(10, -SlopeBansEV*(ev-limit))
	case ev < brightest-DarkMarginEV:
		return DarkShare
	}
	return 1
}

// meanFits is the mean over ascending skies. Below lamps one night is like another.
func meanFits(ev float64, skies []float64) float64 {
	sum, fits, last := 0.0, 0.0, math.NaN()
	for _, brightest := range skies {
		if ev > LampsEV {
			brightest = max(brightest, LampsEV-SlackEV)
		}
		if brightest != last {
			fits, last = exposureFits(ev, brightest), brightest
		}
		sum += fits
	}
	return sum / float64(len(skies))
}

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

func (x File) exposureItem(l light) (item, bool, error) {
	e, ok, err := pipeline.ExposureKey.In(x.Exhibit.Observed)
	if err != nil || !ok {
		return item{}, false, err
	}
	ev, known := SceneEV(e)
	if !known || e.FlashFired != nil && *e.FlashFired || e.BrightnessEV != nil && math.Abs(*e.BrightnessEV+5-ev) > MeterEV {
		return item{}, false, nil
	}
	breaks := l.bins()
	values := make([]float64, len(breaks)/2)
	for i := range values {
		values[i] = exposureFits(ev, l.brightest((breaks[2*i]+breaks[2*i+1])/2, l.at.Lat, l.at.Lon))
	}
	d, err := l.shape(breaks, values, meanFits(ev, l.yearAt(l.at.Lat)))
	if err != nil {
		return item{}, false, fmt.Errorf("exposure of %s: %w", x.Exhibit.Subject(), err)
	}
	return lightItem("exposure", "exposure", x.Exhibit.Evidence(pipeline.ExposureKey.ID, ""), exposureGenuine, d), true, nil
}

func lightItem(id, clock, evidence string, genuine float64, d fusion.Density) item {
	return item{fusion.Item{ID: id, Clock: clock, Reliability: genuine, Hypotheses: []fusion.Hypothesis{{Name: "sun", Weight: 1, Shape: d}}}, evidence, false}
}

// levelSigmaDeg is how level a frame is held whose roll nobody measured; judged, from horizons of hand-held photos.
const levelSigmaDeg = 2

// Direction is a mark with its pixel, if it has one, turned into azimuth and elevation by the geometry of the frame on the
// exhibit. The error says what that lacks.
func Direction(m pipeline.Mark, e pipeline.Exhibit) (pipeline.Mark, error) {
	if m.Pixel == nil {
		return m, nil
	}
	p := *m.Pixel
	lens, err := lensOf(p, e)
	if err != nil {
		return m, fmt.Errorf("sun in the frame: %w", err)
	}
	roll := camera.Measure{Sigma: levelSigmaDeg}
	if p.RollDeg != nil && p.SigmaRollDeg != nil {
		roll = camera.Measure{Value: *p.RollDeg, Sigma: *p.SigmaRollDeg}
	}
	pose := camera.Pose{Lens: lens, Attitude: camera.Attitude{
		Yaw: camera.Measure{Value: p.YawDeg, Sigma: p.SigmaYawDeg}, Pitch: camera.Measure{Value: p.PitchDeg, Sigma: p.SigmaPitchDeg}, Roll: roll}}
	sun, err := camera.SunFromMark(pose, camera.Mark{At: camera.Pixel{X: p.XPx, Y: p.YPx}, SigmaPx: p.SigmaPx})
	if err != nil {
		return m, fmt.Errorf("sun in the frame: %w", err)
	}
	m.Pixel = nil
	m.AzimuthDeg, m.SigmaDeg = &sun.Azimuth.Value, &sun.Azimuth.Sigma
	m.ElevationDeg, m.SigmaElevationDeg = &sun.Elevation.Value, &sun.Elevation.Sigma
	return m, nil
}

// lensOf is the lens by the mark's own field of view, or by the 35-mm focal length that the file states.
func lensOf(p pipeline.SunPixel, e pipeline.Exhibit) (camera.Lens, error) {
	if p.HFOVDeg != nil && p.SigmaHFOVDeg != nil {
		return camera.FromFOV(p.WidthPx, p.HeightPx, camera.Measure{Value: *p.HFOVDeg, Sigma: *p.SigmaHFOVDeg})
	}
	c, _, err := pipeline.CameraKey.In(e.Observed)
	if err != nil {
		return camera.Lens{}, err
	}
	if c.FocalLength35mmMM == nil {
		return camera.Lens{}, errNoFOV
	}
	return camera.FromF35(camera.Optics{F35Mm: *c.FocalLength35mmMM, WidthPx: p.WidthPx, HeightPx: p.HeightPx})
}

var errNoFOV = errors.New("neither the mark nor the file states a field of view or a 35-mm focal length")

// Observation is a mark in the words of package shadow; one with a pixel goes through Direction first.
func Observation(m pipeline.Mark) shadow.Observation {
	measure := func(v, sigma *float64) *shadow.Measure {
		if v == nil || sigma == nil {
			return nil
		}
		return &shadow.Measure{Value: *v, Sigma: *sigma}
	}
	o := shadow.Observation{
		Ratio: measure(m.Ratio, m.SigmaRatio), SlopeDeg: measure(m.SlopeDeg, m.SigmaSlopeDeg), LeanDeg: measure(m.LeanDeg, m.SigmaLeanDeg),
		SunElevationDeg: measure(m.ElevationDeg, m.SigmaElevationDeg), NorthUnknown: m.NorthUnknown, Frame: m.By,
	}
	if m.Kind == pipeline.MarkSun {
		o.SunAzimuthDeg = measure(m.AzimuthDeg, m.SigmaDeg)
	} else {
		o.ShadowAzimuthDeg = measure(m.AzimuthDeg, m.SigmaDeg)
	}
	if m.AfterS != nil {
		o.After = time.Duration(*m.AfterS * float64(time.Second))
	}
	return o
}

// Site is a claimed place for package shadow, which wants the circle that holds it with 95 %.
func Site(p pipeline.Place) shadow.Place {
	return shadow.Place{LatDeg: p.Lat, LonDeg: p.Lon, RadiusM: min(p.RadiusM, 200_000)}
}

// markItems are the marks on the file, those of one analyst together: their errors are independent, whether the analyst
// looked at the right file is not. A flag names marks that fit no time.
func (x File) markItems(in pipeline.Incident, l light) (out []item, flags []string, err error) {
	by := map[string][]int{}
	var names []string
	for i, m := range in.Marks {
		if m.Media != x.Exhibit.Ref.File {
			continue
		}
		if by[m.By] == nil {
			names = append(names, m.By)
		}
		by[m.By] = append(by[m.By], i)
	}
	slices.SortFunc(names, cmp.Compare)
	for _, name := range names {
		var seen []shadow.Observation
		evidence := ""
		for _, i := range by[name] {
			m, err := Direction(in.Marks[i], x.Exhibit)
			if err != nil {
				flags = append(flags, FlagMarkUnread)
				continue
			}
			seen = append(seen, Observation(m))
			evidence = cmp.Or(evidence, pipeline.MarkSubject(i))
		}
		if len(seen) == 0 {
			continue
		}
		d, fits, err := l.marks(seen)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", evidence, err)
		}
		if !fits {
			flags = append(flags, FlagMarkUnfit)
			continue
		}
		out = append(out, lightItem("marks "+name, "analyst "+name, evidence, markGenuine, d))
	}
	return out, flags, nil
}

// marks is the likelihood of the observations: over the near instants as the sun goes there, elsewhere as it goes on
// average over the year. fits is false when the sun makes no such marks there at any time of a year.
func (l light) marks(seen []shadow.Observation) (d fusion.Density, fits bool, err error) {
	site := Site(l.at)
	average, err := shadow.When(seen, site, year(), shadow.Options{})
	if errors.Is(err, shadow.ErrSunDown) {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	nearby, err := shadow.When(seen, site, l.near, shadow.Options{})
	if errors.Is(err, shadow.ErrSunDown) {
		d, err = l.shape(l.bins(), make([]float64, len(l.bins())/2), 1)
		return d, err == nil, err
	}
	if err != nil {
		return d, false, err
	}
	scale := math.Exp(nearby.LogEvidence-average.LogEvidence) * float64(l.near.Measure())
	var breaks []int64
	var values []float64
	for _, iv := range l.near.Minus(support(nearby.Density)).Intervals() {
		breaks, values = append(breaks, iv.Lo, iv.Hi), append(values, 0)
	}
	for i, m := range nearby.Density.Mass {
		lo, hi := nearby.Density.Breaks[i], nearby.Density.Breaks[i+1]
		if m > 0 {
			breaks, values = append(breaks, lo, hi), append(values, scale*m/float64(hi-lo))
		}
	}
	sortBins(breaks, values)
	d, err = l.shape(breaks, values, 1)
	return d, err == nil, err
}

func support(d shadow.Density) timeset.Set {
	var out []timeset.Interval
	for i, m := range d.Mass {
		if m > 0 {
			out = append(out, timeset.Interval{Lo: d.Breaks[i], Hi: d.Breaks[i+1]})
		}
	}
	return timeset.Of(out...)
}

// sortBins brings pairs of ends, and their values, into the order of time.
func sortBins(breaks []int64, values []float64) {
	type bin struct {
		lo, hi int64
		v      float64
	}
	bins := make([]bin, len(values))
	for i, v := range values {
		bins[i] = bin{breaks[2*i], breaks[2*i+1], v}
	}
	slices.SortFunc(bins, func(a, b bin) int { return cmp.Compare(a.lo, b.lo) })
	for i, b := range bins {
		breaks[2*i], breaks[2*i+1], values[i] = b.lo, b.hi, b.v
	}
}
