package control

import (
	"fmt"
	"time"
)

// maxDrop is the part of its area that a map may lose against the one before
// without a person having looked: withdrawals on this scale happened twice in
// the war, broken exports come every year.
const maxDrop = 0.2

// Area is how much ground an edition draws as held by ru. Accepted: a person
// looked at it.
type Area struct {
	AsOf     time.Time
	HeldKm2  float64
	Accepted bool
}

// Drops says of each edition of one provider and format, earliest first, why it
// must not be used before a person accepts it; "" when nothing speaks against
// it. An edition is compared with the last one before it that is used, so that
// a broken map vouches for no other. After a gap of more than MaxReach the next
// edition stands for itself: ground may well have changed hands.
func Drops(editions []Area) []string {
	out := make([]string, len(editions))
	last := -1 // the last one used
	for i, e := range editions {
		if i > 0 && e.AsOf.Sub(editions[i-1].AsOf) > MaxReach {
			last = -1
		}
		if last >= 0 && !e.Accepted && e.HeldKm2 < (1-maxDrop)*editions[last].HeldKm2 {
			before := editions[last]
			out[i] = fmt.Sprintf("area fell by %.0f %%, from %.0f to %.0f km2, since the map of %s",
				100*(1-e.HeldKm2/before.HeldKm2), before.HeldKm2, e.HeldKm2, before.AsOf.UTC().Format(time.RFC3339))
			continue
		}
		last = i
	}
	return out
}
