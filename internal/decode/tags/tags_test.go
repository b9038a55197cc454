package tags_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode/tags"
	. "whenwhere/internal/decode/tags/tagstest"
	"whenwhere/internal/decode/wire"
)

func read(b []byte, mimeType string) (wire.Tags, *wire.Fault) {
	return tags.Read(bytes.NewReader(b), int64(len(b)), mimeType)
}

// sample is an EXIF block of a phone picture: place, fix, clock with offset, thumbnail with a date of its own.
func sample() []byte {
	return Exif(
		[]Field{Text(0x010F, "Maker"), Text(0x0110, "M1"), Short(0x0112, 6), Text(0x0132, "2024:09:01 12:00:05"), Text(0x013B, "A. Person")},
		[]Field{Rats(0x829A, 1, 250), Text(0x9003, "2024:09:01 12:00:00"), Text(0x9011, "+03:00"), Text(0x9291, "07"), Bytes(0x927C, 7, "secret")},
		[]Field{Bytes(0, 1, "\x02\x03\x00\x00"), Text(1, "N"), Rats(2, 48, 1, 17, 1, 12345, 1000), Text(3, "E"), Rats(4, 37, 1, 10, 1, 0, 1),
			Rats(7, 9, 1, 0, 1, 0, 0), Text(0x1D, "2024:09:01")},
		[]Field{Text(0x0132, "2020:01:01 00:00:00")},
	)
}

func text(reader, dir, name, s string) wire.Tag {
	return wire.Tag{Reader: reader, Dir: dir, Name: name, Text: &s}
}

func ints(reader, dir, name string, v ...int64) wire.Tag {
	return wire.Tag{Reader: reader, Dir: dir, Name: name, Ints: v}
}

func rats(dir, name string, v ...wire.Rat) wire.Tag {
	return wire.Tag{Reader: "walk", Dir: dir, Name: name, Rats: v}
}

// sampleTags is what must come out of sample in whatever container it lies.
func sampleTags() []wire.Tag {
	return []wire.Tag{
		text("walk", "IFD0", "Make", "Maker"), text("walk", "IFD0", "Model", "M1"), ints("walk", "IFD0", "Orientation", 6),
		text("walk", "IFD0", "DateTime", "2024:09:01 12:00:05"),
		rats("Exif", "ExposureTime", wire.Rat{Num: 1, Den: 250}), text("walk", "Exif", "DateTimeOriginal", "2024:09:01 12:00:00"),
		text("walk", "Exif", "OffsetTimeOriginal", "+03:00"), text("walk", "Exif", "SubSecTimeOriginal", "07"),
		ints("walk", "GPS", "GPSVersionID", 2, 3, 0, 0), text("walk", "GPS", "GPSLatitudeRef", "N"),
		rats("GPS", "GPSLatitude", wire.Rat{Num: 48, Den: 1}, wire.Rat{Num: 17, Den: 1}, wire.Rat{Num: 12345, Den: 1000}),
		text("walk", "GPS", "GPSLongitudeRef", "E"),
		rats("GPS", "GPSLongitude", wire.Rat{Num: 37, Den: 1}, wire.Rat{Num: 10, Den: 1}, wire.Rat{Num: 0, Den: 1}),
		rats("GPS", "GPSTimeStamp", wire.Rat{Num: 9, Den: 1}, wire.Rat{Num: 0, Den: 1}, wire.Rat{Num: 0, Den: 0}),
		text("walk", "GPS", "GPSDateStamp", "2024:09:01"),
		text("walk", "IFD1", "DateTime", "2020:01:01 00:00:00"),
	}
}

const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description xmlns:q="http://ns.adobe.com/xap/1.0/" q:CreateDate="2024-09-01T12:00:00+03:00"/></rdf:RDF></x:xmpmeta>`

// secondZero is what imagemeta makes of the zero denominator in sample: a second of 0, which nobody stated.
var secondZero = wire.Note{Where: "GPS GPSTimeStamp", Rule: "readers disagree on GPSTimeStamp: walk 9/1 0/1 0/0, imagemeta 09:00:00"}

func TestContainersGiveTheSameTags(t *testing.T) {
	t.Parallel()
	exif := Cat([]byte("Exif\x00\x00"), sample())
	xmpTag := text("xmp", "XMP", "xmp:CreateDate", "2024-09-01T12:00:00+03:00")
	itxt := Chunk("iTXt", Cat([]byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00"), []byte(packet)))
	cases := []struct {
		name, mimeType string
		file           []byte
		before, after  []wire.Tag
	}{
		{"jpeg", "image/jpeg", Cat([]byte{0xFF, 0xD8}, S(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00"+packet)), S(0xE1, exif), []byte{0xFF, 0xD9}), nil, []wire.Tag{xmpTag}},
		{"png", "image/png", PNG(Chunk("eXIf", sample()), itxt, Chunk("tIME", Cat(B16(2024), []byte{9, 1, 9, 0, 5}))),
			[]wire.Tag{ints("walk", "PNG", "tIME", 2024, 9, 1, 9, 0, 5)}, []wire.Tag{xmpTag}},
		{"webp", "image/webp", RIFF("WEBP", Riff("VP8X", Z(10)), Riff("EXIF", sample()), Riff("XMP ", []byte(packet))), nil, []wire.Tag{xmpTag}},
		{"webp with prefix", "image/webp", RIFF("WEBP", Riff("VP8X", Z(10)), Riff("EXIF", exif)), nil, nil},
		{"tiff", "image/tiff", sample(), nil, nil},
		{"heic iloc 0", "image/heic", HEIF(0, false, sample(), []byte(packet)), nil, []wire.Tag{xmpTag}},
		{"heic iloc 1", "image/heic", HEIF(1, false, sample(), []byte(packet)), nil, []wire.Tag{xmpTag}},
		{"heic iloc 2", "image/heif", HEIF(2, false, sample(), []byte(packet)), nil, []wire.Tag{xmpTag}},
		{"heic idat", "image/avif", HEIF(1, true, sample(), []byte(packet)), nil, []wire.Tag{xmpTag}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, fault := read(c.file, c.mimeType)
			if fault != nil {
				t.Fatal(fault)
			}
			want := append(append(append([]wire.Tag{}, c.before...), sampleTags()...), c.after...)
			if diff := cmp.Diff(want, got.Tags); diff != "" {
				t.Errorf("tags (-want +got):\n%s", diff)
			}
			if got.Withheld != 4 { // the artist, the maker note, two pointers
				t.Errorf("withheld %d, want 4", got.Withheld)
			}
			for _, n := range got.Notes {
				if n != secondZero {
					t.Errorf("note %v", n)
				}
			}
		})
	}
}

func TestMovieTags(t *testing.T) {
	t.Parallel()
	udta := Box("udta", Box("\xA9xyz", B16(18, 0x15C7), []byte("+48.2865+037.1667/")), Box("\xA9too", B16(13, 0), []byte("Lavf60.16.100")), Box("\xA9ART", B16(4, 0), []byte("Name")))
	tkhd := Full("tkhd", 0, B32(3808026000, 3808026001, 1, 0, 600), Z(8+8), B32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000), Z(8))
	mdhd := Full("mdhd", 0, B32(3808026000, 3808026002, 600, 2400), B16(0x55C4, 0))
	hdlr := Full("hdlr", 0, B32(0), []byte("vide"), Z(13))
	file := Cat(Box("ftyp", []byte("qt  "), B32(0), []byte("qt  isom")),
		Box("moov", Mvhd(1, 3808026000, 0, 600, 2401), Box("trak", tkhd, Box("mdia", mdhd, hdlr)), udta,
			KeysMeta("com.apple.quicktime.creationdate", "2024-09-01T12:00:00+0300", "com.apple.quicktime.author", "A. Person", "com.apple.quicktime.model", "M1")),
		Box("mdat", Z(16)))
	got, fault := read(file, "video/quicktime")
	if fault != nil {
		t.Fatal(fault)
	}
	duration := int64(4001)
	want := wire.Tags{
		Tags: []wire.Tag{
			ints("mp4", "mvhd", "creation_time", 3808026000), ints("mp4", "mvhd", "modification_time", 0),
			ints("mp4", "tkhd", "creation_time", 3808026000), ints("mp4", "tkhd", "modification_time", 3808026001),
			ints("mp4", "mdhd", "creation_time", 3808026000), ints("mp4", "mdhd", "modification_time", 3808026002),
			text("mp4", "hdlr", "handler_type", "vide"),
			text("mp4", "udta", "©xyz", "+48.2865+037.1667/"), text("mp4", "udta", "©too", "Lavf60.16.100"),
			text("mp4", "keys", "com.apple.quicktime.creationdate", "2024-09-01T12:00:00+0300"), text("mp4", "keys", "com.apple.quicktime.model", "M1"),
		},
		DurationMs: &duration, Brands: []string{"qt  ", "isom"}, Encoder: "Lavf60.16.100",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, mimeType, file string
		want                 wire.Class
	}{
		{"text", "text/plain", "hello", wire.ClassUnsupported},
		{"gif", "image/gif", "GIF89a", wire.ClassUnsupported},
		{"empty jpeg", "image/jpeg", "", wire.ClassInvalid},
		{"no jpeg", "image/jpeg", "\xFF\xD9", wire.ClassInvalid},
		{"no png", "image/png", "\x89PNG\r\n\x1a", wire.ClassInvalid},
		{"no webp", "image/webp", "RIFF\x00\x00\x00\x00WAVE", wire.ClassInvalid},
		{"no tiff", "image/tiff", "II+\x00\x08\x00\x00\x00", wire.ClassInvalid},
		{"no heic", "image/heic", strings.Repeat("x", 40), wire.ClassInvalid},
		{"no avi", "video/x-msvideo", "RIFF....WEBP", wire.ClassInvalid},
		{"no mkv", "video/x-matroska", "\x00\x00\x00\x00", wire.ClassInvalid},
		{"playlist", "video/mp4", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///other\n#EXT-X-ENDLIST\n", wire.ClassInvalid},
		{"concat", "video/mp4", "ffconcat version 1.0\nfile secret.ts\n", wire.ClassInvalid},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, fault := read([]byte(c.file), c.mimeType)
			if fault == nil || fault.Class != c.want || fault.Op != wire.OpTags {
				t.Errorf("got %v, fault %v, want class %s", got, fault, c.want)
			}
		})
	}
}

// A file whose size is overstated, or that is cut at any byte, gives notes or a fault, never a panic or a false tag.
func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	whole := J(sample())
	stated := map[string]bool{}
	for _, tag := range sampleTags() {
		stated[tag.Dir+tag.Name] = true
	}
	for n := range whole {
		for _, claimed := range []int64{int64(n), int64(len(whole)) * 3} {
			got, fault := tags.Read(bytes.NewReader(whole[:n]), claimed, "image/jpeg")
			checkAnswer(t, got, fault)
			for _, tag := range got.Tags {
				if !stated[tag.Dir+tag.Name] {
					t.Fatalf("cut at %d of %d: %v was never stated", n, len(whole), tag)
				}
			}
		}
	}
}

// checkAnswer asserts what holds for every answer, whatever the bytes were.
func checkAnswer(t *testing.T, got wire.Tags, fault *wire.Fault) {
	t.Helper()
	if fault != nil {
		if fault.Op != wire.OpTags || (fault.Class != wire.ClassInvalid && fault.Class != wire.ClassUnsupported) || fault.Rule == "" {
			t.Fatalf("fault %+v", fault)
		}
		return
	}
	for _, tag := range got.Tags {
		set := 0
		for _, is := range []bool{tag.Text != nil, tag.Ints != nil, tag.Rats != nil, tag.Floats != nil} {
			if is {
				set++
			}
		}
		if set != 1 || tag.Reader == "" || tag.Dir == "" || tag.Name == "" {
			t.Fatalf("tag %+v has %d values", tag, set)
		}
		if tag.Text != nil && (!utf8.ValidString(*tag.Text) || len(*tag.Text) > 3*1000) {
			t.Fatalf("tag %+v is not UTF-8 or too long", tag)
		}
	}
	for _, n := range got.Notes {
		if n.Where == "" || n.Rule == "" {
			t.Fatalf("note %+v", n)
		}
	}
	raw, err := json.Marshal(wire.Answer{Version: wire.Version, Tags: &got})
	if err != nil || len(raw) > wire.MaxAnswerBytes {
		t.Fatalf("answer of %d bytes: %v", len(raw), err)
	}
}
