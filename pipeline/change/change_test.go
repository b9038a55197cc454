package change_test

import (
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/pipeline"
	"whenwhere/pipeline/change"
)

func line(id, subject string, alone, weight float64) pipeline.Line {
	l := pipeline.Line{ID: id, Question: pipeline.QuestionID(id), Axis: pipeline.AxisWhen, Outcome: pipeline.Supports, Weight: weight, Alone: alone,
		Basis: pipeline.Basis{Kind: "camera_clock"}, Reason: "it fits", Evidence: []string{"claim.when"}, Likelihood: &pipeline.Likelihood{H1: 2, H0: 1},
		Without: []pipeline.LineLacking{{Lacking: pipeline.Lacking{Line: "when.gps_clock", Outcome: pipeline.Supports}, Alone: 0.5}}, Assessor: "when", Version: "1"}
	if subject != "" {
		l.ID, l.Subject = id+"@"+subject, subject
	}
	return l
}

func verdict(lines ...pipeline.Line) pipeline.Verdict {
	return pipeline.Verdict{
		Incident: "X-1", Score: 90, Weight: 1, Words: "moderate support", Status: pipeline.StatusCredible, Reasons: []string{"weak"}, Incomplete: []string{"prints: a.jpg: torn"},
		Axes: map[pipeline.Axis]float64{pipeline.AxisWhen: 1}, Prior: 0.5, Coverage: 0.5, Lines: lines, Times: []pipeline.Estimate{},
		Open:           []pipeline.OpenQuestion{{Question: "where.view", Text: "The view fits.", Codes: []pipeline.Code{pipeline.CodeNotStated}}},
		Contradictions: [][]string{{"claim", "a"}}, Without: map[string]float64{"a": 50},
		Next: []pipeline.Suggestion{{Question: "where.view", What: "ask", ExpectedBans: 0.3}}, Rules: "2026.5", Data: map[string]string{"control": "1"},
	}
}

func between(t *testing.T, a, b change.Side) change.Change {
	t.Helper()
	c, err := change.Between(a, b)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func of(v pipeline.Verdict) change.Side { return change.Side{Verdict: v} }

// Why a line moved.
func TestCauses(t *testing.T) {
	t.Parallel()
	edit := func(do func(*pipeline.Line)) []pipeline.Line {
		l := line("when.camera_clock", "a.jpg", 1, 1)
		l.Without = slices.Clone(l.Without)
		do(&l)
		return []pipeline.Line{l}
	}
	same := edit(func(*pipeline.Line) {})
	for name, c := range map[string]struct {
		before, after []pipeline.Line
		want          []change.Cause
	}{
		"the same":                       {same, same, nil},
		"another outcome":                {same, edit(func(l *pipeline.Line) { l.Outcome, l.Alone, l.Weight = pipeline.Contradicts, -1, -1 }), []change.Cause{change.Answer}},
		"another likelihood":             {same, edit(func(l *pipeline.Line) { l.Likelihood = &pipeline.Likelihood{H1: 3, H0: 1} }), []change.Cause{change.Answer}},
		"none":                           {same, edit(func(l *pipeline.Line) { l.Likelihood = nil }), []change.Cause{change.Answer}},
		"another code":                   {same, edit(func(l *pipeline.Line) { l.Code = pipeline.CodeWeak }), []change.Cause{change.Answer}},
		"another witness":                {same, edit(func(l *pipeline.Line) { l.Basis.Of = "b" }), []change.Cause{change.Answer}},
		"another answer without":         {same, edit(func(l *pipeline.Line) { l.Without[0].Outcome = pipeline.Contradicts }), []change.Cause{change.Answer}},
		"other words":                    {same, edit(func(l *pipeline.Line) { l.Reason = "it does" }), []change.Cause{change.Wording}},
		"other evidence":                 {same, edit(func(l *pipeline.Line) { l.Evidence = nil }), []change.Cause{change.Wording}},
		"a later assessor":               {same, edit(func(l *pipeline.Line) { l.Version = "2" }), []change.Cause{change.Wording}},
		"weighed otherwise":              {same, edit(func(l *pipeline.Line) { l.Alone, l.Weight = 0.5, 0.5 }), []change.Cause{change.Rule}},
		"weighed otherwise without":      {same, edit(func(l *pipeline.Line) { l.Without[0].Alone = 0.1 }), []change.Cause{change.Rule}},
		"on another axis":                {same, edit(func(l *pipeline.Line) { l.Axis = pipeline.AxisWhere }), []change.Cause{change.Rule}},
		"masked":                         {same, edit(func(l *pipeline.Line) { l.Weight, l.Note = 0, "same witness as b" }), []change.Cause{change.Others}},
		"in other words, and masked":     {same, edit(func(l *pipeline.Line) { l.Reason, l.Weight = "it does", 0.2 }), []change.Cause{change.Wording, change.Others}},
		"weighed otherwise, other words": {same, edit(func(l *pipeline.Line) { l.Reason, l.Alone = "it does", 0.2 }), []change.Cause{change.Wording, change.Rule}},
		"new":                            {nil, same, []change.Cause{change.Added}},
		"gone":                           {same, nil, []change.Cause{change.Gone}},
	} {
		got := between(t, of(verdict(c.before...)), of(verdict(c.after...)))
		var causes []change.Cause
		for _, l := range got.Lines {
			causes = append(causes, l.Causes...)
		}
		if d := cmp.Diff(c.want, causes); d != "" || len(got.Lines) > 1 {
			t.Errorf("%s: %s", name, d)
		}
		if got.Same != (c.want == nil) {
			t.Errorf("%s: same %v", name, got.Same)
		}
	}
}

// A line is not gone when the finding is there and no rule weighs it.
func TestRulesThatLackAQuestion(t *testing.T) {
	t.Parallel()
	f := pipeline.Finding{Question: "when.camera_clock", Subject: "a.jpg", Outcome: pipeline.Supports}
	bare := change.Side{Verdict: verdict(), Findings: []pipeline.Finding{f}}
	full := change.Side{Verdict: verdict(line("when.camera_clock", "a.jpg", 1, 0.8)), Findings: []pipeline.Finding{f}}
	c := between(t, full, bare)
	if len(c.Lines) != 1 || !slices.Equal(c.Lines[0].Causes, []change.Cause{change.Unruled}) || c.Lines[0].After != nil || c.Lines[0].Delta() != -0.8 {
		t.Errorf("%+v", c.Lines)
	}
	c = between(t, bare, full)
	if len(c.Lines) != 1 || !slices.Equal(c.Lines[0].Causes, []change.Cause{change.Ruled}) || c.Lines[0].Before != nil || c.Lines[0].Delta() != 0.8 {
		t.Errorf("%+v", c.Lines)
	}
	of := pipeline.Finding{Question: "when.camera_clock", Outcome: pipeline.Supports} // of the incident, not of the file
	if c := between(t, change.Side{Verdict: verdict(), Findings: []pipeline.Finding{of}}, full); c.Lines[0].Causes[0] != change.Added {
		t.Errorf("%+v", c.Lines)
	}
}

func TestTheWholeVerdict(t *testing.T) {
	t.Parallel()
	a := verdict(line("a", "", 1, 1))
	b := verdict(line("a", "", 1, 1))
	b.Status, b.Score, b.Weight, b.Words, b.Coverage, b.Rules = pipeline.StatusContradicted, 1, -2, "moderately strong support against", 0.75, "2026.6"
	b.Reasons, b.Incomplete = []string{"weak", "footage.known"}, nil
	b.Axes = map[pipeline.Axis]float64{pipeline.AxisWhen: 1, pipeline.AxisFootage: -3}
	b.Open, b.Next = nil, []pipeline.Suggestion{{Question: "light.shadow", What: "mark", ExpectedBans: 0.3}}
	b.Contradictions = [][]string{{"claim", "b"}, {"a", "b"}}
	b.Data = map[string]string{"footage": "2", "control": "3"}
	b.Prior, b.Without = 0.4, nil
	got := between(t, of(a), of(b))
	want := change.Change{
		Incident: "X-1",
		Before:   change.Summary{Status: pipeline.StatusCredible, Score: 90, Weight: 1, Coverage: 0.5, Prior: 0.5, Rules: "2026.5"},
		After:    change.Summary{Status: pipeline.StatusContradicted, Score: 1, Weight: -2, Coverage: 0.75, Prior: 0.4, Rules: "2026.6"},
		Axes:     []change.Axis{{Axis: pipeline.AxisFootage, After: -3}}, Lines: []change.Line{},
		Data:           []change.Text{{Name: "control", Before: "1", After: "3"}, {Name: "footage", After: "2"}},
		Reasons:        change.List{Added: []string{"footage.known"}, Gone: []string{}},
		Incomplete:     change.List{Added: []string{}, Gone: []string{"prints: a.jpg: torn"}},
		Open:           change.List{Added: []string{}, Gone: []string{"where.view"}},
		Contradictions: change.List{Added: []string{"a / b", "claim / b"}, Gone: []string{"claim / a"}},
		Next:           change.List{Added: []string{"light.shadow"}, Gone: []string{"where.view"}},
		Else:           []string{"without"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Whatever field of a verdict changes, the change is not silent; one that a later program adds to a verdict included.
func TestNothingIsSilent(t *testing.T) {
	t.Parallel()
	fields := reflect.TypeFor[pipeline.Verdict]()
	for i := range fields.NumField() {
		a := verdict(line("a", "", 1, 1))
		b := verdict(line("a", "", 1, 1))
		other(reflect.ValueOf(&b).Elem().Field(i))
		c := between(t, of(a), of(b))
		text := len(c.Axes) + len(c.Lines) + len(c.Data) + len(c.Else)
		for _, l := range []change.List{c.Reasons, c.Incomplete, c.Open, c.Contradictions, c.Next} {
			text += len(l.Added) + len(l.Gone)
		}
		if c.Same || text == 0 && c.Before == c.After {
			t.Errorf("%s: the change is silent: %+v", fields.Field(i).Name, c)
		}
	}
	fields = reflect.TypeFor[pipeline.Line]()
	for i := range fields.NumField() {
		l := line("a", "", 1, 0.5)
		other(reflect.ValueOf(&l).Elem().Field(i))
		if c := between(t, of(verdict(line("a", "", 1, 0.5))), of(verdict(l))); c.Same || len(c.Lines)+len(c.Else) == 0 {
			t.Errorf("%s of a line: the change is silent", fields.Field(i).Name)
		}
	}
}

// What an entry of its own cannot show is named among the other fields.
func TestWhatHasNoEntry(t *testing.T) {
	t.Parallel()
	for field, edit := range map[string]func(*pipeline.Verdict){
		"axes": func(v *pipeline.Verdict) {
			v.Axes = map[pipeline.Axis]float64{pipeline.AxisWhen: 1, pipeline.AxisWhere: 0}
		},
		"lines": func(v *pipeline.Verdict) { v.Lines[0].Evidence = []string{} },
		"data":  func(v *pipeline.Verdict) { v.Data = map[string]string{"control": "1", "footage": ""} },
		"open": func(v *pipeline.Verdict) {
			v.Open = []pipeline.OpenQuestion{{Question: "where.view", Text: "Another."}}
		},
		"next": func(v *pipeline.Verdict) {
			v.Next = []pipeline.Suggestion{{Question: "where.view", What: "ask", ExpectedBans: 0.4}}
		},
		"reasons":        func(v *pipeline.Verdict) { v.Reasons = append(v.Reasons, v.Reasons...) },
		"contradictions": func(v *pipeline.Verdict) { v.Contradictions = append(v.Contradictions, v.Contradictions...) },
		"words":          func(v *pipeline.Verdict) { v.Words = "another word" },
	} {
		bare := func() pipeline.Verdict {
			l := line("a", "", 1, 1)
			l.Evidence = nil
			return verdict(l)
		}
		b := bare()
		edit(&b)
		c := between(t, of(bare()), of(b))
		if c.Same || !slices.Equal(c.Else, []string{field}) {
			t.Errorf("%s: same %v, else %v", field, c.Same, c.Else)
		}
	}
}

// other makes v another value: none of one, and one of none.
func other(v reflect.Value) {
	switch {
	case !v.IsZero():
		v.SetZero()
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case v.Kind() == reflect.String:
		v.SetString("x")
	default:
		panic("make another " + v.Type().String())
	}
}

func TestANumberThatIsNone(t *testing.T) {
	t.Parallel()
	bad := verdict()
	bad.Score = math.NaN()
	if _, err := change.Between(of(verdict()), of(bad)); err == nil {
		t.Error("no error")
	}
}

func anyVerdict(t *rapid.T, name string) pipeline.Verdict {
	var lines []pipeline.Line
	for _, id := range []string{"a", "b", "b", "c"} {
		if rapid.Bool().Draw(t, name+id) {
			l := line(id, rapid.SampledFrom([]string{"", "x"}).Draw(t, name), 1, 1)
			l.Alone = rapid.SampledFrom([]float64{1, 0.5}).Draw(t, name)
			l.Weight = rapid.SampledFrom([]float64{1, 0.5}).Draw(t, name)
			l.Reason = rapid.SampledFrom([]string{"one", "two"}).Draw(t, name)
			l.Outcome = rapid.SampledFrom([]pipeline.Outcome{pipeline.Supports, pipeline.Contradicts}).Draw(t, name)
			lines = append(lines, l)
		}
	}
	return verdict(lines...)
}

// Same is said of equal bytes and of no others; a comparison turned round names the same lines turned round; and the
// lines' moves add up to the difference of what they add.
func TestLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyVerdict(t, "a"), anyVerdict(t, "b")
		there, err1 := change.Between(of(a), of(b))
		back, err2 := change.Between(of(b), of(a))
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		if there.Same != (string(x) == string(y)) || there.Same != (len(there.Lines) == 0) {
			t.Fatalf("same %v, %d lines", there.Same, len(there.Lines))
		}
		if len(there.Lines) != len(back.Lines) {
			t.Fatalf("%d lines there, %d back", len(there.Lines), len(back.Lines))
		}
		moved := 0.0
		for i, l := range there.Lines {
			r := back.Lines[i]
			if l.ID != r.ID || !reflect.DeepEqual(l.Before, r.After) || !reflect.DeepEqual(l.After, r.Before) {
				t.Fatalf("%+v\n%+v", l, r)
			}
			moved += l.Delta()
		}
		if want := sum(b) - sum(a); math.Abs(moved-want) > 1e-9 {
			t.Fatalf("lines moved by %v, the total by %v", moved, want)
		}
	})
}

func sum(v pipeline.Verdict) (total float64) {
	for _, l := range v.Lines {
		total += l.Weight
	}
	return total
}
