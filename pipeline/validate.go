package pipeline

import (
	"errors"
	"fmt"
	"slices"
)

// Validate checks the two lists of stages before anything runs and returns all faults together: names, docs and
// versions present, no duplicates, each needed key made by an earlier stage, each key made once, each question asked
// once.
func Validate(extractors []Extractor, assessors []Assessor) error {
	v := &validator{names: map[string]bool{}, keys: map[KeyID]string{}, questions: map[QuestionID]string{}}
	for _, e := range extractors {
		v.stage(e.Name, e.Version, e.Doc, e.Run != nil)
		for _, k := range e.Needs {
			if v.keys[k] == "" {
				v.fault("stage %s needs %s, which no earlier stage makes", e.Name, k)
			}
		}
		v.makes(e)
	}
	for _, a := range assessors {
		v.stage(a.Name, a.Version, a.Doc, a.Run != nil)
		v.asks(a)
	}
	return errors.Join(v.faults...)
}

type validator struct {
	names     map[string]bool
	keys      map[KeyID]string
	questions map[QuestionID]string
	faults    []error
}

func (v *validator) fault(format string, args ...any) {
	v.faults = append(v.faults, fmt.Errorf(format, args...))
}

func (v *validator) stage(name, version, doc string, runs bool) {
	if name == "" || version == "" || doc == "" || !runs {
		v.fault("stage %q: name, version, doc and run must all be set", name)
	}
	if v.names[name] {
		v.fault("stage %s is listed twice", name)
	}
	v.names[name] = true
}

func (v *validator) makes(e Extractor) {
	if len(e.Makes) == 0 {
		v.fault("stage %s makes nothing", e.Name)
	}
	for _, k := range e.Makes {
		if owner := v.keys[k]; owner != "" {
			v.fault("stage %s makes %s, which stage %s makes", e.Name, k, owner)
		}
		v.keys[k] = e.Name
	}
}

func (v *validator) asks(a Assessor) {
	if len(a.Asks) == 0 {
		v.fault("assessor %s asks nothing", a.Name)
	}
	scopes := []Scope{PerIncident, PerMedia, PerSource, PerTestimony, PerMark, PerBracket, PerLandmarks}
	for _, q := range a.Asks {
		if q.ID == "" || q.Text == "" || !slices.Contains(scopes, q.Scope) {
			v.fault("assessor %s: question %q: id, text and a known scope must be set", a.Name, q.ID)
		}
		if owner := v.questions[q.ID]; owner != "" {
			v.fault("assessor %s asks %s, which assessor %s asks", a.Name, q.ID, owner)
		}
		v.questions[q.ID] = a.Name
	}
}

// Questions lists all questions of the assessors, sorted by id.
func Questions(assessors []Assessor) []Question {
	var out []Question
	for _, a := range assessors {
		out = append(out, a.Asks...)
	}
	slices.SortFunc(out, func(a, b Question) int { return compareText(a.ID, b.ID) })
	return out
}
