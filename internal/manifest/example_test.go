package manifest_test

import (
	"fmt"
	"os"
	"path/filepath"

	"whenwhere/internal/manifest"
)

// A case with one sound record whose footage has not arrived, and one record with a fault.
func Example() {
	dir, err := os.MkdirTemp("", "case")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	lines := exampleRecord + "\n" + `{"id":"K-8","claim":{"when":{"from":"2024-11-03 10:00","to":"2024-11-03T12:00:00Z"}}}` + "\n"
	if err := os.WriteFile(filepath.Join(dir, manifest.JSONLines), []byte(lines), 0o600); err != nil {
		panic(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		panic(err)
	}
	defer root.Close()

	c, problems := manifest.Read(root)
	for _, r := range c.Records {
		fmt.Println(r.Incident.ID, r.Incident.Claim.When, r.Exhibits[0].Missing)
	}
	for _, p := range problems {
		fmt.Println(p.Error())
	}
	// Output:
	// K-7 2024-11-03T07:00:00Z to 2024-11-03T09:00:00Z no such file or directory
	// incidents.jsonl:1: media[0].file: "media/yard.jpg": no such file or directory; the record is kept without it
	// incidents.jsonl:2: claim.when.from: "2024-11-03 10:00" is not an RFC 3339 time with its offset, such as 2024-11-03T09:02:11Z (rfc3339, column 37)
}

// exampleRecord has every field of a record. No part of it is real.
const exampleRecord = `{"id":"K-7","claim":{"where":{"lon":37.6,"lat":48.1,"radius_m":300},"when":{"from":"2024-11-03T07:00:00Z","to":"2024-11-03T09:00:00Z"},` +
	`"kind":"execution","what":"invented for this example","casualties":{"min":1,"max":2,"party":"ua"},"perpetrator":"ru","units":["an invented unit"]},` +
	`"media":[{"file":"media/yard.jpg","role":"event"}],` +
	`"sources":[{"url":"https://t.me/example_channel/123","platform":"telegram","account":"example_channel","side":"ua","published":"2024-11-03T09:30:00Z","grade":"B2","archived":[{"kind":"warc","text":"2024-11-03T11:00:00Z"}]},` +
	`{"url":"https://x.com/example/status/1852998471233536000","repost_of":"https://t.me/example_channel/123"}],` +
	`"testimonies":[{"id":"W-01","interviewed":"2024-11-20","place":{"lon":37.6,"lat":48.1,"radius_m":2000},"time":{"from":"2024-11-03T06:00:00Z","to":"2024-11-03T12:00:00Z"},"direct":true,"grade":"B2"}],` +
	`"marks":[{"media":"media/yard.jpg","kind":"shadow","azimuth_deg":330,"sigma_deg":3,"ratio":0.4,"sigma_ratio":0.03,"by":"analyst-1"}],` +
	`"brackets":[{"media":"media/yard.jpg","before":"2024-11-01T08:40:00Z","after":"2024-11-04T08:50:00Z","shows":"a burnt roof","by":"analyst-2"}],` +
	`"landmarks":[{"media":"media/yard.jpg","width_px":4000,"height_px":3000,"hfov_deg":66,"sigma_hfov_deg":2,"pitch_deg":1,"sigma_pitch_deg":3,"roll_deg":0,"sigma_roll_deg":2,` +
	`"points":[{"name":"chimney","lat":48.101,"lon":37.6,"sigma_m":5,"x_px":400,"y_px":1490,"sigma_px":5},{"lat":48.102,"lon":37.602,"sigma_m":5,"x_px":2000,"y_px":1490,"sigma_px":5},{"lat":48.101,"lon":37.604,"sigma_m":5,"x_px":3500,"y_px":1490,"sigma_px":5}],` +
	`"visible":[{"name":"mast","lat":48.09,"lon":37.6,"sigma_m":5,"visible":false}],"by":"analyst-2"}]}`
