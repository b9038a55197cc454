// Package device infers, over all files of one device, which offset from UTC
// its clock was set to, how wrong that clock was and how fast it drifted, and
// says how sure that is.
//
// # The model
//
// A device's dial shows, at the instant t of a shot,
//
//	dial = t + error + drift*(t - reference) + offset
//
// where the offset follows one rule for all files: a fixed offset, the rule
// of a zone, or one rule up to a day and another after it (a device that
// changed hands). Everything that knows t independently bears on the rule:
// the time of a GPS fix, upload times as upper bounds, releases of software
// as lower bounds, and the light (shadows) as a likelihood over UTC. The
// header of a movie comes from the device's own clock: it knows the offset,
// not the error.
//
// Every reading may be bogus, with the probabilities named in model.go; a
// fix's date may be a day off in all files of a device. The posterior over
// rules, error and drift is an exact sum over a grid that is refined around
// the data: no sampling, no random numbers, the same bits every time.
//
// # What it promises
//
// The order of files and rules does not matter. Rules that give the same
// readings for all files cannot be told apart and are reported as one
// hypothesis. Bad input (an interval without width, a NaN, two files of one
// name) is an error, never a guess.
package device

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"whenwhere/internal/timeset"
)

// ErrInput is the class of errors for files and rules that cannot be used.
var ErrInput = errors.New("unusable input")

// The limits of one inference.
const (
	MaxFiles = 20_000
	MaxRules = 200
)

// File is what one file of the device says about its time.
type File struct {
	ID string
	// Dial is the reading of the device's dial: milliseconds since 1970-01-01
	// 00:00 of that dial, as of clock.Stamp.Local.
	Dial timeset.Interval
	// NameDial is a second reading of the same dial, in the file's name; empty
	// when absent. It adds nothing but a check: one clock is one witness.
	NameDial timeset.Interval
	// GPS holds the readings that the time of the fix admits, in UTC; empty
	// when absent.
	GPS timeset.Set
	// Header is the creation time of a movie read as UTC; empty when absent.
	// DurationMs is the length of the clip, because some devices write the
	// header when recording stops.
	Header     timeset.Interval
	DurationMs int64
	// Limits bound the instant of the shot from sources outside the device.
	Limits []Limit
	// Light is what shadows say about the instant.
	Light []Light
}

// Limit is a bound on the instant of the shot, in UTC milliseconds.
type Limit struct {
	Field       string
	Ms          int64
	Upper       bool    // not after Ms; otherwise not before
	Reliability float64 // probability that the bound holds, in (0.5, 1)
}

// Light is a likelihood over UTC that is constant on each piece and zero
// outside of them.
type Light struct {
	Pieces      []Piece
	Reliability float64 // probability that the measurement is what it claims, in (0, 1)
}

// Piece is one constant piece; Density needs no normalisation.
type Piece struct {
	timeset.Interval
	Density float64
}

// Estimate is a posterior of a number: its mean, its standard deviation, and
// the interval that leaves 2.5 % on either side.
type Estimate struct{ Mean, SD, Lo95, Hi95 float64 }

// Switch is a change from one rule to another between two files.
type Switch struct {
	From, To []string // names of rules; those that fit equally well
	// AfterMs and BeforeMs are readings of the dial: with 95 % probability
	// the change came after the first and before the second.
	AfterMs, BeforeMs int64
}

// Hypothesis is one explanation of all files.
type Hypothesis struct {
	// Rules names the rules that explain the files in this way; they differ
	// only where there is no file. Empty for a Switch.
	Rules       []string
	Switch      *Switch
	Probability float64
	// ErrorS is how far the clock was ahead of the rule's time at ReferenceMs,
	// in seconds; DriftSPerDay how much it gained.
	ErrorS, DriftSPerDay Estimate
	// GPSDaySlip is the number of days by which all dates of fixes are late.
	GPSDaySlip int
	// FreelySet: no zone explains the dial; ErrorS is then dial minus UTC.
	FreelySet bool
	// OffsetsMin are the offsets that the hypothesis gives the files, in the
	// order of Result.Files; NoOffset where the dial does not exist.
	OffsetsMin []int
	// offsets keeps both readings of a fold.
	offsets [][]int
}

// NoOffset marks a dial reading that does not exist under a rule.
const NoOffset = math.MinInt32

// Outlier is a reading that the best hypothesis holds for bogus.
type Outlier struct {
	File        string
	Field       string // "dial", "gps", "header", "name" or the field of a limit
	Probability float64
	ResidualS   float64 // reading minus what the hypothesis says
	Why         string
}

// FileTime is what the inference says about one file.
type FileTime struct {
	ID      string
	Offsets []OffsetMass // most likely first
	// UTC95 holds the instant of the shot with 95 % probability, if the dial
	// of this file is genuine.
	UTC95 timeset.Set
}

// OffsetMass is the probability of an offset from UTC, in minutes, and how
// far the clock is ahead of it at that file, with its standard deviation.
type OffsetMass struct {
	OffsetMin        int
	Probability      float64
	ErrorS, ErrorSDS float64
}

// Result is the posterior for one device.
type Result struct {
	// ReferenceMs is the reading of the dial to which errors refer.
	ReferenceMs int64
	Hypotheses  []Hypothesis // most likely first; those under 1e-9 are left out
	// OddsBans is log10 of the odds between the first and the second
	// hypothesis; +Inf never occurs, it is capped at 15.
	OddsBans float64
	Files    []FileTime // by dial, then name
	Outliers []Outlier
}

// refineNats is how far behind the best a class may be to be summed again on
// a finer grid: e^-12 is 6e-6 of the mass.
const refineNats = 12

// maxBans caps printed odds: beyond, float64 sums say nothing.
const maxBans = 15

// Infer returns the posterior over the rules for a device's files.
func Infer(files []File, rules []Rule) (Result, error) {
	sorted, err := checked(files)
	if err != nil {
		return Result{}, err
	}
	if err := checkRules(rules); err != nil {
		return Result{}, err
	}
	m := newModel(sorted)
	fits := m.classes(rules)
	fits = append(fits, m.free())
	for i := range fits {
		m.evaluate(&fits[i])
	}
	fits = append(fits, m.switches(fits)...)
	best := slices.MaxFunc(fits, func(a, b fit) int { return cmp.Compare(a.evidence, b.evidence) }).evidence
	for i := range fits {
		if fits[i].evidence > best-refineNats {
			m.refine(&fits[i])
		}
	}
	return m.result(fits), nil
}

// checked validates the files and sorts them by dial and name.
func checked(files []File) ([]File, error) {
	if len(files) == 0 || len(files) > MaxFiles {
		return nil, fmt.Errorf("device: %d files, need 1 to %d: %w", len(files), MaxFiles, ErrInput)
	}
	sorted := slices.Clone(files)
	slices.SortFunc(sorted, func(a, b File) int {
		switch {
		case a.Dial.Lo < b.Dial.Lo:
			return -1
		case a.Dial.Lo > b.Dial.Lo:
			return 1
		}
		return strings.Compare(a.ID, b.ID)
	})
	seen := map[string]bool{}
	for _, f := range sorted {
		if err := f.check(); err != nil {
			return nil, fmt.Errorf("device: file %q: %w", f.ID, err)
		}
		if seen[f.ID] {
			return nil, fmt.Errorf("device: file %q: twice: %w", f.ID, ErrInput)
		}
		seen[f.ID] = true
	}
	return sorted, nil
}

// MaxDialMs is the widest dial that says anything about an offset.
const MaxDialMs = 20 * 60 * 1000

func (f File) check() error {
	const year9999 = int64(253402300800000)
	bad := func(iv timeset.Interval) bool {
		return !iv.IsEmpty() && (iv.Lo < -year9999 || iv.Hi > year9999)
	}
	gps, _ := f.GPS.Bounds()
	switch {
	case f.Dial.IsEmpty() || f.Dial.Width() > MaxDialMs || f.Dial.Lo < 631152000000 || bad(f.Dial):
		return fmt.Errorf("dial %v: %w", f.Dial, ErrInput)
	case bad(f.NameDial) || bad(f.Header) || bad(gps):
		return fmt.Errorf("a reading beyond the year 9999: %w", ErrInput)
	case f.DurationMs < 0 || f.DurationMs > 86400000:
		return fmt.Errorf("duration of %d ms: %w", f.DurationMs, ErrInput)
	}
	for _, l := range f.Limits {
		if !(l.Reliability > 0.5 && l.Reliability < 1) || l.Ms < -year9999 || l.Ms > year9999 {
			return fmt.Errorf("limit %q: reliability %v: %w", l.Field, l.Reliability, ErrInput)
		}
	}
	for i, l := range f.Light {
		if err := l.check(); err != nil {
			return fmt.Errorf("light %d: %w", i, err)
		}
	}
	return nil
}

func (l Light) check() error {
	if !(l.Reliability > 0 && l.Reliability < 1) {
		return fmt.Errorf("reliability %v: %w", l.Reliability, ErrInput)
	}
	sum := 0.0
	for i, p := range l.Pieces {
		if p.IsEmpty() || i > 0 && l.Pieces[i-1].Hi > p.Lo || !(p.Density >= 0) || math.IsInf(p.Density, 0) {
			return fmt.Errorf("piece %d: %w", i, ErrInput)
		}
		sum += p.Density * float64(p.Width())
	}
	if !(sum > 0) || math.IsInf(sum, 0) {
		return fmt.Errorf("no mass: %w", ErrInput)
	}
	return nil
}
