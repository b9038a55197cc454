package clock

import (
	"regexp"
	"slices"
	"strings"

	"whenwhere/internal/timeset"
)

// Every civil offset since 1990 lies between -12:00 and +14:00.
const (
	westmostMin = -12 * 60
	eastmostMin = 14 * 60
)

// offsetsInUse are the offsets from UTC, in minutes, that any zone of the
// embedded tables used after 1990, ascending. A test recomputes the list.
var offsetsInUse = []int{
	-720, -660, -600, -570, -540, -510, -480, -420, -360, -300, -270, -240, -210, -180, -150, -120, -60,
	0, 60, 120, 180, 210, 240, 270, 300, 330, 345, 360, 390, 420, 480, 510, 525, 540, 570, 585, 600, 630, 660, 690, 720, 765, 780, 825, 840,
}

func inUse(offsetMin int) bool {
	_, found := slices.BinarySearch(offsetsInUse, offsetMin)
	return found
}

var offsetForm = regexp.MustCompile(`^([+-])(\d{1,2}):?(\d{2})$`)

// parseOffset reads the text of an EXIF OffsetTime tag: "+03:00", "-5:00",
// "+0530" or "Z". blank is true when nothing was written; offsets beyond
// 14 hours and minutes beyond 59 are not ok.
func parseOffset(text string) (offsetMin int, ok, blank bool) {
	text = strings.Trim(text, " \x00")
	if strings.Trim(text, " :") == "" {
		return 0, false, true
	}
	if text == "Z" || text == "z" {
		return 0, true, false
	}
	m := offsetForm.FindStringSubmatch(text)
	if m == nil {
		return 0, false, false
	}
	hours, minutes := number(m[2]), number(m[3])
	offsetMin = 60*hours + minutes
	if minutes > 59 || offsetMin > eastmostMin {
		return 0, false, false
	}
	if m[1] == "-" {
		offsetMin = -offsetMin
	}
	return offsetMin, true, false
}

// Candidate is an offset that a device may have been set to, and why.
type Candidate struct {
	OffsetMin int    `json:"offset_min"`
	Why       string `json:"why"`
}

// Resolve returns the UTC instants that a reading of the dial may mean: one
// copy of it per candidate offset. With nil candidates (nothing is known of
// the place) it is stretched over every offset from -12:00 to +14:00; with an
// empty, non-nil list (every hypothesis was ruled out) it is empty.
func Resolve(local timeset.Set, candidates []Candidate) timeset.Set {
	if candidates == nil {
		return local.Widen(minutesMs(eastmostMin), minutesMs(-westmostMin))
	}
	var spans timeset.Set
	for _, c := range candidates {
		spans = spans.Union(local.Shift(-minutesMs(c.OffsetMin)))
	}
	return spans
}

// Under returns the stamp with its Spans narrowed to the candidate offsets.
// UTC stamps and stated offsets are returned unchanged: a place never
// overrules what the device wrote. So are all stamps when candidates is nil.
func (s Stamp) Under(candidates []Candidate) Stamp {
	if candidates == nil || !s.Usable() || s.Zone != Unknown && s.Zone != UTCOrLocal {
		return s
	}
	s.Spans, s.OffsetsMin = Resolve(s.Local, candidates), nil
	for _, c := range candidates {
		s.OffsetsMin = append(s.OffsetsMin, c.OffsetMin)
	}
	slices.Sort(s.OffsetsMin)
	s.OffsetsMin = slices.Compact(s.OffsetsMin)
	if s.Spans.IsEmpty() {
		return s.with(FlagNoSuchLocal)
	}
	return s
}
