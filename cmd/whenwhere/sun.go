package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/solar"
)

func newSun() *cobra.Command {
	cmd := &cobra.Command{
		Use: "sun", Short: "Where the sun stood, when it stood so, and where on earth it did",
		Long: `Three questions to the sun, answered with their uncertainty:

  at     a place and a time: where the sun and the moon stood
  when   a place and a shadow: in which intervals of time, with what probability
  where  a time and a shadow: in which parts of the earth

Azimuths are from true north, clockwise. A compass of a phone points to magnetic north,
about 8 degrees off in eastern Ukraine; lines drawn on a map in latitude and longitude
as x and y are off by up to 11 degrees. Measure on a conformal map.

` + exitHelp,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSunAt(), newSunWhen(), newSunWhere())
	return cmd
}

type sunAtOptions struct {
	site   siteFlags
	time   string
	asJSON bool
	plot   string
}

func newSunAt() *cobra.Command {
	var o sunAtOptions
	cmd := &cobra.Command{
		Use: "at", Short: "Where the sun and the moon stood",
		Long: `Print where the sun stood: its azimuth, its elevation (geometric, and apparent, with the
refraction of a standard atmosphere, which is what shadows follow), where shadows fall
and how long they are, the light, and the moon. The sun is NREL's SPA, good to 0.0003
degrees; the moon that of Meeus, good to 0.01 degrees.

` + exitHelp,
		Example: `  whenwhere sun at --lat 48.5956 --lon 37.9999 --time 2024-11-03T10:15:20+03:00`,
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runSunAt(cmd, o)
		},
	}
	f := cmd.Flags()
	o.site.add(cmd, " (needed)")
	f.StringVar(&o.time, "time", "", "time, with its offset from UTC (needed)")
	f.BoolVar(&o.asJSON, "json", false, "one object: azimuth_deg, elevation_deg, apparent_elevation_deg, moon")
	f.StringVar(&o.plot, "plot", "", "draw the day of sun and moon into this .svg or .png")
	return cmd
}

// sunNow is what --json prints.
type sunNow struct {
	AzimuthDeg           float64 `json:"azimuth_deg"`
	ElevationDeg         float64 `json:"elevation_deg"` // geometric
	ApparentElevationDeg float64 `json:"apparent_elevation_deg"`
	Moon                 moonNow `json:"moon"`
}

type moonNow struct {
	AzimuthDeg           float64 `json:"azimuth_deg"`
	ElevationDeg         float64 `json:"elevation_deg"`
	ApparentElevationDeg float64 `json:"apparent_elevation_deg"`
	IlluminatedFraction  float64 `json:"illuminated_fraction"` // of the disc, 0 to 1
	Phase                string  `json:"phase"`
}

func runSunAt(cmd *cobra.Command, o sunAtOptions) error {
	if err := needed(cmd, "lat", "lon", "time"); err != nil {
		return err
	}
	if err := filled(cmd, sunText...); err != nil {
		return err
	}
	lat, lon, err := o.site.read()
	if err != nil {
		return err
	}
	t, err := timeOption("time", o.time)
	if err != nil {
		return err
	}
	if err := checkPlot(o.plot); err != nil {
		return err
	}
	site := solar.SeaLevel(lat, lon)
	sun, moon := solar.At(t).From(site), solar.MoonAt(t)
	m := moon.From(site)
	now := sunNow{sun.AzimuthDeg, sun.ElevationDeg, sun.ApparentElevationDeg,
		moonNow{m.AzimuthDeg, m.ElevationDeg, m.ApparentElevationDeg, moon.IlluminatedFraction, moon.Phase().String()}}
	if o.plot != "" {
		day, asked := skyDay(lat, lon, t), t.UnixMilli()
		day.AskedMs = &asked
		if err := saveDay(o.plot, day); err != nil {
			return err
		}
	}
	if o.asJSON {
		return writeJSON(cmd.OutOrStdout(), now)
	}
	day, err := almanac(t, site)
	if err != nil {
		return err
	}
	return printSunNow(cmd.OutOrStdout(), t, now, day)
}

// almanac is the date that t has on the clock it was given on.
func almanac(t time.Time, site solar.Site) (solar.Day, error) {
	start := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	table, err := solar.NewTable(start, start.Add(24*time.Hour))
	if err != nil {
		return solar.Day{}, err
	}
	return table.Day(start, site)
}

// dayText lists rise, noon and set in the offset of the question, to the minute that the horizon allows.
func dayText(d solar.Day, zone *time.Location) string {
	at := func(name string, t *time.Time) string {
		if t == nil {
			return "no " + name
		}
		return name + " " + t.In(zone).Round(time.Minute).Format("15:04")
	}
	text := strings.Join([]string{at("dawn", d.CivilDawn), at("rise", d.Rise), at("noon", d.Transit), at("set", d.Set), at("dusk", d.CivilDusk)}, ", ")
	return text + " (" + d.From.In(zone).Format("2006-01-02, -07:00") + ")"
}

func printSunNow(out io.Writer, t time.Time, now sunNow, day solar.Day) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "time\t%s\n", t.UTC().Format(time.RFC3339Nano))
	fmt.Fprintf(w, "sun\tazimuth %.3f deg, elevation %.3f deg, with refraction %.3f deg\n", now.AzimuthDeg, now.ElevationDeg, now.ApparentElevationDeg)
	fmt.Fprintf(w, "shadows\t%s\n", shadowText(now))
	fmt.Fprintf(w, "day\t%s\n", dayText(day, t.Location()))
	fmt.Fprintf(w, "light\t%s, at most EV %.1f on a grey scene under a clear sky\n", solar.PhaseAt(now.ElevationDeg), solar.MaxEV100(now.ElevationDeg))
	fmt.Fprintf(w, "moon\tazimuth %.2f deg, elevation %.2f deg, with refraction %.2f deg, %.0f %% lit, %s\n",
		now.Moon.AzimuthDeg, now.Moon.ElevationDeg, now.Moon.ApparentElevationDeg, 100*now.Moon.IlluminatedFraction, now.Moon.Phase)
	return w.Flush()
}

func shadowText(now sunNow) string {
	if now.ApparentElevationDeg <= 0 {
		return "none: the sun is below the horizon"
	}
	ratio := math.Tan(now.ApparentElevationDeg * math.Pi / 180)
	return fmt.Sprintf("fall to %.1f deg; height by length %.3f, so that 1 m throws %.2f m", math.Mod(now.AzimuthDeg+180, 360), ratio, 1/ratio)
}
