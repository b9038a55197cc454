package strictjson

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Object reads an object; member must read or skip exactly the value of key.
func (c *Cursor) Object(member func(key string) error) error {
	if c.Kind() != Object {
		return c.wrong(Object)
	}
	if err := c.enter(); err != nil {
		return err
	}
	if c.take('}') {
		return c.leave()
	}
	var seen keySet
	for {
		if err := c.member(&seen, member); err != nil {
			return err
		}
		if c.take('}') {
			return c.leave()
		}
		if !c.take(',') {
			return c.syntax("',' or '}'")
		}
	}
}

func (c *Cursor) member(seen *keySet, visit func(key string) error) error {
	start := c.Offset()
	if c.Kind() != String {
		return c.syntax("a key in quotes")
	}
	key, err := c.String()
	if err != nil {
		return err
	}
	c.path = append(c.path, step{key: &key})
	if other, found := seen.add(key); found {
		if other == key {
			return c.failAt(start, RuleDuplicateKey, fmt.Sprintf("key %.80q appears twice", key))
		}
		return c.failAt(start, RuleCaseVariant, fmt.Sprintf("key %.80q differs only by case from %.80q", key, other))
	}
	if !c.take(':') {
		return c.syntax("':'")
	}
	if err := visit(key); err != nil {
		return err
	}
	c.path = c.path[:len(c.path)-1]
	return nil
}

// Array reads an array; item must read or skip exactly element i.
func (c *Cursor) Array(item func(i int) error) error {
	if c.Kind() != Array {
		return c.wrong(Array)
	}
	if err := c.enter(); err != nil {
		return err
	}
	if c.take(']') {
		return c.leave()
	}
	for i := 0; ; i++ {
		c.path = append(c.path, step{index: i})
		if err := item(i); err != nil {
			return err
		}
		c.path = c.path[:len(c.path)-1]
		if c.take(']') {
			return c.leave()
		}
		if !c.take(',') {
			return c.syntax("',' or ']'")
		}
	}
}

func (c *Cursor) enter() error {
	if c.depth == c.limits.MaxDepth {
		return c.Fail(RuleDepth, fmt.Sprintf("nested deeper than %d", c.limits.MaxDepth))
	}
	c.depth++
	c.pos++ // the bracket that Kind saw
	return nil
}

func (c *Cursor) leave() error {
	c.depth--
	return nil
}

func (c *Cursor) syntax(need string) error {
	if c.space(); c.pos >= len(c.data) {
		return c.Fail(RuleSyntax, "the document ends where "+need+" is needed")
	}
	r, _ := utf8.DecodeRune(c.data[c.pos:])
	return c.Fail(RuleSyntax, fmt.Sprintf("%q where %s is needed", r, need))
}

// Members reads and checks a whole object and returns where each value lies,
// in the order of the document, for readers that need one member ("type")
// before another.
func (c *Cursor) Members() ([]Member, error) {
	var members []Member
	err := c.Object(func(key string) error {
		start := c.Offset()
		if err := c.Skip(); err != nil {
			return err
		}
		members = append(members, Member{Key: key, Start: start, End: c.pos})
		return nil
	})
	return members, err
}

// Visit goes back to the value of m, a member of the object just read by
// Members, calls read there and returns to where it was.
func (c *Cursor) Visit(m Member, read func() error) error {
	back := c.pos
	c.pos = m.Start
	c.depth++
	c.path = append(c.path, step{key: &m.Key})
	if err := read(); err != nil {
		return err
	}
	c.path = c.path[:len(c.path)-1]
	c.depth--
	c.pos = back
	return nil
}

// Skip reads and checks one value of any kind.
func (c *Cursor) Skip() error {
	switch c.Kind() {
	case Object:
		return c.Object(func(string) error { return c.Skip() })
	case Array:
		return c.Array(func(int) error { return c.Skip() })
	case String:
		_, err := c.scanString()
		return err
	case Number:
		_, err := c.scanNumber()
		return err
	case Bool, Null:
		return c.literal()
	default:
		return c.syntax("a value")
	}
}

func (c *Cursor) literal() error {
	for _, word := range [...]string{"null", "true", "false"} {
		if end := c.pos + len(word); end <= len(c.data) && string(c.data[c.pos:end]) == word {
			c.pos = end
			return nil
		}
	}
	return c.syntax("null, true or false")
}

// Float reads a number. One too large for a float64 is refused, not infinite.
func (c *Cursor) Float() (float64, error) {
	if c.Kind() != Number {
		return 0, c.wrong(Number)
	}
	start := c.pos
	text, err := c.scanNumber()
	if err != nil {
		return 0, err
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, c.failAt(start, RuleType, "number is too large for 64 bits")
	}
	if err != nil {
		return 0, c.failAt(start, RuleSyntax, "not a number")
	}
	return f, nil
}

// scanNumber follows the grammar of RFC 8259 section 6.
func (c *Cursor) scanNumber() ([]byte, error) {
	start := c.pos
	if c.at() == '-' {
		c.pos++
	}
	if c.at() == '0' {
		c.pos++
	} else if c.digits() == 0 {
		return nil, c.syntax("a digit")
	}
	if c.at() == '.' {
		c.pos++
		if c.digits() == 0 {
			return nil, c.syntax("a digit after the point")
		}
	}
	if c.at() == 'e' || c.at() == 'E' {
		c.pos++
		if c.at() == '+' || c.at() == '-' {
			c.pos++
		}
		if c.digits() == 0 {
			return nil, c.syntax("a digit of the exponent")
		}
	}
	return c.data[start:c.pos], nil
}

// at is the next byte, or 0 at the end.
func (c *Cursor) at() byte {
	if c.pos < len(c.data) {
		return c.data[c.pos]
	}
	return 0
}

func (c *Cursor) digits() (n int) {
	for ; c.at() >= '0' && c.at() <= '9'; n++ {
		c.pos++
	}
	return n
}

// String reads a string.
func (c *Cursor) String() (string, error) {
	if c.Kind() != String {
		return "", c.wrong(String)
	}
	start := c.pos + 1
	escaped, err := c.scanString()
	if err != nil {
		return "", err
	}
	body := c.data[start : c.pos-1]
	if !escaped {
		return string(body), nil
	}
	return unescape(body), nil
}

// scanString checks a string without building it; escaped says whether it
// holds a backslash.
func (c *Cursor) scanString() (escaped bool, err error) {
	for c.pos++; c.pos < len(c.data); {
		switch b := c.data[c.pos]; {
		case b == '"':
			c.pos++
			return escaped, nil
		case b < 0x20:
			return false, c.failAt(c.pos, RuleSyntax, fmt.Sprintf("control character 0x%02x in a string", b))
		case b != '\\':
			c.pos++
		default:
			escaped = true
			if err := c.escape(); err != nil {
				return false, err
			}
		}
	}
	return false, c.failAt(c.pos, RuleSyntax, "the document ends inside a string")
}

func (c *Cursor) escape() error {
	r, n := readEscape(c.data[c.pos:])
	switch {
	case n == 0:
		return c.failAt(c.pos, RuleSyntax, "unknown escape in a string")
	case utf16.IsSurrogate(r):
		return c.failAt(c.pos, RuleUTF8, "surrogate escape without its other half")
	}
	c.pos += n
	return nil
}

// readEscape reads one escape (or a surrogate pair) at the start of s and
// returns its length, 0 if it is none. A lone surrogate is returned as is.
func readEscape(s []byte) (r rune, n int) {
	if len(s) < 2 {
		return 0, 0
	}
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	for i := range len(from) {
		if s[1] == from[i] {
			return rune(to[i]), 2
		}
	}
	r, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if low, ok := hex4(s[6:]); ok && utf16.IsSurrogate(r) {
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return r, 6
}

func hex4(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, b := range s[2:6] {
		switch {
		case b >= '0' && b <= '9':
			r = r<<4 | rune(b-'0')
		case b >= 'a' && b <= 'f':
			r = r<<4 | rune(b-'a'+10)
		case b >= 'A' && b <= 'F':
			r = r<<4 | rune(b-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

func unescape(body []byte) string {
	out := make([]byte, 0, len(body))
	for i := 0; i < len(body); {
		if body[i] != '\\' {
			out = append(out, body[i])
			i++
			continue
		}
		r, n := readEscape(body[i:])
		out = utf8.AppendRune(out, r)
		i += n
	}
	return string(out)
}
