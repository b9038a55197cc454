package moment

import (
	"fmt"
	"strings"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/fusion"
	"whenwhere/internal/timeset"
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

// headerUTC is the share of movie headers in UTC, as the standard wants; the others share the offsets of the place.
// Judged: phones write UTC, many cameras and recorders local time.
const headerUTC = 0.5

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
	fix, hasFix, err := x.satellites()
	if err != nil {
		return nil, nil, err
	}
	if hasFix && (hasCamera || hasHeader) {
		quarrel, err := x.quarrel()
		if err != nil {
			return nil, nil, err
		}
		if f := quarrel.flag(); f != "" {
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
	out := item{fusion.Item{ID: string(kind) + " " + s.Field, Clock: string(pipeline.ClockCamera), Reliability: genuine}, x.Exhibit.Evidence(key, s.Field), true}
	slack := SlackMs(kind)
	out.Hypotheses = make([]fusion.Hypothesis, 0, len(readings)+1)
	for _, r := range readings {
		weight := 1.0
		if r.Why == AsStated && len(readings) > 1 {
			weight = float64(len(readings)-1) * headerUTC / (1 - headerUTC)
		}
		if r.Set.IsEmpty() {
			continue
		}
		out.Hypotheses = append(out.Hypotheses, fusion.Hypothesis{Name: r.Why, Weight: weight, Set: r.Set.Widen(slack, slack)})
	}
	return out, len(out.Hypotheses) > 0, nil
}

// point is the stamp of capture that the clock states.
func (x File) point(kind pipeline.ClockKind) (pipeline.StatedClock, bool) {
	s, ok := x.Best(kind)
	return s, ok && s.Kind == pipeline.StampCapture && s.Bound == pipeline.BoundPoint
}

func (x File) satellites() (item, bool, error) {
	s, ok := x.point(pipeline.ClockGPS)
	set := spanSet(s.UTC)
	if !ok || set.IsEmpty() {
		return item{}, false, nil
	}
	slack := SlackMs(pipeline.ClockGPS)
	set = set.Widen(slack, slack)
	return item{fusion.Item{ID: "gps " + s.Field, Clock: "gps", Reliability: gpsGenuine, Hypotheses: []fusion.Hypothesis{
		{Name: AsStated, Weight: 1 - 2*daySlipShare, Set: set},
		{Name: dayEarlier, Weight: daySlipShare, Set: set.Shift(-dayMs)},
		{Name: dayLater, Weight: daySlipShare, Set: set.Shift(dayMs)},
	}}, x.Exhibit.Evidence(pipeline.ClocksKey.ID, s.Field), true}, true, nil
}

// boundItems are what the capture cannot be later than: the first dated post of the incident, and what a messenger or
// program wrote into the file's name when it kept a copy; and what it cannot be earlier than: the release of the phone's
// system. The release of an encoder bounds the copy only, and is none of them.
func (x File) boundItems(in pipeline.Incident) ([]item, error) {
	out, err := x.systemItems()
	if err != nil {
		return nil, err
	}
	if p, ok := EarliestPost(in); ok && x.Exhibit.Asked() {
		set := timeset.FromTimes(p.At, p.At.Add(time.Second))
		out = append(out, item{fusion.Item{ID: "post " + p.Subject, Clock: "platform", Reliability: postGenuine, Bound: fusion.Upper,
			Hypotheses: []fusion.Hypothesis{{Name: "posted", Weight: 1, Set: set}}}, p.Subject, false})
	}
	s, ok := x.Best(pipeline.ClockFileName)
	if !ok || s.Bound != pipeline.BoundUpper {
		return out, nil
	}
	readings, err := x.Readings(s)
	if err != nil {
		return nil, err
	}
	set := timeset.Of()
	for _, r := range readings {
		set = set.Union(r.Set)
	}
	if !set.IsEmpty() {
		out = append(out, item{fusion.Item{ID: string(s.Clock) + " " + s.Field, Clock: "saver", Reliability: nameGenuine, Bound: fusion.Upper,
			Hypotheses: []fusion.Hypothesis{{Name: "kept", Weight: 1, Set: set}}}, x.Exhibit.Evidence(pipeline.NameClocksKey.ID, s.Field), false})
	}
	return out, nil
}

// systemItems bounds the capture by the phone's own system, whose version only Apple writes in a form of its own.
func (x File) systemItems() ([]item, error) {
	camera, _, err := pipeline.CameraKey.In(x.Exhibit.Observed)
	if err != nil || camera.Make != "Apple" {
		return nil, err
	}
	programs, _, err := pipeline.SoftwareKey.In(x.Exhibit.Observed)
	for _, p := range programs {
		if s, ok := clock.FromSoftware(clock.IOS, "iOS", p, time.UnixMilli(everMs().Hi)); ok {
			return []item{{fusion.Item{ID: "system " + p, Clock: "system", Reliability: systemGenuine, Bound: fusion.Lower,
				Hypotheses: []fusion.Hypothesis{{Name: "released", Weight: 1, Set: s.Spans}}}, x.Exhibit.Evidence(pipeline.SoftwareKey.ID, ""), false}}, err
		}
	}
	return nil, err
}

// stampFlags tells which stamps of the file state no time, and why.
func (x File) stampFlags() []string {
	var out []string
	for _, s := range x.Stamps {
		if len(s.UTC) == 0 && s.Wall == nil {
			out = append(out, fmt.Sprintf("%s: %s", s.Field, strings.Join(s.Flags, ", ")))
		}
	}
	return out
}

// idHorizon ends the window in which platform ids are believed. It is a constant of this release, because the domain
// reads no clock.
var idHorizon = time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC)

// Post is the earliest dated post of an incident.
type Post struct {
	At      time.Time
	Subject string // the source in the record
	How     string
}

// EarliestPost is the earliest instant by which the incident's footage was posted, by platform id or by publication
// time, reposts included: a repost shows, too, that the footage existed. ok is false when no source is dated.
func EarliestPost(in pipeline.Incident) (post Post, ok bool) {
	byID, okID := FirstByID(in)
	published, okPublished := FirstPublished(in)
	switch {
	case okID && okPublished && published.At.Before(byID.At), !okID:
		return published, okPublished
	}
	return byID, okID
}

// FirstByID is the earliest post by an id that a server made.
func FirstByID(in pipeline.Incident) (first Post, ok bool) {
	for i, s := range in.Sources {
		for _, stamp := range clock.FromURL(s.URL, idHorizon) {
			b, any := stamp.Spans.Bounds()
			if stamp.Has(clock.FlagClientMade) || !any {
				continue // a client can date its ids back
			}
			if at := time.UnixMilli(b.Hi).UTC(); !ok || at.Before(first.At) {
				first, ok = Post{at, pipeline.SourceSubject(i), "by its " + stamp.Field}, true
			}
		}
	}
	return first, ok
}

// FirstPublished is the earliest post by the time that its platform shows.
func FirstPublished(in pipeline.Incident) (first Post, ok bool) {
	for i, s := range in.Sources {
		if s.Published != nil && (!ok || s.Published.Before(first.At)) {
			first, ok = Post{s.Published.UTC(), pipeline.SourceSubject(i), "by its publication time"}, true
		}
	}
	return first, ok
}
