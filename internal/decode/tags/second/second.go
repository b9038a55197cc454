// Package second asks two libraries for the tags that our own walk has read, and compares.
//
// Neither is trusted. goexif sees a block only after the walk found it sound, and only its tiff values are used:
// LatLong, DateTime, JpegThumbnail and mknote have panicked, invented positions or taken the machine's zone. imagemeta
// reads the container itself, within a byte budget and without its Timeout, which returned a reader still in use to a
// pool. A value that a library alone found is an extra tag under the library's name; one that differs is a Note.
package second

import (
	"fmt"
	"sort"

	"whenwhere/internal/decode/wire"
)

// reading is one value as a library gives it, under the standard's names.
type reading struct {
	dir, name string
	value     wire.Tag // Text, Ints, Rats or Floats only
	shown     string   // the library's own spelling, for Notes
	agrees    func(walk wire.Tag) bool
}

// merge compares readings with the walk's tags. The walk decides; a library's value becomes a tag only where the walk
// has none of that directory and name.
func merge(reader string, readings []reading, walk []wire.Tag) (extra []wire.Tag, notes []wire.Note) {
	sort.SliceStable(readings, func(i, j int) bool {
		return readings[i].dir+readings[i].name < readings[j].dir+readings[j].name
	})
	for _, r := range readings {
		same, met := false, false
		var last wire.Tag
		for _, w := range walk {
			if w.Dir == r.dir && w.Name == r.name {
				met, last = true, w
				same = same || r.agrees(w)
			}
		}
		switch {
		case !met:
			tag := r.value
			tag.Reader, tag.Dir, tag.Name = reader, r.dir, r.name
			extra = append(extra, tag)
		case !same:
			rule := fmt.Sprintf("readers disagree on %s: %s %s, %s %s", r.name, last.Reader, show(last), reader, clip(r.shown))
			notes = append(notes, wire.Note{Where: r.dir + " " + r.name, Rule: rule})
		}
	}
	return extra, notes
}

// show spells a value for a Note.
func show(t wire.Tag) string {
	switch {
	case t.Text != nil:
		return clip(fmt.Sprintf("%q", *t.Text))
	case len(t.Ints) > 0:
		return clip(fmt.Sprint(t.Ints))
	case len(t.Rats) > 0:
		s := ""
		for _, r := range t.Rats {
			s += fmt.Sprintf("%d/%d ", r.Num, r.Den)
		}
		return clip(s[:len(s)-1])
	}
	return clip(fmt.Sprint(t.Floats))
}

func clip(s string) string {
	const maxShown = 80
	if len(s) > maxShown {
		return s[:maxShown] + "..."
	}
	return s
}

// guard turns a library's panic into a Note: the child would survive it anyway, but the walk's tags should too.
func guard(reader string, notes *[]wire.Note, call func()) {
	defer func() {
		if p := recover(); p != nil {
			*notes = append(*notes, wire.Note{Where: reader, Rule: "library panicked: " + clip(fmt.Sprint(p))})
		}
	}()
	call()
}
