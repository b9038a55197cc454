package dossier

import (
	"fmt"
	"strings"

	"whenwhere/internal/coord"
	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

func (b *builder) question(id pipeline.QuestionID) string {
	for _, q := range b.in.Questions {
		if q.ID == id {
			return q.Text
		}
	}
	return string(id)
}

// subject names what a line is about: the file's or person's place in the record, and within the house its name too.
func (b *builder) subject(s string) string {
	if s == "" {
		return ""
	}
	name := b.ordinal(s)
	if !b.about.Audience.Words() || name == s {
		return name
	}
	return name + " (" + s + ")"
}

func (b *builder) ordinal(s string) string {
	in := b.in.Case.Incident
	for i, m := range in.Media {
		if m.File == s {
			return fmt.Sprintf("file %d", i+1)
		}
	}
	for i, t := range in.Testimonies {
		if pipeline.TestimonySubject(t) == s {
			return fmt.Sprintf("testimony %d", i+1)
		}
	}
	for _, kind := range []struct {
		what  string
		count int
		of    func(int) string
	}{{"source", len(in.Sources), pipeline.SourceSubject}, {"mark", len(in.Marks), pipeline.MarkSubject},
		{"pair of satellite images", len(in.Brackets), pipeline.BracketSubject}, {"set of landmarks", len(in.Landmarks), pipeline.LandmarksSubject}} {
		for i := range kind.count {
			if kind.of(i) == s {
				return fmt.Sprintf("%s %d", kind.what, i+1)
			}
		}
	}
	if b.about.Audience.Words() {
		return s
	}
	return "a part of the record"
}

// lineName names a line where it is referred to.
func (b *builder) lineName(id string) string {
	if id == "claim" {
		return "the claim"
	}
	question, subject, about := strings.Cut(id, "@")
	name := question
	if about {
		name += ", " + b.subject(subject)
	}
	return name
}

func (b *builder) claim() []row {
	c := b.in.Case.Incident.Claim
	var out []row
	add := func(name, value string) { out = append(out, row{name, value}) }
	if c.What != "" && b.about.Audience.Words() {
		add("What is alleged", c.What)
	}
	add("Kind of event", kindName(c.Kind))
	add("Where", b.claimedPlace())
	if c.When != nil {
		add("When", kyiv{b.about.Kyiv}.span(*c.When))
	} else {
		add("When", "not stated")
	}
	if n := c.Casualties; n != nil {
		people := fmt.Sprintf("%d", n.Min)
		if n.Max != n.Min {
			people = fmt.Sprintf("%d to %d", n.Min, n.Max)
		}
		add("Alleged killed", people+", of party: "+sideName(n.Party))
	} else {
		add("Alleged killed", "not stated")
	}
	if c.Perpetrator != "" {
		add("Alleged perpetrator", sideName(c.Perpetrator)+"; as alleged, not judged here")
	}
	if len(c.Units) > 0 && b.about.Audience.Words() {
		add("Units alleged", strings.Join(c.Units, ", ")+"; as alleged, not judged here")
	}
	in := b.in.Case.Incident
	add("Rests on", fmt.Sprintf("%s, %s, %s, %s", pipeline.CountedAs(len(in.Media), "file", "files"), pipeline.CountedAs(len(in.Sources), "source", "sources"),
		pipeline.CountedAs(len(in.Testimonies), "testimony", "testimonies"), pipeline.CountedAs(len(in.Marks)+len(in.Brackets)+len(in.Landmarks), "measurement by an analyst", "measurements by analysts")))
	return out
}

func (b *builder) claimedPlace() string {
	c := b.in.Case.Incident.Claim
	if c.Where == nil {
		if c.Named != nil && b.about.Audience.Words() {
			why := "it was not looked for in a gazetteer"
			if c.Named.Found != nil {
				why = c.Named.Found.Reason
			}
			return fmt.Sprintf("%s; no coordinates: %s", c.Named.Name, why)
		}
		return "not stated"
	}
	p := b.about.Audience.Place(*c.Where, b.about.Areas)
	text := degrees(p.Lat, p.Lon, 5) + ", within " + metres(p.RadiusM)
	if p.Cell != nil {
		text = "somewhere in the cell from " + degrees(p.Cell.South, p.Cell.West, 3) + " to " + degrees(p.Cell.North, p.Cell.East, 3) + "; made coarse for this edition"
	} else if grid, ok := coord.MGRS(geo.LatLon{Lat: p.Lat, Lon: p.Lon}, 4); ok {
		text += " (MGRS " + grid + ", plus code " + coord.PlusCode(geo.LatLon{Lat: p.Lat, Lon: p.Lon}, 10) + ")"
	}
	if c.Named != nil && b.about.Audience.Words() {
		text = c.Named.Name + ": " + text
	}
	if len(p.Areas) > 0 {
		text += " (" + strings.Join(p.Areas, ", ") + ")"
	}
	return text
}
