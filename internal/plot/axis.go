package plot

import (
	"fmt"
	"math"
	"time"
)

// axis maps time to x.
type axis struct {
	from, to int64
	x0, x1   float64
}

func (a axis) x(ms int64) float64 {
	return a.x0 + (float64(ms)-float64(a.from))/(float64(a.to)-float64(a.from))*(a.x1-a.x0)
}

// clip gives the drawn part of a span, at least two pixels wide; false if it lies outside.
func (a axis) clip(s Span) (x0, x1 float64, ok bool) {
	if s.ToMs < a.from || s.FromMs > a.to {
		return 0, 0, false
	}
	x0, x1 = a.x(max(s.FromMs, a.from)), a.x(min(s.ToMs, a.to))
	if x1-x0 < 2 {
		mid := math.Max(a.x0+1, math.Min(a.x1-1, (x0+x1)/2))
		x0, x1 = mid-1, mid+1
	}
	return x0, x1, true
}

type tick struct {
	ms    int64
	label string
}

var steps = []time.Duration{
	time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute,
	10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
}

const day = 24 * time.Hour

// ticks are round times of the zone, at most n.
func ticks(a axis, z Zone, n int) []tick {
	zone := z.location()
	for _, step := range steps {
		if (a.to-a.from)/step.Milliseconds() <= int64(n) {
			return even(a, z, zone, step)
		}
	}
	days := float64(a.to-a.from) / float64(day.Milliseconds())
	for _, jump := range [][3]int{{0, 0, 1}, {0, 0, 2}, {0, 0, 7}, {0, 1, 0}, {0, 3, 0}, {1, 0, 0}, {5, 0, 0}, {10, 0, 0}, {50, 0, 0}} {
		if days/(366*float64(jump[0])+31*float64(jump[1])+float64(jump[2])) > float64(n) {
			continue
		}
		if out := calendar(a, zone, jump); len(out) <= n {
			return out
		}
	}
	return nil
}

func even(a axis, z Zone, zone *time.Location, step time.Duration) []tick {
	var out []tick
	shift := int64(z.OffsetMin) * 60000
	every := step.Milliseconds()
	for t := ceilTo(a.from+shift, every) - shift; t <= a.to; t += every {
		local := time.UnixMilli(t).In(zone)
		label := local.Format("15:04")
		if step < time.Minute {
			label = local.Format("15:04:05")
		}
		if local.Hour() == 0 && local.Minute() == 0 && local.Second() == 0 && a.to-a.from > day.Milliseconds() {
			label = local.Format("2 Jan")
		}
		out = append(out, tick{t, label})
	}
	return out
}

func ceilTo(v, every int64) int64 {
	r := v % every
	if r < 0 {
		r += every
	}
	if r == 0 {
		return v
	}
	return v - r + every
}

func calendar(a axis, zone *time.Location, jump [3]int) []tick {
	first := time.UnixMilli(a.from).In(zone)
	t := time.Date(first.Year(), first.Month(), first.Day(), 0, 0, 0, 0, zone)
	format := "2 Jan"
	switch {
	case jump[0] > 0:
		t = time.Date(first.Year()-first.Year()%jump[0], 1, 1, 0, 0, 0, 0, zone)
		format = "2006"
	case jump[1] > 0:
		t = time.Date(first.Year(), first.Month()-(first.Month()-1)%time.Month(jump[1]), 1, 0, 0, 0, 0, zone)
		format = "Jan 2006"
	}
	var out []tick
	for ; t.UnixMilli() <= a.to; t = t.AddDate(jump[0], jump[1], jump[2]) {
		if t.UnixMilli() >= a.from {
			out = append(out, tick{t.UnixMilli(), t.Format(format)})
		}
	}
	return out
}

// spanText prints a span as short as its length allows; seconds when it is under ten minutes.
func spanText(s Span, z Zone) string {
	zone := z.location()
	form, from, to := "15:04", time.UnixMilli(s.FromMs).In(zone), time.UnixMilli(s.ToMs).In(zone)
	if s.FromMs > minMs && s.ToMs < maxMs && s.ToMs-s.FromMs < 10*60000 {
		form = "15:04:05"
	}
	const date = "2006-01-02 "
	switch {
	case s.FromMs <= minMs && s.ToMs >= maxMs:
		return "any time"
	case s.FromMs <= minMs:
		return "before " + to.Format(date+"15:04:05")
	case s.ToMs >= maxMs:
		return "from " + from.Format(date+"15:04:05")
	case from.Format(date) == to.Format(date):
		return from.Format(date+form) + "–" + to.Format(form)
	}
	return from.Format(date+form) + " – " + to.Format(date+form)
}

func zoneName(z Zone) string {
	sign, m := "+", z.OffsetMin
	if m < 0 {
		sign, m = "−", -m
	}
	name := fmt.Sprintf("UTC%s%02d:%02d", sign, m/60, m%60)
	if m == 0 {
		name = "UTC"
	}
	if z.Label != "" && z.Label != name {
		name += " (" + z.Label + ")"
	}
	return name
}
