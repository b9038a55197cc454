package moment

import (
	"fmt"
	"strings"

	"whenwhere/internal/clock"
	"whenwhere/internal/fusion"
	"whenwhere/pipeline"
)

// How often a stamp is genuine, before other evidence: as in the rules of pipeline/score, whose words give the reasons.
const (
	cameraGenuine = 0.9   // clocks never set, dates edited, movies encoded again
	gpsGenuine    = 0.95  // stale fixes and faults of makers
	nameGenuine   = 0.5   // names are lost, typed and given by archivists
	postGenuine   = 0.999 // ids and times copied wrongly
	systemGenuine = 0.95  // like the position, whose tags a program writes as easily; judged
)

// Satellite dates turn at another moment than the camera's; of 40 real files 9, all of one walk, are a day late. Judged,
// because one walk is one case.
const daySlipShare = 0.03

// The names of readings beside offsets.
const (
	dayEarlier = "a day earlier"
	dayLater   = "a day later"
	dialIsUTC  = "UTC on the dial"
)

// item is one piece of evidence with what it refers to.
type item struct {
	fusion.Item
	evidence string
	clocked  bool // a clock of the file, not a bound or the light
}

// clockItems are the clocks of the file: its device's, which tags, a movie's header and a camera's name repeat, and the
// satellites'. Flags name what is wrong with them.
func (x File) clockItems() (out []item, flags []string, err error) {
	camera, hasCamera, err := x.device(pipeline.ClockCamera, pipeline.ClocksKey.ID, cameraGenuine)
	if err != nil {
		return nil, nil, err
	}
	header, hasHeader, err := x.device(pipeline.ClockContainer, pipeline.ClocksKey.ID, cameraGenuine)
	if err != nil {
		return nil, nil, err
	}
	name, hasName, err := x.device(pipeline.ClockFileName, pipeline.NameClocksKey.ID, nameGenuine)
	if err != nil {
		return nil, nil, err
	}
	fix, hasFix := x.satellites()
	if hasFix && (hasCamera || hasHeader) {
		quarrel, err := x.quarrel()
		if err != nil {
			return nil, nil, err
		}
		zone, elsewhere := fusion.Hypothesis{}, false
		if quarrel == SetAmiss && hasCamera {
			if zone, elsewhere, err = x.elsewhere(camera); err != nil {
				return nil, nil, err
			}
		}
		if elsewhere {
			flags = append(flags, FlagOtherZone)
			camera.Hypotheses = append(camera.Hypotheses, zone)
		} else if f := quarrel.flag(); f != "" {
			flags = append(flags, f)
		}
		if quarrel == Copied { // it is the dial, so it is no second witness, and the dial may be in UTC
			hasFix = false
			if hasCamera {
				camera.Hypotheses = append(camera.Hypotheses, fusion.Hypothesis{Name: dialIsUTC, Weight: 1, Set: fix.Hypotheses[0].Set})
			}
		}
	}
	out = make([]item, 0, 8) // with the light and the bounds to come
	has := [...]bool{hasCamera, hasHeader, hasName, hasFix}
	for i, c := range [...]*item{&camera, &header, &name, &fix} {
		if has[i] {
			out = append(out, *c)
		}
	}
	return out, flags, nil
}

// otherZone is how likely a device keeps one certain zone that nobody keeps at the place, as package device judges it:
// 15 % share some forty offsets.
const otherZone = 0.004

// otherZoneMs is how far such a clock is read to: what the satellite time settles to two minutes is not known nearer, and
// a device that never was set to the zone it is in is not set by its network.
const otherZoneMs = 2 * minuteMs

// elsewhere is the reading of the camera's clock under an offset that nobody keeps at the place and that the satellite
// time shows to two minutes; ok is false when none does. All other offsets of elsewhere are as likely before, and miss.
func (x File) elsewhere(camera item) (h fusion.Hypothesis, ok bool, err error) {
	stamp := x.stampOf(camera)
	fix, known := x.point(pipeline.ClockGPS)
	if stamp.Wall == nil || !known {
		return h, false, nil
	}
	local, err := wallSet(*stamp.Wall)
	if err != nil {
		return h, false, err
	}
	dial, _ := local.Bounds()
	offset, _, quality, ok := clock.InferOffset(dial, spanSet(fix.UTC))
	if !ok || quality != clock.Good {
		return h, false, nil
	}
	set := clock.Resolve(local, []clock.Candidate{{OffsetMin: offset, Why: "satellite time"}})
	weight := 0.0
	for _, h := range camera.Hypotheses {
		weight += h.Weight
	}
	return fusion.Hypothesis{Name: OffsetText(offset), Weight: weight * otherZone, Set: set.Widen(otherZoneMs, otherZoneMs)}, true, nil
}

// flag names the anomaly; it is empty for clocks that agree.
func (q Quarrel) flag() string {
	switch q {
	case Copied:
		return FlagGPSIsDial
	case DaySlip:
		return FlagGPSDaySlip
	case SetAmiss:
		return FlagClockAmiss
	case Kept:
		return FlagGPSKept
	case FarApart:
		return FlagFarApart
	case Agreed:
	}
	return ""
}

// quarrel is between the camera's clock and the satellite time of the file.
func (x File) quarrel() (Quarrel, error) {
	camera, ok := x.Best(pipeline.ClockCamera, pipeline.ClockContainer)
	gps, okGPS := x.Best(pipeline.ClockGPS)
	if !ok || !okGPS {
		return Agreed, nil
	}
	readings, err := x.Readings(camera)
	if err != nil || len(readings) == 0 {
		return Agreed, err
	}
	return Compare(camera, readings, spanSet(gps.UTC))
}

// device is the item of a clock that the recording device keeps. A local time that no offset allows is no item.
func (x File) device(kind pipeline.ClockKind, key pipeline.KeyID, genuine float64) (item, bool, error) {
	s, ok := x.point(kind)
	if !ok {
		return item{}, false, nil
	}
	readings, err := x.Readings(s)
	if err != nil || len(readings) == 0 {
		return item{}, false, err
	}
	out := item{fusion.Item{ID: clockID(s), Clock: string(pipeline.ClockCamera), Reliability: genuine}, x.Exhibit.Evidence(key, s.Field), true}
	slack, utc := x.slackMs(kind), x.headerUTC()
	out.Hypotheses = make([]fusion.Hypothesis, 0, len(readings)+1)
	for _, r := range readings {
		weight := 1.0
		if r.Why == AsStated && len(readings) > 1 {
			weight = float64(len(readings)-1) * utc / (1 - utc)
		}
		if r.Set.IsEmpty() {
			continue
		}
		out.Hypotheses = append(out.Hypotheses, fusion.Hypothesis{Name: r.Why, Weight: weight, Set: r.Set.Widen(slack, slack)})
	}
	return out, len(out.Hypotheses) > 0, nil
}

// clockID names the item of a stamp.
func clockID(s pipeline.StatedClock) string { return string(s.Clock) + " " + s.Field }

// point is the stamp of capture that the clock states.
func (x File) point(kind pipeline.ClockKind) (pipeline.StatedClock, bool) {
	s, ok := x.Best(kind)
	return s, ok && s.Kind == pipeline.StampCapture && s.Bound == pipeline.BoundPoint
}

func (x File) satellites() (item, bool) {
	s, ok := x.point(pipeline.ClockGPS)
	set := spanSet(s.UTC)
	if !ok || set.IsEmpty() {
		return item{}, false
	}
	slack := SlackMs(pipeline.ClockGPS)
	set = set.Widen(slack, slack)
	return item{fusion.Item{ID: "gps " + s.Field, Clock: "gps", Reliability: gpsGenuine, Hypotheses: []fusion.Hypothesis{
		{Name: AsStated, Weight: 1 - 2*daySlipShare, Set: set},
		{Name: dayEarlier, Weight: daySlipShare, Set: set.Shift(-dayMs)},
		{Name: dayLater, Weight: daySlipShare, Set: set.Shift(dayMs)},
	}}, x.Exhibit.Evidence(pipeline.ClocksKey.ID, s.Field), true}, true
}

// stampFlags tells which stamps of the file state no time, and why, and which of them disagree.
func (x File) stampFlags() []string {
	out := x.heldTogether()
	for _, s := range x.Stamps {
		if len(s.UTC) == 0 && s.Wall == nil {
			out = append(out, fmt.Sprintf("%s: %s", s.Field, strings.Join(s.Flags, ", ")))
		}
	}
	return out
}
