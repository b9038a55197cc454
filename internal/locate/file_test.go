package locate_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"whenwhere/internal/geo"
	"whenwhere/internal/locate"
)

const (
	frame    = `"frame":{"width_px":4000,"height_px":3000,"hfov_deg":66,"sigma_hfov_deg":1}`
	three    = `{"lat":48.5,"lon":37.9,"sigma_m":5,"x_px":100,"y_px":1500,"sigma_px":4},{"lat":48.501,"lon":37.903,"sigma_m":5,"x_px":2000,"y_px":1500,"sigma_px":4},{"name":"c","lat":48.499,"lon":37.906,"sigma_m":5,"x_px":3900,"y_px":1500,"sigma_px":4}`
	sound    = `{` + frame + `,"landmarks":[` + three + `],"visible":[{"lat":48.51,"lon":37.9,"sigma_m":5,"visible":true}]}`
	bearing3 = `{"bearings":"true","landmarks":[{"lat":48.5,"lon":37.9,"sigma_m":5,"bearing_deg":10,"sigma_deg":1},{"lat":48.501,"lon":37.903,"sigma_m":5,"bearing_deg":-70,"sigma_deg":1},{"lat":48.499,"lon":37.906,"sigma_m":5,"bearing_deg":150,"sigma_deg":1}]}`
	known    = `{` + frame + `,"camera":{"lat":48.5,"lon":37.9,"sigma_m":5,"heading_deg":0,"sigma_heading_deg":3},"visible":[{"lat":48.51,"lon":37.9,"sigma_m":5,"visible":true}]}`
)

func TestRead(t *testing.T) {
	t.Parallel()
	swap := func(old, new string) string {
		if !strings.Contains(sound, old) {
			t.Fatalf("no %s", old)
		}
		return strings.Replace(sound, old, new, 1)
	}
	for text, want := range map[string]string{
		sound: "", bearing3: "", known: "",
		strings.Replace(bearing3, "true", "relative", 1): "",
		``:                "locate: ",
		`[]`:              "locate: ",
		`{}`:              "bearings: \"\": want a frame",
		`{` + frame + `}`: "landmarks: 0 of at least 3",
		strings.Replace(bearing3, `"true"`, `"magnetic"`, 1):                                                     `bearings: "magnetic": want`,
		swap(`"frame":`, `"bearings":"true","frame":`):                                                           "bearings: given beside frame",
		swap(`"x_px":100,`, ``):                                                                                  "landmarks[0].x_px: missing",
		swap(`"x_px":100`, `"x_px":4001`):                                                                        "landmarks[0].x_px: 4001 is not within 0 to 4000",
		swap(`"x_px":100`, `"bearing_deg":1,"x_px":100`):                                                         "landmarks[0].bearing_deg: given beside a frame",
		strings.Replace(bearing3, `"sigma_m"`, `"x_px":3,"sigma_m"`, 1):                                          "landmarks[0].x_px: given without a frame",
		swap(`"sigma_px":4`, `"sigma_px":0`):                                                                     "landmarks[0].sigma_px: 0 is not within",
		swap(`"sigma_px":4`, `"sigma_px":-1`):                                                                    "landmarks[0].sigma_px: -1 is not within",
		swap(`"sigma_px":4`, `"sigma_px":1e999`):                                                                 "locate: ",
		swap(`"sigma_m":5`, `"sigma_m":null`):                                                                    "landmarks[0].sigma_m: missing",
		swap(`"lat":48.5`, `"lat":90`):                                                                           "landmarks[0].lat: 90 is not within",
		swap(`"lat":48.5`, `"lat":30`):                                                                           "landmarks[1]: lies 2054 km from landmarks[0]",
		swap(`"lat":48.5,"lon":37.9`, `"lat":0,"lon":0`):                                                         "landmarks[0].lat: 0,0",
		swap(`"lat":48.501,"lon":37.903`, `"lat":48.5,"lon":37.9`):                                               "landmarks[1]: the point of landmarks[0] again",
		swap(`"x_px":2000`, `"x_px":100`):                                                                        "landmarks[1]: the pixel of landmarks[0] again",
		swap(`"hfov_deg":66`, `"hfov_deg":180`):                                                                  "frame.hfov_deg: 180 is not within",
		swap(`,"sigma_hfov_deg":1`, ``):                                                                          "frame.sigma_hfov_deg: missing",
		swap(`"hfov_deg":66,`, ``):                                                                               "frame.sigma_hfov_deg: given without hfov_deg",
		swap(`"hfov_deg":66,"sigma_hfov_deg":1`, `"pitch_deg":80,"sigma_pitch_deg":1`):                           "frame.pitch_deg: 80",
		swap(`"width_px":4000`, `"width_px":0`):                                                                  "frame.width_px: 0 is not within",
		swap(`,"visible":true`, ``):                                                                              "visible[0].visible: missing",
		swap(`"name":"c"`, `"name":"`+strings.Repeat("x", 201)+`"`):                                              "landmarks[2].name: 201 bytes",
		swap(`"name":"c"`, `"height_m":3`):                                                                       "unknown field",
		swap(`"landmarks":`, `"Landmarks":`):                                                                     "locate: ",
		strings.Replace(known, `"heading_deg":0,`, ``, 1):                                                        "camera.heading_deg: missing",
		strings.Replace(known, `"heading_deg":0`, `"heading_deg":361`, 1):                                        "camera.heading_deg: 361",
		strings.Replace(known, `,"hfov_deg":66,"sigma_hfov_deg":1`, ``, 1):                                       "frame.hfov_deg: missing",
		strings.Replace(known, `"camera"`, `"landmarks":[`+three+`],"camera"`, 1):                                "camera: given beside landmarks",
		known[:strings.Index(known, `,"visible"`)] + `}`:                                                         "visible: missing",
		strings.Replace(bearing3, `]}`, `],"visible":[{"lat":48.51,"lon":37.9,"sigma_m":5,"visible":true}]}`, 1): "visible: given without a frame",
	} {
		_, err := locate.Read([]byte(text))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s\nerror %v, want %q", text, err, want)
		}
	}
}

// Whatever is read can be solved and judged: an answer or an error, and no number that is none.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{sound, bearing3, known, `{}`, strings.Replace(sound, `"hfov_deg":66,"sigma_hfov_deg":1`, `"roll_deg":45,"sigma_roll_deg":45`, 1),
		strings.Replace(bearing3, "true", "relative", 1), strings.Replace(sound, "37.9", "-180", 1), strings.ReplaceAll(sound, `"sigma_m":5`, `"sigma_m":10000`)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := locate.Read(data)
		if err != nil || len(doc.Scene.Landmarks) > 6 {
			return
		}
		if doc.Camera != nil {
			_, _ = doc.Camera.Sees(doc.Watched)
			return
		}
		found, err := doc.Scene.Solve()
		if err != nil {
			return
		}
		for _, s := range found {
			if !(math.Abs(s.Lat) <= 90 && math.Abs(s.Lon) <= 180) || len(s.Residuals) != len(doc.Scene.Landmarks) {
				t.Fatalf("%+v", s)
			}
			if s.Determined && !(s.Ellipse.MajorM >= s.Ellipse.MinorM && s.Ellipse.MinorM >= 0 && s.Share >= 0 && s.Share <= 1) {
				t.Fatalf("%+v, share %v", s.Ellipse, s.Share)
			}
			if _, err := json.Marshal(s.Heading); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// The camera looks north, 60 degrees wide; azimuths of the points by hand.
func TestSees(t *testing.T) {
	t.Parallel()
	at := func(azimuth, metres, sigma float64, visible bool) locate.Watched {
		p := geo.Destination(base, azimuth, metres)
		return locate.Watched{Point: locate.Point{Lat: p.Lat, Lon: p.Lon, SigmaM: sigma}, Visible: visible}
	}
	camera := locate.Stand{Point: locate.Point{Lat: base.Lat, Lon: base.Lon, SigmaM: 10}, Heading: locate.Measure{Value: 0, Sigma: 3}, HFOV: locate.Measure{Value: 60, Sigma: 2}}
	for _, c := range []struct {
		name    string
		watched locate.Watched
		verdict locate.Verdict
		behind  bool
		aside   float64
	}{
		{"in the frame", at(10, 1000, 5, true), locate.Agrees, false, 10},
		{"in the frame, not seen", at(-10, 1000, 5, false), locate.Weak, false, -10},
		{"beside it, not seen", at(60, 1000, 5, false), locate.Outside, false, 60},
		{"beside it, seen", at(60, 1000, 5, true), locate.Contradicts, false, 60},
		{"behind, seen", at(175, 1000, 5, true), locate.Contradicts, true, 175},
		{"at the edge, seen", at(31, 1000, 5, true), locate.Agrees, false, 31},
		{"at the edge, not seen", at(-31, 1000, 5, false), locate.Undecided, false, -31},
		{"well outside the edge, seen", at(37.5, 1000, 5, true), locate.Undecided, false, 37.5},
		{"near, where the camera's own error turns it round", at(175, 5, 5, true), locate.Agrees, false, 175},
	} {
		got, err := camera.Sees([]locate.Watched{c.watched})
		if err != nil {
			t.Fatal(err)
		}
		if s := got[0]; s.Verdict != c.verdict || s.Behind != c.behind || math.Abs(s.AsideDeg-c.aside) > 0.01 {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
	// By hand: 3 degrees of heading, 10 m and 5 m at 1000 m, and 1 degree of the half view.
	got, _ := camera.Sees([]locate.Watched{at(31, 1000, 5, true)})
	sigma := math.Hypot(3, math.Hypot(10, 5)/1000*180/math.Pi)
	edge := math.Hypot(sigma, 1)
	if want := math.Erfc(1/edge/math.Sqrt2) / 2; math.Abs(got[0].SigmaDeg-sigma) > 1e-3 || math.Abs(got[0].Chance-want) > 1e-3 {
		t.Errorf("%+v, want sigma %v, chance %v", got[0], sigma, want)
	}
	if _, err := camera.Sees([]locate.Watched{at(0, 150_000, 5, true)}); err == nil || !strings.Contains(err.Error(), "150 km from the camera") {
		t.Error(err)
	}
	if _, err := (locate.Stand{}).Sees(nil); err == nil {
		t.Error("a camera nowhere sees")
	}
}

// A solution's place and heading err together: a landmark of its own stays in the frame more surely than the sum of both
// errors says.
func TestSeesBySolution(t *testing.T) {
	t.Parallel()
	s := solve(t, bySeed(4))[0]
	stand, ok := s.Stand()
	if !ok {
		t.Fatal(s.Doubts)
	}
	mark := bySeed(4).Landmarks[2]
	got, err := stand.Sees([]locate.Watched{{Point: mark.Point, Visible: true}})
	if err != nil || got[0].Verdict != locate.Agrees {
		t.Fatal(got, err)
	}
	perM := 180 / math.Pi / got[0].DistanceM
	apart := math.Hypot(stand.Heading.Sigma, math.Hypot(mark.SigmaM, s.Ellipse.MajorM/2.4477)*perM)
	if got[0].SigmaDeg >= apart || got[0].SigmaDeg < mark.SigmaM*perM {
		t.Errorf("%v, both errors together are %v", got[0].SigmaDeg, apart)
	}
}
