//go:build !race

package queue_test

// killedMedia is how many files the process works on that is killed again and again.
const killedMedia = 200
