package replay_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/replay"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

// shelf is an index that finds the same whatever it is asked.
type shelf struct {
	found []footage.Entry
	err   error
}

func (s shelf) Archive(context.Context) (bool, error) { return true, nil }

func (s shelf) Look(context.Context, pipeline.MediaID, []pipeline.Print) (seen footage.Seen, err error) {
	for _, e := range s.found {
		seen.Sightings = append(seen.Sightings, footage.Sighting{Entry: e})
	}
	seen.LeftOut = []footage.LeftOut{{List: "logos"}}
	return seen, s.err
}

func TestIndex(t *testing.T) {
	t.Parallel()
	by := at("2024-10-05T00:00:00Z")
	claimed := func(from string) pipeline.Claim {
		return pipeline.Claim{When: &pipeline.Span{From: at(from), To: at(from).Add(time.Hour)}}
	}
	s := shelf{found: []footage.Entry{
		{Name: "known/at", SeenBy: &by}, {Name: "known/late", SeenBy: ptr("2024-10-05T00:00:01Z")}, {Name: "known/undated"},
		{Name: "a.jpg", Incident: "posted-late", SeenBy: ptr("2024-10-06T00:00:00Z"), Claim: claimed("2024-10-01T00:00:00Z")},
		{Name: "b.jpg", Incident: "undated", Claim: claimed("2024-10-01T00:00:00Z")},
		{Name: "c.jpg", Incident: "to-come", Claim: claimed("2024-10-07T00:00:00Z")},
		{Name: "d.jpg", Incident: "vague"},
		{Name: "e.jpg", Incident: "own", SeenBy: ptr("2024-10-06T00:00:00Z")},
	}}
	asked := time.Time{}
	x := replay.NewIndex(s, "own", by, func(_ context.Context, at time.Time) (bool, error) { asked = at; return false, nil })
	if has, err := x.Archive(t.Context()); has || err != nil || !asked.Equal(by) {
		t.Errorf("archive %v %v, asked of %s", has, err, asked)
	}
	for range 2 {
		seen, err := x.Look(t.Context(), pipeline.MediaID{1}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var kept []string
		for _, e := range seen.Sightings {
			kept = append(kept, e.Entry.Name)
		}
		if d := cmp.Diff([]string{"known/at", "known/undated", "b.jpg", "d.jpg"}, kept); d != "" {
			t.Error(d)
		}
		if len(seen.LeftOut) != 1 {
			t.Error("negative lists are taken as they are")
		}
	}
	want := []replay.LeftOut{{What: replay.KnownFootage, Name: "known/late", At: at("2024-10-05T00:00:01Z")},
		{What: replay.OtherIncident, Name: "posted-late", At: at("2024-10-06T00:00:00Z")}, {What: replay.OtherIncident, Name: "to-come", At: at("2024-10-07T00:00:00Z")}}
	if d := cmp.Diff(want, x.LeftOut()); d != "" {
		t.Error(d)
	}
	broken := replay.NewIndex(shelf{err: errors.New("gone")}, "own", by, nil)
	if _, err := broken.Look(t.Context(), pipeline.MediaID{1}, nil); err == nil {
		t.Error("no error")
	}
}
