package sqlite

import (
	"path/filepath"
	"testing"
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

// What was known before lists were kept is one's own knowledge.
func TestKnownOfTheFirstSchema(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := provider(s.Writer())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.DownTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Writer().ExecContext(t.Context(), `INSERT INTO known (media, url, first_seen, event) VALUES ($1, 'u', 7, 'e')`, make([]byte, 32)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all, err := s.Known(t.Context())
	if err != nil || len(all) != 1 || all[0].URL != "u" || all[0].List != "" || all[0].Negative || all[0].FirstSeen.UnixMicro() != 7 || all[0].Event != "e" {
		t.Errorf("%+v %v", all, err)
	}
}
