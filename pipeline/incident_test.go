package pipeline_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/pipeline"
)

func ptr[T any](v T) *T { return &v }

func TestExampleRecord(t *testing.T) {
	t.Parallel()
	at := func(hour int) time.Time { return time.Date(2024, 11, 3, hour, 0, 0, 0, time.UTC) }
	want := pipeline.Incident{
		ID: "X-1",
		Claim: pipeline.Claim{
			Where: &pipeline.Place{Lon: 37.28, Lat: 48.05, RadiusM: 500}, When: &pipeline.Span{From: at(7), To: at(9)}, What: "...",
			Casualties: &pipeline.Casualties{Min: 5, Max: 5, Party: pipeline.SideUA}, Perpetrator: pipeline.SideRU,
		},
		Media: []pipeline.MediaRef{{File: "media/a.jpg", Role: pipeline.RoleEvent}},
		Sources: []pipeline.Source{{URL: "https://t.me/example/1", Platform: "telegram", Account: "example", Side: pipeline.SideRU,
			Published: ptr(time.Date(2024, 11, 3, 9, 2, 11, 0, time.UTC)), Grade: "C3"}},
		Testimonies: []pipeline.Testimony{{ID: "W-17", Interviewed: "2024-12-01", Place: &pipeline.Place{Lon: 37.28, Lat: 48.05, RadiusM: 2000},
			Time: &pipeline.Span{From: at(6), To: at(12)}, Direct: ptr(true), Grade: "B2"}},
		Marks:    []pipeline.Mark{{Media: "media/a.jpg", Kind: pipeline.MarkShadow, AzimuthDeg: ptr(331.0), SigmaDeg: ptr(5.0), By: "analyst-1"}},
		Brackets: []pipeline.Bracket{bracket("media/a.jpg", 1, 5, "analyst-1")},
	}
	got := example(t)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	if faults := got.Check(); faults != nil {
		t.Errorf("the example is not sound: %v", faults)
	}
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var again pipeline.Incident
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, again); diff != "" {
		t.Error("after a round trip: ", diff)
	}
}

func TestIncidentCheck(t *testing.T) {
	t.Parallel()
	long, nan := strings.Repeat("x", pipeline.MaxTextBytes+1), math.NaN()
	type in = *pipeline.Incident
	cases := []struct {
		name   string
		change func(in)
		want   []string // prefixes of the faults, in order
	}{
		{"bare", func(i in) { *i = pipeline.Incident{ID: "X"} }, nil},
		{"id missing", func(i in) { i.ID = "" }, []string{"id: missing"}},
		{"id long", func(i in) { i.ID = strings.Repeat("x", pipeline.MaxIDBytes+1) }, []string{"id: 129 bytes exceed the limit of 128"}},
		{"id with a space", func(i in) { i.ID = "X 1" }, []string{`id: "X 1" holds`}},
		{"id with a control", func(i in) { i.ID = "X\x00" }, []string{"id: "}},
		{"id broken", func(i in) { i.ID = "X\xff" }, []string{"id: "}},
		{"where", func(i in) { i.Claim.Where.Lat = 91 }, []string{"claim.where: lat: 91"}},
		{"where zero", func(i in) { *i.Claim.Where = pipeline.Place{RadiusM: 1} }, []string{"claim.where: lon, lat: 0,0"}},
		{"when", func(i in) { i.Claim.When.To = i.Claim.When.From }, []string{"claim.when: to: "}},
		{"what", func(i in) { i.Claim.What = long }, []string{"claim.what: 20001 bytes exceed"}},
		{"perpetrator", func(i in) { i.Claim.Perpetrator = "us" }, []string{`claim.perpetrator: "us" is none of`}},
		{"party", func(i in) { i.Claim.Casualties.Party = "x" }, []string{"claim.casualties.party: "}},
		{"casualties negative", func(i in) { i.Claim.Casualties.Min = -1 }, []string{"claim.casualties: min -1 and max 5"}},
		{"casualties swapped", func(i in) { i.Claim.Casualties.Max = 4 }, []string{"claim.casualties: min 5 and max 4"}},
		{"casualties many", func(i in) { i.Claim.Casualties.Max = pipeline.MaxCasualties + 1 }, []string{"claim.casualties: "}},
		{"file missing", func(i in) { i.Media = append(i.Media, pipeline.MediaRef{}) }, []string{"media[1].file: missing"}},
		{"file twice", func(i in) { i.Media = append(i.Media, i.Media[0]) }, []string{`media[1].file: "media/a.jpg" is listed twice`}},
		{"role", func(i in) { i.Media[0].Role = "hero" }, []string{`media[0].role: "hero" is none of`}},
		{"role absent", func(i in) { i.Media[0].Role = "" }, nil},
		{"url missing", func(i in) { i.Sources[0].URL = "" }, []string{"sources[0].url: missing"}},
		{"url of a file", func(i in) { i.Sources[0].URL = "file:///etc/passwd" }, []string{"sources[0].url: not an http"}},
		{"url without a host", func(i in) { i.Sources[0].URL = "https:///x" }, []string{"sources[0].url: not an http"}},
		{"url broken", func(i in) { i.Sources[0].URL = "https://t.me/%zz\x7f" }, []string{"sources[0].url: not an http"}},
		{"url long", func(i in) { i.Sources[0].URL = "https://t.me/" + long }, []string{"sources[0].url: 20014 bytes exceed"}},
		{"repost", func(i in) { i.Sources[0].RepostOf = ptr("t.me/1") }, []string{"sources[0].repost_of: not an http"}},
		{"source side", func(i in) { i.Sources[0].Side = "RU" }, []string{`sources[0].side: "RU" is none of`}},
		{"platform", func(i in) { i.Sources[0].Platform = long }, []string{"sources[0].platform: "}},
		{"account", func(i in) { i.Sources[0].Account = long }, []string{"sources[0].account: "}},
		{"published", func(i in) { i.Sources[0].Published = &time.Time{} }, []string{"sources[0].published: year 1"}},
		{"source grade", func(i in) { i.Sources[0].Grade = "G7" }, []string{`sources[0].grade: "G7"`}},
		{"testimony id", func(i in) { i.Testimonies[0].ID = "" }, []string{"testimonies[0].id: missing"}},
		{"witness by name", func(i in) { i.Testimonies[0].ID = "A Name" }, []string{"testimonies[0].id: it holds a space, a control character or invalid UTF-8; as it may be a name it is not repeated here"}},
		{"witness by telephone", func(i in) { i.Testimonies[0].ID = "+38050" }, []string{"testimonies[0].id: it looks like an account"}},
		{"witness by number", func(i in) { i.Testimonies[0].ID = "w123456789" }, []string{"testimonies[0].id: it looks like an account"}},
		{"witness by parts of a number", func(i in) { i.Testimonies[0].ID = "050-123-45-67" }, []string{"testimonies[0].id: it looks like an account"}},
		{"witness by a date", func(i in) { i.Testimonies[0].ID = "2024-11-03-01" }, nil},
		{"analyst by address", func(i in) { i.Marks[0].By = "a@example.org" }, []string{"marks[0].by: it looks like an account"}},
		{"bracket by account", func(i in) { i.Brackets = []pipeline.Bracket{bracket("media/a.jpg", 1, 2, "@a")} }, []string{"brackets[0].by: it looks like an account"}},
		{"testimony twice", func(i in) { i.Testimonies = append(i.Testimonies, i.Testimonies[0]) }, []string{`testimonies[1].id: "W-17" is listed twice`}},
		{"interviewed", func(i in) { i.Testimonies[0].Interviewed = "2024-02-30" }, []string{`testimonies[0].interviewed: "2024-02-30" is not a date`}},
		{"interviewed in part", func(i in) { i.Testimonies[0].Interviewed = "2024-12" }, []string{"testimonies[0].interviewed: "}},
		{"testimony place", func(i in) { i.Testimonies[0].Place.RadiusM = 0 }, []string{"testimonies[0].place: radius_m: 0"}},
		{"testimony time", func(i in) { i.Testimonies[0].Time.From = time.Time{} }, []string{"testimonies[0].time: from: missing"}},
		{"testimony grade", func(i in) { i.Testimonies[0].Grade = "B" }, []string{"testimonies[0].grade: "}},
		{"archived as zip", func(i in) { i.Sources[0].Archived = []pipeline.Archived{{Kind: "zip", Text: "x"}} }, []string{`sources[0].archived[0].kind: "zip" is not a known kind of archived copy (warc, http, seen)`}},
		{"archived without text", func(i in) { i.Sources[0].Archived = []pipeline.Archived{{Kind: pipeline.ArchiveWARC}} }, []string{"sources[0].archived[0].text: missing"}},
		{"archived at length", func(i in) {
			i.Sources[0].Archived = []pipeline.Archived{{Kind: pipeline.ArchiveHTTP, Text: strings.Repeat("x", 257)}}
		}, []string{"sources[0].archived[0].text: 257 bytes exceed the limit of 256"}},
		{"archived", func(i in) {
			i.Sources[0].Archived = []pipeline.Archived{{Kind: pipeline.ArchiveSeen, Text: "read later"}}
		}, nil},
		{"bracket", func(i in) { i.Brackets = []pipeline.Bracket{bracket("media/a.jpg", 1, 2, "A")} }, nil},
		{"bracket in the wrong order", func(i in) { i.Brackets = []pipeline.Bracket{bracket("media/a.jpg", 2, 1, "A")} }, []string{"brackets[0].after: 2024-11-01T00:00:00Z is not after before 2024-11-02T00:00:00Z"}},
		{"bracket of no time", func(i in) { i.Brackets = []pipeline.Bracket{bracket("media/a.jpg", 2, 2, "A")} }, []string{"brackets[0].after: "}},
		{"bracket of nothing", func(i in) { i.Brackets = []pipeline.Bracket{{Media: "b.jpg"}} }, []string{`brackets[0].media: "b.jpg" is not among`, "brackets[0].by: missing", "brackets[0].before: missing"}},
		{"mark of no media", func(i in) { i.Marks[0].Media = "b.jpg" }, []string{`marks[0].media: "b.jpg" is not among`}},
		{"mark by nobody", func(i in) { i.Marks[0].By = "" }, []string{"marks[0].by: missing"}},
		{"mark kind", func(i in) { i.Marks[0].Kind = "moon" }, []string{`marks[0].kind: "moon" is not a known kind`}},
		{"sun of nothing", func(i in) { i.Marks[0] = pipeline.Mark{Media: i.Marks[0].Media, Kind: pipeline.MarkSun, By: "A"} }, []string{"marks[0]: a sun needs"}},
		{"sun twice", func(i in) { i.Marks[0].Kind, i.Marks[0].Pixel = pipeline.MarkSun, sunPixel() }, []string{"marks[0].pixel: given beside azimuth_deg"}},
		{"sun in no frame", func(i in) {
			p := sunPixel()
			p.WidthPx, p.YPx, p.SigmaYawDeg = 0, nan, 0
			i.Marks[0] = pipeline.Mark{Media: i.Marks[0].Media, Kind: pipeline.MarkSun, Pixel: p, By: "A"}
		}, []string{"marks[0].pixel.width_px: a frame of 0 x 3024", "marks[0].pixel.x_px: ", "marks[0].pixel.y_px: NaN", "marks[0].pixel.sigma_yaw_deg: 0"}},
		{"pixel of a shadow", func(i in) { i.Marks[0].Pixel = sunPixel() }, []string{"marks[0].pixel: a mark of the kind shadow has none"}},
		{"sun with a ratio", func(i in) {
			i.Marks[0].Kind, i.Marks[0].Ratio, i.Marks[0].SigmaRatio = pipeline.MarkSun, ptr(0.5), ptr(0.1)
		}, []string{"marks[0].ratio: a mark of the kind sun has none", "marks[0].sigma_ratio: "}},
		{"shadow with an elevation", func(i in) { i.Marks[0].ElevationDeg = ptr(20.0) }, []string{"marks[0].elevation_deg: a mark of the kind shadow has none"}},
		{"sun too high", func(i in) {
			i.Marks[0].Kind, i.Marks[0].ElevationDeg, i.Marks[0].SigmaElevationDeg = pipeline.MarkSun, ptr(90.5), ptr(1.0)
		}, []string{"marks[0].elevation_deg: 90.5 is not within -1 to 90"}},
		{"slope without sigma", func(i in) { i.Marks[0].SlopeDeg = ptr(3.0) }, []string{"marks[0].sigma_slope_deg: missing"}},
		{"lean", func(i in) { i.Marks[0].LeanDeg, i.Marks[0].SigmaLeanDeg = ptr(61.0), ptr(1.0) }, []string{"marks[0].lean_deg: 61 is not within -60 to 60"}},
		{"after the clip", func(i in) { i.Marks[0].AfterS = ptr(-1.0) }, []string{"marks[0].after_s: -1 is not within 0 to 86400"}},
		{"after nothing", func(i in) { i.Marks[0].AfterS = &nan }, []string{"marks[0].after_s: NaN is not within"}},
		{"north of nothing", func(i in) {
			m := &i.Marks[0]
			m.NorthUnknown, m.AzimuthDeg, m.SigmaDeg, m.Ratio, m.SigmaRatio = true, nil, nil, ptr(0.5), ptr(0.1)
		}, []string{"marks[0].north_unknown: given without azimuth_deg"}},
		{"mark of nothing", func(i in) { i.Marks[0].AzimuthDeg, i.Marks[0].SigmaDeg = nil, nil }, []string{"marks[0]: a shadow needs"}},
		{"azimuth", func(i in) { i.Marks[0].AzimuthDeg = ptr(360.5) }, []string{"marks[0].azimuth_deg: 360.5 is not within 0 to 360"}},
		{"azimuth of nothing", func(i in) { i.Marks[0].AzimuthDeg = &nan }, []string{"marks[0].azimuth_deg: NaN"}},
		{"sigma missing", func(i in) { i.Marks[0].SigmaDeg = nil }, []string{"marks[0].sigma_deg: missing"}},
		{"sigma zero", func(i in) { i.Marks[0].SigmaDeg = ptr(0.0) }, []string{"marks[0].sigma_deg: 0 is not above 0"}},
		{"sigma wide", func(i in) { i.Marks[0].SigmaDeg = ptr(91.0) }, []string{"marks[0].sigma_deg: 91 is not"}},
		{"sigma alone", func(i in) { i.Marks[0].SigmaRatio = ptr(0.1) }, []string{"marks[0].sigma_ratio: given without ratio"}},
		{"ratio", func(i in) { i.Marks[0].Ratio, i.Marks[0].SigmaRatio = ptr(0.0), ptr(0.1) }, []string{"marks[0].ratio: 0 is not within"}},
		{"ratio without sigma", func(i in) { i.Marks[0].Ratio = ptr(0.5) }, []string{"marks[0].sigma_ratio: missing"}},
		{"ratio and azimuth", func(i in) { i.Marks[0].Ratio, i.Marks[0].SigmaRatio = ptr(0.5), ptr(0.1) }, nil},
		{"too many media", func(i in) { i.Media = manyMedia() }, []string{"media: 2001 entries exceed the limit of 2000"}},
		{"too many sources", func(i in) { i.Sources = many(i.Sources[0]) }, []string{"sources: 2001 entries exceed"}},
		{"too many marks", func(i in) { i.Marks = many(i.Marks[0]) }, []string{"marks: 2001 entries exceed"}},
		{"too many testimonies", func(i in) { i.Testimonies = manyTestimonies() }, []string{"testimonies: 2001 entries exceed"}},
		{"all faults in the order of the fields", func(i in) {
			i.ID, i.Claim.Where.Lon, i.Media[0].Role, i.Sources[0].Grade, i.Testimonies[0].Grade, i.Marks[0].By = "", 181, "x", "x", "x", ""
		}, []string{"id: ", "claim.where: lon: 181", "media[0].role: ", "sources[0].grade: ", "testimonies[0].grade: ", "marks[0].by: "}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			record := example(t)
			c.change(&record)
			faults := record.Check()
			if len(faults) != len(c.want) {
				t.Fatalf("got %v, want %q", faults, c.want)
			}
			for i, f := range faults {
				if !strings.HasPrefix(f.Error(), c.want[i]) || f.Unwrap() == nil {
					t.Errorf("fault %d is %q, want %q", i, f, c.want[i])
				}
			}
		})
	}
}

func many[T any](v T) []T {
	out := make([]T, pipeline.MaxListEntries+1)
	for i := range out {
		out[i] = v
	}
	return out
}

func manyMedia() []pipeline.MediaRef {
	out := []pipeline.MediaRef{{File: "media/a.jpg"}}
	for i := range pipeline.MaxListEntries {
		out = append(out, pipeline.MediaRef{File: fmt.Sprintf("%d.jpg", i)})
	}
	return out
}

func manyTestimonies() []pipeline.Testimony {
	var out []pipeline.Testimony
	for i := range pipeline.MaxListEntries + 1 {
		out = append(out, pipeline.Testimony{ID: fmt.Sprintf("W-%d", i)})
	}
	return out
}

func TestCheckFileName(t *testing.T) {
	t.Parallel()
	for name, sound := range map[string]bool{
		"a.jpg": true, "media/a.jpg": true, "media/фото 1.jpg": true, "..a/b..jpg": true, ".a": true, "👩‍🚒.jpg": true,
		strings.Repeat("x", pipeline.MaxFileNameBytes): true,
		"": false, ".": false, "..": false, "../a": false, "a/../b": false, "/a": false, "a/": false, "a//b": false, "./a": false,
		`a\b`: false, `C:\a`: false, "a\nb": false, "a\x00": false, "a\u0085": false, "a\u202egpj.exe": false, "a\u2066b": false, "a\xff.jpg": false,
		strings.Repeat("x", pipeline.MaxFileNameBytes+1): false,
	} {
		if err := pipeline.CheckFileName(name); (err == nil) != sound {
			t.Errorf("%.40q: %v, want sound %t", name, err, sound)
		}
	}
}

func FuzzIncidentJSON(f *testing.F) {
	f.Add(exampleRecord)
	f.Add(`{"id":"X"}`)
	f.Add(`{"id":"X","claim":{"when":{"from":null,"to":"2024-11-03T09:00:00Z"}},"marks":[{}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var in pipeline.Incident
		if json.Unmarshal([]byte(text), &in) != nil || len(in.Check()) > 0 {
			return
		}
		out, err := json.Marshal(in)
		if err != nil {
			t.Fatalf("a sound record does not marshal: %v", err)
		}
		var back pipeline.Incident
		if err := json.Unmarshal(out, &back); err != nil || len(back.Check()) > 0 {
			t.Fatalf("%s: %v, %v", out, err, back.Check())
		}
	})
}

// sunPixel is the vector of the design: a sun at 250, 12 in a frame of 26 mm held to 240, 5.
func sunPixel() *pipeline.SunPixel {
	return &pipeline.SunPixel{XPx: 2542.1, YPx: 1130.5, SigmaPx: 20, WidthPx: 4032, HeightPx: 3024, YawDeg: 240, SigmaYawDeg: 3, PitchDeg: 5, SigmaPitchDeg: 1}
}

func bracket(file string, before, after int, by string) pipeline.Bracket {
	day := func(d int) time.Time { return time.Date(2024, 11, d, 0, 0, 0, 0, time.UTC) }
	return pipeline.Bracket{Media: file, Before: day(before), After: day(after), By: by}
}
