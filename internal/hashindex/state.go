package hashindex

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// state is an open index: what a search reads.
type state struct {
	words int

	mu sync.RWMutex // held for reading by each search; guards what follows
	// base is immutable; frozen is the delta that a merge under way (or one that failed) is to add to it, or nil; live is
	// what came after. base changes in Merge and Close only, which exclude each other.
	base   *base
	frozen *delta
	live   *delta
	closed bool

	cutBytes int64
}

// opened is a state and where a writer goes on.
type opened struct {
	state *state
	base  uint64 // number
	log   uint64 // number of the last
	batch uint64 // the next
	whole int64  // bytes of the last log that are kept
}

// loadTries bounds how often a reader starts again because a writer merged meanwhile.
const loadTries = 10

// load opens the files that CURRENT names. A writer in another process may put them away in the middle of it, hence the
// second try when CURRENT has changed.
func (f *folder) load() (*opened, error) {
	for try := 1; ; try++ {
		number, err := f.current()
		if err != nil {
			return nil, err
		}
		o, err := f.loadNumber(number)
		if err == nil {
			return o, nil
		}
		if now, e := f.current(); e != nil || now == number || try == loadTries {
			return nil, err
		}
	}
}

func (f *folder) loadNumber(number uint64) (*opened, error) {
	l, err := f.list()
	if err != nil {
		return nil, err
	}
	b, err := openBase(f.path(baseName(number)), f.words)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &DamagedError{File: baseName(number), Section: "file", Why: "absent"}
	}
	if err != nil {
		return nil, err
	}
	o := &opened{base: number, state: &state{words: f.words, base: b, live: newDelta(f.words)}}
	if err := f.replay(o, l.logs); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return o, nil
}

// replay reads the logs from the base's number on. All but the last were ended by a merge and are whole.
func (f *folder) replay(o *opened, logs []uint64) error {
	for len(logs) > 0 && logs[0] < o.base {
		logs = logs[1:]
	}
	o.log = o.base
	for i := 0; ; i++ {
		number := o.base + uint64(i)
		if i >= len(logs) || logs[i] != number {
			return &DamagedError{File: logName(number), Section: "file", Why: "absent"}
		}
		cut, err := f.replayOne(o, number)
		if err != nil {
			return err
		}
		if i == len(logs)-1 {
			o.state.cutBytes = cut
			return nil
		}
		if cut > 0 {
			return &DamagedError{File: logName(number), Section: "records", Why: "ends within a record or batch"}
		}
	}
}

func (f *folder) replayOne(o *opened, number uint64) (cut int64, err error) {
	data, err := os.ReadFile(f.path(logName(number)))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, &DamagedError{File: logName(number), Section: "file", Why: "absent"}
	}
	if err != nil {
		return 0, fmt.Errorf("hashindex: %w", err)
	}
	r := replay{file: logName(number), words: f.words, into: o.state.live}
	if err := r.head(data, o.batch); err != nil {
		return 0, err
	}
	if err := r.records(data); err != nil {
		return 0, err
	}
	o.log, o.batch, o.whole = number, r.batch, int64(r.whole)
	return int64(len(data) - r.whole), nil
}

// search reports to visit what lies within the radius of each of at most scanQueries queries.
func (s *state) search(queries []wide, radius int, visit func(query int, id uint64, distance int)) error {
	if radius < 0 {
		return nil
	}
	radius = min(radius, 64*s.words)
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return ErrClosed
	}
	err := s.base.search(queries, radius, func(query, i, distance int) {
		if id := s.base.ids[i]; !s.live.kills(id) && (s.frozen == nil || !s.frozen.kills(id)) {
			visit(query, id, distance)
		}
	})
	if err != nil {
		return err
	}
	if d := s.frozen; d != nil {
		scanPile(s.words, d.codes, queries, radius, func(query, i, distance int) {
			if d.alive(i) && !s.live.kills(d.ids[i]) {
				visit(query, d.ids[i], distance)
			}
		})
	}
	scanPile(s.words, s.live.codes, queries, radius, func(query, i, distance int) {
		if s.live.alive(i) {
			visit(query, s.live.ids[i], distance)
		}
	})
	return nil
}

// search takes the way that the plan of the radius names.
func (b *base) search(queries []wide, radius int, hit func(query, i, distance int)) error {
	return b.guard(func() error {
		p := &b.plans[radius]
		if p.scan {
			b.scan(queries, radius, hit)
			return nil
		}
		for j := range queries {
			if err := b.probe(&queries[j], radius, p, func(i, distance int) { hit(j, i, distance) }); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *base) probe(q *wide, radius int, p *plan, hit func(i, distance int)) error {
	if b.head.words == 1 {
		return b.probe64(q[0], radius, p, hit)
	}
	return b.probe256(q, radius, p, hit)
}

func (s *state) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return s.base.close()
}
