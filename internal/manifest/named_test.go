package manifest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/manifest"
	"whenwhere/pipeline"
)

func TestNamedPlace(t *testing.T) {
	t.Parallel()
	radius := 1500.0
	want := pipeline.Claim{Named: &pipeline.NamedPlace{Name: "Петрівка", Oblast: "Kharkiv", Raion: "Чугуївський", RadiusM: &radius}, What: "invented"}
	c, problems := read(t, files{
		manifest.JSONLines: `{"id":"J-1","claim":{"where":{"name":"Петрівка","oblast":"Kharkiv","raion":"Чугуївський","radius_m":1500},"what":"invented"}}` + "\n" +
			`{"claim" : {"what":"invented", "where" : {"radius_m":1500,"raion":"Чугуївський","oblast":"Kharkiv","name":"Петрівка"} } , "id":"J-2"}`,
		manifest.CSV: "id,place,oblast,raion,radius_m,what\nC-1,Петрівка,Kharkiv,Чугуївський,1500,invented\n",
		manifest.GeoJSON: `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,
			"properties":{"id":"G-1","claim":{"where":{"name":"Петрівка","oblast":"Kharkiv","raion":"Чугуївський","radius_m":1500},"what":"invented"}}}]}`,
	})
	if len(problems) > 0 || ids(c) != "J-1 J-2 C-1 G-1" {
		t.Fatal(problems, ids(c))
	}
	for _, r := range c.Records {
		if diff := cmp.Diff(want, r.Incident.Claim); diff != "" {
			t.Errorf("%s (-want +got)\n%s", r.Incident.ID, diff)
		}
	}
}

// A witness may name the place: each testimony by itself, beside others that give coordinates, and in GeoJSON too.
func TestPlaceNamedByAWitness(t *testing.T) {
	t.Parallel()
	const told = `"testimonies":[{"id":"W-1","place":{"lon":37,"lat":48,"radius_m":5}},{"id":"W-2","place" : {"name":"Петрівка","oblast":"Kharkiv"} , "grade":"B2"},{"id":"W-3"},{"id":"W-4","place":{"name":"x","radius_m":9}}]`
	c, problems := read(t, files{
		manifest.JSONLines: `{"id":"J-1",` + told + `,"claim":{"where":{"name":"Горлівка"}}}`,
		manifest.GeoJSON:   `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"id":"G-1",` + told + `}}]}`,
	})
	if len(problems) > 0 || ids(c) != "J-1 G-1" {
		t.Fatal(problems, ids(c))
	}
	radius := 9.0
	want := []pipeline.Testimony{{ID: "W-1", Place: &pipeline.Place{Lon: 37, Lat: 48, RadiusM: 5}}, {ID: "W-2", Named: &pipeline.NamedPlace{Name: "Петрівка", Oblast: "Kharkiv"}, Grade: "B2"},
		{ID: "W-3"}, {ID: "W-4", Named: &pipeline.NamedPlace{Name: "x", RadiusM: &radius}}}
	for _, r := range c.Records {
		if diff := cmp.Diff(want, r.Incident.Testimonies); diff != "" {
			t.Errorf("%s (-want +got)\n%s", r.Incident.ID, diff)
		}
	}
	if n := c.Records[0].Incident.Claim.Named; n == nil || n.Name != "Горлівка" {
		t.Errorf("the claim's own place: %+v", n)
	}
	s := loadSchema(t)
	if err := validateLine(t, s, []byte(`{"id":"X-1",`+told+`}`)); err != nil {
		t.Error(err)
	}
	for place, want := range map[string]string{
		`{"name":""}`: `testimonies[1].place.name: missing`, `{"name":"x","lat":5}`: `testimonies[1].place: a place has a name`, `{"name":"x","district":"y"}`: `testimonies[1].place.district: unknown field "district" (unknown-field, column 84)`,
		`{"name":"x","radius_m":-1}`: `testimonies[1].place.radius_m: -1 is not above 0`, `{"oblast":"x"}`: `testimonies[1].place: "lon" is missing`, `null,"named":{"name":"x"}`: `testimonies[1].named: unknown field`,
	} {
		record := `{"id":"X-1","testimonies":[{"id":"W-1"},{"id":"W-2","place":` + place + `}]}`
		c, problems := read(t, files{manifest.JSONLines: record})
		if len(c.Records) > 0 || len(problems) == 0 || !strings.Contains(strings.Join(problems, "\n"), want) {
			t.Errorf("%s: %q, want %s", place, problems, want)
		}
		if err := validateLine(t, s, []byte(record)); err == nil {
			t.Errorf("the schema accepts %s", place)
		}
	}
}

// A line full of named places takes no longer than another of its length.
func TestManyNamedPlaces(t *testing.T) {
	t.Parallel()
	line := `{"id":"X-1","testimonies":[` + strings.Repeat(`{"id":"W","place":{"name":"x"}},`, 30_000) + `{"id":"W"}]}`
	start := time.Now()
	c, problems := read(t, files{manifest.JSONLines: line})
	if len(c.Records) > 0 || !strings.Contains(strings.Join(problems, "\n"), "testimonies: 30001 entries exceed") {
		t.Errorf("%.200q", problems)
	}
	if took := time.Since(start); took > 20*time.Second { // a quarter of a second on an idle machine
		t.Errorf("%v", took)
	}
}

// What is wrong with a named place, and with others beside it, is named at its place in the line.
func TestNamedPlaceFaults(t *testing.T) {
	t.Parallel()
	s := loadSchema(t)
	for where, want := range map[string]string{
		`{"name":""}`: `claim.where.name: missing`, `{"name":"x","radius_m":0}`: `claim.where.radius_m: 0 is not above 0`, `{"name":5}`: `claim.where.name: `,
		`{"name":"x","lon":37,"lat":48,"radius_m":5}`: `claim.where: a place has a name`, `{"name":"x","district":"y"}`: `claim.where.district: unknown field "district" (unknown-field, column 53)`,
		`{"name":"x","name":"y"}`: `duplicate`, `{"name":null}`: `claim.where.name: `, `{"name":"` + strings.Repeat("x", 201) + `"}`: `201 bytes exceed`, `{"name":"x","found":{"reason":"y"}}`: `unknown field "found"`,
		`{"oblast":"x"}`: `claim.where: "lon" is missing`,
	} {
		record := `{"id":"X-1","claim":{"where":` + where + `}}`
		c, problems := read(t, files{manifest.JSONLines: record})
		if len(c.Records) > 0 || len(problems) == 0 || !strings.Contains(strings.Join(problems, "\n"), want) {
			t.Errorf("%s: %q, want %s", where, problems, want)
		}
		if strings.Contains(where, `"name":"x","name"`) {
			continue // encoding/json takes the last of two
		}
		if err := validateLine(t, s, []byte(record)); err == nil {
			t.Errorf("the schema accepts %s", where)
		}
	}
	if err := validateLine(t, s, []byte(`{"id":"X-1","claim":{"where":{"name":"x","oblast":"y","radius_m":null}}}`)); err != nil {
		t.Error(err)
	}
	for in, want := range map[string]files{
		`incidents.jsonl:1: claim.named: unknown field`: {manifest.JSONLines: `{"id":"X-1","claim":{"named":{"name":"x"}}}`},
		`incidents.jsonl:1: claim.kind: "y" is none of`: {manifest.JSONLines: `{"id":"X-1","claim":{"where":{"name":"x"},"kind":"y"}}`},
		`claim.what: number where`:                      {manifest.JSONLines: `{"id":"X-1","claim":{"where":{"name":"x"},"what":5}}`},
		`column 50`:                                     {manifest.JSONLines: `{"id":"X-1","claim":{"where":{"name":"x"}},"wha":5}`},
		`incidents.csv:2: place: given beside lon`:      {manifest.CSV: "id,place,lon,lat\nX-1,x,37,48\n"},
		`incidents.csv:2: oblast: given without place`:  {manifest.CSV: "id,oblast\nX-1,x\n"},
		`incidents.csv:2: radius_m: "wide" is not`:      {manifest.CSV: "id,place,radius_m\nX-1,x,wide\n"},
		`incidents.csv:2: place: 300 bytes exceed`:      {manifest.CSV: "id,place\nX-1," + strings.Repeat("x", 300) + "\n"},
		`it may not be stated twice`: {manifest.GeoJSON: `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[37,48]},
			"properties":{"id":"G-1","radius_m":5,"claim":{"where":{"name":"x"}}}}]}`},
	} {
		if c, problems := read(t, want); len(c.Records) > 0 || !strings.Contains(strings.Join(problems, "\n"), in) {
			t.Errorf("%q, want %s", problems, in)
		}
	}
}
