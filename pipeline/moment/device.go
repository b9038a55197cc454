package moment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"whenwhere/internal/clock"
	"whenwhere/internal/clock/device"
	"whenwhere/internal/fusion"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// sameDevice is how likely two files of an incident that name the same make and model, but no serial number, come from
// one device. Judged: many people own the same phone, few of them film the same incident.
const sameDevice = 0.7

// sameModelMs is how far apart such files may be to be taken for one device at all. Judged.
const sameModelMs = 14 * dayMs

// maxWitnesses bounds the files that are asked for one: the nearest by the dial know the most of a clock that drifts, of
// journeys and of owners, and the work grows with their number.
const maxWitnesses = 6

// The readings are put right by the error of a clock that is worth it, and known (one standard deviation) to half of the
// minute by which a sound clock may be off anyway.
// The error is that under the likeliest offset, which must be beyond doubt: under another it makes up for that.
const (
	leastErrorS, sureErrorS = 10, 30
	sureOffset              = 0.95
)

// leastMass is the share that an offset which nobody keeps at the place must have, by the other files, to be a reading.
const leastMass = 0.01

// leastWeight keeps every offset possible: no device is that sure of its neighbours.
const leastWeight = 1e-6

// shareOffsets lets each file know what the other files of its device say of their clock, by package device: from what is
// independent of that clock (satellite time, bounds, light), and from headers in UTC, it infers offset, error, drift and
// changes of zone. With P(o) how likely that makes the offset o of this file, and P0(o) how likely it was before any file,
// an offset that the place allows has the weight
//
//	w(o) ~ w0(o) * [ q P(o)/P0(o) + (1-q) ]
//
// with q the probability that it is the same device and keeps a zone at all; an offset of elsewhere has its share by P.
// Of the file itself package device knows the dial alone, so none of its own evidence comes back to it.
func (e *Estimator) shareOffsets(files []gathered) error {
	groups := map[string][]onDevice{}
	var names []string
	for i := range files {
		d, ok, err := files[i].onDevice()
		if err != nil {
			return err
		}
		if !ok || slices.ContainsFunc(groups[d.device], func(o onDevice) bool { return o.ID == d.ID }) {
			continue
		}
		if groups[d.device] == nil {
			names = append(names, d.device)
		}
		groups[d.device] = append(groups[d.device], d)
	}
	for _, name := range names {
		for _, d := range groups[name] {
			said, ok, err := e.said(d, witnesses(groups[name], d))
			if err != nil {
				return err
			}
			if ok {
				d.file.reweigh(said)
			}
		}
	}
	return nil
}

// onDevice is a file as package device reads it.
type onDevice struct {
	device.File
	file   *gathered
	device string
	tells  bool // something in it knows the clock's setting
}

// numbered: the name of the device holds the digest of a serial number.
func (d onDevice) numbered() bool { return strings.Contains(d.device, "/") }

// onDevice is what the file says of its device's clock; ok is false when no dial of it is open.
func (g *gathered) onDevice() (d onDevice, ok bool, err error) {
	name, named := g.file.Exhibit.Device()
	k := g.device()
	if !named || k < 0 {
		return d, false, nil
	}
	s := g.file.stampOf(g.items[k])
	local, err := wallSet(*s.Wall)
	dial, ok := local.Bounds()
	if err != nil || !ok || dial.Width() > device.MaxDialMs || dial.Lo < everMs().Lo {
		return d, false, err
	}
	d = onDevice{device.File{ID: g.file.Exhibit.Subject(), Dial: dial}, g, name, false}
	if s.Clock == pipeline.ClockContainer { // one reading cannot be the dial and a header in UTC
		return d, true, nil
	}
	if d.Header, d.DurationMs, err = g.file.rawHeader(); err != nil {
		return d, false, err
	}
	for _, i := range g.items {
		h := i.Hypotheses[0]
		b, bounded := h.Set.Bounds()
		switch {
		case i.Clock == string(pipeline.ClockGPS):
			s, _ := g.file.point(pipeline.ClockGPS)
			d.GPS = spanSet(s.UTC)
		case i.Clock == string(pipeline.ClockCamera), i.Reliability <= 0.5:
		case i.Bound == fusion.Upper && bounded:
			d.Limits = append(d.Limits, device.Limit{Field: i.ID, Ms: b.Hi, Upper: true, Reliability: i.Reliability})
		case i.Bound == fusion.Lower && bounded:
			d.Limits = append(d.Limits, device.Limit{Field: i.ID, Ms: b.Lo, Reliability: i.Reliability})
		case bounded: // between two satellite images
			d.Limits = append(d.Limits, device.Limit{Field: i.ID, Ms: b.Lo, Reliability: i.Reliability}, device.Limit{Field: i.ID, Ms: b.Hi, Upper: true, Reliability: i.Reliability})
		case len(i.Hypotheses) == 1:
			d.Light = append(d.Light, lightOf(i))
		}
	}
	d.tells = !d.GPS.IsEmpty() || !d.Header.IsEmpty() || len(d.Limits)+len(d.Light) > 0
	return d, true, nil
}

// stampOf is the stamp of a clock's item.
func (x File) stampOf(i item) pipeline.StatedClock {
	for _, s := range x.Stamps {
		if s.Wall != nil && clockID(s) == i.ID {
			return s
		}
	}
	return pipeline.StatedClock{}
}

func lightOf(i item) device.Light {
	l := device.Light{Reliability: i.Reliability}
	for _, p := range i.Hypotheses[0].Shape.Pieces() {
		l.Pieces = append(l.Pieces, device.Piece{Interval: p.Interval, Density: p.Value})
	}
	return l
}

// rawHeader is the header of a recording of known length, at the second that it was written, read as UTC.
func (x File) rawHeader() (header timeset.Interval, durationMs int64, err error) {
	if x.clip == nil {
		return header, 0, nil
	}
	stamps, err := x.Exhibit.Clocks()
	if err != nil {
		return header, 0, err
	}
	for _, s := range stamps {
		if s.Clock == pipeline.ClockContainer && isCapture(s) && s.Wall != nil && len(s.UTC) > 0 {
			header, _ = spanSet(s.UTC).Bounds()
			return header, x.clip.durationMs, nil
		}
	}
	return header, 0, nil
}

// witnesses are the files of a device that tell something to d, the nearest first.
func witnesses(all []onDevice, d onDevice) []device.File {
	var out []device.File
	apart := func(f device.File) int64 { return max(f.Dial.Lo-d.Dial.Lo, d.Dial.Lo-f.Dial.Lo) }
	for _, o := range all {
		if o.ID != d.ID && o.tells && (d.numbered() || apart(o.File) <= sameModelMs) {
			out = append(out, o.File)
		}
	}
	slices.SortFunc(out, func(a, b device.File) int { return cmp.Or(cmp.Compare(apart(a), apart(b)), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), maxWitnesses)]
}

// hearsay is what other files say of the offsets of one.
type hearsay struct {
	same          float64 // probability of the same device
	before, after []device.OffsetMass
}

func (e *Estimator) said(d onDevice, others []device.File) (hearsay, bool, error) {
	out := hearsay{same: 1}
	if len(others) == 0 {
		return out, false, nil
	}
	if !d.numbered() {
		out.same = sameDevice
	}
	target := device.File{ID: d.ID, Dial: d.Dial}
	within := target.Dial
	for _, f := range others {
		within.Lo, within.Hi = min(within.Lo, f.Dial.Lo), max(within.Hi, f.Dial.Hi)
	}
	rules, err := device.Civil(e.zones, timeset.Interval{Lo: within.Lo - 2*dayMs, Hi: within.Hi + 2*dayMs})
	if err != nil {
		return out, false, err
	}
	for _, ask := range []struct {
		files []device.File
		into  *[]device.OffsetMass
	}{{[]device.File{target}, &out.before}, {append(others, target), &out.after}} {
		r, err := device.Infer(ask.files, rules)
		if err != nil {
			return out, false, fmt.Errorf("the device of %s: %w", d.ID, err)
		}
		k := slices.IndexFunc(r.Files, func(f device.FileTime) bool { return f.ID == d.ID })
		*ask.into = r.Files[k].Offsets
	}
	return out, true, nil
}

func massOf(list []device.OffsetMass, name string) float64 {
	for _, o := range list {
		if OffsetText(o.OffsetMin) == name {
			return o.Probability
		}
	}
	return 0
}

func total(list []device.OffsetMass) (sum float64) {
	for _, o := range list {
		sum += o.Probability
	}
	return sum
}

// device is the index of the item whose dial is the device's: of tags, else of the name, else of a movie's header; -1 when
// the offset of none is open.
func (g *gathered) device() int {
	for _, kind := range []pipeline.ClockKind{pipeline.ClockCamera, pipeline.ClockFileName, pipeline.ClockContainer} {
		for k, i := range g.items {
			if i.Clock == string(pipeline.ClockCamera) && slices.ContainsFunc(i.Hypotheses, isOffset) && g.file.stampOf(i).Clock == kind {
				return k
			}
		}
	}
	return -1
}

func isOffset(h fusion.Hypothesis) bool {
	return strings.HasPrefix(h.Name, "+") || strings.HasPrefix(h.Name, "-")
}

// reweigh gives the readings of the device's clock the weights that other files of the device ask for, in all stamps, and
// puts them right by the clock's error where that is known.
func (g *gathered) reweigh(said hearsay) {
	changed := false
	errorS, off := said.ahead()
	for k := range g.items {
		i := &g.items[k]
		if i.Clock != string(pipeline.ClockCamera) {
			continue
		}
		was := i.Hypotheses
		i.Hypotheses = append(said.weights(was), said.elsewhere(g.file, *i)...)
		changed = changed || !slices.EqualFunc(was, i.Hypotheses, func(a, b fusion.Hypothesis) bool {
			return a.Name == b.Name && math.Abs(a.Weight-b.Weight) <= leastMass*a.Weight
		})
		for h := range i.Hypotheses {
			if off {
				i.Hypotheses[h].Set = i.Hypotheses[h].Set.Shift(-int64(math.Round(1000 * errorS)))
			}
		}
	}
	g.near = g.near.Union(within(g.clocks()))
	if changed {
		g.flags = append(g.flags, FlagOffset)
	}
	if off {
		g.flags = append(g.flags, FlagClockError)
	}
}

func (g *gathered) clocks() []item {
	return slices.DeleteFunc(slices.Clone(g.items), func(i item) bool { return !i.clocked })
}

// trust is the probability that the other files are of this device and that it keeps a zone.
func (s hearsay) trust() float64 { return s.same * min(1, total(s.after)) }

// weights are those of the offsets that the place allows; other readings keep theirs.
func (s hearsay) weights(list []fusion.Hypothesis) []fusion.Hypothesis {
	out := slices.Clone(list)
	prior, ratio, sum, likely := 0.0, map[string]float64{}, 0.0, 0.0
	for _, h := range list {
		if before := massOf(s.before, h.Name); isOffset(h) && before > 0 {
			after := massOf(s.after, h.Name)
			ratio[h.Name] = after / before
			prior, sum, likely = prior+h.Weight, sum+h.Weight*after/before, likely+after
		}
	}
	if !(sum > 0) {
		return out
	}
	scale := prior * likely / total(s.after) / sum // what is left is elsewhere
	for k, h := range out {
		if r, ok := ratio[h.Name]; ok {
			out[k].Weight = max(h.Weight*(s.trust()*r*scale+1-s.trust()), h.Weight*leastWeight)
		}
	}
	return out
}

// elsewhere are readings under offsets that nobody keeps at the place, and the other files show.
func (s hearsay) elsewhere(x File, i item) []fusion.Hypothesis {
	stamp := x.stampOf(i)
	if stamp.Wall == nil {
		return nil
	}
	local, err := wallSet(*stamp.Wall)
	if err != nil {
		return nil // it was read before
	}
	_, _, afterMs := x.named(stamp)
	slack := x.slackMs(stamp.Clock)
	var out []fusion.Hypothesis
	prior := 0.0
	for _, h := range i.Hypotheses {
		if isOffset(h) {
			prior += h.Weight
		}
	}
	for _, o := range s.after {
		name := OffsetText(o.OffsetMin)
		share := s.trust() * o.Probability / total(s.after)
		if share < leastMass || o.Probability <= massOf(s.before, name) || slices.ContainsFunc(i.Hypotheses, func(h fusion.Hypothesis) bool { return h.Name == name }) || prior == 0 {
			continue
		}
		set := clock.Resolve(local, []clock.Candidate{{OffsetMin: o.OffsetMin, Why: "other files of the device"}})
		out = append(out, fusion.Hypothesis{Name: name, Weight: prior * share, Set: set.Widen(slack, slack+afterMs)})
	}
	return out
}

// ahead is how far the clock is ahead, in seconds, if the device is surely the same and the error surely known.
func (s hearsay) ahead() (seconds float64, ok bool) {
	if s.same < 1 || len(s.after) == 0 {
		return 0, false
	}
	likeliest := s.after[0]
	known := likeliest.Probability >= sureOffset && likeliest.ErrorSDS <= sureErrorS
	return likeliest.ErrorS, known && math.Abs(likeliest.ErrorS) > max(leastErrorS, 2*likeliest.ErrorSDS)
}
