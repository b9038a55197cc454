package main

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestMeasureOption(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]measured{"150±3": {150, 3}, "150+-3": {150, 3}, "150+/-3": {150, 3}, "-0+-1e-6": {0, 1e-6}, " 0.5 ± 0.05 ": {0.5, 0.05}, "1e2±1e-1": {100, 0.1}, "0±1": {0, 1}} {
		if got, err := measureOption("azimuth", text, measurable{0, 360, "150±5"}); err != nil || got != want {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
	for _, text := range []string{"", "150", "150±", "±3", "150±0", "150±-1", "150±NaN", "NaN±1", "361±1", "-1±1", "150±Inf", "150±361", "150±3±3", "1x±3", "0x1p3±3", "1_0±3", "150±0x1p3", "150±1e-9"} {
		if got, err := measureOption("azimuth", text, measurable{0, 360, "150±5"}); err == nil || !strings.Contains(err.Error(), "--azimuth") {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
}

func TestTimeOption(t *testing.T) {
	t.Parallel()
	if got, err := timeOption("time", "2024-11-03T10:15:20+02:00"); err != nil || !got.Equal(time.Date(2024, 11, 3, 8, 15, 20, 0, time.UTC)) {
		t.Error(got, err)
	}
	for _, text := range []string{"", "2024-11-03", "2024-11-03T10:15:20", "2024-02-30T10:00:00Z", "2024-11-03T24:00:00Z", "2024-11-03T10:00:60Z", "2024-11-03T10:00:00+99:99", "2024-11-03T10:15:20+24:00", "2024-11-03T10:15:20+23:59", "2024-11-03T10:15:20-15:00", "2024-11-03T10:15:20+02:60", "1899-12-31T23:00:00Z", "2100-01-01T00:00:00Z"} {
		if got, err := timeOption("time", text); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
	if got, err := boundOption("to", "2024-11-03", true); err != nil || !got.Equal(time.Date(2024, 11, 4, 0, 0, 0, 0, time.UTC)) {
		t.Error(got, err)
	}
	if got, err := boundOption("to", "2099-12-31", true); err != nil || !got.Equal(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Error(got, err)
	}
	for _, text := range []string{"2024-02-30", "2024-11-03 10:00", "yesterday", "2024-11-03T10:00:00", "2100-01-01", "1899-12-31", "2024-11-03T10:15:20+24:00"} {
		if got, err := boundOption("from", text, false); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// What reads as another number in a program is no number here.
func TestNumbersAreDecimal(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0x1p3", "0X1P3", "1_0", "Inf", "nan", ""} {
		if got, err := numberOption("radius", text, 0, 200_000); err == nil || !strings.HasSuffix(err.Error(), "from 0 to 200000") {
			t.Errorf("%q: %v %v", text, got, err)
		}
	}
}

// Whatever is typed, there is a number within the limits or an error that names the option.
func TestOptionsNeverGuess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`-?[0-9.]{0,4}(±|\+-)?-?[0-9.eE]{0,4}`)).Draw(t, "text")
		v, err := numberOption("lat", text, -90, 90)
		if err == nil && !(v >= -90 && v <= 90) || err != nil && !strings.Contains(err.Error(), "--lat") {
			t.Fatalf("%q: %v %v", text, v, err)
		}
		m, err := measureOption("ratio", text, measurable{0, 100, "0.4±0.1"})
		if err == nil && !(m.value >= 0 && m.value <= 100 && m.sigma > 0 && m.sigma <= 100) {
			t.Fatalf("%q: %v", text, m)
		}
	})
}
