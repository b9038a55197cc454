package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"whenwhere/internal/control"
)

// rounds of taking turns; the median of each counts.
const rounds = 5

// postgis prints speed and answers beside PostGIS.
func postgis(ctx context.Context, front string, out io.Writer) (err error) {
	runtime.LockOSThread() // see startCluster
	runtime.GOMAXPROCS(1)
	m, err := measureLoad(front, out)
	if err != nil {
		return err
	}
	rows, err := readTable(front)
	if err != nil {
		return err
	}
	c, err := startCluster(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, c.stop()); ctx.Err() != nil {
			err = fmt.Errorf("%w; the cluster is removed", ctx.Err()) // what broke off is of no more interest
		}
	}()
	s, err := c.connect(ctx)
	if err != nil {
		return err
	}
	defer s.close() // what it says at the end is of no more interest
	ours, ok := m.Provider("deepstate")
	if !ok {
		return errors.New("no maps of deepstate")
	}
	b := &bench{ours: ours, p: &peer{c, s}, questions: someQuestions(rows, days(m)), out: out}
	took, err := b.p.load(front)
	if err != nil {
		return err
	}
	if err := b.p.take(b.questions); err != nil {
		return err
	}
	version, err := s.value("SELECT split_part(version(), ' (', 1) || ', PostGIS ' || postgis_lib_version()")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, from the same files to tables with indices: %.1f s\n", version, took.Seconds())
	fmt.Fprintf(out, "one core each, in turns, %d places and days, median of %d rounds\n\n", asked, rounds)
	return b.compare(ctx)
}

// bench asks both sides the same.
type bench struct {
	ours      *control.Provider
	p         *peer
	questions []question
	out       io.Writer
}

func (b *bench) compare(ctx context.Context) error {
	if err := b.agree(); err != nil {
		return err
	}
	if err := b.race(ctx, "side", b.sides, sideWays, func(w way) error { _, err := b.p.sides(w); return err }); err != nil {
		return err
	}
	return b.race(ctx, "signed distance", b.distances, distanceWays,
		func(w way) error { _, err := b.p.distances(w, ""); return err })
}

// race prints the speed of ours and of each way, in answers per second.
func (b *bench) race(ctx context.Context, what string, ours func(), ways []way, ask func(way) error) error {
	mine, theirs := make([]float64, rounds), make([][]float64, len(ways))
	for r := range rounds {
		mine[r] = perSecond(ours)
		for i, w := range ways {
			start := time.Now()
			if err := ask(w); err != nil {
				return err
			}
			theirs[i] = append(theirs[i], asked/time.Since(start).Seconds())
		}
	}
	speed := median(mine)
	fmt.Fprintf(b.out, "%-16s %-62s %10.0f /s\n", what, "whenwhere", speed)
	for i, w := range ways {
		b.line(w.name, median(theirs[i]), speed)
	}
	one, err := b.oneByOne(ctx, ways[1])
	if err != nil {
		return err
	}
	b.line("the same as a prepared statement, one by one over the socket", one, speed)
	return nil
}

func (b *bench) line(name string, theirs, ours float64) {
	fmt.Fprintf(b.out, "%-16s PostGIS: %-53s %10.0f /s   ratio %.0f\n", "", name, theirs, ours/theirs)
}

// perSecond repeats ours until the clock is long enough to be trusted.
func perSecond(ours func()) float64 {
	start, n := time.Now(), 0
	for time.Since(start) < 200*time.Millisecond {
		ours()
		n += asked
	}
	return float64(n) / time.Since(start).Seconds()
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

func (b *bench) sides() {
	for i := range b.questions {
		b.ours.SideAt(b.questions[i].where, b.questions[i].at)
	}
}

func (b *bench) distances() {
	for i := range b.questions {
		b.ours.DistanceAt(b.questions[i].where, b.questions[i].at)
	}
}

// agree compares the answers before any is timed.
func (b *bench) agree() error {
	differ, err := b.agreeOnSides()
	if err != nil {
		return err
	}
	ours := make([]float64, asked)
	for i, q := range b.questions {
		_, ours[i], _ = b.ours.DistanceAt(q.where, q.at)
	}
	for _, w := range distanceWays {
		theirs, err := b.p.distances(w, "")
		if err != nil {
			return err
		}
		fmt.Fprintf(b.out, "distance: %-62s %s\n", w.name+":", differences(ours, theirs))
	}
	return b.agreeExactly(ours, differ)
}

// agreeOnSides asks PostGIS for the map of the day and for the one that follows, because we call a place contested where the
// two differ.
func (b *bench) agreeOnSides() (differ int, err error) {
	now, err := b.p.sides(sideWays[0])
	if err != nil {
		return 0, err
	}
	next, err := b.p.sides(nextWay)
	if err != nil {
		return 0, err
	}
	if len(now) != asked || len(next) != asked {
		return 0, fmt.Errorf("PostGIS answered %d and %d of %d questions", len(now), len(next), asked)
	}
	count := map[control.Side]int{}
	for i, q := range b.questions {
		side, _ := b.ours.SideAt(q.where, q.at)
		count[side]++
		if side != inWords(now[i], next[i]) {
			differ++
		}
	}
	fmt.Fprintf(b.out, "side: the same answer to %d of %d questions (%d ru, %d ua, %d contested until the next map)\n",
		asked-differ, asked, count[control.RU], count[control.UA], count[control.Contested])
	return differ, nil
}

func inWords(now, next byte) control.Side {
	switch {
	case now != next:
		return control.Contested
	case now == '1':
		return control.RU
	}
	return control.UA
}

// sampled: every so many questions are asked of the exact way too, which takes milliseconds for each.
const sampled = 40

// toleranceM is 0.01 % of 200 km: what package geo promises, and no place asked about is farther from the line.
const toleranceM = 20

func (b *bench) agreeExactly(ours []float64, differ int) error {
	var some []float64
	for i := sampled - 1; i < asked; i += sampled {
		some = append(some, math.Abs(ours[i]))
	}
	worst := 0.0
	for _, w := range exactWays {
		theirs, err := b.p.distances(w, fmt.Sprintf(" WHERE q.id %% %d = 0", sampled))
		if err != nil {
			return err
		}
		worst = worstOf(some, theirs) // the last way is the most exact one
		fmt.Fprintf(b.out, "distance: %-62s %s\n", w.name+":", differences(some, theirs))
	}
	fmt.Fprintln(b.out)
	if differ > 0 || worst > toleranceM {
		return fmt.Errorf("%d sides differ from PostGIS, and distances by up to %.1f m (limit %d)", differ, worst, toleranceM)
	}
	return nil
}

func worstOf(a, b []float64) (worst float64) {
	for i := range a {
		worst = max(worst, math.Abs(a[i]-b[i]))
	}
	return worst
}

func differences(ours, theirs []float64) string {
	if len(ours) != len(theirs) {
		return fmt.Sprintf("%d answers, want %d", len(theirs), len(ours))
	}
	var relative float64
	metre := 0
	for i, d := range ours {
		gap := math.Abs(d - theirs[i])
		if gap > 1 {
			metre++
		}
		relative = max(relative, gap/max(math.Abs(d), 1000))
	}
	return fmt.Sprintf("differs by at most %.2f m (%.3f %%), by over 1 m in %d of %d",
		worstOf(ours, theirs), 100*relative, metre, len(ours))
}

// oneByOne is how many questions a second one client gets answered with a prepared statement, as pgbench measures it.
func (b *bench) oneByOne(ctx context.Context, w way) (float64, error) {
	script := filepath.Join(b.p.c.dir, "one.sql")
	text := fmt.Sprintf("\\set id random(1, %d)\nSELECT %s FROM %s WHERE q.id = :id;\n", asked, w.expr, w.from)
	if err := os.WriteFile(script, []byte(text), 0o644); err != nil {
		return 0, err
	}
	cmd := b.p.c.command(ctx, "pgbench", "-n", "-M", "prepared", "-c", "1", "-j", "1", "-T", "3", "-f", script)
	report, err := cmd.Output()
	if err != nil {
		var said *exec.ExitError
		if errors.As(err, &said) {
			return 0, fmt.Errorf("pgbench: %w: %s", err, said.Stderr)
		}
		return 0, err
	}
	_, after, found := strings.Cut(string(report), "\ntps = ")
	number, _, _ := strings.Cut(after, " ")
	if !found {
		return 0, fmt.Errorf("pgbench: no speed in its report: %s", report)
	}
	return strconv.ParseFloat(number, 64)
}
