package formats_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

type object = map[string]any

func graphOf(t tb, data []byte) []object {
	t.Helper()
	var doc struct {
		Context map[string]string `json:"@context"`
		Graph   []object          `json:"@graph"`
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil || len(doc.Graph) == 0 {
		t.Fatalf("%v\n%s", err, data)
	}
	for prefix, iri := range namespaces {
		if doc.Context[prefix] != iri {
			t.Fatalf("%s is %s", prefix, doc.Context[prefix])
		}
	}
	return doc.Graph
}

func facetsOf(n object) (out []object) {
	all, _ := n["uco-core:hasFacet"].([]any)
	for _, f := range all {
		out = append(out, f.(object))
	}
	return out
}

func hasType(n object, want string) bool {
	switch typ := n["@type"].(type) {
	case string:
		return typ == want
	case []any:
		for _, t := range typ {
			if t == want {
				return true
			}
		}
	}
	return false
}

// The IRIs under which the ontologies are published, CASE 1.x on UCO 1.x.
var namespaces = map[string]string{
	"case-investigation": "https://ontology.caseontology.org/case/investigation/",
	"case-vocabulary":    "https://ontology.caseontology.org/case/vocabulary/",
	"uco-action":         "https://ontology.unifiedcyberontology.org/uco/action/",
	"uco-core":           "https://ontology.unifiedcyberontology.org/uco/core/",
	"uco-identity":       "https://ontology.unifiedcyberontology.org/uco/identity/",
	"uco-location":       "https://ontology.unifiedcyberontology.org/uco/location/",
	"uco-observable":     "https://ontology.unifiedcyberontology.org/uco/observable/",
	"uco-tool":           "https://ontology.unifiedcyberontology.org/uco/tool/",
	"uco-types":          "https://ontology.unifiedcyberontology.org/uco/types/",
	"uco-vocabulary":     "https://ontology.unifiedcyberontology.org/uco/vocabulary/",
	"xsd":                "http://www.w3.org/2001/XMLSchema#",
}

// shape is what the ontology's SHACL shapes say of a property of a class.
type shape struct {
	is       string // a datatype, or "" for a reference or a node
	min, max int    // max 0: any number
}

// shapes of the classes, from investigation.ttl of CASE and action, core, identity, location, observable, tool and types.ttl of
// UCO 1. The classes above a class are written into it.
var thing = map[string]shape{"uco-core:name": {"string", 0, 1}, "uco-core:description": {"string", 0, 0}, "uco-core:tag": {"string", 0, 0}, "uco-core:hasFacet": {"", 0, 0}}

var shapes = map[string]map[string]shape{
	"case-investigation:Investigation": {"uco-core:object": {"", 1, 0}, "case-investigation:investigationForm": {"case-vocabulary:InvestigationFormVocab", 0, 1}},
	"case-investigation:InvestigativeAction": {"uco-action:startTime": {"xsd:dateTime", 0, 1}, "uco-action:endTime": {"xsd:dateTime", 0, 1}, "uco-action:performer": {"", 0, 1},
		"uco-action:instrument": {"", 0, 0}, "uco-action:object": {"", 0, 0}, "uco-action:result": {"", 0, 0}, "case-investigation:wasInformedBy": {"", 0, 0}},
	"case-investigation:ProvenanceRecord": {"uco-core:object": {"", 1, 0}, "case-investigation:exhibitNumber": {"string", 0, 1}},
	"uco-core:Assertion":                  {"uco-core:statement": {"string", 0, 0}},
	"uco-core:ConfidenceFacet":            {"uco-core:confidence": {"xsd:nonNegativeInteger", 1, 1}},
	"uco-core:Relationship": {"uco-core:source": {"", 1, 0}, "uco-core:target": {"", 1, 1}, "uco-core:isDirectional": {"bool", 1, 1},
		"uco-core:kindOfRelationship": {"string", 0, 1}, "uco-core:startTime": {"xsd:dateTime", 0, 0}, "uco-core:endTime": {"xsd:dateTime", 0, 0}},
	"uco-identity:Identity":                {},
	"uco-location:Location":                {},
	"uco-location:LatLongCoordinatesFacet": {"uco-location:latitude": {"xsd:decimal", 0, 1}, "uco-location:longitude": {"xsd:decimal", 0, 1}},
	"uco-location:SimpleAddressFacet":      {"uco-location:region": {"string", 0, 1}},
	"uco-observable:File":                  {},
	"uco-observable:FileFacet":             {"uco-observable:fileName": {"string", 0, 1}},
	"uco-observable:ContentDataFacet":      {"uco-observable:hash": {"", 0, 0}, "uco-observable:mimeType": {"string", 0, 1}, "uco-observable:sizeInBytes": {"integer", 0, 1}},
	"uco-types:Hash":                       {"uco-types:hashMethod": {"uco-vocabulary:HashNameVocab", 1, 1}, "uco-types:hashValue": {"xsd:hexBinary", 1, 1}},
	"uco-tool:AnalyticTool":                {"uco-tool:version": {"string", 0, 1}},
	"whenwhere:VerdictFacet":               nil, // our own
	"whenwhere:FindingFacet":               nil,
	"uco-core:Facet":                       nil,
}

// checker walks a graph, of which it knows every node by then.
type checker struct {
	*testing.T
	types map[string]bool // ids
	seen  map[string]int
}

var iris = regexp.MustCompile(`^kb:[a-z-]+-[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// node checks a node that states what it is, and those within it.
func (c checker) node(n object) {
	id, _ := n["@id"].(string)
	if !iris.MatchString(id) {
		c.Errorf("id %q", id)
	}
	if c.seen[id]++; c.seen[id] > 1 {
		c.Errorf("two nodes are %s", id)
	}
	var kinds []string
	switch typ := n["@type"].(type) {
	case string:
		kinds = []string{typ}
	case []any:
		for _, t := range typ {
			kinds = append(kinds, t.(string))
		}
	}
	ours := false
	known := map[string]shape{}
	for name, s := range thing {
		known[name] = s
	}
	for _, kind := range kinds {
		of, ok := shapes[kind]
		if !ok {
			c.Errorf("%s: %s is no class", id, kind)
		}
		ours = ours || strings.HasPrefix(kind, "whenwhere:")
		for name, s := range of {
			known[name] = s
		}
	}
	if len(kinds) == 0 {
		c.Errorf("%s has no type", id)
	}
	for name, s := range known {
		if n[name] == nil && s.min > 0 {
			c.Errorf("%s: %v lacks %s", id, kinds, name)
		}
	}
	for name, v := range n {
		if strings.HasPrefix(name, "@") || ours && strings.HasPrefix(name, "whenwhere:") {
			continue
		}
		s, ok := known[name]
		if !ok {
			c.Errorf("%s: %v has no %s", id, kinds, name)
			continue
		}
		c.values(id+" "+name, s, v)
	}
}

func (c checker) values(at string, s shape, v any) {
	all, list := v.([]any)
	if !list {
		all = []any{v}
	}
	if len(all) == 0 || s.max > 0 && len(all) > s.max {
		c.Errorf("%s: %d values", at, len(all))
	}
	for _, v := range all {
		c.value(at, s, v)
	}
}

func (c checker) value(at string, s shape, v any) {
	switch v := v.(type) {
	case string:
		if s.is != "string" {
			c.Errorf("%s: a string, want %q", at, s.is)
		}
	case bool:
		if s.is != "bool" {
			c.Errorf("%s: a boolean, want %q", at, s.is)
		}
	case json.Number:
		if s.is != "integer" || strings.ContainsAny(v.String(), ".e") {
			c.Errorf("%s: %s, want %q", at, v, s.is)
		}
	case object:
		switch {
		case v["@value"] != nil:
			if v["@type"] != s.is {
				c.Errorf("%s: %v, want %q", at, v, s.is)
			}
		case s.is != "":
			c.Errorf("%s: a node, want %q", at, s.is)
		case len(v) == 1:
			if !c.types[v["@id"].(string)] {
				c.Errorf("%s: %v is nowhere", at, v["@id"])
			}
		default:
			c.node(v)
		}
	default:
		c.Errorf("%s: %T", at, v)
	}
}

// TestCASE checks every term, number of values, datatype and reference against the shapes of the ontologies, and that custody is
// whole: each file has its hash, its provenance and the act that made it, and the verdict follows from all of them.
func TestCASE(t *testing.T) {
	t.Parallel()
	data := written(t, "case", example("X-1"), example("X-2"), bare("X-3"))
	graph := graphOf(t, data)
	c := checker{T: t, types: map[string]bool{}, seen: map[string]int{}}
	for _, n := range graph {
		c.types[n["@id"].(string)] = true
	}
	number := map[string]int{}
	for _, n := range graph {
		c.node(n)
		number[n["@type"].(string)]++
	}
	for kind, want := range map[string]int{"case-investigation:Investigation": 3, "uco-observable:File": 4, "case-investigation:ProvenanceRecord": 4, "uco-location:Location": 2,
		"case-investigation:InvestigativeAction": 4 + 3 + 2, "uco-identity:Identity": 2, "uco-tool:AnalyticTool": 1} {
		if number[kind] != want {
			t.Errorf("%d of %s, want %d", number[kind], kind, want)
		}
	}
	for _, want := range []string{`"uco-types:hashValue":{"@type":"xsd:hexBinary","@value":"` + strings.Repeat("ab", 32) + `"}`, `"uco-core:confidence":{"@type":"xsd:nonNegativeInteger","@value":"88"}`,
		`"uco-location:latitude":{"@type":"xsd:decimal","@value":"48.0412"}`, `"uco-core:startTime":{"@type":"xsd:dateTime","@value":"2024-08-31T06:00:00Z"}`} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, n := range graph {
		if n["uco-core:name"] == "judged" && n["uco-action:object"] != nil {
			if len(n["uco-action:object"].([]any)) != 2 || len(n["case-investigation:wasInformedBy"].([]any)) != 2 {
				t.Errorf("%v", n)
			}
		}
	}
	if again := written(t, "case", example("X-1"), example("X-2"), bare("X-3")); !bytes.Equal(data, again) {
		t.Error("the same records gave another document")
	}
}
