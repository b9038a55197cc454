// Package trials judges claims of known truth as the program judges incidents, and says how far its scores can be believed.
//
// A [Court] runs the program's assessors and rules. It promises that no question of the rules is left out, that claims are
// judged in the order in which they are given, on both cores, and that what it prints holds counts and shares only.
package trials

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"whenwhere/internal/clock"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
	"whenwhere/pipeline/assess/front"
	"whenwhere/pipeline/assess/light"
	"whenwhere/pipeline/assess/sources"
	"whenwhere/pipeline/assess/when"
	"whenwhere/pipeline/assess/where"
	"whenwhere/pipeline/score"
)

// Claim is a claim of known truth, ready to be judged.
type Claim struct {
	pipeline.Case
	Index               footage.Index
	Maps                front.Maps
	PlaceTrue, TimeTrue bool
	Kind                string // how the claim is made: "true", "1 h off"
	Event               int    // claims of one event are not independent
	Report              bool   // its event belongs to the part that nothing is fitted on
}

// True is whether the claim as a whole is.
func (c Claim) True() bool { return c.PlaceTrue && c.TimeTrue }

// Judged is what the program makes of a claim.
type Judged struct {
	Claim
	Verdict pipeline.Verdict
}

// Court judges.
type Court struct {
	Zones *clock.Zones
	rules score.Rules
}

// NewCourt judges by the rules in use. It is an error when they have a question that is not asked here, or the reverse.
func NewCourt() (Court, error) {
	c := Court{clock.NewZones(), score.Default()}
	return c, c.rules.Covers(pipeline.Questions(c.assessors(Claim{})))
}

// Rules is the name of the rules in use.
func (c Court) Rules() string { return c.rules.Version }

func (c Court) assessors(x Claim) []pipeline.Assessor {
	return []pipeline.Assessor{when.Assessor(c.Zones), where.Assessor(), light.Assessor(c.Zones), front.Assessor(x.Maps), footage.Assessor(x.Index), sources.Assessor()}
}

// Judge judges one claim.
func (c Court) Judge(ctx context.Context, x Claim) (Judged, error) {
	assessors := c.assessors(x)
	findings, stages, err := pipeline.Assess(ctx, assessors, x.Case)
	if err != nil {
		return Judged{}, err
	}
	for _, s := range stages {
		if s.Status == pipeline.Failed {
			return Judged{}, fmt.Errorf("trials: %s: stage %s: %s", x.Incident.ID, s.Stage, s.Cause)
		}
	}
	v := score.Fold(c.rules, score.Input{Incident: x.Incident.ID, Questions: pipeline.Questions(assessors), Findings: findings})
	return Judged{x, v}, nil
}

// JudgeAll judges the claims that make gives for each number below n. make may be called on several goroutines at once.
func (c Court) JudgeAll(ctx context.Context, n int, make func(i int) ([]Claim, error)) ([]Judged, error) {
	const workers = 2
	out, errs := slices.Repeat([][]Judged{nil}, n), [workers]error{}
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < n && errs[w] == nil; i += workers {
				out[i], errs[w] = c.judgeSome(ctx, i, make)
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(out...), nil
}

func (c Court) judgeSome(ctx context.Context, i int, make func(i int) ([]Claim, error)) (out []Judged, err error) {
	claims, err := make(i)
	if err != nil {
		return nil, err
	}
	for _, x := range claims {
		one, err := c.Judge(ctx, x)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}
