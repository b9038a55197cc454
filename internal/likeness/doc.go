// Package likeness says whether two pieces of footage show the same pictures, from their prints alone.
//
// One piece is asked about, the other was seen: the asked one brings all its views (mirrored, turned, without borders, in
// windows), the seen one only how it lies, without borders, and in windows. Two pictures are alike when their PDQ
// hashes are near and their second print, where both have one of the same making, agrees; two movies when a stretch of one
// runs along a stretch of the other (package align), because order is evidence that no single frame gives.
//
// It promises: the same prints give the same answer; a print that is flat, or weak (below the quality at which PDQ's
// users put a hash into an index), is like nothing; a window is never compared with a window, because strangers share
// skies and walls; the radii stand here, with where they come from.
package likeness

// Radii in bits. The project's design measured 1,124 photos in 32 transforms and 631,000 pairs of unrelated ones: PDQ has
// one false pair in 100,000 at 91 of 256, and none at 60 to 80. What people customarily use, 31, misses most cropped and
// turned pictures. What bounds the radii is strangers that share a border, a logo, a caption or a phone's screen:
// scripts/quality measures them, 23,821 pairs, beside 163,344 pairs that share nothing, none of which is alike at any
// radius below. With both prints at 80, 208 pairs that share an overlay are alike, at 74 about 92, at 66 about 35; but at
// 70 the first of 71 pictures resized to a quarter is lost.
const (
	// Widest is the largest of all: what no pair of codes comes within is not alike. Frames of movies are paired at it,
	// because their order confirms them.
	Widest = 80
	// RadiusPDQ and Radius256, goimagehash's 256-bit hash, are for whole pictures with both prints.
	RadiusPDQ = 74
	Radius256 = 74
	// RadiusAlone is for PDQ that nothing confirms: turned pictures, and prints from lists, which have no second print.
	// At 70, one more of 213 turned pictures is found, and eight more pairs of strangers with the same border.
	RadiusAlone = 60
	// RadiusWindow is for windows, which have no second print either, but lose more of what they share than turned
	// pictures do.
	RadiusWindow = 70
)

// What makes movies alike.
const (
	minFrames  = 3   // pairs of a segment: two may look alike by chance, three in a row at a steady offset do not
	minShare   = 0.5 // of the frames between its ends
	movieShare = 0.5 // of the frames of the shorter, where there are too few to align
)
