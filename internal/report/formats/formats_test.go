package formats_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"whenwhere/internal/audience"
	"whenwhere/internal/report/formats"
	"whenwhere/internal/report/record"
	"whenwhere/pipeline"
)

// tb is what helpers need of a test or a property.
type tb interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func format(t tb, name string) formats.Format {
	t.Helper()
	all := formats.All()
	i := slices.IndexFunc(all, func(f formats.Format) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no format %s", name)
	}
	return all[i]
}

func written(t tb, name string, records ...record.Record) []byte {
	t.Helper()
	var out bytes.Buffer
	w := format(t, name).Open(&out, formats.About{Audience: audience.Partner, Version: "v1"})
	for _, r := range records {
		if err := w.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func some[T any](v T) *T { return &v }

// example has every field.
func example(id string) record.Record {
	at := time.Date(2024, 8, 31, 6, 0, 0, 0, time.UTC)
	return record.Record{
		Row: record.Row{Audience: "partner", Incident: id, Status: "credible", Reasons: some("a; b"), Review: "undecided", Reviewers: 1, Score: 87.5, WeightBans: -1.25, Words: "weak", Prior: 0.5,
			Coverage: 0.25, Complete: true, WhereBans: 1, WhenBans: 2, FootageBans: -3, ContextBans: 0.1, SourcesBans: 1e-7, Contradictions: 1, Open: some("when.x"), Next: some("where.y"),
			Kind: some("capture"), What: some("=1+1"), Perpetrator: some("ru"), CasualtiesMin: some[int64](2), CasualtiesMax: some[int64](5), CasualtiesParty: some("ua"),
			ClaimedFrom: &at, ClaimedTo: some(at.Add(time.Hour)), FilmedFrom: some(at.Add(1500 * time.Microsecond)), FilmedTo: some(at.Add(time.Minute)),
			Lon: some(-37.9078), Lat: some(48.0412), RadiusM: some(400.0), Exact: some(true), Areas: some("Bakhmut"), PlaceName: some("Novo"), Media: 1, Sources: 2, Testimonies: 3,
			Rules: "2026.6", Data: some("control 1"), JudgedAt: at.AddDate(1, 0, 0), VerdictSHA256: some("ef"), Group: "X-1"},
		Lines: []record.Line{{Question: "when.camera_clock", Axis: "when", Outcome: "supports", Bans: 1.5, Alone: 1.5, Basis: "camera_clock"},
			{Question: "where.gps", Axis: "where", Outcome: "unavailable", Code: some("not_stated"), Basis: "gps"}},
		Files: []record.File{{Role: "event", SHA256: strings.Repeat("ab", 32), SizeBytes: 7, Type: some("image/jpeg"), Name: some("a.jpg"), Received: at},
			{Role: "event", SHA256: strings.Repeat("ab", 32), SizeBytes: 7, Received: at}},
		Decisions: []pipeline.Decision{{Seq: 1, By: "analyst-1", As: pipeline.RulingVerified, Reason: "it is", At: at}},
	}
}

// bare has only what no record lacks.
func bare(id string) record.Record {
	return record.Record{Row: record.Row{Audience: "partner", Incident: id}}
}

func expected(r record.Record) row {
	out := row{}
	values := r.Values()
	for i, f := range record.Fields() {
		if values[i] != nil {
			out[f.Name] = values[i]
		}
	}
	return out
}

// TestAllFormatsSayTheSame: every field of one format is in all of them, with the same value, and what is absent in one is
// absent in all.
func TestAllFormatsSayTheSame(t *testing.T) {
	t.Parallel()
	records := []record.Record{example("X-1"), bare("X-2"), example("X-3")}
	for i, v := range records[0].Values() {
		if v == nil {
			t.Fatalf("the example lacks %s", record.Fields()[i].Name)
		}
	}
	for _, f := range formats.All() {
		read, ok := readers[f.Name]
		if !ok {
			t.Errorf("%s has no reader", f.Name)
			continue
		}
		var want []row
		for _, r := range records {
			want = append(want, expected(r))
		}
		if diff := cmp.Diff(want, read(t, written(t, f.Name, records...))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", f.Name, diff)
		}
	}
}

// hostile is text of any kind that a record can hold: valid UTF-8, not empty.
func hostile() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		lead := rapid.SampledFrom([]string{"", "=cmd|' /C calc'!A0", "+", "-1", "@SUM(A1)", "\t", "\r", "\n", "'", "''", "＝1", "\"", ",", "<b>&amp;", "]]>", "\u202e", "]}", "; "}).Draw(t, "lead")
		return lead + rapid.StringN(1, 8, 40).Draw(t, "rest")
	})
}

// TestTextComesBack: whatever a text holds, it comes back from each format as far as that can hold it. XML has no control
// characters, and a reader of CSV takes a line end of Windows for one of Unix.
func TestTextComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := example(rapid.StringMatching(`[A-Z]-[0-9]{1,4}`).Draw(t, "id"))
		r.What, r.Words, r.PlaceName = some(hostile().Draw(t, "what")), hostile().Draw(t, "words"), some(hostile().Draw(t, "name"))
		r.Lon, r.Score = some(float64(rapid.IntRange(-1800000000, 1800000000).Draw(t, "lon"))/1e7), rapid.Float64Range(-1e6, 1e6).Draw(t, "score")
		for name, read := range readers {
			want := expected(r)
			for _, field := range []string{"what", "words", "place_name"} {
				switch text := want[field].(string); name {
				case "csv":
					want[field] = strings.ReplaceAll(text, "\r\n", "\n")
				case "kml":
					want[field] = strings.Map(inXML, text)
				}
			}
			if diff := cmp.Diff([]row{want}, read(t, written(t, name, r))); diff != "" {
				t.Fatalf("%s (-want +got)\n%s", name, diff)
			}
		}
	})
}

func inXML(r rune) rune {
	if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 {
		return r
	}
	return '\ufffd'
}

// JSON holds what is no table, too, and all of it comes back.
func TestJSONIsWhole(t *testing.T) {
	t.Parallel()
	r := example("X-1")
	r.Verdict = &pipeline.Verdict{Incident: "X-1", Reasons: []string{"<a>"}, Without: map[string]float64{"when.x@a": 1},
		Lines: []pipeline.Line{{ID: "when.x@a", Axis: pipeline.AxisWhen, Basis: pipeline.Basis{Kind: "gps", Of: "b"}, Reason: "it & is", Evidence: []string{"a#b"}}}}
	for _, name := range []string{"json", "ndjson"} {
		var doc struct {
			Incidents []record.Record `json:"incidents"`
		}
		data := written(t, name, r, bare("X-2"))
		if name == "ndjson" {
			data = []byte(`{"incidents":[` + strings.Replace(strings.TrimSpace(string(data)), "\n", ",", 1) + `]}`)
		}
		decode(t, data, &doc)
		if diff := cmp.Diff([]record.Record{r, bare("X-2")}, doc.Incidents); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestNothingIsValid: when all was withheld, the document is empty, valid, and says for whom it is where it has a place for it.
func TestNothingIsValid(t *testing.T) {
	t.Parallel()
	for name, read := range readers {
		got := name != "case" && len(read(t, written(t, name))) > 0
		if name == "case" {
			got = len(graphOf(t, written(t, name))) != 1 // the tool
		}
		if got {
			t.Errorf("%s: %s", name, written(t, name))
		}
	}
	for name, want := range map[string]string{"ndjson": "", "csv": "audience,incident,status,"} {
		if got := string(written(t, name)); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Formulas are defused (package cell), in text only: longitudes are negative and stay numbers.
func TestFormulasAreDefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"=1+1": "'=1+1", "A=1": "A=1", "A;=1": "A;'=1"} {
		r := example("X-1")
		r.What, r.WhereBans = &text, -0.5
		all, err := csv.NewReader(bytes.NewReader(written(t, "csv", r))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		cells := map[string]string{}
		for i, name := range all[0] {
			cells[name] = all[1][i]
		}
		if cells["what"] != want || cells["lon"] != "-37.9078" || cells["where_bans"] != "-0.5" || cells["weight_bans"] != "-1.25" {
			t.Errorf("%q: %v", text, cells)
		}
	}
}

// checkGeo checks the metadata by GeoParquet 1.1: its required members and the types of its values.
func checkGeo(t tb, f *parquet.File) {
	t.Helper()
	text, ok := f.Lookup("geo")
	var meta struct {
		Version       string                     `json:"version"`
		PrimaryColumn string                     `json:"primary_column"`
		Columns       map[string]json.RawMessage `json:"columns"`
	}
	if !ok {
		t.Fatal("no geo metadata")
	}
	decode(t, []byte(text), &meta)
	var column struct {
		Encoding      string    `json:"encoding"`
		GeometryTypes []string  `json:"geometry_types"`
		BBox          []float64 `json:"bbox"`
		CRS           any       `json:"crs"`
	}
	decode(t, meta.Columns[meta.PrimaryColumn], &column)
	if meta.Version != "1.1.0" || meta.PrimaryColumn != "geometry" || len(meta.Columns) != 1 || column.Encoding != "WKB" || !slices.Equal(column.GeometryTypes, []string{"Point"}) || column.CRS != nil {
		t.Fatalf("%s", text)
	}
	if leaf, ok := f.Schema().Lookup("geometry"); !ok || leaf.Node.Type().Kind() != parquet.ByteArray || leaf.Node.Repeated() {
		t.Fatal("the geometry is no column of bytes at the root")
	}
	if b := column.BBox; b != nil && (len(b) != 4 || b[0] > b[2] || b[1] > b[3]) {
		t.Fatalf("bbox %v", b)
	}
}

func TestTheBoxHoldsAllPoints(t *testing.T) {
	t.Parallel()
	a, b := example("X-1"), example("X-2")
	a.Lon, a.Lat, b.Lon, b.Lat = some(37.0), some(49.0), some(38.5), some(48.0)
	data := written(t, "geoparquet", a, bare("X-3"), b)
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := f.Lookup("geo"); !strings.Contains(text, `"bbox":[37,48,38.5,49]`) {
		t.Error(text)
	}
}

// TestRecordsAreWrittenAsTheyCome: of many records half and more are written before the last one came, so that memory does not grow with
// their number.
func TestRecordsAreWrittenAsTheyCome(t *testing.T) {
	t.Parallel()
	const many = 5000
	for _, f := range formats.All() {
		var out counter
		w := f.Open(&out, formats.About{Audience: audience.Partner})
		for range many {
			if err := w.Add(example("X-1")); err != nil {
				t.Fatal(err)
			}
		}
		before := out
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if before*2 < out {
			t.Errorf("%s: %d of %d bytes were written before the end", f.Name, before, out)
		}
	}
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

var errFull = errors.New("no space left")

// full takes a number of bytes.
type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// A disk that is full is told, at the latest at the end, by every format and wherever it happens.
func TestAFullDiskIsTold(t *testing.T) {
	t.Parallel()
	for _, f := range formats.All() {
		whole := len(written(t, f.Name, example("X-1"), example("X-2")))
		for _, room := range []int{0, 30, whole / 2, whole - 1} {
			if err := fillUp(f, &full{room}); !errors.Is(err, errFull) || !strings.HasPrefix(err.Error(), f.Name[:3]) && f.Name != "ndjson" {
				t.Errorf("%s, %d of %d bytes of room: %v", f.Name, room, whole, err)
			}
		}
	}
}

func fillUp(f formats.Format, w io.Writer) error {
	out := f.Open(w, formats.About{Audience: audience.Partner, Version: "v1"})
	for _, id := range []string{"X-1", "X-2"} {
		if err := out.Add(example(id)); err != nil {
			return err
		}
	}
	return out.Close()
}
