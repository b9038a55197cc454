package pipeline_test

import (
	"strings"
	"testing"

	"whenwhere/pipeline"
)

// Why there is no answer depends on the stage that would have given it: a missing file, a broken stage, one that does
// not apply, stripped metadata and a silent file are five answers.
func TestAbsenceTellsItsCauses(t *testing.T) {
	t.Parallel()
	blocks := func(list ...string) pipeline.Observations {
		o, err := pipeline.BlocksKey.Observe(append([]string{}, list...))
		if err != nil {
			t.Fatal(err)
		}
		return pipeline.Observations{o}
	}
	stage := func(name string, s pipeline.Status) []pipeline.StageResult {
		return []pipeline.StageResult{{Stage: "container", Status: pipeline.Done}, {Stage: name, Status: s, Cause: "its cause"}}
	}
	media := &pipeline.Media{}
	for name, c := range map[string]struct {
		exhibit pipeline.Exhibit
		stage   string
		code    pipeline.Code
		reason  string
	}{
		"missing":                 {pipeline.Exhibit{Missing: "no such file", Observed: blocks()}, "metadata", pipeline.CodeMediaMissing, "no such file"},
		"failed":                  {pipeline.Exhibit{Media: media, Stages: stage("metadata", pipeline.Failed)}, "metadata", pipeline.CodeMediaUnreadable, "its cause"},
		"another stage failed":    {pipeline.Exhibit{Media: media, Stages: stage("prints", pipeline.Failed)}, "metadata", pipeline.CodeNotStated, "states no thing"},
		"skipped":                 {pipeline.Exhibit{Media: media, Stages: stage("prints", pipeline.Skipped), Observed: blocks()}, "prints", pipeline.CodeNotStated, "does not apply: its cause"},
		"stripped":                {pipeline.Exhibit{Media: media, Observed: blocks()}, "metadata", pipeline.CodeMetadataStripped, "no metadata at all"},
		"stripped, of the prints": {pipeline.Exhibit{Media: media, Observed: blocks()}, "prints", pipeline.CodeNotStated, "states no thing"},
		"silent":                  {pipeline.Exhibit{Media: media, Observed: blocks("EXIF")}, "metadata", pipeline.CodeNotStated, "states no thing"},
		"never measured":          {pipeline.Exhibit{Media: media}, "metadata", pipeline.CodeNotStated, "states no thing"},
	} {
		if code, reason := c.exhibit.Absence(c.stage, "thing"); code != c.code || !strings.Contains(reason, c.reason) {
			t.Errorf("%s: %s, %s", name, code, reason)
		}
	}
}

func TestDevices(t *testing.T) {
	t.Parallel()
	of := func(c pipeline.Camera) pipeline.Exhibit {
		o, err := pipeline.CameraKey.Observe(c)
		if err != nil {
			t.Fatal(err)
		}
		return pipeline.Exhibit{Observed: pipeline.Observations{o}}
	}
	plain, _ := of(pipeline.Camera{Make: "Maker", Model: "M 1"}).Device()
	if plain != "maker m 1" {
		t.Errorf("device %q", plain)
	}
	one, _ := of(pipeline.Camera{Model: "M 1", Serial: "0042"}).Device()
	two, _ := of(pipeline.Camera{Model: "M 1", Serial: "0043"}).Device()
	if one == two || strings.Contains(one, "0042") || !strings.HasPrefix(one, "m 1/") {
		t.Errorf("devices %q, %q", one, two)
	}
	if name, ok := of(pipeline.Camera{Serial: "0042"}).Device(); ok {
		t.Errorf("a number without a maker is no device: %q", name)
	}
	if b := (pipeline.Exhibit{}).Sensor("gps"); b != (pipeline.Basis{Kind: "gps"}) {
		t.Errorf("basis %v", b)
	}
}
