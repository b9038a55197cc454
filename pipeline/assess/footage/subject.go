package footage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"whenwhere/internal/geo"
	"whenwhere/internal/likeness"
	"whenwhere/pipeline"
)

// subject is one file of the incident, with what was seen of it elsewhere.
type subject struct {
	incident  pipeline.Incident
	exhibit   pipeline.Exhibit
	looks     *likeness.Footage // nil when the file is not there
	seen      Seen
	sightings []Sighting // of seen, without the incident's own files, which are no news
}

func newSubject(ctx context.Context, index Index, in pipeline.Incident, e pipeline.Exhibit) (s subject, err error) {
	s = subject{incident: in, exhibit: e}
	if e.Media == nil {
		return s, nil
	}
	prints, _, err := pipeline.PrintsKey.In(e.Observed)
	if err != nil {
		return s, err
	}
	if s.looks, err = likeness.Of(prints); err != nil {
		return s, err
	}
	if s.seen, err = index.Look(ctx, e.Media.ID, prints); err != nil {
		return s, err
	}
	s.sightings = slices.DeleteFunc(slices.Clone(s.seen.Sightings), func(o Sighting) bool { return o.Entry.Incident == in.ID })
	return s, nil
}

// unusable says why there are no prints to compare. Equal bytes are found without.
func (s subject) unusable() (pipeline.Code, string) {
	switch {
	case s.seen.Comparable > 0:
		return "", ""
	case len(s.seen.LeftOut) > 0:
		return pipeline.CodePrintNegative, "nothing in it is compared" + s.leftOut()
	case s.exhibit.Observed.Has(pipeline.PrintsKey.ID):
		return pipeline.CodePrintTooFlat, "every picture in it is too flat to be told from other flat pictures"
	}
	return s.exhibit.Absence("prints", "picture that could be compared")
}

// leftOut is a clause on what looks like an entry of a negative list; empty when nothing does.
func (s subject) leftOut() string {
	var out strings.Builder
	for _, l := range s.seen.LeftOut {
		what := ""
		if l.Event != "" {
			what = " (" + l.Event + ")"
		}
		fmt.Fprintf(&out, "; %d of %d pictures left out: on negative list %s%s", l.Pictures, max(s.seen.Pictures, l.Pictures), l.List, what)
	}
	return out.String()
}

// frames refers to both pictures of the nearest pair.
func (s subject) frames(o Sighting) []string {
	other := o.Entry.Name
	if o.Entry.Incident != "" {
		other = o.Entry.Incident + "/" + other
	}
	if o.SameBytes {
		return []string{s.exhibit.Evidence(pipeline.FileKey.ID, ""), other}
	}
	at := func(v pipeline.View, ms *int64) string {
		if ms == nil {
			return v
		}
		return fmt.Sprintf("%s@%dms", v, *ms)
	}
	return []string{s.exhibit.Evidence(pipeline.PrintsKey.ID, at(o.Like.View, o.Like.AtMs)),
		fmt.Sprintf("%s#%s[%s]", other, pipeline.PrintsKey.ID, at(o.Like.InView, o.Like.InMs))}
}

// copyOf finds the first of the files before that this one is a copy of, by its bytes or its prints.
func (s subject) copyOf(before []subject) (first subject, like *likeness.Likeness, ok bool, err error) {
	for _, b := range before {
		if s.looks == nil || b.looks == nil {
			continue
		}
		if s.exhibit.Media.ID == b.exhibit.Media.ID {
			return b, nil, true, nil
		}
		l, alike, err := likeness.Compare(s.looks, b.looks)
		if err != nil || alike {
			return b, &l, alike, err
		}
	}
	return subject{}, nil, false, nil
}

// depend takes the support from a copy: it is the same witness once more. What contradicts still does, on the same basis.
func depend(f *pipeline.Finding, first subject, like *likeness.Likeness) {
	if f.Outcome != pipeline.Supports {
		return
	}
	name := first.exhibit.Subject()
	how := "the same bytes as " + name
	if like != nil {
		how = like.From(name)
	}
	f.Outcome, f.Code = pipeline.Inconclusive, pipeline.CodeDependent
	f.Reason = "the same footage as " + name + " of this incident, which answers for both: " + how
	f.Evidence = append(f.Evidence, first.exhibit.Evidence(pipeline.PrintsKey.ID, ""))
}

// excludes reports whether two claims cannot be about the same moment and place.
func excludes(a, b pipeline.Claim) bool {
	if a.When != nil && b.When != nil && !a.When.Overlaps(*b.When) {
		return true
	}
	if a.Where == nil || b.Where == nil {
		return false
	}
	apart := geo.DistanceM(geo.LatLon{Lat: a.Where.Lat, Lon: a.Where.Lon}, geo.LatLon{Lat: b.Where.Lat, Lon: b.Where.Lon})
	return apart > a.Where.RadiusM+b.Where.RadiusM
}
