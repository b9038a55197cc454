package decode

import (
	"context"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"
)

// BenchmarkPublishedVideo sets the CPU time of a film's prints, all processes together, beside the bare ffmpeg command that
// only scales the same frames to 64 x 64 grey, in one run: seconds of CPU for each minute of 1080p H.264. A phone sets a
// keyframe every second, the web every 250 frames. Dense includes the keyframes that are read before it.
func BenchmarkPublishedVideo(b *testing.B) {
	const seconds = 20
	source := []string{"-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=30,noise=alls=8:allf=t", "-t", "20", "-c:v", "libx264",
		"-preset", "superfast", "-pix_fmt", "yuv420p", "-bf", "2"}
	for _, kind := range []struct {
		name   string
		encode []string
	}{{"phone", []string{"-g", "30", "-b:v", "16M"}}, {"web", []string{"-g", "250", "-b:v", "4M"}}} {
		path := film(b, kind.name+".mp4", append(append([]string{}, source...), kind.encode...)...)
		for _, way := range []struct {
			name         string
			minKeyframes int
		}{{"keyframes", 1}, {"dense", 1000}} {
			b.Run(kind.name+"/"+way.name, func(b *testing.B) {
				start := cpuSeconds(b)
				p := filmPool(b, Limits{MinKeyframes: way.minKeyframes})
				for b.Loop() {
					if _, err := p.Clip(context.Background(), open(b, path), "video/mp4"); err != nil {
						b.Fatal(err)
					}
				}
				p.Close() // the child is waited for, and its time counts
				b.ReportMetric((cpuSeconds(b)-start)/float64(b.N)*60/seconds, "cpu-s/min")
			})
		}
		for _, way := range []struct {
			name string
			args []string
		}{
			{"keyframes-bare", []string{"-skip_frame", "nokey", "-i", path, "-vf", "scale=64:64,format=gray"}},
			{"1fps-bare", []string{"-i", path, "-vf", "fps=1,scale=64:64,format=gray"}},
		} {
			b.Run(kind.name+"/"+way.name, func(b *testing.B) {
				args := append(append([]string{"-nostdin", "-v", "error", "-threads", "1"}, way.args...), "-vsync", "passthrough",
					"-f", "rawvideo", "-y", "/dev/null")
				start := cpuSeconds(b)
				for b.Loop() {
					if out, err := exec.Command(tool(b, "ffmpeg"), args...).CombinedOutput(); err != nil {
						b.Fatalf("%v: %s", err, out)
					}
				}
				b.ReportMetric((cpuSeconds(b)-start)/float64(b.N)*60/seconds, "cpu-s/min")
			})
		}
	}
}

// cpuSeconds is the time of this process and of all children that ended.
func cpuSeconds(b *testing.B) float64 {
	sum := 0.0
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if err := unix.Getrusage(who, &u); err != nil {
			b.Fatal(err)
		}
		sum += float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	return sum
}
