package telemetry_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whenwhere/internal/decode/tags/telemetry"
	"whenwhere/internal/decode/wire"
)

// klv is one entry of GPMF: key, type, size, count, data padded to four bytes.
func klv(key string, kind byte, size, count int, data []byte) []byte {
	out := append([]byte(key), kind, byte(size), byte(count>>8), byte(count))
	out = append(out, data...)
	return append(out, make([]byte, (4-len(data)%4)%4)...)
}

func nest(key string, parts ...[]byte) []byte {
	data := slices.Concat(parts...)
	return klv(key, 0, 1, len(data), data)
}

func longs(v ...int32) (out []byte) {
	for _, x := range v {
		out = binary.BigEndian.AppendUint32(out, uint32(x))
	}
	return out
}

// payload is a second of a Hero: the time, the fix, the dilution of precision, one place in degrees.
func payload(utc string, fix int32, dop uint16, lat, lon int32) []byte {
	return nest("DEVC", klv("DVNM", 'c', 1, 4, []byte("Hero")), nest("STRM",
		klv("SCAL", 'l', 4, 5, longs(1, 1, 1, 1, 1)), klv("GPSF", 'L', 4, 1, longs(fix)), klv("GPSU", 'U', 16, 1, []byte(utc)),
		klv("GPSP", 'S', 2, 1, binary.BigEndian.AppendUint16(nil, dop)), klv("GPS5", 'l', 20, 1, longs(lat, lon, 120, 0, 0))))
}

// film counts which payloads are asked for.
type film struct {
	data  [][]byte
	asked []int
}

func (f *film) payloads() telemetry.Payloads {
	return telemetry.Payloads{Count: len(f.data), At: func(i int) ([]byte, error) {
		f.asked = append(f.asked, i)
		if f.data[i] == nil {
			return nil, errors.New("not in the file")
		}
		return f.data[i], nil
	}}
}

func seconds(n int, fix func(i int) int32) *film {
	f := &film{}
	for i := range n {
		f.data = append(f.data, payload(fmt.Sprintf("240229%02d%02d%02d.250", 10+i/3600, i/60%60, i%60), fix(i), 210, 48, int32(36+i%2)))
	}
	return f
}

func TestGoPro(t *testing.T) {
	t.Parallel()
	f := seconds(600, func(int) int32 { return 3 })
	got, notes := spell(telemetry.GoPro(f.payloads()))
	want := []string{"Payloads=600", "Device=Hero",
		"FirstUTC=2024-02-29T10:00:00.250Z", "FirstPayload=0", "FirstFix=3", "FirstDOP=2.1", "FirstPlace=48 36 120",
		"LastUTC=2024-02-29T10:09:59.250Z", "LastPayload=599", "LastFix=3", "LastDOP=2.1", "LastPlace=48 37 120"}
	if diff := cmp.Diff(want, got); diff != "" || notes != nil {
		t.Error(diff, notes)
	}
	if diff := cmp.Diff([]int{0, 599}, f.asked); diff != "" {
		t.Error("no more payloads than needed: ", diff)
	}
}

func TestGoProFindsTheFix(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		film  *film
		want  []string
		notes []string
	}{
		{"late and lost", seconds(600, func(i int) int32 { return map[bool]int32{true: 2}[i >= 30 && i < 590] }), []string{"FirstPayload=30", "FirstFix=2", "LastPayload=589"}, nil},
		{"never", seconds(40, func(int) int32 { return 0 }), []string{"FirstPayload=0", "FirstFix=0", "LastPayload=39", "LastFix=0"}, []string{"gpmf"}},
		{"only in the middle of a long film", seconds(1200, func(i int) int32 { return map[bool]int32{true: 3}[i == 600] }), []string{"FirstPayload=0", "FirstFix=0"}, []string{"gpmf"}},
		{"the last seconds only", seconds(10, func(i int) int32 { return map[bool]int32{true: 3}[i == 9] }), []string{"FirstPayload=9", "LastPayload=9"}, nil},
		{"no payload", &film{}, []string{"Payloads=0"}, []string{"gpmf"}},
		{"unreadable", &film{data: make([][]byte, 30)}, []string{"Payloads=30"}, []string{"gpmf", "gpmf", "gpmf", "gpmf", "gpmf", "gpmf", "gpmf", "gpmf", "gpmf", "gpmf"}},
		{"a broken one between", &film{data: [][]byte{[]byte("DEVC\x00\x01\xff\xff"), payload("240229100000.250", 3, 1, 48, 36)}}, []string{"FirstPayload=1"}, []string{"gpmf"}},
		{"a date that does not exist", &film{data: [][]byte{payload("230229100000.250", 3, 1, 48, 36)}}, []string{"Payloads=1"}, []string{"gpmf"}},
	} {
		got, notes := spell(telemetry.GoPro(c.film.payloads()))
		for _, w := range c.want {
			if !slices.Contains(got, w) {
				t.Errorf("%s: no %s in %v", c.name, w, got)
			}
		}
		if diff := cmp.Diff(c.notes, notes); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if len(c.film.asked) > 512 {
			t.Errorf("%s: %d payloads read", c.name, len(c.film.asked))
		}
	}
}

// TestGoProBytes: large payloads end the search, not the child.
func TestGoProBytes(t *testing.T) {
	t.Parallel()
	big := make([]byte, telemetry.MaxPayloadBytes)
	copy(big, payload("240229100000.250", 0, 9999, 48, 36))
	f := &film{}
	for range 200 {
		f.data = append(f.data, big)
	}
	_, notes := telemetry.GoPro(f.payloads())
	if len(f.asked) > 20 || !strings.Contains(fmt.Sprint(notes), "more than 16777216 bytes") {
		t.Errorf("%d payloads of 1 MB read; %v", len(f.asked), notes)
	}
}

func FuzzGoPro(f *testing.F) {
	f.Add(payload("240229100000.250", 3, 210, 48, 36), payload("240229100001.250", 0, 9999, 0, 0))
	f.Add([]byte("DEVC\x00\x01\xff\xff"), []byte{})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		movie := film{data: [][]byte{a, b, a}}
		tags, notes := telemetry.GoPro(movie.payloads())
		answer := wire.Answer{Version: wire.Version, Tags: &wire.Tags{Tags: tags, Notes: notes}}
		if err := wire.Check(answer, wire.Request{Version: wire.Version, Op: wire.OpTags}); err != nil {
			t.Fatal(err)
		}
	})
}
