package pipeline_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/pipeline"
)

func observation(key pipeline.KeyID, stage string) pipeline.Observation {
	body, _ := json.Marshal(string(key))
	return pipeline.Observation{Key: key, Stage: stage, Version: "1", Body: body}
}

func done(stage string, obs ...pipeline.Observation) pipeline.StageResult {
	return pipeline.StageResult{Stage: stage, Version: "1", Status: pipeline.Done, Observations: obs}
}

func TestExtractCommitsEachStageInOrder(t *testing.T) {
	t.Parallel()
	var l log
	stages := []pipeline.Extractor{maker("a", nil, "a.z", "a.b"), maker("b", []pipeline.KeyID{"a.z"}, "b.x")}
	got, err := pipeline.Extract(t.Context(), stages, opened(t), nil, l.commit)
	if err != nil {
		t.Fatal(err)
	}
	want := []pipeline.StageResult{done("a", observation("a.b", "a"), observation("a.z", "a")), done("b", observation("b.x", "b"))}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, l.results); diff != "" {
		t.Error("committed: ", diff)
	}
}

func TestExtractFailures(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	fail := func(cause string, retry bool) pipeline.StageResult {
		return pipeline.StageResult{Stage: "a", Version: "1", Status: pipeline.Failed, Cause: cause, Retry: retry}
	}
	undeclared := maker("a", nil, "a.x")
	undeclared.Makes = []pipeline.KeyID{"a.y"}
	twice := maker("a", nil, "a.x")
	twice.Run = func(context.Context, pipeline.Opened) ([]pipeline.Observation, error) {
		return []pipeline.Observation{observation("a.x", ""), observation("a.x", "")}, nil
	}
	cases := []struct {
		name  string
		stage pipeline.Extractor
		want  pipeline.StageResult
	}{
		{"any error may be retried", failing("a", broken, "a.x"), fail("disk on fire", true)},
		{"permanent", failing("a", fmt.Errorf("a: %w", pipeline.Permanent(broken)), "a.x"), fail("a: disk on fire", false)},
		{"skip", failing("a", fmt.Errorf("a: %w", pipeline.Skip("no reader for %s", "text/plain")), "a.x"),
			pipeline.StageResult{Stage: "a", Version: "1", Status: pipeline.Skipped, Cause: "no reader for text/plain"}},
		{"undeclared key", undeclared, fail("stage a made a.x, which it does not declare", false)},
		{"key twice", twice, fail("stage a made a.x twice", false)},
		{"deadline of its own", failing("a", context.DeadlineExceeded, "a.x"), fail("context deadline exceeded", true)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var l log
			other := maker("b", nil, "b.x")
			got, err := pipeline.Extract(t.Context(), []pipeline.Extractor{c.stage, other}, opened(t), nil, l.commit)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]pipeline.StageResult{c.want, done("b", observation("b.x", "b"))}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestExtractMissingNeed(t *testing.T) {
	t.Parallel()
	needy := maker("b", []pipeline.KeyID{"a.x"}, "b.x")
	ran := 0
	needy.Run = func(context.Context, pipeline.Opened) ([]pipeline.Observation, error) { ran++; return nil, nil }
	failed := func(retry bool) pipeline.StageResult {
		return pipeline.StageResult{Stage: "b", Version: "1", Status: pipeline.Failed, Cause: "needs a.x of stage a, which failed", Retry: retry}
	}
	after := maker("c", []pipeline.KeyID{"b.x"}, "c.x")
	cases := []struct {
		name  string
		first pipeline.Extractor
		want  pipeline.StageResult
		runs  int
	}{
		{"failed for now", failing("a", errors.New("no tool"), "a.x"), failed(true), 0},
		{"failed for good", failing("a", pipeline.Permanent(errors.New("damaged")), "a.x"), failed(false), 0},
		{"skipped is merely absent", failing("a", pipeline.Skip("not mine"), "a.x"), done("b"), 1},
		{"done without it is merely absent", failing("a", nil, "a.x"), done("b"), 1},
		{"failed, and makes something else", failing("a", errors.New("no tool"), "a.y"), done("b"), 1},
	}
	for _, c := range cases {
		ran = 0
		got, err := pipeline.Extract(t.Context(), []pipeline.Extractor{c.first, needy, after}, opened(t), nil, (&log{}).commit)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got[1]); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if ran != c.runs {
			t.Errorf("%s: ran %d times, want %d", c.name, ran, c.runs)
		}
		// A failure travels down the whole chain, with its chance of a retry.
		if chained := got[2]; (chained.Status == pipeline.Failed) != (c.runs == 0) || chained.Retry != c.want.Retry {
			t.Errorf("%s: stage c: %+v", c.name, chained)
		}
	}
}

func TestExtractUsesWhatIsDone(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		found pipeline.StageResult
		runs  int
	}{
		{"done", done("a", observation("a.x", "a")), 0},
		{"skipped", pipeline.StageResult{Stage: "a", Version: "1", Status: pipeline.Skipped, Cause: "no"}, 0},
		{"failed for good", pipeline.StageResult{Stage: "a", Version: "1", Status: pipeline.Failed, Cause: "bad"}, 0},
		{"failed for now", pipeline.StageResult{Stage: "a", Version: "1", Status: pipeline.Failed, Cause: "busy", Retry: true}, 1},
		{"older version", pipeline.StageResult{Stage: "a", Version: "0", Status: pipeline.Done}, 1},
		{"another stage", done("c"), 1},
	}
	for _, c := range cases {
		ran := 0
		a := maker("a", nil, "a.x")
		inner := a.Run
		a.Run = func(ctx context.Context, in pipeline.Opened) ([]pipeline.Observation, error) {
			ran++
			return inner(ctx, in)
		}
		var seen bool
		b := maker("b", nil, "b.x")
		b.Run = func(_ context.Context, in pipeline.Opened) ([]pipeline.Observation, error) {
			v, ok, err := pipeline.Key[string]{ID: "a.x"}.In(in.Observed)
			seen = ok && v == "a.x" && err == nil
			return nil, nil
		}
		var l log
		got, err := pipeline.Extract(t.Context(), []pipeline.Extractor{a, b}, opened(t), []pipeline.StageResult{c.found}, l.commit)
		if err != nil {
			t.Fatal(err)
		}
		if ran != c.runs || len(l.results) != 1+c.runs {
			t.Errorf("%s: ran %d times with %d commits, want %d and %d", c.name, ran, len(l.results), c.runs, 1+c.runs)
		}
		if c.runs == 0 {
			if diff := cmp.Diff(c.found, got[0]); diff != "" {
				t.Errorf("%s: %s", c.name, diff)
			}
		}
		if want := c.runs == 1 || len(c.found.Observations) == 1; seen != want {
			t.Errorf("%s: the next stage sees a.x: %t, want %t", c.name, seen, want)
		}
	}
}

func TestExtractRewindsForEachStage(t *testing.T) {
	t.Parallel()
	var read []string
	reader := func(name string) pipeline.Extractor {
		s := maker(name, nil, pipeline.KeyID(name+".x"))
		s.Run = func(_ context.Context, in pipeline.Opened) ([]pipeline.Observation, error) {
			b, err := io.ReadAll(in.File)
			read = append(read, string(b))
			return nil, err
		}
		return s
	}
	in := opened(t)
	if _, err := in.File.Seek(2, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if _, err := pipeline.Extract(t.Context(), []pipeline.Extractor{reader("a"), reader("b")}, in, nil, (&log{}).commit); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"abc", "abc"}, read); diff != "" {
		t.Error(diff)
	}
}

func TestExtractOfAClosedFileFailsItsStages(t *testing.T) {
	t.Parallel()
	in := opened(t)
	in.File.Close()
	got, err := pipeline.Extract(t.Context(), []pipeline.Extractor{maker("a", nil, "a.x")}, in, nil, (&log{}).commit)
	if err != nil || len(got) != 1 || got[0].Status != pipeline.Failed || !got[0].Retry {
		t.Errorf("got %+v, %v; want one failure that may be retried", got, err)
	}
}

func TestExtractStopsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var l log
	stopped := maker("b", nil, "b.x")
	stopped.Run = func(context.Context, pipeline.Opened) ([]pipeline.Observation, error) {
		cancel()
		return nil, pipeline.Permanent(errors.New("killed"))
	}
	got, err := pipeline.Extract(ctx, []pipeline.Extractor{maker("a", nil, "a.x"), stopped, maker("c", nil, "c.x")}, opened(t), nil, l.commit)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	want := []pipeline.StageResult{done("a", observation("a.x", "a"))}
	if diff := cmp.Diff(want, l.results); diff != "" {
		t.Error("committed: ", diff)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestExtractStopsWhenCommitFails(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	ran := false
	b := maker("b", nil, "b.x")
	b.Run = func(context.Context, pipeline.Opened) ([]pipeline.Observation, error) { ran = true; return nil, nil }
	_, err := pipeline.Extract(t.Context(), []pipeline.Extractor{maker("a", nil, "a.x"), b}, opened(t), nil,
		func(context.Context, pipeline.StageResult) error { return full })
	if !errors.Is(err, full) || ran {
		t.Errorf("error %v, next stage ran: %t", err, ran)
	}
}
