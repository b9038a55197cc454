package dossier_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"whenwhere/internal/audience"
	"whenwhere/pipeline"
)

// flown is an incident whose first file a drone made, 60 m up, looking east and 45 degrees down.
func flown(t *testing.T, camera pipeline.Camera, held pipeline.Attitude) string {
	t.Helper()
	in := whole(t)
	var seen pipeline.Observations
	observed(t, &seen, pipeline.FileKey, pipeline.File{Type: "image/jpeg", WidthPx: 4000, HeightPx: 3000})
	observed(t, &seen, pipeline.PlacesKey, []pipeline.StatedPlace{{Field: "EXIF:GPS", Lon: 37.907, Lat: 48.0405}})
	observed(t, &seen, pipeline.CameraKey, camera)
	observed(t, &seen, pipeline.AttitudeKey, held)
	in.Case.Media[0].Observed = seen
	return unpacked(t, pageOf(t, audience.Internal, in))
}

// The ground in the frame of a drone that states its lens lies where simple trigonometry puts it.
func TestFootprint(t *testing.T) {
	t.Parallel()
	f35 := 24.0
	page := flown(t, pipeline.Camera{FocalLength35mmMM: &f35}, pipeline.Attitude{YawDeg: ptr(86.0), PitchDeg: ptr(-45.0), RollDeg: ptr(0.0), HeightM: ptr(60.0)})
	if !strings.Contains(page, "ground in the frame of file 1, as far as 5.0 km, if it is flat") || strings.Contains(page, "looks to") {
		t.Error("the footprint is not drawn")
	}
	bare := flown(t, pipeline.Camera{FocalLength35mmMM: &f35}, pipeline.Attitude{YawDeg: ptr(86.0)})
	if !regexp.MustCompile(`file 1 looks to 90 ± \d+°, \d+° wide`).MatchString(bare) {
		t.Error("without height and pitch there is no view")
	}
}

// Of a recording without a lens the middle of the first frame is known: 60 m down at 45 degrees is 60 m ahead.
func TestMiddleOfTheFirstFrame(t *testing.T) {
	t.Parallel()
	sweep := func(v float64) *pipeline.Sweep { return &pipeline.Sweep{Lo: v, Hi: v} }
	page := flown(t, pipeline.Camera{}, pipeline.Attitude{YawDeg: ptr(86.25), PitchDeg: ptr(-45.0), HeightM: ptr(60.0), ReachM: ptr(250.0),
		YawSweepDeg: sweep(86.25), PitchSweepDeg: sweep(-45), HeightSweepM: sweep(60)})
	for _, want := range []string{"middle of the first frame of file 1, on flat ground, within ", "file 1: flight of up to 250 m from its first place"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	// The map is true to scale: the disc's middle lies 60 m to the right of the file's dot.
	scale := regexp.MustCompile(`<path d="M([\d.]+) [\d.]+L[\d.]+ ([\d.]+)L([\d.]+) [\d.]+L[\d.]+ [\d.]+" fill="none" stroke="#1a1a1a" stroke-width="1.5"`).FindStringSubmatch(page)
	bar := regexp.MustCompile(`>(\d+) (k?m)</text>`).FindStringSubmatch(page)
	if scale == nil || bar == nil {
		t.Fatal("no scale bar")
	}
	metres := number(t, bar[1])
	if bar[2] == "km" {
		metres *= 1000
	}
	perM := (number(t, scale[3]) - number(t, scale[1])) / metres
	var middles []float64
	for _, disc := range regexp.MustCompile(`<path d="([^"]*)" fill="#0072b2"`).FindAllStringSubmatch(page, -1) {
		if strings.Count(disc[1], "L") < 40 {
			continue
		}
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, x := range regexp.MustCompile(`[ML]([\d.]+) `).FindAllStringSubmatch(disc[1], -1) {
			lo, hi = min(lo, number(t, x[1])), max(hi, number(t, x[1]))
		}
		middles = append(middles, (lo+hi)/2)
	}
	if len(middles) < 2 || math.Abs(middles[1]-middles[0]-60*perM) > 0.3 {
		t.Errorf("discs at %v, want the second %.1f pixels from the first", middles, 60*perM)
	}
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
