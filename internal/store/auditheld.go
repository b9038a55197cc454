package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"

	"whenwhere/internal/audit"
	"whenwhere/pipeline"
)

// Held hands all rows that the log speaks of to yield, as they are now: all from one state of the database.
func (s *Store) Held(ctx context.Context, yield func(audit.Held) error) error {
	return s.Snapshot(ctx, func(now *Snapshot) error { return now.Held(ctx, yield) })
}

// Held is Store.Held.
func (s *Snapshot) Held(ctx context.Context, yield func(audit.Held) error) error {
	salts, err := allSalts(ctx, s.q)
	if err != nil {
		return wrapLog(err)
	}
	return wrapLog(everything(ctx, s.q, func(e Event) error { return yield(salts.held(e)) }))
}

// saltTable is every salt.
type saltTable map[saltKey]audit.Salt

func allSalts(ctx context.Context, q querier) (saltTable, error) {
	type row struct {
		key  saltKey
		salt audit.Salt
	}
	all, err := list(ctx, q, func(rows *sql.Rows) (r row, err error) {
		var name, salt []byte
		err = rows.Scan(&r.key.kind, &name, &salt)
		r.key.name = string(name)
		copy(r.salt[:], salt)
		return r, err
	}, `SELECT kind, name, salt FROM log_salt`)
	out := saltTable{}
	for _, r := range all {
		out[r.key] = r.salt
	}
	return out, err
}

// held names an item as leaves do.
func (t saltTable) held(e Event) audit.Held {
	out := audit.Held{Item: audit.Item{Kind: e.Kind, Subject: audit.Digest(e.Media)}, Name: e.name()}
	salt, ok := t[e.about()]
	if !ok {
		return out
	}
	out.Subject = e.subject(salt)
	if e.Params != nil {
		out.Params = salt.Digest(e.Params)
	}
	result := salt.Digest(e.Result)
	out.Result = &result
	return out
}

// name is what an event is about, for people.
func (e Event) name() string {
	of := e.Incident
	if of == "" {
		of = e.Media.String()
	}
	switch e.Kind {
	case audit.KindStage:
		return fmt.Sprintf("stage %s %s of %s", e.Tool, e.Version, of)
	case audit.KindMap, audit.KindCaseMap:
		return "control map " + of
	case audit.KindKnown:
		return "known footage " + of
	case audit.KindListed:
		return "listed prints of " + of
	default:
		return fmt.Sprintf("%s of %s", e.Kind, of)
	}
}

// everything lists all rows that the log speaks of as events. Verdicts come in the order of their incident's history.
func everything(ctx context.Context, q querier, yield func(Event) error) error {
	for _, part := range []func(context.Context, querier, func(Event) error) error{allFiles, allRecords, allMaps, allKnown, allVerdicts, allReplays, allStatements, allPeople} {
		if err := part(ctx, q, yield); err != nil {
			return err
		}
	}
	return nil
}

// each hands the event of every row to yield. err is that of reading the rows.
func each[T any](rows []T, err error, event func(T) (Event, error), yield func(Event) error) error {
	for i := 0; err == nil && i < len(rows); i++ {
		var e Event
		if e, err = event(rows[i]); err == nil {
			err = yield(e)
		}
	}
	return err
}

func asItIs(e Event) (Event, error) { return e, nil }

func allFiles(ctx context.Context, q querier, yield func(Event) error) error {
	ids, err := mediaIDs(ctx, q, `SELECT id FROM media ORDER BY received_at, id`)
	for i := 0; err == nil && i < len(ids); i++ {
		err = allOfFile(ctx, q, ids[i], yield)
	}
	return err
}

func allOfFile(ctx context.Context, q querier, id pipeline.MediaID, yield func(Event) error) error {
	m, err := media(ctx, q, id)
	if err == nil {
		err = yield(fileEvent(m))
	}
	if err != nil {
		return err
	}
	stages, err := list(ctx, q, func(rows *sql.Rows) (s Stage, err error) { return s, rows.Scan(&s.Name, &s.Version) },
		`SELECT stage, version FROM stage_result WHERE media = $1 ORDER BY stage, version`, id[:])
	if err != nil {
		return err
	}
	results, err := stageResults(ctx, q, id, stages)
	return each(results, err, func(r pipeline.StageResult) (Event, error) { return stageEvent(id, r) }, yield)
}

func allRecords(ctx context.Context, q querier, yield func(Event) error) error {
	ids, err := list(ctx, q, scanned[string], `SELECT id FROM incident ORDER BY id`)
	for i := 0; err == nil && i < len(ids); i++ {
		var text []byte
		if text, err = recordNow(ctx, q, ids[i]); err == nil {
			err = yield(recordEvent(ids[i], text))
		}
	}
	return err
}

func allMaps(ctx context.Context, q querier, yield func(Event) error) error {
	imported, err := list(ctx, q, scanControlMap, selectControlMap+` ORDER BY provider, as_of`)
	if err := each(imported, err, mapEvent, yield); err != nil {
		return err
	}
	own, err := list(ctx, q, func(rows *sql.Rows) (e Event, err error) {
		var name string
		var f ControlFile
		var hash []byte
		if err = rows.Scan(&name, &f.Path, &hash); err == nil {
			f.SHA256, err = mediaID(hash)
		}
		return caseMapEvent(name, f), err
	}, `SELECT case_name, path, sha256 FROM case_control ORDER BY case_name, path`)
	return each(own, err, asItIs, yield)
}

func allKnown(ctx context.Context, q querier, yield func(Event) error) error {
	rows, err := list(ctx, q, scanKnown, selectKnown+` ORDER BY media, url, list`)
	if err := each(rows, err, knownEvent, yield); err != nil {
		return err
	}
	type key struct {
		media []byte
		list  string
	}
	keys, err := list(ctx, q, func(rows *sql.Rows) (k key, err error) { return k, rows.Scan(&k.media, &k.list) },
		`SELECT DISTINCT media, list FROM listed_print ORDER BY media, list`)
	for i := 0; err == nil && i < len(keys); i++ {
		err = allListed(ctx, q, keys[i].media, keys[i].list, yield)
	}
	return err
}

func allListed(ctx context.Context, q querier, column []byte, name string, yield func(Event) error) error {
	id, err := mediaID(column)
	if err != nil {
		return err
	}
	prints, err := list(ctx, q, scanListed, selectListed+` WHERE media = $1 AND list = $2 ORDER BY ord`, column, name)
	if err != nil {
		return err
	}
	return yield(listedEvent(id, name, prints))
}

func allVerdicts(ctx context.Context, q querier, yield func(Event) error) error {
	ids, err := list(ctx, q, scanned[string], `SELECT incident FROM verdict UNION SELECT incident FROM judged ORDER BY incident`)
	for i := 0; err == nil && i < len(ids); i++ {
		err = verdictsOf(ctx, q, ids[i], yield)
	}
	return err
}

// verdictsOf hands on the verdicts of an incident, the latest last. Turns of a verdict that is not there are of an empty one,
// which no leaf speaks of.
func verdictsOf(ctx context.Context, q querier, incident string, yield func(Event) error) error {
	all, err := list(ctx, q, func(rows *sql.Rows) (v verdictRow, err error) {
		var input []byte
		if err = rows.Scan(&input, &v.text.verdict, &v.text.findings, &v.text.stages, &v.at); err == nil {
			v.input, err = mediaID(input)
		}
		return v, err
	}, `SELECT input_sha256, verdict, findings, stages, at FROM verdict WHERE incident = $1 ORDER BY seq`, incident)
	if err != nil {
		return err
	}
	turns, err := turnsOf(ctx, q, incident)
	if err != nil {
		return err
	}
	var rest []verdictRow
	for input := range turns {
		if !slices.ContainsFunc(all, func(v verdictRow) bool { return v.input == input }) {
			rest = append(rest, verdictRow{input: input})
		}
	}
	slices.SortFunc(rest, func(x, y verdictRow) int { return bytes.Compare(x.input[:], y.input[:]) })
	return each(append(rest, all...), nil, func(v verdictRow) (Event, error) {
		return verdictEvent(incident, v.input, v.text, v.at, turns[v.input]), nil
	}, yield)
}

// verdictRow is a row of verdicts.
type verdictRow struct {
	input [32]byte
	text  stored
	at    int64
}

// turnsOf finds all turns of an incident, by the input of the verdict.
func turnsOf(ctx context.Context, q querier, incident string) (map[[32]byte][]turnRow, error) {
	out := map[[32]byte][]turnRow{}
	_, err := list(ctx, q, func(rows *sql.Rows) (t turnRow, err error) {
		var input, record []byte
		var at int64
		if err = rows.Scan(&t.Seq, &input, &record, &t.GaveWay, &at); err != nil {
			return t, err
		}
		t.At, t.Record = fromMicros(at).Format(audit.TimeLayout), hex.EncodeToString(record)
		key, err := mediaID(input)
		out[key] = append(out[key], t)
		return t, err
	}, `SELECT seq, input_sha256, record_sha256, gave_way = 1, at FROM judged WHERE incident = $1 ORDER BY seq`, incident)
	return out, err
}

func allReplays(ctx context.Context, q querier, yield func(Event) error) error {
	all, err := list(ctx, q, func(rows *sql.Rows) (e Event, err error) {
		var r replayRow
		err = rows.Scan(&r.incident, &r.num, &r.input, &r.knownBy, &r.text.verdict, &r.text.findings, &r.text.stages, &r.at)
		return replayEvent(r), err
	}, `SELECT incident, num, input_sha256, known_by, verdict, findings, stages, at FROM replay ORDER BY incident, num`)
	return each(all, err, asItIs, yield)
}

func allStatements(ctx context.Context, q querier, yield func(Event) error) error {
	all, err := list(ctx, q, func(rows *sql.Rows) (e Event, err error) {
		var id string
		var record []byte
		err = rows.Scan(&id, &record)
		return statementEvent(id, record), err
	}, `SELECT id, record FROM statement ORDER BY id`)
	return each(all, err, asItIs, yield)
}

func allPeople(ctx context.Context, q querier, yield func(Event) error) error {
	decisions, err := list(ctx, q, scanDecision, `SELECT incident, seq, ruling, person, reason, digest, machine, at FROM decision ORDER BY incident, seq`)
	err = each(decisions, err, decisionEvent, yield)
	for _, kind := range []pipeline.LinkKind{pipeline.LinkIncidents, pipeline.LinkStatement} {
		if err != nil {
			return err
		}
		var pairs []pipeline.Link
		pairs, err = links(ctx, q, kind)
		for i := 0; err == nil && i < len(pairs); i++ {
			var both []Event
			both, err = linkEvents(pairs[i])
			err = each(both, err, asItIs, yield)
		}
	}
	return err
}

// Adopt gives every row that was there before there was a log its first leaf. It does so once in the life of a database,
// and only while the log is empty.
func (s *Store) Adopt(ctx context.Context) error {
	var done bool
	if err := s.read.QueryRowContext(ctx, `SELECT coalesce((SELECT adopted FROM log_head WHERE id = 1), 1) = 1`).Scan(&done); err != nil || done {
		return wrapLog(err)
	}
	return s.Update(ctx, func(t *Tx) error {
		n, err := t.exec(ctx, `UPDATE log_head SET adopted = 1 WHERE id = 1 AND adopted = 0 AND size = 0`)
		if err != nil || n == 0 {
			return wrapLog(err)
		}
		at := s.now().UTC().Format(audit.TimeLayout)
		return everything(ctx, t.tx, func(e Event) error {
			e.Action, e.By = audit.Adopted, "" // who did it then is in the row
			if err := t.log(e); err != nil || len(t.events) < adoptAtOnce {
				return err
			}
			return t.logged(ctx, at)
		})
	})
}

// adoptAtOnce is how many rows are held in memory while they are adopted.
const adoptAtOnce = 1000
