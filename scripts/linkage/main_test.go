package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"whenwhere/internal/events"
	"whenwhere/internal/geo"
	"whenwhere/internal/shareddata"
)

// What is known to be one event in two real lists is found again by place and day, and the model does not expect more of what
// it proposes than is known.
func TestKnownPairsAreFound(t *testing.T) {
	t.Parallel()
	dir := shareddata.Path(t, "incidents")
	var lists [2][]row
	for i, name := range []string{"bellingcat/export_events.json", "cir_eyes_on_russia_events.csv"} {
		list, err := events.Read(os.DirFS(dir), name)
		if err != nil {
			t.Fatal(err)
		}
		lists[i] = rowsOf(list)
	}
	known := same(lists[0], lists[1])
	if len(known) < 390 {
		t.Fatalf("%d known pairs", len(known))
	}
	var out bytes.Buffer
	found(&out, lists[0], lists[1], known)
	m := regexp.MustCompile(`: (\d+) of (\d+) known pairs .* expects (\d+) `).FindStringSubmatch(out.String())
	if m == nil {
		t.Fatal(out.String())
	}
	hits, _ := strconv.Atoi(m[1])
	expected, _ := strconv.Atoi(m[3])
	if hits < len(known)*9/10 || expected > hits {
		t.Error(out.String())
	}
}

func TestSame(t *testing.T) {
	t.Parallel()
	at := func(num int, posts ...string) row { return row{num, time.Time{}, geo.LatLon{}, posts} }
	a := []row{at(1, "1", "2"), at(2, "3"), at(3, "3"), at(4, "5", "5", "6")}
	b := []row{at(1, "3"), at(2, "2", "1"), at(3, "6"), at(4, "5"), at(5, "5")}
	var got []string
	for _, p := range same(a, b) {
		got = append(got, fmt.Sprint(p.a.num, p.b.num))
	}
	if fmt.Sprint(got) != "[1 2 4 3]" { // one post of each list, one pair for several posts; 5 is cited twice in b
		t.Error(got)
	}
}

func TestAbsentData(t *testing.T) {
	t.Parallel()
	if err := run([]string{"-data", t.TempDir()}, io.Discard); !errors.Is(err, errSkipped) {
		t.Error(err)
	}
	if err := run([]string{"-nonsense"}, io.Discard); err == nil || errors.Is(err, errSkipped) {
		t.Error(err)
	}
}
