package pipeline

import "strings"

// Outcome is an answer to a question. The zero value is invalid.
type Outcome string

const (
	Supports      Outcome = "supports"
	Contradicts   Outcome = "contradicts"
	Inconclusive  Outcome = "inconclusive"   // there is evidence, and it does not decide
	NotApplicable Outcome = "not_applicable" // the claim is such that the question has no sense; depends on the claim alone
	Unavailable   Outcome = "unavailable"    // there is no evidence to answer with
)

func (o Outcome) valid() bool {
	switch o {
	case Supports, Contradicts, Inconclusive, NotApplicable, Unavailable:
		return true
	}
	return false
}

// decides reports whether the answer is one for or against the claim.
func (o Outcome) decides() bool { return o == Supports || o == Contradicts }

// Code is a typed cause for an answer that decides nothing, so that nobody reads it out of a sentence.
type Code string

const (
	CodeMediaMissing     Code = "media_missing"         // the file is not there
	CodeMediaUnreadable  Code = "media_unreadable"      // the file is there and cannot be read
	CodeMetadataStripped Code = "metadata_stripped"     // the file states nothing of the kind
	CodePrintTooFlat     Code = "print_too_flat"        // the picture looks like any other flat picture
	CodePrintNegative    Code = "print_negative"        // the picture is a logo, title card or stock clip of a negative list
	CodeClaimTooVague    Code = "claim_too_vague"       // the claim lacks the place or the time to compare with
	CodePlaceAmbiguous   Code = "claim_place_ambiguous" // several places have the name that the claim gives
	CodePlaceUnknown     Code = "claim_place_unknown"   // no gazetteer has the name that the claim gives
	CodeNoReference      Code = "no_reference"          // there is no reference data to compare with
	CodeNoZone           Code = "no_zone"               // a local time whose offsets allow both answers
	CodeClockDoubtful    Code = "clock_doubtful"        // the stamp contradicts itself or another clock of the file
	CodeNotStated        Code = "not_stated"            // the file, source, testimony, mark or claim does not say this
	CodeDependent        Code = "dependent"             // repeats another witness
	CodeWeak             Code = "weak"                  // evidence that cannot decide either way
)

// Basis is the witness that a finding rests on: which clock, sensor, person or provider. Findings with the same basis
// are one witness within an axis.
type Basis struct {
	Kind string // "camera_clock", "gps", "container_clock", "file_name", "platform_id", "archive", "pixels", "exposure", "analyst", "testimony", "source", "control_map"
	Of   string // which one: a device, a pseudonym, a provider; may be empty
}

// MarshalText gives "kind" or "kind:of".
func (b Basis) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (b *Basis) UnmarshalText(text []byte) error {
	b.Kind, b.Of, _ = strings.Cut(string(text), ":")
	return nil
}

func (b Basis) String() string {
	if b.Of == "" {
		return b.Kind
	}
	return b.Kind + ":" + b.Of
}

// Likelihood is how probable the evidence is under each proposition if it is genuine, relative to its probability if it
// is bogus: P(E|H1)/P(E|bogus) and P(E|H0)/P(E|bogus). The rules fold in how often such evidence is genuine.
type Likelihood struct {
	H1 float64 `json:"h1"`
	H0 float64 `json:"h0"`
}

// Equal reports whether both are the same, or both absent.
func (l *Likelihood) Equal(o *Likelihood) bool {
	return l == o || l != nil && o != nil && *l == *o
}

// sound reports whether both are numbers that can be; none is.
func (l *Likelihood) sound() bool {
	return l == nil || l.H1 >= 0 && l.H0 >= 0 && finite(l.H1) && finite(l.H0)
}

// Finding answers one question about one subject.
type Finding struct {
	Question   QuestionID  `json:"question"`
	Subject    string      `json:"subject,omitempty"` // empty for the incident itself
	Outcome    Outcome     `json:"outcome"`
	Code       Code        `json:"code,omitempty"` // for answers that decide nothing
	Reason     string      `json:"reason"`         // one sentence with numbers and units
	Evidence   []string    `json:"evidence"`       // references into the record, the observations and the reference data
	Basis      Basis       `json:"basis"`
	Likelihood *Likelihood `json:"likelihood,omitempty"` // when a stated error model gives one; else the rules' table does
	Without    []Lacking   `json:"without,omitempty"`    // what it would answer without a line that it was judged beside, sorted by line
	Assessor   string      `json:"assessor"`
	Version    string      `json:"version"`
}

// ID names the line of a verdict that the finding becomes: "question@subject", or "question" for the incident itself.
func (f Finding) ID() string {
	if f.Subject == "" {
		return string(f.Question)
	}
	return string(f.Question) + "@" + f.Subject
}

// Lacking is the answer that a finding would have if what another line rests on had never been observed: a shadow is
// weighed against the other readings of its file's clock, and without that clock against any daylight.
type Lacking struct {
	Line       string      `json:"line"` // id of the finding that is left out
	Outcome    Outcome     `json:"outcome"`
	Likelihood *Likelihood `json:"likelihood,omitempty"`
}
