package main

import (
	"io"
	"slices"

	"whenwhere/internal/gazetteer"
	"whenwhere/internal/manifest"
	"whenwhere/pipeline"
)

// namedPlaces gives every claim that names its place the coordinates of that place, if exactly one of the gazetteer has the
// name; else the claim stays without, and says why. It is done at intake, and kept with the incident, so that a verdict can
// be made again without the gazetteer. clean is false when rows of the gazetteer were left out.
func namedPlaces(errs io.Writer, dir string, files []string, c *manifest.Case) (clean bool, err error) {
	named := slices.ContainsFunc(c.Records, func(r manifest.Record) bool { return r.Incident.Claim.Named != nil })
	if !named && len(files) == 0 {
		return true, nil // nothing to look for
	}
	g, clean, err := loadGazetteer(errs, dir, files)
	if err != nil {
		return false, err
	}
	for i := range c.Records {
		resolveClaim(g, &c.Records[i].Incident.Claim)
	}
	return clean, nil
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
