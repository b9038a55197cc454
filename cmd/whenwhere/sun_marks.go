package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/shadow"
)

// markFlags are what was measured on one picture.
type markFlags struct {
	azimuth, shadow, elevation, ratio, slope string
	seen                                     []string
	northUnknown                             bool
}

// The limits of what can be typed. Ratios of 0.001 and 100 are a sun 0.06 degrees above the horizon and half a degree from the
// zenith.
const minRatio, maxRatio, maxSlopeDeg = 0.001, 100, 60

func (m *markFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&m.azimuth, "azimuth", "", "azimuth of the sun, degrees from true north, ±sigma: 150±5 or 150+-5")
	f.StringVar(&m.shadow, "shadow", "", "direction of a shadow from base to tip, ±sigma (the sun's azimuth and 180)")
	f.StringVar(&m.ratio, "ratio", "", "height of an object by the length of its shadow, ±sigma: 0.39±0.04")
	f.StringVar(&m.elevation, "elevation", "", "apparent elevation of the sun itself, degrees, ±sigma")
	f.StringVar(&m.slope, "slope", "", "rise of the ground in the direction of the shadow, degrees, ±sigma (default level)")
}

// marks are the values of one observation, by the names of the options.
type marks map[string]string

func (m *markFlags) first() marks {
	out := marks{}
	for name, text := range map[string]string{"azimuth": m.azimuth, "shadow": m.shadow, "ratio": m.ratio, "elevation": m.elevation, "slope": m.slope} {
		if text != "" {
			out[name] = text
		}
	}
	return out
}

// further reads what --seen gives: NAME=VALUE, separated by semicolons, of the allowed names.
func (m *markFlags) further(allowed ...string) ([]marks, error) {
	var out []marks
	for _, text := range m.seen {
		one := marks{}
		for part := range strings.SplitSeq(text, ";") {
			name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
			if !ok || !slices.Contains(allowed, name) || one[name] != "" {
				return nil, badOption("seen", text, "each of "+strings.Join(allowed, ", ")+" at most once, as NAME=VALUE separated by semicolons")
			}
			one[name] = value
		}
		out = append(out, one)
	}
	return out, nil
}

// observation reads the marks of one picture.
func (m marks) observation() (o shadow.Observation, err error) {
	for _, f := range []struct {
		name   string
		lo, hi float64
		into   **shadow.Measure
	}{{"azimuth", -360, 360, &o.SunAzimuthDeg}, {"shadow", -360, 360, &o.ShadowAzimuthDeg}, {"ratio", minRatio, maxRatio, &o.Ratio},
		{"elevation", -1, 90, &o.SunElevationDeg}, {"slope", -maxSlopeDeg, maxSlopeDeg, &o.SlopeDeg}} {
		text, given := m[f.name]
		if !given {
			continue
		}
		v, err := measureOption(f.name, text, f.lo, f.hi)
		if err != nil {
			return o, err
		}
		*f.into = &shadow.Measure{Value: v.value, Sigma: v.sigma}
	}
	if o.SunAzimuthDeg == nil && o.ShadowAzimuthDeg == nil && o.Ratio == nil && o.SunElevationDeg == nil {
		return o, &codedError{exitUsage, fmt.Errorf("nothing was measured: give --azimuth, --shadow, --ratio or --elevation")}
	}
	if err := o.Check(); err != nil {
		return o, &codedError{exitUsage, err}
	}
	return o, nil
}

// afterOption reads how much later a frame was seen.
func afterOption(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < -24*time.Hour || d > 24*time.Hour {
		return 0, badOption("seen after", text, "a duration up to a day: 90s, 12m, 1h30m")
	}
	return d, nil
}
