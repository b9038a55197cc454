package main

import "whenwhere/pipeline"

// tellIncident begins a story: its id.
func tellIncident(t *teller, w *words) {
	t.in = &story{files: map[string][]byte{}, Incident: pipeline.Incident{ID: w.next(), Claim: pipeline.Claim{
		Kind: pipeline.KindExecution, Casualties: &pipeline.Casualties{Party: pipeline.SideUA}, Perpetrator: pipeline.SideRU,
	}}}
	t.stories = append(t.stories, t.in)
	t.shot, t.file = shot{}, ""
}

// tellLine puts the claim km east of the front: latitude, km (west of it below 0), the day of the line, radius.
func tellLine(t *teller, w *words) {
	lat, km, on := w.number(), w.number(), w.day()
	t.claims(pipeline.Place{Lon: t.front.east(lat, on, km), Lat: lat, RadiusM: w.number()})
}

// tellPlace puts it anywhere: latitude, longitude, radius.
func tellPlace(t *teller, w *words) {
	t.claims(pipeline.Place{Lat: w.number(), Lon: w.number(), RadiusM: w.number()})
}

func (t *teller) claims(p pipeline.Place) {
	t.base = p
	t.in.Claim.Where = &p
}

// tellNowhere leaves the place out of the claim; views still count from it.
func tellNowhere(t *teller, _ *words) { t.in.Claim.Where = nil }

// tellWhen is the claimed time: from, to.
func tellWhen(t *teller, w *words) {
	span := w.span()
	t.in.Claim.When = &span
}

// tellKilled is how many: the number, or the least and the most.
func tellKilled(t *teller, w *words) {
	c := t.in.Claim.Casualties
	c.Min = w.whole()
	if c.Max = c.Min; len(w.rest) > 0 {
		c.Max = w.whole()
	}
}

// tellKind is the kind of event, where it is no execution.
func tellKind(t *teller, w *words) { t.in.Claim.Kind = pipeline.Kind(w.next()) }

// tellWhat is what is alleged.
func tellWhat(t *teller, w *words) {
	t.in.Claim.What = "INVENTED for testing, no real event: " + w.text()
}

// tellTruth is what the invented facts are, for the README.
func tellTruth(t *teller, w *words) { t.in.truth = w.text() }

// tellLesson is what the evidence should lead to.
func tellLesson(t *teller, w *words) { t.in.lesson = w.text() }

// tellView is where a camera stands: when, how far from the claimed place and in which direction, where it looks, and what
// it sees (scene).
func tellView(t *teller, w *words) {
	at := w.moment()
	lat, lon := near(t.base.Lat, t.base.Lon, w.number(), w.whole())
	t.shot = shot{at: at, lat: lat, lon: lon, heading: w.whole(), scene: w.scene()}
}

// tellElsewhere is a view from anywhere: when, latitude, longitude, where it looks, scene.
func tellElsewhere(t *teller, w *words) {
	t.shot = shot{at: w.moment(), lat: w.number(), lon: w.number(), heading: w.whole(), scene: w.scene()}
}

// tellDrone lifts the last view: height above the ground, pitch of the gimbal.
func tellDrone(t *teller, w *words) { t.shot.heightM, t.shot.pitchDeg = w.number(), w.number() }

// scene is the seed of the dice, the kind of landscape, the season, and overcast, or lamps at night.
func (w *words) scene() scene {
	s := scene{seed: uint64(w.whole()), kind: w.next(), season: one(w, seasons())}
	s.overcast, s.lamps = w.flag("overcast"), w.flag("lamps")
	return s
}

func seasons() map[string]season {
	return map[string]season{"green": green, "stubble": stubble, "rust": rust, "bare": bare, "snow": snow}
}
