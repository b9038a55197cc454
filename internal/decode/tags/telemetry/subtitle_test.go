package telemetry_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode/tags/telemetry"
	"whenwhere/internal/decode/tags/window"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/shareddata"
)

// spell writes tags as "Name=value", notes as "where".
func spell(tags []wire.Tag, notes []wire.Note) (out, wheres []string) {
	for _, t := range tags {
		switch {
		case t.Text != nil:
			out = append(out, t.Name+"="+*t.Text)
		case t.Ints != nil:
			out = append(out, fmt.Sprintf("%s=%d", t.Name, t.Ints[0]))
		default:
			out = append(out, t.Name+"="+strings.Join(t.Floats, " "))
		}
	}
	for _, n := range notes {
		wheres = append(wheres, n.Where)
	}
	return out, wheres
}

func subtitle(text []byte) ([]string, []string, error) {
	tags, notes, err := telemetry.Subtitle(window.Of(text))
	out, wheres := spell(tags, notes)
	return out, wheres, err
}

// TestRealSubtitles: all sixteen files. What is wanted was read off the text of each by eye.
func TestRealSubtitles(t *testing.T) {
	t.Parallel()
	cases := []struct {
		file  string
		want  []string // each must be there
		notes []string // exactly these
	}{
		{"air2s.srt", []string{"DialFirst=2022-08-07T13:40:40.774", "DialFirstWidthMs=1", "PlaceFirst=41.424724 2.234156", "HeightFirstM=117"}, nil},
		{"broken_empty.SRT", nil, nil},
		{"broken_empty2.SRT", nil, nil},
		{"broken_incomplete.SRT", []string{"DialFirst=2017-07-03T10:15:03.000", "DialLast=2017-07-03T10:15:22.000", "DialLastWidthMs=1000", "PlaceFirst=-34.7383 -58.4563", "Cues=20", "LengthMs=19000"}, []string{"srt truncated"}},
		{"broken_incomplete2.SRT", []string{"DialFirst=2020-08-12T08:55:21.745", "PlaceFirst=-34.86995 -57.823395"}, []string{"srt truncated"}},
		{"matrice_300.srt", []string{"DialFirst=2022-06-21T16:06:17.000", "PlaceFirst=36.6146 -6.112", "HeightFirstM=0.3"}, nil}, // latitude first
		{"mavic_2_style.SRT", []string{"DialFirst=2017-08-05T14:11:51.393", "PlaceFirst=-20.2533 149.0251"}, nil},
		{"mavic_air.SRT", []string{"DialFirst=2018-02-19T08:04:51.265", "DialLast=2018-02-19T08:04:51.305", "Cues=2"}, []string{"srt no_gps"}},
		{"mavic_air2.srt", []string{"DialFirst=2022-05-01T15:01:58.531", "PlaceFirst=41.420684 2.162162", "HeightFirstM=27.3"}, nil},
		{"mavic_mini.SRT", []string{"PlaceFirst=48.0771 -121.7458", "HeightFirstM=200.7"}, []string{"srt no_wall_clock"}}, // longitude first
		{"mavic_pro.SRT", []string{"DialFirst=2017-08-05T14:11:51.000", "PlaceFirst=-20.2533 149.0251", "HeightFirstM=1.9"}, nil},
		{"mavic_pro_buggy.SRT", []string{"DialFirst=2018-08-19T08:00:36.000", "PlaceFirst=42.4668 -1.2218"}, []string{"srt bad_place"}},
		{"mix_p4rtk_mavic2pro.srt", []string{"PlaceFirst=-34.6502 -59.409424", "HeightFirstM=17.39", "GimbalFirst=-27.3 0 -76", "GimbalPitch=-45.4 -27.3", "GimbalYaw=284 284.7", "GimbalHeightM=17.16 17.39"}, []string{"srt mixed_dialects"}},
		{"old_format.SRT", []string{"DialFirst=2017-08-05T14:11:51.000", "PlaceFirst=-20.2533 149.0251"}, nil}, // 2017.8.5
		{"p4_rtk.SRT", []string{"PlaceFirst=-34.237922 -58.851745", "HeightFirstM=85.8", "GimbalFirst=-24.4 0 110.4", "GimbalPitch=-24.4 -24.3", "GimbalYaw=110.4 112.2", "GimbalHeightM=85.48 86.07"}, []string{"srt no_wall_clock"}},
		{"p4p_sample.SRT", []string{"PlaceFirst=47.4692 8.209", "HeightFirstM=45.6"}, []string{"srt no_wall_clock"}},
	}
	for _, c := range cases {
		text, err := os.ReadFile(shareddata.Path(t, "media", "dji-srt", c.file))
		if err != nil {
			t.Fatal(err)
		}
		got, notes, err := subtitle(text)
		if c.want == nil {
			if !errors.Is(err, telemetry.ErrNotDJI) {
				t.Errorf("%s: %v, %v; want no subtitle", c.file, got, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
		}
		for _, w := range c.want {
			if !slices.Contains(got, w) {
				t.Errorf("%s: no %s in %v", c.file, w, got)
			}
		}
		if strings.Contains(strings.Join(c.notes, " "), "no_wall_clock") && strings.Contains(strings.Join(got, " "), "Dial") {
			t.Errorf("%s: a dial in %v", c.file, got)
		}
		if diff := cmp.Diff(c.notes, notes); diff != "" {
			t.Errorf("%s: notes (-want +got):\n%s", c.file, diff)
		}
	}
}

const cues = "1\n00:00:01,000 --> 00:00:02,000\nHOME(36.5011,48.5011) 2024.02.29 10:15:03\nGPS(36.1,48.1,19) BAROMETER:20.1\n\n" +
	"2\n00:00:02,000 --> 00:00:03,000\nHOME(36.5011,48.5011) 2024.02.29 10:15:04\nGPS(36.2,48.2,19) BAROMETER:21.5\n\n"

func TestSubtitle(t *testing.T) {
	t.Parallel()
	got, notes, err := subtitle([]byte("\xef\xbb\xbf\r\n" + strings.ReplaceAll(cues, "\n", "\r\n")))
	want := []string{"DialFirst=2024-02-29T10:15:03.000", "DialFirstWidthMs=1000", "DialLast=2024-02-29T10:15:04.000", "DialLastWidthMs=1000",
		"PlaceFirst=48.1 36.1", "HeightFirstM=20.1", "PlaceLast=48.2 36.2", "HeightLastM=21.5", "ReachM=13372", "Cues=2", "LengthMs=1000"}
	if diff := cmp.Diff(want, got); diff != "" || notes != nil || err != nil {
		t.Error(diff, notes, err)
	}
	if strings.Contains(strings.Join(got, " "), "5011") {
		t.Error("the pilot's place came out")
	}
	got, notes, _ = subtitle([]byte("1\n00:00:01,000 --> 00:00:02,000\n2024-02-29 10:15:03,500,1\n[abs_alt: 150.5] [latitude: 48.1] [longitude: 36.1]\n\n2\n00:00:02,000 --> 00:00:03,000\n2024-02-29 10:15:02,000\n[latitude: 48.1] [longitude: 36.1]\n"))
	for _, w := range []string{"DialFirst=2024-02-29T10:15:02.000", "DialLast=2024-02-29T10:15:03.500", "DialFlag=dial_backwards", "DialFlag=dial_jump", "AltitudeFirstM=150.5"} {
		if !slices.Contains(got, w) {
			t.Errorf("no %s in %v", w, got)
		}
	}
	if diff := cmp.Diff([]string{"srt dial_backwards", "srt dial_jump"}, notes); diff != "" {
		t.Error(diff)
	}
}

// TestGimbalBounds: yaws about north, and over the whole circle; HOME and what is told of it stay inside.
func TestGimbalBounds(t *testing.T) {
	t.Parallel()
	track := func(angles ...string) []byte {
		var b strings.Builder
		for i, a := range angles {
			fmt.Fprintf(&b, "%d\n00:00:%02d,000 --> 00:00:%02d,000\nF/5.6, GPS (36.1, 48.1, 15), HOME (36.5011, 48.5011, -57.98m), D 698.70m, H %d.00m, F.PRY (1°, 2°, 3°), G.PRY (%s)\n\n", i+1, i, i+1, 100+i, a)
		}
		return []byte(b.String())
	}
	for _, c := range []struct {
		angles []string
		want   string
	}{
		{[]string{"-30.0°, 0.0°, -10.0°", "-40.0°, 0.0°, 20.0°"}, "GimbalFirst=-30 0 -10|GimbalPitch=-40 -30|GimbalYaw=350 380|GimbalHeightM=100 101"},
		{[]string{"-30, 0, 0", "-30, 0, 90", "-30, 0, 180", "-30, 0, -80"}, "GimbalFirst=-30 0 0|GimbalPitch=-30 -30|GimbalYaw=280 540|GimbalHeightM=100 103"},
		{[]string{"n/a, 0, 0", "-30\xb0, 0\xb0, 7\xb0"}, "GimbalPitch=-30 -30|GimbalYaw=7 7|GimbalHeightM=101 101|srt bad_gimbal"},
		{[]string{"-30, 0, 361"}, "srt bad_gimbal"},
	} {
		tags, notes, err := subtitle(track(c.angles...))
		var got []string
		for _, s := range append(tags, notes...) {
			if strings.Contains(strings.ToLower(s), "gimbal") {
				got = append(got, s)
			}
			if strings.Contains(s, "5011") || strings.Contains(s, "57.98") || strings.Contains(s, "698") {
				t.Errorf("%q tells of the pilot", s)
			}
		}
		if strings.Join(got, "|") != c.want || err != nil {
			t.Errorf("%q: %v, %v", c.angles, got, err)
		}
	}
}

// TestNotDJI: text that names dates and places is no telemetry.
func TestNotDJI(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "number": "1\n", "note": "Filmed 2022.06.21 16:06:17 at GPS(36.1,48.1,19)\n",
		"film":     "1\n00:00:01,000 --> 00:00:02,000\nIt was 2024-02-29 10:15:03 in the morning.\n",
		"log":      "2024-02-29 10:15:03 GPS (36.1, 48.1, 19)\n2024-02-29 10:15:04 GPS (36.1, 48.1, 19)\n",
		"words":    "1\n00:00:01,000 --> 00:00:02,000\nGPS (is on), BAROMETER: falling\n",
		"playlist": "#EXTM3U\n1\n00:00:01,000 --> 00:00:02,000\n[latitude: 48.1] [longitude: 36.1]\n",
		"utf-16":   "\xff\xfe1\x00\n\x00",
		"late":     strings.Repeat("1\n00:00:01,000 --> 00:00:02,000\nwords\n\n", 3000) + cues,
	} {
		if got, _, err := subtitle([]byte(text)); !errors.Is(err, telemetry.ErrNotDJI) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// TestSubtitleLimits: what is over a limit is refused by its number, and what is just below is read in time.
func TestSubtitleLimits(t *testing.T) {
	t.Parallel()
	fill := func(line string, n int) []byte { return append([]byte(cues), bytes.Repeat([]byte(line), n)...) }
	for _, c := range []struct {
		name string
		text []byte
		want string
	}{
		{"bytes", fill(strings.Repeat("x", 4000)+"\n", telemetry.MaxSubtitleBytes/4000), "exceed 16777216"},
		{"lines", fill("1\n", telemetry.MaxSubtitleLines), "lines exceed 400000"},
	} {
		if _, _, err := subtitle(c.text); !errors.Is(err, telemetry.ErrTooLarge) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// BenchmarkSlowest is the worst that the limits leave to a reader that has five seconds.
func BenchmarkSlowest(b *testing.B) {
	for name, line := range map[string]string{
		"numbers": "1\n", "cues": "1\n2024-02-29 10:15:03\n", "home": "HOME(HOME(HOME(\n", "blank": "HOME              \n",
		"pairs": strings.Repeat("[latitude: 48.1] ", 200) + "\n", "digits": strings.Repeat("2024-02-29 10:15:0", 200) + "\n", "gps": strings.Repeat("GPS(", 1000) + "\n",
	} {
		n := min((telemetry.MaxSubtitleBytes-len(cues))/len(line), (telemetry.MaxSubtitleLines-20)/strings.Count(line, "\n"))
		text := append([]byte(cues), bytes.Repeat([]byte(line), n)...)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := subtitle(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func FuzzSubtitle(f *testing.F) {
	f.Add([]byte(cues))
	f.Add([]byte("1\n2017.08.05 14:11:51,393,525\n[latitude : -20.2533] [longtitude : 149.0251] [iso : 100]\n"))
	f.Add([]byte("1\n00:00:01,000 --> 00:00:02,000\nGPS (8.2090, 47.4692, 18), D 49.21m, H 45.60m\n"))
	f.Add([]byte("1\n2024-02-29 10:15:03\n[altitude: -1.5e300] [latitude: 1e-9] [longitude: 3]\n"))
	f.Add([]byte("1\n999:99:99,999 --> 0\n2024-13-45 25:61:61\n[latitude: NaN] [longitude: 1e999] HOME(1,2"))
	f.Fuzz(func(t *testing.T, text []byte) {
		tags, notes, err := telemetry.Subtitle(window.Of(text))
		if err != nil {
			if !errors.Is(err, telemetry.ErrNotDJI) && !errors.Is(err, telemetry.ErrTooLarge) {
				t.Fatal(err)
			}
			return
		}
		answer := wire.Answer{Version: wire.Version, Tags: &wire.Tags{Tags: tags, Notes: notes}}
		if err := wire.Check(answer, wire.Request{Version: wire.Version, Op: wire.OpTags}); err != nil {
			t.Fatal(err)
		}
	})
}
