package tags

import (
	"fmt"
	"unicode/utf8"

	"whenwhere/internal/decode/wire"
)

// Limits of an answer: together they stay below wire.MaxAnswerBytes even when each byte of text is escaped to six.
const (
	maxTags      = 2000
	maxTagBytes  = 600 << 10 // of JSON
	maxNotes     = 120
	maxNoteBytes = 250
	tagOverhead  = 80 // field names, quotes and braces
)

// answer gathers tags and notes until the limits are reached, and says what it dropped.
type answer struct {
	list       []wire.Tag
	notes      []wire.Note
	brands     []string
	encoder    string
	durationMs *int64
	withheld   int
	bytes      int
	dropped    int
	muted      int
}

func (a *answer) add(list []wire.Tag, notes []wire.Note) {
	for _, t := range list {
		cost := jsonBytes(t)
		if len(a.list) >= maxTags || a.bytes+cost > maxTagBytes {
			a.dropped++
			continue
		}
		a.bytes += cost
		a.list = append(a.list, t)
	}
	for _, n := range notes {
		if len(a.notes) >= maxNotes {
			a.muted++
			continue
		}
		a.notes = append(a.notes, wire.Note{Where: clip(n.Where), Rule: clip(n.Rule)})
	}
}

// jsonBytes bounds the size of a tag in JSON from above.
func jsonBytes(t wire.Tag) int {
	n := tagOverhead + len(t.Reader) + 6*(len(t.Dir)+len(t.Name)) + 21*len(t.Ints) + 64*len(t.Rats)
	for _, f := range t.Floats {
		n += len(f) + 3
	}
	if t.Text != nil {
		n += escapedBytes(*t.Text)
	}
	return n
}

// escapedBytes counts what encoding/json may write: six bytes for controls, markup and the two line separators.
func escapedBytes(s string) int {
	n := 2
	for i := range len(s) {
		switch c := s[i]; {
		case c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x7F || c == 0xE2:
			n += 6
		case c == '"' || c == '\\':
			n += 2
		default:
			n++
		}
	}
	return n
}

// clip cuts at a whole character.
func clip(s string) string {
	if len(s) <= maxNoteBytes {
		return s
	}
	end := maxNoteBytes
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "..."
}

func (a *answer) tags() wire.Tags {
	if a.dropped > 0 {
		a.notes = append(a.notes, wire.Note{Where: "tags", Rule: fmt.Sprintf("%d tags dropped, limits %d tags and %d bytes", a.dropped, maxTags, maxTagBytes)})
	}
	if a.muted > 0 {
		a.notes = append(a.notes, wire.Note{Where: "tags", Rule: fmt.Sprintf("%d more defects not listed, limit %d", a.muted, maxNotes)})
	}
	list := a.list
	if list == nil {
		list = []wire.Tag{} // an empty list, not null
	}
	return wire.Tags{Tags: list, DurationMs: a.durationMs, Brands: a.brands, Encoder: a.encoder, Notes: a.notes, Withheld: a.withheld}
}
