//go:build race

package still

const raceEnabled = true
