package tags_test

import (
	"encoding/binary"
	"testing"

	. "whenwhere/internal/decode/tags/tagstest"
)

// fuzz reads mutated files of one type: whatever they are, the answer is well formed and the fault declared.
func fuzz(f *testing.F, mimeType string, seeds ...[]byte) {
	for _, c := range crashers() {
		if c.mimeType == mimeType && len(c.file) < 4096 {
			seeds = append(seeds, c.file)
		}
	}
	if len(seeds) == 0 {
		f.Fatal("no seeds")
	}
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, fault := read(b, mimeType)
		checkAnswer(t, got, fault)
	})
}

func FuzzJPEG(f *testing.F) {
	fuzz(f, "image/jpeg", J(sample()), xmpFile(packet), thermal(binary.LittleEndian, 500, 1621193256, 107, 420))
}

func FuzzTIFF(f *testing.F) { fuzz(f, "image/tiff", sample()) }

func FuzzPNG(f *testing.F) {
	fuzz(f, "image/png", PNG(Chunk("eXIf", sample()), Chunk("tIME", Z(7)), Chunk("zTXt", Cat([]byte("Raw profile type exif\x00\x00"), deflated([]byte("\nexif\n4\n49492a00\n"))))))
}

func FuzzWebP(f *testing.F) {
	fuzz(f, "image/webp", RIFF("WEBP", Riff("EXIF", sample()), Riff("XMP ", []byte(packet))))
}

func FuzzHEIF(f *testing.F) {
	fuzz(f, "image/heic", HEIF(0, false, sample(), []byte(packet)), HEIF(1, true, sample(), []byte(packet)), HEIF(2, false, sample(), nil))
}

func FuzzMP4(f *testing.F) {
	fuzz(f, "video/mp4", Cat(Box("ftyp", []byte("isom"), B32(0)), Box("moov", Mvhd(0, 1, 2, 600, 1200),
		Box("udta", Box("\xA9xyz", B16(4, 0), []byte("+1+2"))), KeysMeta("com.android.version", "14"))))
}

func FuzzMatroska(f *testing.F) {
	fuzz(f, "video/x-matroska", Cat([]byte{0x1A, 0x45, 0xDF, 0xA3, 0x80, 0x18, 0x53, 0x80, 0x67, 0x90, 0x15, 0x49, 0xA9, 0x66, 0x8B, 0x44, 0x61, 0x88}, Z(8)))
}

func FuzzAVI(f *testing.F) {
	fuzz(f, "video/x-msvideo", RIFF("AVI ", Riff("LIST", Cat([]byte("hdrl"), Riff("avih", Z(56)), Riff("IDIT", []byte("Mon Mar 10 15:04:43 2003\n"))))))
}
