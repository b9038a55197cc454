package movie

import (
	"encoding/binary"
	"fmt"

	"whenwhere/internal/decode/tags/box"
	"whenwhere/internal/decode/tags/telemetry"
	"whenwhere/internal/decode/tags/window"
)

// Limits of a sample table. A telemetry track has a sample a second: twelve hours are 43,200.
const (
	maxSamples      = 1_000_000
	maxRuns         = 10_000 // entries of stsc; cameras write one or two
	maxChunkSamples = 1000   // samples in one chunk; cameras write one
)

// sampleTable says where the samples of a track lie (ISO/IEC 14496-12 8.7.3 to 8.7.5). Entries are read one by one as they
// are asked for, so a table's size is no allocation.
type sampleTable struct {
	format               string // of the first sample entry
	sizes                window.File
	runs                 window.File
	chunks               window.File
	wide                 bool // chunk offsets of 64 bits
	hasSizes, hasOffsets bool
}

// telemetryFormat is the sample entry of GoPro's telemetry (gopro/gpmf-parser).
const telemetryFormat = "gpmd"

// box keeps a box of the sample table of the track at hand.
func (t *sampleTable) box(b box.Box) {
	switch b.Type {
	case "stsd":
		if raw, ok := b.Payload.Bytes(12, 4); ok && t.format == "" { // full box, count, size of the first entry
			t.format = string(raw)
		}
	case "stsz":
		t.sizes, t.hasSizes = b.Payload, true
	case "stsc":
		t.runs = b.Payload
	case "stco", "co64":
		t.chunks, t.wide, t.hasOffsets = b.Payload, b.Type == "co64", true
	}
}

// index is a sample table whose counts were checked.
type index struct {
	sampleTable
	samples   int
	fixedSize int64
	runList   []run
	chunkN    int64
}

// run is one entry of stsc: from this chunk on, each holds so many samples.
type run struct{ firstChunk, perChunk int64 }

func (t sampleTable) index() (index, error) {
	x := index{sampleTable: t}
	head, ok := t.sizes.Bytes(4, 8)
	if !ok || !t.hasSizes || !t.hasOffsets {
		return x, fmt.Errorf("no table of sizes and offsets")
	}
	x.fixedSize = int64(binary.BigEndian.Uint32(head))
	samples := int64(binary.BigEndian.Uint32(head[4:]))
	if samples > maxSamples {
		return x, fmt.Errorf("%d samples exceed %d", samples, maxSamples)
	}
	if there := (t.sizes.Size() - 12) / 4; x.fixedSize == 0 && samples > there {
		return x, fmt.Errorf("%d samples announced, sizes of %d there", samples, there)
	}
	x.samples = int(samples)
	raw, ok := t.chunks.Bytes(4, 4)
	if !ok {
		return x, fmt.Errorf("table of offsets breaks off")
	}
	x.chunkN = int64(binary.BigEndian.Uint32(raw))
	if there := (t.chunks.Size() - 8) / t.offsetBytes(); x.chunkN > there {
		return x, fmt.Errorf("%d chunks announced, offsets of %d there", x.chunkN, there)
	}
	return x, x.readRuns()
}

func (t sampleTable) offsetBytes() int64 {
	if t.wide {
		return 8
	}
	return 4
}

// readRuns reads stsc: 12 bytes an entry, chunks rising from 1.
func (x *index) readRuns() error {
	raw, ok := x.runs.Bytes(4, 4)
	if !ok {
		return fmt.Errorf("no table of chunks")
	}
	n := int64(binary.BigEndian.Uint32(raw))
	if n > maxRuns {
		return fmt.Errorf("%d runs of chunks exceed %d", n, maxRuns)
	}
	raw, ok = x.runs.Bytes(8, 12*n)
	if !ok {
		return fmt.Errorf("%d runs of chunks announced, %d there", n, (x.runs.Size()-8)/12)
	}
	last := int64(0)
	for ; len(raw) >= 12; raw = raw[12:] {
		r := run{int64(binary.BigEndian.Uint32(raw)), int64(binary.BigEndian.Uint32(raw[4:]))}
		if r.firstChunk <= last || r.perChunk < 1 || r.perChunk > maxChunkSamples || last == 0 && r.firstChunk != 1 {
			return fmt.Errorf("chunk %d of %d samples after chunk %d", r.firstChunk, r.perChunk, last)
		}
		last = r.firstChunk
		x.runList = append(x.runList, r)
	}
	return nil
}

// chunkOf says in which chunk (from 0) sample i lies, and which sample of it it is.
func (x index) chunkOf(i int64) (chunk, within int64, ok bool) {
	left := i
	for k, r := range x.runList {
		end := x.chunkN
		if k+1 < len(x.runList) {
			end = min(end, x.runList[k+1].firstChunk-1)
		}
		chunks := end - (r.firstChunk - 1)
		if chunks <= 0 {
			continue
		}
		if left < chunks*r.perChunk {
			return r.firstChunk - 1 + left/r.perChunk, left % r.perChunk, true
		}
		left -= chunks * r.perChunk
	}
	return 0, 0, false
}

func (x index) size(i int64) int64 {
	if x.fixedSize > 0 {
		return x.fixedSize
	}
	raw, ok := x.sizes.Bytes(12+4*i, 4)
	if !ok {
		return -1
	}
	return int64(binary.BigEndian.Uint32(raw))
}

func (x index) offset(chunk int64) (int64, bool) {
	raw, ok := x.chunks.Bytes(8+chunk*x.offsetBytes(), x.offsetBytes())
	switch {
	case !ok:
		return 0, false
	case !x.wide:
		return int64(binary.BigEndian.Uint32(raw)), true
	case raw[0] >= 0x40: // 2^62 bytes: beyond any file
		return 0, false
	}
	return int64(binary.BigEndian.Uint64(raw)), true
}

// sample returns the bytes of one sample.
func (x index) sample(file window.File, i int) ([]byte, error) {
	chunk, within, ok := x.chunkOf(int64(i))
	if !ok {
		return nil, fmt.Errorf("lies in no chunk")
	}
	at, ok := x.offset(chunk)
	if !ok {
		return nil, fmt.Errorf("chunk %d has no offset", chunk)
	}
	for k := int64(i) - within; k < int64(i); k++ {
		at += max(x.size(k), 0)
	}
	n := x.size(int64(i))
	if n > telemetry.MaxPayloadBytes {
		return nil, fmt.Errorf("%d bytes exceed %d", n, telemetry.MaxPayloadBytes)
	}
	data, ok := file.Bytes(at, n)
	if !ok {
		return nil, fmt.Errorf("%d bytes at %d are not in the file", n, at)
	}
	return data, nil
}

// telemetry reads the first track of telemetry.
func (m *mp4Reader) telemetry(file window.File) {
	if m.gpmd == nil {
		return
	}
	x, err := m.gpmd.index()
	if err != nil {
		m.found.note("gpmf", "track not read: %v", err)
		return
	}
	list, notes := telemetry.GoPro(telemetry.Payloads{
		Count: x.samples, At: func(i int) ([]byte, error) { return x.sample(file, i) },
	})
	m.found.Tags, m.found.Notes = append(m.found.Tags, list...), append(m.found.Notes, notes...)
}
