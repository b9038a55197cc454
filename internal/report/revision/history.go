package revision

import (
	"fmt"
	"io"
	"time"

	"whenwhere/internal/replay"
	"whenwhere/pipeline"
	"whenwhere/pipeline/change"
)

// Turn is one time that a verdict became the latest of its incident, with what changed since the one before.
type Turn struct {
	Incident string                  `json:"incident"`
	Seq      int64                   `json:"seq"`
	At       time.Time               `json:"at"`
	Digest   *pipeline.VerdictDigest `json:"digest"`  // what decisions on it name; null when they could not be made yet
	Verdict  *pipeline.Verdict       `json:"verdict"` // null for an incomplete one that is not kept
	Remade   replay.How              `json:"remade"`  // what came of making it again from its lines, by its rules
	// Difference is from the kept verdict to the one made again, when they differ.
	Difference *change.Change   `json:"difference,omitempty"`
	Change     *change.Change   `json:"change"`    // from the turn before; null for the first, and beside one that is not kept
	Decisions  []DecisionOn     `json:"decisions"` // on this turn
	Replays    []ReplayOfRecord `json:"replays,omitempty"`
}

// DecisionOn is a decision without the person.
type DecisionOn struct {
	As pipeline.Ruling `json:"as"`
	At time.Time       `json:"at"`
}

// ReplayOfRecord is a verdict by what could be known at a time, that was kept.
type ReplayOfRecord struct {
	Num     int            `json:"num"`
	KnownBy time.Time      `json:"known_by"`
	At      time.Time      `json:"at"`
	Verdict change.Summary `json:"verdict"`
}

// History writes all turns of an incident, oldest first.
func History(w io.Writer, turns []Turn) error {
	p := &printer{w: w}
	for i, t := range turns {
		if i == 0 {
			p.line("%s: %s", t.Incident, times(len(turns)))
		}
		p.turn(t)
	}
	if p.err != nil {
		return fmt.Errorf("report: history: %w", p.err)
	}
	return nil
}

func times(n int) string {
	if n == 1 {
		return "judged once"
	}
	return fmt.Sprintf("%d verdicts, one after the other", n)
}

func (p *printer) turn(t Turn) {
	if t.Verdict == nil {
		p.line("%3d  %s  incomplete, and not kept: the next of the same input took its place", t.Seq, stamp(t.At))
		return
	}
	p.line("%3d  %s  %s, rules %s", t.Seq, stamp(t.At), short(change.Of(*t.Verdict)), rulesName(t.Verdict.Rules))
	p.line("     %s", remade(t.Remade))
	if t.Difference != nil {
		p.change(*t.Difference)
	}
	for _, d := range t.Decisions {
		p.line("     a person decided: %s, %s", d.As, stamp(d.At))
	}
	switch {
	case t.Change == nil:
	case t.Change.Same:
		p.line("     the same verdict, from other input")
	default:
		p.line("     since the one before:")
		p.change(*t.Change)
	}
	for _, r := range t.Replays {
		p.line("     kept beside it: by what could be known by %s: %s, made %s", stamp(r.KnownBy), short(r.Verdict), stamp(r.At))
	}
}

func remade(how replay.How) string {
	switch how {
	case replay.SameBytes:
		return "made again from its lines: every byte the same"
	case replay.SameMatter:
		return "made again from its lines: the same, written by another version of this program"
	case replay.Differs:
		return "DAMAGED: made again from its lines it is another:"
	case replay.NoRules:
		return "not made again: its rules are not kept here"
	case replay.NotKept:
	}
	return ""
}
