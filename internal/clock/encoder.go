package clock

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// encoderRule reads one family of version strings. margin is how long before
// its release a version can have been in use.
type encoderRule struct {
	name   string
	form   *regexp.Regexp
	kind   Kind
	table  []release
	margin int // days
}

// release is the first day of a version; code orders versions.
type release struct {
	code int
	day  string // YYYYMMDD
}

// maxEncoderBytes bounds the work; real strings are under 100 bytes.
const maxEncoderBytes = 512

var handBrakeForm = regexp.MustCompile(`^HandBrake \S+ (\d{8})(?:\d{2})?(?:\s|$)`)

// encoderRules. Margins are judged: snapshots of FFmpeg carry a release's
// numbers before it, by up to the half year between two releases (its
// doc/APIchanges dates lower minor versions inside that half year for 4.0 to
// 4.4: 58.15 on 2018-05-18 for 58.20, 58.27 on 2019-04-12 for 58.29); betas of
// iOS start in early June for a release in mid-September (120 days); Android
// previews start in February for a release in autumn (240 days).
var encoderRules = []encoderRule{
	{"lavf", regexp.MustCompile(`^Lavf(\d{2})\.(\d{1,3})\.\d{1,3}$`), Edit, lavfReleases, 180},
	{"ios", regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})(?:\.\d{1,2})?$`), Capture, iosReleases, 120},
	{"android", regexp.MustCompile(`^(\d{1,2})(?:\.(\d))?(?:\.\d)?$`), Capture, androidReleases, 240},
}

// SoftwareKind says whose version a text is; versions of phones are bare
// numbers and mean nothing without it.
type SoftwareKind string

// The kinds. Encoder strings name their program themselves.
const (
	Encoder SoftwareKind = "encoder" // "Lavf60.16.100", "HandBrake 1.5.1 2022011000"
	IOS     SoftwareKind = "ios"     // Software or com.apple.quicktime.software of an iPhone or iPad: "17.1.2"
	Android SoftwareKind = "android" // com.android.version: "14"
)

// FromSoftware reads the version of the program that wrote a file: the act of
// writing is not earlier than the release. For an encoder that act is an
// Edit, which may come years after the capture and bounds only the file; for
// a phone's own system it is the Capture. A version that is newer than the
// table is bounded by the newest release in it; one that is older than the
// table, or of no known form, makes no stamp (ok is false).
func FromSoftware(kind SoftwareKind, field, text string, until time.Time) (Stamp, bool) {
	text = strings.Trim(text, " \x00\t\r\n")
	if len(text) > maxEncoderBytes {
		return Stamp{}, false
	}
	s := Stamp{Field: field, Raw: text, Kind: Edit, Bound: Lower, Zone: UTC, Basis: BasisSoftware}
	if m := handBrakeForm.FindStringSubmatch(text); m != nil && kind == Encoder {
		return s.with(FlagSelfDated).released(m[1], 1, until)
	}
	for _, rule := range encoderRules {
		m := rule.form.FindStringSubmatch(text)
		if m == nil || (rule.name == "lavf") != (kind == Encoder) || kind != Encoder && rule.name != string(kind) {
			continue
		}
		s.Kind = rule.kind
		day, ok := newestUpTo(rule.table, 1000*number(m[1])+number(m[2]))
		if !ok {
			return Stamp{}, false
		}
		return s.released(day, rule.margin, until)
	}
	return Stamp{}, false
}

// released sets the span from margin days before the day to its end.
func (s Stamp) released(day string, marginDays int, until time.Time) (Stamp, bool) {
	at, ok := compact(day, "000000")
	if !ok {
		return Stamp{}, false
	}
	margin := int64(marginDays) * dayMs
	s = s.inUTC(span(at.dialMs()-margin, margin+dayMs), until)
	return s, s.Usable()
}

// newestUpTo returns the day of the newest release that is not newer than the
// version.
func newestUpTo(table []release, code int) (day string, ok bool) {
	best := -1
	for _, r := range table {
		if r.code <= code && r.code > best {
			best, day = r.code, r.day
		}
	}
	return day, best >= 0
}

// releases reads "major.minor YYYYMMDD" lines.
func releases(lines string) []release {
	var out []release
	for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		version, day, _ := strings.Cut(strings.TrimSpace(line), " ")
		major, minor, _ := strings.Cut(version, ".")
		a, errA := strconv.Atoi(major)
		b, errB := strconv.Atoi(minor)
		if errA == nil && errB == nil {
			out = append(out, release{1000*a + b, day})
		}
	}
	return out
}

// lavfReleases are the versions of libavformat in FFmpeg 3.0 to 8.0 with the
// days on the project's release pages (ffmpeg.org, "download" and "olddownload").
// x264 core numbers are left out: their snapshots have no release days.
var lavfReleases = releases(`
57.25 20160215
57.41 20160627
57.56 20161027
57.71 20170413
57.83 20171015
58.12 20180420
58.20 20181106
58.29 20190805
58.45 20200615
58.76 20210408
59.16 20220114
59.27 20220722
60.3 20230227
60.16 20231110
61.1 20240405
61.7 20240930
62.3 20250822`)

// iosReleases are the days of public release (Apple's "security releases"
// list of each year).
var iosReleases = releases(`
9.0 20150916
10.0 20160913
11.0 20170919
12.0 20180917
13.0 20190919
13.1 20190924
14.0 20200916
14.1 20201020
14.2 20201105
14.3 20201214
14.4 20210126
14.5 20210426
14.6 20210524
14.7 20210719
14.8 20210913
15.0 20210920
15.1 20211025
15.2 20211213
15.3 20220126
15.4 20220314
15.5 20220516
15.6 20220720
16.0 20220912
16.1 20221024
16.2 20221213
16.3 20230123
16.4 20230327
16.5 20230518
16.6 20230724
17.0 20230918
17.1 20231025
17.2 20231211
17.3 20240122
17.4 20240305
17.5 20240513
17.6 20240729
18.0 20240916
18.1 20241028
18.2 20241211
18.3 20250127
18.4 20250331
18.5 20250512
18.6 20250729
26.0 20250915`)

// androidReleases are the days of the first stable builds or source drops,
// whichever came first (Android Developers Blog).
var androidReleases = releases(`
5.0 20141103
6.0 20151005
7.0 20160822
8.0 20170821
8.1 20171205
9.0 20180806
10.0 20190903
11.0 20200908
12.0 20211004
13.0 20220815
14.0 20231004
15.0 20240903
16.0 20250610`)
