package events_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/events"
	"whenwhere/internal/geo"
)

// All rows here are invented.
const (
	owlmapsHeader = "map_date\tside\tlat\tlon\tdescription\turls\tfirst_tweet_utc\n"
	cirHeader     = "entry,date,event_group,title,brief description,lat,lon,country,province,district,town/city,arms/munition,violence level,link,geolocation\n"
	viinaHeader   = "event_id_1pd,date,n_reports,event_ids_matching,sources_matching,source_urls,target_classes,target_terms,attack_terms,geonameid,asciiname,ADM1_NAME,ADM2_NAME,longitude,latitude,location_bucket,location_method,nearest_ru_distance_km,nearest_ru_geonameid,nearest_ru_name,a_ukr_init_field,a_ukr_init,a_ukr_field,a_ukr,a_rus_init_field,a_rus_init,a_rus_field,a_rus,ua_actor_text,ru_scope_text,representative_text,Stage1Triage,CandidateCensusComplete\n"
	// The id of an invented post of 2024-09-01 12:00:00 UTC: 1830214016824246272, shifted right by 22 bits, plus 1288834974657 ms.
	post = "https://x.com/invented/status/1830214016824246272"
)

func read(t *testing.T, name, text string) events.List {
	t.Helper()
	l, err := events.Read(fstest.MapFS{name: {Data: []byte(text)}}, name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func day(s string) *time.Time {
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return &d
}

func TestTables(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want events.Event
	}{
		"owlmaps": {owlmapsHeader + "2024-09-01\tua\t48.5\t37.5\t\"a \"\"lake\"\"\"\thttps://a.example/1 https://a.example/2\t\n",
			events.Event{Row: 1, Day: day("2024-09-01"), Where: &geo.LatLon{Lat: 48.5, Lon: 37.5}, Side: "ua", Text: `a "lake"`, Links: []string{"https://a.example/1", "https://a.example/2"}}},
		"cir": {cirHeader + "XX1,2022-03-04,Group,t,text,50.1,30.2,Ukraine,,,Town,,1,https://a.example/1,https://a.example/2\n",
			events.Event{Row: 1, ID: "XX1", Day: day("2022-03-04"), Where: &geo.LatLon{Lat: 50.1, Lon: 30.2}, Named: "Town", Tags: []string{"Group"}, Text: "text", Links: []string{"https://a.example/1"}}},
		"viina": {viinaHeader + "7,20240102,1,8,s,https://a.example/1|https://a.example/2,A|B,,,1,Town,,,30.5,50.4" + strings.Repeat(",", 18) + "\n",
			events.Event{Row: 1, ID: "7", Day: day("2024-01-02"), Where: &geo.LatLon{Lat: 50.4, Lon: 30.5}, Named: "Town", Tags: []string{"A", "B"}, Links: []string{"https://a.example/1", "https://a.example/2"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := read(t, "list.csv", c.text)
			if diff := cmp.Diff([]events.Event{c.want}, l.Events); diff != "" || string(l.Source) != name || len(l.Doubts) != 0 {
				t.Error(l.Source, l.Doubts, diff)
			}
		})
	}
}

// What is not stated, or no value at all, is absent and named; the row stays.
func TestAbsentStaysAbsent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ row, field, detail string }{
		"no day":       {",ru,48,37,,,", "map_date", "not stated"},
		"bad day":      {"2024-02-30,ru,48,37,,,", "map_date", "no day of the calendar"},
		"no position":  {"2024-02-01,ru,,37,,,", "lat, lon", "not stated"},
		"words":        {"2024-02-01,ru,here,37,,,", "lat, lon", "no numbers"},
		"out of range": {"2024-02-01,ru,91,37,,,", "lat, lon", "91, 37 is no position"},
		"NaN":          {"2024-02-01,ru,NaN,37,,,", "lat, lon", "NaN, 37 is no position"},
		"null island":  {"2024-02-01,ru,0,0,,,", "lat, lon", "0,0 is what an absent position looks like"},
		"other side":   {"2024-02-01,xx,48,37,,,", "side", "neither ru nor ua"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := read(t, "list.tsv", owlmapsHeader+strings.ReplaceAll(c.row, ",", "\t")+"\n")
			want := []events.Doubt{{Row: 1, Field: c.field, Detail: c.detail}}
			if diff := cmp.Diff(want, l.Doubts); diff != "" || len(l.Events) != 1 {
				t.Error(diff)
			}
			e := l.Events[0]
			if absent := e.Day == nil || e.Where == nil || e.Side == ""; !absent {
				t.Errorf("%+v", e)
			}
		})
	}
	l := read(t, "list.csv", cirHeader+strings.Repeat("XX1,2022-03-04,,,,50,30,,,,,,,,\n", 2))
	if diff := cmp.Diff([]events.Doubt{{Row: 2, Field: "id", Detail: "repeats the id of row 1"}}, l.Doubts); diff != "" {
		t.Error(diff)
	}
}

func bellingcat(event string) fstest.MapFS {
	return fstest.MapFS{
		"x/export_events.json":       {Data: []byte("[" + event + "]")},
		"x/export_sources.json":      {Data: []byte(`{"h":{"id":"h","paths":["HIDDEN"],"title":"-","description":""},"s":{"id":"s","paths":["` + post + `"],"title":"","description":""}}`)},
		"x/export_associations.json": {Data: []byte(`[{"id":"a","filter_paths":["Weapon System","Air strike"],"title":"","mode":"FILTER","desc":""}]`)},
	}
}

const event = `{"id":"C1","associations":["a"],"sources":["h","s"],"description":"d","date":"9/3/2024","time":"00:00","location":"Town","latitude":"48.5","longitude":"37.5","graphic":""}`

func TestBellingcat(t *testing.T) {
	t.Parallel()
	l, err := events.Read(bellingcat(event), "x/export_events.json")
	want := events.Event{Row: 1, ID: "C1", Day: day("2024-09-03"), Where: &geo.LatLon{Lat: 48.5, Lon: 37.5}, Named: "Town", Tags: []string{"Weapon System: Air strike"}, Text: "d", Links: []string{post}}
	if diff := cmp.Diff([]events.Event{want}, l.Events); err != nil || diff != "" || len(l.Doubts) != 0 || len(l.Files) != 3 {
		t.Error(err, l.Doubts, diff)
	}
	l, err = events.Read(bellingcat(strings.Replace(strings.Replace(event, `"a"`, `"b"`, 1), `"h"`, `"g"`, 1)), "x/export_events.json")
	if err != nil || len(l.Doubts) != 2 {
		t.Error(err, l.Doubts)
	}
}

// The post was made on 1 September at noon: more than a day before the 3rd, and not before the 2nd.
func TestPostedBefore(t *testing.T) {
	t.Parallel()
	for stated, want := range map[string]bool{"2024-09-01": false, "2024-09-02": false, "2024-09-03": true} {
		e := events.Event{Day: day(stated), Links: []string{"https://t.me/x/1", post}}
		p, ok := e.FirstPost(collected)
		if !ok || p.Scheme != "twitter" || p.From.Format("2006-01-02 15:04") != "2024-09-01 12:00" {
			t.Fatalf("%+v %v", p, ok)
		}
		if got := e.PostedBefore(p); got != want {
			t.Errorf("%s: %v", stated, got)
		}
	}
}

// Refused as a whole, by name and place, and without a word of the content.
func TestRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fs   fstest.MapFS
		file string
		line int
		want string
	}{
		"absent":        {fstest.MapFS{}, "a.csv", 0, "a.csv"},
		"empty":         {fstest.MapFS{"a.csv": {}}, "a.csv", 1, "header"},
		"other header":  {fstest.MapFS{"a.csv": {Data: []byte("secret,b\n1,2\n")}}, "a.csv", 1, "the header is none of"},
		"short row":     {fstest.MapFS{"a.csv": {Data: []byte(cirHeader + "secret,2022-01-01\n")}}, "a.csv", 2, "wrong number of fields"},
		"loose quote":   {fstest.MapFS{"a.tsv": {Data: []byte(owlmapsHeader + "sec\"ret\t\n")}}, "a.tsv", 2, "bare \""},
		"other json":    {fstest.MapFS{"a.json": {Data: []byte("[]")}}, "a.json", 0, "not export_events.json"},
		"no sources":    {fstest.MapFS{"export_events.json": {Data: []byte("[]")}}, "export_events.json", 0, "export_sources.json"},
		"unknown field": {bellingcat(`{"id":"C1","secret":1}`), "x/export_events.json", 0, "event 1"},
		"null":          {bellingcat(strings.Replace(event, `"C1"`, "null", 1)), "x/export_events.json", 0, "event 1"},
		"too large":     {fstest.MapFS{"a.csv": {Data: make([]byte, events.MaxBytes+1)}}, "a.csv", 0, "larger than the limit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := events.Read(c.fs, c.file)
			var at *events.FileError
			if !errors.As(err, &at) || at.Line != c.line || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
			if name != "unknown field" && strings.Contains(err.Error(), "secret") {
				t.Errorf("the content is quoted: %v", err)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{owlmapsHeader + "2024-09-01\tua\t48.5\t37.5\ttext\t" + post + "\t\n", cirHeader, viinaHeader, "", "\xff\xfe"} {
		f.Add("a.csv", s)
	}
	f.Add("x/export_events.json", event)
	f.Fuzz(func(t *testing.T, name, text string) {
		from := fstest.MapFS{"a.csv": {Data: []byte(text)}}
		if name != "a.csv" {
			from, name = bellingcat(text), "x/export_events.json"
		}
		l, err := events.Read(from, name)
		var at *events.FileError
		if err != nil && !errors.As(err, &at) {
			t.Fatalf("%T %v", err, err)
		}
		for i, e := range l.Events {
			if e.Row != i+1 || e.Where != nil && (e.Where.Lat == 0 && e.Where.Lon == 0 || e.Where.Lat != e.Where.Lat) {
				t.Fatalf("%+v", e)
			}
			e.FirstPost(collected)
		}
	})
}
