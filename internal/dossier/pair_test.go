package dossier_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/dossier"
	"whenwhere/pipeline"
)

func TestPair(t *testing.T) {
	t.Parallel()
	ms := func(v int64) *int64 { return &v }
	own := pipeline.Incident{Media: []pipeline.MediaRef{{File: "media/a.mov"}, {File: "media/own.mov"}}}
	for name, c := range map[string]struct {
		evidence    []string
		mine, other dossier.Ref
		ok          bool
	}{
		"stills": {[]string{"media/a#b.jpg#prints.looks[upright]", "known/03cb6a82ac07#prints.looks[mirrored]", "claim.when"},
			dossier.Ref{Name: "media/a#b.jpg"}, dossier.Ref{Name: "known/03cb6a82ac07"}, true},
		"frames": {[]string{"media/a.mov#prints.looks[upright@1200ms]", "X-2/media/b@3.mov#prints.looks[upright@-40ms]", "claim.when"},
			dossier.Ref{Name: "media/a.mov", AtMs: ms(1200)}, dossier.Ref{Name: "X-2/media/b@3.mov", AtMs: ms(-40)}, true},
		"bytes":           {[]string{"media/a.mov#container.file", "X-2/media/b.mov"}, dossier.Ref{Name: "media/a.mov"}, dossier.Ref{Name: "X-2/media/b.mov"}, true},
		"of one incident": {[]string{"media/a.mov#prints.looks", "media/own.mov#prints.looks"}, dossier.Ref{}, dossier.Ref{}, false},
		"no match":        {[]string{"media/a.jpg#prints.looks", "claim.when"}, dossier.Ref{}, dossier.Ref{}, false},
		"no evidence":     {nil, dossier.Ref{}, dossier.Ref{}, false},
	} {
		mine, other, ok := dossier.Pair(pipeline.Line{Axis: pipeline.AxisFootage, Evidence: c.evidence}, own)
		if ok != c.ok || !cmp.Equal(mine, c.mine) || !cmp.Equal(other, c.other) {
			t.Errorf("%s: %+v, %+v, %v", name, mine, other, ok)
		}
	}
	if _, _, ok := dossier.Pair(pipeline.Line{Axis: pipeline.AxisWhen, Evidence: []string{"a", "b/c"}}, own); ok {
		t.Error("a line about the time is of a pair")
	}
}
