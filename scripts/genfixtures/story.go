package main

import "whenwhere/pipeline"

// story is one invented incident, its files, and what a reader is meant to learn from it.
type story struct {
	pipeline.Incident
	truth  string // what the invented facts are
	lesson string // what the evidence should lead to
	files  map[string][]byte
}

// old is footage that was seen before, kept in known/.
type old struct {
	name      string // file in known/; empty when only the digest is kept
	firstSeen string
	url       string
	event     string
	data      []byte
	clip      *clip // of a movie, its frames
}
