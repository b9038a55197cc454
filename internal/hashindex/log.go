package hashindex

import (
	"encoding/binary"
	"hash/crc32"
)

// A log is a header and records of one size. A batch is the records of one Commit with a record of its own at the end; it
// counts from the first log on and is in each record, so that a record is known to be of the batch under way or of a later one.
//
//	header: magic 8, version 4, words 4, first batch 8, checksum 4, zero 4
//	record: checksum 4, what 4, batch 8, id 8 (at the end of a batch: how many records came before), code 8 or 32
const (
	logMagic    = "wwhixlog"
	logHeadSize = 32

	opInsert = 1
	opDelete = 2
	opCommit = 3
)

func recordSize(words int) int { return 24 + 8*words }

func encodeLogHead(words int, batch uint64) []byte {
	h := make([]byte, logHeadSize)
	copy(h, logMagic)
	le := binary.LittleEndian
	le.PutUint32(h[8:], version)
	le.PutUint32(h[12:], uint32(words))
	le.PutUint64(h[16:], batch)
	le.PutUint32(h[24:], crc32.Checksum(h[:24], castagnoli))
	return h
}

func appendRecord(to []byte, words int, op uint32, batch, id uint64, c *wide) []byte {
	start := len(to)
	le := binary.LittleEndian
	to = le.AppendUint32(to, 0)
	to = le.AppendUint32(to, op)
	to = le.AppendUint64(to, batch)
	to = le.AppendUint64(to, id)
	for _, w := range c[:words] {
		to = le.AppendUint64(to, w)
	}
	le.PutUint32(to[start:], crc32.Checksum(to[start+4:], castagnoli))
	return to
}

// record is a record as read; ok says that its checksum and kind are right.
type record struct {
	op    uint32
	batch uint64
	id    uint64
	code  wide
	ok    bool
}

func decodeRecord(b []byte, words int) record {
	le := binary.LittleEndian
	r := record{op: le.Uint32(b[4:]), batch: le.Uint64(b[8:]), id: le.Uint64(b[16:])}
	for i := range words {
		r.code[i] = le.Uint64(b[24+8*i:])
	}
	r.ok = le.Uint32(b) == crc32.Checksum(b[4:], castagnoli) && r.op >= opInsert && r.op <= opCommit
	return r
}

// replay is a log being read into a delta.
type replay struct {
	file  string
	words int
	into  *delta
	batch uint64 // that is under way
	whole int    // bytes up to the end of the last whole batch
}

// head reads the header, whose first batch must be the one that follows the log before (or any, where wantBatch is 0).
func (r *replay) head(data []byte, wantBatch uint64) error {
	bad := func(why string) error { return &DamagedError{File: r.file, Section: "header", Why: why} }
	if len(data) < logHeadSize || string(data[:8]) != logMagic {
		return bad("not a log file")
	}
	le := binary.LittleEndian
	if le.Uint32(data[24:]) != crc32.Checksum(data[:24], castagnoli) || le.Uint32(data[28:]) != 0 {
		return bad("checksum differs")
	}
	if got := int(le.Uint32(data[8:])); got != version {
		return &FormatError{File: r.file, What: "version", Got: got, Want: version}
	}
	if got := int(le.Uint32(data[12:])); got != r.words {
		return &FormatError{File: r.file, What: "bits of a code", Got: 64 * got, Want: 64 * r.words}
	}
	r.batch, r.whole = le.Uint64(data[16:]), logHeadSize
	if wantBatch != 0 && r.batch != wantBatch {
		return bad("does not follow the log before")
	}
	return nil
}

// records applies every whole batch. What stands behind the last is a batch that a crash cut short, unless it has records
// of a later batch: those are only written after the one before is safe, so then something safe was damaged.
func (r *replay) records(data []byte) error {
	size, count := recordSize(r.words), uint64(0)
	for at := r.whole; at+size <= len(data); at += size {
		rec := decodeRecord(data[at:at+size], r.words)
		if !rec.ok || rec.batch != r.batch {
			break
		}
		if rec.op != opCommit {
			count++
			continue
		}
		if rec.id != count {
			break
		}
		applyRecords(r.into, data[r.whole:at])
		r.whole, r.batch, count = at+size, r.batch+1, 0
	}
	for at := r.whole; at+size <= len(data); at += size {
		if rec := decodeRecord(data[at:at+size], r.words); rec.ok && rec.batch > r.batch {
			return &DamagedError{File: r.file, Section: "records", Why: "a committed record's checksum differs"}
		}
	}
	return nil
}

// applyRecords applies records that were proven right.
func applyRecords(into *delta, data []byte) {
	for size := recordSize(into.words); len(data) >= size; data = data[size:] {
		switch rec := decodeRecord(data[:size], into.words); rec.op {
		case opInsert:
			into.add(rec.id, &rec.code)
		case opDelete:
			into.remove(rec.id)
		}
	}
}
