package fastjpeg

const (
	// peekBits index the skip tables. One less is 5 to 12 % slower; one more is 1 to 3 % faster on large files, but takes
	// twice the time to build (80 microseconds for a file with tables of its own) and most of a first-level cache.
	peekBits = 12
	peekSize = 1 << peekBits

	// endOfBlock and unresolved are added to the number of coefficients in an entry; see table.skips.
	endOfBlock = 128
	unresolved = 192
)

// table is a Huffman table (T.81 annex C) and what is derived from it. It keeps its contents from picture to picture:
// most files share a few tables, and building one takes longer than reading a small picture.
type table struct {
	defined bool // in the present file
	serial  int  // changes with the contents; 0 is none
	counts  [16]uint8
	symbols [256]uint8

	// Codes by length, left-aligned in 16 bits: those of length n are below limit[n], and the symbol of one is at
	// its first n bits plus offset[n].
	limit  [17]uint32
	offset [17]int

	// one is the first symbol in a window of peekBits: its code's length and itself, 0 if longer.
	one [peekSize]uint16

	// skips[1<<n+w] is what a window w of n bits lets an AC decoder skip: bits, and above 6 bits the coefficients.
	// It covers each code that lies in the window whole, though the value bits of the last may not; after endOfBlock
	// it covers no more. At most 63 coefficients. With unresolved, not even the first code is known.
	skips     [2 * peekSize]uint16
	hasSkips  bool
	maxSymbol uint8
}

// define sets the table from a DHT segment's counts and symbols; serial is new.
func (t *table) define(counts, symbols []byte, serial int) error {
	t.defined = true
	if t.serial != 0 && string(t.counts[:]) == string(counts) && string(t.symbols[:len(symbols)]) == string(symbols) {
		return nil
	}
	t.serial = 0
	copy(t.counts[:], counts)
	copy(t.symbols[:], symbols)
	t.hasSkips, t.maxSymbol = false, 0
	clear(t.one[:])
	code, n := uint32(0), 0
	for i, c := range t.counts {
		length, step := i+1, uint32(1)<<(15-i)
		t.offset[length] = n - int(code>>(16-length))
		for range c {
			if code >= 1<<16 {
				return invalid("huffman table with too many codes of %d bits", length)
			}
			t.addOne(code, length, t.symbols[n])
			t.maxSymbol = max(t.maxSymbol, t.symbols[n])
			code += step
			n++
		}
		t.limit[length] = code
	}
	t.serial = serial
	return nil
}

func (t *table) addOne(code uint32, length int, symbol uint8) {
	if length > peekBits {
		return
	}
	first := code >> (16 - peekBits)
	for i := range uint32(1) << (peekBits - length) {
		t.one[first+i] = uint16(length)<<8 | uint16(symbol)
	}
}

// find decodes the code at the top of bits.
func (t *table) find(bits uint64) (symbol uint8, length int, ok bool) {
	top := uint32(bits >> 48)
	for n := 1; n <= 16; n++ {
		if top < t.limit[n] {
			return t.symbols[int(top>>(16-n))+t.offset[n]], n, true
		}
	}
	return 0, 0, false
}

// buildSkips fills skips from the smallest window up: an entry is the first symbol and the entry of what remains.
func (t *table) buildSkips() {
	if t.hasSkips {
		return
	}
	t.hasSkips = true
	t.skips[1] = unresolved << 6
	for n := 1; n <= peekBits; n++ {
		for w := range 1 << n {
			t.skips[1<<n+w] = t.skip(n, w)
		}
	}
}

func (t *table) skip(n, w int) uint16 {
	first := t.one[w<<(peekBits-n)]
	length, symbol := int(first>>8), uint8(first)
	bits, coefs := length+int(symbol&15), int(symbol>>4)+1
	switch {
	case length == 0 || length > n:
		return unresolved << 6
	case symbol == 0:
		return uint16(length | endOfBlock<<6)
	case symbol&15 == 0 && symbol != 0xF0: // no meaning in a sequential scan
		return unresolved << 6
	case bits < n:
		rest := int(t.skips[1<<(n-bits)+w&(1<<(n-bits)-1)])
		if more := rest >> 6; more < unresolved && more&63+coefs < 64 {
			return uint16(bits + rest&63 | (coefs+more)<<6)
		}
	}
	return uint16(bits | coefs<<6)
}

// starts is indexed like table.skips with a whole window, for the beginning of a block: the DC code, its value and what
// fits of the AC codes. Bits 0-5 are the bits to skip, 6-13 the coefficients (so far at least 1), 16-19 the length of the
// DC code, 20-23 the bits of its value; isStart is set.
type starts struct {
	dc, ac int // serials of the tables; ac 0 is a scan of DC alone
	entry  [peekSize]uint32
}

const isStart = 1 << 31

func (s *starts) build(dc, ac *table) {
	serial := 0
	if ac != nil {
		ac.buildSkips()
		serial = ac.serial
	}
	if s.dc == dc.serial && s.ac == serial {
		return
	}
	s.dc, s.ac = dc.serial, serial
	for w := range s.entry {
		s.entry[w] = isStart | start(dc, ac, w)
	}
}

func start(dc, ac *table, w int) uint32 {
	length, size := uint32(dc.one[w]>>8), uint32(dc.one[w]&0xFF)
	bits, coefs := length+size, uint32(1)
	switch {
	case length == 0:
		return unresolved << 6
	case ac == nil:
		coefs = 64
	case bits < peekBits:
		n := peekBits - int(bits)
		if rest := uint32(ac.skips[1<<n+w&(1<<n-1)]); rest>>6 < unresolved {
			return bits + rest&63 | (coefs+rest>>6)<<6 | length<<16 | size<<20
		}
	}
	return bits | coefs<<6 | length<<16 | size<<20
}
