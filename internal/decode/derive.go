package decode

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"strconv"

	"whenwhere/internal/decode/sniff"
	"whenwhere/internal/decode/wire"
)

// Derivative is a small picture made anew from pixels, to be shown to people.
type Derivative struct {
	Type              string // "image/png" of an outline, "image/jpeg" of a frame
	Data              []byte
	WidthPx, HeightPx int
}

// Wanted says which picture is made.
type Wanted struct {
	Colour bool   // the frame itself; else its outline
	AtMs   *int64 // of films: the frame at that time of the container's own time base; nil is the first
}

// Derive makes a small picture of a still, or of one frame of a film: its outline, or the frame. mime is the type that
// Probe gave. Children give bare pixels; they are encoded here, so that nothing that a child wrote reaches a browser.
func (p *Pool) Derive(ctx context.Context, f *os.File, mime string, want Wanted) (Derivative, error) {
	req := wire.Request{Op: wire.OpDerive, Colour: want.Colour}
	if demuxer, film := demuxers[mime]; film {
		d, err := p.deriveFrame(ctx, f, req, derivation{demuxer, want.AtMs})
		if err != nil {
			return Derivative{}, asDerive(err)
		}
		return encoded(d, want.Colour)
	}
	req.Type = mime
	from, pixels := p.normal, p.cfg.Limits.Pixels
	if mime == sniff.HEIC || mime == sniff.HEIF {
		from, pixels = p.heavy, p.cfg.Limits.HeavyPixels
	}
	d, err := p.deriveStill(ctx, f, req, from, pixels)
	var fault *wire.Fault
	if errors.As(err, &fault) && fault.NeedPixels > p.cfg.Limits.Pixels && pixels == p.cfg.Limits.Pixels {
		d, err = p.deriveStill(ctx, f, req, p.heavy, p.cfg.Limits.HeavyPixels)
	}
	if err != nil {
		return Derivative{}, err
	}
	return encoded(d, want.Colour)
}

func (p *Pool) deriveStill(ctx context.Context, f *os.File, req wire.Request, from chan *slot, pixels int64) (wire.Derived, error) {
	req.MaxPixels = pixels
	a, err := p.ask(ctx, from, job{req: req, f: f, wall: p.cfg.Limits.StillWall})
	if err != nil {
		return wire.Derived{}, err
	}
	return *a.Derived, nil
}

// derivation says which frame of a film is read.
type derivation struct {
	demuxer string
	atMs    *int64
}

// deriveFrame runs one ffmpeg that writes one frame into a pipe that only a child reads.
func (p *Pool) deriveFrame(ctx context.Context, f *os.File, req wire.Request, d derivation) (wire.Derived, error) {
	in, release, err := p.startClip(ctx, f)
	if err != nil {
		return wire.Derived{}, err
	}
	defer release()
	pipes, err := newPipes()
	if err != nil {
		return wire.Derived{}, err
	}
	defer pipes.close()
	ff, err := p.startFFmpeg(d.args(req.DeriveSidePx()), f, pipes.framesIn, pipes.timesIn)
	if err != nil {
		return wire.Derived{}, err
	}
	pipes.closeWriters()
	drained := make(chan struct{}) // closed by the goroutine, which ends with ffmpeg
	go func() { defer close(drained); _, _ = io.Copy(io.Discard, pipes.timesOut) }()
	req.Version = wire.Version
	a, detail, childErr := p.try(in.walled, in.slot, job{req: req, f: pipes.framesOut, wall: in.wall})
	if childErr != nil {
		ff.kill()
	}
	_, ffErr := ff.wait(in.walled)
	<-drained
	switch {
	case in.ctx.Err() != nil:
		return wire.Derived{}, fmt.Errorf("decode: %s: %w", wire.OpDerive, context.Cause(in.ctx))
	case errors.Is(ffErr, errNoFFmpeg):
		return wire.Derived{}, frameFault(wire.ClassNoTool, "ffmpeg cannot be started", "")
	case childErr != nil:
		return wire.Derived{}, verdict(wire.OpDerive, childErr, detail, in.wall)
	}
	return *a.Derived, nil
}

// args reads one container from an inherited descriptor, as ffmpegArgs does, and writes one frame to stdout, in the
// format PPM, which states its sides.
func (d derivation) args(side int) []string {
	args := []string{"-nostdin", "-hide_banner", "-loglevel", "error",
		"-max_alloc", strconv.Itoa(maxAllocBytes), "-filter_threads", "1",
		"-protocol_whitelist", "file", "-format_whitelist", d.demuxer, "-f", d.demuxer,
		"-max_pixels", strconv.Itoa(maxVideoPixels), "-threads", "1"}
	if d.atMs != nil {
		// One millisecond before, because the time was rounded to one.
		args = append(args, "-seek_timestamp", "1", "-ss", strconv.FormatFloat(float64(*d.atMs-1)/1000, 'f', 3, 64))
	}
	graph := fmt.Sprintf(`scale=w=min(%d\,iw):h=min(%d\,ih):force_original_aspect_ratio=decrease:flags=area,format=rgb24`, side, side)
	return append(args, "-i", fmt.Sprintf("file:/proc/self/fd/%d", inputFD), "-map", "0:v:0", "-vf", graph,
		"-frames:v", "1", "-c:v", "ppm", "-f", "image2pipe", "pipe:1")
}

// asDerive says that a fault met on the way concerns the derived picture.
func asDerive(err error) error {
	var f *wire.Fault
	if errors.As(err, &f) {
		g := *f
		g.Op = wire.OpDerive
		return &g
	}
	return err
}

// encoded writes bare pixels: an outline as PNG of sixteen greys, a frame as JPEG.
func encoded(d wire.Derived, colour bool) (Derivative, error) {
	out := Derivative{Type: "image/png", WidthPx: d.WidthPx, HeightPx: d.HeightPx}
	var b bytes.Buffer
	var err error
	if colour {
		out.Type, err = "image/jpeg", jpeg.Encode(&b, opaque(d), &jpeg.Options{Quality: 80})
	} else {
		err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, sixteen(d))
	}
	if err != nil {
		return Derivative{}, fmt.Errorf("decode: %s: %w", wire.OpDerive, err)
	}
	out.Data = b.Bytes()
	return out, nil
}

func opaque(d wire.Derived) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, d.WidthPx, d.HeightPx))
	for i := range d.WidthPx * d.HeightPx {
		copy(img.Pix[4*i:], d.Pixels[3*i:3*i+3])
		img.Pix[4*i+3] = 255
	}
	return img
}

// sixteen has a palette of sixteen greys, whatever greys the child gave.
func sixteen(d wire.Derived) image.Image {
	var greys color.Palette
	for i := range 16 {
		greys = append(greys, color.Gray{Y: uint8(17 * i)})
	}
	img := image.NewPaletted(image.Rect(0, 0, d.WidthPx, d.HeightPx), greys)
	for i, v := range d.Pixels {
		img.Pix[i] = uint8((int(v) + 8) / 17)
	}
	return img
}
