// Package telemetry turns what a flight or an action camera recorded of itself, second by second, into tags: the subtitle
// files of DJI drones (reader and directory "srt") and the telemetry track of GoPro cameras ("gpmf").
//
// Only the ends and the bounds of a recording leave the child: the first and the last reading of its clock, the first and
// the last place and how far it goes, how the camera was held at the first and between which bounds later, how long it is,
// and what is wrong with it. The place of the pilot, HOME(...) in subtitles, is dropped by package srt before anything is
// read; no tag and no note quotes the text of a subtitle.
//
// Tags of "srt": DialFirst, DialLast (text, DialLayout, on the drone's own dial, which states no zone) with DialFirstWidthMs
// and DialLastWidthMs (their precision); DialFlag (text, one for each doubt of package srt that touches the dial); PlaceFirst,
// PlaceLast (latitude, longitude in degrees, WGS 84) with HeightFirstM, HeightLastM (above take-off) or AltitudeFirstM,
// AltitudeLastM (above the sea); ReachM (how far the farthest place lies from PlaceFirst);
// GimbalFirst (pitch, roll, yaw in degrees, as written, of the cue of PlaceFirst); of all cues with a gimbal GimbalPitch and
// GimbalHeightM (least, greatest) and GimbalYaw (the shortest arc that holds all, from a yaw of 0 to 360 clockwise to one
// that may exceed 360); Cues; LengthMs (of the cues).
//
// Tags of "gpmf": Device; Payloads (how many the track has); FirstUTC, LastUTC (text, UTCLayout) with FirstFix, LastFix
// (0, 2 or 3; absent when the stream states none), FirstDOP, LastDOP, FirstPayload, LastPayload (from 0) and FirstPlace,
// LastPlace (latitude, longitude in degrees, altitude in metres).
package telemetry

import (
	"fmt"
	"strconv"

	"whenwhere/internal/decode/wire"
)

// Layouts of times in tags.
const (
	DialLayout = "2006-01-02T15:04:05.000"
	UTCLayout  = "2006-01-02T15:04:05.000Z"
)

// found gathers the tags of one reader, which is their directory too.
type found struct {
	reader string
	tags   []wire.Tag
	notes  []wire.Note
}

func (f *found) text(name, text string) {
	f.tags = append(f.tags, wire.Tag{Reader: f.reader, Dir: f.reader, Name: name, Text: &text})
}

func (f *found) int(name string, v int64) {
	f.tags = append(f.tags, wire.Tag{Reader: f.reader, Dir: f.reader, Name: name, Ints: []int64{v}})
}

func (f *found) floats(name string, values ...float64) {
	t := wire.Tag{Reader: f.reader, Dir: f.reader, Name: name}
	for _, v := range values {
		t.Floats = append(t.Floats, strconv.FormatFloat(v, 'g', -1, 64))
	}
	f.tags = append(f.tags, t)
}

func (f *found) note(where, format string, args ...any) {
	f.notes = append(f.notes, wire.Note{Where: where, Rule: fmt.Sprintf(format, args...)})
}
