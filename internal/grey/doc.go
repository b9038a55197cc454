// Package grey is what perceptual hashes see of a picture: its grey levels, what is left of them on a grid of 64 x 64,
// and the lowest frequencies of that grid.
//
// A Picture may hold every pixel, or only the means of square blocks of them, as a JPEG's DC coefficients give them. Both
// lead to nearly the same Grid, because the filter is laid out in pixels and then brought to the blocks that tell their levels.
//
// The Grid is that of PDQ: two passes of a box filter in each direction over the whole picture, then one sample in the
// middle of each of 64 x 64 cells (facebook/ThreatExchange, pdq; W. Jarosz, "Fast image convolutions", 2001). Filter and
// sampling are linear and separable, so only the 64 x 64 samples are computed, never the filtered picture. Sums are
// float64, where the published programs use float32: a coefficient within rounding of the median may fall to the other
// side.
//
// It promises: the same Picture gives the same Grid and Spectrum on every machine; a Spectrum turned by Turned is the
// Spectrum of the turned picture, so that eight ways to hold a picture cost one transform. It allocates nothing once a
// Reader has seen a size. It knows no file format.
package grey
