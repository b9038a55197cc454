package coord_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/coord"
	"whenwhere/internal/geo"
)

func only(t *testing.T, text string) coord.Reading {
	t.Helper()
	r, err := coord.Parse(text, coord.Options{})
	if err != nil || len(r) != 1 {
		t.Fatalf("%s: %+v, %v", text, r, err)
	}
	return r[0]
}

// 48°11'55.4748" N, 37°38'16.7604" E, in every hand.
func TestOnePlaceInManyHands(t *testing.T) {
	t.Parallel()
	want := geo.LatLon{Lat: 48.198743, Lon: 37.637989}
	for text, form := range map[string]coord.Form{
		"48.198743, 37.637989": coord.FormDecimal, "48.198743 37.637989": coord.FormDecimal, "48.198743;37.637989": coord.FormDecimal,
		"48,198743 37,637989": coord.FormDecimal, "48,198743, 37,637989": coord.FormDecimal, "48,198743; 37,637989": coord.FormDecimal,
		"(48.198743, 37.637989)": coord.FormDecimal, "N48.198743 E37.637989": coord.FormDecimal, "48.198743N 37.637989E": coord.FormDecimal,
		"37.637989E, 48.198743N": coord.FormDecimal, "lat: 48.198743, lon: 37.637989": coord.FormDecimal, "lng=37.637989 lat=48.198743": coord.FormDecimal,
		"48.198743 с.ш. 37.637989 в.д.": coord.FormDecimal, "48.198743 пн. ш., 37.637989 сх. д.": coord.FormDecimal, "широта 48.198743 довгота 37.637989": coord.FormDecimal,
		"48°11'55.4748\"N 37°38'16.7604\"E": coord.FormDMS, "48° 11’ 55.4748\" N, 37° 38’ 16.7604\" E": coord.FormDMS, "N 48° 11′ 55.4748″ E 37° 38′ 16.7604″": coord.FormDMS,
		"48º11'55.4748''С 37º38'16.7604''В": coord.FormDMS, "48 11 55.4748 N 37 38 16.7604 E": coord.FormDMS, "48:11:55.4748, 37:38:16.7604": coord.FormDMS,
		"48°11.92458'N, 37°38.27934'E": coord.FormDMS, "48°11’55,4748” пн.ш. 37°38’16,7604” сх.д.": coord.FormDMS, "48d11m": "",
		"48.198743° 37.637989°": coord.FormDMS, "−48.198743, 37.637989": "", "geo:48.198743,37.637989;u=35": coord.FormGeoURI, "geo:0,0?q=48.198743,37.637989(A%20place)": coord.FormGeoURI,
		"https://www.google.com/maps/place/X/@48.1,37.6,15z/data=!3m1!4b1!4m5!8m2!3d48.198743!4d37.637989": coord.FormLink, "https://maps.google.com/?q=48.198743,37.637989": coord.FormLink,
		"https://www.google.com/maps/@48.198743,37.637989,15z": coord.FormLink, "https://www.openstreetmap.org/?mlat=48.198743&mlon=37.637989#map=15/48.2/37.7": coord.FormLink,
		"https://www.openstreetmap.org/#map=15/48.198743/37.637989": coord.FormLink, "https://yandex.ru/maps/?ll=37.1%2C48.1&pt=37.637989,48.198743,pm2rdm&z=15": coord.FormLink,
		"https://yandex.com/maps/?ll=37.637989%2C48.198743&z=15": coord.FormLink, "https://maps.apple.com/?ll=48.198743,37.637989": coord.FormLink,
		"https://www.bing.com/maps?cp=48.198743~37.637989&lvl=15": coord.FormLink, "http://wikimapia.org/#lang=en&lat=48.198743&lon=37.637989&z=15": coord.FormLink,
		"https://deepstatemap.live/#11/48.198743/37.637989": coord.FormLink,
	} {
		r, err := coord.Parse(text, coord.Options{})
		if form == "" { // another place or none
			if err == nil && geo.DistanceM(r[0].At, want) < 1 {
				t.Errorf("%s: %+v", text, r)
			}
			continue
		}
		if err != nil || geo.DistanceM(r[0].At, want) > 0.01 || r[0].Form != form {
			t.Errorf("%s: %+v, %v", text, r, err)
		}
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	both, err := coord.Parse("37.28, 48.05", coord.Options{})
	if err != nil || len(both) != 2 || both[0].At != (geo.LatLon{Lat: 37.28, Lon: 48.05}) || both[1].At != (geo.LatLon{Lat: 48.05, Lon: 37.28}) ||
		both[0].Note != "read as lat, lon" || both[1].Note != "read as lon, lat" {
		t.Errorf("%+v, %v", both, err)
	}
	if r := only(t, "131.67, 44.33"); r.At.Lat != 44.33 || !strings.Contains(r.Note, "read as lon, lat: the other order is no place") {
		t.Errorf("%+v", r)
	}
	if r := only(t, "48.5, 48.5"); r.At.Lat != 48.5 {
		t.Errorf("%+v", r)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"48.05": "one number", "91.5, 181": "not a latitude", "48,05": "decimal comma", "48,05,37,28": "", "48°61'N 37°10'E": "end at 60", "48°11'60\"N 37E": "end at 60",
		"48N 37N": "one latitude and one longitude", "48N, 37": "one latitude and one longitude", "-48S 37E": "a minus beside", "48.5°11'N 37°E": "not whole",
		"1 2 3": "3 numbers", "1,2,3 4,5 6": "", "48' 11° N 37E": "in that order", "geo:48": "1 numbers", "geo:48,37;crs=nad27": "only wgs84", "geo:48,37;u=x": "no uncertainty",
		"https://maps.app.goo.gl/abc": "no coordinates in it", "https://%zz": "not an address", strings.Repeat("1", 3000): "exceed the limit",
		"48.05, 37.28, 5": "2 separators", "+2VX": "short",
	} {
		r, err := coord.Parse(text, coord.Options{})
		if err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, coord.ErrNone) {
			t.Errorf("%.40s: %+v, %v, want %s", text, r, err, want)
		}
	}
	for _, name := range []string{"", "Berdychi", "Бердичі", "Nova-2 Village", "Схід", "Ясна Поляна", "x", "37U", "Kyiv 2", "North", "с. Степове", "e5"} {
		if r, err := coord.Parse(name, coord.Options{}); err == nil {
			t.Errorf("%q: %+v", name, r)
		}
	}
	for _, name := range []string{"Berdychi", "Бердичі", "Kyiv 2", "Север", "с. Степове", "Nova Kakhovka-2"} {
		if _, err := coord.Parse(name, coord.Options{}); !errors.Is(err, coord.ErrNone) {
			t.Errorf("%q is a name: %v", name, err)
		}
	}
	var short *coord.ReferenceError
	if _, err := coord.Parse("6F8X+3C Bakhmut", coord.Options{}); !errors.As(err, &short) || short.Locality != "Bakhmut" || short.Code != "6F8X+3C" {
		t.Errorf("%v", err)
	}
}

// What was written becomes the radius: half the diagonal of a cell of the last digit.
func TestPrecision(t *testing.T) {
	t.Parallel()
	cell := func(highM float64) float64 { return highM / 2 * math.Hypot(1, math.Cos(48.2*math.Pi/180)) }
	for text, want := range map[string]float64{
		"48.2 N 37.6 E": cell(11_119.5), "48.20 N 37.60 E": cell(1_111.95), "48 N 38 E": cell(111_195), "48°12'N 37°36'E": cell(111_195. / 60),
		"48°12'00\"N 37°36'00\"E": cell(111_195. / 3600), "48°12'00.0\"N 37°36'00.0\"E": cell(111_195. / 36000), "geo:48.2,37.6;u=35": 35,
	} {
		if got := only(t, text).RadiusM; math.Abs(got/want-1) > 0.01 {
			t.Errorf("%s: %v m, want %v", text, got, want)
		}
	}
	if r := only(t, "https://www.google.com/maps/@48.198743,37.637989,15z"); math.Abs(r.RadiusM-1592) > 5 || !strings.Contains(r.Note, "not a pin") {
		t.Errorf("%+v", r) // 500 pixels of 3.18 m
	}
}

func TestPrints(t *testing.T) {
	t.Parallel()
	at := geo.LatLon{Lat: 48.198743, Lon: -0.0000001}
	for got, want := range map[string]string{
		coord.Decimal(at): "48.198743, 0.000000", coord.DMS(at): "48°11′55.5″N 0°00′00.0″E", coord.GeoURI(at, 34.2): "geo:48.198743,0.000000;u=35",
		coord.DMS(geo.LatLon{Lat: -59.99999, Lon: -1.5}): "60°00′00.0″S 1°30′00.0″W",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestPrintedReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := geo.LatLon{Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon")}
		for text, withinM := range map[string]float64{
			coord.Decimal(at): 0.1, coord.DMS(at): 2.3, coord.GeoURI(at, 1): 0.1, coord.PlusCode(at, 11): 2.4,
			fmt.Sprintf("https://www.openstreetmap.org/?mlat=%f&mlon=%f", at.Lat, at.Lon): 0.1,
		} {
			r, err := coord.Parse(text, coord.Options{})
			if err != nil || geo.DistanceM(r[0].At, at) > withinM {
				t.Fatalf("%s of %v: %+v, %v", text, at, r, err)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"48.198743, 37.637989", "N 47° 53’ 50\"", "48°11'55.5\"N 37°38'16.8\"E", "37U CP 98791 39286", "8FG49QCJ+2VX Kyiv", "geo:48,37;u=3",
		"https://yandex.ru/maps/?ll=37.1%2C48.1&pt=37.6,48.1,pm2&z=15", "https://www.google.com/maps/@48.1,37.6,15z", "48,1 37,2", "с.ш. 48 в.д. 37", "\xff", "+", "1e5,3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, o := range []coord.Options{{}, {Near: &geo.LatLon{Lat: 48, Lon: 37}}} {
			readings, err := coord.Parse(s, o)
			var wrong *coord.Error
			var short *coord.ReferenceError
			if err != nil && !errors.Is(err, coord.ErrNone) && !errors.As(err, &wrong) && !errors.As(err, &short) {
				t.Fatalf("%q: error of no declared kind: %v", s, err)
			}
			if (err == nil) != (len(readings) > 0) {
				t.Fatalf("%q: %+v, %v", s, readings, err)
			}
			for _, r := range readings {
				if !(math.Abs(r.At.Lat) <= 90 && math.Abs(r.At.Lon) <= 180 && r.RadiusM > 0 && r.RadiusM < 3e7) {
					t.Fatalf("%q: %+v", s, r)
				}
			}
		}
	})
}
