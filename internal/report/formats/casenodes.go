package formats

import (
	"fmt"
	"slices"
	"strconv"

	"whenwhere/internal/audience"
	"whenwhere/internal/report/record"
	"whenwhere/pipeline"
)

// caseNodes are the nodes of one incident: an investigation that holds the place, what was received with its provenance, the
// act of judging, the assertions that came of it, and what people decided.
func caseNodes(r record.Record) []node {
	g := &graph{r: r}
	g.place()
	for i := range r.Files {
		g.file(i)
	}
	g.judgement()
	for _, d := range r.Decisions {
		g.decision(d)
	}
	return append([]node{g.investigation()}, g.nodes...)
}

// graph grows node by node.
type graph struct {
	r       record.Record
	nodes   []node
	acts    []string // of receiving
	records []string // of provenance
}

func (g *graph) iri(kind string, parts ...string) string {
	return iri(kind, append([]string{g.r.Incident}, parts...)...)
}

func (g *graph) add(n node) string {
	g.nodes = append(g.nodes, n)
	return n["@id"].(string)
}

func (g *graph) investigation() node {
	var ids []string
	for _, n := range g.nodes {
		ids = append(ids, n["@id"].(string))
	}
	return node{"@id": g.iri("investigation"), "@type": "case-investigation:Investigation", "uco-core:name": g.r.Incident,
		"case-investigation:investigationForm": typed("case-vocabulary:InvestigationFormVocab", "incident"),
		"uco-core:object":                      refs(append(ids, toolIRI))}
}

// place is where the event is claimed to have happened; the relationship says when.
func (g *graph) place() {
	r := g.r
	if r.Lon == nil || r.Lat == nil {
		return
	}
	facets := []node{{"@id": g.iri("coordinates"), "@type": "uco-location:LatLongCoordinatesFacet",
		"uco-location:latitude": decimal(*r.Lat), "uco-location:longitude": decimal(*r.Lon)}}
	if r.Areas != nil {
		facets = append(facets, node{"@id": g.iri("address"), "@type": "uco-location:SimpleAddressFacet", "uco-location:region": *r.Areas})
	}
	at := g.add(node{"@id": g.iri("location"), "@type": "uco-location:Location", "uco-core:hasFacet": facets,
		"uco-core:description": fmt.Sprintf("the claimed place lies within %s m of these coordinates", plain(*r.RadiusM))})
	claim := node{"@id": g.iri("claim"), "@type": "uco-core:Relationship", "uco-core:source": ref(g.iri("investigation")), "uco-core:target": ref(at),
		"uco-core:kindOfRelationship": "claimed_to_have_happened_at", "uco-core:isDirectional": true}
	if r.ClaimedFrom != nil && r.ClaimedTo != nil {
		claim["uco-core:startTime"], claim["uco-core:endTime"] = moment(*r.ClaimedFrom), moment(*r.ClaimedTo)
	}
	g.add(claim)
}

// file is a media file, the record of its provenance, and the act of receiving it. A file may be there twice.
func (g *graph) file(i int) {
	f, number := g.r.Files[i], fmt.Sprintf("file %d", i+1)
	content := node{"@id": g.iri("content", number), "@type": "uco-observable:ContentDataFacet", "uco-observable:sizeInBytes": f.SizeBytes,
		"uco-observable:hash": []node{{"@id": g.iri("hash", number), "@type": "uco-types:Hash",
			"uco-types:hashMethod": typed("uco-vocabulary:HashNameVocab", "SHA256"), "uco-types:hashValue": typed("xsd:hexBinary", f.SHA256)}}}
	if f.Type != nil {
		content["uco-observable:mimeType"] = *f.Type
	}
	facets := []node{content}
	if f.Name != nil {
		facets = append(facets, node{"@id": g.iri("name", number), "@type": "uco-observable:FileFacet", "uco-observable:fileName": *f.Name})
	}
	file := g.add(node{"@id": g.iri("file", number), "@type": "uco-observable:File", "uco-core:hasFacet": facets, "uco-core:tag": []string{f.Role}})
	provenance := g.add(node{"@id": g.iri("provenance", number), "@type": "case-investigation:ProvenanceRecord",
		"case-investigation:exhibitNumber": number, "uco-core:object": []node{ref(file)}})
	g.records = append(g.records, provenance)
	g.acts = append(g.acts, g.add(node{"@id": g.iri("received", number), "@type": "case-investigation:InvestigativeAction", "uco-core:name": "received",
		"uco-action:startTime": moment(f.Received), "uco-action:instrument": []node{ref(toolIRI)},
		"uco-action:object": []node{ref(file)}, "uco-action:result": []node{ref(provenance)}}))
}

// judgement is the act of judging with what came of it. Its score is the confidence of the assertion, in whole percent.
func (g *graph) judgement() {
	results := []string{g.verdict()}
	for i, l := range g.r.Lines {
		if spoke := l.Outcome != string(pipeline.NotApplicable) && l.Outcome != string(pipeline.Unavailable); spoke {
			results = append(results, g.finding(i, l))
		}
	}
	act := node{"@id": g.iri("judged"), "@type": "case-investigation:InvestigativeAction", "uco-core:name": "judged",
		"uco-action:endTime": moment(g.r.JudgedAt), "uco-action:instrument": []node{ref(toolIRI)}, "uco-action:result": refs(results)}
	if len(g.records) > 0 {
		act["uco-action:object"], act["case-investigation:wasInformedBy"] = refs(g.records), refs(g.acts)
	}
	g.add(act)
}

func (g *graph) verdict() string {
	facet := node{"@id": g.iri("verdict-facet"), "@type": []string{"whenwhere:VerdictFacet", "uco-core:Facet"}}
	fields := record.Fields()
	for i, v := range g.r.Values() {
		if v != nil {
			facet["whenwhere:"+fields[i].Name] = literal(v)
		}
	}
	confidence := node{"@id": g.iri("confidence"), "@type": "uco-core:ConfidenceFacet",
		"uco-core:confidence": typed("xsd:nonNegativeInteger", strconv.Itoa(int(audience.Percent(g.r.Score))))}
	return g.add(node{"@id": g.iri("verdict"), "@type": "uco-core:Assertion", "uco-core:hasFacet": []node{facet, confidence},
		"uco-core:statement": []string{"The footage was filmed at the claimed place within the claimed time."}, "uco-core:description": []string{note}})
}

func (g *graph) finding(i int, l record.Line) string {
	number := strconv.Itoa(i + 1)
	facet := node{"@id": g.iri("finding-facet", number), "@type": []string{"whenwhere:FindingFacet", "uco-core:Facet"}, "whenwhere:question": l.Question,
		"whenwhere:axis": l.Axis, "whenwhere:outcome": l.Outcome, "whenwhere:basis": l.Basis, "whenwhere:weight_bans": decimal(l.Bans), "whenwhere:alone_bans": decimal(l.Alone)}
	return g.add(node{"@id": g.iri("finding", number), "@type": "uco-core:Assertion", "uco-core:hasFacet": []node{facet},
		"uco-core:statement": []string{fmt.Sprintf("%s: %s", l.Question, l.Outcome)}})
}

// decision is what a person decided, under a pseudonym.
func (g *graph) decision(d pipeline.Decision) {
	who := g.iri("analyst", d.By)
	if !slices.ContainsFunc(g.nodes, func(n node) bool { return n["@id"] == who }) {
		g.add(node{"@id": who, "@type": "uco-identity:Identity", "uco-core:name": d.By})
	}
	number := strconv.Itoa(d.Seq)
	result := g.add(node{"@id": g.iri("ruling", number), "@type": "uco-core:Assertion", "uco-core:statement": []string{string(d.As)}, "uco-core:description": []string{d.Reason}})
	g.add(node{"@id": g.iri("decided", number), "@type": "case-investigation:InvestigativeAction", "uco-core:name": "decided", "uco-action:startTime": moment(d.At),
		"uco-action:performer": ref(who), "uco-action:object": []node{ref(g.iri("verdict"))}, "uco-action:result": []node{ref(result)}})
}
