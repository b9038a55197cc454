package audit_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"whenwhere/internal/audit"
)

// fixture is a bundle of an invented incident with one original, and the log that it came from.
type fixture struct {
	t        testing.TB
	log      *memory
	key      *audit.Signer
	manifest audit.Manifest
	parts    []audit.Part
	leaves   []audit.Row
	stamped  int64
}

const footage = "not a real picture"

func newFixture(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{t: t, log: newMemory(), key: newKey(t, 1)}
	in, file := salt("AUT-01"), salt(digest(footage).String())
	subject := in.Digest([]byte("AUT-01"))
	receipt, record, verdict, measured := []byte("receipt of "+footage), []byte(`{"case":"invented"}`), []byte(`{"verdict":{}}`), []byte("{\"stage\":\"metadata\"}\n")
	f.log.add(t, fileLeaf("of another incident"))
	f.log.add(t, fileLeaf(footage))
	f.log.add(t, audit.Leaf{Action: audit.Received, Kind: audit.KindRecord, Subject: subject, Tool: "intake", Version: "1", Result: ref(in.Digest(record))})
	f.log.add(t, audit.Leaf{Action: audit.Extracted, Kind: audit.KindStage, Subject: digest(footage), Tool: "metadata", Version: "7", Params: ref(file.Digest([]byte("metadata\n7"))),
		Result: ref(file.Digest(measured))})
	f.log.add(t, audit.Leaf{Action: audit.Assessed, Kind: audit.KindVerdict, Subject: subject, Tool: "score", Version: "1", Params: ref(in.Digest([]byte("input"))),
		Result: ref(in.Digest(verdict))})
	f.log.add(t, fileLeaf("of a third incident"))
	f.manifest = audit.Manifest{Audience: "internal", Incident: "AUT-01",
		Subjects: []audit.Subject{{Kind: audit.SubjectIncident, Name: "AUT-01", Salt: audit.Digest(in)}, {Kind: audit.SubjectBytes, Name: digest(footage).String(), Salt: audit.Digest(file)}},
		Items: []audit.Stated{
			{File: "record.json", Kind: audit.KindRecord, Subject: "AUT-01"},
			{File: "verdict.json", Kind: audit.KindVerdict, Subject: "AUT-01", Params: "input"},
			{File: "items/file.txt", Kind: audit.KindFile, Subject: digest(footage).String()},
			{File: "items/stage.txt", Kind: audit.KindStage, Subject: digest(footage).String(), Params: "metadata\n7"},
		}}
	f.parts = []audit.Part{
		{Name: "README.txt", Data: []byte("internal\n")}, {Name: "record.json", Data: record}, {Name: "verdict.json", Data: verdict},
		{Name: "items/file.txt", Data: receipt}, {Name: "items/stage.txt", Data: measured},
		audit.OriginalPart(digest(footage), int64(len(footage)), func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(footage)), nil }),
	}
	return f
}

// subjects are what the leaves of the bundle are about.
func (f *fixture) subjects() []audit.Digest {
	return []audit.Digest{salt("AUT-01").Digest([]byte("AUT-01")), digest(footage)}
}

// write logs the export, signs the log, and gives the bundle's bytes.
func (f *fixture) write(t testing.TB) []byte {
	t.Helper()
	manifest, err := f.manifest.Complete(f.parts)
	must(t, err)
	in := salt("AUT-01")
	f.log.add(t, audit.Leaf{Action: audit.Exported, Kind: audit.KindExport, Subject: f.subjects()[0], Tool: "bundle", Version: "1",
		Params: ref(in.Digest([]byte(audit.BundleAction))), Result: ref(in.Digest(manifest))})
	signed := f.log.sign(t, f.key)
	f.leaves = nil
	for _, row := range f.log.rows {
		for _, s := range f.subjects() {
			if row.Subject == s {
				f.leaves = append(f.leaves, row)
			}
		}
	}
	evidence, err := audit.Prove(t.Context(), f.log, signed, f.key.Public(), f.leaves, f.stamped)
	must(t, err)
	var out bytes.Buffer
	must(t, audit.WriteBundle(&out, manifest, f.parts, evidence))
	return out.Bytes()
}

func (f *fixture) check(data []byte) audit.Checked {
	return audit.CheckBundle(bytes.NewReader(data), int64(len(data)), f.key.Public(), nil)
}

func TestBundleIsWhole(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	data := f.write(t)
	got := f.check(data)
	want := audit.Checked{Incident: "AUT-01", Audience: "internal", Leaves: 5, Originals: 1, Files: 6, Damage: []audit.Damage{}}
	got.Checkpoint = audit.Checkpoint{}
	if text, ok := got.Text("verdict.json"); !ok || string(text) != `{"verdict":{}}` {
		t.Errorf("verdict %q, %v", text, ok)
	}
	if _, ok := got.Text("none.json"); ok {
		t.Error("a text of no file")
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(audit.Checked{})); diff != "" {
		t.Errorf("checked (-want +got):\n%s", diff)
	}
	if again := newFixture(t).write(t); !bytes.Equal(data, again) {
		t.Error("the same incident gave another bundle")
	}
	other := newKey(t, 2).Public()
	if c := audit.CheckBundle(bytes.NewReader(data), int64(len(data)), other, nil); len(c.Damage) != 1 || c.Damage[0].Where != "log/checkpoint.txt" {
		t.Errorf("under another key: %q", texts(c.Damage))
	}
}

// There is no byte of a bundle that can be changed, in whatever way, without being found; and of the bytes of a file,
// that file is named.
func TestEveryByteOfABundleCounts(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	data := f.write(t)
	owner := owners(t, data)
	for i := range data {
		changed := bytes.Clone(data)
		changed[i] ^= 1 << (i % 8)
		c := f.check(changed)
		if len(c.Damage) == 0 {
			t.Fatalf("byte %d of %d (%s) was changed and nothing was found", i, len(data), owner[i])
		}
		if name := owner[i]; name != "" && (len(c.Damage) != 1 || !named(c.Damage, name)) {
			t.Errorf("byte %d of %s was changed, and %q is said", i, name, texts(c.Damage))
		}
	}
	for n := range data {
		if c := f.check(data[:n]); len(c.Damage) == 0 {
			t.Fatalf("cut off after %d of %d bytes, and nothing was found", n, len(data))
		}
	}
	if c := f.check(append(bytes.Clone(data), 0)); len(c.Damage) == 0 {
		t.Error("a byte was added and nothing was found")
	}
}

// owners tells for each byte which file it is of; empty for those of the archive itself.
func owners(t *testing.T, data []byte) []string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	out := make([]string, len(data))
	for _, f := range r.File {
		at, err := f.DataOffset()
		must(t, err)
		for i := range f.CompressedSize64 {
			out[uint64(at)+i] = f.Name
		}
	}
	return out
}

// named reports whether damage is said of a file: the log's files vouch for each other, and the proofs for the leaves.
func named(all []audit.Damage, name string) bool {
	for _, d := range all {
		if strings.HasPrefix(d.Where, name) || strings.HasPrefix(name, "log/") && strings.HasPrefix(d.Where, "log/") {
			return true
		}
	}
	return false
}

// What somebody can do who knows the format and writes a whole new archive, but has no key.
func TestForgedBundles(t *testing.T) {
	t.Parallel()
	replace := func(name, old, with string) func(*files) {
		return func(f *files) { f.set(name, strings.ReplaceAll(f.get(name), old, with)) }
	}
	dropLine := func(n int) func(*files) {
		return func(f *files) {
			for _, name := range []string{"log/leaves.jsonl", "log/proofs.jsonl"} {
				lines := strings.SplitAfter(f.get(name), "\n")
				f.set(name, strings.Join(append(lines[:n:n], lines[n+1:]...), ""))
			}
		}
	}
	original := "originals/" + digest(footage).String()
	for name, c := range map[string]struct {
		do   func(*files)
		want []string // all that is said; beginnings
	}{
		"nothing":                    {func(*files) {}, nil},
		"original changed":           {replace(original, "real", "fake"), []string{original + ": its 18 bytes are not the 18 that were exported"}},
		"original left out":          {func(f *files) { delete(f.data, original) }, []string{original + ": it is missing"}},
		"verdict changed":            {replace("verdict.json", "{}", `{"score":99}`), []string{"verdict.json: its 24 bytes are not the 14 that were exported"}},
		"verdict and manifest":       {func(f *files) { replace("verdict.json", "{}", "[]")(f); f.remanifest("verdict.json") }, []string{"manifest.json: it is not the one whose export leaf 6 logged"}},
		"file added":                 {func(f *files) { f.set("note.txt", "by the way") }, []string{"note.txt: it does not belong to the bundle"}},
		"incident renamed":           {replace("manifest.json", `"incident": "AUT-01"`, `"incident": "AUT-02"`), []string{"manifest.json: it is not the one whose export leaf 6 logged"}},
		"manifest no JSON":           {replace("manifest.json", "{", ""), []string{"manifest.json: it is not the one whose export leaf 6 logged"}},
		"another format":             {replace("manifest.json", "bundle 1", "bundle 2"), []string{"manifest.json: it is not the one whose export leaf 6 logged"}},
		"first leaf left out":        {dropLine(0), []string{"leaf 3: leaf 1 of its subject is left out"}},
		"leaf in between left out":   {dropLine(3), []string{"leaf 6: leaf 4 of its subject is left out"}},
		"leaf of the export dropped": {dropLine(4), []string{"log/leaves.jsonl: no leaf speaks of the export"}},
		"leaf changed":               {replace("log/leaves.jsonl", `"tool":"metadata"`, `"tool":"met"`), []string{"log/leaves.jsonl line 3: leaf 3 is not in the signed tree"}},
		"leaves without proofs":      {func(f *files) { f.set("log/proofs.jsonl", "") }, []string{"log/proofs.jsonl: 0 proofs for 5 leaves"}},
		"proof of another":           {replace("log/proofs.jsonl", `"seq":3`, `"seq":2`), []string{"log/leaves.jsonl line 3: leaf 3 has the proof of leaf 2"}},
		"proof in other bytes":       {replace("log/proofs.jsonl", `{"seq":3`, `{ "seq":3`), []string{"log/leaves.jsonl line 3: the proof of leaf 3 is not in its one form"}},
		"last line not ended":        {func(f *files) { f.set("log/leaves.jsonl", strings.TrimSuffix(f.get("log/leaves.jsonl"), "\n")) }, []string{"log/leaves.jsonl line 5: it is cut off"}},
		"another size signed":        {replace("log/checkpoint.txt", "\n7\n", "\n6\n"), []string{"log/checkpoint.txt: audit: checkpoint: its signature does not verify"}},
		"signature added":            {func(f *files) { f.set("log/checkpoint.txt", f.get("log/checkpoint.txt")+"— other 00000000AAAA\n") }, []string{"log/checkpoint.txt: there is more in it"}},
		"key replaced":               {func(f *files) { f.set("log/key.pub", newKey(f.t, 2).Public().String()+"\n") }, []string{"log/key.pub: it is not the key that was given"}},
		"checkpoint left out":        {func(f *files) { delete(f.data, "log/checkpoint.txt") }, []string{"log/checkpoint.txt: it is missing"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			forged := unpacked(t, f.write(t))
			c.do(forged)
			damage := f.check(forged.pack()).Damage
			agrees(t, forged.pack(), f.key.Public(), damage)
			got := texts(damage)
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

// Entries that lie over each other must not make a small file an endless one.
func TestFilesOverEachOther(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	data := f.write(t)
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	for _, e := range r.File {
		var size [4]byte
		binary.LittleEndian.PutUint32(size[:], uint32(e.CompressedSize64))
		at := bytes.LastIndex(data, []byte(e.Name)) - 46 + 20 // its directory entry: two sizes
		if !bytes.Equal(data[at:at+4], size[:]) {
			t.Fatalf("%s: the entry lies elsewhere", e.Name)
		}
		binary.LittleEndian.PutUint32(data[at:], uint32(len(data)/2))
	}
	if got := texts(f.check(data).Damage); len(got) != 1 || !strings.Contains(got[0], "the files are larger than the bundle") {
		t.Errorf("%q", got)
	}
}

// An insider can log and sign whatever is exported; the check still says what does not fit the log.
func TestBundlesOfAnInsider(t *testing.T) {
	t.Parallel()
	stray := "not what was received"
	for name, c := range map[string]struct {
		do   func(f *fixture)
		want string
	}{
		"verdict that was never made": {func(f *fixture) { f.parts[2].Data = []byte(`{"verdict":{"score":99}}`) }, "verdict.json: it is not what leaf 4 logged"},
		"item that was never logged":  {func(f *fixture) { f.manifest.Items[1].Params = "other" }, "verdict.json: no leaf speaks of it"},
		"item of a stranger":          {func(f *fixture) { f.manifest.Items[1].Subject = "AUT-07" }, `verdict.json: its subject "AUT-07" is none of the bundle's`},
		"original never received": {func(f *fixture) {
			f.parts = append(f.parts, audit.OriginalPart(digest(stray), int64(len(stray)), func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(stray)), nil }))
		}, "originals/" + digest(stray).String() + ": no leaf says that it was received"},
		"receipt of another size": {func(f *fixture) {
			l := fileLeaf(footage)
			l.SizeBytes = ref(int64(99))
			f.log.add(f.t, l)
		}, "originals/" + digest(footage).String() + ": it has 18 bytes, and leaf 6 logged another number"},
		"salt of another": {func(f *fixture) { f.manifest.Subjects[1].Salt = digest("?") }, "items/file.txt: it is not what leaf 1 logged"},
		"subject left out": {func(f *fixture) {
			f.manifest.Subjects, f.manifest.Items = f.manifest.Subjects[:1], f.manifest.Items[:2]
		}, "leaf 1: it is of none of the subjects of the bundle"},
	} {
		f := newFixture(t)
		c.do(f)
		data := f.write(t)
		damage := f.check(data).Damage
		if got := texts(damage); len(got) == 0 || got[0] != c.want {
			t.Errorf("%s: %q, want %q first", name, got, c.want)
		}
		agrees(t, data, f.key.Public(), damage)
	}
}

// An original that changed while it was exported is not written as if nothing were.
func TestWriteBundleChecksOriginals(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.parts[5].Open = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("not a fake picture")), nil }
	manifest, err := f.manifest.Complete(f.parts)
	must(t, err)
	if err := audit.WriteBundle(io.Discard, manifest, f.parts, audit.Evidence{Key: f.key.Public()}); err == nil || !strings.Contains(err.Error(), "originals/") {
		t.Errorf("written: %v", err)
	}
}

// second runs the second checker: a reading of the format in another language, from its description alone.
func second(t testing.TB, data []byte, key audit.PublicKey) (out string, code int) {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed: the second checker was not run")
	}
	dir := t.TempDir()
	bundle, pub := filepath.Join(dir, "bundle.zip"), filepath.Join(dir, "log.pub")
	must(t, os.WriteFile(pub, []byte(key.String()+"\n"), 0o600))
	must(t, os.WriteFile(bundle, data, 0o600))
	cmd := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "check_bundle.py"), bundle, pub)
	text, _ := cmd.CombinedOutput() // the exit code tells
	return string(text), cmd.ProcessState.ExitCode()
}

// agrees compares both checkers.
func agrees(t testing.TB, data []byte, key audit.PublicKey, damage []audit.Damage) {
	t.Helper()
	out, code := second(t, data, key)
	want, begins := 0, "unchanged: "
	if len(damage) > 0 {
		want, begins = 4, "DAMAGE"
	}
	if code != want || !strings.HasPrefix(out, begins) {
		t.Errorf("the second checker gives exit code %d and %q, the first finds %q", code, out, texts(damage))
	}
}

func TestPythonAgrees(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	data := f.write(t)
	if out, code := second(t, data, f.key.Public()); code != 0 || out != "unchanged: 5 items, 6 files\n" {
		t.Errorf("whole: exit code %d: %s", code, out)
	}
	owner := owners(t, data)
	tried := map[string]bool{}
	for i := len(data) - 1; i >= 0; i-- {
		if name := owner[i]; !tried[name] && data[i] > ' ' {
			tried[name] = true
			changed := bytes.Clone(data)
			changed[i] ^= 1
			agrees(t, changed, f.key.Public(), []audit.Damage{{Where: name}})
		}
	}
	if len(tried) != 12 { // eleven files, and what is of none
		t.Errorf("%d files were tried", len(tried))
	}
}

// FuzzCheckBundle checks that no bundle breaks the check, and that none but the whole one passes.
func FuzzCheckBundle(f *testing.F) {
	x := newFixture(f)
	whole := x.write(f)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c := x.check(data); len(c.Damage) == 0 && !bytes.Equal(data, whole) {
			t.Error("another bundle passed")
		}
	})
}

// files is an archive taken apart.
type files struct {
	t    testing.TB
	data map[string]string
}

func unpacked(t testing.TB, data []byte) *files {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	out := &files{t, map[string]string{}}
	for _, f := range r.File {
		in, err := f.Open()
		must(t, err)
		text, err := io.ReadAll(in)
		must(t, err)
		out.data[f.Name] = string(text)
	}
	return out
}

func (f *files) get(name string) string {
	if _, ok := f.data[name]; !ok {
		f.t.Fatalf("no file %s", name)
	}
	return f.data[name]
}

func (f *files) set(name, text string) {
	if f.data[name] == text {
		f.t.Fatalf("%s: nothing was changed", name)
	}
	f.data[name] = text
}

// remanifest makes the manifest fit a file that was changed without changing its size.
func (f *files) remanifest(name string) {
	at := strings.Index(f.get("manifest.json"), `"name": "`+name+`"`)
	rest := f.data["manifest.json"][at:]
	start := at + strings.Index(rest, `"sha256": "`) + len(`"sha256": "`)
	f.set("manifest.json", f.data["manifest.json"][:start]+digest(f.get(name)).String()+f.data["manifest.json"][start+64:])
}

// pack writes the files in the one form of a bundle.
func (f *files) pack() []byte {
	var parts []audit.Part
	for name, text := range f.data {
		parts = append(parts, audit.Part{Name: name, Data: []byte(text)})
	}
	var out bytes.Buffer
	must(f.t, audit.WriteArchive(&out, parts))
	return out.Bytes()
}
