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
func begin(id string, lat, lon, radiusM float64, from, to string, killed int, what string) *story {
	return &story{files: map[string][]byte{}, Incident: pipeline.Incident{ID: id, Claim: pipeline.Claim{
		Where:       &pipeline.Place{Lon: lon, Lat: lat, RadiusM: radiusM},
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
func (s *story) telegram(channel string, number int, at string, side pipeline.Side, grade pipeline.Grade) string {
	url := fmt.Sprintf("https://t.me/%s/%d", channel, number)
	t := moment(at)
	s.post(pipeline.Source{URL: url, Platform: "telegram", Account: channel, Side: side, Published: &t, Grade: grade})
	return url
}

// onX adds an invented post on X, whose address carries its time.
func (s *story) onX(at string, side pipeline.Side, grade pipeline.Grade) string {
	t := moment(at)
	url := xStatus(t)
	s.post(pipeline.Source{URL: url, Platform: "x", Account: "example", Side: side, Published: &t, Grade: grade})
	return url
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

// landmarks adds points of an invented map that stand before the camera, at these distances from left to right, marked on
// a frame of 640 x 480 by a lens of 67 degrees.
func (s *story) landmarks(file string, sh shot, by string, metres ...float64) {
	const widthPx, heightPx, focalPx = 640, 480, 480.7
	l := pipeline.Landmarks{Media: file, WidthPx: widthPx, HeightPx: heightPx, By: by}
	for i, distance := range metres {
		x := round((float64(i)+0.5)*widthPx/float64(len(metres)), 1)
		turn := (float64(sh.heading) + math.Atan((x-widthPx/2)/focalPx)*180/math.Pi) * math.Pi / 180
		north, east := distance*math.Cos(turn), distance*math.Sin(turn)
		l.Points = append(l.Points, pipeline.Landmark{
			Name: fmt.Sprintf("point %d", i+1), Lat: round(sh.lat+north/111_200, 6), Lon: round(sh.lon+east/(111_200*math.Cos(sh.lat*math.Pi/180)), 6), SigmaM: 5,
			XPx: x, YPx: heightPx / 2, SigmaPx: 3,
		})
	}
	s.Landmarks = append(s.Landmarks, l)
}

func (s *story) mark(m pipeline.Mark) { s.Marks = append(s.Marks, m) }

// day is the UTC date of the middle of the claim.
func (s *story) day() string {
	w := s.Claim.When
	return w.From.Add(w.Duration() / 2).Format(time.DateOnly)
}

// old is footage that was seen before, kept in known/.
type old struct {
	name      string // file in known/; empty when only the digest is kept
	firstSeen string
	url       string
	event     string
	data      []byte
}

// archive draws the known footage.
func archive() map[string]old {
	oldShot := func(at string, lat, lon float64, heading int, sc scene) []byte {
		return shot{at: moment(at), lat: lat, lon: lon, heading: heading, scene: sc}.photo()
	}
	const note = "invented for testing: "
	return map[string]old{
		"yard": {"yard_2023.jpg", "2023-06-14", "https://example.org/archive/1187", note + "a yard, posted in June 2023",
			oldShot("2023-06-13T09:20:00Z", 48.31, 37.52, 210, scene{seed: 5101, kind: "yard", season: green})},
		"road": {"road_2023.jpg", "2023-10-02T14:05:00Z", "https://t.me/example_channel/41", note + "a road in October 2023",
			oldShot("2023-10-01T12:40:00Z", 47.92, 37.31, 80, scene{seed: 5202, kind: "road", season: stubble})},
		"village": {"village_2022.jpg", "2022-11-20", "https://example.com/photos/village", note + "a village in November 2022",
			oldShot("2022-11-18T10:15:00Z", 48.44, 37.88, 300, scene{seed: 5303, kind: "village", season: bare})},
		"river": {"river_2024.jpg", "2024-02-11T08:30:00Z", "https://example.org/archive/2031", note + "a river in February 2024",
			oldShot("2024-02-10T11:00:00Z", 47.71, 36.95, 30, scene{seed: 5404, kind: "river", season: bare})},
		"street": {"", "2023-03-05", "https://example.org/archive/0904", note + "only the digest of the file was kept",
			oldShot("2023-03-04T08:50:00Z", 48.15, 37.74, 140, scene{seed: 5505, kind: "village", season: bare, overcast: true})},
		"field": {"field_2023.jpg", "2023-08-21", "https://example.com/photos/field", note + "a field that no incident uses",
			oldShot("2023-08-20T07:30:00Z", 48.02, 37.40, 350, scene{seed: 5606, kind: "field", season: stubble})},
	}
}
