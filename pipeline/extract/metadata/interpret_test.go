package metadata_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"whenwhere/internal/decode/wire"
	"whenwhere/pipeline"
)

func ptr[T any](v T) *T { return &v }

func text(dir, name, value string) wire.Tag {
	return wire.Tag{Reader: "walk", Dir: dir, Name: name, Text: &value}
}

func ints(dir, name string, values ...int64) wire.Tag {
	return wire.Tag{Reader: "walk", Dir: dir, Name: name, Ints: values}
}

// rats takes numerators and denominators in turn.
func rats(dir, name string, values ...int64) wire.Tag {
	t := wire.Tag{Reader: "walk", Dir: dir, Name: name}
	for i := 0; i+1 < len(values); i += 2 {
		t.Rats = append(t.Rats, wire.Rat{Num: values[i], Den: values[i+1]})
	}
	return t
}

func utc(from string, length time.Duration) []pipeline.Span {
	at, err := time.Parse(time.RFC3339Nano, from)
	if err != nil {
		panic(err)
	}
	return []pipeline.Span{{From: at.UTC(), To: at.UTC().Add(length)}}
}

func dial(from, to string) *pipeline.WallSpan { return &pipeline.WallSpan{From: from, To: to} }

// creation counts from 1904: 2024-09-01T09:00:00Z.
const creation = 3808026000

func TestClocks(t *testing.T) {
	t.Parallel()
	const sec = time.Second
	camera, container := pipeline.ClockCamera, pipeline.ClockContainer
	capture, point := pipeline.StampCapture, pipeline.BoundPoint
	shot := text("Exif", "DateTimeOriginal", "2024:11:03 10:15:20")
	wall := dial("2024-11-03T10:15:20.000", "2024-11-03T10:15:21.000")
	original := pipeline.StatedClock{Field: "EXIF:DateTimeOriginal", Raw: "2024:11:03 10:15:20", Clock: camera, Kind: capture, Bound: point, Wall: wall}
	cases := []struct {
		name  string
		given string
		tags  wire.Tags
		want  []pipeline.StatedClock
	}{
		{"nothing", "a.jpg", wire.Tags{}, []pipeline.StatedClock{}},
		{"no zone", "a.jpg", wire.Tags{Tags: []wire.Tag{shot}}, []pipeline.StatedClock{original}},
		{"each date with its own offset and fraction", "a.jpg", wire.Tags{Tags: []wire.Tag{
			text("IFD0", "DateTime", "2024:11:04 10:15:20"), text("Exif", "OffsetTime", "+03:00"), shot, text("Exif", "OffsetTimeOriginal", "+02:00"),
			text("Exif", "SubSecTimeOriginal", "25"), text("Exif", "DateTimeDigitized", "2024:11:03 10:15:21"),
		}}, []pipeline.StatedClock{
			{Field: "EXIF:DateTimeOriginal", Raw: "2024:11:03 10:15:20 | subsec 25 | offset +02:00", Clock: camera, Kind: capture, Bound: point, UTC: utc("2024-11-03T08:15:20.25Z", 10*time.Millisecond)},
			{Field: "EXIF:DateTimeDigitized", Raw: "2024:11:03 10:15:21", Clock: camera, Kind: capture, Bound: point, Wall: dial("2024-11-03T10:15:21.000", "2024-11-03T10:15:22.000")},
			{Field: "EXIF:DateTime", Raw: "2024:11:04 10:15:20 | offset +03:00", Clock: camera, Kind: pipeline.StampEdit, Bound: pipeline.BoundUpper, UTC: utc("2024-11-04T07:15:20Z", sec), Flags: []string{"modified_later"}},
		}},
		{"unusable stamps keep text and flags", "a.jpg", wire.Tags{Tags: []wire.Tag{
			text("Exif", "DateTimeOriginal", "0000:00:00 00:00:00"), text("Exif", "DateTimeDigitized", "2099:08:12 19:59:29"),
		}}, []pipeline.StatedClock{
			{Field: "EXIF:DateTimeOriginal", Raw: "0000:00:00 00:00:00", Clock: camera, Kind: capture, Bound: point, Flags: []string{"clock_never_set"}},
			{Field: "EXIF:DateTimeDigitized", Raw: "2099:08:12 19:59:29", Clock: camera, Kind: capture, Bound: point, Flags: []string{"after_collection"}},
		}},
		{"the thumbnail has no say", "a.jpg", wire.Tags{Tags: []wire.Tag{text("IFD1", "DateTime", "2024:11:04 10:15:20")}}, []pipeline.StatedClock{}},
		{"satellite time", "a.jpg", wire.Tags{Tags: []wire.Tag{text("GPS", "GPSDateStamp", "2024:11:03"), rats("GPS", "GPSTimeStamp", 7, 1, 15, 1, 1950, 100)}},
			[]pipeline.StatedClock{{Field: "EXIF:GPSDateTime", Raw: "2024:11:03 7/1 15/1 1950/100", Clock: pipeline.ClockGPS, Kind: capture, Bound: point, UTC: utc("2024-11-03T07:15:19.5Z", 10*time.Millisecond)}}},
		{"satellite time without a date finds its days by the camera", "a.jpg", wire.Tags{Tags: []wire.Tag{shot, rats("GPS", "GPSTimeStamp", 7, 1, 15, 1, 19, 1)}},
			[]pipeline.StatedClock{original, {Field: "EXIF:GPSTimeStamp", Raw: " 7/1 15/1 19/1", Clock: pipeline.ClockGPS, Kind: capture, Bound: point,
				UTC: utc("2024-11-03T07:15:19Z", sec), Flags: []string{"no_date", "gps_date_from_wall"}}}},
		{"satellite time without a date and without a camera", "a.jpg", wire.Tags{Tags: []wire.Tag{rats("GPS", "GPSTimeStamp", 7, 1, 15, 1, 19, 1)}},
			[]pipeline.StatedClock{{Field: "EXIF:GPSDateTime", Raw: " 7/1 15/1 19/1", Clock: pipeline.ClockGPS, Kind: capture, Bound: point, Flags: []string{"no_date"}}}},
		{"XMP", "a.jpg", wire.Tags{Tags: []wire.Tag{text("XMP", "xmp:ModifyDate", "2024-11-04T10:00:00+02:00"), text("XMP", "photoshop:DateCreated", "2024-11-03"),
			text("XMP", "exif:GPSTimeStamp", "2024-11-03T07:15:19Z")}},
			[]pipeline.StatedClock{
				{Field: "XMP:photoshop:DateCreated", Raw: "2024-11-03", Clock: camera, Kind: capture, Bound: point, Wall: dial("2024-11-03T00:00:00.000", "2024-11-04T00:00:00.000"), Flags: []string{"partial_date"}},
				{Field: "XMP:xmp:ModifyDate", Raw: "2024-11-04T10:00:00+02:00", Clock: camera, Kind: pipeline.StampEdit, Bound: pipeline.BoundUpper, UTC: utc("2024-11-04T08:00:00Z", sec)},
				{Field: "XMP:exif:GPSTimeStamp", Raw: "2024-11-03T07:15:19Z", Clock: pipeline.ClockGPS, Kind: capture, Bound: point, UTC: utc("2024-11-03T07:15:19Z", sec)},
			}},
		{"IPTC", "a.jpg", wire.Tags{Tags: []wire.Tag{text("IPTC", "DateCreated", "20241103"), text("IPTC", "TimeCreated", "101520+0200"), text("IPTC", "DigitalCreationDate", "2024:11:03")}},
			[]pipeline.StatedClock{
				{Field: "IPTC:DateCreated", Raw: "20241103 101520+0200", Clock: camera, Kind: capture, Bound: point, UTC: utc("2024-11-03T08:15:20Z", sec)},
				{Field: "IPTC:DigitalCreationDate", Raw: "2024:11:03", Clock: camera, Kind: capture, Bound: point, Wall: dial("2024-11-03T00:00:00.000", "2024-11-04T00:00:00.000"), Flags: []string{"partial_date"}},
			}},
		{"movie header has both readings, at the second that it was written", "a.mp4", wire.Tags{DurationMs: ptr(int64(4000)), Tags: []wire.Tag{
			ints("mvhd", "creation_time", creation), ints("mvhd", "modification_time", creation+60), ints("tkhd", "creation_time", creation), ints("tkhd", "modification_time", 0),
			ints("mdhd", "creation_time", creation+5),
		}}, []pipeline.StatedClock{
			{Field: "QuickTime:mvhd", Raw: "3808026000", Clock: container, Kind: capture, Bound: point, UTC: utc("2024-09-01T09:00:00Z", sec), Wall: dial("2024-09-01T09:00:00.000", "2024-09-01T09:00:01.000"), Flags: []string{"tracks_differ"}},
			{Field: "QuickTime:mvhd.modified", Raw: "3808026060", Clock: container, Kind: pipeline.StampEdit, Bound: pipeline.BoundUpper, UTC: utc("2024-09-01T09:01:00Z", sec), Wall: dial("2024-09-01T09:01:00.000", "2024-09-01T09:01:01.000")},
			{Field: "QuickTime:mdhd", Raw: "3808026005", Clock: container, Kind: capture, Bound: point, UTC: utc("2024-09-01T09:00:05Z", sec), Wall: dial("2024-09-01T09:00:05.000", "2024-09-01T09:00:06.000"), Flags: []string{"tracks_differ"}},
		}},
		{"movie header that was never set", "a.mp4", wire.Tags{Tags: []wire.Tag{ints("mvhd", "creation_time", 0)}},
			[]pipeline.StatedClock{{Field: "QuickTime:mvhd", Raw: "0", Clock: container, Kind: capture, Bound: point, Flags: []string{"clock_never_set"}}}},
		{"the phone's own date comes first", "a.mov", wire.Tags{Tags: []wire.Tag{ints("mvhd", "creation_time", creation), text("udta", "©day", "2024"), text("keys", "com.apple.quicktime.creationdate", "2024-09-01T12:00:00+0300")}},
			[]pipeline.StatedClock{
				{Field: "QuickTime:com.apple.quicktime.creationdate", Raw: "2024-09-01T12:00:00+0300", Clock: container, Kind: capture, Bound: point, UTC: utc("2024-09-01T09:00:00Z", sec)},
				{Field: "QuickTime:mvhd", Raw: "3808026000", Clock: container, Kind: capture, Bound: point, UTC: utc("2024-09-01T09:00:00Z", sec), Wall: dial("2024-09-01T09:00:00.000", "2024-09-01T09:00:01.000")},
				{Field: "QuickTime:©day", Raw: "2024", Clock: container, Kind: capture, Bound: point, Wall: dial("2024-01-01T00:00:00.000", "2025-01-01T00:00:00.000"), Flags: []string{"partial_date"}},
			}},
		{"AVI", "a.avi", wire.Tags{Tags: []wire.Tag{text("AVI", "IDIT", "MON MAR  3 15:04:43 2003\n"), text("AVI", "ICRD", "2009/10/27")}},
			[]pipeline.StatedClock{
				{Field: "AVI:IDIT", Raw: "MON MAR  3 15:04:43 2003\n", Clock: container, Kind: capture, Bound: point, Wall: dial("2003-03-03T15:04:43.000", "2003-03-03T15:04:44.000")},
				{Field: "AVI:ICRD", Raw: "2009/10/27", Clock: container, Kind: capture, Bound: point, Wall: dial("2009-10-27T00:00:00.000", "2009-10-28T00:00:00.000"), Flags: []string{"partial_date"}},
			}},
		{"Matroska", "a.mkv", wire.Tags{Tags: []wire.Tag{ints("mkv", "DateUTC", 752_404_511_000_000_000)}},
			[]pipeline.StatedClock{{Field: "Matroska:DateUTC", Raw: "752404511000000000", Clock: container, Kind: capture, Bound: point, UTC: utc("2024-11-04T09:15:11Z", time.Millisecond)}}},
		{"PNG", "a.png", wire.Tags{Tags: []wire.Tag{ints("PNG", "tIME", 2024, 11, 3, 7, 15, 20), text("PNG", "date:create", "2024-11-04T09:00:00+00:00"), text("PNG", "Creation Time", "2024:11:03 09:15:20")}},
			[]pipeline.StatedClock{
				{Field: "PNG:tIME", Raw: "2024-11-03T07:15:20Z", Clock: camera, Kind: pipeline.StampEdit, Bound: pipeline.BoundUpper, UTC: utc("2024-11-03T07:15:20Z", sec)},
				{Field: "PNG:date:create", Raw: "2024-11-04T09:00:00+00:00", Clock: camera, Kind: pipeline.StampSave, Bound: pipeline.BoundUpper, UTC: utc("2024-11-04T09:00:00Z", sec)},
				{Field: "PNG:Creation Time", Raw: "2024:11:03 09:15:20", Clock: camera, Kind: capture, Bound: point, Wall: dial("2024-11-03T09:15:20.000", "2024-11-03T09:15:21.000")},
			}},
		{"name of a Pixel is UTC", "PXL_20241103_071520123.jpg", wire.Tags{},
			[]pipeline.StatedClock{{Field: "FileName:pixel", Raw: "PXL_20241103_071520123.jpg", Clock: pipeline.ClockFileName, Kind: capture, Bound: point, UTC: utc("2024-11-03T07:15:20.123Z", time.Millisecond)}}},
		{"name of WhatsApp is a day, and a bound", "x/IMG-20241103-WA0001.jpg", wire.Tags{},
			[]pipeline.StatedClock{{Field: "FileName:whatsapp", Raw: "IMG-20241103-WA0001.jpg", Clock: pipeline.ClockFileName, Kind: pipeline.StampReceive, Bound: pipeline.BoundUpper,
				Wall: dial("2024-11-03T00:00:00.000", "2024-11-04T00:00:00.000"), Flags: []string{"date_only"}}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := interpret(t, c.given, c.tags)
			if diff := cmp.Diff(c.want, got.Clocks); diff != "" {
				t.Error(diff)
			}
			for _, k := range got.Clocks {
				for _, s := range k.UTC {
					if err := s.Check(); err != nil {
						t.Errorf("%s: %v", k.Field, err)
					}
				}
			}
		})
	}
}

// position is a GPS directory of 48°03'04.3"N 37°16'52.0"E, with changes.
func position(changes ...wire.Tag) wire.Tags {
	list := []wire.Tag{
		text("GPS", "GPSLatitudeRef", "N"), rats("GPS", "GPSLatitude", 48, 1, 3, 1, 43, 10),
		text("GPS", "GPSLongitudeRef", "E"), rats("GPS", "GPSLongitude", 37, 1, 16, 1, 520, 10),
	}
	for _, c := range changes {
		found := false
		for i := range list {
			if list[i].Dir == c.Dir && list[i].Name == c.Name {
				list[i], found = c, true
			}
		}
		if !found {
			list = append(list, c)
		}
	}
	return wire.Tags{Tags: list}
}

func without(tags wire.Tags, name string) wire.Tags {
	var out wire.Tags
	for _, t := range tags.Tags {
		if t.Name != name {
			out.Tags = append(out.Tags, t)
		}
	}
	return out
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	const lat, lon = 48 + 3./60 + 4.3/3600, 37 + 16./60 + 52./3600
	here := func(field string) pipeline.StatedPlace {
		return pipeline.StatedPlace{Field: field, Lat: lat, Lon: lon}
	}
	exif := here("EXIF:GPS")
	full := exif
	full.AccuracyM, full.AltitudeM = ptr(4.5), ptr(-12.5)
	south := exif
	south.Lat, south.Lon = -lat, -lon
	unused := func(rule string) []pipeline.Defect {
		return []pipeline.Defect{{Where: "EXIF:GPS", Rule: rule + ": position unused"}}
	}
	cases := []struct {
		name    string
		tags    wire.Tags
		places  []pipeline.StatedPlace
		defects []pipeline.Defect
	}{
		{"none", wire.Tags{}, []pipeline.StatedPlace{}, nil},
		{"full", position(rats("GPS", "GPSHPositioningError", 45, 10), rats("GPS", "GPSAltitude", 125, 10), ints("GPS", "GPSAltitudeRef", 1)), []pipeline.StatedPlace{full}, nil},
		{"southwest in words", position(text("GPS", "GPSLatitudeRef", "South"), text("GPS", "GPSLongitudeRef", "w\x00")), []pipeline.StatedPlace{south}, nil},
		{"fraction of minutes", position(rats("GPS", "GPSLatitude", 48, 1, 184300, 60000, 0, 1)), []pipeline.StatedPlace{{Field: "EXIF:GPS", Lat: 48 + 184300./60000/60, Lon: lon}}, nil},
		{"degrees alone", position(rats("GPS", "GPSLatitude", 4805, 100)), []pipeline.StatedPlace{{Field: "EXIF:GPS", Lat: 48.05, Lon: lon}}, nil},
		{"no N", without(position(), "GPSLatitudeRef"), []pipeline.StatedPlace{}, unused("GPSLatitudeRef missing")},
		{"no W", without(position(), "GPSLongitudeRef"), []pipeline.StatedPlace{}, unused("GPSLongitudeRef missing")},
		{"blank E", position(text("GPS", "GPSLongitudeRef", " \x00")), []pipeline.StatedPlace{}, unused("GPSLongitudeRef missing")},
		{"strange reference", position(text("GPS", "GPSLatitudeRef", "E")), []pipeline.StatedPlace{}, unused(`GPSLatitudeRef "E" is neither N nor S`)},
		{"one coordinate", without(position(), "GPSLongitude"), []pipeline.StatedPlace{}, unused("GPSLongitude missing")},
		{"0,0", position(rats("GPS", "GPSLatitude", 0, 1, 0, 1, 0, 1), rats("GPS", "GPSLongitude", 0, 1, 0, 1, 0, 1)), []pipeline.StatedPlace{}, unused("0,0 is what an absent position looks like")},
		{"no denominators", position(rats("GPS", "GPSLatitude", 0, 0, 0, 0, 0, 0)), []pipeline.StatedPlace{}, unused("GPSLatitude 0/0 0/0 0/0: degrees are no number of at least 0")},
		{"60 minutes", position(rats("GPS", "GPSLatitude", 48, 1, 60, 1, 0, 1)), []pipeline.StatedPlace{}, unused("GPSLatitude 48/1 60/1 0/1: 60 minutes are not below 60")},
		{"60 seconds", position(rats("GPS", "GPSLatitude", 48, 1, 3, 1, 60, 1)), []pipeline.StatedPlace{}, unused("GPSLatitude 48/1 3/1 60/1: 60 seconds are not below 60")},
		{"negative", position(rats("GPS", "GPSLatitude", -48, 1, 3, 1, 0, 1)), []pipeline.StatedPlace{}, unused("GPSLatitude -48/1 3/1 0/1: degrees are no number of at least 0")},
		{"two fractions", position(rats("GPS", "GPSLatitude", 4805, 100, 3, 1, 0, 1)), []pipeline.StatedPlace{}, unused("GPSLatitude 4805/100 3/1 0/1: minutes below a fraction of degrees")},
		{"beyond the pole", position(rats("GPS", "GPSLatitude", 91, 1, 0, 1, 0, 1)), []pipeline.StatedPlace{}, unused("latitude 91 is not within -90 to 90")},
		{"beyond the date line", position(rats("GPS", "GPSLongitude", 181, 1, 0, 1, 0, 1)), []pipeline.StatedPlace{}, unused("longitude 181 is not within -180 to 180")},
		{"as text", position(text("GPS", "GPSLatitude", "48,3,4")), []pipeline.StatedPlace{}, unused(`GPSLatitude "48,3,4": 0 rationals, want degrees, minutes and seconds`)},
		{"void fix", position(text("GPS", "GPSStatus", "V")), []pipeline.StatedPlace{}, unused("GPSStatus V: the receiver had no fix")},
		{"active fix on a padded datum", position(text("GPS", "GPSStatus", "A"), text("GPS", "GPSMapDatum", "WGS-84    ")), []pipeline.StatedPlace{exif}, nil},
		{"other datum", position(text("GPS", "GPSMapDatum", "Pulkovo 1942")), []pipeline.StatedPlace{}, unused(`GPSMapDatum "Pulkovo 1942" is not WGS 84`)},
		{"altitude without its reference", position(rats("GPS", "GPSAltitude", 100, 1)), []pipeline.StatedPlace{exif},
			[]pipeline.Defect{{Where: "GPS GPSAltitude", Rule: "GPSAltitudeRef missing: altitude unused"}}},
		{"accuracy of nothing", position(rats("GPS", "GPSHPositioningError", 0, 1)), []pipeline.StatedPlace{exif},
			[]pipeline.Defect{{Where: "GPS GPSHPositioningError", Rule: "0 m is not above 0: unused"}}},
		{"XMP", wire.Tags{Tags: []wire.Tag{text("XMP", "exif:GPSLatitude", "48,3,4.3N"), text("XMP", "exif:GPSLongitude", "37,16,52E")}}, []pipeline.StatedPlace{here("XMP:exif:GPS")}, nil},
		{"XMP without hemispheres", wire.Tags{Tags: []wire.Tag{text("XMP", "exif:GPSLatitude", "48,3.07"), text("XMP", "exif:GPSLongitude", "37,16.8")}}, []pipeline.StatedPlace{},
			[]pipeline.Defect{{Where: "XMP:exif:GPS", Rule: `"48,3.07", "37,16.8" is no pair of coordinates with hemispheres: position unused`}}},
		{"drone", wire.Tags{Tags: []wire.Tag{text("XMP", "drone-dji:GpsLatitude", "+48.05"), text("XMP", "drone-dji:GpsLongtitude", "37.28"), text("XMP", "drone-dji:AbsoluteAltitude", "+198.71")}},
			[]pipeline.StatedPlace{{Field: "XMP:drone-dji", Lat: 48.05, Lon: 37.28, AltitudeM: ptr(198.71)}}, nil},
		{"drone on the ground of nowhere", wire.Tags{Tags: []wire.Tag{text("XMP", "drone-dji:GpsLatitude", "0.0"), text("XMP", "drone-dji:GpsLongitude", "-0.0")}}, []pipeline.StatedPlace{},
			[]pipeline.Defect{{Where: "XMP:drone-dji", Rule: "0,0 is what an absent position looks like: position unused"}}},
		{"movie", wire.Tags{Tags: []wire.Tag{text("keys", "com.apple.quicktime.location.ISO6709", "+48.0512+037.2811+123.4/"), text("keys", "com.apple.quicktime.location.accuracy.horizontal", "14.2")}},
			[]pipeline.StatedPlace{{Field: "QuickTime:ISO6709", Lat: 48.0512, Lon: 37.2811, AltitudeM: ptr(123.4), AccuracyM: ptr(14.2)}}, nil},
		{"movie without a position", wire.Tags{Tags: []wire.Tag{text("udta", "©xyz", "+0.0000+000.0000/"), text("keys", "location", "Kyiv")}}, []pipeline.StatedPlace{}, []pipeline.Defect{
			{Where: "QuickTime:location", Rule: `"Kyiv": not a point of ISO 6709: position unused`}, {Where: "QuickTime:©xyz", Rule: "0,0 is what an absent position looks like: position unused"}}},
		{"two sources 100 m apart", wire.Tags{Tags: append(position().Tags, text("XMP", "drone-dji:GpsLatitude", "48.0521"), text("XMP", "drone-dji:GpsLongitude", "37.28111"))},
			[]pipeline.StatedPlace{exif, {Field: "XMP:drone-dji", Lat: 48.0521, Lon: 37.28111}},
			[]pipeline.Defect{{Where: "EXIF:GPS and XMP:drone-dji", Rule: "positions lie 101 m apart, more than 100 m: both kept"}}},
		{"two sources nearer than that", wire.Tags{Tags: append(position().Tags, text("XMP", "drone-dji:GpsLatitude", "48.0520"), text("XMP", "drone-dji:GpsLongitude", "37.28111"))},
			[]pipeline.StatedPlace{exif, {Field: "XMP:drone-dji", Lat: 48.052, Lon: 37.28111}}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := interpret(t, "a.jpg", c.tags)
			if diff := cmp.Diff(c.places, got.Places, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.defects, got.Defects, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCameraAndLight(t *testing.T) {
	t.Parallel()
	exif := func(tags ...wire.Tag) wire.Tags { return wire.Tags{Tags: tags} }
	type light = pipeline.Exposure
	cases := []struct {
		name      string
		tags      wire.Tags
		camera    *pipeline.Camera
		exposure  *pipeline.Exposure
		direction *pipeline.Direction
		defects   []pipeline.Defect
	}{
		{name: "nothing", tags: exif()},
		{name: "camera", tags: exif(text("IFD0", "Make", "Canon \x00"), text("IFD0", "Model", "EOS\x07 R5"), text("Exif", "BodySerialNumber", "0123"), text("Exif", "LensModel", "RF50"),
			rats("Exif", "FocalLength", 50, 1), ints("Exif", "FocalLengthIn35mmFilm", 50)),
			camera: &pipeline.Camera{Make: "Canon", Model: "EOS R5", Serial: "0123", Lens: "RF50", FocalLengthMM: ptr(50.0), FocalLength35mmMM: ptr(50.0)}},
		{name: "frame and zoom", tags: exif(ints("Exif", "FocalLengthIn35mmFilm", 26), rats("Exif", "DigitalZoomRatio", 204, 100), ints("Exif", "PixelXDimension", 4032), ints("Exif", "PixelYDimension", 3024)),
			camera: &pipeline.Camera{FocalLength35mmMM: ptr(26.0), DigitalZoom: ptr(2.04), FrameWidthPx: 4032, FrameHeightPx: 3024}},
		{name: "frame of one side", tags: exif(ints("Exif", "FocalLengthIn35mmFilm", 26), ints("Exif", "PixelXDimension", 4032), ints("Exif", "PixelYDimension", 0)),
			camera: &pipeline.Camera{FocalLength35mmMM: ptr(26.0)}},
		{name: "frame and zoom of no known lens", tags: exif(rats("Exif", "DigitalZoomRatio", 2, 1), ints("Exif", "PixelXDimension", 4032), ints("Exif", "PixelYDimension", 3024))},
		{name: "phone movie", tags: exif(text("keys", "com.apple.quicktime.make", "Apple"), text("keys", "com.apple.quicktime.model", "iPhone 15"),
			ints("keys", "com.apple.quicktime.camera.focal_length.35mm_equivalent", 24), text("keys", "com.apple.quicktime.direction.facing", "123.5M")),
			camera: &pipeline.Camera{Make: "Apple", Model: "iPhone 15", FocalLength35mmMM: ptr(24.0)}, direction: &pipeline.Direction{AzimuthDeg: 123.5, Reference: "magnetic"}},
		{name: "focal length unknown to the standard", tags: exif(ints("Exif", "FocalLengthIn35mmFilm", 0), rats("Exif", "FocalLength", 0, 0))},
		{name: "exposure", tags: exif(rats("Exif", "ExposureTime", 1, 125), rats("Exif", "FNumber", 28, 10), ints("Exif", "PhotographicSensitivity", 100, 0), rats("Exif", "ExposureBiasValue", -1, 3),
			rats("Exif", "BrightnessValue", 5, 1), ints("Exif", "Flash", 0x19)),
			exposure: &light{TimeS: ptr(0.008), FNumber: ptr(2.8), ISO: ptr(100.0), BiasEV: ptr(-1. / 3), BrightnessEV: ptr(5.0), FlashFired: ptr(true)}},
		{name: "flash did not fire", tags: exif(ints("Exif", "Flash", 0x10)), exposure: &light{FlashFired: ptr(false)}},
		{name: "APEX twins", tags: exif(rats("Exif", "ShutterSpeedValue", 7, 1), rats("Exif", "ApertureValue", 4, 1), ints("Exif", "ISOSpeed", 200)),
			exposure: &light{TimeS: ptr(1. / 128), FNumber: ptr(4.0), ISO: ptr(200.0)}},
		{name: "sensitivity that does not fit", tags: exif(ints("Exif", "PhotographicSensitivity", 65535), ints("Exif", "ISOSpeed", 102400)), exposure: &light{ISO: ptr(102400.0)}},
		{name: "sensitivity that does not fit and is not told", tags: exif(ints("Exif", "PhotographicSensitivity", 65535))},
		{name: "impossible light", tags: exif(rats("Exif", "ExposureTime", 0, 1), rats("Exif", "FNumber", 1, 0), ints("Exif", "PhotographicSensitivity", 0), rats("Exif", "ExposureBiasValue", 99, 1),
			rats("Exif", "BrightnessValue", -99, 1), ints("Exif", "Flash", 65535)),
			defects: []pipeline.Defect{
				{Where: "Exif BrightnessValue", Rule: "-99 is not within -30 to 30: unused"}, {Where: "Exif ExposureBiasValue", Rule: "99 is not within -20 to 20: unused"},
				{Where: "Exif ExposureTime", Rule: "0 is not within 1e-07 to 86400: unused"}, {Where: "Exif FNumber", Rule: "1/0 is no finite number: unused"},
				{Where: "Exif Flash", Rule: "65535 is not within 0 to 127: unused"}, {Where: "Exif PhotographicSensitivity", Rule: "0 is not within 1 to 1e+08: unused"},
			}},
		{name: "true north", tags: exif(rats("GPS", "GPSImgDirection", 16400, 100), text("GPS", "GPSImgDirectionRef", "T")), direction: &pipeline.Direction{AzimuthDeg: 164, Reference: "true"}},
		{name: "unstated north", tags: exif(rats("GPS", "GPSImgDirection", 0, 1)), direction: &pipeline.Direction{AzimuthDeg: 0, Reference: "unstated"}},
		{name: "no direction at all", tags: exif(rats("GPS", "GPSImgDirection", 65535, 100), text("GPS", "GPSImgDirectionRef", "M")),
			defects: []pipeline.Defect{{Where: "GPS GPSImgDirection", Rule: "655.35 degrees are not within 0 to 360: unused"}}},
		{name: "gimbal", tags: exif(text("XMP", "drone-dji:GimbalYawDegree", "-132.00"), text("XMP", "drone-dji:GimbalPitchDegree", "-30.00")), direction: &pipeline.Direction{AzimuthDeg: 228, Reference: "unstated"}},
		{name: "gimbal that looks down", tags: exif(text("XMP", "drone-dji:GimbalYawDegree", "-132.00"), text("XMP", "drone-dji:GimbalPitchDegree", "-89.90"))},
		{name: "not a number", tags: exif(wire.Tag{Reader: "walk", Dir: "Exif", Name: "FNumber", Floats: []string{"NaN"}}), defects: []pipeline.Defect{{Where: "Exif FNumber", Rule: "NaN is no finite number: unused"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := interpret(t, "a.jpg", c.tags)
			near := cmpopts.EquateApprox(0, 1e-12)
			if diff := cmp.Diff(c.camera, got.Camera, near); diff != "" {
				t.Error("camera: ", diff)
			}
			if diff := cmp.Diff(c.exposure, got.Exposure, near); diff != "" {
				t.Error("exposure: ", diff)
			}
			if diff := cmp.Diff(c.direction, got.Direction, near); diff != "" {
				t.Error("direction: ", diff)
			}
			if diff := cmp.Diff(c.defects, got.Defects, cmpopts.EquateEmpty()); diff != "" {
				t.Error("defects: ", diff)
			}
		})
	}
}

// The length of a recording is told when the header states a possible one.
func TestClip(t *testing.T) {
	t.Parallel()
	const day = int64(24 * 60 * 60 * 1000)
	for _, c := range []struct {
		ms      *int64
		want    *pipeline.Clip
		defects int
	}{{nil, nil, 0}, {ptr(int64(0)), nil, 0}, {ptr(int64(1)), &pipeline.Clip{DurationMs: 1}, 0}, {ptr(day), &pipeline.Clip{DurationMs: day}, 0}, {ptr(day + 1), nil, 1}} {
		got := interpret(t, "a.mp4", wire.Tags{DurationMs: c.ms})
		if diff := cmp.Diff(c.want, got.Clip); diff != "" || len(got.Defects) != c.defects {
			t.Error(diff, got.Defects)
		}
	}
}

func TestSoftwareBlocksAndNotes(t *testing.T) {
	t.Parallel()
	got := interpret(t, "a.jpg", wire.Tags{Encoder: "Lavf60.16.100", Tags: []wire.Tag{
		text("IFD0", "Software", "Photoshop 25\x00"), text("XMP", "xmp:CreatorTool", "Photoshop 25"), text("XMP", "xmpMM:History[2]/stEvt:softwareAgent", "Lightroom 13"),
		text("XMP", "xmpMM:History[2]/stEvt:action", "saved"), text("udta", "©too", "Lavf60.16.100"), text("IPTC", "OriginatingProgram", "  "), text("GPS", "GPSVersionID", "2"),
		ints("mvhd", "creation_time", 0), text("hdlr", "handler_type", "vide"),
	}, Notes: []wire.Note{{Where: "xmp", Rule: "cut"}, {Where: "exif", Rule: "loop"}, {Where: "xmp", Rule: "cut"}}})
	if diff := cmp.Diff([]string{"Lavf60.16.100", "Lightroom 13", "Photoshop 25"}, got.Software); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"exif", "gps", "iptc", "udta", "xmp"}, got.Blocks); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]pipeline.Defect{{Where: "exif", Rule: "loop"}, {Where: "xmp", Rule: "cut"}}, got.Defects); diff != "" {
		t.Error(diff)
	}
	bare := interpret(t, "a.jpg", wire.Tags{Tags: []wire.Tag{ints("mvhd", "creation_time", 0), text("hdlr", "handler_type", "vide")}})
	if bare.Blocks == nil || len(bare.Blocks) != 0 || bare.Software == nil || bare.Places == nil || bare.Defects == nil {
		t.Errorf("a stripped file must say so with empty lists: %+v", bare)
	}
	set := interpret(t, "a.mp4", wire.Tags{Tags: []wire.Tag{ints("mvhd", "creation_time", creation), text("keys", "creation_time", "2024"), text("AVI", "ISFT", "x"), ints("mkv", "DateUTC", 1), ints("PNG", "tIME", 1), ints("IFD1", "Orientation", 1)}})
	if diff := cmp.Diff([]string{"avi", "exif", "keys", "matroska", "png", "quicktime"}, set.Blocks); diff != "" {
		t.Error(diff)
	}
}
