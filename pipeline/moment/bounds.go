package moment

import (
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/fusion"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

// How often a bound is genuine, as in the rules of pipeline/score.
const (
	archivedGenuine = 0.99 // headers copied wrongly, servers set wrongly, addresses whose content was replaced
	bracketGenuine  = 0.9  // the wrong crater, or one that no image could show; judged
)

// Anomalies of what the record says beside the files.
const (
	FlagPostOrder    = "post_out_of_order"    // a publication time contradicts the numbers of its channel's posts
	FlagArchivedText = "archived_copy_unread" // what dates an archived copy states no time
	FlagBracket      = "bracket_unread"       // two satellite images between which is no time that can be
)

// boundItems are what the capture cannot be later than: the first dated post of the incident, the first archived copy of
// one, and what a messenger or program wrote into the file's name when it kept a copy; what it cannot be earlier than:
// the release of the phone's system; and between what two satellite images lie. The release of an encoder bounds the copy
// only, and is none of them. Flags name what is wrong with them.
func (x File) boundItems(in pipeline.Incident) (out []item, flags []string, err error) {
	if out, err = x.systemItems(); err != nil {
		return nil, nil, err
	}
	if x.Exhibit.Asked() {
		stated, doubts := x.recordItems(in)
		out, flags = append(out, stated...), doubts
	}
	kept, err := x.keptItems()
	return append(out, kept...), flags, err
}

// recordItems are the bounds that the record states of all footage of the incident, and the brackets of this file.
func (x File) recordItems(in pipeline.Incident) (out []item, flags []string) {
	published, amiss := Published(in)
	if p, ok := first(PostedByID(in), published); ok {
		out = append(out, upper("post "+p.Subject, "platform", "posted", postGenuine, p))
	}
	copies, unread := Archived(in)
	if p, ok := first(copies); ok {
		out = append(out, upper("archived "+p.Subject, "archiver", "archived", archivedGenuine, p))
	}
	if len(amiss) > 0 {
		flags = append(flags, FlagPostOrder)
	}
	if len(unread) > 0 {
		flags = append(flags, FlagArchivedText)
	}
	brackets, odd := x.bracketItems(in)
	if odd {
		flags = append(flags, FlagBracket)
	}
	return append(out, brackets...), flags
}

func upper(id, by, name string, genuine float64, p Post) item {
	set := timeset.FromTimes(p.At, p.At.Add(time.Second))
	return item{fusion.Item{ID: id, Clock: by, Reliability: genuine, Bound: fusion.Upper,
		Hypotheses: []fusion.Hypothesis{{Name: name, Weight: 1, Set: set}}}, p.Subject, false}
}

// bracketItems are the satellite brackets on the file, each by its analyst. Footage of the making lies between the two
// images, footage of an aftermath after the first of them.
func (x File) bracketItems(in pipeline.Incident) (out []item, odd bool) {
	for i, b := range in.Brackets {
		if b.Media != x.Exhibit.Ref.File {
			continue
		}
		between, ok := BracketSet(b)
		if !ok {
			odd = true
			continue
		}
		bound := fusion.Point
		if x.Exhibit.Ref.EffectiveRole() == pipeline.RoleAftermath {
			bound = fusion.Lower
		}
		subject := pipeline.BracketSubject(i)
		out = append(out, item{fusion.Item{ID: subject, Clock: "analyst " + b.By, Reliability: bracketGenuine, Bound: bound,
			Hypotheses: []fusion.Hypothesis{{Name: "between the images", Weight: 1, Set: between}}}, subject, false})
	}
	return out, odd
}

// BracketSet is the time between the two images, the second in which the later one was taken included. ok is false when
// no image can be of either time.
func BracketSet(b pipeline.Bracket) (timeset.Set, bool) {
	image := func(at time.Time) clock.Stamp {
		return clock.AtUTC(clock.Source{Field: "bracket", Raw: at.Format(time.RFC3339), Kind: clock.Product, Basis: clock.BasisSatellite},
			timeset.FromTimes(at, at.Add(time.Second)), idHorizon)
	}
	s := clock.Between("bracket", image(b.Before), image(b.After), idHorizon)
	return s.Spans, s.Usable()
}

// keptItems bound the capture by what a messenger or program wrote into the file's name.
func (x File) keptItems() ([]item, error) {
	s, ok := x.Best(pipeline.ClockFileName)
	if !ok || s.Bound != pipeline.BoundUpper {
		return nil, nil
	}
	readings, err := x.Readings(s)
	if err != nil {
		return nil, err
	}
	set := timeset.Of()
	for _, r := range readings {
		set = set.Union(r.Set)
	}
	if set.IsEmpty() {
		return nil, nil
	}
	return []item{{fusion.Item{ID: string(s.Clock) + " " + s.Field, Clock: "saver", Reliability: nameGenuine, Bound: fusion.Upper,
		Hypotheses: []fusion.Hypothesis{{Name: "kept", Weight: 1, Set: set}}}, x.Exhibit.Evidence(pipeline.NameClocksKey.ID, s.Field), false}}, nil
}

// systemItems bounds the capture by the phone's own system, whose version only Apple writes in a form of its own.
func (x File) systemItems() ([]item, error) {
	camera, _, err := pipeline.CameraKey.In(x.Exhibit.Observed)
	if err != nil || camera.Make != "Apple" {
		return nil, err
	}
	programs, _, err := pipeline.SoftwareKey.In(x.Exhibit.Observed)
	for _, p := range programs {
		if s, ok := clock.FromSoftware(clock.IOS, "iOS", p, time.UnixMilli(everMs().Hi)); ok {
			return []item{{fusion.Item{ID: "system " + p, Clock: "system", Reliability: systemGenuine, Bound: fusion.Lower,
				Hypotheses: []fusion.Hypothesis{{Name: "released", Weight: 1, Set: s.Spans}}}, x.Exhibit.Evidence(pipeline.SoftwareKey.ID, ""), false}}, err
		}
	}
	return nil, err
}
