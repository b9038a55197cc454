package worlds

import (
	"fmt"
	"time"

	"whenwhere/internal/solar"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/metadata"
)

// chances is how often a file or a record has each kind of evidence, and how often that is genuine.
type chances struct {
	stripped                                      float64 // all metadata: a messenger
	camera, offset, gps, position, name, exposure float64 // of files that are not
	shadow, landmarks, testimony, bracket, known  float64
	claimant, second, older                       float64 // posters: of the claim, independent of it, of the footage before it
	genuine                                       genuine
}

// genuine is how often evidence of a kind is: the r of its rule.
type genuine struct {
	camera, gps, position, name, exposure, shadow, landmarks, person, bracket float64
}

// asRules is what the rules of package score say.
func asRules() genuine {
	return genuine{camera: 0.9, gps: 0.95, position: 0.95, name: 0.5, exposure: 0.998, shadow: 0.95, landmarks: 0.9, person: 0.9, bracket: 0.9}
}

// usual is a mixture of phones' originals and of what messengers leave of them.
func usual() chances {
	return chances{stripped: 0.3, camera: 0.85, offset: 0.4, gps: 0.3, position: 0.4, name: 0.3, exposure: 0.6,
		shadow: 0.25, landmarks: 0.1, testimony: 0.25, bracket: 0.1, known: 0.3, claimant: 0.7, second: 0.1, older: 0.3, genuine: asRules()}
}

// leave draws what the footage and the incident left behind.
func (w *world) leave(c chances) error {
	blocks := []string{}
	if !w.chance(c.stripped) {
		blocks = []string{"EXIF"}
		if err := w.metadata(c); err != nil {
			return err
		}
	}
	if err := observe(w, pipeline.BlocksKey, blocks); err != nil {
		return err
	}
	if w.chance(c.shadow) && w.sun(w.at).ApparentElevationDeg > 0 {
		w.Incident.Marks = append(w.Incident.Marks, w.shadow(w.chance(c.genuine.shadow)))
	}
	if w.chance(c.landmarks) {
		w.Incident.Landmarks = append(w.Incident.Landmarks, w.landmarks(w.chance(c.genuine.landmarks)))
	}
	if w.chance(c.bracket) {
		w.Incident.Brackets = append(w.Incident.Brackets, w.bracket(w.chance(c.genuine.bracket)))
	}
	w.people(c)
	w.archive(c)
	w.Media[0].Observed = w.Media[0].Observed.Sorted()
	return nil
}

func observe[T any](w *world, key pipeline.Key[T], v T) error {
	o, err := key.Observe(v)
	w.Media[0].Observed = append(w.Media[0].Observed, o)
	return err
}

// metadata is what the device wrote into the file, and what people made of it.
func (w *world) metadata(c chances) error {
	var stamps []pipeline.StatedClock
	shown := w.clockShows(w.chance(c.genuine.camera), 0.5, time.Minute)
	offsetMin, err := w.offsetMin(shown)
	if err != nil {
		return err
	}
	if w.chance(c.camera) {
		stamps = append(stamps, w.dial(shown, offsetMin, w.chance(c.offset)))
	}
	if w.chance(c.gps) {
		stamps = append(stamps, fix(w.clockShows(w.chance(c.genuine.gps), 0.5, 5*time.Minute)))
	}
	if w.chance(c.name) {
		if err := w.name(shown, offsetMin, w.chance(c.genuine.name)); err != nil {
			return err
		}
	}
	if w.chance(c.position) {
		if err := observe(w, pipeline.PlacesKey, []pipeline.StatedPlace{w.position(w.chance(c.genuine.position))}); err != nil {
			return err
		}
	}
	if w.chance(c.exposure) {
		if err := observe(w, pipeline.ExposureKey, w.exposure(w.chance(c.genuine.exposure))); err != nil {
			return err
		}
	}
	if err := observe(w, pipeline.CameraKey, pipeline.Camera{Make: "Invented", Model: "Phone"}); err != nil {
		return err
	}
	return observe(w, pipeline.ClocksKey, stamps)
}

// name gives the file a name that states a time: the dial's when it is genuine; else the claimed one four times of five,
// because people name files after what they are said to show.
func (w *world) name(shown time.Time, offsetMin int, genuine bool) error {
	if !genuine {
		shown = w.clockShows(false, 0.8, 0)
	}
	dial := shown.Add(time.Duration(offsetMin) * time.Minute)
	ref := pipeline.MediaRef{File: fmt.Sprintf("media/IMG_%s.jpg", dial.Format("20060102_150405"))}
	w.Incident.Media[0], w.Media[0].Ref = ref, ref
	return observe(w, pipeline.NameClocksKey, metadata.NameClocks(ref.File))
}

func (w *world) sun(t time.Time) solar.Position { return solar.Sun(t, w.place.Lat, w.place.Lon) }
