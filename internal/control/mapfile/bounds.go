package mapfile

import "github.com/paulmach/orb"

// Theatre is the box within which InTheatre is true, for those who measure.
func Theatre() orb.Bound { return theatre() }
