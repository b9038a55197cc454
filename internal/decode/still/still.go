// Package still turns the bytes of a picture into its wire.Still: what it looks like, upright and as stored.
//
// It runs in the jailed child only. Every picture passes the same gates in this order: bytes, header (both sides at
// least 1, the pixel cap), structure (scans of a JPEG; of animations and multi-page files only the first picture is read),
// decode, the sides that were decoded in fact, reduction to one small square, EXIF orientation, hashes. A refusal names
// its limit. Memory and time are not bounded here: the child's limits and the parent's clock do that, and a death of the
// child is an ordinary result. In particular disintegration/imaging panics in goroutines of its own.
//
// Pixels of HEIC need the build tag nodynamic (see decodeHEIC); AVIF is not read here but by ffmpeg (package decode).
package still

import (
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"whenwhere/internal/decode/look"
	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/decode/wire"
)

// Limits of one picture. The pixel cap is the caller's: it depends on the memory of the child.
const (
	MaxFileBytes = 256 << 20
	MaxScans     = 100
)

// Read decodes the first picture of r, which holds size bytes of type mime, if it has at most maxPixels.
func Read(r io.ReaderAt, size int64, mime string, maxPixels int64) (wire.Still, *wire.Fault) {
	format, ok := formats[mime]
	if !ok {
		return wire.Still{}, fault(wire.ClassUnsupported, "no reader for pixels of this type", nil)
	}
	src := source{r: r, size: size, maxPixels: maxPixels}
	if err := src.gate(mime); err != nil {
		return wire.Still{}, err
	}
	img, err := format.decode(src.reader())
	if err != nil {
		return wire.Still{}, decodeFault(err)
	}
	if err := checkSides(img.Bounds().Dx(), img.Bounds().Dy(), maxPixels); err != nil {
		return wire.Still{}, err
	}
	square, err := reduce(img)
	if err != nil {
		return wire.Still{}, fault(wire.ClassInvalid, "pixels cannot be read", err)
	}
	s := wire.Still{WidthPx: img.Bounds().Dx(), HeightPx: img.Bounds().Dy(), FirstOnly: src.hasMore(mime)}
	s.Orientation = 1
	if !format.upright {
		s.Orientation = orientation(src.reader(), mime)
	}
	return looks(s, square)
}

// looks fills in both Looks of the square as stored.
func looks(s wire.Still, square *image.NRGBA) (wire.Still, *wire.Fault) {
	stored, err := look.Of(opaque(square))
	if err != nil {
		return wire.Still{}, fault(wire.ClassInvalid, "picture cannot be hashed", err)
	}
	s.Look = stored
	if s.Orientation == 1 {
		return s, nil
	}
	upright, err := look.Of(opaque(turn(square, s.Orientation)))
	if err != nil {
		return wire.Still{}, fault(wire.ClassInvalid, "picture cannot be hashed", err)
	}
	s.Look, s.AsStored = upright, &stored
	return s, nil
}

// Dims returns the sides that the header declares, unchecked but by sign; ok is false when there is no readable header.
func Dims(r io.ReaderAt, size int64, mime string) (widthPx, heightPx int, ok bool) {
	format, known := formats[mime]
	if !known {
		if mime != sniff.AVIF {
			return 0, 0, false
		}
		format.config = isoConfig
	}
	cfg, err := format.config(io.NewSectionReader(r, 0, size))
	if err != nil || cfg.Width < 1 || cfg.Height < 1 || cfg.Width > wire.MaxSidePx || cfg.Height > wire.MaxSidePx {
		return 0, 0, false
	}
	return cfg.Width, cfg.Height, true
}

type format struct {
	config  func(*io.SectionReader) (image.Config, error)
	decode  func(*io.SectionReader) (image.Image, error)
	upright bool // the decoder itself applies the container's rotation, and EXIF's must be ignored
}

var formats = map[string]format{
	sniff.JPEG: {config: plainConfig(jpeg.DecodeConfig), decode: plain(jpeg.Decode)},
	sniff.PNG:  {config: plainConfig(png.DecodeConfig), decode: plain(png.Decode)},
	sniff.GIF:  {config: plainConfig(gif.DecodeConfig), decode: plain(gif.Decode)}, // Decode stops after the first frame
	sniff.WebP: {config: plainConfig(webp.DecodeConfig), decode: plain(webp.Decode)},
	sniff.BMP:  {config: plainConfig(bmp.DecodeConfig), decode: plain(bmp.Decode)},
	// tiff reads at offsets and would buffer a plain reader as a whole.
	sniff.TIFF: {
		config: func(r *io.SectionReader) (image.Config, error) { return tiff.DecodeConfig(r) },
		decode: func(r *io.SectionReader) (image.Image, error) { return tiff.Decode(r) },
	},
	sniff.HEIC: {config: isoConfig, decode: decodeHEIC, upright: true},
	sniff.HEIF: {config: isoConfig, decode: decodeHEIC, upright: true},
}

// source is one input with the cap that holds for it.
type source struct {
	r         io.ReaderAt
	size      int64
	maxPixels int64
}

func (s source) reader() *io.SectionReader { return io.NewSectionReader(s.r, 0, s.size) }

// gate refuses what must not be decoded.
func (s source) gate(mime string) *wire.Fault {
	if s.size > MaxFileBytes {
		return fault(wire.ClassRefused, fmt.Sprintf("image bytes %d exceed %d", s.size, MaxFileBytes), nil)
	}
	cfg, err := formats[mime].config(s.reader())
	if err != nil {
		return decodeFault(err)
	}
	if err := checkSides(cfg.Width, cfg.Height, s.maxPixels); err != nil {
		return err
	}
	if mime != sniff.JPEG {
		return nil
	}
	if scans := countScans(s.reader(), MaxScans); scans > MaxScans {
		return fault(wire.ClassRefused, fmt.Sprintf("jpeg scans exceed %d", MaxScans), nil)
	}
	return nil
}

func checkSides(width, height int, maxPixels int64) *wire.Fault {
	if width < 1 || height < 1 {
		return fault(wire.ClassInvalid, fmt.Sprintf("sides %d x %d: each must be at least 1", width, height), nil)
	}
	// Sides above 2^30 could overflow the product.
	if width > wire.MaxSidePx || height > wire.MaxSidePx {
		return fault(wire.ClassRefused, fmt.Sprintf("side %d exceeds %d", max(width, height), wire.MaxSidePx), nil)
	}
	if pixels := int64(width) * int64(height); pixels > maxPixels {
		f := fault(wire.ClassRefused, fmt.Sprintf("pixels %d exceed %d", pixels, maxPixels), nil)
		f.NeedPixels = pixels
		return f
	}
	return nil
}

// errUnsupported marks what a decoder of ours cannot do, as against what is broken.
var errUnsupported = errors.New("unsupported")

func decodeFault(err error) *wire.Fault {
	var (
		j jpeg.UnsupportedError
		p png.UnsupportedError
		t tiff.UnsupportedError
	)
	if errors.As(err, &j) || errors.As(err, &p) || errors.As(err, &t) ||
		errors.Is(err, bmp.ErrUnsupported) || errors.Is(err, errUnsupported) {
		return fault(wire.ClassUnsupported, "a variant that the decoder does not know", err)
	}
	return fault(wire.ClassInvalid, "picture cannot be decoded", err)
}

func fault(c wire.Class, rule string, err error) *wire.Fault {
	f := &wire.Fault{Op: wire.OpPrint, Class: c, Rule: rule}
	if err != nil {
		f.Detail = err.Error()
	}
	return f
}
