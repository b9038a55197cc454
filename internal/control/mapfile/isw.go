package mapfile

import (
	"fmt"
	"strings"
	"time"

	"whenwhere/internal/geo"
)

// The layers of isw that are read.
const (
	layerControl          = "control"
	layerAdvance          = "advance"
	layerClaimed          = "claimed"
	layerCounteroffensive = "counteroffensive"
)

// iswDelay: the assessment of a day comes out in its evening in Washington,
// which is until about 04:00 UTC of the next day; two hours more are given
// (judged, not measured).
const iswDelay = 30 * time.Hour

// layerCalled knows a layer by the names it had in services and folders, less
// what they put around it; "" for any other name.
func layerCalled(name string) string {
	name = strings.ToLower(name)
	for _, prefix := range []string{"view_", "mds_"} {
		name = strings.TrimPrefix(name, prefix)
	}
	for _, suffix := range []string{"_view", "_v1", "_v2", "_v3", "_v4"} {
		name = strings.TrimSuffix(name, suffix)
	}
	switch name {
	case "russiacotinukraine", "russianassessedcotinukraine", "russiancotinukraine":
		return layerControl
	case "assessedrussianadvanceinukraine", "russianassessedadvanceinukraine":
		return layerAdvance
	case "claimedrussianterritoryinukraine", "russianclaimedcotinukraine":
		return layerClaimed
	case "claimedukrainiancounteroffensives", "ukrainianclaimedcounteroffensives":
		return layerCounteroffensive
	}
	return ""
}

// isw reads a file of all layers (properties.layer) or of one. A file of
// control alone is a map of isw; one of another layer alone gets a name of its
// own, because it says nothing of the ground it does not draw and stands beside
// the map of control of the same day. It never says ru or ua, so isw has one
// voice still.
func isw(s source) (Map, error) {
	if s.named.day.IsZero() {
		return Map{}, &FileError{Detail: "no date in the name (YYYYMMDD or YYYY-MM-DD), and a map of isw has none inside"}
	}
	if err := checkTheatre(s.doc.Features); err != nil {
		return Map{}, err
	}
	one, err := s.oneLayer()
	if err != nil {
		return Map{}, err
	}
	until := s.named.day.AddDate(0, 0, 1)
	m := Map{
		Provider: "isw", Format: FormatISW, AsOf: s.named.day, Until: &until, Rest: Unknown,
		KnownAt: s.named.day.Add(iswDelay), KnownHow: "assumed: 06:00 UTC of the day after the file's date",
		Licence: "repository MIT; data (c) ISW/CTP",
	}
	layers, counts := 0, map[string]int{}
	for _, f := range s.doc.Features {
		layer, stated, err := layerOf(f, one)
		if err != nil {
			return Map{}, err
		}
		if stated {
			layers++
		}
		counts[layer]++
		m.addLayer(f, layer)
	}
	if len(m.Ground) == 0 {
		return Map{}, &FileError{Detail: "no content: no polygon, which does not mean that nothing is occupied"}
	}
	if layers == 0 && one != layerControl {
		m.Provider += "-" + one
	}
	if counts[layerControl] > 0 {
		m.Rest = UA
	}
	return m, nil
}

// oneLayer is the layer that the name or the option gives to the whole file.
func (s source) oneLayer() (string, error) {
	switch s.opt.Layer {
	case "":
		return s.named.layer, nil
	case layerControl, layerAdvance, layerClaimed, layerCounteroffensive:
	default:
		return "", &FileError{Detail: fmt.Sprintf("layer %.80q is none of control, advance, claimed, counteroffensive", s.opt.Layer)}
	}
	if s.named.layer != "" && s.named.layer != s.opt.Layer {
		return "", &FileError{Detail: fmt.Sprintf("the layer is to be %s, but the name says %s", s.opt.Layer, s.named.layer)}
	}
	return s.opt.Layer, nil
}

// layerOf is the layer of a feature; stated when the feature itself says it.
func layerOf(f geo.Feature, one string) (layer string, stated bool, err error) {
	p, err := members(f)
	if err != nil {
		return "", false, err
	}
	fault := &FileError{Line: f.Line, Path: f.Path}
	raw, ok := p["layer"]
	if !ok {
		if one == "" {
			fault.Detail = "a feature without layer, and the name of the file says none"
			return "", false, fault
		}
		return one, false, nil
	}
	name, ok := text(raw)
	layer = layerCalled(name)
	switch {
	case !ok || layer == "":
		fault.Detail = fmt.Sprintf("layer %.80s is none of the known ones", raw)
		return "", false, fault
	case one != "" && layer != one:
		fault.Detail = fmt.Sprintf("layer %.80s is %s, but the file is said to hold %s", raw, layer, one)
		return "", false, fault
	}
	return layer, true, nil
}

// addLayer: only assessed control is held. Where forces advanced without being
// assessed to hold, and what either party claims, is contested.
func (m *Map) addLayer(f geo.Feature, layer string) {
	shape := f.Polygons()
	switch {
	case len(shape) > 0 && layer == layerControl:
		m.Ground = append(m.Ground, Ground{RU, shape})
	case len(shape) > 0:
		m.Ground = append(m.Ground, Ground{Contested, shape})
	case f.Geometry != nil:
		m.Dropped++
	}
}
