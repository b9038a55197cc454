package main

import (
	"context"
	"strings"
	"testing"
)

// TestCalibration is the small form of the program: 500 truths. The 95 % set may miss by three sigma of that number more
// than at full size.
func TestCalibration(t *testing.T) {
	t.Parallel()
	r, err := drawTrials(context.Background(), 500, 2)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	r.print(&out)
	t.Log("\n" + out.String())
	if s := r.share95(); s < 0.92 || s > 0.98 {
		t.Errorf("the 95 %% set holds %.3f", s)
	}
	if s := r.share(func(o outcome) bool { return o.in50 }); s < 0.43 || s > 0.57 {
		t.Errorf("the 50 %% set holds %.3f", s)
	}
	claimed := 0.0
	for _, o := range r {
		claimed += o.likelyMass / float64(len(r))
	}
	if s := r.share(func(o outcome) bool { return o.inLikely }); s < claimed-0.04 || s > claimed+0.04 {
		t.Errorf("the likely set holds %.3f, and claims %.3f", s, claimed)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	for _, args := range [][]string{nil, {"where"}, {"when", "-n", "x"}} {
		if err := run(args, &out); err == nil {
			t.Errorf("%v: no error", args)
		}
	}
}

// One truth is held or missed, and neither is 95 %: the program must end with an error that says the share.
func TestAShareOutsideIsAnError(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := run([]string{"when", "-n", "1"}, &out)
	if err == nil || !strings.Contains(err.Error(), "0.0 % of 1 trials, want 95 +- 1.5") {
		t.Errorf("%v", err)
	}
}
