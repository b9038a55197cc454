package sqlite

import (
	"testing"

	"whenwhere/internal/store"
)

// Verdicts of before there was a history are its first turns, in their order, on states that nobody decided on.
func TestHistoryOfAnEarlierSchema(t *testing.T) {
	t.Parallel()
	s := grownFrom(t, 3, func(exec func(string, ...any)) {
		exec(`INSERT INTO incident (id, record, record_sha256, case_name, updated_at) VALUES ('i', '{"id":"i"}', $1, 'case', 1)`, make([]byte, 32))
		for seq, score := range []string{"20", "10"} {
			input := make([]byte, 32)
			input[0] = byte(seq)
			exec(`INSERT INTO verdict (incident, input_sha256, seq, incomplete, verdict, findings, stages, at) VALUES ('i', $1, $2, 0, $3, '[]', '[]', $4)`,
				input, seq+1, `{"incident":"i","score":`+score+`}`, seq+7)
		}
	})
	turns, err := s.History(t.Context(), "i")
	if err != nil || len(turns) != 2 {
		t.Fatalf("%d turns, %v", len(turns), err)
	}
	for i, want := range []store.Turn{{Seq: 1, InputSHA256: [32]byte{0}}, {Seq: 2, InputSHA256: [32]byte{1}}} {
		got := turns[i]
		if got.Seq != want.Seq || got.InputSHA256 != want.InputSHA256 || got.At.UnixMicro() != int64(i+7) || got.Digest != nil ||
			got.Kept == nil || got.Kept.Verdict.Score != float64(20-10*i) {
			t.Errorf("turn %d: %+v", i, got)
		}
	}
}
