package plot

import (
	"fmt"
	"image/color"
	"math"
	"strings"
)

// Bin is what claims of about one score were worth.
type Bin struct {
	Claimed float64 // mean score, 0 to 1
	Share   float64 // of them true
	Lo, Hi  float64 // band of the share
	Claims  int
	Outside bool // the claimed score lies outside the band
}

// Reliability is one panel: a population, and what its scores were worth.
type Reliability struct {
	Title, Note string
	Bins        []Bin
}

// Calibration draws one square panel for each population: the share that was true, with its band, over the score that was
// claimed. Scores that are right lie on the diagonal; those whose band misses it are hollow.
func Calibration(title string, panels []Reliability) (*Picture, error) {
	if err := checkCount("panels", len(panels)); err != nil {
		return nil, err
	}
	const columns, side, left, top, wide, high = 3, 230.0, 62.0, 92.0, 320.0, 330.0
	rows := (len(panels) + columns - 1) / columns
	p := newPicture(wide*columns+20, top+high*float64(rows), title)
	p.text(words{at: pt{24, 32}, s: fit(p.title, 18, wide*columns-28, true), size: 18, bold: true})
	p.text(words{at: pt{24, 52}, s: "share that was true over the score that was claimed; bars are 95 % bands, hollow points miss the diagonal", size: 12, ink: softInk})
	var said []string
	for i, panel := range panels {
		if err := panel.check(); err != nil {
			return nil, err
		}
		x, y := left+wide*float64(i%columns), top+high*float64(i/columns)
		drawReliability(p, panel, box{x, y, x + side, y + side})
		said = append(said, panel.describe())
	}
	p.desc = strings.Join(said, " ")
	return p, nil
}

func (r Reliability) check() error {
	if err := checkCount("bins", len(r.Bins)); err != nil {
		return err
	}
	for _, b := range r.Bins {
		for _, v := range []float64{b.Claimed, b.Share, b.Lo, b.Hi} {
			if err := checkProbability("bin", v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r Reliability) describe() string {
	var parts []string
	for _, b := range r.Bins {
		parts = append(parts, fmt.Sprintf("%.0f %% claimed, %.0f %% true (%.0f to %.0f, %d claims)", 100*b.Claimed, 100*b.Share, 100*b.Lo, 100*b.Hi, b.Claims))
	}
	return clean(r.Title) + ": " + strings.Join(parts, "; ") + "."
}

func drawReliability(p *Picture, r Reliability, b box) {
	p.text(words{at: pt{b.x0, b.y0 - 22}, s: fit(r.Title, 14, b.x1-b.x0+70, true), size: 14, bold: true})
	p.text(words{at: pt{b.x0, b.y0 - 7}, s: fit(r.Note, 11, b.x1-b.x0+70, false), size: 11, ink: softInk})
	at := func(x, y float64) pt { return pt{b.x0 + x*(b.x1-b.x0), b.y1 - y*(b.y1-b.y0)} }
	for i := 0; i <= 10; i += 2 {
		v := float64(i) / 10
		p.line(at(v, 0), at(v, 1), paint{stroke: gridLine, width: 1})
		p.line(at(0, v), at(1, v), paint{stroke: gridLine, width: 1})
		p.text(words{at: pt{at(v, 0).x, b.y1 + 16}, s: fmt.Sprint(10 * i), size: 11, anchor: middle})
		p.text(words{at: pt{b.x0 - 7, at(0, v).y + 4}, s: fmt.Sprint(10 * i), size: 11, anchor: end})
	}
	p.line(at(0, 0), at(1, 1), paint{stroke: frameLine, width: 1, dash: 5})
	p.area(b, paint{stroke: frameLine, width: 1})
	p.text(words{at: pt{(b.x0 + b.x1) / 2, b.y1 + 32}, s: "score", size: 11, ink: softInk, anchor: middle})
	p.text(words{at: pt{b.x0 - 54, (b.y0+b.y1)/2 - 5}, s: "true,", size: 11, ink: softInk})
	p.text(words{at: pt{b.x0 - 54, (b.y0+b.y1)/2 + 9}, s: "%", size: 11, ink: softInk})
	for _, one := range r.Bins {
		lo, hi, mid := at(one.Claimed, one.Lo), at(one.Claimed, one.Hi), at(one.Claimed, one.Share)
		p.line(lo, hi, paint{stroke: blue, width: 2})
		how := paint{fill: blue, stroke: blue, width: 1.5, closed: true}
		if one.Outside {
			how.fill, how.stroke = white, vermillion
		}
		p.path([][]pt{disc(mid, 3+min(4, math.Log10(float64(max(one.Claims, 1)))))}, how)
	}
}

// disc is a polygon of 24 corners, which a printer shows as a circle.
func disc(at pt, radius float64) []pt {
	var out []pt
	for i := range 24 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / 24)
		out = append(out, pt{at.x + radius*cos, at.y + radius*sin})
	}
	return positive(out)
}

// Exceeding is a curve of the picture of Turing's law: the share of false claims whose likelihood ratio is at least X.
type Exceeding struct {
	Title string
	At    []Share
}

// Share is a point of such a curve; a share of 0 is not drawn.
type Share struct{ X, Share float64 }

// TuringLaw draws, over likelihood ratios of 1 to 1000, how many false claims reach each, and the 1/x that no honest ratio
// exceeds.
func TuringLaw(title string, curves []Exceeding) (*Picture, error) {
	if err := checkCount("curves", len(curves)); err != nil {
		return nil, err
	}
	const width, height = 760.0, 520.0
	p, b := newPicture(width, height, title), box{70, 76, 540, height - 50}
	p.text(words{at: pt{24, 32}, s: fit(p.title, 18, width-48, true), size: 18, bold: true})
	p.text(words{at: pt{24, 52}, s: "share of false claims whose likelihood ratio is at least x; an honest ratio stays below the line 1/x", size: 12, ink: softInk})
	at := func(x, share float64) pt {
		return pt{b.x0 + math.Log10(x)/3*(b.x1-b.x0), b.y0 - math.Log10(share)/4*(b.y1-b.y0)}
	}
	for i := range 5 {
		v := math.Pow(10, float64(-i))
		p.line(at(1, v), at(1000, v), paint{stroke: gridLine, width: 1})
		p.text(words{at: pt{b.x0 - 7, at(1, v).y + 4}, s: fmt.Sprintf("%g %%", 100*v), size: 11, anchor: end})
	}
	for i := range 4 {
		v := math.Pow(10, float64(i))
		p.line(at(v, 1), at(v, 1e-4), paint{stroke: gridLine, width: 1})
		p.text(words{at: pt{at(v, 1).x, b.y1 + 17}, s: fmt.Sprintf("%g", v), size: 11, anchor: middle})
	}
	p.text(words{at: pt{(b.x0 + b.x1) / 2, b.y1 + 38}, s: "likelihood ratio x", size: 12, ink: softInk, anchor: middle})
	p.text(words{at: pt{b.x0 - 62, b.y0 - 8}, s: "share of false claims", size: 12, ink: softInk})
	p.line(at(1, 1), at(1000, 1e-3), paint{stroke: ink, width: 2.5})
	p.halo(words{at: pt{at(300, 1.0/300).x + 8, at(300, 1.0/300).y - 8}, s: "1/x", size: 13, bold: true})
	var said []string
	for i, c := range curves {
		words, err := drawExceeding(p, c, i, at, b)
		if err != nil {
			return nil, err
		}
		said = append(said, words)
	}
	p.area(b, paint{stroke: frameLine, width: 1})
	p.desc = strings.Join(said, " ")
	return p, nil
}

// drawExceeding tells curves apart by hue, by dashes and by the words beside the picture.
func drawExceeding(p *Picture, c Exceeding, i int, at func(x, share float64) pt, b box) (string, error) {
	inks := []color.NRGBA{blue, vermillion, green, orange, skyBlue, softInk}
	how := paint{stroke: inks[i%len(inks)], width: 2, dash: float64((i % 3) * 4)}
	var line []pt
	var said []string
	for _, s := range c.At {
		if err := checkRange("ratio", s.X, 1, 1000); err != nil {
			return "", err
		}
		if err := checkProbability("share", s.Share); err != nil {
			return "", err
		}
		if s.Share >= 1e-4 {
			line = append(line, at(s.X, min(s.Share, 1)))
			said = append(said, fmt.Sprintf("%.4g from %g", s.Share, s.X))
		}
	}
	if len(line) > 1 {
		p.path([][]pt{line}, how)
	}
	for _, v := range line {
		p.path([][]pt{disc(v, 2.5)}, paint{fill: how.stroke, closed: true})
	}
	y := b.y0 + 18 + 24*float64(i)
	p.line(pt{b.x1 + 18, y - 4}, pt{b.x1 + 52, y - 4}, how)
	p.text(words{at: pt{b.x1 + 60, y}, s: fit(c.Title, 12, 140, false), size: 12})
	return clean(c.Title) + ": " + strings.Join(said, ", ") + ".", nil
}
