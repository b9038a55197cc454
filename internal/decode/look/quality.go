package look

import "math"

// smallPx is the side of the grey picture that quality is measured on, as in PDQ.
const smallPx = 64

// shrink averages blocks of 4 x 4 of a 256 x 256 grey picture.
func shrink(grey []float64) []float64 {
	const step = SidePx / smallPx
	small := make([]float64, smallPx*smallPx)
	for i, v := range grey {
		x, y := i%SidePx, i/SidePx
		small[y/step*smallPx+x/step] += v / (step * step)
	}
	return small
}

// quality is PDQ's gradient measure (facebook/ThreatExchange, pdq/cpp/hashing/pdqhashing.cpp, computePDQFloat's quality):
// differences of horizontal and vertical neighbours in whole percent of the grey range, summed, over 90, at most 100.
// PDQ filters with two box passes before shrinking and we average blocks, so figures differ by a few points.
func quality(small []float64) int {
	sum := 0
	for i, v := range small {
		if i%smallPx != smallPx-1 {
			sum += percent(v - small[i+1])
		}
		if i/smallPx != smallPx-1 {
			sum += percent(v - small[i+smallPx])
		}
	}
	return min(sum/90, 100)
}

// percent cuts towards zero, so that noise below 2.55 grey levels counts for nothing.
func percent(d float64) int { return int(math.Abs(d) * 100 / 255) }

// stdDev is the standard deviation of grey levels; 127.5 is half black, half white.
func stdDev(small []float64) float64 {
	mean := 0.0
	for _, v := range small {
		mean += v / float64(len(small))
	}
	variance := 0.0
	for _, v := range small {
		variance += (v - mean) * (v - mean) / float64(len(small))
	}
	return math.Min(math.Sqrt(variance), 127.5)
}
