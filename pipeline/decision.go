package pipeline

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Ruling is what a person makes of an incident. It stands beside the machine's status and never replaces it.
type Ruling string

const (
	RulingVerified     Ruling = "verified"
	RulingContradicted Ruling = "contradicted"
	RulingUnresolved   Ruling = "unresolved"
)

// Check says what is wrong with the ruling, if anything.
func (r Ruling) Check() error {
	if !slices.Contains([]Ruling{RulingVerified, RulingContradicted, RulingUnresolved}, r) {
		return fmt.Errorf("%q is none of verified, contradicted, unresolved", r)
	}
	return nil
}

// VerdictDigest is the SHA-256 of what a person looks at when deciding: the record of the incident, the input of its
// verdict, and the verdict (see package store). Any change of them makes another digest. Its text form is 64 hexadecimal
// digits.
type VerdictDigest [32]byte

func (d VerdictDigest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText gives the hexadecimal digits.
func (d VerdictDigest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *VerdictDigest) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(d)) {
		return fmt.Errorf("digest: %d characters, want %d hexadecimal digits", len(text), hex.EncodedLen(len(d)))
	}
	if _, err := hex.Decode(d[:], text); err != nil {
		return fmt.Errorf("digest: %w", err)
	}
	return nil
}

// Decision is what one person decided of one incident, on one verdict. Only a person makes it; the machine keeps all of
// them and changes none.
type Decision struct {
	Incident string        `json:"incident"`
	Seq      int           `json:"seq"` // counts the decisions of the incident from 1
	As       Ruling        `json:"as"`
	By       string        `json:"by"` // pseudonym, see CheckPerson
	Reason   string        `json:"reason"`
	On       VerdictDigest `json:"on"`
	Machine  VerdictStatus `json:"machine"` // the status that the verdict had which was decided on
	At       time.Time     `json:"at"`
}

// ReviewState is what people's decisions come to.
type ReviewState string

const (
	ReviewNone         ReviewState = "undecided"    // nobody has decided
	ReviewOutdated     ReviewState = "outdated"     // all decisions are on older verdicts
	ReviewVerified     ReviewState = "verified"     // by one person
	ReviewApproved     ReviewState = "approved"     // verified by at least ApprovingPeople: may be published
	ReviewContradicted ReviewState = "contradicted" // by all who decided
	ReviewUnresolved   ReviewState = "unresolved"   // by all who decided
	ReviewDisputed     ReviewState = "disputed"     // people differ
)

// ReviewStates lists all states in the order in which they are printed.
func ReviewStates() []ReviewState {
	return []ReviewState{ReviewApproved, ReviewVerified, ReviewContradicted, ReviewUnresolved, ReviewDisputed, ReviewOutdated, ReviewNone}
}

// ApprovingPeople is how many different people must have verified an incident before it may be published.
const ApprovingPeople = 2

// Review is what people have decided of an incident, beside its newest verdict.
type Review struct {
	Incident string        `json:"incident"`
	Machine  VerdictStatus `json:"machine"` // of the newest verdict
	Newest   VerdictDigest `json:"newest"`  // of the newest verdict
	History  []Decision    `json:"history"` // all, oldest first
}

// Current lists what holds: of each person the latest decision, if it is on the newest verdict, by pseudonym. Whoever
// decides again takes the earlier decision back.
func (r Review) Current() []Decision {
	latest := map[string]Decision{}
	for _, d := range r.History {
		latest[d.By] = d
	}
	var out []Decision
	for _, d := range latest {
		if d.On == r.Newest {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b Decision) int { return cmp.Compare(a.By, b.By) })
	return out
}

// State is what the current decisions come to.
func (r Review) State() ReviewState {
	current := r.Current()
	switch {
	case len(r.History) == 0:
		return ReviewNone
	case len(current) == 0:
		return ReviewOutdated
	case slices.ContainsFunc(current, func(d Decision) bool { return d.As != current[0].As }):
		return ReviewDisputed
	}
	switch current[0].As {
	case RulingContradicted:
		return ReviewContradicted
	case RulingUnresolved:
		return ReviewUnresolved
	case RulingVerified:
	}
	if len(current) >= ApprovingPeople {
		return ReviewApproved
	}
	return ReviewVerified
}

// Approved reports whether the incident may be published: at least ApprovingPeople different people verified it on its
// newest verdict, and nobody who decided on that verdict holds otherwise.
func (r Review) Approved() bool { return r.State() == ReviewApproved }

// Wanting says in a sentence why the incident is not approved; it is empty when it is. It names nobody.
func (r Review) Wanting() string {
	current := r.Current()
	switch r.State() {
	case ReviewApproved:
		return ""
	case ReviewNone:
		return "nobody has decided"
	case ReviewOutdated:
		return "every decision is on an older verdict"
	case ReviewVerified:
		return fmt.Sprintf("one person verified it; publication needs %d", ApprovingPeople)
	case ReviewContradicted, ReviewUnresolved:
		return "people hold it " + string(current[0].As)
	case ReviewDisputed:
	}
	count := map[Ruling]int{}
	for _, d := range current {
		count[d.As]++
	}
	return fmt.Sprintf("people differ: %d verified, %d contradicted, %d unresolved",
		count[RulingVerified], count[RulingContradicted], count[RulingUnresolved])
}

// MaxPersonBytes bounds a pseudonym.
const MaxPersonBytes = 40

// phoneDigits is how many digits a telephone number has at the least: seven, without its area. No pseudonym needs them.
const phoneDigits = 7

// CheckPerson says what is wrong with a pseudonym, if anything. It is small letters a to z, digits, points, hyphens and
// underscores, and starts with a letter, so that one person has one spelling and nobody types a name, an address or a
// telephone number there.
func CheckPerson(by string) error {
	digits := 0
	for _, r := range by {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	switch {
	case by == "":
		return fmt.Errorf("missing: a decision is a person's, under a pseudonym such as analyst-2")
	case len(by) > MaxPersonBytes:
		return fmt.Errorf("%d bytes exceed the limit of %d", len(by), MaxPersonBytes)
	case strings.Contains(by, "@"):
		return fmt.Errorf("it looks like an e-mail address or an account: give a pseudonym such as analyst-2")
	case digits >= phoneDigits:
		return fmt.Errorf("it looks like a telephone number (%d digits): give a pseudonym such as analyst-2", digits)
	case by[0] < 'a' || by[0] > 'z' || strings.Trim(by, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "":
		return fmt.Errorf("a pseudonym is small letters a to z, digits, '.', '-' and '_', and starts with a letter, such as analyst-2")
	}
	return nil
}

// MaxReasonBytes bounds the reason of a decision: a page.
const MaxReasonBytes = 4_000

// CheckReason says what is wrong with the reason of a decision, if anything.
func CheckReason(reason string) error {
	switch {
	case strings.TrimSpace(reason) == "":
		return fmt.Errorf("missing: a decision without its reason cannot be checked")
	case len(reason) > MaxReasonBytes:
		return fmt.Errorf("%d bytes exceed the limit of %d", len(reason), MaxReasonBytes)
	}
	return nil
}
