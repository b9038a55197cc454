package moment_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whenwhere/pipeline"
	"whenwhere/pipeline/moment"
)

func photo(t testing.TB, file string, camera *pipeline.Camera, stamps ...pipeline.StatedClock) pipeline.Exhibit {
	t.Helper()
	return exhibit(t, file, camera, nil, stamps...)
}

var phone = &pipeline.Camera{Make: "M", Model: "1", Serial: "s"}

// Satellites settle the offset of one photo; a second photo of the same phone, without them, reads its dial by it: the
// more surely when both name one serial number, in another month too, and not at all on another device.
func TestFilesOfOneDeviceShareItsOffset(t *testing.T) {
	t.Parallel()
	model := &pipeline.Camera{Make: "M", Model: "1"}
	for name, c := range map[string]struct {
		first, second *pipeline.Camera
		text          string
		three, two    float64
		offsetTaken   bool
	}{
		"one serial number":                {phone, phone, "2024-11-03T12:00:00", 0.9, 0, true},
		"a number and none":                {phone, model, "2024-11-03T12:00:00", 0.45, 0.45, false},
		"another model":                    {phone, &pipeline.Camera{Make: "M", Model: "2", Serial: "s"}, "2024-11-03T12:00:00", 0.45, 0.45, false},
		"a month later":                    {phone, phone, "2024-12-05T12:00:00", 0.9, 0, true},
		"one model, a month later":         {model, model, "2024-12-05T12:00:00", 0.45, 0.45, false},
		"one model: 7 of 10 are one phone": {model, model, "2024-11-03T12:00:00", 0.9 * 0.85, 0.9 * 0.15, true},
	} {
		settled := photo(t, "a.jpg", c.first, dial("2024-11-03T10:15:20"), fix("2024-11-03T07:15:10Z"))
		got := estimate(t, pipeline.Incident{ID: "X-1", Claim: bakhmut()}, settled, photo(t, "b.jpg", c.second, dial(c.text)))[1]
		near(t, name+": +3", mass(got, "+03:00"), c.three, 0.01)
		near(t, name+": +2", mass(got, "+02:00"), c.two, 0.01)
		if taken := slices.Equal(got.Flags, []string{moment.FlagOffset}); taken != c.offsetTaken {
			t.Errorf("%s: flags %v", name, got.Flags)
		}
	}
}

// A phone that changes to summer time in July is read by it in winter: not the offset but the rule is shared.
func TestTheRuleIsShared(t *testing.T) {
	t.Parallel()
	in := pipeline.Incident{ID: "X-1", Claim: bakhmut()}
	winter := photo(t, "w.jpg", phone, dial("2024-12-03T10:15:20"), fix("2024-12-03T08:15:10Z")) // +02:00
	summer := photo(t, "s.jpg", phone, dial("2024-07-03T10:15:20"), fix("2024-07-03T07:15:10Z")) // +03:00
	asked := photo(t, "x.jpg", phone, dial("2025-01-10T12:00:00"))
	// A summer photo alone leaves it open whether the phone keeps Kyiv's time or Moscow's.
	open := estimate(t, in, summer, asked)[1]
	if two, three := mass(open, "+02:00"), mass(open, "+03:00"); two < 0.4 || three < 0.4 {
		t.Errorf("+2 %v, +3 %v", two, three)
	}
	near(t, "+2 after both", mass(estimate(t, in, summer, winter, asked)[2], "+02:00"), 0.9, 0.01)
}

// Photos of a phone from farther away: its dial is in a zone that nobody keeps at the place.
func TestAnOffsetOfElsewhere(t *testing.T) {
	t.Parallel()
	in := pipeline.Incident{ID: "X-1", Claim: bakhmut()}
	var all []pipeline.Exhibit
	for day := 1; day <= 3; day++ {
		all = append(all, photo(t, fmt.Sprintf("%d.jpg", day), phone, dial(fmt.Sprintf("2024-11-%02dT08:15:20", day)), fix(fmt.Sprintf("2024-11-%02dT07:15:10Z", day))))
	}
	got := estimate(t, in, append(all, photo(t, "x.jpg", phone, dial("2024-11-02T12:00:00")))...)[3]
	near(t, "+1", mass(got, "+01:00"), 0.9, 0.01)
	if l := likely(got); len(l) != 1 || at("2024-11-02T11:00:30Z").Before(l[0].From) || at("2024-11-02T11:00:30Z").After(l[0].To) {
		t.Errorf("likely %v", l)
	}
}

// A clock that is five minutes fast in other files is five minutes fast in this one, and one that drifts has drifted on.
func TestTheErrorIsShared(t *testing.T) {
	t.Parallel()
	in := pipeline.Incident{ID: "X-1", Claim: bakhmut()}
	for name, c := range map[string]struct{ startS, perDayS float64 }{"fast": {300, 0}, "slow": {-200, 0}, "drifts": {0, 5}, "right": {0, 0}} {
		var all []pipeline.Exhibit
		shot := func(file string, day int, gps bool) pipeline.Exhibit {
			taken := at("2024-11-03T07:15:20Z").AddDate(0, 0, day)
			shown := taken.Add(3*time.Hour + time.Duration(c.startS+c.perDayS*float64(day))*time.Second)
			stamps := []pipeline.StatedClock{dial(shown.Format("2006-01-02T15:04:05"))}
			if gps {
				stamps = append(stamps, fix(taken.Format(time.RFC3339)))
			}
			return photo(t, file, phone, stamps...)
		}
		for day := range 6 {
			all = append(all, shot(fmt.Sprintf("%d.jpg", day), 3*day, true))
		}
		got := estimate(t, in, append(all, shot("x.jpg", 20, false))...)[6]
		truth := at("2024-11-03T07:15:20Z").AddDate(0, 0, 20)
		l := likely(got)
		if len(l) != 1 || truth.Before(l[0].From) || truth.After(l[0].To) || l[0].Duration() > 4*time.Minute {
			t.Errorf("%s: made at %v, likely %v", name, truth, l)
		}
		if put := slices.Contains(got.Flags, moment.FlagClockError); put != (name != "right") {
			t.Errorf("%s: %v", name, got.Flags)
		}
	}
}

// What one file knows does not come back to it through the others: beside files that know nothing it is as if alone.
func TestNoEvidenceComesBack(t *testing.T) {
	t.Parallel()
	in := pipeline.Incident{ID: "X-1", Claim: bakhmut(), Marks: []pipeline.Mark{mark("a.jpg")}}
	a := photo(t, "a.jpg", phone, dial("2024-11-03T10:15:20"), fix("2024-11-03T07:15:10Z"))
	alone := estimate(t, in, a)
	beside := estimate(t, in, a, photo(t, "b.jpg", phone, dial("2024-11-03T12:00:00")), photo(t, "c.jpg", phone, dial("2024-11-03T12:00:00")))
	if diff := cmp.Diff(alone[0], beside[0]); diff != "" {
		t.Error(diff)
	}
}

// A shadow on one photo, and a header that its name puts into UTC, settle the hour of other files as satellites do.
func TestWhatSettlesAnOffset(t *testing.T) {
	t.Parallel()
	marked := pipeline.Incident{ID: "X-1", Claim: bakhmut(), Marks: []pipeline.Mark{mark("a.jpg")}}
	clip := movie(t, "VID_20241103_101520.mp4", 60_000, header("2024-11-03T07:16:20Z"))
	observe(t, &clip, pipeline.CameraKey, *phone)
	for name, c := range map[string]struct {
		in    pipeline.Incident
		first pipeline.Exhibit
		least float64
	}{
		"a shadow": {marked, photo(t, "a.jpg", phone, dial("2024-11-03T10:15:20")), 0.85},
		"a header": {pipeline.Incident{ID: "X-1", Claim: bakhmut()}, clip, 0.85},
	} {
		got := estimate(t, c.in, c.first, photo(t, "b.jpg", phone, dial("2024-11-03T12:00:00")))[1]
		if three := mass(got, "+03:00"); three < c.least {
			t.Errorf("%s: +3 is %v", name, three)
		}
	}
}
