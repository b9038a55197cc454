package dossier_test

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"whenwhere/internal/audience"
	"whenwhere/internal/control"
	"whenwhere/internal/dossier"
	"whenwhere/internal/report/record"
	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
	"whenwhere/pipeline/moment"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func ptr[T any](v T) *T { return &v }

func span(from, to string) pipeline.Span { return pipeline.Span{From: at(from), To: at(to)} }

const mapText = `{"type":"FeatureCollection","provider":"%s","as_of":"2024-08-28","complement":"ua","features":[{"type":"Feature","properties":{"side":"ru"},` +
	`"geometry":{"type":"Polygon","coordinates":[[[37.92,47.5],[38.6,47.5],[38.6,48.6],[37.92,48.6],[37.92,47.5]]]}}]}`

// drawings are those of two providers.
func drawings(t testing.TB) []control.Drawing {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"alpha", "beta"} {
		files[name+"_20240828.geojson"] = &fstest.MapFile{Data: []byte(strings.Replace(mapText, "%s", name, 1))}
	}
	m, faults := control.Load(files)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return m.Drawn(at("2024-08-31T06:00:00Z"))
}

func observed[T any](t testing.TB, all *pipeline.Observations, key pipeline.Key[T], v T) {
	t.Helper()
	o, err := key.Observe(v)
	if err != nil {
		t.Fatal(err)
	}
	*all = append(*all, o)
}

const file = "media/X-1/SECRET-name.jpg"

// whole is an incident of which everything is told. What nobody but the house may have holds SECRET.
func whole(t testing.TB) dossier.Input {
	t.Helper()
	in := pipeline.Incident{
		ID: "X-1",
		Claim: pipeline.Claim{Where: &pipeline.Place{Lon: 37.90785, Lat: 48.04123, RadiusM: 400}, When: ptr(span("2024-08-31T06:00:00Z", "2024-08-31T10:00:00Z")),
			Kind: pipeline.KindExecution, What: "SECRET-what", Casualties: &pipeline.Casualties{Min: 3, Max: 5, Party: pipeline.SideUA}, Perpetrator: pipeline.SideRU,
			Named: &pipeline.NamedPlace{Name: "SECRET-village"}},
		Media:       []pipeline.MediaRef{{File: file}, {File: "media/X-1/SECRET-gone.mov", Role: pipeline.RoleAftermath}},
		Sources:     []pipeline.Source{{URL: "https://example.org/SECRET-post", Account: "SECRET-account"}},
		Testimonies: []pipeline.Testimony{{ID: "SECRET-W", Place: &pipeline.Place{Lon: 37.91, Lat: 48.04, RadiusM: 2000}}},
		Marks:       []pipeline.Mark{{Media: file, By: "SECRET-analyst"}},
	}
	var seen pipeline.Observations
	observed(t, &seen, pipeline.FileKey, pipeline.File{Type: "image/jpeg", WidthPx: 640, HeightPx: 480})
	observed(t, &seen, pipeline.PlacesKey, []pipeline.StatedPlace{{Field: "EXIF:GPS", Lon: 37.907, Lat: 48.0405, AccuracyM: ptr(8.0)}})
	observed(t, &seen, pipeline.DirectionKey, pipeline.Direction{AzimuthDeg: 255, Reference: "true"})
	line := func(q pipeline.QuestionID, subject string, axis pipeline.Axis, o pipeline.Outcome, weight float64) pipeline.Line {
		id := string(q)
		if subject != "" {
			id += "@" + subject
		}
		return pipeline.Line{ID: id, Question: q, Subject: subject, Axis: axis, Outcome: o, Weight: weight, Alone: weight + 0.5,
			Note: "SECRET-note", Basis: pipeline.Basis{Kind: "gps", Of: "SECRET-device"}, Reason: "SECRET-reason of " + id, Evidence: []string{"SECRET-evidence", "claim.where"}}
	}
	known := line("footage.known", file, pipeline.AxisFootage, pipeline.Contradicts, -1.96)
	known.Evidence = []string{file + "#prints.looks[upright]", "known/SECRET-known#prints.looks[upright]"}
	silent := line("when.gps_clock", file, pipeline.AxisWhen, pipeline.Unavailable, 0)
	silent.Code = pipeline.CodeMetadataStripped
	return dossier.Input{
		Entry: record.Entry{
			Case: pipeline.Case{Incident: in, Media: []pipeline.Exhibit{
				{Ref: in.Media[0], Media: &pipeline.Media{ID: pipeline.MediaID{1, 2, 3}, SizeBytes: 4321, ReceivedAt: at("2024-09-01T00:00:00Z")}, Observed: seen,
					Stages: []pipeline.StageResult{{Stage: "prints", Version: "4", Status: pipeline.Failed, Cause: "SECRET-cause"}}},
				{Ref: in.Media[1], Missing: "SECRET-missing"}}},
			Verdict: pipeline.Verdict{Incident: "X-1", Score: 87.654, Weight: 1.234, Words: "weak support for the claimed place and time", Status: pipeline.StatusContradicted,
				Reasons: []string{"contradicted_by:footage.known", "not_datable"}, Incomplete: []string{"prints: SECRET: died"}, Prior: 0.5, Coverage: 0.4,
				Axes: map[pipeline.Axis]float64{pipeline.AxisWhere: 1.53, pipeline.AxisFootage: -1.96},
				Lines: []pipeline.Line{known, line("sources.poster", "sources[0]", pipeline.AxisSources, pipeline.Supports, 0.6),
					line("where.position", file, pipeline.AxisWhere, pipeline.Supports, 1.53), silent,
					{ID: "front.line", Question: "front.line", Axis: pipeline.AxisContext, Outcome: pipeline.NotApplicable}},
				Times: []pipeline.Estimate{{Media: file, Prior: span("1990-01-01T00:00:00Z", "2028-01-01T00:00:00Z"),
					Within95: pipeline.Share{Spans: []pipeline.Span{span("2024-08-31T07:41:21Z", "2024-08-31T07:43:15Z")}, Mass: 0.96},
					Within50: pipeline.Share{Spans: []pipeline.Span{span("2024-08-31T07:42:00Z", "2024-08-31T07:43:00Z")}, Mass: 0.5},
					Items:    []pipeline.TimeItem{{ID: "camera_clock SECRET-field", Genuine: 0.9, After: 1}, {ID: "marks SECRET-analyst", Genuine: 0.9, After: 0.2}, {ID: "post sources[0]", Genuine: 1, After: 1}}}},
				Open:           []pipeline.OpenQuestion{{Question: "when.gps_clock", Text: "The satellite time lies in the claimed window.", Codes: []pipeline.Code{pipeline.CodeMetadataStripped}}},
				Contradictions: [][]string{{"claim", "footage.known@" + file}, {file + "#metadata.clocks[SECRET-field]", "SECRET-loose"}}, Without: map[string]float64{"footage.known@" + file: 99.2},
				Next:  []pipeline.Suggestion{{Question: "where.landmarks", What: "mark three or more landmarks", ExpectedBans: 1.16}},
				Rules: "2026.6", Data: map[string]string{"control": "c0ffee", "zones": "2025c"}},
			JudgedAt: at("2024-09-02T00:00:00Z"),
			Review: pipeline.Review{Newest: pipeline.VerdictDigest{9}, History: []pipeline.Decision{
				{Seq: 1, As: pipeline.RulingVerified, By: "SECRET-one", Reason: "SECRET-because", On: pipeline.VerdictDigest{9}, At: at("2024-09-03T00:00:00Z")},
				{Seq: 2, As: pipeline.RulingVerified, By: "SECRET-two", Reason: "SECRET-because", On: pipeline.VerdictDigest{9}, At: at("2024-09-03T00:00:00Z")}}},
		},
		Questions: []pipeline.Question{{ID: "footage.known", Text: "The footage was not seen before the claimed time."}, {ID: "where.position", Text: "The position lies in the claimed place."}, {ID: "front.line", Text: "The claimed place lay near the line."}},
		Maps:      drawings(t),
		Allowed:   []moment.Allowed{{Media: file, Item: "camera_clock SECRET-field", Spans: []pipeline.Span{span("2024-08-31T07:41:15Z", "2024-08-31T07:43:15Z")}}, {Media: file, Item: "post sources[0]", Spans: []pipeline.Span{span("1990-01-01T00:00:00Z", "2024-08-31T09:10:00Z")}}},
		Frames:    []dossier.Frame{{Subject: file, Outline: []byte("outline-1"), Shown: []byte("frame-1")}, {Subject: "media/X-1/SECRET-gone.mov", Why: "SECRET-why"}},
		Matches: []dossier.Match{{Lines: []string{"footage.known@" + file}, Mine: dossier.Frame{Subject: file, Outline: []byte("outline-2"), AtMs: ptr(int64(71_250))},
			Other: dossier.Frame{Subject: "known/SECRET-known", Outline: []byte("outline-3")}, Seen: "SECRET-seen"}},
		Events: []dossier.Event{{Number: 7, At: at("2024-09-01T00:00:00Z"), Actor: "program", Action: "received", Subject: "SECRET-about", Result: "SECRET-digest"}},
		Log:    &dossier.Log{Size: 8, SignedSize: 8, Root: "SECRET-root"},
		Pairs: []duplicates.Proposal{{A: "X-1", B: "X-2", Bans: 0.2, Chance: 0.6131, SharedFootage: true, Parts: []duplicates.Part{{What: "prior", Bans: -2, Reason: "SECRET-prior"}, {What: "place", Bans: 1.5, Reason: "SECRET-link"}}},
			{A: "X-0", B: "X-1", Said: "apart"}},
		Calls: []dossier.Call{{Statement: pipeline.Statement{ID: "ST-9", Who: "NEVER-who", Role: "SECRET-deputy", Side: pipeline.SideRU, Said: ptr(span("2024-08-01T06:00:00Z", "2024-08-01T07:00:00Z"))}, Why: "SECRET-call"}},
	}
}

// pageOf writes a document of some incidents.
func pageOf(t testing.TB, to audience.Audience, all ...dossier.Input) string {
	t.Helper()
	var b strings.Builder
	w, err := dossier.NewWriter(&b, dossier.About{Audience: to, Kyiv: time.FixedZone("", 3*3600), Title: "Dossier of X-1", Many: len(all) > 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range all {
		if err := w.Add(in); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var dataURL = regexp.MustCompile(`data:([a-z/+]+);base64,([A-Za-z0-9+/=]*)`)

// unpacked is a page with its pictures in place of their codes, as one reads it who looks for something.
func unpacked(t testing.TB, page string) string {
	t.Helper()
	page = strings.NewReplacer("&#43;", "+", "&#34;", `"`, "&#39;", "'").Replace(page)
	return dataURL.ReplaceAllStringFunc(page, func(url string) string {
		data, err := base64.StdEncoding.DecodeString(dataURL.FindStringSubmatch(url)[2])
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	})
}

// clone is a deep copy of what marshals.
func clone[T any](t testing.TB, v T) (out T) {
	t.Helper()
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}
