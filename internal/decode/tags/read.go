package tags

import (
	"io"

	"whenwhere/internal/decode/wire"
)

// Read returns the stated tags of a file of sizeBytes whose content is of mimeType.
func Read(r io.ReaderAt, sizeBytes int64, mimeType string) (wire.Tags, *wire.Fault) {
	return wire.Tags{}, &wire.Fault{Op: wire.OpTags, Class: wire.ClassUnsupported, Rule: "no tag reader for type " + mimeType}
}

// Orientation returns the EXIF orientation, 1 to 8; 1 when it is absent or out of range.
func Orientation(r io.ReaderAt, sizeBytes int64, mimeType string) int {
	return 1
}
