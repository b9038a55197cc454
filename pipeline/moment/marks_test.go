package moment_test

import (
	"errors"
	"math"
	"testing"

	"whenwhere/internal/camera"
	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

// seen is a camera of 26 mm, as its file states it.
func seen(change func(*pipeline.Camera)) *pipeline.Camera {
	c := pipeline.Camera{FocalLength35mmMM: new(26.0), FrameWidthPx: 4032, FrameHeightPx: 3024}
	change(&c)
	return &c
}

func sunPixel(widthPx, heightPx int) pipeline.Mark {
	return pipeline.Mark{Media: "a.jpg", Kind: pipeline.MarkSun, By: "analyst-1", Pixel: &pipeline.SunPixel{
		XPx: float64(widthPx) * 0.63, YPx: float64(heightPx) * 0.37, SigmaPx: 20, WidthPx: widthPx, HeightPx: heightPx, YawDeg: 240, SigmaYawDeg: 3, PitchDeg: 5, SigmaPitchDeg: 1}}
}

// A 35-mm focal length holds for the frame that the camera wrote. On a picture of another size a pixel has no direction,
// unless the mark states the field of view itself.
func TestAPixelOfACopyHasNoDirection(t *testing.T) {
	t.Parallel()
	none := func(c *pipeline.Camera) { c.FrameWidthPx, c.FrameHeightPx = 0, 0 }
	for name, c := range map[string]struct {
		camera     *pipeline.Camera
		file, mark [2]int
		copied     bool
	}{
		"as written":                       {seen(func(*pipeline.Camera) {}), [2]int{4032, 3024}, [2]int{4032, 3024}, false},
		"turned":                           {seen(func(*pipeline.Camera) {}), [2]int{4032, 3024}, [2]int{3024, 4032}, false},
		"a cropped file":                   {seen(func(*pipeline.Camera) {}), [2]int{2016, 3024}, [2]int{2016, 3024}, true},
		"a smaller file":                   {seen(func(*pipeline.Camera) {}), [2]int{1280, 960}, [2]int{1280, 960}, true},
		"no frame stated":                  {seen(none), [2]int{4032, 3024}, [2]int{4032, 3024}, false},
		"no frame stated, a view of parts": {seen(none), [2]int{4032, 3024}, [2]int{2016, 1512}, true},
		"no frame known":                   {seen(none), [2]int{}, [2]int{2016, 1512}, false},
	} {
		e := exhibit(t, "a.jpg", c.camera, nil)
		if c.file[0] > 0 {
			observe(t, &e, pipeline.FileKey, pipeline.File{Type: "image/jpeg", WidthPx: c.file[0], HeightPx: c.file[1]})
		}
		m := sunPixel(c.mark[0], c.mark[1])
		got, err := moment.Direction(m, e)
		if errors.Is(err, camera.ErrCopy) != c.copied || !c.copied && (err != nil || got.AzimuthDeg == nil) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		m.Pixel.HFOVDeg, m.Pixel.SigmaHFOVDeg = new(67.3), new(0.5)
		if _, err := moment.Direction(m, e); err != nil {
			t.Errorf("%s, with a field of view: %v", name, err)
		}
	}
}

// Makers disagree whether the focal length holds the digital zoom already, so a zoomed picture says less.
func TestAZoomedPixelSaysLess(t *testing.T) {
	t.Parallel()
	direction := func(c *pipeline.Camera) pipeline.Mark {
		m := sunPixel(4032, 3024)
		m.Pixel.SigmaYawDeg, m.Pixel.SigmaPitchDeg = 0.2, 0.2
		got, err := moment.Direction(m, exhibit(t, "a.jpg", c, nil))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	plain, unused := direction(seen(func(*pipeline.Camera) {})), direction(seen(func(c *pipeline.Camera) { c.DigitalZoom = new(0.0) }))
	zoomed := direction(seen(func(c *pipeline.Camera) { c.DigitalZoom = new(2.0) }))
	if *unused.AzimuthDeg != *plain.AzimuthDeg || *unused.SigmaDeg != *plain.SigmaDeg {
		t.Errorf("zoom not used: %v ± %v, want %v ± %v", *unused.AzimuthDeg, *unused.SigmaDeg, *plain.AzimuthDeg, *plain.SigmaDeg)
	}
	for reading, focalMM := range map[string]float64{"holds": 26, "does not hold": 52} {
		at := *direction(seen(func(c *pipeline.Camera) { c.FocalLength35mmMM = &focalMM })).AzimuthDeg
		if apart := math.Abs(at-*zoomed.AzimuthDeg) / *zoomed.SigmaDeg; apart > 2.6 {
			t.Errorf("the focal length %s the zoom: %v is %v sigma off %v ± %v", reading, at, apart, *zoomed.AzimuthDeg, *zoomed.SigmaDeg)
		}
	}
}
