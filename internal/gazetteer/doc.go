// Package gazetteer finds settlements by their names, offline, in files that the operator supplies. Nothing is embedded.
//
// It reads GeoNames dumps (19 columns; class P), GeoNames' admin1CodesASCII.txt, tables of settlements made from
// OpenStreetMap (a header with osm_id, name_uk, lat, lon) and borders of oblasts and raions as GeoJSON. It promises:
//
//   - A place is known by a stable id (geonames:703448, osm:relation/123), never by its name.
//   - Every spelling finds it: Ukrainian, Russian, Latin as stated, and as the transliterations in use would write what is
//     stated; old names and alternates too. Case, apostrophes, hyphens, ё/е and ґ/г make no difference.
//   - Find returns every candidate with the reason why it is one: exact before transliterated before "begins so" before
//     "differs by a letter", which is asked only when nothing has the name. The last two are other names, and say so.
//   - Resolve gives a place only if exactly one has the name; else it says what would tell the candidates apart.
//   - Bad rows are named by file and line and left out; rows without a name are counted. A file with a fault of its form is
//     refused as a whole. Nothing is repaired.
//   - The same settlement in two files is one place with two ids: same name within 3 km, or well within the same city.
//     Two rows of one file are one place within 500 m only.
//   - The same files give the same answers; Version names them.
//
// What it does not know: when a name was valid. Old names are told from new ones only where the file does so.
package gazetteer

import (
	"fmt"
	"math"

	"whenwhere/internal/geo"
)

// Name is one spelling of a place.
type Name struct {
	Text string
	Role Role
}

// Role says what a spelling is in its file.
type Role string

// The roles of names. RoleAlternate is a spelling of which the file does not say whether it is old, or whose language it is.
const (
	RoleMain      Role = "name"
	RoleUkrainian Role = "uk"
	RoleEnglish   Role = "en"
	RoleRussian   Role = "ru"
	RoleOld       Role = "old"
	RoleAlternate Role = "alternate"
)

// Place is a settlement.
type Place struct {
	ID         string   // of the first file that has it
	Also       []string // ids of the same settlement in other rows
	Kind       string   // city, town, village, ..., or the GeoNames feature code
	Names      []Name   // the first is shown
	At         geo.LatLon
	Population int // 0 is not stated
	Country    string
	Oblast     string
	Raion      string
	RadiusM    float64 // how far from At it may reach
	RadiusHow  string
	File       string
	Line       int

	oblasts, raions []string // all names of them
}

// Name is the spelling that is shown.
func (p *Place) Name() string { return p.Names[0].Text }

// Where says which place of that name it is, as far as the files state it.
func (p *Place) Where() string {
	text := p.Name()
	if cyrillic(Fold(text)) {
		for _, n := range p.Names {
			if n.Role == RoleEnglish {
				text += " (" + n.Text + ")"
				break
			}
		}
	}
	for _, part := range []string{p.Raion, p.Oblast, p.Country} {
		if part != "" {
			text += ", " + part
		}
	}
	return text
}

// Judged radii, where no file states one: a village name locates to 2 km (the middle of the settlement is known to some
// hundred metres, and "in X" is said of its fields too); a larger town reaches as far as its people need at 1,500 a square
// kilometre, about the thinnest of the region's cities, so that no suburb is taken for elsewhere.
const (
	localityM  = 2_000.0
	perKm2     = 1_500.0
	townM      = 3_000.0  // of a town without a population
	cityM      = 10_000.0 // of a city without a population
	maxRadiusM = 30_000.0
)

func (p *Place) setRadius(statedM float64) {
	switch people := math.Sqrt(float64(p.Population)/perKm2/math.Pi) * 1000; {
	case statedM > 0:
		p.RadiusM, p.RadiusHow = statedM, "stated by the gazetteer"
	case people > localityM:
		p.RadiusM, p.RadiusHow = math.Min(math.Ceil(people/100)*100, maxRadiusM), fmt.Sprintf("judged from a population of %d", p.Population)
	case p.Population == 0 && p.Kind == "city":
		p.RadiusM, p.RadiusHow = cityM, "judged: a city of unstated size"
	case p.Population == 0 && p.Kind == "town":
		p.RadiusM, p.RadiusHow = townM, "judged: a town of unstated size"
	default:
		p.RadiusM, p.RadiusHow = localityM, "judged: a locality without an outline"
	}
}
