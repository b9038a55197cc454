package clock_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/clock"
	"whenwhere/internal/timeset"
)

// vectors is the part of chrono_vectors.json that concerns this package.
type vectors struct {
	IDs []struct {
		Scheme, ID, Shortcode, UTC string
	} `json:"ids"`
	QuickTime []struct {
		Raw        uint64
		UTC        *string
		Candidates []string
	} `json:"quicktime"`
	GPSBug json.RawMessage `json:"gps_ms_bug"`
	Zones  []struct {
		Local, Zone, Area, Flag string
		UTC                     []string
	} `json:"kyiv_tz"`
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	var v vectors
	if err := json.Unmarshal(sharedData(t, "solar", "chrono_vectors.json"), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVectorIDs(t *testing.T) {
	t.Parallel()
	schemes := map[string]clock.Scheme{
		"twitter_snowflake": clock.Twitter, "discord_snowflake": clock.Discord, "tiktok": clock.TikTok,
		"instagram_media": clock.Instagram, "mastodon": clock.Mastodon, "bluesky_tid": clock.Bluesky,
		"linkedin": clock.LinkedIn, "ulid": clock.ULID, "uuidv7": clock.UUID, "uuidv1": clock.UUID,
		"ksuid": clock.KSUID, "mongo_objectid": clock.MongoID,
	}
	v := readVectors(t)
	if len(v.IDs) < 12 {
		t.Fatalf("only %d ids", len(v.IDs))
	}
	for _, c := range v.IDs {
		for _, id := range []string{c.ID, c.Shortcode} {
			if id == "" {
				continue
			}
			s, ok := clock.FromID(schemes[c.Scheme], id, until)
			bounds, _ := s.Spans.Bounds()
			if !ok || bounds.Lo != ms(t, c.UTC) {
				t.Errorf("%s %s: got %v, want %s", c.Scheme, id, s.Spans, c.UTC)
			}
		}
	}
}

func TestVectorQuickTime(t *testing.T) {
	t.Parallel()
	for _, c := range readVectors(t).QuickTime {
		wanted := c.Candidates
		if c.UTC != nil {
			wanted = []string{*c.UTC}
		}
		var got []string
		for _, unix := range clock.QuickTimeEpochs(c.Raw) {
			got = append(got, time.Unix(unix, 0).UTC().Format(time.RFC3339))
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%d: %s", c.Raw, diff)
		}
	}
}

func TestVectorGPSFault(t *testing.T) {
	t.Parallel()
	type fault struct {
		GPSDateTime string
		Candidate   [2]string
	}
	var list []fault
	raw := readVectors(t).GPSBug
	if json.Unmarshal(raw, &list) != nil {
		var one fault
		if err := json.Unmarshal(raw, &one); err != nil {
			t.Fatal(err)
		}
		list = []fault{one}
	}
	for _, c := range list {
		at, err := time.Parse("2006:01:02 15:04:05Z", c.GPSDateTime)
		if err != nil {
			t.Fatal(err)
		}
		s := clock.GPS(clock.GPSTime{Date: at.Format("2006:01:02"), HMS: hms(int64(at.Hour()), int64(at.Minute()), int64(at.Second()))}, until)
		want(t, c.GPSDateTime, s.Spans, timeset.Of(timeset.Interval{Lo: ms(t, c.Candidate[0]), Hi: ms(t, c.Candidate[1])}))
	}
}

func TestVectorZones(t *testing.T) {
	t.Parallel()
	areas := map[string]*clock.LatLon{"bakhmut": bakhmut}
	cases := readVectors(t).Zones
	if len(cases) < 4 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		s := dial(t, c.Local)
		var candidates []clock.Candidate
		if c.Zone != "" {
			found, err := shared.OffsetsAt(c.Zone, s.Local)
			if err != nil {
				t.Fatal(err)
			}
			candidates = []clock.Candidate{}
			for _, o := range found {
				candidates = append(candidates, clock.Candidate{OffsetMin: o, Why: c.Zone})
			}
		} else {
			place, known := areas[c.Area]
			if !known {
				t.Errorf("unknown area %q", c.Area)
				continue
			}
			found, err := shared.Candidates(place, s)
			if err != nil {
				t.Fatal(err)
			}
			candidates = found
		}
		want(t, strings.Join([]string{c.Local, c.Zone, c.Area}, " "), s.Under(candidates).Spans, spans(t, time.Second, c.UTC...))
	}
}
