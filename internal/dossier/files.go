package dossier

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"whenwhere/pipeline"
)

// matchPage is two frames side by side.
type matchPage struct {
	Says        []string
	Seen        string
	Mine, Other framePage
}

// framePage is one frame of footage: its words, its outline, and behind a lid the frame.
type framePage struct {
	Title   string
	Outline *figure
	Shown   *figure
	Why     string
}

func (b *builder) matches() []matchPage {
	if !b.about.Audience.Words() {
		return nil
	}
	var out []matchPage
	for _, m := range b.in.Matches {
		var says []string
		for _, id := range m.Lines {
			if l, ok := b.lineOf(id); ok {
				says = append(says, sentence(l.Reason)+".")
			}
		}
		out = append(out, matchPage{Says: says, Seen: m.Seen, Mine: b.frame1(m.Mine, "This incident: "+b.subject(m.Mine.Subject)), Other: b.frame1(m.Other, "Seen elsewhere: "+m.Other.Subject)})
	}
	return out
}

func (b *builder) frames() []framePage {
	if !b.about.Audience.Words() {
		return nil
	}
	var out []framePage
	for _, f := range b.in.Frames {
		out = append(out, b.frame1(f, b.subject(f.Subject)))
	}
	return out
}

func (b *builder) framesNote() string {
	there := 0
	for _, e := range b.in.Case.Media {
		if e.Media != nil {
			there++
		}
	}
	switch more := there - len(b.in.Frames); {
	case b.about.Audience.Words() && more > 0 && len(b.in.Frames) > 0:
		return "Of " + pipeline.CountedAs(more, "further file", "further files") + " no picture is shown here."
	case b.about.Audience.Words():
		return ""
	}
	return "Pictures of footage, outlines too, are left out of this edition: skylines and buildings tell places."
}

func (b *builder) frame1(f Frame, title string) framePage {
	if f.AtMs != nil {
		title += fmt.Sprintf(", at %s of the recording", clockOf(*f.AtMs))
	}
	return framePage{Title: title, Outline: derived("image/png", f.Outline, "Outline of "+title), Shown: derived("image/jpeg", f.Shown, "Frame of "+title), Why: f.Why}
}

// clockOf is minutes and seconds, to a tenth.
func clockOf(ms int64) string {
	tenths := (ms + 50) / 100
	return fmt.Sprintf("%d:%02d.%d", tenths/600, tenths/10%60, tenths%10)
}

func (b *builder) files() []fileRow {
	var out []fileRow
	for i, e := range b.in.Case.Media {
		r := fileRow{Name: fmt.Sprintf("file %d", i+1), Role: string(e.Ref.EffectiveRole())}
		if b.about.Audience.Words() {
			r.Name += ": " + e.Ref.File
		}
		if e.Media == nil {
			r.Missing = "The file is not there."
			if b.about.Audience.Words() {
				r.Missing = "The file is not there: " + e.Missing
			}
			out = append(out, r)
			continue
		}
		if b.about.Audience.Hashes() {
			r.Hash, r.Size, r.Received = e.Media.ID.String(), fmt.Sprintf("%d bytes", e.Media.SizeBytes), kyiv{b.about.Kyiv}.moment(e.Media.ReceivedAt)
		}
		if f, ok, err := pipeline.FileKey.In(e.Observed); err == nil && ok {
			r.Type = f.Type
			if f.WidthPx > 0 {
				r.Type += fmt.Sprintf(", %d × %d pixels", f.WidthPx, f.HeightPx)
			}
		}
		r.Stages = b.stages(e)
		out = append(out, r)
	}
	return out
}

func (b *builder) stages(e pipeline.Exhibit) []string {
	var out []string
	for _, s := range e.Stages {
		text := s.Stage + " " + s.Version + ": " + string(s.Status)
		if s.Cause != "" && b.about.Audience.Words() {
			text += " (" + strings.TrimPrefix(s.Cause, s.Stage+": ") + ")"
		}
		out = append(out, text)
	}
	return out
}

// events are those of the log in its order. Handing out is one row for each format, however often it happened.
func (b *builder) events() []eventRow {
	all := slices.Clone(b.in.Events)
	slices.SortStableFunc(all, func(x, y Event) int { return cmp.Compare(x.Number, y.Number) })
	var out []eventRow
	for i, e := range all {
		same := func(o Event) bool {
			return o.Export && o.Action == e.Action && o.Actor == e.Actor && o.Subject == e.Subject
		}
		if e.Export && slices.ContainsFunc(all[:i], same) {
			continue
		}
		at := kyiv{b.about.Kyiv}.moment(e.At)
		row, times := eventRow{fmt.Sprint(e.Number), at, e.Action + " by " + e.Actor, e.Subject, e.Result}, 1
		for _, again := range all[i+1:] {
			if e.Export && same(again) {
				times++
				row.Number = fmt.Sprintf("%d … %d", e.Number, again.Number)
				row.At, row.Result = fmt.Sprintf("%d times, first %s; last %s", times, at, kyiv{b.about.Kyiv}.moment(again.At)), ""
			}
		}
		out = append(out, row)
	}
	return out
}

func (b *builder) logNote() string {
	l := b.in.Log
	if l == nil {
		return "No log of events was read, so that nothing here proves when what was recorded."
	}
	text := fmt.Sprintf("The log of this data folder has %d events. ", l.Size)
	if l.SignedSize == 0 {
		text += "No state of it was signed yet (whenwhere audit checkpoint). "
	} else {
		text += fmt.Sprintf("Its state at %d events is signed; the root of that tree is %s. ", l.SignedSize, l.Root)
	}
	return text + "An export of this incident (whenwhere export) proves that the events below are in it, to whoever has the public key. It proves that nothing changed since; it does not prove that anything is true."
}
