package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/control"
	"whenwhere/internal/events"
	"whenwhere/internal/shareddata"
)

// What the report says of four published lists, to the row: contradictions as another program found them, slips as a person
// found them, and sides as the maps of those days drew them.
func TestPublishedEvents(t *testing.T) {
	t.Parallel()
	lists := shareddata.Path(t, "incidents")
	all, err := allMaps(io.Discard, shareddata.Path(t, "frontline"))
	if err != nil {
		t.Fatal(err)
	}
	type counts struct {
		Events, Older, Links, Shared, Coordinates, Slips int
		DeepStateRU                                      int // events that DeepState drew inside ground held by ru
	}
	for name, want := range map[string]counts{
		"owlmaps_geolocations.tsv":      {5145, 14, 3965, 707, 25, 3, 1709},
		"cir_eyes_on_russia_events.csv": {4109, 38, 3883, 103, 215, 7, 127},
		"bellingcat/export_events.json": {500, 4, 961, 0, 0, 2, 4},
		"viina/VIINA_2024_REBUILD.csv":  {543, 9, 428, 84, 87, 0, 96},
	} {
		l, err := events.Read(os.DirFS(lists), name)
		if err != nil {
			t.Fatal(err)
		}
		r := examine(l, all)
		got := counts{len(l.Events), len(r.older), r.links, r.shared, r.coordinates, len(r.slips), 0}
		for c, n := range r.controlled["deepstate"] {
			if c.held == control.RU {
				got.DeepStateRU += n
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		var out bytes.Buffer
		r.print(&out)
		if text := out.String(); strings.Contains(text, "http") || strings.Contains(text, "status/") || strings.Contains(text, "@") {
			t.Errorf("%s: the report holds a link or an account", name)
		}
	}
}

// Without the data the commands say so and are content.
func TestWithoutData(t *testing.T) {
	t.Parallel()
	absent := filepath.Join(t.TempDir(), "absent")
	for _, args := range [][]string{{"events", "-incidents", absent}, {"front", "-list", absent}} {
		var out bytes.Buffer
		if err := run(args, &out); err != nil || !strings.Contains(out.String(), "skipped: ") {
			t.Errorf("%v: %v %s", args, err, out.String())
		}
	}
	for _, args := range [][]string{nil, {"other"}} {
		if err := run(args, io.Discard); !errors.Is(err, errUsage) {
			t.Errorf("%v: %v", args, err)
		}
	}
}
