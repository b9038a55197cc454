package metadata

import (
	"errors"
	"fmt"
	"strings"

	"whenwhere/internal/decode/wire"
	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

// MaxDisagreementM is how far two positions of one file may lie apart before that is a defect: rounding to minutes with
// two decimals is 19 m, a consumer receiver errs by some 10 m.
const MaxDisagreementM = 100

// position is what a source states before it is a place.
type position struct {
	field     string
	lat, lon  float64
	accuracyM *float64
	altitudeM *float64
}

// allPlaces lists every position that is complete and possible, and notes the others and all that disagree.
func (s *stated) allPlaces() []pipeline.StatedPlace {
	var out []pipeline.StatedPlace
	for _, read := range []func() []position{s.exifPosition, s.xmpPosition, s.dronePosition, s.moviePositions, s.telemetryPositions} {
		for _, p := range read() {
			p.lat, p.lon = p.lat+0, p.lon+0 // the equator has no sign: -0 would be another text
			if rule := impossible(p); rule != "" {
				s.defect(p.field, "%s: position unused", rule)
				continue
			}
			out = append(out, pipeline.StatedPlace{Field: p.field, Lon: p.lon, Lat: p.lat, AccuracyM: p.accuracyM, AltitudeM: p.altitudeM})
		}
	}
	s.disagreements(out)
	return out
}

func impossible(p position) string {
	switch {
	case !(p.lat >= -90 && p.lat <= 90):
		return fmt.Sprintf("latitude %v is not within -90 to 90", p.lat)
	case !(p.lon >= -180 && p.lon <= 180):
		return fmt.Sprintf("longitude %v is not within -180 to 180", p.lon)
	case p.lat == 0 && p.lon == 0:
		return "0,0 is what an absent position looks like"
	}
	return ""
}

func (s *stated) disagreements(places []pipeline.StatedPlace) {
	for i, a := range places {
		for _, b := range places[i+1:] {
			d := geo.DistanceM(geo.LatLon{Lat: a.Lat, Lon: a.Lon}, geo.LatLon{Lat: b.Lat, Lon: b.Lon})
			if d > MaxDisagreementM {
				s.defect(a.Field+" and "+b.Field, "positions lie %.0f m apart, more than %d m: both kept", d, MaxDisagreementM)
			}
		}
	}
}

// exifPosition reads the GPS directory (CIPA DC-008 4.6.6), raw rationals only.
func (s *stated) exifPosition() []position {
	if s.absent("GPS", "GPSLatitude") && s.absent("GPS", "GPSLongitude") {
		return nil
	}
	p := position{field: "EXIF:GPS"}
	var rules []string
	lat, err := s.coordinate("GPSLatitude", "N", "S")
	rules = appendRule(rules, err)
	lon, err := s.coordinate("GPSLongitude", "E", "W")
	rules = appendRule(rules, err)
	if strings.EqualFold(clean(s.text("GPS", "GPSStatus")), "V") {
		rules = append(rules, "GPSStatus V: the receiver had no fix")
	}
	if datum := clean(s.text("GPS", "GPSMapDatum")); !isWGS84(datum) {
		rules = append(rules, fmt.Sprintf("GPSMapDatum %q is not WGS 84", datum))
	}
	if len(rules) > 0 {
		for _, r := range rules {
			s.defect(p.field, "%s: position unused", r)
		}
		return nil
	}
	p.lat, p.lon = lat, lon
	p.accuracyM, p.altitudeM = s.accuracy(), s.altitude()
	return []position{p}
}

func appendRule(rules []string, err error) []string {
	if err == nil {
		return rules
	}
	return append(rules, err.Error())
}

func (s *stated) absent(dir, name string) bool {
	_, ok := s.find(dir, name)
	return !ok
}

// isWGS84 accepts the spellings that cameras use; an absent datum is WGS 84 in practice. Anything else may be off by
// 100 m and more (Pulkovo 1942 in Ukraine).
func isWGS84(datum string) bool {
	letters := strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", r) {
			return r
		}
		return -1
	}, strings.ToUpper(datum))
	return clean(datum) == "" || letters == "WGS84" || letters == "WGS1984"
}

// coordinate reads degrees, minutes and seconds with the hemisphere, which is never assumed.
func (s *stated) coordinate(name, positive, negative string) (float64, error) {
	t, ok := s.find("GPS", name)
	if !ok {
		return 0, fmt.Errorf("%s missing", name)
	}
	degrees, err := Degrees(t.Rats)
	if err != nil {
		return 0, fmt.Errorf("%s %s: %w", name, shown(t), err)
	}
	ref, ok := s.find("GPS", name+"Ref")
	if !ok || ref.Text == nil || clean(*ref.Text) == "" {
		return 0, fmt.Errorf("%sRef missing", name)
	}
	switch strings.ToUpper(clean(*ref.Text)[:1]) {
	case positive:
		return degrees, nil
	case negative:
		return -degrees, nil
	}
	return 0, fmt.Errorf("%sRef %s is neither %s nor %s", name, shown(ref), positive, negative)
}

// Degrees adds up one to three rationals: degrees, minutes, seconds. Only the last one that is not zero may have a
// fraction, as only then is it plain what was meant.
func Degrees(parts []wire.Rat) (float64, error) {
	if len(parts) < 1 || len(parts) > 3 {
		return 0, fmt.Errorf("%d rationals, want degrees, minutes and seconds", len(parts))
	}
	units := [3]string{"degrees", "minutes", "seconds"}
	sum, fraction := 0.0, ""
	for i, r := range parts {
		v, ok := ratio(r)
		switch {
		case !ok || v < 0:
			return 0, fmt.Errorf("%s are no number of at least 0", units[i])
		case i > 0 && v >= 60:
			return 0, fmt.Errorf("%v %s are not below 60", v, units[i])
		case fraction != "" && v > 0:
			return 0, fmt.Errorf("%s below a fraction of %s", units[i], fraction)
		case r.Num%r.Den != 0:
			fraction = units[i]
		}
		sum += v / [3]float64{1, 60, 3600}[i]
	}
	return sum, nil
}

func (s *stated) accuracy() *float64 {
	v, ok := s.number("GPS", "GPSHPositioningError")
	if !ok {
		return nil
	}
	if v <= 0 {
		s.defect("GPS GPSHPositioningError", "%v m is not above 0: unused", v)
		return nil
	}
	return &v
}

// altitude needs its reference: 0 and 2 are above, 1 and 3 below (sea level, ellipsoid in EXIF 3.0).
func (s *stated) altitude() *float64 {
	v, ok := s.number("GPS", "GPSAltitude")
	if !ok {
		return nil
	}
	ref, ok := s.number("GPS", "GPSAltitudeRef")
	switch {
	case !ok:
		s.defect("GPS GPSAltitude", "GPSAltitudeRef missing: altitude unused")
		return nil
	case ref == 0 || ref == 2:
		return &v
	case ref == 1 || ref == 3:
		v = -v
		return &v
	}
	s.defect("GPS GPSAltitude", "GPSAltitudeRef %v is none of 0 to 3: altitude unused", ref)
	return nil
}

// xmpPosition reads exif:GPSLatitude and exif:GPSLongitude, which carry their hemisphere.
func (s *stated) xmpPosition() []position {
	latText, lonText := clean(s.text("XMP", "exif:GPSLatitude")), clean(s.text("XMP", "exif:GPSLongitude"))
	if latText == "" && lonText == "" {
		return nil
	}
	const where = "XMP:exif:GPS"
	lat, err := XMPCoordinate(latText, 'N', 'S')
	lon, err2 := XMPCoordinate(lonText, 'E', 'W')
	if err := errors.Join(err, err2); err != nil {
		s.defect(where, "%.60q, %.60q is no pair of coordinates with hemispheres: position unused", latText, lonText)
		return nil
	}
	return []position{{field: where, lat: lat, lon: lon}}
}

// dronePosition reads the decimal degrees of DJI's own namespace, with the maker's misspelling.
func (s *stated) dronePosition() []position {
	const where = "XMP:drone-dji"
	latText := s.words(field{"XMP", "drone-dji:GpsLatitude"}, field{"XMP", "drone-dji:Latitude"})
	lonText := s.words(field{"XMP", "drone-dji:GpsLongitude"}, field{"XMP", "drone-dji:GpsLongtitude"}, field{"XMP", "drone-dji:Longitude"})
	if latText == "" && lonText == "" {
		return nil
	}
	lat, ok := decimal(latText)
	lon, ok2 := decimal(lonText)
	if !ok || !ok2 {
		s.defect(where, "%.60q, %.60q is no pair of decimal degrees: position unused", latText, lonText)
		return nil
	}
	p := position{field: where, lat: lat, lon: lon}
	if alt, ok := decimal(s.text("XMP", "drone-dji:AbsoluteAltitude")); ok {
		p.altitudeM = &alt
	}
	return []position{p}
}

// moviePositions reads ISO 6709 texts of keys and user data.
func (s *stated) moviePositions() []position {
	var out []position
	for _, t := range s.tags.Tags {
		at := map[string]string{
			"keys com.apple.quicktime.location.ISO6709": "QuickTime:ISO6709", "keys location": "QuickTime:location",
			"udta ©xyz": "QuickTime:©xyz", "ilst ©xyz": "QuickTime:©xyz",
		}[t.Dir+" "+t.Name]
		if at == "" || t.Text == nil || clean(*t.Text) == "" {
			continue
		}
		lat, lon, alt, err := ISO6709(clean(*t.Text))
		if err != nil {
			s.defect(at, "%.60q: %v: position unused", *t.Text, err)
			continue
		}
		p := position{field: at, lat: lat, lon: lon, altitudeM: alt}
		if at == "QuickTime:ISO6709" {
			p.accuracyM = s.movieAccuracy()
		}
		out = append(out, p)
	}
	return out
}

func (s *stated) movieAccuracy() *float64 {
	const key = "com.apple.quicktime.location.accuracy.horizontal"
	v, ok := s.number("keys", key)
	if !ok || v <= 0 {
		return nil
	}
	return &v
}
