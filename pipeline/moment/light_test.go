package moment_test

import (
	"slices"
	"testing"

	"whenwhere/internal/solar"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// An exposure speaks of the sky when all three settings are known and neither a flash nor the camera's own light meter
// says that something else lit the scene.
func TestExposureThatSpeaksOfTheSky(t *testing.T) {
	t.Parallel()
	sunny := func(change func(*pipeline.Exposure)) pipeline.Exposure {
		x := pipeline.Exposure{FNumber: new(16.0), TimeS: new(1.0 / 125), ISO: new(100.0)}
		change(&x)
		return x
	}
	ev, ok := solar.EV100(16, 1.0/125, 100)
	if !ok {
		t.Fatal("no exposure value")
	}
	for name, c := range map[string]struct {
		x    pipeline.Exposure
		want bool
	}{
		"settings alone":     {sunny(func(*pipeline.Exposure) {}), true},
		"no flash":           {sunny(func(x *pipeline.Exposure) { x.FlashFired = new(false) }), true},
		"flash":              {sunny(func(x *pipeline.Exposure) { x.FlashFired = new(true) }), false},
		"meter agrees":       {sunny(func(x *pipeline.Exposure) { x.BrightnessEV = new(ev - 5) }), true},
		"meter says darker":  {sunny(func(x *pipeline.Exposure) { x.BrightnessEV = new(ev - 5 - moment.MeterEV - 0.1) }), false},
		"meter says lighter": {sunny(func(x *pipeline.Exposure) { x.BrightnessEV = new(ev - 5 + moment.MeterEV + 0.1) }), false},
		"no speed":           {sunny(func(x *pipeline.Exposure) { x.ISO = nil }), false},
	} {
		got := estimate(t, pipeline.Incident{ID: "X-1", Claim: bakhmut()}, exhibit(t, "a.jpg", nil, &c.x, dial("2024-11-03T10:15:20")))[0]
		if has := slices.ContainsFunc(got.Items, func(i pipeline.TimeItem) bool { return i.ID == "exposure" }); has != c.want {
			t.Errorf("%s: an item of the exposure: %v", name, has)
		}
	}
}
