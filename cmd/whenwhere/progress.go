package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"whenwhere/internal/queue"
)

// progress shows how far the work is: bars with rate and time left on a terminal, plain lines now and then elsewhere.
type progress struct {
	out     io.Writer
	bars    *mpb.Progress // nil when out is no terminal
	extract *mpb.Bar
	assess  *mpb.Bar
	started time.Time
	said    time.Time
	last    queue.Progress
}

// quietFor is how long plain lines keep silent: a batch of seconds says one line at its end, a batch of hours two a
// minute.
const quietFor = 30 * time.Second

func newProgress(out io.Writer) *progress {
	p := &progress{out: out, started: time.Now(), said: time.Now()}
	if f, ok := out.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		p.bars = mpb.New(mpb.WithOutput(out), mpb.WithWidth(60))
		p.extract, p.assess = p.bar("media"), p.bar("incidents")
	}
	return p
}

func (p *progress) bar(name string) *mpb.Bar {
	return p.bars.AddBar(0,
		mpb.PrependDecorators(decor.Name(name, decor.WC{W: 10, C: decor.DindentRight}), decor.CountersNoUnit("%d / %d", decor.WCSyncSpace)),
		mpb.AppendDecorators(decor.AverageSpeed(0, "%.1f/s", decor.WCSyncSpace), decor.Name("  left "), decor.AverageETA(decor.ET_STYLE_GO)))
}

// tell is called by one goroutine only.
func (p *progress) tell(now queue.Progress) {
	p.last = now
	if p.bars != nil {
		set(p.extract, now.ExtractDone, now.ExtractTotal)
		set(p.assess, now.AssessDone, now.AssessTotal)
		return
	}
	if time.Since(p.said) >= quietFor {
		p.said = time.Now()
		p.line()
	}
}

func set(b *mpb.Bar, done, total int) {
	b.SetTotal(int64(total), false)
	b.SetCurrent(int64(done))
}

func (p *progress) line() {
	elapsed := time.Since(p.started).Seconds()
	rate := float64(p.last.ExtractDone) / max(elapsed, 0.001)
	left := "?"
	switch {
	case p.last.ExtractDone == p.last.ExtractTotal:
		left = "0s"
	case rate > 0:
		left = (time.Duration(float64(p.last.ExtractTotal-p.last.ExtractDone)/rate) * time.Second).String()
	}
	fmt.Fprintf(p.out, "media %d/%d (%.1f/s, %s left), incidents %d/%d, failed %d\n",
		p.last.ExtractDone, p.last.ExtractTotal, rate, left, p.last.AssessDone, p.last.AssessTotal, p.last.Failed)
}

// close ends the bars, or says the last plain line.
func (p *progress) close() {
	if p.bars == nil {
		if p.last.ExtractTotal+p.last.AssessTotal > 0 {
			p.line()
		}
		return
	}
	p.extract.Abort(false)
	p.assess.Abort(false)
	p.bars.Wait()
}
