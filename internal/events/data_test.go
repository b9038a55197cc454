package events_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/events"
	"whenwhere/internal/shareddata"
)

// collected is after every post of these lists.
var collected = time.Date(2026, 8, 22, 0, 0, 0, 0, time.UTC)

// TestPublishedLists counts what four published lists hold, and the posts that are older than the event they are cited for.
// The contradictions of CIR and Bellingcat are as many as another program found. CIR cites 2,648 posts on X; the ids of two
// have a digit too many and tell no time.
func TestPublishedLists(t *testing.T) {
	t.Parallel()
	type counts struct{ Rows, Days, Places, Doubts, Posts, Older int }
	for name, want := range map[string]counts{
		"owlmaps_geolocations.tsv":      {5145, 5145, 5145, 0, 4800, 14},
		"cir_eyes_on_russia_events.csv": {4109, 4105, 4109, 12, 2646, 38},
		"bellingcat/export_events.json": {500, 500, 500, 0, 228, 4},
		"viina/VIINA_2024_REBUILD.csv":  {543, 543, 543, 0, 22, 9},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := shareddata.Path(t, "incidents", filepath.FromSlash(name))
			l, err := events.Read(os.DirFS(filepath.Dir(file)), filepath.Base(file))
			if err != nil {
				t.Fatal(err)
			}
			got := counts{Rows: len(l.Events), Doubts: len(l.Doubts)}
			for _, e := range l.Events {
				if e.Day != nil {
					got.Days++
				}
				if e.Where != nil {
					got.Places++
				}
				p, ok := e.FirstPost(collected)
				if ok && p.Scheme == "twitter" && e.Day != nil {
					got.Posts++
					if e.PostedBefore(p) {
						got.Older++
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
