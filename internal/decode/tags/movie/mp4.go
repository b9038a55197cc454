package movie

import (
	"bytes"

	"github.com/abema/go-mp4"

	"whenwhere/internal/decode/tags/box"
	"whenwhere/internal/decode/tags/window"
)

// uuidXMP marks the box that holds an XMP packet (XMP specification part 3 section 1.2.7).
const uuidXMP = "\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC"

// MP4 reads an MP4 or QuickTime film. Times are seconds since 1904-01-01 as they stand, by the standard UTC.
func MP4(file window.File) (Found, error) {
	m := mp4Reader{budget: box.NewBudget()}
	known := 0
	whole := box.Walk(file, m.budget, func(b box.Box) bool {
		switch b.Type {
		case "ftyp":
			m.found.Brands = box.Brands(b.Payload)
		case "moov":
			m.moov(b)
		case "meta":
			m.meta("meta", b.Payload)
		case "uuid":
			m.uuid(b.Payload)
		case "mdat", "free", "skip", "wide", "moof", "pnot", "mfra", "sidx", "styp":
		default:
			return true
		}
		known++
		return true
	})
	if known == 0 {
		return Found{}, damaged("no box of ISO/IEC 14496-12 or of QuickTime")
	}
	if !whole {
		m.found.note("mp4", "impossible box header, or more than %d boxes", box.MaxBoxes)
	}
	if !m.hasMoov {
		m.found.note("mp4", "no moov box: broken off before its index was written")
	}
	m.found.encoder(m.compressor)
	m.telemetry(file)
	return m.found, nil
}

type mp4Reader struct {
	found      Found
	budget     *box.Budget
	tracks     int
	hasMoov    bool
	handler    string       // of the track at hand
	compressor string       // of the first video track that names one
	samples    sampleTable  // of the track at hand
	gpmd       *sampleTable // of the first track of telemetry
}

func (m *mp4Reader) moov(b box.Box) {
	if m.hasMoov {
		m.found.note("moov", "second moov box not read")
		return
	}
	m.hasMoov = true
	if b.Cut {
		m.found.note("moov", "reaches beyond the file")
	}
	m.children("moov", b.Payload, func(b box.Box) {
		switch b.Type {
		case "mvhd":
			m.mvhd(b.Payload)
		case "trak":
			m.trak(b.Payload)
		case "udta":
			m.udta("moov/udta", b.Payload)
		case "meta":
			m.meta("moov/meta", b.Payload)
		case "cmov":
			m.found.note("moov", "compressed index (cmov) not read")
		}
	})
}

// children walks a container and notes when it cannot be walked to its end.
func (m *mp4Reader) children(where string, payload window.File, visit func(box.Box)) {
	whole := box.Walk(payload, m.budget, func(b box.Box) bool {
		if b.Cut {
			m.found.note(where, "%s reaches beyond %s", box.Printable([]byte(b.Type)), where)
		}
		visit(b)
		return true
	})
	if !whole && where != "moov/udta" { // QuickTime ends a udta with 32 bits of zero
		m.found.note(where, "impossible box header, or more than %d boxes", box.MaxBoxes)
	}
}

func (m *mp4Reader) trak(payload window.File) {
	m.tracks++
	if m.tracks == maxTracks+1 {
		m.found.note("moov", "more than %d tracks", maxTracks)
	}
	if m.tracks > maxTracks {
		return
	}
	m.samples = sampleTable{}
	m.children("trak", payload, func(b box.Box) {
		switch b.Type {
		case "tkhd":
			m.tkhd(b.Payload)
		case "mdia":
			m.children("mdia", b.Payload, m.mdia)
		case "udta":
			m.udta("trak/udta", b.Payload)
		case "meta":
			m.meta("trak/meta", b.Payload)
		}
	})
	if m.samples.format == telemetryFormat && m.gpmd == nil {
		table := m.samples
		m.gpmd = &table
	}
}

func (m *mp4Reader) mdia(b box.Box) {
	switch b.Type {
	case "mdhd":
		m.mdhd(b.Payload)
	case "hdlr":
		var h mp4.Hdlr
		if m.decode("hdlr", b.Payload, &h) {
			m.handler = string(h.HandlerType[:])
			m.found.text("mp4", "hdlr", "handler_type", []byte(box.Printable(h.HandlerType[:])))
		}
	case "minf":
		m.children("minf", b.Payload, func(b box.Box) {
			if b.Type == "stbl" {
				m.children("stbl", b.Payload, m.stbl)
			}
		})
	}
}

// stbl keeps where the samples lie, and reads the compressor name of the first video sample entry (ISO/IEC 14496-12 12.1.3): 32 bytes, counted.
func (m *mp4Reader) stbl(b box.Box) {
	m.samples.box(b)
	const nameAt = 8 + 8 + 8 + 16 + 18 // full box and count, entry header, sample entry, sizes and frame count
	raw, ok := b.Payload.Bytes(nameAt, 32)
	if b.Type != "stsd" || m.handler != "vide" || !ok || m.compressor != "" {
		return
	}
	if n := int(raw[0]); n > 0 && n < 32 && printableASCII(raw[1:1+n]) {
		m.compressor = string(raw[1 : 1+n])
		m.found.text("mp4", "stsd", "compressorname", raw[1:1+n])
	}
}

func printableASCII(raw []byte) bool {
	for _, c := range raw {
		if c < 0x20 || c > 0x7E {
			return false
		}
	}
	return true
}

// decode hands one bounded payload to go-mp4.
func (m *mp4Reader) decode(where string, payload window.File, into mp4.IBox) bool {
	if payload.Size() > maxBoxBytes {
		m.found.note(where, "%d bytes exceed %d", payload.Size(), maxBoxBytes)
		return false
	}
	raw, _ := payload.Bytes(0, payload.Size())
	if _, err := mp4.Unmarshal(bytes.NewReader(raw), uint64(len(raw)), into, mp4.Context{}); err != nil {
		m.found.note(where, "box of %d bytes is damaged or of an unknown version", len(raw))
		return false
	}
	return true
}

func (m *mp4Reader) mvhd(payload window.File) {
	var h mp4.Mvhd
	if m.decode("mvhd", payload, &h) {
		m.times("mvhd", h.GetCreationTime(), h.GetModificationTime())
		m.found.duration("mvhd", h.GetDuration(), uint64(h.Timescale))
	}
}

func (m *mp4Reader) tkhd(payload window.File) {
	var h mp4.Tkhd
	if m.decode("tkhd", payload, &h) {
		m.times("tkhd", h.GetCreationTime(), h.GetModificationTime())
	}
}

func (m *mp4Reader) mdhd(payload window.File) {
	var h mp4.Mdhd
	if m.decode("mdhd", payload, &h) {
		m.times("mdhd", h.GetCreationTime(), h.GetModificationTime())
	}
}

// times adds both, tracks in file order. Values beyond 2^53 cannot be dates and would not survive JSON.
func (m *mp4Reader) times(dir string, creation, modification uint64) {
	for _, t := range []struct {
		name  string
		value uint64
	}{{"creation_time", creation}, {"modification_time", modification}} {
		if t.value > 1<<53 {
			m.found.note(dir, "%s %d exceeds 2^53", t.name, t.value)
			continue
		}
		m.found.ints("mp4", dir, t.name, int64(t.value))
	}
}

func (m *mp4Reader) uuid(payload window.File) {
	id, ok := payload.Bytes(0, 16)
	if !ok || string(id) != uuidXMP {
		return
	}
	m.xmp("uuid", payload.Part(16, payload.Size()-16))
}

func (m *mp4Reader) xmp(where string, packet window.File) {
	raw, ok := packet.Bytes(0, packet.Size())
	if !ok || m.found.XMP != nil {
		m.found.note(where, "XMP of %d bytes exceeds %d, or is the second", packet.Size(), window.MaxPieceBytes)
		return
	}
	m.found.XMP = raw
}
