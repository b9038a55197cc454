package people_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/report/people"
	"whenwhere/pipeline"
)

var noon = time.Date(2024, 9, 20, 12, 0, 0, 0, time.UTC)

func decision(seq int, as pipeline.Ruling, by string, on byte) pipeline.Decision {
	return pipeline.Decision{Incident: "K-1", Seq: seq, As: as, By: by, Reason: "the chimney\nmatches", On: pipeline.VerdictDigest{on},
		Machine: pipeline.StatusCredible, At: noon.Add(time.Duration(seq) * time.Hour)}
}

func TestReview(t *testing.T) {
	t.Parallel()
	r := pipeline.Review{Incident: "K-1", Machine: pipeline.StatusCandidate, Newest: pipeline.VerdictDigest{2}, History: []pipeline.Decision{
		decision(1, pipeline.RulingVerified, "analyst-1", 1), decision(2, pipeline.RulingContradicted, "analyst-2", 2),
		decision(3, pipeline.RulingVerified, "analyst-2", 2)}}
	var out bytes.Buffer
	if err := people.Review(&out, r); err != nil {
		t.Fatal(err)
	}
	want := `K-1
  machine: verified-candidate
  people:  verified (one person verified it; publication needs 2)
  newest verdict: 0200000000000000000000000000000000000000000000000000000000000000
  1. 2024-09-20T13:00:00Z  verified by analyst-1, when the machine said credible; on an older verdict, 010000000000
     the chimney\u000amatches
  2. 2024-09-20T14:00:00Z  contradicted by analyst-2, when the machine said credible; taken back by a later decision
     the chimney\u000amatches
  3. 2024-09-20T15:00:00Z  verified by analyst-2, when the machine said credible
     the chimney\u000amatches
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestStanding(t *testing.T) {
	t.Parallel()
	r := pipeline.Review{Newest: pipeline.VerdictDigest{2}, History: []pipeline.Decision{decision(1, pipeline.RulingVerified, "a", 2)}}
	for _, want := range []string{"\npeople: verified (one person verified it; publication needs 2)\n", "\npeople: approved\n"} {
		var out bytes.Buffer
		if err := people.Standing(&out, r); err != nil || out.String() != want {
			t.Errorf("%q, %v; want %q", out.String(), err, want)
		}
		r.History = append(r.History, decision(2, pipeline.RulingVerified, "b", 2))
	}
}

func TestReviewJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := people.ReviewJSON(&out, pipeline.Review{Incident: "K-1", Machine: pipeline.StatusCredible}); err != nil {
		t.Fatal(err)
	}
	want := `{"incident":"K-1","machine":"credible","people":"undecided","approved":false,"wanting":"nobody has decided",` +
		`"newest":"0000000000000000000000000000000000000000000000000000000000000000","current":[],"history":[]}` + "\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
