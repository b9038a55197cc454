package moment

import (
	"slices"
	"strings"

	"whenwhere/internal/fusion"
	"whenwhere/pipeline"
)

// sameDevice is how likely two files of an incident that name the same make and model, but no serial number, come from
// one device. Judged: many people own the same phone, few of them film the same incident.
const sameDevice = 0.7

// settingMs is how far apart two files of a device may be for it to keep its offset between them: journeys, changes of
// summer time and of the owner lie between others. Judged.
const settingMs = 14 * dayMs

// shareOffsets lets each file know what the other files of its device say of its offset. With Z_g(o) the probability of
// all that speaks in file g if the device's clock kept the offset o, the offsets of file f have the weights
//
//	w_f(o) ~ w(o) * product over g of the other files [ q Z_g(o) + (1-q) mean of Z_g ]
//
// with q the probability that it is the same device. So no file's own evidence comes back to it.
func shareOffsets(files []gathered) error {
	told := make([]map[string]float64, len(files))
	for i := range files {
		if len(files) < 2 || len(offsetsOf(files[i])) == 0 {
			continue
		}
		p, err := files[i].fuse()
		if err != nil {
			return err
		}
		told[i] = fitOf(files[i], p.Items())
	}
	for f := range files {
		weights := map[string]float64{}
		for g := range files {
			if g == f || told[f] == nil || told[g] == nil {
				continue
			}
			if q := together(files[f], files[g]); q > 0 {
				weigh(weights, offsetsOf(files[f]), told[g], q)
			}
		}
		if len(weights) > 0 {
			files[f].reweigh(weights)
		}
	}
	return nil
}

// elsewhere stands for the offsets that a file does not name.
const elsewhere = ""

// fitOf is Z(o), by offset; elsewhere holds it for all others, under which the clock must be bogus.
func fitOf(g gathered, masses []fusion.ItemMass) map[string]float64 {
	fit := map[string]float64{}
	i := g.items[g.device()]
	var total float64
	for _, h := range i.Hypotheses {
		total += h.Weight
	}
	for _, m := range masses {
		if m.ID != i.ID {
			continue
		}
		fit[elsewhere] = m.Bogus
		for _, h := range m.Hypotheses {
			k := slices.IndexFunc(i.Hypotheses, func(x fusion.Hypothesis) bool { return x.Name == h.Name })
			fit[h.Name] = h.Genuine*total/i.Hypotheses[k].Weight + m.Bogus
		}
	}
	return fit
}

// device is the index of the strongest item of the device's clock, if its offset is open; -1 otherwise.
func (g *gathered) device() int {
	best := -1
	for k, i := range g.items {
		if i.Clock == string(pipeline.ClockCamera) && (best < 0 || i.Reliability > g.items[best].Reliability) {
			best = k
		}
	}
	if best >= 0 && !slices.ContainsFunc(g.items[best].Hypotheses, isOffset) {
		return -1
	}
	return best
}

func isOffset(h fusion.Hypothesis) bool {
	return strings.HasPrefix(h.Name, "+") || strings.HasPrefix(h.Name, "-")
}

func offsetsOf(g gathered) []string {
	k := g.device()
	if k < 0 {
		return nil
	}
	var out []string
	for _, h := range g.items[k].Hypotheses {
		if isOffset(h) {
			out = append(out, h.Name)
		}
	}
	return out
}

// together is how likely two files come from one device with one setting.
func together(a, b gathered) float64 {
	one, okOne := a.file.Exhibit.Device()
	two, okTwo := b.file.Exhibit.Device()
	if !okOne || !okTwo || one != two || a.near.Widen(settingMs, settingMs).Intersect(b.near).IsEmpty() {
		return 0
	}
	if strings.Contains(one, "/") { // the digest of a serial number
		return 1
	}
	return sameDevice
}

func weigh(weights map[string]float64, offsets []string, told map[string]float64, q float64) {
	fit := func(o string) float64 {
		if z, ok := told[o]; ok {
			return z
		}
		return told[elsewhere]
	}
	mean := 0.0
	for _, o := range offsets {
		mean += fit(o) / float64(len(offsets))
	}
	if !(mean > 0) {
		return
	}
	for _, o := range offsets {
		if _, ok := weights[o]; !ok {
			weights[o] = 1
		}
		weights[o] *= q*fit(o)/mean + 1 - q
	}
}

// leastWeight keeps every offset possible: no device is that sure of its neighbours.
const leastWeight = 1e-6

// reweigh gives the readings of the device's clock the weights that other files of the device ask for, in all stamps.
func (g *gathered) reweigh(weights map[string]float64) {
	for k := range g.items {
		i := &g.items[k]
		if i.Clock != string(pipeline.ClockCamera) {
			continue
		}
		i.Hypotheses = slices.Clone(i.Hypotheses)
		for h := range i.Hypotheses {
			if w, ok := weights[i.Hypotheses[h].Name]; ok {
				i.Hypotheses[h].Weight = max(i.Hypotheses[h].Weight*w, leastWeight)
			}
		}
	}
	g.flags = append(g.flags, FlagOffset)
}
