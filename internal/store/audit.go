package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"whenwhere/internal/audit"
	"whenwhere/pipeline"
)

// Event is what happened to one item, for the log. What is saved by the methods of Tx logs itself; Log is for the rest.
type Event struct {
	Action   audit.Action
	Kind     audit.Kind
	Media    pipeline.MediaID // the subject is a file,
	Incident string           // or an incident, as the kind has it
	Params   []byte           // what tells the item from others of its kind and subject; nil when nothing has to
	Size     *int64           // of a file, bytes
	By       string           // pseudonym of the person who did it; empty when the program did
	Tool     string           // what made the result: a stage, a command, a format
	Version  string           // of the tool
	Result   []byte           // the item's bytes, of which the log keeps a salted digest; nil only when it was removed
}

// Log adds an event to the log, in this transaction: it is there exactly when what it tells is. Numbers are given when
// the transaction ends, so that writers wait for each other as short as can be.
func (t *Tx) Log(_ context.Context, e Event) error { return t.log(e) }

func (t *Tx) log(e Event) error {
	if e.Kind.OfIncident() != (e.Incident != "") || e.Incident != "" && !e.Media.IsZero() {
		return fmt.Errorf("store: log: %s %s: want either a file or an incident, as its kind has it", e.Action, e.Kind)
	}
	if (e.Result == nil) != (e.Action == audit.Removed) {
		return fmt.Errorf("store: log: %s: result: absent exactly when the item was removed", e.Action)
	}
	t.events = append(t.events, e)
	return nil
}

// logged writes the events of the transaction into the log. It is the last thing that the transaction does.
func (t *Tx) logged(ctx context.Context, at string) error {
	if len(t.events) == 0 {
		return nil
	}
	a := appender{tx: t, at: at, salts: map[saltKey]audit.Salt{}, last: map[audit.Digest]*int64{}, hashes: map[int64]tlog.Hash{}}
	err := t.tx.QueryRowContext(ctx, `UPDATE log_head SET size = size + $1 WHERE id = 1 RETURNING size - $1`, len(t.events)).Scan(&a.next)
	for i := 0; err == nil && i < len(t.events); i++ {
		err = a.add(ctx, t.events[i])
	}
	if err == nil {
		err = a.write(ctx)
	}
	if err != nil {
		return fmt.Errorf("store: log: %w", err)
	}
	t.events, t.grew = nil, true
	return nil
}

// appender makes leaves of the events of one transaction.
type appender struct {
	tx   *Tx
	at   string
	next int64 // number of the next leaf

	salts  map[saltKey]audit.Salt
	last   map[audit.Digest]*int64 // number of the latest leaf of a subject; nil when it has none
	leaves []any                   // seq, subject, leaf of each new leaf
	nodes  []any                   // idx, hash of each new node
	hashes map[int64]tlog.Hash     // the new nodes
}

// saltKey names whom a salt is for.
type saltKey struct{ kind, name string }

func (a *appender) add(ctx context.Context, e Event) error {
	leaf, err := a.leaf(ctx, e)
	if err != nil {
		return err
	}
	text, err := leaf.Bytes()
	if err != nil {
		return err
	}
	nodes, err := tlog.StoredHashes(leaf.Seq, text, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) { return a.read(ctx, indexes) }))
	if err != nil {
		return err
	}
	for i, h := range nodes {
		index := tlog.StoredHashIndex(0, leaf.Seq) + int64(i)
		a.hashes[index] = h
		a.nodes = append(a.nodes, index, h[:])
	}
	a.leaves = append(a.leaves, leaf.Seq, leaf.Subject[:], text)
	a.last[leaf.Subject] = &leaf.Seq
	a.next++
	return nil
}

func (a *appender) leaf(ctx context.Context, e Event) (audit.Leaf, error) {
	leaf := audit.Leaf{Seq: a.next, At: a.at, Actor: audit.Program, Action: e.Action, Kind: e.Kind, SizeBytes: e.Size, Tool: audit.Plain(e.Tool), Version: audit.Plain(e.Version)}
	salt, err := a.subject(ctx, e, &leaf)
	if err != nil {
		return leaf, err
	}
	if e.Params != nil {
		d := salt.Digest(e.Params)
		leaf.Params = &d
	}
	if e.Result != nil {
		d := salt.Digest(e.Result)
		leaf.Result = &d
	}
	if e.By != "" {
		person, err := a.salt(ctx, saltKey{saltPerson, e.By})
		if err != nil {
			return leaf, err
		}
		leaf.Actor = audit.Person(person.Digest([]byte(e.By)))
	}
	leaf.Previous, err = a.previous(ctx, leaf.Subject)
	return leaf, err
}

const (
	saltBytes    = "bytes"
	saltIncident = "incident"
	saltPerson   = "person"
)

// subject fills in the subject of the leaf and finds its salt.
func (a *appender) subject(ctx context.Context, e Event, leaf *audit.Leaf) (audit.Salt, error) {
	if e.Incident == "" {
		leaf.Subject = audit.Digest(e.Media)
		return a.salt(ctx, saltKey{saltBytes, string(e.Media[:])})
	}
	salt, err := a.salt(ctx, saltKey{saltIncident, e.Incident})
	leaf.Subject = salt.Digest([]byte(e.Incident))
	return salt, err
}

// salt finds or makes a salt.
func (a *appender) salt(ctx context.Context, key saltKey) (salt audit.Salt, err error) {
	if salt, ok := a.salts[key]; ok {
		return salt, nil
	}
	var column []byte
	err = a.tx.tx.QueryRowContext(ctx, `SELECT salt FROM log_salt WHERE kind = $1 AND name = $2`, key.kind, []byte(key.name)).Scan(&column)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		_, _ = rand.Read(salt[:]) // never fails
		_, err = a.tx.exec(ctx, `INSERT INTO log_salt (kind, name, salt) VALUES ($1, $2, $3)`, key.kind, []byte(key.name), salt[:])
	case err == nil:
		copy(salt[:], column)
	}
	a.salts[key] = salt
	return salt, err
}

// previous finds the number of the latest leaf of a subject; nil when there is none.
func (a *appender) previous(ctx context.Context, subject audit.Digest) (*int64, error) {
	if seq, ok := a.last[subject]; ok {
		return seq, nil
	}
	var seq *int64
	err := a.tx.tx.QueryRowContext(ctx, `SELECT max(seq) FROM log_leaf WHERE subject = $1`, subject[:]).Scan(&seq)
	return seq, err
}

// read finds nodes of the tree, new and old.
func (a *appender) read(ctx context.Context, indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		h, ok := a.hashes[index]
		if !ok {
			var column []byte
			if err := a.tx.tx.QueryRowContext(ctx, `SELECT hash FROM log_hash WHERE idx = $1`, index).Scan(&column); err != nil {
				return nil, fmt.Errorf("node %d: %w", index, err)
			}
			copy(h[:], column)
		}
		out[i] = h
	}
	return out, nil
}

// rowsAtOnce is how many rows one statement inserts.
const rowsAtOnce = 100

func (a *appender) write(ctx context.Context) error {
	err := a.tx.insertMany(ctx, `INSERT INTO log_leaf (seq, subject, leaf) VALUES `, 3, a.leaves)
	if err == nil {
		err = a.tx.insertMany(ctx, `INSERT INTO log_hash (idx, hash) VALUES `, 2, a.nodes)
	}
	return err
}

// insertMany inserts rows of as many columns, some at once.
func (t *Tx) insertMany(ctx context.Context, text string, columns int, values []any) error {
	for len(values) > 0 {
		some := values[:min(len(values), rowsAtOnce*columns)]
		values = values[len(some):]
		if _, err := t.exec(ctx, text+placeholders(len(some)/columns, columns), some...); err != nil {
			return err
		}
	}
	return nil
}

// placeholders is ($1, $2), ($3, $4) and so on.
func placeholders(rows, columns int) string {
	var b strings.Builder
	for i := range rows {
		for k := range columns {
			b.WriteString(map[bool]string{true: "(", false: ", "}[k == 0])
			fmt.Fprintf(&b, "$%d", i*columns+k+1)
		}
		b.WriteString(map[bool]string{true: ")", false: "), "}[i == rows-1])
	}
	return b.String()
}
