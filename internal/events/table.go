package events

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// dialect is one form of table, told by its header.
type dialect struct {
	source Source
	comma  rune
	header []string
	read   func(l *List, get func(column string) string) Event
}

var dialects = []dialect{
	{Owlmaps, '\t', []string{"map_date", "side", "lat", "lon", "description", "urls", "first_tweet_utc"}, readOwlmaps},
	{CIR, ',', []string{"entry", "date", "event_group", "title", "brief description", "lat", "lon", "country", "province", "district", "town/city",
		"arms/munition", "violence level", "link", "geolocation"}, readCIR},
	{VIINA, ',', []string{"event_id_1pd", "date", "n_reports", "event_ids_matching", "sources_matching", "source_urls", "target_classes",
		"target_terms", "attack_terms", "geonameid", "asciiname", "ADM1_NAME", "ADM2_NAME", "longitude", "latitude",
		"location_bucket", "location_method", "nearest_ru_distance_km", "nearest_ru_geonameid", "nearest_ru_name",
		"a_ukr_init_field", "a_ukr_init", "a_ukr_field", "a_ukr", "a_rus_init_field", "a_rus_init", "a_rus_field", "a_rus",
		"ua_actor_text", "ru_scope_text", "representative_text", "Stage1Triage", "CandidateCensusComplete"}, readVIINA},
}

func readTable(fsys fs.FS, name string) (List, error) {
	data, file, err := readFile(fsys, name)
	if err != nil {
		return List{}, err
	}
	d, ok := dialectOf(data)
	if !ok {
		return List{}, &FileError{File: name, Line: 1, Detail: "the header is none of owlmaps, CIR and VIINA"}
	}
	l := List{Source: d.source, Files: []File{file}}
	if err := l.rows(d, data); err != nil {
		fault := &FileError{File: name, Err: err}
		var at *csv.ParseError
		if errors.As(err, &at) {
			fault.Line, fault.Err = at.Line, at.Err // without the text that it would quote
		}
		return List{}, fault
	}
	return l, nil
}

// dialectOf finds the form by the first line.
func dialectOf(data []byte) (dialect, bool) {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	for _, d := range dialects {
		columns := strings.Split(strings.TrimSuffix(string(first), "\r"), string(d.comma))
		if slices.Equal(columns, d.header) {
			return d, true
		}
	}
	return dialect{}, false
}

// rows reads every record; each has as many fields as the header.
func (l *List) rows(d dialect, data []byte) error {
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma = d.comma
	header, err := r.Read()
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		e := d.read(l, func(column string) string { return record[slices.Index(header, column)] })
		e.Row = l.row()
		l.add(e, seen)
	}
}

func readOwlmaps(l *List, get func(string) string) Event {
	e := Event{Side: get("side"), Text: get("description"), Links: strings.Fields(get("urls"))}
	if e.Side != "ru" && e.Side != "ua" {
		l.doubt("side", "neither ru nor ua")
		e.Side = ""
	}
	e.Day, e.Where = l.day("map_date", "2006-01-02", get("map_date")), l.place(get("lat"), get("lon"))
	return e
}

func readCIR(l *List, get func(string) string) Event {
	return Event{ID: get("entry"), Day: l.day("date", "2006-01-02", get("date")), Where: l.place(get("lat"), get("lon")), Named: get("town/city"),
		Tags: tags(get("event_group")), Text: get("brief description"), Links: strings.Fields(get("link"))}
}

func readVIINA(l *List, get func(string) string) Event {
	return Event{ID: get("event_id_1pd"), Day: l.day("date", "20060102", get("date")), Where: l.place(get("latitude"), get("longitude")), Named: get("asciiname"),
		Tags: strings.FieldsFunc(get("target_classes"), isBar), Text: get("representative_text"), Links: strings.FieldsFunc(get("source_urls"), isBar)}
}

func isBar(r rune) bool { return r == '|' }

func tags(one string) []string {
	if one == "" {
		return nil
	}
	return []string{one}
}
