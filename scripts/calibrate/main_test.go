package main

import (
	"os"
	"testing"

	"whenwhere/internal/decode/child"
)

// TestMain makes the test binary its own decoder child, as the program is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "decode" {
		os.Exit(child.Main(os.NewFile(child.SocketFD, "requests"), os.Args[2:]...))
	}
	os.Exit(m.Run())
}
