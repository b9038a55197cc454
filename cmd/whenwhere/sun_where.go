package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/spf13/cobra"

	"whenwhere/internal/feature"
	"whenwhere/internal/geo"
	"whenwhere/internal/shadow"
)

type sunWhereOptions struct {
	time    string
	area    string
	offsets string
	marks   markFlags
	asJSON  bool
	plot    string
}

func newSunWhere() *cobra.Command {
	var o sunWhereOptions
	cmd := &cobra.Command{
		Use: "where", Short: "Where on earth a shadow fell so at a time",
		Long: `Print where the camera can have stood, given what was measured on the picture and when it
was made: the regions that hold 50 and 95 % of the probability, if every square kilometre
of the area was as likely before. A length gives a ring around the point below the sun;
a direction too narrows it to a part of that ring.

--time 2024-11-03T07:15:20Z±60 is off by a standard error of 60 seconds. Several pictures
of one place: --seen "time=2024-11-03T09:00:00Z;ratio=0.5±0.03". When the clock's offset
is not known, write the times without one and name the offsets that it may have had:
--offsets +02:00,+03:00; how probable each became is said.

--json prints GeoJSON: the regions, the ring of each picture with its bands, and the best
place. One degree of the sun's elevation is 111 km on the ground, a minute of time up to
28 km: use it to exclude, and to join with other evidence.

` + exitHelp,
		Example: `  whenwhere sun where --time 2024-11-03T07:15:20Z±60 --ratio 0.39±0.02 --area 22,44,41,53
  whenwhere sun where --time 2024-07-08T07:40:00Z±30 --azimuth 121.8±1 --elevation 50.5±0.5 --json`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return runSunWhere(cmd, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.time, "time", "", "time with its offset, and ±SECONDS if it may be off (needed)")
	o.marks.add(cmd)
	f.StringArrayVar(&o.marks.seen, "seen", nil, "a further picture of the place: time, azimuth, shadow, ratio, elevation, slope")
	f.BoolVar(&o.marks.northUnknown, "north-unknown", false, "directions count from an unknown common north; needs two, of two times")
	f.StringVar(&o.area, "area", "", "where to look: WEST,SOUTH,EAST,NORTH in degrees, or a GeoJSON file with polygons")
	f.StringVar(&o.offsets, "offsets", "", "offsets that the clock may have had, for times without one: +02:00,+03:00")
	f.BoolVar(&o.asJSON, "json", false, "GeoJSON: regions, rings, best place")
	f.StringVar(&o.plot, "plot", "", "draw the regions on a grid of degrees into this .svg or .png")
	return cmd
}

func runSunWhere(cmd *cobra.Command, o sunWhereOptions) error {
	if err := needed(cmd, "time"); err != nil {
		return err
	}
	if err := filled(cmd, sunText...); err != nil {
		return err
	}
	if err := checkPlot(o.plot); err != nil {
		return err
	}
	sightings, options, err := o.question()
	if err != nil {
		return err
	}
	found, err := shadow.Where(sightings, options)
	if errors.Is(err, shadow.ErrNowhere) {
		return errors.New("no place of the area had the sun so at that time")
	}
	if err != nil {
		return err
	}
	names := offsetNames(o.offsets)
	if o.plot != "" {
		p, err := placementPlot(found, options.Area, "given "+o.given())
		if err != nil {
			return err
		}
		if err := savePlot(o.plot, p); err != nil {
			return err
		}
	}
	if o.asJSON {
		return feature.Write(cmd.OutOrStdout(), placementFeatures(found, names))
	}
	return printPlacement(cmd.OutOrStdout(), found, names)
}

// given repeats what was measured, in one line.
func (o sunWhereOptions) given() string {
	first := o.marks.first()
	parts := []string{"time " + o.time}
	if o.offsets != "" {
		parts[0] += " on a clock at " + strings.Join(offsetNames(o.offsets), " or ")
	}
	for _, name := range slices.Sorted(maps.Keys(first.values)) {
		parts = append(parts, name+" "+first.values[name])
	}
	return strings.Join(append(parts, o.marks.seen...), ", ")
}

func (o sunWhereOptions) question() (list []shadow.Sighting, options shadow.WhereOptions, err error) {
	if options.Clocks, err = offsetsOption(o.offsets); err != nil {
		return nil, options, err
	}
	if o.area != "" {
		if options.Area, err = areaOption(o.area); err != nil {
			return nil, options, err
		}
	}
	further, err := o.marks.further("time", "azimuth", "shadow", "ratio", "elevation", "slope")
	if err != nil {
		return nil, options, err
	}
	first := o.marks.first()
	first.values["time"] = o.time
	var times []time.Time
	for _, one := range append([]marks{first}, further...) {
		s, err := sighting(one, o.offsets != "")
		if err != nil {
			return nil, options, err
		}
		if directed(s.Observation) {
			s.NorthUnknown = o.marks.northUnknown
			times = append(times, s.At)
		}
		list = append(list, s)
	}
	return list, options, o.marks.turns(times)
}

func sighting(m marks, local bool) (s shadow.Sighting, err error) {
	if !m.has("time") {
		return s, m.lacking("time", "a time in it too, as time=2024-11-03T09:00:00Z")
	}
	typed := m.values["time"]
	text, sigma, given := plusMinus(typed)
	if given {
		var ok bool
		if s.TimeSigmaS, ok = parseNumber(sigma); !ok || !(s.TimeSigmaS > 0 && s.TimeSigmaS <= 3600) {
			return s, badOption(m.option("time"), typed, "above 0 and up to 3600 seconds after the ±; for doubt of whole hours use --offsets")
		}
	}
	text = strings.TrimSpace(text)
	if local {
		s.At, err = localOption(m.option("time"), text)
	} else {
		s.At, err = timeOption(m.option("time"), text)
	}
	if err != nil {
		return s, err
	}
	s.Observation, err = m.observation()
	return s, err
}

// localOption reads a dial; the answer is the instant if the dial showed UTC.
func localOption(option, text string) (time.Time, error) {
	t, err := time.Parse("2006-01-02T15:04:05", text)
	if err != nil {
		return t, badOption(option, text, "with --offsets a time that exists and has no offset itself: 2024-11-03T10:15:20")
	}
	return t, inLimits(option, text, t)
}

// offsetNames are the offsets as typed, without the spaces around them.
func offsetNames(text string) []string {
	names := strings.Split(text, ",")
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
	}
	return names
}

// offsetsOption reads offsets from UTC: each is one reading of the clock.
func offsetsOption(text string) ([]shadow.Clock, error) {
	if text == "" {
		return nil, nil
	}
	var out []shadow.Clock
	for _, name := range offsetNames(text) {
		t, err := time.Parse("-07:00", name)
		if err != nil {
			return nil, badOption("offsets", text, "offsets from UTC like +02:00,+03:00")
		}
		if !offsetExists(t, name) {
			return nil, badOption("offsets", text, "offsets from -12:00 to +14:00")
		}
		_, seconds := t.Zone()
		clock := shadow.Clock{Shift: -time.Duration(seconds) * time.Second, Weight: 1}
		if slices.ContainsFunc(out, func(c shadow.Clock) bool { return c.Shift == clock.Shift }) {
			return nil, badOption("offsets", text, "each offset once: "+name+" stands there twice")
		}
		out = append(out, clock)
	}
	return out, nil
}

const maxAreaBytes = 16 << 20

// areaOption reads a box or the polygons of a file.
func areaOption(text string) (orb.MultiPolygon, error) {
	parts := strings.Split(text, ",")
	if _, err := strconv.ParseFloat(strings.TrimSpace(parts[0]), 64); err == nil {
		return boxOption(text, parts)
	}
	data, err := readRegular(text, maxAreaBytes)
	if err != nil {
		return nil, fmt.Errorf("--area: %w", err)
	}
	doc, err := geo.Decode(data, geo.Limits{MaxBytes: maxAreaBytes})
	if err != nil {
		return nil, fmt.Errorf("--area: %s: %w", text, err)
	}
	var out orb.MultiPolygon
	for _, f := range doc.Features {
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			out = append(out, g)
		case orb.MultiPolygon:
			out = append(out, g...)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("--area: %s: no polygon in it", text)
	}
	return out, nil
}

func boxOption(text string, parts []string) (orb.MultiPolygon, error) {
	const least = 0.001 // degrees, 100 metres: finer no shadow places anything, and no map is drawn
	want := fmt.Sprintf("WEST,SOUTH,EAST,NORTH in degrees, west below east and south below north by %g at least", least)
	if len(parts) != 4 {
		return nil, badOption("area", text, want)
	}
	var v [4]float64
	for i, p := range parts {
		var err error
		if v[i], err = numberOption("area", p, -180, 180); err != nil {
			return nil, err
		}
	}
	if v[2]-v[0] < least-1e-9 || v[3]-v[1] < least-1e-9 || v[1] < -90 || v[3] > 90 {
		return nil, badOption("area", text, want)
	}
	return orb.MultiPolygon{orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}.ToPolygon()}, nil
}
