package tags_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "whenwhere/internal/decode/tags/tagstest"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/shareddata"
)

// crasher is a file that killed, hung or misled a library; sum is the start of its SHA-256 where it is on record.
type crasher struct {
	name, mimeType, sum string
	file                []byte
	note                string // a rule that must be named; "" when the metadata is sound
	tags                []wire.Tag
}

func crashers() []crasher {
	const jpeg, tiff = "image/jpeg", "image/tiff"
	rat := T(D(0, E(0x010F, 5, 0x20000001, 0)))
	cycle := T(D(14), D(8))
	thumb := func(kind, offset, length int) []byte {
		return J(T(D(26, E(0x010F, 3, 1, 1)), D(0, E(0x0201, kind, 1, offset), E(0x0202, 4, 1, length))))
	}
	gps := func(nd ...int) []byte {
		return J(T(D(0, E(0x8825, 4, 1, 26)), D(0, ES(1, 2, 2, "N"), E(2, 5, 3, 80), ES(3, 2, 2, "E"), E(4, 5, 3, 104)), U32(nd...)))
	}
	position := func(nd ...int64) []wire.Tag {
		var r []wire.Rat
		for i := 0; i < len(nd); i += 2 {
			r = append(r, wire.Rat{Num: nd[i], Den: nd[i+1]})
		}
		return []wire.Tag{text("walk", "GPS", "GPSLatitudeRef", "N"), rats("GPS", "GPSLatitude", r[:3]...),
			text("walk", "GPS", "GPSLongitudeRef", "E"), rats("GPS", "GPSLongitude", r[3:]...)}
	}
	short := []wire.Tag{ints("walk", "IFD0", "Make", 1)}
	return []crasher{
		{"count overflow rational", jpeg, "96b4ed99", J(rat), "536870913 x 8 bytes exceed the block of 26", nil},
		{"count overflow rational", tiff, "205bdcbd", rat, "536870913 x 8 bytes exceed the block of 26", nil},
		{"count overflow long", jpeg, "a69bcbcf", J(T(D(0, E(0x010F, 4, 0x40000001, 0)))), "1073741825 x 4 bytes exceed the block of 26", nil},
		{"cycle of two", jpeg, "4a78d8ff", J(cycle), "directory offset 8 visited twice", nil},
		{"cycle of two", tiff, "98219c96", cycle, "directory offset 8 visited twice", nil},
		{"overlap 64k", jpeg, "d699fe84", J(overlap(2700, 0x010F, 65000, 65000)), "2700 entries exceed 1000", nil},
		{"overlap 600k", tiff, "25c8afc0", overlap(2000, 0x9286, 600000, 0), "2000 entries exceed 1000", nil},
		{"overlap within entries", jpeg, "", J(overlap(999, 0x9286, 60000, 65000)), "exceed 4 x the block of 65000", nil},
		{"thumbnail outside", jpeg, "da6e4e9e", thumb(4, 4000000000, 400), "", short},
		{"thumbnail negative", jpeg, "87eeafba", thumb(9, 0xFFFFFFFB, 4), "", short},
		{"maker note short", jpeg, "aa19fea2", J(T(D(0, E(0x8769, 4, 1, 26)), D(0, ES(0x927C, 7, 4, "abcd")))), "", nil},
		{"gps nan", jpeg, "9cf61330", gps(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), "readers disagree on GPSLatitude", position(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)},
		{"gps inf", jpeg, "15d5ad45", gps(1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1), "readers disagree on GPSLatitude", position(1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1)},
		{"gps 5000", jpeg, "727c3ba5", gps(5000, 1, 0, 1, 0, 1, 4000000000, 1, 0, 1, 0, 1), "", position(5000, 1, 0, 1, 0, 1, 4000000000, 1, 0, 1, 0, 1)},
		{"markup", jpeg, "61b65154", J(T(D(0, E(0x010E, 2, 29, 26)), []byte("<img src=x onerror=alert(1)>\x00"))), "", nil},
		{"many directories", jpeg, "", J(chain(40)), "more than 32 directories", nil},
		{"palette tiff of 60000", tiff, "d94878dc", T(D(0, E(256, 4, 1, 60000), E(257, 4, 1, 60000), E(258, 3, 1, 8), E(259, 3, 1, 1), E(262, 3, 1, 1),
			E(273, 4, 1, 122), E(277, 3, 1, 1), E(278, 4, 1, 60000), E(279, 4, 1, 16)), Z(16)), "", nil},
		{"zlib bomb", "image/png", "", PNG(Chunk("zTXt", Cat([]byte("Software\x00\x00"), deflated(Z(50<<20))))), "inflates beyond 2097152 bytes", nil},
		{"xmp attributes", jpeg, "", xmpFile("<a " + attributes(6000) + "/>"), "", nil},
		{"xmp depth", jpeg, "", xmpFile(strings.Repeat("<a>", 65)), "depth exceeds 64", nil},
		{"xmp entities", jpeg, "", xmpFile(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>`), "not well-formed", nil},
		{"heif item beyond the file", "image/heic", "", HEIF(0, false, sample(), nil)[:250], "", nil},
		{"boxes of nothing", "video/mp4", "", Cat(Box("ftyp", []byte("isom"), B32(0)), bytes.Repeat(Box("free"), 30_000)), "more than 20000 boxes", nil},
		{"keys of nothing", "video/mp4", "", Box("moov", Box("meta", Full("hdlr", 0, B32(0), []byte("mdta"), Z(13)), Full("keys", 0, B32(0x7FFFFFFF)))), "2147483647 names announced, 0 there", nil},
		{"mvhd of one terabyte", "video/mp4", "", Box("moov", Cat(B32(1), []byte("mvhd"), B32(256, 0), Z(200))), "mvhd reaches beyond moov",
			[]wire.Tag{ints("mp4", "mvhd", "creation_time", 0), ints("mp4", "mvhd", "modification_time", 0)}},
	}
}

// overlap is n entries whose values are the same bytes, in a block of total bytes, or followed by as many as they say.
func overlap(n, tag, count, total int) []byte {
	kind := 1
	var entries [][]byte
	for range n {
		entries = append(entries, E(tag, kind, count, 0))
	}
	block := T(D(0, entries...))
	if total == 0 {
		return Cat(block, Z(count))
	}
	return Cat(block, Z(total-len(block)))
}

// chain is n empty directories one behind the other.
func chain(n int) []byte {
	var dirs [][]byte
	for i := range n {
		next := 8 + 6*(i+1)
		if i == n-1 {
			next = 0
		}
		dirs = append(dirs, D(next))
	}
	return T(dirs...)
}

func deflated(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

func xmpFile(packet string) []byte {
	return Cat([]byte{0xFF, 0xD8}, S(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00"+packet)), []byte{0xFF, 0xD9})
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("b" + hex.EncodeToString([]byte{byte(i >> 8), byte(i)}) + `="" `)
	}
	return b.String()
}

// TestCrashers does not run in parallel: it measures what each file costs.
func TestCrashers(t *testing.T) {
	const maxTime, maxBytes = 2 * time.Second, 24 << 20
	for _, c := range crashers() {
		t.Run(c.name+" "+c.mimeType, func(t *testing.T) {
			if sum := sha256.Sum256(c.file); c.sum != "" && hex.EncodeToString(sum[:4]) != c.sum {
				t.Fatalf("generator is wrong: sha256 begins %x, want %s", sum[:4], c.sum)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			begin := time.Now()
			got, fault := read(c.file, c.mimeType)
			took := time.Since(begin)
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; took > maxTime || used > maxBytes {
				t.Errorf("%v and %d bytes allocated, limits %v and %d", took, used, maxTime, maxBytes)
			}
			checkAnswer(t, got, fault)
			if fault != nil {
				t.Fatalf("fault %v: the container is sound", fault)
			}
			if diff := cmp.Diff(c.tags, got.Tags, equateEmpty); diff != "" {
				t.Errorf("tags (-want +got):\n%s", diff)
			}
			if c.note != "" && !hasRule(got.Notes, c.note) {
				t.Errorf("no note names %q: %v", c.note, got.Notes)
			}
		})
	}
}

var equateEmpty = cmp.Transformer("emptyIsNil", func(in []wire.Tag) []wire.Tag { return append([]wire.Tag(nil), in...) })

func hasRule(notes []wire.Note, rule string) bool {
	for _, n := range notes {
		if strings.Contains(n.Rule, rule) {
			return true
		}
	}
	return false
}

// A block that cannot be read does not hide the rest of the file.
func TestBrokenExifLeavesXMP(t *testing.T) {
	t.Parallel()
	file := Cat([]byte{0xFF, 0xD8}, S(0xE1, Cat([]byte("Exif\x00\x00"), T(D(14), D(8)))), S(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00"+packet)), []byte{0xFF, 0xD9})
	got, fault := read(file, "image/jpeg")
	if fault != nil {
		t.Fatal(fault)
	}
	want := []wire.Tag{text("xmp", "XMP", "xmp:CreateDate", "2024-09-01T12:00:00+03:00")}
	if diff := cmp.Diff(want, got.Tags); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !hasRule(got.Notes, "visited twice") {
		t.Errorf("notes %v", got.Notes)
	}
}

// An answer stays below the limit of the exchange even when a file states as much as it can, in the worst letters.
func TestAnswerIsBounded(t *testing.T) {
	t.Parallel()
	var dirs [][]byte
	const perDir, dirBytes = 1000, 6 + 12*1000
	text := 8 + 30*dirBytes
	for i := range 30 {
		var entries [][]byte
		for range perDir {
			entries = append(entries, E(0x010F, 2, 1000, text))
		}
		next := 8 + (i+1)*dirBytes
		if i == 29 {
			next = 0
		}
		dirs = append(dirs, D(next, entries...))
	}
	for _, letter := range []string{"<", "\xFF", "\x01"} {
		file := Cat(T(dirs...), bytes.Repeat([]byte(letter), 8<<20))
		got, fault := read(file, "image/tiff")
		checkAnswer(t, got, fault)
		if len(got.Tags) < 100 || !hasRule(got.Notes, "tags dropped") {
			t.Errorf("%q: %d tags, notes %v", letter, len(got.Tags), got.Notes)
		}
	}
}

// TestHostileCorpus reads every hostile file on this disk as every type that we read.
func TestHostileCorpus(t *testing.T) {
	root := shareddata.Path(t, "hostile")
	mimeTypes := []string{"image/jpeg", "image/png", "image/webp", "image/tiff", "image/heic", "video/mp4", "video/x-msvideo", "video/x-matroska"}
	files := 0
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, m := range mimeTypes {
			begin := time.Now()
			got, fault := read(raw, m)
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("%s as %s took %v", d.Name(), m, took)
			}
			checkAnswer(t, got, fault)
		}
		return nil
	})
	if err != nil || files < 400 {
		t.Fatalf("%d files: %v", files, err)
	}
}
