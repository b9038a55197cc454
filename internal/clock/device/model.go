package device

import (
	"math"
	"slices"
	"sort"
)

// The error model, in seconds and probabilities. All are judged, from the
// ages of fixes in a set of 47 photos with GPS (seconds to ten minutes, dates
// a day off in 9 files of one camera, two fixes that repeat the dial).
const (
	// priorError: clocks set by a network are good to seconds, cameras set by
	// hand to a minute or two, neglected ones to a quarter of an hour.
	priorTightS, priorTightP = 20.0, 0.6
	priorHandS, priorHandP   = 120.0, 0.3
	priorLooseS, priorLooseP = 900.0, 0.1
	// priorDrift: quartz at 20 ppm gains or loses 1.73 s a day.
	priorDriftS = 1.73

	// A fix: fresh, some tens of seconds old, or anything within minutes.
	fixFreshS, fixFreshP = 2.5, 0.65
	fixOldMeanS, fixOldP = 40.0, 0.25
	fixLooseS, fixLooseP = 300.0, 0.10
	// What is wrong with a fix that is not of the shot: it repeats the dial;
	// it is hours old; its date is anything.
	fixLocalP, fixHoursP, fixAnyP = 0.02, 0.07, 0.03
	// slipP: all dates of fixes are a day late (or early), which is a fault
	// of the firmware and so one event for the device.
	slipP = 0.005

	// dialBogusP: the dial of a file was edited, or the file is not of this
	// device.
	dialBogusP = 0.02
	// A header: written at the start or the end, or in local time, or bogus.
	headerS, headerLocalP, headerBogusP = 2.0, 0.15, 0.05

	freeP   = 0.01 // a clock that was never set to any zone
	switchP = 0.01 // a device that changed from one rule to another

	daySeconds = 86400.0
	// anyS is the width over which a bogus date is taken to be uniform:
	// forty years.
	anyS = 40 * 365.25 * daySeconds
)

// model holds the files in seconds around the reference.
type model struct {
	files []File
	refMs int64
	dial  []float64 // seconds since the reference
	x     []float64 // days since the reference
	gps   [][]float64
	head  []float64   // NaN when absent
	means [][]float64 // mean density of each light
	some  []int       // the files of the first pass
}

func newModel(files []File) *model {
	m := &model{files: files, refMs: files[len(files)/2].Dial.Lo}
	for _, f := range files {
		dial := m.seconds(f.Dial.Lo + f.Dial.Width()/2)
		m.dial = append(m.dial, dial)
		m.x = append(m.x, dial/daySeconds)
		var fixes []float64
		for _, iv := range f.GPS.Intervals() {
			fixes = append(fixes, m.seconds(iv.Lo+iv.Width()/2))
		}
		m.gps = append(m.gps, fixes)
		head := math.NaN()
		if !f.Header.IsEmpty() {
			head = m.seconds(f.Header.Lo + f.Header.Width()/2)
		}
		m.head = append(m.head, head)
		var means []float64
		for _, l := range f.Light {
			means = append(means, l.mean())
		}
		m.means = append(m.means, means)
	}
	for k := range min(len(files), maxFirst) {
		m.some = append(m.some, k*len(files)/min(len(files), maxFirst))
	}
	return m
}

// maxFirst is the number of files, evenly spaced, on which the first pass
// looks for the error and the drift; all files then judge what it found.
const maxFirst = 60

// mean is the density that a bogus measurement has everywhere.
func (l Light) mean() float64 {
	mass, width := 0.0, 0.0
	for _, p := range l.Pieces {
		mass += p.Density * float64(p.Width())
		width += float64(p.Width())
	}
	return mass / width
}

func (m *model) seconds(ms int64) float64 { return float64(ms-m.refMs) / 1000 }

// fit is one class of rules under evaluation.
type fit struct {
	names    []string
	weight   float64
	free     bool
	slip     int     // days
	offsets  [][]int // per file: none, one, or two in a fold
	parts    *Switch
	parted   int // number of files before the switch
	evidence float64
	mode     [2]float64 // error, drift
	errorS   Estimate
	drift    Estimate
}

// classes joins the rules that give every file the same offsets.
func (m *model) classes(rules []Rule) []fit {
	ordered := slices.Clone(rules)
	sort.Slice(ordered, func(i, j int) bool { return ordered[i].Name < ordered[j].Name })
	total := 0.0 // in this order, so that the sum does not depend on the caller's
	for _, r := range ordered {
		total += r.Weight
	}
	var out []fit
	for _, r := range ordered {
		offsets := make([][]int, len(m.files))
		for i, f := range m.files {
			offsets[i] = r.resolve(f.Dial.Lo)
		}
		same := slices.IndexFunc(out, func(f fit) bool {
			return slices.EqualFunc(f.offsets, offsets, slices.Equal[[]int])
		})
		weight := r.Weight / total * (1 - freeP - switchP)
		if same >= 0 {
			out[same].names = append(out[same].names, r.Name)
			out[same].weight += weight
			continue
		}
		out = append(out, fit{names: []string{r.Name}, weight: weight, offsets: offsets})
	}
	var all []fit
	for _, f := range out {
		all = append(all, f)
		for _, slip := range []int{-1, 1} {
			if m.reaches(f, slip) {
				slipped := f
				slipped.slip, slipped.weight = slip, f.weight*slipP
				all = append(all, slipped)
			}
		}
	}
	return all
}

// free is the hypothesis of a clock that was never set: any error, no zone.
func (m *model) free() fit {
	offsets := make([][]int, len(m.files))
	for i := range offsets {
		offsets[i] = []int{0}
	}
	return fit{names: []string{"no zone"}, weight: freeP, free: true, offsets: offsets}
}

// reachS is how far a clock's error is followed.
const reachS = 4000

// reaches reports whether any fix comes near the dial under the class.
func (m *model) reaches(f fit, slip int) bool {
	for i := range m.files {
		for _, y := range m.residuals(f, slip, i) {
			if math.Abs(y) < reachS {
				return true
			}
		}
	}
	return false
}

// residuals returns how far the dial is ahead of the fix under the class.
func (m *model) residuals(f fit, slip, i int) []float64 {
	var out []float64
	for _, o := range f.offsets[i] {
		for _, g := range m.gps[i] {
			out = append(out, m.dial[i]-60*float64(o)-(g-daySeconds*float64(slip)))
		}
	}
	return out
}

// logFile is the log likelihood of one file at an error and a drift.
func (m *model) logFile(f *fit, i int, errorS, drift float64) float64 {
	sum := 0.0
	for _, o := range f.offsets[i] {
		own := m.dial[i] - 60*float64(o) // UTC by the device's own clock
		sum += m.genuine(f, i, own, own-errorS-drift*m.x[i]) / float64(len(f.offsets[i]))
	}
	return math.Log((1-dialBogusP)*sum + dialBogusP*m.bogus(i))
}

// genuine is the density of a file's readings when the shot was at t.
func (m *model) genuine(f *fit, i int, own, t float64) float64 {
	p := 1.0
	if len(m.gps[i]) > 0 {
		sum := 0.0
		for _, g := range m.gps[i] {
			sum += fixDensity(t-(g-daySeconds*float64(f.slip)), m.dial[i]-g)
		}
		p *= sum / float64(len(m.gps[i]))
	}
	if !math.IsNaN(m.head[i]) && !f.free {
		p *= headerDensity(m.head[i]-own, m.head[i]-m.dial[i], float64(m.files[i].DurationMs)/1000)
	}
	return p * m.outside(i, t)
}

// outside is the likelihood of t by limits and light.
func (m *model) outside(i int, t float64) float64 {
	p := 1.0
	for _, l := range m.files[i].Limits {
		if late := t - m.seconds(l.Ms); late > 0 && l.Upper || late < 0 && !l.Upper {
			p *= 1 - l.Reliability
		} else {
			p *= l.Reliability
		}
	}
	for k, l := range m.files[i].Light {
		p *= l.Reliability*l.at(m.refMs+int64(math.Floor(t*1000)))/m.means[i][k] + 1 - l.Reliability
	}
	return p
}

// at is the density at an instant.
func (l Light) at(ms int64) float64 {
	k := sort.Search(len(l.Pieces), func(k int) bool { return l.Pieces[k].Hi > ms })
	if k < len(l.Pieces) && l.Pieces[k].Lo <= ms {
		return l.Pieces[k].Density
	}
	return 0
}

// bogus is the density of a file's readings when its dial is worthless.
func (m *model) bogus(i int) float64 {
	p := 1.0
	if len(m.gps[i]) > 0 {
		p /= anyS
	}
	if !math.IsNaN(m.head[i]) {
		p /= anyS
	}
	for _, l := range m.files[i].Limits {
		p *= max(0.5, 1-l.Reliability)
	}
	return p
}

// fixDensity is the density of a fix that is older than the shot by y
// seconds, and that the dial is ahead of by local seconds.
func fixDensity(y, local float64) float64 {
	genuine := fixFreshP*normal(y, fixFreshS) + fixLooseP*normal(y, fixLooseS)
	if y > 0 {
		genuine += fixOldP * math.Exp(-y/fixOldMeanS) / fixOldMeanS
	}
	p := (1-fixLocalP-fixHoursP-fixAnyP)*genuine + fixLocalP*normal(local, fixFreshS) + fixAnyP/anyS
	if math.Abs(y) < daySeconds {
		p += fixHoursP / (2 * daySeconds)
	}
	return p
}

// headerDensity is the density of a header that is late by lateS seconds
// against the device's own clock, by local against its dial.
func headerDensity(late, local, duration float64) float64 {
	at := func(late float64) float64 {
		return (normal(late, headerS) + normal(late-duration, headerS)) / 2
	}
	return (1-headerLocalP-headerBogusP)*at(late) + headerLocalP*at(local) + headerBogusP/anyS
}

func normal(x, sigma float64) float64 {
	x /= sigma
	return math.Exp(-x*x/2) / (sigma * math.Sqrt(2*math.Pi))
}

// logPrior is the prior density of an error and a drift.
func (f *fit) logPrior(errorS, drift float64) float64 {
	if f.free {
		return -math.Log(2*anyS) + math.Log(normal(drift, priorDriftS))
	}
	p := priorTightP*normal(errorS, priorTightS) + priorHandP*normal(errorS, priorHandS) + priorLooseP*normal(errorS, priorLooseS)
	return math.Log(p) + math.Log(normal(drift, priorDriftS))
}
