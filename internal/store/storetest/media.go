package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

func mediaKeepTheirFirstName(t *testing.T, s *store.Store) {
	zone := time.FixedZone("", 3*3600)
	want := pipeline.Media{ID: id(1), SizeBytes: 0, GivenName: "a\x00\xff\u202egnp.jpg", ReceivedAt: noon}
	given := want
	given.ReceivedAt = noon.In(zone).Add(999 * time.Nanosecond)
	must(t, s.SaveMedia(t.Context(), given))
	must(t, s.SaveMedia(t.Context(), pipeline.Media{ID: id(1), GivenName: "other.jpg", ReceivedAt: noon.Add(time.Hour)}))
	got, err := s.Media(t.Context(), id(1))
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("media (-want +got):\n%s", diff)
	}
	if err := s.SaveMedia(t.Context(), pipeline.Media{}); err == nil {
		t.Error("media without an id was saved")
	}
}

func unknownIDsAreNotFound(t *testing.T, s *store.Store) {
	_, errMedia := s.Media(t.Context(), id(9))
	_, errCase := s.Case(t.Context(), "nobody", stages)
	_, errVerdict := s.Verdict(t.Context(), "nobody")
	_, errBatch := s.Batch(t.Context(), 77)
	for name, err := range map[string]error{"media": errMedia, "case": errCase, "verdict": errVerdict, "batch": errBatch} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: got %v, want ErrNotFound", name, err)
		}
	}
}

func failedUpdateKeepsNothing(t *testing.T, s *store.Store) {
	stop := errors.New("stop")
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		must(t, tx.SaveMedia(t.Context(), pipeline.Media{ID: id(1), ReceivedAt: noon}))
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatalf("got %v", err)
	}
	if _, err := s.Media(t.Context(), id(1)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the media is there: %v", err)
	}
	saveMedia(t, s, id(1)) // and the connection is free again
}

func stageResultIsSavedOnce(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1))
	body := `{ "type" : "image/jpeg", "n": 1.50, "x": "<\u0026>" }` // kept byte for byte
	first := done(stages[0], observation("container.file", body))
	saveResult(t, s, id(1), first, true)
	saveResult(t, s, id(1), first, false)
	saveResult(t, s, id(1), done(stages[0], observation("container.other", `1`)), false)
	saveResult(t, s, id(1), failed(stages[0], "broken", false), false)
	got, err := s.StageResults(t.Context(), id(1), stages)
	must(t, err)
	if diff := cmp.Diff([]pipeline.StageResult{first}, got); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

func stageResultRefusesNonsense(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1))
	withStatus := func(status pipeline.Status, cause string, retry bool) pipeline.StageResult {
		return pipeline.StageResult{Stage: "s", Version: "1", Status: status, Cause: cause, Retry: retry}
	}
	withBody := failed(stages[0], "broken", false)
	withBody.Observations = pipeline.Observations{observation("k", `1`)}
	for name, r := range map[string]pipeline.StageResult{
		"no status":                    withStatus("", "", false),
		"failure without a cause":      withStatus(pipeline.Failed, "", false),
		"done with a cause":            withStatus(pipeline.Done, "cause", false),
		"done and to be tried again":   withStatus(pipeline.Done, "", true),
		"observation of a failure":     withBody,
		"observation that is not JSON": done(stages[0], observation("k", `{`)),
		"two observations of one key":  done(stages[0], observation("k", `1`), observation("k", `2`)),
		"no stage":                     done(store.Stage{Version: "1"}),
		"no version":                   done(store.Stage{Name: "s"}),
	} {
		if saved, err := s.SaveStageResult(t.Context(), id(1), r); err == nil {
			t.Errorf("%s: saved %v without an error", name, saved)
		}
	}
	if _, err := s.SaveStageResult(t.Context(), id(2), done(stages[0])); err == nil {
		t.Error("result for media that is not there: no error")
	}
	if got, err := s.StageResults(t.Context(), id(1), stages); err != nil || len(got) != 0 {
		t.Errorf("kept %v, %v", got, err)
	}
}

func failureWithRetryGivesWay(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1))
	saveResult(t, s, id(1), failed(stages[0], "disk was full", true), true)
	saveResult(t, s, id(1), failed(stages[0], "disk was full again", true), true)
	want := done(stages[0], observation("container.file", `{}`))
	saveResult(t, s, id(1), want, true)
	saveResult(t, s, id(1), failed(stages[0], "disk was full", true), false)
	got, err := s.StageResults(t.Context(), id(1), stages)
	must(t, err)
	if diff := cmp.Diff([]pipeline.StageResult{want}, got); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

func versionsOfAStageAreApart(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1))
	v1, v2 := store.Stage{Name: "prints", Version: "1"}, store.Stage{Name: "prints", Version: "2"}
	saveResult(t, s, id(1), done(v1, observation("prints.looks", `"old"`)), true)
	saveResult(t, s, id(1), done(v2, observation("prints.looks", `"new"`)), true)
	for want, by := range map[string]store.Stage{`"old"`: v1, `"new"`: v2} {
		got, err := s.Observations(t.Context(), id(1), []store.Stage{by})
		must(t, err)
		if len(got) != 1 || string(got[0].Body) != want {
			t.Errorf("version %s: got %v, want %s", by.Version, got, want)
		}
	}
	if got, err := s.Observations(t.Context(), id(1), stages[:1]); err != nil || len(got) != 0 {
		t.Errorf("a stage that did not run: %v, %v", got, err)
	}
}

// orderAndRepetitionChangeNothing: whatever the order in which workers save, and however often, the rows are the same.
func orderAndRepetitionChangeNothing(t *testing.T, s *store.Store) {
	next := byte(0)
	results := []pipeline.StageResult{
		done(stages[0], observation("container.file", `{}`), observation("a.first", `1`)),
		failed(stages[1], "too flat", false),
	}
	want := []pipeline.StageResult{
		done(stages[0], observation("a.first", `1`), observation("container.file", `{}`)), results[1]}
	rapid.Check(t, func(rt *rapid.T) {
		next++
		media := id(next)
		saveMedia(t, s, media)
		for _, i := range append(rapid.SliceOfN(rapid.IntRange(0, 1), 0, 5).Draw(rt, "order"), 0, 1) {
			if _, err := s.SaveStageResult(t.Context(), media, results[i]); err != nil {
				rt.Fatal(err)
			}
		}
		got, err := s.StageResults(t.Context(), media, stages)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			rt.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	})
}

func knownFootage(t *testing.T, s *store.Store) {
	all := []store.Known{
		{Media: id(1), URL: "https://example.org/1", FirstSeen: &noon, Event: "parade"},
		{Media: id(1), URL: "https://example.org/2"},
		{Media: id(2), URL: "https://example.org/1", Event: "drill"},
	}
	for i := len(all) - 1; i >= 0; i-- {
		must(t, s.SaveKnown(t.Context(), store.Known{Media: all[i].Media, URL: all[i].URL, Event: "replaced"}))
		must(t, s.SaveKnown(t.Context(), all[i]))
	}
	got, err := s.Known(t.Context())
	must(t, err)
	if diff := cmp.Diff(all, got); diff != "" {
		t.Errorf("known (-want +got):\n%s", diff)
	}
}

func savePrints(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1), id(2), id(3), id(4))
	for n, body := range map[byte]string{1: `[{"view":"upright","quality":9,"flat":false}]`, 2: `[]`, 3: `[{"view":"as_stored","quality":1,"flat":true}]`} {
		saveResult(t, s, id(n), done(stages[1], observation(pipeline.PrintsKey.ID, body), observation("prints.other", `1`)), true)
	}
	saveResult(t, s, id(1), done(store.Stage{Name: "prints", Version: "1"}, observation(pipeline.PrintsKey.ID, `[]`)), true)
	saveIncident(t, s, incident("b", "x", "again"), store.Attachment{ID: id(1)}, store.Attachment{ID: id(1)})
	saveIncident(t, s, incident("a", "x", "y"), store.Attachment{ID: id(1)}, store.Attachment{ID: id(2)})
}
