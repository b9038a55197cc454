package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"whenwhere/pipeline"
)

// Part is a half of the catalogue.
type Part string

const (
	PartSeen  Part = "seen"  // whatever was seen anywhere: media of incidents, and known footage
	PartAsked Part = "asked" // media of incidents, of which is asked whether they were seen before
)

// madeByList stands in column made for prints that lists say.
const madeByList = "lists"

// Numbered is a file with prints under its number in a part of the catalogue. Numbers only grow: what has a number at or
// below one that was handled before has been handled, and what is new has a higher one.
type Numbered struct {
	Num   uint64
	Media pipeline.MediaID
}

// replaced gives up the number of what lists said of a file: its prints of now will get a new one.
func (t *Tx) replaced(ctx context.Context, id pipeline.MediaID) error {
	_, err := t.exec(ctx, `UPDATE catalogue SET made = 'replaced ' || num WHERE media = $1 AND made = $2`, id[:], madeByList)
	return err
}

// NumberPrints gives a number to each file that has prints by the given version of the stage, or in lists, and has none
// in the part yet.
func (t *Tx) NumberPrints(ctx context.Context, part Part, prints Stage) error {
	attached := ""
	if part == PartAsked {
		attached = ` AND o.media IN (SELECT media FROM incident_media)`
	}
	_, err := t.exec(ctx, `INSERT INTO catalogue (part, media, made)
		SELECT $1, o.media, $2 FROM observation o WHERE o.key = $3 AND o.stage = $4 AND o.version = $5`+attached+`
		AND NOT EXISTS (SELECT 1 FROM catalogue c WHERE c.part = $1 AND c.made = $2 AND c.media = o.media) ORDER BY o.media`,
		string(part), madeBy(prints), string(pipeline.PrintsKey.ID), prints.Name, prints.Version)
	if err == nil && part == PartSeen {
		_, err = t.exec(ctx, `INSERT INTO catalogue (part, media, made)
			SELECT DISTINCT $1, p.media, $2 FROM listed_print p
			WHERE NOT EXISTS (SELECT 1 FROM catalogue c WHERE c.part = $1 AND c.made = $2 AND c.media = p.media) ORDER BY p.media`,
			string(part), madeByList)
	}
	if err != nil {
		return fmt.Errorf("store: catalogue: %w", err)
	}
	return nil
}

func madeBy(s Stage) string { return "stage " + s.Name + " " + s.Version }

// Numbers lists at most limit files of a part with numbers above after, in their order, without those whose prints are
// of another version of the stage.
func (s *Store) Numbers(ctx context.Context, part Part, prints Stage, after uint64, limit int) ([]Numbered, error) {
	out, err := list(ctx, s.read, scanNumbered, `SELECT num, media FROM catalogue
		WHERE part = $1 AND num > $2 AND made IN ($3, $4) ORDER BY num LIMIT $5`,
		string(part), int64(after), madeBy(prints), madeByList, limit)
	if err != nil {
		return nil, fmt.Errorf("store: catalogue: %w", err)
	}
	return out, nil
}

// MediaOfNumber finds the file of a number, also of one that was given up; ok is false when there never was one.
func (s *Store) MediaOfNumber(ctx context.Context, part Part, num uint64) (id pipeline.MediaID, ok bool, err error) {
	var column []byte
	err = s.read.QueryRowContext(ctx, `SELECT media FROM catalogue WHERE part = $1 AND num = $2`, string(part), int64(num)).Scan(&column)
	if errors.Is(err, sql.ErrNoRows) {
		return id, false, nil
	}
	if err == nil {
		id, err = mediaID(column)
	}
	if err != nil {
		return id, false, fmt.Errorf("store: catalogue %d: %w", num, err)
	}
	return id, true, nil
}

func scanNumbered(rows *sql.Rows) (n Numbered, err error) {
	var id []byte
	var num int64
	if err := rows.Scan(&num, &id); err != nil {
		return Numbered{}, err
	}
	n.Num = uint64(num)
	n.Media, err = mediaID(id)
	return n, err
}

// IncidentsOf lists the incidents that show a file, sorted.
func (s *Store) IncidentsOf(ctx context.Context, id pipeline.MediaID) ([]string, error) {
	out, err := list(ctx, s.read, scanned[string], `SELECT DISTINCT incident FROM incident_media WHERE media = $1 ORDER BY incident`, id[:])
	if err != nil {
		return nil, fmt.Errorf("store: incidents of %s: %w", id, err)
	}
	return out, nil
}

// Sighted lists the incidents whose latest verdict met the file in the catalogue, sorted.
func (s *Store) Sighted(ctx context.Context, id pipeline.MediaID) ([]string, error) {
	out, err := list(ctx, s.read, scanned[string], `SELECT incident FROM sighting WHERE media = $1 ORDER BY incident`, id[:])
	if err != nil {
		return nil, fmt.Errorf("store: sightings of %s: %w", id, err)
	}
	return out, nil
}

// saveSightings makes media the files that the latest verdict of the incident met.
func (t *Tx) saveSightings(ctx context.Context, incident string, media []pipeline.MediaID) error {
	_, err := t.exec(ctx, `DELETE FROM sighting WHERE incident = $1`, incident)
	for i := 0; err == nil && i < len(media); i++ {
		_, err = t.exec(ctx, `INSERT INTO sighting (incident, media) VALUES ($1, $2) ON CONFLICT (incident, media) DO NOTHING`,
			incident, media[i][:])
	}
	return err
}

// markChanged notes that what is known of a file, what it looks like, or which incident shows it, is new, so that the
// incidents that it touches have to be judged again.
func (t *Tx) markChanged(ctx context.Context, id pipeline.MediaID) error {
	_, err := t.exec(ctx, `INSERT INTO changed (media) VALUES ($1) ON CONFLICT (media) DO NOTHING`, id[:])
	return err
}

// Changed lists the files that are marked as changed, by id.
func (s *Store) Changed(ctx context.Context) ([]pipeline.MediaID, error) {
	ids, err := mediaIDs(ctx, s.read, `SELECT media FROM changed ORDER BY media`)
	if err != nil {
		return nil, fmt.Errorf("store: changed: %w", err)
	}
	return ids, nil
}

// HadArchive reports whether footage is known, of what nothing changed, that new footage could be a copy of.
func (s *Store) HadArchive(ctx context.Context) (had bool, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM known WHERE negative = 0 AND media NOT IN (SELECT media FROM changed))`).Scan(&had)
	if err != nil {
		return false, fmt.Errorf("store: known: %w", err)
	}
	return had, nil
}

// Unmeasured lists the files that have no result of a stage, by id.
func (s *Store) Unmeasured(ctx context.Context, stage Stage) ([]pipeline.MediaID, error) {
	ids, err := mediaIDs(ctx, s.read, `SELECT id FROM media WHERE NOT EXISTS
		(SELECT 1 FROM stage_result WHERE media = media.id AND stage = $1 AND version = $2) ORDER BY id`, stage.Name, stage.Version)
	if err != nil {
		return nil, fmt.Errorf("store: unmeasured: %w", err)
	}
	return ids, nil
}

// mediaIDs reads rows of one column of ids.
func mediaIDs(ctx context.Context, q querier, text string, args ...any) ([]pipeline.MediaID, error) {
	columns, err := list(ctx, q, scanned[[]byte], text, args...)
	var ids []pipeline.MediaID
	for i := 0; err == nil && i < len(columns); i++ {
		var id pipeline.MediaID
		id, err = mediaID(columns[i])
		ids = append(ids, id)
	}
	return ids, err
}

// Settle takes the mark off files: all incidents that they touch have been judged again.
func (t *Tx) Settle(ctx context.Context, ids []pipeline.MediaID) error {
	for _, id := range ids {
		if _, err := t.exec(ctx, `DELETE FROM changed WHERE media = $1`, id[:]); err != nil {
			return fmt.Errorf("store: settle %s: %w", id, err)
		}
	}
	return nil
}
