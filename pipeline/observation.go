package pipeline

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// KeyID is the name under which a kind of observation is stored, "stage.what".
type KeyID string

// Key is a typed name: it knows which Go value its observations hold.
type Key[T any] struct{ ID KeyID }

// Observation is one measured value. It holds no judgement: the same bytes give the same observation under any claim.
type Observation struct {
	Key     KeyID           `json:"key"`
	Stage   string          `json:"stage"`
	Version string          `json:"version"`
	Body    json.RawMessage `json:"body"`
}

// Observe wraps a value; the engine adds stage and version.
func (k Key[T]) Observe(v T) (Observation, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return Observation{}, fmt.Errorf("observation %s: %w", k.ID, err)
	}
	return Observation{Key: k.ID, Body: body}, nil
}

// In finds the value of this key. ok is false when it was not observed; err when what is stored does not read back.
func (k Key[T]) In(all Observations) (v T, ok bool, err error) {
	for _, o := range all {
		if o.Key != k.ID {
			continue
		}
		if err := json.Unmarshal(o.Body, &v); err != nil {
			return v, false, fmt.Errorf("observation %s: %w", k.ID, err)
		}
		return v, true, nil
	}
	return v, false, nil
}

// Observations are all that was measured on one media file, at most one for each key, sorted by key.
type Observations []Observation

// Sorted returns the observations in the order of their keys.
func (all Observations) Sorted() Observations {
	out := slices.Clone(all)
	slices.SortFunc(out, func(a, b Observation) int { return strings.Compare(string(a.Key), string(b.Key)) })
	return out
}

// Has reports whether the key was observed.
func (all Observations) Has(id KeyID) bool {
	return slices.ContainsFunc(all, func(o Observation) bool { return o.Key == id })
}
