package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"whenwhere/internal/audience"
	"whenwhere/internal/audit"
	"whenwhere/internal/gazetteer"
	"whenwhere/internal/geo"
	"whenwhere/internal/report"
	"whenwhere/internal/report/formats"
	"whenwhere/internal/report/record"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// reportFormat is a format of reports. open begins a document.
type reportFormat struct {
	name, doc string
	open      func(*reportJob, io.Writer) reportSink
	whole     bool // the entries hold all that was measured, and not what tells types alone
}

// reportSink takes incidents one after the other, each of which may be given to the job's audience.
type reportSink interface {
	Add(context.Context, record.Entry) error
	Close() error
}

// reportFormats lists all formats: the machine formats of package formats, then those for people.
func reportFormats() []reportFormat {
	var out []reportFormat
	for _, f := range formats.All() {
		out = append(out, reportFormat{f.Name, f.Doc, func(j *reportJob, w io.Writer) reportSink {
			return recordSink{j, f.Open(w, formats.About{Audience: j.audience, Version: programVersion()})}
		}, false})
	}
	return append(out, htmlFormat())
}

// recordSink writes records of entries.
type recordSink struct {
	job *reportJob
	formats.Writer
}

func (s recordSink) Add(_ context.Context, e record.Entry) error {
	if r, ok := record.New(e, s.job.audience, s.job.areas); ok {
		return s.Writer.Add(r)
	}
	return nil
}

// reportJob writes one document.
type reportJob struct {
	options  reportOptions
	format   reportFormat
	audience audience.Audience
	ids      []string // as named; empty for all
	data     *data
	areas    audience.Areas
	leads    map[string]string // see record.Leads

	written    []string // ids
	lacking    []string // originals that could not be read, in words
	withheld   withheld
	unjudged   int
	statements int // left out
	sum        hash.Hash
	bytes      int64
}

// reportDone is what was written, for programs.
type reportDone struct {
	File      string            `json:"file"`
	Format    string            `json:"format"`
	Audience  audience.Audience `json:"audience"`
	Incidents int               `json:"incidents"`
	Withheld  withheld          `json:"withheld"` // by what people decided
	NotJudged int               `json:"not_judged"`
	Left      int               `json:"statements_left_out"`
	Bytes     int64             `json:"bytes"`
	SHA256    string            `json:"sha256"`
}

func (j *reportJob) run(cmd *cobra.Command) (err error) {
	ctx := cmd.Context()
	if j.data, err = openData(ctx, j.options.dataDir); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.data.Close()) }()
	places, _, err := loadGazetteer(cmd.ErrOrStderr(), j.data.dir, j.options.gazetteers)
	if err != nil {
		return err
	}
	j.areas = areasOf(places)
	write := func(w io.Writer) error { return j.write(ctx, w) }
	if j.options.file == "-" {
		err = write(cmd.OutOrStdout())
	} else {
		err = writeNew(j.options.file, write)
	}
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return j.say(cmd)
}

// areasOf names the raion, else the oblast, of a point; nil when no file has borders.
func areasOf(g *gazetteer.Gazetteer) audience.Areas {
	borders := 0
	for _, f := range g.Files() {
		borders += f.Areas
	}
	if borders == 0 {
		return nil
	}
	return func(at geo.LatLon) string {
		areas := g.Areas(at)
		if len(areas) == 0 {
			return ""
		}
		return areas[len(areas)-1].Name
	}
}

// write writes the document, and tells the log of it before it has its name.
func (j *reportJob) write(ctx context.Context, w io.Writer) error {
	j.sum, j.withheld = sha256.New(), withheld{}
	ids, err := j.reportIDs(ctx)
	if err != nil {
		return err
	}
	if j.leads, err = j.groups(ctx); err != nil {
		return err
	}
	sink := j.format.open(j, io.MultiWriter(w, j))
	for _, id := range ids {
		if err := j.add(ctx, sink, id); err != nil {
			return err
		}
	}
	if err := sink.Close(); err != nil {
		return err
	}
	return j.log(ctx)
}

// Write counts and sums what is written.
func (j *reportJob) Write(p []byte) (int, error) {
	j.bytes += int64(len(p))
	return j.sum.Write(p)
}

func (j *reportJob) add(ctx context.Context, sink reportSink, id string) error {
	e, judged, err := j.entry(ctx, id)
	switch {
	case err != nil:
		return err
	case !judged:
		j.unjudged++
		return nil
	}
	if j.options.all && e.Case.Incident.Claim.Kind == pipeline.KindStatement {
		j.statements++
		return nil
	}
	if !record.Allowed(e, j.audience) {
		j.withheld[e.Review.State()]++
		return nil
	}
	j.written = append(j.written, id)
	return sink.Add(ctx, e)
}

// log makes an event of each incident that was given.
func (j *reportJob) log(ctx context.Context) error {
	if len(j.written) == 0 {
		return nil
	}
	return j.data.store.Update(ctx, func(tx *store.Tx) error {
		for _, id := range j.written {
			event := store.Event{Action: audit.Exported, Kind: audit.KindExport, Incident: id, Params: []byte(j.format.name + " " + string(j.audience)),
				Tool: "report", Version: programVersion(), Result: bytes.Clone(j.sum.Sum(nil))}
			if err := tx.Log(ctx, event); err != nil {
				return err
			}
		}
		return nil
	})
}

// lacks keeps that an original could not be read, once.
func (j *reportJob) lacks(id pipeline.MediaID, why string) {
	if text := "sha256 " + id.String() + ": " + why; !slices.Contains(j.lacking, text) {
		j.lacking = append(j.lacking, text)
	}
}

func (j *reportJob) say(cmd *cobra.Command) error {
	done := reportDone{j.options.file, j.format.name, j.audience, len(j.written), j.withheld, j.unjudged, j.statements, j.bytes, hex.EncodeToString(j.sum.Sum(nil))}
	if n := done.Withheld.total(); n > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "withheld %d of %s, not approved for publication: %s\n", n, pipeline.Counted(n+done.Incidents, "incident"), done.Withheld)
	}
	if done.NotJudged > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "not written: %s without a verdict\n", pipeline.Counted(done.NotJudged, "incident"))
	}
	if done.Left > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "left out, as no incident: %s; written when named\n", pipeline.Counted(done.Left, "statement"))
	}
	for _, text := range j.lacking {
		fmt.Fprintln(cmd.ErrOrStderr(), text)
	}
	if err := j.print(cmd.OutOrStdout(), done); err != nil || len(j.lacking) == 0 {
		return err
	}
	return &codedError{exitPartial, errors.New("report: written, but originals could not be read: whenwhere audit check says what else is damaged")}
}

func (j *reportJob) print(out io.Writer, done reportDone) error {
	if j.options.json {
		return writeJSON(out, done)
	}
	if j.options.file != "-" {
		fmt.Fprintln(out, report.Plain(fmt.Sprintf("%s: %s, %s, for %s, %d bytes, sha256 %s", done.File, pipeline.Counted(done.Incidents, "incident"), done.Format, done.Audience, done.Bytes, done.SHA256)))
	}
	return nil
}
