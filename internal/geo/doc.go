// Package geo reads GeoJSON strictly and measures on WGS 84.
//
// Reading. Decode stands in front of paulmach/orb, which takes an empty point
// for 0,0 and panics on empty polygons. A document that breaks a rule is
// refused as a whole with an *Error naming path, line and rule; nothing is
// repaired. Winding is recorded, then normalised in memory (exterior
// counter-clockwise, RFC 7946). Self-crossing rings are not refused: Flaws
// finds them and says where.
//
// Measuring. DistanceM, Destination: geodesics by Vincenty's formulas, 0.5 mm
// (DistanceM between nearly antipodal points: 1 m). Region: containment and
// distance to the boundary, 0.1 % within 200 km (see SignedDistanceM), and
// AreaKm2, exact to rounding for the shapes as GeoJSON defines them: edges are
// straight in longitude and latitude, not great circles. Rings may not cross
// the antimeridian; RFC 7946 has them split there.
//
// The package imports strictjson, orb and simplefeatures, nothing of the
// project besides, reads no clock and holds no state.
package geo

import "whenwhere/internal/strictjson"

// LatLon is a place on WGS 84 in degrees, with names so that the two cannot be
// swapped. orb.Point is [lon, lat] by index.
type LatLon struct{ Lat, Lon float64 }

// Error is a refusal: Path such as features[3].geometry.coordinates[0][1],
// Line and Column from 1, Rule, Detail.
type Error = strictjson.Error

// Rule names what a document broke: one of these or of package strictjson.
type Rule = strictjson.Rule

// The rules of GeoJSON as this package reads it.
const (
	RuleType          Rule = "geojson-type"
	RuleMissing       Rule = "missing-member"
	RuleCRS           Rule = "crs84-only"
	RuleGeometryDepth Rule = "max-geometry-depth"
	RuleFeatures      Rule = "max-features"
	RuleRings         Rule = "max-rings"
	RuleVertices      Rule = "max-vertices"
	RulePosition      Rule = "position"
	RuleRange         Rule = "coordinate-range"
	RuleEmpty         Rule = "not-empty"
	RuleLine          Rule = "line-length"
	RuleRingLength    Rule = "ring-length"
	RuleRingClosed    Rule = "ring-closed"
	RuleRingDistinct  Rule = "ring-distinct"
	RuleRingWidth     Rule = "ring-width"
)

// Limits bound a document. A zero field means the default.
type Limits struct {
	MaxBytes         int // default 64 MB; uploads should set 8 MB
	MaxDepth         int // JSON nesting, properties included; default 16
	MaxGeometryDepth int // a polygon is 1, a collection of polygons 2; default 4
	MaxFeatures      int // default 100,000
	MaxRings         int // default 200,000
	MaxVertices      int // default 1,000,000; the largest real control map has 77,436
}

func (l Limits) withDefaults() Limits {
	def := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	def(&l.MaxBytes, 64<<20)
	def(&l.MaxDepth, strictjson.DefaultMaxDepth)
	def(&l.MaxGeometryDepth, 4)
	def(&l.MaxFeatures, 100_000)
	def(&l.MaxRings, 200_000)
	def(&l.MaxVertices, 1_000_000)
	return l
}
