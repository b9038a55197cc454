package record

import (
	"reflect"
	"time"
)

// Kind is what sort of value a field holds.
type Kind string

const (
	Text    Kind = "text"
	Number  Kind = "number"  // float64
	Whole   Kind = "integer" // int64
	Flag    Kind = "boolean"
	Instant Kind = "time" // UTC; RFC 3339 as text
)

// Field describes a field of Row.
type Field struct {
	Name     string `json:"name"`
	Kind     Kind   `json:"kind"`
	Optional bool   `json:"optional"` // it may be absent
	Doc      string `json:"doc"`
}

// Fields lists the fields of Row in its order.
func Fields() []Field {
	row := reflect.TypeFor[Row]()
	out := make([]Field, row.NumField())
	for i := range out {
		f := row.Field(i)
		typ, optional := f.Type, f.Type.Kind() == reflect.Pointer
		if optional {
			typ = typ.Elem()
		}
		out[i] = Field{Name: f.Tag.Get("json"), Kind: kindOf(typ), Optional: optional, Doc: f.Tag.Get("doc")}
	}
	return out
}

func kindOf(typ reflect.Type) Kind {
	switch typ {
	case reflect.TypeFor[float64]():
		return Number
	case reflect.TypeFor[int64]():
		return Whole
	case reflect.TypeFor[bool]():
		return Flag
	case reflect.TypeFor[time.Time]():
		return Instant
	default:
		return Text
	}
}

// Values are those of the fields, in the order of Fields: string, float64, int64, bool or time.Time, and nil where absent.
func (r Row) Values() []any {
	row := reflect.ValueOf(r)
	out := make([]any, row.NumField())
	for i := range out {
		v := row.Field(i)
		switch {
		case v.Kind() != reflect.Pointer:
			out[i] = v.Interface()
		case !v.IsNil():
			out[i] = v.Elem().Interface()
		}
	}
	return out
}
