package look

import (
	"math"
	"slices"
)

const (
	// outlineLevels is how many greys an outline has: enough for edges, too few for surfaces.
	outlineLevels = 16
	// inkShare of the pixels are drawn as dark as can be; leastInk keeps the noise of flat pictures from becoming lines.
	inkShare = 0.02
	leastInk = 60.0
)

// outline is the gradient magnitude of the grey levels (Sobel and Feldman, 1968), dark on white, after a blur that takes
// the grain and the finest surfaces away. It is scaled by its own strongest edges, so that pictures of night have lines too.
func outline(s Small) []byte {
	luma := make([]float64, s.Width*s.Height)
	for i := range luma {
		luma[i] = float64(level(s.RGB[3*i], s.RGB[3*i+1], s.RGB[3*i+2]))
	}
	luma = blurred(blurred(luma, s.Width, s.Height), s.Width, s.Height)
	edges := make([]float64, len(luma))
	at := func(x, y int) float64 {
		return luma[min(max(y, 0), s.Height-1)*s.Width+min(max(x, 0), s.Width-1)]
	}
	for y := range s.Height {
		for x := range s.Width {
			gx := at(x+1, y-1) + 2*at(x+1, y) + at(x+1, y+1) - at(x-1, y-1) - 2*at(x-1, y) - at(x-1, y+1)
			gy := at(x-1, y+1) + 2*at(x, y+1) + at(x+1, y+1) - at(x-1, y-1) - 2*at(x, y-1) - at(x+1, y-1)
			edges[y*s.Width+x] = math.Sqrt(gx*gx + gy*gy)
		}
	}
	sorted := slices.Sorted(slices.Values(edges))
	full := max(leastInk, sorted[min(len(sorted)-1, int(float64(len(sorted))*(1-inkShare)))])
	out := make([]byte, len(edges))
	for i, e := range edges {
		step := int(math.Round((outlineLevels - 1) * (1 - min(1, e/full))))
		out[i] = byte(step * 255 / (outlineLevels - 1))
	}
	return out
}

// blurred is the mean of each pixel and its eight neighbours.
func blurred(luma []float64, w, h int) []float64 {
	out := make([]float64, len(luma))
	for y := range h {
		for x := range w {
			sum := 0.0
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					sum += luma[min(max(y+dy, 0), h-1)*w+min(max(x+dx, 0), w-1)]
				}
			}
			out[y*w+x] = sum / 9
		}
	}
	return out
}
