package store

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/audit"
	"whenwhere/pipeline"
)

// The functions below say what the log keeps of each row: the bytes of Result are the same whether the row is being
// saved or was read back, which is what the check of the log rests on.

// tool is who made what no stage, command or reader of its own made.
const (
	toolIntake  = "intake"
	toolScore   = "score"
	toolPeople  = "people"
	toolArchive = "archive"
	formatOne   = "1" // version of the text that is hashed; raise it when the text of a row changes
)

func fileEvent(m pipeline.Media) Event {
	text := fmt.Sprintf("%d\n%d\n%s", m.SizeBytes, micros(m.ReceivedAt), m.GivenName)
	return Event{Action: audit.Received, Kind: audit.KindFile, Media: m.ID, Size: &m.SizeBytes, Tool: toolIntake, Version: formatOne, Result: []byte(text)}
}

// StageText is what the log keeps of a stage's result: one JSON object a line, the result first, then what it measured,
// sorted by key.
func StageText(r pipeline.StageResult) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	err := enc.Encode(r)
	made := slices.SortedFunc(slices.Values(r.Observations), func(x, y pipeline.Observation) int { return strings.Compare(string(x.Key), string(y.Key)) })
	for _, o := range made {
		o.Body = asJSON(o.Body)
		if err == nil {
			err = enc.Encode(o)
		}
	}
	return []byte(b.String()), err
}

func stageEvent(id pipeline.MediaID, r pipeline.StageResult) (Event, error) {
	text, err := StageText(r)
	return Event{Action: audit.Extracted, Kind: audit.KindStage, Media: id, Params: []byte(r.Stage + "\n" + r.Version), Tool: r.Stage,
		Version: r.Version, Result: text}, err
}

// recordRow is an incident as the log sees it.
type recordRow struct {
	Case   string          `json:"case"`
	Record json.RawMessage `json:"record"`
	Files  []recordFile    `json:"files"`
}

type recordFile struct {
	SHA256  string `json:"sha256,omitempty"`
	Missing string `json:"missing,omitempty"`
}

func recordText(caseName string, record []byte, files []Attachment) ([]byte, error) {
	row := recordRow{Case: caseName, Record: asJSON(record), Files: []recordFile{}}
	for _, a := range files {
		f := recordFile{Missing: a.Missing}
		if !a.ID.IsZero() {
			f.SHA256 = a.ID.String()
		}
		row.Files = append(row.Files, f)
	}
	return json.Marshal(row)
}

// asJSON makes what is no JSON a string: rows that somebody edited must be compared, and not stop the comparison.
func asJSON(text []byte) json.RawMessage {
	if json.Valid(text) {
		return text
	}
	quoted, _ := json.Marshal(string(text)) // never fails for a string
	return quoted
}

func recordEvent(incident string, text []byte) Event {
	return Event{Action: audit.Received, Kind: audit.KindRecord, Incident: incident, Tool: toolIntake, Version: formatOne, Result: text}
}

// judgementText is what the log keeps of a verdict: when it was made, and what else there is to know of its making.
func judgementText(s stored, at int64, made string) []byte {
	return []byte(`{"verdict":` + s.verdict + `,"findings":` + s.findings + `,"stages":` + s.stages +
		`,"at":"` + fromMicros(at).Format(audit.TimeLayout) + `",` + made + `}`)
}

// turnRow is one time that the verdict of an input became the latest, as the log sees it.
type turnRow struct {
	Seq     int64  `json:"seq"`
	At      string `json:"at"`
	Record  string `json:"record_sha256,omitempty"` // as decisions on it saw it
	GaveWay bool   `json:"gave_way,omitempty"`
}

// turnsText are the turns of a verdict.
func turnsText(turns []turnRow) string {
	text, _ := json.Marshal(turns) // never fails for numbers and strings
	return `"turns":` + string(text)
}

// inputName is how the log tells the verdicts of an incident apart.
func inputName(input [32]byte) []byte { return []byte(hex.EncodeToString(input[:])) }

func verdictEvent(incident string, input [32]byte, s stored, at int64, turns []turnRow) Event {
	return Event{Action: audit.Assessed, Kind: audit.KindVerdict, Incident: incident, Params: inputName(input),
		Tool: toolScore, Version: rulesOf(s.verdict), Result: judgementText(s, at, turnsText(turns))}
}

// replayEvent is what the log keeps of a verdict that was made to be compared.
func replayEvent(r replayRow) Event {
	made := fmt.Sprintf(`"known_by":%q,"input_sha256":%q`, fromMicros(r.knownBy).Format(audit.TimeLayout), hex.EncodeToString(r.input))
	return Event{Action: audit.Assessed, Kind: audit.KindReplay, Incident: r.incident, Params: fmt.Appendf(nil, "%d", r.num), Tool: toolScore,
		Version: rulesOf(r.text.verdict), Result: judgementText(r.text, r.at, made)}
}

// replayRow is a row of replays.
type replayRow struct {
	incident         string
	num, knownBy, at int64
	input            []byte
	text             stored
}

// rulesOf is the version of the rules that a verdict names.
func rulesOf(verdict string) string {
	var v struct {
		Rules string `json:"rules"`
	}
	if json.Unmarshal([]byte(verdict), &v) != nil { // then it names none
		return ""
	}
	return v.Rules
}

func mapEvent(m ControlMap) (Event, error) {
	m.AsOf, m.KnownAt, m.Imported = m.AsOf.UTC(), m.KnownAt.UTC(), time.Time{}
	text, err := json.Marshal(m)
	return Event{Action: audit.Imported, Kind: audit.KindMap, Media: m.SHA256, Params: fmt.Appendf(nil, "%s\n%d", m.Provider, micros(m.AsOf)),
		Tool: m.Format, Version: m.Adapter, Result: text}, err
}

func caseMapEvent(caseName string, f ControlFile) Event {
	name := []byte(caseName + "\n" + f.Path)
	return Event{Action: audit.Imported, Kind: audit.KindCaseMap, Media: f.SHA256, Params: name, Tool: toolIntake, Version: formatOne, Result: name}
}

func knownEvent(k Known) (Event, error) {
	text, err := json.Marshal(struct { // without Media, which is the subject
		URL, List, Event string
		Negative         bool
		FirstSeen        *time.Time
	}{k.URL, k.List, k.Event, k.Negative, k.FirstSeen})
	return Event{Action: audit.Catalogued, Kind: audit.KindKnown, Media: k.Media, Params: []byte(k.URL + "\n" + k.List), Tool: toolArchive,
		Version: formatOne, Result: text}, err
}

func listedEvent(id pipeline.MediaID, name string, prints []ListedPrint) Event {
	var b strings.Builder
	for _, p := range prints {
		at := ""
		if p.AtMs != nil {
			at = fmt.Sprint(*p.AtMs)
		}
		fmt.Fprintf(&b, "%s %q %d %x\n", at, p.View, p.Quality, p.PDQ)
	}
	return Event{Action: audit.Catalogued, Kind: audit.KindListed, Media: id, Params: []byte(name), Tool: toolArchive, Version: formatOne,
		Result: []byte(b.String())}
}

// statementEvent is what the log keeps of a public statement.
func statementEvent(id string, record []byte) Event {
	return Event{Action: audit.Received, Kind: audit.KindStatement, Incident: id, Tool: toolIntake, Version: formatOne, Result: record}
}

// decisionEvent is what the log keeps of a person's decision.
func decisionEvent(d pipeline.Decision) (Event, error) {
	text, err := json.Marshal(d)
	return Event{Action: audit.Decided, Kind: audit.KindDecision, Incident: d.Incident, Params: fmt.Appendf(nil, "%d", d.Seq), By: d.By,
		Tool: toolPeople, Version: formatOne, Result: text}, err
}

// linkEvents are what the log keeps of what a person said of a pair: a leaf for each of both.
func linkEvents(l pipeline.Link) ([]Event, error) {
	text, err := json.Marshal(l)
	var out []Event
	for _, incident := range []string{l.A, l.B} {
		out = append(out, Event{Action: audit.Merged, Kind: audit.KindMerge, Incident: incident, By: l.By, Tool: toolPeople, Version: formatOne,
			Params: fmt.Appendf(nil, "%s\n%s\n%s\n%d", l.Kind, l.A, l.B, l.Seq), Result: text})
	}
	return out, err
}

// logAll logs events that were made well.
func (t *Tx) logAll(made []Event, err error) error {
	for _, e := range made {
		if err == nil {
			err = t.log(e)
		}
	}
	return err
}

func (t *Tx) logOne(e Event, err error) error { return t.logAll([]Event{e}, err) }
