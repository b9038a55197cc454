package sqlite_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// BenchmarkLog is the cost of a leaf: files received, as many in each transaction as the name says. Compare with the
// receipt itself, which is without.
func BenchmarkLog(b *testing.B) {
	for _, each := range []int{1, 10, 1000} {
		b.Run(fmt.Sprint(each), func(b *testing.B) {
			s := open(b, b.TempDir())
			defer s.Close()
			n := 0
			for b.Loop() {
				err := s.Update(b.Context(), func(tx *store.Tx) error { return receive(b.Context(), tx, &n, each) })
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/leaf")
		})
	}
}

func receive(ctx context.Context, tx *store.Tx, n *int, each int) error {
	for range each {
		*n++
		if err := tx.SaveMedia(ctx, pipeline.Media{ID: sha256.Sum256(fmt.Append(nil, *n)), GivenName: "a.jpg"}); err != nil {
			return err
		}
	}
	return nil
}
