package pipeline

import "strings"

func compareText[T ~string](a, b T) int { return strings.Compare(string(a), string(b)) }

// Axis is one of the sides from which a claim is looked at.
type Axis string

const (
	AxisWhere   Axis = "where"
	AxisWhen    Axis = "when"
	AxisFootage Axis = "footage"
	AxisContext Axis = "context"
	AxisSources Axis = "sources"
)

// Axes lists all axes in the order in which they are printed.
func Axes() []Axis { return []Axis{AxisWhere, AxisWhen, AxisFootage, AxisContext, AxisSources} }

// VerdictStatus is the machine's status of an incident; a person's decision is kept elsewhere.
type VerdictStatus string

const (
	StatusContradicted VerdictStatus = "contradicted"
	StatusCandidate    VerdictStatus = "verified-candidate"
	StatusCredible     VerdictStatus = "credible"
	StatusUnresolved   VerdictStatus = "unresolved"
)

// Verdict is what the machine says of one incident, with everything needed to take it apart and make it again.
// All lists are sorted, so that equal verdicts are equal bytes.
type Verdict struct {
	Incident       string             `json:"incident"`
	Named          *NamedPlace        `json:"named,omitempty"` // the claimed place, when the record names it, and what a gazetteer made of the name
	Score          float64            `json:"score"`           // 100 x posterior probability of H1 under Prior
	Weight         float64            `json:"weight"`          // total, bans
	Words          string             `json:"words"`           // from the verbal scale named by the rules
	Status         VerdictStatus      `json:"status"`
	Reasons        []string           `json:"reasons"`    // typed reasons of a status below that of a candidate
	Incomplete     []string           `json:"incomplete"` // stages that failed, "stage: subject: cause"; empty when complete
	Axes           map[Axis]float64   `json:"axes"`       // bans
	Prior          float64            `json:"prior"`
	Coverage       float64            `json:"coverage"` // answered questions over applicable ones, 0 to 1
	Lines          []Line             `json:"lines"`
	Times          []Estimate         `json:"times"` // when each file was made, as information: the lines alone carry weight
	Open           []OpenQuestion     `json:"open"`
	Contradictions [][]string         `json:"contradictions"` // smallest sets of lines, by id, that cannot all be true
	Without        map[string]float64 `json:"without"`        // score if the line of that id is left out; only lines that weigh, or that others were judged beside
	Next           []Suggestion       `json:"next"`
	Rules          string             `json:"rules"`               // version of the rules, with their digest when they are not the program's own
	Unweighed      []QuestionID       `json:"unweighed,omitempty"` // questions that were asked and that the rules have no weight for
	Data           map[string]string  `json:"data"`                // versions of the data sets used
}

// Line is one finding with the weight that the rules give it.
type Line struct {
	ID         string        `json:"id"` // "question" or "question@subject"
	Question   QuestionID    `json:"question"`
	Subject    string        `json:"subject,omitempty"`
	Axis       Axis          `json:"axis"`
	Outcome    Outcome       `json:"outcome"`
	Code       Code          `json:"code,omitempty"`
	Weight     float64       `json:"weight"`         // bans it adds to the total
	Alone      float64       `json:"alone"`          // bans it would add if no other line had its basis
	Note       string        `json:"note,omitempty"` // why Weight differs from Alone
	Basis      Basis         `json:"basis"`
	Reason     string        `json:"reason"`
	Evidence   []string      `json:"evidence"`
	Likelihood *Likelihood   `json:"likelihood,omitempty"`
	Without    []LineLacking `json:"without,omitempty"` // what takes the place of Alone in the score without another line
	Assessor   string        `json:"assessor"`
	Version    string        `json:"version"`
}

// LineLacking is what a line would weigh if another, beside which it was judged, were left out.
type LineLacking struct {
	Lacking
	Alone float64 `json:"alone"` // bans, by the same rule as the line's own
}

// AloneWithout is what the line weighs alone when the line of that id is left out.
func (l Line) AloneWithout(id string) float64 {
	for _, w := range l.Without {
		if w.Line == id {
			return w.Alone
		}
	}
	return l.Alone
}

// OpenQuestion is one that applies and was not answered.
type OpenQuestion struct {
	Question QuestionID `json:"question"`
	Text     string     `json:"text"`
	Codes    []Code     `json:"codes"` // why, for the subjects that were asked; empty when there was no subject
}

// Suggestion is evidence that would move the verdict, with the bans it could be expected to move it by.
type Suggestion struct {
	Question     QuestionID `json:"question"`
	What         string     `json:"what"`
	ExpectedBans float64    `json:"expected_bans"`
	StatusChance float64    `json:"status_chance,omitempty"` // probability that the status would be another
}
