package main

import (
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// front is an invented line from south to north that moves west, drawn by dice and following no real map. At one of its
// vertices it holds, and then jumps.
type front struct {
	southLat     float64
	vertices     int // every stepLat degrees from southLat to the north
	first, last  time.Time
	wiggle, pace uint64 // seeds of the dice
	jumpVertex   int
	jumpDay      time.Time
	jumpDeg      float64
	providers    []provider
}

const (
	stepLat  = 0.05
	eastLon  = 38.60
	bandDeg  = 0.025 // contested ground west of the line, under 2 km
	degPerKm = 1 / 74.3
)

// day is midnight UTC of a date.
func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

// vertexLon is the longitude of a vertex of the line on a day.
func (f front) vertexLon(i int, t time.Time) float64 {
	days := math.Floor(t.Sub(f.first).Hours() / 24)
	wiggle := float64(noise(f.wiggle, i*16, 0, 64, 3)-128) / 1024
	perDay := 0.0006 + float64(noise(f.pace, i*16, 0, 96, 2))/256*0.0012
	lon := 37.92 + wiggle + 0.1*float64(i-f.vertices/2)/float64(f.vertices)
	if abs(i-f.jumpVertex) <= 1 { // three vertices that hold
		if t.Before(f.jumpDay) {
			return lon - 0.02
		}
		return lon - 0.02 - f.jumpDeg - perDay*t.Sub(f.jumpDay).Hours()/24
	}
	return lon - perDay*days
}

// lineLon is the longitude of the line at a latitude on a day.
func (f front) lineLon(lat float64, t time.Time) float64 {
	at := (lat - f.southLat) / stepLat
	i := min(int(at), f.vertices-2)
	a, b := f.vertexLon(i, t), f.vertexLon(i+1, t)
	return a + (b-a)*(at-float64(i))
}

// east is the longitude of a place that lies km east of the line, so on ground that its maps draw as held by ru; west of it
// when km is below 0.
func (f front) east(lat float64, on time.Time, km float64) float64 {
	return round(f.lineLon(lat, on)+km*degPerKm, 4)
}

func round(v float64, digits int) float64 {
	scale := math.Pow(10, float64(digits))
	return math.Round(v*scale) / scale
}

type polygonFeature struct {
	Type       string            `json:"type"`
	Properties map[string]string `json:"properties"`
	Geometry   polygonGeometry   `json:"geometry"`
}

type polygonGeometry struct {
	Type        string         `json:"type"`
	Coordinates [][][2]float64 `json:"coordinates"`
}

type controlMap struct {
	Type       string           `json:"type"`
	Provider   string           `json:"provider"`
	AsOf       string           `json:"as_of"`
	Complement string           `json:"complement"`
	Note       string           `json:"note"`
	Features   []polygonFeature `json:"features"`
}

// provider draws editions of the line in its own way.
type provider struct {
	name      string
	first     time.Time
	everyDays int
	lagDays   int     // how old the line is that an edition shows
	shiftDeg  float64 // how far east or west of the others it draws
	contested bool
}

// controlMaps draws all editions of all providers, by file name.
func (f front) controlMaps() map[string][]byte {
	files := map[string][]byte{}
	for _, p := range f.providers {
		for t := p.first; !t.After(f.last); t = t.AddDate(0, 0, p.everyDays) {
			files[fmt.Sprintf("control/%s_%s.geojson", p.name, t.Format("20060102"))] = f.edition(p, t)
		}
	}
	return files
}

func (f front) edition(p provider, t time.Time) []byte {
	shown := t.AddDate(0, 0, -p.lagDays)
	var line, west [][2]float64
	for i := range f.vertices {
		lat, lon := round(f.southLat+stepLat*float64(i), 2), f.vertexLon(i, shown)+p.shiftDeg
		line = append(line, [2]float64{round(lon, 4), lat})
		west = append(west, [2]float64{round(lon-bandDeg, 4), lat})
	}
	northLat := line[len(line)-1][1]
	m := controlMap{Type: "FeatureCollection", Provider: p.name, AsOf: t.Format(time.DateOnly), Complement: "ua",
		Note: "invented for testing; no real front ran here"}
	m.Features = append(m.Features, area("ru", line, [][2]float64{{eastLon, f.southLat}, {eastLon, northLat}}))
	if p.contested {
		m.Features = append(m.Features, area("contested", west, line))
	}
	out, err := json.Marshal(m)
	if err != nil {
		panic(err) // plain strings and finite numbers
	}
	return append(out, '\n')
}

// area closes the ring between two lines that both run from south to north, counter-clockwise.
func area(side string, west, east [][2]float64) polygonFeature {
	ring := append([][2]float64{}, east...)
	for i := len(west) - 1; i >= 0; i-- {
		ring = append(ring, west[i])
	}
	ring = append(ring, ring[0])
	return polygonFeature{"Feature", map[string]string{"side": side}, polygonGeometry{"Polygon", [][][2]float64{ring}}}
}
