package crashers

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"whenwhere/internal/decode/sniff"
)

func TestAllAreTheKnownFiles(t *testing.T) {
	t.Parallel()
	all := All()
	if len(all) < 30 {
		t.Fatalf("%d crashers, want at least 30", len(all))
	}
	for _, f := range all {
		b := f.Bytes()
		sum := sha256.Sum256(b)
		if got := hex.EncodeToString(sum[:4]); f.SHA256 != "" && got != f.SHA256 {
			t.Errorf("%s: sha256 %s, want %s", f.Name, got, f.SHA256)
		}
		if f.Size != 0 && len(b) != f.Size {
			t.Errorf("%s: %d bytes, want %d", f.Name, len(b), f.Size)
		}
		if got := sniff.Type(bytes.NewReader(b)); got != f.Type {
			t.Errorf("%s: type %s, want %s", f.Name, got, f.Type)
		}
	}
}
