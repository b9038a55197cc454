package main

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"

	"whenwhere/internal/decode"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/likeness"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/prints"
)

// The prints that are measured alone, upright against upright.
var alone = []string{"phash64", "phash256", "pdq"}

// code is a hash of up to 256 bits.
type code [4]uint64

func (c code) distance(o code) int {
	d := 0
	for i := range c {
		d += bits.OnesCount64(c[i] ^ o[i])
	}
	return d
}

// printed is a picture as the program knows it.
type printed struct {
	footage *likeness.Footage
	views   []pipeline.Print
	codes   []code // in the order of alone; nil when the gate refuses the picture
}

// printer prints files as the program does. It may be used by many goroutines.
type printer struct {
	pool *decode.Pool
	dir  string // for the files
}

// print writes the bytes of a JPEG under a name of its own and has it printed. orientation is its EXIF orientation.
func (p printer) print(ctx context.Context, name string, b []byte) (out printed, orientation int, err error) {
	path := filepath.Join(p.dir, name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return out, 0, err
	}
	defer os.Remove(path)
	f, err := os.Open(path)
	if err != nil {
		return out, 0, err
	}
	defer f.Close()
	d := &once{Pool: p.pool}
	list, err := views(ctx, d, f)
	if err != nil {
		return out, 0, fmt.Errorf("print: %w", err)
	}
	out, err = printedOf(list)
	return out, d.orientation, err
}

// once is a decoder that remembers how the one picture that it was asked for is oriented.
type once struct {
	*decode.Pool
	orientation int
}

func (o *once) Still(ctx context.Context, f *os.File, mime string) (wire.Still, error) {
	s, err := o.Pool.Still(ctx, f, mime)
	o.orientation = s.Orientation
	return s, err
}

// views runs the program's own stage.
func views(ctx context.Context, d prints.Decoder, f *os.File) ([]pipeline.Print, error) {
	typed, err := pipeline.FileKey.Observe(pipeline.File{Type: "image/jpeg"})
	if err != nil {
		return nil, err
	}
	made, err := prints.Stage(d).Run(ctx, pipeline.Opened{File: f, Observed: pipeline.Observations{typed}})
	if err != nil {
		return nil, err
	}
	list, _, err := pipeline.PrintsKey.In(made)
	return list, err
}

func printedOf(list []pipeline.Print) (p printed, err error) {
	p.views = list
	if p.footage, err = likeness.Of(list); err != nil {
		return p, err
	}
	for _, l := range list {
		if l.View != pipeline.ViewUpright || l.Flat || l.Weak != "" {
			continue
		}
		p.codes = make([]code, len(alone))
		for i, name := range alone {
			if p.codes[i], err = hashOf(l, name); err != nil {
				return p, err
			}
		}
	}
	return p, nil
}

func hashOf(l pipeline.Print, algorithm string) (c code, err error) {
	for _, h := range l.Hashes {
		if h.Algorithm != algorithm {
			continue
		}
		raw, err := hex.DecodeString(h.Hex)
		if err != nil || len(raw)%8 != 0 || len(raw) > 8*len(c) {
			return c, fmt.Errorf("%s: %q is no hash", algorithm, h.Hex)
		}
		for i := 0; i < len(raw); i += 8 {
			c[i/8] = binary.BigEndian.Uint64(raw[i:])
		}
		return c, nil
	}
	return c, fmt.Errorf("no %s", algorithm)
}

// nearest names the two views of two pictures whose PDQ hashes are nearest, whatever the matcher makes of them.
func nearest(asked, seen printed) string {
	best, text := 257, "no views"
	for _, a := range asked.views {
		for _, s := range seen.views {
			x, errX := hashOf(a, "pdq")
			y, errY := hashOf(s, "pdq")
			if d := x.distance(y); errX == nil && errY == nil && d < best {
				best = d
				text = fmt.Sprintf("nearest views %s (quality %d) and %s (quality %d): pdq %d", a.View, a.Quality, s.View, s.Quality, d)
			}
		}
	}
	return text
}
