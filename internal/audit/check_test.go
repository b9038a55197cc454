package audit_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"whenwhere/internal/audit"
)

const leavesInTest = 21

// faults are what can be done to a log by whoever has the database, and what the check must say of it. The log has 21
// leaves and was signed at 8, 16 and 21; since is a checkpoint of 16 that was kept elsewhere.
var faults = map[string]struct {
	do   func(t *testing.T, m *memory)
	want []string // all that is said; beginnings
}{
	"nothing": {func(*testing.T, *memory) {}, nil},
	"leaf edited": {func(_ *testing.T, m *memory) { edit(m, 5) },
		[]string{"leaf 5: its bytes are not those that were logged"}},
	"leaf made no JSON": {func(_ *testing.T, m *memory) {
		m.rows[5] = audit.Row{Seq: 5, Subject: m.rows[5].Subject, Leaf: []byte("x")}
	},
		[]string{"leaf 5: its bytes are not those that were logged"}},
	"first leaf edited": {func(_ *testing.T, m *memory) { edit(m, 0) },
		[]string{"leaf 0: its bytes are not those that were logged"}},
	"last leaf edited": {func(_ *testing.T, m *memory) { edit(m, leavesInTest-1) },
		[]string{"leaf 20: its bytes are not those that were logged"}},
	"leaf edited with its hash": {func(_ *testing.T, m *memory) {
		edit(m, 5)
		m.nodes[tlog.StoredHashIndex(0, 5)] = tlog.RecordHash(m.rows[5].Leaf)
	}, []string{"tree above leaves 4 to 5: ", "tree above leaves 4 to 7: ", "tree above leaves 0 to 7: ", "tree above leaves 0 to 15: ",
		"checkpoint of 8 leaves: the first 8 leaves are not those that it signs", "checkpoint of 16 leaves: the first 16", "checkpoint of 21 leaves: ",
		"older checkpoint 1: "}},
	"leaf edited with all hashes": {func(t *testing.T, m *memory) { edit(m, 10); m.rebuild(t) },
		[]string{"checkpoint of 16 leaves: the first 16 leaves are not those that it signs: the log was rewritten", "checkpoint of 21 leaves: ", "older checkpoint 1: "}},
	"leaf deleted": {func(_ *testing.T, m *memory) { delete(m.rows, 7) },
		[]string{"leaf 7: it is missing"}},
	"leaves deleted at the end": {func(_ *testing.T, m *memory) { delete(m.rows, 19); delete(m.rows, 20) },
		[]string{"leaf 19: it is missing", "leaf 20: it is missing"}},
	"leaf deleted, the others moved up": {func(t *testing.T, m *memory) { delete(m.rows, 18); m.rebuild(t) },
		[]string{"leaf 18: it says that it is leaf 19", "leaf 19: it says that it is leaf 20",
			"checkpoint of 21 leaves: it states 21 leaves, the log has 20: its end, from leaf 20 on, was cut off"}},
	"leaves swapped": {func(_ *testing.T, m *memory) {
		m.rows[2], m.rows[3] = audit.Row{Seq: 2, Subject: m.rows[3].Subject, Leaf: m.rows[3].Leaf}, audit.Row{Seq: 3, Subject: m.rows[2].Subject, Leaf: m.rows[2].Leaf}
	}, []string{"leaf 2: leaf 3 stands in its place", "leaf 3: leaf 2 stands in its place"}},
	"leaf filed elsewhere": {func(_ *testing.T, m *memory) {
		m.rows[2] = audit.Row{Seq: 2, Subject: digest("?"), Leaf: m.rows[2].Leaf}
	},
		[]string{"leaf 2: it is filed under another subject"}},
	"log cut off": {func(_ *testing.T, m *memory) { cut(m, 18) },
		[]string{"checkpoint of 21 leaves: it states 21 leaves, the log has 18: its end, from leaf 18 on, was cut off"}},
	"log and checkpoints cut off": {func(_ *testing.T, m *memory) { cut(m, 9); m.signed = m.signed[:1] },
		[]string{"older checkpoint 1: it states 16 leaves, the log has 9"}},
	"size made smaller": {func(_ *testing.T, m *memory) { m.size = 20; m.signed = m.signed[:2] },
		[]string{"leaf 20: it lies beyond the end of the log, which has 20 leaves", "tree: 1 stored hashes lie beyond the end"}},
	"size below 0": {func(_ *testing.T, m *memory) { cut(m, 0); m.size, m.signed = -1, nil },
		[]string{"log: it states -1 leaves, which cannot be", "older checkpoint 1: it states 16 leaves, the log has 0"}},
	"hash edited": {func(_ *testing.T, m *memory) { m.nodes[tlog.StoredHashIndex(2, 1)] = tlog.Hash{} },
		[]string{"tree above leaves 4 to 7: its stored hash is not that of its leaves"}},
	"hash of a leaf deleted": {func(_ *testing.T, m *memory) { delete(m.nodes, tlog.StoredHashIndex(0, 6)) },
		[]string{"leaf 6: the hash that was stored with it is missing"}},
	"checkpoint edited": {func(_ *testing.T, m *memory) {
		m.signed[1].Note = []byte(strings.Replace(string(m.signed[1].Note), "\n16\n", "\n15\n", 1))
	}, []string{"checkpoint of 16 leaves: audit: checkpoint: its signature does not verify under key log.test/1"}},
	"checkpoint of another size": {func(_ *testing.T, m *memory) { m.signed[1].Size = 17 },
		[]string{"checkpoint of 17 leaves: it states 16 leaves"}},
	"adopted later": {func(t *testing.T, m *memory) {
		l := fileLeaf("slipped in")
		l.Action = audit.Adopted
		m.add(t, l)
	}, []string{"leaf 21: it was adopted after the log had begun"}},
	"chain of a subject broken": {func(t *testing.T, m *memory) {
		delete(m.latest, digest("file 1"))
		m.add(t, fileLeaf("file 1"))
	}, []string{"leaf 21: it does not follow the leaf before it of its subject"}},
	// Nothing but a checkpoint that was kept elsewhere finds this one.
	"log rewritten with the key": {func(t *testing.T, m *memory) {
		edit(m, 10)
		m.rebuild(t)
		m.signed = nil
		m.sign(t, newKey(t, 1))
	}, []string{"older checkpoint 1: the first 16 leaves are not those that it signs: the log was rewritten"}},
	"log signed with another key": {func(t *testing.T, m *memory) { m.signed = nil; m.sign(t, newKey(t, 2)) },
		[]string{"checkpoint of 21 leaves: audit: checkpoint: it is not signed by key log.test/1"}},
}

// edit changes the tool that a leaf names, and nothing else.
func edit(m *memory, seq int64) {
	row := m.rows[seq]
	row.Leaf = []byte(strings.Replace(string(row.Leaf), `"tool":"`, `"tool":"x`, 1))
	m.rows[seq] = row
}

func cut(m *memory, size int64) {
	for seq := size; seq < m.size; seq++ {
		delete(m.rows, seq)
	}
	for index := range m.nodes {
		if index >= tlog.StoredHashCount(size) {
			delete(m.nodes, index)
		}
	}
	m.size = size
}

func TestFaultsAreNamed(t *testing.T) {
	t.Parallel()
	key := newKey(t, 1)
	whole := logOf(t, leavesInTest, key, 8, 16, leavesInTest)
	since := whole.signed[1].Note
	for name, c := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := whole.copy()
			c.do(t, m)
			log, err := audit.Check(t.Context(), m, key.Public(), since)
			must(t, err)
			got := texts(log.Damage)
			if len(got) != len(c.want) {
				t.Fatalf("damage %q, want %q", got, c.want)
			}
			for i := range got {
				if !strings.HasPrefix(got[i], c.want[i]) {
					t.Errorf("damage %q, want %q", got[i], c.want[i])
				}
			}
		})
	}
}

// Whoever has the database can state any number of leaves; the check must neither break nor count to it.
func TestLogStatesTooMuch(t *testing.T) {
	t.Parallel()
	key := newKey(t, 1)
	whole := logOf(t, leavesInTest, key, leavesInTest)
	for size, want := range map[int64]string{
		math.MaxInt64: "log: it states 9223372036854775807 leaves, which cannot be",
		1 << 39:       "leaf 21: it is missing",
	} {
		m := whole.copy()
		m.size = size
		log, err := audit.Check(t.Context(), m, key.Public())
		must(t, err)
		got := texts(log.Damage)
		if got[0] != want || len(got) > 3000 || !slices.Contains(got, fmt.Sprintf("log: it states %d leaves, and more than 1000 are missing: it was read up to leaf 1021", min(size, 1<<40))) {
			t.Errorf("size %d: %d faults: %q ...", size, len(got), got[0])
		}
		m.signed = nil
		var damaged *audit.DamagedError
		if _, err := audit.Sign(t.Context(), m, key); !errors.As(err, &damaged) {
			t.Errorf("size %d was signed: %v", size, err)
		}
	}
	gap := whole.copy() // the same in the middle
	last := gap.rows[leavesInTest-1]
	delete(gap.rows, last.Seq)
	last.Seq = 1 << 39
	gap.rows[last.Seq], gap.size = last, last.Seq+1
	log, err := audit.Check(t.Context(), gap, key.Public())
	must(t, err)
	if len(log.Damage) > 3000 {
		t.Errorf("%d faults", len(log.Damage))
	}
	below := whole.copy()
	below.size, below.signed = -1, nil
	if _, err := audit.Sign(t.Context(), below, key); err == nil {
		t.Error("a log of -1 leaves was signed")
	}
}

// What no checkpoint covers is said: a command was killed, or checkpoints were taken out.
func TestUnsignedLeavesAreCounted(t *testing.T) {
	t.Parallel()
	key := newKey(t, 1)
	m := logOf(t, leavesInTest, key, 8, 16)
	for want, signed := range map[int64][]audit.Signed{5: m.signed, 13: m.signed[:1], leavesInTest: nil} {
		m.signed = signed
		log, err := audit.Check(t.Context(), m, key.Public())
		must(t, err)
		if log.Unsigned != want || len(log.Damage) > 0 {
			t.Errorf("%d unsigned, want %d; %v", log.Unsigned, want, log.Damage)
		}
	}
}

// A log that is damaged where it was not signed yet, or that does not continue what was signed, is not signed.
func TestSignNeverBlessesDamage(t *testing.T) {
	t.Parallel()
	key := newKey(t, 1)
	whole := logOf(t, leavesInTest, key, 8, 16)
	for name, c := range map[string]struct {
		do   func(m *memory)
		want string
	}{
		"new leaf edited":    {func(m *memory) { edit(m, 18) }, "leaf 18"},
		"new leaf no JSON":   {func(m *memory) { m.rows[18] = audit.Row{Seq: 18, Leaf: []byte("{}")} }, "leaf 18"},
		"new leaf missing":   {func(m *memory) { delete(m.rows, 20) }, "leaf 20: it is missing"},
		"leaf in between":    {func(m *memory) { delete(m.rows, 17) }, "leaf 17: it is missing"},
		"new leaves swapped": {func(m *memory) { m.rows[17], m.rows[18] = swapped(m.rows[18], 17), swapped(m.rows[17], 18) }, "leaf 17: another leaf"},
		"new hash edited":    {func(m *memory) { m.nodes[tlog.StoredHashIndex(1, 9)] = tlog.Hash{1} }, "leaf 19: its hash, or one above it"},
		"old hash edited":    {func(m *memory) { m.nodes[tlog.StoredHashIndex(4, 0)] = tlog.Hash{1} }, "checkpoint of 16 leaves: the leaves of today do not continue"},
		"old hash missing":   {func(m *memory) { delete(m.nodes, tlog.StoredHashIndex(4, 0)) }, "tree above leaves 0 to 15: its stored hash is missing"},
		"log cut off":        {func(m *memory) { cut(m, 10) }, "checkpoint of 16 leaves: it states 16 leaves, the log has 10"},
		"checkpoint edited": {func(m *memory) {
			m.signed[1].Note = []byte(strings.Replace(string(m.signed[1].Note), "\n16\n", "\n15\n", 1))
		}, "checkpoint of 16 leaves: audit: checkpoint: its signature"},
	} {
		m := whole.copy()
		c.do(m)
		_, err := audit.Sign(t.Context(), m, key)
		var damaged *audit.DamagedError
		if !errors.As(err, &damaged) || !strings.HasPrefix(damaged.Damage[0].String(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func swapped(row audit.Row, seq int64) audit.Row { row.Seq = seq; return row }

// Whatever the log has, at whatever sizes it is signed: every checkpoint is continued by every later log.
func TestEveryLogContinuesItsCheckpoints(t *testing.T) {
	t.Parallel()
	key := newKey(t, 1)
	rapid.Check(t, func(rt *rapid.T) {
		m := newMemory()
		var old [][]byte
		for i := range rapid.IntRange(1, 40).Draw(rt, "leaves") {
			m.add(t, fileLeaf(fmt.Sprint(rapid.IntRange(0, 5).Draw(rt, "file"))))
			if rapid.Bool().Draw(rt, fmt.Sprint("sign ", i)) {
				old = append(old, m.sign(t, key).Note)
			}
		}
		log, err := audit.Check(t.Context(), m, key.Public(), old...)
		must(t, err)
		if len(log.Damage) > 0 || log.Checkpoints != 2*len(old) {
			rt.Fatalf("%d of %d checkpoints, damage %q", log.Checkpoints, 2*len(old), texts(log.Damage))
		}
	})
}

// Any byte of any leaf that is changed is found, and so is any bit of a node.
func TestEveryByteOfALogCounts(t *testing.T) {
	t.Parallel()
	key := newKey(t, 1)
	whole := logOf(t, 6, key, 6)
	for seq, row := range whole.rows {
		for i := range row.Leaf {
			m := whole.copy()
			changed := row
			changed.Leaf = append([]byte(nil), row.Leaf...)
			changed.Leaf[i] ^= 1
			m.rows[seq] = changed
			log, err := audit.Check(t.Context(), m, key.Public())
			must(t, err)
			if want := []string{fmt.Sprintf("leaf %d: ", seq)}; len(log.Damage) != 1 || !strings.HasPrefix(texts(log.Damage)[0], want[0]) {
				t.Fatalf("byte %d of leaf %d: %q", i, seq, texts(log.Damage))
			}
		}
	}
	for index, h := range whole.nodes {
		m := whole.copy()
		h[index%32] ^= 1
		m.nodes[index] = h
		log, err := audit.Check(t.Context(), m, key.Public())
		must(t, err)
		if len(log.Damage) == 0 {
			t.Errorf("node %d was changed and nothing was found", index)
		}
	}
}

func TestCheckpointForm(t *testing.T) {
	t.Parallel()
	key := newKey(t, 1)
	m := logOf(t, 3, key)
	signed := string(m.sign(t, key).Note)
	lines := strings.Split(signed, "\n")
	if len(lines) != 6 || lines[0] != "log.test/1" || lines[1] != "3" || lines[3] != "" || !strings.HasPrefix(lines[4], "— log.test/1 ") {
		t.Errorf("signed %q", signed)
	}
	root, err := tlog.TreeHash(3, m)
	must(t, err)
	c, err := key.Public().Open([]byte(signed))
	must(t, err)
	if diff := cmp.Diff(audit.Checkpoint{Origin: "log.test/1", Size: 3, Root: root}, c); diff != "" {
		t.Errorf("checkpoint (-want +got):\n%s", diff)
	}
	if _, err := newKey(t, 2).Public().Open([]byte(signed)); err == nil {
		t.Error("another key opened it")
	}
	if _, err := (audit.PublicKey{}).Open([]byte(signed)); err == nil {
		t.Error("no key opened it")
	}
	if _, err := key.Public().Open([]byte(signed + strings.Repeat("x", 20_000))); err == nil {
		t.Error("a long one was opened")
	}
}

func TestHoldings(t *testing.T) {
	t.Parallel()
	key := newKey(t, 1)
	m := newMemory()
	in := salt("AUT-01").Digest([]byte("AUT-01"))
	verdict := func(input, text string) audit.Leaf {
		return audit.Leaf{Action: audit.Assessed, Kind: audit.KindVerdict, Subject: in, Params: ref(digest(input)), Tool: "score", Version: "1", Result: ref(digest(text))}
	}
	m.add(t, fileLeaf("a"))
	m.add(t, verdict("one", "60"))
	m.add(t, verdict("two", "70"))
	gone := fileLeaf("b")
	m.add(t, gone)
	gone.Action, gone.Result = audit.Removed, nil
	m.add(t, gone)
	export := verdict("x", "y")
	export.Kind, export.Action = audit.KindExport, audit.Exported
	m.add(t, export)
	log, err := audit.Check(t.Context(), m, key.Public())
	must(t, err)
	file := audit.Held{Item: fileLeaf("a").Item(), Name: "file a", Result: fileLeaf("a").Result}
	one := audit.Held{Item: verdict("one", "").Item(), Name: "verdict one", Result: ref(digest("60"))}
	two := audit.Held{Item: verdict("two", "").Item(), Name: "verdict two", Result: ref(digest("70"))}
	other := func(h audit.Held, result *audit.Digest) audit.Held { h.Result = result; return h }
	for name, c := range map[string]struct {
		held []audit.Held
		want []string
	}{
		"as logged":                      {[]audit.Held{file, one, two}, nil},
		"edited":                         {[]audit.Held{file, other(one, ref(digest("99"))), two}, []string{"verdict one: it is not what leaf 1 logged"}},
		"deleted":                        {[]audit.Held{file, two}, []string{"verdict of leaf 1: it is gone; its subject is " + in.String()}},
		"order turned":                   {[]audit.Held{file, two, one}, []string{"verdict one: the store takes it for newer than the verdict of leaf 2, the log for older"}},
		"put in":                         {[]audit.Held{file, one, two, {Item: fileLeaf("c").Item(), Name: "file c", Result: ref(digest("c"))}}, []string{"file c: no leaf speaks of it: it was put there past the log"}},
		"not removed":                    {[]audit.Held{file, one, two, {Item: gone.Item(), Name: "file b", Result: ref(digest("b"))}}, []string{"file b: leaf 4 says that it was removed, and it is there"}},
		"salt was erased":                {[]audit.Held{other(file, nil), one, two}, []string{"file a: its salt is gone: the log cannot say whether it is unchanged"}},
		"salt of an incident was erased": {[]audit.Held{file, {Item: audit.Item{Kind: audit.KindVerdict}, Name: "verdict"}}, []string{"verdict: its salt is gone: the log cannot say whether it is unchanged"}},
	} {
		h := log.Holdings()
		for _, item := range c.held {
			h.Add(item)
		}
		if diff := cmp.Diff(c.want, texts(h.Damage())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Of a comparison that could not go on, what was not met yet is not said to be gone.
func TestHoldingsThatStopped(t *testing.T) {
	t.Parallel()
	key := newKey(t, 1)
	log, err := audit.Check(t.Context(), logOf(t, 4, key), key.Public())
	must(t, err)
	h := log.Holdings()
	h.Stop(errors.New("row 3 is no row"))
	if diff := cmp.Diff([]string{"results: they cannot be read, and were not all compared: row 3 is no row"}, texts(h.Damage())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What a damaged leaf spoke of is not accused as well.
func TestDamageIsNamedOnce(t *testing.T) {
	t.Parallel()
	key := newKey(t, 1)
	whole := logOf(t, 4, key)
	held := func(l audit.Leaf) audit.Held { return audit.Held{Item: l.Item(), Name: "item", Result: l.Result} }
	for name, do := range map[string]func(m *memory){
		"edited":  func(m *memory) { edit(m, 1) },
		"no JSON": func(m *memory) { m.rows[1] = audit.Row{Seq: 1, Subject: m.rows[1].Subject, Leaf: []byte("?")} },
		"deleted, and a later leaf says whose it was": func(m *memory) { delete(m.rows, 0) },
	} {
		m := whole.copy()
		do(m)
		log, err := audit.Check(t.Context(), m, key.Public())
		must(t, err)
		h := log.Holdings()
		for _, row := range whole.rows {
			l, err := audit.ParseLeaf(row.Leaf)
			must(t, err)
			h.Add(held(l))
		}
		if got := append(texts(log.Damage), texts(h.Damage())...); len(got) != 1 {
			t.Errorf("%s: %q", name, got)
		}
	}
}
