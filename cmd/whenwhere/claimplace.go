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

// namedPlaces says which typed coordinates look mistyped, and gives every claim that names its place the coordinates of that place, if exactly one of the gazetteer has the
// name; else the claim stays without, and says why. It is done at intake, and kept with the incident, so that a verdict can
// be made again without the gazetteer. clean is false when rows of the gazetteer were left out.
func namedPlaces(errs io.Writer, dir string, files []string, c *manifest.Case) (clean bool, err error) {
	named := slices.ContainsFunc(c.Records, func(r manifest.Record) bool { return r.Incident.Claim.Named != nil })
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
		resolveClaim(g, &c.Records[i].Incident.Claim)
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

func resolveClaim(g *gazetteer.Gazetteer, c *pipeline.Claim) {
	if c.Named == nil {
		return
	}
	n := *c.Named
	var found pipeline.Found
	c.Named, n.Found, found.Gazetteer = &n, &found, g.Version()
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
	c.Where = &pipeline.Place{Lon: r.Place.At.Lon, Lat: r.Place.At.Lat, RadiusM: radius}
}
