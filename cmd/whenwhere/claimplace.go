package main

import (
	"fmt"
	"io"
	"slices"

	"whenwhere/internal/coord"
	"whenwhere/internal/gazetteer"
	"whenwhere/internal/geo"
	"whenwhere/internal/manifest"
	"whenwhere/internal/report"
	"whenwhere/pipeline"
)

// namedPlaces says which typed coordinates look mistyped, and gives every claim, and every testimony, that names its place
// the coordinates of that place, if exactly one of the gazetteer has the name; else it stays without, and says why. It is
// done at intake, and kept with the incident, so that a verdict can be made again without the gazetteer. clean is false when
// rows of the gazetteer were left out.
func namedPlaces(errs io.Writer, dir string, files []string, c *manifest.Case) (clean bool, err error) {
	named := slices.ContainsFunc(c.Records, func(r manifest.Record) bool { return namesAPlace(r.Incident) })
	about := errs
	if !named && len(files) == 0 {
		about = io.Discard // no claim is read by it, so its rows are no fault of this case
	}
	g, clean, err := loadGazetteer(about, dir, files)
	if err != nil {
		return false, err
	}
	sayMistyped(errs, g, c.Records)
	for i := range c.Records {
		in := &c.Records[i].Incident
		resolve(g, &in.Claim.Named, &in.Claim.Where)
		for k := range in.Testimonies {
			resolve(g, &in.Testimonies[k].Named, &in.Testimonies[k].Place)
		}
	}
	return clean || about == io.Discard, nil
}

// sayMistyped names the claims whose typed coordinates look like a slip of the hand, held against the other claims of the
// case and the gazetteer. Nothing is corrected, and nothing refused: a person decides.
func sayMistyped(errs io.Writer, g *gazetteer.Gazetteer, records []manifest.Record) {
	beside := coord.Context{Others: g.Positions()}
	if g.Len() > 0 {
		beside.OthersM = thinM
	}
	for _, r := range records {
		if w := r.Incident.Claim.Where; w != nil {
			beside.Others = append(beside.Others, geo.LatLon{Lat: w.Lat, Lon: w.Lon})
		}
	}
	for _, r := range records {
		w := r.Incident.Claim.Where
		if w == nil {
			continue
		}
		if slips := coord.Suspect(w.Lat, w.Lon, beside); len(slips) > 0 {
			fmt.Fprintln(errs, report.Plain(fmt.Sprintf("%s:%d: %s: incident %s: %s; nothing is corrected", r.File, r.Line, r.Field("claim.where"), r.Incident.ID, slips[0].Reason)))
		}
	}
}

// namesAPlace reports whether the record has anything for a gazetteer.
func namesAPlace(in pipeline.Incident) bool {
	return in.Claim.Named != nil || slices.ContainsFunc(in.Testimonies, func(t pipeline.Testimony) bool { return t.Named != nil })
}

// gazetteerOf is the version of the gazetteer that told where the named places of the record lie; empty when none did. All
// are looked for at once, in the same.
func gazetteerOf(in pipeline.Incident) string {
	named := []*pipeline.NamedPlace{in.Claim.Named}
	for _, t := range in.Testimonies {
		named = append(named, t.Named)
	}
	for _, n := range named {
		if n != nil && n.Found != nil && n.Found.Gazetteer != "" {
			return n.Found.Gazetteer
		}
	}
	return ""
}

// resolve looks for a named place, if there is one, and notes what was found.
func resolve(g *gazetteer.Gazetteer, named **pipeline.NamedPlace, place **pipeline.Place) {
	if *named == nil {
		return
	}
	n := **named
	var found pipeline.Found
	*named, n.Found, found.Gazetteer = &n, &found, g.Version()
	if g.Len() == 0 {
		found.Reason = "there was no gazetteer to look for " + n.Name + " (whenwhere verify --gazetteer, whenwhere place import)"
		return
	}
	r := g.Resolve(n.Name, n.Oblast, n.Raion)
	found.Reason = r.Reason
	for i, candidate := range r.Candidates {
		if i < pipeline.MaxFoundCandidates {
			found.Candidates = append(found.Candidates, candidate.Place.ID)
		}
	}
	if r.Place == nil {
		return
	}
	found.ID = r.Place.ID
	radius := r.Place.RadiusM
	if n.RadiusM != nil {
		radius = *n.RadiusM
	} else {
		found.Reason += "; radius " + r.Place.RadiusHow
	}
	*place = &pipeline.Place{Lon: r.Place.At.Lon, Lat: r.Place.At.Lat, RadiusM: radius}
}
