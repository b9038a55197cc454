package when_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/when"
)

// bracketed asks of a claim of 07:00 to 07:30 with one bracket.
func bracketed(t *testing.T, before, after string, edit func(*pipeline.Case)) pipeline.Finding {
	t.Helper()
	ref := pipeline.MediaRef{File: "media/a.jpg"}
	in := pipeline.Case{
		Incident: pipeline.Incident{ID: "X-1", Claim: claim(), Media: []pipeline.MediaRef{ref},
			Brackets: []pipeline.Bracket{{Media: ref.File, Before: at(before), After: at(after), By: "analyst-1"}}},
		Media: []pipeline.Exhibit{{Ref: ref, Media: &pipeline.Media{}}},
	}
	if edit != nil {
		edit(&in)
	}
	findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{when.Assessor(offsets{120})}, in)
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatalf("%v %v", err, results)
	}
	for _, f := range findings {
		if f.Question == "when.satellite_bracket" {
			return f
		}
	}
	t.Fatal("no answer")
	return pipeline.Finding{}
}

func TestBracket(t *testing.T) {
	t.Parallel()
	as := func(role pipeline.Role) func(*pipeline.Case) {
		return func(in *pipeline.Case) { in.Media[0].Ref.Role, in.Incident.Media[0].Role = role, role }
	}
	for name, c := range map[string]struct {
		before, after string
		edit          func(*pipeline.Case)
		outcome       pipeline.Outcome
		code          pipeline.Code
		reason        string
		h1            float64
	}{
		"around the window":       {"2024-11-02T08:40:00Z", "2024-11-05T08:50:00Z", nil, pipeline.Supports, "", "holds 100 % of the claimed window", 2},
		"half of it":              {"2024-11-03T07:15:00Z", "2024-11-05T08:50:00Z", nil, pipeline.Supports, "", "holds 50 %", 1},
		"an aftermath":            {"2024-11-02T08:40:00Z", "2024-11-05T08:50:00Z", as(pipeline.RoleAftermath), pipeline.Supports, "", "between 2024-11-02T08:40:00Z and 2024-11-05T08:50:01Z", 2},
		"after the window":        {"2024-11-03T07:30:00Z", "2024-11-05T08:50:00Z", nil, pipeline.Contradicts, "", "0 min from the claimed window", 0},
		"before the window":       {"2024-10-29T08:40:00Z", "2024-11-01T07:00:00Z", nil, pipeline.Contradicts, "", "48.0 hours from the claimed window", 0},
		"the last second touches": {"2024-11-01T07:00:00Z", "2024-11-03T07:00:00Z", nil, pipeline.Inconclusive, pipeline.CodeWeak, "too wide apart", 0},
		"nearly a year":           {"2024-01-01T00:00:00Z", "2024-12-01T00:00:00Z", nil, pipeline.Inconclusive, pipeline.CodeWeak, "holds 100 % of the claimed window: too wide", 0},
		"context":                 {"2024-11-02T08:40:00Z", "2024-11-05T08:50:00Z", as(pipeline.RoleContext), pipeline.Inconclusive, pipeline.CodeWeak, "context", 0},
		"no file":                 {"2024-11-02T08:40:00Z", "2024-11-05T08:50:00Z", func(in *pipeline.Case) { in.Media[0].Media = nil }, pipeline.Unavailable, pipeline.CodeMediaMissing, "not there", 0},
		"before satellites":       {"1970-11-02T08:40:00Z", "1980-11-05T08:50:00Z", nil, pipeline.Unavailable, pipeline.CodeNotStated, "no time that can be", 0},
		"the wrong order":         {"2024-11-05T08:40:00Z", "2024-11-02T08:50:00Z", nil, pipeline.Unavailable, pipeline.CodeNotStated, "no time that can be", 0},
		"no time claimed":         {"2024-11-02T08:40:00Z", "2024-11-05T08:50:00Z", func(in *pipeline.Case) { in.Incident.Claim.When = nil }, pipeline.NotApplicable, pipeline.CodeClaimTooVague, "no time", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := bracketed(t, c.before, c.after, c.edit)
			if f.Outcome != c.outcome || f.Code != c.code || !strings.Contains(f.Reason, c.reason) || f.Subject != "brackets[0]" {
				t.Fatalf("%+v", f)
			}
			if f.Likelihood != nil && math.Abs(f.Likelihood.H1-c.h1) > 1e-9 {
				t.Errorf("%v, want %v", f.Likelihood.H1, c.h1)
			}
			if (f.Likelihood != nil || f.Basis.String() != "analyst:analyst-1") && f.Outcome != pipeline.Supports && f.Outcome != pipeline.Contradicts {
				t.Errorf("%+v", f)
			}
		})
	}
}

// Posts of one channel bracket each other: what the others outvote is no hard contradiction, and is named.
func TestPostsOfAChannel(t *testing.T) {
	t.Parallel()
	post := func(number, published string) pipeline.Source {
		s := pipeline.Source{URL: "https://t.me/s/Example/" + number}
		if published != "" {
			p := at(published)
			s.Published = &p
		}
		return s
	}
	const early, first, second = "2024-11-01T05:00:00Z", "2024-11-03T09:00:00Z", "2024-11-03T10:00:00Z"
	original := "https://t.me/Other/1"
	repost := post("7", early)
	repost.RepostOf = &original
	for name, c := range map[string]struct {
		sources  []pipeline.Source
		outcome  pipeline.Outcome
		reason   string
		evidence string
		amiss    string // empty: nothing is amiss
	}{
		"in order":         {[]pipeline.Source{post("5", first), post("6", second)}, pipeline.Supports, first, "sources[0].published", ""},
		"outvoted":         {[]pipeline.Source{post("5", first), post("7", early), post("8", second), post("4", first)}, pipeline.Supports, first, "sources[0].published", "sources[1]"},
		"one of two":       {[]pipeline.Source{post("5", first), post("7", early), post("8", second)}, pipeline.Contradicts, early, "sources[1].published", "sources[0], sources[1]"},
		"one against one":  {[]pipeline.Source{post("5", first), post("7", early)}, pipeline.Contradicts, "sources[1] was posted at " + early, "sources[1].published", "sources[0], sources[1]"},
		"undated":          {[]pipeline.Source{post("5", ""), post("8", second)}, pipeline.Supports, second, "sources[1].published", ""},
		"other channels":   {[]pipeline.Source{post("5", first), {URL: "https://t.me/other/7", Published: post("7", early).Published}}, pipeline.Contradicts, early, "sources[1].published", ""},
		"a repost's date":  {[]pipeline.Source{post("5", first), repost, post("8", second)}, pipeline.Contradicts, early, "sources[1].published", ""},
		"before Telegram":  {[]pipeline.Source{post("5", "2012-01-01T00:00:00Z"), post("8", second)}, pipeline.Supports, second, "sources[1].published", "sources[0]"},
		"post 0":           {[]pipeline.Source{post("0", first)}, pipeline.Supports, first, "sources[0].published", ""},
		"undated and last": {[]pipeline.Source{post("5", first), post("8", "")}, pipeline.Supports, first, "sources[0].published", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := ask(t, claim(), nil, c.sources)["when.earliest_published"]
			if f.Outcome != c.outcome || !strings.Contains(f.Reason, c.reason) {
				t.Errorf("%s: %s", f.Outcome, f.Reason)
			}
			if len(f.Evidence) == 0 || f.Evidence[0] != c.evidence && c.evidence != "" {
				t.Errorf("evidence %v, want %s", f.Evidence, c.evidence)
			}
			if named := strings.Contains(f.Reason, "the times of "+c.amiss+" contradict"); named != (c.amiss != "") {
				t.Errorf("%s, want %q named", f.Reason, c.amiss)
			}
		})
	}
}

func TestArchivedCopies(t *testing.T) {
	t.Parallel()
	of := func(list ...pipeline.Archived) pipeline.Finding {
		return ask(t, claim(), nil, []pipeline.Source{{URL: "https://example.org/1", Archived: list}})["when.earliest_archived"]
	}
	for text, want := range map[pipeline.Archived]pipeline.Outcome{
		{Kind: pipeline.ArchiveWARC, Text: "2024-11-03T06:00:00Z"}:                         pipeline.Contradicts,
		{Kind: pipeline.ArchiveWARC, Text: "WARC-Date: 2024-11-03T07:00:00Z"}:              pipeline.Supports,
		{Kind: pipeline.ArchiveHTTP, Text: "Last-Modified: Sun, 03 Nov 2024 06:00:00 GMT"}: pipeline.Contradicts,
		{Kind: pipeline.ArchiveHTTP, Text: "Sun, 03 Nov 2024 08:00:00 GMT"}:                pipeline.Supports,
		{Kind: pipeline.ArchiveSeen, Text: "2024-11-03T08:00:00+02:00"}:                    pipeline.Contradicts,
		{Kind: pipeline.ArchiveSeen, Text: "2024-11-03"}:                                   pipeline.Unavailable,
		{Kind: pipeline.ArchiveHTTP, Text: "Mon, 03 Nov 2024 06:00:00 GMT"}:                pipeline.Unavailable,
		{Kind: pipeline.ArchiveWARC, Text: "2024-11-03T06:00:00"}:                          pipeline.Unavailable,
		{Kind: pipeline.ArchiveWARC, Text: "2044-11-03T06:00:00Z"}:                         pipeline.Unavailable,
	} {
		f := of(text)
		if f.Outcome != want {
			t.Errorf("%+v: %s: %s", text, f.Outcome, f.Reason)
		}
		if unread := strings.Contains(f.Reason, `sources[0].archived[0] reads "`); unread != (want == pipeline.Unavailable) {
			t.Errorf("%+v: %s", text, f.Reason)
		}
	}
	f := of(pipeline.Archived{Kind: pipeline.ArchiveWARC, Text: "never"}, pipeline.Archived{Kind: pipeline.ArchiveSeen, Text: "2024-11-03T06:00:00Z"})
	if f.Basis.Kind != "archive" || f.Evidence[0] != "sources[0].archived[1]" || !strings.Contains(f.Reason, `archived[0] reads "never", unused (bad_format)`) ||
		!strings.Contains(f.Reason, "sources[0].archived[1] was archived at 2024-11-03T06:00:01Z") {
		t.Errorf("%+v", f)
	}
}
