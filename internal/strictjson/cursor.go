package strictjson

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the kind of the value that comes next.
type Kind string

// The kinds of JSON values. Invalid means that no value starts here.
const (
	Object  Kind = "object"
	Array   Kind = "array"
	String  Kind = "string"
	Number  Kind = "number"
	Bool    Kind = "boolean"
	Null    Kind = "null"
	Invalid Kind = "nothing"
)

// Cursor reads a document value by value and knows at every moment the path,
// line and column, so that a refusal can name them. It checks while it reads;
// only what was visited or skipped has been checked. Use one per document.
type Cursor struct {
	data   []byte
	pos    int
	depth  int
	path   []step
	limits Limits

	lineAt, line int // line number (from 1) of offset lineAt: the last one asked for
	lineStart    int // offset at which that line starts
}

// step is one element of the path: a key, or an index when key is nil.
type step struct {
	key   *string
	index int
}

// Member is one member of an object: its key and where its value lies.
type Member struct {
	Key        string
	Start, End int
}

// NewCursor refuses documents over the byte limit or not in UTF-8.
func NewCursor(data []byte, limits Limits) (*Cursor, error) {
	c := &Cursor{data: data, limits: limits.withDefaults(), line: 1}
	if len(data) > c.limits.MaxBytes {
		return nil, c.Fail(RuleBytes, fmt.Sprintf("%d bytes, limit %d", len(data), c.limits.MaxBytes))
	}
	if i := invalidUTF8(data); i >= 0 {
		return nil, c.failAt(i, RuleUTF8, fmt.Sprintf("byte 0x%02x is not UTF-8", data[i]))
	}
	return c, nil
}

func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// Kind says what comes next, without reading it.
func (c *Cursor) Kind() Kind {
	c.space()
	if c.pos >= len(c.data) {
		return Invalid
	}
	switch b := c.data[c.pos]; {
	case b == '{':
		return Object
	case b == '[':
		return Array
	case b == '"':
		return String
	case b == '-' || b >= '0' && b <= '9':
		return Number
	case b == 't' || b == 'f':
		return Bool
	case b == 'n':
		return Null
	}
	return Invalid
}

// Offset is the byte offset of the next value.
func (c *Cursor) Offset() int {
	c.space()
	return c.pos
}

// Line is the line of the next value, from 1.
func (c *Cursor) Line() int { return c.lineOf(c.Offset()) }

// Raw returns the original bytes of a member's value.
func (c *Cursor) Raw(m Member) []byte { return c.data[m.Start:m.End:m.End] }

// Path is the path of the next value, for example features[3].geometry.
func (c *Cursor) Path() string {
	var b strings.Builder
	for _, s := range c.path {
		switch {
		case s.key == nil:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case !plainKey(*s.key):
			fmt.Fprintf(&b, "[%.80q]", *s.key)
		case b.Len() > 0:
			b.WriteString("." + *s.key)
		default:
			b.WriteString(*s.key)
		}
	}
	return b.String()
}

// plainKey: other keys are quoted in a path, so that a key with a dot, a
// bracket or a line feed cannot pass for another place in the document.
func plainKey(k string) bool {
	for _, r := range k {
		if r != '_' && r != '-' && r != ':' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return k != "" && len(k) <= 80
}

// Fail makes the error for the value that comes next.
func (c *Cursor) Fail(rule Rule, detail string) *Error { return c.failAt(c.Offset(), rule, detail) }

func (c *Cursor) failAt(offset int, rule Rule, detail string) *Error {
	line := c.lineOf(offset)
	return &Error{Path: c.Path(), Line: line, Column: offset - c.lineStart + 1, Offset: offset, Rule: rule, Detail: detail}
}

// lineOf counts from the last offset asked for, so that asking for each of
// many features costs one pass over the document in all, one long line or not.
func (c *Cursor) lineOf(offset int) int {
	newline := []byte{'\n'}
	if offset >= c.lineAt {
		passed := c.data[c.lineAt:offset]
		c.line += bytes.Count(passed, newline)
		if i := bytes.LastIndexByte(passed, '\n'); i >= 0 {
			c.lineStart = c.lineAt + i + 1
		}
	} else {
		c.line -= bytes.Count(c.data[offset:c.lineAt], newline)
		if c.lineStart > offset {
			c.lineStart = bytes.LastIndexByte(c.data[:offset], '\n') + 1
		}
	}
	c.lineAt = offset
	return c.line
}

func (c *Cursor) space() {
	for c.pos < len(c.data) {
		switch c.data[c.pos] {
		case ' ', '\t', '\r', '\n':
			c.pos++
		default:
			return
		}
	}
}

// take consumes b if it comes next.
func (c *Cursor) take(b byte) bool {
	c.space()
	if c.pos < len(c.data) && c.data[c.pos] == b {
		c.pos++
		return true
	}
	return false
}

// End refuses anything but white space.
func (c *Cursor) End() error {
	if c.space(); c.pos < len(c.data) {
		return c.Fail(RuleTrailing, "there is more after the end of the value")
	}
	return nil
}

// wrong is the error for a value that is not of the kind needed.
func (c *Cursor) wrong(need Kind) error {
	if c.space(); c.pos >= len(c.data) {
		return c.Fail(RuleSyntax, "the document ends where "+article(need)+" is needed")
	}
	got := c.Kind()
	if got == Invalid {
		return c.Fail(RuleSyntax, fmt.Sprintf("%q where %s is needed", rune(c.data[c.pos]), article(need)))
	}
	return c.Fail(RuleType, article(got)+" where "+article(need)+" is needed")
}

func article(k Kind) string {
	switch k {
	case Object, Array:
		return "an " + string(k)
	case Null, Invalid:
		return string(k)
	default:
		return "a " + string(k)
	}
}
