package events

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"whenwhere/internal/strictjson"
)

// The three files of an export.
const (
	eventsFile       = "export_events.json"
	sourcesFile      = "export_sources.json"
	associationsFile = "export_associations.json"
	hidden           = "HIDDEN" // what the export writes for a link that is not shown
)

type bellingcatEvent struct {
	ID           string   `json:"id"`
	Associations []string `json:"associations"`
	Sources      []string `json:"sources"`
	Description  string   `json:"description"`
	Date         string   `json:"date"` // month/day/year, not always padded
	Time         string   `json:"time"` // 00:00 on every row: not stated
	Location     string   `json:"location"`
	Latitude     string   `json:"latitude"`
	Longitude    string   `json:"longitude"`
	Graphic      string   `json:"graphic"`
}

type bellingcatSource struct {
	ID          string   `json:"id"`
	Paths       []string `json:"paths"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
}

type association struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Mode        string   `json:"mode"`
	Desc        string   `json:"desc"`
	FilterPaths []string `json:"filter_paths"`
}

// readBellingcat joins the three files.
func readBellingcat(fsys fs.FS, name string) (List, error) {
	if path.Base(name) != eventsFile {
		return List{}, &FileError{File: name, Detail: "not " + eventsFile + ", whose name tells a Bellingcat export"}
	}
	l := List{Source: Bellingcat}
	var raw []json.RawMessage
	var sources map[string]bellingcatSource
	var filters []association
	dir := path.Dir(name)
	for _, f := range []struct {
		name string
		into any
	}{{name, &raw}, {path.Join(dir, sourcesFile), &sources}, {path.Join(dir, associationsFile), &filters}} {
		data, file, err := readFile(fsys, f.name)
		if err != nil {
			return List{}, err
		}
		if err := strictjson.DecodeWithin(data, strictjson.Limits{MaxBytes: MaxBytes}, f.into); err != nil {
			return List{}, &FileError{File: f.name, Err: err}
		}
		l.Files = append(l.Files, file)
	}
	named := map[string]string{}
	for _, a := range filters {
		named[a.ID] = strings.Join(a.FilterPaths, ": ")
	}
	seen := map[string]int{}
	for i, one := range raw {
		var b bellingcatEvent
		if err := strictjson.Decode(one, &b); err != nil {
			return List{}, &FileError{File: name, Err: fmt.Errorf("event %d: %w", i+1, err)}
		}
		l.add(l.bellingcat(b, sources, named), seen)
	}
	return l, nil
}

func (l *List) bellingcat(b bellingcatEvent, sources map[string]bellingcatSource, named map[string]string) Event {
	e := Event{Row: l.row(), ID: b.ID, Day: l.day("date", "1/2/2006", b.Date), Where: l.place(b.Latitude, b.Longitude), Named: b.Location, Text: b.Description}
	for _, id := range b.Associations {
		if named[id] == "" {
			l.doubt("associations", "one of them is not in %s", associationsFile)
			continue
		}
		e.Tags = append(e.Tags, named[id])
	}
	for _, id := range b.Sources {
		s, ok := sources[id]
		if !ok {
			l.doubt("sources", "one of them is not in %s", sourcesFile)
		}
		for _, link := range s.Paths {
			if link != hidden {
				e.Links = append(e.Links, link)
			}
		}
	}
	return e
}
