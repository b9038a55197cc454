package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"whenwhere/internal/trials"
)

// How many cases are drawn: enough for bands of one or two hundredths, and below two minutes.
const (
	manyGenerated = 12_000
	manyLies      = 400
)

// scoreOptions are where the data lie and what is made.
type scoreOptions struct {
	data, folder    string
	write           bool
	generated, lies int
}

func scoreFlags(args []string) (scoreOptions, error) {
	flags := flag.NewFlagSet("calibrate score", flag.ContinueOnError)
	var o scoreOptions
	flags.StringVar(&o.data, "data", "../shared/data", "folder of real media, events and maps")
	flags.StringVar(&o.folder, "folder", "fixtures/calibration", "folder of the tables and pictures")
	flags.BoolVar(&o.write, "write", false, "write them; else those there are compared with what is measured")
	flags.IntVar(&o.generated, "n", manyGenerated, "number of generated cases")
	flags.IntVar(&o.lies, "lies", manyLies, "number of generated cases of each way to be false")
	return o, flags.Parse(args)
}

// scoreReport measures the whole pipeline.
func scoreReport(args []string, out io.Writer) error {
	o, err := scoreFlags(args)
	if err != nil {
		return err
	}
	ctx := context.Background()
	court, err := trials.NewCourt()
	if err != nil {
		return err
	}
	populations, err := generatedPopulations(ctx, court, o.generated, o.lies)
	if err != nil {
		return err
	}
	if _, err := os.Stat(o.data); err != nil {
		return scoreWithout(ctx, out, court, o, populations)
	}
	if populations, err = withReal(ctx, court, populations, o.data); err != nil {
		return err
	}
	files, err := scoreFiles(ctx, court, populations)
	if err != nil {
		return err
	}
	printScores(out, court, populations)
	if o.write {
		return writeFiles(out, o.folder, files)
	}
	return compareFiles(out, o.folder, files)
}

// scoreWithout tells of the generated cases alone, where the real data are absent, and compares the first of them with
// what is kept.
func scoreWithout(ctx context.Context, out io.Writer, court trials.Court, o scoreOptions, generated []trials.Population) error {
	fmt.Fprintf(out, "calibrate score: real data skipped: %s not present; nothing is written\n", filepath.Base(o.data))
	printScores(out, court, generated)
	first, err := court.First(ctx)
	if err != nil {
		return err
	}
	return compareFiles(out, o.folder, trials.Tables{trials.FirstFile: first})
}

// scoreFiles are all files of the calibration but its README.
func scoreFiles(ctx context.Context, court trials.Court, of []trials.Population) (trials.Tables, error) {
	files := court.Tables(of)
	pictures, err := court.Pictures(of)
	if err != nil {
		return nil, err
	}
	maps.Copy(files, pictures)
	if files[trials.FirstFile], err = court.First(ctx); err != nil {
		return nil, err
	}
	files["summary.json"], err = court.Summarise(of).JSON()
	return files, err
}

func writeFiles(out io.Writer, folder string, files trials.Tables) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := os.WriteFile(filepath.Join(folder, name), files[name], 0o644); err != nil {
			return err
		}
		fmt.Fprintf(out, "written: %s\n", filepath.Join(folder, name))
	}
	return nil
}

// compareFiles compares the tables with those that are kept. Pictures and the summary follow from the tables.
func compareFiles(out io.Writer, folder string, files trials.Tables) error {
	var differ []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if filepath.Ext(name) != ".csv" {
			continue
		}
		kept, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return fmt.Errorf("%w (write it with -write)", err)
		}
		differ = append(differ, trials.Differ(name, kept, files[name])...)
	}
	if len(differ) == 0 {
		fmt.Fprintf(out, "the tables in %s are these\n", folder)
		return nil
	}
	for _, d := range differ[:min(len(differ), 20)] {
		fmt.Fprintln(out, d)
	}
	return fmt.Errorf("%d lines of the tables in %s are not what is measured now: look at them, and write them anew with -write", len(differ), folder)
}

// printScores prints what each population's scores were worth, on the part that nothing was fitted on.
func printScores(out io.Writer, court trials.Court, of []trials.Population) {
	for _, p := range court.Summarise(of).Populations {
		law := "holds, or fails within chance"
		if p.LawBrokenAt != nil {
			law = fmt.Sprintf("BROKEN from x = %g", *p.LawBrokenAt)
		}
		fmt.Fprintf(out, "# %s: %s\n  %d claims, %d true, %d events; Brier %.4f, log loss %.4f, AUC %.4f\n  tenths of the score within their band: %d\n  P(LR >= x | false) <= 1/x: %s\n",
			p.Name, p.Doc, p.Claims, p.True, p.Events, p.Brier, p.LogLoss, p.AUC, p.BinsWithin, law)
		for _, b := range p.BinsBold {
			fmt.Fprintln(out, "  too bold:", b)
		}
		for _, b := range p.BinsTimid {
			fmt.Fprintln(out, "  too timid:", b)
		}
	}
	for _, p := range of {
		printStandings(out, court, p)
		if n := postsOf(p); n.stated > 0 {
			fmt.Fprintln(out, n)
		}
	}
}

// printStandings prints how often each status is right, on the part that nothing was fitted on.
func printStandings(out io.Writer, court trials.Court, p trials.Population) {
	for _, s := range court.Standings(p.Of(trials.Report)) {
		fmt.Fprintf(out, "# %s, %s: %d claims, %.1f %% true (%.1f to %.1f); it has %.1f %% of the true claims and %.1f %% of the false ones\n",
			p.Name, s.Status, s.Of.Cases, 100*s.Of.Share, 100*s.Of.BandLo, 100*s.Of.BandHi, 100*s.OfTrue, 100*s.OfFalse)
	}
}

func generatedPopulations(ctx context.Context, court trials.Court, n, lies int) ([]trials.Population, error) {
	drawn, err := court.Generated(ctx, n)
	if err != nil {
		return nil, err
	}
	told, err := court.Lies(ctx, lies)
	honest, edited := trials.Edited(told)
	return []trials.Population{
		{Name: "generated", Doc: "invented cases with exact physics, drawn as the rules suppose", Judged: drawn, AsIs: true},
		{Name: "lies", Doc: "invented cases with exact physics, false in the ways of liars who take footage as they find it", Judged: honest},
		{Name: "edited", Doc: "invented cases with exact physics, whose every tag was edited to fit the claim, among true ones", Judged: edited},
	}, err
}

func withReal(ctx context.Context, court trials.Court, all []trials.Population, data string) ([]trials.Population, error) {
	pool, err := newPool()
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	photos, err := photosPopulation(ctx, court, pool, data)
	if err != nil {
		return nil, err
	}
	old, err := recycledPopulation(ctx, court, pool, data)
	if err != nil {
		return nil, err
	}
	events, err := listedPopulation(ctx, court, filepath.Join(data, "incidents", "owlmaps_geolocations.tsv"), filepath.Join(data, "frontline", "deepstate_daily"))
	return append(all, photos, old, events), err
}
