package footage_test

import (
	"strings"
	"testing"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

// The likelihoods: near prints may be chance, equal bytes may not.
func TestLikelihoods(t *testing.T) {
	t.Parallel()
	zero := []pipeline.Print{look("upright", 0, 0)}
	nearPrint, _ := ask(t, novembers(), zero, archive(2, "2023-05-01T00:00:00Z", zero...))
	if *nearPrint.Likelihood != (pipeline.Likelihood{H1: 1e-4, H0: 1}) {
		t.Errorf("%+v", *nearPrint.Likelihood)
	}
	alone, _ := ask(t, novembers(), zero, archive(2, "2023-05-01T00:00:00Z", pipeline.Print{View: "upright", Hashes: zero[0].Hashes[:1]}))
	if *alone.Likelihood != (pipeline.Likelihood{H1: 1e-3, H0: 1}) {
		t.Errorf("PDQ alone: %+v", *alone.Likelihood)
	}
	same, _ := ask(t, novembers(), zero, archive(1, "2023-05-01T00:00:00Z"))
	if *same.Likelihood != (pipeline.Likelihood{H1: 0, H0: 1}) {
		t.Errorf("%+v", *same.Likelihood)
	}
}

func TestSeenAtTheOpening(t *testing.T) {
	t.Parallel()
	zero := []pipeline.Print{look("upright", 0, 0)}
	for seen, want := range map[string]string{
		"2024-11-03T06:59:59Z": "0.0 hours before", "2024-11-01T07:00:01Z": "48.0 hours before", "2024-11-01T07:00:00Z": "2 days before", "2024-10-24T07:00:00Z": "10 days before",
	} {
		if f, _ := ask(t, novembers(), zero, archive(2, seen, zero...)); f.Outcome != pipeline.Contradicts || !strings.Contains(f.Reason, want) {
			t.Errorf("%s: %s: %s, want %q", seen, f.Outcome, f.Reason, want)
		}
	}
	if f, _ := ask(t, novembers(), zero, archive(2, "2024-11-03T07:00:00Z", zero...)); f.Outcome != pipeline.Inconclusive {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
	vague := novembers()
	vague.When = nil
	if f, _ := ask(t, vague, zero, archive(2, "2023-05-01T00:00:00Z", zero...)); f.Outcome != pipeline.NotApplicable || f.Code != pipeline.CodeClaimTooVague {
		t.Errorf("%s %s", f.Outcome, f.Code)
	}
	if _, f := ask(t, novembers(), nil); f.Outcome != pipeline.Unavailable || f.Code != pipeline.CodeNotStated {
		t.Errorf("nothing to compare: %s %s", f.Outcome, f.Code)
	}
}

// Another incident excludes this one when the times do not meet, or the places do not. Discs of 500 m whose centres lie
// 0.01 degrees of longitude apart at 48 N, 747 m, meet.
func TestWhatExcludes(t *testing.T) {
	t.Parallel()
	zero := []pipeline.Print{look("upright", 0, 0)}
	there := func(c pipeline.Claim) pipeline.Outcome {
		_, f := ask(t, novembers(), zero, listing{footage.Entry{Media: id(9), Name: "media/b.jpg", Incident: "X-2", Claim: c}, zero, ""})
		return f.Outcome
	}
	noPlace, noTime := claim(37, "2024-11-03T08:00:00Z", "2024-11-03T10:00:00Z"), claim(38, "2024-11-03T08:00:00Z", "2024-11-03T10:00:00Z")
	noPlace.Where, noTime.When = nil, nil
	later := claim(37, "2024-11-03T09:00:00Z", "2024-11-03T10:00:00Z")
	laterNowhere := later
	laterNowhere.Where = nil
	for name, c := range map[string]struct {
		claim pipeline.Claim
		want  pipeline.Outcome
	}{
		"discs that meet": {claim(37.01, "2024-11-03T08:00:00Z", "2024-11-03T10:00:00Z"), pipeline.Inconclusive},
		"discs apart":     {claim(37.02, "2024-11-03T08:00:00Z", "2024-11-03T10:00:00Z"), pipeline.Contradicts},
		"as one ends":     {later, pipeline.Contradicts}, "no place": {noPlace, pipeline.Inconclusive}, "no time, far": {noTime, pipeline.Contradicts},
		"no place, later": {laterNowhere, pipeline.Contradicts}, "nothing": {pipeline.Claim{}, pipeline.Inconclusive},
	} {
		if got := there(c.claim); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	_, f := ask(t, novembers(), zero, listing{footage.Entry{Media: id(9), Name: "media/a.jpg", Incident: "X-1", Claim: noTime}, zero, ""})
	if f.Outcome != pipeline.Supports {
		t.Errorf("its own file is no news: %s", f.Reason)
	}
}

func TestContextIsNotCompared(t *testing.T) {
	t.Parallel()
	context := pipeline.Exhibit{Ref: pipeline.MediaRef{File: "a", Role: pipeline.RoleContext}, Media: &pipeline.Media{ID: id(1)}}
	if got := answers(t, novembers(), shelf{}, context, pipeline.Exhibit{Ref: pipeline.MediaRef{File: "b"}, Media: &pipeline.Media{ID: id(1)}}); len(got) != 2 {
		t.Errorf("%d answers", len(got))
	}
}

func TestMissingFile(t *testing.T) {
	t.Parallel()
	missing := pipeline.Exhibit{Ref: pipeline.MediaRef{File: "a"}, Missing: "no such file"}
	got := answers(t, novembers(), shelf{archive(2, "2023-05-01T00:00:00Z")}, missing, exhibit(t, 1, "b", []pipeline.Print{look("upright", 0, 0)}))
	if f := got["footage.known@a"]; f.Outcome != pipeline.Unavailable || f.Code != pipeline.CodeMediaMissing {
		t.Errorf("%+v", f)
	}
	if f := got["footage.known@b"]; f.Outcome != pipeline.Supports {
		t.Errorf("%+v", f)
	}
}
