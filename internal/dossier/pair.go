package dossier

import (
	"slices"
	"strconv"
	"strings"

	"whenwhere/pipeline"
)

// Ref is a frame as findings refer to it: the name of a file, and of movies when.
type Ref struct {
	Name string
	AtMs *int64
}

// Pair reads out of a line about the footage which frame of the incident was found to be like which elsewhere; ok is false
// when the line is of no such pair, as one of two files of the incident itself. Equal bytes name no frame.
func Pair(l pipeline.Line, of pipeline.Incident) (mine, other Ref, ok bool) {
	if l.Axis != pipeline.AxisFootage || len(l.Evidence) < 2 || !strings.Contains(l.Evidence[1], "/") {
		return Ref{}, Ref{}, false
	}
	mine, other = refOf(l.Evidence[0]), refOf(l.Evidence[1])
	if slices.ContainsFunc(of.Media, func(m pipeline.MediaRef) bool { return m.File == other.Name }) {
		return Ref{}, Ref{}, false
	}
	return mine, other, true
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
