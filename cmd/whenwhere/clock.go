package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/clock"
	"whenwhere/internal/timeset"
	"whenwhere/pipeline"
	"whenwhere/pipeline/extract/container"
	"whenwhere/pipeline/extract/metadata"
)

func newClock() *cobra.Command {
	var o clockOptions
	cmd := &cobra.Command{
		Use: "clock FILE-OR-ID...", Short: "Print what a file, a name, a link or an id says about time",
		Long: `Print every statement about time in the arguments: the clocks inside a file and in
its name; the name alone when there is no such file; a link to a post; the id of a post
or a message (--scheme says whose; else every platform whose ids can look so is tried);
the entries of a ZIP archive; a header line of a server's answer or of a web archive's
record (Last-Modified, Date, Memento-Datetime, WARC-Date).

Each line says what happened then (capture, edit, save, receive, upload), and how that
bounds the moment of filming: point, upper (not filmed later) or lower (not earlier).
A clock without a zone may mean any hour from UTC+14 to UTC-12; with --lat and --lon
only those that clocks kept there and then, soldiers' phones from elsewhere included.
What is impossible or never was set is listed with flags and no times.

--neighbours FILE dates one link to a post of a Telegram channel by the archived posts
around it, because the numbers of posts count in order. FILE is CSV with the columns id
and date (RFC 3339), and perhaps edited and forwarded (true or false).

--firms FILE lists the fires that satellites saw near --lat and --lon, from a CSV of NASA
FIRMS: the minute of the overpass, how far the pixel's middle is, and how far from it the
fire may have been. No fire in the list proves nothing: satellites pass a few times a day,
and see none through clouds. What one overpass does not show yet and a later one shows
goes into the incident's record as a bracket.

` + exitHelp,
		Example: `  whenwhere clock PXL_20241103_071520123.mp4
  whenwhere clock https://x.com/someone/status/1212092628029698048
  whenwhere clock photo.jpg --lat 48.5956 --lon 37.9999 --json
  whenwhere clock export.zip 'Last-Modified: Sun, 03 Nov 2024 09:02:11 GMT'
  whenwhere clock --neighbours channel.csv https://t.me/example/123
  whenwhere clock --firms fires.csv --lat 48.5956 --lon 37.9999 --radius-m 500`,
		Args: usageArgs(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd, args); err != nil {
				return err
			}
			if o.firms != "" {
				return runFIRMS(cmd.OutOrStdout(), o)
			}
			o.placed = cmd.Flags().Changed("lat")
			return runClock(cmd.Context(), cmd.OutOrStdout(), o, args)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.asJSON, "json", false, "a list of statements: input, field, raw, kind, bound, spans, basis, flags; of fires also distance_m, reach_m, low_confidence")
	f.StringVar(&o.scheme, "scheme", "", "whose ids the arguments are: "+schemeNames())
	f.StringVar(&o.collected, "collected", "", "when the material was collected; later times are impossible (default now)")
	o.site.add(cmd, "")
	f.StringVar(&o.neighbours, "neighbours", "", "list of archived posts of the link's Telegram channel (CSV)")
	f.StringVar(&o.firms, "firms", "", "list of satellite fire detections (CSV of NASA FIRMS)")
	f.StringVar(&o.radiusM, "radius-m", "0", "with --firms: how far from the place the fire may have been, metres")
	cmd.AddCommand(newClockDevice())
	return cmd
}

type clockOptions struct {
	asJSON            bool
	scheme, collected string
	site              siteFlags
	placed            bool   // site was given
	neighbours, firms string // files
	radiusM           string
}

// check holds the options against each other and against the arguments.
func (o clockOptions) check(cmd *cobra.Command, args []string) error {
	usage := func(format string, a ...any) error { return &codedError{exitUsage, fmt.Errorf(format, a...)} }
	switch {
	case o.firms != "" && (len(args) > 0 || o.neighbours != "" || o.scheme != ""):
		return usage("--firms asks of a place: it goes with no argument, --neighbours or --scheme")
	case o.firms != "":
		return needed(cmd, "lat", "lon")
	case cmd.Flags().Changed("radius-m"):
		return usage("--radius-m goes with --firms")
	case len(args) == 0:
		return usage("clock: requires at least 1 arg(s), only received 0 (see whenwhere clock --help)")
	case o.neighbours != "" && (len(args) != 1 || o.scheme != ""):
		return usage("--neighbours goes with one link to a Telegram post, and not with --scheme")
	}
	return together(cmd, "lat", "lon")
}

// until is when the material was collected.
func (o clockOptions) until() (time.Time, error) {
	if o.collected == "" {
		return time.Now(), nil
	}
	return boundOption("collected", o.collected, true)
}

// schemes are those whose ids are tried, in the order in which they are printed.
var schemes = []clock.Scheme{clock.Twitter, clock.Discord, clock.TikTok, clock.Instagram, clock.Mastodon, clock.LinkedIn, clock.Bluesky,
	clock.UUID, clock.ULID, clock.KSUID, clock.MongoID, clock.Sonyflake}

func schemeNames() string {
	var names []string
	for _, s := range schemes {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

// statement is one line of the answer.
type statement struct {
	Input string `json:"input"`
	clock.Claim
	Local []clock.ClaimSpan `json:"local,omitempty"` // on the dial; without a zone
	*fireSeen
}

// teller knows what is asked of every argument.
type teller struct {
	until   time.Time
	scheme  clock.Scheme
	place   *clock.LatLon
	zones   *clock.Zones
	extract []pipeline.Extractor
	posts   []clock.Neighbour // archived, of the channel of the only argument; nil when none are asked
}

func runClock(ctx context.Context, out io.Writer, o clockOptions, args []string) error {
	t, closePool, err := newTeller(o)
	if err != nil {
		return err
	}
	defer closePool()
	list := []statement{}
	mute := 0
	var failed []error
	for _, arg := range args {
		if ctx.Err() != nil {
			return errInterrupted
		}
		stamps, err := t.ask(ctx, arg)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		if len(stamps) == 0 {
			mute++
			failed = append(failed, silence(arg))
		}
		for _, s := range stamps {
			list = append(list, t.statement(arg, s))
		}
	}
	if err := printStatements(out, list, o.asJSON); err != nil {
		return err
	}
	if len(failed) > mute {
		return &codedError{exitPartial, errors.Join(failed...)}
	}
	return errors.Join(failed...)
}

// errInterrupted comes from the commands that keep nothing of what they measure.
var errInterrupted = errors.New("interrupted; nothing was kept, and the same command begins anew")

// silence says why an argument says nothing.
func silence(arg string) error {
	if strings.TrimSpace(arg) == "" {
		return fmt.Errorf("%q: an empty argument says nothing about time: want a file, a name, a link, an id or a header line", arg)
	}
	if _, err := os.Stat(arg); err == nil {
		return fmt.Errorf("%s: neither the file nor its name says anything about time", arg)
	}
	if _, _, ok := clock.TelegramPost(arg); ok {
		return fmt.Errorf("%s: says nothing about time by itself: the number of a Telegram post only counts; --neighbours FILE dates it by the archived posts around it", arg)
	}
	return fmt.Errorf("%s: says nothing about time: it is no file, and no known pattern of a name, link or id that gives a possible time", arg)
}

func newTeller(o clockOptions) (t teller, closePool func(), err error) {
	t = teller{zones: clock.NewZones(), scheme: clock.Scheme(o.scheme)}
	if t.until, err = o.until(); err != nil {
		return t, nil, err
	}
	if o.scheme != "" && !strings.Contains(", "+schemeNames()+",", ", "+o.scheme+",") {
		return t, nil, badOption("scheme", o.scheme, "one of "+schemeNames())
	}
	if o.placed {
		lat, lon, err := o.site.read()
		if err != nil {
			return t, nil, err
		}
		t.place = &clock.LatLon{Lat: lat, Lon: lon}
	}
	if o.neighbours != "" {
		if t.posts, err = readNeighbours(o.neighbours); err != nil {
			return t, nil, err
		}
	}
	pool, err := newPool(min(2, runtime.NumCPU()))
	if err != nil {
		return t, nil, err
	}
	t.extract = []pipeline.Extractor{container.Stage(pool), metadata.Stage(pool)}
	return t, func() { pool.Close() }, nil
}

// ask collects the stamps of an argument: of the id that it is said to be; else by the posts around it; else of a file and its
// name; else of a header line; else of a link; else of a name without a file; else of every scheme whose id it can be.
func (t teller) ask(ctx context.Context, arg string) ([]clock.Stamp, error) {
	if t.scheme != "" {
		s, ok := clock.FromID(t.scheme, arg, t.until)
		if !ok {
			return nil, fmt.Errorf("%s: no id of %s from its life to the collection", arg, t.scheme)
		}
		return []clock.Stamp{s}, nil
	}
	if t.posts != nil {
		return byNeighbours(arg, t.posts, t.until)
	}
	if info, err := os.Stat(arg); err == nil {
		if info.IsDir() {
			return nil, fmt.Errorf("%s: a folder; name the files", arg)
		}
		if isZIP(arg) {
			return t.archive(arg)
		}
		return t.file(ctx, arg)
	}
	if s, ok := clock.FromHeader(arg, t.until); ok {
		return []clock.Stamp{s}, nil
	}
	for _, read := range []func(string, time.Time) []clock.Stamp{clock.FromURL, clock.FromFileName} {
		if stamps := read(arg, t.until); len(stamps) > 0 {
			return stamps, nil
		}
	}
	return t.anyID(arg), nil
}

func (t teller) anyID(arg string) []clock.Stamp {
	var out []clock.Stamp
	for _, scheme := range schemes {
		if s, ok := clock.FromID(scheme, arg, t.until); ok {
			out = append(out, s)
		}
	}
	if len(out) > 1 {
		for i := range out {
			out[i].Flags = append(out[i].Flags, clock.FlagAmbiguousID)
		}
	}
	return out
}

// unread names the file once: causes mostly begin with it.
func unread(r mediaReport) error {
	return fmt.Errorf("%s: %s", r.File, strings.TrimPrefix(r.Cause, r.File+": "))
}

// file asks the jailed reader.
func (t teller) file(ctx context.Context, path string) ([]clock.Stamp, error) {
	r, err := measure(ctx, t.extract, input{path: path})
	if err != nil {
		return nil, err
	}
	if r.Status == pipeline.Failed {
		return nil, unread(r)
	}
	var out []clock.Stamp
	for _, key := range []pipeline.Key[[]pipeline.StatedClock]{pipeline.ClocksKey, pipeline.NameClocksKey} {
		clocks, _, err := key.In(r.all)
		if err != nil {
			return nil, err
		}
		for _, c := range clocks {
			s, err := stampOf(c)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			out = append(out, s)
		}
	}
	return out, nil
}

// stampOf is what an observation keeps of a stamp, as a stamp.
func stampOf(c pipeline.StatedClock) (clock.Stamp, error) {
	s := clock.Stamp{Field: c.Field, Raw: c.Raw, Kind: clock.Kind(c.Kind), Bound: clock.Bound(c.Bound), Flags: c.Flags, Basis: string(c.Clock), Zone: clock.UTC}
	var utc []timeset.Interval
	for _, span := range c.UTC {
		utc = append(utc, timeset.Interval{Lo: span.From.UnixMilli(), Hi: span.To.UnixMilli()})
	}
	s.Spans = timeset.Of(utc...)
	if c.Wall == nil {
		return s, nil
	}
	lo, err := time.Parse(pipeline.WallLayout, c.Wall.From)
	if err != nil {
		return s, err
	}
	hi, err := time.Parse(pipeline.WallLayout, c.Wall.To)
	if err != nil {
		return s, err
	}
	s.Zone, s.Local = clock.Unknown, timeset.FromTimes(lo, hi)
	if len(utc) > 0 {
		s.Zone = clock.UTCOrLocal
	}
	s.Spans = clock.Resolve(s.Local, nil)
	return s, nil
}
