package camera

import (
	"fmt"
	"math"
)

const (
	// The frame of 35 mm film, 36 x 24 mm, and its diagonal: the two readings of "35 mm equivalent". CIPA DCG-001 takes
	// the diagonal; some makers take the width. They agree at 3:2 only.
	filmWidthMm = 36.0
	// Judged limits: the shortest fisheye in a phone is about 8 mm, the longest bridge camera 3,000 mm; zoom is sold to 100.
	minF35Mm, maxF35Mm, maxZoom = 4, 10000, 200
	maxSizePx                   = 1 << 20
)

var filmDiagonalMm = math.Hypot(36, 24)

// Optics is what a picture's tags say about its lens.
type Optics struct {
	F35Mm float64 // FocalLengthIn35mmFilm; 0 is "unknown" in Exif and an error here
	// DigitalZoom is DigitalZoomRatio; 0 says "not used" (Exif 2.32). Makers disagree whether F35Mm holds it already
	// (iPhones: yes, Pixels: no), so the lens of a zoomed picture spans both readings.
	DigitalZoom          float64
	WidthPx, HeightPx    int // of the picture at hand, upright
	CameraWPx, CameraHPx int // as the camera wrote it (PixelXDimension, PixelYDimension), either orientation; 0, 0 when unknown
}

// Lens is a pinhole camera: a frame and a focal length in pixels, with the interval that the tags allow. The zero Lens
// is invalid; make one with FromF35 or FromFOV.
type Lens struct {
	WidthPx, HeightPx float64
	FocalPx           Range
}

// FromF35 makes a lens of the 35-mm focal length. The nominal focal length follows the diagonal definition
// (W = 43.267 mm x w/hypot(w,h), HFOV = 2 atan(W/2F)), with digital zoom multiplied in; the interval holds both
// definitions and both readings of the zoom. A picture of another size than the camera wrote is ErrCopy: a mere
// resize keeps the field of view, but nothing tells it from a crop.
func FromF35(o Optics) (Lens, error) {
	if err := o.check(); err != nil {
		return Lens{}, err
	}
	zoom := math.Max(1, o.DigitalZoom)
	w, h := float64(o.WidthPx), float64(o.HeightPx)
	diagonal := o.F35Mm * math.Hypot(w, h) / filmDiagonalMm
	width := o.F35Mm * math.Max(w, h) / filmWidthMm
	return Lens{w, h, Range{
		Lo:      math.Min(diagonal, width),
		Nominal: diagonal * zoom,
		Hi:      math.Max(diagonal, width) * zoom,
	}}, nil
}

func (o Optics) check() error {
	if err := within("focal length in 35 mm film", o.F35Mm, minF35Mm, maxF35Mm); err != nil {
		return err
	}
	if err := within("digital zoom", o.DigitalZoom, 0, maxZoom); err != nil {
		return err
	}
	if err := checkSize(o.WidthPx, o.HeightPx); err != nil {
		return err
	}
	if o.CameraWPx == 0 && o.CameraHPx == 0 {
		return nil
	}
	same := o.CameraWPx == o.WidthPx && o.CameraHPx == o.HeightPx
	turned := o.CameraWPx == o.HeightPx && o.CameraHPx == o.WidthPx
	if !same && !turned {
		return fmt.Errorf("camera: %dx%d of %dx%d: %w", o.WidthPx, o.HeightPx, o.CameraWPx, o.CameraHPx, ErrCopy)
	}
	return nil
}

func checkSize(w, h int) error {
	if w < 1 || h < 1 || w > maxSizePx || h > maxSizePx {
		return fmt.Errorf("camera: frame: %dx%d is not within 1..%d", w, h, maxSizePx)
	}
	return nil
}

// FromFOV makes a lens of a known horizontal field of view, as drones' data sheets print it; the sigma becomes an
// interval of the same standard deviation.
func FromFOV(widthPx, heightPx int, hfovDeg Measure) (Lens, error) {
	if err := checkSize(widthPx, heightPx); err != nil {
		return Lens{}, err
	}
	if err := within("field of view", hfovDeg.Value, 0.01, 170); err != nil {
		return Lens{}, err
	}
	if err := within("sigma of the field of view", hfovDeg.Sigma, 0, 30); err != nil {
		return Lens{}, err
	}
	half := hfovDeg.Sigma * math.Sqrt(3)
	focal := func(fov float64) float64 {
		return float64(widthPx) / 2 / math.Tan(math.Min(math.Max(fov, 0.01), 170)*math.Pi/360)
	}
	return Lens{float64(widthPx), float64(heightPx), Range{
		Lo: focal(hfovDeg.Value + half), Nominal: focal(hfovDeg.Value), Hi: focal(hfovDeg.Value - half),
	}}, nil
}

// HFOVDeg is the horizontal field of view from edge to edge.
func (l Lens) HFOVDeg() Range {
	of := func(focal float64) float64 { return 2 * deg(math.Atan2(l.WidthPx/2, focal)) }
	return Range{of(l.FocalPx.Hi), of(l.FocalPx.Nominal), of(l.FocalPx.Lo)}
}

func (l Lens) check() error {
	f := l.FocalPx
	ok := l.WidthPx > 0 && l.HeightPx > 0 && f.Lo > 0 && f.Lo <= f.Nominal && f.Nominal <= f.Hi
	if !ok || math.IsInf(l.WidthPx+l.HeightPx+f.Hi, 0) {
		return fmt.Errorf("camera: lens: make it with FromF35 or FromFOV")
	}
	return nil
}
