package clock

import (
	"regexp"
	"strconv"

	"whenwhere/internal/timeset"
)

// nameRule is one way of naming files. read turns the groups of the match
// into a reading of the dial that the zone describes.
type nameRule struct {
	name  string
	form  *regexp.Regexp
	kind  Kind
	zone  Zone
	flags []string
	read  func(m []string) (timeset.Set, bool)
}

// end stands after a run of digits that must not go on.
const end = `(?:\D|$)`

// halfDay is the AM or PM of a 12-hour clock; macOS and WhatsApp put a narrow
// no-break space before it.
const halfDay = `(?:[ \x{202f}\x{a0}]?([AP])M)?`

func form(pattern string) *regexp.Regexp { return regexp.MustCompile(`(?i)` + pattern) }

// nameRules are tried in order; the first whose pattern fits decides.
var nameRules = []nameRule{
	// Pixel phones name by UTC, unlike every other Android camera.
	{"pixel", form(`^PXL_(\d{8})_(\d{6})(\d{3})` + end), Capture, UTC, nil, dateClockMillis},
	// Telegram for Android and editors save copies under the same names.
	{"android", form(`^(?:IMG|VID|PANO|MVIMG|BURST\d*)_(\d{8})_(\d{6})(\d{3})?` + end), Capture, Unknown, []string{FlagMaySave}, dateClockMillis},
	{"whatsapp", form(`^(?:IMG|VID|AUD|PTT|STK|DOC)-(\d{8})-WA\d{4,}` + end), Receive, Unknown, []string{FlagDateOnly}, wholeDay},
	{"whatsapp_web", form(`^WhatsApp (?:Image|Video|Audio) (\d{4}-\d\d-\d\d) at (\d{1,2}\.\d\d\.\d\d)` + halfDay + end), Receive, Unknown, []string{FlagSaverClock}, dateClockHalf},
	{"telegram_desktop", form(`^(?:photo|video|audio|doc|file)_(\d{4}-\d\d-\d\d)_(\d\d-\d\d-\d\d)` + end), Save, Unknown, []string{FlagSaverClock}, dateClock},
	{"telegram_export", form(`^photo_\d+@(\d\d)-(\d\d)-(\d{4})_(\d\d-\d\d-\d\d)` + end), Receive, Unknown, []string{FlagSaverClock}, dayFirst},
	{"signal", form(`^signal-(\d{4}-\d\d-\d\d)-(\d\d-\d\d-\d\d)-(\d{3})` + end), Receive, Unknown, []string{FlagSaverClock}, dateClockMillis},
	{"signal_desktop", form(`^signal-(\d{4}-\d\d-\d\d)-(\d{6})` + end), Receive, Unknown, []string{FlagSaverClock, FlagUnverified}, dateClock},
	{"screenshot", form(`^Screenshot[_ -](\d{4}-?\d\d-?\d\d)[-_ ](?:at )?(\d\d[-.]?\d\d[-.]?\d\d|\d\.\d\d\.\d\d)` + halfDay + end), Save, Unknown, nil, dateClockHalf},
	{"epoch_ms", form(`^(?:FB_IMG_|mmexport|received_)?(1[3-9]\d{11})` + end), Save, UTC, nil, epochMillis},
	{"dji", form(`^DJI_(\d{8})(\d{6})_\d{4}` + end), Capture, Unknown, nil, dateClock},
	{"sentinel2", form(`^S2[ABC]_MSIL[12][AC]_(\d{8})T(\d{6})_N\d{4}_R\d{3}_T\d\d[A-Z]{3}_`), Product, UTC, []string{FlagDatatakeStart}, datatake},
	{"samsung", form(`^(\d{8})_(\d{6})` + end), Capture, Unknown, []string{FlagMaySave}, dateClock},
}

func dateClock(m []string) (timeset.Set, bool) {
	at, ok := compact(digitsOnly(m[1]), digitsOnly(m[2]))
	return span(at.dialMs(), secondMs), ok
}

// dateClockMillis takes an optional third group of decimal-fraction digits.
func dateClockMillis(m []string) (timeset.Set, bool) {
	at, ok := compact(digitsOnly(m[1]), digitsOnly(m[2]))
	sub, width := fractionMs(m[3])
	return span(at.dialMs()+sub, width), ok
}

// dateClockHalf takes a third group A or P; a single-digit hour without it is
// no form that any program writes.
func dateClockHalf(m []string) (timeset.Set, bool) {
	clock := digitsOnly(m[2])
	if m[3] == "" {
		at, ok := compact(digitsOnly(m[1]), clock)
		return span(at.dialMs(), secondMs), ok
	}
	if len(clock) == 5 {
		clock = "0" + clock
	}
	at, ok := compact(digitsOnly(m[1]), clock)
	if at.hour < 1 || at.hour > 12 {
		return timeset.Set{}, false
	}
	at.hour %= 12
	if m[3] == "P" || m[3] == "p" {
		at.hour += 12
	}
	return span(at.dialMs(), secondMs), ok
}

func dayFirst(m []string) (timeset.Set, bool) {
	at, ok := compact(m[3]+m[2]+m[1], digitsOnly(m[4]))
	return span(at.dialMs(), secondMs), ok
}

func wholeDay(m []string) (timeset.Set, bool) {
	at, ok := compact(m[1], "000000")
	return span(at.dialMs(), dayMs), ok
}

func epochMillis(m []string) (timeset.Set, bool) {
	ms, err := strconv.ParseInt(m[1], 10, 64)
	return span(ms, 1), err == nil
}

// datatakeMs is the longest a Sentinel-2 data take lasts: 15,000 km (ESA user
// guide, "Product types") at 6.7 km/s over ground, rounded up. The name gives
// its start; the tile was seen some time within it.
const datatakeMs = 40 * minuteMs

func datatake(m []string) (timeset.Set, bool) {
	at, ok := compact(m[1], m[2])
	return span(at.dialMs(), datatakeMs), ok
}
