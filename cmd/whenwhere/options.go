package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// badOption names the option, what was given, and what is wanted.
func badOption(option, value, want string) error {
	return &codedError{exitUsage, fmt.Errorf("--%s %q: want %s", option, value, want)}
}

// numberOption reads a finite number from lo to hi.
func numberOption(option, text string, lo, hi float64) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(v) || v < lo || v > hi {
		return 0, badOption(option, text, fmt.Sprintf("a number from %g to %g", lo, hi))
	}
	return v, nil
}

// measured is a value with its standard error.
type measured struct{ value, sigma float64 }

// measureOption reads value±sigma, also written value+-sigma; the sigma is not optional, because a measurement without its
// error says nothing about how sure it is.
func measureOption(option, text string, lo, hi float64) (measured, error) {
	value, sigma, ok := strings.Cut(strings.Replace(text, "+-", "±", 1), "±")
	if !ok {
		return measured{}, badOption(option, text, fmt.Sprintf("VALUE±SIGMA, for example %g±%g (or %[1]g+-%[2]g): how far off may the measurement be, as a standard error?", (lo+hi)/3, (hi-lo)/100))
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || math.IsNaN(v) || v < lo || v > hi {
		return measured{}, badOption(option, text, fmt.Sprintf("a value from %g to %g before the ±", lo, hi))
	}
	s, err := strconv.ParseFloat(strings.TrimSpace(sigma), 64)
	if err != nil || math.IsNaN(s) || s <= 0 || s > hi-lo {
		return measured{}, badOption(option, text, fmt.Sprintf("a standard error above 0 and up to %g after the ±", hi-lo))
	}
	return measured{v, s}, nil
}

// timeOption reads an instant: RFC 3339 with its offset from UTC. A time without one is not an instant.
func timeOption(option, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, badOption(option, text, "a time that exists, with its offset from UTC, for example 2024-11-03T10:15:20+02:00 or 2024-11-03T08:15:20Z: without one it is not known when that was")
	}
	return t, inLimits(option, text, t)
}

// The years in which the ephemeris is exact and footage exists.
const firstYear, lastYear = 1900, 2100

func inLimits(option, text string, t time.Time) error {
	if y := t.UTC().Year(); y < firstYear || y >= lastYear {
		return badOption(option, text, fmt.Sprintf("a year from %d to %d", firstYear, lastYear-1))
	}
	return nil
}

// boundOption reads an instant or a day in UTC, which begins at 00:00 and, as the end of a range, is meant whole.
func boundOption(option, text string, whole bool) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return time.Time{}, badOption(option, text, "a day (2024-11-03, in UTC) or a time with its offset from UTC (2024-11-03T10:15:20+02:00)")
		}
		return t, inLimits(option, text, t)
	}
	if whole {
		t = t.AddDate(0, 0, 1)
	}
	return t, inLimits(option, text, t)
}

// siteFlags are a place on the command line, as text so that what was typed can be named.
type siteFlags struct{ lat, lon string }

func (s siteFlags) read() (lat, lon float64, err error) {
	if lat, err = numberOption("lat", s.lat, -90, 90); err != nil {
		return 0, 0, err
	}
	lon, err = numberOption("lon", s.lon, -180, 180)
	return lat, lon, err
}

// together asks for all of the options when one of them is given.
func together(cmd *cobra.Command, names ...string) error {
	var missing []string
	for _, name := range names {
		if !cmd.Flags().Changed(name) {
			missing = append(missing, "--"+name)
		}
	}
	if len(missing) == 0 || len(missing) == len(names) {
		return nil
	}
	return &codedError{exitUsage, fmt.Errorf("%s missing: --%s go together", strings.Join(missing, " and "), strings.Join(names, ", --"))}
}

// needed asks for options without which there is no question.
func needed(cmd *cobra.Command, names ...string) error {
	var missing []string
	for _, name := range names {
		if !cmd.Flags().Changed(name) {
			missing = append(missing, "--"+name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &codedError{exitUsage, fmt.Errorf("%s missing (see whenwhere %s --help)", strings.Join(missing, " and "), strings.TrimPrefix(cmd.CommandPath(), "whenwhere "))}
}
