package control_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/control"
	"whenwhere/internal/control/mapfile"
)

func TestAgreement(t *testing.T) {
	t.Parallel()
	ru := drawn{control.RU: drawnBox(37, 47, 38, 48)}
	wide := drawn{control.RU: drawnBox(37, 47, 38.5, 48)}
	gray := drawn{control.RU: drawnBox(37, 47, 37.2, 48), control.Contested: drawnBox(37.2, 47, 38, 48)}
	when := at("2024-10-02T00:00:00Z")
	for name, tc := range map[string]struct {
		lon  float64
		list []mapfile.Map
		want control.Verdict
		say  string
	}{
		"one source":                {37.5, []mapfile.Map{mapOf("a", 1, 0, control.UA, ru)}, control.VerdictHeld, "a ru"},
		"both held":                 {37.5, []mapfile.Map{mapOf("a", 1, 0, control.UA, ru), mapOf("b", 2, 0, control.UA, wide)}, control.VerdictHeld, "a ru, b ru"},
		"both not":                  {39, []mapfile.Map{mapOf("a", 1, 0, control.UA, ru), mapOf("b", 2, 0, control.UA, wide)}, control.VerdictNotHeld, "a ua, b ua"},
		"disagree":                  {38.25, []mapfile.Map{mapOf("a", 1, 0, control.UA, ru), mapOf("b", 2, 0, control.UA, wide)}, control.VerdictDisagree, "a ua, b ru"},
		"near one of two lines":     {38.49, []mapfile.Map{mapOf("a", 1, 0, control.UA, ru), mapOf("b", 2, 0, control.UA, wide)}, control.VerdictContested, "a ua, b ru band"},
		"contested by one":          {37.6, []mapfile.Map{mapOf("a", 1, 0, control.UA, ru), mapOf("b", 2, 0, control.UA, gray)}, control.VerdictContested, "a ru, b contested band"},
		"changes hands":             {38.25, []mapfile.Map{mapOf("a", 1, 0, control.UA, ru), mapOf("a", 4, 0, control.UA, wide)}, control.VerdictContested, "a contested band"},
		"no edition yet":            {37.5, []mapfile.Map{mapOf("a", 3, 0, control.UA, ru)}, control.VerdictNoData, "silent a"},
		"not covered":               {39, []mapfile.Map{mapOf("a", 1, 0, control.Unknown, ru)}, control.VerdictNoData, "silent a"},
		"one does not cover":        {38.25, []mapfile.Map{mapOf("a", 1, 0, control.Unknown, ru), mapOf("b", 1, 0, control.UA, wide)}, control.VerdictHeld, "b ru, silent a"},
		"the margin grows with age": {37.95, []mapfile.Map{mapOf("a", 1, 0, control.UA, ru)}, control.VerdictHeld, "a ru"},
	} {
		got := together(t, tc.list...).Agreement(47.5, tc.lon, when)
		if say := votes(got); got.Verdict != tc.want || say != tc.say {
			t.Errorf("%s: %s: %q, want %s: %q", name, got.Verdict, say, tc.want, tc.say)
		}
	}
	old := together(t, mapOf("a", 1, 0, control.UA, ru))
	if got := old.Agreement(47.5, 37.95, at("2024-10-04T00:00:00Z")); got.Verdict != control.VerdictContested {
		t.Errorf("3.8 km from a line three days old: %+v", got)
	}
	if got := old.Agreement(47.5, 37.2, at("2024-10-31T00:00:00Z")); got.Verdict != control.VerdictContested && got.Verdict != control.VerdictHeld {
		t.Errorf("a map of 30 days ago: %+v", got)
	}
	if got := old.Agreement(47.5, 37.2, at("2024-11-01T00:00:00Z")); got.Verdict != control.VerdictNoData || votes(got) != "silent a" {
		t.Errorf("a map of another season: %+v", got)
	}
	if got := (&control.Maps{}).Agreement(47.5, 37.5, when); got.Verdict != control.VerdictNoData || got.Votes != nil {
		t.Errorf("without maps: %+v", got)
	}
}

// The same file under two names is one source.
func TestOneSourceCountsOnce(t *testing.T) {
	t.Parallel()
	a, b := mapOf("a", 1, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)}), mapOf("b", 1, 0, control.UA, drawn{control.RU: drawnBox(37, 47, 38, 48)})
	b.SHA256 = a.SHA256
	got := together(t, a, b).Agreement(47.5, 37.5, at("2024-10-02T00:00:00Z"))
	if len(got.Votes) != 1 || fmt.Sprint(got.Votes[0].SameAs) != "[b]" || got.Verdict != control.VerdictHeld {
		t.Errorf("%+v", got)
	}
}

func votes(a control.Agreement) (text string) {
	for _, v := range a.Votes {
		text += fmt.Sprintf(", %s %s", v.Provider, v.Side)
		if v.InBand {
			text += " band"
		}
	}
	for _, s := range a.Silent {
		text += ", silent " + s
	}
	return text[2:]
}

// someMaps draws maps of up to four providers over a week.
func someMaps(t *rapid.T) (list []mapfile.Map) {
	for _, provider := range []string{"a", "b", "c", "d"}[:rapid.IntRange(1, 4).Draw(t, "providers")] {
		for _, day := range []int{2, 5, 8}[:rapid.IntRange(1, 3).Draw(t, provider+" editions")] {
			east := rapid.Float64Range(37.1, 38.9).Draw(t, "east")
			ground := drawn{control.RU: drawnBox(37, 47, east, 48)}
			if rapid.Bool().Draw(t, "gray") {
				ground[control.Contested] = drawnBox(east, 47, east+0.3, 48)
			}
			list = append(list, mapOf(provider, day, 0, rapid.SampledFrom([]control.Side{control.UA, control.Unknown, control.RU}).Draw(t, "rest"), ground))
		}
	}
	return list
}

func TestAgreementProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := someMaps(t)
		lat, lon := rapid.Float64Range(46.8, 48.2).Draw(t, "lat"), rapid.Float64Range(36.8, 39.2).Draw(t, "lon")
		when := at("2024-10-01T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 240).Draw(t, "hours")) * time.Hour)
		m := together(t, list...)
		whole := m.Agreement(lat, lon, when)

		// Without one provider, contested becomes held only when all others say so.
		for _, gone := range []string{"a", "b", "c", "d"} {
			rest := slices.DeleteFunc(slices.Clone(list), func(m mapfile.Map) bool { return m.Provider == gone })
			less := together(t, rest...).Agreement(lat, lon, when)
			agree := !slices.ContainsFunc(less.Votes, func(v control.Vote) bool { return v.Side != control.RU || v.InBand }) && len(less.Votes) > 0
			if whole.Verdict == control.VerdictContested && less.Verdict == control.VerdictHeld && !agree {
				t.Fatalf("without %s: %+v", gone, less)
			}
			if (less.Verdict == control.VerdictHeld) != agree {
				t.Fatalf("held without agreement: %+v", less)
			}
		}
		// The order of files changes nothing.
		mixed := rapid.Permutation(list).Draw(t, "order")
		if diff := cmp.Diff(whole, together(t, mixed...).Agreement(lat, lon, when)); diff != "" {
			t.Fatalf("(-sorted +mixed)\n%s", diff)
		}
		// An edition older than the one in force changes nothing.
		older := mapOf("a", 1, 0, control.UA, drawn{control.RU: drawnBox(36, 46, 40, 49)})
		older.AsOf = at("2024-09-01T00:00:00Z")
		more := together(t, append(slices.Clone(list), older)...)
		if a := m.At(lat, lon, when)[0]; a.Found {
			b := more.At(lat, lon, when)[0]
			a.Flags, b.Flags = nil, nil // the fall of the area since the older one is said
			if diff := cmp.Diff(a, b); diff != "" {
				t.Fatalf("(-without +with)\n%s", diff)
			}
		}
	})
}
