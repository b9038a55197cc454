package score

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Difference is a number or a text in which two tables differ.
type Difference struct {
	Entry string `json:"entry,omitempty"` // question; empty for what holds for the whole table
	Field string `json:"field"`
	Was   string `json:"was,omitempty"` // as JSON; empty when it is not stated
	Now   string `json:"now,omitempty"`
}

// Differences lists in what the second table differs from the first, sorted by entry and field. The order of rules says
// nothing and is no difference.
func Differences(was, now Rules) ([]Difference, error) {
	a, err := fieldsOf(was)
	if err != nil {
		return nil, err
	}
	b, err := fieldsOf(now)
	if err != nil {
		return nil, err
	}
	out := []Difference{}
	all := maps.Clone(a)
	maps.Copy(all, b)
	for at := range all { // sorted below
		if a[at] != b[at] {
			out = append(out, Difference{Entry: at.entry, Field: at.field, Was: a[at], Now: b[at]})
		}
	}
	slices.SortFunc(out, func(a, b Difference) int {
		return cmp.Or(strings.Compare(a.Entry, b.Entry), strings.Compare(a.Field, b.Field))
	})
	return out, nil
}

type fieldAt struct{ entry, field string }

// fieldsOf is each stated field of the table as JSON.
func fieldsOf(r Rules) (map[fieldAt]string, error) {
	out := map[fieldAt]string{}
	for _, rule := range r.Table {
		if err := addFields(out, string(rule.Question), "", rule); err != nil {
			return nil, fmt.Errorf("rules %s: %w", r.Version, err)
		}
	}
	if err := addFields(out, "", "axis_caps.", r.AxisCaps); err != nil {
		return nil, fmt.Errorf("rules %s: %w", r.Version, err)
	}
	r.Table, r.AxisCaps = nil, nil
	if err := addFields(out, "", "", r); err != nil {
		return nil, fmt.Errorf("rules %s: %w", r.Version, err)
	}
	return out, nil
}

func addFields(out map[fieldAt]string, entry, prefix string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return err
	}
	for name, value := range fields {
		out[fieldAt{entry, prefix + name}] = string(value)
	}
	return nil
}
