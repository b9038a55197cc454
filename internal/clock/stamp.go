package clock

import (
	"slices"
	"time"

	"whenwhere/internal/timeset"
)

// Kind is what happened at the stamped moment.
type Kind string

// The kinds of moments. Only Capture and Product speak of the scene itself.
const (
	Capture Kind = "capture" // the shutter
	Edit    Kind = "edit"    // a program changed the file
	Save    Kind = "save"    // a device wrote a copy or a screenshot
	Receive Kind = "receive" // a messenger sent or received it
	Upload  Kind = "upload"  // a server made an id for it
	Product Kind = "product" // a satellite data take began
)

// Bound says how the stamped moment limits the moment of capture.
type Bound string

// The bounds. Upper: the capture is not later than the stamp. Lower: the
// moment that Kind names is not earlier.
const (
	Point Bound = "point"
	Upper Bound = "upper"
	Lower Bound = "lower"
)

func boundOf(k Kind) Bound {
	if k == Capture || k == Product {
		return Point
	}
	return Upper
}

// Zone is what is known of the zone a stamp was written in.
type Zone string

// The states of knowledge. UTCOrLocal is for movie headers, which the
// standard wants in UTC and many cameras write in local time.
const (
	UTC        Zone = "utc"
	Stated     Zone = "stated"
	Unknown    Zone = "unknown"
	UTCOrLocal Zone = "utc_or_local"
)

// The clocks a stamp may come from. Stamps of one basis are one witness.
const (
	BasisCamera    = "camera_clock"
	BasisGPS       = "gps"
	BasisContainer = "container_clock"
	BasisMetadata  = "embedded_metadata"
	BasisFileName  = "file_name"
	BasisPlatform  = "platform_id" // followed by ":" and the scheme

	BasisNeighbours = "platform_order" // the order of a channel's posts
	BasisTelemetry  = "drone_clock"    // subtitles of a drone
	BasisArchiver   = "archive"        // the clock of a server or archivist
	BasisFileTime   = "file_time"      // what a file system or a ZIP remembers
	BasisSoftware   = "software_release"
	BasisSatellite  = "satellite"
)

// Flags. The first group comes with empty Spans: the value is never used.
const (
	FlagNeverSet      = "clock_never_set"    // zeros, blank, or the default of a reset clock
	FlagBadFormat     = "bad_format"         // not the text the standard asks for
	FlagBadCalendar   = "bad_calendar"       // no such day
	FlagBadClock      = "bad_clock"          // no such time of day (24:00:00, second 60)
	FlagBadRational   = "bad_rational"       // denominator 0 or not a 32-bit number
	FlagBeforeWindow  = "before_1990"        // earlier than the plausibility window
	FlagAfterWindow   = "after_collection"   // later than collection plus one day
	FlagNoDate        = "no_date"            // a time of day without a date
	FlagNoTime        = "no_time"            // a date without a time of day
	FlagNoSuchLocal   = "no_such_local_time" // every candidate offset was ruled out
	FlagBadOffset     = "bad_offset"         // an offset was written but is unusable
	FlagOddOffset     = "offset_not_in_use"  // no zone has used it since 1990
	FlagBadSubSec     = "bad_subsec"
	FlagNonStandard   = "nonstandard_form"
	FlagDST           = "dst_suffix"
	FlagResetDay      = "reset_day" // 2000-01-01: likely a clock that ran on from its default
	FlagPartial       = "partial_date"
	FlagUTCDevice     = "utc_device" // set by the caller: this device is known to run on UTC
	FlagUnixEpoch     = "unix_epoch_suspected"
	FlagGPSMillis     = "gps_ms_for_seconds"
	FlagGPSRollover   = "gps_week_rollover"
	FlagGPSDateGuess  = "gps_date_from_wall"
	FlagMaySave       = "may_be_save_time"
	FlagSaverClock    = "clock_of_the_saver" // an archivist's or recipient's device, not the camera
	FlagDateOnly      = "date_only"
	FlagClientMade    = "client_made_id"
	FlagRemoteCopy    = "remote_copy"
	FlagPrivate       = "private_shortcode"
	FlagAmbiguousID   = "scheme_ambiguous"
	FlagUnverified    = "rule_unverified" // the pattern rests on general knowledge
	FlagDatatakeStart = "datatake_start"
	FlagClipStart     = "clip_start"          // the header was written when recording began
	FlagClipEnd       = "clip_end"            // the header was written when recording stopped
	FlagClipLocal     = "header_in_local"     // the header repeats the dial of the name: local time, or a UTC device
	FlagClipUnfit     = "name_contradicts"    // no zone in use brings header and name together
	FlagEdited        = "edited"              // the post was edited: its media may be younger
	FlagOutOfOrder    = "neighbours_disorder" // some neighbours' dates contradict the order of ids and were left out
	FlagModifiedLater = "modified_later"      // edited after the capture, by the camera's own fields
	FlagFieldsDiffer  = "fields_differ"       // two dates that one clock wrote at once are not the same
	FlagTracksDiffer  = "tracks_differ"       // a track was not created with the movie
	FlagFATTime       = "fat_local_2s"
	FlagSelfDated     = "self_dated" // the release writes its own date
)

// Stamp is one statement about time.
type Stamp struct {
	Field string `json:"field"` // where it was read, for example "DateTimeOriginal" or "file_name:pixel"
	Raw   string `json:"raw"`   // as found
	Kind  Kind   `json:"kind"`
	Bound Bound  `json:"bound"`
	Zone  Zone   `json:"zone"`
	// Local is the reading on the device's own dial, in milliseconds since
	// 1970-01-01 00:00 of that dial. It is empty for UTC stamps and for
	// unusable ones.
	Local timeset.Set `json:"local"`
	// Spans are the UTC instants that the reading may mean. While the zone is
	// unknown they reach over every offset on earth. Empty: no claim.
	Spans timeset.Set `json:"spans"`
	// OffsetsMin are the offsets from UTC, in minutes, under which Spans was
	// resolved; nil for UTC stamps and while nothing is known.
	OffsetsMin []int    `json:"offsets_min,omitempty"`
	Basis      string   `json:"basis"`
	Flags      []string `json:"flags,omitempty"`
}

// Usable reports whether the stamp makes any claim.
func (s Stamp) Usable() bool { return !s.Spans.IsEmpty() }

// Has reports whether the flag is set.
func (s Stamp) Has(flag string) bool { return slices.Contains(s.Flags, flag) }

// Admits returns the instants of capture that the stamp leaves possible: its
// Spans for a point, everything up to their end for an upper bound,
// everything from their start for a lower one. ok is false when the stamp
// says nothing of the capture, which excludes nothing: when it makes no
// claim, and when it bounds a later act from below (old footage can be
// encoded or posted at any time).
func (s Stamp) Admits() (admitted timeset.Set, ok bool) {
	switch {
	case !s.Usable(), s.Bound == Lower && s.Kind != Capture && s.Kind != Product:
		return timeset.Set{}, false
	case s.Bound == Upper:
		return s.Spans.UpTo(), true
	case s.Bound == Lower:
		return s.Spans.From(), true
	}
	return s.Spans, true
}

// with returns the stamp with one more flag; flags keep their order and occur
// once.
func (s Stamp) with(flags ...string) Stamp {
	for _, f := range flags {
		if !s.Has(f) {
			s.Flags = append(slices.Clip(s.Flags), f)
		}
	}
	return s
}

// refused drops the claim and says why.
func (s Stamp) refused(flag string) Stamp {
	s.Local, s.Spans, s.OffsetsMin = timeset.Set{}, timeset.Set{}, nil
	return s.with(flag)
}

// inUTC sets the Spans of a stamp whose instants are known in UTC and holds
// them against the plausibility window.
func (s Stamp) inUTC(spans timeset.Set, until time.Time) Stamp {
	s.Zone, s.Spans = UTC, spans
	return s.checked(until)
}

// onDial sets the reading of a dial whose zone is not known.
func (s Stamp) onDial(local timeset.Set, until time.Time) Stamp {
	if s.Zone == "" {
		s.Zone = Unknown
	}
	s.Local, s.Spans = local, Resolve(local, nil)
	return s.checked(until)
}

// atOffset sets the reading of a dial with a stated offset in minutes.
func (s Stamp) atOffset(local timeset.Set, offsetMin int, until time.Time) Stamp {
	s.Zone, s.Local, s.OffsetsMin = Stated, local, []int{offsetMin}
	s.Spans = local.Shift(-minutesMs(offsetMin))
	if !inUse(offsetMin) {
		s = s.with(FlagOddOffset)
	}
	return s.checked(until)
}

// checked refuses a stamp that lies wholly outside the plausibility window.
// Spans that reach into it are kept whole: cutting them would invent
// precision.
func (s Stamp) checked(until time.Time) Stamp {
	bounds, ok := s.Spans.Bounds()
	switch {
	case !ok:
		return s
	case bounds.Hi <= windowStartMs:
		return s.refused(FlagBeforeWindow)
	case bounds.Lo >= windowEndMs(until):
		return s.refused(FlagAfterWindow)
	}
	return s
}
