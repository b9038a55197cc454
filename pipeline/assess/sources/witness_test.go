package sources_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/sources"
	"whenwhere/pipeline/score"
)

// judge answers for a record with media, of which each file has a print with so many low bits set: two files are the
// difference apart, and alike up to 74 bits.
func judge(t testing.TB, in pipeline.Incident, bits map[string]int) map[string]pipeline.Finding {
	t.Helper()
	c := pipeline.Case{Incident: in}
	for _, ref := range in.Media {
		e := pipeline.Exhibit{Ref: ref, Media: &pipeline.Media{ID: pipeline.MediaID{byte(len(c.Media) + 1), byte(len(c.Media) >> 8)}}}
		var code [32]byte
		for i := range bits[ref.File] {
			code[31-i/8] |= 1 << (i % 8)
		}
		hex := fmt.Sprintf("%x", code)
		o, err := pipeline.PrintsKey.Observe([]pipeline.Print{{View: "upright", Quality: 90, Hashes: []pipeline.Hash{
			{Algorithm: "pdq", Version: "t", Hex: hex}, {Algorithm: "phash256", Version: "t", Hex: hex}}}})
		if err != nil {
			t.Fatal(err)
		}
		e.Observed = pipeline.Observations{o}
		c.Media = append(c.Media, e)
	}
	all, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{sources.Assessor()}, c)
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results)
	}
	out := map[string]pipeline.Finding{}
	for _, f := range all {
		out[f.Subject] = f
	}
	return out
}

func post(account string, grade pipeline.Grade, minute int, files ...string) pipeline.Source {
	when := at("2024-11-03T08:00:00Z").Add(time.Duration(minute) * time.Minute)
	return pipeline.Source{URL: "https://t.me/" + account + "/1", Grade: grade, Published: &when, Media: files}
}

func withMedia(all ...pipeline.Source) pipeline.Incident {
	in := incident()
	in.Media = []pipeline.MediaRef{{File: "a.jpg"}, {File: "b.jpg"}, {File: "c.jpg"}, {File: "d.jpg", Role: pipeline.RoleContext}}
	in.Sources = all
	return in
}

var apart = map[string]int{"a.jpg": 0, "b.jpg": 10, "c.jpg": 200, "d.jpg": 120} // a and b are one clip

// A post that is noted without the files passes for a report in words; the answer says so, because two posts of one clip would
// be two witnesses then.
func TestNotedWithoutFiles(t *testing.T) {
	t.Parallel()
	const says = "noted without any of the files"
	in := incident()
	in.Media = []pipeline.MediaRef{{File: "a.jpg"}}
	in.Sources = []pipeline.Source{post("one", "B2", 1), post("two", "B2", 2, "a.jpg")}
	f := judge(t, in, map[string]int{"a.jpg": 1})
	if !strings.Contains(f["sources[0]"].Reason, says) || strings.Contains(f["sources[1]"].Reason, says) {
		t.Errorf("%s\n%s", f["sources[0]"].Reason, f["sources[1]"].Reason)
	}
	in.Media, in.Sources = nil, in.Sources[:1]
	if f := judge(t, in, nil); strings.Contains(f["sources[0]"].Reason, says) {
		t.Errorf("a record without files: %s", f["sources[0]"].Reason)
	}
}

// Ten channels that post one clip, none of which says whose it is, are one witness; ten reports in words are ten.
func TestSameFootageIsOneWitness(t *testing.T) {
	t.Parallel()
	total := func(in pipeline.Incident) float64 {
		var all []pipeline.Finding
		for _, f := range judge(t, in, apart) {
			all = append(all, f)
		}
		return weight(all)
	}
	one := withMedia(post("first", "C3", 0, "a.jpg"))
	clips, words := one, one
	clips.Sources, words.Sources = slices.Clone(one.Sources), slices.Clone(one.Sources)
	for i := range 10 {
		clips.Sources = append(clips.Sources, post(fmt.Sprint("copy", i), "B2", i+1, []string{"a.jpg", "b.jpg"}[i%2]))
		words.Sources = append(words.Sources, post(fmt.Sprint("report", i), "B2", i+1))
	}
	if a, b, c := total(one), total(clips), total(words); a != b || c != 2 { // 2 is the cap of the axis
		t.Errorf("one post weighs %v, with ten copies %v, with ten reports %v", a, b, c)
	}
	f := judge(t, clips, apart)
	want := "a repost counts as its original: the same footage as sources[0], which was posted 0.1 hours before it: in b.jpg PDQ 10 of 256 bits and second print 10 of 256 bits from a.jpg"
	if got := f["sources[6]"]; got.Outcome != pipeline.Inconclusive || got.Code != pipeline.CodeDependent || !strings.HasPrefix(got.Reason, want) {
		t.Errorf("%s %s", got.Outcome, got.Reason)
	}
	if got := f["sources[1]"].Reason; !strings.HasSuffix(got, "before it: the file a.jpg") {
		t.Errorf("%s", got)
	}
}

func TestWhoIsOneWitness(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sources []pipeline.Source
		want    string // for each source the first of its witness, or . when it does not count
	}{
		"other footage":                     {[]pipeline.Source{post("a", "B2", 0, "a.jpg"), post("b", "B2", 1, "c.jpg")}, "01"},
		"a report beside the clip":          {[]pipeline.Source{post("a", "B2", 0, "a.jpg"), post("b", "B2", 1)}, "01"},
		"the later is the repost":           {[]pipeline.Source{post("a", "B2", 5, "b.jpg"), post("b", "B2", 1, "a.jpg")}, ".1"},
		"at one minute, neither is":         {[]pipeline.Source{post("a", "B2", 1, "a.jpg"), post("b", "B2", 1, "b.jpg")}, "00"},
		"one account, its own repost":       {[]pipeline.Source{post("a", "B2", 1, "a.jpg"), post("a", "B2", 2, "b.jpg")}, "00"},
		"who copies depends, in words too":  {[]pipeline.Source{post("a", "B2", 1, "a.jpg"), post("b", "B2", 2, "a.jpg"), post("b", "B2", 3)}, "0.0"},
		"through a third":                   {[]pipeline.Source{post("a", "B2", 1, "a.jpg"), post("b", "B2", 1, "a.jpg", "c.jpg"), post("c", "B2", 1, "c.jpg")}, "000"},
		"one of several files":              {[]pipeline.Source{post("a", "B2", 0, "c.jpg", "a.jpg"), post("b", "B2", 1, "d.jpg", "b.jpg")}, "0."},
		"a file that is context counts too": {[]pipeline.Source{post("a", "B2", 0, "d.jpg"), post("b", "B2", 1, "d.jpg")}, "0."},
		"the original is doubtful":          {[]pipeline.Source{post("a", "D2", 0, "a.jpg"), post("b", "B2", 1, "a.jpg")}, ".."},
		"posted before the claimed time":    {[]pipeline.Source{post("a", "B2", -120, "a.jpg"), post("b", "B2", 1, "a.jpg")}, ".."},
	} {
		in := withMedia(c.sources...)
		f, got := judge(t, in, apart), ""
		for i := range in.Sources {
			at := f[pipeline.SourceSubject(i)]
			if at.Outcome != pipeline.Supports {
				got += "."
				continue
			}
			first := slices.IndexFunc(in.Sources, func(s pipeline.Source) bool { return sources.Poster(s) == at.Basis })
			got += fmt.Sprint(first)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestSameBytesUnderTwoNames(t *testing.T) {
	t.Parallel()
	in := withMedia(post("a", "B2", 0, "a.jpg"), post("b", "B2", 1, "c.jpg"))
	c := pipeline.Case{Incident: in}
	for _, ref := range in.Media { // no prints: nothing could be measured
		c.Media = append(c.Media, pipeline.Exhibit{Ref: ref, Media: &pipeline.Media{ID: pipeline.MediaID{1}}})
	}
	all, _, err := pipeline.Assess(context.Background(), []pipeline.Assessor{sources.Assessor()}, c)
	if err != nil || all[1].Code != pipeline.CodeDependent || !strings.HasSuffix(all[1].Reason, "the same bytes in c.jpg and a.jpg") {
		t.Errorf("%v %+v", err, all[1])
	}
	c.Media = nil // nor are the files there
	for _, ref := range in.Media {
		c.Media = append(c.Media, pipeline.Exhibit{Ref: ref, Missing: "no such file"})
	}
	if all, _, err := pipeline.Assess(context.Background(), []pipeline.Assessor{sources.Assessor()}, c); err != nil || all[1].Outcome != pipeline.Supports {
		t.Errorf("%v %+v", err, all[1])
	}
}

// One post mirrors the clip of the other, which only a look at both from either side finds: the mirrored view of one is
// compared with the other as it lies.
func TestACopyIsFoundFromEitherSide(t *testing.T) {
	t.Parallel()
	far, near := strings.Repeat("0", 64), strings.Repeat("f", 64)
	print := func(v pipeline.View, hex string) pipeline.Print {
		return pipeline.Print{View: v, Quality: 90, Hashes: []pipeline.Hash{{Algorithm: "pdq", Version: "t", Hex: hex}, {Algorithm: "phash256", Version: "t", Hex: hex}}}
	}
	prints := map[string][]pipeline.Print{"a.jpg": {print(pipeline.ViewUpright, far), print(pipeline.ViewMirrored, near)}, "c.jpg": {print(pipeline.ViewUpright, near)}}
	for _, files := range [][]string{{"a.jpg", "c.jpg"}, {"c.jpg", "a.jpg"}} {
		c := pipeline.Case{Incident: withMedia(post("a", "B2", 0, files[0]), post("b", "B2", 1, files[1]))}
		for i, ref := range c.Incident.Media {
			e := pipeline.Exhibit{Ref: ref, Media: &pipeline.Media{ID: pipeline.MediaID{byte(i + 1)}}}
			if p, ok := prints[ref.File]; ok {
				o, err := pipeline.PrintsKey.Observe(p)
				if err != nil {
					t.Fatal(err)
				}
				e.Observed = pipeline.Observations{o}
			}
			c.Media = append(c.Media, e)
		}
		all, _, err := pipeline.Assess(context.Background(), []pipeline.Assessor{sources.Assessor()}, c)
		if err != nil || all[1].Code != pipeline.CodeDependent {
			t.Errorf("%v: %v %s", files, err, all[1].Reason)
		}
	}
}

// The id of a post dates it where its platform's time is not noted: this one is of 2 November, 07:02 UTC.
func TestPostedBeforeByItsID(t *testing.T) {
	t.Parallel()
	in := withMedia(pipeline.Source{URL: "https://x.com/someone/status/1852612480000000000", Grade: "B2"})
	f := judge(t, in, apart)["sources[0]"]
	if f.Outcome != pipeline.Inconclusive || f.Reason != "posted before the claimed time, so it cannot report this event" {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
	in.Sources[0].URL = "https://x.com/someone/status/1853000000000000000" // of 3 November, 08:42 UTC
	if f := judge(t, in, apart)["sources[0]"]; f.Outcome != pipeline.Supports {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
}

func drawRecord(t *rapid.T) pipeline.Incident {
	var all []pipeline.Source
	for range rapid.IntRange(0, 6).Draw(t, "n") {
		s := post(rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "account"), rapid.SampledFrom([]pipeline.Grade{"", "F6", "A1", "B2", "C3", "D2", "F3"}).Draw(t, "grade"),
			rapid.SampledFrom([]int{-90, 0, 1, 2, 60}).Draw(t, "minute"))
		s.Side = rapid.SampledFrom([]pipeline.Side{"", pipeline.SideRU, pipeline.SideUA, pipeline.SideOther}).Draw(t, "side")
		if file := rapid.SampledFrom([]string{"", "a.jpg", "b.jpg", "c.jpg"}).Draw(t, "file"); file != "" {
			s.Media = []string{file}
		}
		if rapid.IntRange(0, 4).Draw(t, "undated") == 0 {
			s.Published = nil
		}
		all = append(all, s)
	}
	in := withMedia(all...)
	for i := range rapid.IntRange(0, 2).Draw(t, "testimonies") {
		in.Testimonies = append(in.Testimonies, pipeline.Testimony{ID: fmt.Sprint("W-", i), Place: in.Claim.Where, Time: in.Claim.When,
			Grade: rapid.SampledFrom([]pipeline.Grade{"", "B2", "D3"}).Draw(t, "grade of testimony")})
	}
	return in
}

func findingsOf(all map[string]pipeline.Finding) []pipeline.Finding {
	var out []pipeline.Finding
	for _, f := range all {
		out = append(out, f)
	}
	pipeline.SortFindings(out)
	return out
}

// Both sides are weighed alike: with every side exchanged, each answer has the weight, the basis and the code that it had.
func TestLawSidesAreWeighedAlike(t *testing.T) {
	t.Parallel()
	other := map[pipeline.Side]pipeline.Side{pipeline.SideRU: pipeline.SideUA, pipeline.SideUA: pipeline.SideRU}
	rapid.Check(t, func(rt *rapid.T) {
		in := drawRecord(rt)
		in.Claim.Perpetrator = pipeline.SideRU
		swapped := in
		swapped.Claim.Perpetrator = pipeline.SideUA
		swapped.Sources = slices.Clone(in.Sources)
		for i, s := range swapped.Sources {
			if o, ok := other[s.Side]; ok {
				swapped.Sources[i].Side = o
			}
		}
		a, b := judge(t, in, apart), judge(t, swapped, apart)
		for subject, f := range a {
			g := b[subject]
			f.Reason, g.Reason = "", "" // names the side
			if diff := cmp.Diff(f, g); diff != "" {
				rt.Fatalf("%s: %s", subject, diff)
			}
		}
		if x, y := weight(findingsOf(a)), weight(findingsOf(b)); x != y {
			rt.Fatalf("%v, with sides exchanged %v", x, y)
		}
	})
}

// The score without a source is that of the record without it. The oracle takes the source out and assesses again; only
// who is one witness with whom may hang on a post that is not there any more, which groups that fall apart show.
func TestLawWithoutASource(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawRecord(rt)
		with := judge(t, in, apart)
		for i := range in.Sources {
			without := in
			without.Sources = slices.Delete(slices.Clone(in.Sources), i, i+1)
			then := judge(t, without, apart)
			line := "sources.poster@" + pipeline.SourceSubject(i)
			for k := range without.Sources {
				before := k
				if k >= i {
					before++
				}
				f, g := with[pipeline.SourceSubject(before)], then[pipeline.SourceSubject(k)]
				for _, w := range f.Without {
					if w.Line == line {
						f.Outcome, f.Likelihood = w.Outcome, w.Likelihood
					}
				}
				if f.Outcome != g.Outcome || !cmp.Equal(f.Likelihood, g.Likelihood) {
					rt.Fatalf("sources[%d] without sources[%d]: %s %v, assessed anew %s %v (%s)", before, i, f.Outcome, f.Likelihood, g.Outcome, g.Likelihood, g.Reason)
				}
			}
		}
	})
}

// The order of the sources in the record is nothing that was observed: which of several posts of one time is set aside
// changes no weight.
func TestLawOrderOfSources(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawRecord(rt)
		a := weight(findingsOf(judge(t, in, apart)))
		in.Sources = rapid.Permutation(in.Sources).Draw(rt, "order")
		if b := weight(findingsOf(judge(t, in, apart))); a != b {
			rt.Fatalf("%v, in another order %v", a, b)
		}
	})
}

// No answer names an account, an address or what they are noted as.
func TestNoAccountIsNamed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		in := drawRecord(rt)
		for i := range in.Sources {
			in.Sources[i].URL = fmt.Sprintf("https://t.me/private_person_%d/%d", i%3, i+1)
			in.Sources[i].Account = fmt.Sprintf("@Private_Person_%d", i%3)
		}
		found := judge(t, in, apart)
		v := score.Fold(score.Default(), score.Input{Findings: findingsOf(found)})
		if said := strings.ToLower(fmt.Sprintf("%+v %+v", found, v)); strings.Contains(said, "private_person") || strings.Contains(said, "t.me") {
			rt.Fatalf("%s", said)
		}
	})
}
