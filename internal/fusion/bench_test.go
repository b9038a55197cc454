package fusion_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"whenwhere/internal/fusion"
)

// grids draws n items of 500 breaks each, 10,000 together with 20.
func grids(b failer, n int) (fusion.Density, []fusion.Item) {
	from := rand.New(rand.NewPCG(3, 4))
	prior := must[fusion.Density](b)(fusion.Uniform(span(start, end)))
	var list []fusion.Item
	for i := range n {
		var breaks []int64
		var values []float64
		for k := range int64(501) {
			breaks = append(breaks, start+k*(end-start)/501+from.Int64N(minute))
			values = append(values, from.Float64())
		}
		shape := must[fusion.Density](b)(fusion.Bins(breaks, values[1:]))
		list = append(list, fusion.Item{ID: fmt.Sprint(i), Reliability: .9, Hypotheses: []fusion.Hypothesis{{Weight: 1, Shape: shape}}})
	}
	return prior, list
}

// Goal: 5 ms.
func BenchmarkFuse20With10000Breaks(b *testing.B) {
	prior, list := grids(b, 20)
	for b.Loop() {
		p, err := fusion.Fuse(prior, list)
		if err != nil || p.Summary().HPD95.Set.IsEmpty() {
			b.Fatal(err)
		}
	}
}

func BenchmarkLeaveOneOut20With10000Breaks(b *testing.B) {
	prior, list := grids(b, 20)
	p := fuse(b, prior, list)
	for b.Loop() {
		p.LeaveOneOut()
	}
}

func smallCase(b *testing.B) (fusion.Density, []fusion.Item) {
	prior := must[fusion.Density](b)(fusion.Uniform(span(start, end)))
	w := &world{Rand: rand.New(rand.NewPCG(5, 6)), bogus: map[string]bool{}}
	w.truth = w.anywhere()
	w.camera(2)
	w.items = append(w.items,
		fusion.Item{ID: "gps", Reliability: .95, Hypotheses: []fusion.Hypothesis{{Weight: 1, Set: span(w.truth-5000, w.truth+5000)}}},
		fusion.Item{ID: "name", Clock: "camera", Reliability: .8, Hypotheses: []fusion.Hypothesis{{Name: "+3", Weight: 1, Set: span(w.truth-1000, w.truth+1000)}}},
		fusion.Item{ID: "post", Reliability: .999, Bound: fusion.Upper, Hypotheses: []fusion.Hypothesis{{Weight: 1, Set: span(w.truth, w.truth+hour)}}},
	)
	return prior, w.items
}

// Goal: 20 us, so that 10,000 files take 200 ms.
func BenchmarkFuse5(b *testing.B) {
	prior, list := smallCase(b)
	for b.Loop() {
		p, err := fusion.Fuse(prior, list)
		if err != nil || p.Summary().HPD95.Set.IsEmpty() {
			b.Fatal(err)
		}
	}
}

func BenchmarkFuse5AndSayAll(b *testing.B) {
	prior, list := smallCase(b)
	for b.Loop() {
		p, err := fusion.Fuse(prior, list)
		if err != nil {
			b.Fatal(err)
		}
		all(p)
	}
}
