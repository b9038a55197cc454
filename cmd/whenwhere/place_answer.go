package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"whenwhere/internal/coord"
	"whenwhere/internal/gazetteer"
	"whenwhere/internal/geo"
)

// placeAnswer is what is known of one argument: the readings of coordinates, or the candidates of a name.
type placeAnswer struct {
	Asked      string           `json:"asked"`
	Readings   []placeReading   `json:"readings,omitempty"`
	Candidates []placeCandidate `json:"candidates,omitempty"`
	More       int              `json:"more,omitempty"`
	Apart      string           `json:"apart,omitempty"`
	None       string           `json:"none,omitempty"` // why there is nothing
	Gazetteer  string           `json:"gazetteer,omitempty"`
}

type placeReading struct {
	Form      coord.Form       `json:"form"`
	Note      string           `json:"note,omitempty"`
	Lat       float64          `json:"lat"`
	Lon       float64          `json:"lon"`
	RadiusM   float64          `json:"radius_m"`
	Decimal   string           `json:"decimal"`
	DMS       string           `json:"dms"`
	MGRS      string           `json:"mgrs,omitempty"`
	PlusCode  string           `json:"plus_code"`
	GeoURI    string           `json:"geo_uri"`
	Oblast    string           `json:"oblast,omitempty"`
	Raion     string           `json:"raion,omitempty"`
	Nearest   []placeNear      `json:"nearest,omitempty"`
	DistanceM *float64         `json:"distance_m,omitempty"`
	Line      []lineDistance   `json:"line,omitempty"`
	Suspected []placeSuspicion `json:"suspected,omitempty"`
}

type placeNear struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	DistanceM float64 `json:"distance_m"`
	Direction string  `json:"direction"` // from the place
}

type placeSuspicion struct {
	Slip     coord.Slip `json:"slip"`
	Lat      *float64   `json:"lat,omitempty"`
	Lon      *float64   `json:"lon,omitempty"`
	WouldBeM float64    `json:"would_be_m"` // from what it is held against
	IsM      float64    `json:"is_m"`
	Reason   string     `json:"reason"`
}

type placeCandidate struct {
	ID         string         `json:"id"`
	Also       []string       `json:"also,omitempty"`
	Name       string         `json:"name"`
	Names      []string       `json:"names"`
	Kind       string         `json:"kind"`
	Match      string         `json:"match"`
	OtherName  bool           `json:"other_name"`
	Reason     string         `json:"reason"`
	Lat        float64        `json:"lat"`
	Lon        float64        `json:"lon"`
	RadiusM    float64        `json:"radius_m"`
	RadiusHow  string         `json:"radius_how"`
	Country    string         `json:"country,omitempty"`
	Oblast     string         `json:"oblast,omitempty"`
	Raion      string         `json:"raion,omitempty"`
	Population int            `json:"population,omitempty"`
	DistanceM  *float64       `json:"distance_m,omitempty"`
	Line       []lineDistance `json:"line,omitempty"`
}

// lineDistance is how far from the line a place lay by one provider's maps; negative in ground held by ru.
type lineDistance struct {
	Provider  string   `json:"provider"`
	Side      string   `json:"side"`
	DistanceM *float64 `json:"distance_m"`
}

func (a *placeAsker) ask(text string) (placeAnswer, error) {
	out := placeAnswer{Asked: text, Gazetteer: a.g.Version()}
	readings, err := coord.Parse(text, coord.Options{Near: a.near})
	var short *coord.ReferenceError
	if errors.As(err, &short) {
		if readings, err = a.completed(short); err != nil {
			return out, err
		}
	}
	switch {
	case errors.Is(err, coord.ErrNone):
		return a.named(out)
	case err != nil:
		return out, err
	}
	for i, r := range readings {
		read := a.reading(r)
		if i > 0 { // the other order was printed before it, with what speaks for a swap
			read.Suspected = slices.DeleteFunc(read.Suspected, func(s placeSuspicion) bool { return s.Slip == coord.SlipSwapped })
		}
		out.Readings = append(out.Readings, read)
	}
	return out, nil
}

// completed reads a short plus code beside the town that is written after it.
func (a *placeAsker) completed(short *coord.ReferenceError) ([]coord.Reading, error) {
	if short.Locality == "" {
		return nil, fmt.Errorf("%w: write its town after it, or give --near", short)
	}
	r := a.g.Resolve(short.Locality, a.o.oblast, a.o.raion)
	if r.Place == nil {
		return nil, fmt.Errorf("%w: %s", short, r.Reason)
	}
	return coord.Parse(short.Code, coord.Options{Near: &r.Place.At})
}

func (a *placeAsker) named(out placeAnswer) (placeAnswer, error) {
	if len(out.Asked) > gazetteer.MaxQueryBytes {
		return out, fmt.Errorf("%.40q...: %d bytes exceed the limit of %d", out.Asked, len(out.Asked), gazetteer.MaxQueryBytes)
	}
	if a.g.Len() == 0 {
		return out, fmt.Errorf("%q is no pair of coordinates, and there is no gazetteer to look for a name: give one with --gazetteer, or keep one with whenwhere place import", out.Asked)
	}
	found := a.g.Find(out.Asked, gazetteer.Query{Oblast: a.o.oblast, Raion: a.o.raion, Near: a.near, Limit: a.o.limit})
	out.More, out.Apart = found.More, found.Apart
	for _, c := range found.Candidates {
		out.Candidates = append(out.Candidates, a.candidate(c))
	}
	switch {
	case len(found.Candidates) == 0:
		out.None = "no place of that name or a similar one"
	case found.Candidates[0].Match.OtherName():
		out.None = "no place of that name; these have other names"
	}
	return out, nil
}

func (a *placeAsker) candidate(c gazetteer.Candidate) placeCandidate {
	p := c.Place
	out := placeCandidate{ID: p.ID, Also: p.Also, Name: p.Name(), Kind: p.Kind, Match: c.Match.String(), OtherName: c.Match.OtherName(), Reason: c.Reason,
		Lat: p.At.Lat, Lon: p.At.Lon, RadiusM: p.RadiusM, RadiusHow: p.RadiusHow, Country: p.Country, Oblast: p.Oblast, Raion: p.Raion,
		Population: p.Population, DistanceM: c.DistanceM, Line: a.line(p.At)}
	for _, n := range p.Names {
		out.Names = append(out.Names, n.Text)
	}
	return out
}

func (a *placeAsker) line(at geo.LatLon) []lineDistance {
	if a.maps == nil {
		return nil
	}
	var out []lineDistance
	for _, answer := range a.maps.At(at.Lat, at.Lon, a.at) {
		l := lineDistance{Provider: answer.Provider, Side: "unknown"}
		if answer.Found {
			l.Side, l.DistanceM = string(answer.Side), answer.DistanceM
		}
		out = append(out, l)
	}
	return out
}

func (a *placeAsker) reading(r coord.Reading) placeReading {
	out := placeReading{Form: r.Form, Note: r.Note, Lat: r.At.Lat, Lon: r.At.Lon, RadiusM: r.RadiusM,
		Decimal: coord.Decimal(r.At), DMS: coord.DMS(r.At), PlusCode: coord.PlusCode(r.At, 11), GeoURI: coord.GeoURI(r.At, r.RadiusM), Line: a.line(r.At)}
	out.MGRS, _ = coord.MGRS(r.At, 5)
	for _, area := range a.g.Areas(r.At) {
		if area.Level == "oblast" {
			out.Oblast = area.Name
		} else {
			out.Raion = area.Name
		}
	}
	for _, n := range a.g.Nearest(r.At, 3) {
		out.Nearest = append(out.Nearest, placeNear{n.Place.ID, n.Place.Name(), n.DistanceM, compass(n.AzimuthDeg)})
	}
	if a.near != nil {
		d := geo.DistanceM(*a.near, r.At)
		out.DistanceM = &d
	}
	out.Suspected = a.suspected(r.At)
	return out
}

// thinM is how near to three places of a gazetteer a repaired position must be; villages of the theatre lie 5 km apart, and
// gazetteers lack most of them.
const thinM = 20_000

const shownSuspicions = 3

func (a *placeAsker) suspected(at geo.LatLon) []placeSuspicion {
	var out []placeSuspicion
	for i, s := range coord.Suspect(at.Lat, at.Lon, coord.Context{Named: a.expected, Others: a.g.Positions(), OthersM: thinM}) {
		if i == shownSuspicions {
			break
		}
		reason := strings.Replace(s.Reason, "others of the list", "places of the gazetteer", 1)
		p := placeSuspicion{Slip: s.Slip, WouldBeM: s.RepairedM, IsM: s.WrittenM, Reason: reason}
		if s.Repaired != nil {
			p.Lat, p.Lon = &s.Repaired.Lat, &s.Repaired.Lon
		}
		out = append(out, p)
	}
	return out
}

func compass(azimuthDeg float64) string {
	names := []string{"north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"}
	return names[int(math.Round(azimuthDeg/45))%8]
}
