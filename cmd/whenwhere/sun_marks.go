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

// sunText are the options that hold text, of all three questions.
var sunText = []string{"lat", "lon", "radius", "from", "to", "time", "area", "offsets", "plot", "azimuth", "shadow", "ratio", "elevation", "slope"}

// maxSeen are the further frames beside the first: more than that are tracked by a program, not marked by a person.
const maxSeen = 63

// The limits of what can be typed. Ratios of 0.001 and 100 are a sun 0.06 degrees above the horizon and half a degree from the
// zenith.
var (
	azimuthMark   = measurable{-360, 360, "150±5"}
	shadowMark    = measurable{-360, 360, "330±5"}
	ratioMark     = measurable{0.001, 100, "0.39±0.04"}
	elevationMark = measurable{-1, 90, "21±2"}
	slopeMark     = measurable{-40, 40, "5±2"}
)

func (m *markFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&m.azimuth, "azimuth", "", "azimuth of the sun, degrees from true north, ±sigma: 150±5 or 150+-5")
	f.StringVar(&m.shadow, "shadow", "", "direction of a shadow from base to tip, ±sigma (the sun's azimuth and 180)")
	f.StringVar(&m.ratio, "ratio", "", "height of an object by the length of its shadow, ±sigma: 0.39±0.04")
	f.StringVar(&m.elevation, "elevation", "", "apparent elevation of the sun itself, degrees, ±sigma")
	f.StringVar(&m.slope, "slope", "", "rise of the ground in the direction of the shadow, degrees, ±sigma (default level)")
}

// marks are the values of one observation, by the names of the options.
type marks struct {
	values map[string]string
	seen   string // the text of --seen; empty of the first observation
}

func (m *markFlags) first() marks {
	out := marks{values: map[string]string{}}
	for name, text := range map[string]string{"azimuth": m.azimuth, "shadow": m.shadow, "ratio": m.ratio, "elevation": m.elevation, "slope": m.slope} {
		if text != "" {
			out.values[name] = text
		}
	}
	return out
}

// further reads what --seen gives: NAME=VALUE, separated by semicolons, of the allowed names.
func (m *markFlags) further(allowed ...string) ([]marks, error) {
	if len(m.seen) > maxSeen {
		return nil, &codedError{exitUsage, fmt.Errorf("--seen %d times: want at most %d further frames", len(m.seen), maxSeen)}
	}
	var out []marks
	for _, text := range m.seen {
		one := marks{map[string]string{}, text}
		for part := range strings.SplitSeq(text, ";") {
			name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
			if !ok || !slices.Contains(allowed, name) || one.has(name) {
				return nil, badOption("seen", text, "each of "+strings.Join(allowed, ", ")+" at most once, as NAME=VALUE separated by semicolons")
			}
			one.values[name] = value
		}
		out = append(out, one)
	}
	return out, nil
}

func (m marks) has(name string) bool {
	_, given := m.values[name]
	return given
}

// option is how a value was typed: an option of its own, or a part of --seen.
func (m marks) option(name string) string {
	if m.seen != "" {
		return "seen " + name
	}
	return name
}

// lacking is the error that says what else is wanted.
func (m marks) lacking(name, want string) error {
	if m.seen != "" {
		return badOption("seen", m.seen, want)
	}
	return badOption(name, m.values[name], want)
}

// observation reads the marks of one picture.
func (m marks) observation() (o shadow.Observation, err error) {
	for _, f := range []struct {
		name string
		measurable
		into **shadow.Measure
	}{{"azimuth", azimuthMark, &o.SunAzimuthDeg}, {"shadow", shadowMark, &o.ShadowAzimuthDeg}, {"ratio", ratioMark, &o.Ratio},
		{"elevation", elevationMark, &o.SunElevationDeg}, {"slope", slopeMark, &o.SlopeDeg}} {
		if !m.has(f.name) {
			continue
		}
		v, err := measureOption(m.option(f.name), m.values[f.name], f.measurable)
		if err != nil {
			return o, err
		}
		*f.into = &shadow.Measure{Value: v.value, Sigma: v.sigma}
	}
	if err := m.consistent(); err != nil {
		return o, err
	}
	if err := o.Check(); err != nil {
		return o, &codedError{exitUsage, err}
	}
	return o, nil
}

// consistent names the option that stands alone, or beside one that it cannot.
func (m marks) consistent() error {
	switch {
	case m.has("azimuth") && m.has("shadow"):
		return m.lacking("azimuth", "azimuth or shadow, not both: each is the other turned by 180 degrees")
	case m.seen != "" && !m.has("azimuth") && !m.has("shadow") && !m.has("ratio") && !m.has("elevation"):
		return m.lacking("", "a measurement in it: azimuth, shadow, ratio or elevation")
	case m.has("slope") && !m.has("shadow") && !m.has("ratio"):
		return m.lacking("slope", "shadow or ratio beside the slope: it is that of the ground on which a shadow falls")
	case !m.has("azimuth") && !m.has("shadow") && !m.has("ratio") && !m.has("elevation"):
		return &codedError{exitUsage, fmt.Errorf("nothing was measured: give --azimuth, --shadow, --ratio or --elevation")}
	}
	return nil
}

func directed(o shadow.Observation) bool { return o.SunAzimuthDeg != nil || o.ShadowAzimuthDeg != nil }

// turns refuses directions from an unknown north that are not of two times at least: one alone says nothing of the sun.
func (m *markFlags) turns(times []time.Time) error {
	if !m.northUnknown {
		return nil
	}
	slices.SortFunc(times, time.Time.Compare)
	if len(slices.CompactFunc(times, time.Time.Equal)) < 2 {
		return &codedError{exitUsage, fmt.Errorf("--north-unknown: want directions (azimuth or shadow) at two times at least, the further ones by --seen: only how far the sun turned between them tells anything")}
	}
	return nil
}

// afterOption reads how much later a frame was seen.
func afterOption(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < -24*time.Hour || d > 24*time.Hour {
		return 0, badOption("seen after", text, "a duration up to a day: 90s, 12m, 1h30m")
	}
	return d, nil
}
