package queue_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"whenwhere/internal/audit"
	"whenwhere/internal/queue"
	"whenwhere/internal/store/sqlite"
	"whenwhere/pipeline"
)

// The test binary is also the process that is killed: with this variable set it works on the database in that folder.
const (
	workerDir     = "QUEUE_TEST_DIR"
	workerPoison  = "QUEUE_TEST_POISON" // file or incident that kills the process
	workerCount   = "QUEUE_TEST_WORKERS"
	workerCrashes = "QUEUE_TEST_CRASHES" // Config.Crashes
)

// setting is how the process works.
type setting struct {
	poison           string
	workers, crashes int
}

func (s setting) env(dir string) []string {
	return append(os.Environ(), workerDir+"="+dir, workerPoison+"="+s.poison,
		workerCount+"="+strconv.Itoa(s.workers), workerCrashes+"="+strconv.Itoa(s.crashes))
}

func settingOf(env func(string) string) (s setting, err error) {
	s.poison = env(workerPoison)
	var errCrashes error
	s.workers, err = strconv.Atoi(env(workerCount))
	s.crashes, errCrashes = strconv.Atoi(env(workerCrashes))
	return s, errors.Join(err, errCrashes)
}

func TestMain(m *testing.M) {
	if dir := os.Getenv(workerDir); dir != "" {
		if err := work(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// work is the process: it says when it begins, and ends when the queue is drained.
func work(dir string) error {
	ctx := context.Background()
	how, err := settingOf(os.Getenv)
	if err != nil {
		return err
	}
	s, err := sqlite.Open(ctx, filepath.Join(dir, "case.db"))
	if err != nil {
		return err
	}
	f := newFake(s)
	die := func(is string) error {
		if is == how.poison {
			return syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
		return nil
	}
	f.media = func(_ context.Context, id pipeline.MediaID) error { return die(id.String()) }
	f.assess = func(_ context.Context, incident string) error { return die(incident) }
	cfg := config(s, dir, f)
	cfg.Workers, cfg.Crashes = how.workers, how.crashes
	q, err := queue.New(cfg)
	if err != nil {
		return err
	}
	fmt.Println("running")
	return errors.Join(q.Run(ctx, nil), s.Close())
}

// start runs the process until it says that it begins.
func (b *bench) start(t *testing.T, how setting) (cmd *exec.Cmd, stderr *strings.Builder) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = how.env(b.dir)
	stderr = &strings.Builder{}
	cmd.Stderr = stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("the process said %q, %v, %v: %s", line, err, cmd.Wait(), stderr)
	}
	return cmd, stderr
}

// killed reports whether the process died of SIGKILL; any other end but success is a failure of the test.
func killed(t *testing.T, cmd *exec.Cmd, stderr *strings.Builder) bool {
	t.Helper()
	err := cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
		return true
	}
	if err != nil {
		t.Fatalf("the process ended: %v: %s", err, stderr)
	}
	return false
}

func TestKilledAtRandomMoments(t *testing.T) {
	t.Parallel()
	b := setUp(t, killedMedia)
	batch := enqueue(t, b.queue(t, nil), b.batch)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	kills, deadline := 0, time.Now().Add(8*time.Second)
	for {
		cmd, stderr := b.start(t, setting{workers: 8, crashes: 1 << 30}) // here it is always the killer's fault
		if time.Now().Before(deadline) {
			time.AfterFunc(time.Duration(random.Int64N(int64(120*time.Millisecond))), func() { _ = cmd.Process.Kill() })
		}
		if !killed(t, cmd, stderr) {
			break
		}
		kills++
	}
	t.Logf("killed %d times, seed %d", kills, seed)
	if kills < 3 {
		t.Errorf("only %d kills: nothing was tried", kills)
	}
	if diff := cmp.Diff(b.expected(t), b.outcome(t)); diff != "" {
		t.Errorf("seed %d: outcome (-want +got):\n%s", seed, diff)
	}
	if c, err := b.store.Batch(t.Context(), batch); err != nil || c.Open() || c.Failed != 0 {
		t.Errorf("seed %d: batch %+v, %v", seed, c, err)
	}
	if f := b.failures(t, batch); len(f) != 0 {
		t.Errorf("seed %d: failures %+v", seed, f)
	}
	b.checkLog(t)
}

// checkLog checks that each result has its leaf and each leaf its result, whatever was killed.
func (b *bench) checkLog(t *testing.T) {
	t.Helper()
	log, err := audit.Check(t.Context(), b.store, audit.PublicKey{})
	must(t, err)
	held := log.Holdings()
	must(t, b.store.Held(t.Context(), func(h audit.Held) error { held.Add(h); return nil }))
	for _, d := range append(log.Damage, held.Damage()...) {
		t.Errorf("log: %s", d)
	}
	if least := len(b.batch.Media)*(1+len(stages)) + 2*len(b.batch.Incidents); log.Size != int64(least) {
		t.Errorf("%d leaves, want one each for %d results", log.Size, least)
	}
}

func TestPoisonEndsAsFailedAndHarmsNoOther(t *testing.T) {
	t.Parallel()
	for _, poison := range []string{mediaID(7).String(), "incident-003"} {
		for how, wantDeaths := range map[setting]int{
			{poison, 1, 2}: 2, // alone each time
			{poison, 8, 2}: 2, // among others, then alone
			{poison, 8, 1}: 2, // one death is enough, but not among others
			{poison, 1, 1}: 1,
		} {
			t.Run(fmt.Sprintf("%.12s, %d workers, %d crashes", poison, how.workers, how.crashes), func(t *testing.T) {
				t.Parallel()
				b := setUp(t, 20)
				batch := enqueue(t, b.queue(t, nil), b.batch)
				b.checkDeaths(t, how, wantDeaths)
				b.checkPoisoned(t, poison)
				if f := b.failures(t, batch); len(f) != 1 || !strings.Contains(f[0].Cause, "the process died") {
					t.Errorf("failures %+v", f)
				}
			})
		}
	}
}

// checkDeaths runs the process until it ends well. With several workers the poison may happen to run alone at its first
// death already, or another process die that had only just begun: one less or more is chance.
func (b *bench) checkDeaths(t *testing.T, how setting, want int) {
	t.Helper()
	deaths := 0
	for {
		cmd, stderr := b.start(t, how)
		if !killed(t, cmd, stderr) {
			break
		}
		if deaths++; deaths > want+1 {
			t.Fatal("it goes on for ever")
		}
	}
	if deaths != want && how.workers == 1 {
		t.Errorf("the process died %d times, want %d", deaths, want)
	}
}

// checkPoisoned checks that all is as expected but what the poison touched.
func (b *bench) checkPoisoned(t *testing.T, poison string) {
	t.Helper()
	want, got := b.expected(t), b.outcome(t)
	if poison == "incident-003" {
		want.Verdicts[poison] = nil
	} else {
		for _, r := range got.Results[mediaID(7)] {
			if r.Status != pipeline.Failed || !r.Retry || r.Cause == "" {
				t.Errorf("result of the poison: %+v", r)
			}
		}
		if n := len(got.Results[mediaID(7)]); n != len(stages) {
			t.Errorf("%d results of the poison", n)
		}
		want.Results[mediaID(7)] = got.Results[mediaID(7)]
		want.Verdicts["incident-003"] = got.Verdicts["incident-003"] // judged with what there is
		if len(got.Verdicts["incident-003"]) != 1 {
			t.Error("the incident of the poison was not judged")
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outcome (-want +got):\n%s", diff)
	}
}
