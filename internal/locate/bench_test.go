package locate_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// A frame as analysts mark it, and the largest one allowed whose marks do not agree.
func BenchmarkSolve(b *testing.B) {
	for _, c := range []struct {
		marks int
		lens  bool
		wrong float64
	}{{6, true, 0}, {6, false, 0}, {6, true, 300}, {50, false, 300}} {
		b.Run(fmt.Sprintf("marks=%d,lens=%t,wrong=%v", c.marks, c.lens, c.wrong), func(b *testing.B) {
			s := draw(rand.New(rand.NewPCG(1, 2)), c.marks, c.lens)
			s.Landmarks[2].At.X += c.wrong
			for b.Loop() {
				if _, err := s.Solve(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
