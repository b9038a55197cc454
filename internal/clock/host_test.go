package clock_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"whenwhere/internal/clock"
)

const printAnswers = "CLOCK_TEST_PRINT_ANSWERS"

// answers is a sample of everything the package computes, as JSON.
func answers(t *testing.T) []byte {
	t.Helper()
	var all []any
	for _, wall := range []string{"2024-03-31T03:30:00", "2024-10-27T03:30:00", "2024-11-03T10:15:20", "2014-07-08T10:40:00"} {
		s := dial(t, wall)
		for _, place := range []*clock.LatLon{kyivCity, bakhmut, azov, sevastopol, berlin, midPacific} {
			candidates, err := shared.Candidates(place, s)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, candidates, s.Under(candidates))
		}
	}
	all = append(all,
		clock.GPS(clock.GPSTime{Date: "1970:01:18", HMS: hms(19, 5, 52)}, until),
		clock.QuickTime("mvhd.creation_time", 1725184800, until),
		clock.QuickTimeCreationDate("2025-07-11T09:44:38-0600", until),
		clock.ISO8601("XMP:CreateDate", "2024-02", until),
		clock.FromFileName("IMG_20241103_101520.jpg", until),
		clock.FromFileName("clip_7106594312292453675.mp4", until),
		clock.FromURL("https://x.com/user/status/1212092628029698048", until))
	out, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The same answers come out in any zone, and with no zone files at all: the
// test runs itself again under other settings.
func TestTheHostsZoneDoesNotMatter(t *testing.T) {
	if os.Getenv(printAnswers) != "" {
		if _, err := os.Stdout.Write(append(answers(t), '\n')); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Parallel()
	here := answers(t)
	for _, env := range [][]string{{"TZ=Pacific/Apia"}, {"TZ=Europe/Kyiv", "ZONEINFO=" + t.TempDir()}, {"TZ=", "ZONEINFO=zones_test.go"}} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTheHostsZoneDoesNotMatter$")
		cmd.Env = append([]string{printAnswers + "=1"}, env...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", env, err, out)
		}
		if line, _, _ := bytes.Cut(out, []byte("\n")); !bytes.Equal(line, here) {
			t.Errorf("%v: other answers:\n%s\n%s", env, line, here)
		}
	}
}

func TestStampJSON(t *testing.T) {
	t.Parallel()
	wanted := dial(t, "2024-11-03T10:15:20").Under([]clock.Candidate{{OffsetMin: 120, Why: "a"}})
	text, err := json.Marshal(wanted)
	if err != nil {
		t.Fatal(err)
	}
	var got clock.Stamp
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(got)
	if err != nil || !bytes.Equal(text, again) || !got.Spans.Equal(wanted.Spans) {
		t.Errorf("%s became %s, %v", text, again, err)
	}
}
