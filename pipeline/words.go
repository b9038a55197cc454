package pipeline

import "fmt"

// Counted is a number with what it counts, as sentences for people have it: "1 file", "3 files".
func Counted(n int, one string) string { return CountedAs(n, one, one+"s") }

// CountedAs is Counted for words with a plural of their own: "1 testimony", "3 testimonies".
func CountedAs(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
