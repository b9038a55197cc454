package sources_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/sources"
	"whenwhere/pipeline/score"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func incident() pipeline.Incident {
	return pipeline.Incident{ID: "X-1", Claim: pipeline.Claim{
		Where: &pipeline.Place{Lon: 37.28, Lat: 48.05, RadiusM: 500},
		When:  &pipeline.Span{From: at("2024-11-03T07:00:00Z"), To: at("2024-11-03T09:00:00Z")}}}
}

func ask(t *testing.T, in pipeline.Incident) []pipeline.Finding {
	t.Helper()
	findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{sources.Assessor()}, pipeline.Case{Incident: in})
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results)
	}
	return findings
}

// weight is what the findings add to the verdict under the default rules.
func weight(f []pipeline.Finding) float64 {
	return score.Fold(score.Default(), score.Input{Findings: f}).Weight
}

func TestTenRepostsAreOneWitness(t *testing.T) {
	t.Parallel()
	one := incident()
	first := "https://t.me/first/1"
	one.Sources = []pipeline.Source{{URL: first, Account: "first", Grade: "B2"}}
	ten := incident()
	ten.Sources = append(ten.Sources, one.Sources...)
	for i := range 10 {
		ten.Sources = append(ten.Sources, pipeline.Source{URL: fmt.Sprintf("https://t.me/copy%d/7", i), RepostOf: &first})
	}
	if a, b := weight(ask(t, one)), weight(ask(t, ten)); a != b || a <= 0 {
		t.Errorf("one post weighs %v, with ten reposts %v", a, b)
	}
	same := incident()
	same.Sources = []pipeline.Source{{URL: first, Account: "First", Platform: "telegram"}, {URL: "https://t.me/first/2", Account: "@first", Platform: "Telegram"}}
	f := ask(t, same)
	if f[0].Basis != f[1].Basis {
		t.Errorf("two posts of one account are two witnesses: %v %v", f[0].Basis, f[1].Basis)
	}
	other := incident()
	other.Sources = []pipeline.Source{{URL: first}, {URL: "https://t.me/second/2"}}
	if f := ask(t, other); f[0].Basis == f[1].Basis {
		t.Error("two channels are one witness")
	}
}

func TestGradesAndPrivacy(t *testing.T) {
	t.Parallel()
	outcome := func(g pipeline.Grade) (pipeline.Outcome, float64) {
		in := incident()
		in.Sources = []pipeline.Source{{URL: "https://t.me/a/1", Account: "some_person", Grade: g, Side: pipeline.SideRU}}
		f := ask(t, in)
		if strings.Contains(fmt.Sprintf("%+v", f), "some_person") {
			t.Errorf("a finding names an account: %+v", f)
		}
		return f[0].Outcome, weight(f)
	}
	if o, w := outcome("A1"); o != pipeline.Supports || w != 0.6 {
		t.Errorf("A1: %s %v", o, w)
	}
	for _, alone := range []pipeline.Grade{"", "F6", "E5"} {
		if o, w := outcome(alone); o != pipeline.Inconclusive || w != 0 {
			t.Errorf("%q alone: %s %v", alone, o, w)
		}
	}
}

// F and 6 mean unknown, not bad: such a poster counts beside another, a doubtful one never does. Of several of whom
// nothing is known the first, in time or in the record, is the voice of the claim.
func TestUnknownIsNotBad(t *testing.T) {
	t.Parallel()
	outcomes := func(all ...pipeline.Source) string {
		in := incident()
		in.Sources = all
		out := ""
		for _, f := range ask(t, in) {
			out += map[pipeline.Outcome]string{pipeline.Supports: "+", pipeline.Inconclusive: "."}[f.Outcome]
		}
		return out
	}
	post := func(account string, g pipeline.Grade, hour int) pipeline.Source {
		when := at("2024-11-03T08:00:00Z").Add(time.Duration(hour) * time.Hour)
		s := pipeline.Source{URL: "https://t.me/" + account + "/1", Grade: g, Published: &when}
		if hour < 0 {
			s.Published = nil
		}
		return s
	}
	for name, c := range map[string]struct {
		got, want string
	}{
		"beside one who is relied on, before or after": {outcomes(post("a", "F6", 1), post("b", "B2", 9)), "++"},
		"beside a doubtful one":                        {outcomes(post("a", "", 1), post("b", "D2", 0)), ".."},
		"two":                                          {outcomes(post("a", "", 1), post("b", "F6", 0)), "+."},
		"two of unknown time":                          {outcomes(post("a", "", -1), post("b", "", -1)), ".+"},
		"one of unknown time":                          {outcomes(post("a", "", -1), post("b", "", 5)), "+."},
		"three":                                        {outcomes(post("a", "", 2), post("b", "", 1), post("c", "", 3)), "+.+"},
		"two of one account":                           {outcomes(post("a", "", 1), post("a", "", 2)), ".."},
		"the first of two, once more":                  {outcomes(post("a", "", 1), post("b", "", 2), post("a", "", 3)), ".+."},
		"half of it judged":                            {outcomes(post("a", "F3", 1)), "+"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", name, c.got, c.want)
		}
	}
}

// A place that a witness names weighs as one with coordinates, once a gazetteer has found it; else it says why it does not.
func TestPlaceThatAWitnessNames(t *testing.T) {
	t.Parallel()
	tell := func(place *pipeline.Place, found *pipeline.Found) pipeline.Finding {
		in := incident()
		in.Testimonies = []pipeline.Testimony{{ID: "W-1", Place: place, Direct: new(true), Grade: "B2", Named: &pipeline.NamedPlace{Name: "Горлівка", Found: found}}}
		return ask(t, in)[0]
	}
	near := &pipeline.Place{Lon: 37.28, Lat: 48.06, RadiusM: 2000}
	in := incident()
	in.Testimonies = []pipeline.Testimony{{ID: "W-1", Place: near, Direct: new(true), Grade: "B2"}}
	plain, named := ask(t, in)[0], tell(near, &pipeline.Found{ID: "osm:1", Reason: "Горлівка: its name (osm:1)"})
	if named.Outcome != pipeline.Supports || *named.Likelihood != *plain.Likelihood || !strings.HasSuffix(named.Reason, "; it names Горлівка: its name (osm:1) (graded B2)") {
		t.Errorf("%s %+v: %s", named.Outcome, named.Likelihood, named.Reason)
	}
	for _, c := range []struct {
		found *pipeline.Found
		want  string
	}{{&pipeline.Found{Reason: "2 places have the name"}, "where it lies: 2 places have the name"}, {nil, "where it lies: Горлівка, which was not looked for in a gazetteer"}} {
		if f := tell(nil, c.found); f.Outcome != pipeline.Unavailable || f.Likelihood != nil || !strings.HasSuffix(f.Reason, c.want) {
			t.Errorf("%s: %s, want %s", f.Outcome, f.Reason, c.want)
		}
	}
}

func TestTestimony(t *testing.T) {
	t.Parallel()
	near := &pipeline.Place{Lon: 37.28, Lat: 48.06, RadiusM: 2000}
	far := &pipeline.Place{Lon: 36.2, Lat: 49.9, RadiusM: 2000}
	vague := &pipeline.Place{Lon: 37.28, Lat: 48.05, RadiusM: 200_000}
	morning := &pipeline.Span{From: at("2024-11-03T06:00:00Z"), To: at("2024-11-03T12:00:00Z")}
	december := &pipeline.Span{From: at("2024-12-03T06:00:00Z"), To: at("2024-12-03T12:00:00Z")}
	for name, c := range map[string]struct {
		testimony   pipeline.Testimony
		place, time pipeline.Outcome
	}{
		"agrees":         {pipeline.Testimony{ID: "W-1", Place: near, Time: morning, Direct: new(true), Grade: "B2"}, pipeline.Supports, pipeline.Supports},
		"disagrees":      {pipeline.Testimony{ID: "W-1", Place: far, Time: december, Direct: new(true), Grade: "B2"}, pipeline.Contradicts, pipeline.Contradicts},
		"does not say":   {pipeline.Testimony{ID: "W-1"}, pipeline.Unavailable, pipeline.Unavailable},
		"doubtful":       {pipeline.Testimony{ID: "W-1", Place: near, Time: morning, Grade: "E4"}, pipeline.Inconclusive, pipeline.Inconclusive},
		"only the place": {pipeline.Testimony{ID: "W-1", Place: near}, pipeline.Supports, pipeline.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := incident()
			in.Testimonies = []pipeline.Testimony{c.testimony}
			f := ask(t, in)
			if f[0].Outcome != c.place || f[1].Outcome != c.time {
				t.Errorf("place %s (%s), time %s (%s)", f[0].Outcome, f[0].Reason, f[1].Outcome, f[1].Reason)
			}
		})
	}
	told := func(p *pipeline.Place, direct *bool) float64 {
		in := incident()
		in.Testimonies = []pipeline.Testimony{{ID: "W-1", Place: p, Direct: direct, Grade: "B2"}}
		return weight(ask(t, in))
	}
	if saw, heard, wide := told(near, new(true)), told(near, nil), told(vague, new(true)); saw <= heard || heard <= wide || wide < 0 {
		t.Errorf("first-hand %v, hearsay %v, vague %v", saw, heard, wide)
	}
}
