// Frontbench measures the dated control maps on real ones: how right, how fast, how large.
//
//	go run -tags nodynamic ./scripts/frontbench truth     agreement with CONTROL_TRUTH.tsv, by class and distance to the line
//	go run -tags nodynamic ./scripts/frontbench postgis   speed and answers beside PostGIS, in turns, on the same 200 maps
//
// Both print first what loading 200 daily maps costs. Both need the real maps of ../shared/data (or of the folder -data)
// and say so where they are absent; postgis also needs PostgreSQL with PostGIS from Debian's packages (make bench installs
// them where it may). It starts a cluster of its own in a temporary folder, reached through a socket there and by no
// network, and removes it at the end, also on Ctrl-C.
//
// Exit code 1: an answer differs from the table or from PostGIS and no known reason explains it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// errSkipped: what is to be measured is not on this machine. It is said, and is no failure.
var errSkipped = errors.New("skipped")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case errors.Is(err, errSkipped):
		fmt.Println("frontbench:", err)
	case err != nil:
		fmt.Fprintln(os.Stderr, "frontbench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	commands := map[string]func(context.Context, string, io.Writer) error{"truth": truth, "postgis": postgis}
	if len(args) == 0 || commands[args[0]] == nil {
		return errors.New("usage: frontbench truth|postgis [-data FOLDER]")
	}
	flags := flag.NewFlagSet("frontbench "+args[0], flag.ContinueOnError)
	flags.SetOutput(out)
	data := flags.String("data", filepath.Join("..", "shared", "data"), "folder of the real maps")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	front := filepath.Join(*data, "frontline")
	if _, err := os.Stat(front); err != nil {
		return fmt.Errorf("%w: %s not present", errSkipped, front)
	}
	return commands[args[0]](ctx, front, out)
}
