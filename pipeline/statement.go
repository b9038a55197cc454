package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Statement is a public call: what somebody who speaks for a side said in public of killing, taking or not taking
// prisoners, and where it was published. It is a record beside incidents; the media of both are verified alike.
type Statement struct {
	ID          string      `json:"id"`
	Who         string      `json:"who,omitempty"`   // name or office; only for internal use
	Role        string      `json:"role,omitempty"`  // what the person is: deputy, commander of a brigade
	Side        Side        `json:"side,omitempty"`  // that the person speaks for
	Units       []string    `json:"units,omitempty"` // that it was said to or of; none: everybody
	Said        *Span       `json:"said,omitempty"`  // when
	Where       *Place      `json:"where,omitempty"` // where it was recorded
	Published   []Source    `json:"published"`
	Quote       string      `json:"quote,omitempty"`
	QuoteSHA256 string      `json:"quote_sha256,omitempty"` // of the quote's UTF-8; alone when the text is kept elsewhere
	Media       []MediaRef  `json:"media,omitempty"`
	Marks       []Mark      `json:"marks,omitempty"`
	Brackets    []Bracket   `json:"brackets,omitempty"`
	Landmarks   []Landmarks `json:"landmarks,omitempty"`
	Incidents   []string    `json:"incidents,omitempty"` // that it speaks of, as whoever made the record says
}

// Limits on units.
const (
	MaxUnits     = 50
	MaxUnitBytes = 200
)

// Incident is the statement as a record whose claim is where and when it was said, so that its media can be verified.
func (s Statement) Incident() Incident {
	return Incident{ID: s.ID, Claim: Claim{Where: s.Where, When: s.Said, Kind: KindStatement, What: s.Quote, Units: s.Units},
		Media: s.Media, Sources: s.Published, Marks: s.Marks, Brackets: s.Brackets, Landmarks: s.Landmarks}
}

// FieldOfStatement names the field of a statement that a field of its Incident is made of.
func FieldOfStatement(field string) string {
	for _, to := range [][2]string{{"claim.where", "where"}, {"claim.when", "said"}, {"claim.what", "quote"}, {"claim.units", "units"}, {"sources", "published"}} {
		if rest, ok := strings.CutPrefix(field, to[0]); ok {
			return to[1] + rest
		}
	}
	return field
}

// Existed is when the statement was made at the latest: at the end of when it was said, or when it was first published. ok
// is false when neither is stated.
func (s Statement) Existed() (by time.Time, ok bool) {
	if s.Said != nil {
		by, ok = s.Said.To, true
	}
	for _, p := range s.Published {
		if p.Published != nil && (!ok || p.Published.Before(by)) {
			by, ok = *p.Published, true
		}
	}
	return by, ok
}

// Check returns what is wrong with the fields that its Incident does not have; Incident.Check judges the others.
func (s Statement) Check() []*FieldError {
	c := &checker{}
	for _, f := range []struct{ name, text string }{{"who", s.Who}, {"role", s.Role}} {
		c.add(f.name, checkName(f.text))
	}
	c.add("side", checkSide(s.Side))
	if len(s.Published) == 0 {
		c.add("published", fmt.Errorf("missing: a public statement was published somewhere"))
	}
	if s.Quote == "" && s.QuoteSHA256 == "" && len(s.Media) == 0 {
		c.add("quote", fmt.Errorf("missing, and so are quote_sha256 and media: nothing says what was stated"))
	}
	c.add("quote_sha256", s.checkQuote())
	c.count("incidents", len(s.Incidents))
	for i, id := range s.Incidents {
		at := fmt.Sprintf("incidents[%d]", i)
		c.add(at, checkID(id))
		switch {
		case id == s.ID:
			c.add(at, fmt.Errorf("%q is the statement itself", id))
		case slices.Contains(s.Incidents[:i], id):
			c.add(at, fmt.Errorf("%q is listed twice", id))
		}
	}
	return c.faults
}

func (s Statement) checkQuote() error {
	if s.QuoteSHA256 == "" {
		return nil
	}
	if sum, err := hex.DecodeString(s.QuoteSHA256); err != nil || len(sum) != sha256.Size || strings.ToLower(s.QuoteSHA256) != s.QuoteSHA256 {
		return fmt.Errorf("%q is not 64 small hexadecimal digits", s.QuoteSHA256)
	}
	if sum := sha256.Sum256([]byte(s.Quote)); s.Quote != "" && hex.EncodeToString(sum[:]) != s.QuoteSHA256 {
		return fmt.Errorf("it is not of the quote, whose digest is %x", sum)
	}
	return nil
}

func (c *checker) units(at string, units []string) {
	if len(units) > MaxUnits {
		c.add(at, fmt.Errorf("%d entries exceed the limit of %d", len(units), MaxUnits))
		return
	}
	for i, u := range units {
		at := fmt.Sprintf("%s[%d]", at, i)
		if strings.TrimSpace(u) == "" {
			c.add(at, fmt.Errorf("missing"))
		}
		c.add(at, checkName(u))
	}
}

// checkName judges a short text that stands in a line.
func checkName(s string) error {
	switch {
	case len(s) > MaxUnitBytes:
		return fmt.Errorf("%d bytes exceed the limit of %d", len(s), MaxUnitBytes)
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }):
		return fmt.Errorf("%q holds a control character", s)
	}
	return nil
}
