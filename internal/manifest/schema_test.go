package manifest_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/manifest"
	"whenwhere/pipeline"
)

func loadSchema(t testing.TB) map[string]any {
	t.Helper()
	var s map[string]any
	if err := json.Unmarshal(manifest.Schema(), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// The schema has exactly the fields of pipeline.Incident, at every depth.
func TestSchemaHasTheFieldsOfTheRecord(t *testing.T) {
	t.Parallel()
	s := loadSchema(t)
	var ofType, ofSchema []string
	typeFields(reflect.TypeFor[pipeline.Incident](), "", &ofType)
	schemaFields(s, s, "", &ofSchema)
	ofType = slices.DeleteFunc(ofType, func(at string) bool { return strings.Contains(at, "/named") }) // written as claim.where and testimonies[i].place: TestNamedPlace
	slices.Sort(ofType)
	slices.Sort(ofSchema)
	if diff := cmp.Diff(ofType, ofSchema); diff != "" {
		t.Errorf("fields (-record +schema)\n%s", diff)
	}
	if len(ofType) < 40 {
		t.Errorf("%d fields found, want 40 or more", len(ofType))
	}
}

func typeFields(t reflect.Type, at string, out *[]string) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		typeFields(t.Elem(), at, out)
		return
	case reflect.Struct:
	default:
		return
	}
	if t == reflect.TypeFor[time.Time]() {
		return
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		*out = append(*out, at+"/"+name)
		typeFields(t.Field(i).Type, at+"/"+name, out)
	}
}

func schemaFields(root, s map[string]any, at string, out *[]string) {
	if ref, ok := s["$ref"].(string); ok {
		schemaFields(root, resolve(root, ref), at, out)
	}
	if either, ok := s["anyOf"].([]any); ok {
		schemaFields(root, either[0].(map[string]any), at, out)
	}
	if items, ok := s["items"].(map[string]any); ok {
		schemaFields(root, items, at, out)
	}
	properties, _ := s["properties"].(map[string]any)
	for name, sub := range properties {
		*out = append(*out, at+"/"+name)
		schemaFields(root, sub.(map[string]any), at+"/"+name, out)
	}
}

func resolve(root map[string]any, ref string) map[string]any {
	name := strings.TrimPrefix(ref, "#/$defs/")
	return root["$defs"].(map[string]any)[name].(map[string]any)
}

// validate is as much of JSON Schema as the schema uses; an unknown keyword fails the test.
func validate(root, s map[string]any, v any) error {
	for _, key := range slices.Sorted(keys(s)) {
		if err := keyword(root, s, key, s[key], v); err != nil {
			return err
		}
	}
	return nil
}

func keys(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func keyword(root, s map[string]any, key string, want, v any) error {
	number, isNumber := v.(float64)
	text, isText := v.(string)
	list, isList := v.([]any)
	object, isObject := v.(map[string]any)
	refuse := func(bad bool) error {
		if bad {
			return fmt.Errorf("%v breaks %s %v", v, key, want)
		}
		return nil
	}
	switch key {
	case "$schema", "$id", "$defs", "title", "description", "format":
		return nil
	case "$ref":
		return validate(root, resolve(root, want.(string)), v)
	case "anyOf":
		return refuse(!slices.ContainsFunc(want.([]any), func(one any) bool { return validate(root, one.(map[string]any), v) == nil }))
	case "enum":
		return refuse(!slices.Contains(want.([]any), v))
	case "type":
		return refuse(!ofType(want, v))
	case "minimum":
		return refuse(isNumber && number < want.(float64))
	case "maximum":
		return refuse(isNumber && number > want.(float64))
	case "exclusiveMinimum":
		return refuse(isNumber && number <= want.(float64))
	case "minLength":
		return refuse(isText && utf8.RuneCountInString(text) < int(want.(float64)))
	case "maxLength":
		return refuse(isText && utf8.RuneCountInString(text) > int(want.(float64)))
	case "pattern":
		return refuse(isText && !regexp.MustCompile(want.(string)).MatchString(text))
	case "not":
		return refuse(validate(root, want.(map[string]any), v) == nil)
	case "maxItems":
		return refuse(isList && len(list) > int(want.(float64)))
	case "uniqueItems":
		seen := map[any]bool{}
		for _, item := range list {
			seen[item] = true
		}
		return refuse(want == true && len(seen) < len(list))
	case "minItems":
		return refuse(isList && len(list) < int(want.(float64)))
	case "items":
		for _, item := range list {
			if err := validate(root, want.(map[string]any), item); err != nil {
				return err
			}
		}
		return nil
	case "required":
		for _, name := range want.([]any) {
			if _, ok := object[name.(string)]; isObject && !ok {
				return fmt.Errorf("%s is missing", name)
			}
		}
		return nil
	case "additionalProperties":
		properties := s["properties"].(map[string]any)
		for name := range object {
			if _, ok := properties[name]; !ok {
				return fmt.Errorf("%s is not a property", name)
			}
		}
		return nil
	case "properties":
		for name, sub := range want.(map[string]any) {
			if value, ok := object[name]; ok {
				if err := validate(root, sub.(map[string]any), value); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		}
		return nil
	}
	return fmt.Errorf("the test does not know the keyword %s", key)
}

func ofType(want, v any) bool {
	if list, ok := want.([]any); ok {
		return slices.ContainsFunc(list, func(one any) bool { return ofType(one, v) })
	}
	switch v := v.(type) {
	case nil:
		return want == "null"
	case bool:
		return want == "boolean"
	case string:
		return want == "string"
	case float64:
		return want == "number" || want == "integer" && v == float64(int64(v))
	case []any:
		return want == "array"
	}
	return want == "object"
}

func validateLine(t testing.TB, s map[string]any, line []byte) error {
	t.Helper()
	var v any
	if err := json.Unmarshal(line, &v); err != nil {
		t.Fatal(err)
	}
	return validate(s, s, v)
}

// Whatever one of the two refuses in these records the other refuses as well.
func TestSchemaAgreesWithReader(t *testing.T) {
	t.Parallel()
	s := loadSchema(t)
	replace := func(old, new string) string {
		if !strings.Contains(exampleRecord, old) {
			t.Fatalf("the example does not hold %s", old)
		}
		return strings.Replace(exampleRecord, old, new, 1)
	}
	for record, sound := range map[string]bool{
		exampleRecord:           true,
		`{"id":"a"}`:            true,
		`{"id":"a","claim":{}}`: true,
		`{"id":"a","media":null,"claim":{"when":null,"where":null,"casualties":null}}`: true,
		replace(`"grade":"B2"`, `"grade":""`):                                          true,
		replace(`"direct":true`, `"direct":null`):                                      true,
		replace(`T09:30:00Z`, `T12:30:00.5+03:00`):                                     true,
		`{}`:                               false,
		`{"id":""}`:                        false,
		`{"id":"a b"}`:                     false,
		`{"id":null}`:                      false,
		`{"id":"a","claim":null}`:          false,
		`{"id":"a","claim":{"what":null}}`: false,
		`{"id":"a","name":"x"}`:            false,
		replace(`"radius_m":300`, `"radius_m":0`):                                          false,
		replace(`"radius_m":300`, `"radius":300`):                                          false,
		replace(`"lon":37.6,`, ``):                                                         false,
		replace(`"lat":48.1`, `"lat":148.1`):                                               false,
		replace(`"min":1,`, ``):                                                            false,
		replace(`"min":1`, `"min":1.5`):                                                    false,
		replace(`"perpetrator":"ru"`, `"perpetrator":"someone"`):                           false,
		replace(`"units":["an invented unit"]`, `"units":null`):                            true,
		replace(`"units":["an invented unit"]`, `"units":[""]`):                            false,
		replace(`"kind":"execution"`, `"kind":"statement"`):                                false,
		replace(`"role":"event"`, `"role":"proof"`):                                        false,
		replace(`media/yard.jpg`, `/yard.jpg`):                                             false,
		replace(`https://t.me/example_channel/123`, `t.me/example_channel/123`):            false,
		replace(`T09:30:00Z`, `T09:30:00`):                                                 false,
		replace(`"grade":"B2"`, `"grade":"B7"`):                                            false,
		replace(`"interviewed":"2024-11-20"`, `"interviewed":"20 November"`):               false,
		replace(`"azimuth_deg":330`, `"azimuth_deg":400`):                                  false,
		replace(`"sigma_deg":3`, `"sigma_deg":0`):                                          false,
		replace(`"kind":"shadow"`, `"kind":"moon"`):                                        false,
		replace(`"by":"analyst-1"`, `"by":"analyst@example.org"`):                          false,
		replace(`"by":"analyst-2"`, `"by":"+380"`):                                         false,
		replace(`"id":"W-01"`, `"id":"050-111-11-11"`):                                     false,
		replace(`"id":"W-01"`, `"id":"w111111111"`):                                        false,
		replace(`"id":"W-01"`, `"id":"2024-11-03-01"`):                                     true,
		replace(`,"by":"analyst-1"`, ``):                                                   false,
		replace(`"kind":"warc"`, `"kind":"zip"`):                                           false,
		replace(`"text":"2024-11-03T11:00:00Z"`, `"text":"yesterday"`):                     true, // flagged when it is read
		replace(`"text":"2024-11-03T11:00:00Z"`, `"text":""`):                              false,
		replace(`"text":"2024-11-03T11:00:00Z"`, `"at":"2024-11-03T11:00:00Z"`):            false,
		replace(`"after":"2024-11-04T08:50:00Z",`, ``):                                     false,
		replace(`"after":"2024-11-04T08:50:00Z"`, `"after":"2024-11-04T08:50:00"`):         false,
		replace(`"after":"2024-11-04T08:50:00Z"`, `"after":"2024-11-04T11:50:00+03:00"`):   true,
		replace(`,"by":"analyst-2"`, ``):                                                   false,
		replace(`"width_px":4000`, `"width_px":0`):                                         false,
		replace(`"hfov_deg":66`, `"hfov_deg":0`):                                           false,
		replace(`"x_px":400,`, ``):                                                         false,
		replace(`"lat":48.101`, `"lat":88.101`):                                            false,
		replace(`"sigma_px":5`, `"sigma_px":0`):                                            false,
		replace(`"sigma_m":5,`, ``):                                                        false,
		replace(`"visible":false`, `"visible":null`):                                       false,
		replace(`"name":"chimney"`, `"height_m":30`):                                       false,
		replace(`"name":"mast",`, ``):                                                      true,
		replace(`"to":"2024-11-03T09:00:00Z"`, `"to":"2024-11-03T09:00:00Z","zone":"MSK"`): false,
		replace(`"to":"2024-11-03T09:00:00Z"`, `"till":"2024-11-03T09:00:00Z"`):            false,
	} {
		err := validateLine(t, s, []byte(record))
		c, problems := read(t, files{manifest.JSONLines: record, "media/yard.jpg": "x"})
		if (err == nil) != sound || (len(problems) == 0 && len(c.Records) == 1) != sound {
			t.Errorf("%s\nsound %t, schema says %v, reader says %q", record, sound, err, problems)
		}
	}
}
