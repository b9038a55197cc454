// Package revision writes for people what became of verdicts that were made again, and what the history of an incident was.
// Its rows are also what is written as JSON.
//
// It promises that rows hold all of a change, that text from outside cannot command a terminal, and that the same changes
// give the same bytes. It names no person: of decisions it says what they were and when they were made.
package revision

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"whenwhere/internal/replay"
	"whenwhere/internal/report"
	"whenwhere/pipeline"
	"whenwhere/pipeline/change"
)

// Because is what makes a verdict another.
type Because string

const (
	Again     Because = "again"     // judged again: data, the record or this program are others than when it was judged
	Rules     Because = "rules"     // by the rules that were asked for
	Knowledge Because = "knowledge" // by what could be known on the date
)

// Step is what changed for one cause. Steps are made one after the other, so that they add up.
type Step struct {
	Because Because       `json:"because"`
	Change  change.Change `json:"change"`
}

// Reassessed is one incident that was judged again.
type Reassessed struct {
	Incident string           `json:"incident"`
	Case     string           `json:"case"`
	KnownBy  *time.Time       `json:"known_by"`          // null: by all that is known
	NotYet   string           `json:"not_yet,omitempty"` // why there is no verdict by then
	Rules    string           `json:"rules"`             // that were asked for
	Change   change.Change    `json:"change"`            // of all steps
	Steps    []Step           `json:"steps"`             // those that change anything
	LeftOut  []replay.LeftOut `json:"left_out"`          // what could be known later only
	Undated  []string         `json:"undated"`           // what has no date and is taken as it is now
	// Diverged says that the same input made another verdict than the kept one, which is complete.
	Diverged bool `json:"diverged,omitempty"`
	// Review is what people have decided; a decision is on the kept verdict, never on this one.
	Review pipeline.ReviewState `json:"review"`
	Saved  string               `json:"saved,omitempty"` // what became of it
	// Verdict is what was made.
	Verdict pipeline.Verdict `json:"verdict"`
}

// printer writes lines until one cannot be written.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.w, report.Plain(fmt.Sprintf(format, args...)))
	}
}

// Text writes what changed of each incident, and how many did.
func Text(w io.Writer, rows []Reassessed) error {
	p := &printer{w: w}
	for _, r := range rows {
		p.reassessed(r)
	}
	p.count(rows)
	if len(rows) > 0 && rows[0].KnownBy != nil {
		p.line("as known by %s: left out when known later: %s", stamp(*rows[0].KnownBy), strings.Join(replay.Dated(), ", "))
		p.line("not dated, taken as they are now: %s", strings.Join(replay.NotDated(), ", "))
	}
	if p.err != nil {
		return fmt.Errorf("report: revision: %w", p.err)
	}
	return nil
}

func (p *printer) reassessed(r Reassessed) {
	name := fmt.Sprintf("%s (case %s)", r.Incident, r.Case)
	switch {
	case r.NotYet != "":
		p.line("%s: no verdict by then: %s", name, r.NotYet)
		return
	case r.Change.Same:
		p.line("%s: %s, no change", name, short(r.Change.After))
		p.leftOut(r.LeftOut)
		return
	}
	p.line("%s: %s", name, headline(r.Change))
	if r.Diverged {
		p.line("  DAMAGED: the same input makes another verdict than the kept one")
	}
	if r.Review != pipeline.ReviewNone {
		p.line("  people: %s; no decision is on this verdict", r.Review)
	}
	for _, s := range r.Steps {
		p.line("  %s:", because(s.Because, r))
		p.change(s.Change)
	}
	p.leftOut(r.LeftOut)
	if len(r.Undated) > 0 {
		p.line("  without a date, as now: %s", strings.Join(r.Undated, ", "))
	}
	if r.Saved != "" {
		p.line("  %s", r.Saved)
	}
}

func because(b Because, r Reassessed) string {
	switch b {
	case Rules:
		return "by rules " + rulesName(r.Rules)
	case Knowledge:
		if r.KnownBy != nil {
			return "by what could be known by " + stamp(*r.KnownBy)
		}
	case Again:
	}
	return "judged again, by the data and the program of now"
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func short(s change.Summary) string {
	return fmt.Sprintf("%s %.2f (%+.3f bans)", s.Status, s.Score, s.Weight)
}

func headline(c change.Change) string {
	switch {
	case short(c.Before) != short(c.After):
	case len(c.Lines) > 0:
		return short(c.After) + ", as before; its lines differ"
	default:
		return short(c.After) + ", as before; no line differs"
	}
	return short(c.Before) + " -> " + short(c.After)
}

// leftOut names what was left out; of control maps, which are many, the provider and how many.
func (p *printer) leftOut(items []replay.LeftOut) {
	maps := map[string][]replay.LeftOut{}
	for _, l := range items {
		if provider, _, ok := strings.Cut(l.Name, "@"); ok && l.What == replay.ControlMap {
			maps[provider] = append(maps[provider], l)
			continue
		}
		p.line("  left out: %s %s, known from %s", l.What, l.Name, stamp(l.At))
	}
	var providers []string
	for name := range maps {
		providers = append(providers, name)
	}
	slices.Sort(providers)
	for _, name := range providers {
		first := slices.MinFunc(maps[name], func(a, b replay.LeftOut) int { return a.At.Compare(b.At) })
		p.line("  left out: control maps of %s: %d, the first known from %s", name, len(maps[name]), stamp(first.At))
	}
}

func (p *printer) count(rows []Reassessed) {
	same, status, moved, words, none := 0, 0, 0, 0, 0
	for _, r := range rows {
		c := r.Change
		switch {
		case r.NotYet != "":
			none++
		case c.Same:
			same++
		case c.Before.Status != c.After.Status:
			status++
		case c.Before.Weight != c.After.Weight:
			moved++
		default:
			words++
		}
	}
	var parts []string
	for _, x := range []struct {
		n    int
		text string
	}{{status, "with another status"}, {moved, "with another weight"}, {words, "with the same weight, told otherwise"}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf(", %d %s", x.n, x.text))
		}
	}
	notYet := ""
	if none > 0 {
		notYet = fmt.Sprintf("; %d had not begun by then", none)
	}
	if len(rows) == none {
		p.line("none was made again%s", notYet)
		return
	}
	if len(parts) == 0 {
		p.line("no change: %d made again, every byte the same%s", same, notYet)
		return
	}
	p.line("%d made again: %d unchanged%s%s", len(rows)-none, same, strings.Join(parts, ""), notYet)
}
