package when_test

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/when"
	"whenwhere/pipeline/moment"
)

// askOf asks of one exhibit under the claim; name stamps go where the name's stamps are observed.
func askOf(t *testing.T, c pipeline.Claim, e pipeline.Exhibit, stamps ...pipeline.StatedClock) map[pipeline.QuestionID]pipeline.Finding {
	t.Helper()
	var inside, named []pipeline.StatedClock
	for _, s := range stamps {
		if s.Clock == pipeline.ClockFileName {
			named = append(named, s)
		} else {
			inside = append(inside, s)
		}
	}
	for key, list := range map[pipeline.Key[[]pipeline.StatedClock]][]pipeline.StatedClock{pipeline.ClocksKey: inside, pipeline.NameClocksKey: named} {
		o, err := key.Observe(list)
		if err != nil {
			t.Fatal(err)
		}
		e.Observed = append(e.Observed, o)
	}
	if e.Ref.File == "" {
		e.Ref.File = "media/a.jpg"
	}
	in := pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: c, Media: []pipeline.MediaRef{e.Ref}}, Media: []pipeline.Exhibit{e}}
	findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{when.Assessor(offsets{120})}, in)
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatalf("%v %v", err, results)
	}
	out := map[pipeline.QuestionID]pipeline.Finding{}
	for _, f := range findings {
		out[f.Question] = f
	}
	return out
}

func event() pipeline.Exhibit { return pipeline.Exhibit{Media: &pipeline.Media{}} }

// The claimed window is 07:00 to 07:30. Each clock is tried a second beyond its slack and at its edge: a reading of one
// second meets the widened window or it does not. The likelihoods are worked out by hand from the error model: of a
// year of 31,536,000 s the widened window and the reading's second are byChance; a bogus stamp fits with share b.
func TestSlackAndLikelihoodOfEachClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		clock                      pipeline.ClockKind
		question                   pipeline.QuestionID
		before, first, last, after string // time of day
		slackText                  string
		byChance, bogus            float64
		basis                      string
	}{
		{pipeline.ClockCamera, "when.camera_clock", "06:58:59", "06:59:00", "07:30:59", "07:31:00", "within 1 min", (32*60 + 1) / 31_536_000.0, 0.5, "camera_clock"},
		{pipeline.ClockContainer, "when.camera_clock", "06:49:59", "06:50:00", "07:39:59", "07:40:00", "within 10 min", (50*60 + 1) / 31_536_000.0, 0.5, "camera_clock"},
		{pipeline.ClockGPS, "when.gps_clock", "06:54:59", "06:55:00", "07:34:59", "07:35:00", "within 5 min", (40*60 + 1) / 31_536_000.0, 0.5, "gps"},
		{pipeline.ClockFileName, "when.file_name", "06:58:59", "06:59:00", "07:30:59", "07:31:00", "within 1 min", (32*60 + 1) / 31_536_000.0, 0.8, "camera_clock"},
	} {
		for _, text := range []string{c.first, c.last} {
			f := askOf(t, claim(), event(), utc(c.clock, "2024-11-03T"+text+"Z"))[c.question]
			if f.Outcome != pipeline.Supports || !strings.Contains(f.Reason, c.slackText) || f.Basis.String() != c.basis {
				t.Fatalf("%s at %s: %s %v: %s", c.clock, text, f.Outcome, f.Basis, f.Reason)
			}
			near(t, string(c.clock)+" H1", f.Likelihood.H1, 1/c.bogus)
			near(t, string(c.clock)+" H0", f.Likelihood.H0, c.byChance/c.bogus)
		}
		for _, text := range []string{c.before, c.after} {
			f := askOf(t, claim(), event(), utc(c.clock, "2024-11-03T"+text+"Z"))[c.question]
			if f.Outcome != pipeline.Contradicts || f.Likelihood.H1 != 0 {
				t.Fatalf("%s at %s: %s: %s", c.clock, text, f.Outcome, f.Reason)
			}
			near(t, string(c.clock)+" H0 against", f.Likelihood.H0, (1-c.byChance)/(1-c.bogus))
		}
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*math.Abs(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestDistancesInWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2024-11-03T05:00:01Z": "the nearest is 120 min away", "2024-11-03T04:00:00Z": "the nearest is 3.0 hours away", "2024-11-03T10:30:00Z": "the nearest is 3.0 hours away",
		"2024-11-01T06:59:59Z": "the nearest is 2.0 days away", "2024-11-13T07:30:00Z": "the nearest is 10.0 days away",
	} {
		if f := askOf(t, claim(), event(), utc(pipeline.ClockCamera, text))["when.camera_clock"]; !strings.Contains(f.Reason, want) {
			t.Errorf("%s: %s, want %q", text, f.Reason, want)
		}
	}
}

// Several readings: the one nearest to the window is named, and each with its offset.
func TestOffsetsInWords(t *testing.T) {
	t.Parallel()
	stamp := wall("EXIF:DateTimeOriginal", "2024-11-03T02:00:00.000", "2024-11-03T02:00:01.000")
	f := ask(t, claim(), offsets{345, -210, 0}, nil, stamp)["when.camera_clock"]
	if !strings.Contains(f.Reason, "(+05:45 or -03:30 or +00:00)") || !strings.Contains(f.Reason, "nearest is 90 min away") {
		t.Errorf("%s", f.Reason)
	}
}

func TestWhichStampSpeaks(t *testing.T) {
	t.Parallel()
	stamp := func(field string, kind pipeline.StampKind, bound pipeline.Bound, text string) pipeline.StatedClock {
		s := utc(pipeline.ClockCamera, text)
		s.Field, s.Kind, s.Bound = field, kind, bound
		return s
	}
	const inside, before = "2024-11-03T07:10:00Z", "2024-11-02T07:10:00Z"
	first := stamp("first", pipeline.StampCapture, pipeline.BoundPoint, inside)
	second := stamp("second", pipeline.StampCapture, pipeline.BoundPoint, before)
	upper := stamp("upper", pipeline.StampSave, pipeline.BoundUpper, before)
	captureUpper := stamp("capture upper", pipeline.StampCapture, pipeline.BoundUpper, before)
	edit := stamp("edit", pipeline.StampEdit, pipeline.BoundPoint, inside)
	empty := pipeline.StatedClock{Field: "empty", Raw: "0000", Clock: pipeline.ClockCamera, Kind: pipeline.StampCapture, Bound: pipeline.BoundPoint, Flags: []string{"clock_never_set"}}
	for name, c := range map[string]struct {
		stamps []pipeline.StatedClock
		field  string
	}{
		"the first of two":         {[]pipeline.StatedClock{first, second}, "first"},
		"a capture before a bound": {[]pipeline.StatedClock{upper, captureUpper, first}, "first"},
		"a capture's bound":        {[]pipeline.StatedClock{upper, captureUpper}, "capture upper"},
		"a bound before nothing":   {[]pipeline.StatedClock{edit, upper}, "upper"},
		"what says something":      {[]pipeline.StatedClock{empty, first}, "first"},
	} {
		if f := askOf(t, claim(), event(), c.stamps...)["when.camera_clock"]; len(f.Evidence) == 0 || f.Evidence[0] != "media/a.jpg#metadata.clocks["+c.field+"]" {
			t.Errorf("%s: %v (%s)", name, f.Evidence, f.Reason)
		}
	}
	f := askOf(t, claim(), event(), edit, empty)["when.camera_clock"]
	if f.Outcome != pipeline.Unavailable || !strings.HasSuffix(f.Reason, `; empty reads "0000", unused (clock_never_set)`) {
		t.Errorf("an edit says nothing of the capture: %s: %s", f.Outcome, f.Reason)
	}
}

func TestUpperBoundAtItsEdge(t *testing.T) {
	t.Parallel()
	received := func(to string) pipeline.StatedClock {
		return pipeline.StatedClock{Field: "file_name:x", Clock: pipeline.ClockFileName, Kind: pipeline.StampReceive, Bound: pipeline.BoundUpper,
			UTC: []pipeline.Span{{From: at("2024-10-01T00:00:00Z"), To: at("2024-10-02T00:00:00Z")}, {From: at("2024-11-03T00:00:00Z"), To: at(to)}}}
	}
	just := askOf(t, claim(), event(), received("2024-11-03T07:00:00Z"))["when.file_name"]
	if just.Outcome != pipeline.Contradicts || *just.Likelihood != (pipeline.Likelihood{H1: 0, H0: 1}) || just.Basis.Kind != "file_name" || just.Evidence[0] != "media/a.jpg#name.clocks[file_name:x]" {
		t.Errorf("%+v", just)
	}
	if past := askOf(t, claim(), event(), received("2024-11-03T07:00:01Z"))["when.file_name"]; past.Outcome != pipeline.Inconclusive {
		t.Errorf("%s: %s", past.Outcome, past.Reason)
	}
	wall := pipeline.StatedClock{Field: "file_name:y", Clock: pipeline.ClockFileName, Kind: pipeline.StampReceive, Bound: pipeline.BoundUpper,
		Wall: &pipeline.WallSpan{From: "2024-11-03T00:00:00.000", To: "2024-11-03T09:00:00.000"}}
	for _, order := range []offsets{{120, 60}, {60, 120}} { // 07:00 or 08:00 UTC: the later reading is possible
		if f := ask(t, claim(), order, nil, wall)["when.file_name"]; f.Outcome != pipeline.Inconclusive || !strings.Contains(f.Reason, "08:00:00Z at the latest") {
			t.Errorf("offsets %v: %s: %s", order, f.Outcome, f.Reason)
		}
	}
}

// A movie's header has a UTC reading, and as many programs write local time there, a wall reading too. Without a claimed
// place that wall reading fits a whole day, which is no support.
func TestAHeaderWithoutAPlaceIsNoSupport(t *testing.T) {
	t.Parallel()
	c := claim()
	c.Where = nil
	s := utc(pipeline.ClockContainer, "2024-11-03T11:10:00Z")
	s.Wall = &pipeline.WallSpan{From: "2024-11-03T11:10:00.000", To: "2024-11-03T11:10:01.000"}
	if f := askOf(t, c, event(), s)["when.camera_clock"]; f.Outcome != pipeline.Inconclusive || f.Code != pipeline.CodeNoZone {
		t.Errorf("%s %v: %s", f.Outcome, f.Likelihood, f.Reason)
	}
	s = utc(pipeline.ClockContainer, "2024-11-03T07:10:00Z")
	s.Wall = &pipeline.WallSpan{From: "2024-11-03T07:10:00.000", To: "2024-11-03T07:10:01.000"}
	if f := askOf(t, c, event(), s)["when.camera_clock"]; f.Outcome != pipeline.Supports {
		t.Errorf("as stated it fits: %s: %s", f.Outcome, f.Reason)
	}
}

func TestAftermathMayBeLaterNotEarlier(t *testing.T) {
	t.Parallel()
	later, earlier, during := utc(pipeline.ClockCamera, "2024-11-04T07:10:00Z"), utc(pipeline.ClockCamera, "2024-11-02T07:10:00Z"), utc(pipeline.ClockCamera, "2024-11-03T07:10:00Z")
	of := func(role pipeline.Role, s pipeline.StatedClock) pipeline.Outcome {
		e := event()
		e.Ref.Role = role
		return askOf(t, claim(), e, s)["when.camera_clock"].Outcome
	}
	for _, c := range []struct {
		role  pipeline.Role
		stamp pipeline.StatedClock
		want  pipeline.Outcome
	}{
		{pipeline.RoleAftermath, later, pipeline.Inconclusive}, {pipeline.RoleAftermath, earlier, pipeline.Contradicts}, {pipeline.RoleAftermath, during, pipeline.Supports},
		{pipeline.RoleEvent, later, pipeline.Contradicts}, {"", later, pipeline.Contradicts},
	} {
		if got := of(c.role, c.stamp); got != c.want {
			t.Errorf("%q, %s: %s, want %s", c.role, c.stamp.Raw, got, c.want)
		}
	}
}

// A name is evidence of a file; without the file, with broken or with stripped metadata it stands on its own feet.
func TestNamesAndTheirFiles(t *testing.T) {
	t.Parallel()
	name := utc(pipeline.ClockFileName, "2024-11-03T07:10:00Z")
	if f := askOf(t, claim(), pipeline.Exhibit{Missing: "no such file"}, name)["when.file_name"]; f.Outcome != pipeline.Unavailable || f.Code != pipeline.CodeMediaMissing {
		t.Errorf("the name of a missing file: %s %s: %s", f.Outcome, f.Code, f.Reason)
	}
	broken := event()
	broken.Stages = []pipeline.StageResult{{Stage: "metadata", Status: pipeline.Failed, Cause: "died"}}
	if f := askOf(t, claim(), broken, name)["when.file_name"]; f.Outcome != pipeline.Supports {
		t.Errorf("the name of a broken file: %s: %s", f.Outcome, f.Reason)
	}
	got := askOf(t, claim(), broken)
	if f := got["when.file_name"]; f.Code != pipeline.CodeNotStated {
		t.Errorf("a name without time is not unreadable: %s: %s", f.Code, f.Reason)
	}
	if f := got["when.camera_clock"]; f.Code != pipeline.CodeMediaUnreadable {
		t.Errorf("%s: %s", f.Code, f.Reason)
	}
}

func TestContextIsNotAsked(t *testing.T) {
	t.Parallel()
	in := pipeline.Case{Incident: pipeline.Incident{ID: "X-1", Claim: claim()}}
	for _, r := range []pipeline.MediaRef{{File: "a", Role: pipeline.RoleContext}, {File: "b"}} {
		in.Incident.Media = append(in.Incident.Media, r)
		in.Media = append(in.Media, pipeline.Exhibit{Ref: r, Media: &pipeline.Media{}})
	}
	findings, results, err := pipeline.Assess(context.Background(), []pipeline.Assessor{when.Assessor(offsets{})}, in)
	if err != nil || results[0].Status != pipeline.Done {
		t.Fatal(err, results) // an assessor that stops at the first context file leaves questions open
	}
	for _, f := range findings {
		if f.Subject == "a" {
			t.Errorf("asked of context: %+v", f)
		}
	}
}

func TestPostsAtTheEdge(t *testing.T) {
	t.Parallel()
	publishedAt := func(text string) pipeline.Source {
		p := at(text)
		return pipeline.Source{URL: "https://t.me/a/1", Published: &p}
	}
	for text, want := range map[string]pipeline.Outcome{"2024-11-03T06:59:59Z": pipeline.Contradicts, "2024-11-03T07:00:00Z": pipeline.Supports} {
		if f := ask(t, claim(), nil, []pipeline.Source{publishedAt(text)})["when.earliest_published"]; f.Outcome != want {
			t.Errorf("published %s: %s: %s", text, f.Outcome, f.Reason)
		}
	}
	noTime := claim()
	noTime.When = nil
	for q, f := range ask(t, noTime, nil, []pipeline.Source{publishedAt("2024-11-03T07:00:00Z")}) {
		if f.Outcome != pipeline.NotApplicable || f.Code != pipeline.CodeClaimTooVague {
			t.Errorf("%s: %s %s", q, f.Outcome, f.Code)
		}
	}
}

// 1212092628029698048 is 2019-12-31T19:26:16.771Z; adding 1 << 22 adds a millisecond.
func TestEarliestOfManyIDs(t *testing.T) {
	t.Parallel()
	const early, late = "https://x.com/someone/status/1212092628029698048", "https://x.com/someone/status/1829842820920411531"
	const clientMade = "https://bsky.app/profile/someone/post/3jt6walwmos2y" // Bluesky's ids are made by clients, April 2023
	if len(clock.FromURL(clientMade, at("2040-01-01T00:00:00Z"))) == 0 {
		t.Fatal("the seed has no id")
	}
	for _, order := range [][]string{{early, late}, {late, early}, {clientMade, late, early}} {
		var sources []pipeline.Source
		for _, u := range order {
			sources = append(sources, pipeline.Source{URL: u})
		}
		p, ok := moment.EarliestPost(pipeline.Incident{Sources: sources})
		if !ok || p.At.Year() != 2019 || order[sourceIndex(p.Subject)] != early {
			t.Errorf("%v: %+v", order, p)
		}
	}
	if p, ok := moment.EarliestPost(pipeline.Incident{Sources: []pipeline.Source{{URL: clientMade}}}); ok {
		t.Errorf("an id that a client made dates nothing: %+v", p)
	}
	before := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC)
	if p, _ := moment.EarliestPost(pipeline.Incident{Sources: []pipeline.Source{{URL: early, Published: &before}}}); p.At != before {
		t.Errorf("published earlier than its id: %+v", p)
	}
}

func sourceIndex(subject string) int { return int(strings.TrimPrefix(subject, "sources[")[0] - '0') }
