package telemetry

import (
	"time"

	"whenwhere/internal/clock/gpmf"
	"whenwhere/internal/decode/wire"
)

// Limits of a telemetry track. A payload holds a second: a receiver that finds no satellite in the first four minutes and
// has none in the last four leaves a clip without satellite time.
const (
	maxPayloads     = 256     // read from each end
	maxPayloadNotes = 8       // of payloads that break off
	MaxPayloadBytes = 1 << 20 // of one; the largest real one has 24 KB
	maxTrackBytes   = 16 << 20
)

// Payloads are the samples of a telemetry track, in their order. At returns the bytes of one, at most MaxPayloadBytes.
type Payloads struct {
	Count int
	At    func(i int) ([]byte, error)
}

// GoPro reads as many payloads as it takes to find the first and the last time with a fix; without any fix it answers the
// first and the last time, whose Fix is then 0.
func GoPro(p Payloads) ([]wire.Tag, []wire.Note) {
	r := goproReader{payloads: p, found: found{reader: "gpmf"}}
	first, okFirst := r.search(0, 1)
	last, okLast := r.search(p.Count-1, -1)
	r.int("Payloads", int64(p.Count))
	if r.device != "" {
		r.text("Device", r.device)
	}
	if okFirst {
		r.end("First", first, first.FromMs)
	}
	if okLast {
		r.end("Last", last, last.ToMs)
	}
	switch {
	case !okFirst && !okLast:
		r.note("gpmf", "no time in the %d of %d payloads that were read", r.read, p.Count)
	case !first.fixed() && !last.fixed():
		r.note("gpmf", "no fix in the %d of %d payloads that were read", r.read, p.Count)
	}
	if r.failed > maxPayloadNotes {
		r.note("gpmf", "%d more payloads could not be read to their end", r.failed-maxPayloadNotes)
	}
	return r.tags, r.notes
}

type goproReader struct {
	found
	payloads            Payloads
	device              string
	read, failed, bytes int
	parsed              map[int]bool // payloads whose defects are noted
}

// second is what one payload says.
type second struct {
	gpmf.Block
	Payload      int
	FromMs, ToMs int64 // first and last time in it
}

// fixed: a stream that states no fix, as the Karma's, had one when it has places.
func (s second) fixed() bool {
	return s.HasUTC && (s.HasFix && s.Fix > 0 || !s.HasFix && len(s.Points) > 0)
}

// search goes through the payloads from one end to the first time with a fix; without one, it is the first time there.
func (r *goproReader) search(from, step int) (best second, ok bool) {
	for n, i := 0, from; n < maxPayloads && i >= 0 && i < r.payloads.Count; n, i = n+1, i+step {
		if r.bytes > maxTrackBytes {
			r.note("gpmf", "more than %d bytes of payloads: the others are not read", maxTrackBytes)
			break
		}
		for _, s := range r.seconds(i, step) {
			if s.fixed() {
				return s, true
			}
			if !ok {
				best, ok = s, true
			}
		}
	}
	return best, ok
}

// seconds reads one payload; of several blocks with a time, the one nearest to the end of the film comes first.
func (r *goproReader) seconds(i, step int) []second {
	data, err := r.payloads.At(i)
	var t gpmf.Telemetry
	if err == nil {
		r.bytes += len(data)
		t, err = gpmf.Parse(data)
	}
	if !r.parsed[i] {
		r.once(i, err)
	}
	if r.device == "" {
		r.device = t.Device
	}
	var out []second
	for _, b := range t.Blocks {
		if !b.HasUTC {
			continue
		}
		s := second{Block: b, Payload: i, FromMs: b.UTCMs, ToMs: b.UTCMs}
		for _, p := range b.Points {
			if p.HasUTC {
				s.FromMs, s.ToMs = min(s.FromMs, p.UTCMs), max(s.ToMs, p.UTCMs)
			}
		}
		if step > 0 {
			out = append(out, s)
		} else {
			out = append([]second{s}, out...)
		}
	}
	return out
}

// once counts a payload, and notes why it could not be read to its end.
func (r *goproReader) once(i int, err error) {
	if r.parsed == nil {
		r.parsed = map[int]bool{}
	}
	r.parsed[i] = true
	r.read++
	if err == nil {
		return
	}
	if r.failed++; r.failed <= maxPayloadNotes {
		r.note("gpmf", "payload %d: %v", i, err)
	}
}

func (r *goproReader) end(name string, s second, ms int64) {
	r.text(name+"UTC", time.UnixMilli(ms).UTC().Format(UTCLayout))
	r.int(name+"Payload", int64(s.Payload))
	if s.HasFix {
		r.int(name+"Fix", int64(s.Fix))
	}
	if s.HasDOP {
		r.floats(name+"DOP", s.DOP)
	}
	if len(s.Points) == 0 {
		return
	}
	p := s.Points[0]
	if name == "Last" {
		p = s.Points[len(s.Points)-1]
	}
	r.floats(name+"Place", p.Lat, p.Lon, p.AltM)
}
