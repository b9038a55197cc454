package hashindex

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime/debug"
	"unsafe"

	"golang.org/x/sys/unix"
)

// base is an immutable file of codes and tables, mapped read-only.
type base struct {
	file  string
	data  []byte
	head  *header
	codes []uint64 // empty for 64 bits in bands: band 0 has them
	ids   []uint64
	bands []table
	masks masks
	plans []plan
}

// table is one band: the entries of bucket v are those from offsets[v] up to offsets[v+1].
type table struct {
	offsets   []uint32
	positions []uint32 // of the entries' codes; nil in band 0, whose entries stand in that order
	rests     []byte
}

// openBase maps a base and checks its header and its offsets: a damaged offset could lead anywhere, while damage
// elsewhere makes one entry wrong, which check finds.
func openBase(path string, words int) (*base, error) {
	b := &base{file: filepath.Base(path)}
	if err := b.mapFile(path); err != nil {
		return nil, err
	}
	if err := b.guard(func() error { return b.lay(words) }); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *base) mapFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("hashindex: open base: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only, and the mapping stays
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("hashindex: open base: %w", err)
	}
	if info.Size() < pageSize {
		return &DamagedError{File: b.file, Section: "header", Why: "shorter than a page"}
	}
	b.data, err = unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("hashindex: map %s: %w", b.file, err)
	}
	return nil
}

func (b *base) lay(words int) error {
	h, err := decodeHeader(b.file, b.data, int64(len(b.data)), words)
	if err != nil {
		return err
	}
	b.head, b.bands = h, make([]table, h.layout.bands)
	for _, s := range h.sections {
		body := b.data[s.at : s.at+s.size]
		switch s.kind {
		case kindCodes:
			b.codes = asNumbers[uint64](body)
		case kindIDs:
			b.ids = asNumbers[uint64](body)
		case kindPositions:
			b.bands[s.band].positions = asNumbers[uint32](body)
		case kindRests:
			b.bands[s.band].rests = body
		case kindOffsets:
			b.bands[s.band].offsets = asNumbers[uint32](body)
			if err := b.checkSection(s); err != nil {
				return err
			}
		}
	}
	b.masks = newMasks(h.layout.bits)
	b.plans = newPlans(words, h.n, h.layout, &b.masks)
	return nil
}

func (b *base) checkSection(s section) error {
	if crc32.Checksum(b.data[s.at:s.at+s.size], castagnoli) != s.sum {
		return b.damaged(s.name(), "checksum differs")
	}
	return nil
}

// check reads every byte.
func (b *base) check() error {
	return b.guard(func() error {
		if _, err := decodeHeader(b.file, b.data, int64(len(b.data)), b.head.words); err != nil {
			return err
		}
		for _, s := range b.head.sections {
			if err := b.checkSection(s); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *base) damaged(section, why string) error {
	return &DamagedError{File: b.file, Section: section, Why: why}
}

func (b *base) close() error {
	data := b.data
	b.data = nil
	if data == nil {
		return nil
	}
	if err := unix.Munmap(data); err != nil {
		return fmt.Errorf("hashindex: unmap %s: %w", b.file, err)
	}
	return nil
}

// guard runs do, which reads the mapping, and makes an error of what would end the process: a page that the disk does
// not give, or that was cut off the file by somebody.
func (b *base) guard(do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch r := recover().(type) {
		case nil:
		case interface{ Addr() uintptr }:
			if !b.holds(r.Addr()) {
				panic(r)
			}
			err = b.damaged("mapping", "a page cannot be read")
		default:
			panic(r)
		}
	}()
	return do()
}

func (b *base) holds(addr uintptr) bool {
	start := uintptr(unsafe.Pointer(unsafe.SliceData(b.data)))
	return addr >= start && addr < start+uintptr(len(b.data))
}
