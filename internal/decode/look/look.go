// Package look turns one picture into what it looks like: perceptual hashes of it and of parts of it, upright, mirrored
// and turned, and how much they are worth.
//
// All is read off the grey levels. A picture of which every pixel was decoded and one of which only the means of JPEG's
// blocks are known go the same way and look nearly alike; TestFastReading of package still measures how nearly.
//
// It promises: the same levels give the same Look; a picture too flat to be told from any other flat one gets Flat and no
// hash. The hashes are PDQ (package pdq), and goimagehash's PerceptionHash and ExtPerceptionHash(16,16) (package phash):
// the 64-bit one of the whole picture by the library itself where every pixel is known.
//
// What is looked at besides the whole picture, and why:
//
//   - mirrored, and turned in the six other ways (PDQ only): signs and transposition of the same coefficients, so they cost
//     nothing (but small pictures are turned pixel by pixel), and find what no print finds otherwise. For the one who searches; an index need not hold them.
//   - trimmed of uniform borders, if there are any, also mirrored: for both sides.
//   - windows (PDQ only): five overlapping parts of 90 percent of each side, for an index, because a cropped picture has
//     lost its margins: of crops to 90 percent of each side they find 80 percent, the whole picture 18 (TestWindows of
//     package still). For the one who searches they find what was cropped before it became known.
//
// Stills also get a mosaic (package mosaic) of the whole and of what lies within borders, which confirms what hashes find, and upright
// ones marks (package marks), which find and confirm what hashes do not: crops, tilts, captions, recordings of a screen.
//
// Frames of films get the first and the last but one, so that 600 of them fit into an answer.
//
// It runs in the jailed child only, and knows no file format.
package look

import (
	"fmt"
	"image"

	"github.com/corona10/goimagehash"

	"whenwhere/internal/decode/wire"
	"whenwhere/internal/grey"
	"whenwhere/internal/marks"
	"whenwhere/internal/mosaic"
	"whenwhere/internal/pdq"
	"whenwhere/internal/phash"
)

// HashVersion names library, version and how pixels were prepared. Raise its last part when the preparation changes.
const HashVersion = "goimagehash 1.1.0, grid 64, v2"

// A picture is flat, and nothing is hashed, if it has no edges at all, or few of them and little contrast:
// Quality below EdgesAtLeast, or Quality below EdgesClear and StdDev below ContrastAtLeast.
//
// Where the numbers come from (TestReferencePictures of package decode prints them): black, uniform, sensor noise and a smooth
// ramp have quality 0. Of the reference set, the two LabelMe pictures that PDQ rates 3 and 4, and which must be refused,
// have a deviation of 5 and 11. The softest picture that must be accepted, a wallpaper of colour ramps, has little more
// quality with 21: quality alone would not part them. All others have 100 and at least 27. A search index asks for
// more than this gate does: pdq.QualityToIndex.
const (
	EdgesAtLeast    = 1
	EdgesClear      = 30
	ContrastAtLeast = 16
)

func isFlat(quality int, stdDev float64) bool {
	return quality < EdgesAtLeast || (quality < EdgesClear && stdDev < ContrastAtLeast)
}

// Extent says how many views are wanted.
type Extent int

// What a Look holds besides the picture itself and its mirror image.
const (
	Whole  Extent = iota // nothing
	Brief                // trimmed
	Entire               // trimmed, its mirror image, turned, windows
)

// Looker looks at one picture after the other and keeps its memory. The zero value is ready, for one goroutine at a time.
type Looker struct {
	reader grey.Reader
	grid   grey.Grid
	spec   grey.Spectrum
	finder marks.Finder
}

// Of looks at p as it is when turned by t.
func (l *Looker) Of(p grey.Picture, t grey.Turn, extent Extent) (wire.Look, error) {
	var err error
	if t != grey.Original && p.BlockPx == 1 { // then the library hashes it upright, too
		if p, err = p.Turned(t); err != nil {
			return wire.Look{}, fmt.Errorf("look: %w", err)
		}
		t = grey.Original
	}
	whole, err := l.spectrum(p, t)
	if err != nil {
		return wire.Look{}, err
	}
	out := wire.Look{Quality: pdq.Quality(&l.grid), StdDev: l.grid.StdDev()}
	if out.Flat = isFlat(out.Quality, out.StdDev); out.Flat {
		return out, nil
	}
	if extent != Brief {
		if out.Mosaic, err = mosaicOf(p, t); err != nil {
			return wire.Look{}, err
		}
	}
	out.Hashes, out.Mirrored = hashes(&whole), hashes(turned(&whole, grey.FlipY))
	if p.BlockPx == 1 {
		if out.Hashes[0], err = byLibrary(p); err != nil {
			return wire.Look{}, err
		}
	}
	if extent == Entire {
		found, err := l.finder.Of(p, t)
		if err != nil {
			return wire.Look{}, fmt.Errorf("look: %w", err)
		}
		out.Marks = found.Bytes()
		if out.Views, err = l.turns(p, &whole); err != nil {
			return wire.Look{}, err
		}
	}
	if extent != Whole {
		parts, err := l.parts(p, t, extent)
		if err != nil {
			return wire.Look{}, err
		}
		out.Views = append(out.Views, parts...)
	}
	return out, nil
}

func (l *Looker) spectrum(p grey.Picture, t grey.Turn) (grey.Spectrum, error) {
	if err := l.reader.Grid(p, &l.grid); err != nil {
		return grey.Spectrum{}, fmt.Errorf("look: %w", err)
	}
	l.reader.Spectrum(&l.grid, &l.spec)
	return l.spec.Turned(t), nil
}

func mosaicOf(p grey.Picture, t grey.Turn) ([]byte, error) {
	m, err := mosaic.Of(p)
	if err != nil {
		return nil, fmt.Errorf("look: %w", err)
	}
	return m.Turned(t)[:], nil
}

func turned(s *grey.Spectrum, t grey.Turn) *grey.Spectrum {
	out := s.Turned(t)
	return &out
}

// hashes are all three of a picture, the shortest first.
func hashes(s *grey.Spectrum) []wire.Hash {
	return []wire.Hash{
		{Algorithm: wire.PHash64, Version: HashVersion, Hex: phash.From64(s).Hex()},
		{Algorithm: wire.PHash256, Version: HashVersion, Hex: phash.From256(s).Hex()},
		pdqOf(s),
	}
}

func pdqOf(s *grey.Spectrum) wire.Hash {
	return wire.Hash{Algorithm: wire.PDQ, Version: pdq.Version, Hex: pdq.FromSpectrum(s).Hex()}
}

// byLibrary is PerceptionHash of the grey levels as they are.
func byLibrary(p grey.Picture) (wire.Hash, error) {
	img := &image.Gray{Pix: p.Luma, Stride: p.Stride, Rect: image.Rect(0, 0, p.Width, p.Height)}
	h, err := goimagehash.PerceptionHash(img)
	if err != nil {
		return wire.Hash{}, fmt.Errorf("look: phash64: %w", err)
	}
	return wire.Hash{Algorithm: wire.PHash64, Version: HashVersion, Hex: phash.Hash64(h.GetHash()).Hex()}, nil
}

// turnNames are the ways to hold a picture that have no other name: upright and mirrored have.
var turnNames = [grey.Turns]string{
	grey.Rotate90: wire.ViewRot90, grey.Rotate180: wire.ViewRot180, grey.Rotate270: wire.ViewRot270,
	grey.FlipX: wire.ViewFlipped, grey.FlipPlus1: wire.ViewTransposed, grey.FlipMinus1: wire.ViewTransversed,
}

// turnPixels is up to how many pixels a picture is itself turned. PDQ's grid takes samples: of a turned picture others, which
// shows where a sample stands for few pixels. (A soft picture of 256 x 256 is 84 to 88 bits from itself turned by way of
// its spectrum.)
const turnPixels = 512 * 512

// turns are the other ways to hold p, whose spectrum is s.
func (l *Looker) turns(p grey.Picture, s *grey.Spectrum) ([]wire.View, error) {
	var out []wire.View
	small := p.BlockPx == 1 && p.Width*p.Height <= turnPixels
	for t, name := range turnNames {
		if name == "" {
			continue
		}
		held := s.Turned(grey.Turn(t))
		if small {
			q, err := p.Turned(grey.Turn(t))
			if err != nil {
				return nil, fmt.Errorf("look: %w", err)
			}
			if held, err = l.spectrum(q, grey.Original); err != nil {
				return nil, err
			}
		}
		out = append(out, wire.View{Name: name, Hashes: []wire.Hash{pdqOf(&held)}})
	}
	return out, nil
}
