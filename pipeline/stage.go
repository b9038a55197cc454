package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Extractor measures one media file. Run must return the same observations for the same bytes; it is told of no claim.
type Extractor struct {
	Name    string
	Version string // raise it when the output may change
	Doc     string
	Needs   []KeyID // keys of earlier stages that Run reads
	Makes   []KeyID // keys that Run may return, each at most once
	Run     func(ctx context.Context, in Opened) ([]Observation, error)
}

// Opened is a media file ready to be measured.
type Opened struct {
	Media    Media
	File     *os.File     // open for reading; a stage may move the offset, but not close it
	Observed Observations // what earlier stages made
}

// Scope says of what a question is asked.
type Scope string

const (
	PerIncident  Scope = "incident"
	PerMedia     Scope = "media" // event and aftermath media only
	PerSource    Scope = "source"
	PerTestimony Scope = "testimony"
	PerMark      Scope = "mark"
	PerBracket   Scope = "bracket"
	PerLandmarks Scope = "landmarks"
)

// QuestionID is "assessor.what".
type QuestionID string

// Question is a yes/no sentence that exactly one assessor answers.
type Question struct {
	ID    QuestionID
	Text  string // a sentence that is true or false of the subject: "the camera clock lies in the claimed window"
	Scope Scope
}

// Assessor judges one incident. After it is done, each of its questions has exactly one finding for each subject of
// the question's scope.
type Assessor struct {
	Name    string
	Version string // raise it when a finding may change
	Doc     string
	Asks    []Question
	Run     func(ctx context.Context, in Case) ([]Finding, error)
}

// Case is one incident with all that was measured on its media.
type Case struct {
	Incident Incident
	Media    []Exhibit // in the order of Incident.Media
}

// Exhibit is one media file of an incident.
type Exhibit struct {
	Ref      MediaRef
	Media    *Media       // nil when the file could not be received
	Missing  string       // why not, when Media is nil
	Observed Observations // empty when nothing could be measured
	Stages   []StageResult
}

// Asked reports whether questions of place and time are asked of this exhibit.
func (e Exhibit) Asked() bool { return e.Ref.EffectiveRole() != RoleContext }

// Subject names the exhibit in findings and evidence.
func (e Exhibit) Subject() string { return e.Ref.File }

// SourceSubject, TestimonySubject and MarkSubject name the other subjects; accounts and addresses stay out of them.
func SourceSubject(i int) string { return fmt.Sprintf("sources[%d]", i) }

// ArchivedSubject names an archived copy of a source.
func ArchivedSubject(source, copied int) string {
	return fmt.Sprintf("%s.archived[%d]", SourceSubject(source), copied)
}

// TestimonySubject names a testimony by its pseudonym.
func TestimonySubject(t Testimony) string { return "testimonies/" + t.ID }

// MarkSubject names a mark by its place in the record.
func MarkSubject(i int) string { return fmt.Sprintf("marks[%d]", i) }

// BracketSubject names a bracket by its place in the record.
func BracketSubject(i int) string { return fmt.Sprintf("brackets[%d]", i) }

// LandmarksSubject names the landmarks of a frame by their place in the record.
func LandmarksSubject(i int) string { return fmt.Sprintf("landmarks[%d]", i) }

// Subjects lists what a question of the given scope is asked of, in the order of the record.
func (c Case) Subjects(scope Scope) []string {
	var out []string
	switch scope {
	case PerIncident:
		out = []string{""}
	case PerMedia:
		for _, e := range c.Media {
			if e.Asked() {
				out = append(out, e.Subject())
			}
		}
	case PerSource:
		for i := range c.Incident.Sources {
			out = append(out, SourceSubject(i))
		}
	case PerTestimony:
		for _, t := range c.Incident.Testimonies {
			out = append(out, TestimonySubject(t))
		}
	case PerMark:
		for i := range c.Incident.Marks {
			out = append(out, MarkSubject(i))
		}
	case PerBracket:
		for i := range c.Incident.Brackets {
			out = append(out, BracketSubject(i))
		}
	case PerLandmarks:
		for i := range c.Incident.Landmarks {
			out = append(out, LandmarksSubject(i))
		}
	}
	return out
}

// Status is the fate of a stage. It is never a finding.
type Status string

const (
	Done    Status = "done"
	Skipped Status = "skipped" // the stage does not apply to this input
	Failed  Status = "failed"
)

// StageResult is what became of one stage on one subject.
type StageResult struct {
	Stage        string       `json:"stage"`
	Version      string       `json:"version"`
	Status       Status       `json:"status"`
	Cause        string       `json:"cause,omitempty"` // why skipped or failed
	Retry        bool         `json:"retry,omitempty"` // failed in a way that another try may mend
	Observations Observations `json:"-"`
}

// SkipError is how a stage says that it does not apply.
type SkipError struct{ Reason string }

func (e *SkipError) Error() string { return e.Reason }

// Skip returns a *SkipError.
func Skip(format string, args ...any) error { return &SkipError{Reason: fmt.Sprintf(format, args...)} }

// PermanentError is a failure that no retry mends: the bytes themselves are at fault.
type PermanentError struct{ Err error }

func (e *PermanentError) Error() string { return e.Err.Error() }

func (e *PermanentError) Unwrap() error { return e.Err }

// Permanent marks err as not worth a retry.
func Permanent(err error) error { return &PermanentError{Err: err} }

func resultOf(name, version string, err error) StageResult {
	r := StageResult{Stage: name, Version: version, Status: Done}
	var skip *SkipError
	var permanent *PermanentError
	switch {
	case err == nil:
	case errors.As(err, &skip):
		r.Status, r.Cause = Skipped, skip.Reason
	default:
		r.Status, r.Cause = Failed, err.Error()
		r.Retry = !errors.As(err, &permanent)
	}
	return r
}
