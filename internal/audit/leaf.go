package audit

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Action is what happened.
type Action string

const (
	Received   Action = "received"   // an original or an incident's record came in
	Extracted  Action = "extracted"  // a stage measured a file
	Assessed   Action = "assessed"   // an incident was judged
	Decided    Action = "decided"    // a person decided on an incident
	Merged     Action = "merged"     // a person said that incidents are one, or took it back
	Exported   Action = "exported"   // an incident left the house
	Imported   Action = "imported"   // a control map came in
	Catalogued Action = "catalogued" // known footage came in
	Accepted   Action = "accepted"   // a person looked at a control map
	Removed    Action = "removed"    // an item was taken out; its earlier leaves stay
	Adopted    Action = "adopted"    // an item was there before there was a log
)

// Kind is what sort of item a leaf is about. An item is named by kind, subject and params together; its latest leaf says
// what it is now.
type Kind string

const (
	KindFile      Kind = "file"      // an original; subject: its bytes
	KindStage     Kind = "stage"     // what one stage measured; subject: the file
	KindRecord    Kind = "record"    // the record of an incident
	KindVerdict   Kind = "verdict"   // a verdict; params: what it was judged from
	KindDecision  Kind = "decision"  // a person's decision on an incident
	KindMerge     Kind = "merge"     // two incidents that are one; a leaf for each of them
	KindExport    Kind = "export"    // a bundle or report of an incident; result: its contents
	KindMap       Kind = "map"       // an imported control map; subject: its bytes
	KindCaseMap   Kind = "case_map"  // a control map of a case; subject: its bytes
	KindKnown     Kind = "known"     // known footage; subject: its bytes
	KindListed    Kind = "listed"    // prints that a list gives of a file; subject: its bytes
	KindStatement Kind = "statement" // a public call
	KindReplay    Kind = "replay"    // a verdict made to be compared, by other rules or knowledge
)

func (a Action) valid() bool {
	switch a {
	case Received, Extracted, Assessed, Decided, Merged, Exported, Imported, Catalogued, Accepted, Removed, Adopted:
		return true
	}
	return false
}

func (k Kind) valid() bool {
	switch k {
	case KindFile, KindStage, KindRecord, KindVerdict, KindDecision, KindMerge, KindExport, KindMap, KindCaseMap, KindKnown,
		KindListed, KindStatement, KindReplay:
		return true
	}
	return false
}

// OfIncident reports whether the subject of such items is an incident; else it is the bytes of a file.
func (k Kind) OfIncident() bool {
	switch k {
	case KindRecord, KindVerdict, KindDecision, KindMerge, KindExport, KindStatement, KindReplay:
		return true
	case KindFile, KindStage, KindMap, KindCaseMap, KindKnown, KindListed:
	}
	return false
}

// Digest is a SHA-256, or an HMAC with it; its text form is 64 hexadecimal digits.
type Digest [sha256.Size]byte

func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText gives the text form.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text form.
func (d *Digest) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(d)) {
		return fmt.Errorf("digest of %d characters, want %d hexadecimal digits", len(text), hex.EncodedLen(len(d)))
	}
	_, err := hex.Decode(d[:], text)
	return err
}

// Salt is what makes a digest of few or guessable bytes say nothing to whoever has not got it.
type Salt [32]byte

// Digest is HMAC-SHA256 of data under the salt.
func (s Salt) Digest(data []byte) Digest {
	mac := hmac.New(sha256.New, s[:])
	mac.Write(data) // never an error
	return Digest(mac.Sum(nil))
}

// Program is the actor of what no person did.
const Program = "program"

// Person is the actor for a person, by the salted digest of the pseudonym.
func Person(d Digest) string { return "person:" + d.String() }

// TimeLayout is how leaves write a time: UTC, to the microsecond.
const TimeLayout = "2006-01-02T15:04:05.000000Z"

// Leaf is one entry of the log. Its bytes are exactly what Bytes makes of it.
type Leaf struct {
	Seq       int64   `json:"seq"`                  // its number, from 0
	At        string  `json:"at"`                   // by the clock of the machine, in TimeLayout
	Actor     string  `json:"actor"`                // Program or a Person
	Action    Action  `json:"action"`               //
	Kind      Kind    `json:"kind"`                 //
	Subject   Digest  `json:"subject"`              // SHA-256 of a file; of anything else the salted digest of its name
	SizeBytes *int64  `json:"size_bytes,omitempty"` // of a file
	Params    *Digest `json:"params,omitempty"`     // what tells the item from others of its kind and subject, salted
	Tool      string  `json:"tool"`                 // what made the result
	Version   string  `json:"version"`              // of the tool
	Result    *Digest `json:"result,omitempty"`     // of the item's bytes, salted; absent when it was taken out
	Previous  *int64  `json:"previous,omitempty"`   // number of the subject's leaf before this one; absent for its first
}

// Bytes is the leaf as it is logged.
func (l Leaf) Bytes() ([]byte, error) {
	if err := l.check(); err != nil {
		return nil, fmt.Errorf("audit: leaf %d: %w", l.Seq, err)
	}
	return json.Marshal(l)
}

// ParseLeaf reads the bytes of a leaf. It takes nothing but what Bytes gives.
func ParseLeaf(data []byte) (Leaf, error) {
	var l Leaf
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return Leaf{}, fmt.Errorf("audit: leaf: %w", err)
	}
	again, err := l.Bytes()
	if err != nil {
		return Leaf{}, err
	}
	if !bytes.Equal(again, data) {
		return Leaf{}, errors.New("audit: leaf: not in its one form")
	}
	return l, nil
}

// maxTool is the longest name or version of a tool.
const maxTool = 100

func (l Leaf) check() error {
	at, err := time.Parse(TimeLayout, l.At)
	switch {
	case l.Seq < 0:
		return fmt.Errorf("seq: %d is below 0", l.Seq)
	case err != nil || at.Format(TimeLayout) != l.At:
		return fmt.Errorf("at: %q is not a time like %s", l.At, TimeLayout)
	case !validActor(l.Actor):
		return fmt.Errorf("actor: %q is neither %s nor a person", l.Actor, Program)
	case !l.Action.valid():
		return fmt.Errorf("action: unknown %q", l.Action)
	case !l.Kind.valid():
		return fmt.Errorf("kind: unknown %q", l.Kind)
	case !plain(l.Tool) || !plain(l.Version):
		return fmt.Errorf("tool: %q %q: want printable ASCII, at most %d bytes", l.Tool, l.Version, maxTool)
	case l.SizeBytes != nil && *l.SizeBytes < 0:
		return fmt.Errorf("size_bytes: %d is below 0", *l.SizeBytes)
	case (l.Result == nil) != (l.Action == Removed):
		return errors.New("result: absent exactly when the item was removed")
	case l.Previous != nil && (*l.Previous < 0 || *l.Previous >= l.Seq):
		return fmt.Errorf("previous: %d is not before %d", *l.Previous, l.Seq)
	}
	return nil
}

func validActor(text string) bool {
	digits, person := strings.CutPrefix(text, "person:")
	var d Digest
	return text == Program || person && d.UnmarshalText([]byte(digits)) == nil && text == Person(d)
}

// Plain is a text as a leaf can hold it for a tool or its version: itself, or its digest when it is not short plain ASCII.
func Plain(text string) string {
	if plain(text) {
		return text
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text)))
}

func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return len(text) <= maxTool
}

// Item names what a leaf is about.
type Item struct {
	Kind    Kind
	Subject Digest
	Params  Digest // zero when the leaf has none
}

// Item is what the leaf is about.
func (l Leaf) Item() Item {
	i := Item{Kind: l.Kind, Subject: l.Subject}
	if l.Params != nil {
		i.Params = *l.Params
	}
	return i
}
