package align

import (
	"cmp"
	"fmt"
	"slices"
)

// instant is one moment of a clip with its views.
type instant struct {
	atMs  int64
	codes []Code
}

// track is a clip in comparable form.
type track struct{ upright, mirrored []instant }

func newTrack(name string, c Clip, opt Options) (track, error) {
	upright, err := instants(name, c.Frames, opt)
	if err != nil {
		return track{}, err
	}
	mirrored, err := instants(name+" mirrored", c.Mirrored, opt)
	return track{upright, mirrored}, err
}

// instants joins frames of the same time, and leaves out what is below the quality gate.
func instants(name string, frames []Frame, opt Options) ([]instant, error) {
	var list []instant
	for i, f := range frames {
		if i > 0 && f.AtMs < frames[i-1].AtMs {
			return nil, fmt.Errorf("align: %s: frame %d at %d ms after %d ms: %w", name, i, f.AtMs, frames[i-1].AtMs, ErrOrder)
		}
		if f.Quality < opt.MinQuality {
			continue
		}
		if n := len(list); n > 0 && list[n-1].atMs == f.AtMs {
			list[n-1].codes = append(list[n-1].codes, f.Code)
			continue
		}
		list = append(list, instant{f.AtMs, []Code{f.Code}})
	}
	if len(list) > MaxInstants {
		return nil, fmt.Errorf("align: %s: %d instants exceed %d: %w", name, len(list), MaxInstants, ErrLimit)
	}
	// The difference of two times of opposite signs may overflow; as unsigned it is right.
	if n := len(list); n > 0 && uint64(list[n-1].atMs)-uint64(list[0].atMs) > MaxSpanMs {
		return nil, fmt.Errorf("align: %s: times from %d to %d ms exceed a span of %d: %w",
			name, list[0].atMs, list[n-1].atMs, int64(MaxSpanMs), ErrLimit)
	}
	return list, nil
}

// compareInstants is any total order; see between.
func compareInstants(a, b instant) int {
	return cmp.Or(cmp.Compare(a.atMs, b.atMs), slices.CompareFunc(a.codes, b.codes, func(x, y Code) int {
		return slices.Compare(x[:], y[:])
	}))
}

// stepMs is the usual distance of two instants: the median, 1000 for fewer than two.
func stepMs(list []instant) float64 {
	if len(list) < 2 {
		return 1000
	}
	var gaps []int64
	for i := 1; i < len(list); i++ {
		gaps = append(gaps, list[i].atMs-list[i-1].atMs)
	}
	slices.Sort(gaps)
	return float64(gaps[len(gaps)/2])
}
