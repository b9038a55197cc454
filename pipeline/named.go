package pipeline

import (
	"fmt"
	"strings"
	"unicode"
)

// NamedPlace is a place that the record names in place of coordinates: the claimed one, or where a witness places it. In a
// manifest it stands as claim.where, or as place of a testimony, with the member name.
type NamedPlace struct {
	Name    string   `json:"name"`
	Oblast  string   `json:"oblast,omitempty"`
	Raion   string   `json:"raion,omitempty"`
	RadiusM *float64 `json:"radius_m,omitempty"` // instead of the settlement's
	// Found is what the operator's gazetteer made of the name at intake, so that judging needs no gazetteer. A manifest
	// never holds it.
	Found *Found `json:"found,omitempty"`
}

// Found is the answer of a gazetteer to a name.
type Found struct {
	Gazetteer  string   `json:"gazetteer,omitempty"`  // its version; empty when there was none
	ID         string   `json:"id,omitempty"`         // of the one place that has the name; empty when none or several have it
	Candidates []string `json:"candidates,omitempty"` // ids of all places that have the name, up to MaxFoundCandidates
	Reason     string   `json:"reason"`
}

// Limits on a name.
const (
	MaxPlaceNameBytes  = 200
	MaxFoundCandidates = 20
)

func (c *checker) named(field string, n NamedPlace) {
	for _, f := range []struct {
		name, text string
		needed     bool
	}{{"name", n.Name, true}, {"oblast", n.Oblast, false}, {"raion", n.Raion, false}} {
		at := field + "." + f.name
		switch {
		case f.needed && strings.TrimSpace(f.text) == "":
			c.add(at, fmt.Errorf("missing"))
		case len(f.text) > MaxPlaceNameBytes:
			c.add(at, fmt.Errorf("%d bytes exceed the limit of %d", len(f.text), MaxPlaceNameBytes))
		case strings.ContainsFunc(f.text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }):
			c.add(at, fmt.Errorf("%q holds a control character", f.text))
		}
	}
	if r := n.RadiusM; r != nil && !(finite(*r) && *r > 0 && *r <= MaxPlaceRadiusM) {
		c.add(field+".radius_m", fmt.Errorf("%v is not above 0 and at most %d", *r, MaxPlaceRadiusM))
	}
}

// whichPlace tells an answer that lacks the claimed place why it does, when the claim names one. Where the claim lacks its
// time as well, the place may not be what the answer wants, so that its code stays.
func (c Claim) whichPlace(f *Finding) {
	if c.Where != nil || c.Named == nil || f.Code != CodeClaimTooVague {
		return
	}
	why := "it was not looked for in a gazetteer"
	several := false
	if found := c.Named.Found; found != nil {
		why, several = found.Reason, len(found.Candidates) > 1
	}
	f.Reason += "; of the place it states only a name: " + why
	switch {
	case c.When == nil:
	case several:
		f.Code = CodePlaceAmbiguous
	default:
		f.Code = CodePlaceUnknown
	}
}
