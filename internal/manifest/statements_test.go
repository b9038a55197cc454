package manifest_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/manifest"
	"whenwhere/pipeline"
)

func readStatements(t testing.TB, text string) (*manifest.Case, []manifest.Problem) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, manifest.Statements), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "call.jpg"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() }) // it was only read
	return manifest.Read(root)
}

const exampleStatement = `{"id":"S-1","who":"A Name","role":"commander","side":"ru","units":["a unit"],"said":{"from":"2024-11-01T13:00:00+03:00","to":"2024-11-01T12:00:00Z"},` +
	`"where":{"lon":37.6,"lat":55.7,"radius_m":20000},"published":[{"url":"https://t.me/example_channel/7","published":"2024-11-01T16:00:00+03:00"}],` +
	`"quote":"invented","media":[{"file":"call.jpg"}],"incidents":["K-3"]}`

// A statement gives its record, and beside it the claim by which its media are verified.
func TestStatement(t *testing.T) {
	t.Parallel()
	c, problems := readStatements(t, exampleStatement+"\n")
	if len(problems) > 0 || len(c.Statements) != 1 || len(c.Records) != 1 {
		t.Fatalf("%v, %+v", problems, c)
	}
	said := pipeline.Span{From: time.Date(2024, 11, 1, 10, 0, 0, 0, time.UTC), To: time.Date(2024, 11, 1, 12, 0, 0, 0, time.UTC)}
	published := time.Date(2024, 11, 1, 13, 0, 0, 0, time.UTC)
	want := pipeline.Incident{ID: "S-1", Claim: pipeline.Claim{Where: &pipeline.Place{Lon: 37.6, Lat: 55.7, RadiusM: 20000}, When: &said,
		Kind: pipeline.KindStatement, What: "invented", Units: []string{"a unit"}}, Media: []pipeline.MediaRef{{File: "call.jpg"}},
		Sources: []pipeline.Source{{URL: "https://t.me/example_channel/7", Published: &published}}}
	if diff := cmp.Diff(want, c.Records[0].Incident); diff != "" {
		t.Error(diff)
	}
	if s := c.Statements[0]; s.Who != "A Name" || s.Role != "commander" || s.Side != pipeline.SideRU || s.Published[0].Published.Location() != time.UTC {
		t.Errorf("%+v", s)
	}
	if len(c.Records[0].Exhibits) != 1 || c.Records[0].Exhibits[0].Missing != "" {
		t.Errorf("%+v", c.Records[0].Exhibits)
	}
}

// A statement with a fault is used as a whole or not at all.
func TestStatementWithAFault(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"id":"S","quote":"x"}`:                                  "statements.jsonl:1: published: missing: a public statement was published somewhere",
		`{"id":"S","published":[{"url":"https://example.org/"}]}`: "statements.jsonl:1: quote: missing, and so are quote_sha256 and media: nothing says what was stated",
		`{"id":"S","quote":"x","where":{"lon":0,"lat":0,"radius_m":1},"published":[{"url":"https://a/"}]}`: "statements.jsonl:1: where: lon, lat: 0,0 is what an absent position looks like, not a place",
		`{"id":"S","quote":"x","units":["a\u0000"],"published":[{"url":"https://a/"}]}`:                    `statements.jsonl:1: units[0]: "a\x00" holds a control character`,
		`{"id":"S","quote":"x","published":[{"url":"a"}]}`:                                                 "statements.jsonl:1: published[0].url: not an http or https address",
		`{"id":"S","quote":"x","incidents":["S"],"published":[{"url":"https://a/"}]}`:                      `statements.jsonl:1: incidents[0]: "S" is the statement itself`,
		`{"id":"S","quote":"x","claim":{},"published":[{"url":"https://a/"}]}`:                             "",
	} {
		c, problems := readStatements(t, text)
		if len(problems) != 1 || want != "" && problems[0].Error() != want || len(c.Statements) != 0 || len(c.Records) != 0 {
			t.Errorf("%s:\n%v\nwant %s", text, problems, want)
		}
	}
}

func FuzzStatement(f *testing.F) {
	f.Add(exampleStatement)
	f.Add(`{"id":"S","quote":"x","published":[{"url":"https://a/"}],"units":null,"incidents":["a","a"]}`)
	f.Fuzz(func(t *testing.T, text string) {
		c, problems := readStatements(t, text)
		if len(c.Statements) != len(c.Records) {
			t.Fatalf("%d statements, %d records", len(c.Statements), len(c.Records))
		}
		for i, s := range c.Statements {
			if len(s.Check()) > 0 || len(s.Incident().Check()) > 0 || s.ID != c.Records[i].Incident.ID {
				t.Errorf("%+v was kept; %v", s, problems)
			}
		}
	})
}
