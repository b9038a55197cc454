//go:build race

package queue_test

// killedMedia is smaller here: under the race detector SQLite is twenty times slower.
const killedMedia = 40
