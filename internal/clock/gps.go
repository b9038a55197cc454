package clock

import (
	"fmt"
	"math"
	"regexp"
	"time"

	"whenwhere/internal/timeset"
)

// GPS time is broadcast as a week number of 10 bits; receivers that miss a
// rollover are 1024 weeks (7168 days) behind (IS-GPS-200, 20.3.3.3.1.1).
const rolloverMs = 7168 * dayMs

var gpsDateForm = regexp.MustCompile(`^(\d{4})([:-])(\d{2})([:-])(\d{2})$`)

// GPSTime is the GPS stamp of a photo: the text of GPSDateStamp ("" when
// absent) and the three rationals of GPSTimeStamp, hours, minutes, seconds as
// {numerator, denominator} (nil when absent).
type GPSTime struct {
	Date string
	HMS  *[3][2]int64
}

func (g GPSTime) raw() string {
	if g.HMS == nil {
		return g.Date
	}
	h := *g.HMS
	return fmt.Sprintf("%s %d/%d %d/%d %d/%d", g.Date, h[0][0], h[0][1], h[1][0], h[1][1], h[2][0], h[2][1])
}

// GPS reads the time of the satellite fix, which is UTC. The fix may be
// seconds older than the picture, hours if it was cached, or younger; Spans
// are those of the fix.
//
// Two known faults are turned into intervals and flagged. Unix seconds stored
// as milliseconds give a date in January 1970; the true time is then known to
// 1000 s. A date that is still possible 1024 weeks later may be one rollover
// behind, so both readings are kept; before 1990 only the later one is.
func GPS(g GPSTime, until time.Time) Stamp {
	s := Stamp{Field: "GPSDateTime", Raw: g.raw(), Kind: Capture, Bound: Point, Zone: UTC, Basis: BasisGPS}
	if g.HMS == nil {
		return s.refused(FlagNoTime)
	}
	tod, width, flag := timeOfDay(*g.HMS)
	if flag != "" {
		return s.refused(flag)
	}
	if trimPad(g.Date) == "" {
		return s.refused(FlagNoDate)
	}
	day, flag := gpsDay(trimPad(g.Date))
	if flag != "" {
		return s.refused(flag)
	}
	return s.gpsReading(day+tod, width, until)
}

// GPSNearWall reads a GPS time of day whose date is missing or wrong, with
// the help of the camera's own reading: the result holds every instant with
// that time of day that some offset from -12:00 to +14:00 (and ten minutes of
// clock error) brings within reach of the wall reading.
func GPSNearWall(g GPSTime, wall timeset.Set, until time.Time) Stamp {
	s := Stamp{Field: "GPSTimeStamp", Raw: g.raw(), Kind: Capture, Bound: Point, Zone: UTC, Basis: BasisGPS}
	bounds, ok := wall.Bounds()
	if g.HMS == nil || !ok {
		return s.refused(FlagNoTime)
	}
	tod, width, flag := timeOfDay(*g.HMS)
	if flag != "" {
		return s.refused(flag)
	}
	// A wall reading of days names no day worth guessing from.
	if bounds.Width() > dayMs {
		return s.refused(FlagNoDate)
	}
	reach, _ := Resolve(wall, nil).Widen(10*minuteMs, 10*minuteMs).Bounds()
	var found []timeset.Interval
	for day := floorDay(reach.Lo); day < reach.Hi; day += dayMs {
		if at := day + tod; at+width > reach.Lo && at < reach.Hi {
			found = append(found, timeset.Interval{Lo: at, Hi: at + width})
		}
	}
	return s.with(FlagGPSDateGuess).inUTC(timeset.Of(found...), until)
}

func floorDay(ms int64) int64 {
	day := ms - ms%dayMs
	if day > ms {
		day -= dayMs
	}
	return day
}

// gpsReading decides what a complete reading may mean.
func (s Stamp) gpsReading(at, width int64, until time.Time) Stamp {
	unixSeconds := at / secondMs
	plain := timeset.Interval{Lo: at, Hi: at + width}
	later := timeset.Interval{Lo: at + rolloverMs, Hi: at + width + rolloverMs}
	end := windowEndMs(until)
	switch {
	case at == 0 || at == gpsEpochMs:
		return s.refused(FlagNeverSet)
	case at > 0 && unixSeconds*1000*secondMs >= windowStartMs && at < windowStartMs && unixSeconds*1000*secondMs < end:
		return s.with(FlagGPSMillis).inUTC(span(unixSeconds*1000*secondMs, 1000*secondMs), until)
	case at < gpsEpochMs:
		return s.inUTC(timeset.Of(plain), until)
	case at < windowStartMs:
		return s.with(FlagGPSRollover).inUTC(timeset.Of(later), until)
	case later.Lo >= end:
		return s.inUTC(timeset.Of(plain), until)
	}
	return s.with(FlagGPSRollover).inUTC(timeset.Of(plain, later), until)
}

// gpsEpochMs is 1980-01-06, the zero of GPS weeks.
const gpsEpochMs = int64(315964800000)

func gpsDay(date string) (dayMs int64, flag string) {
	m := gpsDateForm.FindStringSubmatch(date)
	if m == nil || m[2] != m[4] {
		return 0, FlagBadFormat
	}
	at := moment{year: number(m[1]), month: number(m[3]), day: number(m[5])}
	if at == (moment{}) {
		return 0, FlagNeverSet
	}
	return at.dialMs(), at.validate()
}

// timeOfDay reads the three rationals as milliseconds since midnight and the
// width they were written with: one second for whole seconds, else one unit
// of the denominator, at least a millisecond. Fractions are allowed in every
// component, as EXIF does, as long as the sum is a time of day.
func timeOfDay(hms [3][2]int64) (at, width int64, flag string) {
	limits := [3]int64{24, 60, 60}
	units := [3]int64{hourMs, minuteMs, secondMs}
	for i, r := range hms {
		num, den := r[0], r[1]
		if den <= 0 || den > math.MaxUint32 || num < 0 || num > math.MaxUint32 {
			return 0, 0, FlagBadRational
		}
		if num >= limits[i]*den {
			return 0, 0, FlagBadClock
		}
		at += num * units[i] / den
	}
	if at >= dayMs {
		return 0, 0, FlagBadClock
	}
	return at, gpsWidth(hms[2]), ""
}

func gpsWidth(seconds [2]int64) int64 {
	if seconds[0]%seconds[1] == 0 {
		return secondMs
	}
	return max(1, (secondMs+seconds[1]-1)/seconds[1])
}
