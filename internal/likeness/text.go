package likeness

import (
	"fmt"
	"strings"

	"whenwhere/pipeline"
)

// String is one clause for people: how near, in which view, how much of it, and when.
func (l Likeness) String() string { return l.From("it") }

// From is the clause with the name of what was seen.
func (l Likeness) From(name string) string {
	var t strings.Builder
	if l.Marks != nil {
		return l.Marks.from(name)
	}
	fmt.Fprintf(&t, "PDQ %d of 256 bits", l.BitsPDQ)
	if l.Bits256 != nil {
		fmt.Fprintf(&t, " and second print %d of 256 bits", *l.Bits256)
	}
	t.WriteString(" from " + name)
	if l.Places != nil {
		fmt.Fprintf(&t, ", the same in %d of %d places", l.Places.Agree, l.Places.Of)
	}
	for _, held := range []string{heldAs(l.View), inHeldAs(l.InView)} {
		if held != "" {
			t.WriteString(", " + held)
		}
	}
	if l.Of > 0 {
		fmt.Fprintf(&t, ", %d of %d frames", l.Frames, l.Of)
	}
	if l.AtMs != nil && l.InMs != nil {
		fmt.Fprintf(&t, ", %s here is %s there", clock(*l.AtMs), clock(*l.InMs))
	}
	for _, s := range l.Segments {
		t.WriteString("; " + s.Text)
	}
	return t.String()
}

func heldAs(v pipeline.View) string {
	switch v {
	case pipeline.ViewMirrored:
		return "mirrored"
	case pipeline.ViewTrimmed:
		return "without its borders"
	case pipeline.ViewTrimmedMirrored:
		return "mirrored, without its borders"
	case pipeline.ViewWindow:
		return "a part of it"
	case pipeline.ViewRot90, pipeline.ViewRot180, pipeline.ViewRot270:
		return "turned by " + strings.TrimPrefix(v, "rot") + " degrees"
	case pipeline.ViewFlipped:
		return "turned top to bottom"
	case pipeline.ViewTransposed, pipeline.ViewTransversed:
		return "turned over a diagonal"
	}
	return ""
}

func inHeldAs(v pipeline.View) string {
	switch v {
	case pipeline.ViewTrimmed:
		return "its borders cut off there"
	case pipeline.ViewWindow:
		return "a part of what is there"
	}
	return ""
}

func clock(ms int64) string { return fmt.Sprintf("%d:%04.1f", ms/60000, float64(ms%60000)/1000) }
