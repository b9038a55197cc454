package footage_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/likeness"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func id(n byte) pipeline.MediaID { return pipeline.MediaID{n} }

// look is a print of both makings whose hashes have so many low bits set: two of them are the difference apart.
func look(view string, pdq, second int) pipeline.Print {
	return pipeline.Print{View: view, Quality: 90, Hashes: []pipeline.Hash{
		{Algorithm: "pdq", Version: "t", Hex: code(pdq)}, {Algorithm: "phash256", Version: "t", Hex: code(second)}}}
}

func code(n int) string {
	var out [32]byte
	for i := range n {
		out[31-i/8] |= 1 << (i % 8)
	}
	return fmt.Sprintf("%x", out)
}

func claim(place float64, from, to string) pipeline.Claim {
	return pipeline.Claim{Where: &pipeline.Place{Lon: place, Lat: 48, RadiusM: 500}, When: &pipeline.Span{From: at(from), To: at(to)}}
}

func novembers() pipeline.Claim { return claim(37, "2024-11-03T07:00:00Z", "2024-11-03T09:00:00Z") }

// listing is footage of an index with its prints.
type listing struct {
	footage.Entry
	prints   []pipeline.Print
	negative string // the list
}

func archive(n byte, seen string, prints ...pipeline.Print) listing {
	t := at(seen)
	return listing{footage.Entry{Media: id(n), Name: fmt.Sprintf("known/%d.jpg", n), SeenBy: &t, Event: "an earlier event"}, prints, ""}
}

// shelf is an index that compares all it has, one by one.
type shelf []listing

func (s shelf) Archive(context.Context) (bool, error) {
	return slices.ContainsFunc(s, func(l listing) bool { return l.Incident == "" && l.negative == "" }), nil
}

func (s shelf) Look(_ context.Context, id pipeline.MediaID, prints []pipeline.Print) (out footage.Seen, err error) {
	asked, err := likeness.Of(prints)
	if err != nil {
		return out, err
	}
	for _, l := range s {
		f, err := likeness.Of(l.prints)
		if err != nil {
			return out, err
		}
		if l.negative != "" {
			left, n := asked.Without(f)
			if asked = left; n > 0 {
				out.LeftOut = append(out.LeftOut, footage.LeftOut{Media: l.Media, List: l.negative, Event: l.Event, Pictures: n})
			}
			continue
		}
		like, ok, err := likeness.Compare(asked, f)
		if err != nil {
			return out, err
		}
		if same := l.Media == id; same || ok {
			if same {
				like = likeness.Likeness{}
			}
			out.Sightings = append(out.Sightings, footage.Sighting{Entry: l.Entry, SameBytes: same, Like: like})
		}
	}
	out.Pictures, out.Comparable = asked.Pictures, asked.Comparable
	return out, nil
}

func exhibit(t *testing.T, n byte, file string, prints []pipeline.Print) pipeline.Exhibit {
	t.Helper()
	e := pipeline.Exhibit{Ref: pipeline.MediaRef{File: file}, Media: &pipeline.Media{ID: id(n)}}
	if prints != nil {
		o, err := pipeline.PrintsKey.Observe(prints)
		if err != nil {
			t.Fatal(err)
		}
		e.Observed = pipeline.Observations{o}
	}
	return e
}

// answers are the findings about the files of an incident, by question and file.
func answers(t *testing.T, c pipeline.Claim, index footage.Index, media ...pipeline.Exhibit) map[string]pipeline.Finding {
	t.Helper()
	in := pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: c}, Media: media}
	for _, e := range media {
		in.Incident.Media = append(in.Incident.Media, e.Ref)
	}
	all, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{footage.Assessor(index)}, in)
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results)
	}
	out := map[string]pipeline.Finding{}
	for _, f := range all {
		out[string(f.Question)+"@"+f.Subject] = f
	}
	return out
}

func ask(t *testing.T, c pipeline.Claim, prints []pipeline.Print, entries ...listing) (known, elsewhere pipeline.Finding) {
	t.Helper()
	f := answers(t, c, shelf(entries), exhibit(t, 1, "media/a.jpg", prints))
	return f["footage.known@media/a.jpg"], f["footage.elsewhere@media/a.jpg"]
}

func TestKnown(t *testing.T) {
	t.Parallel()
	zero := look("upright", 0, 0)
	flat := pipeline.Print{View: "upright", Flat: true}
	logo := listing{footage.Entry{Media: id(7), Name: "known/7", Event: "a channel's logo"}, []pipeline.Print{zero}, "logos"}
	undated := archive(2, "2023-05-01T00:00:00Z", zero)
	undated.SeenBy = nil
	listed := archive(3, "2023-05-01T00:00:00Z", pipeline.Print{View: "upright", Quality: 80, Hashes: zero.Hashes[:1]})
	listed.List = "partner.csv"
	for name, c := range map[string]struct {
		prints  []pipeline.Print
		entries []listing
		outcome pipeline.Outcome
		code    pipeline.Code
		reason  string
	}{
		"same bytes before":       {[]pipeline.Print{zero}, []listing{archive(1, "2023-05-01T00:00:00Z")}, pipeline.Contradicts, "", "the same bytes as known/1.jpg (an earlier event)"},
		"near print before":       {[]pipeline.Print{zero}, []listing{archive(2, "2023-05-01T00:00:00Z", look("upright", 6, 40))}, pipeline.Contradicts, "", "PDQ 6 of 256 bits and second print 40 of 256 bits from known/2.jpg (an earlier event), which was seen by 2023-05-01T00:00:00Z"},
		"mirrored before":         {[]pipeline.Print{look("upright", 140, 127), look("mirrored", 2, 10)}, []listing{archive(2, "2023-05-01T00:00:00Z", zero)}, pipeline.Contradicts, "", "mirrored"},
		"listed before":           {[]pipeline.Print{zero}, []listing{listed}, pipeline.Contradicts, "", "PDQ 0 of 256 bits from known/3.jpg (an earlier event) of list partner.csv"},
		"far":                     {[]pipeline.Print{zero}, []listing{archive(2, "2023-05-01T00:00:00Z", look("upright", 6, 100))}, pipeline.Supports, "", "no earlier appearance in the archive"},
		"seen after":              {[]pipeline.Print{zero}, []listing{archive(2, "2024-11-03T08:00:00Z", zero)}, pipeline.Inconclusive, pipeline.CodeWeak, "not before the claimed time"},
		"seen, nobody knows when": {[]pipeline.Print{zero}, []listing{undated}, pipeline.Inconclusive, pipeline.CodeWeak, "of which nobody says when"},
		"earliest of two":         {[]pipeline.Print{zero}, []listing{archive(2, "2024-12-01T00:00:00Z", zero), archive(3, "2022-01-01T00:00:00Z", zero)}, pipeline.Contradicts, "", "known/3.jpg"},
		"no archive":              {[]pipeline.Print{zero}, nil, pipeline.Unavailable, pipeline.CodeNoReference, "no archive"},
		"too flat":                {[]pipeline.Print{flat}, []listing{archive(2, "2023-05-01T00:00:00Z", zero)}, pipeline.Unavailable, pipeline.CodePrintTooFlat, "too flat"},
		"too flat, but the same":  {[]pipeline.Print{flat}, []listing{archive(1, "2023-05-01T00:00:00Z")}, pipeline.Contradicts, "", "same bytes"},
		"no print":                {nil, []listing{archive(2, "2023-05-01T00:00:00Z", zero)}, pipeline.Unavailable, pipeline.CodeNotStated, "no picture"},
		"a logo":                  {[]pipeline.Print{zero}, []listing{logo, archive(2, "2023-05-01T00:00:00Z", zero)}, pipeline.Unavailable, pipeline.CodePrintNegative, "1 of 1 pictures left out: on negative list logos (a channel's logo)"},
		"beside a logo":           {[]pipeline.Print{frame(0, zero), frame(1000, look("upright", 150, 150))}, []listing{logo, archive(2, "2023-05-01T00:00:00Z", look("upright", 150, 150))}, pipeline.Contradicts, "", "1 of 2 pictures left out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, _ := ask(t, novembers(), c.prints, c.entries...)
			if f.Outcome != c.outcome || f.Code != c.code || !strings.Contains(f.Reason, c.reason) {
				t.Errorf("%s %s: %s", f.Outcome, f.Code, f.Reason)
			}
		})
	}
}

func TestElsewhere(t *testing.T) {
	t.Parallel()
	zero := []pipeline.Print{look("upright", 0, 0)}
	other := func(c pipeline.Claim, seen *time.Time) listing {
		return listing{footage.Entry{Media: id(9), Name: "media/b.jpg", Incident: "X-2", Claim: c, SeenBy: seen}, zero, ""}
	}
	if _, f := ask(t, novembers(), zero, other(claim(38, "2024-11-03T07:00:00Z", "2024-11-03T09:00:00Z"), nil)); f.Outcome != pipeline.Contradicts || !strings.Contains(f.Reason, "X-2") {
		t.Errorf("another place: %s: %s", f.Outcome, f.Reason)
	}
	if _, f := ask(t, novembers(), zero, other(novembers(), nil)); f.Outcome != pipeline.Inconclusive || f.Code != pipeline.CodeDependent {
		t.Errorf("the same claim: %s: %s", f.Outcome, f.Reason)
	}
	if _, f := ask(t, novembers(), zero); f.Outcome != pipeline.Supports {
		t.Errorf("nobody else: %s: %s", f.Outcome, f.Reason)
	}
	seen := at("2024-10-01T00:00:00Z")
	if f, _ := ask(t, novembers(), zero, other(claim(38, "2024-09-30T00:00:00Z", "2024-09-30T09:00:00Z"), &seen)); f.Outcome != pipeline.Contradicts {
		t.Errorf("posted for another incident before the window: %s: %s", f.Outcome, f.Reason)
	}
}

func frame(ms int64, p pipeline.Print) pipeline.Print { p.AtMs = &ms; return p }

// Both pictures of the nearest pair are in the evidence, with their times and views.
func TestEvidenceNamesBothFrames(t *testing.T) {
	t.Parallel()
	clip := []pipeline.Print{frame(0, look("upright", 128, 128)), frame(2000, look("upright", 0, 0)), frame(2000, look("mirrored", 64, 64))}
	known, _ := ask(t, novembers(), clip[1:], archive(2, "2023-01-01T00:00:00Z", frame(9000, look("trimmed", 63, 64))))
	want := []string{"media/a.jpg#prints.looks[mirrored@2000ms]", "known/2.jpg#prints.looks[trimmed@9000ms]", "claim.when"}
	if diff := cmp.Diff(want, known.Evidence); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(known.Reason, "0:02.0 here is 0:09.0 there") {
		t.Error(known.Reason)
	}
	_, elsewhere := ask(t, novembers(), []pipeline.Print{look("upright", 0, 0)}, listing{footage.Entry{Media: id(9), Name: "media/b.jpg", Incident: "X-2",
		Claim: claim(38, "2024-11-03T07:00:00Z", "2024-11-03T09:00:00Z")}, []pipeline.Print{look("upright", 1, 1)}, ""})
	want = []string{"media/a.jpg#prints.looks[upright]", "X-2/media/b.jpg#prints.looks[upright]"}
	if diff := cmp.Diff(want, elsewhere.Evidence); diff != "" {
		t.Error(diff)
	}
}

// A near copy of another file of the same incident supports nothing that the other does not, and contradicts as it does.
func TestCopiesWithinAnIncident(t *testing.T) {
	t.Parallel()
	zero, near, far := []pipeline.Print{look("upright", 0, 0)}, []pipeline.Print{look("upright", 9, 9)}, []pipeline.Print{look("upright", 140, 140)}
	media := []pipeline.Exhibit{exhibit(t, 1, "a", zero), exhibit(t, 2, "b", near), exhibit(t, 3, "c", far), exhibit(t, 1, "d", zero)}
	got := answers(t, novembers(), shelf{archive(5, "2023-05-01T00:00:00Z", look("upright", 256, 256))}, media...)
	for name, want := range map[string]pipeline.Outcome{"a": pipeline.Supports, "b": pipeline.Inconclusive, "c": pipeline.Supports, "d": pipeline.Inconclusive} {
		for _, q := range []string{"footage.known@", "footage.elsewhere@"} {
			f := got[q+name]
			if f.Outcome != want || f.Basis.String() != "pixels" || (want == pipeline.Inconclusive) != (f.Code == pipeline.CodeDependent) {
				t.Errorf("%s%s: %s %s: %s", q, name, f.Outcome, f.Code, f.Reason)
			}
		}
	}
	for name, says := range map[string]string{"b": "the same footage as a of this incident, which answers for both: PDQ 9 of 256 bits and second print 9", "d": "the same bytes as a"} {
		if f := got["footage.known@"+name]; !strings.Contains(f.Reason, says) {
			t.Errorf("%s: %s", name, f.Reason)
		}
	}
	got = answers(t, novembers(), shelf{archive(5, "2023-05-01T00:00:00Z", zero...)}, media...)
	for _, name := range []string{"a", "b", "d"} {
		if f := got["footage.known@"+name]; f.Outcome != pipeline.Contradicts {
			t.Errorf("%s: %s: %s", name, f.Outcome, f.Reason)
		}
	}
}

func TestOutdated(t *testing.T) {
	t.Parallel()
	with, _ := ask(t, novembers(), []pipeline.Print{look("upright", 0, 0)}, archive(2, "2023-05-01T00:00:00Z"))
	without, elsewhere := ask(t, novembers(), []pipeline.Print{look("upright", 0, 0)})
	for _, c := range []struct {
		f             pipeline.Finding
		archive, want bool
	}{{with, true, false}, {with, false, true}, {without, true, true}, {without, false, false}, {elsewhere, false, false}} {
		if got := footage.Outdated(c.f, c.archive); got != c.want {
			t.Errorf("%s with archive %v: %v", c.f.Reason, c.archive, got)
		}
	}
}
