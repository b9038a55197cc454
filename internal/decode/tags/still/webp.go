package still

import (
	"encoding/binary"

	"whenwhere/internal/decode/tags/window"
)

// WebP walks the RIFF chunks (RFC 9649 section 2).
func WebP(file window.File) (Found, error) {
	head, ok := file.Bytes(0, 12)
	if !ok || string(head[:4]) != "RIFF" || string(head[8:]) != "WEBP" {
		return Found{}, damaged("no RIFF WEBP header")
	}
	var found Found
	end := min(int64(binary.LittleEndian.Uint32(head[4:]))+8, file.Size())
	at := int64(12)
	for range MaxChunks {
		raw, ok := file.Bytes(at, 8)
		if !ok || at >= end {
			return found, nil
		}
		size := int64(binary.LittleEndian.Uint32(raw[4:]))
		if at+8+size > file.Size() {
			found.note("webp", "chunk of %d bytes at offset %d reaches beyond the file of %d", size, at, file.Size())
			return found, nil
		}
		found.riff(file, string(raw[:4]), at+8, size)
		at += 8 + size + size%2
	}
	found.note("webp", "more than %d chunks", MaxChunks)
	return found, nil
}

func (f *Found) riff(file window.File, kind string, at, size int64) {
	switch kind {
	case "EXIF":
		if raw, ok := f.limited(file, "webp EXIF", at, size, MaxExifBytes); ok {
			f.exif("webp EXIF", raw)
		}
	case "XMP ":
		if raw, ok := f.limited(file, "webp XMP", at, size, MaxXMPBytes); ok {
			f.xmp("xmp", raw)
		}
	}
}

// limited reads size bytes, or notes that they exceed limit or are not there.
func (f *Found) limited(file window.File, where string, at, size, limit int64) ([]byte, bool) {
	if size > limit {
		f.note(where, "%d bytes exceed %d", size, limit)
		return nil, false
	}
	raw, ok := file.Bytes(at, size)
	if !ok {
		f.note(where, "%d bytes at offset %d lie outside the file of %d", size, at, file.Size())
	}
	return raw, ok
}
