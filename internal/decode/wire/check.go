package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Bounds of what an answer may hold; everything beyond is a bad answer, whatever the file.
const (
	MaxSizeBytes   = 1 << 40          // larger than any original that is taken in
	MaxSidePx      = 1 << 30          // as declared by a header, before any cap: formats hold 31 bits
	MaxTags        = 20_000           // an answer of 1 MB cannot hold more
	MaxNotes       = 5_000            //
	MaxBrands      = 64               // ftyp lists a handful
	MaxHashes      = 8                // per picture
	MaxViews       = 16               // per picture
	MosaicBytes    = 64 * 64          // a grid of grey levels
	MaxMarksBytes  = 14 + 120*38      // a head and 120 marks
	MaxFrames      = 2_000            // per clip
	MaxAtMs        = 200 * 86_400_000 // 200 days either side of zero: MPEG-TS clocks wrap after 26.5 h
	MaxDurationMs  = 1 << 53          // mvhd version 1 holds 64 bits of ticks; whether it is plausible is judged elsewhere
	maxNameBytes   = 512
	maxTypeBytes   = 128
	maxVersionByte = 128
)

// ErrBadAnswer is what Parse and Check return for anything a well-behaved child cannot say.
var ErrBadAnswer = errors.New("bad answer")

func bad(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrBadAnswer, fmt.Sprintf(format, args...))
}

// Parse reads one answer of at most MaxAnswerBytes and checks it against the request it answers.
func Parse(body []byte, req Request) (Answer, error) {
	if len(body) > MaxAnswerBytes {
		return Answer{}, bad("%d bytes exceed %d", len(body), MaxAnswerBytes)
	}
	if !utf8.Valid(body) {
		return Answer{}, bad("not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	var a Answer
	if err := dec.Decode(&a); err != nil {
		return Answer{}, bad("json: %v", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Answer{}, bad("bytes after the answer")
	}
	if err := Check(a, req); err != nil {
		return Answer{}, err
	}
	return a, nil
}

// Check is the parent's distrust: it accepts a only if it is the answer that req asks for and each value in it is
// possible. It says nothing on whether the values are true.
func Check(a Answer, req Request) error {
	if a.Version != Version {
		return bad("version %d, want %d", a.Version, Version)
	}
	if n := a.set(); n != 1 {
		return bad("%d results, want 1", n)
	}
	switch {
	case a.Fault != nil:
		return checkFault(a.Fault, req)
	case a.Probe != nil && req.Op == OpProbe:
		return checkProbe(a.Probe)
	case a.Tags != nil && req.Op == OpTags:
		return checkTags(a.Tags)
	case a.Still != nil && req.Op == OpPrint:
		return checkStill(a.Still, req.MaxPixels)
	case a.Clip != nil && req.Op == OpFrames && req.Frames != nil:
		return checkFrames(a.Clip, req.Frames.MaxFrames)
	}
	if a.Derived != nil && req.Op == OpDerive {
		return checkDerived(a.Derived, req)
	}
	return bad("not an answer to %q", req.Op)
}

// checkDerived wants exactly the pixels of the announced sides, within the square that was asked for.
func checkDerived(d *Derived, req Request) error {
	side := req.DeriveSidePx()
	if d.WidthPx < 1 || d.HeightPx < 1 || d.WidthPx > side || d.HeightPx > side {
		return bad("derived sides %d x %d are not within 1 and %d", d.WidthPx, d.HeightPx, side)
	}
	if want := d.WidthPx * d.HeightPx * req.DeriveChannels(); len(d.Pixels) != want {
		return bad("derived pixels of %d bytes, want %d", len(d.Pixels), want)
	}
	return nil
}

func (a Answer) set() int {
	n := 0
	for _, there := range []bool{a.Probe != nil, a.Tags != nil, a.Still != nil, a.Clip != nil, a.Derived != nil, a.Fault != nil} {
		if there {
			n++
		}
	}
	return n
}

func checkFault(f *Fault, req Request) error {
	if f.Op != req.Op {
		return bad("fault of %q in answer to %q", f.Op, req.Op)
	}
	// Died, timed out and bad answer are the parent's own findings: a child cannot report them of itself.
	if !slices.Contains([]Class{ClassUnsupported, ClassRefused, ClassInvalid}, f.Class) {
		return bad("fault class %q", f.Class)
	}
	if f.NeedPixels < 0 || (f.NeedPixels > 0 && f.Class != ClassRefused) {
		return bad("fault needs %d pixels", f.NeedPixels)
	}
	return errors.Join(text("fault rule", f.Rule, 1, MaxRuleBytes), text("fault detail", f.Detail, 0, MaxDetailBytes))
}

func checkProbe(p *Probe) error {
	if p.SizeBytes < 0 || p.SizeBytes > MaxSizeBytes {
		return bad("size %d", p.SizeBytes)
	}
	if !isHex(p.SHA256, 64) {
		return bad("sha256 %.80q", p.SHA256)
	}
	if p.WidthPx < 0 || p.WidthPx > MaxSidePx || p.HeightPx < 0 || p.HeightPx > MaxSidePx {
		return bad("sides %d x %d", p.WidthPx, p.HeightPx)
	}
	if (p.WidthPx == 0) != (p.HeightPx == 0) {
		return bad("one side only: %d x %d", p.WidthPx, p.HeightPx)
	}
	return text("type", p.Type, 3, maxTypeBytes)
}

func checkTags(t *Tags) error {
	if len(t.Tags) > MaxTags || len(t.Notes) > MaxNotes || len(t.Brands) > MaxBrands {
		return bad("%d tags, %d notes, %d brands", len(t.Tags), len(t.Notes), len(t.Brands))
	}
	if t.DurationMs != nil && (*t.DurationMs < 0 || *t.DurationMs > MaxDurationMs) {
		return bad("duration %d ms", *t.DurationMs)
	}
	for i := range t.Tags {
		if err := checkTag(&t.Tags[i]); err != nil {
			return fmt.Errorf("tag %d: %w", i, err)
		}
	}
	for i, n := range t.Notes {
		if err := errors.Join(text("where", n.Where, 1, maxNameBytes), text("rule", n.Rule, 1, MaxRuleBytes)); err != nil {
			return fmt.Errorf("note %d: %w", i, err)
		}
	}
	for _, b := range t.Brands {
		if err := text("brand", b, 0, 64); err != nil {
			return err
		}
	}
	return text("encoder", t.Encoder, 0, 4096)
}

func checkTag(t *Tag) error {
	kinds := 0
	for _, there := range []bool{t.Text != nil, len(t.Ints) > 0, len(t.Rats) > 0, len(t.Floats) > 0} {
		if there {
			kinds++
		}
	}
	if kinds != 1 {
		return bad("%d kinds of value, want 1", kinds)
	}
	for _, f := range t.Floats {
		if _, err := strconv.ParseFloat(f, 64); len(f) > 64 || (err != nil && !errors.Is(err, strconv.ErrRange)) {
			return bad("float %.80q", f)
		}
	}
	if t.Text != nil && !utf8.ValidString(*t.Text) {
		return bad("text is not UTF-8")
	}
	return errors.Join(
		text("reader", t.Reader, 1, 64), text("dir", t.Dir, 1, maxNameBytes), text("name", t.Name, 1, maxNameBytes))
}

func checkStill(s *Still, maxPixels int64) error {
	if s.WidthPx < 1 || s.HeightPx < 1 || s.WidthPx > MaxSidePx || s.HeightPx > MaxSidePx {
		return bad("sides %d x %d", s.WidthPx, s.HeightPx)
	}
	if maxPixels > 0 && int64(s.WidthPx)*int64(s.HeightPx) > maxPixels {
		return bad("%d x %d exceed %d pixels", s.WidthPx, s.HeightPx, maxPixels)
	}
	if s.Orientation < 1 || s.Orientation > 8 {
		return bad("orientation %d", s.Orientation)
	}
	if (s.AsStored != nil) != (s.Orientation != 1) {
		return bad("orientation %d with as-stored %t", s.Orientation, s.AsStored != nil)
	}
	if s.AsStored != nil {
		if err := errors.Join(checkLook(s.AsStored), within(s.AsStored, s.WidthPx, s.HeightPx)); err != nil {
			return fmt.Errorf("as stored: %w", err)
		}
	}
	w, h := s.WidthPx, s.HeightPx
	if s.Orientation >= 5 { // EXIF 5 to 8 lie on their side
		w, h = h, w
	}
	return errors.Join(checkLook(&s.Look), within(&s.Look, w, h))
}

// checkFrames checks a child's answer on raw frames. The child sees pixels only, so it cannot know a time.
func checkFrames(c *Clip, maxFrames int) error {
	if len(c.Frames) > maxFrames || len(c.Frames) > MaxFrames {
		return bad("%d frames exceed %d", len(c.Frames), maxFrames)
	}
	if c.Sampled != "" {
		return bad("a sampling %.20q from one who cannot know it", c.Sampled)
	}
	for i := range c.Frames {
		if c.Frames[i].AtMs != 0 {
			return bad("frame %d has a time", i)
		}
		if err := checkLook(&c.Frames[i].Look); err != nil {
			return fmt.Errorf("frame %d: %w", i, err)
		}
	}
	return nil
}

// CheckTimes checks the presentation times of a finished clip: possible, and in order. Equal neighbours are allowed.
func CheckTimes(c Clip) error {
	for i, f := range c.Frames {
		if f.AtMs < -MaxAtMs || f.AtMs > MaxAtMs {
			return bad("frame %d at %d ms", i, f.AtMs)
		}
		if i > 0 && f.AtMs < c.Frames[i-1].AtMs {
			return bad("frame %d at %d ms comes before its predecessor", i, f.AtMs)
		}
	}
	return nil
}

func checkLook(l *Look) error {
	if l.Quality < 0 || l.Quality > 100 {
		return bad("quality %d", l.Quality)
	}
	if math.IsNaN(l.StdDev) || l.StdDev < 0 || l.StdDev > 127.5 {
		return bad("standard deviation %g", l.StdDev)
	}
	if l.Flat != (len(l.Hashes) == 0) || len(l.Hashes) > MaxHashes || len(l.Mirrored) != len(l.Hashes) {
		return bad("flat %t with %d hashes and %d mirrored", l.Flat, len(l.Hashes), len(l.Mirrored))
	}
	if err := errors.Join(checkHashes(l.Hashes), checkHashes(l.Mirrored)); err != nil {
		return err
	}
	if err := checkMosaic(l.Mosaic); err != nil {
		return err
	}
	if len(l.Marks) > MaxMarksBytes || l.Flat && l.Marks != nil {
		return bad("flat %t with marks of %d bytes", l.Flat, len(l.Marks))
	}
	return checkViews(l)
}

// inPart tells of each known view whether it shows a part only.
var inPart = map[string]bool{
	ViewRot90: false, ViewRot180: false, ViewRot270: false,
	ViewFlipped: false, ViewTransposed: false, ViewTransversed: false,
	ViewTrimmed: true, ViewTrimmedMirrored: true, ViewWindow: true,
}

func checkViews(l *Look) error {
	if len(l.Views) > MaxViews || l.Flat && len(l.Views) > 0 {
		return bad("flat %t with %d views", l.Flat, len(l.Views))
	}
	seen := map[string]bool{ViewWindow: false} // windows may be several
	for i, v := range l.Views {
		part, known := inPart[v.Name]
		if !known || seen[v.Name] || part != (v.Part != nil) {
			return bad("view %d: name %.40q again or unknown, or part %t", i, v.Name, v.Part != nil)
		}
		seen[v.Name] = v.Name != ViewWindow
		if v.Quality < 0 || v.Quality > 100 || len(v.Hashes) == 0 || len(v.Hashes) > MaxHashes {
			return bad("view %d: quality %d with %d hashes", i, v.Quality, len(v.Hashes))
		}
		if err := errors.Join(checkPart(v.Part), checkHashes(v.Hashes), checkMosaic(v.Mosaic)); err != nil {
			return fmt.Errorf("view %d: %w", i, err)
		}
	}
	return nil
}

func checkMosaic(m []byte) error {
	if m != nil && len(m) != MosaicBytes {
		return bad("mosaic of %d bytes", len(m))
	}
	return nil
}

func checkPart(p *Part) error {
	if p == nil {
		return nil
	}
	if p.LeftPx < 0 || p.TopPx < 0 || p.WidthPx < 1 || p.HeightPx < 1 ||
		p.LeftPx > MaxSidePx-p.WidthPx || p.TopPx > MaxSidePx-p.HeightPx {
		return bad("part %+v", *p)
	}
	return nil
}

// within tells whether all parts lie in a picture of these sides.
func within(l *Look, widthPx, heightPx int) error {
	for i, v := range l.Views {
		if p := v.Part; p != nil && (p.LeftPx+p.WidthPx > widthPx || p.TopPx+p.HeightPx > heightPx) {
			return bad("view %d: part %+v leaves %d x %d", i, *p, widthPx, heightPx)
		}
	}
	return nil
}

// checkHashes allows each algorithm once.
func checkHashes(list []Hash) error {
	seen := map[string]bool{}
	for _, h := range list {
		if seen[h.Algorithm] {
			return bad("two hashes %.40q", h.Algorithm)
		}
		seen[h.Algorithm] = true
		if err := checkHash(h); err != nil {
			return err
		}
	}
	return nil
}

func checkHash(h Hash) error {
	digits := map[string]int{PHash64: 16, PHash256: 64, PDQ: 64}[h.Algorithm]
	if digits == 0 || !isHex(h.Hex, digits) {
		return bad("hash %.40q %.80q", h.Algorithm, h.Hex)
	}
	return text("hash version", h.Version, 1, maxVersionByte)
}

func isHex(s string, digits int) bool {
	if len(s) != digits {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func text(what, s string, minBytes, maxBytes int) error {
	if len(s) < minBytes || len(s) > maxBytes || !utf8.ValidString(s) {
		return bad("%s: %d bytes, want UTF-8 of %d to %d", what, len(s), minBytes, maxBytes)
	}
	return nil
}
