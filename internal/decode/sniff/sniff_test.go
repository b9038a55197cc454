package sniff

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whenwhere/internal/shareddata"
)

func box32(name, body string) string {
	n := len(body) + 8
	return string([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + name + body
}

func packets(n, step int, lead string) string {
	return strings.Repeat(lead+"\x47"+strings.Repeat("\x00", step-1-len(lead)), n)
}

func TestType(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ head, want string }{
		"jpeg":              {"\xFF\xD8\xFF\xE0", JPEG},
		"png":               {"\x89PNG\r\n\x1A\n", PNG},
		"gif":               {"GIF89a", GIF},
		"tiff":              {"II*\x00\x08\x00\x00\x00", TIFF},
		"tiff motorola":     {"MM\x00*\x00\x00\x00\x08", TIFF},
		"webp":              {"RIFF\x00\x00\x00\x00WEBPVP8 ", WebP},
		"avi":               {"RIFF\x00\x00\x00\x00AVI LIST", AVI},
		"wav":               {"RIFF\x00\x00\x00\x00WAVEfmt ", WAV},
		"riff of no kind":   {"RIFF\x00\x00\x00\x00ABCD", Unknown},
		"bmp":               {"BM\x36\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00", BMP},
		"a sentence":        {"BMW drivers were seen at the crossing", Text},
		"heic":              {box32("ftyp", "heic\x00\x00\x00\x00mif1heic"), HEIC},
		"heic by mif1":      {box32("ftyp", "mif1\x00\x00\x00\x00mif1heic"), HEIC},
		"heif":              {box32("ftyp", "mif1\x00\x00\x00\x00mif1jpeg"), HEIF},
		"avif":              {box32("ftyp", "avif\x00\x00\x00\x00avifmif1"), AVIF},
		"avif by mif1":      {box32("ftyp", "mif1\x00\x00\x00\x00avifmif1"), AVIF},
		"mp4":               {box32("ftyp", "isom\x00\x00\x02\x00isomiso2"), MP4},
		"mov":               {box32("ftyp", "qt  \x00\x00\x00\x00qt  "), QuickTime},
		"m4a":               {box32("ftyp", "M4A \x00\x00\x00\x00M4A mp42"), M4A},
		"minor is no brand": {box32("ftyp", "mif1avif"), HEIF},
		"old mov":           {box32("wide", "") + box32("mdat", "abcd"), QuickTime},
		"old mov, moov":     {box32("skip", "abc") + box32("moov", ""), QuickTime},
		"old mov, long box": {"\x00\x00\x00\x01mdat\x00\x00\x00\x01\x00\x00\x00\x00", QuickTime},
		"mdat to the end":   {"\x00\x00\x00\x00mdat\x01", QuickTime},
		"only skip":         {box32("skip", "abc"), Unknown},
		"skip, then other":  {box32("skip", "abc") + box32("evil", "") + box32("moov", ""), Unknown},
		"endless boxes":     {strings.Repeat(box32("free", ""), 100) + box32("moov", ""), Unknown},
		"mkv":               {"\x1A\x45\xDF\xA3\x93\x42\x82\x88matroska", Matroska},
		"webm":              {"\x1A\x45\xDF\xA3\x93\x42\x82\x84webm", WebM},
		"ts":                {packets(5, 188, ""), MPEGTS},
		"ts with times":     {packets(5, 192, "\x00\x00\x00\x01"), MPEGTS},
		"three packets":     {packets(3, 188, ""), Unknown},
		"letter G":          {"G" + strings.Repeat("o", 500), Text},
		"mp3 with id3":      {"ID3\x03\x00\x00\x00\x00\x00\x00", MP3},
		"mp3 frame":         {"\xFF\xFB\x90\x00", MP3},
		"hls":               {"#EXTM3U\n#EXTINF:10,\nfile:///x\n", Text},
		"concat":            {"ffconcat version 1.0\nfile a.ts\n", Text},
		"dash":              {"<MPD></MPD>", Text},
		"sdp":               {"v=0\r\nm=video 15004 RTP/AVP 96\r\n", Text},
		"with mark":         {"\xEF\xBB\xBF#EXTM3U\n", Text},
		"utf-16":            {"\xFF\xFEa\x00", Text},
		"cyrillic":          {"Бахмут", Text},
		"cut cyrillic":      {strings.Repeat("я", HeadBytes/2-1) + "aя", Text},
		"latin-1":           {"caf\xe9 au lait", Unknown},
		"empty":             {"", Unknown},
		"zeros":             {strings.Repeat("\x00", 600), Unknown},
	} {
		if got := Type(strings.NewReader(c.head)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestTypeOfRealFiles: the type by content fits the name of files that other tools read as such.
func TestTypeOfRealFiles(t *testing.T) {
	t.Parallel()
	root := shareddata.Path(t)
	want := map[string][]string{
		".jpg": {JPEG}, ".jpeg": {JPEG}, ".png": {PNG}, ".gif": {GIF}, ".heic": {HEIC}, ".heif": {HEIC, HEIF},
		".mov": {QuickTime}, ".mp4": {MP4, QuickTime}, ".m4a": {M4A, MP4}, ".mkv": {Matroska}, ".avi": {AVI}, ".webp": {WebP}, ".tif": {TIFF},
		".tiff": {TIFF}, ".bmp": {BMP}, ".gpx": {Text}, ".srt": {Text, Unknown}, ".mp3": {MP3},
	}
	seen := 0
	for _, dir := range []string{"media", "neardup"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d os.DirEntry, err error) error {
			types, known := want[strings.ToLower(filepath.Ext(path))]
			if err != nil || !known {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			seen++
			got := Type(bytes.NewReader(b))
			for _, w := range types {
				if got == w {
					return nil
				}
			}
			t.Errorf("%s: %s, want one of %v", path, got, types)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 150 {
		t.Errorf("%d files, want at least 150", seen)
	}
}

func FuzzType(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x08ftyp"))
	f.Add([]byte("\x00\x00\x00\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got := Type(bytes.NewReader(b)); got == "" {
			t.Error("no type")
		}
	})
}
