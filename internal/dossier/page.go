package dossier

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"whenwhere/internal/coord"
	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

// builder makes of an input what the template shows. Whatever the audience must not have is left out here.
type builder struct {
	about About
	in    Input
}

// page is the template's data: words and pictures, nothing to be decided any more.
type page struct {
	Incident, Banner     string
	At                   string // before each id of the part of the document
	Claim                []row
	Machine, People      sign
	Reasons              []string
	Incomplete           []string
	Score, Weight, Words string
	Coverage             string
	Axes                 []axisRow
	Decisions            []decisionRow
	Strongest, Against   []tellingRow
	FirstNext            string
	Maps                 []*figure
	MapNotes             []string
	Times                []clockPage
	Matches              []matchPage
	Frames               []framePage
	FramesNote           string
	Groups               []lineGroup
	NotApplicable        []string
	Contradictions       [][]string
	Unknown              []unknownRow
	Next                 []nextRow
	Links                []linkRow
	Files                []fileRow
	LogNote              string
	Events               []eventRow
	Made                 []row
	Internal             bool
}

type row struct{ Name, Value string }

type axisRow struct {
	Name, Bans string
	Bar        bar
}

// bar is a weight as a bar about the middle, in hundredths of the width.
type bar struct{ X, Wide int }

// barOf draws up to so many bans to each side.
func barOf(weight, most float64) bar {
	w := int(math.Round(50 * math.Min(1, math.Abs(weight)/most)))
	if w == 0 && weight != 0 {
		w = 1
	}
	if weight < 0 {
		return bar{50 - w, w}
	}
	return bar{50, w}
}

// tellingRow is a line in short.
type tellingRow struct{ Bans, Text, Reason string }

type decisionRow struct{ As, By, At, Reason, Standing string }

type lineGroup struct {
	Name, Bans string
	Lines      []lineRow
}

type lineRow struct {
	ID, Bans, Question, Subject string
	Bar                         bar
	Answer                      sign
	Reason, Basis, Note         string
	Evidence                    []string
	Without                     string
}

type unknownRow struct {
	Text string
	Why  []string
}

type nextRow struct{ What, Bans string }

type fileRow struct {
	Name, Role, Hash, Type, Size, Received, Missing string
	Stages                                          []string
}

type eventRow struct{ Number, At, Action, About, Result string }

func (b *builder) page() (page, error) {
	v := b.in.Verdict
	p := page{Incident: v.Incident, Banner: b.banner(), Internal: b.about.Audience.Words(),
		Claim: b.claim(), Machine: machineSign(v.Status), People: peopleSign(b.in.Review), Reasons: b.reasons(), Incomplete: b.incomplete(),
		Score: b.score(v.Score), Weight: b.bans(v.Weight), Words: sentence(v.Words), Coverage: fmt.Sprintf("%.0f %%", 100*v.Coverage),
		Decisions: b.decisions(), Groups: b.groups(), NotApplicable: b.notApplicable(), Contradictions: b.contradictions(),
		Unknown: b.unknown(), Next: b.next(), Files: b.files(), Made: b.madeOf(), MapNotes: b.mapNotes()}
	for _, a := range pipeline.Axes() {
		p.Axes = append(p.Axes, axisRow{axisName(a), b.bans(v.Axes[a]), barOf(b.about.Audience.Bans(v.Axes[a]), widestBar)})
	}
	p.Strongest, p.Against = b.telling()
	if len(p.Next) > 0 {
		p.FirstNext = p.Next[0].What
	}
	if p.Internal {
		p.Links, p.Events, p.LogNote = b.links(), b.events(), b.logNote()
	}
	return p, b.pictures(&p)
}

// widestBar is the weight at which a bar is full: no axis comes to much more.
const widestBar = 3.0

func (b *builder) pictures(p *page) error {
	pictures, err := b.maps()
	if err != nil {
		return err
	}
	for _, m := range pictures {
		f, err := newFigure(m)
		if err != nil {
			return err
		}
		p.Maps = append(p.Maps, f)
	}
	if p.Times, err = b.times(); err != nil {
		return err
	}
	p.Matches, p.Frames, p.FramesNote = b.matches(), b.frames(), b.framesNote()
	return nil
}

func (b *builder) banner() string {
	switch {
	case b.about.Audience.Words():
		return "INTERNAL: exact coordinates, names of files and words of people. Not to be given away."
	case b.about.Audience.ApprovedOnly():
		return "PUBLIC EDITION: the place is a cell of about 10 km, weights are rounded; names, words and pictures of footage are left out."
	}
	return "PARTNER EDITION: the place is a cell of about 1 km, weights are rounded; names, words and pictures of footage are left out. Not for publication."
}

func (b *builder) bans(w float64) string {
	w = b.about.Audience.Bans(w)
	if b.about.Audience.Words() {
		return bans(w, 2)
	}
	return bans(w, 1)
}

func (b *builder) score(s float64) string {
	s = b.about.Audience.Score(s)
	switch {
	case b.about.Audience.Words():
		return fmt.Sprintf("%.2f", s)
	case s >= 99.5: // nothing is certain
		return "over 99"
	case s < 0.5:
		return "under 1"
	}
	return fmt.Sprintf("%.0f", s)
}

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
	add("Rests on", fmt.Sprintf("%s, %s, %s, %s", count(len(in.Media), "file", "files"), count(len(in.Sources), "source", "sources"),
		count(len(in.Testimonies), "testimony", "testimonies"), count(len(in.Marks)+len(in.Brackets)+len(in.Landmarks), "measurement by an analyst", "measurements by analysts")))
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

func (b *builder) reasons() []string {
	var out []string
	for _, r := range b.in.Verdict.Reasons {
		out = append(out, reasonWords(r, b.question))
	}
	return out
}

func (b *builder) incomplete() []string {
	all := b.in.Verdict.Incomplete
	if len(all) == 0 || b.about.Audience.Words() {
		return all
	}
	return []string{count(len(all), "stage", "stages") + " failed"}
}

func (b *builder) decisions() []decisionRow {
	if !b.about.Audience.Words() {
		return nil
	}
	current := map[int]bool{}
	for _, d := range b.in.Review.Current() {
		current[d.Seq] = true
	}
	var out []decisionRow
	for _, d := range b.in.Review.History {
		standing := ""
		switch {
		case d.On != b.in.Review.Newest:
			standing = "on an older verdict; does not count any more"
		case !current[d.Seq]:
			standing = "taken back by a later decision"
		}
		out = append(out, decisionRow{string(d.As), d.By, kyiv{b.about.Kyiv}.moment(d.At), d.Reason, standing})
	}
	return out
}

// shown lists the lines of an axis that say something, the heaviest first.
func (b *builder) shown(a pipeline.Axis) []pipeline.Line {
	var out []pipeline.Line
	for _, l := range b.in.Verdict.Lines {
		if l.Axis == a && l.Outcome != pipeline.Unavailable && l.Outcome != pipeline.NotApplicable {
			out = append(out, l)
		}
	}
	slices.SortStableFunc(out, func(x, y pipeline.Line) int {
		return cmp.Or(cmp.Compare(math.Abs(y.Weight), math.Abs(x.Weight)), cmp.Compare(math.Abs(y.Alone), math.Abs(x.Alone)))
	})
	return out
}

func (b *builder) groups() []lineGroup {
	var out []lineGroup
	for _, a := range pipeline.Axes() {
		g := lineGroup{Name: axisName(a), Bans: b.bans(b.in.Verdict.Axes[a])}
		for _, l := range b.shown(a) {
			g.Lines = append(g.Lines, b.line(l))
		}
		out = append(out, g)
	}
	return out
}

func (b *builder) line(l pipeline.Line) lineRow {
	r := lineRow{ID: string(l.Question), Bans: b.bans(l.Weight), Question: b.question(l.Question), Subject: b.subject(l.Subject),
		Bar: barOf(b.about.Audience.Bans(l.Weight), widestBar), Answer: outcomeSign(l.Outcome), Basis: basisName(l.Basis.Kind)}
	if w, ok := b.in.Verdict.Without[l.ID]; ok {
		r.Without = b.score(w)
	}
	if l.Weight != l.Alone {
		r.Note = b.bans(l.Alone) + " if it stood alone"
	}
	if l.Code != "" {
		r.Basis += "; " + codeWords(l.Code)
	}
	if !b.about.Audience.Words() {
		return r
	}
	r.Reason, r.Evidence = l.Reason, l.Evidence
	if l.Basis.Of != "" {
		r.Basis = basisName(l.Basis.Kind) + ": " + l.Basis.Of
	}
	if l.Note != "" {
		r.Note += ": " + b.note(l.Note)
	}
	return r
}

// note names a line that a note refers to as the page does.
func (b *builder) note(text string) string {
	if id, ok := strings.CutPrefix(text, "same witness as "); ok {
		return "it is the same witness as " + b.lineName(id) + ", which counts for both"
	}
	return text
}

func (b *builder) notApplicable() []string {
	var out []string
	for _, l := range b.in.Verdict.Lines {
		if text := b.question(l.Question); l.Outcome == pipeline.NotApplicable && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// telling is what carries the verdict most, and all that speaks against the claim.
func (b *builder) telling() (most, against []tellingRow) {
	lines := slices.Clone(b.in.Verdict.Lines)
	slices.SortStableFunc(lines, func(x, y pipeline.Line) int { return cmp.Compare(y.Weight, x.Weight) })
	for _, l := range lines {
		r := tellingRow{Bans: b.bans(l.Weight), Text: b.question(l.Question)}
		if l.Subject != "" {
			r.Text += " (" + b.ordinal(l.Subject) + ")"
		}
		switch {
		case l.Outcome == pipeline.Supports && l.Weight >= 0.15 && len(most) < 4:
			most = append(most, r)
		case l.Outcome == pipeline.Contradicts:
			if b.about.Audience.Words() {
				r.Reason = l.Reason
			}
			against = append(against, r)
		}
	}
	return most, against
}

func (b *builder) contradictions() [][]string {
	var out [][]string
	for _, set := range b.in.Verdict.Contradictions {
		var names []string
		for _, id := range set {
			names = append(names, b.clashing(id))
		}
		out = append(out, names)
	}
	return out
}

// clashing tells a member of a contradiction: the claim, an answer, or what a file states, by the reference of evidence.
func (b *builder) clashing(id string) string {
	if id == "claim" {
		return "The claim"
	}
	if l, ok := b.lineOf(id); ok {
		answer := "no"
		if l.Outcome == pipeline.Supports {
			answer = "yes"
		}
		return b.question(l.Question) + " Answer: " + answer + " (" + b.lineName(id) + ")"
	}
	subject, field, stated := strings.Cut(id, "#")
	switch {
	case !stated && b.about.Audience.Words():
		return id
	case !stated:
		return "A part of the record"
	}
	text := "What is measured on " + b.subject(subject)
	if b.about.Audience.Words() {
		text += ": " + field
	}
	return text
}

func (b *builder) lineOf(id string) (pipeline.Line, bool) {
	k := slices.IndexFunc(b.in.Verdict.Lines, func(l pipeline.Line) bool { return l.ID == id })
	if k < 0 {
		return pipeline.Line{}, false
	}
	return b.in.Verdict.Lines[k], true
}

func (b *builder) unknown() []unknownRow {
	var out []unknownRow
	for _, q := range b.in.Verdict.Open {
		r := unknownRow{Text: q.Text}
		for _, l := range b.in.Verdict.Lines {
			if l.Question != q.Question || l.Outcome != pipeline.Unavailable && l.Outcome != pipeline.Inconclusive {
				continue
			}
			why := codeWords(l.Code)
			if b.about.Audience.Words() {
				why = l.Reason
			}
			if s := b.ordinal(l.Subject); l.Subject != "" {
				why = s + ": " + why
			}
			r.Why = append(r.Why, why)
		}
		if len(r.Why) == 0 {
			r.Why = []string{"nobody has measured or asked for it yet"}
		}
		out = append(out, r)
	}
	return out
}

func (b *builder) next() []nextRow {
	var out []nextRow
	for _, s := range b.in.Verdict.Next {
		expected := strings.TrimPrefix(b.bans(s.ExpectedBans), "+")
		if s.StatusChance > 0 {
			expected += fmt.Sprintf("; another status %.0f times of 100", 100*s.StatusChance)
		}
		out = append(out, nextRow{sentence(s.What), expected})
	}
	return out
}

func (b *builder) madeOf() []row {
	v := b.in.Verdict
	out := []row{{"Judged", kyiv{b.about.Kyiv}.moment(b.in.JudgedAt)}, {"Rules", v.Rules + ", prior " + fmt.Sprint(v.Prior)}}
	if !b.about.Audience.Hashes() {
		return out
	}
	for _, name := range slices.Sorted(maps.Keys(v.Data)) {
		out = append(out, row{"Data set " + name, v.Data[name]})
	}
	return append(out, row{"Digest of the verdict, on which people decide", b.in.Review.Newest.String()})
}

func (b *builder) mapNotes() []string {
	var out []string
	if b.in.Case.Incident.Claim.Where == nil {
		return []string{"The claim states no place that could be drawn."}
	}
	if b.in.Case.Incident.Claim.When == nil {
		out = append(out, "The claim states no time, so that no control map can be chosen.")
	}
	for _, d := range b.in.Maps {
		if d.WholeEdge {
			out = append(out, "The map of "+d.Provider+" does not tell coast and state border from the line; the whole edge is drawn.")
		}
		if d.Edition.Licence != "" {
			out = append(out, "Terms of the map of "+d.Provider+": "+d.Edition.Licence+".")
		}
	}
	if b.in.MapsChanged {
		out = append(out, "The control maps drawn here are others than those that the verdict was made with.")
	}
	return out
}
