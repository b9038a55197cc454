package hashindex_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/hashindex"
)

// model is what an index should hold: a list, of which the first so many are committed.
type model[C hashindex.Code] struct {
	committed, pending []entry[C]
}

func (m *model[C]) insert(id uint64, c C) { m.pending = append(m.pending, entry[C]{id, c}) }
func (m *model[C]) remove(id uint64) {
	m.pending = slices.DeleteFunc(slices.Clone(m.pending), func(e entry[C]) bool { return e.ID == id })
}
func (m *model[C]) commit()   { m.committed = slices.Clone(m.pending) }
func (m *model[C]) rollback() { m.pending = slices.Clone(m.committed) }

// machine drives a writer and the model side by side.
type machine[C hashindex.Code] struct {
	model  model[C]
	dir    string
	w      *hashindex.Writer[C]
	layout hashindex.Layout
}

// few ids and codes, so that they meet again.
func drawID(t *rapid.T) uint64 { return rapid.Uint64Range(0, 6).Draw(t, "id") }
func drawCode[C hashindex.Code](t *rapid.T) C {
	return fromWords[C]([4]uint64{rapid.Uint64Range(0, 7).Draw(t, "code"), 0, 0, rapid.SampledFrom([]uint64{0, 1 << 63, 1<<64 - 1}).Draw(t, "high")})
}

func (m *machine[C]) reopen(t *rapid.T) {
	w, err := hashindex.OpenWriter[C](m.dir)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	m.w = w
}

func (m *machine[C]) ok(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func (m *machine[C]) Insert(t *rapid.T) {
	id, c := drawID(t), drawCode[C](t)
	m.ok(t, m.w.Insert(id, c))
	m.model.insert(id, c)
}

func (m *machine[C]) Delete(t *rapid.T) {
	id := drawID(t)
	m.ok(t, m.w.Delete(id))
	m.model.remove(id)
}

func (m *machine[C]) Commit(t *rapid.T) {
	m.ok(t, m.w.Commit())
	m.model.commit()
}

func (m *machine[C]) Merge(t *rapid.T) {
	if rapid.Bool().Draw(t, "flat") {
		m.ok(t, m.w.Merge())
	} else {
		m.ok(t, m.w.MergeAs(m.layout))
	}
	s := m.w.Stats()
	if s.Delta != 0 || s.Deleted != 0 || s.Base != len(m.model.committed) {
		t.Fatalf("after merge: %+v, want a base of %d alone", s, len(m.model.committed))
	}
	m.ok(t, m.w.Check())
}

func (m *machine[C]) CloseAndReopen(t *rapid.T) {
	m.ok(t, m.w.Close())
	m.model.rollback()
	m.reopen(t)
}

// Check compares the writer, and a reader that opens the folder in the middle of it all, with the model.
func (m *machine[C]) Check(t *rapid.T) {
	reader, err := hashindex.Open[C](m.dir)
	m.ok(t, err)
	for name, x := range map[string]searcher[C]{"writer": m.w, "reader": reader} {
		for _, radius := range []int{0, 2, width[C]()} {
			var q C
			var found []match
			m.ok(t, x.Search(q, radius, func(id uint64, d int) { found = append(found, match{id, d}) }))
			if diff := cmp.Diff(want(m.model.committed, q, radius), sorted(found)); diff != "" {
				t.Fatalf("%s, radius %d (-want +got):\n%s", name, radius, diff)
			}
		}
	}
	m.ok(t, reader.Close())
}

func TestWriterFollowsModel(t *testing.T) {
	t.Parallel()
	t.Run("64", func(t *testing.T) { t.Parallel(); rapid.Check(t, runModel[code64](hashindex.Layout{})) })
	t.Run("256", func(t *testing.T) {
		t.Parallel()
		rapid.Check(t, runModel[code256](hashindex.Layout{Bands: 12, Bits: 4}))
	})
}

func runModel[C hashindex.Code](l hashindex.Layout) func(*rapid.T) {
	return func(t *rapid.T) {
		dir, done := tempDir(t)
		defer done()
		m := &machine[C]{dir: dir, layout: l}
		m.reopen(t)
		defer func() { m.ok(t, m.w.Close()) }()
		actions := rapid.StateMachineActions(m)
		t.Repeat(actions)
	}
}
