package score

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"whenwhere/internal/strictjson"
)

// Bounds on a file of rules.
const (
	MaxRulesBytes = 1 << 20 // the table of this release has 16 KB
	MaxRules      = 1000
	rulesDepth    = 4
)

// Load reads a table of rules from JSON and checks it. It refuses what it does not know by name, and a table that calls
// itself as one of this program's and holds other numbers. With faults in what it says, the table comes back as it was read,
// so that others can name theirs beside.
func Load(data []byte) (Rules, error) {
	r, err := decode(data)
	if err != nil {
		return Rules{}, err
	}
	return r, errors.Join(missing(data), r.Check(), r.borrowed())
}

// borrowed refuses a table under the name of another.
func (r Rules) borrowed() error {
	if own, ok := digests()[r.Version]; ok && own != r.Digest() {
		return fmt.Errorf("rules: version: %s is a table of this program, and this one says otherwise: give it a version of its own", r.Version)
	}
	return nil
}

func decode(data []byte) (Rules, error) {
	var r Rules
	limits := strictjson.Limits{MaxBytes: MaxRulesBytes, MaxDepth: rulesDepth}
	if err := strictjson.DecodeWithin(data, limits, &r); err != nil {
		return Rules{}, fmt.Errorf("rules: %w", err)
	}
	return r, nil
}

// missing names the weights that a rule does not state: an absent number must not pass for 0, nor a stated 0 for absence.
func missing(data []byte) error {
	var raw struct {
		Table []struct {
			Question    string   `json:"question"`
			Supports    *float64 `json:"supports"`
			Contradicts *float64 `json:"contradicts"`
			Genuine     *float64 `json:"genuine"`
		} `json:"table"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	var faults []error
	for _, rule := range raw.Table {
		if rule.Supports == nil {
			faults = append(faults, fmt.Errorf("rules: %.80q: supports: missing", rule.Question))
		}
		if rule.Contradicts == nil {
			faults = append(faults, fmt.Errorf("rules: %.80q: contradicts: missing", rule.Question))
		}
		if rule.Genuine != nil && *rule.Genuine == 0 {
			faults = append(faults, fmt.Errorf("rules: %.80q: genuine: 0 would be read as not stated: leave it out where the weight is a fixed one, or make the weight 0", rule.Question))
		}
	}
	return errors.Join(faults...)
}

// Canonical is the table as compact JSON, the bytes that Digest is of.
func (r Rules) Canonical() ([]byte, error) {
	text, err := json.Marshal(r) // maps are written in the order of their keys
	if err != nil {
		return nil, fmt.Errorf("rules %s: %w", r.Version, err)
	}
	return text, nil
}

// Digest is the SHA-256 of the canonical table, 64 hex digits; empty for a table with numbers that JSON has not, which
// Check refuses.
func (r Rules) Digest() string {
	text, err := r.Canonical()
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

const digestMark = "@sha256:"

// Name is how a verdict names its rules: the version of a table of this program, or the version and the digest of another:
// "city-desk-1@sha256:0123...".
func (r Rules) Name() string {
	digest := r.Digest()
	if digest != "" && digests()[r.Version] == digest {
		return r.Version
	}
	return r.Version + digestMark + digest
}

// SplitName takes a name apart. digest is empty for a table of this program.
func SplitName(name string) (version, digest string) {
	version, digest, _ = strings.Cut(name, digestMark)
	return version, digest
}
