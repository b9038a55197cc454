package trials_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/calibration"
	"whenwhere/internal/trials"
	"whenwhere/internal/worlds"
	"whenwhere/pipeline"
)

// court is made once: reading the zones takes a second.
var court = sync.OnceValues(trials.NewCourt)

func newCourt(t *testing.T) trials.Court {
	t.Helper()
	c, err := court()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The first generated cases score as the table says that the release keeps. When rules or assessors have changed, look at
// what it does to the calibration and write it anew: go run -tags nodynamic ./scripts/calibrate score -write
func TestTheKeptTableIsWhatTheCodeGives(t *testing.T) {
	t.Parallel()
	kept, err := os.ReadFile(filepath.Join("..", "..", "fixtures", "calibration", trials.FirstFile))
	if err != nil {
		t.Fatal(err)
	}
	now, err := newCourt(t).First(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range trials.Differ(trials.FirstFile, kept, now) {
		if i < 10 {
			t.Error(d)
		}
	}
}

// A small form of the release's calibration: scores of what is drawn as the rules suppose are what they say, within what
// chance allows on so few, and the law holds on every axis.
func TestScoresAreWhatTheySay(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	drawn, err := c.Generated(context.Background(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	p := trials.Population{Name: "generated", Judged: drawn, AsIs: true}
	claims, ok := c.Claims(p, trials.Whole)
	if !ok {
		t.Fatal("no claims")
	}
	s := claims.Scores(0.5)
	if !s.Regressed || s.Slope < 0.85 || s.Slope > 1.2 || math.Abs(s.Intercept) > 0.3 || s.AUC < 0.88 || s.Brier > 0.13 {
		t.Errorf("%+v", s)
	}
	outside := 0
	for _, b := range claims.Reliability(0.5) {
		if fit := b.Fit(); fit != calibration.Within && fit != calibration.Empty {
			outside++
		}
	}
	if outside > 3 {
		t.Errorf("%d tenths are outside of their bands: %+v", outside, claims.Reliability(0.5))
	}
	for _, view := range trials.Views() {
		if view == pipeline.AxisSources { // a poster never contradicts: what makes up for his support is his absence
			continue
		}
		claims, ok := c.Claims(p, view)
		for _, e := range claims.Turing([]float64{1.5, 2, 5, 10, 30, 100}) {
			if ok && e.Broken() {
				t.Errorf("%s: %+v", view, e)
			}
		}
	}
}

// Each way to be false is caught as far as it can be: by hours and kilometres, not at all by edited tags alone.
func TestLiesScoreLow(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	told, err := c.Lies(context.Background(), 25)
	if err != nil {
		t.Fatal(err)
	}
	low, all := map[string]float64{}, map[string]float64{}
	for _, x := range told {
		all[x.Kind]++
		if x.Verdict.Score < 50 {
			low[x.Kind]++
		}
		if x.True() != (x.Kind == string(worlds.None)) {
			t.Fatalf("%s is %v", x.Kind, x.True())
		}
	}
	for kind, want := range map[worlds.Lie][2]float64{worlds.None: {0, 0.15}, worlds.Hour: {0.7, 1}, worlds.Year: {0.85, 1}, worlds.Far: {0.7, 1}, worlds.Both: {0.9, 1}, worlds.Edited: {0.3, 0.9}} {
		if share := low[string(kind)] / all[string(kind)]; share < want[0] || share > want[1] {
			t.Errorf("%s: %.2f below 50, want %v", kind, share, want)
		}
	}
	found, edited := trials.Edited(told)
	if len(found) != 25*11 || len(edited) != 50 {
		t.Errorf("%d as found, %d edited", len(found), len(edited))
	}
}

// judged is a claim with lines, each "question axis outcome basis bans".
func judged(event int, place, when bool, lines ...string) trials.Judged {
	x := trials.Judged{Claim: trials.Claim{PlaceTrue: place, TimeTrue: when, Kind: "k", Event: event, Report: event%2 == 1}}
	for _, text := range lines {
		var l pipeline.Line
		var question, axis, outcome, basis string
		if _, err := fmt.Sscan(text, &question, &axis, &outcome, &basis, &l.Alone); err != nil {
			panic(err)
		}
		l.Question, l.Axis, l.Outcome = pipeline.QuestionID(question), pipeline.Axis(axis), pipeline.Outcome(outcome)
		l.Basis.Kind = basis
		x.Verdict.Lines = append(x.Verdict.Lines, l)
		x.Verdict.Weight += l.Alone
	}
	x.Verdict.Score = 100 / (1 + math.Pow(10, -x.Verdict.Weight))
	return x
}

// Of each witness the strongest support and the strongest contradiction count, and no more than the cap of the axis; what
// decides nothing is no answer; and each axis is held against what it is about.
func TestAxes(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	p := trials.Population{Judged: []trials.Judged{
		judged(1, true, false, "a when supports clock 1.2", "b when supports clock 0.7", "c when contradicts clock -0.4", "d when supports gps 1", "e sources supports x 3"),
		judged(2, false, true, "a when inconclusive clock 0", "f where contradicts gps -1.5"),
		judged(3, true, true, "a when supports clock 1", "f where supports gps 1.5", "e sources supports x 0.5"),
	}}
	got := map[pipeline.Axis][]string{}
	for _, view := range trials.Views() {
		claims, _ := c.Claims(p, view)
		for _, x := range claims {
			got[view] = append(got[view], fmt.Sprintf("%d %v %.2f", x.Event, x.True, x.Bans))
		}
	}
	want := map[pipeline.Axis][]string{
		trials.Whole: {"1 false 5.50", "2 false -1.50", "3 true 3.00"}, pipeline.AxisWhen: {"1 false 1.80", "3 true 1.00"},
		pipeline.AxisWhere: {"2 false -1.50", "3 true 1.50"}, pipeline.AxisSources: {"1 false 2.00", "3 true 0.50"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Eight of ten true claims and two of ten false ones have an answer in support: that weighs log10(4), whatever is stated.
func TestEvidence(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	var p trials.Population
	for i := range 20 {
		truth := i < 10
		switch {
		case truth && i < 8, i >= 18:
			p.Judged = append(p.Judged, judged(i, truth, truth, "where.position where supports gps 0.7"))
		case !truth && i < 14:
			p.Judged = append(p.Judged, judged(i, truth, truth, "where.position where contradicts gps -1"))
		default:
			p.Judged = append(p.Judged, judged(i, truth, truth))
		}
	}
	e := c.Evidence(p)
	if len(e) != 1 || e[0].Question != "where.position" {
		t.Fatalf("%+v", e)
	}
	s, against := e[0].Supports, e[0].Contradicts
	if s.True != 8 || s.False != 2 || !s.Measured || math.Abs(s.Bans-math.Log10(4)) > 1e-9 || math.Abs(s.Stated-0.7) > 1e-9 || s.Sigma < 0.2 || s.Sigma > 0.4 {
		t.Errorf("%+v", s)
	}
	if against.True != 0 || against.False != 4 || against.Measured || math.Abs(against.Stated+1) > 1e-9 || e[0].Broken != nil {
		t.Errorf("%+v, broken %+v", against, e[0].Broken)
	}
	// A tenth of 400 false claims with a ratio of 5: fewer than a fifth, and all of those that were answered.
	var rare trials.Population
	for i := range 800 {
		rare.Judged = append(rare.Judged, judged(i, i < 400, i < 400))
		if i < 200 || i >= 760 {
			rare.Judged[i] = judged(i, i < 400, i < 400, "where.position where supports gps 0.7")
		}
	}
	if e := c.Evidence(rare); len(e) != 1 || e[0].Broken != nil {
		t.Errorf("silence is no answer: %+v", e)
	}
	for i := range p.Judged {
		p.Judged[i] = judged(i, i < 10, i < 10, "where.position where supports gps 1")
	}
	if e := c.Evidence(p); len(e) != 1 || e[0].Broken == nil || e[0].Broken.X != 1.5 {
		t.Errorf("what supports every claim tenfold passes for lawful: %+v", e)
	}
}

func TestTables(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	p := trials.Population{Name: "p", Doc: "what it is", Judged: []trials.Judged{
		judged(1, true, true, "a when supports clock 1"), judged(2, true, false, "a when contradicts clock -1"),
		judged(3, false, true, "f where contradicts gps -2"), judged(4, true, true, "a when supports clock 0.5")}}
	tables := c.Tables([]trials.Population{p})
	for name, line := range map[string]string{
		"reliability.csv": "p,all,score,0.9000,1.0000,1,1,1,0.9091,1.0000,0.0250,1.0000,within",
		"scores.csv":      "p,all,score,4,2,4,0.0186,0.1188,1.0000,,",
		"kinds.csv":       "p,k,2,4,4,75.9747,0.5000,0.5000,0.5000,0.2500,0.0000",
		"turing.csv":      "population,part,view,x,",
		"evidence.csv":    "population,part,question,how,",
		"refit.csv":       "p,2,2,,,",
	} {
		if !strings.Contains(string(tables[name]), line) {
			t.Errorf("%s: %q is missing in\n%s", name, line, tables[name])
		}
	}
	pictures, err := c.Pictures([]trials.Population{p})
	if err != nil || len(pictures) != 2 || !strings.Contains(string(pictures["reliability.svg"]), "2 claims, 2 events") {
		t.Errorf("%v %s", err, pictures["reliability.svg"])
	}
	text, err := c.Summarise([]trials.Population{p}).JSON()
	if err != nil || !strings.Contains(string(text), `"law_broken_at": null`) || !strings.Contains(string(text), `"claims": 2`) {
		t.Errorf("%v %s", err, text)
	}
}

// What is fitted is fitted on one part, and what is reported is of the other; no event is in both.
func TestParts(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	p := trials.Population{Name: "p"}
	for i := range 40 { // of ten claims with a ratio of ten, eight even ones are true and nine odd ones; of ten with a tenth, two and one
		right, bans := 8+i%2, 1.0
		truth := i/2%10 < right
		if i >= 20 {
			truth, bans = !truth, -1
		}
		p.Judged = append(p.Judged, judged(i, truth, true, fmt.Sprint("a when supports clock ", bans)))
	}
	for part, odd := range map[trials.Part]bool{trials.Fit: false, trials.Report: true} {
		some := p.Of(part).Judged
		for _, x := range some {
			if (x.Event%2 == 1) != odd {
				t.Errorf("%s has event %d", part, x.Event)
			}
		}
		if len(some) != 20 {
			t.Errorf("%s has %d claims", part, len(some))
		}
	}
	if n := len(p.Of(trials.All).Judged); n != 40 {
		t.Errorf("all are %d", n)
	}
	const want = "p,20,20,0.6021,0.0000," // log10(4), of the even ones
	if text := string(c.Tables([]trials.Population{p})["refit.csv"]); !strings.Contains(text, want) {
		t.Errorf("the curve is not that of the part it is fitted on: %s in %s", want, text)
	}
}

// Of four true claims and two false ones, which count as much: one candidate of each, a true one contradicted, and two
// files of one event.
func TestStandings(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	p := trials.Population{Name: "p"}
	for i, x := range []struct {
		truth  bool
		status pipeline.VerdictStatus
	}{{true, pipeline.StatusCandidate}, {false, pipeline.StatusCandidate}, {true, pipeline.StatusContradicted}, {true, pipeline.StatusUnresolved}, {true, pipeline.StatusUnresolved}, {false, pipeline.StatusContradicted}} {
		one := judged(min(i, 4), x.truth, true, "a when supports clock 1")
		one.Verdict.Status = x.status
		p.Judged = append(p.Judged, one)
	}
	var got []string
	for _, s := range c.Standings(p) {
		got = append(got, fmt.Sprintf("%s %d/%d %d %.3f %.2f %.2f", s.Status, s.Of.True, s.Of.Cases, s.Of.Events, s.Of.Share, s.OfTrue, s.OfFalse))
	}
	want := []string{"verified-candidate 1/2 2 0.333 0.25 0.50", "unresolved 2/2 2 1.000 0.50 0.00", "contradicted 1/2 2 0.333 0.25 0.50"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if text := string(c.Tables([]trials.Population{p})["statuses.csv"]); !strings.Contains(text, "p,all,verified-candidate,2,1,2,0.3333,") || !strings.Contains(text, ",0.2500,0.5000\n") {
		t.Error(text)
	}
	if got := c.Standings(trials.Population{Judged: p.Judged[:1]}); got != nil {
		t.Errorf("no false claims: %+v", got)
	}
}

func TestDiffer(t *testing.T) {
	t.Parallel()
	const kept = "a,b\nx,1.0000\ny,2.0000\n"
	for now, want := range map[string]int{kept: 0, "a,b\nx,1.0099\ny,2.0000\n": 0, "a,b\nx,1.0200\ny,2.0000\n": 1, "a,b\nz,1.0000\ny,3\n": 2, "a,b\nx,1.0000\n": 1, "a,b\nx\ny,2.0000\n": 1} {
		if got := trials.Differ("t.csv", []byte(kept), []byte(now)); len(got) != want {
			t.Errorf("%q: %v, want %d", now, got, want)
		}
	}
}

// Order and number of workers change nothing: the same cases are judged the same twice.
func TestSameTwice(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	var bytes [2]string
	for i := range bytes {
		drawn, err := c.Generated(context.Background(), 60)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"reliability.csv", "evidence.csv", "kinds.csv", "scores.csv"} {
			bytes[i] += string(c.Tables([]trials.Population{{Name: "g", Judged: drawn, AsIs: true}})[table])
		}
	}
	if bytes[0] != bytes[1] {
		t.Error("two runs differ")
	}
}
