package main

import (
	"encoding/binary"
	"slices"
	"time"
)

// clip is a QuickTime movie of JPEG frames (QuickTime File Format, Apple 2001): each frame is a keyframe, so that it
// needs no encoder but that for stills, and is the same bytes on every machine.
type clip struct {
	frames        [][]byte
	widthPx       int
	heightPx      int
	perSecond     int
	written       time.Time // mvhd, tkhd and mdhd, in UTC; zero leaves them unset
	keys          []keyed   // moov/meta, in order
	userDataPlace string    // moov/udta/(c)xyz; empty leaves it out
}

type keyed struct{ key, value string }

func box(kind string, parts ...[]byte) []byte {
	body := slices.Concat(parts...)
	out := binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))
	return append(append(out, kind...), body...)
}

func u32(values ...uint32) []byte {
	var out []byte
	for _, v := range values {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return out
}

func u16(values ...uint16) []byte {
	var out []byte
	for _, v := range values {
		out = binary.BigEndian.AppendUint16(out, v)
	}
	return out
}

const (
	timescale = 600
	macToUnix = 2082844800 // seconds from 1904 to 1970
)

var unity = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)

// bytes writes ftyp, mdat and moov.
func (c clip) bytes() []byte {
	ftyp := box("ftyp", []byte("qt  "), u32(0x20050300), []byte("qt  "))
	media := box("mdat", slices.Concat(c.frames...))
	moov := box("moov", c.movieHeader(), c.track(uint32(len(ftyp)+8)), c.userData(), c.meta())
	return slices.Concat(ftyp, media, moov)
}

func (c clip) stamp() uint32 {
	if c.written.IsZero() {
		return 0
	}
	return uint32(c.written.Unix() + macToUnix)
}

func (c clip) duration() uint32 { return uint32(len(c.frames) * timescale / c.perSecond) }

func (c clip) movieHeader() []byte {
	return box("mvhd", u32(0, c.stamp(), c.stamp(), timescale, c.duration(), 0x10000), u16(0x100), make([]byte, 10), unity,
		make([]byte, 24), u32(2))
}

func (c clip) track(framesAt uint32) []byte {
	header := box("tkhd", u32(0xf, c.stamp(), c.stamp(), 1, 0, c.duration(), 0, 0, 0, 0), unity,
		u32(uint32(c.widthPx)<<16, uint32(c.heightPx)<<16))
	mediaHeader := box("mdhd", u32(0, c.stamp(), c.stamp(), timescale, c.duration()), u16(0, 0))
	video := box("vmhd", u32(1), u16(0x40, 0x8000, 0x8000, 0x8000))
	data := box("dinf", box("dref", u32(0, 1), box("alis", u32(1))))
	return box("trak", header, box("mdia", mediaHeader, handler("mhlr", "vide"),
		box("minf", video, handler("dhlr", "alis"), data, c.sampleTable(framesAt))))
}

func handler(component, kind string) []byte {
	return box("hdlr", u32(0), []byte(component), []byte(kind), make([]byte, 13))
}

func (c clip) sampleTable(framesAt uint32) []byte {
	n := uint32(len(c.frames))
	sizes := u32(0, 0, n)
	for _, f := range c.frames {
		sizes = append(sizes, u32(uint32(len(f)))...)
	}
	compressor := make([]byte, 32) // not named
	entry := box("jpeg", make([]byte, 6), u16(1), u32(0, 0, 0, 512), u16(uint16(c.widthPx), uint16(c.heightPx)),
		u32(72<<16, 72<<16, 0), u16(1), compressor, u16(24, 0xffff))
	return box("stbl", box("stsd", u32(0, 1), entry), box("stts", u32(0, 1, n, timescale/uint32(c.perSecond))),
		box("stsc", u32(0, 1, 1, n, 1)), box("stsz", sizes), box("stco", u32(0, 1, framesAt)))
}

// userData is the place as Android phones write it.
func (c clip) userData() []byte {
	if c.userDataPlace == "" {
		return nil
	}
	return box("udta", box("\xa9xyz", u16(uint16(len(c.userDataPlace)), 0x15c7), []byte(c.userDataPlace)))
}

// meta is the list of keys and values as Apple phones write it.
func (c clip) meta() []byte {
	if len(c.keys) == 0 {
		return nil
	}
	names, values := u32(0, uint32(len(c.keys))), []byte(nil)
	for i, k := range c.keys {
		names = append(names, box("mdta", []byte(k.key))...)
		item := box("data", u32(1, 0), []byte(k.value)) // 1: UTF-8
		values = append(values, u32(uint32(8+len(item)), uint32(i+1))...)
		values = append(values, item...)
	}
	return box("meta", box("hdlr", u32(0, 0), []byte("mdta"), make([]byte, 13)), box("keys", names), box("ilst", values))
}
