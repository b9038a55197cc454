package moment

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"whenwhere/internal/camera"
	"whenwhere/internal/fusion"
	"whenwhere/internal/shadow"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
)

const markGenuine = 0.95 // marks on the wrong object, mirrored pictures

// levelSigmaDeg is how level a frame is held whose roll nobody measured; judged, from horizons of hand-held photos.
const levelSigmaDeg = 2

// Direction is a mark with its pixel, if it has one, turned into azimuth and elevation by the geometry of the frame on the
// exhibit. The error says what that lacks.
func Direction(m pipeline.Mark, e pipeline.Exhibit) (pipeline.Mark, error) {
	if m.Pixel == nil {
		return m, nil
	}
	p := *m.Pixel
	lens, err := lensOf(p, e)
	if err != nil {
		return m, fmt.Errorf("sun in the frame: %w", err)
	}
	roll := camera.Measure{Sigma: levelSigmaDeg}
	if p.RollDeg != nil && p.SigmaRollDeg != nil {
		roll = camera.Measure{Value: *p.RollDeg, Sigma: *p.SigmaRollDeg}
	}
	pose := camera.Pose{Lens: lens, Attitude: camera.Attitude{
		Yaw: camera.Measure{Value: p.YawDeg, Sigma: p.SigmaYawDeg}, Pitch: camera.Measure{Value: p.PitchDeg, Sigma: p.SigmaPitchDeg}, Roll: roll}}
	sun, err := camera.SunFromMark(pose, camera.Mark{At: camera.Pixel{X: p.XPx, Y: p.YPx}, SigmaPx: p.SigmaPx})
	if err != nil {
		return m, fmt.Errorf("sun in the frame: %w", err)
	}
	m.Pixel = nil
	m.AzimuthDeg, m.SigmaDeg = &sun.Azimuth.Value, &sun.Azimuth.Sigma
	m.ElevationDeg, m.SigmaElevationDeg = &sun.Elevation.Value, &sun.Elevation.Sigma
	return m, nil
}

// lensOf is the lens by the mark's own field of view, or by the 35-mm focal length that the file states.
func lensOf(p pipeline.SunPixel, e pipeline.Exhibit) (camera.Lens, error) {
	if p.HFOVDeg != nil && p.SigmaHFOVDeg != nil {
		return camera.FromFOV(p.WidthPx, p.HeightPx, camera.Measure{Value: *p.HFOVDeg, Sigma: *p.SigmaHFOVDeg})
	}
	lens, err := StatedLens(p.WidthPx, p.HeightPx, e)
	if errors.Is(err, camera.ErrCopy) {
		return lens, fmt.Errorf("%w: let the mark state hfov_deg", err)
	}
	return lens, err
}

// StatedLens is the lens of a frame by the 35-mm focal length that the file states. That holds for the frame that the
// camera wrote: a picture of another size has no known field of view.
func StatedLens(widthPx, heightPx int, e pipeline.Exhibit) (camera.Lens, error) {
	c, _, err := pipeline.CameraKey.In(e.Observed)
	if err != nil {
		return camera.Lens{}, err
	}
	if c.FocalLength35mmMM == nil {
		return camera.Lens{}, errNoFOV
	}
	o := camera.Optics{F35Mm: *c.FocalLength35mmMM, WidthPx: widthPx, HeightPx: heightPx, CameraWPx: c.FrameWidthPx, CameraHPx: c.FrameHeightPx}
	if c.DigitalZoom != nil {
		o.DigitalZoom = *c.DigitalZoom
	}
	if o.CameraWPx == 0 { // then the file is the nearest to it that there is
		file, _, err := pipeline.FileKey.In(e.Observed)
		if err != nil {
			return camera.Lens{}, err
		}
		o.CameraWPx, o.CameraHPx = file.WidthPx, file.HeightPx
	}
	lens, err := camera.FromF35(o)
	if err == nil && o.DigitalZoom > 1 { // neither end is likelier, whether the focal length holds the zoom or not
		lens.FocalPx.Nominal = (lens.FocalPx.Lo + lens.FocalPx.Hi) / 2
	}
	return lens, err
}

var errNoFOV = errors.New("neither the mark nor the file states a field of view or a 35-mm focal length")

// Observation is a mark in the words of package shadow; one with a pixel goes through Direction first.
func Observation(m pipeline.Mark) shadow.Observation {
	measure := func(v, sigma *float64) *shadow.Measure {
		if v == nil || sigma == nil {
			return nil
		}
		return &shadow.Measure{Value: *v, Sigma: *sigma}
	}
	o := shadow.Observation{
		Ratio: measure(m.Ratio, m.SigmaRatio), SlopeDeg: measure(m.SlopeDeg, m.SigmaSlopeDeg), LeanDeg: measure(m.LeanDeg, m.SigmaLeanDeg),
		SunElevationDeg: measure(m.ElevationDeg, m.SigmaElevationDeg), NorthUnknown: m.NorthUnknown, Frame: m.By,
	}
	if m.Kind == pipeline.MarkSun {
		o.SunAzimuthDeg = measure(m.AzimuthDeg, m.SigmaDeg)
	} else {
		o.ShadowAzimuthDeg = measure(m.AzimuthDeg, m.SigmaDeg)
	}
	if m.AfterS != nil {
		o.After = time.Duration(*m.AfterS * float64(time.Second))
	}
	return o
}

// Site is a claimed place for package shadow, which wants the circle that holds it with 95 %.
func Site(p pipeline.Place) shadow.Place {
	return shadow.Place{LatDeg: p.Lat, LonDeg: p.Lon, RadiusM: min(p.RadiusM, 200_000)}
}

// markItems are the marks on the file, those of one analyst together: their errors are independent, whether the analyst
// looked at the right file is not. A flag names marks that fit no time.
func (x File) markItems(in pipeline.Incident, l light) (out []item, flags []string, err error) {
	by := map[string][]int{}
	var names []string
	for i, m := range in.Marks {
		if m.Media != x.Exhibit.Ref.File {
			continue
		}
		if by[m.By] == nil {
			names = append(names, m.By)
		}
		by[m.By] = append(by[m.By], i)
	}
	slices.SortFunc(names, cmp.Compare)
	for _, name := range names {
		var seen []shadow.Observation
		evidence := ""
		for _, i := range by[name] {
			m, err := Direction(in.Marks[i], x.Exhibit)
			if err != nil {
				flags = append(flags, FlagMarkUnread)
				continue
			}
			seen = append(seen, Observation(m))
			evidence = cmp.Or(evidence, pipeline.MarkSubject(i))
		}
		if len(seen) == 0 {
			continue
		}
		d, fits, err := l.marks(seen)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", evidence, err)
		}
		if !fits {
			flags = append(flags, FlagMarkUnfit)
			continue
		}
		out = append(out, lightItem("marks "+name, "analyst "+name, evidence, markGenuine, d))
	}
	return out, flags, nil
}

// marks is the likelihood of the observations: over the near instants as the sun goes there, elsewhere as it goes on
// average over the year. fits is false when the sun makes no such marks there at any time of a year.
func (l light) marks(seen []shadow.Observation) (d fusion.Density, fits bool, err error) {
	site := Site(l.at)
	average, err := shadow.When(seen, site, year(), shadow.Options{})
	if errors.Is(err, shadow.ErrSunDown) {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	nearby, err := shadow.When(seen, site, l.near, shadow.Options{})
	if errors.Is(err, shadow.ErrSunDown) {
		d, err = l.shape(l.bins(), make([]float64, len(l.bins())/2), 1)
		return d, err == nil, err
	}
	if err != nil {
		return d, false, err
	}
	scale := math.Exp(nearby.LogEvidence-average.LogEvidence) * float64(l.near.Measure())
	var breaks []int64
	var values []float64
	for _, iv := range l.near.Minus(support(nearby.Density)).Intervals() {
		breaks, values = append(breaks, iv.Lo, iv.Hi), append(values, 0)
	}
	for i, m := range nearby.Density.Mass {
		lo, hi := nearby.Density.Breaks[i], nearby.Density.Breaks[i+1]
		if m > 0 {
			breaks, values = append(breaks, lo, hi), append(values, scale*m/float64(hi-lo))
		}
	}
	sortBins(breaks, values)
	d, err = l.shape(breaks, values, 1)
	return d, err == nil, err
}

func support(d shadow.Density) timeset.Set {
	var out []timeset.Interval
	for i, m := range d.Mass {
		if m > 0 {
			out = append(out, timeset.Interval{Lo: d.Breaks[i], Hi: d.Breaks[i+1]})
		}
	}
	return timeset.Of(out...)
}

// sortBins brings pairs of ends, and their values, into the order of time.
func sortBins(breaks []int64, values []float64) {
	type bin struct {
		lo, hi int64
		v      float64
	}
	bins := make([]bin, len(values))
	for i, v := range values {
		bins[i] = bin{breaks[2*i], breaks[2*i+1], v}
	}
	slices.SortFunc(bins, func(a, b bin) int { return cmp.Compare(a.lo, b.lo) })
	for i, b := range bins {
		breaks[2*i], breaks[2*i+1], values[i] = b.lo, b.hi, b.v
	}
}
