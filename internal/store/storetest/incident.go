package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

func caseIsAssembled(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1), id(2))
	first := done(stages[0], observation("container.file", `{"type":"image/jpeg"}`))
	second := done(stages[1], observation("prints.looks", `[]`))
	saveResult(t, s, id(2), second, true)
	saveResult(t, s, id(2), first, true)
	saveResult(t, s, id(1), failed(stages[0], "truncated", false), true)
	in := incident("i", "b.jpg", "gone.jpg", "a.jpg", "copy.jpg")
	in.Claim.When = &pipeline.Span{From: noon, To: noon.Add(time.Hour)}
	in.Media[3].Role = pipeline.RoleContext
	saveIncident(t, s, in, store.Attachment{ID: id(2)}, store.Attachment{Missing: "no such file"},
		store.Attachment{ID: id(1)}, store.Attachment{ID: id(2)})

	two := pipeline.Exhibit{Media: &pipeline.Media{ID: id(2), SizeBytes: 5, GivenName: "a.jpg", ReceivedAt: noon},
		Observed: append(pipeline.Observations{}, first.Observations[0], second.Observations[0]),
		Stages:   []pipeline.StageResult{first, second}}
	one := pipeline.Exhibit{Media: &pipeline.Media{ID: id(1), SizeBytes: 5, GivenName: "a.jpg", ReceivedAt: noon},
		Stages: []pipeline.StageResult{failed(stages[0], "truncated", false)}}
	want := pipeline.Case{Incident: in, Media: []pipeline.Exhibit{two, {Missing: "no such file"}, one, two}}
	for i := range want.Media {
		want.Media[i].Ref = in.Media[i]
	}
	got, err := s.Case(t.Context(), "i", stages)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("case (-want +got):\n%s", diff)
	}
}

func incidentIsReplaced(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1), id(2))
	saveIncident(t, s, incident("b", "a.jpg", "b.jpg"), store.Attachment{ID: id(1)}, store.Attachment{ID: id(2)})
	saveIncident(t, s, incident("a"))
	must(t, s.SaveVerdict(t.Context(), judgement("b", 1, 60)))
	before, err := s.Incidents(t.Context())
	must(t, err)

	later := noon.Add(time.Hour)
	must(t, s.SaveIncident(t.Context(), store.Record{Incident: incident("b", "c.jpg"), Case: "case 2",
		Media: []store.Attachment{{ID: id(2)}}, UpdatedAt: later}))
	c, err := s.Case(t.Context(), "b", stages)
	must(t, err)
	if len(c.Media) != 1 || c.Media[0].Ref.File != "c.jpg" || c.Media[0].Media.ID != id(2) {
		t.Errorf("case after the replacement: %+v", c)
	}
	if j, err := s.Verdict(t.Context(), "b"); err != nil || j.Verdict.Score != 60 {
		t.Errorf("verdict after the replacement: %+v, %v", j, err)
	}
	after, err := s.Incidents(t.Context())
	must(t, err)
	want := []store.IncidentRow{before[0], {ID: "b", Case: "case 2", RecordSHA256: after[1].RecordSHA256, UpdatedAt: later}}
	if diff := cmp.Diff(want, after); diff != "" || after[1].RecordSHA256 == before[1].RecordSHA256 {
		t.Errorf("incidents (-want +got), hash %x:\n%s", after[1].RecordSHA256, diff)
	}
}

func incidentRefusesNonsense(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1))
	for name, r := range map[string]store.Record{
		"no id":                 {Incident: incident("")},
		"fewer attachments":     {Incident: incident("i", "a.jpg")},
		"attachment of nothing": {Incident: incident("i", "a.jpg"), Media: []store.Attachment{{}}},
		"attachment of both":    {Incident: incident("i", "a.jpg"), Media: []store.Attachment{{ID: id(1), Missing: "gone"}}},
		"unknown media":         {Incident: incident("i", "a.jpg"), Media: []store.Attachment{{ID: id(2)}}},
	} {
		if err := s.SaveIncident(t.Context(), r); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if all, err := s.Incidents(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("kept %v, %v", all, err)
	}
}

// readersSeeOneState: a record and its list of files are never of different saves.
func readersSeeOneState(t *testing.T, s *store.Store) {
	saveMedia(t, s, id(1))
	save := func(n int) {
		files := make([]string, n)
		media := make([]store.Attachment, n)
		for i := range files {
			files[i], media[i] = fmt.Sprint(i), store.Attachment{ID: id(1)}
		}
		saveIncident(t, s, incident("i", files...), media...)
	}
	save(1)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if c, err := s.Case(t.Context(), "i", stages); err != nil || len(c.Media) != len(c.Incident.Media) {
					t.Errorf("%d exhibits for %d media: %v", len(c.Media), len(c.Incident.Media), err)
					return
				}
			}
		})
	}
	for i := range 150 {
		save(1 + i%5)
	}
	close(stop)
	wg.Wait()
}

func judgement(incident string, input byte, score float64) store.Judgement {
	return store.Judgement{
		Incident: incident, InputSHA256: [32]byte{input},
		Verdict: pipeline.Verdict{Incident: incident, Score: score, Rules: "r1",
			Axes: map[pipeline.Axis]float64{pipeline.AxisWhen: 0.1, pipeline.AxisWhere: 1.0 / 3}},
		Findings: []pipeline.Finding{{Question: "when.clock", Outcome: pipeline.Unavailable, Code: pipeline.CodeMetadataStripped,
			Reason: "no clock <here>", Basis: pipeline.Basis{Kind: "gps", Of: "a:b"}}},
		Stages: []pipeline.StageResult{{Stage: "when", Version: "1", Status: pipeline.Done}},
		At:     noon,
	}
}

func verdictHistory(t *testing.T, s *store.Store) {
	saveIncident(t, s, incident("i"))
	a, b := judgement("i", 1, 10), judgement("i", 2, 20)
	again := a
	again.At = noon.Add(time.Hour)
	for _, step := range []struct {
		save store.Judgement
		want []store.Judgement
	}{
		{a, []store.Judgement{a}},
		{again, []store.Judgement{a}},
		{b, []store.Judgement{b, a}},
		{b, []store.Judgement{b, a}},
		{again, []store.Judgement{a, b}},
		{b, []store.Judgement{b, a}},
	} {
		must(t, s.SaveVerdict(t.Context(), step.save))
		got, err := s.Verdicts(t.Context(), "i")
		must(t, err)
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Fatalf("after input %d (-want +got):\n%s", step.save.InputSHA256[0], diff)
		}
		latest, err := s.Verdict(t.Context(), "i")
		must(t, err)
		if diff := cmp.Diff(step.want[0], latest); diff != "" {
			t.Fatalf("latest (-want +got):\n%s", diff)
		}
	}
	if err := s.SaveVerdict(t.Context(), judgement("nobody", 1, 1)); err == nil {
		t.Error("verdict of an incident that is not there: no error")
	}
}

func divergingVerdictIsRefused(t *testing.T, s *store.Store) {
	saveIncident(t, s, incident("i"))
	must(t, s.SaveVerdict(t.Context(), judgement("i", 1, 10)))
	err := s.SaveVerdict(t.Context(), judgement("i", 1, 11))
	var diverged *store.DivergedError
	if !errors.As(err, &diverged) || diverged.Incident != "i" || diverged.InputSHA256[0] != 1 {
		t.Fatalf("got %v, want a DivergedError", err)
	}
	if j, err := s.Verdict(t.Context(), "i"); err != nil || j.Verdict.Score != 10 {
		t.Errorf("kept %+v, %v", j, err)
	}
}

func incompleteVerdictGivesWay(t *testing.T, s *store.Store) {
	saveIncident(t, s, incident("i"))
	incomplete := judgement("i", 1, 10)
	incomplete.Verdict.Incomplete = []string{"footage: : the index was locked"}
	must(t, s.SaveVerdict(t.Context(), incomplete))
	whole := judgement("i", 1, 30)
	must(t, s.SaveVerdict(t.Context(), whole))
	got, err := s.Verdicts(t.Context(), "i")
	must(t, err)
	if diff := cmp.Diff([]store.Judgement{whole}, got); diff != "" {
		t.Errorf("verdicts (-want +got):\n%s", diff)
	}
}

func latestVerdicts(t *testing.T, s *store.Store) {
	for _, name := range []string{"c", "a", "b"} {
		saveIncident(t, s, incident(name))
	}
	for _, j := range []store.Judgement{judgement("c", 1, 1), judgement("c", 2, 2), judgement("a", 3, 3)} {
		must(t, s.SaveVerdict(t.Context(), j))
	}
	got, err := s.LatestVerdicts(t.Context())
	must(t, err)
	if diff := cmp.Diff([]store.Judgement{judgement("a", 3, 3), judgement("c", 2, 2)}, got); diff != "" {
		t.Errorf("latest (-want +got):\n%s", diff)
	}
}

func survives(t *testing.T, open Open) {
	dir := t.TempDir()
	s := open(t, dir)
	saveMedia(t, s, id(1))
	saveIncident(t, s, incident("i", "a.jpg"), store.Attachment{ID: id(1)})
	want, err := s.Case(t.Context(), "i", stages)
	must(t, err)
	other := open(t, dir) // as another process would, at the same time
	saveMedia(t, other, id(2))
	closed(t, other)
	closed(t, s)

	s = open(t, dir)
	defer closed(t, s)
	got, err := s.Case(t.Context(), "i", stages)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("case (-want +got):\n%s", diff)
	}
	if _, err := s.Media(t.Context(), id(2)); err != nil {
		t.Error(err)
	}
}
