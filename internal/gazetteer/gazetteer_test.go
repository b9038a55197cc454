package gazetteer_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/gazetteer"
	"whenwhere/internal/geo"
	"whenwhere/internal/shareddata"
)

// Every row is invented, the positions too; the names are those of real towns.
const osm = "osm_id\tplace\tname_uk\tname_en\tname_ru\told_name\tlat\tlon\tpopulation\toblast\traion\n" +
	"relation/1\tcity\tГорлівка\tHorlivka\tГорловка\tПетрівка\t48.30\t38.00\t240000\tdonetska_oblast\thorlivskyy_rayon\n" +
	"relation/2\tvillage\tПетрівка\tPetrivka\t\t\t49.00\t36.00\t300\tkharkivska_oblast\tchuhuyivskyy_rayon\n" +
	"relation/3\tvillage\tПетрівка\t\t\t\t49.50\t36.50\t\tkharkivska_oblast\tkup_yanskyy_rayon\n" +
	"relation/4\ttown\tБердичів\tBerdychiv\tБердичев\t\t49.90\t28.60\t77000\tzhytomyrska_oblast\tberdychivskyy_rayon\n" +
	"relation/5\tvillage\tНово-Степове\t\t\t\"Червоний \"\"Шлях\"\"\"\t48.10\t37.10\t\tdonetska_oblast\tpokrovskyy_rayon\n" +
	"node/6\tvillage\tЄнакієве\t\t\t\t48.23\t38.21\t\t\t\n" +
	"node/7\t\t\t\t\t\t48.24\t38.22\t\t\t\n" +
	"node/8\tvillage\tХибне\t\t\t\t148.24\t38.22\t\t\t\n" +
	"node/9\tvillage\tНуль\t\t\t\t0\t0\t\t\t\n" +
	"node/10\t\tЗасновська рада\t\t\t\t48.24\t38.22\t\t\t\n" +
	"node/11\tvillage\tМежа\t\t\t\t48.24\t38.22\tdozens\t\t\n"

var geoNames = strings.Join([]string{
	"707753\tHorlivka\tHorlivka\tGorlovka,Gorlówka,Горлівка\t48.31\t38.03\tP\tPPL\tUA\t\t05\t\t\t\t239828\t\t200\tEurope/Kyiv\t2022-10-27",
	"1\tSome River\tSome River\t\t48.31\t38.03\tH\tSTM\tUA\t\t05\t\t\t\t0\t\t200\tEurope/Kyiv\t2022-10-27",
	"2\tshort row",
	"3\tDonetsk\tDonetsk\tСталіно\t48.00\t37.80\tP\tPPLA\tUA\t\t05\t\t\t\t900000\t\t200\tEurope/Kyiv\t2022-10-27",
}, "\n")

const borders = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"admin_level":"4","name":"Донецька область","name:en":"Donetsk Oblast","name:ru":"Донецкая область"},"geometry":{"type":"Polygon","coordinates":[[[37,47],[39,47],[39,49],[37,49],[37,47]]]}},
{"type":"Feature","properties":{"admin_level":6,"name":"Покровський район"},"geometry":{"type":"Polygon","coordinates":[[[37,48],[37.5,48],[37.5,48.5],[37,48.5],[37,48]]]}},
{"type":"Feature","properties":{"admin_level":8,"name":"громада"},"geometry":{"type":"Polygon","coordinates":[[[37,48],[37.5,48],[37.5,48.5],[37,48.5],[37,48]]]}}]}`

func invented(t testing.TB) *gazetteer.Gazetteer {
	t.Helper()
	g, errs := gazetteer.Read([]gazetteer.Input{{Name: "settlements.tsv", Data: []byte(osm)}, {Name: "UA.txt", Data: []byte(geoNames)}, {Name: "borders.geojson", Data: []byte(borders)}})
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return g
}

func ids(a gazetteer.Answer) string {
	var out []string
	for _, c := range a.Candidates {
		out = append(out, c.Place.ID+":"+c.Match.String())
	}
	return strings.Join(out, " ")
}

func TestSpellings(t *testing.T) {
	t.Parallel()
	g := invented(t)
	for name, want := range map[string]string{
		"Горлівка": "osm:relation/1:exact", "горловка": "osm:relation/1:exact", "Gorlovka": "osm:relation/1:exact", "GORLOWKA": "osm:relation/1:exact", "Ґорлівка": "osm:relation/1:exact",
		"Petrovka": "", "Петрівка": "osm:relation/1:exact osm:relation/2:exact osm:relation/3:exact", "Petrivka": "osm:relation/2:exact osm:relation/1:transliterated osm:relation/3:transliterated",
		"Новостепове": "", "Ново Степове": "osm:relation/5:exact", "Novo-Stepove": "osm:relation/5:transliterated", "Červonyj Šljach": "", "Chervonyi Shliakh": "osm:relation/5:transliterated",
		"червоний шлях": "osm:relation/5:exact", "Yenakiieve": "osm:node/6:transliterated", "Enakieve": "osm:node/6:transliterated", "Yenakiyeve": "osm:node/6:transliterated", "Jenakijeve": "osm:node/6:transliterated",
		"Berdychi": "osm:relation/4:begins_so", "Бердичі": "osm:relation/4:begins_so", "Berdichev": "osm:relation/4:transliterated", "Berdyciv": "osm:relation/4:similar", "Stalino": "geonames:3:transliterated",
		"": "", "Xy": "", "'": "",
	} {
		got := ids(g.Find(name, gazetteer.Query{}))
		if want == "" && strings.Contains(got, "exact") || want != "" && got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// The village of Berdychi is not in the files, and Berdychiv lies 700 km away: it must not pass for it.
func TestOtherNamesSaySo(t *testing.T) {
	t.Parallel()
	g := invented(t)
	a := g.Find("Berdychi", gazetteer.Query{Near: &geo.LatLon{Lat: 48.2, Lon: 37.64}})
	c := a.Candidates[0]
	if !c.Match.OtherName() || c.Reason != "other name: its English name Berdychiv begins so" || *c.DistanceM < 600_000 || a.Apart != "" {
		t.Errorf("%+v, %s", c, a.Apart)
	}
	r := g.Resolve("Berdychi", "", "")
	if r.Place != nil || r.Reason != "the gazetteer has no place named Berdychi; only similar names, such as Бердичів (Berdychiv), berdychivskyy rayon, zhytomyrska oblast" {
		t.Errorf("%+v", r)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	g := invented(t)
	for _, c := range []struct{ name, oblast, raion, id, reason string }{
		{"Петрівка", "", "", "", "3 places have the name; oblast and raion tell them apart"},
		{"Петрівка", "Донецька область", "", "osm:relation/1", "old name Петрівка"}, {"Петрівка", "Donetsk", "", "osm:relation/1", ""}, {"Petrivka", "Kharkiv oblast", "", "", "oblast and raion tell them apart"},
		{"Petrivka", "Харьковская область", "Chuhuiv raion", "osm:relation/2", ""}, {"Petrivka", "Харківська", "Куп'янський район", "osm:relation/3", ""}, {"Petrivka", "Lviv", "", "", "no place named Petrivka, Lviv; 3 of that name lie elsewhere"},
		{"Horlivka", "", "", "osm:relation/1", "Donetsk Oblast"}, {"Ново-Степове", "", "Покровский район", "osm:relation/5", "Покровський район"}, {"Nowhere", "", "", "", "no place named Nowhere"},
	} {
		r := g.Resolve(c.name, c.oblast, c.raion)
		id := ""
		if r.Place != nil {
			id = r.Place.ID
		}
		if id != c.id || !strings.Contains(r.Reason, c.reason) {
			t.Errorf("%s, %s, %s: %q: %s", c.name, c.oblast, c.raion, id, r.Reason)
		}
	}
}

// Two rows are one settlement within 3 km in two files, in one file only where they almost coincide; a row without an
// oblast is not excluded by one.
func TestRowsOfOneSettlement(t *testing.T) {
	t.Parallel()
	table := func(id, lat string) gazetteer.Input {
		return gazetteer.Input{Name: id, Data: []byte("osm_id\tplace\tname_uk\tlat\tlon\n" + id + "\tvillage\tХутір\t" + lat + "\t37\n")}
	}
	both := func(a, b string) gazetteer.Input {
		return gazetteer.Input{Name: "both", Data: []byte("osm_id\tplace\tname_uk\tlat\tlon\nn/1\tvillage\tХутір\t" + a + "\t37\nn/2\tvillage\tХутір\t" + b + "\t37\n")}
	}
	for _, c := range []struct {
		in   []gazetteer.Input
		want int
	}{
		{[]gazetteer.Input{table("n/1", "48"), table("n/2", "48.02")}, 1}, {[]gazetteer.Input{table("n/1", "48"), table("n/2", "48.04")}, 2},
		{[]gazetteer.Input{both("48", "48.004")}, 1}, {[]gazetteer.Input{both("48", "48.02")}, 2},
	} {
		if g, errs := gazetteer.Read(c.in); g.Len() != c.want || len(errs) > 0 {
			t.Errorf("%s: %d places, want %d (%v)", c.in, g.Len(), c.want, errs)
		}
	}
	g, _ := gazetteer.Read([]gazetteer.Input{table("n/1", "48")})
	if r := g.Resolve("Hutir", "Donetsk", "Pokrovsk"); r.Place == nil || r.Candidates[0].Match != gazetteer.MatchTransliterated {
		t.Errorf("%+v", r)
	}
}

func TestWhatWasRead(t *testing.T) {
	t.Parallel()
	g := invented(t)
	f := g.Files()
	if f[0].Places != 6 || f[0].Nameless != 1 || f[0].Other != 1 || len(f[0].Faults) != 3 || f[0].Faults[0].Line != 9 || f[1].Places != 2 || f[1].Other != 1 || f[1].Faults[0].Line != 3 || f[2].Areas != 2 || f[2].Other != 1 || len(f[2].Faults) != 0 {
		t.Errorf("%+v", f)
	}
	a := g.Find("Horlivka", gazetteer.Query{})
	p := a.Candidates[0].Place // joined of two files, 2.5 km apart; 240,000 people at 1,500 a square kilometre
	if g.Len() != 7 || len(p.Also) != 1 || p.Also[0] != "geonames:707753" || p.RadiusM != 7200 || p.Country != "UA" || p.Oblast != "Donetsk Oblast" {
		t.Errorf("%d places; %+v", g.Len(), p)
	}
	if n := g.Nearest(geo.LatLon{Lat: 48.2, Lon: 37.2}, 2); n[0].Place.ID != "osm:relation/5" || n[0].DistanceM < 13_000 || n[0].DistanceM > 14_000 || n[0].AzimuthDeg < 30 || n[0].AzimuthDeg > 36 {
		t.Errorf("%+v", n[0])
	}
	if a := g.Areas(geo.LatLon{Lat: 48.2, Lon: 37.2}); len(a) != 2 || a[0].Name != "Donetsk Oblast" || a[1].Level != "raion" {
		t.Errorf("%+v", a)
	}
}

func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		"": "none of", "\xff\xfe": "not UTF-8", "a,b\n1,2": "none of", "osm_id\tlat\tlon\n": `no column "name_uk"`, "osm_id\tosm_id\tlat\tlon\tname_uk\n": "stands twice",
		"osm_id\tlat\tlon\tname_uk\n1\t48\t37\t\"open\n2\t48\t37\tx": "bad.txt:2: extraneous", `{"type":"FeatureCollection","features":[{]}`: "line 1", "osm_id\tlat\tlon\tname_uk\n1\t48\t37\ta\"b\n": "bad.txt:2: bare",
	} {
		g, errs := gazetteer.Read([]gazetteer.Input{{Name: "good.tsv", Data: []byte(osm)}, {Name: "bad.txt", Data: []byte(data)}})
		var at *gazetteer.FileError
		if len(errs) != 1 || !errors.As(errs[0], &at) || at.File != "bad.txt" || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%q: %v, want %s", data, errs, want)
		}
		if len(g.Files()) != 1 || g.Len() != 6 {
			t.Errorf("%q cost the sound file: %d places", data, g.Len())
		}
	}
}

func TestVersionAndOrder(t *testing.T) {
	t.Parallel()
	a, b := gazetteer.Input{Name: "a", Data: []byte(osm)}, gazetteer.Input{Name: "b", Data: []byte(geoNames)}
	one, _ := gazetteer.Read([]gazetteer.Input{a, b, a})
	two, _ := gazetteer.Read([]gazetteer.Input{b, a})
	three, _ := gazetteer.Read([]gazetteer.Input{a})
	none, _ := gazetteer.Read(nil)
	if one.Version() != two.Version() || one.Version() == three.Version() || len(one.Version()) != 12 || none.Version() != "" || len(one.Files()) != 2 {
		t.Error(one.Version(), two.Version(), three.Version(), none.Version())
	}
	if got := none.Resolve("x", "", ""); got.Place != nil || got.Reason == "" {
		t.Errorf("%+v", got)
	}
}

// Whatever a person does to a name's case, apostrophes, hyphens and ё or ґ, the name is found.
func TestFoldedNamesAreFound(t *testing.T) {
	t.Parallel()
	g := invented(t)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"Горлівка", "Петрівка", "Ново-Степове", "Єнакієве", "Berdychiv", "Gorlówka"}).Draw(t, "name")
		var b strings.Builder
		for _, r := range name {
			s := string(r)
			switch rapid.IntRange(0, 4).Draw(t, "change") {
			case 1:
				s = strings.ToUpper(s)
			case 2:
				s += rapid.SampledFrom([]string{"'", "’", "ʼ", "\u0301"}).Draw(t, "mark")
			case 3:
				s = strings.NewReplacer("-", " ", "г", "ґ", "е", "ё").Replace(s)
			}
			b.WriteString(s)
		}
		a := g.Find(b.String(), gazetteer.Query{})
		if len(a.Candidates) == 0 || a.Candidates[0].Match != gazetteer.MatchExact {
			t.Fatalf("%s as %s: %s", name, b.String(), ids(a))
		}
	})
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{"Горлівка", "Kharkiv", "", "\xff", "й", strings.Repeat("ж", 99), "a-b c'd"} {
		f.Add(s)
	}
	g := invented(f)
	f.Fuzz(func(t *testing.T, s string) {
		for i, c := range g.Find(s, gazetteer.Query{}).Candidates {
			if c.Reason == "" || c.Match.OtherName() != strings.HasPrefix(c.Reason, "other name") {
				t.Fatalf("%q: candidate %d: %+v", s, i, c)
			}
		}
		if folded := gazetteer.Fold(s); gazetteer.Fold(folded) != folded {
			t.Fatalf("%q: folding %q again gives %q", s, folded, gazetteer.Fold(folded))
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{osm, geoNames, borders, "UA.05\tDonetsk\tDonetsk\t709716\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		g, errs := gazetteer.Read([]gazetteer.Input{{Name: "f", Data: data}})
		var at *gazetteer.FileError
		if len(errs) > 1 || len(errs) == 1 && !errors.As(errs[0], &at) {
			t.Fatal(errs)
		}
		for _, n := range g.Nearest(geo.LatLon{Lat: 48, Lon: 37}, 3) {
			if n.Place.RadiusM <= 0 || n.Place.Name() == "" || g.Find(n.Place.Name(), gazetteer.Query{}).Candidates == nil && len(n.Place.Name()) <= gazetteer.MaxQueryBytes {
				t.Fatalf("%+v", n.Place)
			}
		}
	})
}

func real(t *testing.T) *gazetteer.Gazetteer {
	t.Helper()
	var in []gazetteer.Input
	for _, name := range []string{"ua_settlements_osm.tsv", "geonames_cities500_UA.txt", "geonames_cities500_RU_west.txt", "Ukraine.geojson", "donetska_oblast.geojson", "kharkivska_oblast.geojson"} {
		data, err := os.ReadFile(shareddata.Path(t, "gazetteer", name))
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, gazetteer.Input{Name: name, Data: data})
	}
	g, errs := gazetteer.Read(in)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	return g
}

func TestRealFiles(t *testing.T) {
	t.Parallel()
	g := real(t)
	f := g.Files()
	if f[0].Nameless != 5205 || f[0].Places+f[0].Other+f[0].Nameless != 11261 || f[1].Places != 2851 || f[2].Places != 1692 || f[3].Areas != 25 || f[4].Areas != 8 || f[5].Areas != 7 {
		t.Errorf("%+v", f)
	}
	for _, one := range f {
		if len(one.Faults)+one.MoreFaults > 0 {
			t.Errorf("%s: %+v", one.Name, one.Faults)
		}
	}
	first := func(name string) gazetteer.Candidate {
		if a := g.Find(name, gazetteer.Query{}); len(a.Candidates) > 0 {
			return a.Candidates[0]
		}
		return gazetteer.Candidate{Place: &gazetteer.Place{}}
	}
	for _, names := range [][]string{{"Kharkiv", "Kharkov", "Харків", "Харьков", "Harkiv"}, {"Horlivka", "Gorlovka", "Горлівка", "Горловка"}, {"Pokrovsk", "Покровськ", "Krasnoarmeysk", "Красноармійськ"},
		{"Yenakiieve", "Enakievo", "Єнакієве", "Енакиево"}, {"Kupiansk", "Kup'yans'k", "Куп’янськ", "Купянск"}, {"Selydove", "Селидове", "Selidovo"}} {
		want := first(names[0]).Place
		for _, name := range names {
			if c := first(name); c.Match.OtherName() || c.Place != want {
				t.Errorf("%s: %s of %s, want %s", name, c.Reason, c.Place.ID, want.ID)
			}
		}
	}
	for _, name := range []string{"Berdychi", "Lisivka", "Бердичі"} {
		if c := first(name); !c.Match.OtherName() {
			t.Errorf("%s is in no file: %s", name, c.Reason)
		}
	}
	if a := g.Find("Миколаївка", gazetteer.Query{Limit: 5}); len(a.Candidates) != 5 || a.More < 15 || !strings.Contains(a.Apart, "only a position tells them apart") {
		t.Errorf("%d and %d more: %s", len(a.Candidates), a.More, a.Apart)
	}
	if r := g.Resolve("Gorlovka", "Donetsk", ""); r.Place == nil {
		t.Errorf("%s", r.Reason)
	}
}
