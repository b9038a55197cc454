package main

import "slices"

// thing is an object that stands on the ground.
type thing struct{ kind, x, y, size int }

const (
	aHouse = iota
	aTree
	aConifer
	aPole
	aBale
)

func (p *painter) drawThings() {
	count := map[string][5]int{ // houses, trees, conifers, poles, bales
		"field": {0, 5, 1, 3, 5}, "village": {6, 7, 3, 3, 0}, "road": {2, 6, 3, 5, 1},
		"river": {1, 9, 3, 0, 1}, "woods": {0, 2, 2, 0, 0}, "yard": {3, 4, 1, 2, 1},
	}[p.kind]
	var all []thing
	for kind, most := range count {
		for range p.between((most+1)/2, most) {
			x := p.between(0, p.w-1)
			depth := p.between(3, 60)
			if p.chance(16) {
				depth = p.between(70, 150)
			}
			y := p.ground[x] + (p.h-p.ground[x])*depth/256
			all = append(all, thing{kind, x, y, p.px(36 + depth*p.between(12, 20)/8)})
		}
	}
	slices.SortStableFunc(all, func(a, b thing) int { return a.y - b.y })
	for _, t := range all {
		p.drawThing(t)
	}
}

func (p *painter) drawThing(t thing) {
	switch t.kind {
	case aHouse:
		p.house(t)
	case aTree:
		p.tree(t)
	case aConifer:
		p.conifer(t)
	case aPole:
		p.cast(t.x, p.px(1)+1, p.px(1)+1, t.y, t.size*3/2)
		p.line(pt{t.x, t.y}, pt{t.x, t.y - t.size*3/2}, max(t.size/24, 1), rgb{74, 66, 58})
		p.line(pt{t.x - t.size/5, t.y - t.size*4/3}, pt{t.x + t.size/5, t.y - t.size*4/3}, max(t.size/36, 1), rgb{74, 66, 58})
	case aBale:
		r := t.size / 5
		p.cast(t.x, r, r, t.y, 2*r)
		p.blob(t.x, t.y-r, r, r, rgb{176, 148, 84}, 40)
	}
}

// cast darkens the ground where an object keeps the sun off; foot and top are half its width below and above.
func (p *painter) cast(middle, foot, top, y, height int) {
	if !p.shadows {
		return
	}
	tip := pt{middle + p.sx*height/256, y + p.sy*height/256}
	p.polygon([]pt{{middle - foot, y}, {middle + foot, y}, {tip.x + top, tip.y}, {tip.x - top, tip.y}}, func(x, y int) {
		if y >= p.ground[x] {
			p.set(x, y, p.at(x, y).times(150))
		}
	})
}

func (p *painter) house(t thing) {
	w, h, seed := t.size*p.between(11, 18)/10, t.size*p.between(6, 9)/10, p.next()
	wall := [...]rgb{{206, 196, 178}, {178, 152, 128}, {190, 198, 204}, {158, 140, 120}}[p.between(0, 3)]
	roof := [...]rgb{{128, 62, 48}, {92, 92, 98}, {112, 94, 76}}[p.between(0, 2)]
	if p.season == snow {
		roof = rgb{226, 230, 236}
	}
	x, y := t.x-w/2, t.y
	p.cast(t.x, w/2, w/3, y, h*3/2)
	p.rect(x, y-h, w*2/3, h, wall, seed, 16)
	p.rect(x+w*2/3, y-h, w/3, h, wall.times(190), seed, 16)
	p.fill([]pt{{x - w/16, y - h}, {x + w/3, y - h - h*2/3}, {x + w*17/16, y - h}}, roof, seed, 24)
	for i := range p.between(1, 3) {
		p.rect(x+w/12+i*w/5, y-h*3/4, w/9, h*2/5, rgb{46, 54, 64}, seed, 20)
	}
}

func (p *painter) blob(cx, cy, rx, ry int, v rgb, grain int) {
	seed := p.next()
	rx, ry = max(rx, 1), max(ry, 1)
	for y := max(cy-ry*5/4, 0); y < min(cy+ry*5/4, p.h); y++ {
		for x := max(cx-rx*5/4, 0); x < min(cx+rx*5/4, p.w); x++ {
			dx, dy := (x-cx)*256/rx, (y-cy)*256/ry
			edge := 44000 + noise(seed, x, y, max(rx/3, 2), 2)*180
			if dx*dx+dy*dy < edge {
				light := (noise(seed+1, x, y, max(rx/4, 2), 3)-128)*grain/128 - dy*grain/400
				p.set(x, y, v.plus(light))
			}
		}
	}
}

func (p *painter) tree(t thing) {
	trunk := rgb{70, 56, 44}
	p.cast(t.x, t.size/20, t.size/3, t.y, t.size*5/4)
	p.line(pt{t.x, t.y}, pt{t.x, t.y - t.size/2}, max(t.size/11, 1), trunk)
	if p.season >= bare {
		p.branch(t.x, t.y-t.size/2, 0, t.size/2, max(t.size/14, 1))
		return
	}
	leaf := rgb{58, 92, 42}
	if p.season == rust {
		leaf = [...]rgb{{150, 96, 36}, {122, 104, 44}, {164, 122, 46}}[p.between(0, 2)]
	}
	for range 4 {
		p.blob(t.x+t.size*p.between(-22, 22)/100, t.y-t.size*p.between(62, 100)/100, t.size*p.between(22, 34)/100, t.size*p.between(20, 30)/100, leaf, 60)
	}
}

func (p *painter) branch(x, y, lean, length, width int) {
	if length < 4 {
		return
	}
	tx, ty := x+lean*length/100, y-length*(100-abs(lean)/3)/100
	p.line(pt{x, y}, pt{tx, ty}, width, rgb{78, 68, 60})
	for range 3 {
		p.branch(tx, ty, lean/2+p.between(-85, 85), length*p.between(48, 68)/100, max(width*2/3, 1))
	}
}

func (p *painter) conifer(t thing) {
	p.cast(t.x, t.size/5, t.size/30, t.y, t.size*5/4)
	p.line(pt{t.x, t.y}, pt{t.x, t.y - t.size/6}, max(t.size/10, 1), rgb{66, 54, 44})
	leaf := rgb{38, 66, 46}.plus(p.between(-8, 10))
	if p.season == snow {
		leaf = leaf.mix(rgb{220, 226, 232}, 90)
	}
	for i := range 4 {
		y, w := t.y-t.size*(2+7*i)/20, t.size*(22-4*i)/50
		p.fill([]pt{{t.x - w, y}, {t.x, y - t.size*12/20}, {t.x + w, y}}, leaf.plus(6*i), p.seed+uint64(t.x+i), 34)
	}
}
