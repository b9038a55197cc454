package marks

import (
	"math"
	"math/rand/v2"
)

// turns is how finely directions are told: in 64ths of a full turn.
const turns = 64

// reach is the radius of what is described, in pixels of the plane, and of what gives the direction.
const reach = 12

// Code is a description: bit i says whether the first point of pair i is the brighter.
type Code [4]uint64

// mirrored is the code of the mirrored place: pairs 0 to 127 and 128 to 255 are mirror images of each other.
func (c Code) mirrored() Code { return Code{c[2], c[3], c[0], c[1]} }

// point is a place about a mark.
type point struct{ x, y int8 }

// pairs are the 256 pairs of points in each direction.
type pairs [turns][512]point

var pattern = newPattern()

// newPattern draws the pairs: points are normally distributed about the mark, as in BRIEF, within its reach.
func newPattern() *pairs {
	rng := rand.New(rand.NewPCG(20241103, 256))
	var base [256][2]float64 // of the first half
	for i := 0; i < len(base); i += 2 {
		for {
			base[i], base[i+1] = within(rng), within(rng)
			dx, dy := base[i][0]-base[i+1][0], base[i][1]-base[i+1][1]
			if dx*dx+dy*dy >= 9 { // points that touch say nothing
				break
			}
		}
	}
	out := new(pairs)
	for t := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(t) / turns)
		for i, p := range base {
			out[t][i] = rotated(p[0], p[1], sin, cos)
			out[t][i+len(base)] = rotated(p[0], -p[1], sin, cos)
		}
	}
	return out
}

func within(rng *rand.Rand) [2]float64 {
	for {
		x, y := rng.NormFloat64()*reach/2.2, rng.NormFloat64()*reach/2.2
		if x*x+y*y <= reach*reach {
			return [2]float64{x, y}
		}
	}
}

// rotated rounds; the conversions keep machines from joining a product and a sum, which would round otherwise.
func rotated(x, y, sin, cos float64) point {
	return point{int8(math.Round(float64(x*cos) - float64(y*sin))), int8(math.Round(float64(x*sin) + float64(y*cos)))}
}

// disc has for each row from -reach to reach how far it goes to the sides.
var disc = newDisc()

func newDisc() (d [2*reach + 1]int) {
	for y := -reach; y <= reach; y++ {
		d[y+reach] = int(math.Sqrt(reach*reach - float64(y*y)))
	}
	return d
}

// direction is that from the middle to the centroid of the levels about it.
func direction(p *plane, x, y int) uint8 {
	mx, my := 0, 0
	for dy := -reach; dy <= reach; dy++ {
		half := disc[dy+reach]
		first := p.at(x-half, y+dy)
		sum := 0
		for i, v := range p.pix[first : first+2*half+1] {
			sum += int(v)
			mx += (i - half) * int(v)
		}
		my += dy * sum
	}
	t := math.Atan2(float64(my), float64(mx)) * (turns / (2 * math.Pi))
	return uint8((int(math.Round(t)) + turns) % turns)
}

func describe(p *plane, x, y int, turn uint8) (c Code) {
	at := p.at(x, y)
	points := &pattern[turn%turns]
	for i := range c {
		var word uint64
		for b := range 64 {
			k := 2 * (64*i + b)
			one, two := points[k], points[k+1]
			if p.pix[at+int(one.y)*p.stride+int(one.x)] > p.pix[at+int(two.y)*p.stride+int(two.x)] {
				word |= 1 << b
			}
		}
		c[i] = word
	}
	return c
}
