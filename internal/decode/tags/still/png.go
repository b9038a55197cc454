package still

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"io"
	"strings"

	"whenwhere/internal/decode/tags/window"
	"whenwhere/internal/decode/wire"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngKeys are the text chunks that speak of time or of software; others may name people.
var pngKeys = map[string]bool{
	"Creation Time": true, "Software": true, "Source": true, "date:create": true, "date:modify": true,
	"date:timestamp": true, "exif:DateTimeOriginal": true, "create-date": true, "modify-date": true,
}

// PNG walks the chunks (PNG specification, third edition, sections 5.3 and 11.3).
func PNG(file window.File) (Found, error) {
	head, ok := file.Bytes(0, 8)
	if !ok || string(head) != pngSignature {
		return Found{}, damaged("no PNG signature")
	}
	var found Found
	at := int64(8)
	for range MaxChunks {
		raw, ok := file.Bytes(at, 8)
		if !ok {
			found.note("png", "file ends at offset %d without IEND", at)
			return found, nil
		}
		size, kind := int64(binary.BigEndian.Uint32(raw)), string(raw[4:])
		if kind == "IEND" {
			return found, nil
		}
		if at+12+size > file.Size() {
			found.note("png", "chunk of %d bytes at offset %d reaches beyond the file of %d", size, at, file.Size())
			return found, nil
		}
		found.chunk(file, kind, at, size)
		at += 12 + size
	}
	found.note("png", "more than %d chunks", MaxChunks)
	return found, nil
}

// chunk reads the chunk at offset at when it is metadata.
func (f *Found) chunk(file window.File, kind string, at, size int64) {
	limit := map[string]int64{"eXIf": MaxExifBytes, "iTXt": MaxXMPBytes, "zTXt": MaxXMPBytes, "tEXt": MaxXMPBytes, "tIME": 7}[kind]
	if limit == 0 {
		return
	}
	where := "png " + kind
	if limit = min(limit, window.MaxPieceBytes-8); size > limit {
		f.note(where, "%d bytes exceed %d", size, limit)
		return
	}
	raw, ok := file.Bytes(at+4, size+8) // type, data, checksum
	if !ok {
		f.note(where, "cannot be read at offset %d", at)
		return
	}
	data := raw[4 : 4+size]
	if sum := crc32.ChecksumIEEE(raw[:4+size]); sum != binary.BigEndian.Uint32(raw[4+size:]) {
		f.note(where, "checksum does not fit at offset %d", at)
	}
	switch kind {
	case "eXIf":
		f.exif(where, data)
	case "tIME":
		f.changed(data)
	default:
		f.pngText(kind, data)
	}
}

// changed keeps tIME: the time of the last change of the picture, by the standard in UTC.
func (f *Found) changed(data []byte) {
	if len(data) != 7 {
		f.note("png tIME", "%d bytes, not 7", len(data))
		return
	}
	ints := []int64{int64(binary.BigEndian.Uint16(data))}
	for _, b := range data[2:] {
		ints = append(ints, int64(b))
	}
	f.Tags = append(f.Tags, wire.Tag{Reader: "walk", Dir: "PNG", Name: "tIME", Ints: ints})
}

// pngText reads a keyword and its text and keeps XMP, raw profiles and pngKeys.
func (f *Found) pngText(kind string, data []byte) {
	key, rest, ok := bytes.Cut(data, []byte{0})
	if !ok || len(key) > 79 {
		f.note("png "+kind, "no keyword of at most 79 bytes")
		return
	}
	name := string(key)
	profile := strings.HasPrefix(name, "Raw profile type ")
	if name != "XML:com.adobe.xmp" && !profile && !pngKeys[name] {
		return
	}
	text, ok := f.unpack(kind, rest)
	switch {
	case !ok:
	case name == "XML:com.adobe.xmp":
		f.xmp("xmp", text)
	case profile:
		f.profile(strings.TrimPrefix(name, "Raw profile type "), text)
	default:
		f.textTag(name, text)
	}
}

func (f *Found) textTag(name string, text []byte) {
	const maxText = 1000
	if len(text) > maxText {
		f.note("png "+name, "text of %d bytes cut at %d", len(text), maxText)
		text = text[:maxText]
	}
	s := strings.ToValidUTF8(string(text), "\uFFFD")
	f.Tags = append(f.Tags, wire.Tag{Reader: "walk", Dir: "PNG", Name: name, Text: &s})
}

// unpack returns the text after the keyword, inflated where the chunk says so.
func (f *Found) unpack(kind string, rest []byte) ([]byte, bool) {
	packed := false
	switch kind {
	case "zTXt":
		if len(rest) < 1 {
			return nil, false
		}
		packed, rest = true, rest[1:]
	case "iTXt": // compression flag and method, language NUL, translated keyword NUL
		if len(rest) < 2 {
			return nil, false
		}
		packed = rest[0] != 0
		_, rest, _ = bytes.Cut(rest[2:], []byte{0})
		_, rest, _ = bytes.Cut(rest, []byte{0})
	}
	if !packed {
		return rest, true
	}
	z, err := zlib.NewReader(bytes.NewReader(rest))
	if err != nil {
		f.note("png "+kind, "no zlib stream")
		return nil, false
	}
	text, err := io.ReadAll(io.LimitReader(z, MaxXMPBytes+1))
	if len(text) > MaxXMPBytes {
		f.note("png "+kind, "inflates beyond %d bytes", MaxXMPBytes)
		return nil, false
	}
	if err != nil {
		f.note("png "+kind, "zlib stream damaged after %d bytes", len(text))
	}
	return text, len(text) > 0
}

// profile decodes what ImageMagick wrote before eXIf existed: a name, a length, and hexadecimal lines.
func (f *Found) profile(name string, text []byte) {
	if name != "exif" && name != "APP1" && name != "xmp" {
		return
	}
	where := "png raw profile " + name
	fields := bytes.Fields(text)
	if len(fields) < 3 {
		f.note(where, "not three fields")
		return
	}
	raw, err := hex.DecodeString(string(bytes.Join(fields[2:], nil)))
	if err != nil || len(raw) > MaxExifBytes {
		f.note(where, "%d bytes are not hexadecimal, or exceed %d", len(raw), MaxExifBytes)
		return
	}
	switch {
	case bytes.HasPrefix(raw, prefixXMP):
		f.xmp(where, raw[len(prefixXMP):])
	case name == "xmp":
		f.xmp(where, raw)
	default:
		f.exif(where, raw)
	}
}
