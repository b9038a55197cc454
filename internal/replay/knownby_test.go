package replay_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/replay"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func ptr(text string) *time.Time {
	t := at(text)
	return &t
}

// record has an item of each kind, of days that go on; the names say the day.
func record() pipeline.Incident {
	return pipeline.Incident{
		ID: "X-1", Claim: pipeline.Claim{When: &pipeline.Span{From: at("2024-10-01T08:00:00Z"), To: at("2024-10-01T10:00:00Z")}},
		Media: []pipeline.MediaRef{{File: "a.jpg"}},
		Sources: []pipeline.Source{
			{URL: "https://news.example/8", Published: ptr("2024-10-08T12:00:00Z")},
			{URL: "https://news.example/none"},
			{URL: "https://news.example/2", Published: ptr("2024-10-02T12:00:00Z"), Archived: []pipeline.Archived{
				{Kind: pipeline.ArchiveSeen, Text: "2024-10-07T12:00:00Z"}, {Kind: pipeline.ArchiveSeen, Text: "2024-10-03T12:00:00Z"}, {Kind: pipeline.ArchiveSeen, Text: "nobody knows"}}},
			{URL: "https://news.example/copied", Archived: []pipeline.Archived{{Kind: pipeline.ArchiveSeen, Text: "2024-10-04T12:00:00Z"}}},
			{URL: "https://x.com/someone/status/1842170361471193203"}, // made on 4 October at 12:00, by its id
		},
		Testimonies: []pipeline.Testimony{{ID: "W-05", Interviewed: "2024-10-05"}, {ID: "W-none"}, {ID: "W-02", Interviewed: "2024-10-02"}},
		Brackets: []pipeline.Bracket{{Media: "a.jpg", Before: at("2024-09-01T00:00:00Z"), After: at("2024-10-06T10:00:00Z"), Shows: "late"},
			{Media: "a.jpg", Before: at("2024-09-01T00:00:00Z"), After: at("2024-10-02T10:00:00Z"), Shows: "early"}},
		Marks: []pipeline.Mark{{Media: "a.jpg", Kind: pipeline.MarkShadow, By: "analyst-1"}},
	}
}

func known(t *testing.T, in pipeline.Incident, by string) replay.Past {
	t.Helper()
	p, err := replay.KnownBy(in, at(by))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func names(p replay.Past) (out []string) {
	for _, l := range p.LeftOut {
		out = append(out, l.What+" "+l.Name)
	}
	return out
}

// What is left out, day by day. An item counts from its very instant; a day of an interview from its beginning.
func TestKnownBy(t *testing.T) {
	t.Parallel()
	first, late, copied, tweet := "source sources[0]", "archived copy sources[2].archived[0]", "source sources[3]", "source sources[4]"
	early, five, two := "archived copy sources[2].archived[1]", "testimony testimonies/W-05", "testimony testimonies/W-02"
	bracket, soon := "bracket brackets[0]", "bracket brackets[1]"
	for by, want := range map[string][]string{
		"2024-10-01T08:00:00Z": {first, "source sources[2]", copied, tweet, five, two, bracket, soon},
		"2024-10-02T00:00:00Z": {first, "source sources[2]", copied, tweet, five, two, bracket, soon},
		"2024-10-02T00:00:01Z": {first, "source sources[2]", copied, tweet, five, bracket, soon},
		"2024-10-02T10:00:00Z": {first, "source sources[2]", copied, tweet, five, bracket},
		"2024-10-02T11:59:59Z": {first, "source sources[2]", copied, tweet, five, bracket},
		"2024-10-02T12:00:00Z": {first, late, early, copied, tweet, five, bracket},
		"2024-10-03T12:00:01Z": {first, late, copied, tweet, five, bracket},
		"2024-10-04T12:00:01Z": {first, late, five, bracket},
		"2024-10-05T12:00:00Z": {first, late, bracket},
		"2024-10-06T10:00:00Z": {first, late},
		"2024-10-08T11:59:59Z": {first},
		"2024-10-08T12:00:00Z": nil,
	} {
		p := known(t, record(), by)
		if d := cmp.Diff(want, names(p)); d != "" {
			t.Errorf("by %s: %s", by, d)
		}
		if d := cmp.Diff([]string{"sources[1]", "testimonies/W-none"}, p.Undated); d != "" {
			t.Errorf("by %s: undated: %s", by, d)
		}
		for _, l := range p.LeftOut {
			if !l.At.After(at(by)) && l.What != replay.Testimony {
				t.Errorf("by %s: %s %s is left out, known from %s", by, l.What, l.Name, l.At)
			}
		}
		if !cmp.Equal(p.Incident.Marks, record().Marks) || !cmp.Equal(p.Incident.Claim, record().Claim) || !cmp.Equal(p.Incident.Media, record().Media) {
			t.Errorf("by %s: the claim, its files or marks are others", by)
		}
	}
}

func TestNothingLeftOutIsNothingChanged(t *testing.T) {
	t.Parallel()
	p := known(t, record(), "2024-10-08T12:00:00Z")
	if d := cmp.Diff(record(), p.Incident); d != "" {
		t.Error(d)
	}
	bare := pipeline.Incident{ID: "X-2"}
	if d := cmp.Diff(bare, known(t, bare, "1999-01-01T00:00:00Z").Incident); d != "" {
		t.Error(d)
	}
}

func TestNotBegun(t *testing.T) {
	t.Parallel()
	_, err := replay.KnownBy(record(), at("2024-10-01T07:59:59Z"))
	var early *replay.NotBegunError
	if !errors.As(err, &early) || early.Incident != "X-1" || !early.Opens.Equal(at("2024-10-01T08:00:00Z")) {
		t.Errorf("%v", err)
	}
}

// What is said of a record of the past goes by the numbers of the whole record.
func TestWhole(t *testing.T) {
	t.Parallel()
	p := known(t, record(), "2024-10-06T00:00:00Z") // without source 0, copy 0 of source 2, bracket 0
	found := []pipeline.Finding{{
		Question: "when.earliest_published", Subject: "sources[1]", Reason: `see sources[0], sources[1].published and "sources[3]"; sources[7] is not of this record`,
		Evidence:   []string{"sources[1].archived[0]", "sources[1].archived[1]", "brackets[0]", "media/sources[1].jpg", "mysources[1]", "marks[0]"},
		Likelihood: &pipeline.Likelihood{H1: 1.0 / 3, H0: 1e-300}, Without: []pipeline.Lacking{{Line: "q@sources[0]", Outcome: pipeline.Supports}},
	}}
	got, err := replay.Whole(p, found)
	if err != nil {
		t.Fatal(err)
	}
	want := []pipeline.Finding{{
		Question: "when.earliest_published", Subject: "sources[2]", Reason: `see sources[1], sources[2].published and "sources[4]"; sources[7] is not of this record`,
		Evidence:   []string{"sources[2].archived[1]", "sources[2].archived[2]", "brackets[1]", "media/sources[1].jpg", "mysources[1]", "marks[0]"},
		Likelihood: &pipeline.Likelihood{H1: 1.0 / 3, H0: 1e-300}, Without: []pipeline.Lacking{{Line: "q@sources[1]", Outcome: pipeline.Supports}},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	same, err := replay.Whole(known(t, record(), "2024-10-08T12:00:00Z"), found)
	if d := cmp.Diff(found, same); d != "" || err != nil {
		t.Error("nothing was left out:", d, err)
	}
}

// A later date never knows less; what is known by a date stays so when asked again, if no dates contradict each other; and each item is kept, or left out with
// its time, once.
func TestLaws(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return at("2024-10-01T12:00:00Z").AddDate(0, 0, n) }
	rapid.Check(t, func(t *rapid.T) {
		in := pipeline.Incident{ID: "X-1"}
		for range rapid.IntRange(0, 4).Draw(t, "sources") {
			s := pipeline.Source{URL: rapid.SampledFrom([]string{"https://news.example/a", "https://t.me/channel/12", "https://t.me/channel/15"}).Draw(t, "url")}
			if when := day(rapid.IntRange(0, 9).Draw(t, "day")); rapid.Bool().Draw(t, "dated") {
				s.Published = &when
			}
			for range rapid.IntRange(0, 2).Draw(t, "copies") {
				s.Archived = append(s.Archived, pipeline.Archived{Kind: pipeline.ArchiveSeen, Text: day(rapid.IntRange(0, 9).Draw(t, "copy")).Format(time.RFC3339)})
			}
			in.Sources = append(in.Sources, s)
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "testimonies") {
			in.Testimonies = append(in.Testimonies, pipeline.Testimony{ID: string(rune('a' + i)), Interviewed: day(rapid.IntRange(0, 9).Draw(t, "interview")).Format(time.DateOnly)})
		}
		early, late := day(rapid.IntRange(-1, 10).Draw(t, "early")), day(10)
		mid := early.AddDate(0, 0, rapid.IntRange(0, 3).Draw(t, "later"))
		ask := func(by time.Time, of pipeline.Incident) replay.Past {
			p, err := replay.KnownBy(of, by)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		a, b := ask(early, in), ask(mid, in)
		for _, l := range b.LeftOut {
			within := func(o replay.LeftOut) bool {
				return o == l || l.What == replay.ArchivedCopy && o.What == replay.Source && len(l.Name) > len(o.Name) && l.Name[:len(o.Name)] == o.Name
			}
			if !slices.ContainsFunc(a.LeftOut, within) {
				t.Fatalf("%v is left out by %s, and not by %s", l, mid, early)
			}
		}
		// Where posts contradict the order of their channel, leaving one out may date another anew.
		_, amiss := moment.Published(in)
		if again := ask(early, a.Incident); len(amiss) == 0 && (len(again.LeftOut) > 0 || !cmp.Equal(a.Incident, again.Incident)) {
			t.Fatalf("asked again: %s %v", cmp.Diff(a.Incident, again.Incident), again.LeftOut)
		}
		if d := cmp.Diff(in, ask(late, in).Incident); d != "" {
			t.Fatal(d)
		}
		kept := len(a.Incident.Sources) + len(a.Incident.Testimonies)
		for _, l := range a.LeftOut {
			if l.What != replay.ArchivedCopy {
				kept++
			}
		}
		if kept != len(in.Sources)+len(in.Testimonies) {
			t.Fatalf("%d items of %d", kept, len(in.Sources)+len(in.Testimonies))
		}
	})
}
