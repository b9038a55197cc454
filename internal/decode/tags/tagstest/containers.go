package tagstest

import (
	"encoding/binary"
	"hash/crc32"
)

// PNG is a signature, an image header of 1 by 1, the chunks, and the end.
func PNG(chunks ...[]byte) []byte {
	return Cat([]byte("\x89PNG\r\n\x1a\n"), Chunk("IHDR", Cat(B32(1, 1), []byte{8, 0, 0, 0, 0})), Cat(chunks...), Chunk("IEND", nil))
}

// Chunk is one PNG chunk with its checksum.
func Chunk(kind string, data []byte) []byte {
	body := append([]byte(kind), data...)
	return Cat(B32(len(data)), body, B32(int(crc32.ChecksumIEEE(body))))
}

// RIFF is a RIFF file of one form.
func RIFF(form string, chunks ...[]byte) []byte {
	body := Cat([]byte(form), Cat(chunks...))
	return Cat([]byte("RIFF"), U32(len(body)), body)
}

// Riff is one RIFF chunk, padded to even length.
func Riff(kind string, data []byte) []byte {
	return Cat([]byte(kind), U32(len(data)), data, Z(len(data)%2))
}

// Box is one ISO BMFF box; Full one with version and flags 0.
func Box(kind string, parts ...[]byte) []byte {
	body := Cat(parts...)
	return Cat(B32(8+len(body)), []byte(kind), body)
}

// Full is a box with a version and flags of 0.
func Full(kind string, version byte, parts ...[]byte) []byte {
	return Box(kind, []byte{version, 0, 0, 0}, Cat(parts...))
}

// HEIF is a HEIC file whose item 1 is Exif, whose item 2 is XMP; both lie behind the meta box, the last thing in the
// file. With inIdat they lie in the meta box itself.
func HEIF(ilocVersion byte, inIdat bool, block, packet []byte) []byte {
	ftyp := Box("ftyp", []byte("heic"), B32(0), []byte("mif1heic"))
	item := Cat(B32(6), []byte("Exif\x00\x00"), block)
	infe := func(id int, kind, rest string) []byte {
		return Full("infe", 2, B16(id, 0), []byte(kind), []byte(rest))
	}
	iinf := Full("iinf", 0, B16(2), infe(1, "Exif", "\x00"), infe(2, "mime", "\x00application/rdf+xml\x00"))
	build := func(at int) []byte {
		data := []byte{}
		if inIdat {
			at, data = 0, Box("idat", item, packet)
		}
		return Full("meta", 0, Full("hdlr", 0, B32(0), []byte("pict"), Z(13)), iinf,
			iloc(ilocVersion, inIdat, [][2]int{{at, len(item)}, {at + len(item), len(packet)}}), data)
	}
	meta := build(0)
	meta = build(len(ftyp) + len(meta) + 8)
	if inIdat {
		return Cat(ftyp, meta)
	}
	return Cat(ftyp, meta, Box("mdat", item, packet))
}

func iloc(version byte, inIdat bool, places [][2]int) []byte {
	method := 0
	if inIdat {
		method = 1
	}
	var out []byte
	for i, p := range places {
		id := B16(i + 1)
		if version == 2 {
			id = B32(i + 1)
		}
		out = append(out, id...)
		if version > 0 {
			out = append(out, B16(method)...)
		}
		out = append(out, Cat(B16(0, 1), B32(p[0], p[1]))...)
	}
	count := B16(len(places))
	if version == 2 {
		count = B32(len(places))
	}
	return Full("iloc", version, []byte{0x44, 0x00}, count, out)
}

// Mvhd is a movie header of version 0 or 1.
func Mvhd(version byte, creation, modification uint64, timescale, duration int) []byte {
	times := Cat(B32(int(creation), int(modification), timescale, duration))
	if version == 1 {
		times = binary.BigEndian.AppendUint64(nil, creation)
		times = binary.BigEndian.AppendUint64(times, modification)
		times = append(times, B32(timescale)...)
		times = binary.BigEndian.AppendUint64(times, uint64(duration))
	}
	return Full("mvhd", version, times, B32(0x10000), B16(0x100), Z(10), B32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000), Z(24), B32(2))
}

// KeysMeta is a QuickTime metadata box of text values.
func KeysMeta(pairs ...string) []byte {
	var names, items []byte
	for i := 0; i+1 < len(pairs); i += 2 {
		names = append(names, Box("mdta", []byte(pairs[i]))...)
		data := Box("data", B32(1, 0), []byte(pairs[i+1]))
		items = append(items, Cat(B32(8+len(data), i/2+1), data)...)
	}
	return Box("meta", Full("hdlr", 0, B32(0), []byte("mdta"), Z(13)), Full("keys", 0, B32(len(pairs)/2), names), Box("ilst", items))
}

// Movie is a film whose one track holds the samples in the given sample entry, chunks of perChunk samples each.
func Movie(format string, perChunk int, samples ...[]byte) []byte {
	ftyp := Box("ftyp", []byte("mp41"), B32(0))
	var sizes, offsets []int
	at := len(ftyp) + 8
	for i, s := range samples {
		if i%perChunk == 0 {
			offsets = append(offsets, at)
		}
		sizes = append(sizes, len(s))
		at += len(s)
	}
	table := Box("stbl", Full("stsd", 0, B32(1), Box(format, Z(8))), Full("stsc", 0, B32(1, 1, perChunk, 1)),
		Full("stsz", 0, B32(0, len(sizes)), B32(sizes...)), Full("stco", 0, B32(len(offsets)), B32(offsets...)))
	return Cat(ftyp, Box("mdat", samples...), MovieOf(table))
}

// MovieOf is the index of a film whose one track has that sample table.
func MovieOf(table []byte) []byte {
	return Box("moov", Mvhd(0, 0, 0, 1000, 1000), Box("trak", Box("mdia", Full("hdlr", 0, B32(0), []byte("meta"), Z(13)), Box("minf", table))))
}
