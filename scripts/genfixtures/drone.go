package main

import (
	"fmt"
	"strings"
	"time"
)

// subtitles are the telemetry of a drone that hovers and turns a little, in the words of the Phantom 4 RTK. The pilot's place is written too, as drones do,
// a kilometre off: nothing may ever show it.
func (s shot) subtitles() []byte {
	var b strings.Builder
	homeLat, homeLon := near(s.lat, s.lon, 1000, s.heading+180)
	for i := range clipFrames / clipFPS {
		from := time.Time{}.Add(time.Duration(i) * time.Second)
		yaw := float64(s.heading) + 0.2*float64(i)
		fmt.Fprintf(&b, "%d\n%s --> %s\n", i+1, from.Format("15:04:05,000"), from.Add(time.Second).Format("15:04:05,000"))
		fmt.Fprintf(&b, "F/5.6, SS 400, ISO 100, EV 0, GPS (%.6f, %.6f, 15), HOME (%.6f, %.6f, 12.10m), D 1000.40m, H %.2fm, H.S 0.10m/s, V.S 0.00m/s, F.PRY (1.2°, -0.8°, %.1f°), G.PRY (%.1f°, 0.0°, %.1f°)\n\n",
			s.lon, s.lat, homeLon, homeLat, s.heightM, yaw-0.3, s.pitchDeg, yaw)
	}
	return []byte(b.String())
}

// reencoded is what a channel makes of a clip: smaller, and compressed harder, with its first second cut off.
func (c clip) reencoded() clip {
	out := clip{widthPx: c.widthPx * 3 / 4, heightPx: c.heightPx * 3 / 4, perSecond: c.perSecond}
	for _, f := range c.frames[c.perSecond:] {
		img := decodeJPEG(f)
		out.frames = append(out.frames, encode(part(img, img.Bounds(), out.widthPx, out.heightPx), 50))
	}
	return out
}
