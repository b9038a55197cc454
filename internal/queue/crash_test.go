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
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"whenwhere/internal/queue"
	"whenwhere/internal/store/sqlite"
	"whenwhere/pipeline"
)

// The test binary is also the process that is killed: with this variable set it works on the database in that folder.
const workerDir, workerPoison, workerCount = "QUEUE_TEST_DIR", "QUEUE_TEST_POISON", "QUEUE_TEST_WORKERS"

func TestMain(m *testing.M) {
	if dir := os.Getenv(workerDir); dir != "" {
		if err := work(dir, os.Getenv(workerPoison), os.Getenv(workerCount)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// work is the process: it says when it begins, and ends when the queue is drained.
func work(dir, poison, workers string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, filepath.Join(dir, "case.db"))
	if err != nil {
		return err
	}
	f := newFake(s)
	die := func(is string) error {
		if is == poison {
			return syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
		return nil
	}
	f.media = func(_ context.Context, id pipeline.MediaID) error { return die(id.String()) }
	f.assess = func(_ context.Context, incident string) error { return die(incident) }
	cfg := config(s, dir, f)
	if _, err := fmt.Sscan(workers, &cfg.Workers); err != nil {
		return err
	}
	if poison == "" {
		cfg.Crashes = 1 << 30 // here it is always the killer's fault
	}
	q, err := queue.New(cfg)
	if err != nil {
		return err
	}
	fmt.Println("running")
	return errors.Join(q.Run(ctx, nil), s.Close())
}

// start runs the process until it says that it begins.
func (b *bench) start(t *testing.T, poison string, workers int) (cmd *exec.Cmd, stderr *strings.Builder) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), workerDir+"="+b.dir, workerPoison+"="+poison, workerCount+"="+fmt.Sprint(workers))
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
	b := setUp(t, 200)
	batch := enqueue(t, b.queue(t, nil), b.batch)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	kills, deadline := 0, time.Now().Add(8*time.Second)
	for {
		cmd, stderr := b.start(t, "", 8)
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
}

func TestPoisonEndsAsFailedAndHarmsNoOther(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{1, 8} {
		for _, poison := range []string{mediaID(7).String(), "incident-003"} {
			t.Run(fmt.Sprintf("%d workers, %.12s", workers, poison), func(t *testing.T) {
				t.Parallel()
				b := setUp(t, 20)
				batch := enqueue(t, b.queue(t, nil), b.batch)
				deaths := 0
				for ; ; deaths++ {
					if cmd, stderr := b.start(t, poison, workers); !killed(t, cmd, stderr) {
						break
					}
					if deaths > 5 {
						t.Fatal("it goes on for ever")
					}
				}
				if deaths < 2 || deaths > 3 {
					t.Errorf("the process died %d times, want 2", deaths)
				}
				b.checkPoisoned(t, poison)
				if f := b.failures(t, batch); len(f) != 1 || !strings.Contains(f[0].Cause, "the process died") {
					t.Errorf("failures %+v", f)
				}
			})
		}
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
