package tally_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/pipeline"
	"whenwhere/pipeline/tally"
)

func TestCountCalls(t *testing.T) {
	t.Parallel()
	september, october := at("2024-09-01T00:00:00Z"), at("2024-10-01T00:00:00Z")
	on := func(text string) *time.Time { t := at(text); return &t }
	all := []tally.Call{
		{Existed: on("2024-09-01T00:00:00Z"), SpeaksOf: 2, Status: pipeline.StatusCandidate},
		{Existed: on("2024-09-30T23:59:59Z"), MaySpeak: 1, Status: pipeline.StatusUnresolved, Review: reviewed(tally.Record{}, "++").Review},
		{Existed: on("2024-10-01T00:00:00Z"), SpeaksOf: 1, MaySpeak: 1},
		{},
	}
	want := tally.Calls{Total: 2, SpeakOf: 1, MaySpeak: 1, Machine: tally.Machine{Candidate: 1, Unresolved: 1}, People: tally.People{Verified: 1, Approved: 1, Undecided: 1}, Undated: 1}
	if diff := cmp.Diff(want, tally.CountCalls(all, &september, &october)); diff != "" {
		t.Error(diff)
	}
	if n := tally.CountCalls(all, nil, nil); n.Total != 4 || n.SpeakOf != 2 || n.MaySpeak != 2 || n.Undated != 0 || n.Machine.Unjudged != 2 {
		t.Errorf("%+v", n)
	}
}
