package plot_test

import (
	"math"
	"strings"
	"testing"

	"whenwhere/internal/plot"
)

func panel(bins ...plot.Bin) []plot.Reliability {
	return []plot.Reliability{{Title: "real <photos>", Note: "31 events", Bins: bins}}
}

// Points lie where their numbers say, and a band that misses the diagonal makes the point hollow.
func TestCalibrationPicture(t *testing.T) {
	t.Parallel()
	p, err := plot.Calibration("reliability", panel(plot.Bin{Claimed: 0.5, Share: 0.5, Lo: 0.4, Hi: 0.6, Claims: 10}, plot.Bin{Claimed: 0.9, Share: 0.2, Lo: 0.1, Hi: 0.3, Claims: 4, Outside: true}))
	if err != nil {
		t.Fatal(err)
	}
	text := svgOf(t, p)
	for _, want := range []string{"real &lt;photos&gt;", ">score<", ">true,<", "90 % claimed, 20 % true (10 to 30, 4 claims)", `d="M177 230L177 184"`, `d="M269 299L269 253" fill="none" stroke="#0072b2"`, `fill="#ffffff" stroke="#d55e00"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if again := svgOf(t, p); again != text {
		t.Error("two drawings differ")
	}
	for name, bins := range map[string]plot.Bin{"a share of 2": {Share: 2}, "none": {Claimed: math.NaN()}, "below 0": {Lo: -0.1}} {
		if _, err := plot.Calibration("x", panel(bins)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := plot.Calibration("x", make([]plot.Reliability, 300)); err == nil {
		t.Error("300 panels: no error")
	}
}

// On both logarithmic scales a decade is a third of the width and a quarter of the height.
func TestTuringPicture(t *testing.T) {
	t.Parallel()
	curve := func(at ...plot.Share) []plot.Exceeding { return []plot.Exceeding{{Title: "photos", At: at}} }
	p, err := plot.TuringLaw("law", curve(plot.Share{X: 1, Share: 1}, plot.Share{X: 10, Share: 0.01}, plot.Share{X: 1000, Share: 0}))
	if err != nil {
		t.Fatal(err)
	}
	text := svgOf(t, p)
	for _, want := range []string{`d="M70 76L226.67 273"`, "photos: 1 from 1, 0.01 from 10.", ">likelihood ratio x<", ">share of false claims<", `d="M70 76L540 371.5"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for name, at := range map[string]plot.Share{"below 1": {X: 0.5, Share: 1}, "a share of 2": {X: 2, Share: 2}, "none": {X: math.NaN()}} {
		if _, err := plot.TuringLaw("x", curve(at)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
