package change

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"whenwhere/pipeline"
)

// Side is a verdict with the findings that it was folded from.
type Side struct {
	Verdict  pipeline.Verdict
	Findings []pipeline.Finding // may be nil; then a line that only one rule table weighs is added or gone
}

// Change is all that differs. Lists and pointers are empty where nothing does.
type Change struct {
	Incident string  `json:"incident"`
	Same     bool    `json:"same"` // byte for byte
	Before   Summary `json:"before"`
	After    Summary `json:"after"`

	Axes  []Axis `json:"axes"` // in the order of pipeline.Axes
	Lines []Line `json:"lines"`
	Data  []Text `json:"data"` // versions of data sets, by name

	Reasons        List `json:"reasons"`
	Incomplete     List `json:"incomplete"`
	Open           List `json:"open"`
	Contradictions List `json:"contradictions"`
	Next           List `json:"next"`

	Else []string `json:"else"` // fields of the verdict's JSON that differ otherwise, sorted
}

// Summary is the head of a verdict.
type Summary struct {
	Status   pipeline.VerdictStatus `json:"status"`
	Score    float64                `json:"score"`
	Weight   float64                `json:"weight"` // bans
	Coverage float64                `json:"coverage"`
	Prior    float64                `json:"prior"`
	Rules    string                 `json:"rules"`
}

// Of is the head of a verdict.
func Of(v pipeline.Verdict) Summary {
	return Summary{Status: v.Status, Score: v.Score, Weight: v.Weight, Coverage: v.Coverage, Prior: v.Prior, Rules: v.Rules}
}

// Axis is an axis whose sum differs.
type Axis struct {
	Axis   pipeline.Axis `json:"axis"`
	Before float64       `json:"before"` // bans
	After  float64       `json:"after"`
}

// Text is a named text that differs; empty where there is none.
type Text struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// List is what came and what went, both sorted.
type List struct {
	Added []string `json:"added"`
	Gone  []string `json:"gone"`
}

// Empty reports whether nothing came or went.
func (l List) Empty() bool { return len(l.Added)+len(l.Gone) == 0 }

// Between compares two verdicts of one incident. The error is one of a verdict that has no JSON: a number that is none.
func Between(before, after Side) (Change, error) {
	a, b := before.Verdict, after.Verdict
	c := Change{Incident: cmp.Or(b.Incident, a.Incident), Before: Of(a), After: Of(b)}
	fields, err := unequal(a, b)
	if err != nil {
		return Change{}, fmt.Errorf("change: incident %s: %w", c.Incident, err)
	}
	c.Same = len(fields) == 0
	c.Axes, c.Lines, c.Data = axes(a, b), lines(before, after), data(a, b)
	c.Reasons = lists(a.Reasons, b.Reasons)
	c.Incomplete = lists(a.Incomplete, b.Incomplete)
	c.Open = lists(openIDs(a), openIDs(b))
	c.Contradictions = lists(sets(a), sets(b))
	c.Next = lists(nexts(a), nexts(b))
	c.Else = slices.DeleteFunc(fields, c.told)
	return c, nil
}

// unequal lists the fields of the JSON that are not the same bytes, sorted.
func unequal(a, b pipeline.Verdict) ([]string, error) {
	before, err := fieldsOf(a)
	if err != nil {
		return nil, err
	}
	after, err := fieldsOf(b)
	if err != nil {
		return nil, err
	}
	out := []string{}
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !bytes.Equal(before[name], after[name]) {
			out = append(out, name)
		}
	}
	return out, nil
}

func fieldsOf(v pipeline.Verdict) (map[string]json.RawMessage, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	out := map[string]json.RawMessage{}
	return out, json.Unmarshal(text, &out)
}

// told reports whether a field that differs has an entry of its own, by the name that it has in JSON.
func (c Change) told(field string) bool {
	switch field {
	case "status", "score", "weight", "coverage", "prior", "rules":
		return c.Before != c.After
	case "axes":
		return len(c.Axes) > 0
	case "lines":
		return len(c.Lines) > 0
	case "data":
		return len(c.Data) > 0
	case "reasons":
		return !c.Reasons.Empty()
	case "incomplete":
		return !c.Incomplete.Empty()
	case "open":
		return !c.Open.Empty()
	case "contradictions":
		return !c.Contradictions.Empty()
	case "next":
		return !c.Next.Empty()
	case "words":
		return c.Before.Weight != c.After.Weight
	}
	return false
}

func axes(a, b pipeline.Verdict) []Axis {
	out := []Axis{}
	for _, axis := range pipeline.Axes() {
		if a.Axes[axis] != b.Axes[axis] {
			out = append(out, Axis{axis, a.Axes[axis], b.Axes[axis]})
		}
	}
	return out
}

func data(a, b pipeline.Verdict) []Text {
	out := []Text{}
	all := maps.Clone(a.Data)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, b.Data)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if a.Data[name] != b.Data[name] {
			out = append(out, Text{name, a.Data[name], b.Data[name]})
		}
	}
	return out
}

func lists(before, after []string) List {
	return List{Added: missing(after, before), Gone: missing(before, after)}
}

// missing is what of list is not in other, sorted and once.
func missing(list, other []string) []string {
	have := map[string]bool{}
	for _, s := range other {
		have[s] = true
	}
	out := []string{}
	for _, s := range list {
		if !have[s] {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func openIDs(v pipeline.Verdict) []string {
	var out []string
	for _, q := range v.Open {
		out = append(out, string(q.Question))
	}
	return out
}

func nexts(v pipeline.Verdict) []string {
	var out []string
	for _, s := range v.Next {
		out = append(out, string(s.Question))
	}
	return out
}

func sets(v pipeline.Verdict) []string {
	var out []string
	for _, set := range v.Contradictions {
		out = append(out, strings.Join(set, " / "))
	}
	return out
}
