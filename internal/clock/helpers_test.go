package clock_test

import (
	"os"
	"testing"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/shareddata"
	"whenwhere/internal/timeset"
)

// until is the time of collection in most tests.
var until = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// shared is one finder for all tests; loading it takes half a second.
var shared = clock.NewZones()

func ms(t testing.TB, rfc3339 string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, rfc3339)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMilli()
}

// spans builds a set of equally wide intervals that start at the given times.
func spans(t testing.TB, width time.Duration, starts ...string) timeset.Set {
	t.Helper()
	var list []timeset.Interval
	for _, s := range starts {
		lo := ms(t, s)
		list = append(list, timeset.Interval{Lo: lo, Hi: lo + width.Milliseconds()})
	}
	return timeset.Of(list...)
}

func want(t testing.TB, name string, got, want timeset.Set) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: got %v, want %v", name, got, want)
	}
}

// anyZone is a dial reading stretched over every offset on earth.
func anyZone(local timeset.Set) timeset.Set {
	return local.Widen((14 * time.Hour).Milliseconds(), (12 * time.Hour).Milliseconds())
}

// sharedData returns a file of the shared test data, or skips.
func sharedData(t testing.TB, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(shareddata.Path(t, path...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
