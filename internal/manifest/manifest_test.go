package manifest_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/manifest"
	"whenwhere/pipeline"
)

type files map[string]string

// read writes the files into a new case folder and reads it; a content that starts with "-> " makes a symbolic link.
func read(t testing.TB, in files) (*manifest.Case, []string) {
	t.Helper()
	c, problems := readProblems(t, in)
	var text []string
	for _, p := range problems {
		text = append(text, p.Error())
	}
	return c, text
}

func readProblems(t testing.TB, in files) (*manifest.Case, []manifest.Problem) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range in {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		write := func() error { return os.WriteFile(at, []byte(content), 0o600) }
		if to, link := strings.CutPrefix(content, "-> "); link {
			write = func() error { return os.Symlink(to, at) }
		}
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	return manifest.Read(root)
}

func ids(c *manifest.Case) string {
	var out []string
	for _, r := range c.Records {
		out = append(out, r.Incident.ID)
	}
	return strings.Join(out, " ")
}

const geoHead = `{"type":"FeatureCollection","features":[` + "\n"

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		in   files
		kept string
		want []string
	}{
		"empty folder": {files{}, "", []string{"incidents.jsonl: missing: the case folder holds none of incidents.jsonl, incidents.csv, incidents.geojson, statements.jsonl; one is needed (whenwhere verify --help shows a case folder)"}},

		"syntax": {files{"incidents.jsonl": "{\"id\":\"a\"}\n{\"id\":}\n{\"id\":\"b\"}\n"}, "a b",
			[]string{`incidents.jsonl:2: id: '}' where a value is needed (syntax, column 7)`}},
		"unknown field": {files{"incidents.jsonl": `{"id":"a","media":[{"fil":"x"}]}`}, "",
			[]string{`incidents.jsonl:1: media[0].fil: unknown field "fil" (unknown-field, column 27)`}},
		"unknown field in a span": {files{"incidents.jsonl": `{"id":"a","claim":{"when":{"from":"2024-11-03T07:00:00Z","to":"2024-11-03T09:00:00Z","zone":"MSK"}}}`}, "",
			[]string{`incidents.jsonl:1: claim.when.zone: unknown field "zone" (unknown-field, column 93)`}},
		"duplicate key": {files{"incidents.jsonl": `{"id":"a","id":"b"}`}, "",
			[]string{`incidents.jsonl:1: id: key "id" appears twice (duplicate-key, column 11)`}},
		"duplicate key in a span": {files{"incidents.jsonl": `{"id":"a","claim":{"when":{"from":"2024-11-03T07:00:00Z","from":"2024-11-02T07:00:00Z","to":"2024-11-03T09:00:00Z"}}}`}, "",
			[]string{`incidents.jsonl:1: claim.when.from: key "from" appears twice (duplicate-key, column 58)`}},
		"wrong type": {files{"incidents.jsonl": `{"id":"a","claim":{"casualties":{"min":"1","max":2}}}`}, "",
			[]string{`incidents.jsonl:1: claim.casualties.min: string where a whole number below 2^63 is needed (type, column 40)`}},
		"half a place": {files{"incidents.jsonl": `{"id":"a","claim":{"where":{"lat":48,"radius_m":10}}}`}, "",
			[]string{`incidents.jsonl:1: claim.where: "lon" is missing (missing-member, column 28)`}},
		"time without offset": {files{"incidents.jsonl": `{"id":"a","sources":[{"url":"https://example.org/1","published":"2024-11-03T07:00:00"}]}`}, "",
			[]string{`incidents.jsonl:1: sources[0].published: "2024-11-03T07:00:00" is not an RFC 3339 time with its offset, such as 2024-11-03T09:02:11Z (rfc3339, column 65)`}},
		"every fault of a record": {files{"incidents.jsonl": `{"id":"a b","claim":{"where":{"lon":0,"lat":0,"radius_m":10}},"sources":[{"url":"ftp://example.org"}]}`}, "",
			[]string{`incidents.jsonl:1: id: "a b" holds a space, a control character or invalid UTF-8`,
				`incidents.jsonl:1: claim.where: lon, lat: 0,0 is what an absent position looks like, not a place`,
				`incidents.jsonl:1: sources[0].url: not an http or https address`}},
		"duplicate id": {files{"incidents.jsonl": "{\"id\":\"a\"}\n\n{\"id\":\"a\",\"claim\":{\"what\":\"x\"}}", "incidents.csv": "id\na\nb\n"}, "a b",
			[]string{`incidents.jsonl:3: id: "a" was given before, at incidents.jsonl:1`, `incidents.csv:2: id: "a" was given before, at incidents.jsonl:1`}},
		"id of a refused record": {files{"incidents.jsonl": "{\"id\":\"a\",\"claim\":{\"perpetrator\":\"x\"}}\n{\"id\":\"a\"}"}, "",
			[]string{`incidents.jsonl:1: claim.perpetrator: "x" is none of ru, ua, other, unknown`, `incidents.jsonl:2: id: "a" was given before, at incidents.jsonl:1`}},
		"long line": {files{"incidents.jsonl": `{"id":"` + strings.Repeat("x", manifest.MaxLineBytes) + "\"}\n{\"id\":\"b\"}"}, "b",
			[]string{`incidents.jsonl:1: the line exceeds the limit of 1048576 bytes`}},

		"dot dot":                {files{"incidents.jsonl": `{"id":"a","media":[{"file":"../x.jpg"}]}`}, "", []string{`incidents.jsonl:1: media[0].file: "../x.jpg" is not a plain relative path inside the case folder`}},
		"absolute":               {files{"incidents.jsonl": `{"id":"a","media":[{"file":"/etc/passwd"}]}`}, "", []string{`incidents.jsonl:1: media[0].file: "/etc/passwd" is not a plain relative path inside the case folder`}},
		"link out":               {files{"incidents.jsonl": `{"id":"a","media":[{"file":"media/x.jpg"}]}`, "media/x.jpg": "-> /etc/passwd"}, "", []string{`incidents.jsonl:1: media[0].file: "media/x.jpg": path escapes from parent; files and links must stay inside the case folder`}},
		"link up":                {files{"incidents.jsonl": `{"id":"a","media":[{"file":"media/x.jpg"}]}`, "media/x.jpg": "-> ../../x"}, "", []string{`incidents.jsonl:1: media[0].file: "media/x.jpg": path escapes from parent; files and links must stay inside the case folder`}},
		"link in":                {files{"incidents.jsonl": `{"id":"a","media":[{"file":"media/x.jpg"}]}`, "media/x.jpg": "-> y.jpg", "media/y.jpg": "y"}, "a", nil},
		"folder":                 {files{"incidents.jsonl": `{"id":"a","media":[{"file":"media"}]}`, "media/x.jpg": "x"}, "", []string{`incidents.jsonl:1: media[0].file: "media" is not a regular file`}},
		"missing":                {files{"incidents.jsonl": `{"id":"a","media":[{"file":"media/x.jpg"}]}`}, "a", []string{`incidents.jsonl:1: media[0].file: "media/x.jpg": no such file or directory; the record is kept without it`}},
		"manifest is a link out": {files{"incidents.jsonl": "-> /etc/passwd", "incidents.csv": "id\na\n"}, "a", []string{`incidents.jsonl: path escapes from parent`}},
		"manifest is a folder":   {files{"incidents.jsonl/x": "", "incidents.csv": "id\na\n"}, "a", []string{`incidents.jsonl: is not a regular file`}},

		"csv unknown column":  {files{"incidents.csv": "id,when\na,\n"}, "", []string{`incidents.csv:1: unknown column "when"; the columns are id, lon, lat, radius_m, place, oblast, raion, from, to, kind, what, casualties_min, casualties_max, casualties_party, perpetrator, media, sources, published`}},
		"csv column twice":    {files{"incidents.csv": "id,id\na,b\n"}, "", []string{`incidents.csv:1: column "id" is there twice`}},
		"csv semicolons":      {files{"incidents.csv": "id;lon;lat\n"}, "", []string{`incidents.csv:1: the header is one cell; columns are separated by commas`}},
		"csv short row":       {files{"incidents.csv": "id,what\na\nb,x\n"}, "b", []string{`incidents.csv:2: the row has 1 cells, the header has 2`}},
		"csv decimal comma":   {files{"incidents.csv": "id,lon,lat,radius_m\na,\"37,5\",48,100\n"}, "", []string{`incidents.csv:2: lon: "37,5" is not a decimal number with a point`}},
		"csv hexadecimal":     {files{"incidents.csv": "id,lon,lat,radius_m\na,0x1p3,nan,Inf\n"}, "", []string{`incidents.csv:2: lon: "0x1p3" is not a decimal number with a point`, `incidents.csv:2: lat: "nan" is not a decimal number with a point`, `incidents.csv:2: radius_m: "Inf" is not a decimal number with a point`}},
		"csv half a place":    {files{"incidents.csv": "id,lon,lat,radius_m\na,37,,\n"}, "", []string{`incidents.csv:2: lat: missing: lon, lat, radius_m belong together`, `incidents.csv:2: radius_m: missing: lon, lat, radius_m belong together`}},
		"csv out of range":    {files{"incidents.csv": "id,lon,lat,radius_m\na,37,148,10\n"}, "", []string{`incidents.csv:2: lon, lat, radius_m: lat: 148 is not within -90 to 90`}},
		"csv time":            {files{"incidents.csv": "id,from,to\na,2024-11-03,2024-11-04T00:00:00Z\n"}, "", []string{`incidents.csv:2: from: "2024-11-03" is not an RFC 3339 time with its offset, such as 2024-11-03T09:02:11Z`}},
		"csv times turned":    {files{"incidents.csv": "id,from,to\na,2024-11-04T00:00:00Z,2024-11-03T00:00:00Z\n"}, "", []string{`incidents.csv:2: from, to: to: 2024-11-03T00:00:00Z is not after from 2024-11-04T00:00:00Z`}},
		"csv casualties":      {files{"incidents.csv": "id,casualties_min,casualties_max,casualties_party\na,3,2,ua\nb,-1,2,ua\nc,,,ua\n"}, "", []string{`incidents.csv:2: casualties_min, casualties_max: min 3 and max 2: want 0 <= min <= max <= 1000000`, `incidents.csv:3: casualties_min: "-1" is not a whole number`, `incidents.csv:4: casualties_party: given without casualties_min and casualties_max`}},
		"csv media":           {files{"incidents.csv": "id,media\na,media/x.jpg; ../y\n"}, "", []string{`incidents.csv:2: media[1]: "../y" is not a plain relative path inside the case folder`}},
		"csv published":       {files{"incidents.csv": "id,sources,published\na,https://example.org/1,2024-11-03T07:00:00Z;\nb,https://example.org/1,yesterday\n"}, "", []string{`incidents.csv:2: published: 2 values for 1 sources`, `incidents.csv:3: published[0]: "yesterday" is not an RFC 3339 time with its offset, such as 2024-11-03T09:02:11Z`}},
		"csv without id":      {files{"incidents.csv": "what\nx\n"}, "", []string{`incidents.csv:2: id: missing`}},
		"csv code page":       {files{"incidents.csv": "id,what\na,\xe2\xe8\n"}, "", []string{`incidents.csv:2: what: the text is not UTF-8`}},
		"csv broken quotes":   {files{"incidents.csv": "id,what\na,x\nb,y\"z\nc,w\n"}, "a", []string{`incidents.csv:3: bare " in non-quoted-field at line 3, column 4; the rest of the file is not read`}},
		"csv line after text": {files{"incidents.csv": "id,what\na,\"x\ny\"\nb c,\n"}, "a", []string{`incidents.csv:4: id: "b c" holds a space, a control character or invalid UTF-8`}},

		"geojson axis range":    {files{"incidents.geojson": geoHead + `{"type":"Feature","geometry":{"type":"Point","coordinates":[37,148]},"properties":{"id":"a","radius_m":9}}]}`}, "", []string{`incidents.geojson:2: features[0].geometry.coordinates[1]: the file is refused: latitude 148 is outside -90 to 90 (coordinate-range, column 64)`}},
		"geojson type":          {files{"incidents.geojson": `{"type":"Point","coordinates":[1,2]}`}, "", []string{`incidents.geojson:1: type: "Point" where FeatureCollection is needed`}},
		"geojson not a point":   {files{"incidents.geojson": geoHead + `{"type":"Feature","geometry":{"type":"MultiPoint","coordinates":[[1,2]]},"properties":{"id":"a","radius_m":9}}]}`}, "", []string{`incidents.geojson:2: features[0].geometry: MultiPoint where Point is needed`}},
		"geojson no radius":     {files{"incidents.geojson": geoHead + `{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"id":"a"}}]}`}, "", []string{`incidents.geojson:2: features[0].properties.radius_m: missing: a point without a radius is no place`}},
		"geojson radius alone":  {files{"incidents.geojson": geoHead + `{"type":"Feature","geometry":null,"properties":{"id":"a","radius_m":9}}]}`}, "", []string{`incidents.geojson:2: features[0].properties.radius_m: given without a geometry`}},
		"geojson place twice":   {files{"incidents.geojson": geoHead + `{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"id":"a","radius_m":9,"claim":{"where":{"lon":1,"lat":2,"radius_m":3}}}}]}`}, "", []string{`incidents.geojson:2: features[0].properties.claim.where: the place is the geometry with radius_m; it may not be stated twice`}},
		"geojson bad radius":    {files{"incidents.geojson": geoHead + `{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]},"properties":{"id":"a","radius_m":-9}}]}`}, "", []string{`incidents.geojson:2: features[0]: radius_m: -9 is not above 0 and at most 200000`}},
		"geojson unknown field": {files{"incidents.geojson": geoHead + `{"type":"Feature","geometry":null,"properties":{"id":"a","name":"x"}},` + "\n" + `{"type":"Feature","geometry":null,"properties":{"id":"b"}}]}`}, "b", []string{`incidents.geojson:2: features[0].properties.name: unknown field "name" (unknown-field)`}},
		"geojson no properties": {files{"incidents.geojson": geoHead + `{"type":"Feature","geometry":null,"properties":null}]}`}, "", []string{`incidents.geojson:2: features[0].properties: missing`}},

		"control is a file":     {files{"incidents.jsonl": "", "control": "x"}, "", []string{`control: is not a folder`}},
		"control is a link out": {files{"incidents.jsonl": "", "control": "-> /etc"}, "", []string{`control: path escapes from parent`}},

		"known without csv":    {files{"incidents.jsonl": "", "known/x.jpg": "x"}, "", []string{`known/known.csv: missing: without it nothing in known/ has a date, and none of it is used`}},
		"known no date":        {files{"incidents.jsonl": "", "known/x.jpg": "x", "known/known.csv": "file,first_seen\nx.jpg,\nx.jpg,3.11.2024\n"}, "", []string{`known/known.csv:2: first_seen: missing`, `known/known.csv:3: first_seen: "3.11.2024" is neither a date such as 2024-11-03 nor an RFC 3339 time such as 2024-11-03T09:02:11Z`}},
		"known neither":        {files{"incidents.jsonl": "", "known/known.csv": "file,first_seen\n,2024-11-03\n"}, "", []string{`known/known.csv:2: file: missing: a row needs file or sha256`}},
		"known file not there": {files{"incidents.jsonl": "", "known/known.csv": "file,first_seen\nx.jpg,2024-11-03\n"}, "", []string{`known/known.csv:2: file: "x.jpg": no such file or directory`}},
		"known leaves folder":  {files{"incidents.jsonl": "", "known/known.csv": "file,first_seen\n../incidents.jsonl,2024-11-03\n"}, "", []string{`known/known.csv:2: file: "../incidents.jsonl" is not a plain relative path inside the case folder`}},
		"known digest":         {files{"incidents.jsonl": "", "known/x.jpg": "x", "known/known.csv": "file,sha256,first_seen\nx.jpg," + strings.Repeat("ab", 32) + ",2024-11-03\n,abc,2024-11-03\n"}, "", []string{`known/known.csv:2: file: "x.jpg": the file has the digest 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881`, `known/known.csv:3: sha256: media id: 3 characters, want 64 hexadecimal digits`}},
		"known address":        {files{"incidents.jsonl": "", "known/x.jpg": "x", "known/known.csv": "file,first_seen,url\nx.jpg,2024-11-03,javascript:alert(1)\n"}, "", []string{`known/known.csv:2: url: not an http or https address`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, problems := read(t, tc.in)
			if diff := cmp.Diff(tc.want, problems); diff != "" {
				t.Errorf("problems (-want +got)\n%s", diff)
			}
			if got := ids(c); got != tc.kept {
				t.Errorf("kept %q, want %q", got, tc.kept)
			}
			if len(c.Known) > 0 {
				t.Errorf("known footage kept: %+v", c.Known)
			}
		})
	}
}

func example() pipeline.Incident {
	at := func(s string) time.Time {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			panic(err)
		}
		return t.UTC()
	}
	published := at("2024-11-03T09:30:00Z")
	return pipeline.Incident{
		ID: "a",
		Claim: pipeline.Claim{
			Where: &pipeline.Place{Lon: 37.6, Lat: 48.1, RadiusM: 300},
			When:  &pipeline.Span{From: at("2024-11-03T07:00:00Z"), To: at("2024-11-03T09:00:00Z")},
			Kind:  pipeline.KindStrike, What: `=HYPERLINK("https://example.org"), "quoted"`, Perpetrator: pipeline.SideRU,
			Casualties: &pipeline.Casualties{Min: 1, Max: 2, Party: pipeline.SideUA},
		},
		Media: []pipeline.MediaRef{{File: "media/x.jpg"}, {File: "media/y.jpg"}},
		Sources: []pipeline.Source{
			{URL: "https://example.org/1", Published: &published}, {URL: "https://example.com/2"}},
	}
}

// The same record says the same in all three forms, whatever the spelling of its times.
func TestThreeFormsAgree(t *testing.T) {
	t.Parallel()
	const rest = `"when":{"from":"2024-11-03T10:00:00+03:00","to":"2024-11-03T09:00:00Z"},"kind":"strike","what":"=HYPERLINK(\"https://example.org\"), \"quoted\"","casualties":{"min":1,"max":2,"party":"ua"},"perpetrator":"ru"},` +
		`"media":[{"file":"media/x.jpg"},{"file":"media/y.jpg"}],"sources":[{"url":"https://example.org/1","published":"2024-11-03T11:30:00+02:00"},{"url":"https://example.com/2"}]`
	for name, manifestText := range map[string]string{
		manifest.JSONLines: "\ufeff\r\n" + `{"id":"a","claim":{"where":{"lon":37.6,"lat":48.1,"radius_m":300},` + rest + "}\r\n\r\n",
		manifest.CSV: "\ufeffid,lon,lat,radius_m,from,to,kind,what,casualties_min,casualties_max,casualties_party,perpetrator,media,sources,published\r\n" +
			`a,37.6,48.1,300,2024-11-03T10:00:00+03:00,2024-11-03T09:00:00Z,strike,"=HYPERLINK(""https://example.org""), ""quoted""",1,2,ua,ru,media/x.jpg;media/y.jpg,https://example.org/1; https://example.com/2,2024-11-03T11:30:00+02:00;` + "\r\n,,,,,,,,,,,,,,\r\n",
		manifest.GeoJSON: "\ufeff" + geoHead + `{"type":"Feature","geometry":{"type":"Point","coordinates":[37.6,48.1]},"properties":{"id":"a","radius_m":300,"claim":{` + rest + `}}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, problems := read(t, files{name: manifestText, "media/x.jpg": "x", "media/y.jpg": "y"})
			if len(problems) > 0 || len(c.Records) != 1 {
				t.Fatalf("problems %q, %d records", problems, len(c.Records))
			}
			if diff := cmp.Diff(example(), c.Records[0].Incident); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if c.Records[0].Line != 2 || c.Records[0].File != name {
				t.Errorf("read at %s:%d", c.Records[0].File, c.Records[0].Line)
			}
			fields := map[string]string{manifest.JSONLines: "media[0].file", manifest.CSV: "media[0]", manifest.GeoJSON: "features[0].properties.media[0].file"}
			if got := c.Records[0].Field("media[0].file"); got != fields[name] {
				t.Errorf("the file of the first medium is field %q, want %q", got, fields[name])
			}
		})
	}
}

func TestMissingMediaIsMarked(t *testing.T) {
	t.Parallel()
	c, problems := readProblems(t, files{manifest.JSONLines: `{"id":"a","media":[{"file":"media/x.jpg"},{"file":"media/y.jpg","role":"context"}]}`, "media/y.jpg": "y"})
	want := []pipeline.Exhibit{
		{Ref: pipeline.MediaRef{File: "media/x.jpg"}, Missing: "no such file or directory"},
		{Ref: pipeline.MediaRef{File: "media/y.jpg", Role: pipeline.RoleContext}},
	}
	if diff := cmp.Diff(want, c.Records[0].Exhibits); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(problems) != 1 || !errors.Is(problems[0], fs.ErrNotExist) {
		t.Errorf("problems %v, want one that wraps fs.ErrNotExist", problems)
	}
}

func TestEmptyKnownFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "known"), 0o700), os.WriteFile(filepath.Join(dir, manifest.JSONLines), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, problems := manifest.Read(root); len(problems) > 0 {
		t.Errorf("problems %v, want none: there is nothing that a list could date", problems)
	}
}

func TestKnownFootage(t *testing.T) {
	t.Parallel()
	digest := strings.Repeat("ab", 32)
	c, problems := read(t, files{
		manifest.JSONLines: "", "known/old.jpg": "x", "control/a_20241103.geojson": "",
		manifest.KnownCSV: "\ufefffile,sha256,first_seen,url,event\r\nold.jpg,,2023-05-01,https://example.org/1,a yard\n," + digest +
			",2023-05-01T12:00:00.25+03:00,,\nold.jpg,2D711642B726B04401627CA9FBAC32F5C8530FB1903CC4DB02258717921A4881,2023-05-01,,\ngone.jpg," + digest + ",2023-05-01,,\n",
	})
	if diff := cmp.Diff([]string{`known/known.csv:5: file: "gone.jpg": no such file or directory; the row is kept by its digest`}, problems); diff != "" {
		t.Error(diff)
	}
	if !c.Control {
		t.Error("control/ is not found")
	}
	type row struct{ File, SHA256, ExistedBy string }
	var got []row
	for _, k := range c.Known {
		r := row{File: k.File, ExistedBy: k.ExistedBy().Format(time.RFC3339Nano)}
		if k.SHA256 != nil {
			r.SHA256 = k.SHA256.String()[:4]
		}
		got = append(got, r)
	}
	want := []row{{"known/old.jpg", "", "2023-05-02T00:00:00Z"}, {"", "abab", "2023-05-01T09:00:01.25Z"},
		{"known/old.jpg", "2d71", "2023-05-02T00:00:00Z"}, {"", "abab", "2023-05-02T00:00:00Z"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A line of exactly the limit is read, with and without a line end.
func TestLineAtTheLimit(t *testing.T) {
	t.Parallel()
	pad := strings.Repeat(" ", manifest.MaxLineBytes-len(`{"id":"a"}`))
	for _, end := range []string{"", "\n", "\r\n"} {
		c, problems := read(t, files{manifest.JSONLines: `{"id":"a"` + pad + "}" + end + `{"id":"b"}`[:min(len(end), 1)*10]})
		if len(problems) > 0 || len(c.Records) == 0 {
			t.Errorf("end %q: %q, %d records", end, problems, len(c.Records))
		}
	}
}

func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	_, problems := read(t, files{manifest.JSONLines: strings.Repeat("x\n", manifest.MaxRecords+5)})
	if len(problems) != manifest.MaxProblems+1 {
		t.Fatalf("%d problems, want %d", len(problems), manifest.MaxProblems+1)
	}
	// one fault for each record, and one that says that the limit was met
	if want := ".: 99001 further problems are not listed; the limit is 1000"; problems[manifest.MaxProblems] != want {
		t.Errorf("last is %q, want %q", problems[manifest.MaxProblems], want)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(exampleRecord, "id,lon,lat,radius_m,media\nb,37,48,5,media/x.jpg\n", geoHead+`{"type":"Feature","geometry":{"type":"Point","coordinates":[37,48]},"properties":{"id":"c","radius_m":3}}]}`, "file,first_seen\nx,2024-11-03\n")
	f.Add(`{"id":"a","claim":{"when":{"from":"2024-11-03T10:00:00+03:00","to":1}}}`, "id,what\na,\"x\n", `{"type":"Feature"}`, "sha256,first_seen\nabc,2024-11-03T10:00:00+03:00\n")
	f.Add(`{"id":"a","claim":{"where":{"name":"Петрівка","oblast":"x","radius_m":5}}}`, "id,place,raion\na,x,y\n", geoHead+`{"type":"Feature","geometry":null,"properties":{"id":"c","claim":{"where":{"name":"x"}}}}]}`, "")
	f.Add(`{"id":"a","testimonies":[{"id":"W-1","place":{"name":"x"}},{"place":{"name":"y","lon":1},"id":"W-2"}]}`, "", geoHead+`{"type":"Feature","geometry":null,"properties":{"id":"c","testimonies":[{"id":"W-1","place": {"name":"x"}}]}}]}`, "")
	f.Fuzz(func(t *testing.T, lines, table, features, known string) {
		c, problems := readProblems(t, files{"incidents.jsonl": lines, "incidents.csv": table, "incidents.geojson": features, "known/known.csv": known})
		seen := map[string]bool{}
		for _, r := range c.Records {
			if faults := r.Incident.Check(); len(faults) > 0 || seen[r.Incident.ID] || len(r.Exhibits) != len(r.Incident.Media) || r.Line < 1 {
				t.Fatalf("kept %+v with %v", r, faults)
			}
			seen[r.Incident.ID] = true
		}
		for _, p := range problems {
			if p.File == "" || p.Err == nil || p.Error() == "" {
				t.Fatalf("problem %#v", p)
			}
		}
		for _, k := range c.Known {
			if k.FirstSeen.Check() != nil || k.SHA256 == nil && k.File == "" {
				t.Fatalf("known %+v", k)
			}
		}
	})
}

// A file over the limit is refused by its size, without being read.
func TestFileOverTheLimit(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, size := range map[string]int64{manifest.JSONLines: manifest.MaxFileBytes + 1, manifest.CSV: manifest.MaxTableBytes + 1} {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.Truncate(size), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	_, problems := manifest.Read(root)
	want := "[incidents.jsonl: 268435457 bytes exceed the limit of 268435456 incidents.csv: 67108865 bytes exceed the limit of 67108864]"
	if got := fmt.Sprint(problems); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
