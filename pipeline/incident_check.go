package pipeline

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// FieldError names one field of an incident record and what is wrong with it.
type FieldError struct {
	Field string // a path such as media[2].file
	Err   error
}

func (e *FieldError) Error() string { return e.Field + ": " + e.Err.Error() }

func (e *FieldError) Unwrap() error { return e.Err }

// Limits on one incident record: far above any real one, low enough that a hostile record stays cheap.
const (
	MaxIDBytes       = 128
	MaxTextBytes     = 20_000
	MaxListEntries   = 2_000
	MaxCasualties    = 1_000_000
	MaxFileNameBytes = 1_024
)

// Check returns every fault of the record, in the order of its fields; nil when it is sound.
func (in Incident) Check() []*FieldError {
	c := &checker{}
	c.add("id", checkID(in.ID))
	c.claim(in.Claim)
	c.count("media", len(in.Media))
	c.count("sources", len(in.Sources))
	c.count("testimonies", len(in.Testimonies))
	c.count("marks", len(in.Marks))
	c.count("brackets", len(in.Brackets))
	c.media(in.Media)
	c.sources(in.Sources, in.Media)
	c.testimonies(in.Testimonies)
	c.marks(in.Marks, in.Media)
	c.brackets(in.Brackets, in.Media)
	c.landmarks(in.Landmarks, in.Media)
	return c.faults
}

type checker struct{ faults []*FieldError }

func (c *checker) add(field string, err error) {
	if err != nil {
		c.faults = append(c.faults, &FieldError{Field: field, Err: err})
	}
}

func (c *checker) count(field string, n int) {
	if n > MaxListEntries {
		c.add(field, fmt.Errorf("%d entries exceed the limit of %d", n, MaxListEntries))
	}
}

func (c *checker) claim(cl Claim) {
	if cl.Where != nil {
		c.add("claim.where", cl.Where.Check())
	}
	if cl.Named != nil {
		c.named("claim.where", *cl.Named)
	}
	if cl.When != nil {
		c.add("claim.when", cl.When.Check())
	}
	if !slices.Contains([]Kind{"", KindExecution, KindCapture, KindStrike, KindShelling, KindOther, KindStatement}, cl.Kind) {
		c.add("claim.kind", fmt.Errorf("%q is none of execution, capture, strike, shelling, other", cl.Kind))
	}
	c.add("claim.what", checkText(cl.What))
	c.add("claim.perpetrator", checkSide(cl.Perpetrator))
	c.units("claim.units", cl.Units)
	if k := cl.Casualties; k != nil {
		c.add("claim.casualties.party", checkSide(k.Party))
		if k.Min < 0 || k.Max < k.Min || k.Max > MaxCasualties {
			c.add("claim.casualties", fmt.Errorf("min %d and max %d: want 0 <= min <= max <= %d", k.Min, k.Max, MaxCasualties))
		}
	}
}

func (c *checker) media(refs []MediaRef) {
	seen := map[string]bool{}
	for i, m := range refs {
		at := fmt.Sprintf("media[%d]", i)
		c.add(at+".file", CheckFileName(m.File))
		if seen[m.File] {
			c.add(at+".file", fmt.Errorf("%q is listed twice", m.File))
		}
		seen[m.File] = true
		if !slices.Contains([]Role{"", RoleEvent, RoleAftermath, RoleContext}, m.Role) {
			c.add(at+".role", fmt.Errorf("%q is none of event, aftermath, context", m.Role))
		}
	}
}

func (c *checker) sources(sources []Source, refs []MediaRef) {
	for i, s := range sources {
		at := fmt.Sprintf("sources[%d]", i)
		c.add(at+".url", checkURL(s.URL))
		if s.RepostOf != nil {
			c.add(at+".repost_of", checkURL(*s.RepostOf))
		}
		c.add(at+".side", checkSide(s.Side))
		c.add(at+".platform", checkText(s.Platform))
		c.add(at+".account", checkText(s.Account))
		if s.Published != nil && s.Published.IsZero() {
			c.add(at+".published", fmt.Errorf("year 1 is not a date of publication"))
		}
		c.grade(at, s.Grade)
		c.carried(at, s.Media, refs)
		c.count(at+".archived", len(s.Archived))
		for k, a := range s.Archived {
			c.archived(fmt.Sprintf("%s.archived[%d]", at, k), a)
		}
	}
}

// carried checks the files that a post is said to carry.
func (c *checker) carried(at string, files []string, refs []MediaRef) {
	c.count(at+".media", len(files))
	seen := map[string]bool{}
	for _, f := range files {
		c.ofMedia(at, f, refs)
		if seen[f] {
			c.add(at+".media", fmt.Errorf("%q is listed twice", f))
		}
		seen[f] = true
	}
}

// MaxArchivedBytes bounds what dates an archived copy; a header has less than a hundred bytes.
const MaxArchivedBytes = 256

func (c *checker) archived(at string, a Archived) {
	if !slices.Contains([]ArchiveKind{ArchiveWARC, ArchiveHTTP, ArchiveSeen}, a.Kind) {
		c.add(at+".kind", fmt.Errorf("%q is not a known kind of archived copy (warc, http, seen)", a.Kind))
	}
	switch {
	case a.Text == "":
		c.add(at+".text", fmt.Errorf("missing"))
	case len(a.Text) > MaxArchivedBytes:
		c.add(at+".text", fmt.Errorf("%d bytes exceed the limit of %d", len(a.Text), MaxArchivedBytes))
	}
}

func (c *checker) brackets(brackets []Bracket, refs []MediaRef) {
	for i, b := range brackets {
		at := fmt.Sprintf("brackets[%d]", i)
		c.ofMedia(at, b.Media, refs)
		c.add(at+".by", checkPseudonym(b.By))
		c.add(at+".shows", checkText(b.Shows))
		switch {
		case b.Before.IsZero():
			c.add(at+".before", fmt.Errorf("missing"))
		case b.After.IsZero():
			c.add(at+".after", fmt.Errorf("missing"))
		case !b.Before.Before(b.After):
			c.add(at+".after", fmt.Errorf("%s is not after before %s", b.After.Format(time.RFC3339), b.Before.Format(time.RFC3339)))
		}
	}
}

func (c *checker) ofMedia(at, file string, refs []MediaRef) {
	if !slices.ContainsFunc(refs, func(r MediaRef) bool { return r.File == file }) {
		c.add(at+".media", fmt.Errorf("%q is not among the incident's media", file))
	}
}

func (c *checker) testimonies(list []Testimony) {
	seen := map[string]bool{}
	for i, t := range list {
		at := fmt.Sprintf("testimonies[%d]", i)
		err := checkPseudonym(t.ID)
		c.add(at+".id", err)
		if err == nil && seen[t.ID] {
			c.add(at+".id", fmt.Errorf("%q is listed twice", t.ID))
		}
		seen[t.ID] = true
		if _, err := time.Parse(time.DateOnly, t.Interviewed); t.Interviewed != "" && err != nil {
			c.add(at+".interviewed", fmt.Errorf("%q is not a date YYYY-MM-DD", t.Interviewed))
		}
		if t.Place != nil {
			c.add(at+".place", t.Place.Check())
		}
		if t.Named != nil {
			c.named(at+".place", *t.Named)
		}
		if t.Time != nil {
			c.add(at+".time", t.Time.Check())
		}
		c.grade(at, t.Grade)
	}
}

func (c *checker) grade(at string, g Grade) {
	if !g.Valid() {
		c.add(at+".grade", fmt.Errorf("%q is not an Admiralty grade A1 to F6", g))
	}
}

func (c *checker) marks(marks []Mark, refs []MediaRef) {
	for i, m := range marks {
		at := fmt.Sprintf("marks[%d]", i)
		c.ofMedia(at, m.Media, refs)
		c.add(at+".by", checkPseudonym(m.By))
		switch m.Kind {
		case MarkShadow:
			c.shadow(at, m)
		case MarkSun:
			c.sun(at, m)
		default:
			c.add(at+".kind", fmt.Errorf("%q is not a known kind of mark (shadow, sun)", m.Kind))
			continue
		}
		c.frame(at, m)
	}
}

func (c *checker) shadow(at string, m Mark) {
	if m.AzimuthDeg == nil && m.Ratio == nil {
		c.add(at, fmt.Errorf("a shadow needs azimuth_deg, ratio, or both"))
	}
	c.measure(at, "azimuth_deg", m.AzimuthDeg, "sigma_deg", m.SigmaDeg, 0, 360, 90)
	c.measure(at, "ratio", m.Ratio, "sigma_ratio", m.SigmaRatio, 1e-3, 1e3, 1e3)
	c.measure(at, "slope_deg", m.SlopeDeg, "sigma_slope_deg", m.SigmaSlopeDeg, -60, 60, 60)
	c.measure(at, "lean_deg", m.LeanDeg, "sigma_lean_deg", m.SigmaLeanDeg, -60, 60, 60)
	if m.Pixel != nil {
		c.add(at+".pixel", fmt.Errorf("a mark of the kind %s has none", m.Kind))
	}
	c.absent(at, m.Kind, "elevation_deg", m.ElevationDeg)
	c.absent(at, m.Kind, "sigma_elevation_deg", m.SigmaElevationDeg)
}

func (c *checker) sun(at string, m Mark) {
	switch direct := m.AzimuthDeg != nil || m.ElevationDeg != nil; {
	case m.Pixel != nil && (direct || m.NorthUnknown):
		c.add(at+".pixel", fmt.Errorf("given beside azimuth_deg, elevation_deg or north_unknown, which it stands for"))
	case m.Pixel != nil:
		c.pixel(at+".pixel", *m.Pixel)
	case !direct:
		c.add(at, fmt.Errorf("a sun needs azimuth_deg, elevation_deg, or both; or pixel"))
	}
	c.measure(at, "azimuth_deg", m.AzimuthDeg, "sigma_deg", m.SigmaDeg, 0, 360, 90)
	c.measure(at, "elevation_deg", m.ElevationDeg, "sigma_elevation_deg", m.SigmaElevationDeg, -1, 90, 90)
	for _, f := range []struct {
		name string
		v    *float64
	}{{"ratio", m.Ratio}, {"sigma_ratio", m.SigmaRatio}, {"slope_deg", m.SlopeDeg}, {"sigma_slope_deg", m.SigmaSlopeDeg},
		{"lean_deg", m.LeanDeg}, {"sigma_lean_deg", m.SigmaLeanDeg}} {
		c.absent(at, m.Kind, f.name, f.v)
	}
}

// MaxFramePx is the longest side of a frame that a mark can lie in.
const MaxFramePx = 100_000

func (c *checker) pixel(at string, p SunPixel) {
	if p.WidthPx < 1 || p.HeightPx < 1 || p.WidthPx > MaxFramePx || p.HeightPx > MaxFramePx {
		c.add(at+".width_px", fmt.Errorf("a frame of %d x %d: want 1 to %d each", p.WidthPx, p.HeightPx, MaxFramePx))
	}
	c.measure(at, "x_px", &p.XPx, "sigma_px", &p.SigmaPx, 0, float64(p.WidthPx), MaxFramePx)
	c.measure(at, "y_px", &p.YPx, "sigma_px", &p.SigmaPx, 0, float64(p.HeightPx), MaxFramePx)
	c.measure(at, "hfov_deg", p.HFOVDeg, "sigma_hfov_deg", p.SigmaHFOVDeg, 1, 170, 60)
	c.measure(at, "yaw_deg", &p.YawDeg, "sigma_yaw_deg", &p.SigmaYawDeg, 0, 360, 90)
	c.measure(at, "pitch_deg", &p.PitchDeg, "sigma_pitch_deg", &p.SigmaPitchDeg, -90, 90, 90)
	c.measure(at, "roll_deg", p.RollDeg, "sigma_roll_deg", p.SigmaRollDeg, -180, 180, 90)
}

func (c *checker) absent(at string, kind MarkKind, name string, v *float64) {
	if v != nil {
		c.add(at+"."+name, fmt.Errorf("a mark of the kind %s has none", kind))
	}
}

// MaxAfterS is the longest clip that a mark can lie in: a day.
const MaxAfterS = 86_400

func (c *checker) frame(at string, m Mark) {
	if m.AfterS != nil && !(finite(*m.AfterS) && *m.AfterS >= 0 && *m.AfterS <= MaxAfterS) {
		c.add(at+".after_s", fmt.Errorf("%v is not within 0 to %d", *m.AfterS, MaxAfterS))
	}
	if m.NorthUnknown && m.AzimuthDeg == nil {
		c.add(at+".north_unknown", fmt.Errorf("given without azimuth_deg"))
	}
}

// measure checks a value with its standard deviation: both or neither, both in range.
func (c *checker) measure(at, name string, v *float64, sigmaName string, sigma *float64, lo, hi, maxSigma float64) {
	if v == nil {
		if sigma != nil {
			c.add(at+"."+sigmaName, fmt.Errorf("given without %s", name))
		}
		return
	}
	if !finite(*v) || *v < lo || *v > hi {
		c.add(at+"."+name, fmt.Errorf("%v is not within %v to %v", *v, lo, hi))
	}
	switch {
	case sigma == nil:
		c.add(at+"."+sigmaName, fmt.Errorf("missing: a measurement without its uncertainty proves nothing"))
	case !finite(*sigma) || *sigma <= 0 || *sigma > maxSigma:
		c.add(at+"."+sigmaName, fmt.Errorf("%v is not above 0 and at most %v", *sigma, maxSigma))
	}
}

func checkID(id string) error {
	switch {
	case id == "":
		return fmt.Errorf("missing")
	case len(id) > MaxIDBytes:
		return fmt.Errorf("%d bytes exceed the limit of %d", len(id), MaxIDBytes)
	case strings.ContainsFunc(id, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar }):
		return fmt.Errorf("%q holds a space, a control character or invalid UTF-8", id)
	}
	return nil
}

func checkText(s string) error {
	if len(s) > MaxTextBytes {
		return fmt.Errorf("%d bytes exceed the limit of %d", len(s), MaxTextBytes)
	}
	return nil
}

func checkSide(s Side) error {
	if !slices.Contains([]Side{"", SideRU, SideUA, SideOther, SideUnknown}, s) {
		return fmt.Errorf("%q is none of ru, ua, other, unknown", s)
	}
	return nil
}

func checkURL(raw string) error {
	if raw == "" {
		return fmt.Errorf("missing")
	}
	if len(raw) > MaxTextBytes {
		return fmt.Errorf("%d bytes exceed the limit of %d", len(raw), MaxTextBytes)
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("not an http or https address")
	}
	return nil
}

// CheckFileName accepts a relative path with slashes that stays inside the case folder and can be shown safely.
func CheckFileName(name string) error {
	switch {
	case name == "":
		return fmt.Errorf("missing")
	case len(name) > MaxFileNameBytes:
		return fmt.Errorf("%d bytes exceed the limit of %d", len(name), MaxFileNameBytes)
	case !utf8.ValidString(name):
		return fmt.Errorf("%q is not UTF-8", name)
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }):
		return fmt.Errorf("%q holds a control character", name)
	case name == "." || path.IsAbs(name) || strings.Contains(name, `\`) || path.Clean(name) != name || name == ".." || strings.HasPrefix(name, "../"):
		return fmt.Errorf("%q is not a plain relative path inside the case folder", name)
	}
	return nil
}
