package decode

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"math"
	"math/bits"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whenwhere/internal/decode/crashers"
	"whenwhere/internal/decode/wire"
	"whenwhere/internal/shareddata"
)

func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip(name + " not installed")
	}
	return path
}

// film has ffmpeg make a clip of its test picture.
func film(t testing.TB, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	args = append(append([]string{"-v", "error", "-nostdin", "-y"}, args...), path)
	if out, err := exec.Command(tool(t, "ffmpeg"), args...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg %v: %v: %s", args, err, out)
	}
	return path
}

// keyTimes are the presentation times of keyframes in milliseconds as ffprobe says them.
func keyTimes(t *testing.T, path string) []int64 {
	t.Helper()
	out, err := exec.Command(tool(t, "ffprobe"), "-v", "error", "-skip_frame", "nokey", "-select_streams", "v:0",
		"-show_entries", "frame=pts_time", "-of", "default=nw=1:nk=1", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var ms []int64
	for _, line := range strings.Fields(string(out)) {
		s, err := strconv.ParseFloat(line, 64)
		if err != nil {
			t.Fatal(err)
		}
		ms = append(ms, int64(math.Round(s*1000)))
	}
	return ms
}

func filmPool(t testing.TB, l Limits) *Pool {
	return newPool(t, Config{FFmpeg: tool(t, "ffmpeg"), Limits: l})
}

// readClip probes a film and reads its clip.
func readClip(t testing.TB, p *Pool, path string) (wire.Clip, error) {
	t.Helper()
	f := open(t, path)
	probe, err := p.Probe(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	return p.Clip(context.Background(), f, probe.Type)
}

func TestKeyframeTimes(t *testing.T) {
	t.Parallel()
	p := filmPool(t, Limits{MinKeyframes: 1})
	src := []string{"-f", "lavfi", "-i", "testsrc=duration=5:size=160x120:rate=30000/1001", "-g", "31", "-pix_fmt", "yuv420p"}
	for name, args := range map[string][]string{
		"a.mp4":        {"-c:v", "libx264", "-bf", "2"},
		"a.mov":        {"-c:v", "libx264"},
		"a.mkv":        {"-c:v", "libx264"},
		"a.webm":       {"-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"},
		"a.ts":         {"-c:v", "libx264"},
		"a.avi":        {"-c:v", "mpeg4"},
		"fragment.mp4": {"-c:v", "libx264", "-movflags", "frag_keyframe+empty_moov"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := film(t, name, append(append([]string{}, src...), args...)...)
			want := keyTimes(t, path)
			clip, err := readClip(t, p, path)
			if err != nil {
				t.Fatal(err)
			}
			if len(want) < 4 || len(clip.Frames) != len(want) || clip.Truncated || clip.Sampled != wire.SampledKeyframes {
				t.Fatalf("%d frames, truncated %t, want %d", len(clip.Frames), clip.Truncated, len(want))
			}
			for i, f := range clip.Frames {
				// ffprobe prints microseconds, cut: a millisecond may round the other way.
				if d := f.AtMs - want[i]; d < -1 || d > 1 {
					t.Errorf("frame %d at %d ms, want %d", i, f.AtMs, want[i])
				}
				if f.Look.Flat || len(f.Look.Hashes) != 3 {
					t.Errorf("frame %d: %+v", i, f.Look)
				}
			}
		})
	}
}

func TestTruncatedAtTheLimit(t *testing.T) {
	t.Parallel()
	path := film(t, "a.mp4", "-f", "lavfi", "-i", "testsrc=duration=2:size=160x120:rate=10", "-g", "4", "-c:v", "libx264")
	for _, c := range []struct {
		limit, frames int
		truncated     bool
	}{{4, 4, true}, {5, 5, false}, {6, 5, false}} {
		clip, err := readClip(t, filmPool(t, Limits{Keyframes: c.limit, MinKeyframes: 1}), path)
		if err != nil || len(clip.Frames) != c.frames || clip.Truncated != c.truncated {
			t.Errorf("limit %d: %d frames, truncated %t, %v", c.limit, len(clip.Frames), clip.Truncated, err)
		}
	}
}

// TestFewKeyframes: with one keyframe only, frames of a moving picture come seven or eight a second at their own times, to
// the end; those of a picture that stands still come one a second.
func TestFewKeyframes(t *testing.T) {
	t.Parallel()
	p := filmPool(t, Limits{})
	for _, c := range []struct {
		name, picture string
		least, most   int
		stepMs        int64
	}{
		{"moving", "testsrc2=size=160x120:rate=25,rotate=t*3", 30, 43, 120},
		{"still", "testsrc=size=160x120:rate=25,trim=end_frame=1,loop=125:1", 5, 5, 1000},
	} {
		path := film(t, c.name+".mp4", "-f", "lavfi", "-i", c.picture, "-t", "5", "-g", "1000", "-bf", "0", "-c:v", "libx264")
		clip, err := readClip(t, p, path)
		if err != nil || clip.Sampled != wire.SampledDense || clip.Truncated || len(clip.Frames) < c.least || len(clip.Frames) > c.most {
			t.Errorf("%s: %d frames, %q, truncated %t, %v", c.name, len(clip.Frames), clip.Sampled, clip.Truncated, err)
			continue
		}
		for i, f := range clip.Frames[1:] {
			if step := f.AtMs - clip.Frames[i].AtMs; step < c.stepMs || f.AtMs%40 != 0 || f.AtMs > 4960 {
				t.Errorf("%s: frame %d at %d ms, %d after the one before", c.name, i+1, f.AtMs, step)
			}
		}
	}
}

// TestDenseIsBounded: keyframes go on where a dense reading ends at the limit of frames.
func TestDenseIsBounded(t *testing.T) {
	t.Parallel()
	path := film(t, "a.mp4", "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=25,rotate=t*3", "-t", "40", "-g", "125",
		"-keyint_min", "125", "-sc_threshold", "0", "-c:v", "libx264", "-preset", "ultrafast")
	clip, err := readClip(t, filmPool(t, Limits{Keyframes: 100}), path)
	if err != nil || clip.Truncated || clip.Sampled != wire.SampledDense {
		t.Fatalf("%d frames, %q, truncated %t, %v", len(clip.Frames), clip.Sampled, clip.Truncated, err)
	}
	n := len(clip.Frames)
	if last := clip.Frames[n-1].AtMs; last != 35_000 {
		t.Errorf("last of %d frames at %d ms, want the keyframe at 35 s", n, last)
	}
	if err := wire.CheckTimes(clip); err != nil {
		t.Error(err)
	}
}

// TestRotatedFilm: the container's rotation is applied, so a film that was turned for storing looks like the upright one.
func TestRotatedFilm(t *testing.T) {
	t.Parallel()
	src := []string{"-f", "lavfi", "-i", "testsrc=duration=2:size=320x240:rate=10", "-g", "5",
		"-c:v", "libx264", "-pix_fmt", "yuv420p"}
	upright := film(t, "upright.mp4", src...)
	turned := film(t, "turned.mp4", append(append([]string{}, src...), "-vf", "transpose=clock")...)
	tagged := film(t, "tagged.mp4", "-i", turned, "-c", "copy", "-metadata:s:v:0", "rotate=90")
	p := filmPool(t, Limits{})
	clip := func(path string) wire.Clip {
		c, err := readClip(t, p, path)
		if err != nil || len(c.Frames) == 0 {
			t.Fatalf("%s: %v", path, err)
		}
		return c
	}
	want := clip(upright).Frames[0].Look
	if d := distance(t, want, clip(tagged).Frames[0].Look, "phash256"); d > 20 {
		t.Errorf("tagged as turned: distance %d, want at most 20", d)
	}
	if d := distance(t, want, clip(turned).Frames[0].Look, "phash256"); d < 60 {
		t.Errorf("turned without a tag: distance %d, want at least 60", d)
	}
}

func distance(t testing.TB, a, b wire.Look, algorithm string) int {
	t.Helper()
	x, y := hashOf(t, a, algorithm), hashOf(t, b, algorithm)
	d := 0
	for i := range x {
		d += bits.OnesCount8(x[i] ^ y[i])
	}
	return d
}

func hashOf(t testing.TB, l wire.Look, algorithm string) []byte {
	t.Helper()
	for _, h := range l.Hashes {
		if h.Algorithm == algorithm {
			b, err := hex.DecodeString(h.Hex)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
	}
	t.Fatalf("no %s in %+v", algorithm, l)
	return nil
}

// TestTMKVideos: grey and logo versions of the reference clips show the same frames at the same times; other scenes differ.
func TestTMKVideos(t *testing.T) {
	t.Parallel()
	dir := shareddata.Path(t, "neardup", "tmk-videos")
	p := filmPool(t, Limits{})
	clips := map[string]wire.Clip{}
	for _, name := range []string{"chair-orig-22-sd-bar", "chair-22-sd-grey-bar", "chair-22-with-small-logo-bar",
		"pattern-sd-grey-bar"} {
		c, err := readClip(t, p, filepath.Join(dir, name+".mp4"))
		if err != nil {
			t.Fatal(err)
		}
		clips[name] = c
	}
	chair := clips["chair-orig-22-sd-bar"]
	for _, name := range []string{"chair-22-sd-grey-bar", "chair-22-with-small-logo-bar"} {
		if got, want := closeFrames(t, clips[name], chair), len(chair.Frames); got < want*8/10 {
			t.Errorf("%s: %d of %d frames are close", name, got, want)
		}
	}
	if got := closeFrames(t, clips["pattern-sd-grey-bar"], chair); got > 0 {
		t.Errorf("the other scene: %d frames are close", got)
	}
}

// closeFrames counts frames of b that have a close frame in a within half a second.
func closeFrames(t *testing.T, a, b wire.Clip) int {
	t.Helper()
	n := 0
	for _, f := range b.Frames {
		for _, g := range a.Frames {
			if d := f.AtMs - g.AtMs; !f.Look.Flat && !g.Look.Flat && d > -500 && d < 500 &&
				distance(t, f.Look, g.Look, "phash256") <= 40 {
				n++
				break
			}
		}
	}
	return n
}

func TestAVIF(t *testing.T) {
	t.Parallel()
	path := film(t, "a.avif", "-f", "lavfi", "-i", "testsrc=size=96x64", "-frames:v", "1", "-cpu-used", "8")
	f := open(t, path)
	s, err := filmPool(t, Limits{}).Still(context.Background(), f, "image/avif")
	if err != nil {
		t.Fatal(err)
	}
	if s.WidthPx != 96 || s.HeightPx != 64 || s.Look.Flat || s.FirstOnly {
		t.Errorf("got %+v", s)
	}
	if _, err := newPool(t, Config{}).Still(context.Background(), f, "image/avif"); fault(t, err).Class != wire.ClassNoTool {
		t.Errorf("without ffmpeg: %v", err)
	}
}

// TestNoFilm: what is no film, is damaged, or lies about its type is a fault; playlists are not even tried.
func TestNoFilm(t *testing.T) {
	t.Parallel()
	p := filmPool(t, Limits{})
	whole, err := os.ReadFile(film(t, "a.mp4", "-f", "lavfi", "-i", "testsrc=duration=1:size=160x120", "-c:v", "libx264"))
	if err != nil {
		t.Fatal(err)
	}
	sound := film(t, "a.m4a", "-f", "lavfi", "-i", "sine=duration=1", "-brand", "mp42")
	for _, c := range []struct {
		name string
		path string
		mime string
		want wire.Class
	}{
		{"cut before moov", writeFile(t, "a.mp4", whole[:len(whole)/3]), "video/mp4", wire.ClassInvalid},
		{"wrong container", writeFile(t, "a.mkv", whole), "video/x-matroska", wire.ClassInvalid},
		{"only sound", sound, "video/mp4", wire.ClassInvalid},
		{"a picture", writeFile(t, "a.jpg", jpegOf(t, photo(64, 64))), "image/jpeg", wire.ClassUnsupported},
	} {
		_, err := p.Clip(context.Background(), open(t, c.path), c.mime)
		if f := fault(t, err); f.Class != c.want || f.Op != wire.OpFrames {
			t.Errorf("%s: %v, want %s", c.name, f, c.want)
		}
	}
	for _, c := range crashers.All() {
		if !strings.HasSuffix(c.Name, ".mp4") {
			continue
		}
		path := writeFile(t, c.Name, c.Bytes())
		if _, err := readClip(t, p, path); fault(t, err).Class != wire.ClassUnsupported {
			t.Errorf("%s as probed: %v", c.Name, err)
		}
		// Even a caller that insists on a film reads nothing else.
		if _, err := p.Clip(context.Background(), open(t, path), "video/mp4"); fault(t, err).Class != wire.ClassInvalid {
			t.Errorf("%s as a film: %v", c.Name, err)
		}
	}
}

// TestClipIsStopped: the wall clock and the caller end ffmpeg and leave no process.
func TestClipIsStopped(t *testing.T) {
	t.Parallel()
	path := film(t, "a.mp4", "-f", "lavfi", "-i", "testsrc=duration=30:size=160x120:rate=25", "-g", "1",
		"-c:v", "libx264", "-preset", "ultrafast")
	// ffmpeg alone needs 70 ms to start, and some 400 ms for this film.
	_, err := readClip(t, filmPool(t, Limits{ClipWall: 100 * time.Millisecond}), path)
	if fault(t, err).Class != wire.ClassTimedOut {
		t.Errorf("wall clock: %v", err)
	}
	p := filmPool(t, Limits{})
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	_, err = p.Clip(ctx, open(t, path), "video/mp4")
	var f *wire.Fault
	if !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &f) {
		t.Errorf("caller: %v", err)
	}
	if c, err := readClip(t, p, path); err != nil || len(c.Frames) != 600 {
		t.Errorf("after both: %d frames, %v", len(c.Frames), err)
	}
}

// TestDamagedFilm: a film that breaks off gives its frames up to there, and one with rubbish in it does no harm.
func TestDamagedFilm(t *testing.T) {
	t.Parallel()
	path := film(t, "a.mp4", "-f", "lavfi", "-i", "testsrc=duration=5:size=320x240:rate=25", "-g", "25", "-c:v", "libx264",
		"-movflags", "+faststart")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p := filmPool(t, Limits{MinKeyframes: 1})
	clip, err := readClip(t, p, writeFile(t, "cut.mp4", whole[:len(whole)*7/10]))
	if err != nil || len(clip.Frames) < 2 || len(clip.Frames) > 4 {
		t.Errorf("cut: %d frames, %v", len(clip.Frames), err)
	}
	rubbish := bytes.Clone(whole)
	for i := len(rubbish) / 2; i < len(rubbish)/2+3000; i++ {
		rubbish[i] = byte(i * 7)
	}
	if clip, err = readClip(t, p, writeFile(t, "rubbish.mp4", rubbish)); err == nil && wire.CheckTimes(clip) != nil {
		t.Errorf("rubbish: %v", wire.CheckTimes(clip))
	}
}

func TestParseTimes(t *testing.T) {
	t.Parallel()
	const head = "#software: x\n#tb 0: 1/30000\n#media_type 0: video\n"
	const tail = ", 1001, 196608, 0xcb6a468f\n"
	for _, c := range []struct {
		text string
		want []int64
		bad  bool
	}{
		{head + "0, 0, 45045" + tail, []int64{1502}, false}, // 1501.5 ms
		{head + "0, 0, -45045" + tail, []int64{-1502}, false},
		{head + "0, 0, 0" + tail + "0, 0, 300", []int64{0}, false}, // cut in the second
		{head, nil, false},
		{"", nil, false},
		{"0, 0, 0" + tail, nil, true}, // no time base
		{"#tb 0: 1/0\n", nil, true},
		{"#tb 0: -1/5\n", nil, true},
		{head + "1, 0, 0" + tail, nil, true},                      // another stream
		{head + "0, 0, 0, 1001, 196607, 0xcb6a468f\n", nil, true}, // another size
		{head + "0, 0, NOPTS" + tail, nil, true},
		{head + "0, 0, -9223372036854775808" + tail, nil, true},
		{head + "hello\n", nil, true},
	} {
		got, err := parseTimes(c.text)
		if (err != nil) != c.bad || len(got) != len(c.want) || (len(got) > 0 && got[0] != c.want[0]) {
			t.Errorf("%q: got %v, %v", c.text, got, err)
		}
	}
}

// FuzzParseTimes: no text panics, and times that are accepted are possible.
func FuzzParseTimes(f *testing.F) {
	f.Add("#tb 0: 1/30000\n0, 0, 45045, 1001, 196608, 0xcb6a468f\n")
	f.Add("#tb 0: 2147483647/1\n0, 0, 9223372036854775807, 1, 196608, 0x0\n")
	f.Fuzz(func(t *testing.T, text string) {
		ms, err := parseTimes(text)
		if err != nil {
			return
		}
		for _, m := range ms {
			if m > wire.MaxAtMs || m < -wire.MaxAtMs {
				t.Errorf("%d ms", m)
			}
		}
	})
}

func TestMillisecondsKeepOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base, err := timeBase(rapid.SampledFrom([]string{"1/30000", "1/1000", "1/90000", "1001/30000"}).Draw(t, "base"))
		if err != nil {
			t.Fatal(err)
		}
		a, b := rapid.Int64Range(-1e8, 1e8).Draw(t, "a"), rapid.Int64Range(-1e8, 1e8).Draw(t, "b")
		x, errX := milliseconds(min(a, b), base)
		y, errY := milliseconds(max(a, b), base)
		if errX != nil || errY != nil || x > y {
			t.Fatalf("%d %v, %d %v", x, errX, y, errY)
		}
	})
}
