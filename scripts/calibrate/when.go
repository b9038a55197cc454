package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"text/tabwriter"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/solar"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// What the model of package moment says of each witness; stated again here, so that a change there shows.
const (
	cameraGenuine, cameraSlackS = 0.9, 60
	gpsGenuine, gpsSlackS       = 0.95, 300
	daySlip                     = 0.03 // either way
	markGenuine                 = 0.95
	exposureGenuine             = 0.998
)

// trial is one truth with what it left behind.
type trial struct {
	at       time.Time
	place    pipeline.Place
	exhibit  pipeline.Exhibit
	incident pipeline.Incident
	left     []string // what, for the table
}

// outcome is what the estimator made of a trial.
type outcome struct {
	left         string
	in50, in95   bool
	inLikely     bool
	hasLikely    bool
	widthMs      int64
	likelyMass   float64
	clockBogus   bool
	clockBelieve float64
}

type results []outcome

func drawTrials(ctx context.Context, n int, seed uint64) (results, error) {
	zones := clock.NewZones()
	estimator := moment.New(zones)
	table, err := solar.NewTable(from, to)
	if err != nil {
		return nil, err
	}
	d := dice{rand.New(rand.NewPCG(seed, 4)), table, zones}
	var out results
	for range n {
		t, bogus, err := d.trial()
		if err != nil {
			return nil, err
		}
		got, err := estimator.Estimates(ctx, pipeline.Case{Incident: t.incident, Media: []pipeline.Exhibit{t.exhibit}})
		if err != nil {
			return nil, err
		}
		if len(got) != 1 {
			return nil, fmt.Errorf("%d estimates of one file", len(got))
		}
		out = append(out, judge(t, got[0], bogus))
	}
	return out, nil
}

func judge(t trial, e pipeline.Estimate, bogus bool) outcome {
	o := outcome{left: fmt.Sprint(t.left), in50: holds(e.Within50, t.at), in95: holds(e.Within95, t.at), clockBogus: bogus}
	for _, s := range e.Within95.Spans {
		o.widthMs += s.Duration().Milliseconds()
	}
	if e.Likely != nil {
		o.hasLikely, o.inLikely, o.likelyMass = true, holds(*e.Likely, t.at), e.Likely.Mass
	}
	for _, i := range e.Items {
		if i.Clock == "camera_clock" {
			o.clockBelieve = i.After
		}
	}
	return o
}

func holds(s pipeline.Share, at time.Time) bool {
	return slices.ContainsFunc(s.Spans, func(s pipeline.Span) bool { return !at.Before(s.From) && at.Before(s.To) })
}

// share is the share of the chosen outcomes.
func (r results) share(of func(outcome) bool) float64 {
	n := 0
	for _, o := range r {
		if of(o) {
			n++
		}
	}
	return float64(n) / float64(len(r))
}

func (r results) share95() float64 { return r.share(func(o outcome) bool { return o.in95 }) }

func (r results) print(out io.Writer) {
	groups := map[string]results{"all": r}
	names := []string{}
	for _, o := range r {
		if groups[o.left] == nil {
			names = append(names, o.left)
		}
		groups[o.left] = append(groups[o.left], o)
	}
	slices.Sort(names)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "left behind\tn\tin the 50 % set\tin the 95 % set\tmedian width of it\tin the likely set\tclaimed for it\tclock genuine\tclaimed")
	for _, name := range append(names, "all") {
		g := groups[name]
		var widths []int64
		claimed, believed := 0.0, 0.0
		for _, o := range g {
			widths = append(widths, o.widthMs)
			claimed += o.likelyMass / float64(len(g))
			believed += o.clockBelieve / float64(len(g))
		}
		slices.Sort(widths)
		fmt.Fprintf(w, "%s\t%d\t%.1f %%\t%.1f %%\t%s\t%.1f %%\t%.1f %%\t%.1f %%\t%.1f %%\n", name, len(g), 100*g.share(func(o outcome) bool { return o.in50 }), 100*g.share95(),
			(time.Duration(widths[len(widths)/2]) * time.Millisecond).Round(time.Second), 100*g.share(func(o outcome) bool { return o.inLikely }), 100*claimed,
			100*g.share(func(o outcome) bool { return !o.clockBogus }), 100*believed)
	}
	w.Flush()
}

// The prior of package moment.
var (
	from = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	to   = time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)
)

// dice draws truths.
type dice struct {
	*rand.Rand
	table *solar.Table
	zones *clock.Zones
}

func (d dice) chance(p float64) bool { return d.Float64() < p }

func (d dice) between(lo, hi float64) float64 { return lo + (hi-lo)*d.Float64() }

func (d dice) instant() time.Time {
	return from.Add(time.Duration(d.Int64N(int64(to.Sub(from).Milliseconds()))) * time.Millisecond)
}

// anyPlace is in Ukraine, or anywhere.
func (d dice) anyPlace() pipeline.Place {
	if d.chance(0.5) {
		return pipeline.Place{Lat: d.between(46, 51.5), Lon: d.between(23, 40), RadiusM: 500}
	}
	return pipeline.Place{Lat: d.between(-60, 65), Lon: d.between(-180, 180), RadiusM: 500}
}

func (d dice) sun(t time.Time, p pipeline.Place) solar.Position {
	e, _ := d.table.At(t)
	return e.From(solar.SeaLevel(p.Lat, p.Lon))
}

// trial draws one truth. What a genuine shadow or exposure needs of the sun is drawn with the instant: instants at which
// it could not have been left behind are drawn again.
func (d dice) trial() (t trial, bogus bool, err error) {
	t.place = d.anyPlace()
	hasGPS, hasPost, hasMark, hasExposure := d.chance(0.4), d.chance(0.4), d.chance(0.5), d.chance(0.5)
	markTrue, exposureTrue := d.chance(markGenuine), d.chance(exposureGenuine)
	ev := d.between(3, 15)
	posted := d.postTime()
	if !hasPost {
		posted = to
	}
	t.at = d.under(t.place, hasMark && markTrue, hasExposure && exposureTrue, ev, posted)
	t.exhibit = pipeline.Exhibit{Ref: pipeline.MediaRef{File: "a.jpg"}, Media: &pipeline.Media{}}
	t.incident = pipeline.Incident{ID: "C-1", Claim: pipeline.Claim{Where: &t.place}, Media: []pipeline.MediaRef{t.exhibit.Ref}}
	stamp, bogus, err := d.camera(t)
	if err != nil {
		return t, false, err
	}
	stamps := []pipeline.StatedClock{stamp}
	t.left = []string{"clock"}
	if hasGPS {
		stamps, t.left = append(stamps, d.gps(t.at)), append(t.left, "satellites")
	}
	if hasPost {
		t.incident.Sources, t.left = []pipeline.Source{{URL: "https://example.org/1", Published: &posted}}, append(t.left, "post")
	}
	if hasMark {
		t.incident.Marks, t.left = []pipeline.Mark{d.mark(t, markTrue)}, append(t.left, "shadow")
	}
	if err := observe(&t.exhibit, pipeline.ClocksKey, stamps); err != nil {
		return t, false, err
	}
	if hasExposure {
		t.left = append(t.left, "exposure")
		n, s, iso := math.Sqrt(math.Exp2(ev)/60), 1.0/60, 100.0
		n = math.Max(n, 0.6)
		s = n * n / math.Exp2(ev)
		err = observe(&t.exhibit, pipeline.ExposureKey, pipeline.Exposure{FNumber: &n, TimeS: &s, ISO: &iso})
	}
	return t, bogus, err
}

func observe[T any](e *pipeline.Exhibit, key pipeline.Key[T], v T) error {
	o, err := key.Observe(v)
	e.Observed = append(e.Observed, o)
	return err
}

// postTime is drawn so that, before anything else is known, every instant before the post is as likely as another: a post
// is an upper bound and no more.
func (d dice) postTime() time.Time {
	a, b := d.instant(), d.instant()
	if a.After(b) {
		return a
	}
	return b
}

// under draws an instant before the given one at which the sun is up, if it must be, and the exposure possible.
func (d dice) under(p pipeline.Place, up, exposed bool, ev float64, before time.Time) time.Time {
	for range 100_000 {
		t := d.instant()
		if !t.Before(before) {
			continue
		}
		if up && d.sun(t, p).ApparentElevationDeg <= 0 {
			continue
		}
		if exposed && !d.chance(fits(ev, d.sun(t, p).ElevationDeg)) {
			continue
		}
		return t
	}
	return from // such a sun never stands there before: the trial is one of bogus evidence
}

// fits is the error model of exposures, written anew.
func fits(ev, elevationDeg float64) float64 {
	sky := solar.MaxEV100(elevationDeg)
	if over := ev - max(sky+3, 9); over > 0 {
		return math.Pow(10, -0.7*over)
	}
	if ev < sky-10 {
		return 0.4
	}
	return 1
}

// camera is a dial without a zone, set to one of the offsets that a device there may have shown.
func (d dice) camera(t trial) (pipeline.StatedClock, bool, error) {
	shown, bogus := t.at.Add(time.Duration(d.between(-cameraSlackS, cameraSlackS)*1000)*time.Millisecond), !d.chance(cameraGenuine)
	if bogus {
		shown = d.instant()
	}
	offsets, err := d.offsetsAt(t.place, shown)
	if err != nil {
		return pipeline.StatedClock{}, false, err
	}
	wall := shown.Add(time.Duration(offsets[d.IntN(len(offsets))]) * time.Minute).Truncate(time.Second)
	return pipeline.StatedClock{Field: "EXIF:DateTimeOriginal", Raw: wall.Format("2006:01:02 15:04:05"), Clock: pipeline.ClockCamera,
		Kind: pipeline.StampCapture, Bound: pipeline.BoundPoint,
		Wall: &pipeline.WallSpan{From: wall.Format(pipeline.WallLayout), To: wall.Add(time.Second).Format(pipeline.WallLayout)}}, bogus, nil
}

// offsetsAt is every offset that a dial there may have shown at the instant: those under which some dial reading comes
// back to it.
func (d dice) offsetsAt(p pipeline.Place, at time.Time) ([]int, error) {
	var out []int
	for _, guess := range []int{-60, 0, 60} {
		around := at.Add(time.Duration(int(math.Round(p.Lon/15))*60+guess) * time.Minute).UnixMilli()
		local := timeset.Of(timeset.Interval{Lo: around, Hi: around + 1000})
		found, err := d.zones.Candidates(&clock.LatLon{Lat: p.Lat, Lon: p.Lon}, clock.Stamp{Local: local, Zone: clock.Unknown})
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			if !slices.Contains(out, c.OffsetMin) {
				out = append(out, c.OffsetMin)
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no offset at %+v", p)
	}
	return out, nil
}

func (d dice) gps(at time.Time) pipeline.StatedClock {
	shown := at.Add(time.Duration(d.between(-gpsSlackS, gpsSlackS)*1000) * time.Millisecond)
	switch x := d.Float64(); {
	case x < 1-gpsGenuine:
		shown = d.instant()
	case x < 1-gpsGenuine+gpsGenuine*daySlip:
		shown = shown.AddDate(0, 0, 1)
	case x < 1-gpsGenuine+gpsGenuine*2*daySlip:
		shown = shown.AddDate(0, 0, -1)
	}
	shown = shown.Truncate(time.Second)
	return pipeline.StatedClock{Field: "EXIF:GPSDateTime", Raw: shown.Format(time.RFC3339), Clock: pipeline.ClockGPS, Kind: pipeline.StampCapture, Bound: pipeline.BoundPoint,
		UTC: []pipeline.Span{{From: shown, To: shown.Add(time.Second)}}}
}

// mark is the direction of a shadow; a bogus one is that of another instant with the sun up.
func (d dice) mark(t trial, genuine bool) pipeline.Mark {
	at := t.at
	if !genuine {
		at = d.under(t.place, true, false, 0, to)
	}
	sigma := d.between(2, 8)
	azimuth := math.Mod(d.sun(at, t.place).AzimuthDeg+180+sigma*d.NormFloat64()+720, 360)
	return pipeline.Mark{Media: "a.jpg", Kind: pipeline.MarkShadow, AzimuthDeg: &azimuth, SigmaDeg: &sigma, By: "analyst-1"}
}
