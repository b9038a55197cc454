package manifest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/strictjson"
	"whenwhere/pipeline"
)

// Rules that are added to those of package strictjson.
const (
	RuleTime    strictjson.Rule = "rfc3339"        // a time without its offset is no time
	RuleMissing strictjson.Rule = "missing-member" // half a place would read as a place at 0
)

// jsonFault says what is wrong with a line of JSON; the Problem around it names line and path.
type jsonFault struct{ cause *strictjson.Error }

func (f jsonFault) Error() string {
	return fmt.Sprintf("%s (%s, column %d)", f.cause.Detail, f.cause.Rule, f.cause.Column)
}

func (f jsonFault) Unwrap() error { return f.cause }

// decode reads one record. Its shape is judged here, its content by pipeline.Incident.Check.
func decode(data []byte, into any) []fieldFault {
	limits := strictjson.Limits{MaxBytes: MaxLineBytes}
	err := strictjson.Check(data, limits)
	if err == nil {
		err = checkShape(data, limits, reflect.TypeOf(into).Elem())
	}
	if err == nil {
		err = strictjson.DecodeWithin(data, limits, into)
	}
	if err == nil {
		return nil
	}
	var at *strictjson.Error
	if errors.As(err, &at) {
		return []fieldFault{{at.Path, jsonFault{at}}}
	}
	return []fieldFault{{"", err}}
}

var (
	timeType       = reflect.TypeFor[time.Time]()
	spanType       = reflect.TypeFor[pipeline.Span]()
	placeType      = reflect.TypeFor[pipeline.Place]()
	casualtiesType = reflect.TypeFor[pipeline.Casualties]()
	landmarkType   = reflect.TypeFor[pipeline.Landmark]()
	watchedType    = reflect.TypeFor[pipeline.Watched]()
)

// needed lists the members without which an object of the type would be read with a zero in their place.
func needed(t reflect.Type) []string {
	switch t {
	case placeType:
		return []string{"lon", "lat", "radius_m"}
	case spanType:
		return []string{"from", "to"}
	case casualtiesType:
		return []string{"min", "max"}
	case landmarkType:
		return []string{"lat", "lon", "sigma_m", "x_px", "y_px", "sigma_px"}
	case watchedType:
		return []string{"lat", "lon", "sigma_m", "visible"}
	}
	return nil
}

// checkShape walks the document along the Go type and looks at what strictjson leaves open: a time reports no path when
// it fails, a span reads itself and would let unknown fields through, and a number that is not there would be 0.
func checkShape(data []byte, limits strictjson.Limits, t reflect.Type) error {
	c, err := strictjson.NewCursor(data, limits)
	if err != nil {
		return err
	}
	return walk(c, t)
}

func walk(c *strictjson.Cursor, t reflect.Type) error {
	if t.Kind() == reflect.Pointer {
		if c.Kind() == strictjson.Null {
			return c.Skip()
		}
		t = t.Elem()
	}
	switch kind := c.Kind(); {
	case t == timeType:
		return readTime(c)
	case t == spanType && kind != strictjson.Object:
		return c.Fail(strictjson.RuleType, fmt.Sprintf("%s where an object with from and to is needed", kind))
	case t.Kind() == reflect.Struct && kind == strictjson.Object:
		return walkObject(c, t)
	case t.Kind() == reflect.Slice && kind == strictjson.Array:
		return c.Array(func(int) error { return walk(c, t.Elem()) })
	}
	return c.Skip()
}

func walkObject(c *strictjson.Cursor, t reflect.Type) error {
	here := c.Fail(RuleMissing, "")
	var seen []string
	err := c.Object(func(key string) error {
		seen = append(seen, key)
		if of, ok := memberType(t, key); ok {
			return walk(c, of)
		}
		if t == spanType {
			return c.Fail(strictjson.RuleUnknownField, fmt.Sprintf("unknown field %q", key))
		}
		return c.Skip()
	})
	if err != nil {
		return err
	}
	for _, name := range needed(t) {
		if !slices.Contains(seen, name) {
			here.Detail = fmt.Sprintf("%q is missing", name)
			return here
		}
	}
	return nil
}

func memberType(t reflect.Type, key string) (reflect.Type, bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			if of, ok := memberType(f.Type, key); ok {
				return of, true
			}
		}
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name == key {
			return f.Type, true
		}
	}
	return nil, false
}

func readTime(c *strictjson.Cursor) error {
	here := c.Fail(RuleTime, "")
	text, err := c.String()
	if err != nil {
		return err
	}
	if _, err := parseTime(text); err != nil {
		here.Detail = err.Error()
		return here
	}
	return nil
}

// parseTime reads RFC 3339 as encoding/json does, which is stricter than time.Parse, and gives it in UTC.
func parseTime(text string) (time.Time, error) {
	var t time.Time
	if err := t.UnmarshalText([]byte(text)); err != nil {
		return time.Time{}, fmt.Errorf("%q is not an RFC 3339 time with its offset, such as 2024-11-03T09:02:11Z", text)
	}
	return t.UTC(), nil
}

// inUTC brings the times of a decoded record to UTC; encoding/json may put them into the machine's zone.
func inUTC(in *pipeline.Incident) {
	for i, s := range in.Sources {
		if s.Published != nil {
			utc := s.Published.UTC()
			in.Sources[i].Published = &utc
		}
	}
	for i, b := range in.Brackets {
		in.Brackets[i].Before, in.Brackets[i].After = b.Before.UTC(), b.After.UTC()
	}
}
