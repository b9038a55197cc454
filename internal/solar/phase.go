package solar

// Phase is the part of the day by the geometric elevation of the Sun's centre. The zero value is
// PhaseUnknown.
type Phase int

// The phases from bright to dark.
const (
	PhaseUnknown Phase = iota
	PhaseDay
	PhaseCivilTwilight
	PhaseNauticalTwilight
	PhaseAstronomicalTwilight
	PhaseNight
)

// Lowest geometric elevations of the phases, in degrees. Sunrise and sunset are conventions: 34' of
// refraction and 16' of radius over a flat horizon. Seen rises differ by minutes, so widen a test
// near one of these limits by half a degree.
const (
	SunriseDeg              = -0.8333
	CivilTwilightDeg        = -6
	NauticalTwilightDeg     = -12
	AstronomicalTwilightDeg = -18
)

// PhaseAt classifies a geometric elevation; a limit belongs to the brighter phase. NaN and angles
// beyond +-90 are PhaseUnknown.
func PhaseAt(elevationDeg float64) Phase {
	switch {
	case !(elevationDeg >= -90 && elevationDeg <= 90):
		return PhaseUnknown
	case elevationDeg >= SunriseDeg:
		return PhaseDay
	case elevationDeg >= CivilTwilightDeg:
		return PhaseCivilTwilight
	case elevationDeg >= NauticalTwilightDeg:
		return PhaseNauticalTwilight
	case elevationDeg >= AstronomicalTwilightDeg:
		return PhaseAstronomicalTwilight
	}
	return PhaseNight
}

// String returns the phase in words fit for a report.
func (p Phase) String() string {
	switch p {
	case PhaseDay:
		return "day"
	case PhaseCivilTwilight:
		return "civil twilight"
	case PhaseNauticalTwilight:
		return "nautical twilight"
	case PhaseAstronomicalTwilight:
		return "astronomical twilight"
	case PhaseNight:
		return "night"
	default:
		return "unknown"
	}
}
