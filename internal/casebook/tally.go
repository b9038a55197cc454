package casebook

import (
	"whenwhere/internal/gazetteer"
	"whenwhere/internal/geo"
	"whenwhere/pipeline"
	"whenwhere/pipeline/duplicates"
	"whenwhere/pipeline/tally"
)

// Tally is the book as it is counted, with the oblasts of places that do not name theirs from the borders of a gazetteer.
func (b Book) Tally(places *gazetteer.Gazetteer) tally.Book {
	out := tally.Book{Links: b.Links, Proposals: b.Proposals(duplicates.DefaultLeastBans)}
	shows := map[string]bool{}
	for _, r := range b.Records() {
		shows[r.ID] = len(r.Footage) > 0
	}
	for _, e := range b.Entries {
		out.Records = append(out.Records, tally.Record{ID: e.Incident.ID, Claim: e.Incident.Claim, Oblast: oblast(e.Incident.Claim, places),
			Footage: shows[e.Incident.ID], Judged: e.Judged, Review: e.Review})
	}
	return out
}

// oblast is the one that the record names, else the one in which the whole claimed place lies; empty when it may lie in
// several, or in none that is known.
func oblast(c pipeline.Claim, places *gazetteer.Gazetteer) string {
	if c.Named != nil && c.Named.Oblast != "" {
		return c.Named.Oblast
	}
	if c.Where == nil || places == nil {
		return ""
	}
	at := geo.LatLon{Lat: c.Where.Lat, Lon: c.Where.Lon}
	found := oblastAt(at, places)
	for i := 0; i < 8 && found != ""; i++ {
		if oblastAt(geo.Destination(at, float64(i)*45, c.Where.RadiusM), places) != found {
			return ""
		}
	}
	return found
}

func oblastAt(at geo.LatLon, places *gazetteer.Gazetteer) string {
	for _, a := range places.Areas(at) {
		if a.Level == "oblast" {
			return a.Name
		}
	}
	return ""
}
