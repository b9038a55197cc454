package score

import (
	"slices"

	"whenwhere/pipeline"
)

// Again folds a verdict anew from what it holds: the findings that its lines tell of, the questions that were asked, the
// stages that failed. Under the rules that the verdict names, the result is the verdict. Under others it is what those
// make of the same findings; what else a line weighs on is not measured again.
func Again(rules Rules, v pipeline.Verdict) pipeline.Verdict {
	again := Fold(rules, Input{Incident: v.Incident, Questions: questionsOf(v), Findings: findingsOf(v.Lines),
		Times: v.Times, Incomplete: v.Incomplete, Data: v.Data})
	again.Named = v.Named
	return again
}

// findingsOf is the findings that the lines tell of.
func findingsOf(lines []pipeline.Line) []pipeline.Finding {
	var out []pipeline.Finding
	for _, l := range lines {
		f := pipeline.Finding{Question: l.Question, Subject: l.Subject, Outcome: l.Outcome, Code: l.Code, Reason: l.Reason,
			Evidence: l.Evidence, Basis: l.Basis, Likelihood: l.Likelihood, Assessor: l.Assessor, Version: l.Version}
		for _, w := range l.Without {
			f.Without = append(f.Without, w.Lacking)
		}
		out = append(out, f)
	}
	return out
}

// questionsOf is the questions that were asked: those that are open, and those that lines answer.
func questionsOf(v pipeline.Verdict) []pipeline.Question {
	var out []pipeline.Question
	add := func(id pipeline.QuestionID, text string) {
		if !slices.ContainsFunc(out, func(q pipeline.Question) bool { return q.ID == id }) {
			out = append(out, pipeline.Question{ID: id, Text: text})
		}
	}
	for _, o := range v.Open {
		add(o.Question, o.Text)
	}
	for _, l := range v.Lines {
		add(l.Question, "") // its text is read of open questions only
	}
	for _, id := range v.Unweighed {
		add(id, "")
	}
	return out
}
