package movie

import (
	"encoding/binary"

	"whenwhere/internal/decode/tags/window"
)

const maxRIFFChunks = 2000

// aviNames are the chunks that speak of time and software; IDIT is the camera's own spelling of a local time.
var aviNames = map[string]bool{"IDIT": true, "ICRD": true, "ISFT": true}

// AVI reads the header and INFO lists of a RIFF AVI file.
func AVI(file window.File) (Found, error) {
	head, ok := file.Bytes(0, 12)
	if !ok || string(head[:4]) != "RIFF" || string(head[8:]) != "AVI " {
		return Found{}, damaged("no RIFF AVI header")
	}
	var found Found
	left := maxRIFFChunks
	found.list(file.Part(12, file.Size()-12), &left, 0)
	if left <= 0 {
		found.note("avi", "more than %d chunks", maxRIFFChunks)
	}
	return found, nil
}

// list walks chunks; only the lists that can hold statements are entered.
func (f *Found) list(file window.File, left *int, depth int) {
	const maxDepth = 4
	for at := int64(0); *left > 0; *left-- {
		raw, ok := file.Bytes(at, 8)
		if !ok {
			return
		}
		kind, size := string(raw[:4]), int64(binary.LittleEndian.Uint32(raw[4:]))
		body := file.Part(at+8, size)
		switch {
		case kind == "LIST" && depth < maxDepth:
			name, _ := body.Bytes(0, 4)
			if n := string(name); n == "hdrl" || n == "INFO" || n == "strl" {
				*left--
				f.list(body.Part(4, body.Size()-4), left, depth+1)
			}
		case kind == "avih":
			f.avih(body)
		case aviNames[kind]:
			f.aviText(kind, body)
		}
		at += 8 + size + size%2
	}
}

// avih gives the duration: microseconds a frame, and the number of frames at byte 16.
func (f *Found) avih(body window.File) {
	raw, ok := body.Bytes(0, 20)
	if !ok {
		f.note("avi avih", "%d bytes, below 20", body.Size())
		return
	}
	frames, micros := uint64(binary.LittleEndian.Uint32(raw[16:])), uint64(binary.LittleEndian.Uint32(raw))
	f.duration("avi avih", frames*micros, 1_000_000)
}

func (f *Found) aviText(kind string, body window.File) {
	raw, ok := body.Bytes(0, min(body.Size(), maxText+1))
	if !ok {
		return
	}
	f.text("walk", "AVI", kind, raw)
	if kind == "ISFT" {
		f.encoder(string(raw))
	}
}
