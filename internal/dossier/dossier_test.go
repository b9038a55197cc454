package dossier_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/audience"
	"whenwhere/internal/dossier"
	"whenwhere/pipeline"
)

// Everything that is known stands on the page for the house.
func TestAllIsTold(t *testing.T) {
	t.Parallel()
	page := unpacked(t, pageOf(t, audience.Internal, whole(t)))
	for _, want := range []string{
		"SECRET-what", "48.04123° N, 37.90785° E, within 400 m", "37U ", "31 August 2024, 09:00 to 13:00 Kyiv time (UTC+03:00); 06:00 to 10:00 UTC", "3 to 5, of party: Ukrainian (ua)",
		"Russian (ru); as alleged, not judged here", "contradicted", "This does not hold: The footage was not seen before the claimed time.", "87.65", "+1.23 bans", "40 %",
		"approved", "SECRET-one", "SECRET-because", "SECRET-reason of where.position", "SECRET-evidence", "SECRET-device", "without it: 99.20", "−1.96", "+1.53",
		"Reported control by alpha", "Reported control by beta", "drawn as held by ru", "not drawn as held by ru", "position by file 1 (EXIF:GPS), 95 % within 13 m", "file 1 looks to 255° (true north), width of view not stated",
		"where witness SECRET-W places it", "Made 31 August 2024, 10:41:21 to 10:43:15 Kyiv time (UTC+03:00); 07:41:21 to 07:43:15 UTC (96 %).", "camera's clock", "belief 90 → 100 %",
		"outline-1", "outline-2", "outline-3", "at 1:11.3 of the recording", "SECRET-seen", "SECRET-why", "The satellite time lies in the claimed window.", "SECRET-reason of when.gps_clock",
		"Does not apply to this claim: The claimed place lay near the line.", "Mark three or more landmarks", "1.16", "SECRET-link", "61.3 % under the model", "A person said that they are two incidents.", "Statement ST-9", "by: SECRET-deputy, side: Russian (ru), said 1 August 2024, 09:00:00 to 10:00:00", "SECRET-call", "0102030000000000000000000000000000000000000000000000000000000000", "4321 bytes", "SECRET-cause",
		"The file is not there: SECRET-missing", "SECRET-digest", "SECRET-root", "2026.6", "c0ffee", "0900000000", "What this page does not say", "prints: SECRET: died", "Of each set at least one is wrong", "Answer: no (footage.known, file 1 (media/X-1/SECRET-name.jpg))", "What is measured on file 1 (media/X-1/SECRET-name.jpg): metadata.clocks[SECRET-field]", "SECRET-loose",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if strings.Contains(page, "NEVER") {
		t.Error("the name of a speaker is on the page")
	}
}

// The heaviest answer of a side comes first, and answers of no weight are there too.
func TestLinesInOrder(t *testing.T) {
	t.Parallel()
	in := whole(t)
	more := in.Verdict.Lines[2]
	more.ID, more.Question, more.Weight = "where.view", "where.view", -2
	none := more
	none.ID, none.Question, none.Weight, none.Outcome = "where.landmarks", "where.landmarks", 0, pipeline.Inconclusive
	in.Verdict.Lines = append(in.Verdict.Lines, none, more)
	page := pageOf(t, audience.Internal, in)
	answers := page[strings.Index(page, "Every answer"):]
	view, position, landmarks := strings.Index(answers, "<code>where.view</code>"), strings.Index(answers, "<code>where.position</code>"), strings.Index(answers, "<code>where.landmarks</code>")
	if !(0 < view && view < position && position < landmarks) {
		t.Errorf("view at %d, position at %d, landmarks at %d", view, position, landmarks)
	}
}

// A page for others holds no word, name, hash (for the public), frame or exact place of what the house knows.
func TestWhatIsHeldBack(t *testing.T) {
	t.Parallel()
	for _, to := range []audience.Audience{audience.Partner, audience.Public} {
		page := unpacked(t, pageOf(t, to, whole(t)))
		for _, secret := range []string{"SECRET", "37.90785", "48.0412", "48.0405", "37.91,", "outline-", "frame-1", "1.53", "1.23", "87.65", "X-2", "ST-9", "41:21", "43:15", "41:15"} {
			if k := strings.Index(page, secret); k >= 0 {
				t.Errorf("%s: %q is on the page: %q", to, secret, page[max(0, k-60):min(len(page), k+60)])
			}
		}
		if hashed := strings.Contains(page, "010203000000"); hashed != to.Hashes() {
			t.Errorf("%s: hash of the file: %v", to, hashed)
		}
		if !strings.Contains(page, "left out of this edition") || !strings.Contains(page, "made coarse for this edition") {
			t.Errorf("%s: what is left out is not said", to)
		}
	}
}

// The page is the same wherever in its cell the place lies, pictures too.
func TestNoWayBackFromTheCell(t *testing.T) {
	t.Parallel()
	in := whole(t)
	cell := audience.Public.Place(*in.Case.Incident.Claim.Where, nil).Cell
	first := pageOf(t, audience.Public, in)
	rapid.Check(t, func(r *rapid.T) {
		other := in
		other.Case.Incident = clone(t, in.Case.Incident)
		other.Case.Incident.Claim.Where.Lon = cell.West + rapid.Float64Range(0.01, 0.99).Draw(r, "x")*(cell.East-cell.West)
		other.Case.Incident.Claim.Where.Lat = cell.South + rapid.Float64Range(0.01, 0.99).Draw(r, "y")*(cell.North-cell.South)
		if pageOf(t, audience.Public, other) != first {
			r.Fatalf("the page tells %v from the first", *other.Case.Incident.Claim.Where)
		}
	})
}

func TestThePublicGetsApprovedOnly(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.Review.History = in.Review.History[:1]
	var b strings.Builder
	w, err := dossier.NewWriter(&b, dossier.About{Audience: audience.Public, Kyiv: time.UTC, Title: "T"})
	if err != nil {
		t.Fatal(err)
	}
	before := b.Len()
	if err := w.Add(in); !errors.Is(err, dossier.ErrNotApproved) || b.Len() != before {
		t.Errorf("%v, %d bytes written", err, b.Len()-before)
	}
	if err := w.Close(); err != nil || !strings.Contains(b.String(), "no incident that may be shown") || !strings.HasSuffix(b.String(), "</html>\n") {
		t.Errorf("%v: %s", err, b.String()[before:])
	}
	if _, err := dossier.NewWriter(&b, dossier.About{Audience: audience.Internal}); err == nil {
		t.Error("a document without a zone")
	}
}

// A frame in colour is there only if it was handed in, behind a lid, after its outline.
func TestFramesAreBehindLids(t *testing.T) {
	t.Parallel()
	in := whole(t)
	page := pageOf(t, audience.Internal, in)
	shown := strings.Index(page, "data:image/jpeg")
	lid, outline := strings.LastIndex(page[:shown], "<details>"), strings.LastIndex(page[:shown], "data:image/png")
	if strings.Count(page, "data:image/jpeg") != 1 || lid < 0 || strings.Contains(page[lid:shown], "</details>") || outline < 0 || outline > lid {
		t.Errorf("the frame stands at %d, its lid at %d, its outline at %d", shown, lid, outline)
	}
	if strings.Contains(page, "<details open") {
		t.Error("a lid is open")
	}
	in.Frames[0].Shown = nil
	if strings.Contains(pageOf(t, audience.Internal, in), "data:image/jpeg") {
		t.Error("a frame that nobody asked for")
	}
}

var (
	tags  = regexp.MustCompile(`<(/?)([a-zA-Z!][a-zA-Z0-9]*)([^<>]*)>`)
	attrs = regexp.MustCompile(`([a-zA-Z0-9-]+)="([^"]*)"`)
	style = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
)

var allowedTags = strings.Fields("!DOCTYPE html head meta title style body main article header section h1 h2 h3 h4 p div span b bdi br ul ol li dl dt dd table thead tbody tr th td figure img figcaption details summary code sup svg line rect nav a")

var allowedAttrs = strings.Fields("lang charset http-equiv content name class id aria-labelledby aria-hidden focusable src alt width height scope viewBox preserveAspectRatio x y x1 x2 y1 y2 href")

// checkMarkup wants known elements and attributes only, none that fetches or runs anything, and a policy that lets in
// nothing but the page's own style.
func checkMarkup(t *testing.T, page string) {
	t.Helper()
	own := style.FindStringSubmatch(page)
	sum := sha256.Sum256([]byte(own[1]))
	want := strings.ReplaceAll(base64.StdEncoding.EncodeToString(sum[:]), "+", "&#43;")
	if !strings.Contains(page, `content="default-src 'none'; img-src data:; style-src 'sha256-`+want+`'; base-uri 'none'; form-action 'none'"`) {
		t.Error("the policy does not name the digest of the style")
	}
	if strings.Count(page, "<style") != 1 || strings.ContainsAny(own[1], "<") || strings.Contains(own[1], "url(") || strings.Contains(own[1], "@import") {
		t.Error("the style fetches something, or ends early")
	}
	rest := style.ReplaceAllString(page, "")
	for _, tag := range tags.FindAllStringSubmatch(rest, -1) {
		if !slices.Contains(allowedTags, tag[2]) {
			t.Errorf("element %q", tag[0])
		}
		for _, a := range attrs.FindAllStringSubmatch(tag[3], -1) {
			if !slices.Contains(allowedAttrs, a[1]) || a[1] == "src" && !strings.HasPrefix(a[2], "data:image/") || a[1] == "href" && !strings.HasPrefix(a[2], "#") {
				t.Errorf("attribute %q of %.80q", a[0], tag[0])
			}
		}
		if left := attrs.ReplaceAllString(tag[3], ""); strings.ContainsAny(left, `"'=`) {
			t.Errorf("an attribute without quotes in %.200q", tag[0])
		}
	}
	if loose := strings.Count(rest, "<") - len(tags.FindAllString(rest, -1)); loose != 0 {
		t.Errorf("%d loose <", loose)
	}
}

func TestPageNeedsNothingElse(t *testing.T) {
	t.Parallel()
	for _, to := range audience.All() {
		checkMarkup(t, pageOf(t, to, whole(t), whole(t)))
	}
}

const evil = `"></style></title><script>alert(1)</script><img src=x onerror=alert(1)>'` + "`{{.}}javascript:\u202e\x00 \\3c"

// poison puts evil text into every text of a value.
func poison(v reflect.Value) {
	switch kind := v.Kind(); {
	case kind == reflect.Pointer && !v.IsNil():
		poison(v.Elem())
	case kind == reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				poison(v.Field(i))
			}
		}
	case kind == reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case kind == reflect.String:
		v.SetString(v.String() + evil)
	}
}

// Text from outside stays text, wherever it stands.
func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	in := whole(t)
	for _, part := range []any{&in.Case.Incident, &in.Case.Media, &in.Verdict.Lines, &in.Verdict.Reasons, &in.Verdict.Words, &in.Verdict.Incident, &in.Verdict.Incomplete, &in.Verdict.Times, &in.Verdict.Open,
		&in.Verdict.Contradictions, &in.Verdict.Next, &in.Verdict.Rules, &in.Review.History, &in.Questions, &in.Frames, &in.Matches, &in.Events, &in.Log, &in.Pairs, &in.Calls, &in.Allowed} {
		poison(reflect.ValueOf(part).Elem())
	}
	in.Verdict.Data = map[string]string{evil: evil}
	for i := range in.Maps {
		in.Maps[i].Provider, in.Maps[i].Edition.Licence = evil, evil
	}
	for i := range in.Case.Media { // what does not read back is an error, and no text
		in.Case.Media[i].Observed = whole(t).Case.Media[i].Observed
	}
	var b strings.Builder
	w, err := dossier.NewWriter(&b, dossier.About{Audience: audience.Internal, Kyiv: time.UTC, Title: evil, Many: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Add(in), w.Close()); err != nil {
		t.Fatal(err)
	}
	checkMarkup(t, b.String())
	if !strings.Contains(b.String(), "&lt;script&gt;alert(1)") {
		t.Error("the text is gone")
	}
}

func TestSameInputSameBytes(t *testing.T) {
	t.Parallel()
	first := pageOf(t, audience.Internal, whole(t))
	for range 10 {
		if pageOf(t, audience.Internal, whole(t)) != first {
			t.Fatal("two writes differ")
		}
	}
}

// What little is known makes a page too.
func TestNothingIsKnown(t *testing.T) {
	t.Parallel()
	in := dossier.Input{}
	in.Verdict.Incident, in.Verdict.Status = "X-0", pipeline.StatusUnresolved
	page := pageOf(t, audience.Internal, in)
	checkMarkup(t, page)
	for _, want := range []string{"The claim states no place that could be drawn.", "The claim states no time", "No file is there whose time could be estimated.", "There is no picture to show.", "No file belongs to this incident", "Nobody has decided."} {
		if !strings.Contains(page, want) && !(want == "The claim states no time") {
			t.Errorf("%q is not on the page", want)
		}
	}
	placed := whole(t)
	placed.Maps = nil
	if page := unpacked(t, pageOf(t, audience.Internal, placed)); !strings.Contains(page, "no control map lies within 30 days") || strings.Contains(page, "drawn as held") {
		t.Error("a claim without control maps")
	}
}

// Readers that see nothing find their way: headings go down step by step, pictures have words, labels exist.
func TestAccessible(t *testing.T) {
	t.Parallel()
	page := pageOf(t, audience.Internal, whole(t), whole(t))
	level := 0
	for _, h := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(page, -1) {
		now, err := strconv.Atoi(h[1])
		if err != nil || now > level+1 {
			t.Errorf("a heading of level %d follows one of %d", now, level)
		}
		level = now
	}
	if n := strings.Count(page, "<h1"); n != 2 {
		t.Errorf("%d headings for 2 incidents", n)
	}
	ids := map[string]bool{}
	for _, id := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if ids[id[1]] {
			t.Errorf("id %s twice", id[1])
		}
		ids[id[1]] = true
	}
	for _, label := range regexp.MustCompile(`aria-labelledby="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !ids[label[1]] {
			t.Errorf("nothing has the id %s", label[1])
		}
	}
	for _, img := range regexp.MustCompile(`<img [^>]*>`).FindAllString(page, -1) {
		if alt := regexp.MustCompile(` alt="([^"]+)"`).FindString(img); alt == "" {
			t.Errorf("%.60s has no words", img)
		}
	}
	for _, th := range regexp.MustCompile(`<th\b[^>]*>`).FindAllString(page, -1) {
		if !strings.Contains(th, "scope=") {
			t.Error(th)
		}
	}
	if !strings.HasPrefix(page, "<!DOCTYPE html>\n<html lang=\"en\">") {
		t.Error("no language is named")
	}
}

// Text has a contrast of 4.5 to 1 at least (WCAG 2.2, 1.4.3) on white and on the pale ground.
func TestContrast(t *testing.T) {
	t.Parallel()
	sheet := style.FindStringSubmatch(pageOf(t, audience.Internal))[1]
	colours := map[string]string{}
	for _, c := range regexp.MustCompile(`--([a-z]+): (#[0-9a-f]{6})`).FindAllStringSubmatch(sheet, -1) {
		colours[c[1]] = c[2]
	}
	n := 0
	for _, name := range []string{"ink", "soft", "good", "bad", "some", "open", "blue"} {
		for _, ground := range []string{"#ffffff", colours["pale"]} {
			n++
			if c := contrast(t, colours[name], ground); c < 4.5 {
				t.Errorf("%s on %s: %.2f", name, ground, c)
			}
		}
	}
	if n != 14 || len(colours) < 9 {
		t.Errorf("%d pairs, colours %v", n, colours)
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	luminance := func(c string) (sum float64) {
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			var v int
			if _, err := fmt.Sscanf(c[1+2*i:3+2*i], "%02x", &v); err != nil {
				t.Fatal(err)
			}
			x := float64(v) / 255
			if x <= 0.04045 {
				x /= 12.92
			} else {
				x = math.Pow((x+0.055)/1.055, 2.4)
			}
			sum += weight * x
		}
		return sum
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
