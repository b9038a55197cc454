package movie

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"

	"whenwhere/internal/decode/tags/box"
	"whenwhere/internal/decode/tags/window"
	"whenwhere/internal/decode/wire"
)

// udtaNames are the user data that speak of time, place, camera and software (QuickTime file format, user data atoms;
// the last three are cameras' own). Names of people, titles and comments stay in the file.
var udtaNames = map[string]string{
	"\xA9xyz": "©xyz", "\xA9day": "©day", "\xA9too": "©too", "\xA9mak": "©mak", "\xA9mod": "©mod", "\xA9swr": "©swr",
	"\xA9enc": "©enc", "\xA9fmt": "©fmt", "\xA9dji": "©dji", "FIRM": "FIRM", "date": "date",
}

// keyNames are the exported keys; keyPrefixes export every key of a family.
var (
	keyNames = map[string]bool{
		"com.apple.quicktime.creationdate": true, "com.apple.quicktime.location.ISO6709": true,
		"com.apple.quicktime.location.accuracy.horizontal": true, "com.apple.quicktime.location.date": true,
		"com.apple.quicktime.make": true, "com.apple.quicktime.model": true, "com.apple.quicktime.software": true,
		"com.apple.quicktime.direction.facing": true, "com.apple.quicktime.direction.motion": true,
		"com.apple.quicktime.camera.lens_model": true, "com.apple.quicktime.camera.focal_length.35mm_equivalent": true,
		"com.apple.quicktime.content.identifier": true, "com.apple.quicktime.year": true,
		"creation_time": true, "date": true, "encoder": true, "location": true, "make": true, "model": true, "software": true,
	}
	keyPrefixes = []string{"com.android.", "com.samsung.android.", "com.xiaomi."}
)

func keyExported(name string) bool {
	for _, p := range keyPrefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return keyNames[name]
}

// udta reads user data: international text, or what iTunes and ffmpeg nest in it.
func (m *mp4Reader) udta(where string, payload window.File) {
	m.children(where, payload, func(b box.Box) {
		switch {
		case b.Type == "meta":
			m.meta(where+"/meta", b.Payload)
		case b.Type == "XMP_":
			m.xmp(where, b.Payload)
		case udtaNames[b.Type] != "":
			m.userText(where, udtaNames[b.Type], b.Payload)
		}
	})
}

// userText reads one entry: counted text with a language when it begins with A9, plain bytes otherwise.
func (m *mp4Reader) userText(where, name string, payload window.File) {
	raw, ok := payload.Bytes(0, min(payload.Size(), maxBoxBytes))
	if !ok || len(raw) == 0 {
		return
	}
	if strings.HasPrefix(name, "©") && len(raw) >= 4 {
		if n := int(binary.BigEndian.Uint16(raw)); n+4 <= len(raw) {
			raw = raw[4 : 4+n]
		}
	}
	m.userTag("udta", name, raw)
}

func (m *mp4Reader) userTag(dir, name string, raw []byte) {
	m.found.text("mp4", dir, name, raw)
	if name == "©too" || name == "©swr" || name == "©enc" || name == "encoder" {
		m.found.encoder(string(raw))
	}
}

// meta reads a metadata box. QuickTime has no version in it, ISO has one: what follows is told by the hdlr box.
func (m *mp4Reader) meta(where string, payload window.File) {
	head, ok := payload.Bytes(0, 8)
	if !ok {
		return
	}
	if string(head[4:]) != "hdlr" {
		payload = payload.Part(4, payload.Size()-4)
	}
	var keys []string
	m.children(where, payload, func(b box.Box) {
		switch b.Type {
		case "keys":
			keys = m.keys(where, b.Payload)
		case "ilst":
			m.ilst(where, keys, b.Payload)
		}
	})
}

// keys lists the names that items are numbered by: count, then size, namespace, name of each.
func (m *mp4Reader) keys(where string, payload window.File) []string {
	raw, ok := payload.Bytes(0, payload.Size())
	if !ok || len(raw) < 8 || len(raw) > maxBoxBytes {
		m.found.note(where+" keys", "%d bytes, below 8 or above %d", payload.Size(), maxBoxBytes)
		return nil
	}
	count, raw := binary.BigEndian.Uint32(raw[4:]), raw[8:]
	var keys []string
	for range count {
		if len(raw) < 8 {
			m.found.note(where+" keys", "%d names announced, %d there", count, len(keys))
			return keys
		}
		size := int64(binary.BigEndian.Uint32(raw))
		if size < 8 || size > int64(len(raw)) {
			m.found.note(where+" keys", "name %d of %d bytes, below 8 or above %d", len(keys)+1, size, len(raw))
			return keys
		}
		keys, raw = append(keys, string(raw[8:size])), raw[size:]
	}
	return keys
}

// ilst reads the items: numbered by keys, or named by their type.
func (m *mp4Reader) ilst(where string, keys []string, payload window.File) {
	m.children(where+"/ilst", payload, func(item box.Box) {
		dir, name, ok := itemName(item.Type, keys)
		if !ok {
			return
		}
		m.children(where+"/ilst", item.Payload, func(b box.Box) {
			if b.Type == "data" {
				m.data(where, dir, name, b.Payload)
			}
		})
	})
}

func itemName(kind string, keys []string) (dir, name string, ok bool) {
	if name := udtaNames[kind]; name != "" {
		return "ilst", name, true
	}
	n := binary.BigEndian.Uint32([]byte(kind))
	if n < 1 || int64(n) > int64(len(keys)) {
		return "", "", false
	}
	name = keys[n-1]
	return "keys", name, keyExported(name)
}

// Well-known types of the QuickTime file format.
const (
	dataUTF8    = 1
	dataUTF16   = 2
	dataInt     = 21
	dataUint    = 22
	dataFloat32 = 23
	dataFloat64 = 24
)

// data reads one value: type, locale, bytes.
func (m *mp4Reader) data(where, dir, name string, payload window.File) {
	raw, ok := payload.Bytes(0, payload.Size())
	if !ok || len(raw) < 8 || len(raw) > maxBoxBytes {
		m.found.note(where+" "+name, "%d bytes, below 8 or above %d", payload.Size(), maxBoxBytes)
		return
	}
	kind, raw := binary.BigEndian.Uint32(raw)&0xFFFFFF, raw[8:]
	switch {
	case kind == dataUTF8:
		m.userTag(dir, name, raw)
	case kind == dataUTF16:
		m.userTag(dir, name, utf16Text(raw))
	case (kind == dataInt || kind == dataUint) && len(raw) >= 1 && len(raw) <= 8:
		m.found.ints("mp4", dir, name, bigEndian(raw, kind == dataInt))
	case kind == dataFloat32 && len(raw) == 4:
		m.float(dir, name, float64(math.Float32frombits(binary.BigEndian.Uint32(raw))), 32)
	case kind == dataFloat64 && len(raw) == 8:
		m.float(dir, name, math.Float64frombits(binary.BigEndian.Uint64(raw)), 64)
	default:
		m.found.note(where+" "+name, "value type %d of %d bytes not read", kind, len(raw))
	}
}

func (m *mp4Reader) float(dir, name string, v float64, bitSize int) {
	text := strconv.FormatFloat(v, 'g', -1, bitSize)
	m.found.Tags = append(m.found.Tags, wire.Tag{Reader: "mp4", Dir: dir, Name: name, Floats: []string{text}})
}

func utf16Text(raw []byte) []byte {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(raw[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

func bigEndian(raw []byte, signed bool) int64 {
	var v int64
	if signed && raw[0]&0x80 != 0 {
		v = -1
	}
	for _, b := range raw {
		v = v<<8 | int64(b)
	}
	return v
}
