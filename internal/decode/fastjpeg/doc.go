// Package fastjpeg reads of a JPEG only what a print needs: its luma at an eighth of the size, or a quarter.
//
// One output pixel is the mean of one 8x8 block of luma as the encoder transformed it, which is the block's DC coefficient
// (T.81 A.3.3): DC*q/8 + 128, rounded half up and clamped. So there is no inverse transform, no chroma and no full
// picture, and the AC coefficients of sequential files are skipped several at a time. Of progressive files only the DC
// scans are decoded; the others are searched for their end, and the result is as exact as for sequential files. Blocks
// over the right and lower edge count whole, with the encoder's padding. The values are those of libjpeg at scale 1/8.
// Quarter takes a few AC coefficients too, for small pictures.
//
// What it reads: Huffman coding, baseline, extended and progressive, 8 bits, one component or luma with two of chroma,
// any sampling factors with luma the finest, restart markers. Everything else is ErrUnsupported, and the caller falls
// back to a full decoder. It is stricter than most: a file whose last marker is missing, whose tables break T.81 or whose
// blocks overflow is ErrInvalid, though a lenient decoder might still make a picture of it. Scans without luma's DC are
// not decoded, so damage there is not seen. Where image/jpeg makes a picture of the same file, the coefficients are the same.
//
// Bytes are hostile: run it in the jailed child. Memory is bounded by Limits (3 bytes per 64 pixels, 11 for Quarter) plus 400 KB per
// Reader; time by the bytes of the file plus the blocks of the picture.
package fastjpeg

import (
	"errors"
	"fmt"
	"io"
)

// What an error of this package means; test with errors.Is. Any other error is the source's own.
var (
	// ErrUnsupported is a JPEG of a kind that is not read here.
	ErrUnsupported = errors.New("unsupported jpeg")
	// ErrInvalid is a damaged JPEG, or no JPEG.
	ErrInvalid = errors.New("invalid jpeg")
	// ErrRefused is a JPEG beyond Limits; the text names the limit.
	ErrRefused = errors.New("jpeg beyond a limit")
)

// Limits of one picture, checked before the memory is taken. A zero limit refuses everything.
type Limits struct {
	MaxPixels int64 // width times height, full size
	MaxSidePx int
	MaxScans  int // SOS markers
}

// Picture is the luma of a JPEG at an eighth (or a quarter) of its size: rows from the top, WidthPx bytes each.
type Picture struct {
	Luma              []uint8 // 0 black to 255 white, full range as in JFIF
	WidthPx, HeightPx int     // of Luma: the full sides divided by BlockPx, rounded up
	BlockPx           int     // a pixel of Luma is the mean of so many by so many; 8 or, from Quarter, 4
	FullWidthPx       int
	FullHeightPx      int
	Scans             int // SOS markers in the file
	Progressive       bool
}

// Grey reads one picture with a Reader of its own. Use a Reader for many.
func Grey(src io.ReaderAt, sizeBytes int64, lim Limits) (*Picture, error) {
	p, err := new(Reader).Grey(src, sizeBytes, lim)
	if err != nil {
		return nil, err
	}
	return &p, nil
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("fastjpeg: %w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

func unsupported(format string, args ...any) error {
	return fmt.Errorf("fastjpeg: %w: %s", ErrUnsupported, fmt.Sprintf(format, args...))
}

func refused(what string, n, limit int64) error {
	return fmt.Errorf("fastjpeg: %w: %s %d exceed %d", ErrRefused, what, n, limit)
}
