package pdq_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"whenwhere/internal/grey"
	"whenwhere/internal/pdq"
	"whenwhere/internal/shareddata"
)

// TestPublishedFrames: one frame in 60 of two published films, decoded by ffmpeg, against the listing of the published vPDQ
// program, which decodes with another ffmpeg: most are identical.
func TestPublishedFrames(t *testing.T) {
	t.Parallel()
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("ffmpeg is not installed")
	}
	const w, h, every = 480, 720, 60
	for _, name := range []string{"chair-20-sd-bar", "pattern-sd-grey-bar"} {
		film := shareddata.Path(t, "neardup", "tmk-videos", name+".mp4")
		raw, err := exec.Command(ffmpeg, "-nostdin", "-loglevel", "error", "-i", film, "-vf", "select=not(mod(n\\,60))",
			"-vsync", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo", "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		want := frameListing(t, shareddata.Path(t, "neardup", "vpdq-sample-hashes", name+".txt"))
		var hasher pdq.Hasher
		n, worst, sum := 0, 0, 0
		for ; len(raw) >= w*h && n*every < len(want); raw = raw[w*h:] {
			got, quality, err := hasher.Hash(grey.Whole(raw[:w*h], w, h))
			if err != nil || quality < 80 {
				t.Errorf("%s frame %d: quality %d, %v", name, n*every, quality, err)
			}
			d := pdq.Distance(got, want[n*every])
			n, worst, sum = n+1, max(worst, d), sum+d
		}
		t.Logf("%s: %d frames, %d bits on average, at most %d", name, n, sum/max(n, 1), worst)
		if n < 3 || worst > 4 {
			t.Errorf("%s: %d frames within %d bits, want 3 or more within 4", name, n, worst)
		}
	}
}

// frameListing reads lines of frame, quality, hash and seconds.
func frameListing(t *testing.T, path string) []pdq.Hash {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []pdq.Hash
	for s := bufio.NewScanner(f); s.Scan(); {
		fields := strings.Split(s.Text(), ",")
		h, err := pdq.ParseHex(fields[2])
		if err != nil || fields[0] != strconv.Itoa(len(out)) {
			t.Fatalf("%s: line %q: %v", filepath.Base(path), s.Text(), err)
		}
		out = append(out, h)
	}
	return out
}
