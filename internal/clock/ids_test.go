package clock_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/clock"
)

// publishedIDs are examples from the documents of the platforms and formats,
// or plain arithmetic on an id.
var publishedIDs = []struct {
	scheme clock.Scheme
	id     string
	width  time.Duration
	start  string
}{
	{clock.Twitter, "1212092628029698048", time.Millisecond, "2019-12-31T19:26:16.771Z"},
	{clock.Discord, "175928847299117063", time.Millisecond, "2016-04-30T11:18:25.796Z"},
	{clock.TikTok, "7106594312292453675", time.Second, "2022-06-07T20:15:27Z"},
	{clock.Instagram, "BvYYFuRnrAw", time.Millisecond, "2019-03-24T06:24:02.812Z"},
	{clock.Instagram, "2006459580394942512", time.Millisecond, "2019-03-24T06:24:02.812Z"},
	{clock.Mastodon, "109382006402042919", time.Millisecond, "2022-11-21T13:22:42.921Z"},
	{clock.Bluesky, "3jzfcijpj2z2a", time.Millisecond, "2023-06-30T15:03:01.887Z"},
	{clock.LinkedIn, "7169000000000000000", time.Millisecond, "2024-02-29T16:06:33.579Z"},
	{clock.ULID, "01ARZ3NDEKTSV4RRFFQ69G5FAV", time.Millisecond, "2016-07-30T23:54:10.259Z"},
	{clock.ULID, "01arz3ndektsv4rrffq69g5fav", time.Millisecond, "2016-07-30T23:54:10.259Z"},
	{clock.UUID, "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", time.Millisecond, "2022-02-22T19:22:22Z"},
	{clock.UUID, "C232AB00-9414-11EC-B3C8-9F6BDECED846", time.Millisecond, "2022-02-22T19:22:22Z"},
	{clock.UUID, "1EC9414C-232A-6B00-B3C8-9F6BDECED846", time.Millisecond, "2022-02-22T19:22:22Z"},
	{clock.KSUID, "0ujtsYcgvSTl8PAuAdqWYSMnLOv", time.Second, "2017-10-10T04:00:47Z"},
	{clock.MongoID, "507f1f77bcf86cd799439011", time.Second, "2012-10-17T21:13:27Z"},
}

func TestFromID(t *testing.T) {
	t.Parallel()
	for _, c := range publishedIDs {
		s, ok := clock.FromID(c.scheme, c.id, until)
		if !ok {
			t.Errorf("%s %s: no stamp", c.scheme, c.id)
			continue
		}
		want(t, string(c.scheme)+" "+c.id, s.Spans, spans(t, c.width, c.start))
		if s.Bound != clock.Upper || s.Kind != clock.Upload || s.Zone != clock.UTC || s.Basis != "platform_id:"+string(c.scheme) {
			t.Errorf("%s: %+v", c.scheme, s)
		}
		// The same id read by someone who collected it before it was made.
		early := time.UnixMilli(ms(t, c.start)).Add(-25 * time.Hour)
		if s, ok := clock.FromID(c.scheme, c.id, early); ok {
			t.Errorf("%s %s: from the future: %v", c.scheme, c.id, s.Spans)
		}
	}
	// 10 ms ticks since 2014-09-01, 24 bits of sequence and machine.
	s, ok := clock.FromID(clock.Sonyflake, "503316480000000000", until)
	if !ok {
		t.Fatal("sonyflake: no stamp")
	}
	want(t, "sonyflake", s.Spans, spans(t, 10*time.Millisecond, "2024-03-04T05:20:00Z"))
}

func TestIDsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		scheme clock.Scheme
		id     string
	}{
		{clock.Twitter, "20"},                   // sequential
		{clock.Twitter, "29700859247"},          // the last sequential ones
		{clock.Twitter, "7106594312292453675"},  // a TikTok id: 2064
		{clock.Twitter, "99999999999999999999"}, // beyond 64 bits
		{clock.Twitter, "18446744073709551615"}, // 2^64-1
		{clock.Twitter, "-1212092628029698048"},
		{clock.Twitter, "+1212092628029698048"},
		{clock.Twitter, "01212092628029698048"},
		{clock.Twitter, ""},
		{clock.Discord, "1"},
		{clock.TikTok, "238049383204290560"}, // 1971: ids of musical.ly
		{clock.Mastodon, "1234567"},
		{clock.Instagram, "BvYYFuR"},     // too short to hold a time
		{clock.Instagram, "BvYYFuRnr.w"}, // not in the alphabet
		{clock.Instagram, "___________"}, // 66 bits
		{clock.Bluesky, "3jzfcijpj2z2"},
		{clock.Bluesky, "3jzfcijpj2z21"}, // 1 is not in the alphabet
		{clock.Bluesky, "zzzzzzzzzzzzz"}, // top bit set
		{clock.ULID, "81ARZ3NDEKTSV4RRFFQ69G5FAV"},
		{clock.ULID, "01ARZ3NDEKTSV4RRFFQ69G5FAU"}, // U is not in the alphabet
		{clock.UUID, "f47ac10b-58cc-4372-a567-0e02b2c3d479"},
		{clock.UUID, "017F22E279B07CC398C4DC0C0C07398F"},
		{clock.UUID, "017F22E2-79B0-7CC3-18C4-DC0C0C07398F"}, // another variant
		{clock.UUID, "FFFFFFFF-FFFF-7CC3-98C4-DC0C0C07398F"},
		{clock.KSUID, "zzzzzzzzzzzzzzzzzzzzzzzzzzz"}, // beyond 160 bits
		{clock.KSUID, "0ujtsYcgvSTl8PAuAdqWYSMnLO"},
		{clock.MongoID, "507f1f77bcf86cd79943901"},
		{clock.MongoID, "007f1f77bcf86cd799439011"}, // 1970
		{clock.Scheme("myspace"), "1212092628029698048"},
	} {
		if s, ok := clock.FromID(c.scheme, c.id, until); ok {
			t.Errorf("%s %q: read as %v", c.scheme, c.id, s.Spans)
		}
	}
}

// Even a reader of the far future finds no time in 161 bits.
func TestKSUIDBeyond160Bits(t *testing.T) {
	t.Parallel()
	if s, ok := clock.FromID(clock.KSUID, strings.Repeat("z", 27), time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC)); ok {
		t.Errorf("read as %v", s.Spans)
	}
}

func TestFromURL(t *testing.T) {
	t.Parallel()
	tweet := "2019-12-31T19:26:16.771Z"
	for _, c := range []struct {
		link   string
		scheme string // "": nothing
		start  string
		flags  []string
	}{
		{"https://twitter.com/user/status/1212092628029698048", "twitter", tweet, nil},
		{"https://x.com/user/status/1212092628029698048?s=20", "twitter", tweet, nil},
		{"HTTPS://X.COM/user/status/1212092628029698048/photo/1", "twitter", tweet, nil},
		{"x.com/i/web/status/1212092628029698048", "twitter", tweet, nil},
		{"https://mobile.twitter.com/user/statuses/1212092628029698048", "twitter", tweet, nil},
		{"https://video.twimg.com/ext_tw_video/1212092628029698048/pu/vid/720x1280/a.mp4", "twitter", tweet, nil},
		{"https://discord.com/channels/1/2/175928847299117063", "discord", "2016-04-30T11:18:25.796Z", nil},
		{"https://cdn.discordapp.com/attachments/2/175928847299117063/a.mp4?ex=1", "discord", "2016-04-30T11:18:25.796Z", nil},
		{"https://www.tiktok.com/@user/video/7106594312292453675?lang=en", "tiktok", "2022-06-07T20:15:27Z", nil},
		{"https://m.tiktok.com/v/7106594312292453675.html", "tiktok", "2022-06-07T20:15:27Z", nil},
		{"https://www.instagram.com/p/BvYYFuRnrAw/", "instagram", "2019-03-24T06:24:02.812Z", nil},
		{"https://www.instagram.com/user/reel/BvYYFuRnrAw/?igsh=x", "instagram", "2019-03-24T06:24:02.812Z", nil},
		{"https://www.instagram.com/p/BvYYFuRnrAwAbCdEfGhIjKlMnOpQrStUvWx/", "instagram", "2019-03-24T06:24:02.812Z", []string{clock.FlagPrivate, clock.FlagUnverified}},
		{"https://www.instagram.com/stories/user/2006459580394942512/", "instagram", "2019-03-24T06:24:02.812Z", nil},
		{"https://mastodon.social/@user/109382006402042919", "mastodon", "2022-11-21T13:22:42.921Z", nil},
		{"https://mastodon.social/@user@far.example/109382006402042919", "mastodon", "2022-11-21T13:22:42.921Z", []string{clock.FlagRemoteCopy}},
		{"https://bsky.app/profile/user.bsky.social/post/3jzfcijpj2z2a", "bluesky", "2023-06-30T15:03:01.887Z", []string{clock.FlagClientMade}},
		{"https://www.linkedin.com/posts/user_topic-activity-7169000000000000000-AbCd", "linkedin", "2024-02-29T16:06:33.579Z", nil},
		{"https://www.linkedin.com/feed/update/urn:li:activity:7169000000000000000/", "linkedin", "2024-02-29T16:06:33.579Z", nil},

		{"https://t.me/channel/12345", "", "", nil},
		{"https://t.me/s/channel/1212092628029698048", "", "", nil},
		{"https://notx.com/user/status/1212092628029698048", "", "", nil},
		{"https://x.com.evil.example/user/status/1212092628029698048", "", "", nil},
		{"https://x.com@evil.example/user/status/1212092628029698048", "", "", nil},
		{"https://evil.example/?u=https://x.com/user/status/1212092628029698048", "", "", nil},
		{"https://x.com/user/status/1212092628029698048abc", "", "", nil},
		{"https://x.com/user/status/20", "", "", nil},
		{"https://x.com/user/status/7106594312292453675", "", "", nil},
		{"https://x.com/user", "", "", nil},
		{"https://www.tiktok.com/@user/video/1212092628029698048", "", "", nil}, // 1978: the host's scheme only
		{"https://www.instagram.com/p/BvYYFuRn/", "", "", nil},
		{"https://example.org/@user/109382006402042919", "", "", nil},
		{"https://bsky.app/profile/user/post/zzzzzzzzzzzzz", "", "", nil},
		{"https://www.linkedin.com/posts/user-activity-71690000000000000001-AbCd", "", "", nil},
		{"ftp://x.com/user/status/1212092628029698048", "", "", nil},
		{"javascript://x.com/user/status/1212092628029698048", "", "", nil},
		{"https://x.com/%zz/status/1212092628029698048", "", "", nil},
		{"", "", "", nil},
		{"://", "", "", nil},
		{"https://x.com/" + strings.Repeat("a", 9000) + "/status/1212092628029698048", "", "", nil},
	} {
		got := clock.FromURL(c.link, until)
		if c.scheme == "" {
			if got != nil {
				t.Errorf("%q: read as %s %v", c.link, got[0].Field, got[0].Spans)
			}
			continue
		}
		if len(got) != 1 {
			t.Errorf("%q: %d stamps", c.link, len(got))
			continue
		}
		width := time.Millisecond
		if c.scheme == "tiktok" {
			width = time.Second
		}
		if got[0].Field != "url:"+c.scheme || got[0].Bound != clock.Upper || got[0].Raw != c.link {
			t.Errorf("%q: %+v", c.link, got[0])
		}
		want(t, c.link, got[0].Spans, spans(t, width, c.start))
		if diff := cmp.Diff(c.flags, got[0].Flags); diff != "" {
			t.Errorf("%q: flags: %s", c.link, diff)
		}
	}
}
