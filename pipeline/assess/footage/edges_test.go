package footage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

func TestRadiiAtTheirEdges(t *testing.T) {
	t.Parallel()
	zero := []pipeline.Print{look("upright", 0, 0)}
	for _, c := range []struct {
		bits64, bits256 int
		matches         bool
	}{{12, 80, true}, {13, 80, false}, {12, 81, false}, {0, 0, true}} {
		// look cannot set bit 63 of a word, so the 256-bit mask is spread over the two low words: 63 and the rest.
		f, _ := ask(t, novembers(), zero, archive(2, "2023-05-01T00:00:00Z", look("upright", c.bits64, c.bits256+boolInt(c.bits256 > 63))))
		if got := f.Outcome == pipeline.Contradicts; got != c.matches {
			t.Errorf("%d of 64 and %d of 256: %s: %s", c.bits64, c.bits256, f.Outcome, f.Reason)
		}
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// The likelihoods: near prints may be chance, equal bytes may not.
func TestLikelihoods(t *testing.T) {
	t.Parallel()
	zero := []pipeline.Print{look("upright", 0, 0)}
	nearPrint, _ := ask(t, novembers(), zero, archive(2, "2023-05-01T00:00:00Z", zero...))
	if *nearPrint.Likelihood != (pipeline.Likelihood{H1: 1e-4, H0: 1}) {
		t.Errorf("%+v", *nearPrint.Likelihood)
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
		_, f := ask(t, novembers(), zero, footage.Entry{Media: id(9), Name: "media/b.jpg", Incident: "X-2", Claim: c, Prints: zero})
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
	_, f := ask(t, novembers(), zero, footage.Entry{Media: id(9), Name: "media/a.jpg", Incident: "X-1", Claim: noTime, Prints: zero})
	if f.Outcome != pipeline.Supports {
		t.Errorf("its own file is no news: %s", f.Reason)
	}
}

// Half of the comparable keyframes, and two unless there is but one.
func TestShareOfAMovie(t *testing.T) {
	t.Parallel()
	clip := func(n, same int) (out []pipeline.Print) {
		for i := range n {
			p := look("upright", 40, 120)
			if i < same {
				p = look("upright", 0, 0)
			}
			ms := int64(i) * 61_500
			p.AtMs = &ms
			out = append(out, p)
		}
		return append(out, pipeline.Print{View: "upright", Flat: true})
	}
	still := archive(2, "2023-01-01T00:00:00Z", look("upright", 0, 0))
	for _, c := range []struct {
		n, same int
		matches bool
	}{{1, 1, true}, {2, 1, false}, {2, 2, true}, {4, 2, true}, {5, 2, false}, {6, 3, true}, {3, 1, false}, {3, 0, false}} {
		f, _ := ask(t, novembers(), clip(c.n, c.same), still)
		if got := f.Outcome == pipeline.Contradicts; got != c.matches {
			t.Errorf("%d of %d keyframes: %s: %s", c.same, c.n, f.Outcome, f.Reason)
		}
		if c.matches && !strings.Contains(f.Reason, fmt.Sprintf("%d of %d keyframes", c.same, c.n)) || strings.Contains(f.Reason, " here is ") {
			t.Error(f.Reason)
		}
	}
	at := int64(125_000)
	moment := look("upright", 1, 1)
	moment.AtMs = &at
	f, _ := ask(t, novembers(), clip(2, 2)[1:], archive(2, "2023-01-01T00:00:00Z", look("upright", 40, 120), moment, look("upright", 3, 30)))
	if !strings.Contains(f.Reason, "print 1 of 64 and 1 of 256") || !strings.Contains(f.Reason, "1:01.5 here is 2:05.0 there") {
		t.Error(f.Reason)
	}
	if f, _ := ask(t, novembers(), []pipeline.Print{look("upright", 0, 0)}, still); strings.Contains(f.Reason, "keyframes") {
		t.Error(f.Reason)
	}
}

// Prints compare within one algorithm and version only, an archive's mirror image with nothing.
func TestWhatDoesNotCompare(t *testing.T) {
	t.Parallel()
	zero := look("upright", 0, 0)
	other := look("upright", 0, 0)
	other.Hashes[1].Version = "u"
	half := look("upright", 0, 0)
	half.Hashes = half.Hashes[:1]
	long := look("upright", 0, 0)
	long.Hashes[0].Hex = strings.Repeat("0", 32)
	short, strange := look("upright", 0, 0), look("upright", 0, 0)
	short.Hashes[1].Hex = strings.Repeat("0", 16)
	strange.Hashes[1].Algorithm = "other256"
	for name, p := range map[string]pipeline.Print{"a word too few": short, "another algorithm": strange, "another version": other, "half a print": half, "a word too many": long, "a mirror image": look("mirrored", 0, 0), "flat": {View: "upright", Flat: true, Hashes: zero.Hashes}} {
		if f, _ := ask(t, novembers(), []pipeline.Print{zero}, archive(2, "2023-05-01T00:00:00Z", p)); f.Outcome != pipeline.Supports {
			t.Errorf("%s: %s: %s", name, f.Outcome, f.Reason)
		}
		if f, _ := ask(t, novembers(), []pipeline.Print{zero}, archive(2, "2023-05-01T00:00:00Z", p, zero)); f.Outcome != pipeline.Contradicts {
			t.Errorf("%s hides the print behind it: %s", name, f.Reason)
		}
	}
}

// The version of the catalogue covers what its prints look like, not how many there are.
func TestCatalogueVersionCoversPrints(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	version := func(p ...pipeline.Print) string {
		c, err := footage.NewCatalogue([]footage.Entry{archive(2, "2023-01-01T00:00:00Z", p...)})
		if err != nil {
			t.Fatal(err)
		}
		return c.Version()
	}
	renewed := look("upright", 0, 0)
	renewed.Hashes[0].Version = "u"
	ms := int64(1)
	timed := look("upright", 0, 0)
	timed.AtMs = &ms
	for name, p := range map[string]pipeline.Print{"a print": look("upright", 0, 0), "another 64": look("upright", 1, 0), "another 256": look("upright", 0, 1), "another view": look("as_stored", 0, 0), "another version": renewed, "another time": timed} {
		v := version(p)
		if other, ok := seen[v]; ok || len(v) != 16 {
			t.Errorf("%s has the version %s of %s", name, v, other)
		}
		seen[v] = name
	}
}

func TestContextIsNotCompared(t *testing.T) {
	t.Parallel()
	catalogue, err := footage.NewCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	in := pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: novembers()}}
	for _, r := range []pipeline.MediaRef{{File: "a", Role: pipeline.RoleContext}, {File: "b"}} {
		in.Incident.Media = append(in.Incident.Media, r)
		in.Media = append(in.Media, pipeline.Exhibit{Ref: r, Media: &pipeline.Media{ID: id(1)}})
	}
	if _, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{footage.Assessor(catalogue)}, in); err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results)
	}
}

// Searching must stay cheap where nothing matches: 10,000 incidents of some files each are compared with one another.
func TestSearchAllocatesOnlyForMatches(t *testing.T) {
	var entries []footage.Entry
	for i := range 5000 {
		entries = append(entries, footage.Entry{Media: pipeline.MediaID{1, byte(i), byte(i >> 8)}, Name: fmt.Sprint(i), Incident: fmt.Sprint(i), Prints: []pipeline.Print{look("upright", 40, 120)}})
	}
	c, err := footage.NewCatalogue(entries)
	if err != nil {
		t.Fatal(err)
	}
	query := []pipeline.Print{look("upright", 0, 0), look("mirrored", 2, 2)}
	allocs := testing.AllocsPerRun(5, func() {
		if found, err := c.Sightings(context.Background(), id(9), query); err != nil || len(found) > 0 {
			t.Error(found, err)
		}
	})
	if allocs > 100 {
		t.Errorf("%v allocations to find nothing among %d entries", allocs, len(entries))
	}
}

func BenchmarkSightings(b *testing.B) {
	var entries []footage.Entry
	for i := range 10_000 {
		entries = append(entries, footage.Entry{Media: pipeline.MediaID{1, byte(i), byte(i >> 8)}, Name: fmt.Sprint(i), Incident: fmt.Sprint(i), Prints: []pipeline.Print{look("upright", 40, 120), look("as_stored", 50, 125)}})
	}
	c, err := footage.NewCatalogue(entries)
	if err != nil {
		b.Fatal(err)
	}
	query := []pipeline.Print{look("upright", 0, 0), look("mirrored", 2, 2), look("as_stored", 0, 0)}
	for b.Loop() {
		if _, err := c.Sightings(context.Background(), id(9), query); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(time.Millisecond), "ms/search")
}
