package main

import (
	"fmt"
	"math"
	"time"

	"whenwhere/pipeline"
)

// story is one invented incident, its files, and what a reader is meant to learn from it.
type story struct {
	pipeline.Incident
	truth  string // what the invented facts are
	lesson string // what the evidence should lead to
	files  map[string][]byte
}

// begin opens a story: where, when and how many.
func begin(id string, where pipeline.Place, from, to string, killed int, what string) *story {
	return &story{files: map[string][]byte{}, Incident: pipeline.Incident{ID: id, Claim: pipeline.Claim{
		Where:       &where,
		When:        &pipeline.Span{From: moment(from), To: moment(to)},
		Kind:        pipeline.KindExecution,
		What:        "INVENTED for testing, no real event: " + what,
		Casualties:  &pipeline.Casualties{Min: killed, Max: killed, Party: pipeline.SideUA},
		Perpetrator: pipeline.SideRU,
	}}}
}

func (s *story) teaches(truth, lesson string) *story {
	s.truth, s.lesson = truth, lesson
	return s
}

// file adds a media file and returns its path in the case.
func (s *story) file(name string, role pipeline.Role, data []byte) string {
	at := "media/" + s.ID + "/" + name
	s.files[at] = data
	s.Media = append(s.Media, pipeline.MediaRef{File: at, Role: role})
	return at
}

// shot stands metres away from the claimed place in a direction and looks along heading.
func (s *story) shot(at string, metres float64, bearing, heading int, sc scene) shot {
	lat, lon := near(s.Claim.Where.Lat, s.Claim.Where.Lon, metres, bearing)
	return shot{at: moment(at), lat: lat, lon: lon, heading: heading, scene: sc}
}

func (s *story) post(src pipeline.Source) { s.Sources = append(s.Sources, src) }

// telegram adds a post of an invented channel.
func (s *story) telegram(channel string, number int, at string, side pipeline.Side, grade pipeline.Grade) {
	url := fmt.Sprintf("https://t.me/%s/%d", channel, number)
	t := moment(at)
	s.post(pipeline.Source{URL: url, Platform: "telegram", Account: channel, Side: side, Published: &t, Grade: grade})
}

// reposted adds so many reposts of the last post, 17 minutes apart, by channels of all sides.
func (s *story) reposted(times int) {
	last := s.Sources[len(s.Sources)-1]
	original, at := last.URL, *last.Published
	for i := range times {
		at = at.Add(17 * time.Minute)
		published, of := at, original
		channel := fmt.Sprintf("example_repost_%02d", i+1)
		side := []pipeline.Side{pipeline.SideUA, pipeline.SideRU, pipeline.SideOther}[i%3]
		s.post(pipeline.Source{URL: fmt.Sprintf("https://t.me/%s/%d", channel, 40+i), Platform: "telegram", Account: channel,
			Side: side, Published: &published, RepostOf: &of})
	}
}

// onX adds an invented post on X, whose address carries its time.
func (s *story) onX(at string, side pipeline.Side, grade pipeline.Grade) {
	t := moment(at)
	url := xStatus(t)
	s.post(pipeline.Source{URL: url, Platform: "x", Account: "example", Side: side, Published: &t, Grade: grade})
}

// article adds a report of an invented newspaper.
func (s *story) article(host, slug, at string, side pipeline.Side, grade pipeline.Grade) {
	t := moment(at)
	s.post(pipeline.Source{URL: "https://" + host + "/" + slug, Platform: "web", Account: host, Side: side, Published: &t, Grade: grade})
}

// witness adds a direct witness who names the claimed place within radiusM and the time.
func (s *story) witness(id, interviewed string, radiusM float64, from, to string, grade pipeline.Grade) {
	direct := true
	place := *s.Claim.Where
	place.RadiusM = radiusM
	s.Testimonies = append(s.Testimonies, pipeline.Testimony{ID: id, Interviewed: interviewed, Place: &place,
		Time: &pipeline.Span{From: moment(from), To: moment(to)}, Direct: &direct, Grade: grade})
}

// archived adds a web archive's copy to the last post.
func (s *story) archived(at string) {
	last := &s.Sources[len(s.Sources)-1]
	last.Archived = append(last.Archived, pipeline.Archived{Kind: pipeline.ArchiveWARC, Text: at})
}

// bracket adds what an analyst found in two satellite images.
func (s *story) bracket(file, before, after, shows, by string) {
	s.Brackets = append(s.Brackets, pipeline.Bracket{Media: file, Before: moment(before), After: moment(after), Shows: shows, By: by})
}

// landmarks adds points of an invented map that lie before the camera, at these distances from left to right, marked on a
// frame of that size by a lens of 67 degrees.
func (s *story) landmarks(file string, sh shot, by string, widthPx, heightPx int, metres ...float64) {
	l := pipeline.Landmarks{Media: file, WidthPx: widthPx, HeightPx: heightPx, By: by}
	if sh.pitchDeg != 0 {
		pitch, sigma := sh.pitchDeg, 2.0
		l.PitchDeg, l.SigmaPitchDeg = &pitch, &sigma
	}
	width, height := float64(widthPx), float64(heightPx)
	focalPx := width * 480.7 / 640
	down, level := math.Sincos(-sh.pitchDeg * math.Pi / 180)
	for i, distance := range metres {
		aside := math.Atan(((float64(i)+0.5)*width/float64(len(metres)) - width/2) / focalPx)
		turn := float64(sh.heading)*math.Pi/180 + aside
		north, east := distance*math.Cos(turn), distance*math.Sin(turn)
		ahead, right := distance*math.Cos(aside), distance*math.Sin(aside)
		deep := ahead*level + sh.heightM*down
		l.Points = append(l.Points, pipeline.Landmark{
			Name: fmt.Sprintf("point %d", i+1), Lat: round(sh.lat+north/111_200, 6), Lon: round(sh.lon+east/(111_200*math.Cos(sh.lat*math.Pi/180)), 6), SigmaM: 5,
			XPx: round(width/2+focalPx*right/deep, 1), YPx: round(height/2+focalPx*(sh.heightM*level-ahead*down)/deep, 1), SigmaPx: 3,
		})
	}
	s.Landmarks = append(s.Landmarks, l)
}

func (s *story) mark(m pipeline.Mark) { s.Marks = append(s.Marks, m) }

// old is footage that was seen before, kept in known/.
type old struct {
	name      string // file in known/; empty when only the digest is kept
	firstSeen string
	url       string
	event     string
	data      []byte
}
