package main

import (
	"fmt"
	"time"

	"whenwhere/pipeline"
)

const photoW, photoH = 640, 480

// add keeps a media file. What is left of the words is its role, when it does not show the event.
func (t *teller) add(w *words, name string, widthPx int, data []byte) {
	role := pipeline.RoleEvent
	if len(w.rest) > 0 {
		role = pipeline.Role(w.next())
	}
	t.file, t.widthPx = "media/"+t.in.ID+"/"+name, widthPx
	t.in.files[t.file] = data
	t.in.Media = append(t.in.Media, pipeline.MediaRef{File: t.file, Role: role})
}

// tellPhoto is the view as a photo without metadata: name, role.
func tellPhoto(t *teller, w *words) { t.add(w, w.next(), photoW, t.shot.photo()) }

// tellBroken is a photo whose transfer broke off: name, bytes that arrived.
func tellBroken(t *teller, w *words) {
	name, arrived := w.next(), w.whole()
	t.add(w, name, photoW, t.shot.photo()[:arrived])
}

// tellClip is the view as a clip without metadata: name, role.
func tellClip(t *teller, w *words) { t.add(w, w.next(), clipW, t.shot.pan().bytes()) }

// tellCopy is what a channel makes of the clip (reencoded): name, role.
func tellCopy(t *teller, w *words) { t.add(w, w.next(), clipW, t.shot.pan().reencoded().bytes()) }

// tellMovie is the clip as a phone writes it: name, phone, its hours ahead of UTC, role.
func tellMovie(t *teller, w *words) {
	name, p := w.next(), one(w, phones())
	t.add(w, name, clipW, t.shot.filmed(p, w.whole()).bytes())
}

// tellAndroid is the clip with what an Android phone writes into it: name, role.
func tellAndroid(t *teller, w *words) { t.add(w, w.next(), clipW, t.shot.filmedByAndroid().bytes()) }

// tellTelemetry is what a drone leaves of a flight: its number. The movie has the time in its header and no position; beside
// it lie the subtitles with the position and the gimbal of each second.
func tellTelemetry(t *teller, w *words) {
	name := fmt.Sprintf("DJI_%04d", w.whole())
	c := t.shot.pan()
	c.written = t.shot.at
	t.add(w, name+".MOV", clipW, c.bytes())
	movie := t.file
	t.add(w, name+".SRT", clipW, t.shot.subtitles())
	t.file = movie
}

// tellTagged is the view as a photo with what the phone writes into it: name, phone, its hours ahead of UTC, what is wrong
// with that, role.
func tellTagged(t *teller, w *words) {
	name, p := w.next(), one(w, phones())
	tags := t.shot.tagged(p, w.whole())
	if ahead, ok := w.option("ahead"); ok { // a clock that is fast
		by, err := time.ParseDuration(ahead)
		w.check(err)
		tags.wall = tags.wall.Add(by)
	}
	w.wall("clock", &tags.wall) // one that was set, or tags that were edited
	if w.flag("nooffset") {
		tags.offset = ""
	}
	if w.flag("nogps") {
		tags.gps = nil
	}
	if w.flag("norefs") && tags.gps != nil {
		tags.gps.withoutRefs = true
	}
	w.editor(&tags)
	t.add(w, name, photoW, t.shot.with(tags))
}

// editor reads software=NAME edited=TIME, the time of the last save.
func (w *words) editor(t *tags) {
	if name, ok := w.option("software"); ok {
		t.software = name
		w.wall("edited", &t.edited)
	}
}

// tellOld is footage that was seen before: name, its key among the known, what was done to it, by which editor, role.
func tellOld(t *teller, w *words) {
	name, was := w.next(), one(w, t.known)
	if was.clip != nil && w.flag("reencoded") {
		t.add(w, name, clipW, was.clip.reencoded().bytes())
		return
	}
	edit := one(w, edits())
	if w.fault != nil {
		return
	}
	data := edit(was.data)
	var saved tags
	if w.editor(&saved); saved != (tags{}) {
		data = withEXIF(data, saved, photoW, photoH)
	}
	t.add(w, name, photoW, data)
}

// edits are what people do to photos.
func edits() map[string]func([]byte) []byte {
	return map[string]func([]byte) []byte{"reencoded": reencoded, "cropped": cropped, "mirrored": mirrored, "branded": branded,
		"whole": func(b []byte) []byte { return b }}
}

// tellShadow is a shadow that an analyst marks on the last file: who, how many degrees and what share of the ratio beside
// the truth.
func tellShadow(t *teller, w *words) {
	by := w.next()
	t.in.Marks = append(t.in.Marks, t.shot.shadowMark(t.file, by, w.number(), w.number()))
}

// tellBracket is what an analyst finds in two satellite images: who, when each was taken, what they show.
func tellBracket(t *teller, w *words) {
	t.in.Brackets = append(t.in.Brackets, pipeline.Bracket{Media: t.file, By: w.next(), Before: w.moment(), After: w.moment(), Shows: w.text()})
}

// tellLandmarks are points that an analyst marks on the last file: who, how far they lie from the camera, from left to right.
func tellLandmarks(t *teller, w *words) {
	l := pipeline.Landmarks{Media: t.file, WidthPx: t.widthPx, HeightPx: t.widthPx * 3 / 4, By: w.next()}
	if pitch, sigma := t.shot.pitchDeg, 2.0; pitch != 0 {
		l.PitchDeg, l.SigmaPitchDeg = &pitch, &sigma
	}
	l.Points = t.shot.landmarks(float64(t.widthPx), w.numbers())
	t.in.Landmarks = append(t.in.Landmarks, l)
}
