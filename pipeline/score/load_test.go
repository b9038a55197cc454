package score_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

// desk is a table of somebody's own.
func desk() score.Rules {
	r := score.Default()
	r.Version = "desk-1"
	return r
}

func TestFilesOfRulesAreReadStrictly(t *testing.T) {
	t.Parallel()
	good := text(t, desk())
	for name, c := range map[string]struct{ from, to, want string }{
		"unknown field":            {`"how":"measured"`, `"how":"measured","gut":1`, `unknown field "gut"`},
		"unknown at the top":       {`"prior":0.5`, `"prior":0.5,"mood":1`, `mood: unknown field`},
		"another case":             {`"prior"`, `"Prior"`, `the field is spelled "prior"`},
		"twice":                    {`"prior":0.5`, `"prior":0.5,"prior":0.5`, "appears twice"},
		"a text for a number":      {`"prior":0.5`, `"prior":"0.5"`, "prior: string where a number below 1.8e308 is needed"},
		"null":                     {`"prior":0.5`, `"prior":null`, "prior: null"},
		"two values":               {`}]}`, `}]}{}`, "nothing-after-value"},
		"too deep":                 {`"prior":0.5`, `"prior":[[[[[0]]]]]`, "max-depth"},
		"no support stated":        {`"supports":1.5,`, ``, `rules: "where.position": supports: missing`},
		"no contradiction stated":  {`"contradicts":-1.6,`, ``, `rules: "where.position": contradicts: missing`},
		"nothing is genuine":       {`"genuine":0.95,"genuine_how":"judged",`, `"genuine":0,`, `rules: "where.position": genuine: 0 would be read as not stated`},
		"no cap of context":        {`"context":0.5,`, ``, "rules: axis_caps: context: missing: want a cap below each of the bans that decide, 1 at the least"},
		"a prior of nearly 0":      {`"prior":0.5`, `"prior":1e-300`, "prior: 1e-300 is not between 0.0001 and 0.9999"},
		"a prior of nearly 1":      {`"prior":0.5`, `"prior":0.9999999999999999`, "is not between 0.0001 and 0.9999"},
		"no source":                {`"source":"Measured`, `"source":"","seek_more":"Measured`, "front.line: source: missing"},
		"r from nowhere":           {`"genuine_how":"judged",`, ``, `where.position: genuine_how: "" is none of measured, derived, judged`},
		"an old way to fold":       {`"fold":"whenwhere-fold-3"`, `"fold":"whenwhere-fold-9"`, `fold: "whenwhere-fold-9" is not a known way to fold`},
		"a version for a terminal": {`"version":"desk-1"`, `"version":"desk\u001b[31m"`, `version: "desk\x1b[31m": want at most 40 letters`},
		"a name for a version":     {`"version":"desk-1"`, `"version":"a@sha256:00"`, `version: "a@sha256:00": want at most`},
		"an empty table":           {good[strings.Index(good, `"table"`):], `"table":[]}`, "table: 0 rules: want 1 to 1000"},
		"a hard judgement":         {`"contradicts":-0.5,"genuine":0.9,"genuine_how":"judged","cap":1,`, `"contradicts":-0.5,"genuine":0.9,"genuine_how":"judged","cap":1,"hard":true,`, "sources.testimony_place: hard: neither a judged weight"},
		"denies nonsense":          {`"denies":"when"`, `"denies":"context"`, `footage.known: denies: "context" is neither where nor when`},
		"a rule without question":  {`"question":"where.position"`, `"question":""`, "a rule without a question: question: missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := strings.Replace(good, c.from, c.to, 1)
			if bad == good {
				t.Fatalf("%s is not in the table", c.from)
			}
			if _, err := score.Load([]byte(bad)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if _, err := score.Load([]byte(good + strings.Repeat(" ", score.MaxRulesBytes))); err == nil || !strings.Contains(err.Error(), "max-bytes") {
		t.Errorf("too large: %v", err)
	}
}

// All faults are named in one go, each by entry, field and limit.
func TestFaultsAreNamedTogether(t *testing.T) {
	t.Parallel()
	bad := text(t, desk())
	for from, to := range map[string]string{`"prior":0.5`: `"prior":1.5`, `"supports":1.5,`: `"supports":9,`, `"cap":0.6`: `"cap":1.6`, `"axis":"footage"`: `"axis":"smell"`} {
		bad = strings.Replace(bad, from, to, 1)
	}
	_, err := score.Load([]byte(bad))
	if err == nil {
		t.Fatal("accepted")
	}
	want := []string{
		"rules: prior: 1.5 is not between 0.0001 and 0.9999",
		"rules: where.position: supports: 9 is not within 0 to the cap",
		`rules: footage.known: axis: "smell" is not a known axis`,
		"rules: sources.poster: cap: 1.6 is not above 0 and at most 1 for a judged weight",
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
	if err := desk().Asks(questions()[1:]); err == nil || !strings.Contains(err.Error(), "rules desk-1: where.position is asked by no assessor") {
		t.Errorf("%v", err)
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	was, now := desk(), desk()
	now.Prior = 0.4
	now.AxisCaps = map[pipeline.Axis]float64{pipeline.AxisContext: 0.3}
	now.Table = append([]score.Rule{}, now.Table...)
	now.Table[0].Cap, now.Table[0].SeekMore, now.Table[0].Hard = 1.9, "", true
	now.Table[1], now.Table[2] = now.Table[2], now.Table[1] // an order says nothing
	got, err := score.Differences(was, now)
	want := []score.Difference{
		{"", "axis_caps.context", "0.5", "0.3"}, {"", "axis_caps.sources", "2", ""}, {"", "prior", "0.5", "0.4"},
		{"where.position", "cap", "2", "1.9"}, {"where.position", "hard", "", "true"}, {"where.position", "seek_more", `"find footage of the event by another device, with its position"`, ""},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	now.Table = now.Table[1:]
	if got, _ := score.Differences(was, now); len(got) < 10 || got[3].Entry != "where.position" || got[3].Now != "" {
		t.Errorf("a rule less: %v", got)
	}
	if got, err := score.Differences(was, was); err != nil || len(got) != 0 {
		t.Errorf("%v %v", got, err)
	}
}

// What loads prints back as the same table, and under its digest; what does not is refused with an error of bounded size.
func FuzzLoad(f *testing.F) {
	seeds := score.Versions()
	if len(seeds) < 6 {
		f.Fatalf("%d seeds", len(seeds))
	}
	for _, v := range seeds {
		r, _ := score.Version(v)
		b, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(bytes.Replace(b, []byte(`"cap":2`), []byte(`"cap":5`), 1))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := score.Load(data)
		if err != nil {
			if len(err.Error()) > 1000*(1+len(r.Table)*10) {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		canonical, err := r.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		again, err := score.Load(canonical)
		if err != nil || again.Name() != r.Name() || r.Name() == "" {
			t.Errorf("%v: %s, again %s", err, r.Name(), again.Name())
		}
		if v := score.Fold(r, score.Input{Questions: questions()}); v.Weight != 0 || v.Rules != r.Name() {
			t.Errorf("nothing found weighs %v under %s", v.Weight, v.Rules)
		}
	})
}

// One more file of a device, a copy of a post, another stamp of a clock: a witness who says the same again adds nothing,
// whatever it is called.
func TestLawAWitnessCountsOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := drawFindings(t)
		if len(f) == 0 {
			return
		}
		again := f[rapid.IntRange(0, len(f)-1).Draw(t, "again")]
		again.Subject, again.Without = "media/zzz.jpg", nil // after all others, so that ties stay with them
		before, after := fold(f...), fold(append(f[:len(f):len(f)], again)...)
		if before.Weight != after.Weight || before.Score != after.Score || before.Status != after.Status || !cmp.Equal(before.Axes, after.Axes) {
			t.Fatalf("%s of %s again: %v %s, before %v %s", again.Question, again.Basis, after.Weight, after.Status, before.Weight, before.Status)
		}
	})
}
