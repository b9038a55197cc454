package clock_test

import "testing"

// A corpus of 10,000 items has a second for all its stamps.
func BenchmarkCandidates(b *testing.B) {
	s := dial(b, "2024-11-03T10:15:20")
	for _, c := range []string{"kyiv", "border", "sea"} {
		place := kyivCity
		switch c {
		case "border":
			place = sudzha
		case "sea":
			place = azov
		}
		if _, err := shared.Candidates(place, s); err != nil {
			b.Fatal(err)
		}
		b.Run(c, func(b *testing.B) {
			for b.Loop() {
				_, _ = shared.Candidates(place, s)
			}
		})
	}
}
