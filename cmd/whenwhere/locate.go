package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"whenwhere/internal/feature"
	"whenwhere/internal/locate"
)

type locateOptions struct {
	asJSON    bool
	asGeoJSON bool
	plot      string
}

func newLocate() *cobra.Command {
	var o locateOptions
	cmd := &cobra.Command{
		Use: "locate MARKS.json", Short: "Where the camera stood, from landmarks marked on a frame",
		Long: `Print where a camera stood and where it looked, from landmarks that were marked on its frame
and found on a map: place, heading, the ellipse that holds 95 %, how each landmark fits, and
what can be doubted. Three landmarks at least; four when the field of view is not known.

  {"frame": {"width_px": 4000, "height_px": 3000, "hfov_deg": 66, "sigma_hfov_deg": 2},
   "landmarks": [
     {"name": "chimney", "lat": 48.512, "lon": 37.941, "sigma_m": 5, "x_px": 812, "y_px": 1490, "sigma_px": 6},
     ...],
   "visible": [{"name": "water tower", "lat": 48.52, "lon": 37.95, "sigma_m": 10, "visible": false}]}

Every sigma is a standard error: of the pixel, of the point on the map (of each coordinate).
Pixels count from the top left corner of the upright picture, not cropped and not mirrored.
frame may state pitch_deg and roll_deg with sigma_pitch_deg and sigma_roll_deg; absent they
are 0 ± 10 and 0 ± 2. In place of a frame, "bearings": "true" or "relative", and for each
landmark bearing_deg and sigma_deg, clockwise from true north or from anywhere.

visible lists points that the frame shows or does not show. In place of landmarks, "camera":
{lat, lon, sigma_m, heading_deg, sigma_heading_deg} asks that of a camera that is known. There
is no model of relief and buildings here: a point that is not seen may be hidden, so that it
says little; a point that is seen where the camera did not look says much.

` + exitHelp,
		Example: `  whenwhere locate marks.json
  whenwhere locate marks.json --json --plot map.svg`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return runLocate(cmd, args[0], o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.asJSON, "json", false, "GeoJSON: camera, ellipse, landmarks with residuals, rays, points looked for")
	f.BoolVar(&o.asGeoJSON, "geojson", false, "the same as --json")
	f.StringVar(&o.plot, "plot", "", "draw the ellipse and the rays on a grid of degrees into this .svg or .png")
	return cmd
}

// located is the answer to a file of marks.
type located struct {
	doc       locate.Document
	solutions []locate.Solution
	sightings []locate.Sighting
	notSeen   string // why there are no sightings, when there are points to look for
}

func runLocate(cmd *cobra.Command, path string, o locateOptions) error {
	if err := filled(cmd, "plot"); err != nil {
		return err
	}
	if err := checkPlot(o.plot); err != nil {
		return err
	}
	data, err := readRegular(path, locate.MaxBytes)
	if err != nil {
		return err
	}
	found, err := answer(data)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if o.plot != "" {
		p, err := locatePlot(found)
		if err != nil {
			return err
		}
		if err := savePlot(o.plot, p); err != nil {
			return err
		}
	}
	if o.asJSON || o.asGeoJSON {
		return feature.Write(cmd.OutOrStdout(), locateFeatures(found))
	}
	return printLocated(cmd.OutOrStdout(), found)
}

func answer(data []byte) (found located, err error) {
	if found.doc, err = locate.Read(data); err != nil {
		return found, err
	}
	camera := found.doc.Camera
	if camera == nil {
		if found.solutions, err = found.doc.Scene.Solve(); err != nil {
			return found, err
		}
		if stand, ok := found.solutions[0].Stand(); ok {
			camera = &stand
		}
	}
	switch {
	case len(found.doc.Watched) == 0:
	case camera == nil:
		found.notSeen = "the place is not determined, so that nothing can be said of what is visible"
	default:
		found.sightings, err = camera.Sees(found.doc.Watched)
	}
	return found, err
}

func printLocated(out io.Writer, found located) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for i, s := range found.solutions {
		printSolution(w, i, len(found.solutions), s)
	}
	if found.notSeen != "" {
		fmt.Fprintf(w, "visible\t%s\n", found.notSeen)
	}
	for _, s := range found.sightings {
		fmt.Fprintf(w, "visible\t%s: %s\n", markName(s.Name), sightingText(s))
	}
	if len(found.sightings) > 0 {
		fmt.Fprintf(w, "\tno relief and no buildings are known here: what is not seen may be hidden\n")
	}
	return w.Flush()
}

func printSolution(w io.Writer, i, n int, s locate.Solution) {
	title := "camera"
	if n > 1 {
		title = fmt.Sprintf("camera %d of %d", i+1, n)
	}
	fmt.Fprintf(w, "%s\t%.7f, %.7f%s\n", title, s.Lat, s.Lon, unless(s.Determined, " (not determined)"))
	if s.Heading != nil {
		what := "middle of the frame"
		if s.HFOV == nil {
			what = "zero of the bearings"
		}
		fmt.Fprintf(w, "heading\t%.2f ± %.2f deg from true north, %s\n", s.Heading.Value, s.Heading.Sigma, what)
	}
	if s.HFOV != nil {
		fmt.Fprintf(w, "field of view\t%.2f ± %.2f deg wide\n", s.HFOV.Value, s.HFOV.Sigma)
	}
	if s.Determined {
		fmt.Fprintf(w, "95 %%\tellipse of half axes %.1f and %.1f m, the longer to %.0f deg\n", s.Ellipse.MajorM, s.Ellipse.MinorM, s.Ellipse.AzimuthDeg)
	}
	fmt.Fprintf(w, "fit\tchi squared %.1f where %d is expected\n", s.Chi2, s.Spare)
	if s.Worse > 0 {
		fmt.Fprintf(w, "\tless likely than the first by a factor of %.1f\n", math.Exp(s.Worse/2))
	}
	for _, r := range s.Residuals {
		fmt.Fprintf(w, "landmark\t%s: %+.2f ± %.2f deg, %+.1f sigma%s\n", markName(r.Name), r.OffDeg, r.SigmaDeg, r.Sigmas, movesText(r))
	}
	for _, d := range s.Doubts {
		fmt.Fprintf(w, "doubt\t%s\n", d)
	}
}

func unless(ok bool, text string) string {
	if ok {
		return ""
	}
	return text
}

func movesText(r locate.Residual) string {
	if math.IsNaN(r.MovesM) {
		return ""
	}
	return fmt.Sprintf("; without it the camera moves %.1f m", r.MovesM)
}

// markName is a name as it can be printed on a line.
func markName(name string) string {
	if name == "" {
		return "(no name)"
	}
	return strings.Trim(fmt.Sprintf("%q", name), `"`)
}

func sightingText(s locate.Sighting) string {
	seen := "not seen"
	if s.Visible {
		seen = "seen"
	}
	where := fmt.Sprintf("%.1f ± %.1f deg %s of the middle, %.0f m away, in the frame with %s",
		math.Abs(s.AsideDeg), s.SigmaDeg, map[bool]string{true: "right", false: "left"}[s.AsideDeg >= 0], s.DistanceM, chanceText(s.Chance))
	switch s.Verdict {
	case locate.Contradicts:
		if s.Behind {
			return fmt.Sprintf("contradicts: %s, but it lies behind the camera: %s", seen, where)
		}
		return fmt.Sprintf("contradicts: %s, but it lies outside the frame: %s", seen, where)
	case locate.Weak:
		return fmt.Sprintf("weak: %s, but it lies in the frame, unless something hides it: %s", seen, where)
	case locate.Outside:
		return fmt.Sprintf("outside: %s, and it lies outside the frame: %s", seen, where)
	case locate.Agrees:
		return fmt.Sprintf("agrees: %s: %s", seen, where)
	default:
		return fmt.Sprintf("undecided: %s, too near the edge: %s", seen, where)
	}
}

// chanceText prints whole per cent, and of the rest only that it is small.
func chanceText(p float64) string {
	switch {
	case p < 0.001:
		return "under 0.1 %"
	case p > 0.999:
		return "over 99.9 %"
	}
	return fmt.Sprintf("%.1f %%", 100*p)
}
