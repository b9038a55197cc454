package known

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"whenwhere/internal/hashindex"
	"whenwhere/internal/likeness"
	"whenwhere/internal/pdq"
	"whenwhere/internal/store"
)

// index is a part of the catalogue: the codes of files under their numbers, on disk up to a number and in memory from
// there on. Only open, sync and close change it.
type index struct {
	cat    *Catalogue
	part   store.Part
	dir    string
	codes  func(*likeness.Footage) []entry
	idBits int // the lowest bits of an id, which say more of a code than whose it is; the others are the number

	mark   mark
	writer *hashindex.Writer[hashindex.Code256] // nil when open for reading only
	reader *hashindex.Index[hashindex.Code256]  // nil when there is no index that could be read
	tail   tail
}

// tail is what no index holds, when it is open for reading only.
type tail struct {
	through uint64
	codes   []likeness.Code
	ids     []uint64
}

// entry is a code and what the lowest bits of its id say.
type entry struct {
	code likeness.Code
	low  uint64
}

// id is that of an entry of a file.
func (x *index) id(num uint64, e entry) uint64 { return num<<x.idBits | e.low }

// open opens the index of the folder if it can be believed, and else an empty one.
func (x *index) open(ctx context.Context) error {
	why, err := x.doubt(ctx)
	if err != nil {
		return err
	}
	if why == "" {
		err = x.openFiles()
		if why = damage(err); why == "" {
			return err
		}
	}
	if why != absent {
		x.cat.cfg.Say(fmt.Sprintf("%s: the index of prints is built again from the database: %s", filepath.Join(filepath.Base(x.cat.cfg.Dir), filepath.Base(x.dir)), why))
	}
	return x.fresh()
}

// absent is the reason of a first time, which needs no message.
const absent = "there is none yet"

// damage names what is wrong with the files of an index; empty when err is nil or says something else.
func damage(err error) string {
	var damaged *hashindex.DamagedError
	var format *hashindex.FormatError
	var short *shortError
	if errors.As(err, &damaged) || errors.As(err, &format) || errors.As(err, &short) {
		return err.Error()
	}
	return ""
}

// shortError says that an index holds less than its mark says.
type shortError struct{ has, want int }

func (e *shortError) Error() string {
	return fmt.Sprintf("it holds %d codes, and held %d before", e.has, e.want)
}

// openFiles opens and checks them.
func (x *index) openFiles() (err error) {
	var has hashindex.Stats
	if x.cat.cfg.ReadOnly {
		if x.reader, err = hashindex.Open[hashindex.Code256](x.dir); err == nil {
			has, err = x.reader.Stats(), x.reader.Check()
		}
	} else if x.writer, err = hashindex.OpenWriter[hashindex.Code256](x.dir); err == nil {
		has, err = x.writer.Stats(), x.writer.Check()
	}
	if err == nil && has.Base+has.Delta < x.mark.Codes {
		err = &shortError{has.Base + has.Delta, x.mark.Codes}
	}
	if err != nil {
		err = errors.Join(err, x.close())
	}
	return err
}

// fresh begins again with an empty index.
func (x *index) fresh() error {
	x.mark, x.tail = x.newMark(), tail{}
	if x.cat.cfg.ReadOnly {
		return nil
	}
	if err := errors.Join(os.RemoveAll(x.markPath()), os.RemoveAll(x.dir)); err != nil {
		return err
	}
	if err := x.openFiles(); err != nil {
		return err
	}
	return x.mark.write(x.markPath())
}

func (x *index) close() error {
	var err error
	if x.writer != nil {
		err = x.writer.Close()
	}
	if x.reader != nil {
		err = errors.Join(err, x.reader.Close())
	}
	x.writer, x.reader = nil, nil
	return err
}

// chunk is how many files are taken in by one commit.
const chunk = 2000

// sync takes in what is newer than the mark, or than the tail.
func (x *index) sync(ctx context.Context) error {
	rows := x.cat.cfg.Store
	err := rows.Update(ctx, func(tx *store.Tx) error { return tx.NumberPrints(ctx, x.part, x.cat.cfg.Prints) })
	if err != nil {
		return err
	}
	for {
		next, err := rows.Numbers(ctx, x.part, x.cat.cfg.Prints, max(x.mark.Through, x.tail.through), chunk)
		if err != nil || len(next) == 0 {
			return err
		}
		if err := x.take(ctx, next); err != nil {
			return err
		}
	}
}

// take adds the codes of some files.
func (x *index) take(ctx context.Context, files []store.Numbered) error {
	for _, n := range files {
		f, err := x.cat.footage(ctx, n.Media)
		if err != nil {
			return err
		}
		if err := x.add(n, x.codes(f)); err != nil {
			return err
		}
	}
	if x.writer == nil {
		return nil
	}
	return x.keep(files[len(files)-1])
}

func (x *index) add(n store.Numbered, codes []entry) error {
	if x.writer == nil {
		for _, e := range codes {
			x.tail.codes, x.tail.ids = append(x.tail.codes, e.code), append(x.tail.ids, x.id(n.Num, e))
		}
		x.tail.through = n.Num
		return nil
	}
	if x.idBits == 0 { // else a file's codes have many ids, and twice does no harm
		if err := x.writer.Delete(n.Num); err != nil { // of a run that died between its commit and its mark
			return err
		}
	}
	for _, e := range codes {
		if err := x.writer.Insert(x.id(n.Num, e), e.code); err != nil {
			return err
		}
	}
	return nil
}

// keep makes what was added durable: first the codes, then the mark.
func (x *index) keep(last store.Numbered) error {
	if err := x.writer.Commit(); err != nil {
		return err
	}
	if x.writer.Stats().MergeDue() {
		if err := x.writer.Merge(); err != nil {
			return err
		}
	}
	has := x.writer.Stats()
	x.mark.Through, x.mark.Last, x.mark.Codes = last.Num, last.Media.String(), has.Base+has.Delta
	return x.mark.write(x.markPath())
}

// near lists the numbers that have a code within the widest radius of one of the given.
func (x *index) near(codes []likeness.Code) (map[uint64]bool, error) {
	found := map[uint64]bool{}
	queries := make([]hashindex.Code256, len(codes))
	for i, c := range codes {
		queries[i] = c
	}
	err := x.search(queries, likeness.Widest, func(_ int, id uint64, _ int) { found[id] = true })
	return found, err
}

// search visits all within the radius, on disk and in memory.
func (x *index) search(queries []hashindex.Code256, radius int, visit func(query int, id uint64, distance int)) error {
	var err error
	switch {
	case x.writer != nil:
		err = x.writer.SearchBatch(queries, radius, visit)
	case x.reader != nil:
		err = x.reader.SearchBatch(queries, radius, visit)
	}
	for i, c := range x.tail.codes {
		for j, q := range queries {
			if d := q.DistanceTo(hashindex.Code256(c)); d <= radius {
				visit(j, x.tail.ids[i], d)
			}
		}
	}
	return err
}

func (x *index) markPath() string { return x.dir + ".json" }

func (x *index) newMark() mark {
	return mark{Version: markVersion, Prints: x.cat.cfg.Prints.Name + " " + x.cat.cfg.Prints.Version, PDQ: pdq.Version}
}

// doubt says why the index of the folder cannot be believed, whatever its files say; empty when it can. It reads the
// mark.
func (x *index) doubt(ctx context.Context) (string, error) {
	m, err := readMark(x.markPath())
	var bad *markError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(x.dir); err == nil {
			return "its mark is missing", nil
		}
		return absent, nil
	case errors.As(err, &bad):
		return bad.Error(), nil
	case err != nil:
		return "", err
	}
	if want := x.newMark(); m.Version != want.Version || m.Prints != want.Prints || m.PDQ != want.PDQ {
		return "it is of another version", nil
	}
	if _, err := os.Stat(filepath.Join(x.dir, "CURRENT")); errors.Is(err, fs.ErrNotExist) {
		return "its files are missing", nil
	}
	id, ok, err := x.cat.cfg.Store.MediaOfNumber(ctx, x.part, m.Through)
	if err != nil {
		return "", err
	}
	switch {
	case m.Through == 0:
	case !ok:
		return "it is ahead of the database", nil
	case id.String() != m.Last:
		return "it is of another database", nil
	}
	x.mark = m
	return "", nil
}
