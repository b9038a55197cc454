package pipeline_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"whenwhere/pipeline"
)

func TestStatementCheck(t *testing.T) {
	t.Parallel()
	digest := fmt.Sprintf("%x", sha256.Sum256([]byte("no")))
	for name, c := range map[string]struct {
		change func(*pipeline.Statement)
		want   string
	}{
		"sound":            {func(*pipeline.Statement) {}, ""},
		"digest of it":     {func(s *pipeline.Statement) { s.QuoteSHA256 = digest }, ""},
		"digest alone":     {func(s *pipeline.Statement) { s.Quote, s.QuoteSHA256 = "", strings.Repeat("0", 64) }, ""},
		"media alone":      {func(s *pipeline.Statement) { s.Quote, s.Media = "", []pipeline.MediaRef{{File: "a"}} }, ""},
		"digest of other":  {func(s *pipeline.Statement) { s.QuoteSHA256 = strings.Repeat("0", 64) }, "quote_sha256: it is not of the quote"},
		"large digest":     {func(s *pipeline.Statement) { s.QuoteSHA256 = strings.ToUpper(digest) }, "quote_sha256: "},
		"short digest":     {func(s *pipeline.Statement) { s.QuoteSHA256 = "00" }, "is not 64 small hexadecimal digits"},
		"nothing stated":   {func(s *pipeline.Statement) { s.Quote = "" }, "quote: missing"},
		"unpublished":      {func(s *pipeline.Statement) { s.Published = nil }, "published: missing"},
		"long role":        {func(s *pipeline.Statement) { s.Role = strings.Repeat("a", 201) }, "role: 201 bytes exceed the limit of 200"},
		"who on two lines": {func(s *pipeline.Statement) { s.Who = "a\nb" }, "who: "},
		"side":             {func(s *pipeline.Statement) { s.Side = "us" }, "side: "},
		"itself":           {func(s *pipeline.Statement) { s.Incidents = []string{"S"} }, "incidents[0]: "},
		"twice":            {func(s *pipeline.Statement) { s.Incidents = []string{"a", "a"} }, "incidents[1]: "},
	} {
		s := pipeline.Statement{ID: "S", Quote: "no", Published: []pipeline.Source{{URL: "https://example.org/"}}}
		c.change(&s)
		var got []string
		for _, f := range s.Check() {
			got = append(got, f.Error())
		}
		if (len(got) == 0) != (c.want == "") || !strings.Contains(strings.Join(got, "; "), c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestStatementExisted(t *testing.T) {
	t.Parallel()
	day := func(n int) *time.Time { d := time.Date(2024, 11, n, 0, 0, 0, 0, time.UTC); return &d }
	post := func(n int) pipeline.Source { return pipeline.Source{Published: day(n)} }
	for name, c := range map[string]struct {
		s    pipeline.Statement
		want *time.Time
	}{
		"said":           {pipeline.Statement{Said: &pipeline.Span{From: *day(1), To: *day(3)}, Published: []pipeline.Source{post(4)}}, day(3)},
		"posted earlier": {pipeline.Statement{Said: &pipeline.Span{From: *day(1), To: *day(3)}, Published: []pipeline.Source{post(2)}}, day(2)},
		"posts":          {pipeline.Statement{Published: []pipeline.Source{post(9), {}, post(5)}}, day(5)},
		"unknown":        {pipeline.Statement{Published: []pipeline.Source{{}}}, nil},
	} {
		if got, ok := c.s.Existed(); ok != (c.want != nil) || ok && !got.Equal(*c.want) {
			t.Errorf("%s: %v, %v", name, got, ok)
		}
	}
}

func TestFieldOfStatement(t *testing.T) {
	t.Parallel()
	for of, want := range map[string]string{"claim.when.from": "said.from", "claim.where": "where", "claim.what": "quote", "sources[2].url": "published[2].url", "media[0].file": "media[0].file", "id": "id", "claim.units[1]": "units[1]"} {
		if got := pipeline.FieldOfStatement(of); got != want {
			t.Errorf("%s: %s, want %s", of, got, want)
		}
	}
}

func TestUnitsOfAClaim(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		units []string
		want  string
	}{
		"sound": {[]string{"a", "b"}, ""}, "blank": {[]string{"a", " "}, "claim.units[1]: missing"}, "long": {[]string{strings.Repeat("a", 201)}, "claim.units[0]: 201 bytes"},
		"many": {make([]string, 51), "claim.units: 51 entries exceed the limit of 50"},
	} {
		var got []string
		for _, f := range (pipeline.Incident{ID: "a", Claim: pipeline.Claim{Units: c.units}}).Check() {
			got = append(got, f.Error())
		}
		if (len(got) == 0) != (c.want == "") || len(got) > 0 && !strings.Contains(got[0], c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
