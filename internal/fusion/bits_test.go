package fusion_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"testing"
)

// The same bits on every processor: on arm64 the compiler fuses a product and a
// sum that no conversion keeps apart. Only arithmetic goes in; exponentials
// differ between processors.
func TestSameBitsOnEveryProcessor(t *testing.T) {
	t.Parallel()
	prior, list := grids(t, 4)
	w := &world{Rand: rand.New(rand.NewPCG(7, 8)), bogus: map[string]bool{}}
	w.post()
	w.camera(2)
	data, err := json.Marshal(all(fuse(t, prior, append(list, w.items...))))
	if err != nil {
		t.Fatal(err)
	}
	const want = "bd4582a2bec4e8f6"
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:8]) != want {
		t.Errorf("%d bytes hash to %x, want %s", len(data), sum[:8], want)
	}
}
