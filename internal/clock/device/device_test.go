package device_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"whenwhere/internal/clock"
	"whenwhere/internal/clock/device"
	"whenwhere/internal/shareddata"
	"whenwhere/internal/timeset"
)

var (
	zones = clock.NewZones()
	until = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
)

func ms(t testing.TB, rfc3339 string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, rfc3339)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMilli()
}

func civil(t testing.TB, from, to string) []device.Rule {
	t.Helper()
	rules, err := device.Civil(zones, timeset.Interval{Lo: ms(t, from), Hi: ms(t, to)})
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func infer(t testing.TB, files []device.File, rules []device.Rule) device.Result {
	t.Helper()
	r, err := device.Infer(files, rules)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func second(ms int64) timeset.Interval { return timeset.Interval{Lo: ms, Hi: ms + 1000} }

// shot is a file whose dial shows the instant under an offset and an error,
// with a fresh fix.
func shot(id string, utcMs int64, offsetMin int, errorMs int64) device.File {
	return device.File{
		ID: id, Dial: second(utcMs + int64(offsetMin)*60000 + errorMs), GPS: timeset.Of(second(utcMs - 300)),
	}
}

// Four files in winter, the clock two minutes ahead on Moscow time.
func TestWinterTellsMoscowFromKyiv(t *testing.T) {
	t.Parallel()
	rules := civil(t, "2023-10-01T00:00:00Z", "2024-04-30T00:00:00Z")
	start := ms(t, "2024-01-10T07:00:00Z")
	var files []device.File
	for i := range 4 {
		files = append(files, shot(fmt.Sprint("IMG_", i), start+int64(i)*7_200_000, 180, 120_000))
	}
	r := infer(t, files, rules)
	best := r.Hypotheses[0]
	if !slices.Contains(best.Rules, "Europe/Moscow") || best.Probability < 0.99 || r.OddsBans < 2 {
		t.Errorf("%+v, odds %v", best, r.OddsBans)
	}
	if best.ErrorS.Lo95 > 120 || best.ErrorS.Hi95 < 120 || best.ErrorS.SD > 5 {
		t.Errorf("error %+v, want 120", best.ErrorS)
	}
	for i, f := range r.Files {
		if !f.UTC95.Contains(start + int64(i)*7_200_000) {
			t.Errorf("%s: %v", f.ID, f.UTC95)
		}
	}
	if len(r.Outliers) > 0 {
		t.Errorf("outliers: %+v", r.Outliers)
	}
}

// In summer nothing tells the two apart, and the answer says so.
func TestSummerLeavesBothNames(t *testing.T) {
	t.Parallel()
	r := infer(t, []device.File{shot("a", ms(t, "2024-07-10T07:00:00Z"), 180, 0)}, civil(t, "2024-06-01T00:00:00Z", "2024-09-01T00:00:00Z"))
	for _, name := range []string{"Europe/Kyiv", "Europe/Moscow", "fixed +03:00"} {
		if !slices.Contains(r.Hypotheses[0].Rules, name) {
			t.Errorf("%s is not among %v", name, r.Hypotheses[0].Rules)
		}
	}
	if got := r.Files[0].Offsets[0]; got.OffsetMin != 180 || got.Probability < 0.99 {
		t.Errorf("%+v", got)
	}
}

// One shadow settles the winter question without any fix: the dial reads
// 10:15:20 at Bakhmut, and the sun stood where it stands at 07:15Z.
func TestLightAlone(t *testing.T) {
	t.Parallel()
	var pieces []device.Piece
	at := ms(t, "2024-11-03T07:15:20Z")
	for m := int64(-300); m < 300; m++ {
		lo := at + m*60000
		pieces = append(pieces, device.Piece{Interval: timeset.Interval{Lo: lo, Hi: lo + 60000}, Density: math.Exp(-float64(m*m) / (2 * 20 * 20))})
	}
	f := device.File{ID: "a", Dial: second(ms(t, "2024-11-03T10:15:20Z")), Light: []device.Light{{Pieces: pieces, Reliability: 0.95}}}
	rules := []device.Rule{device.Fixed(120, 1), device.Fixed(180, 1)}
	r := infer(t, []device.File{f}, rules)
	// The Bakhmut vector gives 0.9793 to 0.0126 with a sigma of 5 degrees,
	// which is 20 minutes.
	p := map[string]float64{}
	for _, h := range r.Hypotheses {
		for _, name := range h.Rules {
			p[name] += h.Probability
		}
	}
	if ratio := p["fixed +03:00"] / p["fixed +02:00"]; ratio < 15 || ratio > 90 {
		t.Errorf("%v to %v", p["fixed +03:00"], p["fixed +02:00"])
	}
}

// An upload three quarters of an hour after the dial's reading excludes the
// western offset.
func TestUploadSettles(t *testing.T) {
	t.Parallel()
	f := device.File{
		ID: "a", Dial: second(ms(t, "2024-11-03T10:15:20Z")),
		Limits: []device.Limit{{Field: "id:twitter", Ms: ms(t, "2024-11-03T07:40:00Z"), Upper: true, Reliability: 0.999}},
	}
	r := infer(t, []device.File{f}, []device.Rule{device.Fixed(120, 1), device.Fixed(180, 1)})
	if !slices.Contains(r.Hypotheses[0].Rules, "fixed +03:00") || r.Hypotheses[0].Probability < 0.95 {
		t.Errorf("%+v", r.Hypotheses)
	}
}

// The header of a movie is the device's own clock in UTC: it knows the
// offset and not the error.
func TestHeader(t *testing.T) {
	t.Parallel()
	at := ms(t, "2024-01-10T07:00:00Z")
	f := device.File{ID: "a", Dial: second(at + 2*3600000), Header: second(at + 31000), DurationMs: 30000}
	r := infer(t, []device.File{f}, civil(t, "2023-10-01T00:00:00Z", "2024-04-30T00:00:00Z"))
	best := r.Hypotheses[0]
	if !slices.Contains(best.Rules, "Europe/Kyiv") || best.Probability < 0.9 || best.ErrorS.SD < 60 {
		t.Errorf("%+v", best)
	}
}

// A phone on Kyiv time is on Moscow time from some day in February on.
func TestDeviceThatChangesSide(t *testing.T) {
	t.Parallel()
	rules := civil(t, "2023-10-01T00:00:00Z", "2024-04-30T00:00:00Z")
	start := ms(t, "2024-01-10T07:00:00Z")
	var files []device.File
	for i := range 20 {
		offset := 120
		if i >= 12 {
			offset = 180
		}
		files = append(files, shot(fmt.Sprint("IMG_", 10+i), start+int64(i)*3*86_400_000, offset, 4000))
	}
	r := infer(t, files, rules)
	best := r.Hypotheses[0]
	if best.Switch == nil || best.Probability < 0.99 {
		t.Fatalf("%+v", best)
	}
	if !slices.Contains(best.Switch.From, "Europe/Kyiv") || !slices.Contains(best.Switch.To, "Europe/Moscow") {
		t.Errorf("%+v", best.Switch)
	}
	if best.Switch.AfterMs != files[11].Dial.Lo || best.Switch.BeforeMs != files[12].Dial.Lo {
		t.Errorf("between %v and %v", time.UnixMilli(best.Switch.AfterMs).UTC(), time.UnixMilli(best.Switch.BeforeMs).UTC())
	}
}

// A clock that ran on from 2000-01-01 has no zone, but a constant distance
// from UTC.
func TestClockThatWasNeverSet(t *testing.T) {
	t.Parallel()
	start := ms(t, "2024-01-10T07:00:00Z")
	wrong := ms(t, "2000-01-03T05:11:17Z") - start
	var files []device.File
	for i := range 5 {
		at := start + int64(i)*3_600_000
		files = append(files, device.File{ID: fmt.Sprint(i), Dial: second(at + wrong), GPS: timeset.Of(second(at))})
	}
	r := infer(t, files, civil(t, "1999-12-01T00:00:00Z", "2024-04-30T00:00:00Z"))
	best := r.Hypotheses[0]
	if !best.FreelySet || math.Abs(best.ErrorS.Mean-float64(wrong)/1000) > 5 {
		t.Errorf("%+v, want %d s", best, wrong/1000)
	}
	if !r.Files[2].UTC95.Contains(start + 2*3_600_000) {
		t.Errorf("%v", r.Files[2].UTC95)
	}
}

func TestOutliersAreNamed(t *testing.T) {
	t.Parallel()
	start := ms(t, "2024-01-10T07:00:00Z")
	var files []device.File
	for i := range 8 {
		files = append(files, shot(fmt.Sprint("IMG_", i), start+int64(i)*7_200_000, 120, 3000))
	}
	files[1].GPS = files[1].GPS.Shift(86_400_000)
	files[3].GPS = timeset.Of(files[3].Dial)
	files[5].GPS = files[5].GPS.Shift(-5_000_000)
	files[6].Dial = second(files[6].Dial.Lo - 400*86_400_000)
	files[7].Limits = []device.Limit{{Field: "id:twitter", Ms: start, Upper: true, Reliability: 0.999}}
	files[0].NameDial = second(files[0].Dial.Lo + 3_600_000)
	r := infer(t, files, civil(t, "2022-10-01T00:00:00Z", "2024-04-30T00:00:00Z"))
	got := map[string]string{}
	for _, o := range r.Outliers {
		got[o.File+" "+o.Field] = o.Why
	}
	for key, part := range map[string]string{
		"IMG_0 name": "another zone", "IMG_1 gps": "a day off", "IMG_3 gps": "repeats the dial", "IMG_5 gps": "stale",
		"IMG_6 gps": "after the shot", "IMG_7 id:twitter": "beyond this bound",
	} {
		if !strings.Contains(got[key], part) {
			t.Errorf("%s: %q, want ...%s...; all: %v", key, got[key], part, got)
		}
	}
	if !slices.Contains(r.Hypotheses[0].Rules, "Europe/Kyiv") {
		t.Errorf("%+v", r.Hypotheses[0])
	}
}

// A dial in the hour that Kyiv skips is no Kyiv dial.
func TestGapFalsifies(t *testing.T) {
	t.Parallel()
	f := device.File{ID: "a", Dial: second(ms(t, "2024-03-31T03:30:00Z"))}
	r := infer(t, []device.File{f}, civil(t, "2024-03-01T00:00:00Z", "2024-04-30T00:00:00Z"))
	for _, h := range r.Hypotheses {
		if slices.Contains(h.Rules, "Europe/Kyiv") && (h.Probability > 0.05 || h.OffsetsMin[0] != device.NoOffset) {
			t.Errorf("%+v", h)
		}
	}
	// In the fold both readings stay.
	f.Dial = second(ms(t, "2024-10-27T03:30:00Z"))
	r = infer(t, []device.File{f}, []device.Rule{civil(t, "2024-09-01T00:00:00Z", "2024-12-30T00:00:00Z")[0]})
	for _, at := range []string{"2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z"} {
		if !r.Files[0].UTC95.Contains(ms(t, at)) {
			t.Errorf("%s is not in %v", at, r.Files[0].UTC95)
		}
	}
}

// A phone over eleven months: a thousand fixes of mixed age pin the error to
// a fraction of a second, across both changes of the clocks.
func TestThousandsOfFiles(t *testing.T) {
	t.Parallel()
	rules := civil(t, "2023-06-01T00:00:00Z", "2025-06-30T00:00:00Z")
	start := ms(t, "2024-01-05T00:00:00Z")
	rng := rand.New(rand.NewPCG(3, 5))
	var files []device.File
	for i := range 1000 {
		at := start + int64(i)*8*3_600_000
		offset := int64(120)
		if at >= ms(t, "2024-03-31T01:00:00Z") && at < ms(t, "2024-10-27T01:00:00Z") {
			offset = 180
		}
		f := shot(fmt.Sprintf("%04d", i), at, int(offset), 7000)
		f.GPS = timeset.Of(second(at - int64(1000*age(rng))))
		files = append(files, f)
	}
	r := infer(t, files, rules)
	best := r.Hypotheses[0]
	if !slices.Contains(best.Rules, "Europe/Kyiv") || best.Probability < 0.99 || best.ErrorS.Lo95 > 7.1 || best.ErrorS.Hi95 < 6.9 || best.ErrorS.SD > 0.3 || best.ErrorS.SD < 0.01 {
		t.Errorf("%v %v %+v", best.Rules, best.Probability, best.ErrorS)
	}
	if math.Abs(best.DriftSPerDay.Mean) > 0.01 {
		t.Errorf("%+v", best.DriftSPerDay)
	}
}

func BenchmarkInfer(b *testing.B) {
	rules := civil(b, "2023-06-01T00:00:00Z", "2025-06-30T00:00:00Z")
	start := ms(b, "2024-01-05T00:00:00Z")
	for _, n := range []int{1, 10, 100, 1000} {
		var files []device.File
		for i := range n {
			files = append(files, shot(fmt.Sprint(i), start+int64(i)*7_200_000, 120, 3000))
		}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := device.Infer(files, rules); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rules := civil(t, "2023-10-01T00:00:00Z", "2024-04-30T00:00:00Z")
	start := ms(t, "2024-01-10T07:00:00Z")
	var files []device.File
	for i := range 6 {
		files = append(files, shot(fmt.Sprint(i), start+int64(i%4)*7_200_000, 120, int64(i)*1000))
	}
	want := infer(t, files, rules)
	slices.Reverse(files)
	slices.Reverse(rules)
	if got := infer(t, files, rules); !reflect.DeepEqual(got, want) {
		t.Errorf("another order, another answer:\n%+v\n%+v", got, want)
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	good := shot("a", ms(t, "2024-01-10T07:00:00Z"), 120, 0)
	rule := []device.Rule{device.Fixed(120, 1)}
	with := func(change func(*device.File)) []device.File {
		f := good
		change(&f)
		return []device.File{f}
	}
	piece := func(lo, hi int64, density float64) device.Piece {
		return device.Piece{Interval: timeset.Interval{Lo: lo, Hi: hi}, Density: density}
	}
	for name, files := range map[string][]device.File{
		"none":            nil,
		"twice":           {good, good},
		"no dial":         with(func(f *device.File) { f.Dial = timeset.Interval{} }),
		"a day wide":      with(func(f *device.File) { f.Dial.Hi += 86_400_000 }),
		"end of time":     with(func(f *device.File) { f.GPS = timeset.Of(timeset.Interval{Lo: 0, Hi: math.MaxInt64}) }),
		"negative length": with(func(f *device.File) { f.DurationMs = -1 }),
		"sure limit":      with(func(f *device.File) { f.Limits = []device.Limit{{Reliability: 1}} }),
		"NaN limit":       with(func(f *device.File) { f.Limits = []device.Limit{{Reliability: math.NaN()}} }),
		"no light":        with(func(f *device.File) { f.Light = []device.Light{{Reliability: 0.9}} }),
		"NaN light":       with(func(f *device.File) { f.Light = []device.Light{{[]device.Piece{piece(0, 1, math.NaN())}, 0.9}} }),
		"Inf light":       with(func(f *device.File) { f.Light = []device.Light{{[]device.Piece{piece(0, 1, math.Inf(1))}, 0.9}} }),
		"light disorder":  with(func(f *device.File) { f.Light = []device.Light{{[]device.Piece{piece(5, 9, 1), piece(0, 6, 1)}, 0.9}} }),
	} {
		if r, err := device.Infer(files, rule); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for name, rules := range map[string][]device.Rule{
		"none": nil, "twice": {rule[0], rule[0]}, "weightless": {device.Fixed(1, 0)}, "NaN": {device.Fixed(1, math.NaN())},
		"no steps": {{Name: "x", Weight: 1}}, "99:99": {device.Fixed(99*60+99, 1)},
	} {
		if r, err := device.Infer([]device.File{good}, rules); err == nil {
			t.Errorf("rules %s: %+v", name, r)
		}
	}
}

// anyMs is how far a bogus date lies on either side: twenty years.
const anyMs = 20 * 365.25 * 86400e3

// truth draws a device from the model and its files.
type truth struct {
	rule          device.Rule
	errorS, drift float64
	files         []device.File
	utc           []int64
	genuine       []bool
}

func draw(rng *rand.Rand, rules []device.Rule, start int64, n int, days float64) truth {
	total, at := 0.0, 0.0
	for _, r := range rules {
		total += r.Weight
	}
	pick := rng.Float64() * total
	var out truth
	for _, r := range rules {
		if at += r.Weight; pick < at {
			out.rule = r
			break
		}
	}
	sigma := 900.0
	if p := rng.Float64(); p < 0.6 {
		sigma = 20
	} else if p < 0.9 {
		sigma = 120
	}
	out.errorS, out.drift = sigma*rng.NormFloat64(), 1.73*rng.NormFloat64()
	var at0 []float64
	for range n {
		at0 = append(at0, rng.Float64()*days*86400)
	}
	slices.Sort(at0)
	ref := at0[n/2]
	for i, s := range at0 {
		utc := start + int64(s*1000)
		own := utc + int64(1000*(out.errorS+out.drift*(s-ref)/86400))
		dial := own + offsetMs(out.rule, own)
		fix := utc - int64(1000*age(rng))
		switch p := rng.Float64(); {
		case p < 0.02:
			fix = dial + int64(2500*rng.NormFloat64())
		case p < 0.09:
			fix = utc + int64((2*rng.Float64()-1)*86400e3)
		case p < 0.12:
			fix = utc + int64((2*rng.Float64()-1)*1e11)
		}
		genuine := rng.Float64() > 0.02
		if !genuine {
			dial += int64((2*rng.Float64() - 1) * anyMs)
		}
		out.files = append(out.files, device.File{ID: strconv.Itoa(i), Dial: timeset.Interval{Lo: dial, Hi: dial + 1}, GPS: timeset.Of(timeset.Interval{Lo: fix, Hi: fix + 1})})
		out.utc, out.genuine = append(out.utc, utc), append(out.genuine, genuine)
	}
	return out
}

func offsetMs(r device.Rule, ownMs int64) int64 {
	o := r.Steps[0].OffsetMin
	for _, s := range r.Steps[1:] {
		if ownMs >= s.FromMs {
			o = s.OffsetMin
		}
	}
	return int64(o) * 60000
}

// age draws the age of a genuine fix in seconds.
func age(rng *rand.Rand) float64 {
	switch p := rng.Float64(); {
	case p < 0.65:
		return 2.5 * rng.NormFloat64()
	case p < 0.90:
		return 40 * rng.ExpFloat64()
	}
	return 300 * rng.NormFloat64()
}

// The statements about error, drift and instant hold as often as they say,
// and the probabilities of the best hypotheses add up to how often they are
// right.
func TestCalibration(t *testing.T) {
	t.Parallel()
	trials := 200
	if n, err := strconv.Atoi(os.Getenv("WHENWHERE_CALIBRATE")); err == nil && n > 0 {
		trials = n
	}
	rules := civil(t, "2023-06-01T00:00:00Z", "2025-06-30T00:00:00Z")
	start := ms(t, "2024-01-05T00:00:00Z")
	rng := rand.New(rand.NewPCG(7, 11))
	var settled, errorIn, driftIn, right, files, filesIn int
	var stated float64
	for range trials {
		n := []int{1, 2, 4, 9}[rng.IntN(4)]
		truth := draw(rng, rules, start, n, []float64{0.3, 5, 60}[rng.IntN(3)])
		r := infer(t, truth.files, rules)
		best := r.Hypotheses[0]
		stated += best.Probability
		isRight := slices.Contains(best.Rules, truth.rule.Name) && best.Switch == nil && best.GPSDaySlip == 0
		if isRight {
			right++
		}
		if isRight && best.Probability > 0.9 && truth.genuine[n/2] {
			settled++
			// The model counts drift from its own reference file.
			shift := truth.drift * float64(truth.utc[n/2]+offsetMs(truth.rule, truth.utc[n/2])-r.ReferenceMs) / 86400e3
			if e := truth.errorS - shift; best.ErrorS.Lo95 <= e && e <= best.ErrorS.Hi95 {
				errorIn++
			}
			if best.DriftSPerDay.Lo95 <= truth.drift && truth.drift <= best.DriftSPerDay.Hi95 {
				driftIn++
			}
		}
		for _, f := range r.Files {
			i, _ := strconv.Atoi(f.ID)
			if truth.genuine[i] {
				files++
				if f.UTC95.Contains(truth.utc[i]) {
					filesIn++
				}
			}
		}
	}
	share := func(k, n int) float64 { return float64(k) / float64(n) }
	t.Logf("%d devices: best right %.3f, stated %.3f; of %d settled: error in 95 %% %.3f, drift %.3f; %d files: instant in 95 %% %.3f",
		trials, share(right, trials), stated/float64(trials), settled, share(errorIn, settled), share(driftIn, settled), files, share(filesIn, files))
	for name, got := range map[string]float64{"error": share(errorIn, settled), "drift": share(driftIn, settled)} {
		if math.Abs(got-0.95) > 0.03 {
			t.Errorf("%s: %.3f, want 0.95 +- 0.03", name, got)
		}
	}
	if got := share(filesIn, files); got < 0.92 {
		t.Errorf("instants: %.3f, want at least 0.92", got)
	}
	if math.Abs(share(right, trials)-stated/float64(trials)) > 0.05 {
		t.Errorf("best right %.3f, stated %.3f", share(right, trials), stated/float64(trials))
	}
}

// Nine photos of one walk in Italy, whose fixes are all dated a day late.
func TestWalkOfNinePhotos(t *testing.T) {
	t.Parallel()
	var files []device.File
	for _, row := range shareddata.Table(t, "media", "TRUTH_gps_time.tsv") {
		if !strings.Contains(row["file"], "gps/DSCN") {
			continue
		}
		s := clock.EXIF(clock.EXIFTime{Field: "DateTimeOriginal", Text: row["dto_local"]}, until)
		dial, _ := s.Local.Bounds()
		day, err := time.Parse("2006:01:02 15:04:05.99", row["gps_date"]+" "+row["gps_time_utc"])
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, device.File{ID: row["file"], Dial: dial, GPS: timeset.Of(timeset.Interval{Lo: day.UnixMilli(), Hi: day.UnixMilli() + 10})})
	}
	if len(files) != 9 {
		t.Fatalf("%d files", len(files))
	}
	within := timeset.Interval{Lo: ms(t, "2008-01-01T00:00:00Z"), Hi: ms(t, "2009-01-01T00:00:00Z")}
	var rules []device.Rule
	for _, name := range []string{"Europe/Rome", "Europe/London", "Europe/Kyiv", "Asia/Tokyo"} {
		r, err := device.Zone(zones, name, 0.2, within)
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, r)
	}
	for _, o := range clock.OffsetsInUse() {
		rules = append(rules, device.Fixed(o, 0.01))
	}
	r := infer(t, files, rules)
	best := r.Hypotheses[0]
	t.Logf("%v: P %.4f, slip %d days, error %.0f s (%.0f..%.0f), odds %.1f bans", best.Rules, best.Probability, best.GPSDaySlip, best.ErrorS.Mean, best.ErrorS.Lo95, best.ErrorS.Hi95, r.OddsBans)
	if !slices.Contains(best.Rules, "Europe/Rome") || best.GPSDaySlip != 1 || best.Probability < 0.99 {
		t.Errorf("%+v", best)
	}
	if best.ErrorS.Lo95 < 60 || best.ErrorS.Hi95 > 160 {
		t.Errorf("error %+v: the dials are 92 to 146 s ahead of the fixes", best.ErrorS)
	}
}

func FuzzInfer(f *testing.F) {
	f.Add(int64(1704873600000), int64(1704866400000), int64(1704866400000), int64(0), 0.9, 1.0)
	f.Add(int64(0), int64(-1), int64(math.MaxInt64), int64(-5), math.NaN(), math.Inf(1))
	rules := []device.Rule{device.Fixed(120, 1), device.Fixed(180, 1)}
	f.Fuzz(func(t *testing.T, dial, gps, header, duration int64, reliability, density float64) {
		file := device.File{
			ID: "a", Dial: second(dial), GPS: timeset.Of(second(gps)), Header: second(header), DurationMs: duration,
			Limits: []device.Limit{{Field: "x", Ms: gps, Upper: true, Reliability: reliability}},
			Light:  []device.Light{{Pieces: []device.Piece{{Interval: second(gps), Density: density}}, Reliability: reliability}},
		}
		r, err := device.Infer([]device.File{file}, rules)
		if err != nil {
			return
		}
		sum := 0.0
		for _, h := range r.Hypotheses {
			sum += h.Probability
		}
		if !(math.Abs(sum-1) < 1e-6) {
			t.Fatalf("probabilities add up to %v", sum)
		}
	})
}
