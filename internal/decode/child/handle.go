package child

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"

	"whenwhere/internal/decode/look"
	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/decode/still"
	"whenwhere/internal/decode/tags"
	"whenwhere/internal/decode/wire"
)

// handler answers requests; it keeps the memory of its readers from one to the next.
type handler struct{ stills still.Reader }

func (h *handler) handle(req wire.Request, f *os.File) (wire.Answer, *wire.Fault) {
	if req.Op == wire.OpFrames && req.Frames != nil {
		clip, fault := look.Frames(f, *req.Frames)
		return wire.Answer{Clip: &clip}, fault
	}
	if req.Op == wire.OpDerive && req.Type == "" {
		d, fault := look.DeriveStream(f, req)
		return wire.Answer{Derived: &d}, fault
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return wire.Answer{}, &wire.Fault{Class: wire.ClassRefused, Rule: "input is not a regular file"}
	}
	size := info.Size()
	switch req.Op {
	case wire.OpProbe:
		probe, fault := probe(f, size)
		return wire.Answer{Probe: &probe}, fault
	case wire.OpTags:
		t, fault := tags.Read(f, size, req.Type)
		return wire.Answer{Tags: &t}, fault
	case wire.OpFrames: // has its own way in
	case wire.OpPrint:
		s, fault := h.stills.Read(f, size, req.Type, req.MaxPixels)
		return wire.Answer{Still: &s}, fault
	case wire.OpDerive:
		d, fault := still.Derive(f, size, req)
		return wire.Answer{Derived: &d}, fault
	}
	return wire.Answer{}, &wire.Fault{Class: wire.ClassUnsupported, Rule: fmt.Sprintf("operation %q", req.Op)}
}

// probe hashes what it reads and tells the type from the same bytes.
func probe(f *os.File, size int64) (wire.Probe, *wire.Fault) {
	sum := sha256.New()
	read, err := io.Copy(sum, io.NewSectionReader(f, 0, wire.MaxSizeBytes))
	if err != nil {
		return wire.Probe{}, &wire.Fault{Class: wire.ClassInvalid, Rule: "file cannot be read to its end", Detail: err.Error()}
	}
	p := wire.Probe{Type: sniff.Type(f), SHA256: hex.EncodeToString(sum.Sum(nil)), SizeBytes: read}
	if w, h, ok := still.Dims(f, size, p.Type); ok {
		p.WidthPx, p.HeightPx = w, h
	}
	return p, nil
}
