// Package still turns the bytes of a picture into its wire.Still: what it looks like, upright and as stored.
//
// It runs in the jailed child only. Every picture passes the same gates in this order: bytes, header (both sides at
// least 1, the pixel cap), structure (scans of a JPEG; of animations and multi-page files only the first picture is read),
// decode, the sides that were decoded in fact, grey levels, EXIF orientation, hashes. Of a large JPEG only the means of its
// blocks are decoded. A refusal names its limit. Memory and time are not bounded here: the child's limits and the parent's
// clock do that, and a death of the child is an ordinary result. In particular disintegration/imaging panics in
// goroutines of its own.
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

	"whenwhere/internal/decode/fastjpeg"
	"whenwhere/internal/decode/look"
	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/grey"
)

// Limits of one picture. The pixel cap is the caller's: it depends on the memory of the child.
const (
	MaxFileBytes = 256 << 20
	MaxScans     = 100
)

// Of a JPEG whose shorter side is long enough only the means of its blocks are read (package fastjpeg), which takes a tenth
// of the time of a full decode: of blocks of 4 x 4 pixels from quarterSidePx, of 8 x 8, three times as fast again, from
// eighthSidePx. Progressive files have no way to the former, and the latter from progressiveSidePx. TestFastReading
// shows that nine tenths of the prints then stay within 2 bits of those of a full decode (4 of the 256 of progressive
// files below eighthSidePx), and what would happen below.
const (
	quarterSidePx     = 512
	progressiveSidePx = 1024
	eighthSidePx      = 2048
)

// Reader reads one picture after the other and keeps its memory. The zero value is ready, for one goroutine at a time.
type Reader struct {
	fast   fastjpeg.Reader
	looker look.Looker
}

// Read reads the first picture of r, which holds size bytes of type mime, if it has at most maxPixels.
func (d *Reader) Read(r io.ReaderAt, size int64, mime string, maxPixels int64) (wire.Still, *wire.Fault) {
	format, ok := formats[mime]
	if !ok {
		return wire.Still{}, fault(wire.ClassUnsupported, "no reader for pixels of this type", nil)
	}
	src := source{r: r, size: size, maxPixels: maxPixels}
	short, err := src.gate(mime)
	if err != nil {
		return wire.Still{}, err
	}
	p, ok, err := d.means(src, mime, short)
	if err == nil && !ok {
		p, err = full(src, mime)
	}
	if err != nil {
		return wire.Still{}, err
	}
	s := wire.Still{WidthPx: p.FullWidthPx, HeightPx: p.FullHeightPx, FirstOnly: src.hasMore(mime), Orientation: 1}
	if !format.upright {
		s.Orientation = orientation(src.reader(), mime)
	}
	return d.looks(s, p)
}

// means reads the means of the blocks of a large JPEG; ok is false when only a full decode will do.
func (d *Reader) means(src source, mime string, shortPx int) (p grey.Picture, ok bool, _ *wire.Fault) {
	if mime != sniff.JPEG || shortPx < quarterSidePx {
		return grey.Picture{}, false, nil
	}
	if shortPx < eighthSidePx {
		p, ok, fault := d.blocks(src, d.fast.Quarter)
		if ok || fault != nil || shortPx < progressiveSidePx {
			return p, ok, fault
		}
	}
	return d.blocks(src, d.fast.Grey)
}

// blocks reads with one of fastjpeg's readers.
func (d *Reader) blocks(src source, read func(io.ReaderAt, int64, fastjpeg.Limits) (fastjpeg.Picture, error)) (
	p grey.Picture, ok bool, _ *wire.Fault) {
	limits := fastjpeg.Limits{MaxPixels: src.maxPixels, MaxSidePx: wire.MaxSidePx, MaxScans: MaxScans}
	g, err := read(src.r, src.size, limits)
	switch {
	case errors.Is(err, fastjpeg.ErrRefused): // the gate let sides and pixels through
		return grey.Picture{}, false, fault(wire.ClassRefused, fmt.Sprintf("jpeg scans exceed %d", MaxScans), err)
	case err != nil: // of a kind that it does not read, or damaged in a way that others forgive
		return grey.Picture{}, false, nil
	}
	return grey.Picture{Luma: g.Luma, Stride: g.WidthPx, Width: g.WidthPx, Height: g.HeightPx,
		BlockPx: g.BlockPx, FullWidthPx: g.FullWidthPx, FullHeightPx: g.FullHeightPx}, true, nil
}

// full decodes every pixel.
func full(src source, mime string) (grey.Picture, *wire.Fault) {
	img, fail := decoded(src, mime)
	if fail != nil {
		return grey.Picture{}, fail
	}
	p, err := look.Levels(img)
	if err != nil {
		return grey.Picture{}, fault(wire.ClassInvalid, "pixels cannot be read", err)
	}
	return p, nil
}

// decoded is the picture of a source that passed the gate.
func decoded(src source, mime string) (image.Image, *wire.Fault) {
	if mime == sniff.JPEG {
		if scans := countScans(src.reader(), MaxScans); scans > MaxScans {
			return nil, fault(wire.ClassRefused, fmt.Sprintf("jpeg scans exceed %d", MaxScans), nil)
		}
	}
	img, err := formats[mime].decode(src.reader())
	if err != nil {
		return nil, decodeFault(err)
	}
	if err := checkSides(img.Bounds().Dx(), img.Bounds().Dy(), src.maxPixels); err != nil {
		return nil, err
	}
	return img, nil
}

// upright is how a picture stored with an EXIF orientation (CIPA DC-008, tag 0x0112) must be turned.
var upright = [...]grey.Turn{1: grey.Original, 2: grey.FlipY, 3: grey.Rotate180, 4: grey.FlipX,
	5: grey.FlipPlus1, 6: grey.Rotate270, 7: grey.FlipMinus1, 8: grey.Rotate90}

// looks fills in the Look of the upright picture, with all views, and of the picture as stored.
func (d *Reader) looks(s wire.Still, p grey.Picture) (wire.Still, *wire.Fault) {
	var err error
	if s.Look, err = d.looker.Of(p, upright[s.Orientation], look.Entire); err != nil {
		return wire.Still{}, fault(wire.ClassInvalid, "picture cannot be hashed", err)
	}
	if s.Orientation == 1 {
		return s, nil
	}
	stored, err := d.looker.Of(p, grey.Original, look.Whole)
	if err != nil {
		return wire.Still{}, fault(wire.ClassInvalid, "picture cannot be hashed", err)
	}
	s.AsStored = &stored
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

// gate refuses what must not be read, and returns the shorter side.
func (s source) gate(mime string) (shortPx int, _ *wire.Fault) {
	if s.size > MaxFileBytes {
		return 0, fault(wire.ClassRefused, fmt.Sprintf("image bytes %d exceed %d", s.size, MaxFileBytes), nil)
	}
	cfg, err := formats[mime].config(s.reader())
	if err != nil {
		return 0, decodeFault(err)
	}
	return min(cfg.Width, cfg.Height), checkSides(cfg.Width, cfg.Height, s.maxPixels)
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
