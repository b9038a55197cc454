package formats

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-kml/v3"

	"whenwhere/internal/feature"
	"whenwhere/internal/report/record"
)

// point is the place of a record; nil when the claim states none.
func point(r record.Record) orb.Geometry {
	if r.Lon == nil || r.Lat == nil {
		return nil
	}
	return feature.Point(*r.Lon, *r.Lat)
}

type geoJSONWriter struct {
	out *feature.Writer
	buf *bufio.Writer
}

func newGeoJSON(w io.Writer, a About) Writer {
	buf := bufio.NewWriter(w)
	return &geoJSONWriter{out: feature.NewWriter(buf, a.members()), buf: buf}
}

func (g *geoJSONWriter) Add(r record.Record) error {
	return named("geojson", r, g.out.Add(feature.Feature{ID: r.Incident, Geometry: point(r), Properties: r.Row}))
}

func (g *geoJSONWriter) Close() error {
	err := g.out.Close()
	if err == nil {
		err = g.buf.Flush()
	}
	if err != nil {
		return fmt.Errorf("geojson: %w", err)
	}
	return nil
}

// kmlWriter writes the frame of the document itself, so that placemarks can follow one another as they come.
type kmlWriter struct {
	w      io.Writer
	enc    *xml.Encoder
	about  About
	fields []record.Field
	begun  bool
}

func newKML(w io.Writer, a About) Writer {
	return &kmlWriter{w: w, enc: xml.NewEncoder(w), about: a, fields: record.Fields()}
}

func kmlStart(name string) xml.StartElement {
	return xml.StartElement{Name: xml.Name{Space: kml.Namespace, Local: name}}
}

func (k *kmlWriter) begin() error {
	if k.begun {
		return nil
	}
	k.begun = true
	if _, err := io.WriteString(k.w, xml.Header); err != nil {
		return err
	}
	for _, start := range []xml.StartElement{kmlStart("kml"), {Name: xml.Name{Local: "Document"}}} {
		if err := k.enc.EncodeToken(start); err != nil {
			return err
		}
	}
	m := k.about.members()
	for _, e := range []kml.Element{kml.Name("whenwhere: " + string(m.Audience)), kml.Description(m.Note),
		kml.ExtendedData(kml.Data("audience", kml.Value(string(m.Audience))), kml.Data("whenwhere", kml.Value(m.Version)))} {
		if err := k.enc.Encode(e); err != nil {
			return err
		}
	}
	return nil
}

func (k *kmlWriter) Add(r record.Record) error {
	err := k.begin()
	if err == nil {
		err = k.enc.Encode(k.placemark(r))
	}
	return named("kml", r, err)
}

// placemark puts the elements in the order of the schema.
func (k *kmlWriter) placemark(r record.Record) kml.Element {
	mark := kml.Placemark(kml.Name(r.Incident), kml.Description(fmt.Sprintf("score %s, %s; by people: %s", plain(r.Score), r.Status, r.Row.Review)))
	if r.ClaimedFrom != nil && r.ClaimedTo != nil {
		mark.Append(kml.TimeSpan(kml.Begin(*r.ClaimedFrom), kml.End(*r.ClaimedTo)))
	}
	all := kml.ExtendedData()
	for i, v := range r.Values() {
		if v != nil {
			all.Append(kml.Data(k.fields[i].Name, kml.Value(plain(v))))
		}
	}
	mark.Append(all)
	if r.Lon != nil && r.Lat != nil {
		mark.Append(kml.Point(kml.Coordinates(kml.Coordinate{Lon: *r.Lon, Lat: *r.Lat})))
	}
	return mark
}

func (k *kmlWriter) Close() error {
	err := k.begin()
	for _, end := range []xml.EndElement{{Name: xml.Name{Local: "Document"}}, kmlStart("kml").End()} {
		if err == nil {
			err = k.enc.EncodeToken(end)
		}
	}
	if err == nil {
		err = k.enc.Close()
	}
	if err == nil {
		_, err = io.WriteString(k.w, "\n")
	}
	if err != nil {
		return fmt.Errorf("kml: %w", err)
	}
	return nil
}
