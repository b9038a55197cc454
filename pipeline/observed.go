package pipeline

// The keys that extractors make. Each has one owner among the stages, and a value type below.
var (
	FileKey       = Key[File]{"container.file"}
	ClocksKey     = Key[[]StatedClock]{"metadata.clocks"}
	NameClocksKey = Key[[]StatedClock]{"name.clocks"} // of the exhibit's own name, not of the bytes
	PlacesKey     = Key[[]StatedPlace]{"metadata.places"}
	ClipKey       = Key[Clip]{"metadata.clip"}
	DirectionKey  = Key[Direction]{"metadata.direction"}
	AttitudeKey   = Key[Attitude]{"metadata.attitude"}
	CameraKey     = Key[Camera]{"metadata.camera"}
	ExposureKey   = Key[Exposure]{"metadata.exposure"}
	SoftwareKey   = Key[[]string]{"metadata.software"}
	BlocksKey     = Key[[]string]{"metadata.blocks"}
	DefectsKey    = Key[[]Defect]{"metadata.defects"}
	PrintsKey     = Key[[]Print]{"prints.looks"}
)

// File is what a file is by its content.
type File struct {
	Type      string `json:"type"` // MIME type; application/octet-stream when nothing fits
	SHA256    string `json:"sha256"`
	SizeBytes int64  `json:"size_bytes"`
	WidthPx   int    `json:"width_px,omitempty"`
	HeightPx  int    `json:"height_px,omitempty"`
}

// ClockKind says which clock wrote a stamp. Stamps of one clock are one witness.
type ClockKind string

const (
	ClockCamera    ClockKind = "camera_clock"    // EXIF dates and their copies in XMP and IPTC
	ClockGPS       ClockKind = "gps"             // satellite time
	ClockContainer ClockKind = "container_clock" // QuickTime and MP4 headers and keys
	ClockFileName  ClockKind = "file_name"       // what a program put into the name
)

// StampKind is what happened at the stamped time.
type StampKind string

const (
	StampCapture StampKind = "capture"
	StampEdit    StampKind = "edit"
	StampSave    StampKind = "save"
	StampReceive StampKind = "receive"
	StampUpload  StampKind = "upload"
	StampProduct StampKind = "product" // of a satellite scene
)

// Bound is how a stamp bounds the time of capture.
type Bound string

const (
	BoundPoint Bound = "point" // the capture lies in the spans
	BoundUpper Bound = "upper" // the capture is not later than the end of the spans
	BoundLower Bound = "lower" // the capture is not earlier than the start of the spans
)

// StatedClock is one stamp as the file states it. A stamp with a known zone has UTC spans. A stamp without has Wall:
// what a clock on the wall showed, which becomes UTC only together with a place and a rule for its offsets. A stamp
// whose zone its standard leaves open has both, as alternatives.
type StatedClock struct {
	Field string    `json:"field"` // "EXIF:DateTimeOriginal", "QuickTime:mvhd", "FileName:PXL"
	Raw   string    `json:"raw"`
	Clock ClockKind `json:"clock"`
	Kind  StampKind `json:"kind"`
	Bound Bound     `json:"bound"`
	UTC   []Span    `json:"utc,omitempty"`
	Wall  *WallSpan `json:"wall,omitempty"`
	Flags []string  `json:"flags,omitempty"` // why it is doubtful or unused; see package clock
}

// WallSpan is a half-open interval of wall-clock time without a zone, as text without one: 2006-01-02T15:04:05.000.
// It is deliberately not a Span.
type WallSpan struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// WallLayout is the layout of both ends of a WallSpan.
const WallLayout = "2006-01-02T15:04:05.000"

// StatedPlace is a position as the file states it, checked for range; 0,0 and incomplete positions are defects instead.
type StatedPlace struct {
	Field     string   `json:"field"` // "EXIF:GPS", "QuickTime:ISO6709", "XMP:exif:GPS"
	Lon       float64  `json:"lon"`
	Lat       float64  `json:"lat"`
	AccuracyM *float64 `json:"accuracy_m,omitempty"` // 68 % radius; absent when the file does not state it
	AltitudeM *float64 `json:"altitude_m,omitempty"`
}

// Clip is a recording as its header states it. Phones write the header's time when it ends, many cameras when it begins:
// its length tells how far the header may stand from what was filmed.
type Clip struct {
	DurationMs int64 `json:"duration_ms"` // above 0
}

// Direction is where the camera pointed.
type Direction struct {
	AzimuthDeg float64 `json:"azimuth_deg"` // clockwise, 0 to 360
	Reference  string  `json:"reference"`   // "true", "magnetic", or "unstated"
}

// Attitude is how a drone held its camera, and how high; each is absent when it is not stated. Yaw counts from north by
// the drone's compass; whether from true north is not stated.
type Attitude struct {
	YawDeg   *float64 `json:"yaw_deg,omitempty"`   // clockwise, 0 to 360
	PitchDeg *float64 `json:"pitch_deg,omitempty"` // 0 at the horizon, -90 straight down
	RollDeg  *float64 `json:"roll_deg,omitempty"`  // clockwise
	HeightM  *float64 `json:"height_m,omitempty"`  // above the place of take-off, not above the ground below; of recordings at their begin

	// Of recordings the bounds of all readings; those of single moments have none.
	YawSweepDeg   *Sweep `json:"yaw_sweep_deg,omitempty"`
	PitchSweepDeg *Sweep `json:"pitch_sweep_deg,omitempty"`
	HeightSweepM  *Sweep `json:"height_sweep_m,omitempty"`

	ReachM *float64 `json:"reach_m,omitempty"` // how far a recording goes from its first place
}

// Sweep is where readings lie, ends included. Yaws go clockwise from Lo, 0 to 360, to Hi, which exceeds 360 where they
// cross north.
type Sweep struct {
	Lo float64 `json:"lo"`
	Hi float64 `json:"hi"`
}

// Camera is the device as the file names it.
type Camera struct {
	Make              string   `json:"make,omitempty"`
	Model             string   `json:"model,omitempty"`
	Serial            string   `json:"serial,omitempty"`
	Lens              string   `json:"lens,omitempty"`
	FocalLengthMM     *float64 `json:"focal_length_mm,omitempty"`
	FocalLength35mmMM *float64 `json:"focal_length_35mm_mm,omitempty"`
	// Only beside a 35-mm focal length, whose field of view holds for the frame that the camera wrote.
	DigitalZoom   *float64 `json:"digital_zoom,omitempty"`   // 0: not used
	FrameWidthPx  int      `json:"frame_width_px,omitempty"` // both or neither
	FrameHeightPx int      `json:"frame_height_px,omitempty"`
}

// Exposure is how much light the camera met.
type Exposure struct {
	TimeS        *float64 `json:"time_s,omitempty"`
	FNumber      *float64 `json:"f_number,omitempty"`
	ISO          *float64 `json:"iso,omitempty"`
	BiasEV       *float64 `json:"bias_ev,omitempty"`
	BrightnessEV *float64 `json:"brightness_ev,omitempty"` // APEX Bv
	FlashFired   *bool    `json:"flash_fired,omitempty"`
}

// Defect is something in a file that is malformed or impossible, and was left unused because of it.
type Defect struct {
	Where string `json:"where"`
	Rule  string `json:"rule"`
}

// Print is what one picture, or one keyframe of a movie, looks like, or a part of it, or when it is held in another way.
type Print struct {
	AtMs     *int64 `json:"at_ms,omitempty"` // time of the keyframe in the movie; absent for a still
	View     View   `json:"view"`
	Part     *Part  `json:"part,omitempty"` // of what is upright; only for views of a part
	Quality  int    `json:"quality"`        // PDQ's, 0 to 100: how many edges there are
	Flat     bool   `json:"flat"`           // too flat to match anything; no hashes
	Weak     string `json:"weak,omitempty"` // why it must not enter an index, though it has hashes
	Hashes   []Hash `json:"hashes,omitempty"`
	Mosaic   []byte `json:"mosaic,omitempty"` // 64 x 64 grey levels, row by row; of stills, upright, as stored and trimmed
	Marks    []byte `json:"marks,omitempty"`  // local features in the form of package marks; of stills, upright
	WidthPx  int    `json:"width_px,omitempty"`
	HeightPx int    `json:"height_px,omitempty"`
}

// View says how a picture is looked at. Prints of stage version 1 know the first three.
type View = string

// Views. Turns are counterclockwise.
const (
	ViewUpright         View = "upright"
	ViewMirrored        View = "mirrored"  // upright, turned left to right
	ViewAsStored        View = "as_stored" // before the EXIF orientation
	ViewRot90           View = "rot90"
	ViewRot180          View = "rot180"
	ViewRot270          View = "rot270"
	ViewFlipped         View = "flipped"          // top to bottom
	ViewTransposed      View = "transposed"       // along the diagonal from the top left corner
	ViewTransversed     View = "transversed"      // along the other diagonal
	ViewTrimmed         View = "trimmed"          // without uniform borders
	ViewTrimmedMirrored View = "trimmed_mirrored" // that, turned left to right
	ViewWindow          View = "window"           // one of several overlapping parts
)

// Indexed tells whether a print belongs into an index of what is known. The others serve the one who searches: to find a
// picture however it is held, it is enough that one side turns it.
func (p Print) Indexed() bool {
	if p.Flat || p.Weak != "" {
		return false
	}
	switch p.View {
	case ViewUpright, ViewAsStored, ViewTrimmed, ViewWindow:
		return true
	}
	return false
}

// Part is a part of a picture in pixels.
type Part struct {
	LeftPx   int `json:"left_px"`
	TopPx    int `json:"top_px"`
	WidthPx  int `json:"width_px"`
	HeightPx int `json:"height_px"`
}

// Hash is a perceptual hash with the algorithm and version that made it; others do not compare.
type Hash struct {
	Algorithm string `json:"algorithm"`
	Version   string `json:"version"`
	Hex       string `json:"hex"`
}
