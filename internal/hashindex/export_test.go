package hashindex

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"iter"
)

// Layout is a number of bands and of bits in each; the tests choose shapes that Build takes at other sizes only.
type Layout struct{ Bands, Bits int }

func (l Layout) shape(int, int) layout { return layout{bands: l.Bands, bits: l.Bits} }

// BuildAs is Build with a given layout.
func BuildAs[C Code](dir string, l Layout, prints iter.Seq2[uint64, C]) error {
	return build(&folder{dir: dir, words: wordsOf[C]()}, l.shape, pileOf(prints))
}

// BuildBefore is Build that tells of each change of the folder before it is made.
func BuildBefore[C Code](dir string, before func(string) error, prints iter.Seq2[uint64, C]) error {
	return build(&folder{dir: dir, words: wordsOf[C](), before: before}, layoutFor, pileOf(prints))
}

// OpenWriterBefore is OpenWriter likewise.
func OpenWriterBefore[C Code](dir string, before func(string) error) (*Writer[C], error) {
	w, err := openWriter(&folder{dir: dir, words: wordsOf[C](), before: before})
	if err != nil {
		return nil, err
	}
	return &Writer[C]{Index: Index[C]{state: w.state}, w: w}, nil
}

// MergeAs is Merge with a given layout.
func (x *Writer[C]) MergeAs(l Layout) error { return x.w.merge(l.shape) }

// ProbeAlways makes an index read buckets at every radius for which a plan exists, however dear, and gives the largest.
func (x *Index[C]) ProbeAlways() int {
	b, largest := x.state.base, -1
	for radius := range b.plans {
		if p := &b.plans[radius]; b.steps(p) == radius+1 {
			p.scan, largest = false, radius
		}
	}
	return largest
}

// steps is the sum of (radius within the band + 1), and Buckets what a search of that radius reads, if it does not scan.
func (b *base) steps(p *plan) int {
	sum := 0
	for j := range b.bands {
		sum += int(p.radius[j]) + 1
	}
	return sum
}

func (x *Index[C]) Buckets(radius int) (buckets int, scans bool) {
	b := x.state.base
	p := &b.plans[radius]
	for j := range b.bands {
		if p.radius[j] >= 0 {
			buckets += len(b.masks.within(int(p.radius[j])))
		}
	}
	return buckets, p.scan
}

// Sections names the parts of the base file with their places.
func (x *Index[C]) Sections() map[string][2]int64 {
	all := map[string][2]int64{"header": {0, pageSize}}
	for _, s := range x.state.base.head.sections {
		all[s.name()] = [2]int64{s.at, s.size}
	}
	return all
}

// BaseFile is the base name of the file in use.
func (x *Index[C]) BaseFile() string { return x.state.base.file }

// Scan compares every code with every query, block by block: what the index is measured against.
func Scan(words int, codes []uint64, queries [][4]uint64, radius int, hit func(query, i, distance int)) {
	scanPile(words, codes, queries, radius, hit)
}

// ReplayLog reads a log file of any bytes.
func ReplayLog(data []byte, words int) (entries, whole int, err error) {
	r := replay{file: "log", words: words, into: newDelta(words)}
	if err := r.head(data, 0); err != nil {
		return 0, 0, err
	}
	err = r.records(data)
	return r.into.len(), r.whole, err
}

// ReadHeader reads a base header of any bytes.
func ReadHeader(page []byte, fileSize int64, words int) error {
	_, err := decodeHeader("base", page, fileSize, words)
	return err
}

// Rehead makes a base's header checksum right again after the test changed the page.
func Rehead(page []byte) { copy(page[headSum:pageSize], sumOf(page[:headSum])) }

func sumOf(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(nil, crc32.Checksum(b, castagnoli))
}

// SumText makes the sum line of a CURRENT text right again.
func SumText(body string) string {
	return fmt.Sprintf("%ssum %08x\n", body, crc32.Checksum([]byte(body), castagnoli))
}

// BandOf is k bits of a code from bit first on.
func BandOf(c [4]uint64, first, k int) uint32 { return bandOf(&c, first, k) }
