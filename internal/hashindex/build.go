package hashindex

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// pile is codes and ids in memory, in step: the codes of entry i are the words from i*words on.
type pile struct {
	words int
	codes []uint64
	ids   []uint64
}

func (p *pile) len() int { return len(p.ids) }

func (p *pile) add(id uint64, c *wide) {
	p.codes = append(p.codes, c[:p.words]...)
	p.ids = append(p.ids, id)
}

// key is the bucket of entry i in a band.
func (p *pile) key(i, band int, l layout) uint32 {
	if p.words == 1 {
		return uint32(uint16(p.codes[i] >> (16 * band)))
	}
	return bandOf((*wide)(p.codes[4*i:]), band*l.bits, l.bits)
}

// writeBase writes an immutable base of the pile under a name that must not exist, and synchronises it.
func writeBase(path string, p *pile, l layout) (err error) {
	if p.len() > maxCodes {
		return fmt.Errorf("hashindex: %d codes exceed the limit of %d", p.len(), maxCodes)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("hashindex: new base: %w", err)
	}
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = fmt.Errorf("hashindex: new base: %w", e)
		}
	}()
	h := &header{words: p.words, n: p.len(), layout: l}
	if err := (&baseWriter{out: bufio.NewWriterSize(f, 1<<20)}).write(p, h); err != nil {
		return fmt.Errorf("hashindex: new base: %w", err)
	}
	if _, err := f.WriteAt(h.encode(), 0); err != nil {
		return fmt.Errorf("hashindex: new base: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("hashindex: new base: %w", err)
	}
	return nil
}

// baseWriter writes sections one after another. Its buffers serve one band after another.
type baseWriter struct {
	out       *bufio.Writer
	written   int64
	offsets   []uint32
	positions []uint32
	rests     []byte
}

// write fills in the sections of h. The order of positions is that of the buckets of band 0, which therefore needs no
// positions of its own.
func (w *baseWriter) write(p *pile, h *header) error {
	if h.layout.bands > 0 {
		p = w.sorted(p, h.layout)
	}
	h.sections = h.wantSections()
	if err := w.pad(pageSize); err != nil {
		return err
	}
	for i := range h.sections {
		s := &h.sections[i]
		s.at = w.written
		if s.kind == kindOffsets {
			w.table(p, s.band, h.layout)
		}
		if err := w.section(s, w.bytesOf(p, s.kind)); err != nil {
			return err
		}
	}
	return w.out.Flush()
}

func (w *baseWriter) bytesOf(p *pile, k kind) []byte {
	switch k {
	case kindCodes:
		return asBytes(p.codes)
	case kindIDs:
		return asBytes(p.ids)
	case kindOffsets:
		return asBytes(w.offsets)
	case kindPositions:
		return asBytes(w.positions)
	default:
		return w.rests
	}
}

func (w *baseWriter) section(s *section, body []byte) error {
	if int64(len(body)) != s.size {
		return fmt.Errorf("%s: %d bytes, want %d", s.name(), len(body), s.size)
	}
	s.sum = crc32.Checksum(body, castagnoli)
	n, err := w.out.Write(body)
	w.written += int64(n)
	if err != nil {
		return err
	}
	return w.pad(pageUp(w.written) - w.written)
}

func (w *baseWriter) pad(n int64) error {
	w.written += n
	_, err := io.CopyN(w.out, zeros{}, n)
	return err
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// sorted is a copy of the pile in the order of band 0, by counting; equal keys keep their order.
func (w *baseWriter) sorted(p *pile, l layout) *pile {
	w.count(p, 0, l)
	s := &pile{words: p.words, codes: make([]uint64, len(p.codes)), ids: make([]uint64, len(p.ids))}
	for i, id := range p.ids {
		at := w.take(p.key(i, 0, l))
		s.ids[at] = id
		if p.words == 1 {
			s.codes[at] = p.codes[i]
		} else {
			*(*wide)(s.codes[4*int(at):]) = *(*wide)(p.codes[4*i:])
		}
	}
	return s
}

// count makes offsets[v] the start of bucket v.
func (w *baseWriter) count(p *pile, band int, l layout) {
	if w.offsets == nil {
		w.offsets = make([]uint32, 1<<l.bits+1)
	}
	clear(w.offsets)
	counts := w.offsets[1:]
	for i := range p.len() {
		counts[p.key(i, band, l)]++
	}
	sum := uint32(0)
	for v, c := range counts {
		sum += c
		counts[v] = sum
	}
}

// take gives the next place in bucket v. When all are taken, offsets[v] has become the start of bucket v+1.
func (w *baseWriter) take(v uint32) uint32 {
	at := w.offsets[v]
	w.offsets[v]++
	return at
}

// table fills offsets, positions and rests of a band.
func (w *baseWriter) table(p *pile, band int, l layout) {
	w.count(p, band, l)
	if w.positions == nil {
		w.positions = make([]uint32, p.len())
		if p.words == 1 {
			w.rests = make([]byte, p.len()*6+2)
		}
	}
	for i := range p.len() {
		at := w.take(p.key(i, band, l))
		w.positions[at] = uint32(i)
		if p.words == 1 {
			putRest(w.rests[6*int(at):], restOf(p.codes[i], band))
		}
	}
	copy(w.offsets[1:], w.offsets)
	w.offsets[0] = 0
}

func putRest(to []byte, rest uint64) {
	binary.LittleEndian.PutUint32(to, uint32(rest))
	binary.LittleEndian.PutUint16(to[4:], uint16(rest>>32))
}

// restOf is the 48 bits of a code beside those of a band, and whole puts them together again.
func restOf(code uint64, band int) uint64 {
	low := uint64(1)<<(16*band) - 1
	return code&low | code>>16&^low
}

func whole(rest uint64, band int, v uint32) uint64 {
	low := uint64(1)<<(16*band) - 1
	return rest&low | uint64(v)<<(16*band) | rest&^low<<16
}
