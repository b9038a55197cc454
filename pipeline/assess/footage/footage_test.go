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

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func id(n byte) pipeline.MediaID { return pipeline.MediaID{n} }

// look is a print whose 64-bit hash has the low bits64 bits set and whose 256-bit hash the low bits256 (up to 64).
func look(view string, bits64, bits256 int) pipeline.Print {
	mask := func(n int) uint64 { return 1<<uint(n) - 1 }
	return pipeline.Print{View: view, Quality: 90, Hashes: []pipeline.Hash{
		{Algorithm: "phash64", Version: "t", Hex: fmt.Sprintf("%016x", mask(bits64))},
		{Algorithm: "phash256", Version: "t", Hex: strings.Repeat("0", 32) + fmt.Sprintf("%016x%016x", mask(max(bits256-64, 0)), mask(min(bits256, 63)))},
	}}
}

func claim(place float64, from, to string) pipeline.Claim {
	return pipeline.Claim{Where: &pipeline.Place{Lon: place, Lat: 48, RadiusM: 500}, When: &pipeline.Span{From: at(from), To: at(to)}}
}

func novembers() pipeline.Claim { return claim(37, "2024-11-03T07:00:00Z", "2024-11-03T09:00:00Z") }

func archive(n byte, seen string, prints ...pipeline.Print) footage.Entry {
	t := at(seen)
	return footage.Entry{Media: id(n), Name: fmt.Sprintf("known/%d.jpg", n), SeenBy: &t, Event: "an earlier event", Prints: prints}
}

func ask(t *testing.T, c pipeline.Claim, prints []pipeline.Print, entries ...footage.Entry) (known, elsewhere pipeline.Finding) {
	t.Helper()
	catalogue, err := footage.NewCatalogue(entries)
	if err != nil {
		t.Fatal(err)
	}
	e := pipeline.Exhibit{Ref: pipeline.MediaRef{File: "media/a.jpg"}, Media: &pipeline.Media{ID: id(1)}}
	if prints != nil {
		o, err := pipeline.PrintsKey.Observe(prints)
		if err != nil {
			t.Fatal(err)
		}
		e.Observed = pipeline.Observations{o}
	}
	in := pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: c, Media: []pipeline.MediaRef{e.Ref}}, Media: []pipeline.Exhibit{e}}
	f, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{footage.Assessor(catalogue)}, in)
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results)
	}
	return f[1], f[0] // sorted: footage.elsewhere, footage.known
}

func TestKnown(t *testing.T) {
	t.Parallel()
	zero := look("upright", 0, 0)
	flat := pipeline.Print{View: "upright", Flat: true}
	for name, c := range map[string]struct {
		prints  []pipeline.Print
		entries []footage.Entry
		outcome pipeline.Outcome
		code    pipeline.Code
		reason  string
	}{
		"same bytes before":      {[]pipeline.Print{zero}, []footage.Entry{archive(1, "2023-05-01T00:00:00Z")}, pipeline.Contradicts, "", "the same bytes as known/1.jpg (an earlier event)"},
		"near print before":      {[]pipeline.Print{zero}, []footage.Entry{archive(2, "2023-05-01T00:00:00Z", look("upright", 6, 40))}, pipeline.Contradicts, "", "print 6 of 64 and 40 of 256"},
		"mirrored before":        {[]pipeline.Print{look("upright", 40, 127), look("mirrored", 2, 10)}, []footage.Entry{archive(2, "2023-05-01T00:00:00Z", zero)}, pipeline.Contradicts, "", "mirrored"},
		"near 64 only":           {[]pipeline.Print{zero}, []footage.Entry{archive(2, "2023-05-01T00:00:00Z", look("upright", 6, 100))}, pipeline.Supports, "", "no earlier appearance among 1 files"},
		"near 256 only":          {[]pipeline.Print{zero}, []footage.Entry{archive(2, "2023-05-01T00:00:00Z", look("upright", 13, 10))}, pipeline.Supports, "", "no earlier"},
		"seen after":             {[]pipeline.Print{zero}, []footage.Entry{archive(2, "2024-11-03T08:00:00Z", zero)}, pipeline.Inconclusive, pipeline.CodeWeak, "not before the claimed time"},
		"earliest of two":        {[]pipeline.Print{zero}, []footage.Entry{archive(2, "2024-12-01T00:00:00Z", zero), archive(3, "2022-01-01T00:00:00Z", zero)}, pipeline.Contradicts, "", "known/3.jpg"},
		"no archive":             {[]pipeline.Print{zero}, nil, pipeline.Unavailable, pipeline.CodeNoReference, "no archive"},
		"too flat":               {[]pipeline.Print{flat}, []footage.Entry{archive(2, "2023-05-01T00:00:00Z", zero)}, pipeline.Unavailable, pipeline.CodePrintTooFlat, "too flat"},
		"too flat, but the same": {[]pipeline.Print{flat}, []footage.Entry{archive(1, "2023-05-01T00:00:00Z")}, pipeline.Contradicts, "", "same bytes"},
		"no print":               {nil, []footage.Entry{archive(2, "2023-05-01T00:00:00Z", zero)}, pipeline.Unavailable, pipeline.CodeNotStated, "no picture"},
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
	other := func(c pipeline.Claim, seen *time.Time) footage.Entry {
		return footage.Entry{Media: id(9), Name: "media/b.jpg", Incident: "X-2", Claim: c, SeenBy: seen, Prints: zero}
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

func TestMovie(t *testing.T) {
	t.Parallel()
	frame := func(ms int64, p pipeline.Print) pipeline.Print { p.AtMs = &ms; return p }
	clip := func(n int, at0 int64, same int) (out []pipeline.Print) {
		for i := range n {
			p := look("upright", 0, 0)
			if i >= same {
				p = look("upright", 40, 120)
			}
			out = append(out, frame(at0+int64(i)*1000, p))
		}
		return out
	}
	if f, _ := ask(t, novembers(), clip(4, 0, 3), archive(2, "2023-01-01T00:00:00Z", clip(1, 9000, 1)...)); f.Outcome != pipeline.Contradicts ||
		!strings.Contains(f.Reason, "3 of 4 keyframes") || !strings.Contains(f.Reason, "0:00.0 here is 0:09.0 there") {
		t.Errorf("%s: %s", f.Outcome, f.Reason)
	}
	if f, _ := ask(t, novembers(), clip(4, 0, 1), archive(2, "2023-01-01T00:00:00Z", clip(1, 9000, 1)...)); f.Outcome != pipeline.Supports {
		t.Errorf("one frame of four: %s: %s", f.Outcome, f.Reason)
	}
}

func TestCatalogueVersion(t *testing.T) {
	t.Parallel()
	version := func(entries ...footage.Entry) string {
		c, err := footage.NewCatalogue(entries)
		if err != nil {
			t.Fatal(err)
		}
		return c.Version()
	}
	a, b := archive(2, "2023-01-01T00:00:00Z"), archive(3, "2023-01-01T00:00:00Z")
	if version(a, b) != version(b, a) {
		t.Error("the order of entries changes the version")
	}
	if later := archive(2, "2023-01-02T00:00:00Z"); version(a) == version(later) {
		t.Error("another date, the same version")
	}
	if _, err := footage.NewCatalogue([]footage.Entry{archive(2, "2023-01-01T00:00:00Z", pipeline.Print{Hashes: []pipeline.Hash{{Algorithm: "phash64", Hex: "zz"}}})}); err == nil {
		t.Error("a malformed hash passed")
	}
}
