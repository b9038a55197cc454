package mapfile

import (
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// fileName is what a name says: the day, perhaps the minute, and what stands
// before the date; or a time in unix seconds; or a layer of isw. A zero day
// means that the name holds no date.
type fileName struct {
	day    time.Time
	minute time.Time
	prefix string
	unix   *time.Time
	layer  string
}

var datePattern = regexp.MustCompile(`^([0-9]{4})(-?)([0-9]{2})(-?)([0-9]{2})(?:T([0-9]{2}):?([0-9]{2})Z)?`)

// parseName finds the one date in the name of a file, and the layer that it or
// its folder names.
func parseName(name string) (fileName, error) {
	base := path.Base(name)
	stem := strings.TrimSuffix(strings.TrimSuffix(base, ".geojson"), ".json")
	out := fileName{unix: unixTime(stem), layer: layerIn(stem)}
	if out.layer == "" {
		out.layer = layerIn(path.Base(path.Dir(name)))
	}
	found := dates(stem)
	if len(found) > 1 {
		return fileName{}, &FileError{Detail: "the name holds more than one date"}
	}
	if len(found) == 0 {
		out.prefix = stem
		return out, nil
	}
	start, group := found[0].start, found[0].groups
	day, err := time.Parse("20060102", group[1]+group[3]+group[5])
	if err != nil || group[2] != group[4] {
		return fileName{}, &FileError{Detail: "the name holds no real date: " + group[0]}
	}
	out.day, out.prefix = day, strings.Trim(stem[:start], "-_. ")
	if group[6] == "" {
		return out, nil
	}
	out.minute, err = time.Parse("20060102 1504", day.Format("20060102")+" "+group[6]+group[7])
	if err != nil {
		return fileName{}, &FileError{Detail: "the name holds no real time: " + group[0]}
	}
	return out, nil
}

// unixTime reads a name of ten digits. No map of this war is older than the war.
func unixTime(stem string) *time.Time {
	seconds, err := strconv.ParseInt(stem, 10, 64)
	if err != nil || len(stem) != 10 {
		return nil
	}
	t := time.Unix(seconds, 0).UTC()
	return &t
}

// layerIn is the layer of isw that a name ends in, after the date; "" for none.
func layerIn(stem string) string {
	if i := strings.LastIndexByte(stem, '_'); i >= 0 {
		if layer := layerCalled(stem[i+1:]); layer != "" {
			return layer
		}
	}
	return layerCalled(stem)
}

type dateMatch struct {
	start  int
	groups []string
}

// dates finds the dates that are not part of a longer run of digits.
func dates(stem string) (out []dateMatch) {
	for i := range len(stem) {
		g := datePattern.FindStringSubmatch(stem[i:])
		if g != nil && !digitAt(stem, i-1) && !digitAt(stem, i+len(g[0])) {
			out = append(out, dateMatch{i, g})
		}
	}
	return out
}

func digitAt(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
