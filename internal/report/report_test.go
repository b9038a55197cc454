package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/report"
	"whenwhere/pipeline"
)

func verdict() pipeline.Verdict {
	basis := pipeline.Basis{Kind: "gps", Of: "maker m"}
	return pipeline.Verdict{
		Incident: "X-1", Score: 90.91, Weight: 1, Words: "moderate support for the claimed place and time", Status: pipeline.StatusUnresolved,
		Reasons: []string{"not_datable"}, Incomplete: []string{"prints: media/a.jpg: died"}, Axes: map[pipeline.Axis]float64{pipeline.AxisWhere: 1.5, pipeline.AxisWhen: -0.5},
		Prior: 0.5, Coverage: 0.25, Rules: "r1", Data: map[string]string{"zones": "z", "control": "c"}, Without: map[string]float64{"where.position@media/a.jpg": 24.03},
		Lines: []pipeline.Line{
			{ID: "where.position@media/a.jpg", Question: "where.position", Subject: "media/a.jpg", Axis: pipeline.AxisWhere, Outcome: pipeline.Supports, Weight: 1.5, Alone: 1.6, Note: "capped",
				Basis: basis, Reason: "12 m away", Evidence: []string{"media/a.jpg#metadata.places[EXIF:GPS]", "claim.where"}},
			{ID: "when.gps_clock@media/a.jpg", Question: "when.gps_clock", Subject: "media/a.jpg", Axis: pipeline.AxisWhen, Outcome: pipeline.Unavailable, Reason: "the file states no satellite time"},
			{ID: "front.control", Question: "front.control", Axis: pipeline.AxisContext, Outcome: pipeline.NotApplicable, Reason: "the claim names no side"},
		},
		Open:           []pipeline.OpenQuestion{{Question: "when.gps_clock", Text: "The satellite time fits.", Codes: []pipeline.Code{pipeline.CodeNotStated}}},
		Contradictions: [][]string{{"claim", "when.file_name@media/a.jpg"}},
		Times:          []pipeline.Estimate{estimate(), {Media: "media/b.jpg", Within95: pipeline.Share{Spans: []pipeline.Span{{From: at("1990-01-01T00:00:00Z"), To: at("2024-11-03T00:00:00Z")}}, Mass: 0.95}}},
		Next:           []pipeline.Suggestion{{Question: "light.shadow", What: "mark a shadow", ExpectedBans: 0.9}, {Question: "where.view", What: "look", ExpectedBans: 0.5, StatusChance: 0.28}},
		Unweighed:      []pipeline.QuestionID{"where.landmarks"},
	}
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func estimate() pipeline.Estimate {
	minutes := []pipeline.Span{{From: at("2024-11-03T07:14:20Z"), To: at("2024-11-03T07:16:20Z")}}
	return pipeline.Estimate{
		Media: "media/a.jpg", Within95: pipeline.Share{Spans: minutes, Mass: 0.9503},
		Readings: []pipeline.ReadingMass{{Item: "camera_clock EXIF:DateTimeOriginal", Reading: "+03:00", Mass: 0.979}},
		Items:    []pipeline.TimeItem{{ID: "camera_clock EXIF:DateTimeOriginal", Clock: "camera_clock", Genuine: 0.9, After: 0.992, ShiftedS: -5400}},
		Core:     [][]string{{"camera_clock EXIF:DateTimeOriginal", "post sources[0]"}}, Flags: []string{"clock_off_gps"},
	}
}

// A set of years says nothing; then what the clocks say is told, with its own share.
func TestMoment(t *testing.T) {
	t.Parallel()
	wide := estimate()
	likely := wide.Within95
	likely.Mass = 0.9
	wide.Within95 = pipeline.Share{Spans: []pipeline.Span{{From: at("1999-01-01T00:00:00Z"), To: at("2010-01-01T00:00:00Z")}}, Mass: 0.95}
	wide.Likely = &likely
	gps := wide
	gps.Readings, gps.Items = []pipeline.ReadingMass{{Item: "gps x", Reading: "a day earlier", Mass: 0.5}}, []pipeline.TimeItem{{ID: "gps x", Clock: "gps"}}
	days := estimate()
	days.Within95.Spans = nil
	for d := range 5 {
		from := at("2024-11-03T23:00:00Z").AddDate(0, 0, d)
		days.Within95.Spans = append(days.Within95.Spans, pipeline.Span{From: from, To: from.Add(2 * time.Hour)})
	}
	unclocked, doubted := estimate(), wide
	unclocked.Readings, unclocked.Flags = nil, []string{"no_clock"}
	unknown := pipeline.Estimate{Flags: []string{"no_clock"}, Missing: []string{"a clock", "a place"}}
	little := likely
	little.Mass, doubted.Likely = 0.04, &little
	for want, e := range map[string]pipeline.Estimate{
		"not known, for want of a clock and of a place":                                                              unknown,
		"if on the claimed days: 2024-11-03 07:14:20 to 07:16:20Z 95 %":                                              unclocked,
		"not known, the clocks cannot be believed: 2024-11-03 07:14:20 to 07:16:20Z only 4 %, clock at +03:00: 98 %": doubted,
		"2024-11-03 07:14:20 to 07:16:20Z 95 %, clock at +03:00: 98 %":                                               estimate(),
		"2024-11-03 07:14:20 to 07:16:20Z 90 %, clock at +03:00: 98 %":                                               wide,
		"2024-11-03 07:14:20 to 07:16:20Z 90 %, satellite time, a day earlier: 50 %":                                 gps,
		"2024-11-03 23:00:00 to 2024-11-04 01:00:00Z or 2024-11-04 23:00:00 to 2024-11-05 01:00:00Z or 2024-11-05 23:00:00 to 2024-11-06 01:00:00Z or 2 more 95 %, clock at +03:00: 98 %": days,
	} {
		if got := report.Moment(e); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestPageSaysEverything(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := report.Page(&out, verdict()); err != nil {
		t.Fatal(err)
	}
	page, at := out.String(), 0
	for _, want := range []string{ // in this order
		"X-1: score 90.91 of 100 (+1.000 bans, prior 0.5): moderate support", "status: unresolved (not_datable)", "answered: 25 % of the questions that apply; rules r1",
		"does not say that a crime occurred", "incomplete, these stages failed:", "  prints: media/a.jpg: died",
		"WHERE +1.500", "  +1.500  where.position@media/a.jpg supports", "          12 m away", "basis gps:maker m; evidence media/a.jpg#metadata.places[EXIF:GPS], claim.where",
		"+1.600 alone: capped", "without it the score would be 24.03", "WHEN -0.500", "FOOTAGE +0.000",
		"when the files were made", "media/a.jpg: 2024-11-03 07:14:20 to 07:16:20Z 95 %", "anomalies: clock_off_gps", "98 % camera_clock EXIF:DateTimeOriginal, +03:00",
		"can be believed: 90.0 % before, 99.2 % after the others; without it the median moves by 90 min", "cannot all be believed: camera_clock", "media/b.jpg: 1990-01-01 to 2024-11-03, not known nearer",
		"unknown:", "  when.gps_clock The satellite time fits. (not_stated)", "media/a.jpg the file states no satellite time",
		"left out, because the rules have no weight for it:\n  where.landmarks",
		"cannot all be true:", "  claim  and  when.file_name@media/a.jpg", "what to look for next:", "  0.90 bans expected: mark a shadow (light.shadow)", "  0.50 bans expected, another status 28 times of 100: look (where.view)",
		"data sets:", "  control c\n  zones z\n",
	} {
		i := strings.Index(page[at:], want)
		if i < 0 {
			t.Fatalf("%q is missing after\n%s\nin\n%s", want, page[:at], page)
		}
		at += i
	}
	if strings.Contains(page, "names no side") {
		t.Error("an answer that does not apply is told as a line")
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	plain := pipeline.Verdict{Incident: "X-22", Score: 50, Words: "no meaningful support either way", Status: pipeline.StatusCredible, Axes: map[pipeline.Axis]float64{}}
	var out strings.Builder
	if err := report.Table(&out, []pipeline.Verdict{verdict(), plain}); err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.Fields(line))
	}
	want := [][]string{
		strings.Fields("INCIDENT SCORE BANS STATUS ANSWERED WHERE WHEN FOOTAGE CONTEXT SOURCES WHY FILMED"),
		strings.Fields("X-1 90.91 +1.00 unresolved 25 % +1.50 -0.50 . . . not_datable, INCOMPLETE 2024-11-03 07:14:20 to 07:16:20Z 95 %, clock at +03:00: 98 % (and 1 more)"),
		strings.Fields("X-22 50.00 +0.00 credible 0 % . . . . . no meaningful support either way ."),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestJSONDropsNothing(t *testing.T) {
	t.Parallel()
	first, second := verdict(), verdict()
	second.Incident = "<X>&\u202e"
	var out bytes.Buffer
	if err := report.JSONLines(&out, first, second); err != nil {
		t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	for i, want := range []pipeline.Verdict{first, second} {
		var got pipeline.Verdict
		if err := json.Unmarshal(lines[i], &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// Text from outside reaches a terminal as text: no escape, no second line, no turned direction.
func TestPlain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Часів Яр, 5 км": "Часів Яр, 5 км", "a\x1b[2Jb": `a\u001b[2Jb`, "a\nb\tc\rd": `a\u000ab\u0009c\u000dd`, "\u202egpj.exe": `\u202egpj.exe`,
		"a\u200bb": `a\u200bb`, "\u0085": `\u0085`, "\xff": `\ufffd`, "": "",
	} {
		if got := report.Plain(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	hostile := verdict()
	hostile.Incident, hostile.Lines[0].Reason, hostile.Lines[0].Evidence[0], hostile.Reasons[0] = "\x1b]0;x\a", "one\ntwo", "\u202e", "\x9b2J"
	for name, write := range map[string]func(*bytes.Buffer) error{
		"page":  func(b *bytes.Buffer) error { return report.Page(b, hostile) },
		"table": func(b *bytes.Buffer) error { return report.Table(b, []pipeline.Verdict{hostile}) },
		"media": func(b *bytes.Buffer) error {
			return report.Media(b, report.MediaPage{File: "\x1b[2J.jpg", Status: pipeline.Failed, Cause: "one\ntwo"})
		},
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		if bytes.ContainsAny(out.Bytes(), "\x1b\a\x9b\u202e") || bytes.Contains(out.Bytes(), []byte("one\ntwo")) {
			t.Errorf("%s lets text move the cursor: %q", name, out.String())
		}
	}
}

func TestMediaPage(t *testing.T) {
	t.Parallel()
	o := pipeline.Observation{Key: "container.file", Body: json.RawMessage(`{"type":"image/jpeg","size":7}`)}
	var out strings.Builder
	err := report.Media(&out, report.MediaPage{File: "a.jpg", ID: "9f3c", Type: "image/jpeg", Status: pipeline.Failed,
		Stages: []pipeline.StageResult{{Stage: "container", Status: pipeline.Done}, {Stage: "prints", Status: pipeline.Failed, Cause: "prints: died"}}, Observed: pipeline.Observations{o}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a.jpg  failed (image/jpeg)\n", "sha256 9f3c\n", "container.file\n", `"type": "image/jpeg"`, "prints failed: died\n"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	broken := report.MediaPage{Observed: pipeline.Observations{{Key: "k", Body: json.RawMessage(`{`)}}}
	if err := report.Media(&out, broken); err == nil {
		t.Error("an observation that is no JSON passed")
	}
}

var errFull = errors.New("no space left")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWriteErrorsAreToldOnce(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"page": report.Page(full{}, verdict()), "table": report.Table(full{}, []pipeline.Verdict{verdict()}),
		"json": report.JSONLines(full{}, verdict()), "media": report.Media(full{}, report.MediaPage{File: "a"})} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMediaShortensPictures: what is for machines does not flood the page.
func TestMediaShortensPictures(t *testing.T) {
	t.Parallel()
	body := json.RawMessage(`{"mosaic":"` + strings.Repeat("A", 3000) + `","note":"` + strings.Repeat("b", 1000) + `"}`)
	var out strings.Builder
	if err := report.Media(&out, report.MediaPage{Observed: pipeline.Observations{{Key: "k", Body: body}}}); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "AAAA... (3") || len(got) > 1500 || !strings.Contains(got, strings.Repeat("b", 1000)) {
		t.Error(got)
	}
}

// A line that was judged beside another says what it would weigh without it, before a person asks why the score without that
// other is what it is.
func TestALineJudgedBesideAnother(t *testing.T) {
	t.Parallel()
	clock := pipeline.Line{ID: "when.camera_clock@a", Axis: pipeline.AxisWhen, Outcome: pipeline.Supports, Weight: 1}
	shadow := pipeline.Line{ID: "light.shadow@marks[0]", Axis: pipeline.AxisWhen, Outcome: pipeline.Supports, Weight: 1,
		Without: []pipeline.LineLacking{{Lacking: pipeline.Lacking{Line: clock.ID, Outcome: pipeline.Contradicts}, Alone: -0.25}}}
	v := pipeline.Verdict{Incident: "X-1", Lines: []pipeline.Line{shadow, clock}, Without: map[string]float64{clock.ID: 60, shadow.ID: 70}}
	var out strings.Builder
	if err := report.Page(&out, v); err != nil {
		t.Fatal(err)
	}
	want := "would be 70.00\n          -0.250 alone, contradicts, if when.camera_clock@a were not there\n"
	if got := out.String(); strings.Count(got, "were not there") != 1 || !strings.Contains(got, want) {
		t.Errorf("%q is missing in\n%s", want, got)
	}
}
