package measured_test

import (
	"math"
	"testing"

	"whenwhere/pipeline/measured"
)

func TestCurves(t *testing.T) {
	t.Parallel()
	c := measured.Curve{Bans: 0.4, Scale: 2}
	for _, p := range []struct{ got, want float64 }{
		{c.Fading(0), 0.4}, {c.Fading(2), 0.4 / math.E}, {c.Fading(1e9), 0}, {c.Rising(0), 0}, {c.Rising(2), 0.4 * (1 - 1/math.E)}, {c.Rising(1e9), 0.4},
	} {
		if math.Abs(p.got-p.want) > 1e-12 {
			t.Errorf("%v, want %v", p.got, p.want)
		}
	}
}

// The table in use names where it comes from, was tried on as many events as it should, and says less of strikes than of
// what needs somebody on the ground.
func TestTheFront(t *testing.T) {
	t.Parallel()
	f := measured.TheFront()
	p := f.Provenance
	if p.Command == "" || p.Date == "" || p.Events == "" || p.Maps == "" || p.H0 == "" || len(p.SHA256) != 2 || p.Clusters < 1000 {
		t.Errorf("%+v", p)
	}
	if f.RadiusM != measured.FrontRadiusM || f.Days != measured.FrontDays || !(f.FadeDays > 0) {
		t.Errorf("within %v m, %d days, fades in %v days", f.RadiusM, f.Days, f.FadeDays)
	}
	for name, curves := range map[string]map[measured.Group]measured.Curve{"line": f.Line, "operations": f.Operations} {
		for _, g := range []measured.Group{measured.Any, measured.OnGround, measured.InRange, measured.Strike} {
			c, ok := curves[g]
			if !ok || c.Bans < 0 || c.Bans > 0.5 || !(c.Scale > 0) || c.Fit < 200 || c.Unseen < 190 {
				t.Errorf("%s, %s: %+v", name, g, c)
			}
		}
	}
	if f.Line[measured.Strike].Bans >= f.Line[measured.OnGround].Bans {
		t.Error("a strike says as much as an assault")
	}
}
