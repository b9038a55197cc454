package still

import (
	"encoding/binary"
	"maps"
	"slices"

	"whenwhere/internal/decode/tags/box"
	"whenwhere/internal/decode/tags/window"
)

// Limits of the item tables.
const (
	maxMetaBytes = 1 << 20 // a burst of 1,000 tiles has about 40 KB
	maxItems     = 10_000
	maxExtents   = 1000
)

// HEIF reads the Exif and XMP items of a HEIC or AVIF file (ISO/IEC 23008-12 annex A, 14496-12 section 8.11).
func HEIF(file window.File) (Found, error) {
	var found Found
	var meta *window.File
	box.Walk(file, box.NewBudget(), func(b box.Box) bool {
		switch b.Type {
		case "ftyp":
			found.Brands = box.Brands(b.Payload)
		case "meta":
			meta = &b.Payload
		}
		return meta == nil
	})
	if found.Brands == nil {
		return Found{}, damaged("no ftyp box")
	}
	if meta == nil {
		found.note("heif", "no meta box")
		return found, nil
	}
	found.items(file, *meta)
	return found, nil
}

// items reads the tables of the meta box and copies the items that are metadata.
func (f *Found) items(file, meta window.File) {
	if meta.Size() > maxMetaBytes {
		f.note("heif meta", "%d bytes exceed %d", meta.Size(), maxMetaBytes)
		return
	}
	_, rest, ok := box.Full(meta)
	if !ok {
		f.note("heif meta", "%d bytes, below 4", meta.Size())
		return
	}
	var kinds map[uint32]string
	var places map[uint32]place
	var idat window.File
	whole := box.Walk(rest, box.NewBudget(), func(b box.Box) bool {
		switch b.Type {
		case "iinf":
			kinds = f.kinds(b.Payload)
		case "iloc":
			places = f.places(b.Payload)
		case "idat":
			idat = b.Payload
		}
		return true
	})
	if !whole {
		f.note("heif meta", "impossible box header, or more than %d boxes", box.MaxBoxes)
	}
	for _, id := range slices.Sorted(maps.Keys(kinds)) { // the order of a map must not reach the answer
		f.item(kinds[id], id, places, file, idat)
	}
}

// kinds lists the items that are metadata: "Exif", or "XMP".
func (f *Found) kinds(iinf window.File) map[uint32]string {
	version, rest, ok := box.Full(iinf)
	width := int64(2)
	if version > 0 {
		width = 4
	}
	if !ok || rest.Size() < width {
		f.note("heif iinf", "too short")
		return nil
	}
	kinds := map[uint32]string{}
	budget := &box.Budget{Left: maxItems}
	whole := box.Walk(rest.Part(width, rest.Size()-width), budget, func(b box.Box) bool {
		if id, kind := itemEntry(b); kind != "" {
			kinds[id] = kind
		}
		return true
	})
	if !whole {
		f.note("heif iinf", "impossible entry, or more than %d", maxItems)
	}
	return kinds
}

// itemEntry reads an infe box of version 2 or 3; older ones carry no item type.
func itemEntry(b box.Box) (id uint32, kind string) {
	version, rest, ok := box.Full(b.Payload)
	if b.Type != "infe" || !ok || version < 2 {
		return 0, ""
	}
	raw, ok := rest.Bytes(0, min(rest.Size(), 256))
	if version == 2 && ok && len(raw) >= 8 {
		id, raw = uint32(binary.BigEndian.Uint16(raw)), raw[4:]
	} else if ok && len(raw) >= 10 {
		id, raw = binary.BigEndian.Uint32(raw), raw[6:]
	} else {
		return 0, ""
	}
	switch string(raw[:4]) {
	case "Exif":
		return id, "Exif"
	case "mime":
		if contentType(raw[4:]) == "application/rdf+xml" {
			return id, "XMP"
		}
	}
	return 0, ""
}

// contentType is the second of the strings that follow the item type: name, content type.
func contentType(raw []byte) string {
	var texts []string
	start := 0
	for i, c := range raw {
		if c == 0 {
			texts = append(texts, string(raw[start:i]))
			start = i + 1
		}
	}
	if len(texts) < 2 {
		return ""
	}
	return texts[1]
}

// place says where the bytes of an item lie.
type place struct {
	inIdat   bool
	foreign  bool // in another item or another file
	base     uint64
	extents  [][2]uint64 // offset, length
	tooLarge bool
}

// places reads an iloc box of version 0, 1 or 2.
func (f *Found) places(iloc window.File) map[uint32]place {
	raw, ok := iloc.Bytes(0, iloc.Size()) // within maxMetaBytes
	c := cursor{raw: raw}
	version := c.uint(1)
	c.uint(3)
	sizes, more := c.uint(1), c.uint(1)
	if !ok || c.short || version > 2 {
		f.note("heif iloc", "version %d, or too short", version)
		return nil
	}
	offsetSize, lengthSize, baseSize, indexSize := int(sizes>>4), int(sizes&15), int(more>>4), 0
	if version > 0 {
		indexSize = int(more & 15)
	}
	idSize := 2
	if version == 2 {
		idSize = 4
	}
	places := map[uint32]place{}
	count := c.uint(idSize)
	for i := uint64(0); i < min(count, maxItems) && !c.short; i++ {
		id := uint32(c.uint(idSize))
		var p place
		if version > 0 {
			method := c.uint(2) & 15
			p.inIdat, p.foreign = method == 1, method > 1
		}
		p.foreign = c.uint(2) != 0 || p.foreign // data reference: 0 is this file
		p.base = c.uint(baseSize)
		extents := c.uint(2)
		p.tooLarge = extents > maxExtents
		for e := uint64(0); e < extents && !c.short; e++ {
			c.uint(indexSize)
			offset, length := c.uint(offsetSize), c.uint(lengthSize)
			if e < maxExtents {
				p.extents = append(p.extents, [2]uint64{offset, length})
			}
		}
		places[id] = p
	}
	if c.short || count > maxItems {
		f.note("heif iloc", "%d items do not fit into %d bytes, or exceed %d", count, len(raw), maxItems)
	}
	return places
}

// item copies one item.
func (f *Found) item(kind string, id uint32, places map[uint32]place, file, idat window.File) {
	where := "heif item " + kind
	p, ok := places[id]
	if !ok || p.foreign || p.tooLarge {
		f.note(where, "item %d has no place in this file, or more than %d extents", id, maxExtents)
		return
	}
	if p.inIdat {
		file = idat
	}
	limit := map[string]int64{"Exif": MaxExifBytes, "XMP": MaxXMPBytes}[kind]
	var data []byte
	for _, x := range p.extents {
		at, size := p.base+x[0], x[1]
		if size == 0 && len(p.extents) == 1 && at < uint64(file.Size()) {
			size = uint64(file.Size()) - at // "the entire file"
		}
		if at >= 1<<62 || size > uint64(limit) || int64(len(data))+int64(size) > limit {
			f.note(where, "%d bytes at offset %d exceed %d", size, at, limit)
			return
		}
		piece, ok := file.Bytes(int64(at), int64(size))
		if !ok {
			f.note(where, "%d bytes at offset %d lie outside the file of %d", size, at, file.Size())
			return
		}
		data = append(data, piece...)
	}
	if kind == "XMP" {
		f.xmp("xmp", data)
		return
	}
	f.exifItem(where, data)
}

// exifItem skips to the TIFF header: the item begins with its offset (ISO/IEC 23008-12 A.2.1).
func (f *Found) exifItem(where string, data []byte) {
	if len(data) < 8 {
		f.note(where, "%d bytes, below 8", len(data))
		return
	}
	skip := int64(binary.BigEndian.Uint32(data))
	if skip > int64(len(data))-4 {
		f.note(where, "TIFF header at %d lies outside the item of %d", skip, len(data))
		return
	}
	f.exif(where, data[4+skip:])
}

// cursor reads big-endian numbers and remembers when there were not enough bytes.
type cursor struct {
	raw   []byte
	short bool
}

func (c *cursor) uint(size int) uint64 {
	if size > len(c.raw) || size > 8 {
		c.short = true
		return 0
	}
	var v uint64
	for _, b := range c.raw[:size] {
		v = v<<8 | uint64(b)
	}
	c.raw = c.raw[size:]
	return v
}
