package audit_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"whenwhere/internal/audit"
)

// memory is a log that lies in memory. Tests reach into it, as whoever has the database can.
type memory struct {
	size   int64
	rows   map[int64]audit.Row
	nodes  map[int64]tlog.Hash
	signed []audit.Signed
	latest map[audit.Digest]int64
}

func newMemory() *memory {
	return &memory{rows: map[int64]audit.Row{}, nodes: map[int64]tlog.Hash{}, latest: map[audit.Digest]int64{}}
}

func (m *memory) LogSize(context.Context) (int64, error) { return m.size, nil }

func (m *memory) LogLeaves(_ context.Context, from int64, limit int) ([]audit.Row, error) {
	var out []audit.Row
	for _, seq := range slices.Sorted(maps.Keys(m.rows)) {
		if seq >= from && len(out) < limit {
			out = append(out, m.rows[seq])
		}
	}
	return out, nil
}

func (m *memory) LogNodes(_ context.Context, from, to int64) (map[int64]tlog.Hash, error) {
	out := map[int64]tlog.Hash{}
	for i, h := range m.nodes {
		if i >= from && i < to {
			out[i] = h
		}
	}
	return out, nil
}

func (m *memory) Checkpoints(context.Context) ([]audit.Signed, error) { return m.signed, nil }

// ReadHashes makes the log a tlog.HashReader.
func (m *memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		out[i] = m.nodes[index]
	}
	return out, nil
}

// add logs a leaf: number, time and the one before it are filled in.
func (m *memory) add(t testing.TB, l audit.Leaf) audit.Leaf {
	t.Helper()
	l.Seq, l.At, l.Actor = m.size, "2024-11-03T09:02:11.000000Z", audit.Program
	if last, ok := m.latest[l.Subject]; ok {
		l.Previous = &last
	}
	text, err := l.Bytes()
	must(t, err)
	m.put(t, audit.Row{Seq: l.Seq, Subject: l.Subject, Leaf: text})
	m.latest[l.Subject] = l.Seq
	return l
}

// put appends a row with whatever is in it, and the nodes above it.
func (m *memory) put(t testing.TB, row audit.Row) {
	t.Helper()
	made, err := tlog.StoredHashes(row.Seq, row.Leaf, m)
	must(t, err)
	for i, h := range made {
		m.nodes[tlog.StoredHashIndex(0, row.Seq)+int64(i)] = h
	}
	m.rows[row.Seq] = row
	m.size = row.Seq + 1
}

// rebuild makes the nodes anew for what the rows hold, as one does who wants to hide an edit.
func (m *memory) rebuild(t testing.TB) {
	t.Helper()
	rows := slices.SortedFunc(maps.Values(m.rows), func(a, b audit.Row) int { return int(a.Seq - b.Seq) })
	m.nodes, m.rows, m.size = map[int64]tlog.Hash{}, map[int64]audit.Row{}, 0
	for i, row := range rows {
		row.Seq = int64(i)
		m.put(t, row)
	}
}

func (m *memory) copy() *memory {
	return &memory{m.size, maps.Clone(m.rows), maps.Clone(m.nodes), slices.Clone(m.signed), maps.Clone(m.latest)}
}

func (m *memory) sign(t testing.TB, s *audit.Signer) audit.Signed {
	t.Helper()
	c, err := audit.Sign(t.Context(), m, s)
	must(t, err)
	if len(m.signed) == 0 || m.signed[len(m.signed)-1].Size != c.Size {
		m.signed = append(m.signed, c)
	}
	return c
}

func digest(text string) audit.Digest { return sha256.Sum256([]byte(text)) }

func ref[T any](v T) *T { return &v }

// salt is that of a name, in tests.
func salt(name string) audit.Salt { return audit.Salt(digest("salt of " + name)) }

// fileLeaf is the receipt of a file of some bytes.
func fileLeaf(data string) audit.Leaf {
	return audit.Leaf{Action: audit.Received, Kind: audit.KindFile, Subject: digest(data), SizeBytes: ref(int64(len(data))), Tool: "intake", Version: "1",
		Result: ref(salt(digest(data).String()).Digest([]byte("receipt of " + data)))}
}

// logOf has n leaves of files, each measured, signed at some sizes.
func logOf(t testing.TB, n int, key *audit.Signer, signAt ...int) *memory {
	t.Helper()
	m := newMemory()
	for i := range n {
		data := fmt.Sprint("file ", i/2)
		l := fileLeaf(data)
		if i%2 == 1 {
			l.Action, l.Kind, l.SizeBytes, l.Tool, l.Params = audit.Extracted, audit.KindStage, nil, "metadata", ref(digest("metadata 7"))
		}
		m.add(t, l)
		if slices.Contains(signAt, i+1) {
			m.sign(t, key)
		}
	}
	return m
}

// newKey is a key of a log. The same seed gives the same key.
func newKey(t testing.TB, seed byte) *audit.Signer {
	t.Helper()
	private, public, err := audit.NewKey(rand.NewChaCha8([32]byte{seed}), fmt.Sprintf("log.test/%d", seed))
	must(t, err)
	s, err := audit.NewSigner(private, public)
	must(t, err)
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func texts(all []audit.Damage) (out []string) {
	for _, d := range all {
		out = append(out, d.String())
	}
	return out
}
