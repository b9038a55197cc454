// Package sniff says what a file is by its first bytes: our own table, no library, no guess from a name.
//
// Type never fails and never reads beyond HeadBytes (ISO files: the headers of at most 32 boxes). What fits nothing is
// Unknown. A type says which reader may try, not that the file is sound.
//
// Text is text/plain whatever name or type it claims: a playlist (`#EXTM3U`, `ffconcat`, `<MPD`, SDP) makes a media
// player open other files or addresses, so no text may ever be handed to one. Readers of text decide for themselves.
package sniff

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// Types that readers and extractors name.
const (
	JPEG      = "image/jpeg"
	PNG       = "image/png"
	GIF       = "image/gif"
	WebP      = "image/webp"
	BMP       = "image/bmp"
	TIFF      = "image/tiff" // also the raw formats that are built on it
	HEIC      = "image/heic"
	HEIF      = "image/heif"
	AVIF      = "image/avif"
	MP4       = "video/mp4"
	QuickTime = "video/quicktime"
	M4A       = "audio/mp4"
	Matroska  = "video/x-matroska"
	WebM      = "video/webm"
	AVI       = "video/x-msvideo"
	MPEGTS    = "video/mp2t"
	MP3       = "audio/mpeg"
	WAV       = "audio/wav"
	Text      = "text/plain"
	Unknown   = "application/octet-stream"
)

// HeadBytes is how much of a file is looked at: 21 packets of MPEG-TS, and enough text to tell text.
const HeadBytes = 4096

// Type returns the MIME type of the first bytes of r.
func Type(r io.ReaderAt) string {
	buf := make([]byte, HeadBytes)
	n, err := r.ReadAt(buf, 0)
	if n == 0 && err != nil {
		return Unknown
	}
	head := buf[:n]
	for _, f := range []func([]byte) string{still, riff, matroska, transport, audio} {
		if t := f(head); t != "" {
			return t
		}
	}
	if t := iso(head, r); t != "" {
		return t
	}
	if isText(head, n == HeadBytes) {
		return Text
	}
	return Unknown
}

func still(b []byte) string {
	for _, m := range []struct{ magic, mime string }{
		{"\xFF\xD8\xFF", JPEG},
		{"\x89PNG\r\n\x1A\n", PNG},
		{"GIF87a", GIF}, {"GIF89a", GIF},
		{"II*\x00", TIFF}, {"MM\x00*", TIFF}, {"II+\x00", TIFF}, {"MM\x00+", TIFF},
	} {
		if bytes.HasPrefix(b, []byte(m.magic)) {
			return m.mime
		}
	}
	// "BM" alone is also the start of a sentence: ask for a plausible size of the header that follows as well.
	if len(b) >= 18 && string(b[:2]) == "BM" && b[15] == 0 && b[16] == 0 && b[17] == 0 && b[14] >= 12 {
		return BMP
	}
	return ""
}

func riff(b []byte) string {
	if len(b) < 12 || string(b[:4]) != "RIFF" {
		return ""
	}
	return map[string]string{"WEBP": WebP, "AVI ": AVI, "WAVE": WAV}[string(b[8:12])]
}

// matroska tells WebM by its DocType, which stands within the first element.
func matroska(b []byte) string {
	if !bytes.HasPrefix(b, []byte("\x1A\x45\xDF\xA3")) {
		return ""
	}
	if bytes.Contains(b[:min(len(b), 128)], []byte("\x42\x82\x84webm")) {
		return WebM
	}
	return Matroska
}

// transport asks for the sync byte at the head of the first packets: 188 bytes, or 192 with a time stamp before each.
func transport(b []byte) string {
	for _, p := range []struct{ first, step int }{{0, 188}, {4, 192}} {
		packets := 0
		for i := p.first; i < len(b) && b[i] == 0x47; i += p.step {
			packets++
		}
		if packets >= 4 && p.first+packets*p.step >= len(b) {
			return MPEGTS
		}
	}
	return ""
}

func audio(b []byte) string {
	if bytes.HasPrefix(b, []byte("ID3")) && len(b) >= 10 && b[3] < 0x10 {
		return MP3
	}
	// MPEG-1/2 layer III frame: sync, layer 01, bit rate neither free nor 15, sampling rate not 3.
	if len(b) >= 4 && b[0] == 0xFF && b[1]&0xE6 == 0xE2 && b[2]>>4 != 0xF && b[2]>>4 != 0 && b[2]>>2&3 != 3 {
		return MP3
	}
	return ""
}

// isText accepts UTF-8 (and UTF-16 with a mark) without control characters other than white space.
func isText(b []byte, cut bool) bool {
	if bytes.HasPrefix(b, []byte{0xFF, 0xFE}) || bytes.HasPrefix(b, []byte{0xFE, 0xFF}) {
		return true
	}
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			return cut && len(b) < utf8.UTFMax // a character cut by the end of the head
		}
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r == 0x7F {
			return false
		}
		b = b[size:]
	}
	return true
}
