package pipeline_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/pipeline"
)

func TestMediaIDRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var id pipeline.MediaID
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "bytes"))
		if id.IsZero() {
			if _, err := id.MarshalText(); err == nil {
				t.Fatal("the id that was never set has a text form")
			}
			return
		}
		text, err := json.Marshal(id)
		if err != nil {
			t.Fatal(err)
		}
		var back pipeline.MediaID
		if err := json.Unmarshal(text, &back); err != nil || back != id {
			t.Fatalf("%s came back as %s: %v", id, back, err)
		}
		if len(id.String()) != 64 || strings.ToLower(id.String()) != id.String() {
			t.Fatalf("text form %q", id)
		}
	})
}

func TestMediaIDRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "ab", strings.Repeat("a", 63), strings.Repeat("a", 65), strings.Repeat("g", 64), strings.Repeat("a", 62) + "é"} {
		if id, err := pipeline.ParseMediaID(s); err == nil || !id.IsZero() {
			t.Errorf("%q is accepted as %s", s, id)
		}
	}
	if _, err := (pipeline.MediaID{}).MarshalText(); err == nil {
		t.Error("the id that was never set has a text form")
	}
	kept := pipeline.MediaID{7}
	if err := kept.UnmarshalText([]byte("x")); err == nil || kept != (pipeline.MediaID{7}) {
		t.Errorf("a bad text left %s, %v", kept, err)
	}
}

func TestSpanRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := time.Unix(rapid.Int64Range(-2e9, 4e9).Draw(t, "from"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns"))
		span := pipeline.Span{From: from.UTC(), To: from.Add(time.Duration(rapid.Int64Range(1, 1e15).Draw(t, "length"))).UTC()}
		if err := span.Check(); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(span)
		if err != nil {
			t.Fatal(err)
		}
		var back pipeline.Span
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if back != span || !back.From.Equal(from) || back.Duration() != span.Duration() {
			t.Fatalf("%v came back as %v", span, back)
		}
		if !span.Overlaps(back) {
			t.Fatalf("%v does not overlap itself", span)
		}
	})
}

func TestSpan(t *testing.T) {
	t.Parallel()
	at := func(hour int) time.Time { return time.Date(2024, 11, 3, hour, 0, 0, 0, time.UTC) }
	span := func(from, to int) pipeline.Span { return pipeline.Span{From: at(from), To: at(to)} }
	overlaps := []struct {
		a, b pipeline.Span
		want bool
	}{
		{span(7, 9), span(8, 10), true},
		{span(7, 9), span(7, 8), true},
		{span(7, 9), span(9, 10), false}, // half-open: the end belongs to the next
		{span(7, 9), span(11, 12), false},
	}
	for _, c := range overlaps {
		if c.a.Overlaps(c.b) != c.want || c.b.Overlaps(c.a) != c.want {
			t.Errorf("%v and %v overlap: want %t", c.a, c.b, c.want)
		}
	}
	faults := map[string]pipeline.Span{
		"from: missing": {To: at(9)}, "to: missing": {From: at(7)},
		"to: 2024-11-03T07:00:00Z is not after from 2024-11-03T07:00:00Z": span(7, 7),
		"to: 2024-11-03T07:00:00Z is not after from 2024-11-03T08:00:00Z": span(8, 7),
	}
	for want, s := range faults {
		if err := s.Check(); err == nil || err.Error() != want {
			t.Errorf("%v: %v, want %s", s, err, want)
		}
	}
	if got, want := span(7, 9).String(), "2024-11-03T07:00:00Z to 2024-11-03T09:00:00Z"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	var local pipeline.Span
	if err := json.Unmarshal([]byte(`{"from":"2024-11-03T09:00:00+02:00","to":"2024-11-03T12:00:00+03:00"}`), &local); err != nil || local != span(7, 9) {
		t.Errorf("got %v, %v", local, err)
	}
	if err := json.Unmarshal([]byte(`{"from":"2024-11-03T09:00:00"}`), &local); err == nil {
		t.Error("a time without an offset is accepted")
	}
}

func TestBasisRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := pipeline.Basis{Kind: rapid.StringMatching(`[a-z_]{0,12}`).Draw(t, "kind"), Of: rapid.String().Draw(t, "of")}
		text, err := b.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back pipeline.Basis
		if err := back.UnmarshalText(text); err != nil || back != b {
			t.Fatalf("%q came back as %q: %v", b, back, err)
		}
	})
}

func TestPlaceCheck(t *testing.T) {
	t.Parallel()
	cases := []struct {
		place pipeline.Place
		want  string // the field at fault; empty when sound
	}{
		{pipeline.Place{Lon: 37.28, Lat: 48.05, RadiusM: 500}, ""},
		{pipeline.Place{Lon: -180, Lat: 90, RadiusM: pipeline.MaxPlaceRadiusM}, ""},
		{pipeline.Place{Lon: 0, Lat: 51.48, RadiusM: 1}, ""},
		{pipeline.Place{RadiusM: 500}, "lon, lat"},
		{pipeline.Place{Lon: 180.1, Lat: 1, RadiusM: 1}, "lon"},
		{pipeline.Place{Lon: math.NaN(), Lat: 1, RadiusM: 1}, "lon"},
		{pipeline.Place{Lon: 1, Lat: -90.1, RadiusM: 1}, "lat"},
		{pipeline.Place{Lon: 1, Lat: math.Inf(1), RadiusM: 1}, "lat"},
		{pipeline.Place{Lon: 1, Lat: 1}, "radius_m"},
		{pipeline.Place{Lon: 1, Lat: 1, RadiusM: -5}, "radius_m"},
		{pipeline.Place{Lon: 1, Lat: 1, RadiusM: math.NaN()}, "radius_m"},
		{pipeline.Place{Lon: 1, Lat: 1, RadiusM: pipeline.MaxPlaceRadiusM + 1}, "radius_m"},
	}
	for _, c := range cases {
		err := c.place.Check()
		if (err == nil) != (c.want == "") || err != nil && !strings.HasPrefix(err.Error(), c.want+":") {
			t.Errorf("%+v: %v, want a fault of %q", c.place, err, c.want)
		}
	}
}

func TestGrade(t *testing.T) {
	t.Parallel()
	for g, want := range map[pipeline.Grade]struct{ valid, doubtful, judged bool }{
		"": {true, false, false}, "A1": {true, false, true}, "C3": {true, false, true}, "D1": {true, true, true}, "E2": {true, true, true},
		"A4": {true, true, true}, "B5": {true, true, true}, "F6": {true, false, false}, "F1": {true, false, false}, "A6": {true, false, false},
		"G1": {}, "A7": {}, "A0": {}, "a1": {}, "A": {}, "A11": {}, "5D": {},
	} {
		if g.Valid() != want.valid || g.Doubtful() != want.doubtful || g.Judged() != want.judged {
			t.Errorf("%q: valid %t, doubtful %t, judged %t; want %+v", g, g.Valid(), g.Doubtful(), g.Judged(), want)
		}
	}
}

func TestKeyIn(t *testing.T) {
	t.Parallel()
	key := pipeline.Key[[]int]{ID: "a.x"}
	made, err := key.Observe([]int{3, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	all := pipeline.Observations{{Key: "b.x", Body: json.RawMessage(`"no list"`)}, made}
	got, ok, err := key.In(all.Sorted())
	if diff := cmp.Diff([]int{3, 1, 2}, got); diff != "" || !ok || err != nil {
		t.Errorf("%t, %v: %s", ok, err, diff)
	}
	if _, ok, err := (pipeline.Key[[]int]{ID: "c.x"}).In(all); ok || err != nil {
		t.Errorf("an absent key: %t, %v", ok, err)
	}
	if _, ok, err := (pipeline.Key[[]int]{ID: "b.x"}).In(all); ok || err == nil {
		t.Errorf("a body that does not read: %t, %v", ok, err)
	}
	if _, err := (pipeline.Key[float64]{ID: "d.x"}).Observe(math.NaN()); err == nil {
		t.Error("a value without a JSON form is observed")
	}
	if !all.Has("b.x") || all.Has("c.x") || all.Sorted()[0].Key != "a.x" || all[0].Key != "b.x" {
		t.Error("Has or Sorted")
	}
}
