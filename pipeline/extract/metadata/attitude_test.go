package metadata_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
)

// The gimbal and the height of drones; the real files' values are what exiftool reads in them, and the cue's own text.
func TestAttitude(t *testing.T) {
	t.Parallel()
	xmp := func(pairs ...string) wire.Tags {
		var tags wire.Tags
		for i := 0; i < len(pairs); i += 2 {
			tags.Tags = append(tags.Tags, text("XMP", "drone-dji:"+pairs[i], pairs[i+1]))
		}
		return tags
	}
	for _, c := range []struct {
		name    string
		tags    wire.Tags
		want    *pipeline.Attitude
		defects int
	}{
		{"nothing", wire.Tags{}, nil, 0},
		{"all", xmp("GimbalYawDegree", "-132.00", "GimbalPitchDegree", "-30.50", "GimbalRollDegree", "-0.00", "RelativeAltitude", "+40.00"),
			&pipeline.Attitude{YawDeg: ptr(228.0), PitchDeg: ptr(-30.5), RollDeg: ptr(0.0), HeightM: ptr(40.0)}, 0},
		{"a height alone", xmp("RelativeAltitude", "-3.2"), &pipeline.Attitude{HeightM: ptr(-3.2)}, 0},
		{"past the nadir", xmp("GimbalYawDegree", "360", "GimbalPitchDegree", "-94"), &pipeline.Attitude{YawDeg: ptr(0.0)}, 0},
		{"impossible", xmp("RelativeAltitude", "99999", "GimbalRollDegree", "NaN"), nil, 1},
		{"where the pilot stands", xmp("HomeLatitude", "48.1", "PilotLongitude", "37.1"), nil, 0},
	} {
		got := interpret(t, "a.jpg", c.tags)
		if diff := cmp.Diff(c.want, got.Attitude); diff != "" || len(got.Defects) != c.defects {
			t.Errorf("%s: %s%v", c.name, diff, got.Defects)
		}
	}
}

func TestAttitudeOfRealDrones(t *testing.T) {
	t.Parallel()
	root, p := media(t), pool(t)
	f := extract(t, p, filepath.Join(root, "brighton-beach", "DJI_0025.JPG"))
	want := &pipeline.Attitude{YawDeg: ptr(228.0), PitchDeg: ptr(-89.9), RollDeg: ptr(0.0), HeightM: ptr(40.0)}
	if diff := cmp.Diff(want, f.Attitude); diff != "" {
		t.Error("photo: ", diff)
	}
	f = extract(t, p, filepath.Join(root, "dji-srt", "air2s.srt"))
	if diff := cmp.Diff(&pipeline.Attitude{HeightM: ptr(117.0)}, f.Attitude); diff != "" {
		t.Error("subtitles: ", diff)
	}
	// G.PRY and H of the first cue, and their bounds over all, by grep and sort, and the reach by haversines; the other flight in the second file has none.
	for file, want := range map[string]pipeline.Attitude{
		"p4_rtk.SRT": {YawDeg: ptr(110.4), PitchDeg: ptr(-24.4), RollDeg: ptr(0.0), HeightM: ptr(85.8),
			YawSweepDeg: &pipeline.Sweep{Lo: 110.4, Hi: 112.2}, PitchSweepDeg: &pipeline.Sweep{Lo: -24.4, Hi: -24.3}, HeightSweepM: &pipeline.Sweep{Lo: 85.48, Hi: 86.07}, ReachM: ptr(663.0)},
		"mix_p4rtk_mavic2pro.srt": {YawDeg: ptr(284.0), PitchDeg: ptr(-27.3), RollDeg: ptr(0.0), HeightM: ptr(17.39),
			YawSweepDeg: &pipeline.Sweep{Lo: 284, Hi: 284.7}, PitchSweepDeg: &pipeline.Sweep{Lo: -45.4, Hi: -27.3}, HeightSweepM: &pipeline.Sweep{Lo: 17.16, Hi: 17.39}, ReachM: ptr(110.0)},
	} {
		f = extract(t, p, filepath.Join(root, "dji-srt", file))
		if diff := cmp.Diff(&want, f.Attitude, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Error(file, diff)
		}
	}
}
