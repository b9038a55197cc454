//go:build !nodynamic

package still

import (
	"bytes"
	"testing"

	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/decode/wire"
)

// TestHEICNeedsTheTag: without it, a sound header ends in "unsupported" and no library of the host is loaded.
func TestHEICNeedsTheTag(t *testing.T) {
	t.Parallel()
	_, err := decodeHEIC(nil)
	if f := decodeFault(err); f.Class != wire.ClassUnsupported {
		t.Errorf("got %+v", f)
	}
	if _, f := Read(bytes.NewReader(nil), 0, sniff.HEIC, 1); f == nil || f.Class != wire.ClassInvalid {
		t.Errorf("no bytes: %+v", f)
	}
}
