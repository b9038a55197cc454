package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// Decode checks data with the default limits, then stores it in v, a non-nil
// pointer. Fields are matched by their exact name; unknown ones are refused.
func Decode(data []byte, v any) error { return DecodeWithin(data, Limits{}, v) }

// DecodeWithin is Decode with other limits.
func DecodeWithin(data []byte, limits Limits, v any) error {
	if err := Check(data, limits); err != nil {
		return err
	}
	c, err := NewCursor(data, limits)
	if err != nil {
		return err
	}
	if t := reflect.TypeOf(v); t != nil && t.Kind() == reflect.Pointer {
		if err := c.match(t.Elem()); err != nil {
			return err
		}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return located(data, limits, err)
	}
	return nil
}

// located turns an error of encoding/json into one with a path and a line.
func located(data []byte, limits Limits, err error) error {
	var typed *json.UnmarshalTypeError
	if !errors.As(err, &typed) {
		return &Error{Line: 1, Column: 1, Rule: RuleType, Detail: err.Error(), Err: err}
	}
	c, cerr := NewCursor(data, limits)
	if cerr != nil {
		return cerr
	}
	// The offset is just after a scalar, or just after the opening bracket.
	found := c.locate(int(typed.Offset))
	if found == nil {
		found = c.failAt(0, RuleType, "")
	}
	found.Detail = fmt.Sprintf("%s where %s is needed", typed.Value, needed(typed.Type))
	found.Err = err
	return found
}

// needed says what a type is read from, in words of JSON: those who write documents know nothing of types.
func needed(t reflect.Type) string {
	for t.Kind() == reflect.Pointer && !readsItself(t) {
		t = t.Elem()
	}
	if p := reflect.PointerTo(t); p.Implements(textReader) && !p.Implements(jsonReader) {
		return article(String)
	}
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return article(Object)
	case reflect.Slice, reflect.Array:
		return article(Array)
	case reflect.String:
		return article(String)
	case reflect.Bool:
		return "true or false"
	case reflect.Float32, reflect.Float64:
		return "a number below 1.8e308"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return fmt.Sprintf("a whole number below 2^%d", t.Bits()-1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return fmt.Sprintf("a whole number from 0 to below 2^%d", t.Bits())
	default:
		return "another value"
	}
}

// locate finds the innermost value with start < offset <= end.
func (c *Cursor) locate(offset int) *Error {
	var found *Error
	var walk func() error
	walk = func() error {
		here := c.Fail(RuleType, "")
		child := func() error { return walk() }
		var err error
		switch c.Kind() {
		case Object:
			err = c.Object(func(string) error { return child() })
		case Array:
			err = c.Array(func(int) error { return child() })
		default:
			err = c.Skip()
		}
		if err != nil {
			return err
		}
		if found == nil && here.Offset < offset && offset <= c.pos {
			found = here
		}
		return nil
	}
	if err := walk(); err != nil {
		return nil
	}
	return found
}

// match walks document and Go type side by side and refuses what encoding/json
// would let through or report without a place: unknown and other-case fields,
// null for a plain value, arrays of another length.
func (c *Cursor) match(t reflect.Type) error {
	if c.Kind() == Null {
		return c.matchNull(t)
	}
	for t.Kind() == reflect.Pointer && !readsItself(t) {
		t = t.Elem()
	}
	if readsItself(t) {
		return c.Skip()
	}
	switch kind := c.Kind(); {
	case kind == Object && t.Kind() == reflect.Struct:
		return c.matchStruct(t)
	case kind == Object && t.Kind() == reflect.Map:
		return c.Object(func(string) error { return c.match(t.Elem()) })
	case kind == Array && t.Kind() == reflect.Slice:
		return c.Array(func(int) error { return c.match(t.Elem()) })
	case kind == Array && t.Kind() == reflect.Array:
		return c.matchArray(t)
	}
	return c.Skip() // a wrong type is reported by encoding/json
}

func (c *Cursor) matchNull(t reflect.Type) error {
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
		return c.Skip()
	default:
		if readsItself(t) {
			return c.Skip()
		}
		return c.Fail(RuleNull, fmt.Sprintf("null where %s is needed; leave the member out instead", needed(t)))
	}
}

func (c *Cursor) matchArray(t reflect.Type) error {
	open, n := c.Fail(RuleArrayLength, ""), 0
	err := c.Array(func(int) error {
		n++
		return c.match(t.Elem())
	})
	if err == nil && n != t.Len() {
		open.Detail = fmt.Sprintf("array has %d elements, needs %d", n, t.Len())
		return open
	}
	return err
}

func (c *Cursor) matchStruct(t reflect.Type) error {
	fields := map[string]reflect.Type{}
	collectFields(t, fields, 0)
	return c.Object(func(key string) error {
		if ft, ok := fields[key]; ok {
			return c.match(ft)
		}
		detail := fmt.Sprintf("unknown field %.80q", key)
		if name, ok := sameButCase(key, fields); ok {
			detail += fmt.Sprintf(", the field is spelled %q", name)
		}
		return c.Fail(RuleUnknownField, detail)
	})
}

func sameButCase(key string, fields map[string]reflect.Type) (string, bool) {
	best, found := "", false
	for name := range fields {
		if fold(name) == fold(key) && (!found || name < best) {
			best, found = name, true
		}
	}
	return best, found
}

// collectFields adds the JSON names of t's fields; an outer field hides the
// same name in an embedded struct. The depth stops a type that embeds itself.
func collectFields(t reflect.Type, into map[string]reflect.Type, depth int) {
	var embedded []reflect.Type
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case f.Tag.Get("json") == "-":
		case f.Anonymous && name == "" && inner.Kind() == reflect.Struct:
			embedded = append(embedded, inner)
		case !f.IsExported():
		default:
			if name == "" {
				name = f.Name
			}
			if _, taken := into[name]; !taken {
				into[name] = f.Type
			}
		}
	}
	for _, e := range embedded {
		if depth < DefaultMaxDepth {
			collectFields(e, into, depth+1)
		}
	}
}

var (
	jsonReader = reflect.TypeFor[json.Unmarshaler]()
	textReader = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// readsItself: types with their own UnmarshalJSON or UnmarshalText decide.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return t.Implements(jsonReader) || t.Implements(textReader) || p.Implements(jsonReader) || p.Implements(textReader)
}
