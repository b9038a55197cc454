package clock

import (
	"regexp"
	"strings"
	"time"

	"whenwhere/internal/timeset"
)

// maxNameBytes bounds the work; file systems allow 255.
const maxNameBytes = 1024

// FromFileName reads the date that a camera, messenger or platform wrote into
// a file's name (the part after the last slash; case does not matter). Each
// pattern must end at the end of its digits: a run inside a longer run is not
// a date. Names that only look like a date (2024-02-30, 24:00:00) and dates
// outside the plausibility window make no stamp.
//
// If no pattern fits, an id in the name may still be one of several platforms'
// ids. All schemes that give a possible time are then kept in one stamp,
// flagged, so that its upper bound is the latest of them.
func FromFileName(name string, until time.Time) []Stamp {
	base := name[strings.LastIndexAny(name, `/\`)+1:]
	if len(base) > maxNameBytes {
		return nil
	}
	for _, rule := range nameRules {
		m := rule.form.FindStringSubmatch(base)
		if m == nil {
			continue
		}
		if s := rule.stamp(base, m, until); s.Usable() {
			return []Stamp{s}
		}
		return nil
	}
	return idsInName(base, until)
}

func (r nameRule) stamp(base string, m []string, until time.Time) Stamp {
	local, ok := r.read(m)
	if !ok {
		return Stamp{}
	}
	s := Stamp{Field: "file_name:" + r.name, Raw: base, Kind: r.kind, Bound: boundOf(r.kind), Basis: BasisFileName}
	s = s.with(r.flags...)
	if r.zone == UTC {
		return s.inUTC(local, until)
	}
	return s.onDial(local, until)
}

var (
	digitRun = regexp.MustCompile(`\d+`)
	uuidForm = regexp.MustCompile(`(?i)(?:^|[^0-9a-f-])([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:[^0-9a-f-]|$)`)
)

// nameSchemes are the platforms whose decimal ids turn up in file names of
// downloaders. Ids of 17 to 20 digits fit several of them.
var nameSchemes = []Scheme{Twitter, Discord, TikTok, Instagram, Mastodon, LinkedIn}

func idsInName(base string, until time.Time) []Stamp {
	var stamps []Stamp
	if m := uuidForm.FindStringSubmatch(base); m != nil {
		if s, ok := FromID(UUID, m[1], until); ok {
			s.Field, s.Raw = "file_name:uuid", base
			return []Stamp{s}
		}
		return nil
	}
	for _, run := range digitRun.FindAllString(base, -1) {
		if s, ok := idOfUnknownScheme(run, until); ok {
			s.Raw = base
			stamps = append(stamps, s)
		}
	}
	return stamps
}

func idOfUnknownScheme(id string, until time.Time) (Stamp, bool) {
	if len(id) < 17 || len(id) > 20 {
		return Stamp{}, false
	}
	var spans timeset.Set
	for _, scheme := range nameSchemes {
		if s, ok := FromID(scheme, id, until); ok {
			spans = spans.Union(s.Spans)
		}
	}
	s := idStamp("unknown", id, spans, []string{FlagAmbiguousID})
	s.Field = "file_name:id"
	return s, s.Usable()
}

// digitsOnly joins the digits of the groups.
func digitsOnly(groups ...string) string {
	return strings.Join(digitRun.FindAllString(strings.Join(groups, " "), -1), "")
}
