package main

import (
	"image"
	"math"
	"slices"
)

// season is what grows and lies on the ground.
type season int

const (
	green season = iota
	stubble
	rust
	bare
	snow
)

// scene says what a drawn landscape holds. The same scene is always the same picture.
type scene struct {
	seed     uint64
	kind     string // field, village, road, river, woods, yard
	season   season
	overcast bool
	sunDeg   int // apparent elevation; below 0 it is dark
	shadow   int // where shadows point, degrees clockwise from the direction of view
}

type painter struct {
	*canvas
	scene
	*dice
	unit    int   // a 480th of the height, times 16
	ground  []int // y where the ground starts, for each x
	sky     [2]rgb
	soil    [2]rgb
	sx, sy  int // tip of the shadow of an object of height 256, from its base
	shadows bool
}

// draw makes the picture.
func draw(s scene, w, h int) *image.RGBA {
	p := &painter{canvas: newCanvas(w, h), scene: s, dice: &dice{s.seed}, unit: h * 16 / 480}
	p.palette()
	p.drawSky()
	p.drawRidges()
	p.drawGround()
	switch s.kind {
	case "road", "river":
		p.drawWay()
	case "woods":
		p.drawWoods()
	}
	p.drawThings()
	if s.kind == "yard" {
		p.drawWall()
	}
	p.expose()
	return p.img
}

// px scales a length given for a picture 480 pixels high.
func (p *painter) px(n int) int { return n * p.unit / 16 }

func (p *painter) palette() {
	switch {
	case p.overcast:
		p.sky = [2]rgb{{146, 154, 166}, {206, 208, 210}}
	case p.sunDeg >= 25:
		p.sky = [2]rgb{{84, 138, 208}, {206, 222, 236}}
	case p.sunDeg >= 10:
		p.sky = [2]rgb{{104, 150, 206}, {228, 224, 214}}
	default:
		p.sky = [2]rgb{{92, 116, 168}, {242, 198, 148}}
	}
	p.soil = [...][2]rgb{
		green:   {{88, 116, 54}, {134, 144, 78}},
		stubble: {{164, 138, 76}, {204, 178, 108}},
		rust:    {{104, 88, 52}, {146, 114, 62}},
		bare:    {{78, 70, 58}, {118, 104, 82}},
		snow:    {{206, 212, 222}, {236, 238, 242}},
	}[p.season]
	p.shadows = !p.overcast && p.sunDeg > 0
	if p.shadows {
		length := min(1/math.Tan(float64(p.sunDeg)*math.Pi/180), 6)
		turn := float64(p.shadow) * math.Pi / 180
		p.sx = int(math.Round(256 * length * math.Sin(turn)))
		p.sy = int(math.Round(-110 * length * math.Cos(turn))) // ground seen at a slant
	}
}

func (p *painter) drawSky() {
	cover, cell := p.between(96, 170), p.px(p.between(90, 240))
	for y := range p.h {
		base := p.sky[0].mix(p.sky[1], min(y*400/p.h, 256))
		for x := range p.w {
			v := base
			cloud := noise(p.seed+11, x, y*2, max(cell, 4), 4) - cover
			if cloud > 0 {
				shade := noise(p.seed+12, x, y*2+20, max(cell/2, 4), 3)
				v = v.mix(rgb{252, 250, 246}.times(176+shade*80/256), min(cloud*7, 230))
			}
			p.set(x, y, v)
		}
	}
}

// drawRidges draws what stands on the horizon and finds where the ground starts.
func (p *painter) drawRidges() {
	base := p.h * p.between(24, 60) / 100
	tilt := p.between(-80, 80)
	for layer := range 3 {
		height, cell := p.px(p.between(14, 70)-12*layer), p.px(p.between(90, 300)/(layer+1))
		tone := p.sky[1].mix(p.soil[0].mix(rgb{52, 68, 44}, 150), 90+70*layer)
		line := make([]int, p.w)
		for x := range p.w {
			rise := noise(p.seed+uint64(31+layer), x, 7, max(cell, 3), 4) * height / 128
			line[x] = base + p.px(14)*layer - rise + (x-p.w/2)*tilt/p.w
			if layer == 1 { // a tree line
				line[x] -= noise(p.seed+40, x, 3, max(p.px(9), 2), 2) * p.px(18) / 256
			}
		}
		for x := range p.w {
			for y := max(line[x], 0); y < p.h; y++ {
				p.set(x, y, tone.plus((noise(p.seed+50, x, y, max(p.px(6), 1), 2)-128)/9))
			}
		}
		p.ground = line
	}
}

// depth is 0 at the horizon and 256 at the lower edge.
func (p *painter) depth(x, y int) int {
	return max(y-p.ground[x], 0) * 256 / max(p.h-p.ground[x], 1)
}

func (p *painter) drawGround() {
	furrow := p.between(-60, 60)
	striped := p.kind == "field" || p.chance(35)
	for x := range p.w {
		for y := max(p.ground[x], 0); y < p.h; y++ {
			d := y - p.ground[x] + p.px(16)
			across, along := (x-p.w/2-furrow)*p.px(220)/d, p.px(24000)/d
			t := noise(p.seed+61, across, along, 48, 4)*3/4 + noise(p.seed+62, x, y, max(p.px(120), 4), 2)/4
			if striped && p.kind == "field" {
				t += (abs((across+furrow*along/60)%64) - 32) * 2
			}
			v := p.soil[0].mix(p.soil[1], min(max(t, 0), 255))
			p.set(x, y, v.mix(p.sky[1], max(70-p.depth(x, y), 0)))
		}
	}
}

// drawWay draws a road or a river that winds away.
func (p *painter) drawWay() {
	bend, start, width := p.between(-260, 260), p.w*p.between(15, 85)/100, p.px(p.between(90, 210))
	tone := rgb{132, 128, 122}
	if p.kind == "river" {
		tone = p.sky[0].mix(rgb{70, 86, 88}, 120)
	}
	for y := range p.h {
		for x := range p.w {
			d := p.depth(x, y)
			if y < p.ground[x] || d < 4 {
				continue
			}
			middle := start + (p.w/2-start)*(256-d)/256 + bend*p.px((256-d)*d)/65536*4
			half := width * d / 256
			if off := abs(x - middle); off < half {
				v := tone.plus((noise(p.seed+70, x*2, y*6, max(p.px(40), 2), 3) - 128) / 4)
				if p.kind == "road" && off < half/14+1 && (4096/(d+8))%4 < 2 {
					v = rgb{214, 212, 204}
				}
				p.set(x, y, v)
			}
		}
	}
}

// drawWoods fills the frame with trunks that look like any other trunks.
func (p *painter) drawWoods() {
	for layer := range 5 {
		near := layer + 1
		for range 26 - 4*layer {
			x, w := p.between(-10, p.w+10), p.px(p.between(3, 5)*near)
			foot := p.h*(46+10*near)/100 + p.px(p.between(-12, 12))
			bark := rgb{96, 88, 78}.mix(p.sky[1], 200-40*near).plus(p.between(-14, 14))
			lean := p.px(p.between(-9, 9) * near)
			p.fill([]pt{{x, -1}, {x + w*3/4, -1}, {x + w + lean, foot}, {x + lean, foot}}, bark, p.seed+uint64(x), 30)
		}
	}
}

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

// drawWall puts the corner of a building close to the camera on one side.
func (p *painter) drawWall() {
	width, seed := p.w*p.between(16, 36)/100, p.next()
	slope := p.px(p.between(20, 90))
	brick := [...]rgb{{150, 92, 72}, {178, 170, 156}, {128, 122, 116}}[p.between(0, 2)]
	left := p.chance(50)
	for y := range p.h {
		for i := range width {
			x := i
			if !left {
				x = p.w - 1 - i
			}
			if y < slope*i/width || y > p.h-slope*i/(2*width) {
				continue
			}
			v := brick.plus((noise(seed, x, y, max(p.px(14), 2), 3) - 128) / 4)
			if y*16/p.unit%22 < 2 || (i*16/p.unit+(y*16/p.unit/22%2)*20)%40 < 2 {
				v = v.plus(34)
			}
			p.set(x, y, v.times(256-i*70/width))
		}
	}
}

// expose darkens the picture when the sun is low or down, and adds the grain of a small sensor.
func (p *painter) expose() {
	level := 256
	switch {
	case p.sunDeg < -6:
		level = 40
	case p.sunDeg < 0:
		level = 110
	case p.sunDeg < 6:
		level = 215
	}
	for y := range p.h {
		for x := range p.w {
			grain := lattice(p.seed+99, x, y)%9 - 4
			v := p.at(x, y).times(level).plus(grain)
			if level < 100 {
				v = rgb{v[0] * 7 / 8, v[1], v[2] * 5 / 4}
			}
			p.set(x, y, v)
		}
	}
}
