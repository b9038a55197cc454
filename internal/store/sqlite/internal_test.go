package sqlite

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"whenwhere/internal/audit"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

func TestOldVersionsAreRefused(t *testing.T) {
	t.Parallel()
	for version, ok := range map[string]bool{
		"3.51.3": true, "3.51.10": true, "3.53.4": true, "4.0.0": true,
		"3.51.2": false, "3.9.9": false, "2.99.99": false, "": false, "new": false,
	} {
		if err := checkVersion(version); (err == nil) != ok {
			t.Errorf("%q: %v", version, err)
		}
	}
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	read, err := pool(path, readers, "mode=ro&_pragma=query_only(1)")
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	if _, err := read.ExecContext(t.Context(), `DELETE FROM media`); err == nil {
		t.Error("a reader could delete")
	}
}

func TestSettingsReachTheWriter(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "foreign_keys": "1", "synchronous": "1", "busy_timeout": "10000"} {
		var got string
		if err := s.Writer().QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", pragma, got, err, want)
		}
	}
}

func TestMigrationsGoDownAndUp(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p, err := provider(s.Writer())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.DownTo(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := s.Writer().QueryRowContext(t.Context(), `SELECT count(*) FROM sqlite_schema
		WHERE type = 'table' AND name NOT LIKE 'river%' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%'`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d tables left, %v", left, err)
	}
	if _, err := p.Up(t.Context()); err != nil {
		t.Error(err)
	}
}

// grownFrom is a database of an earlier schema, filled, as it is after the next opening.
func grownFrom(t *testing.T, version int64, fill func(exec func(text string, args ...any))) *store.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := provider(s.Writer())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.DownTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	fill(func(text string, args ...any) {
		t.Helper()
		if _, err := s.Writer().ExecContext(t.Context(), text, args...); err != nil {
			t.Fatal(err)
		}
	})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// What was known before lists were kept is one's own knowledge.
func TestKnownOfTheFirstSchema(t *testing.T) {
	t.Parallel()
	s := grownFrom(t, 1, func(exec func(string, ...any)) {
		exec(`INSERT INTO known (media, url, first_seen, event) VALUES ($1, 'u', 7, 'e')`, make([]byte, 32))
	})
	all, err := s.Known(t.Context())
	if err != nil || len(all) != 1 || all[0].URL != "u" || all[0].List != "" || all[0].Negative || all[0].FirstSeen.UnixMicro() != 7 || all[0].Event != "e" {
		t.Errorf("%+v %v", all, err)
	}
}

// What was there before there was a log is in it after the next opening: one leaf each, once.
func TestFolderOfBeforeTheLog(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	s := filled(t, path)
	p, err := provider(s.Writer())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.DownTo(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	var before []audit.Row
	for range 2 {
		if s, err = Open(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		before = adopted(t, s, before)
		if _, err := s.Writer().ExecContext(t.Context(), `UPDATE log_head SET adopted = 0`); err != nil { // it is not done twice, whatever that says
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// What is put into a new database past the log is not adopted at its next opening.
func TestNothingIsAdoptedLater(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Writer().ExecContext(t.Context(), `INSERT INTO media (id, size_bytes, given_name, received_at) VALUES ($1, 1, '', 0)`, make([]byte, 32)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if n, err := s.LogSize(t.Context()); err != nil || n != 0 {
		t.Errorf("%d leaves, %v", n, err)
	}
}

// filled is a database with a file and an incident.
func filled(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	m := pipeline.Media{ID: pipeline.MediaID{1}, SizeBytes: 5, GivenName: "a.jpg"}
	in := pipeline.Incident{ID: "i", Media: []pipeline.MediaRef{{File: "a.jpg"}}}
	r := pipeline.StageResult{Stage: "container", Version: "1", Status: pipeline.Failed, Cause: "cut off"}
	err = s.Update(t.Context(), func(tx *store.Tx) error {
		err := tx.SaveMedia(t.Context(), m)
		if err == nil {
			_, err = tx.SaveStageResult(t.Context(), m.ID, r)
		}
		return errors.Join(err, tx.SaveIncident(t.Context(), store.Record{Incident: in, Media: []store.Attachment{{ID: m.ID}}}),
			tx.SaveVerdict(t.Context(), store.Judgement{Incident: "i", Verdict: pipeline.Verdict{Incident: "i", Rules: "2026.0"}}))
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// adopted checks that the log has what filled saved, and nothing else than before.
func adopted(t *testing.T, s *store.Store, before []audit.Row) []audit.Row {
	t.Helper()
	rows, err := s.LogLeaves(t.Context(), 0, 100)
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d leaves, %v", len(rows), err)
	}
	for i, want := range []audit.Kind{audit.KindFile, audit.KindStage, audit.KindRecord, audit.KindVerdict} {
		if l, err := audit.ParseLeaf(rows[i].Leaf); err != nil || l.Kind != want || l.Action != audit.Adopted {
			t.Errorf("leaf %d: %+v, %v", i, l, err)
		}
		if before != nil && !bytes.Equal(before[i].Leaf, rows[i].Leaf) {
			t.Errorf("leaf %d changed", i)
		}
	}
	log, err := audit.Check(t.Context(), s, audit.PublicKey{})
	if err != nil {
		t.Fatal(err)
	}
	held := log.Holdings()
	if err := s.Held(t.Context(), func(h audit.Held) error { held.Add(h); return nil }); err != nil {
		t.Fatal(err)
	}
	if all := append(log.Damage, held.Damage()...); len(all) > 0 {
		t.Errorf("damage %v", all)
	}
	return rows
}
