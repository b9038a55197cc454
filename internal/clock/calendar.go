package clock

import (
	"math"
	"time"

	"whenwhere/internal/timeset"
)

const (
	secondMs = int64(1000)
	minuteMs = 60 * secondMs
	hourMs   = 60 * minuteMs
	dayMs    = 24 * hourMs
)

// windowStartMs is 1990-01-01T00:00:00Z: no digital camera, phone or service
// that this package reads is older.
const windowStartMs = int64(631152000000)

// windowEndMs is the time of collection plus one day, for clocks that run
// ahead. A zero time leaves no window at all, so that a caller who forgets it
// sees every stamp refused and not every forgery accepted.
func windowEndMs(until time.Time) int64 {
	if until.IsZero() {
		return math.MinInt64
	}
	return until.UnixMilli() + dayMs
}

func minutesMs(min int) int64 { return int64(min) * minuteMs }

// moment is a reading of calendar and clock, not yet validated.
type moment struct{ year, month, day, hour, min, sec int }

// validate names what is wrong with the reading, or returns "". Leap seconds
// are refused: no camera writes them, but damaged files do.
func (m moment) validate() string {
	if m.year < 1 || m.year > 9999 || m.month < 1 || m.month > 12 || m.day < 1 || m.day > daysIn(m.year, m.month) {
		return FlagBadCalendar
	}
	if m.hour < 0 || m.hour > 23 || m.min < 0 || m.min > 59 || m.sec < 0 || m.sec > 59 {
		return FlagBadClock
	}
	return ""
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// dialMs is the reading in milliseconds since 1970 on its own dial. It is
// only meaningful for a validated moment.
func (m moment) dialMs() int64 {
	return time.Date(m.year, time.Month(m.month), m.day, m.hour, m.min, m.sec, 0, time.UTC).UnixMilli()
}

// isMidnightNewYear is the default that cameras fall back to when the clock
// was never set, in 1970, 1980, 2000 or the year of the model.
func (m moment) isMidnightNewYear() bool {
	return m.month == 1 && m.day == 1 && m.hour == 0 && m.min == 0 && m.sec == 0
}

// span is [at, at+width).
func span(at, width int64) timeset.Set {
	return timeset.Of(timeset.Interval{Lo: at, Hi: at + width})
}

// fractionMs reads decimal-fraction digits ("5" is half a second) as offset
// and width in milliseconds. Digits beyond the third cannot be kept and leave
// the width at one.
func fractionMs(digits string) (at, width int64) {
	width = secondMs
	for i := 0; i < len(digits) && i < 3; i++ {
		width /= 10
		at += int64(digits[i]-'0') * width
	}
	return at, width
}

// isDigits reports whether the text is one or more ASCII digits.
func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// number reads at most nine ASCII digits that the caller has checked.
func number(digits string) int {
	n := 0
	for i := 0; i < len(digits); i++ {
		n = 10*n + int(digits[i]-'0')
	}
	return n
}

// compact reads YYYYMMDD and HHMMSS.
func compact(date, clock string) (moment, bool) {
	if len(date) != 8 || len(clock) != 6 || !isDigits(date) || !isDigits(clock) {
		return moment{}, false
	}
	m := moment{number(date[:4]), number(date[4:6]), number(date[6:]), number(clock[:2]), number(clock[2:4]), number(clock[4:])}
	return m, m.validate() == ""
}
