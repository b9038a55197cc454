package plot

// Size is the picture's width and height in SVG pixels.
func (p *Picture) Size() (width, height float64) { return p.width, p.height }
