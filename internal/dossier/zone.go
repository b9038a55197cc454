package dossier

import (
	"fmt"
	"strings"
	"time"

	"whenwhere/internal/plot"
	"whenwhere/pipeline"
)

// kyiv is the zone in which times are given first. Times east of the front are told in it too, and say so.
type kyiv struct{ zone *time.Location }

func offset(t time.Time) string { return "UTC" + t.Format("-07:00") }

// moment is an instant, local first.
func (k kyiv) moment(t time.Time) string {
	l := t.In(k.zone)
	return fmt.Sprintf("%s Kyiv time (%s), %s UTC", l.Format("2 January 2006 15:04:05"), offset(l), utcBeside(t, l))
}

func utcBeside(t, beside time.Time) string {
	u := t.UTC()
	if u.Format(time.DateOnly) == beside.Format(time.DateOnly) {
		return u.Format("15:04:05")
	}
	return u.Format("2 January 15:04:05")
}

// span is an interval, local first.
func (k kyiv) span(s pipeline.Span) string {
	from, to := s.From.In(k.zone), s.To.In(k.zone)
	utc := spanIn(s.From.UTC(), s.To.UTC())
	if day := from.Format("2 January 2006, "); from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		utc = strings.TrimPrefix(utc, day) // of the same day
	}
	return fmt.Sprintf("%s Kyiv time (%s); %s UTC", spanIn(from, to), offset(from), utc)
}

func spanIn(from, to time.Time) string {
	const day = "2 January 2006"
	clock := "15:04"
	if to.Sub(from) < 2*time.Hour || from.Second() != 0 || to.Second() != 0 {
		clock = "15:04:05"
	}
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		return fmt.Sprintf("%s, %s to %s", from.Format(day), from.Format(clock), to.Format(clock))
	}
	return fmt.Sprintf("%s to %s", from.Format(day+" "+clock), to.Format(day+" "+clock))
}

// axis is the zone of a picture of that time.
func (k kyiv) axis(t time.Time) plot.Zone {
	_, seconds := t.In(k.zone).Zone()
	return plot.Zone{OffsetMin: seconds / 60, Label: "Kyiv"}
}
