package align

import (
	"fmt"
	"math"
	"strings"
)

// segment describes a run of pairs along a line.
func (b *board) segment(run []pair, l line) Segment {
	first, last := run[0], run[len(run)-1]
	sum := 0
	for _, p := range run {
		sum += int(b.bits[b.at(p.i, p.j)])
	}
	comparable := min(last.i-first.i, last.j-first.j) + 1
	return Segment{
		QFromMs: b.a[first.i].atMs, QToMs: b.a[last.i].atMs, RFromMs: b.b[first.j].atMs, RToMs: b.b[last.j].atMs,
		OffsetMs: int64(math.Round(l.at(b.a[first.i].atMs))) - b.a[first.i].atMs,
		Speed:    rounded(l.speed),
		Frames:   len(run),
		MeanBits: float64(sum) / float64(len(run)),
		Share:    float64(len(run)) / float64(comparable),
	}
}

func rounded(speed float64) float64 { return math.Round(speed*1000) / 1000 }

// String is one line for people: "0:12–0:31 of this = 2:03–2:22 of that, mirrored, 1.0x".
func (s Segment) String() string {
	var t strings.Builder
	verb := "="
	if s.Unplaced {
		verb = "shows the still picture of"
	}
	fmt.Fprintf(&t, "%s–%s of this %s %s–%s of that", clock(s.QFromMs), clock(s.QToMs), verb, clock(s.RFromMs), clock(s.RToMs))
	if s.Mirrored {
		t.WriteString(", mirrored")
	}
	if s.Unplaced {
		t.WriteString(", which second is which is unknown")
	} else {
		fmt.Fprintf(&t, ", %sx", speedText(s.Speed))
	}
	return t.String()
}

// speedText has one digit where that is exact, two otherwise.
func speedText(speed float64) string {
	if text := fmt.Sprintf("%.2f", speed); !strings.HasSuffix(text, "0") {
		return text
	}
	return fmt.Sprintf("%.1f", speed)
}

// clock is a time in the clip to the nearest second: "2:03", "1:02:03", "-0:01".
func clock(ms int64) string {
	sign := ""
	if ms <= -500 {
		sign, ms = "-", -ms
	}
	s := (ms + 500) / 1000
	if s >= 3600 {
		return fmt.Sprintf("%s%d:%02d:%02d", sign, s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%s%d:%02d", sign, s/60, s%60)
}
