package score

// ScaleV1 is our own verbal scale. Its bands of tens are those in common use for forensic likelihood ratios; its words
// are ours and speak of the claim's place and time only.
const ScaleV1 = "whenwhere-verbal-1"

type band struct {
	from milliBans // lower end, either way
	word string
}

func scales() map[string][]band {
	return map[string][]band{ScaleV1: {
		{6000, "extremely strong support"}, {4000, "very strong support"}, {3000, "strong support"},
		{2000, "moderately strong support"}, {1000, "moderate support"}, {300, "weak support"},
	}}
}

// words names the total on the rules' scale; what the rules call meaningless has no words, however the scale runs.
func (r Rules) words(total milliBans) string {
	direction, size := " for the claimed place and time", total
	if total < 0 {
		direction, size = " against the claimed place and time", -total
	}
	if size >= toMilli(r.MeaningfulBans) {
		for _, b := range scales()[r.Scale] {
			if size >= b.from {
				return b.word + direction
			}
		}
	}
	return "no meaningful support either way"
}

// ScaleBand is one step of a verbal scale.
type ScaleBand struct {
	FromBans float64 `json:"from_bans"` // either way
	Words    string  `json:"words"`
}

// ScaleBands lists the steps of the rules' verbal scale, strongest first.
func (r Rules) ScaleBands() []ScaleBand {
	var out []ScaleBand
	for _, b := range scales()[r.Scale] {
		out = append(out, ScaleBand{b.from.bans(), b.word})
	}
	return out
}
