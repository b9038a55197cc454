package clock_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/clock"
)

func TestFromFileName(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	for _, c := range []struct {
		name  string
		rule  string
		kind  clock.Kind
		zone  clock.Zone
		width time.Duration
		start string
	}{
		{"PXL_20230801_154426209.mp4", "pixel", clock.Capture, clock.UTC, time.Millisecond, "2023-08-01T15:44:26.209Z"},
		{"pxl_20230801_154426209.TS.mp4", "pixel", clock.Capture, clock.UTC, time.Millisecond, "2023-08-01T15:44:26.209Z"},
		{"dir/sub.d/IMG_20241103_101520.jpg", "android", clock.Capture, clock.Unknown, time.Second, "2024-11-03T10:15:20Z"},
		{`C:\photos\VID_20210528_154038.mp4`, "android", clock.Capture, clock.Unknown, time.Second, "2021-05-28T15:40:38Z"},
		{"IMG_20241103_101520123.jpg", "android", clock.Capture, clock.Unknown, time.Millisecond, "2024-11-03T10:15:20.123Z"},
		{"BURST003_20241103_101520_1.jpg", "android", clock.Capture, clock.Unknown, time.Second, "2024-11-03T10:15:20Z"},
		{"MVIMG_20241103_101520.jpg", "android", clock.Capture, clock.Unknown, time.Second, "2024-11-03T10:15:20Z"},
		{"20241103_101520(1).jpg", "samsung", clock.Capture, clock.Unknown, time.Second, "2024-11-03T10:15:20Z"},
		{"IMG-20220315-WA0007.jpg", "whatsapp", clock.Receive, clock.Unknown, day, "2022-03-15T00:00:00Z"},
		{"ptt-20220315-wa12345.opus", "whatsapp", clock.Receive, clock.Unknown, day, "2022-03-15T00:00:00Z"},
		{"WhatsApp Image 2022-03-15 at 14.05.09.jpeg", "whatsapp_web", clock.Receive, clock.Unknown, time.Second, "2022-03-15T14:05:09Z"},
		{"WhatsApp Video 2022-03-15 at 9.05.09 PM.mp4", "whatsapp_web", clock.Receive, clock.Unknown, time.Second, "2022-03-15T21:05:09Z"},
		{"WhatsApp Image 2022-03-15 at 12.05.09\u202fAM.jpeg", "whatsapp_web", clock.Receive, clock.Unknown, time.Second, "2022-03-15T00:05:09Z"},
		{"photo_2022-03-15_14-05-09.jpg", "telegram_desktop", clock.Save, clock.Unknown, time.Second, "2022-03-15T14:05:09Z"},
		{"video_2022-03-15_14-05-09 (2).mp4", "telegram_desktop", clock.Save, clock.Unknown, time.Second, "2022-03-15T14:05:09Z"},
		{"photo_17@15-03-2022_14-05-09.jpg", "telegram_export", clock.Receive, clock.Unknown, time.Second, "2022-03-15T14:05:09Z"},
		{"signal-2022-03-15-14-05-09-123.jpg", "signal", clock.Receive, clock.Unknown, time.Millisecond, "2022-03-15T14:05:09.123Z"},
		{"signal-2022-03-15-140509.jpg", "signal_desktop", clock.Receive, clock.Unknown, time.Second, "2022-03-15T14:05:09Z"},
		{"Screenshot_20220315-140509_org.telegram.messenger.jpg", "screenshot", clock.Save, clock.Unknown, time.Second, "2022-03-15T14:05:09Z"},
		{"Screenshot_2022-03-15-14-05-09-345_com.miui.jpg", "screenshot", clock.Save, clock.Unknown, time.Second, "2022-03-15T14:05:09Z"},
		{"Screenshot 2022-03-15 at 14.05.09.png", "screenshot", clock.Save, clock.Unknown, time.Second, "2022-03-15T14:05:09Z"},
		{"Screenshot 2022-03-15 at 2.05.09 PM.png", "screenshot", clock.Save, clock.Unknown, time.Second, "2022-03-15T14:05:09Z"},
		{"FB_IMG_1647353109123.jpg", "epoch_ms", clock.Save, clock.UTC, time.Millisecond, "2022-03-15T14:05:09.123Z"},
		{"mmexport1647353109123.jpg", "epoch_ms", clock.Save, clock.UTC, time.Millisecond, "2022-03-15T14:05:09.123Z"},
		{"1647353109123_n.jpg", "epoch_ms", clock.Save, clock.UTC, time.Millisecond, "2022-03-15T14:05:09.123Z"},
		{"DJI_20241103101520_0042_D.JPG", "dji", clock.Capture, clock.Unknown, time.Second, "2024-11-03T10:15:20Z"},
		{"S2A_MSIL2A_20240502T083601_N0510_R064_T36UYU_20240502T123456.SAFE", "sentinel2", clock.Product, clock.UTC, 40 * time.Minute, "2024-05-02T08:36:01Z"},
		{"S2B_MSIL1C_20240502T083601_N0510_R064_T36UYU_20240502T123456", "sentinel2", clock.Product, clock.UTC, 40 * time.Minute, "2024-05-02T08:36:01Z"},
		{"IMG_\xff", "", "", "", 0, ""},
	} {
		got := clock.FromFileName(c.name, until)
		if c.rule == "" {
			if got != nil {
				t.Errorf("%q: got %v", c.name, got)
			}
			continue
		}
		if len(got) != 1 {
			t.Errorf("%q: %d stamps", c.name, len(got))
			continue
		}
		s := got[0]
		if s.Field != "file_name:"+c.rule || s.Kind != c.kind || s.Zone != c.zone || s.Basis != clock.BasisFileName {
			t.Errorf("%q: %s %s %s %s", c.name, s.Field, s.Kind, s.Zone, s.Basis)
		}
		if point := c.kind == clock.Capture || c.kind == clock.Product; point != (s.Bound == clock.Point) {
			t.Errorf("%q: bound %s", c.name, s.Bound)
		}
		reading := spans(t, c.width, c.start)
		if c.zone == clock.Unknown {
			want(t, c.name, s.Local, reading)
			reading = anyZone(reading)
		}
		want(t, c.name, s.Spans, reading)
	}
}

func TestFileNameNearMisses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"",
		"PXL_20230801_15442620.mp4",                    // 8 digits
		"PXL_20230801_1544262091.mp4",                  // a longer run
		"PXL_20230230_154426209.mp4",                   // 30 February
		"APXL_20230801_154426209.mp4",                  // not at the start
		"IMG_20241103_1015201.jpg",                     // 7 digits
		"IMG_20241103_1015201234.jpg",                  // 10 digits
		"IMG_20241103_240000.jpg",                      // 24:00:00
		"IMG_20241103_101560.jpg",                      // second 60
		"IMG_20241303_101520.jpg",                      // month 13
		"IMG_19890101_101520.jpg",                      // before 1990
		"IMG_20990101_101520.jpg",                      // after collection
		"IMG_0042.jpg",                                 //
		"120241103_101520.jpg",                         // a run inside a longer run
		"20241103_1015200.jpg",                         //
		"IMG-20220315-WA007.jpg",                       // three digits
		"IMG-20220230-WA0007.jpg",                      //
		"IMG-202203151-WA0007.jpg",                     //
		"WhatsApp Image 2022-03-15 at 9.05.09.jpeg",    // one digit without AM or PM
		"WhatsApp Image 2022-03-15 at 13.05.09 PM.jpg", // hour 13 of 12
		"WhatsApp Image 2022-03-15 at 00.05.09 AM.jpg", // hour 0 of 12
		"WhatsApp Sticker 2022-03-15 at 14.05.09.webp", //
		"photo_2022-03-15_24-05-09.jpg",                //
		"photo_2022-03-15_14-05-091.jpg",               //
		"photos_2022-03-15_14-05-09.jpg",               //
		"photo_17@2022-03-15_14-05-09.jpg",             // export dates are day first
		"photo_17@31-02-2022_14-05-09.jpg",             //
		"signal-2022-03-15-14-05-09-1234.jpg",          //
		"signal-2022-03-15-14-05-60-123.jpg",           //
		"signal-2022-03-15-1405091.jpg",                //
		"Screenshot_20220315-1405.png",                 //
		"Screenshot_20220315-14050912.png",             //
		"Screenshot 2022-03-15 at 2.05.09.png",         //
		"FB_IMG_16473531091234.jpg",                    // 14 digits
		"FB_IMG_1247353109123.jpg",                     // 2009
		"received_1647353109123456.jpeg",               // a Facebook id, not a time
		"DJI_0001.JPG",                                 //
		"DJI_20241103101520.JPG",                       //
		"DJI_20241131101520_0042_D.JPG",                //
		"S2A_MSIL2A_20240502T083601.SAFE",              //
		"S2D_MSIL2A_20240502T083601_N0510_R064_T36UYU_20240502T123456.SAFE",
		"S2A_MSIL2A_20240502T246001_N0510_R064_T36UYU_20240502T123456.SAFE",
		"12345678901234567890.jpg", // 20 digits, in no scheme's time
		strings.Repeat("1647353109123", 100),
	} {
		if got := clock.FromFileName(name, until); len(got) != 0 {
			t.Errorf("%q: read as %s %v", name, got[0].Field, got[0].Spans)
		}
	}
}

// An id without its host may belong to several platforms; the bound is the
// latest of them and never the earliest.
func TestIDsInFileNames(t *testing.T) {
	t.Parallel()
	got := clock.FromFileName("clip_7106594312292453675_hd.mp4", until)
	if len(got) != 1 || !got[0].Has(clock.FlagAmbiguousID) || got[0].Bound != clock.Upper {
		t.Fatalf("got %+v", got)
	}
	tiktok, _ := clock.FromID(clock.TikTok, "7106594312292453675", until)
	linkedin, _ := clock.FromID(clock.LinkedIn, "7106594312292453675", until)
	want(t, "both readings", got[0].Spans, tiktok.Spans.Union(linkedin.Spans))
	// The digits must be a run of their own.
	if got := clock.FromFileName("clip_710659431229245367511.mp4", until); got != nil {
		t.Errorf("21 digits: %+v", got)
	}
	got = clock.FromFileName("x_017F22E2-79B0-7CC3-98C4-DC0C0C07398F.jpg", until)
	if len(got) != 1 || got[0].Field != "file_name:uuid" {
		t.Fatalf("uuid: %+v", got)
	}
	want(t, "uuid", got[0].Spans, spans(t, time.Millisecond, "2022-02-22T19:22:22Z"))
	if got := clock.FromFileName("a017F22E2-79B0-7CC3-98C4-DC0C0C07398F.jpg", until); got != nil {
		t.Errorf("uuid inside a longer run: %+v", got)
	}
	if got := clock.FromFileName("c9b1c3ba-6d33-4d7a-9c44-0b6a1d4f0a11.jpg", until); got != nil {
		t.Errorf("random uuid: %+v", got)
	}
}

func TestFileNameFlags(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string][]string{
		"IMG_20241103_101520.jpg":       {clock.FlagMaySave},
		"IMG-20220315-WA0007.jpg":       {clock.FlagDateOnly},
		"photo_2022-03-15_14-05-09.jpg": {clock.FlagSaverClock},
		"signal-2022-03-15-140509.jpg":  {clock.FlagSaverClock, clock.FlagUnverified},
		"PXL_20230801_154426209.mp4":    nil,
	} {
		if diff := cmp.Diff(flags, clock.FromFileName(name, until)[0].Flags); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
