package known_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"whenwhere/internal/known"
	"whenwhere/internal/store"
	"whenwhere/internal/store/sqlite"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/footage"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	stage = store.Stage{Name: "prints", Version: "2"}
	noon  = time.Date(2023, 5, 1, 12, 0, 0, 0, time.UTC)
)

func id(n byte) pipeline.MediaID { return pipeline.MediaID{n, 31: 1} }

// bench is a store and a folder for indexes.
type bench struct {
	t    testing.TB
	rows *store.Store
	dir  string
	said []string
}

func newBench(t testing.TB) *bench {
	t.Helper()
	dir := t.TempDir()
	rows, err := sqlite.Open(t.Context(), filepath.Join(dir, "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	})
	return &bench{t: t, rows: rows, dir: filepath.Join(dir, "index")}
}

func (b *bench) config() known.Config {
	return known.Config{Store: b.rows, Dir: b.dir, Prints: stage, Say: func(s string) { b.said = append(b.said, s) },
		Post: func(in pipeline.Incident) (time.Time, bool) { return noon, in.ID == "posted" }}
}

func (b *bench) open(change ...func(*known.Config)) *known.Catalogue {
	b.t.Helper()
	cfg := b.config()
	for _, c := range change {
		c(&cfg)
	}
	c, err := known.Open(b.t.Context(), cfg)
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func readOnly(c *known.Config) { c.ReadOnly = true }

func (b *bench) close(c *known.Catalogue) {
	b.t.Helper()
	if err := c.Close(); err != nil {
		b.t.Fatal(err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// look is a print by the low bits of both of its hashes, and of a picture that r draws.
func look(view string, bits int, seed uint64) pipeline.Print {
	r := rand.New(rand.NewPCG(seed, 9))
	var words [8]uint64
	for i := range words {
		words[i] = r.Uint64()
	}
	for i := range bits {
		words[i/64] ^= 1 << (i % 64)
		words[4+i/64] ^= 1 << (i % 64)
	}
	hex := func(w []uint64) string { return fmt.Sprintf("%016x%016x%016x%016x", w[0], w[1], w[2], w[3]) }
	return pipeline.Print{View: view, Quality: 90, Hashes: []pipeline.Hash{
		{Algorithm: "pdq", Version: "t", Hex: hex(words[:4])}, {Algorithm: "phash256", Version: "t", Hex: hex(words[4:])}}}
}

// measured brings a file with its prints into the store.
func (b *bench) measured(n byte, prints ...pipeline.Print) {
	b.t.Helper()
	must(b.t, b.rows.SaveMedia(b.t.Context(), pipeline.Media{ID: id(n), GivenName: fmt.Sprintf("%d.jpg", n), ReceivedAt: noon}))
	o, err := pipeline.PrintsKey.Observe(prints)
	must(b.t, err)
	o.Stage, o.Version = stage.Name, stage.Version
	_, err = b.rows.SaveStageResult(b.t.Context(), id(n), pipeline.StageResult{Stage: stage.Name, Version: stage.Version, Status: pipeline.Done, Observations: pipeline.Observations{o}})
	must(b.t, err)
}

func (b *bench) known(k store.Known) {
	b.t.Helper()
	must(b.t, b.rows.SaveKnown(b.t.Context(), k))
}

func (b *bench) incident(name string, role pipeline.Role, media ...byte) {
	b.t.Helper()
	r := store.Record{Incident: pipeline.Incident{ID: name}, Case: "c", UpdatedAt: noon}
	for _, n := range media {
		r.Incident.Media = append(r.Incident.Media, pipeline.MediaRef{File: fmt.Sprintf("media/%d.jpg", n), Role: role})
		r.Media = append(r.Media, store.Attachment{ID: id(n)})
	}
	must(b.t, b.rows.SaveIncident(b.t.Context(), r))
}

// looks describes what is found of a file, entry by entry.
func (b *bench) looks(c *known.Catalogue, n byte, prints ...pipeline.Print) []string {
	b.t.Helper()
	seen, err := c.Look(b.t.Context(), id(n), prints)
	must(b.t, err)
	var out []string
	for _, s := range seen.Sightings {
		how := fmt.Sprintf("%d bits, %s", s.Like.BitsPDQ, s.Like.View)
		if s.SameBytes {
			how = "same bytes"
		}
		out = append(out, fmt.Sprintf("%s %s: %s", s.Entry.Incident, s.Entry.Name, how))
	}
	for _, l := range seen.LeftOut {
		out = append(out, fmt.Sprintf("list %s: %d of %d", l.List, l.Pictures, seen.Pictures))
	}
	return out
}

func seed(b *bench) {
	b.measured(1, look("upright", 0, 1))
	b.measured(2, look("upright", 10, 1), look("mirrored", 0, 50))
	b.measured(3, look("upright", 0, 3), look("window", 40, 1))
	b.measured(4, look("upright", 200, 1))
	b.known(store.Known{Media: id(1), FirstSeen: &noon, Event: "a yard"})
	b.incident("posted", "", 2, 3)
	b.incident("context", pipeline.RoleContext, 2)
	b.incident("other", "", 4)
}

func TestLook(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	seed(b)
	c := b.open()
	defer b.close(c)
	want := []string{" known/010000000000: 5 bits, upright", "posted media/2.jpg: 5 bits, upright", "posted media/3.jpg: 35 bits, upright"}
	if diff := cmp.Diff(want, b.looks(c, 9, look("upright", 5, 1))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"other media/4.jpg: same bytes"}, b.looks(c, 4)); diff != "" {
		t.Error(diff)
	}
	if got := b.looks(c, 9, look("upright", 0, 77)); got != nil {
		t.Error(got)
	}
	seen, err := c.Look(t.Context(), id(1), nil)
	must(t, err)
	e := footage.Entry{Media: id(1), Name: "known/010000000000", SeenBy: &noon, Event: "a yard"}
	if diff := cmp.Diff([]footage.Sighting{{Entry: e, SameBytes: true}}, seen.Sightings); diff != "" {
		t.Error(diff)
	}
	if len(b.said) > 0 {
		t.Error(b.said)
	}
}

// Of several rows about a file the earliest speaks, and lists stand beside one's own knowledge.
func TestSeveralRows(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	earlier, later := noon.Add(-time.Hour), noon.Add(time.Hour)
	b.measured(1, look("upright", 0, 1))
	b.known(store.Known{Media: id(1), Event: "undated"})
	b.known(store.Known{Media: id(1), URL: "u", FirstSeen: &later, Event: "ours"})
	b.known(store.Known{Media: id(1), List: "theirs", FirstSeen: &earlier, Event: "theirs"})
	c := b.open()
	defer b.close(c)
	seen, err := c.Look(t.Context(), id(9), []pipeline.Print{look("upright", 3, 1)})
	must(t, err)
	if len(seen.Sightings) != 1 || seen.Sightings[0].Entry.Event != "theirs" || seen.Sightings[0].Entry.List != "theirs" || !seen.Sightings[0].Entry.SeenBy.Equal(earlier) {
		t.Errorf("%+v", seen.Sightings)
	}
}

func TestListedPrints(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	listed := func(bits int, quality int) {
		prints, err := known.Listed([]pipeline.Print{look("upright", bits, 1)})
		must(t, err)
		prints[0].Quality = quality
		must(t, b.rows.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.SaveKnown(t.Context(), store.Known{Media: id(7), List: "theirs"}); err != nil {
				return err
			}
			return tx.SaveListedPrints(t.Context(), id(7), "theirs", prints)
		}))
	}
	listed(0, 80)
	find := func() []string {
		c := b.open()
		defer b.close(c)
		return b.looks(c, 9, look("upright", 30, 1))
	}
	if got := find(); !slices.Equal(got, []string{" known/070000000000: 30 bits, upright"}) {
		t.Error(got)
	}
	listed(20, 80) // the list says otherwise now
	if got := find(); !slices.Equal(got, []string{" known/070000000000: 10 bits, upright"}) {
		t.Error(got)
	}
	listed(20, 40) // too weak to be compared
	if got := find(); got != nil {
		t.Error(got)
	}
	listed(20, 90)
	b.measured(7, look("upright", 29, 1)) // its own bytes say more
	if got := find(); !slices.Equal(got, []string{" known/070000000000: 1 bits, upright"}) {
		t.Error(got)
	}
	must(t, b.rows.Update(t.Context(), func(tx *store.Tx) error {
		n, err := tx.RemoveKnown(t.Context(), id(7))
		if n != 1 {
			t.Errorf("%d rows removed", n)
		}
		return err
	}))
	if got := find(); got != nil {
		t.Error(got)
	}
	if len(b.said) > 0 {
		t.Error(b.said)
	}
}

func TestNegative(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	seed(b)
	b.known(store.Known{Media: id(5), List: "cards", Negative: true, Event: "a card"})
	b.measured(5, look("upright", 8, 1))
	c := b.open()
	defer b.close(c)
	if diff := cmp.Diff([]string{"list cards: 1 of 1"}, b.looks(c, 9, look("upright", 5, 1))); diff != "" {
		t.Error(diff)
	}
	frame := func(ms int64, p pipeline.Print) pipeline.Print { p.AtMs = &ms; return p }
	want := []string{"posted media/3.jpg: 2 bits, upright", "list cards: 1 of 2"}
	if diff := cmp.Diff(want, b.looks(c, 9, frame(0, look("upright", 5, 1)), frame(9, look("upright", 2, 3)))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"list cards: 1 of 0"}, b.looks(c, 5)); diff != "" {
		t.Errorf("its own bytes: %s", diff)
	}
}

func TestTouched(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	seed(b)
	b.measured(6, look("upright", 12, 3))
	b.measured(8, look("upright", 3, 50)) // like the mirror image of 2
	c := b.open()
	defer b.close(c)
	for n, want := range map[byte][]string{1: {"context", "posted"}, 4: {"other"}, 6: {"posted"}, 8: {"context", "posted"}, 77: nil} {
		got, err := c.Touched(t.Context(), []pipeline.MediaID{id(n)})
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d: %s", n, diff)
		}
	}
	must(t, b.rows.SaveVerdict(t.Context(), store.Judgement{Incident: "other", InputSHA256: [32]byte{1}, Sighted: []pipeline.MediaID{id(77)}, At: noon}))
	got, err := c.Touched(t.Context(), []pipeline.MediaID{id(77), id(6)})
	must(t, err)
	if diff := cmp.Diff([]string{"other", "posted"}, got); diff != "" {
		t.Errorf("met before: %s", diff)
	}
}

// A catalogue for reading finds what one for writing finds, whatever of it is on disk.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	seed(b)
	want := []string{" known/010000000000: 5 bits, upright", "posted media/2.jpg: 5 bits, upright", "posted media/3.jpg: 35 bits, upright"}
	check := func(what string, want []string) {
		c := b.open(readOnly)
		defer b.close(c)
		if diff := cmp.Diff(want, b.looks(c, 9, look("upright", 5, 1))); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	check("nothing on disk", want)
	if found, err := filepath.Glob(filepath.Join(b.dir, "*")); err != nil || len(found) > 0 {
		t.Errorf("reading wrote %v", found)
	}
	writer := b.open()
	check("all on disk, and held", want)
	b.measured(6, look("upright", 6, 1))
	b.incident("later", "", 6)
	check("one more than on disk", append([]string{want[0], "later media/6.jpg: 1 bits, upright"}, want[1:]...))
	b.close(writer)
}

func TestIndexIsBuiltAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(t *testing.T, b *bench)
		says  string
	}{
		"mark missing": {func(t *testing.T, b *bench) { must(t, os.Remove(filepath.Join(b.dir, "seen.json"))) }, "its mark is missing"},
		"mark damaged": {func(t *testing.T, b *bench) {
			must(t, os.WriteFile(filepath.Join(b.dir, "seen.json"), []byte("{"), 0o600))
		}, "its mark is damaged"},
		"files missing":       {func(t *testing.T, b *bench) { must(t, os.RemoveAll(filepath.Join(b.dir, "seen"))) }, "its files are missing"},
		"older than its mark": {func(t *testing.T, b *bench) { remark(t, b, "codes", 1000) }, "it holds 5 codes, and held 1000 before"},
		"ahead":               {func(t *testing.T, b *bench) { remark(t, b, "through", 1000) }, "it is ahead of the database"},
		"of another database": {func(t *testing.T, b *bench) { remark(t, b, "last", strings.Repeat("0", 64)) }, "it is of another database"},
		"another version":     {func(t *testing.T, b *bench) { remark(t, b, "prints", "prints 1") }, "it is of another version"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			seed(b)
			b.close(b.open())
			c.spoil(t, b)
			again := b.open()
			defer b.close(again)
			if len(b.said) != 1 || !strings.Contains(b.said[0], "index/seen: the index of prints is built again from the database: "+c.says) {
				t.Errorf("said %q", b.said)
			}
			if got := b.looks(again, 9, look("upright", 5, 1)); len(got) != 3 {
				t.Error(got)
			}
		})
	}
}

// remark changes one value of a mark.
func remark(t *testing.T, b *bench, key string, value any) {
	t.Helper()
	path := filepath.Join(b.dir, "seen.json")
	text, err := os.ReadFile(path)
	must(t, err)
	var m map[string]any
	must(t, json.Unmarshal(text, &m))
	if _, ok := m[key]; !ok {
		t.Fatalf("no %s in %s", key, text)
	}
	m[key] = value
	text, err = json.Marshal(m)
	must(t, err)
	must(t, os.WriteFile(path, text, 0o600))
}

// A run that dies between its commit and its mark adds the same once more; nothing is found twice, and nothing is lost.
func TestOldMark(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.measured(1, look("upright", 0, 1))
	b.known(store.Known{Media: id(1)})
	b.close(b.open())
	old, err := os.ReadFile(filepath.Join(b.dir, "seen.json"))
	must(t, err)
	b.measured(2, look("upright", 1, 1))
	b.known(store.Known{Media: id(2)})
	b.close(b.open())
	must(t, os.WriteFile(filepath.Join(b.dir, "seen.json"), old, 0o600))
	c := b.open()
	defer b.close(c)
	if got := b.looks(c, 9, look("upright", 2, 1)); len(got) != 2 || len(b.said) > 0 {
		t.Error(got, b.said)
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	if c, err := known.Open(t.Context(), known.Config{}); err == nil {
		t.Errorf("opened %v", c)
	}
}
