package strictjson_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/strictjson"
)

type want struct {
	Rule         strictjson.Rule
	Path         string
	Line, Column int
}

func refusal(t *testing.T, err error) want {
	t.Helper()
	var e *strictjson.Error
	if !errors.As(err, &e) {
		t.Fatalf("error is %T (%v), want *strictjson.Error", err, err)
	}
	return want{e.Rule, e.Path, e.Line, e.Column}
}

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 17) + strings.Repeat("]", 17)
	for name, tc := range map[string]struct {
		doc  string
		want want
	}{
		"duplicate key":            {"{\"a\":1,\n \"a\":2}", want{strictjson.RuleDuplicateKey, "a", 2, 2}},
		"duplicate by escape":      {`{"a":1,"\u0061":2}`, want{strictjson.RuleDuplicateKey, "a", 1, 8}},
		"case variant":             {`{"x":{"sha256":1,"SHA256":2}}`, want{strictjson.RuleCaseVariant, "x.SHA256", 1, 18}},
		"case variant, kelvin":     {`{"k":1,"` + "\u212a" + `":2}`, want{strictjson.RuleCaseVariant, `["` + "\u212a" + `"]`, 1, 8}},
		"case variant, cyrillic":   {`{"Київ":1,"київ":2}`, want{strictjson.RuleCaseVariant, `["київ"]`, 1, 15}},
		"duplicate in array":       {"[{},\n{\"b\":[{\"c\":1,\"c\":1}]}]", want{strictjson.RuleDuplicateKey, "[1].b[0].c", 2, 14}},
		"depth":                    {deep, want{strictjson.RuleDepth, strings.Repeat("[0]", 16), 1, 17}},
		"broken utf-8":             {"{\n\"a\":\"\xff\"}", want{strictjson.RuleUTF8, "", 2, 6}},
		"lone surrogate":           {`["\ud800"]`, want{strictjson.RuleUTF8, "[0]", 1, 3}},
		"two high surrogates":      {`["\ud83d\ud83d"]`, want{strictjson.RuleUTF8, "[0]", 1, 3}},
		"trailing value":           {"{}\n{}", want{strictjson.RuleTrailing, "", 2, 1}},
		"trailing comma in array":  {`[1,]`, want{strictjson.RuleSyntax, "[1]", 1, 4}},
		"trailing comma in object": {`{"a":1,}`, want{strictjson.RuleSyntax, "", 1, 8}},
		"empty":                    {"", want{strictjson.RuleSyntax, "", 1, 1}},
		"cut":                      {`{"a":[1`, want{strictjson.RuleSyntax, "a", 1, 8}},
		"NaN":                      {`[NaN]`, want{strictjson.RuleSyntax, "[0]", 1, 2}},
		"leading zero":             {`[01]`, want{strictjson.RuleSyntax, "", 1, 3}},
		"bare minus":               {`-`, want{strictjson.RuleSyntax, "", 1, 2}},
		"point without digit":      {`1.`, want{strictjson.RuleSyntax, "", 1, 3}},
		"control in string":        {"\"a\nb\"", want{strictjson.RuleSyntax, "", 1, 3}},
		"unknown escape":           {`"\x"`, want{strictjson.RuleSyntax, "", 1, 2}},
		"open string":              {`"abc`, want{strictjson.RuleSyntax, "", 1, 5}},
		"byte order mark":          {"\ufeff{}", want{strictjson.RuleSyntax, "", 1, 1}},
		"key with dot is quoted":   {`{"a.b":[nul]}`, want{strictjson.RuleSyntax, `["a.b"][0]`, 1, 9}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, refusal(t, strictjson.Check([]byte(tc.doc), strictjson.Limits{}))); diff != "" {
				t.Errorf("%q (-want +got)\n%s", tc.doc, diff)
			}
		})
	}
}

func TestCheckAccepts(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		`{}`, `[]`, `null`, ` true `, `"é\u00e9\ud83d\ude00\n"`, `-0.5e+10`, `{"a":{"a":1},"b":{"a":1}}`,
		"\t{\"a\" :\r\n[ 1 , 2 ] }\n", strings.Repeat("[", 16) + strings.Repeat("]", 16), `1e999`,
	} {
		if err := strictjson.Check([]byte(doc), strictjson.Limits{}); err != nil {
			t.Errorf("%q: %v", doc, err)
		}
	}
}

func TestLimitsAtTheEdge(t *testing.T) {
	t.Parallel()
	doc := []byte(`[[1]]`)
	for _, l := range []strictjson.Limits{{MaxBytes: 5}, {MaxDepth: 2}} {
		if err := strictjson.Check(doc, l); err != nil {
			t.Errorf("%+v: %v", l, err)
		}
	}
	if got := refusal(t, strictjson.Check(doc, strictjson.Limits{MaxBytes: 4})); got.Rule != strictjson.RuleBytes {
		t.Errorf("one byte too many: %+v", got)
	}
	if got := refusal(t, strictjson.Check(doc, strictjson.Limits{MaxDepth: 1})); got.Rule != strictjson.RuleDepth {
		t.Errorf("one level too deep: %+v", got)
	}
}

// A large object is searched by index, not key by key: this takes minutes if
// the search is linear.
func TestManyKeysAreCheap(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 300_000 {
		b.WriteString(`,"k` + strconv.Itoa(i) + `":0`)
	}
	doc := "{" + b.String()[1:] + "}"
	if err := strictjson.Check([]byte(doc), strictjson.Limits{}); err != nil {
		t.Fatal(err)
	}
	if got := refusal(t, strictjson.Check([]byte(doc[:len(doc)-1]+`,"K7":0}`), strictjson.Limits{})); got.Rule != strictjson.RuleCaseVariant {
		t.Errorf("got %+v", got)
	}
}

type place struct {
	Lat float64  `json:"lat"`
	Lon float64  `json:"lon"`
	M   *float64 `json:"radius_m"`
}

type base struct {
	ID string `json:"id"`
}

type manifest struct {
	base2
	Where  place             `json:"where"`
	Others []place           `json:"others"`
	Tags   map[string]int    `json:"tags"`
	Box    [2]int            `json:"box"`
	Any    any               `json:"any"`
	Raw    json.RawMessage   `json:"raw"`
	Named  map[string]*place `json:"named"`
	Hidden int               `json:"-"`
}

type base2 = base

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		doc  string
		want want
	}{
		"unknown field":       {"{\"where\":{\"lat\":1,\n\"x\":2}}", want{strictjson.RuleUnknownField, "where.x", 2, 5}},
		"unknown in slice":    {`{"others":[{},{"y":2}]}`, want{strictjson.RuleUnknownField, "others[1].y", 1, 20}},
		"unknown in map":      {`{"named":{"a":{"y":2}}}`, want{strictjson.RuleUnknownField, "named.a.y", 1, 20}},
		"other case":          {`{"Where":{}}`, want{strictjson.RuleUnknownField, "Where", 1, 10}},
		"field named -":       {`{"Hidden":1}`, want{strictjson.RuleUnknownField, "Hidden", 1, 11}},
		"null number":         {`{"where":{"lat":null}}`, want{strictjson.RuleNull, "where.lat", 1, 17}},
		"null struct":         {`{"where":null}`, want{strictjson.RuleNull, "where", 1, 10}},
		"string for number":   {"{\"where\":{\n\"lat\":\"48\"}}", want{strictjson.RuleType, "where.lat", 2, 7}},
		"array for object":    {`{"where":[1]}`, want{strictjson.RuleType, "where", 1, 10}},
		"object for number":   {`{"tags":{"a":{"b":1}}}`, want{strictjson.RuleType, "tags.a", 1, 14}},
		"fraction for int":    {`{"tags":{"a":1.5}}`, want{strictjson.RuleType, "tags.a", 1, 14}},
		"too large":           {`{"others":[{"lat":1e999}]}`, want{strictjson.RuleType, "others[0].lat", 1, 19}},
		"long array":          {`{"box":[1,2,3]}`, want{strictjson.RuleArrayLength, "box", 1, 8}},
		"short array":         {`{"box":[1]}`, want{strictjson.RuleArrayLength, "box", 1, 8}},
		"duplicate in raw":    {`{"raw":{"a":1,"a":1}}`, want{strictjson.RuleDuplicateKey, "raw.a", 1, 15}},
		"wrong at top":        {`[]`, want{strictjson.RuleType, "", 1, 1}},
		"null at top, struct": {`null`, want{strictjson.RuleNull, "", 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m manifest
			if diff := cmp.Diff(tc.want, refusal(t, strictjson.Decode([]byte(tc.doc), &m))); diff != "" {
				t.Errorf("%q (-want +got)\n%s", tc.doc, diff)
			}
		})
	}
}

func TestDecodeAccepts(t *testing.T) {
	t.Parallel()
	doc := `{"id":"a","where":{"lat":48.5,"lon":37,"radius_m":null},"others":null,"tags":{"A":1},
		"box":[1,2],"any":{"free":[1]},"raw":{"Free":1},"named":{"n":{"lat":1}}}`
	var got manifest
	if err := strictjson.Decode([]byte(doc), &got); err != nil {
		t.Fatal(err)
	}
	if got.ID != "a" || got.Where.Lat != 48.5 || got.Where.M != nil || got.Tags["A"] != 1 ||
		string(got.Raw) != `{"Free":1}` || got.Named["n"].Lat != 1 || got.Box != [2]int{1, 2} {
		t.Errorf("decoded %+v", got)
	}
}

// A hostile key must not become an error of its own length.
func TestErrorsAreShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("\u00e9 ", 100_000)
	for _, doc := range []string{`{"` + long + `":1,"` + long + `":2}`, `{"` + long + `":x}`} {
		var m manifest
		if err := strictjson.Decode([]byte(doc), &m); err == nil || len(err.Error()) > 1000 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	}
}

func TestErrorReads(t *testing.T) {
	t.Parallel()
	var m manifest
	err := strictjson.Decode([]byte("{\"where\":\n{\"Lat\":1}}"), &m)
	const text = `line 2, column 8, where.Lat: unknown field "Lat", the field is spelled "lat" (unknown-field)`
	if err == nil || err.Error() != text {
		t.Errorf("got  %v\nwant %s", err, text)
	}
}

func TestMembersAndRaw(t *testing.T) {
	t.Parallel()
	c, err := strictjson.NewCursor([]byte("{\"b\": [1, 2] ,\n\"a\":{\"x\":\"y\"}}"), strictjson.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	members, err := c.Members()
	if err != nil || len(members) != 2 {
		t.Fatalf("members %v, %v", members, err)
	}
	if got := string(c.Raw(members[0])); got != "[1, 2]" {
		t.Errorf("raw b = %q", got)
	}
	err = c.Visit(members[1], func() error {
		if c.Path() != "a" || c.Line() != 2 {
			t.Errorf("path %q line %d", c.Path(), c.Line())
		}
		return c.Skip()
	})
	if err != nil || c.End() != nil {
		t.Errorf("visit %v, end %v", err, c.End())
	}
}

// What encoding/json writes from any value is accepted, and reads back equal.
func TestAcceptsWhatEncodingJSONWrites(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := map[string]string{}
		for i, v := range rapid.SliceOfN(rapid.String(), 0, 30).Draw(t, "values") {
			in[strconv.Itoa(i)+"я"] = v
		}
		doc, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var out map[string]string
		if err := strictjson.Decode(doc, &out); err != nil {
			t.Fatalf("%s: %v", doc, err)
		}
		var std map[string]string
		if err := json.Unmarshal(doc, &std); err != nil || !cmp.Equal(std, out) {
			t.Fatalf("got %q, encoding/json %q, %v", out, std, err)
		}
		c, _ := strictjson.NewCursor(doc, strictjson.Limits{})
		err = c.Object(func(key string) error {
			s, err := c.String()
			if s != std[key] {
				t.Fatalf("cursor read %q, encoding/json %q", s, std[key])
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Whatever Check accepts encoding/json accepts; whatever it refuses it refuses
// with a typed error inside the document; what json.Valid refuses is refused.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e3,"x\u00e9"],"b":null}`, `{"a":1,"A":2}`, `[[[[]]]]`, "\"\\ud83d\\ude00\"",
		"{\"a\":\n1}x", `[1,]`, "\xff", `{"type":"Point","coordinates":[37.1,48.2]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := strictjson.Check(data, strictjson.Limits{})
		if err == nil {
			if !json.Valid(data) {
				t.Fatalf("accepted %q", data)
			}
			return
		}
		var e *strictjson.Error
		if !errors.As(err, &e) || e.Line < 1 || e.Column < 1 || e.Offset < 0 || e.Offset > len(data) {
			t.Fatalf("refused %q with %#v", data, err)
		}
		switch e.Rule {
		case strictjson.RuleSyntax, strictjson.RuleTrailing, strictjson.RuleType:
			if json.Valid(data) {
				t.Fatalf("refused valid %q: %v", data, err)
			}
		default: // the other rules refuse documents that are valid JSON
		}
	})
}

// A place is told right whatever was asked before: members are visited in any
// order, forth and back over lines.
func TestPlacesInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		gaps := rapid.SliceOfN(rapid.SampledFrom([]string{"", " ", "\n", "\n\n ", "\r\n"}), 8, 8).Draw(t, "gaps")
		doc := gaps[0] + "{"
		for i := range 6 {
			if i > 0 {
				doc += ","
			}
			doc += gaps[i+1] + `"` + strconv.Itoa(i) + `":` + gaps[7] + strconv.Itoa(i)
		}
		doc += gaps[2] + "}"
		c, err := strictjson.NewCursor([]byte(doc), strictjson.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		members, err := c.Members()
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, 5), 1, 12).Draw(t, "order") {
			_ = c.Visit(members[i], func() error {
				e := c.Fail(strictjson.RuleType, "")
				before := doc[:e.Offset]
				line, column := 1+strings.Count(before, "\n"), e.Offset-strings.LastIndexByte(before, '\n')
				if e.Line != line || e.Column != column {
					t.Fatalf("%q offset %d: line %d, column %d, want %d, %d", doc, e.Offset, e.Line, e.Column, line, column)
				}
				return nil
			})
		}
	})
}

// Whoever writes documents knows JSON, and nothing of the types that they are read into.
func TestFaultsAreSaidInWordsOfJSON(t *testing.T) {
	t.Parallel()
	type named string
	var into struct {
		Whole  int             `json:"whole"`
		Count  uint8           `json:"count"`
		Number *float64        `json:"number"`
		Text   named           `json:"text"`
		Yes    bool            `json:"yes"`
		List   []place         `json:"list"`
		Place  place           `json:"place"`
		ByName map[named]place `json:"by_name"`
	}
	for doc, want := range map[string]string{
		`{"whole":"3"}`:      "string where a whole number below 2^63 is needed",
		`{"whole":1.5}`:      "number 1.5 where a whole number below 2^63 is needed",
		`{"count":-1}`:       "number -1 where a whole number from 0 to below 2^8 is needed",
		`{"number":1e400}`:   "number 1e400 where a number below 1.8e308 is needed",
		`{"text":7}`:         "number where a string is needed",
		`{"yes":"no"}`:       "string where true or false is needed",
		`{"list":{}}`:        "object where an array is needed",
		`{"place":[]}`:       "array where an object is needed",
		`{"place":null}`:     "null where an object is needed; leave the member out instead",
		`{"by_name":"here"}`: "string where an object is needed",
	} {
		err := strictjson.Decode([]byte(doc), &into)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", doc, err, want)
		}
	}
}
