package main

import (
	"bufio"
	"embed"
	"fmt"
	"strings"

	"whenwhere/pipeline"
)

// The stories are told in text, one file a case: a line is a verb and its words. Times are UTC, distances metres, directions
// degrees from true north, sides and grades those of the record. # starts a comment. What a verb takes stands at its function.
//
//go:embed stories/*.txt
var told embed.FS

// teller reads one file of stories.
type teller struct {
	front   front
	known   map[string]old
	stories []*story

	in      *story         // the last one begun
	base    pipeline.Place // that its distances and directions count from
	shot    shot           // the last view
	file    string         // the last file
	widthPx int            // of its frame, which is 4 to 3
}

type verb func(*teller, *words)

// tell reads stories/NAME.txt. The error names the line.
func tell(name string, f front, known map[string]old) ([]*story, error) {
	name = "stories/" + name + ".txt"
	file, err := told.Open(name)
	if err != nil {
		return nil, fmt.Errorf("tell: %w", err)
	}
	defer file.Close()
	t := &teller{front: f, known: known}
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		if err := t.line(lines.Text()); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	return t.stories, lines.Err()
}

func (t *teller) line(text string) error {
	text, _, _ = strings.Cut(text, "#")
	w := &words{rest: strings.Fields(text)}
	if len(w.rest) == 0 {
		return nil
	}
	name := w.next()
	do, ok := verbs()[name]
	switch {
	case !ok:
		return fmt.Errorf("%s: no such verb", name)
	case t.in == nil && name != "incident":
		return fmt.Errorf("%s: before the first incident", name)
	}
	do(t, w)
	if fault := w.end(); fault != nil {
		return fmt.Errorf("%s: %w", name, fault)
	}
	return nil
}

func verbs() map[string]verb {
	return map[string]verb{
		"incident": tellIncident, "line": tellLine, "place": tellPlace, "nowhere": tellNowhere, "when": tellWhen, "killed": tellKilled,
		"kind": tellKind, "what": tellWhat, "truth": tellTruth, "teaches": tellLesson,
		"view": tellView, "elsewhere": tellElsewhere, "drone": tellDrone,
		"photo": tellPhoto, "tagged": tellTagged, "clip": tellClip, "copy": tellCopy, "movie": tellMovie, "android": tellAndroid, "telemetry": tellTelemetry,
		"old": tellOld, "broken": tellBroken,
		"shadow": tellShadow, "bracket": tellBracket, "landmarks": tellLandmarks,
		"telegram": tellTelegram, "reposts": tellReposts, "uploads": tellUploads, "carries": tellCarries, "x": tellX, "undated": tellUndated, "web": tellWeb, "archived": tellArchived,
		"witness": tellWitness, "hearsay": tellHearsay,
	}
}
