package record

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/audience"
	"whenwhere/internal/feature"
	"whenwhere/pipeline"
)

// maker fills a record, part by part.
type maker struct {
	Entry
	audience audience.Audience
	areas    audience.Areas
	row      Record
}

func (m *maker) judged() {
	v, r := &m.Verdict, &m.row.Row
	r.Audience, r.Incident, r.Group = string(m.audience), v.Incident, cmp.Or(m.Entry.Group, v.Incident)
	r.Status, r.Reasons = string(v.Status), joined(v.Reasons)
	r.Review, r.Reviewers = string(m.Review.State()), int64(len(m.Review.Current()))
	r.Score, r.WeightBans, r.Words, r.Prior = m.audience.Score(v.Score), m.audience.Bans(v.Weight), v.Words, v.Prior
	r.Coverage, r.Complete = v.Coverage, len(v.Incomplete) == 0
	for axis, sum := range map[pipeline.Axis]*float64{pipeline.AxisWhere: &r.WhereBans, pipeline.AxisWhen: &r.WhenBans,
		pipeline.AxisFootage: &r.FootageBans, pipeline.AxisContext: &r.ContextBans, pipeline.AxisSources: &r.SourcesBans} {
		*sum = m.audience.Bans(v.Axes[axis])
	}
	r.Contradictions = int64(len(v.Contradictions))
	r.Open = joined(questions(v.Open, func(o pipeline.OpenQuestion) pipeline.QuestionID { return o.Question }))
	r.Next = joined(questions(v.Next, func(s pipeline.Suggestion) pipeline.QuestionID { return s.Question }))
	r.Rules, r.JudgedAt = v.Rules, m.JudgedAt.UTC()
	if m.audience.Hashes() {
		r.VerdictSHA256, r.Data = text(m.Review.Newest.String()), joined(versions(v.Data))
	}
}

func (m *maker) claimed() {
	in, r := m.Case.Incident, &m.row.Row
	r.Kind, r.Perpetrator = text(string(in.Claim.Kind)), text(string(in.Claim.Perpetrator))
	r.Media, r.Sources, r.Testimonies = int64(len(in.Media)), int64(len(in.Sources)), int64(len(in.Testimonies))
	if c := in.Claim.Casualties; c != nil {
		low, high := int64(c.Min), int64(c.Max)
		r.CasualtiesMin, r.CasualtiesMax, r.CasualtiesParty = &low, &high, text(string(c.Party))
	}
	if !m.audience.Words() {
		return
	}
	r.What = text(in.Claim.What)
	if in.Claim.Named != nil {
		r.PlaceName = text(in.Claim.Named.Name)
	}
}

func (m *maker) placed() {
	where := m.Case.Incident.Claim.Where
	if where == nil {
		return
	}
	p := m.audience.Place(*where, m.areas)
	lon, lat, radius, exact := feature.Degree(p.Lon), feature.Degree(p.Lat), p.RadiusM, p.Cell == nil
	r := &m.row.Row
	r.Lon, r.Lat, r.RadiusM, r.Exact, r.Areas = &lon, &lat, &radius, &exact, joined(p.Areas)
}

func (m *maker) dated() {
	r := &m.row.Row
	if when := m.Case.Incident.Claim.When; when != nil {
		r.ClaimedFrom, r.ClaimedTo = instant(when.From), instant(when.To)
	}
	var all []pipeline.Span
	for _, e := range m.Verdict.Times {
		if !slices.Contains(e.Flags, "no_clock") { // without a clock the set is the claim's own days
			all = append(all, e.Within95.Spans...)
		}
	}
	if len(all) == 0 {
		return
	}
	first := slices.MinFunc(all, func(a, b pipeline.Span) int { return a.From.Compare(b.From) })
	last := slices.MaxFunc(all, func(a, b pipeline.Span) int { return a.To.Compare(b.To) })
	filmed := m.audience.Span(pipeline.Span{From: first.From, To: last.To})
	r.FilmedFrom, r.FilmedTo = instant(filmed.From), instant(filmed.To)
}

func (m *maker) lines() []Line {
	out := make([]Line, 0, len(m.Verdict.Lines))
	for _, l := range m.Verdict.Lines {
		out = append(out, Line{Question: string(l.Question), Axis: string(l.Axis), Outcome: string(l.Outcome), Code: text(string(l.Code)),
			Bans: m.audience.Bans(l.Weight), Alone: m.audience.Bans(l.Alone), Basis: l.Basis.Kind})
	}
	return out
}

func (m *maker) files() []File {
	out := []File{}
	for _, x := range m.Case.Media {
		if x.Media == nil || !m.audience.Hashes() {
			continue
		}
		f := File{Role: string(x.Ref.EffectiveRole()), SHA256: x.Media.ID.String(), SizeBytes: x.Media.SizeBytes, Received: x.Media.ReceivedAt.UTC()}
		if about, ok, err := pipeline.FileKey.In(x.Observed); ok && err == nil {
			f.Type = text(about.Type)
		}
		if m.audience.Words() {
			f.Name = text(x.Ref.File)
		}
		out = append(out, f)
	}
	return out
}

// questions lists each question once, in the order in which it comes.
func questions[T any](all []T, of func(T) pipeline.QuestionID) (out []string) {
	for _, v := range all {
		if id := string(of(v)); !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func versions(data map[string]string) (out []string) {
	for _, name := range slices.Sorted(maps.Keys(data)) {
		out = append(out, name+" "+data[name])
	}
	return out
}

// joined is absent for no items.
func joined(items []string) *string { return text(strings.Join(items, "; ")) }

// text is absent when empty. It is valid UTF-8, as some formats can hold nothing else.
func text(s string) *string {
	if s == "" {
		return nil
	}
	s = strings.ToValidUTF8(s, "\ufffd")
	return &s
}

func instant(t time.Time) *time.Time {
	t = t.UTC()
	return &t
}
