package record_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/audience"
	"whenwhere/internal/geo"
	"whenwhere/internal/report/record"
	"whenwhere/pipeline"
)

// full is an entry of which every text says where it stands, so that whatever comes out can be told where it came from. What
// is added to the types later is filled by itself.
func full(t *testing.T) record.Entry {
	t.Helper()
	var e record.Entry
	fill(reflect.ValueOf(&e).Elem(), "entry")
	e.Case.Incident.ID, e.Verdict.Incident, e.Group = "X-1", "X-1", "X-0"
	e.Case.Incident.Claim.Where = &pipeline.Place{Lon: 37.90781234, Lat: 48.04125678, RadiusM: 400}
	when := time.Date(2024, 8, 31, 6, 0, 0, 0, time.FixedZone("", 3*3600))
	e.Case.Incident.Claim.When = &pipeline.Span{From: when, To: when.Add(time.Hour)}
	e.Case.Incident.Claim.Casualties.Min, e.Case.Incident.Claim.Casualties.Max = 2, 5
	e.Verdict.Score, e.Verdict.Weight = 87.654, 1.2345
	e.Verdict.Axes = map[pipeline.Axis]float64{pipeline.AxisWhere: 0.1234, pipeline.AxisContext: -1.08765}
	e.Verdict.Times[0].Flags, e.Verdict.Times[0].Within95.Spans = nil, []pipeline.Span{{From: when, To: when.Add(90 * time.Second)}}
	e.Case.Media[0].Media.ID, e.Case.Media[0].Observed = pipeline.MediaID{0xab, 0xcd}, pipeline.Observations{observed(t)}
	e.Review = pipeline.Review{Incident: "X-1", Newest: pipeline.VerdictDigest{0xef}, History: []pipeline.Decision{
		{By: "analyst-1", As: pipeline.RulingVerified, On: pipeline.VerdictDigest{0xef}, Reason: "canary(a reason)"},
		{By: "analyst-2", As: pipeline.RulingVerified, On: pipeline.VerdictDigest{0xef}, Reason: "canary(a reason)"}}}
	return e
}

func observed(t *testing.T) pipeline.Observation {
	t.Helper()
	body, err := json.Marshal(pipeline.File{Type: "image/jpeg"})
	if err != nil {
		t.Fatal(err)
	}
	return pipeline.Observation{Key: pipeline.FileKey.ID, Body: body}
}

// fill gives every text its path, every list and map one item, and every pointer something to point to.
func fill(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("canary(" + path + ")")
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				fill(v.Field(i), path+"."+f.Name)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(`"` + "canary(" + path + `)"`))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), path)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, path+".key")
		fill(value, path)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	default: // numbers are set where they matter
	}
}

var canary = regexp.MustCompile(`canary\(([^)]*)\)`)

func canaries(t *testing.T, r record.Record) []string {
	t.Helper()
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range canary.FindAllStringSubmatch(string(text), -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestWhatTextGoesOut: of all that is known of an incident, these texts are in the record, and no other. Words of the claim,
// reasons, evidence, names of files, places, devices, accounts, witnesses and analysts are for internal use at the most; and
// what a later version adds to an incident goes nowhere by itself.
func TestWhatTextGoesOut(t *testing.T) {
	t.Parallel()
	e := full(t)
	coded := []string{"entry.Case.Incident.Claim.Casualties.Party", "entry.Case.Incident.Claim.Kind", "entry.Case.Incident.Claim.Perpetrator",
		"entry.Verdict.Lines.Axis", "entry.Verdict.Lines.Basis.Kind", "entry.Verdict.Lines.Code", "entry.Verdict.Lines.Outcome", "entry.Verdict.Lines.Question",
		"entry.Verdict.Next.Question", "entry.Verdict.Open.Question", "entry.Verdict.Reasons", "entry.Verdict.Rules", "entry.Verdict.Status", "entry.Verdict.Words"}
	partner := append(slices.Clone(coded), "entry.Case.Media.Ref.Role", "entry.Verdict.Data", "entry.Verdict.Data.key")
	slices.Sort(partner)
	for a, want := range map[audience.Audience][]string{audience.Partner: partner, audience.Public: coded} {
		r, ok := record.New(e, a, nil)
		if !ok {
			t.Fatalf("%s: withheld", a)
		}
		if diff := cmp.Diff(want, canaries(t, r)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", a, diff)
		}
	}
	r, _ := record.New(e, audience.Internal, nil)
	for _, path := range canaries(t, r) {
		if strings.Contains(path, ".Sources") || strings.Contains(path, ".Testimonies") || strings.Contains(path, ".Marks") {
			t.Errorf("internal: %s: accounts, witnesses and marks stay in the store", path)
		}
	}
	if !slices.Contains(canaries(t, r), "entry.Verdict.Lines.Reason") || !slices.Contains(canaries(t, r), "entry.Case.Incident.Claim.What") {
		t.Error("internal: the whole verdict is missing")
	}
}

// Exact coordinates, weights to a thousandth and hashes are in no record that leaves the house, in no notation.
func TestNumbersThatStay(t *testing.T) {
	t.Parallel()
	e := full(t)
	for a, stays := range map[audience.Audience][]string{
		audience.Internal: {},
		audience.Partner:  {"37.9078", "48.0412", "87.6", "1.23", "1.08", "0.12"},
		audience.Public:   {"37.9078", "48.0412", "87.6", "1.23", "1.08", "0.12", "abcd", "ef00"},
	} {
		r, _ := record.New(e, a, nil)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stays {
			if strings.Contains(string(text), s) {
				t.Errorf("%s: %s is in %s", a, s, text)
			}
		}
	}
}

func TestInternalRecord(t *testing.T) {
	t.Parallel()
	e := full(t)
	r, _ := record.New(e, audience.Internal, func(geo.LatLon) string { return "Bakhmut" })
	got := map[string]any{}
	for i, f := range record.Fields() {
		got[f.Name] = r.Values()[i]
	}
	for name, want := range map[string]any{"audience": "internal", "incident": "X-1", "incident_group": "X-0", "score": 87.654, "context_bans": -1.08765, "review": "approved", "reviewers": int64(2),
		"casualties_min": int64(2), "casualties_max": int64(5), "lon": 37.9078123, "lat": 48.0412568, "radius_m": 400.0, "exact": true, "areas": "Bakhmut", "complete": false,
		"contradictions": int64(1), "media": int64(1), "claimed_from": time.Date(2024, 8, 31, 3, 0, 0, 0, time.UTC), "filmed_to": time.Date(2024, 8, 31, 3, 1, 30, 0, time.UTC),
		"verdict_sha256": "ef" + strings.Repeat("0", 62), "place_name": "canary(entry.Case.Incident.Claim.Named.Name)"} {
		if !cmp.Equal(got[name], want) {
			t.Errorf("%s: %v, want %v", name, got[name], want)
		}
	}
	if f := r.Files[0]; f.SHA256 != "abcd"+strings.Repeat("0", 60) || *f.Type != "image/jpeg" || *f.Name != "canary(entry.Case.Media.Ref.File)" {
		t.Errorf("%+v", f)
	}
	if r.Verdict == nil || len(r.Decisions) != 2 {
		t.Error("the verdict or the decisions are missing")
	}
}

// The sun tells longitude by seconds, and the second of a post finds its account; claimed times are those of the claim.
func TestTimesAreCoarseForOthers(t *testing.T) {
	t.Parallel()
	for a, want := range map[audience.Audience]string{audience.Internal: "03:00:00 03:01:30", audience.Partner: "03:00:00 03:02:00", audience.Public: "03:00:00 03:10:00"} {
		r, ok := record.New(full(t), a, nil)
		if got := r.FilmedFrom.Format(time.TimeOnly) + " " + r.FilmedTo.Format(time.TimeOnly); !ok || got != want || r.ClaimedTo.Format(time.TimeOnly) != "04:00:00" {
			t.Errorf("%s: filmed %s, want %s; claimed to %s", a, got, want, r.ClaimedTo)
		}
	}
}

func TestAbsentIsAbsent(t *testing.T) {
	t.Parallel()
	r, ok := record.New(record.Entry{Verdict: pipeline.Verdict{Incident: "X-2", Times: []pipeline.Estimate{{Flags: []string{"no_clock"},
		Within95: pipeline.Share{Spans: []pipeline.Span{{From: time.Unix(0, 0), To: time.Unix(9, 0)}}}}}}}, audience.Partner, nil)
	if !ok {
		t.Fatal("withheld")
	}
	present := []string{"audience", "incident", "status", "review", "reviewers", "score", "weight_bans", "words", "prior", "coverage", "complete", "where_bans", "when_bans",
		"footage_bans", "context_bans", "sources_bans", "contradictions", "media", "sources", "testimonies", "rules", "judged_at", "verdict_sha256", "incident_group"}
	for i, f := range record.Fields() {
		v := r.Values()[i]
		if (v != nil) != slices.Contains(present, f.Name) {
			t.Errorf("%s: %v", f.Name, v)
		}
		if !f.Optional && v == nil {
			t.Errorf("%s is absent and not optional", f.Name)
		}
	}
	if r.Lines == nil || r.Files == nil {
		t.Error("lists must be empty, not null")
	}
}

// Only what two people verified, on the newest verdict and undisputed, is for the public. Package pipeline says what is
// approved; here no other state gets through.
func TestOnlyTheApprovedIsPublic(t *testing.T) {
	t.Parallel()
	newest, older := pipeline.VerdictDigest{1}, pipeline.VerdictDigest{2}
	by := func(who string, as pipeline.Ruling, on pipeline.VerdictDigest) pipeline.Decision {
		return pipeline.Decision{By: who, As: as, On: on}
	}
	for name, c := range map[string]struct {
		history []pipeline.Decision
		allowed bool
	}{
		"nobody":          {nil, false},
		"one":             {[]pipeline.Decision{by("a", pipeline.RulingVerified, newest)}, false},
		"one twice":       {[]pipeline.Decision{by("a", pipeline.RulingVerified, newest), by("a", pipeline.RulingVerified, newest)}, false},
		"two":             {[]pipeline.Decision{by("a", pipeline.RulingVerified, newest), by("b", pipeline.RulingVerified, newest)}, true},
		"one on an older": {[]pipeline.Decision{by("a", pipeline.RulingVerified, newest), by("b", pipeline.RulingVerified, older)}, false},
		"disputed":        {[]pipeline.Decision{by("a", pipeline.RulingVerified, newest), by("b", pipeline.RulingVerified, newest), by("c", pipeline.RulingUnresolved, newest)}, false},
		"two contradict":  {[]pipeline.Decision{by("a", pipeline.RulingContradicted, newest), by("b", pipeline.RulingContradicted, newest)}, false},
	} {
		e := record.Entry{Verdict: pipeline.Verdict{Incident: "X"}, Review: pipeline.Review{Newest: newest, History: c.history}}
		for _, a := range append(audience.All(), "") {
			want := c.allowed || a == audience.Internal || a == audience.Partner
			_, made := record.New(e, a, nil)
			if allowed := record.Allowed(e, a); made != want || allowed != want {
				t.Errorf("%s, %q: made %v, allowed %v, want %v", name, a, made, allowed, want)
			}
		}
	}
}

// The names and kinds of fields are a contract: this list grows at its end, and nothing in it changes.
func TestFieldsAreDescribed(t *testing.T) {
	t.Parallel()
	row := reflect.TypeFor[record.Row]()
	seen := map[string]bool{}
	for i, f := range record.Fields() {
		column, _, _ := strings.Cut(row.Field(i).Tag.Get("parquet"), ",")
		if f.Name == "" || seen[f.Name] || column != f.Name || f.Doc == "" || strings.Contains(f.Doc, "\n") {
			t.Errorf("%+v, column %q", f, column)
		}
		seen[f.Name] = true
		text := fmt.Sprintf("%T", record.Row{}.Values()[i])
		if !f.Optional && text != map[record.Kind]string{record.Text: "string", record.Number: "float64", record.Whole: "int64", record.Flag: "bool", record.Instant: "time.Time"}[f.Kind] {
			t.Errorf("%s: %s is %s", f.Name, f.Kind, text)
		}
	}
	if len(seen) != 44 {
		t.Errorf("%d fields", len(seen))
	}
}

// What people said is one incident is counted once, also where a part of it may not be given; and of that part nothing is said.
func TestGroupsAreLedByWhatMayBeGiven(t *testing.T) {
	t.Parallel()
	groups := [][]string{{"A", "B", "C"}, {"D", "E"}}
	for name, c := range map[string]struct{ given, want string }{
		"all":      {"ABCDE", "A:A B:A C:A D:D E:D"},
		"not A":    {"BCDE", "B:B C:B D:D E:D"},
		"A and C":  {"AC", "A:A C:A"},
		"one only": {"E", "E:E"},
		"none":     {"", ""},
	} {
		leads := record.Leads(groups, func(id string) bool { return strings.Contains(c.given, id) })
		var got []string
		for _, id := range slices.Sorted(maps.Keys(leads)) {
			got = append(got, id+":"+leads[id])
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}
