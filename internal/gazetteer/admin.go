package gazetteer

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"whenwhere/internal/geo"
)

// area is an oblast (level 4) or a raion (level 6) with its border.
type area struct {
	level  int
	shown  string
	names  []string
	region *geo.Region
}

// Area names what a place lies in.
type Area struct {
	Level string // "oblast" or "raion"
	Name  string
	Names []string
}

// Areas returns the oblast and the raion, by the borders that were read, in which a place lies.
func (g *Gazetteer) Areas(at geo.LatLon) []Area {
	var out []Area
	for _, level := range []int{4, 6} {
		if a := g.area(level, at); a != nil {
			out = append(out, Area{map[int]string{4: "oblast", 6: "raion"}[level], a.shown, a.names})
		}
	}
	return out
}

func (g *Gazetteer) area(level int, at geo.LatLon) *area {
	for i := range g.areas {
		if g.areas[i].level == level && g.areas[i].region.Contains(at) {
			return &g.areas[i]
		}
	}
	return nil
}

// borders reads the areas of a GeoJSON file.
func (r *reader) borders(data []byte) error {
	doc, err := geo.Decode(data, geo.Limits{MaxBytes: MaxFileBytes})
	if err != nil {
		return err
	}
	for i, f := range doc.Features {
		a, fault := areaOf(f)
		if errors.Is(fault, errOtherLevel) {
			r.file.Other++
			continue
		}
		if fault != nil {
			r.fault(f.Line, fmt.Sprintf("features[%d]: %v", i, fault))
			continue
		}
		r.made.areas = append(r.made.areas, a)
		r.file.Areas++
	}
	return nil
}

// errOtherLevel: a border of neither an oblast nor a raion.
var errOtherLevel = errors.New("other admin_level")

func areaOf(f geo.Feature) (a area, err error) {
	var properties map[string]any
	if len(f.Properties) == 0 || json.Unmarshal(f.Properties, &properties) != nil || properties == nil {
		return a, errors.New("no properties")
	}
	switch level := fmt.Sprint(properties["admin_level"]); level { // a number in some files, text in others
	case "4", "6":
		a.level = int(level[0] - '0')
	default:
		return a, errOtherLevel
	}
	for _, key := range []string{"name:en", "name:uk", "name", "name:ru", "int_name", "old_name"} {
		if text, ok := properties[key].(string); ok && text != "" && !slices.Contains(a.names, text) {
			a.names = append(a.names, text)
		}
	}
	if len(a.names) == 0 {
		return a, errors.New("no name")
	}
	a.shown = a.names[0]
	shape := f.Polygons()
	if len(shape) == 0 {
		return a, errors.New("no polygon")
	}
	region, err := geo.NewRegion(shape)
	a.region = region
	return a, err
}

// sameArea tells whether what was asked can be one of the names of an oblast or raion: "Donetsk", "Donetsk Oblast",
// "Донецька область" and "donetska_oblast" are one.
func sameArea(asked string, names []string) bool {
	for _, want := range areaStems(asked) {
		for _, name := range names {
			for _, stem := range areaStems(name) {
				if len(want) >= 3 && len(stem) >= 3 && (strings.HasPrefix(stem, want) || strings.HasPrefix(want, stem)) {
					return true
				}
				if a, b := skeleton(want), skeleton(stem); len(a) >= 3 && a == b {
					return true
				}
			}
		}
	}
	return false
}

// areaWords say what an area is, not which.
var areaWords = []string{"oblast", "oblasti", "obl", "raion", "rayon", "region", "district", "province", "область", "області", "обл", "район", "рн", "р н",
	"автономна республіка", "автономная республика", "autonomous republic of", "republic of", "республика", "республіка", "ар"}

var areaEndings = []string{"skaia", "skoi", "skii", "skogo", "skoho", "ska", "ski", "sk"}

// areaStems are loose Latin forms without the ending that makes an adjective of a town.
func areaStems(name string) []string {
	folded := " " + Fold(name) + " "
	for _, w := range areaWords {
		folded = strings.ReplaceAll(folded, " "+w+" ", " ")
	}
	var out []string
	for _, key := range looseKeys(strings.TrimSpace(folded)) {
		key = strings.ReplaceAll(key, " ", "")
		for _, e := range areaEndings {
			if stem, ok := strings.CutSuffix(key, e); ok && len(stem) >= 3 {
				key = stem
				break
			}
		}
		out = append(out, key)
	}
	return out
}

// skeleton leaves the consonants, with g as h: Kharkiv and Kharkov, Chernihiv and Chernigov.
func skeleton(stem string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 'a', 'e', 'i', 'o', 'u':
			return -1
		case 'g':
			return 'h'
		}
		return r
	}, stem)
}
