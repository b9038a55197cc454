package still

import (
	"bufio"
	"image"
	"io"
)

// bufferBytes keeps a decoder that reads byte by byte from making a system call for each.
const bufferBytes = 64 << 10

func plain(decode func(io.Reader) (image.Image, error)) func(*io.SectionReader) (image.Image, error) {
	return func(r *io.SectionReader) (image.Image, error) { return decode(bufio.NewReaderSize(r, bufferBytes)) }
}

func plainConfig(config func(io.Reader) (image.Config, error)) func(*io.SectionReader) (image.Config, error) {
	return func(r *io.SectionReader) (image.Config, error) { return config(bufio.NewReader(r)) }
}
