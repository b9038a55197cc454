// Package shadow says what marked shadows, and the Sun itself in a frame, tell about when and where a picture was made.
//
// A mark is a direction (shadow from base to tip, or the Sun), a ratio (object height over shadow length) or an
// elevation, each a [Measure] with a standard deviation. [When] turns marks into a density over time for a known place,
// [Where] into regions of the Earth for known instants, with the ring of places that see the Sun at each height. Nothing
// is sampled: times are bins inside the intervals that survive a rigorous bound, places are cells refined where they can
// still matter, so the same input gives the same answer.
//
// # The error model
//
// Errors are Gaussian. The share of marks that are plain wrong (another object's shadow, a mirrored picture) is not in
// here: a caller who fuses evidence adds that branch.
//
//   - Ratio. On ground that rises by the angle s in the direction of the shadow, under an object that leans by l toward
//     its shadow, height over horizontal length is r = (tan e + tan s) / (cos l + sin l tan e), with e the apparent
//     elevation: light is refracted before it casts a shadow, 0.24 degrees and 8 % of the ratio at e = 3.
//     10 % of ratio are 2.9 degrees at e = 45 and 1.8 at 20.
//   - Penumbra. The disc of 0.53 degrees blurs the tip; a mark anywhere in the blur adds 0.53/sqrt(12) degrees to the
//     standard deviation of the elevation that a ratio shows.
//   - Lean. A standard deviation of the lean also turns the shadow sideways, by tan e times as much.
//   - The Sun is up: a shadow has the centre of the disc above the horizon, a sighting of the Sun its upper limb.
//   - Place and time errors shift all marks together. They are marginalised, not added to each mark.
//   - Unknown north. Marks of one frame group share one unknown rotation with a flat prior, which is marginalised: one
//     such mark says nothing, two at different times say what the Sun turned by.
//
// # What a caller must get right
//
// Azimuths are from true north. A phone's compass shows magnetic north (7 to 9 degrees off in Ukraine). A bearing drawn
// on a map in plain latitude and longitude is wrong by up to 11 degrees at 48 N: use geodesics, or Web Mercator, which
// keeps angles; a UTM grid is off by (lon - lon0) sin lat. A length measured along a slope must first be multiplied by
// the cosine of the slope.
//
// Angles are degrees, azimuths clockwise; times are instants in UTC; geometries are longitude, latitude in WGS 84, cut at
// the antimeridian as RFC 7946 asks. The package reads no clock and holds no state.
package shadow
