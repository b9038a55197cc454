package still

import (
	"whenwhere/internal/decode/tags/ifd"
	"whenwhere/internal/decode/tags/window"
)

const (
	tagXMP       = 0x02BC // XMP specification part 3 section 1.1.2
	tagIPTC      = 0x83BB
	tagPhotoshop = 0x8649
)

// TIFF takes the file itself as the block: its directories may lie anywhere, so MaxExifBytes does not apply, and what
// bounds the work is that only the values of exported tags are ever read. The walk is handed back: it is made once.
func TIFF(file window.File) (Found, *ifd.Block, error) {
	block, err := ifd.Walk(file, "exif")
	if err != nil {
		return Found{}, nil, damaged("%v", err)
	}
	found := Found{Exif: &file, ExifWhere: "exif"}
	if e, ok := block.Find("IFD0", tagXMP); ok {
		if raw, ok := found.limited(file, "tiff XMP", e.OffsetBytes, e.SizeBytes, MaxXMPBytes); ok {
			found.xmp("xmp", raw)
		}
	}
	_, iptc := block.Find("IFD0", tagIPTC)
	_, photoshop := block.Find("IFD0", tagPhotoshop)
	found.HasIPTC = iptc || photoshop
	return found, block, nil
}
