// Package likeness says whether two pieces of footage show the same pictures, from their prints alone.
//
// One piece is asked about, the other was seen: the asked one brings all its views (mirrored, turned, without borders, in
// windows), the seen one only how it lies, without borders, and in windows. Two pictures are alike when their PDQ
// hashes are near and their second print, where both have one of the same making, agrees; two movies when a stretch of one
// runs along a stretch of the other (package align), because order is evidence that no single frame gives.
//
// Stills also have mosaics, which are compared place by place (package mosaic): where both have one, it decides, and a picture
// is found by whatever code of it is near. Strangers that share a border, a logo or a phone's screen have near hashes, but
// agree in few places. Films and hash lists have none; there the second print confirms, or nothing does.
//
// Stills that no hash and no mosaic finds are compared by their marks (package marks), which say how one lies on the other: a
// crop of it, turned, mirrored, or on a screen.
//
// It promises: the same prints give the same answer; a print that is flat, or weak (below the quality at which PDQ's
// users put a hash into an index), is like nothing; a window is never like a window, because strangers share skies and
// walls; what Compare finds otherwise than by marks, an index of Seen codes finds within Widest of an Asked one; the numbers
// stand here, with where they come from, but those of marks, which stand in that package.
package likeness

// Radii in bits. The project's design measured 1,124 photos in 32 transforms and 631,000 pairs of unrelated ones: PDQ has
// one false pair in 100,000 at 91 of 256, and none at 60 to 80. What people customarily use, 31, misses most cropped and
// turned pictures. What bounds the radii is strangers that share an overlay: scripts/quality measures them, 23,821 pairs,
// beside 163,344 pairs that share nothing, none of which is alike at any radius below.
const (
	// Widest is the largest of all: what no pair of codes comes within is not alike. Whole pictures are compared at it where
	// mosaics confirm them, and frames of movies, because their order does.
	Widest = 80
	// RadiusPDQ and Radius256, goimagehash's 256-bit hash, are for whole pictures that have both prints and no mosaic. At 80,
	// 208 of the pairs that share an overlay are alike, at 74 about 92, at 66 about 35; but at 70 the first of 71 pictures
	// resized to a quarter is lost.
	RadiusPDQ = 74
	Radius256 = 74
	// RadiusAlone is for PDQ that nothing confirms: prints from lists, and turned views of films.
	// At 70, one more of 213 turned pictures is found, and eight more pairs of strangers with the same border.
	RadiusAlone = 60
	// RadiusSame is for both prints of pictures of which the mosaics say nothing, because hardly a place has structure: a
	// letter, a sign. It is what people customarily use; no pair of strangers with an overlay is that near by either.
	RadiusSame = 31
	// RadiusWindow is for windows, which nothing confirms. At 60, a first pair of strangers with the same logo is alike.
	RadiusWindow = 58
)

// What mosaics must have in common. Measured like the radii: of pairs within Widest, strangers that share an overlay agree in
// at most 0.49 of the places (the same app on a phone's screen, round soft pictures), and copies that are no crops in at least
// 0.81 (a white border), 0.88 with a bar over the lower third, and 0.95 otherwise.
const (
	leastShare  = 0.65
	leastPlaces = 9 // of 81: an eighth of a picture must have structure at all
)

// What makes movies alike.
const (
	minFrames  = 3   // pairs of a segment: two may look alike by chance, three in a row at a steady offset do not
	minShare   = 0.5 // of the frames between its ends
	movieShare = 0.5 // of the frames of the shorter, where there are too few to align
)
