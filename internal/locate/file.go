package locate

import (
	"errors"
	"fmt"

	"whenwhere/internal/strictjson"
)

// Document is a file of marks: a scene to solve, or a camera that is known, and points to look for in the frame.
type Document struct {
	Scene   Scene
	Camera  *Stand // nil when the scene gives it
	Watched []Watched
}

// The file's own form. Pointers tell a missing number from 0.
type fileDoc struct {
	Frame     *fileFrame     `json:"frame"`
	Bearings  string         `json:"bearings"`
	Landmarks []fileLandmark `json:"landmarks"`
	Camera    *fileCamera    `json:"camera"`
	Visible   []fileWatched  `json:"visible"`
}

type fileFrame struct {
	WidthPx       *float64 `json:"width_px"`
	HeightPx      *float64 `json:"height_px"`
	HFOVDeg       *float64 `json:"hfov_deg"`
	SigmaHFOVDeg  *float64 `json:"sigma_hfov_deg"`
	PitchDeg      *float64 `json:"pitch_deg"`
	SigmaPitchDeg *float64 `json:"sigma_pitch_deg"`
	RollDeg       *float64 `json:"roll_deg"`
	SigmaRollDeg  *float64 `json:"sigma_roll_deg"`
}

type filePoint struct {
	Name   string   `json:"name"`
	Lat    *float64 `json:"lat"`
	Lon    *float64 `json:"lon"`
	SigmaM *float64 `json:"sigma_m"`
}

type fileLandmark struct {
	filePoint
	XPx        *float64 `json:"x_px"`
	YPx        *float64 `json:"y_px"`
	SigmaPx    *float64 `json:"sigma_px"`
	BearingDeg *float64 `json:"bearing_deg"`
	SigmaDeg   *float64 `json:"sigma_deg"`
}

type fileCamera struct {
	filePoint
	HeadingDeg      *float64 `json:"heading_deg"`
	SigmaHeadingDeg *float64 `json:"sigma_heading_deg"`
}

type fileWatched struct {
	filePoint
	Visible *bool `json:"visible"`
}

// MaxBytes bounds a file of marks: MaxLandmarks of them take a twentieth.
const MaxBytes = 1 << 20

// MaxNameBytes bounds the name of a point.
const MaxNameBytes = 200

// Read reads a file of marks, strictly: nothing unknown, nothing missing, nothing repaired.
func Read(data []byte) (Document, error) {
	var raw fileDoc
	if err := strictjson.DecodeWithin(data, strictjson.Limits{MaxBytes: MaxBytes}, &raw); err != nil {
		return Document{}, fmt.Errorf("locate: %w", err)
	}
	doc, err := raw.document()
	if err != nil {
		return Document{}, err
	}
	return doc, doc.Check()
}

// Check says what is wrong with the document, if anything.
func (d Document) Check() error {
	if len(d.Watched) > MaxLandmarks {
		return fmt.Errorf("locate: visible: %d exceed the limit of %d", len(d.Watched), MaxLandmarks)
	}
	if d.Camera == nil {
		return d.Scene.Check()
	}
	if len(d.Scene.Landmarks) > 0 {
		return errors.New("locate: camera: given beside landmarks, from which it would be solved: want one of both")
	}
	if len(d.Watched) == 0 {
		return errors.New("locate: visible: missing: a camera that is known is there to be asked what it sees")
	}
	return d.Camera.Check()
}

// reader keeps the first fault.
type reader struct{ err error }

func (r *reader) fault(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("locate: "+format, args...)
	}
}

func (r *reader) number(name string, v *float64) float64 {
	if v == nil {
		r.fault("%s: missing", name)
		return 0
	}
	return *v
}

// measure is a value with its sigma: both, or the assumed one.
func (r *reader) measure(at, name, sigma string, v, s *float64, assumed *Measure) *Measure {
	switch {
	case v == nil && s == nil:
		return assumed
	case v == nil:
		r.fault("%s.%s: given without %s", at, sigma, name)
	case s == nil:
		r.fault("%s.%s: missing: a measurement without its uncertainty proves nothing", at, sigma)
	default:
		return &Measure{*v, *s}
	}
	return &Measure{}
}

func (f fileDoc) document() (Document, error) {
	r := &reader{}
	var d Document
	switch {
	case f.Frame != nil && f.Bearings != "":
		r.fault("bearings: given beside frame: want one of both")
	case f.Frame != nil:
		d.Scene.Frame = r.frame(*f.Frame)
	case f.Bearings == "true":
		d.Scene.TrueNorth = true
	case f.Bearings != "relative":
		r.fault(`bearings: %.20q: want a frame, or bearings "true" (from true north) or "relative" (from an unknown direction; a compass without its declination)`, f.Bearings)
	}
	for i, l := range f.Landmarks {
		d.Scene.Landmarks = append(d.Scene.Landmarks, r.landmark(fmt.Sprintf("landmarks[%d]", i), l, f.Frame != nil))
	}
	for i, w := range f.Visible {
		at := fmt.Sprintf("visible[%d]", i)
		if w.Visible == nil {
			r.fault("%s.visible: missing: true or false", at)
			break
		}
		d.Watched = append(d.Watched, Watched{r.point(at, w.filePoint), *w.Visible})
	}
	if f.Camera != nil {
		d.Camera = r.camera(*f.Camera, d.Scene.Frame)
	}
	if d.Scene.Frame == nil && len(d.Watched) > 0 {
		r.fault("visible: given without a frame, which alone tells what is in it")
	}
	return d, r.err
}

func (r *reader) frame(f fileFrame) *Frame {
	out := &Frame{WidthPx: r.number("frame.width_px", f.WidthPx), HeightPx: r.number("frame.height_px", f.HeightPx)}
	out.HFOV = r.measure("frame", "hfov_deg", "sigma_hfov_deg", f.HFOVDeg, f.SigmaHFOVDeg, nil)
	out.Pitch = *r.measure("frame", "pitch_deg", "sigma_pitch_deg", f.PitchDeg, f.SigmaPitchDeg, &Measure{0, AssumedSigmaPitchDeg})
	out.Roll = *r.measure("frame", "roll_deg", "sigma_roll_deg", f.RollDeg, f.SigmaRollDeg, &Measure{0, AssumedSigmaRollDeg})
	return out
}

func (r *reader) point(at string, p filePoint) Point {
	if len(p.Name) > MaxNameBytes {
		r.fault("%s.name: %d bytes exceed the limit of %d", at, len(p.Name), MaxNameBytes)
	}
	return Point{p.Name, r.number(at+".lat", p.Lat), r.number(at+".lon", p.Lon), r.number(at+".sigma_m", p.SigmaM)}
}

func (r *reader) landmark(at string, l fileLandmark, framed bool) Landmark {
	out := Landmark{Point: r.point(at, l.filePoint)}
	marked, taken := l.XPx != nil || l.YPx != nil || l.SigmaPx != nil, l.BearingDeg != nil || l.SigmaDeg != nil
	switch {
	case framed && taken:
		r.fault("%s.bearing_deg: given beside a frame: want x_px, y_px and sigma_px", at)
	case !framed && marked:
		r.fault("%s.x_px: given without a frame: want bearing_deg and sigma_deg", at)
	case framed:
		out.At = &Pixel{r.number(at+".x_px", l.XPx), r.number(at+".y_px", l.YPx), r.number(at+".sigma_px", l.SigmaPx)}
	default:
		out.Bearing = &Measure{r.number(at+".bearing_deg", l.BearingDeg), r.number(at+".sigma_deg", l.SigmaDeg)}
	}
	return out
}

func (r *reader) camera(c fileCamera, f *Frame) *Stand {
	out := &Stand{Point: r.point("camera", c.filePoint)}
	out.Heading = Measure{r.number("camera.heading_deg", c.HeadingDeg), r.number("camera.sigma_heading_deg", c.SigmaHeadingDeg)}
	if f == nil || f.HFOV == nil {
		r.fault("frame.hfov_deg: missing: without it nothing tells what is in the frame")
		return out
	}
	out.HFOV = *f.HFOV
	return out
}
