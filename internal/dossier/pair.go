package dossier

import (
	"strconv"
	"strings"

	"whenwhere/pipeline"
)

// Ref is a frame as findings refer to it: the name of a file, and of movies when.
type Ref struct {
	Name string
	AtMs *int64
}

// Pair reads out of a line about the footage which two frames were compared; ok is false when the line is of no pair.
// Equal bytes name no frame.
func Pair(l pipeline.Line) (mine, other Ref, ok bool) {
	if l.Axis != pipeline.AxisFootage || len(l.Evidence) < 2 || !strings.Contains(l.Evidence[1], "/") {
		return Ref{}, Ref{}, false
	}
	return refOf(l.Evidence[0]), refOf(l.Evidence[1]), true
}

// refOf reads "file#prints.looks[upright@1200ms]", "file#prints.looks[upright]", "file#container.file" and "file".
func refOf(evidence string) Ref {
	r := Ref{Name: evidence}
	cut := strings.LastIndex(evidence, "#")
	if cut < 0 {
		return r
	}
	r.Name = evidence[:cut]
	_, at, timed := strings.Cut(strings.TrimSuffix(evidence[cut:], "ms]"), "@")
	if ms, err := strconv.ParseInt(at, 10, 64); timed && err == nil {
		r.AtMs = &ms
	}
	return r
}
