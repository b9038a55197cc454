package dossier

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"

	"whenwhere/internal/plot"
)

// figure is a picture inside the page. As an image, and not as markup, no part of it can act on the page.
type figure struct {
	Src           template.URL // data:; made of base64 alone
	Alt           string
	Words         string // the picture in words
	Width, Height int
}

func newFigure(p *plot.Picture) (*figure, error) {
	var b bytes.Buffer
	if err := p.SVG(&b); err != nil {
		return nil, fmt.Errorf("dossier: %w", err)
	}
	title, shows := p.Words()
	width, height := p.Size()
	return &figure{Src: dataURL("image/svg+xml", b.Bytes()), Alt: title, Words: shows, Width: int(width), Height: int(height)}, nil
}

// derived is a picture of footage; nil without bytes.
func derived(mime string, data []byte, alt string) *figure {
	if len(data) == 0 {
		return nil
	}
	return &figure{Src: dataURL(mime, data), Alt: alt}
}

func dataURL(mime string, data []byte) template.URL {
	return template.URL("data:" + mime + ";base64," + base64.StdEncoding.EncodeToString(data))
}
