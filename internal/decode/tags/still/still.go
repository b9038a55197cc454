// Package still finds the blocks of metadata in the containers of pictures: JPEG, PNG, WebP, TIFF, and ISO BMFF as
// used by HEIC and AVIF. It finds and copies them, within limits; it does not read what is in them.
package still

import (
	"bytes"
	"errors"
	"fmt"

	"whenwhere/internal/decode/tags/window"
	"whenwhere/internal/decode/wire"
)

// Limits. A JPEG segment cannot hold more than 64 KB by its own format.
const (
	MaxExifBytes = 1 << 20
	MaxXMPBytes  = window.MaxPieceBytes
	MaxSegments  = 2000   // of a JPEG before its first scan
	MaxChunks    = 50_000 // of a PNG or WebP: 256 MB in 8 KB chunks are 32,768
)

// ErrContainer means that the file is not of the type it is said to be, or breaks off before anything can be read.
var ErrContainer = errors.New("still: damaged container")

// Packet is one XMP packet.
type Packet struct {
	Where string
	Data  []byte
}

// Found is the metadata of one picture.
type Found struct {
	Exif      *window.File // TIFF structure without any prefix; nil when there is none
	ExifWhere string       // "exif" or where else the block was found
	XMP       []Packet
	HasIPTC   bool
	Tags      []wire.Tag // what the container itself states
	Brands    []string   // ISO BMFF only
	Notes     []wire.Note
}

func (f *Found) note(where, format string, args ...any) {
	f.Notes = append(f.Notes, wire.Note{Where: where, Rule: fmt.Sprintf(format, args...)})
}

// exif keeps the first block. A second one is noted: editors leave the camera's and add their own.
func (f *Found) exif(where string, raw []byte) {
	raw = bytes.TrimPrefix(raw, []byte("Exif\x00\x00"))
	if f.Exif != nil {
		f.note(where, "second exif block of %d bytes not read", len(raw))
		return
	}
	block := window.Of(raw)
	f.Exif, f.ExifWhere = &block, "exif"
}

func (f *Found) xmp(where string, raw []byte) {
	const maxPackets = 8
	if len(f.XMP) >= maxPackets {
		f.note(where, "more than %d XMP packets", maxPackets)
		return
	}
	f.XMP = append(f.XMP, Packet{Where: where, Data: raw})
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrContainer, fmt.Sprintf(format, args...))
}
