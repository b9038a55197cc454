package align_test

import (
	"cmp"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/align"
)

// film makes frames that change like footage: flips bits of the last frame, or all at a cut.
type film struct {
	rng  *rand.Rand
	last align.Code
}

func newFilm(seed uint64) *film {
	f := &film{rng: rand.New(rand.NewPCG(seed, 7))}
	f.cut()
	return f
}

func (f *film) cut() {
	for i := range f.last {
		f.last[i] = f.rng.Uint64()
	}
}

func (f *film) flipped(c align.Code, bits int) align.Code {
	for _, k := range f.rng.Perm(256)[:bits] {
		c[k/64] ^= 1 << (k % 64)
	}
	return c
}

// shot is n frames from fromMs on, every stepMs, each bits away from the one before.
func (f *film) shot(n int, fromMs, stepMs int64, bits int) []align.Frame {
	var list []align.Frame
	for i := range n {
		if i > 0 {
			f.last = f.flipped(f.last, bits)
		}
		list = append(list, align.Frame{AtMs: fromMs + int64(i)*stepMs, Code: f.last, Quality: 90})
	}
	f.cut()
	return list
}

// copied is frames as another encoder and another clock leave them.
func (f *film) copied(list []align.Frame, bits int, at func(ms int64) int64) []align.Frame {
	var out []align.Frame
	for _, x := range list {
		x.Code, x.AtMs = f.flipped(x.Code, bits), at(x.AtMs)
		out = append(out, x)
	}
	return out
}

func shift(ms int64) func(int64) int64 { return func(t int64) int64 { return t + ms } }

func times(speed float64) func(int64) int64 {
	return func(t int64) int64 { return int64(math.Round(float64(t) / speed)) }
}

func find(t testing.TB, q, r align.Clip) []align.Segment {
	t.Helper()
	found, err := align.Find(q, r, align.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// brief is what most cases look at.
type brief struct {
	QFrom, QTo, RFrom, RTo int64
	Speed                  float64
	Mirrored, Unplaced     bool
}

func briefs(list []align.Segment) []brief {
	var out []brief
	for _, s := range list {
		out = append(out, brief{s.QFromMs, s.QToMs, s.RFromMs, s.RToMs, s.Speed, s.Mirrored, s.Unplaced})
	}
	return out
}

func TestFind(t *testing.T) {
	t.Parallel()
	f := newFilm(1)
	src := f.shot(60, 0, 1000, 50)
	other := f.shot(20, 0, 1000, 50)
	still := f.shot(30, 0, 1000, 2)
	black := f.copied(src[20:30], 0, shift(0))
	for i := range black {
		black[i].Quality = 3
	}
	var dropped []align.Frame
	for i, x := range src {
		if i%4 != 1 {
			dropped = append(dropped, x)
		}
	}
	hard := f.shot(20, 0, 1000, 128)
	var pendulum, jittered, frozen []align.Frame
	for i := range int64(6) {
		pendulum = append(pendulum, f.copied(hard[:6], 0, shift(6000*i))...)
	}
	for i, x := range hard {
		x.AtMs += int64(i%5) * 40
		jittered = append(jittered, x)
		frozen = append(frozen, align.Frame{AtMs: x.AtMs, Code: hard[7].Code, Quality: 90})
	}
	slow := f.shot(80, 0, 125, 8)
	long := f.shot(600, 0, 1000, 50)
	var scraps []align.Frame // two seconds of src in every six, and six seconds of another place in it
	for i, x := range f.copied(other, 0, shift(0)) {
		if i%6 < 2 {
			x.Code = src[i].Code
		}
		scraps = append(scraps, x)
	}
	scraps = append(scraps, f.copied(src[50:56], 10, shift(-25000))...)
	cases := []struct {
		name string
		q    align.Clip
		r    []align.Frame
		want []brief
	}{
		{"itself", align.Clip{Frames: src}, src, []brief{{0, 59000, 0, 59000, 1, false, false}}},
		{"trimmed and encoded again", align.Clip{Frames: f.copied(src[12:31], 20, shift(-12000))}, src,
			[]brief{{0, 18000, 12000, 30000, 1, false, false}}},
		{"negative times", align.Clip{Frames: f.copied(src[12:31], 20, shift(-20000))}, src,
			[]brief{{-8000, 10000, 12000, 30000, 1, false, false}}},
		{"dropped frames", align.Clip{Frames: f.copied(dropped, 20, shift(0))}, src, []brief{{0, 59000, 0, 59000, 1, false, false}}},
		{"faster", align.Clip{Frames: f.copied(src, 20, times(1.1))}, src, []brief{{0, 53636, 0, 59000, 1.1, false, false}}},
		{"slower", align.Clip{Frames: f.copied(src, 20, times(0.9))}, src, []brief{{0, 65556, 0, 59000, 0.9, false, false}}},
		{"mirrored", align.Clip{Frames: other, Mirrored: f.copied(src[10:30], 20, shift(-10000))}, src,
			[]brief{{0, 19000, 10000, 29000, 1, true, false}}},
		{"symmetrical", align.Clip{Frames: src, Mirrored: f.copied(src, 10, shift(0))}, src,
			[]brief{{0, 59000, 0, 59000, 1, false, false}}},
		{"five seconds put in", align.Clip{Frames: slices.Concat(src[:20], f.copied(other[:5], 0, shift(20000)), f.copied(src[20:], 0, shift(5000)))}, src,
			[]brief{{0, 19000, 0, 19000, 1, false, false}, {25000, 64000, 20000, 59000, 1, false, false}}},
		{"halves exchanged", align.Clip{Frames: slices.Concat(f.copied(src[30:], 0, shift(-30000)), f.copied(src[:30], 0, shift(30000)))}, src,
			[]brief{{0, 29000, 30000, 59000, 1, false, false}, {30000, 59000, 0, 29000, 1, false, false}}},
		{"shot repeated", align.Clip{Frames: src[10:20]}, slices.Concat(src, f.copied(src[8:22], 12, shift(60000))),
			[]brief{{10000, 19000, 10000, 19000, 1, false, false}, {10000, 19000, 70000, 79000, 1, false, false}}},
		{"black in between", align.Clip{Frames: slices.Concat(src[:20], black, src[30:])}, src, []brief{{0, 59000, 0, 59000, 1, false, false}}},
		{"overlay for two seconds", align.Clip{Frames: slices.Concat(src[:20], f.copied(other[:2], 0, shift(20000)), src[22:])}, src,
			[]brief{{0, 59000, 0, 59000, 1, false, false}}},
		{"still", align.Clip{Frames: f.copied(still, 10, shift(4000))}, still, []brief{{4000, 33000, 0, 29000, 1, false, true}}},
		{"still for a moment", align.Clip{Frames: f.copied(still[:5], 10, shift(4000))}, still[:5],
			[]brief{{4000, 8000, 0, 4000, 1, false, true}}},
		{"slow", align.Clip{Frames: f.copied(slow[20:60], 20, shift(0))}, slow, []brief{{2500, 7375, 2500, 7375, 1, false, false}}},
		{"slow, cut at the end", align.Clip{Frames: slow[:50]}, f.copied(slow, 6, shift(0)), []brief{{0, 6125, 0, 6125, 1, false, false}}},
		{"long and slower", align.Clip{Frames: f.copied(long, 20, times(0.955))}, long, []brief{{0, 627225, 0, 599000, 0.955, false, false}}},
		{"two frames in common", align.Clip{Frames: slices.Concat(other[:9], hard[9:11], f.copied(other[9:], 0, shift(2000)))}, hard, nil},
		{"pendulum", align.Clip{Frames: pendulum}, pendulum, []brief{{0, 35000, 0, 35000, 1, false, false}}},
		{"jittered clock", align.Clip{Frames: jittered}, hard, []brief{{0, 19160, 0, 19000, 1, false, false}}},
		{"frozen frame", align.Clip{Frames: frozen}, hard, nil},
		{"scraps and a segment", align.Clip{Frames: scraps}, src, []brief{{25000, 30000, 50000, 55000, 1, false, false}}},
		{"half a minute of nothing", align.Clip{Frames: slices.Concat(src[:20], src[51:])}, slices.Concat(src[:20], src[51:]),
			[]brief{{0, 19000, 0, 19000, 1, false, false}, {51000, 59000, 51000, 59000, 1, false, false}}},
		{"still within", align.Clip{Frames: slices.Concat(src[:15], f.copied(still, 10, shift(15000)), f.copied(src[15:], 10, shift(30000)))},
			slices.Concat(src[:15], f.copied(still, 10, shift(15000)), f.copied(src[15:], 10, shift(30000))),
			[]brief{{0, 89000, 0, 89000, 1, false, false}}},
		{"strangers", align.Clip{Frames: other}, src, nil},
		{"strangers with one title", align.Clip{Frames: slices.Concat(f.copied(still[:1], 4, shift(0)), f.copied(other, 0, shift(1000)))},
			slices.Concat(f.copied(still[:1], 4, shift(0)), f.copied(src, 0, shift(1000))), nil},
		{"flat", align.Clip{Frames: black}, src, nil},
		{"nothing", align.Clip{}, src, nil},
		{"one frame", align.Clip{Frames: src[:1]}, src, nil},
	}
	for _, c := range cases {
		if diff := gocmp.Diff(c.want, briefs(find(t, c.q, align.Clip{Frames: c.r}))); diff != "" {
			t.Errorf("%s: -want +got %s", c.name, diff)
		}
	}
}

// TestEvidence: the numbers beside a segment say how good it is.
func TestEvidence(t *testing.T) {
	t.Parallel()
	f := newFilm(2)
	src := f.shot(40, 0, 1000, 50)
	q := f.copied(src[5:25], 24, shift(-5000))
	for i := 4; i < 20; i += 5 { // every fifth frame shows something else
		q[i].Code = f.shot(1, 0, 0, 0)[0].Code
	}
	found := find(t, align.Clip{Frames: q}, align.Clip{Frames: src})
	if len(found) != 1 {
		t.Fatalf("%v", found)
	}
	s := found[0]
	if s.Frames != 16 || s.MeanBits != 24 || s.OffsetMs != 5000 || s.Share < 0.84 || s.Share > 0.85 { // 16 of the 19 from first to last
		t.Errorf("%+v", s)
	}
}

// TestOtherSampling: keyframes two seconds apart, on no grid, against eight frames a second.
func TestOtherSampling(t *testing.T) {
	t.Parallel()
	f := newFilm(3)
	dense := f.shot(240, 0, 125, 12)
	var sparse []align.Frame
	for i := 3; i < len(dense); i += 16 {
		sparse = append(sparse, dense[i])
	}
	q := f.copied(dense[80:200], 16, shift(-10020))
	found := find(t, align.Clip{Frames: q}, align.Clip{Frames: sparse})
	if len(found) != 1 || found[0].Speed != 1 || math.Abs(float64(found[0].OffsetMs-10020)) > 130 || found[0].Frames < 7 {
		t.Errorf("%+v", found)
	}
}

// TestViews: frames of one time are views of it, and the nearest pair counts.
func TestViews(t *testing.T) {
	t.Parallel()
	f := newFilm(4)
	src, border := f.shot(20, 0, 1000, 50), f.shot(20, 0, 1000, 50)
	both := slices.Concat(border, src)
	slices.SortStableFunc(both, func(a, b align.Frame) int { return cmp.Compare(a.AtMs, b.AtMs) })
	found := find(t, align.Clip{Frames: both}, align.Clip{Frames: src})
	if len(found) != 1 || found[0].Frames != 20 || found[0].Share != 1 {
		t.Errorf("%+v", found)
	}
}

// edited draws a clip and an edit of it.
func edited(t *rapid.T) (q, r align.Clip) {
	f := newFilm(rapid.Uint64().Draw(t, "seed"))
	step := rapid.SampledFrom([]int64{125, 1000, 2000}).Draw(t, "step")
	for range rapid.IntRange(1, 4).Draw(t, "shots") {
		from := int64(len(r.Frames)) * step
		r.Frames = append(r.Frames, f.shot(rapid.IntRange(1, 25).Draw(t, "frames"), from, step, rapid.IntRange(0, 60).Draw(t, "bits"))...)
	}
	from := rapid.IntRange(0, len(r.Frames)-1).Draw(t, "from")
	part := r.Frames[from:]
	q.Frames = f.copied(part, rapid.IntRange(0, 40).Draw(t, "noise"), shift(rapid.Int64Range(-1e6, 1e6).Draw(t, "shift")))
	q.Frames = append(q.Frames, f.copied(f.shot(8, 0, step, 40), 0, shift(q.Frames[len(q.Frames)-1].AtMs+step))...)
	if rapid.Bool().Draw(t, "mirrored") {
		q.Frames, q.Mirrored = f.copied(q.Frames, 128, shift(0)), q.Frames
	}
	return q, r
}

// TestSwapped: what q shows of r, r shows of q.
func TestSwapped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q, r := edited(t)
		one, err := align.Find(q, r, align.Options{})
		two, err2 := align.Find(r, q, align.Options{})
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		for i, s := range two {
			two[i].QFromMs, two[i].QToMs, two[i].RFromMs, two[i].RToMs = s.RFromMs, s.RToMs, s.QFromMs, s.QToMs
			two[i].OffsetMs = -s.OffsetMs
			two[i].Speed = math.Round(1000/s.Speed) / 1000
		}
		slices.SortFunc(two, func(a, b align.Segment) int {
			return cmp.Or(cmp.Compare(a.QFromMs, b.QFromMs), cmp.Compare(a.RFromMs, b.RFromMs))
		})
		// A speed that was rounded once and turned is within half a thousandth of the other.
		if diff := gocmp.Diff(one, two, gocmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 0.0021 })); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestSound: segments are sorted, lie within the clips, and their numbers agree with each other.
func TestSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q, r := edited(t)
		found, err := align.Find(q, r, align.Options{})
		if err != nil {
			t.Fatal(err)
		}
		sound(t, q, r, found)
	})
}

func sound(t interface{ Fatalf(string, ...any) }, q, r align.Clip, found []align.Segment) {
	has := func(lists [][]align.Frame, ms int64) bool {
		return slices.ContainsFunc(slices.Concat(lists...), func(f align.Frame) bool { return f.AtMs == ms })
	}
	for i, s := range found {
		ok := s.QFromMs <= s.QToMs && s.RFromMs <= s.RToMs && s.Frames >= 1 && s.Share > 0 && s.Share <= 1 &&
			s.MeanBits >= 0 && s.MeanBits <= align.DefaultRadiusBits && s.Speed > 0.88 && s.Speed < 1.13 && s.String() != ""
		ok = ok && (i == 0 || found[i-1].QFromMs <= s.QFromMs)
		for _, ms := range []int64{s.QFromMs, s.QToMs} {
			ok = ok && has([][]align.Frame{q.Frames, q.Mirrored}, ms)
		}
		for _, ms := range []int64{s.RFromMs, s.RToMs} {
			ok = ok && has([][]align.Frame{r.Frames, r.Mirrored}, ms)
		}
		if !ok {
			t.Fatalf("segment %d of %+v", i, found)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	f := newFilm(5)
	good := align.Clip{Frames: f.shot(3, 0, 1000, 40)}
	for name, c := range map[string]struct {
		clip align.Clip
		opt  align.Options
		want error
	}{
		"too many":     {align.Clip{Frames: f.shot(align.MaxInstants+1, 0, 10, 1)}, align.Options{}, align.ErrLimit},
		"too long":     {align.Clip{Frames: f.shot(2, 0, align.MaxSpanMs+1, 1)}, align.Options{}, align.ErrLimit},
		"no span":      {align.Clip{Frames: []align.Frame{{AtMs: math.MinInt64, Quality: 90}, {AtMs: math.MaxInt64, Quality: 90}}}, align.Options{}, align.ErrLimit},
		"back in time": {align.Clip{Frames: f.shot(2, 0, -1, 1)}, align.Options{}, align.ErrOrder},
		"mirrored":     {align.Clip{Mirrored: f.shot(2, 0, -1, 1)}, align.Options{}, align.ErrOrder},
		"radius":       {good, align.Options{RadiusBits: 129}, align.ErrLimit},
	} {
		if found, err := align.Find(c.clip, good, c.opt); !errors.Is(err, c.want) || found != nil {
			t.Errorf("%s: %v, %v", name, found, err)
		}
		if _, err := align.Find(good, c.clip, c.opt); !errors.Is(err, c.want) {
			t.Errorf("%s as reference: %v", name, err)
		}
	}
}

func TestString(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    align.Segment
		want string
	}{
		{align.Segment{QFromMs: 12_000, QToMs: 31_400, RFromMs: 122_700, RToMs: 141_900, Mirrored: true, Speed: 1},
			"0:12–0:31 of this = 2:03–2:22 of that, mirrored, 1.0x"},
		{align.Segment{QFromMs: -1000, QToMs: 3_599_500, RToMs: 3_723_000, Speed: 0.95}, "-0:01–1:00:00 of this = 0:00–1:02:03 of that, 0.95x"},
		{align.Segment{QToMs: 9000, RToMs: 5000, Speed: 1, Unplaced: true},
			"0:00–0:09 of this shows the still picture of 0:00–0:05 of that, which second is which is unknown"},
	} {
		if got := c.s.String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestWorstCases: what was made to be slow ends all the same.
func TestWorstCases(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes seconds")
	}
	f := newFilm(6)
	two := f.shot(2, 0, 1, 128)
	flicker := slices.Concat(two, two)
	for len(flicker) < align.MaxInstants {
		flicker = append(flicker, flicker[:min(len(flicker), align.MaxInstants-len(flicker))]...)
	}
	for i := range flicker {
		flicker[i].AtMs = int64(i) * 20_000
	}
	for name, list := range map[string][]align.Frame{
		"one picture":  f.shot(align.MaxInstants, 0, 1000, 0),
		"two pictures": flicker,
		"slow":         f.shot(align.MaxInstants, 0, 125, 3),
	} {
		found := find(t, align.Clip{Frames: list}, align.Clip{Frames: f.copied(list, 8, shift(5))})
		t.Logf("%s: %d segments", name, len(found))
		if len(found) > 2*align.MaxSegments {
			t.Errorf("%s: %d segments", name, len(found))
		}
	}
}

// FuzzFind: whatever the lists, segments are sound or the clip is refused by a known error.
func FuzzFind(f *testing.F) {
	f.Add([]byte("\x01\x02\x03\x04\x05\x06\x07\x08"), []byte("\x01\x02\x03\x04\x05"), false)
	f.Add([]byte("aaaabbbbccccdddd"), []byte("aabbccdd"), true)
	f.Add([]byte{}, []byte{1}, false)
	f.Fuzz(func(t *testing.T, a, b []byte, mirrored bool) {
		q, r := fuzzed(a), fuzzed(b)
		if mirrored {
			q.Mirrored = q.Frames
		}
		found, err := align.Find(q, r, align.Options{})
		if err != nil {
			if !errors.Is(err, align.ErrLimit) && !errors.Is(err, align.ErrOrder) {
				t.Fatal(err)
			}
			return
		}
		sound(t, q, r, found)
	})
}

// fuzzed makes a frame of each two bytes: time step and picture.
func fuzzed(b []byte) (c align.Clip) {
	at := int64(0)
	for i := 0; i+1 < len(b) && i < 600; i += 2 {
		at += int64(b[i]) * 37
		rng := rand.New(rand.NewPCG(uint64(b[i+1]/8), 1))
		code := align.Code{rng.Uint64(), rng.Uint64(), rng.Uint64(), rng.Uint64() ^ uint64(b[i+1]%8)}
		c.Frames = append(c.Frames, align.Frame{AtMs: at, Code: code, Quality: 40 + int(b[i+1])})
	}
	return c
}

func BenchmarkFind(b *testing.B) {
	for name, n := range map[string]int{"600x600": 600, "3600x3600": 3600} {
		f := newFilm(8)
		r := f.shot(n, 0, 1000, 50)
		q := f.copied(r, 20, shift(0))
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				find(b, align.Clip{Frames: q}, align.Clip{Frames: r})
			}
		})
	}
}
