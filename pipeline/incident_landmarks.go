package pipeline

import "fmt"

// Landmarks are points of the map that an analyst marked on a frame: three and more give the place of the camera. Pixels
// count from the top left corner of the upright, uncropped frame. Every sigma is above 0.
type Landmarks struct {
	Media    string `json:"media"`    // the file of the MediaRef it was marked on
	WidthPx  int    `json:"width_px"` // of the frame
	HeightPx int    `json:"height_px"`
	// HFOVDeg is the horizontal field of view; absent, it follows from the 35-mm focal length that the file states; absent
	// there too, it is solved for, which takes a fourth point.
	HFOVDeg       *float64   `json:"hfov_deg,omitempty"`
	SigmaHFOVDeg  *float64   `json:"sigma_hfov_deg,omitempty"`
	PitchDeg      *float64   `json:"pitch_deg,omitempty"` // 0 at the horizon, up positive; absent is 0 within 10
	SigmaPitchDeg *float64   `json:"sigma_pitch_deg,omitempty"`
	RollDeg       *float64   `json:"roll_deg,omitempty"` // clockwise; absent is 0 within 2
	SigmaRollDeg  *float64   `json:"sigma_roll_deg,omitempty"`
	Points        []Landmark `json:"points"`
	Visible       []Watched  `json:"visible,omitempty"`
	By            string     `json:"by"` // pseudonym of the analyst
}

// Landmark is a point of the map and its pixel.
type Landmark struct {
	Name    string  `json:"name,omitempty"`
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
	SigmaM  float64 `json:"sigma_m"` // of each coordinate
	XPx     float64 `json:"x_px"`
	YPx     float64 `json:"y_px"`
	SigmaPx float64 `json:"sigma_px"` // of both
}

// Watched is a point of the map that the frame shows, or does not show, as the analyst says who looked for it.
type Watched struct {
	Name    string  `json:"name,omitempty"`
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
	SigmaM  float64 `json:"sigma_m"`
	Visible bool    `json:"visible"`
}

// Limits of landmarks on one frame.
const (
	MinLandmarks      = 3
	MaxLandmarks      = 50
	MaxLandmarkFrames = 100  // of an incident: solving one takes up to a second
	minSigma          = 1e-4 // far below what anybody measures
)

func (c *checker) landmarks(list []Landmarks, refs []MediaRef) {
	if len(list) > MaxLandmarkFrames {
		c.add("landmarks", fmt.Errorf("%d entries exceed the limit of %d", len(list), MaxLandmarkFrames))
		return
	}
	for i, l := range list {
		at := fmt.Sprintf("landmarks[%d]", i)
		c.ofMedia(at, l.Media, refs)
		c.add(at+".by", checkPseudonym(l.By))
		if l.WidthPx < 1 || l.HeightPx < 1 || l.WidthPx > MaxFramePx || l.HeightPx > MaxFramePx {
			c.add(at+".width_px", fmt.Errorf("a frame of %d x %d: want 1 to %d each", l.WidthPx, l.HeightPx, MaxFramePx))
		}
		c.measure(at, "hfov_deg", l.HFOVDeg, "sigma_hfov_deg", least(l.SigmaHFOVDeg), 1, 150, 30)
		c.measure(at, "pitch_deg", l.PitchDeg, "sigma_pitch_deg", least(l.SigmaPitchDeg), -60, 60, 45)
		c.measure(at, "roll_deg", l.RollDeg, "sigma_roll_deg", least(l.SigmaRollDeg), -45, 45, 45)
		if n := len(l.Points); n < MinLandmarks || n > MaxLandmarks {
			c.add(at+".points", fmt.Errorf("%d points: want %d to %d", n, MinLandmarks, MaxLandmarks))
		}
		for k, p := range l.Points[:min(len(l.Points), MaxLandmarks)] {
			c.landmark(fmt.Sprintf("%s.points[%d]", at, k), p, l)
		}
		if len(l.Visible) > MaxLandmarks {
			c.add(at+".visible", fmt.Errorf("%d points exceed the limit of %d", len(l.Visible), MaxLandmarks))
		}
		for k, w := range l.Visible[:min(len(l.Visible), MaxLandmarks)] {
			c.mapPoint(fmt.Sprintf("%s.visible[%d]", at, k), w.Name, w.Lat, w.Lon, w.SigmaM)
		}
	}
}

// least leaves sigmas below the least one as none: measure then says that they are not above 0.
func least(sigma *float64) *float64 {
	if sigma != nil && *sigma < minSigma {
		none := 0.0
		return &none
	}
	return sigma
}

func (c *checker) landmark(at string, p Landmark, l Landmarks) {
	c.mapPoint(at, p.Name, p.Lat, p.Lon, p.SigmaM)
	c.measure(at, "x_px", &p.XPx, "sigma_px", least(&p.SigmaPx), 0, float64(l.WidthPx), MaxFramePx)
	if !finite(p.YPx) || p.YPx < 0 || p.YPx > float64(l.HeightPx) {
		c.add(at+".y_px", fmt.Errorf("%v is not within 0 to %d", p.YPx, l.HeightPx))
	}
}

func (c *checker) mapPoint(at, name string, lat, lon, sigmaM float64) {
	c.add(at+".name", checkText(name))
	c.measure(at, "lat", &lat, "sigma_m", least(&sigmaM), -85, 85, 10_000)
	switch {
	case !finite(lon) || lon < -180 || lon > 180:
		c.add(at+".lon", fmt.Errorf("%v is not within -180 to 180", lon))
	case lat == 0 && lon == 0:
		c.add(at+".lat", fmt.Errorf("0,0 is what an absent position looks like, not a place"))
	}
}
