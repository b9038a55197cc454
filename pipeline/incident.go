package pipeline

import (
	"strings"
	"time"
)

// Side is a party to the conflict.
type Side string

const (
	SideRU      Side = "ru"
	SideUA      Side = "ua"
	SideOther   Side = "other"
	SideUnknown Side = "unknown"
)

// Kind is what sort of event is claimed. It matters to control maps: some kinds need presence on the ground, others reach
// far beyond the line.
type Kind string

const (
	KindExecution Kind = "execution"
	KindCapture   Kind = "capture"
	KindStrike    Kind = "strike"   // from the air or from afar
	KindShelling  Kind = "shelling" // within the range of guns
	KindOther     Kind = "other"
	KindStatement Kind = "statement" // no event, but a public call, see Statement; only of records that are made of one
)

// OnGround reports whether the kind needs the perpetrator's presence on the ground. ok is false when that is not known.
func (k Kind) OnGround() (needs, ok bool) {
	switch k {
	case KindExecution, KindCapture:
		return true, true
	case KindStrike, KindShelling:
		return false, true
	case KindOther, KindStatement:
	}
	return false, false
}

// Role is why a media file is attached to an incident.
type Role string

const (
	RoleEvent     Role = "event"     // shows the event; its place and time are the claimed ones
	RoleAftermath Role = "aftermath" // shows the place after the event
	RoleContext   Role = "context"   // is kept for reference; no question is asked of its place or time
)

// Incident is one reported incident: what is claimed, and what it rests on. It is read from a manifest and never
// changed by the machine.
type Incident struct {
	ID          string      `json:"id"`
	Claim       Claim       `json:"claim"`
	Media       []MediaRef  `json:"media,omitempty"`
	Sources     []Source    `json:"sources,omitempty"`
	Testimonies []Testimony `json:"testimonies,omitempty"`
	Marks       []Mark      `json:"marks,omitempty"`
	Brackets    []Bracket   `json:"brackets,omitempty"`
	Landmarks   []Landmarks `json:"landmarks,omitempty"`
}

// Claim is what is said to have happened. An absent place or time is legal: such a claim is vague, and the verdict
// says so.
type Claim struct {
	Where       *Place      `json:"where,omitempty"`
	Named       *NamedPlace `json:"named,omitempty"` // when the record names the place; Where is then what a gazetteer found, if exactly one has the name
	When        *Span       `json:"when,omitempty"`
	Kind        Kind        `json:"kind,omitempty"`
	What        string      `json:"what,omitempty"`
	Casualties  *Casualties `json:"casualties,omitempty"`
	Perpetrator Side        `json:"perpetrator,omitempty"` // as alleged; the machine judges place and time, not guilt
	Units       []string    `json:"units,omitempty"`       // alleged to have taken part; compared with those of statements only
}

// Casualties are the persons alleged killed, as a range, and the party they belonged to.
type Casualties struct {
	Min   int  `json:"min"`
	Max   int  `json:"max"`
	Party Side `json:"party"`
}

// MediaRef names a file of the case folder by its relative path, with slashes.
type MediaRef struct {
	File string `json:"file"`
	Role Role   `json:"role,omitempty"` // RoleEvent when absent
}

// EffectiveRole is the role with its default.
func (m MediaRef) EffectiveRole() Role {
	if m.Role == "" {
		return RoleEvent
	}
	return m.Role
}

// Source is a public post that carries or reports the incident.
type Source struct {
	URL       string     `json:"url"`
	Platform  string     `json:"platform,omitempty"`
	Account   string     `json:"account,omitempty"` // personal data: kept out of reports and logs
	Side      Side       `json:"side,omitempty"`
	Published *time.Time `json:"published,omitempty"` // as the platform shows it; absent when unknown
	RepostOf  *string    `json:"repost_of,omitempty"` // the URL of the original post
	Grade     Grade      `json:"grade,omitempty"`
	Media     []string   `json:"media,omitempty"`    // files of the MediaRefs that the post carries; a report in words carries none
	Archived  []Archived `json:"archived,omitempty"` // copies of the post with its footage that others took
}

// ArchiveKind is whose statement dates an archived copy.
type ArchiveKind string

const (
	ArchiveWARC ArchiveKind = "warc" // WARC-Date of the record in a web archive
	ArchiveHTTP ArchiveKind = "http" // header of the server's answer: Last-Modified, Date or Memento-Datetime, with its name or the value alone
	ArchiveSeen ArchiveKind = "seen" // when an archivist saw it: RFC 3339 with its offset
)

// Archived is a copy that shows the footage, and what dates it, as found: it is read later, and a text that states no
// time is flagged and unused. The time of an entry in a ZIP is no kind: whoever packs it sets it.
type Archived struct {
	Kind ArchiveKind `json:"kind"`
	Text string      `json:"text"`
}

// Testimony is what a person says of place and time. The id is a pseudonym.
type Testimony struct {
	ID          string `json:"id"`
	Interviewed string `json:"interviewed,omitempty"` // a date, YYYY-MM-DD
	Place       *Place `json:"place,omitempty"`
	// Named is a place that the person named; Place is then what a gazetteer found, if exactly one has the name.
	Named  *NamedPlace `json:"named,omitempty"`
	Time   *Span       `json:"time,omitempty"`
	Direct *bool       `json:"direct,omitempty"` // saw it (true) or was told (false); absent when not stated
	Grade  Grade       `json:"grade,omitempty"`
}

// MarkKind is what an analyst measured on a frame.
type MarkKind string

const (
	// MarkShadow is a shadow: the azimuth from its base to its tip, the ratio of object height to shadow length, or both.
	MarkShadow MarkKind = "shadow"
	// MarkSun is the sun itself: the azimuth to it, its height over the horizon, or both; or its place in the frame.
	MarkSun MarkKind = "sun"
)

// Mark is a measurement that an analyst made on a frame, each value with its standard deviation.
type Mark struct {
	Media      string   `json:"media"` // the file of the MediaRef it was measured on
	Kind       MarkKind `json:"kind"`
	AzimuthDeg *float64 `json:"azimuth_deg,omitempty"` // from true north, clockwise, 0 to 360; from anywhere when NorthUnknown
	SigmaDeg   *float64 `json:"sigma_deg,omitempty"`   // of the azimuth
	Ratio      *float64 `json:"ratio,omitempty"`       // shadow: height / shadow length
	SigmaRatio *float64 `json:"sigma_ratio,omitempty"`
	// ElevationDeg is the apparent height of the sun's centre over the horizon.
	ElevationDeg      *float64  `json:"elevation_deg,omitempty"` // sun
	SigmaElevationDeg *float64  `json:"sigma_elevation_deg,omitempty"`
	Pixel             *SunPixel `json:"pixel,omitempty"` // sun: in place of azimuth and elevation
	// SlopeDeg is how the ground rises in the direction of the shadow; absent is level beyond doubt.
	SlopeDeg      *float64 `json:"slope_deg,omitempty"` // shadow: -60 to 60
	SigmaSlopeDeg *float64 `json:"sigma_slope_deg,omitempty"`
	// LeanDeg is how the object leans toward its shadow; absent is upright beyond doubt.
	LeanDeg      *float64 `json:"lean_deg,omitempty"` // shadow: -60 to 60
	SigmaLeanDeg *float64 `json:"sigma_lean_deg,omitempty"`
	// NorthUnknown says that the azimuth counts from an unknown direction, the same in all such marks of the analyst on
	// the file: alone it says nothing, two at different times (AfterS) say what the sun turned by.
	NorthUnknown bool     `json:"north_unknown,omitempty"`
	AfterS       *float64 `json:"after_s,omitempty"` // seconds from the start of the clip to the frame; absent is 0
	By           string   `json:"by"`                // pseudonym of the analyst
}

// SunPixel is where the middle of the sun lies in a frame, and how the camera was held. Pixels count from the top left
// corner of the upright frame. Every sigma is above 0.
type SunPixel struct {
	XPx      float64 `json:"x_px"`
	YPx      float64 `json:"y_px"`
	SigmaPx  float64 `json:"sigma_px"` // of both
	WidthPx  int     `json:"width_px"` // of the frame that it was marked on
	HeightPx int     `json:"height_px"`
	// HFOVDeg is the horizontal field of view; absent, it follows from the 35-mm focal length that the file states.
	HFOVDeg       *float64 `json:"hfov_deg,omitempty"`
	SigmaHFOVDeg  *float64 `json:"sigma_hfov_deg,omitempty"`
	YawDeg        float64  `json:"yaw_deg"` // azimuth of the middle of the frame, from true north, clockwise
	SigmaYawDeg   float64  `json:"sigma_yaw_deg"`
	PitchDeg      float64  `json:"pitch_deg"` // 0 at the horizon, up positive
	SigmaPitchDeg float64  `json:"sigma_pitch_deg"`
	RollDeg       *float64 `json:"roll_deg,omitempty"` // clockwise; absent is level within 2 degrees
	SigmaRollDeg  *float64 `json:"sigma_roll_deg,omitempty"`
}

// Bracket is what an analyst found in two satellite images: the earlier does not show yet what the footage shows being
// made (a crater, a fire, a destroyed building) or, as footage of an aftermath, shows made; the later does.
type Bracket struct {
	Media  string    `json:"media"`  // the file of the MediaRef that shows it
	Before time.Time `json:"before"` // when the earlier image was taken; of a longer take, its begin
	After  time.Time `json:"after"`  // when the later one was; of a longer take, its end
	Shows  string    `json:"shows,omitempty"`
	By     string    `json:"by"` // pseudonym of the analyst
}

// Grade is an Admiralty grade (AJP-2.1): a letter for the source's reliability, a digit for the information's
// credibility. F and 6 mean that it cannot be judged, which is not the same as bad. The empty grade is not graded.
type Grade string

// Valid reports whether g is empty or one of A1 to F6.
func (g Grade) Valid() bool {
	return g == "" || len(g) == 2 && strings.IndexByte("ABCDEF", g[0]) >= 0 && strings.IndexByte("123456", g[1]) >= 0
}

// Doubtful reports whether the grade speaks against relying on it: D or E, 4 or 5.
func (g Grade) Doubtful() bool {
	return g.Valid() && g != "" && (g[0] == 'D' || g[0] == 'E' || g[1] == '4' || g[1] == '5')
}

// Judged reports whether both halves of the grade were judged.
func (g Grade) Judged() bool { return g.Valid() && g != "" && g[0] != 'F' && g[1] != '6' }
