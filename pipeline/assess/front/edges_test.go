package front_test

import (
	"strings"
	"testing"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/front"
)

func TestLineAtItsEdge(t *testing.T) {
	t.Parallel()
	for km, want := range map[float64]pipeline.Outcome{0: pipeline.Supports, 10: pipeline.Supports, 10.001: pipeline.Inconclusive} {
		if f := ask(t, claim(), maps{ground: []front.Ground{ground("a", true, km)}})["front.line"]; f.Outcome != want {
			t.Errorf("%v km: %s: %s", km, f.Outcome, f.Reason)
		}
	}
	tie := ask(t, claim(), maps{ground: []front.Ground{ground("a", true, 3), ground("b", true, 3)}})["front.line"]
	if !strings.Contains(tie.Reason, "by a") || tie.Basis.String() != "control_map:a+b" {
		t.Errorf("%v: %s", tie.Basis, tie.Reason)
	}
}

func TestStaleMapsSaySo(t *testing.T) {
	t.Parallel()
	for days, want := range map[float64]string{0.9: "line 1.0 km away)", 1: ", 1 days old at the claim)", 12.4: ", 12 days old at the claim)"} {
		g := ground("a", true, 1)
		g.StaleDays = &days
		if f := ask(t, claim(), maps{ground: []front.Ground{g}})["front.control"]; !strings.Contains(f.Reason, want) || strings.HasSuffix(f.Reason, "not by ") {
			t.Errorf("%v days: %s", days, f.Reason)
		}
	}
	agreed := ask(t, claim(), maps{ground: []front.Ground{ground("a", true, 1)}})["front.control"]
	if strings.Contains(agreed.Reason, "not by") {
		t.Error(agreed.Reason)
	}
}

// Half a square kilometre changed hands: taken by either side or newly contested, and by one provider alone.
func TestNoticeableChange(t *testing.T) {
	t.Parallel()
	change := func(ru, ua, contested float64) front.Change {
		return front.Change{Provider: "a", Complete: true, ContestedKm2: contested, GainedKm2: map[pipeline.Side]float64{pipeline.SideRU: ru, pipeline.SideUA: ua}}
	}
	for _, c := range []struct {
		changes []front.Change
		want    pipeline.Outcome
	}{
		{[]front.Change{change(0.5, 0, 0)}, pipeline.Supports}, {[]front.Change{change(0, 0.5, 0)}, pipeline.Supports}, {[]front.Change{change(0, 0, 0.5)}, pipeline.Supports},
		{[]front.Change{change(0.2, 0.2, 0.1)}, pipeline.Supports}, {[]front.Change{change(0.2, 0.2, 0.09)}, pipeline.Inconclusive},
		{[]front.Change{change(0.3, 0, 0), change(0.3, 0, 0)}, pipeline.Inconclusive}, {[]front.Change{change(0, 0, 0), change(9, 0, 0)}, pipeline.Supports},
	} {
		f := ask(t, claim(), maps{changes: c.changes})["front.operations"]
		if f.Outcome != c.want || !strings.HasPrefix(f.Reason, "within 20 km, from ") {
			t.Errorf("%+v: %s: %s", c.changes, f.Outcome, f.Reason)
		}
	}
}

// A claim that names no side is not vague on place and time, and its verdict must not be told so.
func TestNoSideIsNotVague(t *testing.T) {
	t.Parallel()
	c := claim()
	c.Perpetrator = ""
	if f := ask(t, c, maps{})["front.control"]; f.Outcome != pipeline.NotApplicable || f.Code != pipeline.CodeNotStated {
		t.Errorf("%s %s", f.Outcome, f.Code)
	}
	c.Where = nil
	if f := ask(t, c, maps{})["front.control"]; f.Code != pipeline.CodeClaimTooVague {
		t.Errorf("%s", f.Code)
	}
}
