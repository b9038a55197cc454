package dossier

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"
)

var (
	//go:embed page.html
	pageText string
	//go:embed page.css
	pageCSS string
)

// ErrNotApproved says that the page would be for the public, and people have not approved the incident for publication.
var ErrNotApproved = errors.New("not approved for publication")

// css is the style of a page with its digest, by which alone the page's policy lets it in.
type css struct {
	Text   template.CSS
	Digest string
}

// Writer writes one document. Close must be called, also when nothing was added.
type Writer struct {
	w     io.Writer
	about About
	page  *template.Template
	count int
	rows  []contentsRow
}

// contentsRow is an incident in the list at the end.
type contentsRow struct {
	At, Incident, Score string
	Machine, People     sign
}

// NewWriter begins a document.
func NewWriter(w io.Writer, about About) (*Writer, error) {
	if about.Kyiv == nil {
		return nil, errors.New("dossier: no zone of Kyiv")
	}
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return nil, fmt.Errorf("dossier: %w", err)
	}
	head := struct {
		Title string
		CSS   css
	}{about.Title, style(about.Title + " · " + string(about.Audience))}
	if err := t.ExecuteTemplate(w, "head", head); err != nil {
		return nil, fmt.Errorf("dossier: %w", err)
	}
	return &Writer{w: w, about: about, page: t}, nil
}

// Add writes an incident. One that people have not approved is refused where only approved ones may be given.
func (d *Writer) Add(in Input) error {
	if d.about.Audience.ApprovedOnly() && !in.Review.Approved() {
		return fmt.Errorf("dossier: incident %s: %w: %s", in.Verdict.Incident, ErrNotApproved, in.Review.Wanting())
	}
	b := builder{about: d.about, in: in}
	p, err := b.page()
	if err != nil {
		return fmt.Errorf("dossier: incident %s: %w", in.Verdict.Incident, err)
	}
	d.count++
	p.At, p.Many = fmt.Sprintf("i%d-", d.count), d.about.Many
	if p.Many {
		d.rows = append(d.rows, contentsRow{p.At, p.Incident, p.Score, p.Machine, p.People})
	}
	var text strings.Builder
	if err := d.page.ExecuteTemplate(&text, "incident", p); err != nil {
		return fmt.Errorf("dossier: incident %s: %w", in.Verdict.Incident, err)
	}
	if _, err := visible.WriteString(d.w, text.String()); err != nil {
		return fmt.Errorf("dossier: incident %s: %w", in.Verdict.Incident, err)
	}
	return nil
}

// visible shows what would turn the order of letters about, or ring bells: it is part of what somebody wrote, and must not
// change how the rest is read.
var visible = strings.NewReplacer(unseen()...)

func unseen() (out []string) {
	for _, bounds := range [][2]rune{{0x01, 0x08}, {0x0b, 0x0c}, {0x0e, 0x1f}, {0x7f, 0x9f}, {0x202a, 0x202e}, {0x2066, 0x2069}} {
		for r := bounds[0]; r <= bounds[1]; r++ {
			out = append(out, string(r), fmt.Sprintf("‹U+%04X›", r))
		}
	}
	return out
}

// Close ends the document.
func (d *Writer) Close() error {
	foot := struct {
		None string
		Rows []contentsRow
	}{Rows: d.rows}
	if d.count == 0 {
		foot.None = "There is no incident that may be shown in this edition (" + string(d.about.Audience) + ")."
	}
	if err := d.page.ExecuteTemplate(d.w, "foot", foot); err != nil {
		return fmt.Errorf("dossier: %w", err)
	}
	return nil
}

// style is the style sheet with the words at the foot of each printed page.
func style(foot string) css {
	text := strings.Replace(pageCSS, `"FOOT"`, cssString(foot), 1)
	sum := sha256.Sum256([]byte(text))
	return css{template.CSS(text), base64.StdEncoding.EncodeToString(sum[:])}
}

// cssString is a string of CSS: whatever is not a letter or a digit is written by its number.
func cssString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\%06x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
