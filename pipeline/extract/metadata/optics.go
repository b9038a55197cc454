package metadata

import (
	"math"
	"strings"

	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
)

// direction prefers the magnetometer's tag, then the movie's key, then the gimbal of a drone. A gimbal that looks
// straight down points nowhere: its yaw is the turn of the picture.
func (s *stated) direction() (pipeline.Direction, bool) {
	if v, ok := s.number("GPS", "GPSImgDirection"); ok {
		return s.azimuth("GPS GPSImgDirection", v, reference(s.text("GPS", "GPSImgDirectionRef")))
	}
	if text := clean(s.text("keys", "com.apple.quicktime.direction.facing")); text != "" {
		digits := strings.TrimRight(text, "TMtm ")
		if v, ok := decimal(digits); ok {
			return s.azimuth("QuickTime direction.facing", v, reference(text[len(digits):]))
		}
		s.defect("QuickTime direction.facing", "%.60q is no number: unused", text)
	}
	yaw, hasYaw := decimal(s.text("XMP", "drone-dji:GimbalYawDegree"))
	pitch, hasPitch := decimal(s.text("XMP", "drone-dji:GimbalPitchDegree"))
	const steepestDeg = -80 // below it the horizontal part of the view is a sixth and less
	if !hasYaw || !hasPitch || pitch < steepestDeg {
		return pipeline.Direction{}, false
	}
	if yaw < 0 && yaw >= -180 {
		yaw += 360
	}
	return s.azimuth("XMP drone-dji:GimbalYawDegree", yaw, reference(""))
}

// attitude reads DJI's gimbal and height in XMP or subtitles; of subtitles the bounds of the whole recording too. Where the
// pilot stands is read nowhere.
func (s *stated) attitude() pipeline.Attitude {
	flown := s.gimbal()
	a := pipeline.Attitude{
		YawDeg:   first(s.bounded("XMP", "drone-dji:GimbalYawDegree", -360, 360), flown[2]),
		PitchDeg: first(s.bounded("XMP", "drone-dji:GimbalPitchDegree", -180, 180), flown[0]),
		RollDeg:  first(s.bounded("XMP", "drone-dji:GimbalRollDegree", -360, 360), flown[1]),
		HeightM:  first(s.bounded("XMP", "drone-dji:RelativeAltitude", -1000, 20_000), s.within("srt", "HeightFirstM", -1000, 20_000)),
	}
	if a.YawDeg != nil {
		turned := math.Mod(*a.YawDeg+360, 360)
		a.YawDeg = &turned
	}
	// A gimbal that leans past the nadir shows the picture turned round: that is not told apart here.
	if a.PitchDeg != nil && (*a.PitchDeg < -90 || *a.PitchDeg > 90) {
		a.PitchDeg = nil
	}
	a.YawSweepDeg, a.PitchSweepDeg = s.sweep("GimbalYaw", 0, 720), s.sweep("GimbalPitch", -90, 90)
	a.HeightSweepM = s.sweep("GimbalHeightM", -1000, 20_000)
	if a.YawSweepDeg != nil { // how far matters to the view alone; the position has it as its accuracy
		a.ReachM = s.reach("srt")
	}
	return a
}

// gimbal is pitch, roll and yaw of a subtitle's first place.
func (s *stated) gimbal() (angles [3]*float64) {
	t, ok := s.find("srt", "GimbalFirst")
	for i, most := range []float64{180, 360, 360} {
		if v, read := decimal(at(t.Floats, i)); ok && read && math.Abs(v) <= most {
			v += 0 // no minus zero
			angles[i] = &v
		}
	}
	return angles
}

// sweep is a pair of bounds; one that leaves the range of the quantity is unused.
func (s *stated) sweep(name string, least, most float64) *pipeline.Sweep {
	t, ok := s.find("srt", name)
	if !ok {
		return nil
	}
	lo, okLo := decimal(at(t.Floats, 0))
	hi, okHi := decimal(at(t.Floats, 1))
	if !okLo || !okHi || lo < least || hi > most || hi < lo {
		s.defect("srt "+name, "%s is not within %v to %v: unused", shown(t), least, most)
		return nil
	}
	return &pipeline.Sweep{Lo: lo + 0, Hi: hi + 0}
}

// bounded reads a decimal text, which may bear a plus sign, within a range.
func (s *stated) bounded(dir, name string, lo, hi float64) *float64 {
	v, ok := decimal(s.text(dir, name))
	if !ok {
		return nil
	}
	if v < lo || v > hi {
		s.defect(dir+" "+name, "%v is not within %v to %v: unused", v, lo, hi)
		return nil
	}
	v += 0 // no minus zero
	return &v
}

func (s *stated) azimuth(where string, deg float64, ref string) (pipeline.Direction, bool) {
	if deg < 0 || deg > 360 {
		s.defect(where, "%v degrees are not within 0 to 360: unused", deg)
		return pipeline.Direction{}, false
	}
	return pipeline.Direction{AzimuthDeg: deg, Reference: ref}, true
}

func reference(letter string) string {
	switch strings.ToUpper(clean(letter)) {
	case "T":
		return "true"
	case "M":
		return "magnetic"
	}
	return "unstated"
}

func (s *stated) camera() pipeline.Camera {
	c := pipeline.Camera{
		Make: s.words(field{"IFD0", "Make"}, field{"keys", "com.apple.quicktime.make"}, field{"keys", "com.android.manufacturer"},
			field{"keys", "make"}, field{"udta", "©mak"}, field{"XMP", "tiff:Make"}),
		Model: s.words(field{"IFD0", "Model"}, field{"keys", "com.apple.quicktime.model"}, field{"keys", "com.android.model"},
			field{"keys", "model"}, field{"udta", "©mod"}, field{"XMP", "tiff:Model"}),
		Serial: s.words(field{"Exif", "BodySerialNumber"}, field{"XMP", "exifEX:BodySerialNumber"}, field{"XMP", "aux:SerialNumber"}),
		Lens: s.words(field{"Exif", "LensModel"}, field{"keys", "com.apple.quicktime.camera.lens_model"},
			field{"XMP", "exifEX:LensModel"}, field{"XMP", "aux:Lens"}),
		FocalLengthMM:     s.within("Exif", "FocalLength", 0.1, 10_000),
		FocalLength35mmMM: s.equivalent(),
	}
	if c.FocalLength35mmMM != nil {
		c.DigitalZoom = s.within("Exif", "DigitalZoomRatio", 0, 200)
		c.FrameWidthPx, c.FrameHeightPx = s.frame()
	}
	return c
}

// frame is the size that the camera wrote, or that an editor did who keeps the tags in order; 0, 0 when it is not stated.
func (s *stated) frame() (widthPx, heightPx int) {
	w, h := s.within("Exif", "PixelXDimension", 0, wire.MaxSidePx), s.within("Exif", "PixelYDimension", 0, wire.MaxSidePx)
	if w == nil || h == nil || *w < 1 || *h < 1 {
		return 0, 0
	}
	return int(*w), int(*h)
}

// equivalent: 0 is how the standard says that it is unknown (CIPA DC-008 4.6.5.1).
func (s *stated) equivalent() *float64 {
	if t, ok := s.find("Exif", "FocalLengthIn35mmFilm"); ok && (len(t.Ints) == 0 || t.Ints[0] != 0) {
		return s.within("Exif", "FocalLengthIn35mmFilm", 1, 20_000)
	}
	return s.within("keys", "com.apple.quicktime.camera.focal_length.35mm_equivalent", 1, 20_000)
}

// exposure takes the plain tags first and their APEX twins (CIPA DC-008 annex C) where those are absent.
func (s *stated) exposure() pipeline.Exposure {
	e := pipeline.Exposure{
		TimeS:        first(s.within("Exif", "ExposureTime", 1e-7, 86_400), exp2(-1, s.within("Exif", "ShutterSpeedValue", -17, 24))),
		FNumber:      first(s.within("Exif", "FNumber", 0.1, 1000), exp2(0.5, s.within("Exif", "ApertureValue", -2, 20))),
		ISO:          s.sensitivity(),
		BiasEV:       s.within("Exif", "ExposureBiasValue", -20, 20),
		BrightnessEV: s.within("Exif", "BrightnessValue", -30, 30),
	}
	if flash := s.within("Exif", "Flash", 0, 127); flash != nil {
		fired := int64(*flash)&1 == 1
		e.FlashFired = &fired
	}
	return e
}

// sensitivity: 65535 in the 16-bit tag means "more than fits" (CIPA DC-008 4.6.5.1), ISOSpeed then has it.
func (s *stated) sensitivity() *float64 {
	const overflow, highest = 65535, 1e8
	if v, ok := s.find("Exif", "PhotographicSensitivity"); ok && len(v.Ints) > 0 && v.Ints[0] == overflow {
		return s.within("Exif", "ISOSpeed", 1, highest)
	}
	return first(s.within("Exif", "PhotographicSensitivity", 1, highest), s.within("Exif", "ISOSpeed", 1, highest))
}

// within reads a number that must lie in a range; 0/0 is how cameras say "unknown".
func (s *stated) within(dir, name string, lo, hi float64) *float64 {
	t, ok := s.find(dir, name)
	if !ok || len(t.Rats) > 0 && t.Rats[0].Num == 0 && t.Rats[0].Den == 0 {
		return nil
	}
	v, ok := s.number(dir, name)
	if !ok {
		return nil
	}
	if v < lo || v > hi {
		s.defect(dir+" "+name, "%v is not within %v to %v: unused", v, lo, hi)
		return nil
	}
	return &v
}

func first(values ...*float64) *float64 {
	for _, v := range values {
		if v != nil {
			return v
		}
	}
	return nil
}

// exp2 is 2 to the power of factor times the APEX value.
func exp2(factor float64, apex *float64) *float64 {
	if apex == nil {
		return nil
	}
	v := math.Exp2(factor * *apex)
	return &v
}
