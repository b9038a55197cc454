package coord_test

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/coord"
	"whenwhere/internal/geo"
)

// Squares of a metre as the port of GeographicLib (npm geographiclib-mgrs 1.0.4) prints them; the first of each hemisphere
// and of each exception of Norway and Svalbard among them.
var squares = []struct {
	lat, lon float64
	mgrs     string
}{
	{48.198743, 37.637989, "37UCP9879139286"}, {48.05, 37.28, "37UCP7182123288"}, {49.9935, 36.2304, "37UCR0149741584"},
	{44.6167, 33.5254, "36TWQ4168440506"}, {47.0971, 37.5434, "37TCN8946216983"}, {46.6354, 32.6169, "36TVS7067764720"},
	{51.5055, 31.2849, "36UUC8096807435"}, {50.4501, 30.5234, "36UUA2418291607"}, {60.39, 5.32, "32VKN9723000510"},
	{78.22, 15.65, "33XWG1481383004"}, {72.5, 8.9, "31XFA9773754424"}, {72.5, 9.1, "33XUA0226254424"},
	{75, 20.9, "33XXD7019232079"}, {75, 33.5, "37XCD4131330970"}, {-33.8688, 151.2093, "56HLH3436850948"},
	{-54.8, -68.3, "19FEV4500027239"}, {0.0001, 0.0001, "31NAA6603200011"}, {-0.0001, -0.0001, "30MZE3396799988"},
	{83.99, -179.99, "01XDP6506327884"}, {-79.99, 179.99, "60CWS5799518039"}, {55.9, 3.1, "31UEB0625294954"},
	{56.1, 3.1, "32VJH3322632906"}, {40.7128, -74.006, "18TWL8395907350"}, {35.6762, 139.6503, "54SUE7785548874"},
}

func TestMGRSPublished(t *testing.T) {
	t.Parallel()
	for _, c := range squares {
		got, ok := coord.MGRS(geo.LatLon{Lat: c.lat, Lon: c.lon}, 5)
		if !ok || strings.ReplaceAll(got, " ", "") != c.mgrs {
			t.Errorf("%v, %v: %s, want %s", c.lat, c.lon, got, c.mgrs)
		}
		for _, text := range []string{c.mgrs, got, strings.ToLower(c.mgrs)} {
			r := only(t, text)
			if d := geo.DistanceM(r.At, geo.LatLon{Lat: c.lat, Lon: c.lon}); d > 0.708 || r.Form != coord.FormMGRS {
				t.Errorf("%s: %v, %v m from %v, %v", text, r.At, d, c.lat, c.lon)
			}
		}
	}
	for digits, want := range map[int]string{1: "37U CP 9 3", 2: "37U CP 98 39", 3: "37U CP 987 392", 4: "37U CP 9879 3928"} {
		got, _ := coord.MGRS(geo.LatLon{Lat: 48.198743, Lon: 37.637989}, digits)
		if r := only(t, want); got != want || math.Abs(r.RadiusM-math.Pow(10, float64(5-digits))/math.Sqrt2) > 1e-9 {
			t.Errorf("%d digits: %s, want %s; radius %v", digits, got, want, r.RadiusM)
		}
	}
	if r := only(t, "37U CP"); math.Abs(r.RadiusM-70_710.678) > 0.01 {
		t.Errorf("a square of 100 km: %+v", r)
	}
	for _, at := range []geo.LatLon{{Lat: 84.1}, {Lat: -80.1}, {Lat: 91}, {Lat: math.NaN()}} {
		if text, ok := coord.MGRS(at, 5); ok {
			t.Errorf("%v: %s", at, text)
		}
	}
}

func TestMGRSRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"61U CP 12 34": "zone 61", "00U CP 12 34": "zone 0", "37A CP 12 34": "band A", "37U XP 12 34": "column X",
		"37U CI 12 34": "row I", "37U CP 123 4567": "3 and 4 digits", "37U CP 12345": "5 and 0 digits", "32X CP 12 34": "32X does not exist",
		"37U CP 123456 123456": "digits", "37C CP 12 34": "not in zone", "37U CF 12 34": "not in zone",
	} {
		if _, err := coord.Parse(text, coord.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestMGRSRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := geo.LatLon{Lat: rapid.Float64Range(-80, 83.9999).Draw(t, "lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, "lon")}
		digits := rapid.IntRange(2, 5).Draw(t, "digits")
		text, ok := coord.MGRS(at, digits)
		if !ok {
			t.Fatalf("%v has no square", at)
		}
		r, err := coord.Parse(text, coord.Options{})
		if err != nil {
			t.Fatalf("%s of %v: %v", text, at, err)
		}
		if d := geo.DistanceM(r[0].At, at); d > r[0].RadiusM*1.001+0.001 {
			t.Fatalf("%s of %v: %v, %v m away", text, at, r[0].At, d)
		}
	})
}

// From test_data/encoding.csv of google/open-location-code.
func TestPlusCodesPublished(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lat, lon float64
		digits   int
		want     string
	}{
		{20.375, 2.775, 6, "7FG49Q00+"}, {20.3700625, 2.7821875, 10, "7FG49QCJ+2V"}, {20.3701125, 2.782234375, 11, "7FG49QCJ+2VX"},
		{20.3701135, 2.78223535156, 13, "7FG49QCJ+2VXGJ"}, {47.0000625, 8.0000625, 10, "8FVC2222+22"}, {-41.2730625, 174.7859375, 10, "4VCPPQGP+Q9"},
		{0.5, -179.5, 4, "62G20000+"}, {-89.5, -179.5, 4, "22220000+"}, {-89.9999375, -179.9999375, 10, "22222222+22"},
		{1, 1, 11, "6FH32222+222"}, {90, 1, 4, "CFX30000+"}, {92, 1, 4, "CFX30000+"}, {90, 1, 10, "CFX3X2X2+X2"}, {1, 180, 4, "62H20000+"},
		{1, 181, 4, "62H30000+"}, {20.3701135, 362.78223535156, 13, "7FG49QCJ+2VXGJ"}, {-41.2730625, -905.2140625, 10, "4VCPPQGP+Q9"},
		{37.539669125, -122.375069724, 15, "849VGJQF+VX7QR3J"}, {37.539669125, -122.375069724, 100, "849VGJQF+VX7QR3J"},
		{-48.71, 142.78, 8, "4R347QRJ+"}, {-2.804, 7.003, 13, "6F9952W3+C6222"}, {-13.23, 172.77, 8, "5VRJQQCC+"}, {-14, 106.9, 6, "5PR82W00+"},
		{65.748, 24.316, 12, "9GQ6P8X8+6C22"}, {80.0100000001, 58.57, 15, "CHGW2H6C+2222222"}, {80.0099999999, 58.57, 15, "CHGW2H5C+X2RRRRR"},
		{-80.0099999999, 58.57, 15, "2HFWXHRC+2222222"}, {68.3500147997595, 113.625636875353, 15, "9PWM9J2G+272FWJV"}, {-80, -170, 2, "22000000+"},
	} {
		if got := coord.PlusCode(geo.LatLon{Lat: c.lat, Lon: c.lon}, c.digits); got != c.want {
			t.Errorf("%v, %v: %s, want %s", c.lat, c.lon, got, c.want)
		}
	}
}

// From test_data/decoding.csv: code, south, west, north, east.
func TestPlusCodesDecoded(t *testing.T) {
	t.Parallel()
	for code, box := range map[string][4]float64{
		"7FG49Q00+": {20.35, 2.75, 20.4, 2.8}, "7FG49QCJ+2V": {20.37, 2.782125, 20.370125, 2.78225}, "7FG49QCJ+2VX": {20.3701, 2.78221875, 20.370125, 2.78225},
		"7FG49QCJ+2VXGJ": {20.370113, 2.782234375, 20.370114, 2.78223632813}, "4VCPPQGP+Q9": {-41.273125, 174.785875, -41.273, 174.786},
		"62G20000+": {0, -180, 1, -179}, "CFX3X2X2+X2": {89.9998750, 1, 90, 1.0001250}, "84000000+": {30, -140, 50, -120},
		"849VGJQF+VX7QR3J7QR3J": {37.5396691200, -122.3750698242, 37.5396691600, -122.3750697021},
	} {
		r := only(t, code)
		if math.Abs(r.At.Lat-(box[0]+box[2])/2) > 1e-9 || math.Abs(r.At.Lon-(box[1]+box[3])/2) > 1e-9 || r.Form != coord.FormPlusCode {
			t.Errorf("%s: %+v, want the middle of %v", code, r, box)
		}
	}
}

// From test_data/shortCodeTests.csv and validityTests.csv.
func TestShortPlusCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		short    string
		lat, lon float64
		full     string
	}{
		{"+2VX", 51.3701125, -1.217765625, "9C3W9QCJ+2VX"}, {"CJ+2VX", 51.3708675, -1.217765625, "9C3W9QCJ+2VX"}, {"9QCJ+2VX", 51.3852125, -1.217765625, "9C3W9QCJ+2VX"},
		{"22+", 42.899, 9.012, "8FJFW222+"}, {"22+", 14.95125, -23.5001, "796RXG22+"}, {"XGRF+PM", 47.00, 8.55, "8FRCXGRF+PM"},
		{"2222+22", 89.6, 0, "CFX22222+22"}, {"XXXXXX+XX", -81, 0, "2CXXXXXX+XX"},
	} {
		r, err := coord.Parse(c.short, coord.Options{Near: &geo.LatLon{Lat: c.lat, Lon: c.lon}})
		if err != nil {
			t.Errorf("%s: %v", c.short, err)
			continue
		}
		if want := only(t, c.full); geo.DistanceM(r[0].At, want.At) > 0.01 || math.Abs(r[0].RadiusM-want.RadiusM) > want.RadiusM*1e-6 {
			t.Errorf("%s: %+v, want %+v", c.short, r[0], want)
		}
	}
	for _, bad := range []string{"8FWC2345+G", "8FWC2300+G6", "WC2300+G6g", "WC2345+G", "WC2300+", "G+", "ZZ+", "8FWC2_45+G6", "849VGJQF+VX7QR3U", "XX222222+"} {
		if r, err := coord.Parse(bad, coord.Options{Near: &geo.LatLon{Lat: 48, Lon: 37}}); err == nil {
			t.Errorf("%s: %+v", bad, r)
		}
	}
}
