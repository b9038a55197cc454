package pipeline

// How says where a weight comes from.
type How string

const (
	Measured How = "measured" // fitted on a named data set by a script of this repository
	Derived  How = "derived"  // follows from physics and a stated error model
	Judged   How = "judged"   // an expert's choice, and held small
)

// Known reports whether it is one of the above.
func (h How) Known() bool { return h == Measured || h == Derived || h == Judged }
