package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"whenwhere/internal/gazetteer"
	"whenwhere/internal/report"
)

func addGazetteer(cmd *cobra.Command, files *[]string) {
	cmd.Flags().StringArrayVar(files, "gazetteer", nil, "gazetteer `FILE`, beside those of the data folder; may be repeated")
}

// gazetteerDir holds the gazetteer files of a data folder.
const gazetteerDir = "gazetteer"

// loadGazetteer reads the named files and those of the data folder, if there is one. What is wrong with rows is said; a
// file that is refused is an error.
func loadGazetteer(errs io.Writer, dir string, files []string) (g *gazetteer.Gazetteer, clean bool, err error) {
	kept, err := os.ReadDir(filepath.Join(dir, gazetteerDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, false, fmt.Errorf("gazetteer: %w", err)
	}
	paths := slices.Clone(files)
	for _, k := range kept {
		if !strings.HasPrefix(k.Name(), ".") { // one that is being written, or what a killed import left
			paths = append(paths, filepath.Join(dir, gazetteerDir, k.Name()))
		}
	}
	var inputs []gazetteer.Input
	for _, path := range paths {
		data, err := readRegular(path, gazetteer.MaxFileBytes)
		if err != nil {
			return nil, false, fmt.Errorf("gazetteer: %w", err)
		}
		inputs = append(inputs, gazetteer.Input{Name: filepath.Base(path), Data: data})
	}
	g, faults := gazetteer.Read(inputs)
	if len(faults) > 0 {
		return nil, false, errors.Join(faults...)
	}
	return g, sayRows(errs, g) == 0, nil
}

func refused() error {
	return &codedError{exitPartial, errors.New("done, but something was refused: see the messages above")}
}

// sayRows says which rows were left out, the first of each file by line.
func sayRows(errs io.Writer, g *gazetteer.Gazetteer) (said int) {
	const shown = 5
	for _, f := range g.Files() {
		for i, fault := range f.Faults {
			said++
			if i < shown {
				fmt.Fprintln(errs, report.Plain(fmt.Sprintf("%s:%d: left out: %s", f.Name, fault.Line, fault.Detail)))
			}
		}
		if more := max(0, len(f.Faults)-shown) + f.MoreFaults; more > 0 {
			fmt.Fprintln(errs, report.Plain(fmt.Sprintf("%s: %d more rows were left out", f.Name, more)))
		}
	}
	return said
}

func newPlaceImport() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use: "import FILE...", Short: "Keep gazetteer files in the data folder",
		Long: `Keep gazetteer files in the data folder, where whenwhere place and whenwhere verify find
them. Each is read whole before; one that is refused is named and not kept. A file of
the same name is replaced.

` + exitHelp,
		Example: "  whenwhere place import UA.txt RU.txt oblasts.geojson --data /mnt/evidence",
		Args:    usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return importGazetteer(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), dir, args)
		},
	}
	addData(cmd, &dir)
	return cmd
}

func importGazetteer(ctx context.Context, out, errs io.Writer, dirFlag string, files []string) error {
	dir, err := dataDir(dirFlag)
	if err != nil {
		return err
	}
	dir = filepath.Join(dir, gazetteerDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	clean := true
	for _, path := range files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		said, err := keepGazetteer(out, errs, dir, path)
		if err != nil {
			fmt.Fprintln(errs, plainLines(err))
		}
		clean = clean && err == nil && said == 0
	}
	if !clean {
		return refused()
	}
	return nil
}

// keepGazetteer reads a file whole, and then puts it into the folder at one stroke.
func keepGazetteer(out, errs io.Writer, dir, path string) (said int, err error) {
	data, err := readRegular(path, gazetteer.MaxFileBytes)
	if err != nil {
		return 0, fmt.Errorf("gazetteer: %w", err)
	}
	name := filepath.Base(path)
	g, faults := gazetteer.Read([]gazetteer.Input{{Name: name, Data: data}})
	if len(faults) > 0 {
		return 0, errors.Join(faults...)
	}
	said = sayRows(errs, g)
	err = writeNew(filepath.Join(dir, strings.TrimLeft(name, ".")), func(w io.Writer) error { _, err := w.Write(data); return err })
	if err != nil {
		return said, fmt.Errorf("gazetteer: %w", err)
	}
	read := g.Files()[0]
	fmt.Fprintln(out, report.Plain(fmt.Sprintf("%s: %s, %d places, %d borders, %d rows without a name, %d of other things", name, read.Format, read.Places, read.Areas, read.Nameless, read.Other)))
	return said, nil
}
