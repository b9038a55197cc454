//go:build race

package jail

// raceEnabled is true in binaries of the race detector, whose shadow memory alone exceeds every limit on memory.
const raceEnabled = true
