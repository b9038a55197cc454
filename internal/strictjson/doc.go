// Package strictjson reads JSON that a stranger may have written.
//
// encoding/json keeps the last of two equal keys, matches keys without regard
// to case, turns broken UTF-8 into U+FFFD and reads null as zero, so two
// readers of one document may see two different claims. This package refuses
// such documents instead of choosing for the reader. It promises:
//
//   - Check accepts a document only if it is RFC 8259 JSON in valid UTF-8, with
//     no duplicate keys, no two sibling keys that differ only by case (Unicode
//     simple folding, the rule encoding/json itself matches by), no unpaired
//     surrogate escapes, nothing after the value, and within the byte and depth
//     limits. Whatever Check accepts, encoding/json accepts too.
//   - Decode adds: no unknown fields, field names spelled exactly, no null
//     where the Go type has no way to say "absent", no array of another length
//     than a Go array. Nothing is repaired.
//   - Every refusal is an *Error that names the JSON path, line, column and the
//     rule, never only a byte offset.
//
// Cursor is the reader underneath; package geo walks coordinates with it.
package strictjson

import "fmt"

// Start values: a manifest or an API body is at most this large and deep.
const (
	DefaultMaxBytes = 8 << 20
	DefaultMaxDepth = 16
)

// Limits bound a document. A zero field means the default.
type Limits struct {
	MaxBytes int // size of the document in bytes
	MaxDepth int // arrays and objects inside one another; a bare number has depth 0
}

func (l Limits) withDefaults() Limits {
	if l.MaxBytes == 0 {
		l.MaxBytes = DefaultMaxBytes
	}
	if l.MaxDepth == 0 {
		l.MaxDepth = DefaultMaxDepth
	}
	return l
}

// Rule names what a document broke.
type Rule string

// The rules of this package. Readers on top of Cursor may add their own.
const (
	RuleBytes        Rule = "max-bytes"
	RuleDepth        Rule = "max-depth"
	RuleUTF8         Rule = "valid-utf8"
	RuleSyntax       Rule = "syntax"
	RuleTrailing     Rule = "nothing-after-value"
	RuleDuplicateKey Rule = "duplicate-key"
	RuleCaseVariant  Rule = "case-variant-key"
	RuleUnknownField Rule = "unknown-field"
	RuleNull         Rule = "no-null"
	RuleType         Rule = "type"
	RuleArrayLength  Rule = "array-length"
)

// Error is one refusal. Path is like claim.where[2].lat; it is empty for the
// document itself. Line and Column count from 1, Column in bytes.
type Error struct {
	Path   string
	Line   int
	Column int
	Offset int // byte offset, from 0
	Rule   Rule
	Detail string
	Err    error // cause from encoding/json, if any
}

func (e *Error) Error() string {
	where := fmt.Sprintf("line %d, column %d", e.Line, e.Column)
	if e.Path != "" {
		where += ", " + e.Path
	}
	return fmt.Sprintf("%s: %s (%s)", where, e.Detail, e.Rule)
}

func (e *Error) Unwrap() error { return e.Err }

// Check walks the whole document once and returns nil or an *Error.
func Check(data []byte, limits Limits) error {
	c, err := NewCursor(data, limits)
	if err != nil {
		return err
	}
	if err := c.Skip(); err != nil {
		return err
	}
	return c.End()
}
