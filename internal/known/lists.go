package known

import (
	"fmt"

	"whenwhere/internal/pdq"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

// listVersion stands for how other programs made a PDQ hash: by the published algorithm, within its ten bits.
const listVersion = "as listed"

// fromLists are the prints of a list in the form of those measured here: PDQ only, and weak below its quality.
func fromLists(listed []store.ListedPrint) []pipeline.Print {
	var out []pipeline.Print
	for _, l := range listed {
		p := pipeline.Print{AtMs: l.AtMs, View: l.View, Quality: l.Quality,
			Hashes: []pipeline.Hash{{Algorithm: "pdq", Version: listVersion, Hex: pdq.Hash(l.PDQ).Hex()}}}
		if l.Quality < pdq.QualityToIndex {
			p.Weak = fmt.Sprintf("quality %d is below %d", l.Quality, pdq.QualityToIndex)
		}
		out = append(out, p)
	}
	return out
}

// Listed is the other way: what a list can say of prints. Only what footage is found by is given away.
func Listed(prints []pipeline.Print) ([]store.ListedPrint, error) {
	var out []store.ListedPrint
	for _, p := range prints {
		if !p.Indexed() {
			continue
		}
		for _, h := range p.Hashes {
			if h.Algorithm != "pdq" {
				continue
			}
			code, err := pdq.ParseHex(h.Hex)
			if err != nil {
				return nil, fmt.Errorf("known: %w", err)
			}
			out = append(out, store.ListedPrint{AtMs: p.AtMs, View: p.View, Quality: p.Quality, PDQ: code})
		}
	}
	return out, nil
}
