package clock

import (
	"math"
	"strings"
	"time"

	"whenwhere/internal/timeset"
)

// Claim is a stamp in the form in which it leaves the program: what was read,
// what it says about which moment, and on whose authority. Its JSON is
// {"field","raw","kind","bound","spans":[{"from","to"}],"basis","flags"} with
// instants in RFC 3339, UTC, to the millisecond, half-open. An empty list of
// spans is no claim; the flags then say why.
type Claim struct {
	Field string      `json:"field"`
	Raw   string      `json:"raw"`
	Kind  Kind        `json:"kind"`
	Bound Bound       `json:"bound"`
	Spans []ClaimSpan `json:"spans"`
	Basis string      `json:"basis"`
	Flags []string    `json:"flags"`
}

// ClaimSpan is the half-open interval [From, To).
type ClaimSpan struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Claim returns the stamp in that form.
func (s Stamp) Claim() Claim {
	c := Claim{Field: s.Field, Raw: s.Raw, Kind: s.Kind, Bound: s.Bound, Basis: s.Basis, Spans: []ClaimSpan{}, Flags: []string{}}
	for _, iv := range s.Spans.Intervals() {
		c.Spans = append(c.Spans, ClaimSpan{From: rfc3339(iv.Lo), To: rfc3339(iv.Hi)})
	}
	c.Flags = append(c.Flags, s.Flags...)
	return c
}

// rfc3339 prints an instant; years beyond four digits, which RFC 3339 cannot
// write, end at the limit.
func rfc3339(ms int64) string {
	const year0, year9999 = -62167219200000, 253402300799999
	return time.UnixMilli(max(year0, min(ms, year9999))).UTC().Format("2006-01-02T15:04:05.000Z")
}

// Source says where a reading was found.
type Source struct {
	Field string
	Raw   string
	Kind  Kind
	Basis string
}

func (src Source) stamp() Stamp {
	return Stamp{Field: src.Field, Raw: src.Raw, Kind: src.Kind, Bound: boundOf(src.Kind), Basis: src.Basis}
}

// AtUTC makes a stamp of instants that another parser read in UTC (telemetry,
// the pages of an archive). Like every stamp it is refused outside the
// plausibility window.
func AtUTC(src Source, spans timeset.Set, until time.Time) Stamp {
	if spans.IsEmpty() {
		return src.stamp().refused(FlagNeverSet)
	}
	return src.stamp().inUTC(spans, until)
}

// OnDial makes a stamp of a reading of a dial whose zone is unknown, in
// milliseconds since 1970-01-01 00:00 of that dial.
func OnDial(src Source, local timeset.Set, until time.Time) Stamp {
	b, ok := local.Bounds()
	switch {
	case !ok:
		return src.stamp().refused(FlagNeverSet)
	case b.Lo <= math.MinInt64/2 || b.Hi >= math.MaxInt64/2 || b.Width() > widestDialMs:
		return src.stamp().refused(FlagBadCalendar)
	}
	return src.stamp().onDial(local, until)
}

// Reliability is the probability that the stamp is what it says it is: made
// by the clock it names, at that moment. The camera's 0.90 and the server's
// 0.999 are those of the worked example in the design (section 6), the 0.97
// of Telegram's order of ids is Telegram's own wording ("most of the time
// also by date"); the others are judged between them, by who can rewrite the
// field: anyone renames a file, copying resets a file time.
func (s Stamp) Reliability() float64 {
	switch {
	case s.Has(FlagClientMade):
		return 0.90
	case strings.HasPrefix(s.Basis, BasisNeighbours):
		return 0.97
	case strings.HasPrefix(s.Basis, BasisPlatform):
		return 0.999
	}
	switch s.Basis {
	case BasisArchiver, BasisSatellite:
		return 0.999
	case BasisGPS:
		return 0.95
	case BasisSoftware:
		return 0.98
	case BasisFileTime:
		return 0.60
	case BasisFileName:
		return 0.85
	}
	return 0.90
}
