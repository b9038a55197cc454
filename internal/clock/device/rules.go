package device

import (
	"fmt"
	"math"
	"slices"

	"whenwhere/internal/clock"
	"whenwhere/internal/timeset"
)

// Rule is a way in which a device may follow civil time: its offsets, step by
// step, and its weight before any file is seen. Weights need no
// normalisation.
type Rule struct {
	Name   string
	Steps  []clock.Step // sorted by FromMs; the first also holds before
	Weight float64
}

// Zones knows the steps of the zones of the IANA tables; *clock.Zones does.
type Zones interface {
	Steps(zone string, within timeset.Interval) ([]clock.Step, error)
}

// The weights of Civil, judged: in and near Ukraine a device keeps Kyiv or
// Moscow time before anything else; some are set to UTC; the rest of the
// offsets in civil use share what is left.
const (
	weightKyiv   = 0.40
	weightMoscow = 0.40
	weightUTC    = 0.05
	weightOthers = 0.15
)

// Civil returns the rules for a device that was used in or near Ukraine:
// Europe/Kyiv, Europe/Moscow, Europe/Simferopol, UTC, and every other fixed
// offset in civil use, over an interval of UTC that should reach two days
// past the files on either side.
func Civil(z Zones, within timeset.Interval) ([]Rule, error) {
	var rules []Rule
	for _, zone := range []struct {
		name   string
		weight float64
	}{{"Europe/Kyiv", weightKyiv}, {"Europe/Moscow", weightMoscow * 0.9}, {"Europe/Simferopol", weightMoscow * 0.1}} {
		r, err := Zone(z, zone.name, zone.weight, within)
		if err != nil {
			return nil, err
		}
		rules = append(rules, r)
	}
	offsets := clock.OffsetsInUse()
	for _, o := range offsets {
		weight := weightOthers / float64(len(offsets))
		if o == 0 {
			weight = weightUTC
		}
		rules = append(rules, Fixed(o, weight))
	}
	return rules, nil
}

// Zone is the rule of a zone of the IANA tables within an interval of UTC.
func Zone(z Zones, name string, weight float64, within timeset.Interval) (Rule, error) {
	steps, err := z.Steps(name, within)
	if err != nil {
		return Rule{}, err
	}
	return Rule{Name: name, Steps: steps, Weight: weight}, nil
}

// Fixed is one offset all year, in minutes.
func Fixed(offsetMin int, weight float64) Rule {
	sign, m := '+', offsetMin
	if m < 0 {
		sign, m = '-', -m
	}
	return Rule{
		Name: fmt.Sprintf("fixed %c%02d:%02d", sign, m/60, m%60), Weight: weight,
		Steps: []clock.Step{{FromMs: math.MinInt64, OffsetMin: offsetMin}},
	}
}

func checkRules(rules []Rule) error {
	if len(rules) == 0 || len(rules) > MaxRules {
		return fmt.Errorf("device: %d rules, need 1 to %d: %w", len(rules), MaxRules, ErrInput)
	}
	seen := map[string]bool{}
	for _, r := range rules {
		if r.Name == "" || seen[r.Name] || len(r.Steps) == 0 || !(r.Weight > 0) || math.IsInf(r.Weight, 0) {
			return fmt.Errorf("device: rule %q: no steps, no weight or twice: %w", r.Name, ErrInput)
		}
		seen[r.Name] = true
		for i, s := range r.Steps {
			if s.OffsetMin < -24*60 || s.OffsetMin > 24*60 || i > 0 && r.Steps[i-1].FromMs >= s.FromMs {
				return fmt.Errorf("device: rule %q: step %d: %w", r.Name, i, ErrInput)
			}
		}
	}
	return nil
}

// offsetAt is the offset in force at an instant.
func (r Rule) offsetAt(utcMs int64) int {
	for i := len(r.Steps) - 1; i > 0; i-- {
		if utcMs >= r.Steps[i].FromMs {
			return r.Steps[i].OffsetMin
		}
	}
	return r.Steps[0].OffsetMin
}

// resolve returns the offsets under which the dial reading exists: none in a
// gap, two in a fold.
func (r Rule) resolve(dialMs int64) []int {
	var found []int
	for _, s := range r.Steps {
		if r.offsetAt(dialMs-int64(s.OffsetMin)*60000) == s.OffsetMin && !slices.Contains(found, s.OffsetMin) {
			found = append(found, s.OffsetMin)
		}
	}
	slices.Sort(found)
	return found
}
