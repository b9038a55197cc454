package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/report"
	"whenwhere/internal/solar"
	"whenwhere/pipeline"
	"whenwhere/pipeline/assess/light"
	"whenwhere/pipeline/extract/container"
	"whenwhere/pipeline/extract/metadata"
	"whenwhere/pipeline/moment"
)

func newExposure() *cobra.Command {
	var o exposureOptions
	cmd := &cobra.Command{
		Use: "exposure FILE...", Short: "Print how bright a scene was, and how high that says the sun stood",
		Long: `Print the exposure value that a photo was metered at (from aperture, time, ISO and the
photographer's correction), and the lowest sun that can light a grey scene so: NEEDS
SUN is that elevation, AT LEAST the one that leaves 3 EV for snow, sky and lamps in the
frame. Below 9 EV lamps explain any scene, and nothing is said.

With a place and a time the verdict is that of the light assessor: too bright for night
is strong evidence, too dark for day is weak.

` + exitHelp,
		Example: `  whenwhere exposure IMG_0042.jpg
  whenwhere exposure *.jpg --lat 48.5956 --lon 37.9999 --time 2024-11-03T03:00:00Z`,
		Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := together(cmd, "lat", "lon", "time"); err != nil {
				return err
			}
			return runExposure(cmd.Context(), cmd.OutOrStdout(), o, args)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.asJSON, "json", false, "a list: file, ev100, ev_scene, needs_sun_deg, at_least_deg, finding")
	o.site.add(cmd, "")
	f.StringVar(&o.time, "time", "", "the claimed time, with its offset from UTC")
	return cmd
}

type exposureOptions struct {
	asJSON bool
	site   siteFlags
	time   string
}

// metered is what is said of one file. Absent values are null.
type metered struct {
	File        string             `json:"file"`
	Settings    *pipeline.Exposure `json:"settings"`
	EV100       *float64           `json:"ev100"`         // of aperture, time and ISO
	EVScene     *float64           `json:"ev_scene"`      // with the correction
	NeedsSunDeg *float64           `json:"needs_sun_deg"` // elevation at which a clear sky gives that much
	AtLeastDeg  *float64           `json:"at_least_deg"`  // with the slack of the light assessor; null below its lamps
	Finding     *finding           `json:"finding,omitempty"`
	Cause       string             `json:"cause,omitempty"` // why nothing is said
}

type finding struct {
	Outcome pipeline.Outcome `json:"outcome"`
	Reason  string           `json:"reason"`
	Bans    float64          `json:"bans"` // log10 of the likelihood ratio before the rules bound it
}

func runExposure(ctx context.Context, out io.Writer, o exposureOptions, args []string) error {
	claim, err := o.claim()
	if err != nil {
		return err
	}
	pool, err := newPool(min(2, runtime.NumCPU()))
	if err != nil {
		return err
	}
	defer pool.Close()
	stages := []pipeline.Extractor{container.Stage(pool), metadata.Stage(pool)}
	list := []metered{}
	failed := false
	for _, in := range expand(args) {
		r, err := measure(ctx, stages, in)
		if errors.Is(err, context.Canceled) {
			return errInterrupted
		}
		if err != nil {
			return err
		}
		m, err := meter(ctx, r, claim)
		if err != nil {
			return err
		}
		failed = failed || r.Status == pipeline.Failed
		list = append(list, m)
	}
	if err := printMetered(out, list, o.asJSON); err != nil {
		return err
	}
	if failed {
		return &codedError{exitPartial, errors.New("done, but some files could not be read: see their causes")}
	}
	return nil
}

// claim is the place and the second that were given; nil when none were.
func (o exposureOptions) claim() (*pipeline.Claim, error) {
	if o.time == "" {
		return nil, nil
	}
	at, err := timeOption("time", o.time)
	if err != nil {
		return nil, err
	}
	lat, lon, err := o.site.read()
	if err != nil {
		return nil, err
	}
	return &pipeline.Claim{Where: &pipeline.Place{Lat: lat, Lon: lon}, When: &pipeline.Span{From: at, To: at.Add(time.Second)}}, nil
}

func meter(ctx context.Context, r mediaReport, claim *pipeline.Claim) (metered, error) {
	m := metered{File: r.File, Cause: r.Cause}
	if r.Status == pipeline.Failed {
		return m, nil
	}
	x, ok, err := pipeline.ExposureKey.In(r.all)
	if err != nil {
		return m, err
	}
	ev, known := moment.SceneEV(x)
	if !ok || !known {
		m.Cause = "the file does not state exposure time, aperture and ISO speed together"
		return m, nil
	}
	plain := ev
	if x.BiasEV != nil {
		plain -= *x.BiasEV
	}
	m.Settings, m.EV100, m.EVScene = &x, &plain, &ev
	if deg, ok := solar.ElevationFor(ev); ok {
		m.NeedsSunDeg = &deg
	}
	if deg, ok := light.AtLeastDeg(ev); ok {
		m.AtLeastDeg = &deg
	}
	if claim != nil {
		m.Finding, err = judged(ctx, r, *claim)
	}
	return m, err
}

// judged asks the assessor of the pipeline.
func judged(ctx context.Context, r mediaReport, claim pipeline.Claim) (*finding, error) {
	e := pipeline.Exhibit{Ref: pipeline.MediaRef{File: r.File}, Media: &pipeline.Media{}, Observed: r.all}
	found, _, err := pipeline.Assess(ctx, []pipeline.Assessor{light.Assessor(nil)}, pipeline.Case{
		Incident: pipeline.Incident{ID: "exposure", Claim: claim, Media: []pipeline.MediaRef{e.Ref}}, Media: []pipeline.Exhibit{e}})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	f := finding{Outcome: found[0].Outcome, Reason: found[0].Reason}
	if l := found[0].Likelihood; l != nil {
		f.Bans = math.Log10(l.H1 / l.H0)
	}
	return &f, nil
}

func printMetered(out io.Writer, list []metered, asJSON bool) error {
	if asJSON {
		return writeJSON(out, list)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FILE\tEV\tSETTINGS\tNEEDS SUN\tAT LEAST\tSAYS")
	for _, m := range list {
		says := m.Cause
		if m.Finding != nil {
			says = fmt.Sprintf("%s: %s", m.Finding.Outcome, m.Finding.Reason)
		}
		cells := []string{m.File, orAbsent(m.EVScene, "%.1f", ""), settings(m.Settings), orAbsent(m.NeedsSunDeg, "%+.1f deg", ""), orAbsent(m.AtLeastDeg, "%+.1f deg", ""), says}
		for i, c := range cells {
			cells[i] = report.Plain(c)
		}
		fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	return w.Flush()
}

func orAbsent(v *float64, format, absent string) string {
	if v == nil {
		return absent
	}
	return fmt.Sprintf(format, *v)
}

func settings(x *pipeline.Exposure) string {
	if x == nil {
		return ""
	}
	time := fmt.Sprintf("%.3g s", *x.TimeS)
	if *x.TimeS < 0.4 {
		time = fmt.Sprintf("1/%.0f s", 1 / *x.TimeS)
	}
	text := fmt.Sprintf("f/%g %s ISO %g", *x.FNumber, time, *x.ISO)
	if x.FlashFired != nil && *x.FlashFired {
		text += " flash"
	}
	return text
}
