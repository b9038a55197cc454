// Quality measures how much of edited footage is found again, edit by edit, and how many strangers are taken for it.
//
// Each original is a file of the archive. Each edit of it is written as a JPEG, printed by the jailed decoder like any
// file of a case, and asked about: by each print alone, at the widest radius that lets no stranger in, and by the matcher
// of the program (package likeness), by hashes, mosaics and marks, at the limits that it has; each pair is compared, so what
// an index proposes is not measured here. Strangers are all other originals under all edits, frames
// of one walk and of one flight, and different pictures with the same border, screen, logo or caption.
//
//	go run -tags nodynamic ./scripts/quality          all; under two minutes on two cores
//	go run -tags nodynamic ./scripts/quality -short   fewer originals
//	go run -tags nodynamic ./scripts/quality -v       also each miss and each false match, with how near it was
//	go run -tags nodynamic ./scripts/quality -from 500   other scenes than those that the limits were chosen on
//
// It promises the same table at every run with the same files. Originals are drawn scenes and, where the shared test
// data lies beside the repository (or in the folder -data), real photos. It ends with exit code 1 when a goal is missed
// or a stranger matches; the last line says which.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"whenwhere/internal/decode/child"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "decode" {
		os.Exit(child.Main(os.NewFile(child.SocketFD, "requests"), os.Args[2:]...))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("quality", flag.ContinueOnError)
	flags.SetOutput(stderr)
	short := flags.Bool("short", false, "fewer originals")
	verbose := flags.Bool("v", false, "list what was missed, and what was matched falsely")
	first := flags.Int("from", 0, "number of the first drawn scene: the limits were chosen on those from 0")
	data := flags.String("data", filepath.Join("..", "shared", "data"), "folder of real photos; drawn scenes alone where it is absent")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	r, err := measure(ctx, sample{*data, *first, *short})
	if err != nil {
		fmt.Fprintln(stderr, "quality:", err)
		return 1
	}
	if *verbose {
		for _, line := range r.notes {
			fmt.Fprintln(stdout, line)
		}
	}
	if err := r.write(stdout); err != nil {
		fmt.Fprintln(stderr, "quality:", err)
		return 1
	}
	if r.missed() != nil { // the table says which
		return 1
	}
	return 0
}
