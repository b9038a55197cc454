package people_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/report/people"
	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
)

func TestDuplicates(t *testing.T) {
	t.Parallel()
	pairs := []duplicates.Proposal{
		{A: "K-1", B: "K-2", Bans: 2.5, Chance: 0.9968, Parts: []duplicates.Part{{What: "place", Bans: 3.38, How: pipeline.Measured, Reason: "the places are 150 m apart"}}},
		{A: "K-1", B: "K-3", Bans: -4.2, Chance: 0.0001, SharedFootage: true},
		{A: "K-4", B: "K-5", Bans: 6, Chance: 1, Said: "joined"},
	}
	var out bytes.Buffer
	if err := people.Duplicates(&out, pairs, 9); err != nil {
		t.Fatal(err)
	}
	want := `K-1 and K-2: +2.50 bans, 99.7 % under the model
  place       +3.38  measured  the places are 150 m apart
K-1 and K-3: -4.20 bans, less than 0.1 % under the model; they share footage, so one of both has to be settled
K-4 and K-5: +6.00 bans, more than 99.9 % under the model; people say: joined
2 of 3 pairs are proposed among 9 records; nothing is joined unless a person says so (whenwhere merge A B --by --reason)
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	for word, want := range map[pipeline.LinkWord]string{
		pipeline.LinkJoined: "K-1 and K-2 are one incident, says a: why\n", pipeline.LinkApart: "K-1 and K-2 are two incidents, says a: why\n",
		pipeline.LinkOpen: "K-1 and K-2 are an open question again, says a: why\n"} {
		var out bytes.Buffer
		if err := people.Link(&out, pipeline.Link{Kind: pipeline.LinkIncidents, A: "K-1", B: "K-2", Word: word, By: "a", Reason: "why"}); err != nil || out.String() != want {
			t.Errorf("%s: %q, %v", word, out.String(), err)
		}
	}
}
