package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// peer is PostGIS with the same maps and questions, set up as one who knows it would: each map whole (PostGIS keeps the
// last shape prepared, and the questions come day by day), and cut into pieces under an index of day and place.
type peer struct {
	c *cluster
	s *session
}

// The sizes of pieces are the fastest of those tried: 32, 64, 128, 256 for ground, 8, 16, 32 vertices for the line.
const schema = `
CREATE EXTENSION postgis; CREATE EXTENSION btree_gist;
CREATE TABLE whole (day date PRIMARY KEY, shape geometry(MultiPolygon, 4326) NOT NULL, line geography NOT NULL);
ALTER TABLE whole ALTER shape SET STORAGE EXTERNAL, ALTER line SET STORAGE EXTERNAL;
CREATE TABLE raw (day date, doc jsonb);
CREATE TABLE question (id int PRIMARY KEY, day date NOT NULL, place geometry(Point, 4326) NOT NULL, spot geography(Point, 4326))`

const index = `
INSERT INTO whole SELECT day, shape, ST_Boundary(shape)::geography
  FROM raw, ST_SetSRID(ST_GeomFromGeoJSON(doc -> 'features' -> 0 -> 'geometry'), 4326) AS shape;
CREATE INDEX ON whole USING gist (shape);
CREATE TABLE piece AS SELECT day, ST_Subdivide(shape, 256) AS shape FROM whole;
CREATE INDEX ON piece USING gist (day, shape);
CREATE TABLE stretch AS SELECT day, ST_Subdivide(ST_Boundary(shape), 8)::geography AS line FROM whole;
CREATE INDEX ON stretch USING gist (day, line);
VACUUM ANALYZE`

// load brings in the maps; took is the time from the GeoJSON to tables ready to be asked.
func (p *peer) load(front string) (took time.Duration, err error) {
	if _, err := p.s.ask(schema); err != nil {
		return 0, err
	}
	rows, err := rawRows(front)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	if err := p.s.copyIn("raw", rows); err != nil {
		return 0, err
	}
	_, err = p.s.ask(index)
	return time.Since(start), err
}

// rawRows are the maps as rows of day and document; JSON has no bare tab or line end, and COPY wants its \ doubled.
func rawRows(front string) (rows []string, err error) {
	folder := first{os.DirFS(filepath.Join(front, "deepstate_daily")), loaded}
	files, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		data, err := fs.ReadFile(folder, f.Name())
		if err != nil {
			return nil, err
		}
		var doc json.RawMessage
		if err := json.Unmarshal(data, &doc); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		line := strings.NewReplacer("\\", `\\`, "\n", " ", "\r", " ", "\t", " ").Replace(string(doc))
		day := strings.TrimSuffix(strings.TrimPrefix(f.Name(), "deepstatemap_data_"), ".geojson")
		rows = append(rows, day+"\t"+line)
	}
	return rows, nil
}

func (p *peer) take(questions []question) error {
	rows := make([]string, len(questions))
	for i, q := range questions {
		point := fmt.Sprintf("SRID=4326;POINT(%v %v)", q.where.Lon, q.where.Lat)
		rows[i] = fmt.Sprintf("%d\t%s\t%s\t%s", i+1, q.day.Format(time.DateOnly), point, point)
	}
	if err := p.s.copyIn("question", rows); err != nil {
		return err
	}
	_, err := p.s.ask("VACUUM ANALYZE question")
	return err
}

// way is one manner of asking: the expression is true for ground held by ru, or the distance to the line in metres.
type way struct{ name, expr, from string }

var sideWays = []way{
	{
		name: "whole maps, day by day, one statement", expr: "ST_Intersects(w.shape, q.place)",
		from: "question q JOIN whole w USING (day)",
	},
	{
		name: "ST_Subdivide, GiST (day, shape), one statement",
		expr: "EXISTS (SELECT FROM piece p WHERE p.day = q.day AND ST_Intersects(p.shape, q.place))", from: "question q",
	},
}

// nextWay asks the map that follows, the last one where none does.
var nextWay = way{
	expr: "ST_Intersects(n.shape, q.place)",
	from: `question q CROSS JOIN LATERAL
	  (SELECT shape FROM whole n WHERE n.day = coalesce((SELECT min(day) FROM whole f WHERE f.day > q.day), q.day)) n`,
}

const signed = "CASE WHEN ST_Intersects(w.shape, q.place) THEN -1 ELSE 1 END * "

var distanceWays = []way{
	{
		name: "whole lines, day by day, one statement", expr: signed + "ST_Distance(w.line, q.spot)",
		from: "question q JOIN whole w USING (day)",
	},
	{
		name: "ST_Subdivide, GiST (day, line), nearest by <->, one statement",
		expr: signed + "(SELECT ST_Distance(s.line, q.spot) FROM stretch s WHERE s.day = q.day ORDER BY s.line <-> q.spot LIMIT 1)",
		from: "question q JOIN whole w USING (day)",
	},
}

// sides answers all questions in one statement, '1' for ground held by ru.
func (p *peer) sides(w way) (string, error) {
	return p.s.value("SELECT string_agg(CASE WHEN " + w.expr + " THEN '1' ELSE '0' END, '' ORDER BY q.id) FROM " + w.from)
}

// distances answers all questions in one statement.
func (p *peer) distances(w way, where string) ([]float64, error) {
	text, err := p.s.value("SELECT array_to_string(array_agg(" + w.expr + " ORDER BY q.id), ',') FROM " + w.from + where)
	if err != nil {
		return nil, err
	}
	fields := strings.Split(text, ",")
	out := make([]float64, len(fields))
	for i, f := range fields {
		if out[i], err = strconv.ParseFloat(f, 64); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// exactWays are the lengths of geodesics to the line, without sign, and much too slow for use. Type geography takes an edge
// for a great circle where GeoJSON has it straight in longitude and latitude; cut short, the two are one. The second needs
// no geography: a projection that keeps every distance from its centre, the place itself.
var exactWays = []way{
	{
		name: "lines cut to 0.002 degrees first (every 40th question)",
		expr: "ST_Distance(ST_Segmentize(ST_Boundary(w.shape), 0.002)::geography, q.spot)",
		from: "question q JOIN whole w USING (day)",
	},
	{
		name: "the same, azimuthal equidistant about each place",
		expr: `ST_Distance(ST_GeomFromText('POINT(0 0)'), ST_SetSRID(ST_Transform(ST_Segmentize(ST_Boundary(w.shape), 0.001),
	  format('+proj=aeqd +lat_0=%s +lon_0=%s +ellps=WGS84', ST_Y(q.place), ST_X(q.place))), 0))`,
		from: "question q JOIN whole w USING (day)",
	},
}
