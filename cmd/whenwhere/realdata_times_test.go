package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"whenwhere/internal/report"
	"whenwhere/internal/truth"
	"whenwhere/pipeline"
)

// TestRealTimes claims the place of each real file and no time, and holds the estimate of when it was made against the
// truth: the true instant lies in the 95 % set, or the anomaly of the file is named. Run it with -v for the table.
func TestRealTimes(t *testing.T) {
	needFFmpeg(t)
	root := realData(t)
	photos := readPhotos(t, root)
	c := newRealCase(t)
	for i, p := range photos {
		file := c.add(filepath.Join(root, filepath.FromSlash(p.Path)), "media", fmt.Sprintf("%02d", i), p.Name())
		c.claim(claimID(i), file, pipeline.Claim{Where: p.Place})
	}
	verdicts, _ := c.verify(t.TempDir())
	count := map[string]int{}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "file\ttruth\tanswer\tanomalies\testimate")
	for i, p := range photos {
		answer, e := heldAgainst(p, verdicts[claimID(i)])
		count[answer]++
		if answer == wrong {
			t.Errorf("%s: made %v, and no anomaly is named: %s", p.Name(), p.When, report.Moment(e))
		}
		truth := "unknown"
		if p.When != nil {
			truth = p.When.From.Add(p.When.Duration() / 2).Format(time.DateTime)
			if p.Wide {
				truth = "about " + truth
			}
		}
		said := "."
		if len(e.Items) > 0 {
			said = report.Moment(e)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.Name(), truth, answer, strings.Join(e.Flags, ", "), said)
	}
	w.Flush()
	t.Logf("\n%s\n%v", table.String(), count)
	// Measured 45 of 46. The one without an estimate states no time, and its truth is unknown.
	if count[inSet] < 45 || count[wrong] > 0 {
		t.Errorf("%v", count)
	}
}

// The answers.
const (
	inSet    = "in the 95 % set"
	named    = "outside, anomaly named"
	wrong    = "WRONG"
	noAnswer = "no estimate"
	noTruth  = "truth unknown"
)

func heldAgainst(p truth.Photo, v realVerdict) (string, pipeline.Estimate) {
	if len(v.Times) == 0 {
		return noAnswer, pipeline.Estimate{}
	}
	e := v.Times[0]
	if len(e.Within95.Spans) == 0 {
		return noAnswer, e
	}
	if p.When == nil {
		return noTruth, e
	}
	truth := *p.When
	if !p.Wide { // known to the minute: the slack of claims is none of the truth
		middle := truth.From.Add(truth.Duration() / 2)
		truth = pipeline.Span{From: middle, To: middle.Add(time.Second)}
	}
	for _, s := range e.Within95.Spans {
		if s.Overlaps(truth) {
			return inSet, e
		}
	}
	if len(e.Flags) > 0 {
		return named, e
	}
	return wrong, e
}
