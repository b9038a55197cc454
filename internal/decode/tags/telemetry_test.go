package tags_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"whenwhere/internal/decode/tags"
	. "whenwhere/internal/decode/tags/tagstest"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/shareddata"
)

// gpsu is the smallest telemetry that states a time: fix 3, no place.
func gpsu(utc string) []byte {
	entry := func(key string, kind byte, size, count int, data []byte) []byte {
		return Cat([]byte(key), []byte{kind, byte(size), byte(count >> 8), byte(count)}, data)
	}
	strm := Cat(entry("GPSF", 'L', 4, 1, B32(3)), entry("GPSU", 'U', 16, 1, []byte(utc)))
	strm = entry("STRM", 0, 1, len(strm), strm)
	return entry("DEVC", 0, 1, len(strm), strm)
}

func telemetryOf(t *testing.T, file []byte) (list []string, notes string) {
	t.Helper()
	got, fault := read(file, "video/mp4")
	checkAnswer(t, got, fault)
	if fault != nil {
		t.Fatal(fault)
	}
	for _, tag := range got.Tags {
		if tag.Dir != "gpmf" {
			continue
		}
		v := fmt.Sprint(tag.Ints, tag.Floats)
		if tag.Text != nil {
			v = *tag.Text
		}
		list = append(list, tag.Name+"="+v)
	}
	return list, fmt.Sprint(got.Notes)
}

// TestRealTelemetry: the film, and the raw blocks laid into films, read through the sample tables. The times stand in the
// blocks as text; those of the Karma are exiftool's.
// The Karma's last payload, cut short, has no time.
func TestRealTelemetry(t *testing.T) {
	t.Parallel()
	for file, want := range map[string][]string{
		"karma.mp4":     {"Payloads=[13] []", "FirstUTC=2017-04-17T19:27:57.527Z", "LastUTC=2017-04-17T19:28:09.119Z", "LastPayload=[11] []"},
		"karma.raw":     {"FirstUTC=2017-04-17T19:27:57.527Z"},
		"hero5.raw":     {"FirstUTC=2017-04-17T17:31:03.000Z", "FirstFix=[3] []", "FirstDOP=[] [6.06]", "FirstPlace=[] [33.1264969 -117.3273542 -20.184]"},
		"hero6.raw":     {"FirstUTC=2018-01-24T19:28:01.699Z", "FirstFix=[0] []", "FirstDOP=[] [99.99]"},
		"hero6+ble.raw": {"FirstUTC=2018-03-23T22:51:39.829Z", "FirstFix=[0] []"},
		"Fusion.raw":    {"FirstUTC=2018-03-23T17:25:37.375Z", "FirstFix=[3] []", "FirstDOP=[] [6.74]"},
	} {
		data, err := os.ReadFile(shareddata.Path(t, "media", "gpmf", file))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, ".raw") {
			data = Movie("gpmd", 1, data)
		}
		got, notes := telemetryOf(t, data)
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%s: no %s in %v; %s", file, w, got, notes)
			}
		}
	}
}

// TestSampleTables: the samples are found however they are laid into chunks.
func TestSampleTables(t *testing.T) {
	t.Parallel()
	var samples [][]byte
	for i := range 7 {
		samples = append(samples, Cat(gpsu(fmt.Sprintf("24022910000%d.000", i)), Z(8*i)))
	}
	for perChunk := range 8 {
		if perChunk == 0 {
			continue
		}
		got, notes := telemetryOf(t, Movie("gpmd", perChunk, samples...))
		if !slices.Contains(got, "FirstUTC=2024-02-29T10:00:00.000Z") || !slices.Contains(got, "LastUTC=2024-02-29T10:00:06.000Z") {
			t.Errorf("%d samples a chunk: %v %s", perChunk, got, notes)
		}
	}
	if got, _ := telemetryOf(t, Movie("mett", 1, samples...)); got != nil {
		t.Errorf("another track's samples were read: %v", got)
	}
	// Chunks of two, one and two samples, told by three runs.
	sizes, at0 := []int{}, 8
	for _, b := range samples[:5] {
		sizes = append(sizes, len(b))
	}
	at1 := at0 + sizes[0] + sizes[1]
	runs := Box("stbl", Full("stsd", 0, B32(1), Box("gpmd", Z(8))), Full("stsc", 0, B32(3, 1, 2, 1, 2, 1, 1, 3, 2, 1)),
		Full("stsz", 0, B32(0, 5), B32(sizes...)), Full("stco", 0, B32(3, at0, at1, at1+sizes[2])))
	if got, notes := telemetryOf(t, Cat(Box("mdat", samples[:5]...), MovieOf(runs))); !slices.Contains(got, "LastUTC=2024-02-29T10:00:04.000Z") {
		t.Errorf("runs of chunks: %v %s", got, notes)
	}
	one := gpsu("240229100000.000")
	at := binary.BigEndian.AppendUint64(nil, uint64(8))
	wide := Box("stbl", Full("stsd", 0, B32(1), Box("gpmd", Z(8))), Full("stsc", 0, B32(1, 1, 1, 1)), Full("stsz", 0, B32(len(one), 1)), Full("co64", 0, B32(1), at))
	if got, notes := telemetryOf(t, Cat(Box("mdat", one), MovieOf(wide))); !slices.Contains(got, "FirstUTC=2024-02-29T10:00:00.000Z") {
		t.Errorf("offsets of 64 bits, one size for all: %v %s", got, notes)
	}
}

// TestHostileSampleTables: each lie has a note, and none costs memory or time.
func TestHostileSampleTables(t *testing.T) {
	t.Parallel()
	stsd, stsc := Full("stsd", 0, B32(1), Box("gpmd", Z(8))), Full("stsc", 0, B32(1, 1, 1, 1))
	stsz, stco := Full("stsz", 0, B32(8, 1)), Full("stco", 0, B32(1, 8))
	for _, c := range []struct {
		name  string
		boxes [][]byte
		want  string
	}{
		{"no tables", [][]byte{stsd}, "no table of sizes and offsets"},
		{"no chunks", [][]byte{stsd, stsz, stco}, "no table of chunks"},
		{"samples without end", [][]byte{stsd, stsc, Full("stsz", 0, B32(8, 0x7FFFFFFF)), stco}, "2147483647 samples exceed 1000000"},
		{"sizes that are not there", [][]byte{stsd, stsc, Full("stsz", 0, B32(0, 900_000), B32(8)), stco}, "900000 samples announced, sizes of 1 there"},
		{"offsets that are not there", [][]byte{stsd, stsc, stsz, Full("stco", 0, B32(0x7FFFFFFF, 8))}, "2147483647 chunks announced, offsets of 1 there"},
		{"runs without end", [][]byte{stsd, Full("stsc", 0, B32(0x7FFFFFFF)), stsz, stco}, "2147483647 runs of chunks exceed 10000"},
		{"runs that are not there", [][]byte{stsd, Full("stsc", 0, B32(9, 1, 1, 1)), stsz, stco}, "9 runs of chunks announced, 1 there"},
		{"runs in a circle", [][]byte{stsd, Full("stsc", 0, B32(3, 1, 1, 1, 2, 1, 1, 1, 1, 1)), stsz, stco}, "chunk 1 of 1 samples after chunk 2"},
		{"no samples in a chunk", [][]byte{stsd, Full("stsc", 0, B32(1, 1, 0, 1)), stsz, stco}, "chunk 1 of 0 samples"},
		{"all samples in a chunk", [][]byte{stsd, Full("stsc", 0, B32(1, 1, 0x7FFFFFFF, 1)), stsz, stco}, "chunk 1 of 2147483647 samples"},
		{"a sample of 2 GB", [][]byte{stsd, stsc, Full("stsz", 0, B32(0x7FFFFFFF, 1)), stco}, "2147483647 bytes exceed 1048576"},
		{"a sample beyond the file", [][]byte{stsd, stsc, stsz, Full("stco", 0, B32(1, 0x7FFFFFFF))}, "8 bytes at 2147483647 are not in the file"},
		{"an offset of 64 bits", [][]byte{stsd, stsc, stsz, Full("co64", 0, B32(1, 0x7FFFFFFF, 0))}, "chunk 0 has no offset"},
		{"more samples than chunks", [][]byte{stsd, stsc, Full("stsz", 0, B32(8, 3)), stco}, "lies in no chunk"},
		{"no GPMF", [][]byte{stsd, stsc, stsz, stco}, "does not begin with a device"},
		{"a million samples at one place", [][]byte{stsd, Full("stsc", 0, B32(1, 1, 1000, 1)), Full("stsz", 0, B32(8, 1_000_000)), Full("stco", 0, B32(1000), B32(make([]int, 1000)...))}, "504 more payloads could not be read"},
	} {
		got, notes := telemetryOf(t, Cat(Box("ftyp", []byte("mp41"), B32(0)), MovieOf(Box("stbl", c.boxes...))))
		if !strings.Contains(notes, c.want) || slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "UTC") }) {
			t.Errorf("%s: %v, notes %s, want %q", c.name, got, notes, c.want)
		}
	}
}

// TestCutTelemetry: a film cut anywhere states no time that the whole one does not.
func TestCutTelemetry(t *testing.T) {
	t.Parallel()
	whole := Movie("gpmd", 2, gpsu("240229100000.000"), gpsu("240229100001.000"), gpsu("240229100002.000"))
	stated, _ := telemetryOf(t, whole)
	for n := 20; n < len(whole); n++ {
		got, fault := tags.Read(bytes.NewReader(whole[:n]), int64(n), "video/mp4")
		checkAnswer(t, got, fault)
		for _, tag := range got.Tags {
			if tag.Text != nil && tag.Dir == "gpmf" && !strings.Contains(strings.Join(stated, " "), *tag.Text) {
				t.Fatalf("cut at %d: %s was never stated", n, *tag.Text)
			}
		}
	}
}

// TestLargeSubtitle is refused with the limit in its name, and other text has no reader however large.
func TestLargeSubtitle(t *testing.T) {
	t.Parallel()
	head := []byte("1\n00:00:01,000 --> 00:00:02,000\n2024.02.29 10:15:03\nGPS(36.1,48.1,19) BAROMETER:20.1\n\n")
	_, fault := read(Cat(head, bytes.Repeat([]byte("\n"), 16<<20)), "text/plain")
	if fault == nil || fault.Class != wire.ClassRefused || !strings.Contains(fault.Rule, "exceed 16777216") {
		t.Errorf("%v", fault)
	}
	_, fault = read(bytes.Repeat([]byte("text\n"), 4<<20), "text/plain")
	if fault == nil || fault.Class != wire.ClassUnsupported {
		t.Errorf("%v", fault)
	}
}

func FuzzTelemetryTrack(f *testing.F) {
	fuzz(f, "video/mp4", Movie("gpmd", 2, gpsu("240229100000.000"), gpsu("240229100001.000"), gpsu("240229100002.000")),
		Cat(Box("mdat", gpsu("240229100000.000")), MovieOf(Box("stbl", Full("stsd", 0, B32(1), Box("gpmd", Z(8))), Full("stsc", 0, B32(1, 1, 1, 1)), Full("stsz", 0, B32(60, 1)), Full("co64", 0, B32(1), Z(7), []byte{8})))))
}
