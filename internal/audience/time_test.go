package audience_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/audience"
	"whenwhere/pipeline"
)

func clock(hour, minute, second int) time.Time {
	return time.Date(2024, 3, 4, hour, minute, second, 0, time.UTC)
}

func TestTimesAreGivenInSteps(t *testing.T) {
	t.Parallel()
	s := pipeline.Span{From: clock(10, 11, 48), To: clock(10, 13, 41)}
	for a, want := range map[audience.Audience]pipeline.Span{
		audience.Internal: s,
		audience.Partner:  {From: clock(10, 11, 0), To: clock(10, 14, 0)},
		audience.Public:   {From: clock(10, 10, 0), To: clock(10, 20, 0)},
		"":                {From: clock(10, 10, 0), To: clock(10, 20, 0)}, // what nobody named is as public
	} {
		if diff := cmp.Diff(want, a.Span(s)); diff != "" {
			t.Errorf("%q (-want +got)\n%s", a, diff)
		}
	}
	whole := pipeline.Span{From: clock(10, 20, 0), To: clock(10, 30, 0)}
	if got := audience.Public.Span(whole); got != whole {
		t.Errorf("whole steps: %v", got)
	}
	near := []pipeline.Span{{From: clock(10, 11, 48), To: clock(10, 13, 41)}, {From: clock(10, 15, 0), To: clock(10, 25, 1)}, {From: clock(12, 0, 0), To: clock(12, 0, 1)}}
	want := []pipeline.Span{{From: clock(10, 10, 0), To: clock(10, 30, 0)}, {From: clock(12, 0, 0), To: clock(12, 10, 0)}}
	if diff := cmp.Diff(want, audience.Public.Spans(near)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(near, audience.Internal.Spans(near)); diff != "" {
		t.Errorf("internal (-want +got)\n%s", diff)
	}
}

// What is given is never false, and is the same for all times of a step.
func TestTheGivenTimeHoldsTheTrueOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := coarsened(t)
		at := rapid.Int64Range(-9e14, 9e14).Draw(t, "from")
		from := time.UnixMicro(at).UTC()
		s := pipeline.Span{From: from, To: from.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "long")))}
		got := a.Span(s)
		if got.From.After(s.From) || got.To.Before(s.To) || a.Span(got) != got || got.From.Second() != 0 || got.To.Second() != 0 {
			t.Fatalf("%s: %v of %v", a, got, s)
		}
	})
}
