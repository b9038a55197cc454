package coord

import (
	"fmt"
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// geoURI reads RFC 5870: geo:lat,lon[,alt][;crs=wgs84][;u=metres], and the q= that Android adds.
func geoURI(text string) ([]Reading, error) {
	bad := func(format string, args ...any) ([]Reading, error) {
		return nil, &Error{text, "geo URI: " + fmt.Sprintf(format, args...)}
	}
	body, query, _ := strings.Cut(text[4:], "?")
	if i := strings.Index(query, "q="); i >= 0 && (i == 0 || query[i-1] == '&') {
		value, _, _ := strings.Cut(query[i+2:], "&")
		value, _, _ = strings.Cut(value, "(")
		if plain, err := url.QueryUnescape(value); err == nil {
			if r, ok := ordered(plain, true); ok {
				r.Form, r.Note = FormGeoURI, "the place of q="
				return []Reading{r}, nil
			}
		}
	}
	parts := strings.Split(body, ";")
	numbers := strings.Split(parts[0], ",")
	if len(numbers) != 2 && len(numbers) != 3 {
		return bad("%d numbers; it has latitude, longitude and perhaps altitude", len(numbers))
	}
	r, ok := ordered(numbers[0]+","+numbers[1], true)
	if !ok {
		return bad("%s,%s is no latitude and longitude", numbers[0], numbers[1])
	}
	r.Form = FormGeoURI
	for _, p := range parts[1:] {
		name, value, _ := strings.Cut(p, "=")
		switch strings.ToLower(name) {
		case "crs":
			if !strings.EqualFold(value, "wgs84") {
				return bad("crs %q; only wgs84 is read", value)
			}
		case "u":
			u, err := strconv.ParseFloat(value, 64)
			if err != nil || !(u >= 0 && u <= 2e7) {
				return bad("u=%s is no uncertainty in metres", value)
			}
			r.RadiusM, r.Note = math.Max(u, minRadiusM), "radius as stated by u="
		}
	}
	return []Reading{r}, nil
}

// ordered reads two decimal numbers in a known order, with a comma or a tilde between them.
func ordered(text string, latFirst bool) (Reading, bool) {
	m := twoNumbers.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return Reading{}, false
	}
	a, _, okA := number(m[1])
	b, _, okB := number(m[2])
	if !okA || !okB {
		return Reading{}, false
	}
	if !latFirst {
		a, b = b, a
	}
	lat, lon := plainAngle(a), plainAngle(b)
	if !within(lat.deg, lon.deg) {
		return Reading{}, false
	}
	return reading(FormDecimal, lat, lon, ""), true
}

func plainAngle(t token) angle {
	a := angle{deg: t.value, unit: math.Pow(10, -float64(max(0, t.decimals)))}
	if t.negative {
		a.deg = -a.deg
	}
	return a
}

var twoNumbers = regexp.MustCompile(`^([+-]?\d+(?:\.\d*)?)\s*[,~ ]\s*([+-]?\d+(?:\.\d*)?)$`)

const numberPattern = `(-?\d+(?:\.\d+)?)`

var (
	googlePin  = regexp.MustCompile(`!3d` + numberPattern + `!4d` + numberPattern)
	googleView = regexp.MustCompile(`@` + numberPattern + `,` + numberPattern + `(?:,(\d+(?:\.\d+)?)([zm]))?`)
	hashView   = regexp.MustCompile(`(?:^|[#=&])(?:map=)?(\d+(?:\.\d+)?)/` + numberPattern + `/` + numberPattern)
	pathPair   = regexp.MustCompile(`/(?:place|search|dir)/` + numberPattern + `,\+?` + numberPattern)
)

// link reads the place out of a link to a map. A pin is a place; the middle of a view is only what its sharer looked at,
// with half the width of a screen as its radius.
func link(text string) ([]Reading, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, &Error{text, "link: not an address"}
	}
	lonFirst := strings.Contains(strings.ToLower(u.Host), "yandex") || strings.Contains(strings.ToLower(u.Host), "2gis")
	whole, err := url.PathUnescape(u.EscapedPath() + "?" + u.RawQuery + "#" + u.EscapedFragment())
	if err != nil {
		return nil, &Error{text, "link: not an address"}
	}
	for _, find := range []func() (Reading, bool){
		func() (Reading, bool) { return submatch(googlePin, whole, 1, 2) },
		func() (Reading, bool) { return named(u, "mlat", "mlon") },
		func() (Reading, bool) { return valued(u, lonFirst, "q", "query", "pt", "daddr", "destination", "sll") },
		func() (Reading, bool) { return submatch(pathPair, whole, 1, 2) },
		func() (Reading, bool) { return named(u, "lat", "lon", "lng") },
	} {
		if r, ok := find(); ok {
			r.Form, r.Note = FormLink, "the link's pin"
			return []Reading{r}, nil
		}
	}
	if r, ok := view(u, whole, lonFirst); ok {
		r.Form, r.Note = FormLink, "the middle of the link's view, not a pin"
		return []Reading{r}, nil
	}
	return nil, &Error{text, "link: no coordinates in it (links are not opened)"}
}

func view(u *url.URL, whole string, lonFirst bool) (Reading, bool) {
	if m := googleView.FindStringSubmatch(whole); m != nil {
		r, ok := ordered(m[1]+","+m[2], true)
		return zoomed(r, m[3], m[4]), ok
	}
	if m := hashView.FindStringSubmatch(u.EscapedFragment()); m != nil {
		r, ok := ordered(m[2]+","+m[3], true)
		return zoomed(r, m[1], "z"), ok
	}
	r, ok := valued(u, lonFirst, "ll", "cp", "center", "m")
	return zoomed(r, u.Query().Get("z"), "z"), ok
}

// zoomed widens a view to half the width of a screen of 1,000 pixels; at zoom 0 a pixel is 156.5 km at the equator.
func zoomed(r Reading, zoom, unit string) Reading {
	z, err := strconv.ParseFloat(zoom, 64)
	switch {
	case err != nil:
		z = 12 // unknown: about a town
	case unit == "m": // the view's height in metres
		r.RadiusM = math.Max(r.RadiusM, math.Min(z, 2e7)/2)
		return r
	}
	r.RadiusM = math.Max(r.RadiusM, 500*156_543*math.Cos(r.At.Lat*math.Pi/180)/math.Pow(2, math.Min(math.Max(z, 0), 24)))
	return r
}

func submatch(p *regexp.Regexp, text string, lat, lon int) (Reading, bool) {
	m := p.FindStringSubmatch(text)
	if m == nil {
		return Reading{}, false
	}
	return ordered(m[lat]+","+m[lon], true)
}

// named reads a latitude and a longitude that stand under their own names, in the query or the fragment.
func named(u *url.URL, lat string, lon ...string) (Reading, bool) {
	for _, values := range []url.Values{u.Query(), fragment(u)} {
		for _, l := range lon {
			if values.Has(lat) && values.Has(l) {
				return ordered(values.Get(lat)+","+values.Get(l), true)
			}
		}
	}
	return Reading{}, false
}

func valued(u *url.URL, lonFirst bool, names ...string) (Reading, bool) {
	q := u.Query()
	for _, name := range names {
		value, _, _ := strings.Cut(strings.TrimPrefix(q.Get(name), "loc:"), "/")
		if lonFirst && name == "pt" { // longitude, latitude, then the look of the mark
			if f := strings.Split(value, ","); len(f) > 2 {
				value = f[0] + "," + f[1]
			}
		}
		if r, ok := ordered(value, !lonFirst); ok {
			return r, true
		}
	}
	return Reading{}, false
}

func fragment(u *url.URL) url.Values {
	v, err := url.ParseQuery(u.EscapedFragment())
	if err != nil {
		return nil
	}
	return v
}
