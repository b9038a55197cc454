package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/clock"
	"whenwhere/internal/clock/device"
	"whenwhere/internal/report"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/container"
	"whenwhere/pipeline/extract/metadata"
)

func newClockDevice() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "device FILE...", Short: "What the clock of a device was set to, from all its files",
		Long: `Group the files by make, model and serial number, and say for each device which offset
from UTC its clock was set to, how far it was off and how it drifted, from everything in
the files that knows the time better: GPS fixes, movie headers in UTC, release dates of
software. It names the readings that do not fit, and a change of zone with its date. The
answer is a list of explanations with probabilities; odds are those of the first against
the second, in bans (powers of ten).

Files without a clock on a dial are left out. A folder stands for all files below it.

` + exitHelp,
		Example: `  whenwhere clock device phone/*.jpg`,
		Args:    usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runClockDevice(cmd.Context(), cmd.OutOrStdout(), args, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "a list of devices: device, files, explanations, odds_bans, outliers, cause")
	return cmd
}

// deviceReport is what is said of one device.
type deviceReport struct {
	Device       string        `json:"device"` // make and model; serial numbers tell devices apart but are not printed
	Files        []deviceFile  `json:"files"`
	Explanations []explanation `json:"explanations"` // likeliest first, those of a thousandth at least
	OddsBans     float64       `json:"odds_bans"`
	Outliers     []outlier     `json:"outliers"`
	Cause        string        `json:"cause,omitempty"` // why nothing is said
}

type deviceFile struct {
	File       string            `json:"file"`
	OffsetMin  int               `json:"offset_min"` // likeliest
	OffsetMass float64           `json:"offset_probability"`
	UTC95      []clock.ClaimSpan `json:"utc_95"`
}

type explanation struct {
	Rule         string          `json:"rule"`
	Probability  float64         `json:"probability"`
	ErrorS       device.Estimate `json:"error_s"`
	DriftSPerDay device.Estimate `json:"drift_s_per_day"`
}

type outlier struct {
	File        string  `json:"file"`
	Field       string  `json:"field"`
	ResidualS   float64 `json:"residual_s"`
	Probability float64 `json:"probability"`
	Why         string  `json:"why"`
}

func runClockDevice(ctx context.Context, out io.Writer, args []string, asJSON bool) error {
	pool, err := newPool(runtime.NumCPU())
	if err != nil {
		return err
	}
	defer pool.Close()
	stages := []pipeline.Extractor{container.Stage(pool), metadata.Stage(pool)}
	groups := map[string][]device.File{}
	var failed []error
	err = inOrder(ctx, runtime.NumCPU(), expand(args), func(ctx context.Context, in input) (mediaReport, error) {
		return measure(ctx, stages, in)
	}, func(r mediaReport) error {
		if r.Status == pipeline.Failed {
			failed = append(failed, unread(r))
			return nil
		}
		name, f, ok, err := deviceFileOf(r)
		if ok {
			groups[name] = append(groups[name], f)
		}
		return err
	})
	if errors.Is(err, context.Canceled) {
		return errInterrupted
	}
	if err != nil {
		return err
	}
	list := []deviceReport{}
	for _, key := range sortedKeys(groups) {
		r, err := inferDevice(key, groups[key])
		if err != nil {
			return err
		}
		list = append(list, r)
	}
	if asJSON {
		err = writeJSON(out, list)
	} else {
		err = printDevices(out, list)
	}
	switch {
	case err != nil:
		return err
	case len(failed) > 0:
		return &codedError{exitPartial, fmt.Errorf("done, but %s could not be read:\n%w", pipeline.Counted(len(failed), "file"), errors.Join(failed...))}
	case len(list) == 0:
		return errors.New("none of the files has a camera's clock without its own offset from UTC")
	}
	return nil
}

// deviceFileOf reads what a file says of its device's clock; ok is false when it has no reading of a dial.
func deviceFileOf(r mediaReport) (key string, f device.File, ok bool, err error) {
	camera, _, err := pipeline.CameraKey.In(r.all)
	if err != nil {
		return "", f, false, err
	}
	clocks, _, err := pipeline.ClocksKey.In(r.all)
	if err != nil {
		return "", f, false, err
	}
	named, _, err := pipeline.NameClocksKey.In(r.all)
	if err != nil {
		return "", f, false, err
	}
	f.ID = r.File
	for _, c := range append(clocks, named...) {
		if err := addReading(&f, c); err != nil {
			return "", f, false, fmt.Errorf("%s: %w", r.File, err)
		}
	}
	name := strings.TrimSpace(camera.Make + " " + camera.Model)
	if name == "" {
		name = "unnamed device"
	}
	return name + "\x00" + camera.Serial, f, !f.Dial.IsEmpty(), nil
}

// addReading takes the first reading of each kind: fields of one clock are one witness.
func addReading(f *device.File, c pipeline.StatedClock) error {
	s, err := stampOf(c)
	if err != nil {
		return err
	}
	dial, onDial := s.Local.Bounds()
	utc := len(c.UTC) > 0
	switch {
	case c.Kind == pipeline.StampCapture && c.Clock == pipeline.ClockCamera && onDial && f.Dial.IsEmpty():
		f.Dial = dial
	case c.Kind == pipeline.StampCapture && c.Clock == pipeline.ClockFileName && onDial && f.NameDial.IsEmpty():
		f.NameDial = dial
	case c.Clock == pipeline.ClockGPS && utc && f.GPS.IsEmpty():
		f.GPS = s.Spans
	case c.Clock == pipeline.ClockContainer && c.Kind == pipeline.StampCapture && onDial && f.Header.IsEmpty():
		f.Header = dial // the header read as UTC
	case c.Bound == pipeline.BoundLower && utc:
		if b, ok := s.Spans.Bounds(); ok {
			f.Limits = append(f.Limits, device.Limit{Field: c.Field, Ms: b.Lo, Reliability: s.Reliability()})
		}
	}
	return nil
}

func sortedKeys(groups map[string][]device.File) []string {
	var keys []string
	for k := range groups {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Explanations that are less probable are left out, and in the table counted together.
const leastShown, leastPrinted = 0.001, 0.01

func inferDevice(key string, files []device.File) (deviceReport, error) {
	name, _, _ := strings.Cut(key, "\x00")
	r := deviceReport{Device: name, Files: []deviceFile{}, Explanations: []explanation{}, Outliers: []outlier{}}
	rules, err := device.Civil(clock.NewZones(), ruleWindow(files))
	if err != nil {
		return r, err
	}
	found, err := device.Infer(files, rules)
	if errors.Is(err, device.ErrInput) {
		r.Cause = err.Error()
		return r, nil
	}
	if err != nil {
		return r, err
	}
	r.OddsBans = found.OddsBans
	for _, h := range found.Hypotheses {
		if h.Probability >= leastShown {
			r.Explanations = append(r.Explanations, explanation{ruleText(h), h.Probability, h.ErrorS, h.DriftSPerDay})
		}
	}
	for _, f := range found.Files {
		one := deviceFile{File: f.ID, UTC95: clock.Stamp{Spans: f.UTC95}.Claim().Spans}
		if len(f.Offsets) > 0 {
			one.OffsetMin, one.OffsetMass = f.Offsets[0].OffsetMin, f.Offsets[0].Probability
		}
		r.Files = append(r.Files, one)
	}
	for _, o := range found.Outliers {
		r.Outliers = append(r.Outliers, outlier{o.File, o.Field, o.ResidualS, o.Probability, o.Why})
	}
	return r, nil
}

// ruleWindow is the time in which rules are wanted: two days more than the dials show.
func ruleWindow(files []device.File) timeset.Interval {
	const margin = 48 * time.Hour
	all := files[0].Dial
	for _, f := range files {
		all.Lo, all.Hi = min(all.Lo, f.Dial.Lo), max(all.Hi, f.Dial.Hi)
	}
	return timeset.Interval{Lo: all.Lo - margin.Milliseconds(), Hi: all.Hi + margin.Milliseconds()}
}

func ruleText(h device.Hypothesis) string {
	text := strings.Join(h.Rules, " or ")
	if h.FreelySet {
		text = "no zone: freely set"
	}
	if s := h.Switch; s != nil {
		day := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04") }
		text = fmt.Sprintf("%s, then %s from between %s and %s of its own time", strings.Join(s.From, " or "), strings.Join(s.To, " or "), day(s.AfterMs), day(s.BeforeMs))
	}
	if h.GPSDaySlip != 0 {
		text += fmt.Sprintf(", dates of fixes %d day late", h.GPSDaySlip)
	}
	return text
}

func printDevices(out io.Writer, list []deviceReport) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, r := range list {
		fmt.Fprintf(w, "%s, %s\n", report.Plain(r.Device), pipeline.Counted(len(r.Files), "file"))
		if r.Cause != "" {
			fmt.Fprintf(w, "  nothing can be said: %s\n", report.Plain(r.Cause))
			continue
		}
		others := 1.0
		for _, e := range r.Explanations {
			if e.Probability < leastPrinted {
				continue
			}
			others -= e.Probability
			fmt.Fprintf(w, "  %.1f %%\t%s\t%+.0f s off (%+.0f to %+.0f)\t%+.2f s a day\n", 100*e.Probability, report.Plain(e.Rule), e.ErrorS.Mean, e.ErrorS.Lo95, e.ErrorS.Hi95, e.DriftSPerDay.Mean)
		}
		fmt.Fprintf(w, "  %.1f %%\tothers\n", 100*max(others, 0))
		fmt.Fprintf(w, "  odds of the first: %.1f bans\n", r.OddsBans)
		for _, o := range r.Outliers {
			fmt.Fprintf(w, "  does not fit:\t%s %s\t%+.0f s\t%s\n", report.Plain(filepath.Base(o.File)), o.Field, o.ResidualS, o.Why)
		}
	}
	return w.Flush()
}
