package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"whenwhere/pipeline"
)

// told runs the program and fails when its exit code is not the wanted one.
func told(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := run(args, &out, &errs); got != code {
		t.Fatalf("whenwhere %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code, &out, &errs)
	}
	return out.String(), errs.String()
}

// published is a data folder with the acceptance case, of which people approved one incident, and others not quite.
func published(t *testing.T) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	told(t, exitDone, "verify", filepath.Join("..", "..", "fixtures", "acceptance"), "--data", dir)
	for _, d := range []struct{ id, as, by string }{
		{"ACC-07", "verified", "analyst-1"}, {"ACC-07", "verified", "analyst-2"},
		{"ACC-02", "verified", "analyst-1"},
		{"ACC-08", "contradicted", "analyst-1"}, {"ACC-08", "contradicted", "analyst-2"},
		{"ACC-10", "verified", "analyst-1"}, {"ACC-10", "verified", "analyst-2"}, {"ACC-10", "unresolved", "analyst-3"},
	} {
		told(t, exitDone, "decide", d.id, "--as", d.as, "--by", d.by, "--reason", "SECRET-REASON", "--data", dir)
	}
	told(t, exitDone, "merge", "ACC-01", "ACC-07", "--by", "analyst-1", "--reason", "SECRET-REASON", "--data", dir)
	return dir
}

// readable is a document as one who looks for something in it would read it.
func readable(t *testing.T, format string, data []byte) string {
	t.Helper()
	if format != "geoparquet" {
		return string(data)
	}
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, m := range f.Metadata().KeyValueMetadata {
		fmt.Fprintln(&out, m.Key, m.Value)
	}
	for _, group := range f.RowGroups() {
		rows := group.Rows()
		buf := make([]parquet.Row, 1)
		for {
			n, err := rows.ReadRows(buf)
			for _, v := range buf[0][:min(n, 1)*len(buf[0])] {
				fmt.Fprintln(&out, v)
			}
			if n == 0 || err != nil {
				break
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// secrets are what nothing for the public may hold of an incident: where exactly, who, in which words, in which files.
func secrets(in pipeline.Incident, files []pipeline.MediaID) []string {
	out := []string{in.Claim.What, "SECRET-REASON", "analyst-1", "analyst-2", "analyst-3"}
	place := func(p *pipeline.Place) {
		if p != nil {
			out = append(out, strconv.FormatFloat(p.Lon, 'f', -1, 64), strconv.FormatFloat(p.Lat, 'f', -1, 64))
		}
	}
	place(in.Claim.Where)
	if in.Claim.Named != nil {
		out = append(out, in.Claim.Named.Name)
	}
	for _, s := range in.Sources {
		out = append(out, s.URL, s.Account, pipeline.Pseudonym(s.Platform, s.Account))
	}
	for _, w := range in.Testimonies {
		out = append(out, w.ID)
		place(w.Place)
		if w.Named != nil {
			out = append(out, w.Named.Name, w.Named.Found.Reason)
		}
	}
	for _, m := range in.Marks {
		out = append(out, m.By)
	}
	for _, m := range in.Media {
		out = append(out, path.Base(m.File))
	}
	for _, id := range files {
		out = append(out, id.String())
	}
	return out
}

// TestNothingLeaks: an incident that people did not approve leaves through no format, and of an approved one nothing leaves that
// is not for the public. Formats that are added to the list are in this test by themselves.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	dir := published(t)
	d, err := openData(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	rows, err := d.store.Incidents(t.Context())
	if err != nil || len(rows) != 12 {
		t.Fatalf("%d incidents, %v", len(rows), err)
	}
	for _, f := range reportFormats() {
		file := filepath.Join(t.TempDir(), "out")
		_, said := told(t, exitDone, "report", "--all", "--format", f.name, "--audience", "public", "-o", file, "--data", dir)
		if want := "withheld 11 of 12 incidents, not approved for publication: 1 verified by one person only, 1 contradicted, 1 disputed, 8 undecided"; !strings.Contains(said, want) {
			t.Errorf("%s: %q", f.name, said)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := readable(t, f.name, data)
		if !strings.Contains(text, "ACC-07") {
			t.Errorf("%s: the approved incident is missing", f.name)
		}
		for _, r := range rows {
			if r.ID != "ACC-07" && strings.Contains(text, r.ID) {
				t.Errorf("%s: %s was not approved", f.name, r.ID)
			}
			in, files, err := d.store.Attached(t.Context(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			var ids []pipeline.MediaID
			for _, a := range files {
				ids = append(ids, a.ID)
			}
			for _, s := range secrets(in, ids) {
				if len(s) >= 4 && strings.Contains(text, s) {
					t.Errorf("%s: %q of %s", f.name, s, r.ID)
				}
			}
		}
		out, said := told(t, exitDone, "report", "ACC-02", "ACC-10", "--format", f.name, "--audience", "public", "-o", "-", "--data", dir)
		if strings.Contains(out, "ACC-") || !strings.Contains(said, "withheld 2 of 2 incidents") {
			t.Errorf("%s: %s\n%s", f.name, said, out)
		}
	}
	for id, want := range map[string]int{"ACC-07": len(reportFormats()), "ACC-01": 0} {
		if got := exports(t, d, id); got != want {
			t.Errorf("%s: %d exports in the log, want %d", id, got, want)
		}
	}
}

// TestNothingPersonalLeavesForPartners: partners get all incidents, and digests of files to compare, but nobody's name,
// account, words or exact place; neither those of witnesses who name a place, nor those of statements.
func TestNothingPersonalLeavesForPartners(t *testing.T) {
	t.Parallel()
	root, dir := filepath.Join(t.TempDir(), "case"), filepath.Join(t.TempDir(), "data")
	for name, text := range map[string]string{
		"incidents.jsonl": `{"id":"X-1","claim":{"where":{"name":"SECRET-PLACE"},"what":"SECRET-WHAT","units":["SECRET-UNIT"]},"sources":[{"url":"https://t.me/SECRET_ACCOUNT/1","side":"ru","grade":"B2"}],` +
			`"testimonies":[{"id":"W-SECRET","place":{"name":"SECRET-VILLAGE"},"direct":true}]}` + "\n",
		"statements.jsonl": `{"id":"S-1","who":"SECRET-WHO","role":"SECRET-ROLE","units":["SECRET-UNIT"],"published":[{"url":"https://t.me/SECRET_SPEAKER/1"}],"quote":"SECRET-QUOTE","incidents":["X-1"]}` + "\n",
	} {
		if err := os.MkdirAll(root, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gazetteer := filepath.Join(t.TempDir(), "settlements.tsv")
	const rows = "osm_id\tplace\tname_uk\tname_en\tname_ru\tlat\tlon\tpopulation\toblast\traion\n" +
		"relation/1\tcity\tSECRET-PLACE\t\t\t48.3123\t38.0456\t240000\t\t\nrelation/2\tcity\tSECRET-VILLAGE\t\t\t48.3987\t38.0654\t240000\t\t\n"
	if err := os.WriteFile(gazetteer, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	told(t, exitDone, "verify", root, "--data", dir, "--gazetteer", gazetteer)
	for _, id := range []string{"X-1", "S-1"} {
		for _, by := range []string{"secret-person", "secret-other"} {
			told(t, exitDone, "decide", id, "--as", "verified", "--by", by, "--reason", "SECRET-REASON", "--data", dir)
		}
	}
	for _, f := range reportFormats() {
		for _, audience := range []string{"partner", "public"} {
			file := filepath.Join(t.TempDir(), "out")
			told(t, exitDone, "report", "X-1", "S-1", "--format", f.name, "--audience", audience, "-o", file, "--data", dir)
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text := strings.ToLower(readable(t, f.name, data))
			if !strings.Contains(text, "x-1") {
				t.Errorf("%s for %s: the incident is missing", f.name, audience)
			}
			for _, never := range []string{"secret", "48.3123", "38.0456", "48.3987", "38.0654", "osm:relation"} {
				if i := strings.Index(text, never); i >= 0 {
					t.Errorf("%s for %s: %s", f.name, audience, text[max(0, i-80):min(len(text), i+80)])
				}
			}
		}
	}
}

// exports counts what the log says of an incident that left the house.
func exports(t *testing.T, d *data, id string) (n int) {
	t.Helper()
	salted, err := d.store.SaltOfIncident(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := d.store.LeavesOf(t.Context(), salted.Subject)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range leaves {
		if strings.Contains(string(l.Leaf), `"exported"`) {
			n++
		}
	}
	return n
}

// Who stops a report is told so in a sentence, and nothing is left of it.
func TestAReportIsInterrupted(t *testing.T) {
	t.Parallel()
	dir, out := published(t), t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	cmd := newReport()
	cmd.SetArgs([]string{"--all", "--format", "json", "--data", dir, "-o", filepath.Join(out, "report.json")})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	if err := cmd.ExecuteContext(ctx); err == nil || err.Error() != "report: interrupted; no file was written" {
		t.Error(err)
	}
	if left, err := os.ReadDir(out); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}
