package decode

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"whenwhere/internal/decode/look"
	"whenwhere/internal/decode/wire"
)

// maxTimesBytes bounds ffmpeg's list of times: a line is about 60 bytes.
const maxTimesBytes = wire.MaxFrames * 100

// parseTimes reads the output of ffmpeg's framecrc muxer for one stream and returns presentation times in milliseconds,
// rounded half away from zero. A line says `stream, dts, pts, duration, size, checksum` in units of the header's
// `#tb 0: num/den`. ffmpeg has read hostile bytes, so each line must be exactly what it can be. A last line without its
// end is left out: ffmpeg died in it.
func parseTimes(text string) ([]int64, error) {
	if len(text) > maxTimesBytes {
		return nil, badTimes("%d bytes exceed %d", len(text), maxTimesBytes)
	}
	lines := strings.Split(text, "\n")
	var base *big.Rat
	var ms []int64
	for i, line := range lines[:len(lines)-1] {
		if tb, ok := strings.CutPrefix(line, "#tb 0: "); ok {
			var err error
			if base, err = timeBase(tb); err != nil {
				return nil, err
			}
			continue
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		at, err := frameTime(line, base)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		ms = append(ms, at)
	}
	return ms, nil
}

func timeBase(s string) (*big.Rat, error) {
	num, den, ok := strings.Cut(s, "/")
	n, errN := strconv.ParseInt(num, 10, 32)
	d, errD := strconv.ParseInt(den, 10, 32)
	if !ok || errN != nil || errD != nil || n < 1 || d < 1 {
		return nil, badTimes("time base %.40q", s)
	}
	return big.NewRat(n, d), nil
}

func frameTime(line string, base *big.Rat) (int64, error) {
	fields := strings.Split(line, ",")
	if len(fields) < 6 || base == nil {
		return 0, badTimes("%.80q", line)
	}
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	if fields[0] != "0" || fields[4] != strconv.Itoa(3*look.SidePx*look.SidePx) {
		return 0, badTimes("%.80q", line)
	}
	pts, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil {
		return 0, badTimes("%.80q", line)
	}
	return milliseconds(pts, base)
}

// milliseconds is exact until the final rounding.
func milliseconds(pts int64, base *big.Rat) (int64, error) {
	at := new(big.Rat).Mul(big.NewRat(pts, 1), base)
	at.Mul(at, big.NewRat(1000, 1))
	half := big.NewRat(1, 2)
	if at.Sign() < 0 {
		half.Neg(half)
	}
	at.Add(at, half)
	ms := new(big.Int).Quo(at.Num(), at.Denom())
	if !ms.IsInt64() || ms.Int64() > wire.MaxAtMs || ms.Int64() < -wire.MaxAtMs {
		return 0, frameFault(wire.ClassInvalid, fmt.Sprintf("a frame's time is beyond %d ms", int64(wire.MaxAtMs)), "")
	}
	return ms.Int64(), nil
}

func badTimes(format string, args ...any) error {
	return fmt.Errorf("%w: times: %s", wire.ErrBadAnswer, fmt.Sprintf(format, args...))
}
