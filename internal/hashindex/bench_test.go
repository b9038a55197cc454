package hashindex_test

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"whenwhere/internal/hashindex"
)

// benchPrints is how many prints the published benchmarks index.
var benchPrints = flag.Int("hashindex.prints", 1_000_000, "prints in the published benchmarks")

// BenchmarkPublishedIndex sets a search beside the comparison of every code by the same build of Go, in turn: times are
// medians of one thread's time on its core; the recall is proven on each query that is timed both ways.
// A scan of one query waits for memory, so the scan of eight in one pass, per query, stands beside it.
func BenchmarkPublishedIndex(b *testing.B) {
	b.Logf("%d prints, %s", *benchPrints, buildLevel)
	publish[code64](b, "64bits", 10)
	publish[code256](b, "256bits", 31)
	b.Run("FAISS", func(b *testing.B) {
		b.Skip("no fast build of FAISS at hand (Debian's counts bits without POPCNT); the scan beside each figure equals its flat index")
	})
}

func publish[C hashindex.Code](b *testing.B, name string, radius int) {
	for _, data := range []struct {
		name   string
		groups int // prints near each other; 1: uniform
	}{{"uniform", 1}, {"clustered", 16}} {
		b.Run(fmt.Sprintf("%s/r%d/%s", name, radius, data.name), func(b *testing.B) {
			measure(b, newBench[C](b, *benchPrints, data.groups), radius)
		})
	}
}

// bench is an index and the same codes for the scan.
type bench[C hashindex.Code] struct {
	codes     []uint64
	dir       string
	buildTook time.Duration
	queries   []C
}

const benchQueries = 64

func newBench[C hashindex.Code](b *testing.B, n, groups int) *bench[C] {
	x := &bench[C]{dir: filepath.Join(b.TempDir(), "x")}
	r := rand.New(rand.NewPCG(uint64(groups), uint64(width[C]())))
	x.codes = make([]uint64, 0, n*width[C]()/64)
	for c := range grouped[C](r, n, groups) {
		w := words(c)
		x.codes = append(x.codes, w[:width[C]()/64]...)
	}
	start := time.Now()
	if err := hashindex.Build(x.dir, x.prints); err != nil {
		b.Fatal(err)
	}
	x.buildTook = time.Since(start)
	for i := range benchQueries {
		q := flip(r, x.code(r.IntN(n)), width[C]()/16)
		if groups == 1 && i%2 == 0 {
			q = fromWords[C]([4]uint64{r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()})
		}
		x.queries = append(x.queries, q)
	}
	return x
}

// grouped gives n codes, groups of them around one centre, up to an eighth of the bits away; centres of groups have a
// quarter of their bits mostly zero, as prints of pictures have.
func grouped[C hashindex.Code](r *rand.Rand, n, groups int) iter.Seq[C] {
	return func(yield func(C) bool) {
		var centre C
		for i := range n {
			if i%groups == 0 {
				w := [4]uint64{r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()}
				if groups > 1 {
					few := r.Uint64() & r.Uint64()
					w[0] = w[0]&^0xffff | few&0xffff
					w[3] = few
				}
				centre = fromWords[C](w)
			}
			c := centre
			if groups > 1 {
				c = flip(r, centre, r.IntN(width[C]()/8))
			}
			if !yield(c) {
				return
			}
		}
	}
}

func (x *bench[C]) code(i int) C {
	var w [4]uint64
	k := width[C]() / 64
	copy(w[:], x.codes[i*k:(i+1)*k])
	return fromWords[C](w)
}

// prints gives ids that need all their bits.
func (x *bench[C]) prints(yield func(uint64, C) bool) {
	for i := range len(x.codes) * 64 / width[C]() {
		if !yield(uint64(i)*0x9e3779b97f4a7c15, x.code(i)) {
			return
		}
	}
}

func measure[C hashindex.Code](b *testing.B, x *bench[C], radius int) {
	start := time.Now()
	index := open[C](b, x.dir)
	openTook := time.Since(start)
	for _, q := range x.queries { // brings the pages in
		search(b, index, q, radius)
	}
	var searches, scans, shared []float64
	for i := 0; b.Loop(); i++ {
		q := x.queries[i%benchQueries]
		searches = append(searches, us(func() { search(b, index, q, radius) }))
	}
	for first := range 8 {
		found, scanned := search(b, index, x.queries[first], radius), 0
		scans = append(scans, us(func() { scanned = x.scan(x.queries[first:first+1], radius) }))
		if found != scanned {
			b.Fatalf("%d found, a scan finds %d", found, scanned)
		}
		shared = append(shared, us(func() { x.scan(x.queries[8*first:8*first+8], radius) })/8)
	}
	s := index.Stats()
	b.ReportMetric(median(searches), "us/query")
	b.ReportMetric(median(scans), "us/scan")
	b.ReportMetric(median(scans)/median(searches), "x-scan")
	b.ReportMetric(median(shared), "us/scan-of-8")
	b.ReportMetric(median(shared)/median(searches), "x-scan-of-8")
	b.ReportMetric(float64(s.BaseBytes)/float64(s.Base), "B/print")
	b.ReportMetric(x.buildTook.Seconds(), "s-build")
	b.ReportMetric(openTook.Seconds()*1000, "ms-open")
	b.ReportMetric(0, "ns/op")
}

// scan compares every code with each of the queries.
func (x *bench[C]) scan(queries []C, radius int) (found int) {
	wide := make([][4]uint64, len(queries))
	for i, q := range queries {
		wide[i] = words(q)
	}
	hashindex.Scan(width[C]()/64, x.codes, wide, radius, func(int, int, int) { found++ })
	return found
}

func search[C hashindex.Code](b *testing.B, x *hashindex.Index[C], q C, radius int) (found int) {
	if err := x.Search(q, radius, func(uint64, int) { found++ }); err != nil {
		b.Fatal(err)
	}
	return found
}

// us is the time of the thread's own on a core, in microseconds: others on a busy machine would stretch a scan, which is
// interrupted, more than a search, which is not.
func us(do func()) float64 {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var from, to unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &from) != nil {
		panic("no clock of a thread's own")
	}
	do()
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &to) != nil {
		panic("no clock of a thread's own")
	}
	return float64(to.Nano()-from.Nano()) / 1000
}

func median(v []float64) float64 {
	slices.SortFunc(v, cmp.Compare[float64])
	return v[len(v)/2]
}

// BenchmarkPublishedInsert adds prints, a thousand to a commit that is on disk when it returns.
func BenchmarkPublishedInsert(b *testing.B) {
	insertRate[code64](b, "64bits")
	insertRate[code256](b, "256bits")
}

func insertRate[C hashindex.Code](b *testing.B, name string) {
	b.Run(name, func(b *testing.B) {
		w := openWriter[C](b, b.TempDir())
		r, inserted := rand.New(rand.NewPCG(9, 9)), 0
		for b.Loop() {
			var errs error
			for range 1000 {
				errs = cmp.Or(errs, w.Insert(uint64(inserted), fromWords[C]([4]uint64{r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()})))
				inserted++
			}
			if err := errors.Join(errs, w.Commit()); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(inserted)/b.Elapsed().Seconds(), "inserts/s")
		b.ReportMetric(0, "ns/op")
	})
}
