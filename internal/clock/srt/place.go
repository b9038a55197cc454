package srt

import (
	"bytes"
	"math"
	"regexp"
	"strconv"
)

var (
	gpsForm  = regexp.MustCompile(`\bGPS\s*\(\s*([^,)]*),\s*([^,)]*),\s*([^,)]*)\)`)
	pairForm = regexp.MustCompile(`\[?\b(latitude|longt?itude|altitude|rel_alt|abs_alt)\s*:\s*([^\s\],]+)`)
	pryForm  = regexp.MustCompile(`\bG\.PRY\s*\(\s*([^,)]*),\s*([^,)]*),\s*([^,)]*)\)`)
	baroForm = regexp.MustCompile(`\b(?:BAROMETER|Hb):\s*(-?\d+(?:\.\d+)?)|, H (-?\d+(?:\.\d+)?)m`)
)

func (p *parser) place(line []byte) {
	if m := gpsForm.FindSubmatch(line); m != nil {
		p.parens(m)
	} else if bytes.Contains(line, []byte("GPS(")) || bytes.Contains(line, []byte("GPS (")) {
		p.flag(FlagTruncated)
	}
	if m := baroForm.FindSubmatch(line); m != nil && !p.cue.HasAlt {
		text := m[1]
		if len(text) == 0 {
			text = m[2]
		}
		if alt, ok := real(text); ok {
			p.cue.AltM, p.cue.HasAlt = alt, true
		}
	}
	p.gimbal(line)
	p.brackets(line)
}

// gimbal reads G.PRY (pitch, roll, yaw), each with a sign of degrees that
// some copies lose.
func (p *parser) gimbal(line []byte) {
	if !bytes.Contains(line, []byte("G.PRY")) || p.cue.HasGimbal {
		return
	}
	m := pryForm.FindSubmatch(line)
	if m == nil {
		p.flag(FlagTruncated)
		return
	}
	var deg [3]float64
	for i := range deg {
		v, ok := real(bytes.TrimRight(m[i+1], "\xc2\xb0 \xef\xbf\xbd?"))
		if !ok || math.Abs(v) > 360 {
			p.flag(FlagBadGimbal)
			return
		}
		deg[i] = v
	}
	p.cue.PitchDeg, p.cue.RollDeg, p.cue.YawDeg, p.cue.HasGimbal = deg[0], deg[1], deg[2], true
}

// parens reads GPS(lon, lat, satellites), or GPS(lat, lon, heightM) of the
// Matrice, whose third number carries the unit.
func (p *parser) parens(m [][]byte) {
	third := bytes.TrimSpace(m[3])
	latFirst := bytes.HasSuffix(third, []byte("M")) || bytes.HasSuffix(third, []byte("m"))
	a, okA := real(bytes.TrimSpace(m[1]))
	b, okB := real(bytes.TrimSpace(m[2]))
	p.used = parens
	if !okA || !okB {
		p.flag(FlagBadPlace)
		return
	}
	if latFirst {
		p.put(a, b)
		return
	}
	p.put(b, a)
}

// brackets reads [latitude: x] [longitude: y], the latter often misspelt.
func (p *parser) brackets(line []byte) {
	var lat, lon float64
	var okLat, okLon bool
	for _, m := range pairForm.FindAllSubmatch(line, 8) {
		v, ok := real(bytes.TrimRight(m[2], ">"))
		if !ok {
			continue
		}
		p.used = brackets
		switch string(m[1]) {
		case "latitude":
			lat, okLat = v, true
		case "longitude", "longtitude":
			lon, okLon = v, true
		case "rel_alt", "altitude":
			p.cue.AltM, p.cue.HasAlt, p.cue.AltAbsolute = v, true, false
		case "abs_alt":
			if !p.cue.HasAlt {
				p.cue.AltM, p.cue.HasAlt, p.cue.AltAbsolute = v, true, true
			}
		}
	}
	switch {
	case okLat && okLon:
		p.put(lat, lon)
	case okLat != okLon, bytes.Contains(line, []byte("[lat")) && !okLat:
		p.flag(FlagTruncated)
	}
}

// put keeps a place that exists. 0,0 is what drones write without a fix.
func (p *parser) put(lat, lon float64) {
	if !(math.Abs(lat) <= 90 && math.Abs(lon) <= 180) || lat == 0 && lon == 0 {
		p.flag(FlagBadPlace)
		return
	}
	p.cue.Lat, p.cue.Lon, p.cue.HasPlace = lat, lon, true
}

// real reads a finite decimal number; "N/A", "nan" and "1e999" are none.
func real(text []byte) (float64, bool) {
	if len(text) == 0 || len(text) > 32 || bytes.ContainsAny(text, "xXpP_") {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(text), 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}
