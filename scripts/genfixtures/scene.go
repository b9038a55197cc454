package main

import (
	"image"
	"math"
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
	lamps    bool // at night street lamps burn
	sunDeg   int  // apparent elevation; below 0 it is dark
	shadow   int  // where shadows point, degrees clockwise from the direction of view
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
	case p.sunDeg < -6 && !p.lamps:
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
