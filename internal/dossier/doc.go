// Package dossier writes all that is known of incidents as one HTML page that needs nothing else: no script, no other file,
// no network. It reads well on a screen, on a phone and on paper.
//
// It promises that whatever package audience holds back is not in the page at all; that text from outside stays text; that a
// picture of footage is an outline unless the caller asked for frames, and even then stands behind a closed lid with its words
// before it; that the machine's status and what people decided are never one field; that what is not known has a row of its
// own; and that the same input gives the same bytes. It judges nothing: every number comes from the verdict.
//
// Its pictures are those of package plot, and of footage those that package decode made anew from pixels; it reads no file.
package dossier

import (
	"time"

	"whenwhere/internal/audience"
	"whenwhere/internal/control"
	"whenwhere/internal/report/record"
	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
	"whenwhere/pipeline/moment"
)

// About is what holds for the whole document.
type About struct {
	Audience audience.Audience
	Areas    audience.Areas // may be nil
	Kyiv     *time.Location // in which times are told before UTC
	Title    string         // of the document; also at the foot of each printed page
	Many     bool           // it may hold several incidents, which are listed at its end
}

// Input is everything that is told of one incident.
type Input struct {
	record.Entry
	Questions []pipeline.Question // of all assessors, for their words

	Maps        []control.Drawing // of the claimed time, by provider
	MapsChanged bool              // the maps are others than those that the verdict was made with
	Allowed     []moment.Allowed  // what each item behind Verdict.Times allows

	Frames  []Frame // of the incident's files; shown to no audience but internal
	Matches []Match // pairs of frames that the verdict rests on; the same
	Events  []Event // of the log, that speak of the incident or its files
	Log     *Log    // nil without a log

	Pairs []duplicates.Proposal // of this incident with others: proposed, or spoken of by people
	Calls []Call                // statements that speak of it
}

// Frame is a picture of a file, made anew from its pixels: an outline, and the frame itself if it was asked for.
type Frame struct {
	Subject string           // of the exhibit; of other footage its name in findings
	Media   pipeline.MediaID // the file it was made of
	AtMs    *int64           // of movies
	Outline []byte           // PNG; nil when there is none, and Why says why
	Shown   []byte           // JPEG, in colour; nil unless asked for
	Why     string
}

// Match is two frames that look alike by a finding, the incident's own first.
type Match struct {
	Lines       []string // ids of the lines that rest on it
	Mine, Other Frame
	Seen        string // where and when the other was seen, in words
}

// Event is a leaf of the log.
type Event struct {
	Number  int64
	At      time.Time
	Actor   string
	Action  string
	Subject string // what it is about: an incident, or the hash of a file
	Result  string // digest; may be empty
	Export  bool   // the incident was handed out
}

// Log is the state of the log that the events were read from.
type Log struct {
	Size       int64  // events
	SignedSize int64  // of the last signed checkpoint; 0 when none was signed yet
	Root       string // of that checkpoint, base64
}

// Call is a public statement that speaks of the incident.
type Call struct {
	Statement pipeline.Statement
	Why       string // who says that it does
}
