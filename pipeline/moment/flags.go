package moment

// Anomalies by name, as flags of an estimate. Stamps that state no time are flagged beside them as "field: why"; what the
// name and the header of a recording say of each other is flagged in the words of package clock: header_in_local,
// name_contradicts, and clip_start and clip_end, the end at which the header was written, which is no anomaly; so is, beside
// its field, what one clock wrote in one act and does not agree: fields_differ, tracks_differ, modified_later.
const (
	FlagNoClock     = "no_clock"            // no clock speaks: the estimate is within the claimed days, or there is none
	FlagBracketOnly = "bracket_only"        // no clock and no light speaks, but two satellite images do, on whatever days
	FlagNoPlace     = "no_place"            // local times stay open over all offsets on Earth, the sun unused
	FlagGPSIsDial   = "gps_is_local_time"   // the satellite time repeats the camera's dial
	FlagGPSDaySlip  = "gps_a_day_off"       // satellite time and camera agree in the time of day, not in the date
	FlagOtherZone   = "clock_in_other_zone" // the camera's clock is in a zone that nobody keeps at the place, by the satellite time
	FlagClockAmiss  = "clock_off_gps"       // the camera's clock stands off the satellite time, by less than a zone
	FlagGPSKept     = "gps_fix_old"         // the satellite time is days older than the camera's
	FlagFarApart    = "clocks_far_apart"    // satellite time and camera are apart by more
	FlagNoSuchLocal = "no_such_local_time"
	FlagMarkUnfit   = "marks_fit_no_time"          // the sun makes no such marks there on any day of the year
	FlagMarkUnread  = "mark_without_lens"          // a sun in the frame of a lens that nobody states, or of a copy of another size
	FlagContradicts = "items_contradict"           // not all items can be genuine
	FlagOffset      = "offset_by_other_files"      // the offset rests on other files of the same device
	FlagClockError  = "clock_error_by_other_files" // and so does how far the clock is off, by which its readings are put right
)
