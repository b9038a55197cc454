package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/store"
)

func controlMap(provider string, day int, n byte) store.ControlMap {
	asOf := time.Date(2024, 10, day, 3, 0, 0, 0, time.UTC)
	return store.ControlMap{Provider: provider, AsOf: asOf, KnownAt: asOf.Add(time.Hour), KnownHow: "stated", Format: "own",
		File: "maps/x.geojson", SHA256: id(n), Adapter: "1", HeldKm2: 1.5, Imported: noon}
}

func addMap(t *testing.T, s *store.Store, m store.ControlMap) error {
	t.Helper()
	return s.Update(t.Context(), func(tx *store.Tx) error { return tx.AddControlMap(t.Context(), m) })
}

func mapsChanged(t *testing.T, s *store.Store, what string, want bool) {
	t.Helper()
	got, err := s.ControlChanged(t.Context())
	must(t, err)
	if got != want {
		t.Errorf("%s: changed %v, want %v", what, got, want)
	}
	update(t, s, func(tx *store.Tx) error { return tx.SettleControl(t.Context()) })
}

func importedControlMaps(t *testing.T, s *store.Store) {
	first, second := controlMap("b", 1, 1), controlMap("a", 2, 2)
	until := first.AsOf.Add(24 * time.Hour)
	first.Until, first.Licence, first.Flags, first.Asked = &until, "none stated", []string{"odd"}, map[string]string{"provider": "b"}
	mapsChanged(t, s, "nothing", false)
	must(t, addMap(t, s, first))
	mapsChanged(t, s, "the first", true)
	must(t, addMap(t, s, second))
	mapsChanged(t, s, "the second", true)
	third := controlMap("a", 3, 2) // the same bytes: nothing changed that day
	must(t, addMap(t, s, third))
	second.Flags = []string{"read again"}
	must(t, addMap(t, s, second))
	update(t, s, func(tx *store.Tx) error { return tx.AcceptControlMap(t.Context(), "a", third.AsOf) })
	third.Accepted = true
	got, err := s.ControlMaps(t.Context())
	must(t, err)
	if diff := cmp.Diff([]store.ControlMap{second, third, first}, got); diff != "" {
		t.Error(diff)
	}
	mapsChanged(t, s, "accepting", true)
	update(t, s, func(tx *store.Tx) error { return tx.RemoveControlMap(t.Context(), "a", second.AsOf) })
	mapsChanged(t, s, "removing", true)
	got, err = s.ControlMaps(t.Context())
	must(t, err)
	if diff := cmp.Diff([]store.ControlMap{third, first}, got); diff != "" {
		t.Error(diff)
	}
}

func controlMapsThatClash(t *testing.T, s *store.Store) {
	first := controlMap("a", 1, 1)
	must(t, addMap(t, s, first))
	mapsChanged(t, s, "the first", true)
	for what, m := range map[string]store.ControlMap{"other bytes": controlMap("a", 1, 2), "another provider": controlMap("b", 2, 1)} {
		var taken *store.MapTakenError
		if err := addMap(t, s, m); !errors.As(err, &taken) || !cmp.Equal(first, taken.By) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, do := range map[string]func(*store.Tx) error{
		"accepting": func(tx *store.Tx) error { return tx.AcceptControlMap(t.Context(), "b", first.AsOf) },
		"removing":  func(tx *store.Tx) error { return tx.RemoveControlMap(t.Context(), "a", first.AsOf.Add(time.Second)) },
	} {
		if err := s.Update(t.Context(), do); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s what is not there: %v", what, err)
		}
	}
	mapsChanged(t, s, "what failed", false)
}
