package metadata

import (
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/geo"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// Flags of clocks in telemetry.
const (
	FlagNoFix       = "no_fix"       // the receiver had no satellites: the time is the camera's own, its zone unknown
	FlagFixUnstated = "fix_unstated" // the stream does not say whether there was a fix
)

// poorDOP is the dilution of precision above which GoPro's documentation calls places poor.
const poorDOP = 5

// gpsSecondMs is how long a block of telemetry lasts.
const gpsSecondMs = 1000

// telemetryStamps are the clock of a drone's subtitles and the time of a camera's receiver.
func (s *stated) telemetryStamps() []clock.Stamp {
	var out []clock.Stamp
	if st, ok := s.droneDial(); ok {
		out = append(out, st)
	}
	if st, ok := s.receiver(); ok {
		out = append(out, st)
	}
	return out
}

// droneDial is the dial of a drone over the whole recording. It states no zone: most drones show the time of the phone
// that steers them.
func (s *stated) droneDial() (clock.Stamp, bool) {
	first, last := s.text("srt", "DialFirst"), s.text("srt", "DialLast")
	if first == "" || last == "" {
		return clock.Stamp{}, false
	}
	lo, err := time.Parse(pipeline.WallLayout, first)
	hi, err2 := time.Parse(pipeline.WallLayout, last)
	width, ok := s.number("srt", "DialLastWidthMs")
	if err != nil || err2 != nil || !ok || hi.Before(lo) {
		s.defect("srt dial", "%.40q to %.40q is no time on a dial: unused", first, last)
		return clock.Stamp{}, false
	}
	st := clock.OnDial(clock.Source{Field: "SRT:dial", Raw: first + " to " + last, Kind: clock.Capture, Basis: clock.BasisTelemetry},
		timeset.Of(timeset.Interval{Lo: lo.UnixMilli(), Hi: hi.UnixMilli() + int64(width)}), s.until)
	for _, t := range s.tags.Tags {
		if t.Dir == "srt" && t.Name == "DialFlag" && t.Text != nil {
			st.Flags = append(st.Flags, *t.Text)
		}
	}
	return st, true
}

// end is what the telemetry says at its first or last time.
type end struct {
	at       time.Time
	text     string
	fix      float64
	hasFix   bool
	place    wire.Tag
	hasPlace bool
}

// fixed: a stream that states no fix had one when it holds places.
func (e end) fixed() bool { return e.hasFix && e.fix > 0 || !e.hasFix && e.hasPlace }

func (s *stated) gpmfEnd(name string) (end, bool) {
	e := end{text: s.text("gpmf", name+"UTC")}
	if e.text == "" {
		return e, false
	}
	at, err := time.Parse(time.RFC3339, e.text)
	if err != nil {
		s.defect("gpmf "+name+"UTC", "%.40q is no time: unused", e.text)
		return e, false
	}
	e.at = at
	if _, ok := s.find("gpmf", name+"Fix"); ok {
		e.fix, e.hasFix = s.number("gpmf", name+"Fix")
	}
	e.place, e.hasPlace = s.find("gpmf", name+"Place")
	return e, true
}

// receiver is satellite time from the first fix to the last. Without any fix it is the camera's own clock, and whether
// that shows UTC or local time nobody can say.
func (s *stated) receiver() (clock.Stamp, bool) {
	var all, fixed []end
	for _, name := range []string{"First", "Last"} {
		e, ok := s.gpmfEnd(name)
		if !ok {
			continue
		}
		all = append(all, e)
		if e.fixed() {
			fixed = append(fixed, e)
		}
	}
	if len(all) == 0 {
		return clock.Stamp{}, false
	}
	src := clock.Source{Field: "GPMF:UTC", Kind: clock.Capture, Basis: clock.BasisGPS}
	if len(fixed) == 0 {
		src.Basis, src.Raw = clock.BasisCamera, rawOf(all)
		st := clock.OnDial(src, hull(all), s.until)
		if st.Usable() {
			st.Zone = clock.UTCOrLocal
		}
		st.Flags = append(st.Flags, FlagNoFix)
		return st, true
	}
	src.Raw = rawOf(fixed)
	st := clock.AtUTC(src, hull(fixed), s.until)
	if !fixed[0].hasFix {
		st.Flags = append(st.Flags, FlagFixUnstated)
	}
	return st, true
}

func rawOf(ends []end) string {
	first, last := ends[0].text, ends[len(ends)-1].text
	if first == last {
		return first
	}
	return first + " to " + last
}

func hull(ends []end) timeset.Set {
	lo, hi := ends[0].at, ends[0].at
	for _, e := range ends {
		if e.at.Before(lo) {
			lo = e.at
		}
		if e.at.After(hi) {
			hi = e.at
		}
	}
	return timeset.Of(timeset.Interval{Lo: lo.UnixMilli(), Hi: hi.UnixMilli() + gpsSecondMs})
}

// telemetryPositions are where the recording began. A device that moved on filmed anywhere on its way, see moved.
func (s *stated) telemetryPositions() []position {
	var out []position
	if p, ok := s.track("srt", "SRT:GPS", "PlaceFirst", "PlaceLast"); ok {
		if v, ok := s.number("srt", "AltitudeFirstM"); ok {
			p.altitudeM = &v
		}
		out = append(out, p)
	}
	return append(out, s.receiverPosition()...)
}

func (s *stated) receiverPosition() []position {
	first, ok := s.gpmfEnd("First")
	if !ok || !first.hasPlace {
		return nil
	}
	if !first.fixed() {
		s.defect("GPMF:GPS", "the receiver had no fix: position unused")
		return nil
	}
	if dop, ok := s.number("gpmf", "FirstDOP"); ok && dop > poorDOP {
		s.defect("GPMF:GPS", "dilution of precision %v, above %d: the position is poor", dop, poorDOP)
	}
	p, ok := s.track("gpmf", "GPMF:GPS", "FirstPlace", "LastPlace")
	if !ok {
		return nil
	}
	if alt, ok := decimal(at(first.place.Floats, 2)); ok {
		p.altitudeM = &alt
	}
	return []position{p}
}

// track is the first place, and how far away the last one lies.
func (s *stated) track(dir, field, first, last string) (position, bool) {
	t, ok := s.find(dir, first)
	if !ok {
		return position{}, false
	}
	p := position{field: field}
	var okLat, okLon bool
	p.lat, okLat = decimal(at(t.Floats, 0))
	p.lon, okLon = decimal(at(t.Floats, 1))
	if !okLat || !okLon {
		s.defect(field, "%s is no pair of decimal degrees: position unused", shown(t))
		return position{}, false
	}
	s.moved(&p, dir, last)
	return p, true
}

// moved takes how far the recording goes from its first place for the accuracy of that: where it ends, or, of a drone that
// comes back, the farthest place on its way.
func (s *stated) moved(p *position, dir, last string) {
	var goes float64
	if m := s.reach(dir); m != nil {
		goes = *m
	}
	if t, ok := s.find(dir, last); ok {
		lat, okLat := decimal(at(t.Floats, 0))
		lon, okLon := decimal(at(t.Floats, 1))
		if okLat && okLon && impossible(*p) == "" && impossible(position{lat: lat, lon: lon}) == "" {
			goes = max(goes, geo.DistanceM(geo.LatLon{Lat: p.lat, Lon: p.lon}, geo.LatLon{Lat: lat, Lon: lon}))
		}
	}
	if goes > MaxDisagreementM && impossible(*p) == "" {
		p.accuracyM = &goes
		s.defect(p.field, "the recording goes %.0f m from its first place: that is taken for the accuracy of it", goes)
	}
}

// reach is how far a recording goes from its first place, metres.
func (s *stated) reach(dir string) *float64 { return s.within(dir, "ReachM", 0, 21e6) }

// at is the element of a list, "" beyond its end.
func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}
