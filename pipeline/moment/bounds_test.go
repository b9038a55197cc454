package moment_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// timesOf is the estimate of one photo whose dial, without a zone, means 07:15:20 or 08:15:20.
func timesOf(t *testing.T, role pipeline.Role, record pipeline.Incident) pipeline.Estimate {
	t.Helper()
	stamp := pipeline.StatedClock{Field: "EXIF:DateTimeOriginal", Clock: pipeline.ClockCamera, Kind: pipeline.StampCapture, Bound: pipeline.BoundPoint,
		Wall: &pipeline.WallSpan{From: "2024-11-03T10:15:20.000", To: "2024-11-03T10:15:21.000"}}
	observed, err := pipeline.ClocksKey.Observe([]pipeline.StatedClock{stamp})
	if err != nil {
		t.Fatal(err)
	}
	ref := pipeline.MediaRef{File: "media/a.jpg", Role: role}
	record.ID, record.Media = "X-1", []pipeline.MediaRef{ref}
	record.Claim.Where = &pipeline.Place{Lon: 37.9999, Lat: 48.5956, RadiusM: 500}
	found, err := moment.New(zones).Estimates(context.Background(), pipeline.Case{Incident: record,
		Media: []pipeline.Exhibit{{Ref: ref, Media: &pipeline.Media{}, Observed: pipeline.Observations{observed}}}})
	if err != nil || len(found) != 1 {
		t.Fatalf("%v %v", found, err)
	}
	return found[0]
}

// What the record states settles which of two hours it was, like a post would.
func TestBoundsOfTheRecordSettleTheZone(t *testing.T) {
	t.Parallel()
	bracket := func(before, after string) pipeline.Incident {
		return pipeline.Incident{Brackets: []pipeline.Bracket{{Media: "media/a.jpg", Before: at(before), After: at(after), By: "analyst-1"}}}
	}
	archived := func(text string) pipeline.Incident {
		return pipeline.Incident{Sources: []pipeline.Source{{URL: "https://example.org/1", Archived: []pipeline.Archived{{Kind: pipeline.ArchiveWARC, Text: text}}}}}
	}
	for name, c := range map[string]struct {
		record pipeline.Incident
		role   pipeline.Role
		sure   string // the reading that is left; empty: both
	}{
		"nothing":                                   {pipeline.Incident{}, "", ""},
		"archived between":                          {archived("2024-11-03T07:40:00Z"), "", "+03:00"},
		"archived later":                            {archived("2024-11-04T07:40:00Z"), "", ""},
		"bracket of the first":                      {bracket("2024-11-02T08:00:00Z", "2024-11-03T07:50:00Z"), "", "+03:00"},
		"bracket of the last":                       {bracket("2024-11-03T07:50:00Z", "2024-11-05T08:00:00Z"), "", "+02:00"},
		"aftermath of a bracket that ends before":   {bracket("2024-11-01T08:00:00Z", "2024-11-02T08:00:00Z"), pipeline.RoleAftermath, ""},
		"aftermath of a bracket that begins within": {bracket("2024-11-03T07:50:00Z", "2024-11-05T08:00:00Z"), pipeline.RoleAftermath, "+02:00"},
		"context":                                   {bracket("2024-11-03T07:50:00Z", "2024-11-05T08:00:00Z"), pipeline.RoleContext, ""},
	} {
		e := timesOf(t, c.role, c.record)
		kyiv, moscow := mass(e, "+02:00"), mass(e, "+03:00")
		got := ""
		switch {
		case kyiv > 5*moscow:
			got = "+02:00"
		case moscow > 5*kyiv:
			got = "+03:00"
		}
		if got != c.sure {
			t.Errorf("%s: +02:00 %v, +03:00 %v, want %q", name, kyiv, moscow, c.sure)
		}
	}
}

func TestFlagsOfTheRecord(t *testing.T) {
	t.Parallel()
	published := at("2024-11-03T09:00:00Z")
	later := published.Add(time.Hour)
	record := pipeline.Incident{
		Sources: []pipeline.Source{{URL: "https://t.me/example/5", Published: &later}, {URL: "https://t.me/example/7", Published: &published},
			{URL: "https://example.org/1", Archived: []pipeline.Archived{{Kind: pipeline.ArchiveSeen, Text: "long ago"}}}},
		Brackets: []pipeline.Bracket{{Media: "media/a.jpg", Before: later, After: published, By: "analyst-1"}},
	}
	e := timesOf(t, "", record)
	for _, flag := range []string{moment.FlagPostOrder, moment.FlagArchivedText, moment.FlagBracket} {
		if !slices.Contains(e.Flags, flag) {
			t.Errorf("%v lack %s", e.Flags, flag)
		}
	}
	if e := timesOf(t, "", pipeline.Incident{}); slices.Contains(e.Flags, moment.FlagPostOrder) {
		t.Errorf("%v", e.Flags)
	}
}

// A bracket and a mark of one analyst are one witness, whose faults are nested: together they never fail to fuse.
func TestBracketBesideAMarkOfTheSameAnalyst(t *testing.T) {
	t.Parallel()
	azimuth, sigma := 330.0, 5.0
	e := timesOf(t, "", pipeline.Incident{
		Marks:    []pipeline.Mark{{Media: "media/a.jpg", Kind: pipeline.MarkShadow, AzimuthDeg: &azimuth, SigmaDeg: &sigma, By: "analyst-1"}},
		Brackets: []pipeline.Bracket{{Media: "media/a.jpg", Before: at("2024-11-02T08:00:00Z"), After: at("2024-11-05T08:00:00Z"), By: "analyst-1"}},
	})
	if len(e.Items) != 3 || len(e.Within95.Spans) == 0 {
		t.Errorf("%+v", e)
	}
	if mass(e, "+03:00") < 0.8 {
		t.Errorf("%+v", e.Readings)
	}
}

// Two satellite images date footage of the making that has neither clock nor light, also far from the claimed days; an
// aftermath they only bound.
func TestBracketAlone(t *testing.T) {
	t.Parallel()
	for _, claimed := range []*pipeline.Span{nil, {From: at("2024-11-20T00:00:00Z"), To: at("2024-11-20T12:00:00Z")}} {
		for role, dated := range map[pipeline.Role]bool{"": true, pipeline.RoleAftermath: false, pipeline.RoleContext: false} {
			ref := pipeline.MediaRef{File: "media/a.jpg", Role: role}
			record := pipeline.Incident{ID: "X-1", Claim: pipeline.Claim{When: claimed}, Media: []pipeline.MediaRef{ref},
				Brackets: []pipeline.Bracket{{Media: ref.File, Before: at("2024-11-02T08:00:00Z"), After: at("2024-11-05T08:00:00Z"), By: "analyst-1"}}}
			got, err := moment.New(zones).Estimates(context.Background(), pipeline.Case{Incident: record, Media: []pipeline.Exhibit{{Ref: ref, Media: &pipeline.Media{}}}})
			if err != nil || len(got) != 1 {
				t.Fatalf("%v %v", got, err)
			}
			e := got[0]
			if !dated {
				if e.Likely != nil || len(e.Items) > 0 || len(e.Missing) == 0 || !slices.Contains(e.Flags, moment.FlagNoClock) {
					t.Errorf("%q, claimed %v: %+v", role, claimed, e)
				}
				continue
			}
			if e.Likely == nil || e.Likely.Mass < 0.8 || e.Likely.Spans[0].From.Before(at("2024-11-02T08:00:00Z")) || e.Likely.Spans[0].To.After(at("2024-11-05T08:00:01Z")) {
				t.Errorf("claimed %v: likely %+v", claimed, e.Likely)
			}
			if len(e.Items) != 1 || len(e.Missing) > 0 || !slices.Contains(e.Flags, moment.FlagBracketOnly) || slices.Contains(e.Flags, moment.FlagNoClock) {
				t.Errorf("claimed %v: %+v", claimed, e)
			}
		}
	}
}
