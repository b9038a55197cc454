package moment_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// What the items allow one by one meets in what the estimate says they allow together.
func TestAllowedMeetInStrict(t *testing.T) {
	t.Parallel()
	claim := bakhmut()
	in := pipeline.Incident{ID: "X", Claim: claim, Marks: []pipeline.Mark{mark("a.jpg")},
		Sources: []pipeline.Source{{URL: "https://example.org/1", Published: ptr(at("2024-11-03T09:00:00Z"))}}}
	exhibits := []pipeline.Exhibit{exhibit(t, "a.jpg", &pipeline.Camera{Make: "m"}, nil, dial("2024-11-03T10:15:20")), exhibit(t, "b.jpg", nil, nil)}
	c := pipeline.Case{Incident: in, Media: exhibits}
	est := estimate(t, in, exhibits...)
	allowed, err := moment.New(zones).Allowed(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	var ids, want []string
	strict := timeset.Of(timeset.Interval{Lo: est[0].Prior.From.UnixMilli(), Hi: est[0].Prior.To.UnixMilli()})
	for _, a := range allowed {
		if a.Media != "a.jpg" {
			t.Errorf("%s has no items", a.Media)
		}
		ids = append(ids, a.Item)
		var all []timeset.Interval
		for _, s := range a.Spans {
			all = append(all, timeset.Interval{Lo: s.From.UnixMilli(), Hi: s.To.UnixMilli()})
		}
		strict = strict.Intersect(timeset.Of(all...))
	}
	for _, i := range est[0].Items {
		want = append(want, i.ID)
	}
	if len(want) < 3 || !cmp.Equal(ids, want) {
		t.Errorf("items %v, want %v", ids, want)
	}
	if strict.Len() != len(est[0].Strict) || strict.IsEmpty() {
		t.Fatalf("they meet in %d spans, strict has %d", strict.Len(), len(est[0].Strict))
	}
	for i, s := range est[0].Strict {
		if iv := strict.At(i); iv.Lo != s.From.UnixMilli() || iv.Hi != s.To.UnixMilli() {
			t.Errorf("span %d: %v, strict %v", i, iv, s)
		}
	}
}
