package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/clock/srt"
	"whenwhere/internal/geo"
)

func tool(t *testing.T, name string) string {
	t.Helper()
	at, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name + " is not installed")
	}
	return at
}

// exif is all that exiftool reads in the media of the cases, by path; it is started once, because it starts slowly.
var exif = sync.OnceValues(func() (map[string]map[string]any, error) {
	out, err := exec.Command("exiftool", "-j", "-n", "-validate", "-warning", "-all", "-r", "-ext", "jpg", "-ext", "mov",
		filepath.Join(fixtures, "autumn", "media"), filepath.Join(fixtures, "acceptance", "media")).Output()
	var list []map[string]any
	if jsonErr := json.Unmarshal(out, &list); jsonErr != nil { // it exits with 1 because of the broken file
		return nil, errors.Join(err, jsonErr)
	}
	byPath := map[string]map[string]any{}
	for _, tags := range list {
		at := filepath.ToSlash(tags["SourceFile"].(string))
		byPath[at[strings.Index(at, "/media/")+1:]] = tags
	}
	return byPath, nil
})

func readEXIF(t *testing.T) map[string]map[string]any {
	t.Helper()
	tool(t, "exiftool")
	all, err := exif()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// exiftool reads what was meant to be written. Each value is what the story says, worked out by hand.
func TestMetadataReadsAsMeant(t *testing.T) {
	t.Parallel()
	all := readEXIF(t)
	for name, want := range map[string]map[string]any{
		"AUT-01/20240831_104215.jpg": {"Make": "samsung", "Model": "SM-A525F", "DateTimeOriginal": "2024:08:31 10:42:15", "OffsetTimeOriginal": "+03:00",
			"GPSDateTime": "2024:08:31 07:42:13Z", "GPSLatitudeRef": "N", "GPSLongitudeRef": "E", "GPSImgDirection": 255., "GPSImgDirectionRef": "T", "GPSHPositioningError": 8.5},
		"AUT-09/IMG_20241015_234012.jpg": {"DateTimeOriginal": "2024:10:15 23:40:12", "OffsetTimeOriginal": "+03:00", "GPSDateTime": nil, "GPSLatitude": nil},
		"AUT-10/20241020_132133.jpg":     {"DateTimeOriginal": "2024:10:20 13:21:33", "OffsetTimeOriginal": "+03:00", "GPSDateTime": "2024:10:20 09:21:31Z"},
		"AUT-12/IMG_20241102_130548.jpg": {"GPSLatitudeRef": nil, "GPSLongitudeRef": nil, "DateTimeOriginal": "2024:11:02 13:05:48", "OffsetTimeOriginal": "+02:00"},
		"AUT-14/IMG_20241116_101520.jpg": {"DateTimeOriginal": "2024:11:16 10:15:20", "OffsetTimeOriginal": nil, "GPSLatitude": nil},
		"AUT-15/IMG_20241120_134010.jpg": {"DateTimeOriginal": "2024:11:20 13:40:10", "OffsetTimeOriginal": nil, "GPSLatitude": nil},
		"AUT-16/IMG_20241127_150830.jpg": {"DateTimeOriginal": nil, "ModifyDate": "2024:11:27 15:08:30", "Software": "Example Editor 4.1"},
		"AUT-04/IMG-20240918-WA0012.jpg": {"DateTimeOriginal": nil, "Make": nil, "GPSLatitude": nil, "ModifyDate": nil},
		"AUT-02/IMG_0417.mov": {"CreateDate": "2024:09:06 12:15:07", "CreationDate": "2024:09:06 15:15:04+03:00", "LocationAccuracyHorizontal": 9.8,
			"Make": "Apple", "Model": "iPhone 12", "Duration": 3., "TrackCreateDate": "2024:09:06 12:15:07"},
		"AUT-20/PXL_20241217_103340120.mov": {"CreateDate": "2024:12:17 10:33:43", "CreationDate": nil, "GPSLatitude": 48.0197, "GPSLongitude": 36.622},
		"AUT-24/IMG_2290.mov":               {"CreateDate": "2025:02:03 09:55:15", "CreationDate": "2025:02:03 12:55:12+03:00"},
		"ACC-02/DJI_0031.MOV":               {"CreateDate": "2024:03:12 09:46:10", "GPSCoordinates": nil, "Make": nil},
		"ACC-09/IMG_20240422_132504.jpg": {"DateTimeOriginal": "2024:04:22 13:25:04", "OffsetTimeOriginal": "+03:00", "ModifyDate": "2024:04:22 16:40:31",
			"Software": "Example Editor 4.1", "GPSLatitude": nil, "GPSDateTime": nil, "ISO": 1600.},
		"AUT-07/video_2024-10-05_19-30-00.mov": {"CreateDate": "0000:00:00 00:00:00", "CreationDate": nil, "GPSCoordinates": nil},
	} {
		got, ok := all["media/"+name]
		if !ok {
			t.Fatalf("%s was not read", name)
		}
		for tag, v := range want {
			if diff := cmp.Diff(v, got[tag]); diff != "" {
				t.Errorf("%s: %s (-want +got)\n%s", name, tag, diff)
			}
		}
		if warning, ok := got["Warning"]; ok && !strings.HasPrefix(name, "AUT-12") {
			t.Errorf("%s: exiftool warns: %v", name, warning)
		}
	}
}

// Stated positions lie where the claim says, within a few hundred metres, in every file that states one.
func TestPositionsLieInTheClaim(t *testing.T) {
	t.Parallel()
	all, n := readEXIF(t), 0
	for _, r := range allRecords(t) {
		for _, m := range r.Incident.Media {
			got := all[m.File]
			lat, ok := got["GPSLatitude"].(float64)
			lon, _ := got["GPSLongitude"].(float64)
			if !ok {
				continue
			}
			n++
			p := r.Incident.Claim.Where
			if dLat, dLon := (lat-p.Lat)*111_200, (lon-p.Lon)*74_300; dLat*dLat+dLon*dLon > p.RadiusM*p.RadiusM {
				t.Errorf("%s: %s states %v, %v; the claim is %+v", r.Incident.ID, m.File, lat, lon, *p)
			}
		}
	}
	if n < 16 {
		t.Errorf("%d files state a position, want 16 or more", n)
	}
}

// ffmpeg decodes every frame of every clip without a word.
func TestClipsDecode(t *testing.T) {
	t.Parallel()
	bin := tool(t, "ffmpeg")
	clips, err := filepath.Glob(filepath.Join(fixtures, "*", "*", "*", "*.[mM][oO][vV]"))
	if err != nil || len(clips) != 13 {
		t.Fatalf("clips: %v, %v", clips, err)
	}
	for _, c := range clips {
		var stderr bytes.Buffer
		cmd := exec.Command(bin, "-v", "warning", "-nostdin", "-i", c, "-f", "framemd5", "-")
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		frames := 0
		for line := range strings.Lines(string(out)) {
			if !strings.HasPrefix(line, "#") {
				frames++
			}
		}
		want := clipFrames
		if strings.Contains(c, "ACC-08") || strings.Contains(c, "21-05-33") { // the first second is cut off
			want -= clipFPS
		}
		if err != nil || stderr.Len() > 0 || frames != want {
			t.Errorf("%s: %d frames, %v, %s", c, frames, err, stderr.String())
		}
	}
}

// The id of an invented post reads back as its time by the rule of the platform, and the one example whose time is
// published does too: 1212092628029698048 was made at 2019-12-31T19:26:16.771Z.
func TestStatusTimes(t *testing.T) {
	t.Parallel()
	read := func(url string) time.Time {
		id, err := strconv.ParseUint(url[strings.LastIndex(url, "/")+1:], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return time.UnixMilli(int64(id>>22) + 1288834974657).UTC()
	}
	if got := read("/1212092628029698048").Format(time.RFC3339Nano); got != "2019-12-31T19:26:16.771Z" {
		t.Fatalf("the published example reads %s", got)
	}
	n := 0
	for _, r := range allRecords(t) {
		for i, s := range r.Incident.Sources {
			if s.Platform != "x" {
				continue
			}
			n++
			want := s.Published
			if r.Incident.ID == "AUT-11" {
				old := moment("2024-10-21T17:03:22Z")
				want = &old
			}
			if got := read(s.URL); want == nil || !got.Equal(*want) {
				t.Errorf("%s: sources[%d] reads %s, want %v", r.Incident.ID, i, got, want)
			}
		}
	}
	if n < 8 {
		t.Errorf("%d posts on X, want 8 or more", n)
	}
}

func TestUnreadableFileIsUnreadable(t *testing.T) {
	t.Parallel()
	name := filepath.Join(fixtures, "autumn", "media", "AUT-19", "20241211_120000.jpg")
	data, err := os.ReadFile(name)
	if err != nil || !bytes.HasPrefix(data, []byte{0xff, 0xd8, 0xff}) {
		t.Fatalf("%v: not the start of a JPEG", err)
	}
	defer func() {
		if r := recover(); r == nil {
			t.Error("it decodes")
		}
	}()
	decodeJPEG(data)
}

// The subtitles of the drone are subtitles to ffmpeg and telemetry to package srt, from where the story puts the drone.
func TestSubtitlesReadAsMeant(t *testing.T) {
	t.Parallel()
	in := readCase(t, "acceptance").Records[1].Incident
	at := filepath.Join(fixtures, "acceptance", filepath.FromSlash(in.Media[1].File))
	text, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	track, err := srt.Parse(text)
	if err != nil || !cmp.Equal(track.Flags, []string{srt.FlagNoDial}) || len(track.Frames) != 3 {
		t.Fatalf("%+v, %v", track, err)
	}
	for i, f := range track.Frames {
		claimed := geo.LatLon{Lat: in.Claim.Where.Lat, Lon: in.Claim.Where.Lon}
		away := geo.DistanceM(geo.LatLon{Lat: f.Lat, Lon: f.Lon}, claimed)
		if f.CueMs != int64(1000*i) || f.PitchDeg != -11 || math.Abs(f.YawDeg-20) > 0.5 || f.AltM != 110 || math.Abs(away-620) > 5 {
			t.Errorf("cue %d: %+v, %.0f m away", i, f, away)
		}
	}
	out, err := exec.Command(tool(t, "ffprobe"), "-v", "error", "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0", at).CombinedOutput()
	if want := "0.000000,1.000000\n1.000000,1.000000\n2.000000,1.000000\n"; err != nil || string(out) != want {
		t.Errorf("ffprobe: %q, %v", out, err)
	}
}
