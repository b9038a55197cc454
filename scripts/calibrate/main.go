// Calibrate measures what the program's numbers are worth.
//
//	go run ./scripts/calibrate when [-n 5000] [-seed 1]
//	go run ./scripts/calibrate front [-write FILE]
//	go run ./scripts/calibrate events
//	go run ./scripts/calibrate score [-write] [-n 12000] [-lies 400]
//
// when draws random truths and asks the estimator of package moment, which assessors and reports use, when each picture was
// made: the set that claims 95 % must hold the truth 95 times of 100. A truth is a place (half in Ukraine, half anywhere on
// land or sea between 60 south and 65 north), an instant of 1990 to 2028, and a device with one of the offsets that the place
// allows. What it leaves behind is drawn from the error model that package moment states: clocks within their slack or bogus,
// satellite dates a day off, posts, shadows with their sigmas, exposures that the sky allows, each genuine as often as the
// model says. A post comes at any later instant, since the model takes it for an upper bound only; where all posts come
// within days, the share falls by a point or two, because then a bogus clock leaves the truth at the edge of what is
// possible. The command ends with 1 when the share is outside of 95 +- 1.5 %.
//
// front fits the weights of distance to the line and of ground that changed hands, on a published list of geolocated events
// with dated control maps, against the same events with their days permuted; it reports on events that it did not fit on.
// Clusters that share a post or a kilometre are never split. It ends with 1 when the table in use (pipeline/measured) is
// another, or when P(LR >= x | H0) <= 1/x does not hold. It does not depend on chance: the seeds are fixed.
//
// events counts, over four published lists, which side drew the ground of each event and how far the line was, posts older
// than the event, repeated links and positions, and positions that look mistyped. It prints no link, no text and no account.
//
// score judges claims of known truth with the whole pipeline and says how far its scores can be believed: real photos and
// clips at their true place and time, shifted, moved, and stripped of tags; published events as listed and permuted; edits of
// pictures that an archive has, and others; and invented cases with exact physics (package worlds). It compares its tables
// with those in fixtures/calibration, or writes them and their pictures. It ends with 1 when a line of a table is another.
// The seeds are fixed, and nothing of the real data but counts goes into the files.
//
// front and events need the data of ../shared/data and say so when it is absent; score judges the invented cases then.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"whenwhere/internal/decode/child"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "decode" {
		os.Exit(child.Main(os.NewFile(child.SocketFD, "requests"), os.Args[2:]...))
	}
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

// tolerance is how far the share may stand from 0.95: of 5,000 trials its own sigma is 0.003.
const tolerance = 0.015

func run(args []string, out io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	switch args[0] {
	case "when":
		return when(args[1:], out)
	case "events":
		return eventsReport(args[1:], out)
	case "front":
		return front(args[1:], out)
	case "score":
		return scoreReport(args[1:], out)
	}
	return errUsage
}

var errUsage = errors.New("usage: calibrate when [-n 5000] [-seed 1] | front [-write FILE] | events | score [-write] [-folder DIR] [-data DIR] [-n 12000] [-lies 400]")

func when(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("calibrate when", flag.ContinueOnError)
	n, seed := flags.Int("n", 5000, "number of truths"), flags.Uint64("seed", 1, "of the random numbers")
	if err := flags.Parse(args); err != nil {
		return err
	}
	t, err := drawTrials(context.Background(), *n, *seed)
	if err != nil {
		return err
	}
	t.print(out)
	if share := t.share95(); share < 0.95-tolerance || share > 0.95+tolerance {
		return fmt.Errorf("the 95 %% set holds the truth in %.1f %% of %d trials, want 95 +- %.1f", 100*share, *n, 100*tolerance)
	}
	return nil
}
