package decode

import (
	"encoding/binary"
	"flag"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"whenwhere/internal/align"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/shareddata"
)

var quality = flag.Bool("quality", false, "measure edits of all clips of the reference set, not of two")

// edit is a way to alter a clip, and what is true of the result: its seconds from..to (to is cut to its length) show the
// source's seconds at speed*t + offset.
type edit struct {
	name     string
	args     []string // before the input
	filter   string
	encode   string
	speed    float64
	offset   float64
	mirrored bool
	inserted bool // seconds insertAt to insertAt+insertS show something else, and the source goes on after them
	half     int64
}

const light = "-c:v libx264 -preset ultrafast -crf 26 -g 250 -pix_fmt yuv420p -an"

func edits(seconds float64) []edit {
	at := func(share float64) float64 { return math.Round(share*seconds*10)/10 + 0.07 } // on no grid
	arg := func(s float64) string { return fmt.Sprintf("%.2f", s) }
	list := []edit{
		{name: "trim start", args: []string{"-ss", arg(at(0.3))}, offset: at(0.3)},
		{name: "trim end", args: []string{"-t", arg(at(0.6))}},
		{name: "trim middle", args: []string{"-ss", arg(at(0.2)), "-t", arg(at(0.5))}, offset: at(0.2)},
		{name: "low bitrate", encode: strings.Replace(light, "-crf 26", "-crf 38", 1)},
		{name: "quarter size", filter: "scale=trunc(iw/8)*2:-2"},
		{name: "speed 1.1", filter: "setpts=PTS/1.1", speed: 1.1},
		{name: "speed 0.9", filter: "setpts=PTS/0.9", speed: 0.9},
		{name: "logo", filter: "drawbox=x=iw*0.78:y=ih*0.05:w=iw*0.17:h=ih*0.12:color=red:t=fill"},
		{name: "mirror", filter: "hflip", mirrored: true},
		{name: "grey", filter: "format=gray"},
		{name: "letterbox", filter: "pad=iw:trunc(ih*0.75)*2:0:(oh-ih)/2"},
		{name: "three seconds put in", filter: insertion(seconds), inserted: true},
		{name: "trim, mirror, small", args: []string{"-ss", arg(at(0.25))}, filter: "hflip,scale=trunc(iw/4)*2:-2", offset: at(0.25), mirrored: true},
	}
	for i := range list {
		e := &list[i]
		e.half = int64(seconds * 500)
		if e.speed == 0 {
			e.speed = 1
		}
		if e.filter == "" {
			e.filter = "null"
		}
		if e.encode == "" {
			e.encode = light
		}
	}
	return list
}

const insertS = 3

// insertion puts insertS seconds of ffmpeg's test picture into the middle.
func insertion(seconds float64) string {
	half := seconds / 2
	return fmt.Sprintf("fps=30,split=3[a][b][c];[a]trim=end=%[1]f[x];[b]trim=start=%[1]f,setpts=PTS-STARTPTS[z];[c]trim=duration=%[2]d,"+
		"setpts=PTS-STARTPTS,vflip,negate,rotate=t[y];[x][y][z]concat=n=3", half, insertS)
}

// truth is the source's time of what the edit shows.
func (e edit) truth(ms int64) float64 {
	at := e.speed*float64(ms) + e.offset*1000
	if e.inserted && ms > e.half {
		at -= 1000 * insertS
	}
	return at
}

// own says that the edit shows at this time what the source does not.
func (e edit) own(ms int64) bool { return e.inserted && ms >= e.half && ms <= e.half+1000*insertS }

func (e edit) of(t testing.TB, source string) string {
	args := append(append([]string{}, e.args...), "-i", source, "-vf", e.filter)
	return film(t, "edit.mp4", append(args, strings.Fields(e.encode)...)...)
}

// alignable is a clip as package align wants it: the print of each frame, and of the frame without its border.
func alignable(t testing.TB, c wire.Clip, algorithm string) align.Clip {
	t.Helper()
	var out align.Clip
	add := func(list *[]align.Frame, ms int64, quality int, hashes []wire.Hash) {
		for _, h := range hashes {
			if h.Algorithm == algorithm {
				code := code(hashOf(t, wire.Look{Hashes: hashes}, algorithm))
				*list = append(*list, align.Frame{AtMs: ms, Quality: quality, Code: code})
			}
		}
	}
	for _, f := range c.Frames {
		add(&out.Frames, f.AtMs, f.Look.Quality, f.Look.Hashes)
		add(&out.Mirrored, f.AtMs, f.Look.Quality, f.Look.Mirrored)
		for _, v := range f.Look.Views {
			switch v.Name {
			case wire.ViewTrimmed:
				add(&out.Frames, f.AtMs, v.Quality, v.Hashes)
			case wire.ViewTrimmedMirrored:
				add(&out.Mirrored, f.AtMs, v.Quality, v.Hashes)
			}
		}
	}
	return out
}

func code(b []byte) (c align.Code) {
	for i := range c {
		c[i] = binary.BigEndian.Uint64(b[8*i:])
	}
	return c
}

// share says which part of the edit's length the segments cover rightly (recall), and which part of what they cover is
// right (precision), in steps of 50 ms. Right means within half a second of the truth.
func (e edit) share(found []align.Segment, fromMs, toMs int64) (recall, precision float64) {
	var covered, right, shown, total int
	for at := fromMs; at <= toMs; at += 50 {
		if e.own(at) {
			continue
		}
		total++
		hit := 0
		for _, s := range found {
			if at < s.QFromMs || at > s.QToMs {
				continue
			}
			covered++
			there := float64(s.QFromMs+s.OffsetMs) + s.Speed*float64(at-s.QFromMs)
			if !s.Unplaced && s.Mirrored == e.mirrored && math.Abs(there-e.truth(at)) <= 500 {
				right++
				hit = 1
			}
		}
		shown += hit
	}
	return float64(shown) / float64(max(total, 1)), float64(right) / float64(max(covered, 1))
}

// clips are a hand that shakes, a phone on its side, a hovering drone, a longer walk and a slow thermal camera.
var clips = []string{"neardup/tmk-videos/pattern-sd-with-small-logo-bar.mp4", "media/metadata-extractor-images/mov/with-gps.mov",
	"media/gpmf/karma.mp4", "neardup/tmk-videos/chair-orig-22-sd-bar.mp4",
	"media/metadata-extractor-images/mp4/FLIR Thermal.mp4"}

// reader reads films and edits of them once each.
type reader struct {
	t testing.TB
	p *Pool
}

func (r reader) read(path string) wire.Clip {
	r.t.Helper()
	c, err := readClip(r.t, r.p, path)
	if err != nil {
		r.t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	return c
}

func (r reader) find(q, ref wire.Clip, algorithm string) []align.Segment {
	r.t.Helper()
	found, err := align.Find(alignable(r.t, q, algorithm), alignable(r.t, ref, algorithm), align.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	return found
}

func span(c wire.Clip) (fromMs, toMs int64) { return c.Frames[0].AtMs, c.Frames[len(c.Frames)-1].AtMs }

// means are sums over edits; which way of reading they belong to is their key.
type means struct{ recall, precision, n float64 }

func (m *means) add(recall, precision float64) {
	m.recall, m.precision, m.n = m.recall+recall, m.precision+precision, m.n+1
}

func (m *means) String() string {
	return fmt.Sprintf("recall %5.1f %%, precision %5.1f %% over %.0f edits", 100*m.recall/m.n, 100*m.precision/m.n, m.n)
}

// TestEdits measures which seconds of edited clips are found again, and that strangers share none. With -quality it reads
// all clips.
func TestEdits(t *testing.T) {
	t.Parallel()
	decodesMuch(t)
	list := clips[:1]
	if *quality {
		list = clips
	}
	r := reader{t, filmPool(t, Limits{})}
	var originals []wire.Clip
	all := map[string]*means{wire.PDQ: {}, wire.PHash256: {}}
	for _, name := range list {
		source := shareddata.Path(t, strings.Split(name, "/")...)
		original := r.read(source)
		originals = append(originals, original)
		_, end := span(original)
		t.Logf("%s: %d frames to %d ms, %s", filepath.Base(name), len(original.Frames), end, original.Sampled)
		for _, e := range edits(float64(end) / 1000) {
			edited := r.read(e.of(t, source))
			from, to := span(edited)
			for _, algorithm := range []string{wire.PDQ, wire.PHash256} {
				found := r.find(edited, original, algorithm)
				recall, precision := e.share(found, from, to)
				all[algorithm].add(recall, precision)
				t.Logf("  %-20s %-8s recall %5.1f %%  precision %5.1f %%  %d frames %v", e.name, algorithm, 100*recall, 100*precision,
					len(edited.Frames), found)
			}
		}
	}
	for algorithm, m := range all {
		t.Log(algorithm, m)
		if m.recall/m.n < 0.94 || m.precision/m.n < 0.98 {
			t.Errorf("%s: %v", algorithm, m)
		}
	}
	for i, a := range originals {
		for j, b := range originals[:i] {
			if found := r.find(a, b, wire.PDQ); len(found) > 0 {
				t.Errorf("%s and %s are strangers: %v", list[i], list[j], found)
			}
		}
	}
}

// TestSamplings compares ways to choose frames by the seconds of trimmed copies that are found: the table that dense was
// chosen by.
func TestSamplings(t *testing.T) {
	t.Parallel()
	decodesMuch(t)
	if !*quality {
		t.Skip("-quality not given")
	}
	many, few := reader{t, filmPool(t, Limits{MinKeyframes: 1000})}, reader{t, filmPool(t, Limits{MinKeyframes: 1})}
	ways := []struct {
		name        string
		copied, src func(path string) wire.Clip
	}{
		{"keyframes in keyframes", few.read, few.read},
		{"1 fps in 1 fps", many.second, many.second},
		{"dense in keyframes", many.read, few.read},
		{"dense in 1 fps", many.read, many.second},
		{"dense in dense", many.read, many.read},
	}
	table := make([]means, len(ways))
	for _, name := range clips {
		source := shareddata.Path(t, strings.Split(name, "/")...)
		_, end := span(many.read(source))
		for _, e := range edits(float64(end) / 1000)[:3] {
			path := e.of(t, source)
			from, to := span(many.read(path))
			for i, w := range ways {
				table[i].add(e.share(many.find(w.copied(path), w.src(source), wire.PDQ), from, to))
			}
		}
	}
	for i, w := range ways {
		t.Logf("%-24s %v", w.name, &table[i])
	}
}

// second is a film at one frame a second.
func (r reader) second(path string) wire.Clip {
	r.t.Helper()
	c := r.read(path)
	var kept []wire.Frame
	for _, f := range c.Frames {
		if len(kept) == 0 || f.AtMs-kept[len(kept)-1].AtMs >= 1000 {
			kept = append(kept, f)
		}
	}
	c.Frames = kept
	return c
}

// TestCutCopy: the reference set says that one clip is the other without its first two seconds.
func TestCutCopy(t *testing.T) {
	t.Parallel()
	decodesMuch(t)
	r := reader{t, filmPool(t, Limits{})}
	dir := shareddata.Path(t, "neardup", "tmk-videos")
	cut, whole := r.read(filepath.Join(dir, "chair-20-sd-bar.mp4")), r.read(filepath.Join(dir, "chair-orig-22-sd-bar.mp4"))
	for _, algorithm := range []string{wire.PDQ, wire.PHash256} {
		found := r.find(cut, whole, algorithm)
		t.Log(algorithm, found)
		if len(found) != 1 || found[0].OffsetMs < 1980 || found[0].OffsetMs > 2020 || found[0].Speed != 1 || found[0].QToMs < 19_000 || found[0].Share < 0.9 {
			t.Errorf("%s: %+v", algorithm, found)
		}
	}
	if found := r.find(cut, r.read(filepath.Join(dir, "pattern-sd-grey-bar.mp4")), wire.PDQ); len(found) > 0 {
		t.Errorf("another scene: %v", found)
	}
}
