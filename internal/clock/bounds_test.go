package clock_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"math/bits"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/clock"
	"whenwhere/internal/timeset"
)

func TestTelegramOrder(t *testing.T) {
	t.Parallel()
	day := func(d string) int64 { return ms(t, "2022-03-"+d+"T10:00:00Z") }
	for _, c := range []struct {
		name     string
		id       int64
		archived []clock.Neighbour
		lo, hi   int64
		bound    clock.Bound
		flags    []string
	}{
		{"between", 15, []clock.Neighbour{{ID: 20, DateMs: day("05")}, {ID: 10, DateMs: day("03")}, {ID: 1, DateMs: day("01")}}, day("03"), day("05") + 1000, clock.Upper, nil},
		{"itself", 10, []clock.Neighbour{{ID: 10, DateMs: day("03")}}, day("03"), day("03") + 1000, clock.Upper, nil},
		{"itself, edited", 10, []clock.Neighbour{{ID: 10, DateMs: day("03"), Edited: true}, {ID: 11, DateMs: day("03")}}, day("03"), day("03") + 1000, clock.Upper, []string{clock.FlagEdited}},
		{"later only", 5, []clock.Neighbour{{ID: 20, DateMs: day("05")}}, day("05"), day("05") + 1000, clock.Upper, nil},
		{"earlier only", 50, []clock.Neighbour{{ID: 20, DateMs: day("05")}}, day("05"), day("05") + 1000, clock.Lower, nil},
		{"one out of order", 15, []clock.Neighbour{{ID: 8, DateMs: day("02")}, {ID: 10, DateMs: day("03")}, {ID: 12, DateMs: day("20")}, {ID: 20, DateMs: day("05")}, {ID: 21, DateMs: day("06")}},
			day("03"), day("05") + 1000, clock.Upper, []string{clock.FlagOutOfOrder}},
		{"forwards do not count", 15, []clock.Neighbour{{ID: 10, DateMs: day("03")}, {ID: 14, DateMs: day("01"), Forwarded: true}, {ID: 20, DateMs: day("05")}}, day("03"), day("05") + 1000, clock.Upper, nil},
		{"nothing known", 15, []clock.Neighbour{{ID: 14, DateMs: day("01"), Forwarded: true}}, 0, 0, "", nil},
	} {
		s, ok, err := clock.TelegramOrder(c.id, c.archived, until)
		if err != nil || ok != (c.bound != "") {
			t.Errorf("%s: %v, %v", c.name, ok, err)
			continue
		}
		if !ok {
			continue
		}
		want(t, c.name, s.Spans, timeset.Of(timeset.Interval{Lo: c.lo, Hi: c.hi}))
		if s.Bound != c.bound || !slices.Equal(s.Flags, c.flags) {
			t.Errorf("%s: %s %v", c.name, s.Bound, s.Flags)
		}
		if _, admits := s.Admits(); admits != (c.bound == clock.Upper) {
			t.Errorf("%s: a post's lower bound is none of the capture", c.name)
		}
	}
	for _, bad := range []clock.Neighbour{{ID: 0, DateMs: day("01")}, {ID: 1, DateMs: ms(t, "2012-01-01T00:00:00Z")}, {ID: 1, DateMs: ms(t, "2036-01-01T00:00:00Z")}} {
		if _, _, err := clock.TelegramOrder(15, []clock.Neighbour{bad}, until); !errors.Is(err, clock.ErrPost) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if _, _, err := clock.TelegramOrder(-1, nil, until); !errors.Is(err, clock.ErrPost) {
		t.Errorf("post -1: %v", err)
	}
}

func TestTelegramPost(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]struct {
		channel string
		id      int64
		ok      bool
	}{
		"https://t.me/Example_Channel/123":          {"example_channel", 123, true},
		"t.me/s/example/5?before=9":                 {"example", 5, true},
		"https://t.me/c/1234567890/17":              {"c/1234567890", 17, true},
		"https://t.me/c/1234567890/2/17?single":     {"c/1234567890", 17, true},
		"https://telegram.me/example/2/17/":         {"example", 17, true},
		"https://t.me/example/0":                    {"example", 0, true},
		"https://t.me/example/123?comment=7":        {},
		"https://t.me/example":                      {},
		"https://t.me/joinchat/AAAA":                {},
		"https://t.me/example/99999999999999999999": {},
		"https://t.me.example.org/example/123":      {},
		"ftp://t.me/example/123":                    {},
		"https://t.me/example/-5":                   {},
		"":                                          {},
	} {
		channel, id, ok := clock.TelegramPost(link)
		if ok != want.ok || ok && (channel != want.channel || id != want.id) {
			t.Errorf("%s: %q %d %v", link, channel, id, ok)
		}
	}
}

func TestTelegramRuns(t *testing.T) {
	t.Parallel()
	post := func(id int64, day string) clock.Neighbour {
		return clock.Neighbour{ID: id, DateMs: ms(t, "2022-03-"+day+"T10:00:00Z")}
	}
	for name, c := range map[string]struct {
		posts           []clock.Neighbour
		sure, open, out []int64
	}{
		"none":              {},
		"one":               {[]clock.Neighbour{post(1, "01")}, []int64{1}, nil, nil},
		"in order":          {[]clock.Neighbour{post(2, "02"), post(1, "01"), post(3, "02")}, []int64{1, 2, 3}, nil, nil},
		"one against two":   {[]clock.Neighbour{post(1, "01"), post(2, "20"), post(3, "02"), post(4, "03")}, []int64{1, 3, 4}, nil, []int64{2}},
		"one of two":        {[]clock.Neighbour{post(1, "05"), post(2, "01"), post(3, "06")}, []int64{3}, []int64{1, 2}, nil},
		"one against one":   {[]clock.Neighbour{post(1, "05"), post(2, "01")}, nil, []int64{1, 2}, nil},
		"two against two":   {[]clock.Neighbour{post(1, "05"), post(2, "06"), post(3, "01"), post(4, "02")}, nil, []int64{1, 2, 3, 4}, nil},
		"two of one number": {[]clock.Neighbour{post(1, "01"), post(1, "02"), post(2, "03")}, []int64{2}, []int64{1, 1}, nil},
		"twice the same":    {[]clock.Neighbour{post(1, "01"), post(1, "01")}, []int64{1}, nil, nil},
	} {
		sure, open, out, err := clock.TelegramRuns(c.posts, until)
		if err != nil || !slices.Equal(ids(sure), c.sure) || !slices.Equal(ids(open), c.open) || !slices.Equal(ids(out), c.out) {
			t.Errorf("%s: %v %v %v %v", name, ids(sure), ids(open), ids(out), err)
		}
	}
}

func ids(posts []clock.Neighbour) (out []int64) {
	for _, p := range posts {
		out = append(out, p.ID)
	}
	return out
}

// All subsets of a few posts are the oracle.
func TestTelegramRunsAgainstAllSubsets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 8).Draw(t, "posts")
		var posts []clock.Neighbour
		for range n {
			posts = append(posts, clock.Neighbour{ID: rapid.Int64Range(1, 8).Draw(t, "id"), DateMs: 1_650_000_000_000 + 1000*rapid.Int64Range(0, 5).Draw(t, "date")})
		}
		slices.SortFunc(posts, func(a, b clock.Neighbour) int {
			return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.DateMs, b.DateMs))
		})
		posts = slices.Compact(posts)
		longest, count, in := 0, 0, make([]int, len(posts))
		for set := range 1 << len(posts) {
			if size := bits.OnesCount(uint(set)); runs(posts, set) && size >= longest {
				if size > longest {
					longest, count, in = size, 0, make([]int, len(posts))
				}
				count++
				for i := range posts {
					in[i] += set >> i & 1
				}
			}
		}
		var sure, open, out []clock.Neighbour
		for i, p := range posts {
			switch in[i] {
			case count:
				sure = append(sure, p)
			case 0:
				out = append(out, p)
			default:
				open = append(open, p)
			}
		}
		gotSure, gotOpen, gotOut, err := clock.TelegramRuns(posts, until)
		if err != nil || !slices.Equal(sure, gotSure) || !slices.Equal(open, gotOpen) || !slices.Equal(out, gotOut) {
			t.Fatalf("%v: %v %v %v, want %v %v %v (%v)", posts, gotSure, gotOpen, gotOut, sure, open, out, err)
		}
	})
}

// runs reports whether the posts of the set follow one another.
func runs(posts []clock.Neighbour, set int) bool {
	last := clock.Neighbour{}
	for i, p := range posts {
		if set>>i&1 == 0 {
			continue
		}
		if p.ID <= last.ID || p.DateMs < last.DateMs {
			return false
		}
		last = p
	}
	return true
}

// The writer of archive/zip is the oracle of the extra field.
func TestZIP(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 11, 3, 10, 15, 21, 0, time.FixedZone("", 3*3600))
	var buffer bytes.Buffer
	w := zip.NewWriter(&buffer)
	if _, err := w.CreateHeader(&zip.FileHeader{Name: "a", Modified: at}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(buffer.Bytes()), int64(buffer.Len()))
	if err != nil {
		t.Fatal(err)
	}
	h := r.File[0].FileHeader
	//lint:ignore SA1019 the words as stored are what is tested
	z := clock.ZIPTime{Date: h.ModifiedDate, Time: h.ModifiedTime, Extra: h.Extra} //nolint:staticcheck
	s := clock.ZIP(z, until)
	want(t, "0x5455", s.Spans, spans(t, time.Second, "2024-11-03T07:15:21Z"))
	if s.Bound != clock.Upper || s.Zone != clock.UTC {
		t.Errorf("%+v", s)
	}
	z.Extra = nil
	s = clock.ZIP(z, until)
	want(t, "words", s.Local, spans(t, 2*time.Second, "2024-11-03T10:15:20Z"))
	if s.Zone != clock.Unknown || !s.Has(clock.FlagFATTime) {
		t.Errorf("%+v", s)
	}
	// NTFS counts 100 ns since 1601.
	z.Extra = []byte{0x0A, 0, 32, 0, 0, 0, 0, 0, 1, 0, 24, 0, 0x80, 0x9C, 0x0E, 0x83, 0xC5, 0x2D, 0xDB, 0x01}
	z.Extra = append(z.Extra, make([]byte, 16)...)
	want(t, "NTFS", clock.ZIP(z, until).Spans, spans(t, time.Millisecond, "2024-11-03T07:53:46.814Z"))
	for name, bad := range map[string]struct {
		z    clock.ZIPTime
		flag string
	}{
		"never":     {clock.ZIPTime{}, clock.FlagNeverSet},
		"dos zero":  {clock.ZIPTime{Date: 0x21}, clock.FlagNeverSet},
		"month 0":   {clock.ZIPTime{Date: 0x5803}, clock.FlagBadCalendar},
		"second 60": {clock.ZIPTime{Date: 0x5963, Time: 30}, clock.FlagBadClock},
		"cut":       {clock.ZIPTime{Extra: []byte{0x55, 0x54, 5, 0, 1, 2}}, clock.FlagNeverSet},
	} {
		if s := clock.ZIP(bad.z, until); s.Usable() || !s.Has(bad.flag) {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestHTTPAndWARC(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Sun, 03 Nov 2024 07:15:20 GMT", "Sunday, 03-Nov-24 07:15:20 GMT", "Sun Nov  3 07:15:20 2024"} {
		s := clock.HTTPDate("Last-Modified", text, until)
		want(t, text, s.Spans, spans(t, time.Second, "2024-11-03T07:15:20Z"))
	}
	for text, flag := range map[string]string{
		"": clock.FlagNeverSet, "Mon, 03 Nov 2024 07:15:20 GMT": clock.FlagBadCalendar, "Sun, 03 Nov 2024 07:15:60 GMT": clock.FlagBadFormat,
		"Sun, 30 Feb 2024 07:15:20 GMT": clock.FlagBadFormat, "Sun, 03 Nov 2024 07:15:20 +0300": clock.FlagBadFormat,
		"Sun, 03 Nov 2080 07:15:20 GMT": clock.FlagAfterWindow, "\xff": clock.FlagBadFormat, strings.Repeat("9", 1000): clock.FlagBadFormat,
	} {
		if s := clock.HTTPDate("Date", text, until); s.Usable() || !s.Has(flag) {
			if s.Usable() || len(s.Flags) == 0 || flag != clock.FlagAfterWindow {
				t.Errorf("%.40q: %+v, want %s", text, s, flag)
			}
		}
	}
	for line, field := range map[string]string{"last-modified: Sun, 03 Nov 2024 07:15:20 GMT": "Last-Modified", "WARC-Date:2024-11-03T07:15:20Z": "WARC-Date"} {
		s, ok := clock.FromHeader(line, until)
		want(t, line, s.Spans, spans(t, time.Second, "2024-11-03T07:15:20Z"))
		if !ok || s.Field != field {
			t.Errorf("%s: %+v", line, s)
		}
	}
	for _, line := range []string{"", "Date", "Expires: Sun, 03 Nov 2024 07:15:20 GMT", "X-Date: Sun, 03 Nov 2024 07:15:20 GMT"} {
		if s, ok := clock.FromHeader(line, until); ok {
			t.Errorf("%s: %+v", line, s)
		}
	}
	s := clock.WARCDate("2024-11-03T07:15:20Z", until)
	want(t, "WARC", s.Spans, spans(t, time.Second, "2024-11-03T07:15:20Z"))
	if s.Bound != clock.Upper || s.Basis != clock.BasisArchiver {
		t.Errorf("%+v", s)
	}
	if s := clock.WARCDate("2024-11-03T07:15:20", until); s.Usable() {
		t.Errorf("a WARC date without Z: %+v", s)
	}
}

const firms = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,daynight\n"

func TestFIRMS(t *testing.T) {
	t.Parallel()
	rows := firms + "48.5,37.9,330.1,0.5,0.4,2024-11-03,37,N,VIIRS,n,2.0NRT,290,5.2,N\n48.6,38.0,367,1.2,2.1,2024-11-03,1042,N,VIIRS,l,2.0NRT,290,5.2,D\n"
	got, err := clock.FIRMS(strings.NewReader(rows), until)
	if err != nil || len(got) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	want(t, "left-padded", got[0].Overpass.Spans, spans(t, time.Minute, "2024-11-03T00:37:00Z"))
	want(t, "day", got[1].Overpass.Spans, spans(t, time.Minute, "2024-11-03T10:42:00Z"))
	if got[0].LowConfidence || !got[1].LowConfidence || got[0].ReachM() != 450 || got[1].ReachM() != 1250 {
		t.Errorf("%+v", got)
	}
	for name, row := range map[string]string{
		"time 2460": "48.5,37.9,1,0.5,0.4,2024-11-03,2460,N", "day": "48.5,37.9,1,0.5,0.4,2024-02-30,37,N",
		"NaN": "NaN,37.9,1,0.5,0.4,2024-11-03,37,N", "latitude": "98.5,37.9,1,0.5,0.4,2024-11-03,37,N",
		"scan 0": "48.5,37.9,1,0,0.4,2024-11-03,37,N", "scan Inf": "48.5,37.9,1,Inf,0.4,2024-11-03,37,N",
		"slashes": "48.5,37.9,1,0.5,0.4,2024/11/03,37,N", "sign": "48.5,37.9,1,0.5,0.4,2024-11-03,-37,N",
		"future": "48.5,37.9,1,0.5,0.4,2034-11-03,37,N",
	} {
		if got, err := clock.FIRMS(strings.NewReader("latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite\n"+row+"\n"), until); !errors.Is(err, clock.ErrFIRMS) && !errors.Is(err, clock.ErrPlace) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := clock.FIRMS(strings.NewReader("a,b\n"), until); !errors.Is(err, clock.ErrFIRMS) {
		t.Errorf("no columns: %v", err)
	}
}

func TestBetweenTwoViews(t *testing.T) {
	t.Parallel()
	before := clock.FromFileName("S2A_MSIL2A_20240502T083601_N0510_R064_T36UYU_20240502T123456.SAFE", until)[0]
	after := clock.FromFileName("S2B_MSIL2A_20240507T083559_N0510_R064_T36UYU_20240507T123456.SAFE", until)[0]
	s := clock.Between("sentinel2", before, after, until)
	want(t, "pair", s.Spans, timeset.Of(timeset.Interval{Lo: ms(t, "2024-05-02T08:36:01Z"), Hi: ms(t, "2024-05-07T09:15:59Z")}))
	if s := clock.Between("sentinel2", after, before, until); s.Usable() || !s.Has(clock.FlagOutOfOrder) {
		t.Errorf("backwards: %+v", s)
	}
	if s := clock.Between("sentinel2", clock.Stamp{}, after, until); s.Usable() {
		t.Errorf("%+v", s)
	}
}

func TestSoftware(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind           clock.SoftwareKind
		text, from, to string
		act            clock.Kind
	}{
		{clock.Encoder, "Lavf60.16.100", "2023-05-14", "2023-11-11", clock.Edit},
		{clock.Encoder, "Lavf60.10.100", "2022-08-31", "2023-02-28", clock.Edit},
		{clock.Encoder, "Lavf61.7.100", "2024-04-03", "2024-10-01", clock.Edit},
		{clock.Encoder, "Lavf99.1.100", "2025-02-23", "2025-08-23", clock.Edit},
		{clock.Encoder, "HandBrake 1.5.1 2022011000", "2022-01-09", "2022-01-11", clock.Edit},
		{clock.IOS, "17.1.2", "2023-06-27", "2023-10-26", clock.Capture},
		{clock.Android, "14", "2023-02-06", "2023-10-05", clock.Capture},
	} {
		s, ok := clock.FromSoftware(c.kind, "encoder", c.text, until)
		if !ok || s.Kind != c.act || s.Bound != clock.Lower {
			t.Errorf("%s: %+v, %v", c.text, s, ok)
			continue
		}
		want(t, c.text, s.Spans, timeset.Of(timeset.Interval{Lo: ms(t, c.from+"T00:00:00Z"), Hi: ms(t, c.to+"T00:00:00Z")}))
		if _, admits := s.Admits(); admits != (c.act == clock.Capture) {
			t.Errorf("%s: old footage can be encoded anew", c.text)
		}
	}
	for _, c := range []struct {
		kind clock.SoftwareKind
		text string
	}{
		{clock.Encoder, "Lavf52.16.100"}, {clock.Encoder, "x264 - core 164 r3095"}, {clock.Encoder, "Lavf60"}, {clock.Encoder, "17.1.2"},
		{clock.IOS, "4.0"}, {clock.IOS, "Lavf60.16.100"}, {clock.IOS, "17.1.2.3"}, {clock.Android, "R16NW.G930FXXS2DRDI"}, {clock.Android, ""},
		{clock.Encoder, "HandBrake 1.5.1 2022133100"}, {"windows", "11"}, {clock.Encoder, strings.Repeat("9", 10000)},
	} {
		if s, ok := clock.FromSoftware(c.kind, "encoder", c.text, until); ok {
			t.Errorf("%s %.40q: %+v", c.kind, c.text, s)
		}
	}
}

func FuzzBounds(f *testing.F) {
	f.Add("Lavf60.16.100", []byte{0x55, 0x54, 5, 0, 1, 2, 3, 4, 5}, uint16(0x5963), uint16(0x51E0))
	f.Add("Sun, 03 Nov 2024 07:15:20 GMT", []byte{0x0A, 0}, uint16(0), uint16(0xFFFF))
	f.Add("2024-11-03T07:15:20Z", []byte(nil), uint16(0xFFFF), uint16(30))
	f.Add(firms+"48.5,37.9,330.1,0.5,0.4,2024-11-03,37,N,VIIRS,n,2.0NRT,290,5.2,N\n", []byte{}, uint16(1), uint16(1))
	f.Add("HandBrake 1.5.1 2022011000", []byte{}, uint16(1), uint16(1))
	f.Add("id,date,edited\n120,2024-11-03T08:00:00Z,true\n", []byte{}, uint16(1), uint16(1))
	f.Add("https://t.me/c/1234567890/2/17?single", []byte{}, uint16(1), uint16(1))
	f.Add("Memento-Datetime: Sun, 03 Nov 2024 07:15:20 GMT", []byte{}, uint16(1), uint16(1))
	f.Fuzz(func(t *testing.T, text string, extra []byte, date, clockWord uint16) {
		z := clock.ZIPTime{Date: date, Time: clockWord, Extra: extra}
		checkStamp(t, clock.ZIP(z, until), clock.ZIP(z, until))
		checkStamp(t, clock.HTTPDate("Date", text, until), clock.HTTPDate("Date", text, until))
		checkStamp(t, clock.WARCDate(text, until), clock.WARCDate(text, until))
		if s, ok := clock.FromHeader(text, until); ok {
			checkStamp(t, s, s)
		}
		if posts, err := clock.Neighbours(strings.NewReader(text)); err == nil {
			for _, p := range posts {
				if p.ID < 1 {
					t.Errorf("%+v", p)
				}
			}
		}
		if _, id, ok := clock.TelegramPost(text); ok && id < 0 {
			t.Errorf("%q: post %d", text, id)
		}
		for _, kind := range []clock.SoftwareKind{clock.Encoder, clock.IOS, clock.Android} {
			if s, ok := clock.FromSoftware(kind, "encoder", text, until); ok {
				checkStamp(t, s, s)
			}
		}
		if rows, err := clock.FIRMS(strings.NewReader(text), until); err == nil {
			for _, d := range rows {
				checkStamp(t, d.Overpass, d.Overpass)
			}
		}
	})
}

func FuzzTelegramOrder(f *testing.F) {
	f.Add(int64(15), []byte{1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Fuzz(func(t *testing.T, id int64, data []byte) {
		var posts []clock.Neighbour
		for i := 0; i+2 < len(data); i += 3 {
			posts = append(posts, clock.Neighbour{ID: int64(data[i]) + 1, DateMs: 1_650_000_000_000 + 1000*int64(data[i+1]), Edited: data[i+2]&1 == 1, Forwarded: data[i+2]&2 == 2})
		}
		s, ok, err := clock.TelegramOrder(id, posts, until)
		slices.Reverse(posts)
		again, okAgain, errAgain := clock.TelegramOrder(id, posts, until)
		if ok != okAgain || (err == nil) != (errAgain == nil) {
			t.Fatal("not the same answer in another order")
		}
		if ok {
			checkStamp(t, s, again)
		}
	})
}
