package hashindex

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"sync"
)

// Writer is an open index that can be changed. Its methods may be called by many goroutines at once; Merge goes on while
// others search, insert and commit.
type Writer[C Code] struct {
	Index[C]
	w *writer
}

type writer struct {
	folder
	state *state
	lock  *lock

	merging sync.Mutex // held by Merge and Close; before mu

	mu      sync.Mutex // guards what follows; before state.mu
	log     *os.File
	number  uint64 // of the log
	batch   uint64 // of the next Commit
	pending []byte // its records
	count   uint64
	// broken is the first error after which the end of the log is in doubt. The writer then refuses changes; opened anew,
	// it cuts off what was not committed.
	broken error
}

// Build makes a new index of all prints in a folder, which is made if absent and must not hold an index yet (ErrExists).
// It keeps the prints in memory twice for a while. A crash leaves a folder that a later Build or OpenWriter starts anew.
func Build[C Code](dir string, prints iter.Seq2[uint64, C]) error {
	return build(&folder{dir: dir, words: wordsOf[C]()}, layoutFor, pileOf(prints))
}

func pileOf[C Code](prints iter.Seq2[uint64, C]) *pile {
	p := &pile{words: wordsOf[C]()}
	for id, c := range prints {
		w := widen(c)
		p.add(id, &w)
	}
	return p
}

func build(f *folder, shape func(words, n int) layout, p *pile) error {
	lock, err := f.take()
	if err != nil {
		return err
	}
	_, err = f.current()
	switch {
	case err == nil:
		err = ErrExists
	case errors.Is(err, fs.ErrNotExist):
		err = f.begin(p, shape(p.words, p.len()))
	}
	return errors.Join(err, lock.release())
}

func (f *folder) take() (*lock, error) {
	if err := checkMachine(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return nil, fmt.Errorf("hashindex: %w", err)
	}
	return takeLock(f.path(lockName))
}

// begin makes the first files of an index. CURRENT.new is there before any other and until CURRENT is, so that files
// without both are known to have lost their CURRENT and are not overwritten.
func (f *folder) begin(p *pile, l layout) error {
	found, err := f.list()
	if err != nil {
		return err
	}
	if !found.next && len(found.bases)+len(found.logs) > 0 {
		return &DamagedError{File: currentName, Section: "file", Why: "absent, but not what it named"}
	}
	if err := f.announce(1); err != nil {
		return err
	}
	for _, n := range found.logs {
		if err := f.remove(logName(n)); err != nil {
			return err
		}
	}
	if err := f.newBase(1, p, l); err != nil {
		return err
	}
	if err := f.newLog(1, 1); err != nil {
		return err
	}
	log, err := f.openNewLog(1)
	if err != nil {
		return err
	}
	if err := log.Close(); err != nil {
		return fmt.Errorf("hashindex: %w", err)
	}
	return f.promise()
}

// OpenWriter opens the index in a folder for changes, or makes an empty one. It is ErrLocked while another writer, of this
// process or another, has it.
func OpenWriter[C Code](dir string) (*Writer[C], error) {
	w, err := openWriter(&folder{dir: dir, words: wordsOf[C]()})
	if err != nil {
		return nil, err
	}
	return &Writer[C]{Index: Index[C]{state: w.state}, w: w}, nil
}

func openWriter(f *folder) (*writer, error) {
	lock, err := f.take()
	if err != nil {
		return nil, err
	}
	w := &writer{folder: *f, lock: lock}
	if err := w.open(); err != nil {
		return nil, errors.Join(err, lock.release())
	}
	return w, nil
}

func (w *writer) open() error {
	if _, err := w.current(); errors.Is(err, fs.ErrNotExist) {
		if err := w.begin(&pile{words: w.words}, layout{}); err != nil {
			return err
		}
	}
	o, err := w.load()
	if err != nil {
		return err
	}
	w.state, w.number, w.batch = o.state, o.log, o.batch
	if err := w.resume(o); err != nil {
		return errors.Join(err, o.state.close())
	}
	return nil
}

// resume clears what a crash left and makes the log end with its last whole batch.
func (w *writer) resume(o *opened) error {
	// What is read may not be durable yet, if the process before was killed; nothing older may go before it is.
	if err := w.sync(); err != nil {
		return err
	}
	if err := w.clear(o.base); err != nil {
		return err
	}
	log, err := w.appendTo(logName(o.log))
	if err != nil {
		return err
	}
	if o.state.cutBytes > 0 {
		err = log.Truncate(o.whole)
	}
	if err := errors.Join(err, log.Sync()); err != nil {
		return errors.Join(fmt.Errorf("hashindex: cut log: %w", err), log.Close())
	}
	w.log = log
	return nil
}

// Insert adds an entry at the next Commit.
func (x *Writer[C]) Insert(id uint64, code C) error {
	c := widen(code)
	return x.w.note(opInsert, id, &c)
}

// Delete removes all entries of the id, as of the calls before, at the next Commit. An id that is not there is fine.
func (x *Writer[C]) Delete(id uint64) error { return x.w.note(opDelete, id, &wide{}) }

func (w *writer) note(op uint32, id uint64, c *wide) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken != nil {
		return w.broken
	}
	w.pending = appendRecord(w.pending, w.words, op, w.batch, id, c)
	w.count++
	return nil
}

// Commit makes the changes since the last Commit durable, all or none, then shows them to searches. After an error the
// writer must be closed, and opened anew; whether the changes are there then is open, but never a part of them.
func (x *Writer[C]) Commit() error { return x.w.commit() }

func (w *writer) commit() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken != nil || w.count == 0 {
		return w.broken
	}
	records := len(w.pending)
	w.pending = appendRecord(w.pending, w.words, opCommit, w.batch, w.count, &wide{})
	if err := w.append(w.pending); err != nil {
		w.broken = fmt.Errorf("hashindex: commit: %w", err)
		return w.broken
	}
	w.state.mu.Lock()
	applyRecords(w.state.live, w.pending[:records])
	w.state.mu.Unlock()
	w.pending, w.count, w.batch = w.pending[:0], 0, w.batch+1
	return nil
}

func (w *writer) append(records []byte) error {
	if err := w.may("append"); err != nil {
		return err
	}
	if _, err := w.log.Write(records); err != nil {
		return err
	}
	if err := w.may("sync log"); err != nil {
		return err
	}
	return w.log.Sync()
}

// Close drops what was not committed, waits for a merge and for searches under way, and lets other writers in.
func (x *Writer[C]) Close() error { return x.w.close() }

func (w *writer) close() error {
	w.merging.Lock()
	defer w.merging.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	if errors.Is(w.broken, ErrClosed) {
		return nil
	}
	w.broken = ErrClosed
	return errors.Join(w.state.close(), w.log.Close(), w.lock.release())
}
