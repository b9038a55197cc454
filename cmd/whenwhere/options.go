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

// filled refuses options that were given but hold nothing, as a variable of a script does that was never set: without this
// they would count as not given, and another question would be answered.
func filled(cmd *cobra.Command, names ...string) error {
	for _, name := range names {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed && strings.TrimSpace(f.Value.String()) == "" {
			return badOption(name, f.Value.String(), "a value; leave the option out if there is none")
		}
	}
	return nil
}

// parseNumber reads a finite decimal number. What Go's own literals allow beside that (0x1p3, 1_0) is a slip of the hand here.
func parseNumber(text string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return v, err == nil && !strings.ContainsAny(text, "xX_") && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// plain prints a limit as a person writes it, without an exponent.
func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// numberOption reads a finite number from lo to hi.
func numberOption(option, text string, lo, hi float64) (float64, error) {
	v, ok := parseNumber(text)
	if !ok || v < lo || v > hi {
		return 0, badOption(option, text, fmt.Sprintf("a number from %s to %s", plain(lo), plain(hi)))
	}
	return v, nil
}

// plusMinus cuts value±sigma, also written value+-sigma and value+/-sigma.
func plusMinus(text string) (value, sigma string, ok bool) {
	for _, sign := range []string{"±", "+/-", "+-"} {
		if value, sigma, ok = strings.Cut(text, sign); ok {
			return value, sigma, true
		}
	}
	return text, "", false
}

// measured is a value with its standard error.
type measured struct{ value, sigma float64 }

// measurable is what an option measures: its limits, and how it is typed.
type measurable struct {
	lo, hi  float64
	example string // VALUE±SIGMA
}

// minSigma is the least standard error: far below what anyone measures, far above what arithmetic loses.
const minSigma = 1e-6

// measureOption reads value±sigma; the sigma is not optional, because a measurement without its error says nothing about how
// sure it is.
func measureOption(option, text string, m measurable) (measured, error) {
	value, sigma, ok := plusMinus(text)
	if !ok {
		return measured{}, badOption(option, text, fmt.Sprintf("VALUE±SIGMA, for example %s (or %s): how far off may the measurement be, as a standard error?",
			m.example, strings.Replace(m.example, "±", "+-", 1)))
	}
	v, ok := parseNumber(value)
	if !ok || v < m.lo || v > m.hi {
		return measured{}, badOption(option, text, fmt.Sprintf("a value from %s to %s before the ±", plain(m.lo), plain(m.hi)))
	}
	s, ok := parseNumber(sigma)
	if !ok || s < minSigma || s > m.hi-m.lo {
		return measured{}, badOption(option, text, fmt.Sprintf("a standard error from %s to %s after the ±", plain(minSigma), plain(m.hi-m.lo)))
	}
	return measured{v, s}, nil
}

// timeOption reads an instant: RFC 3339 with its offset from UTC. A time without one is not an instant.
func timeOption(option, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, badOption(option, text, "a time that exists, with its offset from UTC, for example 2024-11-03T10:15:20+02:00 or 2024-11-03T08:15:20Z: without one it is not known when that was")
	}
	if !offsetExists(t, text) {
		return time.Time{}, badOption(option, text, "an offset from UTC between -12:00 and +14:00")
	}
	return t, inLimits(option, text, t)
}

// offsetExists tells whether some clock on earth has the offset of t. The text says what time.Parse makes an hour of: +02:60.
func offsetExists(t time.Time, text string) bool {
	_, seconds := t.Zone()
	return seconds >= -12*3600 && seconds <= 14*3600 && !strings.HasSuffix(text, ":60")
}

// The years in which the ephemeris is exact and footage exists.
const firstYear, lastYear = 1900, 2099

func inLimits(option, text string, t time.Time) error {
	if y := t.UTC().Year(); y < firstYear || y > lastYear {
		return badOption(option, text, fmt.Sprintf("a year from %d to %d", firstYear, lastYear))
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
		if !offsetExists(t, text) {
			return time.Time{}, badOption(option, text, "an offset from UTC between -12:00 and +14:00")
		}
		return t, inLimits(option, text, t)
	}
	if err := inLimits(option, text, t); err != nil {
		return time.Time{}, err
	}
	if whole {
		t = t.AddDate(0, 0, 1)
	}
	return t, nil
}

// siteFlags are a place on the command line, as text so that what was typed can be named.
type siteFlags struct{ lat, lon string }

func (s *siteFlags) add(cmd *cobra.Command, needed string) {
	cmd.Flags().StringVar(&s.lat, "lat", "", "latitude of the place, degrees north"+needed)
	cmd.Flags().StringVar(&s.lon, "lon", "", "longitude of the place, degrees east"+needed)
}

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
	return &codedError{exitUsage, fmt.Errorf("%s missing (see %s --help)", strings.Join(missing, " and "), cmd.CommandPath())}
}
