package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"whenwhere/internal/control"
)

// truth prints how far the maps, read and asked as the program does, agree with the table.
func truth(ctx context.Context, front string, out io.Writer) error {
	if _, err := measureLoad(front, out); err != nil {
		return err
	}
	rows, err := readTable(front)
	if err != nil {
		return err
	}
	var errs []error
	var read [len(sources)]*control.Maps
	var between [len(sources)]seams
	for i, s := range sources {
		var faults []error
		if read[i], faults = control.Load(os.DirFS(filepath.Join(front, s.folder))); len(faults) > 0 {
			return fmt.Errorf("%s: %w", s.folder, errors.Join(faults...))
		}
		if between[i], err = readSeams(filepath.Join(front, s.seams)); err != nil {
			return err
		}
		errs = append(errs, newAgreement(s, read[i], rows, between[i]).print(out))
	}
	fmt.Fprint(out, "\ndeepstate_raw: ")
	errs = append(errs, beside(front, read[1], read[0], rows, out))
	errs = append(errs, newConsensus(read[0], read[1], read[2], rows, between[0], between[2]).print(out))
	return errors.Join(errs...)
}

// source is a folder of maps and its columns in the table.
type source struct {
	folder string
	seams  string // folder of maps of the same provider that show the seams
	want   int    // rows that have a map of their day; all of them must agree
	// daily: a day without a map is one that is missing.
	daily  bool
	class  func(row) string
	distKm func(row) float64
	// says is the answer in the words of the column; several classes may share one.
	says func(control.Answer) string
	same func(class string) string
}

var sources = [...]source{
	{
		folder: "deepstate_daily", seams: "deepstate_raw", want: 49298, daily: true,
		class: func(r row) string { return r.deepstate }, distKm: func(r row) float64 { return r.deepstateKm },
		says: func(a control.Answer) string { return notHeld(deepstateSays(a)) }, same: notHeld,
	},
	{
		folder: "deepstate_raw", seams: "deepstate_raw", want: 5564,
		class: func(r row) string { return r.deepstate }, distKm: func(r row) float64 { return r.deepstateKm },
		says: deepstateSays, same: func(class string) string { return class },
	},
	{
		folder: "owlmaps", seams: "owlmaps", want: 11129,
		class: func(r row) string { return r.owlmaps }, distKm: func(r row) float64 { return r.owlmapsKm },
		says: owlmapsSays, same: func(class string) string { return class },
	},
}

func deepstateSays(a control.Answer) string {
	switch a.EditionSide {
	case control.RU:
		return "RU"
	case control.Contested:
		return "UNKNOWN"
	default:
		return "UA"
	}
}

// notHeld: the daily maps draw no grey zone.
func notHeld(class string) string {
	if class == "RU" {
		return "RU"
	}
	return "not RU"
}

func owlmapsSays(a control.Answer) string {
	switch {
	case a.EditionSide == control.RU:
		return "RU"
	case a.EditionSide == control.UA && !a.Complement:
		return "UA_HELD_RU"
	}
	return "NOT_RU"
}

// bands of the distance to the line, in km.
var bands = []float64{0.5, 2, 5, 10, 40, math.Inf(1)}

func band(km float64) int {
	for i, top := range bands {
		if km < top {
			return i
		}
	}
	return len(bands) - 1
}

type share struct{ right, all int }

func (s share) String() string {
	if s.all == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d", s.right, s.all)
}

// days finds the edition of a day by the name of its file, whatever moment it is taken to describe: a date, or for a
// publication the second that it was made in.
func days(m *control.Maps) map[time.Time]control.Edition {
	out := map[time.Time]control.Edition{}
	for _, e := range m.Editions() {
		digits := inName.FindString(filepath.Base(e.File))
		if day, err := time.Parse("20060102", digits); err == nil {
			out[day] = e
		} else if second, err := strconv.ParseInt(digits, 10, 64); err == nil {
			out[time.Unix(second, 0).UTC().Truncate(24*time.Hour)] = e
		}
	}
	return out
}

var inName = regexp.MustCompile(`[0-9]{8,}`)
