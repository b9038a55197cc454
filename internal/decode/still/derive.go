package still

import (
	"io"

	"whenwhere/internal/decode/look"
	"whenwhere/internal/decode/wire"
)

// Derive makes a small picture anew from all pixels of the first picture of r, behind the same gates as Read.
func Derive(r io.ReaderAt, size int64, req wire.Request) (wire.Derived, *wire.Fault) {
	format, ok := formats[req.Type]
	if !ok {
		return wire.Derived{}, derived(fault(wire.ClassUnsupported, "no reader for pixels of this type", nil))
	}
	src := source{r: r, size: size, maxPixels: req.MaxPixels}
	if _, err := src.gate(req.Type); err != nil {
		return wire.Derived{}, derived(err)
	}
	img, err := decoded(src, req.Type)
	if err != nil {
		return wire.Derived{}, derived(err)
	}
	small, shrinkErr := look.Shrink(img, req.DeriveSidePx())
	if shrinkErr != nil {
		return wire.Derived{}, derived(fault(wire.ClassInvalid, "pixels cannot be read", shrinkErr))
	}
	if !format.upright {
		small = small.Upright(orientation(src.reader(), req.Type))
	}
	return look.Derive(small, req), nil
}

// derived says that a fault met on the way concerns the derived picture.
func derived(f *wire.Fault) *wire.Fault {
	f.Op = wire.OpDerive
	return f
}
