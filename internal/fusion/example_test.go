package fusion_test

import (
	"fmt"
	"time"

	"whenwhere/internal/fusion"
	"whenwhere/internal/timeset"
)

// A camera clock without a zone reads 10:15:20 in winter Ukraine; a post of the
// clip is from 07:40 UTC, to the minute. Before 07:41 the post multiplies by
// .999 x 86400/27660 + .001 = 3.1215, after it by .001, and the bogus camera by
// 1: .45 x 3.1215, .45 x .001 and .1 sum to 1.5051.
func ExampleFuse() {
	at := func(hour, minute, second int) int64 {
		return time.Date(2024, 11, 3, hour, minute, second, 0, time.UTC).UnixMilli()
	}
	minutely := func(ms int64) timeset.Set {
		return timeset.Of(timeset.Interval{Lo: ms - 60_000, Hi: ms + 60_000})
	}
	prior, err := fusion.Uniform(timeset.Of(timeset.Interval{Lo: at(0, 0, 0), Hi: at(24, 0, 0)}))
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := fusion.Fuse(prior, []fusion.Item{
		{ID: "exif", Clock: "camera", Reliability: .9, Hypotheses: []fusion.Hypothesis{
			{Name: "+3", Weight: .5, Set: minutely(at(7, 15, 20))},
			{Name: "+2", Weight: .5, Set: minutely(at(8, 15, 20))},
		}},
		{ID: "post", Reliability: .999, Bound: fusion.Upper, Hypotheses: []fusion.Hypothesis{{Weight: 1, Set: minutely(at(7, 40, 0))}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, h := range p.Items()[0].Hypotheses {
		fmt.Printf("%s %.4f\n", h.Name, h.Genuine)
	}
	fmt.Printf("bogus %.4f\n", p.Items()[0].Bogus)
	fmt.Println(p.Summary().HPD50.Set)
	// Output:
	// +2 0.0003
	// +3 0.9333
	// bogus 0.0664
	// [2024-11-03T07:14:47.000Z, 2024-11-03T07:15:53.000Z)
}
