package ifd_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"whenwhere/internal/decode/tags/ifd"
	"whenwhere/internal/decode/tags/still"
	"whenwhere/internal/decode/tags/window"
	"whenwhere/internal/shareddata"
)

// ids are the numbers of the names in the table of expected values (CIPA DC-008, TIFF 6.0).
var ids = map[string]uint16{
	"Make": 0x010F, "Model": 0x0110, "Orientation": 0x0112, "XResolution": 0x011A, "YResolution": 0x011B, "ResolutionUnit": 0x0128,
	"Software": 0x0131, "DateTime": 0x0132, "Artist": 0x013B, "ImageDescription": 0x010E, "YCbCrPositioning": 0x0213, "Copyright": 0x8298,
	"ExifIFDPointer": 0x8769, "GPSInfoIFDPointer": 0x8825, "InteroperabilityIFDPointer": 0xA005, "XPKeywords": 0x9C9E,
	"ExposureTime": 0x829A, "FNumber": 0x829D, "ExposureProgram": 0x8822, "ISOSpeedRatings": 0x8827, "ExifVersion": 0x9000,
	"DateTimeOriginal": 0x9003, "DateTimeDigitized": 0x9004, "ComponentsConfiguration": 0x9101, "CompressedBitsPerPixel": 0x9102,
	"ShutterSpeedValue": 0x9201, "ApertureValue": 0x9202, "BrightnessValue": 0x9203, "ExposureBiasValue": 0x9204, "MaxApertureValue": 0x9205,
	"SubjectDistance": 0x9206, "MeteringMode": 0x9207, "LightSource": 0x9208, "Flash": 0x9209, "FocalLength": 0x920A, "SubjectArea": 0x9214,
	"MakerNote": 0x927C, "UserComment": 0x9286, "SubSecTime": 0x9290, "SubSecTimeOriginal": 0x9291, "SubSecTimeDigitized": 0x9292,
	"FlashpixVersion": 0xA000, "ColorSpace": 0xA001, "PixelXDimension": 0xA002, "PixelYDimension": 0xA003, "RelatedSoundFile": 0xA004,
	"FocalPlaneXResolution": 0xA20E, "FocalPlaneYResolution": 0xA20F, "FocalPlaneResolutionUnit": 0xA210, "ExposureIndex": 0xA215,
	"SensingMethod": 0xA217, "FileSource": 0xA300, "SceneType": 0xA301, "CFAPattern": 0xA302, "CustomRendered": 0xA401, "ExposureMode": 0xA402,
	"WhiteBalance": 0xA403, "DigitalZoomRatio": 0xA404, "FocalLengthIn35mmFilm": 0xA405, "SceneCaptureType": 0xA406, "GainControl": 0xA407,
	"Contrast": 0xA408, "Saturation": 0xA409, "Sharpness": 0xA40A, "SubjectDistanceRange": 0xA40C, "ImageUniqueID": 0xA420, "LensMake": 0xA433, "LensModel": 0xA434,
	"GPSVersionID": 0, "GPSLatitudeRef": 1, "GPSLatitude": 2, "GPSLongitudeRef": 3, "GPSLongitude": 4, "GPSAltitudeRef": 5, "GPSAltitude": 6,
	"GPSTimeStamp": 7, "GPSImgDirectionRef": 0x10, "GPSImgDirection": 0x11, "GPSMapDatum": 0x12, "GPSProcessingMethod": 0x1B, "GPSDateStamp": 0x1D,
	"InteroperabilityIndex": 1, "ThumbJPEGInterchangeFormat": 0x0201, "ThumbJPEGInterchangeFormatLength": 0x0202,
}

// dirsOf says where a name may stand, most telling first.
func dirsOf(name string) []string {
	switch {
	case strings.HasPrefix(name, "GPS") && name != "GPSInfoIFDPointer":
		return []string{"GPS"}
	case name == "InteroperabilityIndex":
		return []string{"Interop"}
	case strings.HasPrefix(name, "ThumbJPEG"):
		return []string{"IFD1"}
	}
	return []string{"Exif", "IFD0"}
}

// TestExpectedValues checks the walk against 2,176 values on 58 files that another project keeps as its regression
// table. All of them, exported or not, must be there and equal.
func TestExpectedValues(t *testing.T) {
	t.Parallel()
	data := shareddata.Path(t)
	f, err := os.Open(filepath.Join(data, "media/goexif/exif/EXPECTED_tags.tsv"))
	if err != nil {
		t.Skip("../shared/data/media/goexif not present")
	}
	defer f.Close()
	blocks := map[string]*ifd.Block{}
	same, total := 0, 0
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		fields := strings.SplitN(lines.Text(), "\t", 3)
		if len(fields) != 3 || fields[0] == "file" {
			continue
		}
		total++
		file, name := fields[0], fields[1]
		if blocks[file] == nil {
			blocks[file] = walked(t, filepath.Join(data, file))
		}
		if got, ok := spelled(blocks[file], name); !ok || !equal(got, fields[2]) {
			t.Logf("%s %s: got %.80s (%v), want %.80s", file, name, got, ok, fields[2])
			continue
		}
		same++
	}
	t.Logf("%d of %d values on %d files agree", same, total, len(blocks))
	const minSame, minTotal = 2176, 2176
	if same < minSame || total != minTotal {
		t.Errorf("%d of %d values agree, want %d of %d", same, total, minSame, minTotal)
	}
}

func walked(t *testing.T, path string) *ifd.Block {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	found, err := still.JPEG(window.Of(raw))
	if err != nil || found.Exif == nil {
		t.Fatalf("%s: no block: %v", path, err)
	}
	block, err := ifd.Walk(*found.Exif, "exif")
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return block
}

// spelled gives a value as the table spells it: JSON, text without what cannot be printed, rationals as "n/d".
func spelled(b *ifd.Block, name string) (string, bool) {
	id, ok := ids[name]
	for _, dir := range dirsOf(name) {
		for i := len(b.Entries) - 1; i >= 0 && ok; i-- {
			if e := b.Entries[i]; e.Dir == dir && e.ID == id {
				return spell(b, e)
			}
		}
	}
	return "", false
}

func spell(b *ifd.Block, e ifd.Entry) (string, bool) {
	if e.Type == 2 || e.Type == 7 {
		raw, ok := b.Raw(e, 1<<20)
		return `"` + printable(raw) + `"`, ok
	}
	v := b.Value(e, ifd.Int)
	var parts []string
	for _, n := range v.Ints {
		parts = append(parts, fmt.Sprint(n))
	}
	for _, r := range v.Rats {
		parts = append(parts, fmt.Sprintf(`"%d/%d"`, r.Num, r.Den))
	}
	if len(parts) == 1 {
		return parts[0], true
	}
	return "[" + strings.Join(parts, ",") + "]", len(parts) > 0
}

func printable(raw []byte) string {
	var out []byte
	for _, c := range raw {
		if unicode.IsPrint(rune(c)) {
			out = append(out, c)
		}
	}
	if !utf8.Valid(out) {
		return ""
	}
	return string(out)
}

func equal(got, want string) bool {
	if got == want {
		return true
	}
	var a, b any
	return json.Unmarshal([]byte(got), &a) == nil && json.Unmarshal([]byte(want), &b) == nil && reflect.DeepEqual(a, b)
}
