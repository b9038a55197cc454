package replay

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"

	"whenwhere/pipeline"
)

// numbers are the places in the whole record of what was kept of it.
type numbers struct {
	sources  []sourceNumber
	brackets []int
}

type sourceNumber struct {
	source int
	copies []int
}

// subject finds the names that go by place, as package pipeline makes them; the character before keeps out files of that
// name.
var subject = regexp.MustCompile(`(^|[^\w/.\-])(?:sources\[(\d+)\](?:\.archived\[(\d+)\])?|brackets\[(\d+)\])`)

// whole gives a text the names that it has in the whole record.
func (n numbers) whole(text string) string {
	return subject.ReplaceAllStringFunc(text, func(found string) string {
		m := subject.FindStringSubmatch(found)
		if k, ok := place(m[4], len(n.brackets)); ok {
			return m[1] + pipeline.BracketSubject(n.brackets[k])
		}
		i, ok := place(m[2], len(n.sources))
		if !ok {
			return found
		}
		source := n.sources[i]
		if k, ok := place(m[3], len(source.copies)); ok {
			return m[1] + pipeline.ArchivedSubject(source.source, source.copies[k])
		}
		return m[1] + pipeline.SourceSubject(source.source)
	})
}

// place reads a number below n.
func place(digits string, n int) (int, bool) {
	k, err := strconv.Atoi(digits)
	return k, err == nil && k < n
}

// moved reports whether anything is at another place than in the whole record.
func (n numbers) moved() bool {
	for i, s := range n.sources {
		if s.source != i {
			return true
		}
		for k, c := range s.copies {
			if c != k {
				return true
			}
		}
	}
	for i, b := range n.brackets {
		if b != i {
			return true
		}
	}
	return false
}

// Whole gives what was found about a record of the past the names that its subjects have in the whole record.
func Whole[T any](p Past, found T) (T, error) {
	if !p.numbers.moved() {
		return found, nil
	}
	text, err := json.Marshal(found)
	if err != nil {
		return found, fmt.Errorf("replay: %w", err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return found, fmt.Errorf("replay: %w", err)
	}
	if text, err = json.Marshal(p.numbers.tree(tree)); err != nil {
		return found, fmt.Errorf("replay: %w", err)
	}
	var out T
	if err := json.Unmarshal(text, &out); err != nil {
		return found, fmt.Errorf("replay: %w", err)
	}
	return out, nil
}

// tree renames in all texts of a JSON value; numbers pass through a float64, of which JSON writes the shortest form that
// reads back the same.
func (n numbers) tree(v any) any {
	switch v := v.(type) {
	case string:
		return n.whole(v)
	case []any:
		for i := range v {
			v[i] = n.tree(v[i])
		}
	case map[string]any:
		for k := range v { // each entry on its own
			v[k] = n.tree(v[k])
		}
	}
	return v
}
