package main

import (
	"fmt"
	"image"
	"math"
	"time"

	"whenwhere/internal/solar"
	"whenwhere/pipeline"
)

// moment reads an RFC 3339 time.
func moment(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// phone is a device of the stories. Makes and models exist; the devices do not.
type phone struct {
	maker, model, software string
	fNumber, focalMM       float64
	focal35                int
}

func phones() map[string]phone {
	return map[string]phone{
		"samsung": {"samsung", "SM-A525F", "A525FXXS9EXG1", 1.8, 5.23, 26},
		"xiaomi":  {"Xiaomi", "Redmi Note 11", "spes_global-user 13", 1.8, 5.5, 26},
		"pixel":   {"Google", "Pixel 6a", "HDR+ 1.0.620", 1.73, 4.38, 27},
		"iphone":  {"Apple", "iPhone 12", "17.6.1", 1.6, 4.2, 26},
	}
}

// shot is one picture at its true time and place.
type shot struct {
	at       time.Time
	lat, lon float64
	heading  int // of the camera, degrees from true north
	scene    scene
	heightM  float64 // of a drone above the ground; 0 for whoever stands on it
	pitchDeg float64 // of a drone's gimbal, below 0 when it looks down
}

// oldPhoto is a picture of the known footage.
func oldPhoto(at string, lat, lon float64, heading int, sc scene) []byte {
	return shot{at: moment(at), lat: lat, lon: lon, heading: heading, scene: sc}.photo()
}

// placed fills in what the sun does.
func (s shot) placed() scene {
	sc, sun := s.scene, s.sun()
	sc.sunDeg = int(math.Round(sun.ApparentElevationDeg))
	sc.shadow = int(math.Round(sun.AzimuthDeg)) + 180 - s.heading
	return sc
}

func (s shot) sun() solar.Position { return solar.Sun(s.at, s.lat, s.lon) }

// photo draws the picture as a JPEG without metadata, as a messenger would pass it on.
func (s shot) photo() []byte { return encode(draw(s.placed(), photoW, photoH), 78) }

// tagged draws the picture with what the phone writes into it: its clock at the given offset from UTC, the exposure
// that the sun calls for, and where it was.
func (s shot) tagged(p phone, offsetHours int) tags {
	t := tags{
		maker: p.maker, model: p.model, software: p.software,
		wall: s.at.Add(time.Duration(offsetHours)*time.Hour + fraction(s.scene.seed)), offset: isoOffset(offsetHours),
		gps: &gpsTags{lat: s.lat, lon: s.lon, altitudeM: 142.5, fix: s.at.Add(-2 * time.Second), accuracyM: 8.5, headingDeg: float64(s.heading)},
	}
	t.expose(p, s.scene.overcast, s.sun().ElevationDeg)
	return t
}

// fraction is some part of a second, for SubSecTime.
func fraction(seed uint64) time.Duration { return time.Duration(mix64(seed)%1000) * time.Millisecond }

// expose meters the scene: the open sky less 1.2 EV for what the ground swallows, 1.3 more under cloud, by night lamps.
func (t *tags) expose(p phone, overcast bool, sunDeg float64) {
	ev := solar.MaxEV100(sunDeg) - 1.2
	if overcast {
		ev -= 1.3
	}
	t.iso = 50
	if ev < 4 {
		ev, t.iso = 4, 1600
	}
	seconds := p.fNumber * p.fNumber / math.Exp2(ev) * 100 / float64(t.iso)
	t.exposure = max(time.Duration(math.Round(seconds*1e6))*time.Microsecond, 100*time.Microsecond)
	t.fNumber, t.focalMM, t.focal35 = p.fNumber, p.focalMM, p.focal35
}

// with writes the tags into the picture.
func (s shot) with(t tags) []byte { return withEXIF(s.photo(), t, photoW, photoH) }

// shadowMark is what an analyst measures on the picture, a little off the truth, as people are.
func (s shot) shadowMark(file, by string, offDeg, offShare float64) pipeline.Mark {
	sun := s.sun()
	azimuth := round(math.Mod(sun.AzimuthDeg+180+offDeg, 360), 1)
	ratio := round(math.Tan(sun.ApparentElevationDeg*math.Pi/180)*(1+offShare), 3)
	sigmaDeg, sigmaRatio := 3.0, round(ratio*0.06, 3)
	return pipeline.Mark{Media: file, Kind: pipeline.MarkShadow, AzimuthDeg: &azimuth, SigmaDeg: &sigmaDeg,
		Ratio: &ratio, SigmaRatio: &sigmaRatio, By: by}
}

// landmarks are points of an invented map that lie before the camera, at these distances from left to right, and where a lens
// of 67 degrees puts them on a frame of that width, 4 to 3.
func (s shot) landmarks(widthPx float64, metres []float64) []pipeline.Landmark {
	var points []pipeline.Landmark
	focalPx := widthPx * 480.7 / 640
	down, level := math.Sincos(-s.pitchDeg * math.Pi / 180)
	for i, distance := range metres {
		aside := math.Atan(((float64(i)+0.5)*widthPx/float64(len(metres)) - widthPx/2) / focalPx)
		turn := float64(s.heading)*math.Pi/180 + aside
		north, east := distance*math.Cos(turn), distance*math.Sin(turn)
		ahead, right := distance*math.Cos(aside), distance*math.Sin(aside)
		deep := ahead*level + s.heightM*down
		points = append(points, pipeline.Landmark{Name: fmt.Sprintf("point %d", i+1), SigmaM: 5, SigmaPx: 3,
			Lat: round(s.lat+north/111_200, 6), Lon: round(s.lon+east/(111_200*math.Cos(s.lat*math.Pi/180)), 6),
			XPx: round(widthPx/2+focalPx*right/deep, 1), YPx: round(widthPx*3/8+focalPx*(s.heightM*level-ahead*down)/deep, 1)})
	}
	return points
}

const clipFrames, clipFPS, clipW, clipH = 12, 4, 320, 240

// pan films the scene for three seconds while the camera turns.
func (s shot) pan() clip {
	wide := draw(s.placed(), 480, clipH)
	c := clip{widthPx: clipW, heightPx: clipH, perSecond: clipFPS}
	for i := range clipFrames {
		x := i * (480 - clipW) / (clipFrames - 1)
		c.frames = append(c.frames, encode(wide.SubImage(image.Rect(x, 0, x+clipW, clipH)), 62))
	}
	return c
}

// filmed is the pan with what an iPhone writes into it. The header's time is written when recording stops.
func (s shot) filmed(p phone, offsetHours int) clip {
	c := s.pan()
	c.written = s.at.Add(clipFrames / clipFPS * time.Second)
	local := s.at.Add(time.Duration(offsetHours) * time.Hour).Format("2006-01-02T15:04:05")
	c.keys = []keyed{
		{"com.apple.quicktime.location.accuracy.horizontal", "9.800000"},
		{"com.apple.quicktime.location.ISO6709", fmt.Sprintf("%+08.4f%+09.4f+141.200/", s.lat, s.lon)},
		{"com.apple.quicktime.make", p.maker},
		{"com.apple.quicktime.model", p.model},
		{"com.apple.quicktime.software", p.software},
		{"com.apple.quicktime.creationdate", fmt.Sprintf("%s%+03d00", local, offsetHours)},
	}
	return c
}

// filmedByAndroid is the pan with what an Android phone writes into it: the header's time and the position, no more.
func (s shot) filmedByAndroid() clip {
	c := s.pan()
	c.written = s.at.Add(clipFrames / clipFPS * time.Second)
	c.userDataPlace = fmt.Sprintf("%+08.4f%+09.4f/", s.lat, s.lon)
	return c
}

// near is a point metres away from a place in a direction, on a flat earth, which is exact enough for a few hundred.
func near(lat, lon, metres float64, bearingDeg int) (float64, float64) {
	turn := float64(bearingDeg) * math.Pi / 180
	north, east := metres*math.Cos(turn), metres*math.Sin(turn)
	return round(lat+north/111_200, 6), round(lon+east/(111_200*math.Cos(lat*math.Pi/180)), 6)
}

// xStatus is the address of an invented post on X made at that time: the id counts milliseconds since 1288834974657
// in its upper bits.
func xStatus(at time.Time) string {
	ms := uint64(at.UnixMilli()) - 1288834974657
	return fmt.Sprintf("https://x.com/example/status/%d", ms<<22|mix64(ms)>>44&0x3fffff)
}
