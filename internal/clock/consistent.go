package clock

import "strings"

// agreeMs is how far two fields that one clock wrote in one act may differ:
// headers round, and files are closed a moment after the shutter.
const agreeMs = 2 * secondMs

// Consistent holds the stamps of one file against each other and returns
// them, in their order, with flags where fields of one clock disagree: a
// date of editing later than the capture, an original and a digitised date
// that differ, a track's creation time that is not the movie's. Each of them
// says that the file was changed, none says which field is right, so nothing
// is refused.
func Consistent(stamps []Stamp) []Stamp {
	out := make([]Stamp, len(stamps))
	copy(out, stamps)
	for i := range out {
		for j := range out {
			if flag := disagreement(out[i], out[j]); i != j && flag != "" {
				out[i] = out[i].with(flag)
			}
		}
	}
	return out
}

// disagreement names what is wrong with s in the light of other.
func disagreement(s, other Stamp) string {
	a, okA := s.Local.Bounds()
	b, okB := other.Local.Bounds()
	if !okA || !okB || s.Basis != other.Basis || a.Width() > minuteMs || b.Width() > minuteMs {
		return ""
	}
	later := a.Lo - b.Lo
	far := later > agreeMs || later < -agreeMs
	switch {
	case s.Basis == BasisCamera && s.Kind == Edit && other.Kind == Capture && later > agreeMs:
		return FlagModifiedLater
	case s.Basis == BasisCamera && s.Kind == Capture && other.Kind == Capture && far:
		return FlagFieldsDiffer
	case s.Basis == BasisContainer && s.Kind == Capture && other.Kind == Capture && far && isTrack(s.Field) != isTrack(other.Field):
		return FlagTracksDiffer
	}
	return ""
}

// isTrack tells the headers of tracks (tkhd, mdhd) from that of the movie.
func isTrack(field string) bool {
	f := strings.ToLower(field)
	return strings.Contains(f, "tkhd") || strings.Contains(f, "mdhd") || strings.Contains(f, "track")
}
