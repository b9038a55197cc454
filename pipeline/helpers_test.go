package pipeline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"whenwhere/pipeline"
)

// exampleRecord is the record of the documentation, as an incident file holds it.
const exampleRecord = `{"id":"X-1","claim":{"where":{"lon":37.28,"lat":48.05,"radius_m":500},"when":{"from":"2024-11-03T07:00:00Z","to":"2024-11-03T09:00:00Z"},"what":"...","casualties":{"min":5,"max":5,"party":"ua"},"perpetrator":"ru"},"media":[{"file":"media/a.jpg","role":"event"}],"sources":[{"url":"https://t.me/example/1","platform":"telegram","account":"example","side":"ru","published":"2024-11-03T09:02:11Z","repost_of":null,"grade":"C3"}],"testimonies":[{"id":"W-17","interviewed":"2024-12-01","place":{"lon":37.28,"lat":48.05,"radius_m":2000},"time":{"from":"2024-11-03T06:00:00Z","to":"2024-11-03T12:00:00Z"},"direct":true,"grade":"B2"}],"marks":[{"media":"media/a.jpg","kind":"shadow","azimuth_deg":331,"sigma_deg":5,"by":"analyst-1"}],"brackets":[{"media":"media/a.jpg","before":"2024-11-01T00:00:00Z","after":"2024-11-05T00:00:00Z","by":"analyst-1"}]}`

func example(t *testing.T) pipeline.Incident {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader([]byte(exampleRecord)))
	dec.DisallowUnknownFields()
	var in pipeline.Incident
	if err := dec.Decode(&in); err != nil {
		t.Fatalf("example record: %v", err)
	}
	return in
}

// opened is a media file of three bytes.
func opened(t *testing.T) pipeline.Opened {
	t.Helper()
	name := filepath.Join(t.TempDir(), "a.bin")
	if err := os.WriteFile(name, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return pipeline.Opened{Media: pipeline.Media{ID: pipeline.MediaID{1}, SizeBytes: 3, GivenName: "a.bin"}, File: f}
}

// maker is a stage that makes the given keys, each with its own name as the body.
func maker(name string, needs []pipeline.KeyID, makes ...pipeline.KeyID) pipeline.Extractor {
	return pipeline.Extractor{Name: name, Version: "1", Doc: "makes " + name, Needs: needs, Makes: makes,
		Run: func(context.Context, pipeline.Opened) ([]pipeline.Observation, error) {
			var out []pipeline.Observation
			for _, k := range makes {
				o, err := pipeline.Key[string]{ID: k}.Observe(string(k))
				if err != nil {
					return nil, err
				}
				out = append(out, o)
			}
			return out, nil
		}}
}

// failing is a stage that ends with err.
func failing(name string, err error, makes ...pipeline.KeyID) pipeline.Extractor {
	s := maker(name, nil, makes...)
	s.Run = func(context.Context, pipeline.Opened) ([]pipeline.Observation, error) { return nil, err }
	return s
}

// log collects what Extract commits.
type log struct{ results []pipeline.StageResult }

func (l *log) commit(_ context.Context, r pipeline.StageResult) error {
	l.results = append(l.results, r)
	return nil
}
