// Package storetest is the conformance suite of package store: every database that can hold a store must pass it. Only
// tests import it.
package storetest

import (
	"encoding/json"
	"testing"
	"time"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// Open opens the store kept in dir, which is made at the first call; the same dir gives the same store. The suite
// closes it.
type Open func(t testing.TB, dir string) *store.Store

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(*testing.T, *store.Store){
		"media keep their first name":               mediaKeepTheirFirstName,
		"unknown ids are not found":                 unknownIDsAreNotFound,
		"failed update keeps nothing":               failedUpdateKeepsNothing,
		"stage result is saved once":                stageResultIsSavedOnce,
		"stage result refuses nonsense":             stageResultRefusesNonsense,
		"failure with retry gives way":              failureWithRetryGivesWay,
		"versions of a stage are apart":             versionsOfAStageAreApart,
		"order and repetition change nothing":       orderAndRepetitionChangeNothing,
		"case is assembled":                         caseIsAssembled,
		"incident is replaced, verdicts stay":       incidentIsReplaced,
		"incident refuses nonsense":                 incidentRefusesNonsense,
		"readers see one state":                     readersSeeOneState,
		"verdict history":                           verdictHistory,
		"diverging verdict is refused":              divergingVerdictIsRefused,
		"incomplete verdict gives way":              incompleteVerdictGivesWay,
		"history keeps the order":                   historyKeepsTheOrder,
		"history names what was decided on":         historyNamesWhatWasDecidedOn,
		"the log tells the turns":                   logTellsTheTurns,
		"history of an incomplete verdict":          historyOfAnIncompleteVerdict,
		"rules are kept":                            rulesAreKept,
		"replays are kept":                          replaysAreKept,
		"latest verdicts":                           latestVerdicts,
		"known footage":                             knownFootage,
		"lists stand beside one's own":              listsStandBesideOnesOwn,
		"what is known can be forgotten":            whatIsKnownCanBeForgotten,
		"archive before and now":                    archiveBeforeAndNow,
		"archive by a time":                         archiveByThen,
		"changes are marked":                        changesAreMarked,
		"listed prints are replaced":                listedPrintsAreReplaced,
		"numbers only grow":                         numbersOnlyGrow,
		"what a verdict met":                        whatAVerdictMet,
		"control maps of a case":                    controlMapsOfACase,
		"imported control maps":                     importedControlMaps,
		"control maps that clash":                   controlMapsThatClash,
		"decisions are kept":                        decisionsAreKept,
		"decisions lapse":                           decisionsLapse,
		"decisions refuse nonsense":                 decisionsRefuseNonsense,
		"links are kept":                            linksAreKept,
		"records are listed":                        recordsAreListed,
		"statements are kept":                       statementsAreKept,
		"each newest verdict":                       eachNewestVerdict,
		"a snapshot is one state":                   aSnapshotIsOneState,
		"what is not measured":                      whatIsNotMeasured,
		"reported is one state":                     reportedIsOneState,
		"batch counts each item once":               batchCountsEachItemOnce,
		"batch is found while it is open":           batchIsFoundWhileOpen,
		"batch with ready media":                    batchWithReadyMedia,
		"crashes are counted for each item":         crashesAreCounted,
		"the same media in two batches count twice": sameMediaInTwoBatches,
		"every result has its leaf":                 everyResultHasItsLeaf,
		"the log is read from one state":            logIsReadFromOneState,
		"changes are logged":                        changesAreLogged,
		"failed update logs nothing":                failedUpdateLogsNothing,
		"checkpoints grow":                          checkpointsGrow,
		"writers leave no gap":                      writersLeaveNoGap,
		"events of an incident":                     eventsOfAnIncident,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, t.TempDir())
			defer closed(t, s)
			test(t, s)
		})
	}
	t.Run("changed rows are named", func(t *testing.T) { changedRowsAreNamed(t, open) })
	t.Run("what was saved is there after opening again", func(t *testing.T) { t.Parallel(); survives(t, open) })
}

func closed(t testing.TB, s *store.Store) {
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

var (
	noon   = time.Date(2024, 3, 31, 12, 0, 0, 123_456_000, time.UTC)
	stages = []store.Stage{{Name: "container", Version: "1"}, {Name: "prints", Version: "2"}}
)

func id(n byte) pipeline.MediaID { return pipeline.MediaID{n, 31: n ^ 0xff} }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func saveMedia(t testing.TB, s *store.Store, ids ...pipeline.MediaID) {
	t.Helper()
	for _, id := range ids {
		must(t, s.SaveMedia(t.Context(), pipeline.Media{ID: id, SizeBytes: 5, GivenName: "a.jpg", ReceivedAt: noon}))
	}
}

func done(stage store.Stage, observations ...pipeline.Observation) pipeline.StageResult {
	for i := range observations {
		observations[i].Stage, observations[i].Version = stage.Name, stage.Version
	}
	return pipeline.StageResult{Stage: stage.Name, Version: stage.Version, Status: pipeline.Done,
		Observations: pipeline.Observations(observations)}
}

func failed(stage store.Stage, cause string, retry bool) pipeline.StageResult {
	return pipeline.StageResult{Stage: stage.Name, Version: stage.Version, Status: pipeline.Failed, Cause: cause, Retry: retry}
}

func observation(key pipeline.KeyID, body string) pipeline.Observation {
	return pipeline.Observation{Key: key, Body: json.RawMessage(body)}
}

func saveResult(t testing.TB, s *store.Store, id pipeline.MediaID, r pipeline.StageResult, want bool) {
	t.Helper()
	saved, err := s.SaveStageResult(t.Context(), id, r)
	must(t, err)
	if saved != want {
		t.Errorf("save %s %s %s: saved %v, want %v", r.Stage, r.Version, r.Status, saved, want)
	}
}

func incident(name string, files ...string) pipeline.Incident {
	in := pipeline.Incident{ID: name, Claim: pipeline.Claim{What: "shelling <of> a \u0456 market"}}
	for _, f := range files {
		in.Media = append(in.Media, pipeline.MediaRef{File: f})
	}
	return in
}

func saveIncident(t testing.TB, s *store.Store, in pipeline.Incident, media ...store.Attachment) {
	t.Helper()
	must(t, s.SaveIncident(t.Context(), store.Record{Incident: in, Case: "case 1", Media: media, UpdatedAt: noon}))
}
