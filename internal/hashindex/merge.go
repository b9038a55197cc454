package hashindex

import (
	"errors"
	"fmt"
)

// Merge writes a new base of everything that is committed, and then goes on with an empty log. Searches, inserts and
// commits go on meanwhile. After an error the index holds what it held, in memory and on disk, and Merge may be tried
// again. A damaged base is not merged, for its damage would get a right checksum.
func (x *Writer[C]) Merge() error { return x.w.merge(layoutFor) }

func (w *writer) merge(shape func(words, n int) layout) error {
	w.merging.Lock()
	defer w.merging.Unlock()
	number, err := w.rotate()
	if err != nil || number == 0 {
		return err
	}
	p, err := w.collect()
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	if err := w.newBase(number, p, shape(w.words, p.len())); err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	fresh, err := openBase(w.path(baseName(number)), w.words)
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	if err := w.swap(number, fresh); err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	return w.clear(number)
}

// rotate ends the log, so that commits from now on are not of this merge, and freezes what it held together with what
// an earlier merge failed to add. It gives the number of the new log, or 0 if there is nothing to merge.
func (w *writer) rotate() (uint64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken != nil {
		return 0, w.broken
	}
	if w.state.frozen == nil && w.state.live.empty() {
		return 0, nil
	}
	if err := w.newLog(w.number+1, w.batch); err != nil {
		return 0, fmt.Errorf("merge: %w", err)
	}
	log, err := w.openNewLog(w.number + 1)
	if err != nil {
		// The new log may be there or not, so a batch added to the old one could stand behind it, or before it.
		w.broken = fmt.Errorf("merge: new log: %w", err)
		return 0, w.broken
	}
	old := w.log
	w.log, w.number = log, w.number+1
	w.state.mu.Lock()
	if w.state.frozen == nil {
		w.state.frozen = newDelta(w.words)
	}
	w.state.frozen.follow(w.state.live)
	w.state.live = newDelta(w.words)
	w.state.mu.Unlock()
	if err := old.Close(); err != nil {
		return 0, fmt.Errorf("merge: close log: %w", err)
	}
	return w.number, nil
}

// collect gathers what is alive in the base and the frozen delta, neither of which changes during a merge.
func (w *writer) collect() (*pile, error) {
	b, frozen := w.state.base, w.state.frozen
	if err := b.check(); err != nil {
		return nil, err
	}
	p := &pile{words: w.words}
	err := b.each(func(i int, c *wide) {
		if id := b.ids[i]; !frozen.kills(id) {
			p.add(id, c)
		}
	})
	for i, id := range frozen.ids {
		if frozen.alive(i) {
			var c wide
			copy(c[:], frozen.codes[i*w.words:(i+1)*w.words])
			p.add(id, &c)
		}
	}
	return p, err
}

// swap puts the new base in the place of the old, on disk first. If the disk fails at the end, either base may come
// back; each is right with the logs that stay for it.
func (w *writer) swap(number uint64, fresh *base) error {
	err := w.announce(number)
	if err == nil {
		err = w.promise()
	}
	if err != nil {
		return errors.Join(err, fresh.close())
	}
	w.state.mu.Lock()
	old := w.state.base
	w.state.base, w.state.frozen = fresh, nil
	w.state.mu.Unlock()
	return old.close()
}
