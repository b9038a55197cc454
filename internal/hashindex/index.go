package hashindex

import "errors"

// Index is an open index. Its methods may be called by many goroutines at once.
type Index[C Code] struct{ state *state }

// Open opens the index in a folder for reading, as it is now: what a writer commits later shows after the next Open. No
// index there is an error that is fs.ErrNotExist; see also DamagedError and FormatError.
func Open[C Code](dir string) (*Index[C], error) {
	if err := checkMachine(); err != nil {
		return nil, err
	}
	o, err := (&folder{dir: dir, words: wordsOf[C]()}).load()
	if err != nil {
		return nil, err
	}
	return &Index[C]{state: o.state}, nil
}

func checkMachine() error {
	if !littleEndian() {
		return errors.New("hashindex: files are little-endian, this machine is not")
	}
	return nil
}

// Search calls visit for each entry whose distance to the code is at most radius (in bits), once, in no promised order.
// A negative radius finds nothing. It allocates nothing. visit must not call methods of the same index.
func (x *Index[C]) Search(code C, radius int, visit func(id uint64, distance int)) error {
	queries := [1]wide{widen(code)}
	return x.state.search(queries[:], radius, func(_ int, id uint64, distance int) { visit(id, distance) })
}

// SearchBatch is Search for each of the codes; visit gets the code's index in them. At large radii, where every entry is
// compared, it reads the index once for eight codes.
func (x *Index[C]) SearchBatch(codes []C, radius int, visit func(query int, id uint64, distance int)) error {
	var queries [scanQueries]wide
	for first := 0; first < len(codes); first += scanQueries {
		n := min(scanQueries, len(codes)-first)
		for j := range n {
			queries[j] = widen(codes[first+j])
		}
		err := x.state.search(queries[:n], radius, func(query int, id uint64, distance int) { visit(first+query, id, distance) })
		if err != nil {
			return err
		}
	}
	return nil
}

// Stats says what an index holds.
type Stats struct {
	Base      int   // entries of the base, deleted ones included
	Delta     int   // entries inserted since the base was written, deleted ones included
	Deleted   int   // ids deleted since, whether or not the index held them
	BaseBytes int64 // size of the base file
	// CutBytes counts what was cut off the end of the log at opening: a Commit that a crash kept from returning. If no
	// crash explains it, the last Commit was damaged afterwards.
	CutBytes int64
}

// Stats says what the index holds now.
func (x *Index[C]) Stats() Stats { return x.state.stats() }

func (s *state) stats() Stats {
	s.mu.RLock()
	defer s.mu.RUnlock()
	st := Stats{Base: s.base.head.n, Delta: s.live.len(), Deleted: len(s.live.dead), BaseBytes: int64(len(s.base.data)), CutBytes: s.cutBytes}
	if s.frozen != nil {
		st.Delta += s.frozen.len()
		st.Deleted += len(s.frozen.dead)
	}
	return st
}

// MergeDue says whether so much has changed that scanning it costs about as much as a search of the base.
func (s Stats) MergeDue() bool { return s.Delta+s.Deleted > 4096+s.Base/64 }

// Check reads the whole base and compares every checksum; the log was checked at opening. The error is a DamagedError.
func (x *Index[C]) Check() error {
	x.state.mu.RLock()
	defer x.state.mu.RUnlock()
	if x.state.closed {
		return ErrClosed
	}
	return x.state.base.check()
}

// Close waits for searches under way. Later ones give ErrClosed.
func (x *Index[C]) Close() error { return x.state.close() }
