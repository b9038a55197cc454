package tags_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode/tags"
	"whenwhere/internal/decode/wire"
)

// thermal is a JPEG with FLIR's segments, of chunks of the given size, with a date in the record of the camera.
func thermal(order binary.AppendByteOrder, chunk int, seconds uint32, ms uint32, west int16) []byte {
	record := make([]byte, 0x384)
	order.(binary.ByteOrder).PutUint16(record, 2)
	record = order.AppendUint16(order.AppendUint32(order.AppendUint32(record, seconds), ms), uint16(west))
	fff := append([]byte("FFF\x00"), make([]byte, 0x10)...)
	for _, v := range []uint32{100, 0x40, 2} {
		fff = binary.BigEndian.AppendUint32(fff, v)
	}
	fff = append(fff, make([]byte, 0x40-len(fff))...)
	for _, e := range []struct{ kind, at, n int }{{1, 0, 0}, {0x20, 0x80, len(record)}} {
		entry := binary.BigEndian.AppendUint16(nil, uint16(e.kind))
		entry = append(entry, make([]byte, 10)...)
		entry = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(entry, uint32(e.at)), uint32(e.n))
		fff = append(fff, append(entry, make([]byte, 32-len(entry))...)...)
	}
	fff = append(fff, record...)
	out := []byte{0xFF, 0xD8}
	parts := slices.Collect(slices.Chunk(fff, chunk))
	for i, p := range parts {
		out = append(out, 0xFF, 0xE1)
		out = binary.BigEndian.AppendUint16(out, uint16(2+8+len(p)))
		out = append(append(out, 'F', 'L', 'I', 'R', 0, 1, byte(i), byte(len(parts)-1)), p...)
	}
	return append(out, 0xFF, 0xD9)
}

func dates(file []byte) (out [][]int64) {
	t, _ := tags.Read(bytes.NewReader(file), int64(len(file)), "image/jpeg")
	for _, tag := range t.Tags {
		if tag.Dir == "FLIR" && tag.Name == "DateTimeOriginal" {
			out = append(out, tag.Ints)
		}
	}
	return out
}

func TestThermalCamera(t *testing.T) {
	t.Parallel()
	for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
		for _, chunk := range []int{100, 700, 60_000} {
			file := thermal(order, chunk, 1621193256, 107, 420)
			if diff := cmp.Diff([][]int64{{1621193256, 107, 420}}, dates(file)); diff != "" {
				t.Errorf("%s endian, chunks of %d: %s", name, chunk, diff)
			}
			for n := range file { // cut anywhere, it says nothing or the same
				if got := dates(file[:n]); len(got) > 0 && got[0][0] != 1621193256 {
					t.Fatalf("cut at %d: %v", n, got)
				}
			}
		}
	}
	if got := dates(thermal(binary.LittleEndian, 500, 0, 0, 0)); got != nil {
		t.Errorf("a clock that was never set: %v", got)
	}
	swapped := thermal(binary.LittleEndian, 100, 1621193256, 107, 420)
	swapped[2+4+6] = 3
	found, _ := tags.Read(bytes.NewReader(swapped), int64(len(swapped)), "image/jpeg")
	if !slices.ContainsFunc(found.Notes, func(n wire.Note) bool { return n.Where == "flir" }) || dates(swapped) != nil {
		t.Errorf("chunks out of order: %s", fmt.Sprint(found.Notes))
	}
}
