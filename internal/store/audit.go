package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"slices"
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
	if err == nil {
		err = a.prepare(ctx, t.events)
	}
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
	hashes map[int64]tlog.Hash     // nodes that are new or were read
}

func (a *appender) add(ctx context.Context, e Event) error {
	leaf := a.leaf(e)
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

func (a *appender) leaf(e Event) audit.Leaf {
	leaf := audit.Leaf{Seq: a.next, At: a.at, Actor: audit.Program, Action: e.Action, Kind: e.Kind, SizeBytes: e.Size,
		Tool: audit.Plain(e.Tool), Version: audit.Plain(e.Version)}
	salt := a.salts[e.about()]
	leaf.Subject = e.subject(salt)
	if e.Params != nil {
		d := salt.Digest(e.Params)
		leaf.Params = &d
	}
	if e.Result != nil {
		d := salt.Digest(e.Result)
		leaf.Result = &d
	}
	if e.By != "" {
		leaf.Actor = audit.Person(a.salts[saltKey{saltPerson, e.By}].Digest([]byte(e.By)))
	}
	leaf.Previous = a.last[leaf.Subject]
	return leaf
}

// saltKey names whom a salt is for.
type saltKey struct{ kind, name string }

const (
	saltBytes    = "bytes"
	saltIncident = "incident"
	saltPerson   = "person"
)

// about is whose salt the event is under.
func (e Event) about() saltKey {
	if e.Incident != "" {
		return saltKey{saltIncident, e.Incident}
	}
	return saltKey{saltBytes, string(e.Media[:])}
}

// subject is what leaves call what the event is about.
func (e Event) subject(salt audit.Salt) audit.Digest {
	if e.Incident != "" {
		return salt.Digest([]byte(e.Incident))
	}
	return audit.Digest(e.Media)
}

// prepare finds or makes the salts of the events, and finds the latest leaf of each subject.
func (a *appender) prepare(ctx context.Context, events []Event) error {
	names := map[string][]any{} // by kind
	for _, e := range events {
		keys := []saltKey{e.about()}
		if e.By != "" {
			keys = append(keys, saltKey{saltPerson, e.By})
		}
		for _, k := range keys {
			if _, met := a.salts[k]; !met {
				a.salts[k] = audit.Salt{}
				names[k.kind] = append(names[k.kind], []byte(k.name))
			}
		}
	}
	for _, kind := range []string{saltBytes, saltIncident, saltPerson} {
		if err := a.prepareSalts(ctx, kind, names[kind]); err != nil {
			return err
		}
	}
	return a.prepareLast(ctx, events)
}

func (a *appender) prepareSalts(ctx context.Context, kind string, names []any) error {
	type row struct{ name, salt []byte }
	var added []any
	for some := range slices.Chunk(names, rowsAtOnce) {
		found, err := list(ctx, a.tx.tx, func(rows *sql.Rows) (r row, err error) { return r, rows.Scan(&r.name, &r.salt) },
			`SELECT name, salt FROM log_salt WHERE kind = $1 AND name IN `+bindingsFrom(2, len(some)), append([]any{kind}, some...)...)
		if err != nil {
			return err
		}
		has := map[string]bool{}
		for _, r := range found {
			a.salts[saltKey{kind, string(r.name)}] = audit.Salt(r.salt)
			has[string(r.name)] = true
		}
		for _, name := range some {
			if text := string(name.([]byte)); !has[text] {
				var salt audit.Salt
				_, _ = rand.Read(salt[:]) // never fails
				a.salts[saltKey{kind, text}] = salt
				added = append(added, kind, name, salt[:])
			}
		}
	}
	return a.tx.insertMany(ctx, `INSERT INTO log_salt (kind, name, salt) VALUES `, 3, added)
}

// prepareLast finds the number of the latest leaf of each subject that has one.
func (a *appender) prepareLast(ctx context.Context, events []Event) error {
	var subjects []any
	for _, e := range events {
		if d := e.subject(a.salts[e.about()]); a.last[d] == nil {
			a.last[d] = new(int64)
			subjects = append(subjects, d[:])
		}
	}
	clear(a.last)
	type row struct {
		subject []byte
		seq     int64
	}
	for some := range slices.Chunk(subjects, rowsAtOnce) {
		found, err := list(ctx, a.tx.tx, func(rows *sql.Rows) (r row, err error) { return r, rows.Scan(&r.subject, &r.seq) },
			`SELECT subject, max(seq) FROM log_leaf WHERE subject IN `+bindingsFrom(1, len(some))+` GROUP BY subject`, some...)
		if err != nil {
			return err
		}
		for _, r := range found {
			a.last[audit.Digest(r.subject)] = &r.seq
		}
	}
	return nil
}

// read finds nodes of the tree, new and old.
func (a *appender) read(ctx context.Context, indexes []int64) ([]tlog.Hash, error) {
	var old []any
	for _, index := range indexes {
		if _, ok := a.hashes[index]; !ok {
			old = append(old, index)
		}
	}
	if len(old) > 0 {
		found, err := list(ctx, a.tx.tx, scanNode, `SELECT idx, hash FROM log_hash WHERE idx IN `+bindingsFrom(1, len(old)), old...)
		if err != nil {
			return nil, err
		}
		for _, n := range found {
			a.hashes[n.index] = n.hash
		}
	}
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		h, ok := a.hashes[index]
		if !ok {
			return nil, fmt.Errorf("node %d is missing", index)
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
		if _, err := t.exec(ctx, text+bindings(len(some)/columns, columns), some...); err != nil {
			return err
		}
	}
	return nil
}

// bindingsFrom is ($2, $3, $4) for 2 and 3.
func bindingsFrom(first, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ", $%d", first+i)
	}
	return "(" + b.String()[2:] + ")"
}

// bindings is ($1, $2), ($3, $4) and so on.
func bindings(rows, columns int) string {
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
