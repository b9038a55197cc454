// Package marks finds small places in a picture that are found again in an edited copy of it, describes each in 256 bits,
// and says whether two pictures have enough of them in common, laid out alike, to show the same.
//
// Hashes of a whole picture do not survive crops, tilts, caption bars and recordings of a screen; the places in it do. It
// is written from published ideas:
//
//   - places are corners where a run of 9 of 16 pixels on a circle is brighter, or darker, than the middle (E. Rosten and
//     T. Drummond, "Machine learning for high-speed corner detection", ECCV 2006), in a pyramid of sizes, the strongest
//     of each cell of the picture first, so that a block of text does not take them all;
//   - each is turned by the direction from the corner to the centroid of the levels about it, and described by which of two
//     smoothed points is the brighter, for 256 pairs of points (E. Rublee and others, "ORB: an efficient alternative to SIFT
//     or SURF", ICCV 2011, after M. Calonder and others, "BRIEF", ECCV 2010). The pairs are our own: 128 drawn by a
//     fixed generator, and the mirror images of these, so that the description of a mirrored place is the same bits in
//     another order, and nobody needs to look at a mirrored picture;
//   - pictures are laid upon each other by hypotheses from two pairs of marks, counted by the pairs that agree, and refined
//     by least squares (M. Fischler and R. Bolles, "Random sample consensus", 1981, but all promising hypotheses are tried
//     in a fixed order instead of random ones).
//
// It promises: the same levels give the same marks on every machine, and the same marks the same Match; what two strangers
// share by wearing the same border, logo, caption or screen is no match (Match.Alike, whose limits were measured).
// Marks of pictures below 40 pixels on a side, and of flat ones, are none. A picture of which only the means of 4 x 4 blocks
// are known is read finely enough: the finest level has 320 x 240 pixels. It allocates nothing but results once a Finder
// has seen a size. It knows no file format.
package marks
