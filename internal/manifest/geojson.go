package manifest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/paulmach/orb"

	"whenwhere/internal/geo"
	"whenwhere/pipeline"
)

// featureRecord is what the properties of a feature hold: a record without claim.where, and the radius of its place.
type featureRecord struct {
	pipeline.Incident
	RadiusM *float64 `json:"radius_m,omitempty"`
}

func (r *reader) geoJSON(f *os.File) {
	data, err := io.ReadAll(io.LimitReader(f, MaxTableBytes))
	if err != nil {
		r.fault(GeoJSON, 0, "", bare(err))
		return
	}
	data = []byte(strings.TrimPrefix(string(data), string(byteOrderMark)))
	doc, err := geo.Decode(data, geo.Limits{MaxBytes: MaxTableBytes, MaxFeatures: MaxRecords, MaxVertices: MaxRecords})
	var at *geo.Error
	if errors.As(err, &at) {
		r.fault(GeoJSON, at.Line, at.Path, fmt.Errorf("the file is refused: %w", jsonFault{at}))
		return
	}
	if err != nil {
		r.fault(GeoJSON, 0, "", err)
		return
	}
	if doc.Type != "FeatureCollection" {
		r.fault(GeoJSON, 1, "type", fmt.Errorf("%q where FeatureCollection is needed", doc.Type))
		return
	}
	for _, feature := range doc.Features {
		if !r.counted(GeoJSON, feature.Line) {
			return
		}
		r.feature(feature)
	}
}

func (r *reader) feature(f geo.Feature) {
	rename := func(field string) string {
		switch {
		case strings.HasPrefix(field, "claim.where"):
			return f.Path
		case field == "":
			return f.Path + ".properties"
		}
		return f.Path + ".properties." + field
	}
	if f.Properties == nil {
		r.fault(GeoJSON, f.Line, f.Path+".properties", fmt.Errorf("missing"))
		return
	}
	var rec featureRecord
	if faults := decodeRecord(f.Properties, &rec, &rec.Incident); faults != nil {
		for _, fault := range faults {
			var at jsonFault
			err := fault.err
			if errors.As(err, &at) { // lines and columns of it count from the start of the properties
				err = fmt.Errorf("%s (%s)", at.cause.Detail, at.cause.Rule)
			}
			r.fault(GeoJSON, f.Line, rename(fault.field), err)
		}
		return
	}
	inUTC(&rec.Incident)
	faults := rec.place(f, rename)
	r.add(rec.Incident, GeoJSON, f.Line, faults, rename)
}

// place takes the place of the claim from the geometry.
func (rec *featureRecord) place(f geo.Feature, rename func(string) string) []fieldFault {
	if rec.Claim.Where != nil || rec.Claim.Named != nil && f.Geometry != nil {
		return []fieldFault{{f.Path + ".properties.claim.where", fmt.Errorf("the place is the geometry with radius_m; it may not be stated twice")}}
	}
	if f.Geometry == nil {
		if rec.RadiusM != nil {
			return []fieldFault{{rename("radius_m"), fmt.Errorf("given without a geometry")}}
		}
		return nil
	}
	point, ok := f.Geometry.(orb.Point)
	if !ok {
		return []fieldFault{{f.Path + ".geometry", fmt.Errorf("%s where Point is needed", f.Geometry.GeoJSONType())}}
	}
	if rec.RadiusM == nil {
		return []fieldFault{{rename("radius_m"), fmt.Errorf("missing: a point without a radius is no place")}}
	}
	rec.Claim.Where = &pipeline.Place{Lon: point.Lon(), Lat: point.Lat(), RadiusM: *rec.RadiusM}
	return nil
}
