package clock_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/clock"
)

// checkStamp holds a stamp of any parser to the promises of the package: no
// claim outside the window, a reason for every refusal, offsets only with a
// dial, and the same answer twice.
func checkStamp(t *testing.T, s, again clock.Stamp) {
	t.Helper()
	if diff := cmp.Diff(s, again); diff != "" {
		t.Fatalf("not the same answer twice: %s", diff)
	}
	bounds, usable := s.Spans.Bounds()
	switch {
	case !usable && len(s.Flags) == 0:
		t.Fatalf("refused without a reason: %+v", s)
	case !usable && (!s.Local.IsEmpty() || s.OffsetsMin != nil):
		t.Fatalf("refused, yet it reads %v, %v", s.Local, s.OffsetsMin)
	case !usable:
		return
	}
	start := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	if bounds.Hi <= start || bounds.Lo >= until.Add(24*time.Hour).UnixMilli() {
		t.Fatalf("claims %v", s.Spans)
	}
	if s.Kind == "" || s.Bound == "" || s.Zone == "" || s.Basis == "" || s.Field == "" {
		t.Fatalf("incomplete: %+v", s)
	}
	if (s.Zone == clock.UTC) != s.Local.IsEmpty() || s.Zone == clock.Stated && len(s.OffsetsMin) != 1 {
		t.Fatalf("zone %s with dial %v and offsets %v", s.Zone, s.Local, s.OffsetsMin)
	}
	// Nothing follows for the capture from a bound under a later act.
	later := s.Bound == clock.Lower && s.Kind != clock.Capture
	if _, ok := s.Admits(); ok == later {
		t.Fatalf("usable but admits nothing: %+v", s)
	}
}

func FuzzEXIF(f *testing.F) {
	for _, text := range []string{"2024:11:03 10:15:20", "0000:00:00 00:00:00", "2024:02:30 10:15:20", "2024:12:31 24:00:00", "2016:12:31 23:59:60", "    :  :     :  :  ", "2024-11-03T10:15:20 DST", "\xff"} {
		for _, offset := range []string{"", "+03:00", "-5:00", "+99:99", "   :  ", "Z"} {
			f.Add(text, "123", offset)
		}
	}
	f.Fuzz(func(t *testing.T, text, subsec, offset string) {
		in := clock.EXIFTime{Field: "DateTimeOriginal", Text: text, SubSec: subsec, Offset: offset}
		checkStamp(t, clock.EXIF(in, until), clock.EXIF(in, until))
	})
}

func FuzzISO8601(f *testing.F) {
	for _, text := range []string{"2024", "2024-02", "2024-02-30", "2025-07-11T09:44:38-0600", "2025-07-11T09:44:38.123456789Z", "9999-12-31T23:59:59+14:00", "\xc3\x28"} {
		f.Add("XMP:CreateDate", text)
	}
	f.Fuzz(func(t *testing.T, field, text string) {
		if field == "" {
			return
		}
		checkStamp(t, clock.ISO8601(field, text, until), clock.ISO8601(field, text, until))
	})
}

func FuzzGPS(f *testing.F) {
	f.Add("2014:09:01", int64(13), int64(1), int64(3), int64(1), int64(4279), int64(100))
	f.Add("1970:01:18", int64(19), int64(1), int64(5), int64(1), int64(52), int64(1))
	f.Add("2014:09:259", int64(0), int64(0), int64(-1), int64(1), int64(math.MaxInt64), int64(math.MinInt64))
	f.Add("", int64(math.MaxUint32), int64(math.MaxUint32), int64(0), int64(math.MaxUint32), int64(math.MaxUint32-1), int64(math.MaxUint32))
	wall := clock.EXIF(clock.EXIFTime{Field: "DateTimeOriginal", Text: "2014:09:01 15:03:47"}, until)
	f.Fuzz(func(t *testing.T, date string, hn, hd, mn, md, sn, sd int64) {
		g := clock.GPSTime{Date: date, HMS: &[3][2]int64{{hn, hd}, {mn, md}, {sn, sd}}}
		s := clock.GPS(g, until)
		checkStamp(t, s, clock.GPS(g, until))
		checkStamp(t, clock.GPSNearWall(g, wall.Local, until), clock.GPSNearWall(g, wall.Local, until))
		inferred(wall, s)
	})
}

func FuzzQuickTime(f *testing.F) {
	for _, raw := range []uint64{0, 1, 2082844799, 2082844800, 3808026000, 1725184800, math.MaxUint32, math.MaxInt64, math.MaxUint64} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw uint64) {
		checkStamp(t, clock.QuickTime("mvhd.creation_time", raw, until), clock.QuickTime("mvhd.creation_time", raw, until))
	})
}

func FuzzFromFileName(f *testing.F) {
	for _, name := range []string{
		"PXL_20230801_154426209.mp4", "IMG_20241103_101520123.jpg", "BURST1_20241103_101520", "20241103_101520.jpg", "IMG-20220315-WA0007.jpg",
		"WhatsApp Image 2022-03-15 at 9.05.09 PM.jpeg", "photo_2022-03-15_14-05-09.jpg", "photo_17@15-03-2022_14-05-09.jpg",
		"signal-2022-03-15-14-05-09-123.jpg", "signal-2022-03-15-140509.jpg", "Screenshot 2022-03-15 at 2.05.09 PM.png", "FB_IMG_1647353109123.jpg",
		"DJI_20241103101520_0042_D.JPG", "S2A_MSIL2A_20240502T083601_N0510_R064_T36UYU_20240502T123456.SAFE", "7106594312292453675.mp4",
		"017F22E2-79B0-7CC3-98C4-DC0C0C07398F.jpg", "\xff\xfe/\\",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		first, again := clock.FromFileName(name, until), clock.FromFileName(name, until)
		if len(first) != len(again) {
			t.Fatalf("%d stamps, then %d", len(first), len(again))
		}
		for i := range first {
			if !first[i].Usable() {
				t.Fatalf("an empty stamp: %+v", first[i])
			}
			checkStamp(t, first[i], again[i])
		}
	})
}

func FuzzFromURL(f *testing.F) {
	for _, link := range []string{
		"https://x.com/user/status/1212092628029698048", "https://discord.com/channels/1/2/175928847299117063", "https://www.tiktok.com/@u/video/7106594312292453675",
		"https://www.instagram.com/p/BvYYFuRnrAw/", "https://mastodon.social/@u/109382006402042919", "https://bsky.app/profile/u/post/3jzfcijpj2z2a",
		"https://www.linkedin.com/feed/update/urn:li:activity:7169000000000000000/", "https://t.me/channel/12345", "://%", "http://[::1]:x/",
	} {
		f.Add(link)
	}
	f.Fuzz(func(t *testing.T, link string) {
		for i, s := range clock.FromURL(link, until) {
			if !s.Usable() || s.Bound != clock.Upper {
				t.Fatalf("%+v", s)
			}
			checkStamp(t, s, clock.FromURL(link, until)[i])
		}
	})
}

func FuzzFromID(f *testing.F) {
	for _, c := range publishedIDs {
		f.Add(string(c.scheme), c.id)
	}
	f.Add("sonyflake", "18446744073709551615")
	f.Fuzz(func(t *testing.T, scheme, id string) {
		s, ok := clock.FromID(clock.Scheme(scheme), id, until)
		again, _ := clock.FromID(clock.Scheme(scheme), id, until)
		if !ok {
			return
		}
		checkStamp(t, s, again)
	})
}
