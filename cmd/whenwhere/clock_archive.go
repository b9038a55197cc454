package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"whenwhere/internal/clock"
)

// Limits on an archive. Only its table of contents is read, never what is packed.
const (
	maxZIPEntries    = 100_000
	maxZIPTableBytes = 64 << 20
	maxEntryName     = 200 // bytes that are printed
)

// isZIP goes by the name and by the first bytes: of an entry, or of the end of an empty archive.
func isZIP(path string) bool {
	if strings.EqualFold(filepath.Ext(path), ".zip") {
		return true
	}
	f, err := openRegular(path, nil)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [4]byte
	_, err = io.ReadFull(f, head[:])
	return err == nil && (string(head[:]) == "PK\x03\x04" || string(head[:]) == "PK\x05\x06")
}

// archive lists when the entries were last written, as the table of contents has it, and what the archive's name says.
func (t teller) archive(path string) ([]clock.Stamp, error) {
	f, err := openRegular(path, nil)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	r, err := zip.NewReader(&scanty{f, maxZIPTableBytes}, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(r.File) > maxZIPEntries {
		return nil, fmt.Errorf("%s: %d entries exceed the limit of %d", path, len(r.File), maxZIPEntries)
	}
	var out []clock.Stamp
	for _, e := range r.File {
		if strings.HasSuffix(e.Name, "/") {
			continue // a folder
		}
		// The words as stored, because Modified guesses a zone.
		words := clock.ZIPTime{Date: e.ModifiedDate, Time: e.ModifiedTime, Extra: e.Extra}
		s := clock.ZIP(words, t.until)
		s.Field = "zip:" + quoted(e.Name)
		out = append(out, s)
	}
	return append(out, clock.FromFileName(filepath.Base(path), t.until)...), nil
}

// quoted is a name that somebody else chose, cut to a length that can be read.
func quoted(name string) string {
	if len(name) > maxEntryName {
		return strconv.Quote(name[:maxEntryName]) + "..."
	}
	return strconv.Quote(name)
}

// scanty reads a file as far as the allowance goes.
type scanty struct {
	file io.ReaderAt
	left int64
}

var errTableTooLong = errors.New("its table of contents exceeds the limit of 64 MiB")

func (s *scanty) ReadAt(p []byte, at int64) (int, error) {
	if s.left -= int64(len(p)); s.left < 0 {
		return 0, errTableTooLong
	}
	return s.file.ReadAt(p, at)
}

// maxListBytes bounds a list of posts or of fires; a line of either is shorter than 200 bytes.
const maxListBytes = 256 << 20

func readNeighbours(path string) ([]clock.Neighbour, error) {
	f, err := openRegular(path, nil)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	posts, err := clock.Neighbours(io.LimitReader(f, maxListBytes))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(posts) == 0 {
		return nil, fmt.Errorf("%s: no posts", path)
	}
	return posts, nil
}

// byNeighbours dates a post by those around it.
func byNeighbours(link string, posts []clock.Neighbour, until time.Time) ([]clock.Stamp, error) {
	_, id, ok := clock.TelegramPost(link)
	if !ok {
		return nil, fmt.Errorf("%s: no link to a post of a Telegram channel", link)
	}
	s, ok, err := clock.TelegramOrder(id, posts, until)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("%s: none of the posts in the list bounds it", link)
	}
	s.Raw = link
	return []clock.Stamp{s}, nil
}
