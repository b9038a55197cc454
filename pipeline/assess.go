package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Assess runs all assessors over one incident. Findings come sorted by question and subject. An assessor that returns
// an error, or whose set of answers is not complete, is Failed and contributes no finding. The error is that of the
// context only.
func Assess(ctx context.Context, assessors []Assessor, in Case) ([]Finding, []StageResult, error) {
	var findings []Finding
	var results []StageResult
	for _, a := range assessors {
		made, err := a.Run(ctx, in)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err == nil {
			err = complete(a, in, made)
		}
		r := resultOf(a.Name, a.Version, err)
		results = append(results, r)
		if r.Status != Done {
			continue
		}
		for i := range made {
			made[i].Assessor, made[i].Version = a.Name, a.Version
			in.Incident.Claim.whichPlace(&made[i])
		}
		findings = append(findings, made...)
	}
	SortFindings(findings)
	return findings, results, nil
}

// SortFindings brings findings into their canonical order: by question, subject and basis.
func SortFindings(f []Finding) {
	slices.SortStableFunc(f, func(a, b Finding) int {
		return cmp.Or(strings.Compare(string(a.Question), string(b.Question)), strings.Compare(a.Subject, b.Subject),
			strings.Compare(a.Basis.String(), b.Basis.String()))
	})
}

type asked struct {
	question QuestionID
	subject  string
}

// complete checks that made answers each question of a exactly once for each of its subjects, with sound findings.
func complete(a Assessor, in Case, made []Finding) error {
	open := map[asked]bool{}
	for _, q := range a.Asks {
		for _, s := range in.Subjects(q.Scope) {
			open[asked{q.ID, s}] = true
		}
	}
	for _, f := range made {
		at := asked{f.Question, f.Subject}
		if !open[at] {
			return Permanent(fmt.Errorf("assessor %s: answer to %s about %q is not asked for, or given twice", a.Name, f.Question, f.Subject))
		}
		delete(open, at)
		if err := f.check(); err != nil {
			return Permanent(fmt.Errorf("assessor %s: %s about %q: %w", a.Name, f.Question, f.Subject, err))
		}
	}
	if len(open) > 0 {
		return Permanent(fmt.Errorf("assessor %s: %d of its questions have no answer", a.Name, len(open)))
	}
	return nil
}

func (f Finding) check() error {
	decides := f.Outcome.decides()
	switch {
	case !f.Outcome.valid():
		return fmt.Errorf("outcome %q", f.Outcome)
	case f.Reason == "":
		return fmt.Errorf("no reason")
	case decides && len(f.Evidence) == 0:
		return fmt.Errorf("%s without evidence", f.Outcome)
	case decides && f.Basis.Kind == "":
		return fmt.Errorf("%s without a basis", f.Outcome)
	case !decides && f.Code == "":
		return fmt.Errorf("%s without a code", f.Outcome)
	case !f.Likelihood.sound():
		return fmt.Errorf("likelihood %v", *f.Likelihood)
	}
	for _, w := range f.Without {
		if err := w.check(f); err != nil {
			return fmt.Errorf("without %q: %w", w.Line, err)
		}
	}
	return nil
}

func (w Lacking) check(f Finding) error {
	switch {
	case w.Line == "":
		return fmt.Errorf("no line")
	case !w.Outcome.valid():
		return fmt.Errorf("outcome %q", w.Outcome)
	case w.Outcome.decides() && (len(f.Evidence) == 0 || f.Basis.Kind == ""):
		return fmt.Errorf("%s without evidence and basis", w.Outcome)
	case !w.Likelihood.sound():
		return fmt.Errorf("likelihood %v", *w.Likelihood)
	}
	return nil
}
