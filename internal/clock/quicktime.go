package clock

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// macToUnix is the number of seconds from 1904-01-01 to 1970-01-01.
const macToUnix = 2082844800

func trimPad(s string) string { return strings.Trim(s, " \x00") }

// QuickTimeEpochs returns the Unix seconds that a movie header's time may
// mean: none for 0 (unset), one counted from 1904, and for values that would
// fall before 1970 a second one counted from 1970, because some writers
// forget the conversion.
func QuickTimeEpochs(raw uint64) []int64 {
	switch {
	case raw == 0 || raw > math.MaxInt64/2:
		return nil
	case raw < macToUnix:
		return []int64{int64(raw) - macToUnix, int64(raw)}
	}
	return []int64{int64(raw) - macToUnix}
}

// QuickTime reads the creation or modification time of an mvhd, tkhd or mdhd
// box (ISO/IEC 14496-12, 8.2.2; QuickTime File Format). The standard wants
// UTC, many cameras write local time, so the zone stays UTCOrLocal until
// candidates are applied. Phones write it when recording stops, others when
// it starts: the capture lies within one clip length of the stamp.
//
// A value that would fall before 1970 is flagged; of its two readings only
// those inside the plausibility window are kept, which is the one from 1970.
func QuickTime(field string, raw uint64, until time.Time) Stamp {
	s := Stamp{Field: field, Raw: strconv.FormatUint(raw, 10), Kind: kindOfField(field), Basis: BasisContainer, Zone: UTCOrLocal}
	s.Bound = boundOf(s.Kind)
	epochs := QuickTimeEpochs(raw)
	switch {
	case raw == 0 || raw == macToUnix:
		return s.refused(FlagNeverSet)
	case epochs == nil || epochs[0] > math.MaxInt64/(4*secondMs):
		return s.refused(FlagAfterWindow)
	case len(epochs) == 2:
		s = s.with(FlagUnixEpoch)
	}
	return s.onDial(span(epochs[len(epochs)-1]*secondMs, secondMs), until)
}
