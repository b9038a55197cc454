package fastjpeg

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// handmade is a grey file of so many blocks side by side, all of the same bits (a string of 0 and 1), with one code in the
// table for DC and those given for AC, 1 to n bits long: 0, 10, 110 and so on.
func handmade(blocks int, dc byte, ac []byte, bits string) []byte {
	segment := func(marker byte, body ...byte) []byte {
		return append([]byte{0xFF, marker, 0, byte(len(body) + 2)}, body...)
	}
	var acCounts [16]byte
	for i := range ac {
		acCounts[i] = 1
	}
	width := 8 * blocks
	file := []byte{0xFF, 0xD8}
	file = append(file, segment(0xDB, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)...)
	file = append(file, segment(0xC0, 8, 0, 8, byte(width>>8), byte(width), 1, 1, 0x11, 0)...)
	file = append(file, segment(0xC4, append([]byte{0, 1}, append(make([]byte, 15), dc)...)...)...)
	file = append(file, segment(0xC4, append(append([]byte{0x10}, acCounts[:]...), ac...)...)...)
	file = append(file, segment(0xDA, 1, 1, 0, 0, 63, 0)...)
	var b, n byte
	for range blocks {
		for _, bit := range bits {
			if b, n = b<<1|byte(bit-'0'), n+1; n == 8 {
				if file = append(file, b); b == 0xFF {
					file = append(file, 0)
				}
				b, n = 0, 0
			}
		}
	}
	if n > 0 {
		file = append(file, b<<(8-n))
	}
	return append(file, 0xFF, 0xD9)
}

func repeated(s string, n int) string { return string(bytes.Repeat([]byte(s), n)) }

// TestRuns fills blocks with runs up to their end and past it: 63 coefficients fit, and nothing is read past a full block.
func TestRuns(t *testing.T) {
	t.Parallel()
	one, end, zrl, f1, odd := byte(0x01), byte(0x00), byte(0xF0), byte(0xF1), byte(0x30)
	table := []byte{zrl, end, f1, one, odd} // 0, 10, 110, 1110, 11110
	for n := range 70 {
		for _, c := range []struct {
			name, bits string
			ok         bool
		}{
			{"zero runs", "0" + repeated("0", n) + "10", 16*n <= 62},
			{"runs of 15 and a one", "0" + repeated("1101", n) + "10", 16*n <= 62},
			{"ones", "0" + repeated("11100", n) + "10", n <= 62},
			{"a full block", "0" + repeated("11101", 63), true},
			{"three runs and ones", "0" + repeated("0", 3) + repeated("11101", n), n == 15},
			{"a code of progressive files", "0" + repeated("11101", n) + "1111010", false},
		} {
			data := handmade(50, 0, table, c.bits)
			name := fmt.Sprintf("%s, %d", c.name, n)
			if _, err := read(data); (err == nil) != c.ok || !c.ok && !errors.Is(err, ErrInvalid) {
				t.Fatalf("%s: %v", name, err)
			}
			if _, err := quarter(data); (err == nil) != c.ok || !c.ok && !errors.Is(err, ErrInvalid) {
				t.Fatalf("%s: quarter: %v", name, err)
			}
			if c.ok && !agrees(t, name, data, 8) {
				t.Fatalf("%s: image/jpeg refuses it", name)
			}
		}
	}
}

// TestWideDC adds up differences until DC leaves 16 bits, either way.
func TestWideDC(t *testing.T) {
	t.Parallel()
	for _, sign := range []string{"1", "0"} {
		for blocks, ok := range map[int]bool{16: true, 17: false, 100: false} {
			data := handmade(blocks, 11, []byte{0}, "0"+repeated(sign, 11)+"0") // 2047 each
			if _, err := read(data); (err == nil) != ok || !ok && !errors.Is(err, ErrInvalid) {
				t.Errorf("%d blocks of sign %s: %v", blocks, sign, err)
			}
			if _, err := quarter(data); (err == nil) != ok || !ok && !errors.Is(err, ErrInvalid) {
				t.Errorf("quarter: %d blocks of sign %s: %v", blocks, sign, err)
			}
		}
	}
}

// TestShortByOneByte drops the last byte before the end marker: less than a byte of padding stands there.
func TestShortByOneByte(t *testing.T) {
	t.Parallel()
	for side := 8; side < 60; side += 3 {
		data := encoded(t, side, side, 80)
		short := append(bytes.Clone(data[:len(data)-3]), 0xFF, 0xD9)
		if data[len(data)-3] == 0 && data[len(data)-4] == 0xFF {
			continue
		}
		if _, err := read(short); !errors.Is(err, ErrInvalid) {
			t.Errorf("side %d: %v", side, err)
		}
		if _, err := quarter(short); !errors.Is(err, ErrInvalid) {
			t.Errorf("quarter, side %d: %v", side, err)
		}
	}
}

// TestScanOrder changes the bits that the refinements of a progressive file say they hold.
func TestScanOrder(t *testing.T) {
	t.Parallel()
	data, ok := progressive(t)
	if !ok {
		t.Skip("cjpeg is not installed")
	}
	at := bytes.Index(data, []byte{0, 0, 0x10}) // coefficients 0 to 0, bit 1 to bit 0
	if at < 0 {
		t.Fatal("no refinement of DC")
	}
	for bits, ok := range map[byte]bool{0x10: true, 0x20: false, 0x21: false, 0x11: false, 0x00: false, 0x01: false} {
		changed := bytes.Clone(data)
		changed[at+2] = bits
		if _, err := read(changed); (err == nil) != ok || !ok && !errors.Is(err, ErrInvalid) {
			t.Errorf("bits %02X: %v", bits, err)
		}
	}
}

// TestCoarseLuma is legal and odd.
func TestCoarseLuma(t *testing.T) {
	t.Parallel()
	for _, sample := range []string{"1x1,2x2,1x1", "2x1,1x2,1x1", "1x1,1x1,2x1"} {
		data, err := cjpeg(photo(50, 40), "-sample", sample)
		if err != nil {
			t.Skip("cjpeg is not installed")
		}
		if _, err := read(data); !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: %v", sample, err)
		}
	}
}

// TestTablesChange reads files with tables of their own one after the other.
func TestTablesChange(t *testing.T) {
	t.Parallel()
	var r Reader
	for i := range 12 {
		data, err := cjpeg(photo(60+10*i, 90), [][]string{{"-optimize"}, {"-progressive"}, {"-quality", "30"}, {"-optimize", "-sample", "1x1"}}[i%4]...)
		if err != nil {
			t.Skip("cjpeg is not installed")
		}
		got, err := r.Grey(bytes.NewReader(data), int64(len(data)), roomy)
		if err != nil {
			t.Fatal(err)
		}
		if want, err := read(data); err != nil || !bytes.Equal(got.Luma, want.Luma) {
			t.Errorf("file %d: a used reader says something else, %v", i, err)
		}
	}
}

// TestAdobe: three components without JFIF's word are what Adobe's marker says.
func TestAdobe(t *testing.T) {
	t.Parallel()
	data := encoded(t, 30, 20, 80) // without a JFIF marker
	with := func(markers ...string) []byte {
		file := bytes.Clone(data[:2])
		for _, m := range markers {
			file = append(file, m...)
		}
		return append(file, data[2:]...)
	}
	const (
		jfif  = "\xFF\xE0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
		rgb   = "\xFF\xEE\x00\x0EAdobe\x00\x64\x00\x00\x00\x00\x00"
		ycbcr = "\xFF\xEE\x00\x0EAdobe\x00\x64\x00\x00\x00\x00\x01"
		short = "\xFF\xEE\x00\x0DAdobe\x00\x64\x00\x00\x00\x00"
	)
	for _, c := range []struct {
		name string
		file []byte
		want error
	}{
		{"none", with(), nil}, {"rgb", with(rgb), ErrUnsupported}, {"ycbcr", with(ycbcr), nil}, {"short", with(short), nil},
		{"jfif and rgb", with(jfif, rgb), nil}, {"rgb and jfif", with(rgb, jfif), nil},
	} {
		if _, err := read(c.file); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// TestOneTableChanges keeps the table for DC and changes that for AC.
func TestOneTableChanges(t *testing.T) {
	t.Parallel()
	var r Reader
	for i, file := range [][]byte{
		handmade(9, 1, []byte{0x00, 0x01}, "010"),  // end of block is 0
		handmade(9, 1, []byte{0x01, 0x00}, "0110"), // and here 10
		handmade(9, 1, []byte{0x00, 0x01}, "010"),
	} {
		p, err := r.Grey(bytes.NewReader(file), int64(len(file)), roomy)
		if err != nil || p.Luma[8] != 128+1 { // 9 times 1, an eighth of it
			t.Errorf("file %d: %v, %v", i, err, p.Luma)
		}
	}
}
