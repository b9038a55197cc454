package tags_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode/tags"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/shareddata"
)

// oracle pairs a tag of exiftool with ours and says how to compare.
type oracle struct {
	theirs    string // group and name, a regular expression on the group
	dir, name string
	same      func(theirs string, ours wire.Tag) bool
}

// oracles are the dates, offsets, position and camera that the interpretation rests on.
var oracles = []oracle{
	{"IFD0:Make", "IFD0", "Make", sameText}, {"IFD0:Model", "IFD0", "Model", sameText}, {"IFD0:Software", "IFD0", "Software", sameText},
	{"IFD0:Orientation", "IFD0", "Orientation", sameNumbers}, {"IFD0:ModifyDate", "IFD0", "DateTime", sameText},
	{"IFD1:ModifyDate", "IFD1", "DateTime", sameText},
	{"ExifIFD:DateTimeOriginal", "Exif", "DateTimeOriginal", sameText}, {"ExifIFD:CreateDate", "Exif", "DateTimeDigitized", sameText},
	{"ExifIFD:OffsetTime", "Exif", "OffsetTime", sameText}, {"ExifIFD:OffsetTimeOriginal", "Exif", "OffsetTimeOriginal", sameText},
	{"ExifIFD:OffsetTimeDigitized", "Exif", "OffsetTimeDigitized", sameText}, {"ExifIFD:SubSecTime", "Exif", "SubSecTime", sameText},
	{"ExifIFD:SubSecTimeOriginal", "Exif", "SubSecTimeOriginal", sameText}, {"ExifIFD:SubSecTimeDigitized", "Exif", "SubSecTimeDigitized", sameText},
	{"ExifIFD:ExposureTime", "Exif", "ExposureTime", sameNumbers}, {"ExifIFD:FNumber", "Exif", "FNumber", sameNumbers}, {"ExifIFD:ISO", "Exif", "PhotographicSensitivity", sameNumbers},
	{"GPS:GPSLatitudeRef", "GPS", "GPSLatitudeRef", sameText}, {"GPS:GPSLatitude", "GPS", "GPSLatitude", sameDegrees},
	{"GPS:GPSLongitudeRef", "GPS", "GPSLongitudeRef", sameText}, {"GPS:GPSLongitude", "GPS", "GPSLongitude", sameDegrees},
	{"GPS:GPSAltitude", "GPS", "GPSAltitude", sameNumbers}, {"GPS:GPSTimeStamp", "GPS", "GPSTimeStamp", sameClock}, {"GPS:GPSDateStamp", "GPS", "GPSDateStamp", sameDate},
	{"GPS:GPSImgDirection", "GPS", "GPSImgDirection", sameNumbers}, {"GPS:GPSImgDirectionRef", "GPS", "GPSImgDirectionRef", sameText},
	{"QuickTime:CreateDate", "mvhd", "creation_time", sameSeconds1904}, {"QuickTime:ModifyDate", "mvhd", "modification_time", sameSeconds1904},
	{`Track\d+:TrackCreateDate`, "tkhd", "creation_time", sameSeconds1904}, {`Track\d+:MediaCreateDate`, "mdhd", "creation_time", sameSeconds1904},
	{"Keys:CreationDate", "keys", "com.apple.quicktime.creationdate", sameQuickTimeDate}, {"Keys:Make", "keys", "com.apple.quicktime.make", sameText},
	{"Keys:Model", "keys", "com.apple.quicktime.model", sameText}, {"Keys:Software", "keys", "com.apple.quicktime.software", sameText},
	{"Keys:GPSCoordinates", "keys", "com.apple.quicktime.location.ISO6709", sameISO6709}, {"UserData:GPSCoordinates", "udta", "©xyz", sameISO6709},
	{"Keys:AndroidVersion", "keys", "com.android.version", sameText},
	{"XMP-xmp:CreateDate", "XMP", "xmp:CreateDate", sameXMPDate}, {"XMP-xmp:ModifyDate", "XMP", "xmp:ModifyDate", sameXMPDate},
	{"XMP-xmp:CreatorTool", "XMP", "xmp:CreatorTool", sameText}, {"XMP-tiff:Make", "XMP", "tiff:Make", sameText}, {"XMP-exif:DateTimeOriginal", "XMP", "exif:DateTimeOriginal", sameXMPDate},
	{"XMP-photoshop:DateCreated", "XMP", "photoshop:DateCreated", sameXMPDate}, {"XMP-drone-dji:GimbalYawDegree", "XMP", "drone-dji:GimbalYawDegree", sameText},
	{"XMP-drone-dji:RelativeAltitude", "XMP", "drone-dji:RelativeAltitude", sameText},
}

// differs are the pairs that we understand and do not want to close.
var differs = map[string]string{
	"goexif/exif/samples/geodegrees_as_string.jpg GPSLatitude":  "text with decimal commas: the walk hands it out raw",
	"goexif/exif/samples/geodegrees_as_string.jpg GPSLongitude": "the same",
	"goexif/exif/samples/geodegrees_as_string.jpg GPSTimeStamp": "the same",
}

var mimeTypes = map[string]string{
	"JPEG": "image/jpeg", "HEIC": "image/heic", "HEIF": "image/heif", "TIFF": "image/tiff", "PNG": "image/png", "Extended WEBP": "image/webp",
	"MOV": "video/quicktime", "MP4": "video/mp4",
}

// count is one line of the table of agreement.
type count struct{ theirs, same, missing, differ, explained int }

func TestAgainstExiftool(t *testing.T) {
	t.Parallel()
	exiftool, err := exec.LookPath("exiftool")
	if err != nil {
		t.Skip("exiftool is not installed")
	}
	root := shareddata.Path(t, "media")
	cmd := exec.Command(exiftool, "-j", "-G1", "-n", "-a", "-r", ".")
	cmd.Dir = root
	out, err := cmd.Output() // exits 1 when some file is none of its own
	if len(out) == 0 {
		t.Fatal(err)
	}
	var files []map[string]any
	d := json.NewDecoder(bytes.NewReader(out))
	d.UseNumber()
	if err := d.Decode(&files); err != nil {
		t.Fatal(err)
	}
	table := make([]count, len(oracles))
	read, withExif := 0, 0
	for _, f := range files {
		mimeType := mimeTypes[fmt.Sprint(f["File:FileType"])]
		if mimeType == "" {
			continue
		}
		name := filepath.Clean(fmt.Sprint(f["SourceFile"]))
		raw, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		got, fault := tags.Read(bytes.NewReader(raw), int64(len(raw)), mimeType)
		checkAnswer(t, got, fault)
		if fault != nil {
			t.Errorf("%s: %v", name, fault)
			continue
		}
		again, _ := tags.Read(bytes.NewReader(raw), int64(len(raw)), mimeType)
		if diff := cmp.Diff(got, again); diff != "" {
			t.Errorf("%s: two readings differ: %s", name, diff)
		}
		read++
		if hasExif(f) {
			withExif++
			if !readsExif(got) {
				t.Errorf("%s: exiftool finds EXIF, the walk none: %v", name, got.Notes)
			}
		}
		compare(t, name, f, got.Tags, table)
	}
	report(t, table, read, withExif)
}

func hasExif(f map[string]any) bool {
	for key := range f {
		group, _, _ := strings.Cut(key, ":")
		if group == "IFD0" || group == "ExifIFD" || group == "GPS" {
			return true
		}
	}
	return false
}

func readsExif(got wire.Tags) bool {
	for _, tag := range got.Tags {
		if tag.Reader == "walk" && (tag.Dir == "IFD0" || tag.Dir == "Exif" || tag.Dir == "GPS") {
			return true
		}
	}
	return got.Withheld > 0
}

// compare counts, for each oracle, the values of exiftool that we have as well.
func compare(t *testing.T, file string, f map[string]any, ours []wire.Tag, table []count) {
	for i, o := range oracles {
		pattern := regexp.MustCompile("^" + o.theirs + "$")
		for key, value := range f {
			if !pattern.MatchString(key) {
				continue
			}
			theirs := fmt.Sprint(value)
			met, same := false, false
			for _, tag := range ours {
				if tag.Dir == o.dir && tag.Name == o.name {
					met, same = true, same || o.same(theirs, tag)
				}
			}
			table[i].theirs++
			switch {
			case same:
				table[i].same++
			case !met:
				table[i].missing++
				t.Logf("%s: %s %q missing", file, key, theirs)
			case differs[file+" "+o.name] != "":
				table[i].explained++
			default:
				table[i].differ++
				t.Logf("%s: %s %q differs", file, key, theirs)
			}
		}
	}
}

func report(t *testing.T, table []count, read, withExif int) {
	var sum count
	for i, c := range table {
		t.Logf("%-40s exiftool %4d  same %4d  missing %3d  differ %3d  explained %d", oracles[i].dir+" "+oracles[i].name, c.theirs, c.same, c.missing, c.differ, c.explained)
		sum = count{sum.theirs + c.theirs, sum.same + c.same, sum.missing + c.missing, sum.differ + c.differ, sum.explained + c.explained}
	}
	t.Logf("%d files, %d with EXIF; %d values of exiftool: %d same, %d missing, %d differ, %d explained", read, withExif, sum.theirs, sum.same, sum.missing, sum.differ, sum.explained)
	const minFiles, minExif, minSame, maxMissing, maxDiffer = 164, 108, 1151, 0, 0
	if read < minFiles || withExif < minExif || sum.same < minSame || sum.missing > maxMissing || sum.differ > maxDiffer {
		t.Errorf("below the floor: files %d, EXIF %d, same %d; or above: missing %d, differ %d", minFiles, minExif, minSame, maxMissing, maxDiffer)
	}
}

func sameText(theirs string, ours wire.Tag) bool {
	if ours.Text == nil {
		return sameNumbers(theirs, ours)
	}
	a, b := strings.TrimSpace(theirs), strings.TrimSpace(*ours.Text)
	if a == b {
		return true
	}
	x, errX := strconv.ParseFloat(a, 64) // exiftool prints what looks like a number as one: "4.10" becomes 4.1
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && x == y
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(b)) }

// values turns a tag into numbers.
func values(tag wire.Tag) []float64 {
	var out []float64
	for _, n := range tag.Ints {
		out = append(out, float64(n))
	}
	for _, r := range tag.Rats {
		out = append(out, float64(r.Num)/float64(r.Den))
	}
	return out
}

func sameNumbers(theirs string, ours wire.Tag) bool {
	want, err := strconv.ParseFloat(strings.Fields(theirs + " x")[0], 64)
	got := values(ours)
	if len(got) > 0 && (math.IsNaN(got[0]) || math.IsInf(got[0], 0)) {
		return theirs == "undef" || theirs == "inf" || theirs == "0"
	}
	return err == nil && len(got) > 0 && near(got[0], want)
}

func sexagesimal(v []float64) float64 {
	sum, scale := 0.0, 1.0
	for _, x := range v {
		sum, scale = sum+x/scale, scale*60
	}
	return sum
}

func sameDegrees(theirs string, ours wire.Tag) bool {
	want, err := strconv.ParseFloat(theirs, 64)
	return err == nil && near(sexagesimal(values(ours)), want)
}

func sameClock(theirs string, ours wire.Tag) bool {
	var v []float64
	for _, part := range strings.Split(theirs, ":") {
		x, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return false
		}
		v = append(v, x)
	}
	return near(sexagesimal(values(ours)), sexagesimal(v))
}

// sameDate lets exiftool cut what follows the ten characters of a date.
func sameDate(theirs string, ours wire.Tag) bool {
	return ours.Text != nil && digits(*ours.Text) == digits(theirs)
}

func sameSeconds1904(theirs string, ours wire.Tag) bool {
	const epoch = 2082844800
	if len(ours.Ints) != 1 {
		return false
	}
	if ours.Ints[0] == 0 {
		return theirs == "0000:00:00 00:00:00"
	}
	return time.Unix(ours.Ints[0]-epoch, 0).UTC().Format("2006:01:02 15:04:05") == theirs
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// sameQuickTimeDate and sameXMPDate compare digits: exiftool rewrites the separators.
func sameQuickTimeDate(theirs string, ours wire.Tag) bool { return sameDate(theirs, ours) }

func sameXMPDate(theirs string, ours wire.Tag) bool { return sameDate(theirs, ours) }

var signed = regexp.MustCompile(`[+-][0-9.]+`)

func sameISO6709(theirs string, ours wire.Tag) bool {
	if ours.Text == nil {
		return false
	}
	want := strings.Fields(theirs)
	got := signed.FindAllString(*ours.Text, -1)
	if len(got) < 2 || len(want) < 2 {
		return false
	}
	for i := range 2 {
		a, errA := strconv.ParseFloat(want[i], 64)
		b, errB := strconv.ParseFloat(got[i], 64)
		if errA != nil || errB != nil || !near(a, b) {
			return false
		}
	}
	return true
}
