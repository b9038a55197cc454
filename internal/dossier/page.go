package dossier

import (
	"fmt"
	"maps"
	"math"
	"slices"

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
	Many                 bool   // the document may hold further incidents
	Claim                []row
	Machine, People      sign
	Reasons              []string
	Incomplete           []string
	Score, Weight, Words string
	Coverage             string
	Axes                 []axisRow
	Decisions            []decisionRow
	Strongest, Against   []tellingRow
	AgainstMore          string // how many more there are
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
	p.Strongest, p.Against = b.strongest(), b.against()
	if more := len(p.Against) - shortRows; more > 0 {
		p.Against, p.AgainstMore = p.Against[:shortRows], pipeline.CountedAs(more, "further answer", "further answers")
	}
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
	pictures, untold, err := b.maps()
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
	p.MapNotes = append(p.MapNotes, untold...)
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
		return "PUBLIC EDITION: the place is a cell of about 10 km, times of filming are in steps of ten minutes, weights are rounded; names, words and pictures of footage are left out."
	}
	return "PARTNER EDITION: the place is a cell of about 1 km, times of filming are in whole minutes, weights are rounded; names, words and pictures of footage are left out. Not for publication."
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
	if b.offTheMap() {
		return []string{"No map is drawn so near a pole or the 180th meridian."}
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
