package front_test

import (
	"strings"
	"testing"

	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/front"
)

func TestStaleMapsSaySo(t *testing.T) {
	t.Parallel()
	for days, want := range map[float64]string{0.9: "line 1.0 km away)", 1: ", 1 day old at the claim)", 12.4: ", 12 days old at the claim)"} {
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
