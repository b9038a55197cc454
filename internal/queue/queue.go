package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// Work is what is done with one file and with one incident. Both methods are called from several goroutines, possibly
// more than once for the same id, and return soon after their context ends.
type Work interface {
	// ExtractMedia measures one file. done are the results that it has, of the current stages; each new one is handed
	// to commit before the next stage begins. The error is one of opening the file, of commit or of the context; a
	// stage that fails is a result.
	ExtractMedia(ctx context.Context, id pipeline.MediaID, done []pipeline.StageResult, commit pipeline.Commit) error

	// AssessIncident judges one incident. Incident and At of the judgement are filled in by the queue.
	AssessIncident(ctx context.Context, incident string) (store.Judgement, error)
}

// MaxTimeout is the longest time that one job may take: what takes longer must be cut into several. River takes a job
// that runs for an hour for dead, and this stays well below.
const MaxTimeout = 10 * time.Minute

// Config says how to work. Zero fields have the default that stands beside them.
type Config struct {
	Store    *store.Store
	LockPath string        // file to lock while running; one for each database
	Work     Work          //
	Stages   []store.Stage // the current extractors, in order: a file that has results of all is ready

	Workers  int                             // items at once; 1
	Attempts int                             // how often an item that fails is tried; 4
	Crashes  int                             // how many deaths of the process an item may see; 2
	Backoff  func(attempt int) time.Duration // pause after the attempt of that number, from 1; 0.5 s x attempt²
	Timeout  time.Duration                   // for one job; MaxTimeout, which is also the most
	SoftStop time.Duration                   // for work under way when Run is stopped; 5 s
	Now      func() time.Time                // clock for Judgement.At and the batch; time.Now
	Logger   *slog.Logger                    // River's messages; none
}

// Queue is ready to enqueue and to run.
type Queue struct {
	cfg    Config
	insert *river.Client[*sql.Tx] // only inserts
}

// New checks the configuration and returns all its faults together.
func New(cfg Config) (*Queue, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	cfg = cfg.withDefaults()
	insert, err := river.NewClient(riversqlite.New(cfg.Store.Writer()), &river.Config{Logger: cfg.Logger})
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return &Queue{cfg: cfg, insert: insert}, nil
}

func (c Config) check() error {
	var faults []error
	wrong := func(is bool, text string) {
		if is {
			faults = append(faults, errors.New(text))
		}
	}
	wrong(c.Store == nil, "store: missing")
	wrong(c.LockPath == "", "lock path: missing")
	wrong(c.Work == nil, "work: missing")
	wrong(len(c.Stages) == 0, "stages: missing")
	wrong(c.Workers < 0 || c.Workers > 1000, "workers: want 1 to 1000")
	wrong(c.Attempts < 0 || c.Attempts > 100, "attempts: want 1 to 100")
	wrong(c.Crashes < 0, "crashes: below 0")
	wrong(c.Timeout < 0 || c.Timeout > MaxTimeout, "timeout: want above 0 and at most 10m")
	wrong(c.SoftStop < 0, "soft stop: below 0")
	return errors.Join(faults...)
}

func (c Config) withDefaults() Config {
	c.Workers = max(c.Workers, 1)
	if c.Attempts == 0 {
		c.Attempts = 4
	}
	if c.Crashes == 0 {
		c.Crashes = 2 // the first may be bad luck, or the fault of another item
	}
	if c.Backoff == nil {
		// Below 5 s in all: up to that, River needs no leader to bring a job back, and a dead one may still hold office.
		c.Backoff = func(attempt int) time.Duration { return 500 * time.Millisecond * time.Duration(attempt*attempt) }
	}
	if c.Timeout == 0 {
		c.Timeout = MaxTimeout
	}
	if c.SoftStop == 0 {
		c.SoftStop = 5 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

// extractArgs is the job that measures one file for one batch.
type extractArgs struct {
	Batch store.BatchID    `json:"batch"`
	Media pipeline.MediaID `json:"media"`
}

func (extractArgs) Kind() string { return "extract" }

// assessArgs is the job that judges one incident for one batch.
type assessArgs struct {
	Batch    store.BatchID `json:"batch"`
	Incident string        `json:"incident"`
}

func (assessArgs) Kind() string { return "assess" }
