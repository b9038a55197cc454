package mapfile

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"whenwhere/internal/strictjson"
)

// outline is what the outermost object of a file looks like.
type outline int

const (
	geoJSON   outline = iota
	areaLists         // lists of rings called areas, beside frontline and others
	wrapped           // a document inside {"value": ...}
)

// wrapping looks at the outermost keys. A file whose first key is one of
// GeoJSON's is taken for that at once: its decoder reads and checks it all.
func wrapping(data []byte) (outline, error) {
	if startsAsGeoJSON(data) {
		return geoJSON, nil
	}
	c, err := strictjson.NewCursor(data, strictjson.Limits{MaxBytes: maxFileBytes})
	if err != nil {
		return geoJSON, err
	}
	if c.Kind() != strictjson.Object {
		return geoJSON, nil
	}
	members, err := c.Members()
	if err != nil {
		return geoJSON, err
	}
	if err := c.End(); err != nil {
		return geoJSON, err
	}
	have := map[string]bool{}
	for _, m := range members {
		have[m.Key] = true
	}
	switch {
	case have["type"]:
		return geoJSON, nil
	case have["areas"]:
		return areaLists, nil
	case have["value"]:
		return wrapped, nil
	}
	return geoJSON, nil
}

func startsAsGeoJSON(data []byte) bool {
	rest := strings.TrimLeft(string(data[:min(len(data), 200)]), " \t\r\n")
	rest, _ = strings.CutPrefix(rest, "{")
	rest = strings.TrimLeft(rest, " \t\r\n")
	return strings.HasPrefix(rest, `"type"`) || strings.HasPrefix(rest, `"features"`)
}

// format tells the formats of GeoJSON apart. A map with sides is one's own
// whatever it is called, unless its name is that of the daily files.
func (s source) format() (string, error) {
	if s.named.prefix == dailyPrefix && !s.named.day.IsZero() {
		return FormatDaily, nil
	}
	seen := map[string]bool{}
	for _, f := range s.doc.Features {
		p, err := members(f)
		if err != nil {
			return "", err
		}
		for _, key := range []string{"side", "status", "layer"} {
			if _, ok := p[key]; ok {
				seen[key] = true
			}
		}
		if name, ok := text(p["name"]); ok {
			seen["name"] = true
			seen["separator"] = seen["separator"] || strings.Contains(name, nameSeparator)
		}
	}
	switch {
	case seen["side"] || seen["status"]:
		return FormatOwn, nil
	case seen["separator"] || seen["name"] && s.named.unix != nil:
		return FormatRaw, nil
	case seen["layer"] || s.named.layer != "" || s.opt.Layer != "":
		return FormatISW, nil
	}
	return FormatOwn, nil
}

func text(raw json.RawMessage) (s string, ok bool) {
	return s, raw != nil && json.Unmarshal(raw, &s) == nil
}

// limits bound a file of a provider at about eight times the largest one
// published until 2026; more is a broken export or an attack.
type limits struct{ bytes, vertices int }

func limitsOf(format string) limits {
	switch format {
	case FormatDaily, FormatUAControlMap:
		return limits{4 << 20, 25_000} // seen: 3,230 vertices
	case FormatRaw:
		return limits{16 << 20, 125_000} // 15,696
	case FormatNZZ:
		return limits{16 << 20, 190_000} // 23,783
	case FormatISW:
		return limits{32 << 20, 620_000} // 77,436
	}
	return limits{maxFileBytes, 1_000_000}
}

func (s source) withinLimits(format string) error {
	most := limitsOf(format)
	if len(s.data) > most.bytes {
		return &FileError{Detail: fmt.Sprintf("%d bytes, limit %d for the format %s", len(s.data), most.bytes, format)}
	}
	if n := s.doc.Counts.Vertices; n > most.vertices {
		return &FileError{Detail: fmt.Sprintf("%d positions, limit %d for the format %s", n, most.vertices, format)}
	}
	for _, f := range s.doc.Features {
		if format != FormatOwn && nested(f.Geometry) {
			return &FileError{Line: f.Line, Path: f.Path, Detail: "a collection within a collection"}
		}
	}
	return nil
}

// nested: providers publish collections of polygons, which are flattened, and
// none of collections.
func nested(g orb.Geometry) bool {
	c, _ := g.(orb.Collection)
	for _, inner := range c {
		if _, deeper := inner.(orb.Collection); deeper {
			return true
		}
	}
	return false
}
