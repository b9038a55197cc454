package footage

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"whenwhere/pipeline"
)

// Two prints are near when both of their hashes are: the 64-bit hash as the first look, the 256-bit hash to confirm.
// The radii come from the design's measurement over 1,124 photos and 631,000 unrelated pairs (one false pair in 100,000
// at 13 of 64 alone, at 91 of 256 alone); asking for both leaves room below either.
const (
	Radius64  = 12
	Radius256 = 80
)

// A movie matches when at least this share of its comparable keyframes do, and at least two unless it has only one.
const movieShare = 0.5

// Entry is footage with a place in the world: a file of the archive, or a file of an incident.
type Entry struct {
	Media    pipeline.MediaID
	Name     string         // the file as people know it
	Incident string         // empty for the archive
	Claim    pipeline.Claim // of the incident
	SeenBy   *time.Time     // the footage existed no later than this; nil when unknown
	Event    string         // what the archive says it shows
	Prints   []pipeline.Print
}

// Sighting is an entry that holds the same footage.
type Sighting struct {
	Entry     Entry
	SameBytes bool
	Bits64    int // distance of the best pair of prints; 0 when SameBytes
	Bits256   int
	View      string // of the query: "upright", "mirrored", "as_stored"
	Frames    int    // keyframes of the query that matched; 0 for stills
	Of        int    // keyframes that could be compared
	AtMs      *int64 // the best pair: time in the query
	InMs      *int64 // and in the entry
}

func (s Sighting) chance() float64 {
	if s.SameBytes {
		return 0
	}
	return chanceMatch
}

func (s Sighting) describe() string {
	name := s.Entry.Name
	if s.Entry.Event != "" {
		name += " (" + s.Entry.Event + ")"
	}
	if s.SameBytes {
		return "the same bytes as " + name
	}
	text := fmt.Sprintf("print %d of 64 and %d of 256 bits from %s", s.Bits64, s.Bits256, name)
	if s.View == "mirrored" {
		text += ", mirrored"
	}
	if s.Of > 0 {
		text += fmt.Sprintf(", %d of %d keyframes", s.Frames, s.Of)
	}
	if s.AtMs != nil && s.InMs != nil {
		text += fmt.Sprintf(", %s here is %s there", clock(*s.AtMs), clock(*s.InMs))
	}
	return text
}

func clock(ms int64) string { return fmt.Sprintf("%d:%04.1f", ms/60000, float64(ms%60000)/1000) }

// Catalogue is an Index held in memory and searched in full. It is immutable.
type Catalogue struct {
	entries []entry
	archive int
	version string
}

type entry struct {
	Entry
	looks []look
}

// look is a print in comparable form.
type look struct {
	atMs *int64
	view string
	h64  uint64
	h256 [4]uint64
	kind string // algorithms and versions; others do not compare
}

// NewCatalogue takes the entries in any order. Prints that are flat or malformed are left out.
func NewCatalogue(entries []Entry) (*Catalogue, error) {
	c := &Catalogue{}
	for _, e := range entries {
		looks, err := looksOf(e.Prints)
		if err != nil {
			return nil, fmt.Errorf("catalogue: %s: %w", e.Name, err)
		}
		c.entries = append(c.entries, entry{e, looks})
		if e.Incident == "" {
			c.archive++
		}
	}
	slices.SortFunc(c.entries, func(a, b entry) int {
		return cmp.Or(strings.Compare(a.Incident, b.Incident), strings.Compare(a.Name, b.Name), slices.Compare(a.Media[:], b.Media[:]))
	})
	c.version = c.digest()
	return c, nil
}

// digest is the version of the catalogue: it changes with every entry that could change a finding.
func (c *Catalogue) digest() string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, e := range c.entries {
		// Writing to a hash cannot fail, and an Entry always marshals but for a zero id, which then stands for itself.
		_ = enc.Encode([]any{e.Media.String(), e.Name, e.Incident, e.Claim.Where, e.Claim.When, e.SeenBy, e.Event})
		for _, l := range e.looks {
			_ = enc.Encode([]any{l.atMs, l.view, l.kind, l.h64, l.h256})
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Version names this state of the catalogue.
func (c *Catalogue) Version() string { return c.version }

// Archived implements Index.
func (c *Catalogue) Archived() int { return c.archive }

// Sightings implements Index.
func (c *Catalogue) Sightings(_ context.Context, id pipeline.MediaID, prints []pipeline.Print) ([]Sighting, error) {
	query, err := looksOf(prints)
	if err != nil {
		return nil, fmt.Errorf("catalogue: %s: %w", id, err)
	}
	views := map[string]int{}
	for _, q := range query {
		views[q.view]++
	}
	var out []Sighting
	for i := range c.entries {
		e := &c.entries[i]
		if e.Media == id {
			out = append(out, Sighting{Entry: e.Entry, SameBytes: true})
		} else if s, ok := compare(query, views, e); ok {
			out = append(out, s)
		}
	}
	return out, nil
}

// compare pairs every look of the query with its nearest look of the entry. views counts the looks of the query. Nearly
// all pairs of a large catalogue end without a match, so nothing is allocated before one.
func compare(query []look, views map[string]int, e *entry) (Sighting, bool) {
	best := Sighting{Bits64: 65, Bits256: 257}
	var matched map[string]int
	for _, q := range query {
		p, ok := nearest(q, e.looks)
		if !ok {
			continue
		}
		if matched == nil {
			matched = map[string]int{}
		}
		matched[q.view]++
		if p.Bits256 < best.Bits256 {
			best.Bits64, best.Bits256, best.View, best.AtMs, best.InMs = p.Bits64, p.Bits256, q.view, p.AtMs, p.InMs
		}
	}
	n, of := matched[best.View], views[best.View]
	if n == 0 || float64(n) < movieShare*float64(of) || n < 2 && of > 1 {
		return Sighting{}, false
	}
	best.Entry = e.Entry
	if best.AtMs != nil {
		best.Frames, best.Of = n, of
	}
	return best, true
}

func nearest(q look, looks []look) (Sighting, bool) {
	var best Sighting
	found := false
	for i := range looks {
		l := &looks[i]
		// The archive keeps a footage's own view; the query brings its mirror image to it.
		d64 := bits.OnesCount64(q.h64 ^ l.h64)
		if d64 > Radius64 || l.view == "mirrored" || l.kind != q.kind {
			continue
		}
		d256 := 0
		for i := range q.h256 {
			d256 += bits.OnesCount64(q.h256[i] ^ l.h256[i])
		}
		if d256 <= Radius256 && (!found || d256 < best.Bits256) {
			best, found = Sighting{Bits64: d64, Bits256: d256, AtMs: q.atMs, InMs: l.atMs}, true
		}
	}
	return best, found
}

func looksOf(prints []pipeline.Print) ([]look, error) {
	var out []look
	for _, p := range prints {
		if p.Flat {
			continue
		}
		l := look{atMs: p.AtMs, view: p.View}
		have := 0
		for _, h := range p.Hashes {
			words, err := words(h.Hex)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", h.Algorithm, err)
			}
			switch {
			case h.Algorithm == "phash64" && len(words) == 1:
				l.h64 = words[0]
			case h.Algorithm == "phash256" && len(words) == 4:
				l.h256 = [4]uint64(words)
			default:
				continue
			}
			l.kind += h.Algorithm + "/" + h.Version + " "
			have++
		}
		if have == 2 {
			out = append(out, l)
		}
	}
	return out, nil
}

// words reads hexadecimal digits as 64-bit words, most significant first.
func words(text string) ([]uint64, error) {
	if len(text)%16 != 0 {
		return nil, fmt.Errorf("%d hexadecimal digits are no multiple of 16", len(text))
	}
	var out []uint64
	for i := 0; i < len(text); i += 16 {
		w, err := strconv.ParseUint(text[i:i+16], 16, 64)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}
