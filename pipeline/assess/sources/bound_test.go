package sources_test

import (
	"fmt"
	"testing"
	"time"

	"whenwhere/pipeline"
)

// The largest record that is read at all must not hold a worker: 2,000 posts, each with a file of its own.
func TestTheLargestRecord(t *testing.T) {
	t.Parallel()
	in := incident()
	bits := map[string]int{}
	for i := range 2000 {
		file := fmt.Sprintf("%d.jpg", i)
		in.Media = append(in.Media, pipeline.MediaRef{File: file})
		in.Sources = append(in.Sources, post(fmt.Sprint("account", i), "B2", i%60, file))
		bits[file] = i % 200
	}
	start := time.Now()
	f := judge(t, in, bits)
	if took := time.Since(start); took > time.Minute { // half a second on an idle machine
		t.Errorf("%v", took)
	}
	if f["sources[0]"].Outcome != pipeline.Supports || f["sources[1]"].Code != pipeline.CodeDependent || f["sources[1999]"].Outcome != pipeline.Supports {
		t.Errorf("%s, %s, %s", f["sources[0]"].Reason, f["sources[1]"].Reason, f["sources[1999]"].Reason)
	}
}
