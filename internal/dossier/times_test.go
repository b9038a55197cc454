package dossier_test

import (
	"strings"
	"testing"

	"whenwhere/internal/audience"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// What is said of when a file was made, in words, and what the picture of it leaves out.
func TestWhenItWasMade(t *testing.T) {
	t.Parallel()
	minutes := []pipeline.Span{span("2024-08-31T07:41:21Z", "2024-08-31T07:43:15Z")}
	years := []pipeline.Span{span("1993-01-01T00:00:00Z", "2024-08-31T12:00:00Z")}
	for name, c := range map[string]struct {
		change func(*pipeline.Estimate)
		want   string
	}{
		"sure":     {func(*pipeline.Estimate) {}, "<p>Made 31 August 2024, 10:41:21 to 10:43:15 Kyiv time (UTC&#43;03:00); 07:41:21 to 07:43:15 UTC (96 %)."},
		"no clock": {func(e *pipeline.Estimate) { e.Flags = []string{moment.FlagNoClock} }, "No clock speaks. If it was filmed on the claimed days, then 31 August 2024"},
		"wide":     {func(e *pipeline.Estimate) { e.Within95.Spans = years }, "Made between 1 January 1993 and 31 August 2024; not known nearer (96 %)."},
		"not sure": {func(e *pipeline.Estimate) {
			e.Within95.Spans, e.Likely = years, &pipeline.Share{Spans: minutes, Mass: 0.04}
		}, "Not known: its clocks are right with 4 % only. By them it was made 31 August 2024, 10:41:21"},
		"two": {func(e *pipeline.Estimate) {
			e.Within95.Spans = append(minutes, span("2024-08-31T21:41:21Z", "2024-08-31T21:43:15Z"))
		}, "UTC; or 1 September 2024, 00:41:21 to 00:43:15 Kyiv time (UTC&#43;03:00); 31 August 2024, 21:41:21 to 21:43:15 UTC (96 %)."},
		"nothing":   {func(e *pipeline.Estimate) { e.Within95.Spans, e.Missing = nil, []string{"a clock", "a mark"} }, "Not known, for want of a clock and of a mark."},
		"readings":  {func(e *pipeline.Estimate) { e.Readings = []pipeline.ReadingMass{{Reading: "+02:00", Mass: 0.47}} }, "The likeliest reading of its clock, &#43;02:00, has 47 %."},
		"all light": {func(e *pipeline.Estimate) { e.Items = append(e.Items, pipeline.TimeItem{ID: "exposure"}) }, "Not drawn, because it fits nearly all of the time shown: exposure."},
	} {
		in := whole(t)
		c.change(&in.Verdict.Times[0])
		day := []pipeline.Span{span("2024-08-30T00:00:00Z", "2024-09-02T00:00:00Z")}
		in.Allowed = append(in.Allowed, moment.Allowed{Media: file, Item: "exposure", Spans: day}, moment.Allowed{Media: file, Item: "marks SECRET-analyst", Spans: nil})
		page := pageOf(t, audience.Internal, in)
		if !strings.Contains(page, c.want) {
			k := strings.Index(page, `id="i1-when"`)
			t.Errorf("%s: %q is not in %.900q", name, c.want, page[k:])
		}
	}
	page := unpacked(t, pageOf(t, audience.Internal, whole(t)))
	if !strings.Contains(page, "Not drawn, because it fits none of the time shown: shadow or sun marked.") {
		t.Error("marks that fit nothing are passed over")
	}
}

// The answer is in the picture however far from the claim it lies, beside the claim.
func TestTheAnswerIsInThePicture(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.Verdict.Times[0].Within95.Spans = []pipeline.Span{span("2024-06-30T08:00:00Z", "2024-06-30T08:02:00Z")}
	if page := unpacked(t, pageOf(t, audience.Internal, in)); strings.Contains(page, "outside of this picture") && strings.Contains(page, "outside of this picture: 2024-08-31 06:00") {
		t.Error("the claim is not in the picture")
	} else if !strings.Contains(page, "Jul") || !strings.Contains(page, "Aug") {
		t.Error("the picture does not reach from June to August")
	}
}
