// Package crashers makes the files that have killed decoders, byte by byte, for tests. Only tests import it.
//
// Each is a few lines instead of a stored file, so that the repository holds no bombs and everybody can see what is wrong
// with one. Where a SHA-256 prefix is known, All's test compares it. Types are what package sniff says of them.
package crashers

import (
	"bytes"
	"compress/lzw"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// File is one crasher.
type File struct {
	Name   string
	Type   string // MIME type by content
	SHA256 string // the first 8 digits; empty where the construction leaves bytes open (zlib)
	Size   int    // bytes; 0 where open
	Bytes  func() []byte
}

const (
	jpegType = "image/jpeg"
	tiffType = "image/tiff"
	gifType  = "image/gif"
	textType = "text/plain"
)

// All returns every crasher; the bytes are made when asked for.
func All() []File {
	return append(append(exifFiles(), pixelFiles()...), playlists()...)
}

func exifFiles() []File {
	files := []File{
		tiffAlone("exif-count-overflow-rat.tif", "205bdcbd", 26, overflowRat()),
		jpegExif("exif-count-overflow-rat.jpg", "96b4ed99", 40, overflowRat()),
		jpegExif("exif-count-overflow-long.jpg", "a69bcbcf", 40, tiffOf(dir(0, entry(0x010F, 4, 0x40000001, 0)))),
		tiffAlone("exif-ifd-cycle2.tif", "98219c96", 20, tiffOf(dir(14), dir(8))),
		jpegExif("exif-ifd-cycle2.jpg", "4a78d8ff", 34, tiffOf(dir(14), dir(8))),
		jpegExif("exif-overlap-64k.jpg", "d699fe84", 65014, overlap(2700, 0x010F, 65000, 65000)),
		tiffAlone("exif-overlap-600k.tif", "25c8afc0", 624014, overlap(2000, 0x9286, 600000, 624014)),
		jpegExif("exif-thumb-oob.jpg", "da6e4e9e", 70, thumbnail(entry(0x0201, 4, 1, 4000000000), 400)),
		jpegExif("exif-thumb-neg.jpg", "87eeafba", 70, thumbnail(entry(0x0201, 9, 1, 0xFFFFFFFB), 4)),
		jpegExif("exif-makernote-short.jpg", "aa19fea2", 58,
			tiffOf(dir(0, entry(0x8769, 4, 1, 26)), dir(0, entryText(0x927C, 7, 4, "abcd")))),
		jpegExif("exif-xss.jpg", "61b65154", 69,
			tiffOf(dir(0, entry(0x010E, 2, 29, 26)), []byte("<img src=x onerror=alert(1)>\x00"))),
	}
	for _, g := range []struct {
		name, sum string
		rats      [12]uint32
	}{
		{"nan", "9cf61330", [12]uint32{}},
		{"inf", "15d5ad45", [12]uint32{1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1}},
		{"5000", "727c3ba5", [12]uint32{5000, 1, 0, 1, 0, 1, 4000000000, 1, 0, 1, 0, 1}},
	} {
		files = append(files, jpegExif("exif-gps-"+g.name+".jpg", g.sum, 142, gps(g.rats)))
	}
	return files
}

func pixelFiles() []File {
	return []File{
		{"png-50000x50000.png", "image/png", "", 0, func() []byte { return pngOf(50000, 8, 6, 100) }},
		{"png-20000x20000-1bit.png", "image/png", "", 0, func() []byte { return pngOf(20000, 1, 0, 20000*2501) }},
		{"jpeg-65500-baseline.jpg", jpegType, "c581def6", 166, func() []byte { return jpeg65500(0xC0, "\x00\x3F\x00") }},
		{"jpeg-65500-progressive.jpg", jpegType, "7a01bdec", 166, func() []byte { return jpeg65500(0xC2, "\x00\x00\x00") }},
		{"jpeg-prog-15000scans.jpg", jpegType, "f02e1970", 1520142, manyScans},
		{"gif-65535.gif", gifType, "f73ec371", 35, func() []byte { return gifOf(0xFFFF, 1, []byte{0x02, 0x4C, 0x01, 0x00}) }},
		{"gif-500frames.gif", gifType, "fe2fbbd5", 1883020, func() []byte { return gifOf(2000, 500, lzwBlocks(4000000)) }},
		{"zero-frame.gif", gifType, "5b1be485", 34, fixed("GIF89a\x0A\x00\x0A\x00\x00\x00\x00" +
			"\x2C\x00\x00\x00\x00\x00\x00\x03\x00\x80\x01\x02\x03\x04\x05\x06\x02\x01\x05\x00\x3B")},
		{"zero-width.jpg", jpegType, "b03f6edb", 27, func() []byte {
			return cat([]byte("\xFF\xD8"), frame(0xC2, 0, 100, "\x01\x11\x03"), segment(0xDA, []byte("\x01\x01\x00\x00\x00\x00")), []byte("\xFF\xD9"))
		}},
		{"bmp-2e9.bmp", "image/bmp", "2b893200", 54, func() []byte { return bmpHuge(2000000) }},
		{"bmp-30000.bmp", "image/bmp", "362e7f95", 54, func() []byte { return bmpHuge(30000) }},
		{"bmp-pal-oob.bmp", "image/bmp", "a583fe47", 78, bmpPalette},
		{"tiff-pal-oob.tif", tiffType, "2c7999b4", 318, tiffPalette},
		{"tiff-60000.tif", tiffType, "d94878dc", 138, tiffHuge},
		{"webp-16383.webp", "image/webp", "8482ba59", 60, func() []byte {
			return cat([]byte("RIFF"), u32(52), []byte("WEBPVP8 "), u32(40),
				[]byte("\x50\x01\x00\x9D\x01\x2A\xFF\x3F\xFF\x3F"), zeros(30))
		}},
	}
}

// playlists are text that a media player would follow to other files. path stands for one that must not be opened.
func playlists() []File {
	return []File{
		{"hls.mp4", textType, "", 0, fixed("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")},
		{"concat.mp4", textType, "", 0, fixed("ffconcat version 1.0\nfile secret.ts\n")},
		{"sdp.mp4", textType, "", 0, fixed("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 15004 RTP/AVP 96\n")},
		{"dash.mp4", textType, "", 0, fixed("<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><BaseURL>file:///etc/passwd</BaseURL></MPD>\n")},
	}
}

func fixed(s string) func() []byte { return func() []byte { return []byte(s) } }

func tiffAlone(name, sum string, size int, t []byte) File {
	return File{name, tiffType, sum, size, func() []byte { return t }}
}

func jpegExif(name, sum string, size int, t []byte) File {
	return File{name, jpegType, sum, size, func() []byte { return exifJPEG(t) }}
}

func exifJPEG(t []byte) []byte {
	return cat([]byte("\xFF\xD8\xFF\xE1"), be16(len(t)+8), []byte("Exif\x00\x00"), t, []byte("\xFF\xD9"))
}

func overflowRat() []byte { return tiffOf(dir(0, entry(0x010F, 5, 0x20000001, 0))) }

// overlap is n entries that all claim the same size bytes, filled up to total.
func overlap(n int, tag uint16, size uint32, total int) []byte {
	entries := make([][]byte, n)
	for i := range entries {
		entries[i] = entry(tag, 1, size, 0)
	}
	t := tiffOf(dir(0, entries...))
	return append(t, zeros(total-len(t))...)
}

func thumbnail(offset []byte, length uint32) []byte {
	return tiffOf(dir(26, entry(0x010F, 3, 1, 1)), dir(0, offset, entry(0x0202, 4, 1, length)))
}

func gps(rats [12]uint32) []byte {
	t := tiffOf(dir(0, entry(0x8825, 4, 1, 26)), dir(0, entryText(1, 2, 2, "N"), entry(2, 5, 3, 80),
		entryText(3, 2, 2, "E"), entry(4, 5, 3, 104)))
	for _, r := range rats {
		t = append(t, u32(r)...)
	}
	return t
}

func entry(tag, kind uint16, count, value uint32) []byte {
	return cat(u16(int(tag)), u16(int(kind)), u32(count), u32(value))
}

func entryText(tag, kind uint16, count uint32, text string) []byte {
	var v [4]byte
	copy(v[:], text)
	return entry(tag, kind, count, binary.LittleEndian.Uint32(v[:]))
}

func dir(next uint32, entries ...[]byte) []byte {
	return cat(u16(len(entries)), bytes.Join(entries, nil), u32(next))
}

func tiffOf(parts ...[]byte) []byte { return cat([]byte("II*\x00"), u32(8), bytes.Join(parts, nil)) }

func segment(marker byte, body []byte) []byte {
	return cat([]byte{0xFF, marker}, be16(len(body)+2), body)
}

func quantisation() []byte {
	return segment(0xDB, cat([]byte{0}, bytes.Repeat([]byte{1}, 64)))
}

func huffman(class, symbol byte) []byte {
	return segment(0xC4, cat([]byte{class, 1}, zeros(15), []byte{symbol}))
}

// frame is SOF with comps of 3 bytes each.
func frame(marker byte, w, h int, comps string) []byte {
	return segment(marker, cat([]byte{8}, be16(h), be16(w), []byte{byte(len(comps) / 3)}, []byte(comps)))
}

func jpeg65500(marker byte, spectral string) []byte {
	return cat([]byte("\xFF\xD8"), quantisation(), frame(marker, 65500, 65500, "\x01\x11\x00\x02\x11\x00\x03\x11\x00"),
		huffman(0x00, 0), huffman(0x10, 0), segment(0xDA, []byte("\x03\x01\x00\x02\x00\x03\x00"+spectral)), zeros(16), []byte("\xFF\xD9"))
}

func manyScans() []byte {
	const blocks = 640000
	scan := cat(segment(0xDA, []byte("\x01\x01\x00\x01\x3F\x00")), zeros(2*(blocks/16384+2)+4))
	return cat([]byte("\xFF\xD8"), quantisation(), frame(0xC2, 6400, 6400, "\x01\x11\x00"), huffman(0x00, 0), huffman(0x10, 0xE0),
		segment(0xDA, []byte("\x01\x01\x00\x00\x00\x00")), zeros(blocks/8+2), bytes.Repeat(scan, 15000), []byte("\xFF\xD9"))
}

func gifOf(side, frames int, data []byte) []byte {
	screen := cat([]byte("GIF89a"), u16(side), u16(side), []byte("\x80\x00\x00\x00\x00\x00\xFF\xFF\xFF"))
	one := cat([]byte{0x2C, 0, 0, 0, 0}, u16(side), u16(side), []byte{0, 2}, data)
	return cat(screen, bytes.Repeat(one, frames), []byte{0x3B})
}

func lzwBlocks(pixels int) []byte {
	var packed bytes.Buffer
	w := lzw.NewWriter(&packed, lzw.LSB, 2)
	must(w.Write(zeros(pixels)))
	must(0, w.Close())
	var blocks []byte
	for rest := packed.Bytes(); len(rest) > 0; {
		n := min(len(rest), 255)
		blocks = append(append(blocks, byte(n)), rest[:n]...)
		rest = rest[n:]
	}
	return append(blocks, 0)
}

func pngOf(side uint32, depth, colour byte, raw int) []byte {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	must(w.Write(zeros(raw)))
	must(0, w.Close())
	header := cat(be32(side), be32(side), []byte{depth, colour, 0, 0, 0})
	return cat([]byte("\x89PNG\r\n\x1A\n"), chunk("IHDR", header), chunk("IDAT", packed.Bytes()), chunk("IEND", nil))
}

func chunk(name string, body []byte) []byte {
	named := cat([]byte(name), body)
	return cat(be32(uint32(len(body))), named, be32(crc32.ChecksumIEEE(named)))
}

func bmpHuge(side uint32) []byte {
	return cat([]byte("BM"), u32(54), u32(0), u32(54), u32(40), u32(side), u32(side), u16(1), u16(24), zeros(24))
}

func bmpPalette() []byte {
	return cat([]byte("BM"), u32(78), u32(0), u32(62), u32(40), u32(4), u32(4), u16(1), u16(8), zeros(16), u32(2), u32(0),
		[]byte{0, 0, 0, 0, 1, 1, 1, 0}, bytes.Repeat([]byte{200}, 16))
}

func tiffPalette() []byte {
	t := tiffOf(dir(0, entry(256, 4, 1, 8), entry(257, 4, 1, 8), entry(258, 3, 1, 8), entry(259, 3, 1, 1), entry(262, 3, 1, 3),
		entry(273, 4, 1, 134), entry(277, 3, 1, 1), entry(278, 4, 1, 8), entry(279, 4, 1, 64), entry(320, 3, 60, 198)))
	return cat(t, bytes.Repeat([]byte{200}, 64), zeros(120))
}

func tiffHuge() []byte {
	t := tiffOf(dir(0, entry(256, 4, 1, 60000), entry(257, 4, 1, 60000), entry(258, 3, 1, 8), entry(259, 3, 1, 1), entry(262, 3, 1, 1),
		entry(273, 4, 1, 122), entry(277, 3, 1, 1), entry(278, 4, 1, 60000), entry(279, 4, 1, 16)))
	return cat(t, zeros(16))
}

func cat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
func zeros(n int) []byte         { return make([]byte, n) }
func u16(v int) []byte           { return binary.LittleEndian.AppendUint16(nil, uint16(v)) }
func u32(v uint32) []byte        { return binary.LittleEndian.AppendUint32(nil, v) }
func be16(v int) []byte          { return binary.BigEndian.AppendUint16(nil, uint16(v)) }
func be32(v uint32) []byte       { return binary.BigEndian.AppendUint32(nil, v) }

// must is for writers into memory, which cannot fail.
func must(_ int, err error) {
	if err != nil {
		panic(fmt.Sprintf("crashers: write to memory: %v", err))
	}
}
