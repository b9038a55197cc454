package ifd

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"whenwhere/internal/decode/wire"
)

// Limits of one value; what exceeds them is cut, with a Note.
const (
	MaxTextBytes = 1000
	MaxElements  = 64 // the longest tag that matters has 4
)

// Field types of TIFF 6.0 section 2, and IFD of TIFF supplement 1.
const (
	typeByte      = 1
	typeASCII     = 2
	typeShort     = 3
	typeLong      = 4
	typeRational  = 5
	typeSByte     = 6
	typeUndefined = 7
	typeSShort    = 8
	typeSLong     = 9
	typeSRational = 10
	typeFloat     = 11
	typeDouble    = 12
	typeIFD       = 13
	typeUTF8      = 129 // EXIF 3.0
)

func typeSize(t uint16) (int64, bool) {
	switch t {
	case typeByte, typeASCII, typeSByte, typeUndefined, typeUTF8:
		return 1, true
	case typeShort, typeSShort:
		return 2, true
	case typeLong, typeSLong, typeFloat, typeIFD:
		return 4, true
	case typeRational, typeSRational, typeDouble:
		return 8, true
	}
	return 0, false
}

// Kind is what the standard says a tag holds.
type Kind int

const (
	Text      Kind = iota + 1 // ASCII, ended by NUL
	CodedText                 // UNDEFINED: 8 bytes naming a character code, then text
	Int
	Rat
)

// Value is one decoded value. None of the fields is set when the entry is empty.
type Value struct {
	Text   *string
	Ints   []int64
	Rats   []wire.Rat
	Floats []string
	Defect string // the rule that the value breaks, "" for none
}

// Empty reports whether there was nothing to decode.
func (v Value) Empty() bool {
	return v.Text == nil && len(v.Ints) == 0 && len(v.Rats) == 0 && len(v.Floats) == 0
}

// Value reads and decodes the value of e, of which the standard says that it is of kind want.
func (b *Block) Value(e Entry, want Kind) Value {
	isText := e.Type == typeASCII || e.Type == typeUTF8 || want == CodedText ||
		(want == Text && (e.Type == typeByte || e.Type == typeUndefined))
	if isText {
		return b.text(e, want)
	}
	v := b.numbers(e)
	if kind := v.kind(); v.Defect == "" && kind != 0 && kind != want {
		v.Defect = fmt.Sprintf("type %d is not what the standard says", e.Type)
	}
	return v
}

func (v Value) kind() Kind {
	switch {
	case v.Text != nil:
		return Text
	case len(v.Ints) > 0:
		return Int
	case len(v.Rats) > 0:
		return Rat
	}
	return 0
}

// text reads bytes up to the first NUL. Spaces stay: a blank date is a statement of its own.
func (b *Block) text(e Entry, want Kind) Value {
	n := min(e.SizeBytes, MaxTextBytes)
	raw, ok := b.file.Bytes(e.OffsetBytes, n)
	if !ok || n == 0 {
		return Value{}
	}
	var v Value
	if e.SizeBytes > MaxTextBytes {
		v.Defect = fmt.Sprintf("text of %d bytes cut at %d", e.SizeBytes, MaxTextBytes)
	} else if want == Int || want == Rat || (want == Text && e.Type != typeASCII && e.Type != typeUTF8) {
		v.Defect = fmt.Sprintf("type %d is not what the standard says", e.Type)
	}
	s := ""
	if want == CodedText {
		s = b.coded(raw)
	} else {
		s = untilNUL(raw)
	}
	if clean := strings.ToValidUTF8(s, string(utf8.RuneError)); clean != s {
		s = clean
		v.Defect = "text is not UTF-8: bytes replaced"
	}
	v.Text = &s
	return v
}

func untilNUL(raw []byte) string {
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		raw = raw[:i]
	}
	return string(raw)
}

// coded decodes the character code prefix of CIPA DC-008 4.6.6 table 9.
func (b *Block) coded(raw []byte) string {
	if len(raw) < 8 {
		return untilNUL(raw)
	}
	switch body := raw[8:]; string(raw[:8]) {
	case "ASCII\x00\x00\x00", "\x00\x00\x00\x00\x00\x00\x00\x00":
		return untilNUL(body)
	case "UNICODE\x00":
		units := make([]uint16, len(body)/2)
		for i := range units {
			units[i] = b.Order.Uint16(body[2*i:])
		}
		return strings.TrimRight(string(utf16.Decode(units)), "\x00")
	}
	return untilNUL(raw)
}

// numbers decodes at most MaxElements elements.
func (b *Block) numbers(e Entry) Value {
	size, ok := typeSize(e.Type)
	if !ok || e.Count == 0 {
		return Value{}
	}
	n := min(int64(e.Count), MaxElements)
	raw, ok := b.file.Bytes(e.OffsetBytes, n*size)
	if !ok {
		return Value{}
	}
	var v Value
	if int64(e.Count) > n {
		v.Defect = fmt.Sprintf("%d elements cut at %d", e.Count, MaxElements)
	}
	for i := int64(0); i < n; i++ {
		b.element(&v, e.Type, raw[i*size:(i+1)*size])
	}
	return v
}

func (b *Block) element(v *Value, t uint16, raw []byte) {
	o := b.Order
	switch t {
	case typeByte, typeUndefined:
		v.Ints = append(v.Ints, int64(raw[0]))
	case typeSByte:
		v.Ints = append(v.Ints, int64(int8(raw[0])))
	case typeShort:
		v.Ints = append(v.Ints, int64(o.Uint16(raw)))
	case typeSShort:
		v.Ints = append(v.Ints, int64(int16(o.Uint16(raw))))
	case typeLong, typeIFD:
		v.Ints = append(v.Ints, int64(o.Uint32(raw)))
	case typeSLong:
		v.Ints = append(v.Ints, int64(int32(o.Uint32(raw))))
	case typeRational:
		v.Rats = append(v.Rats, wire.Rat{Num: int64(o.Uint32(raw)), Den: int64(o.Uint32(raw[4:]))})
	case typeSRational:
		v.Rats = append(v.Rats, wire.Rat{Num: int64(int32(o.Uint32(raw))), Den: int64(int32(o.Uint32(raw[4:])))})
	case typeFloat:
		v.Floats = append(v.Floats, strconv.FormatFloat(float64(math.Float32frombits(o.Uint32(raw))), 'g', -1, 32))
	case typeDouble:
		v.Floats = append(v.Floats, strconv.FormatFloat(math.Float64frombits(o.Uint64(raw)), 'g', -1, 64))
	}
}

// Find returns the first entry of that directory and number.
func (b *Block) Find(dir string, id uint16) (Entry, bool) {
	for _, e := range b.Entries {
		if e.Dir == dir && e.ID == id {
			return e, true
		}
	}
	return Entry{}, false
}
