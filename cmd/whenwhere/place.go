package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/control"
	"whenwhere/internal/coord"
	"whenwhere/internal/gazetteer"
	"whenwhere/internal/geo"
	"whenwhere/internal/report"
)

type placeOptions struct {
	gazetteers    []string
	dataDir       string
	near, expect  string
	oblast, raion string
	limit         int
	maps, time    string
	asJSON        bool
}

func newPlace() *cobra.Command {
	var o placeOptions
	cmd := &cobra.Command{
		Use: "place NAME-OR-COORDS...", Short: "Find a place by its name, or read coordinates in any form",
		Long: `Find settlements by name, or read coordinates and print them in every form.

A name is looked for in the gazetteer files that you supply: GeoNames dumps, GeoNames'
admin1CodesASCII.txt, tables of settlements from OpenStreetMap, borders of oblasts and
raions as GeoJSON. Name them with --gazetteer, or keep them with whenwhere place import.
Ukrainian, Russian and Latin spellings and old names are found; every candidate is
listed with the reason. A name that is only similar says that it is another name.

Coordinates: 48.198743, 37.637989; degrees, minutes, seconds with any quotation marks and
N S E W in Latin or Cyrillic; MGRS; plus codes (a short one with its town, or --near);
geo: URIs; links to maps, which are not opened. Both orders are shown when both are
places. The radius is what the writing leaves open, not how well anybody measured. Put --
before coordinates that begin with a minus.

What looks mistyped (swapped, a digit too many or too few, a sign, 0,0) is said with
what it would be repaired, and never corrected: against --expect, the place that the
source names, and against the places of the gazetteer.

` + exitHelp,
		Example: `  whenwhere place Gorlovka --gazetteer UA.txt --gazetteer oblasts.geojson
  whenwhere place Миколаївка --oblast Donetsk --near "48.2, 37.6"
  whenwhere place "37U CP 98791 39286" 8FXGFX3M+22 "48°11'55\"N 37°38'17\"E"
  whenwhere place 8.198743,37.637989 --expect Avdiivka`,
		Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return runPlace(cmd, args, o) },
	}
	f := cmd.Flags()
	addGazetteer(cmd, &o.gazetteers)
	addData(cmd, &o.dataDir)
	f.StringVar(&o.near, "near", "", "a place or coordinates: candidates get their distance to it")
	f.StringVar(&o.expect, "expect", "", "the place or coordinates that the source names beside the coordinates")
	f.StringVar(&o.oblast, "oblast", "", "only places of this oblast, in any language")
	f.StringVar(&o.raion, "raion", "", "only places of this raion, in any language")
	f.IntVar(&o.limit, "limit", 20, "candidates that are shown")
	f.StringVar(&o.maps, "maps", "", "folder of control maps: how far each place lay from the line at --time")
	f.StringVar(&o.time, "time", "", "time for --maps, with its offset")
	f.BoolVar(&o.asJSON, "json", false, "one JSON object a line for each place asked")
	cmd.AddCommand(newPlaceImport())
	return cmd
}

func runPlace(cmd *cobra.Command, args []string, o placeOptions) error {
	if err := filled(cmd, "near", "expect", "oblast", "raion", "maps", "time"); err != nil {
		return err
	}
	if i := slices.IndexFunc(args, func(a string) bool { return strings.TrimSpace(a) == "" }); i >= 0 {
		return &codedError{exitUsage, fmt.Errorf("place: argument %d is empty: want a name or coordinates", i+1)}
	}
	if o.limit < 1 || o.limit > 1000 {
		return badOption("limit", fmt.Sprint(o.limit), "a number from 1 to 1000")
	}
	asker, clean, err := newPlaceAsker(cmd, o)
	if err != nil {
		return err
	}
	for i, text := range pairedArgs(args) {
		if i > 0 && !o.asJSON {
			fmt.Fprintln(cmd.OutOrStdout())
		}
		answer, err := asker.ask(text)
		if err != nil {
			fmt.Fprintln(cmd.ErrOrStderr(), plainLines(err))
			clean = false
			continue
		}
		if o.asJSON {
			err = report.JSONLines(cmd.OutOrStdout(), answer)
		} else {
			err = answer.print(cmd.OutOrStdout())
		}
		if err != nil {
			return err
		}
	}
	if !clean {
		return refused()
	}
	return nil
}

// pairedArgs takes two bare numbers for one pair of coordinates.
func pairedArgs(args []string) []string {
	if len(args) == 2 {
		_, ok1 := parseNumber(strings.TrimSuffix(args[0], ","))
		_, ok2 := parseNumber(args[1])
		if ok1 && ok2 {
			return []string{strings.TrimSuffix(args[0], ",") + ", " + args[1]}
		}
	}
	return args
}

// placeAsker answers for one argument after the other.
type placeAsker struct {
	o        placeOptions
	g        *gazetteer.Gazetteer
	near     *geo.LatLon
	expected []coord.Evidence
	maps     *control.Maps
	at       time.Time
}

func newPlaceAsker(cmd *cobra.Command, o placeOptions) (a *placeAsker, clean bool, err error) {
	dir, err := dataDir(o.dataDir)
	if err != nil {
		return nil, false, err
	}
	a = &placeAsker{o: o}
	if a.g, clean, err = loadGazetteer(cmd.ErrOrStderr(), dir, o.gazetteers); err != nil {
		return nil, false, err
	}
	if err := a.loadMaps(cmd); err != nil {
		return nil, false, err
	}
	if o.near != "" {
		if a.near, err = a.one("near", o.near); err != nil {
			return nil, false, err
		}
	}
	if o.expect != "" {
		a.expected, err = a.evidence(o.expect)
	}
	return a, clean, err
}

func (a *placeAsker) loadMaps(cmd *cobra.Command) (err error) {
	if a.o.maps == "" && a.o.time == "" {
		return nil
	}
	if err := together(cmd, "maps", "time"); err != nil {
		return err
	}
	if a.at, err = timeOption("time", a.o.time); err != nil {
		return err
	}
	info, err := os.Stat(a.o.maps)
	if err != nil {
		return fmt.Errorf("--maps: %w", err)
	}
	if !info.IsDir() {
		return badOption("maps", a.o.maps, "a folder")
	}
	maps, faults := control.Load(os.DirFS(a.o.maps))
	sayAll(cmd.ErrOrStderr(), faults)
	a.maps = maps
	return nil
}

// one reads an option that must be a single place.
func (a *placeAsker) one(option, text string) (*geo.LatLon, error) {
	readings, err := coord.Parse(text, coord.Options{})
	if err == nil {
		return &readings[0].At, nil
	}
	if !errors.Is(err, coord.ErrNone) {
		return nil, badOption(option, text, err.Error())
	}
	r := a.g.Resolve(text, a.o.oblast, a.o.raion)
	if r.Place == nil {
		return nil, badOption(option, text, "coordinates, or a name that exactly one place of the gazetteer has: "+r.Reason)
	}
	return &r.Place.At, nil
}

// evidence is what a source names beside its coordinates: every place of that name counts.
func (a *placeAsker) evidence(text string) ([]coord.Evidence, error) {
	readings, err := coord.Parse(text, coord.Options{Near: a.near})
	if err == nil {
		return []coord.Evidence{{What: "the expected place", At: []geo.LatLon{readings[0].At}, RadiusM: readings[0].RadiusM}}, nil
	}
	if !errors.Is(err, coord.ErrNone) {
		return nil, badOption("expect", text, err.Error())
	}
	e := coord.Evidence{What: text}
	for _, c := range a.g.Resolve(text, a.o.oblast, a.o.raion).Candidates {
		e.At = append(e.At, c.Place.At)
		e.RadiusM = max(e.RadiusM, c.Place.RadiusM)
	}
	if len(e.At) == 0 {
		return nil, badOption("expect", text, "coordinates, or a name that the gazetteer has: "+a.g.Resolve(text, a.o.oblast, a.o.raion).Reason)
	}
	return []coord.Evidence{e}, nil
}
