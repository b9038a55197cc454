package formats

import (
	"bufio"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"whenwhere/internal/report/record"
)

// CASE/UCO: the classes and properties are those of CASE 1 and UCO 1 (ontology.caseontology.org,
// ontology.unifiedcyberontology.org). What they have no term for stands in a facet of our own, as UCO means it to. Our own
// names end in .invalid (RFC 2606), so that nobody else's site is meant and none needs to be there. Every node has an IRI that
// ends in a UUID which follows from the incident (version 5, RFC 9562), so that the same records give the same document.
var caseContext = map[string]string{
	"case-investigation": "https://ontology.caseontology.org/case/investigation/",
	"case-vocabulary":    "https://ontology.caseontology.org/case/vocabulary/",
	"kb":                 "https://whenwhere.invalid/kb/",
	"uco-action":         "https://ontology.unifiedcyberontology.org/uco/action/",
	"uco-core":           "https://ontology.unifiedcyberontology.org/uco/core/",
	"uco-identity":       "https://ontology.unifiedcyberontology.org/uco/identity/",
	"uco-location":       "https://ontology.unifiedcyberontology.org/uco/location/",
	"uco-observable":     "https://ontology.unifiedcyberontology.org/uco/observable/",
	"uco-tool":           "https://ontology.unifiedcyberontology.org/uco/tool/",
	"uco-types":          "https://ontology.unifiedcyberontology.org/uco/types/",
	"uco-vocabulary":     "https://ontology.unifiedcyberontology.org/uco/vocabulary/",
	"whenwhere":          "https://whenwhere.invalid/ns#",
	"xsd":                "http://www.w3.org/2001/XMLSchema#",
}

// node is a JSON-LD object; its keys are written in their order.
type node map[string]any

type caseWriter struct {
	w     *bufio.Writer
	about About
	begun bool
	lead  string
}

func newCASE(w io.Writer, a About) Writer {
	return &caseWriter{w: bufio.NewWriter(w), about: a}
}

func (c *caseWriter) begin() error {
	if c.begun {
		return nil
	}
	c.begun = true
	text, err := json.Marshal(caseContext)
	if err != nil {
		return err
	}
	if _, err := c.w.WriteString(`{"@context":` + string(text) + `,"@graph":[`); err != nil {
		return err
	}
	c.lead = "\n"
	m := c.about.members()
	return c.write(node{"@id": toolIRI, "@type": "uco-tool:AnalyticTool", "uco-core:name": "whenwhere", "uco-tool:version": m.Version,
		"uco-core:description": []string{m.Note, "written for: " + string(m.Audience)}})
}

func (c *caseWriter) write(nodes ...node) error {
	for _, n := range nodes {
		text, err := json.Marshal(n)
		if err != nil {
			return err
		}
		if _, err := c.w.WriteString(c.lead + string(text)); err != nil {
			return err
		}
		c.lead = ",\n"
	}
	return nil
}

func (c *caseWriter) Add(r record.Record) error {
	err := c.begin()
	if err == nil {
		err = c.write(caseNodes(r)...)
	}
	return named("case", r, err)
}

func (c *caseWriter) Close() error {
	err := c.begin()
	if err == nil {
		_, err = c.w.WriteString("]}\n")
	}
	if err == nil {
		err = c.w.Flush()
	}
	if err != nil {
		return fmt.Errorf("case: %w", err)
	}
	return nil
}

var toolIRI = iri("tool", "whenwhere")

// iri names a node by what it is and by what tells it from others of the kind.
func iri(kind string, parts ...string) string {
	// The namespace of our names: chosen once at random, and kept.
	space := []byte{0x3d, 0x0b, 0x5e, 0x0a, 0x8c, 0x52, 0x4f, 0x5b, 0x9a, 0x77, 0x1e, 0x64, 0xd2, 0x90, 0xb7, 0x31}
	sum := sha1.Sum(append(space, strings.Join(append([]string{kind}, parts...), "\x00")...)) //nolint:gosec // what version 5 says
	u := sum[:16]
	u[6], u[8] = u[6]&0x0f|0x50, u[8]&0x3f|0x80
	h := hex.EncodeToString(u)
	return fmt.Sprintf("kb:%s-%s-%s-%s-%s-%s", kind, h[:8], h[8:12], h[12:16], h[16:20], h[20:])
}

func ref(id string) node { return node{"@id": id} }

func refs(ids []string) []node {
	out := make([]node, len(ids))
	for i, id := range ids {
		out[i] = ref(id)
	}
	return out
}

func typed(typ, value string) node { return node{"@type": typ, "@value": value} }

func moment(t time.Time) node { return typed("xsd:dateTime", t.UTC().Format(time.RFC3339Nano)) }

func decimal(v float64) node { return typed("xsd:decimal", strconv.FormatFloat(v, 'f', -1, 64)) }

// literal is a value of a record's field as RDF has it.
func literal(v any) any {
	switch v := v.(type) {
	case float64:
		return decimal(v)
	case time.Time:
		return moment(v)
	default:
		return v
	}
}
