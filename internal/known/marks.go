package known

import (
	"cmp"
	"slices"

	"whenwhere/internal/hashindex"
	"whenwhere/internal/likeness"
)

// How local features find footage. Each feature of the one side votes for the files that have one within markRadius; a vote
// counts for as much as few files get one from the same feature (inverse document frequency), and only together with
// others that say the same turn and size (weak geometric consistency: H. Jégou, M. Douze and C. Schmid, "Hamming embedding
// and weak geometric consistency for large scale image search", ECCV 2008). The files with most votes are compared.
//
// Among 83 pictures, of 418 copies that the comparison accepts all but 9 come first and all but 3 among the first 5 at
// these numbers; at radius 24 all come among the first 5, with nine times the votes to count.
// A question to an index of 50,000 pictures (4.5 KB each) takes 0.13 s on one core, three times as long at radius 24.
const (
	marksSuffix = "-marks"
	markRadius  = 16
	marksAsked  = 120 // of the one asked about
	mostSeen    = 32  // files that were seen, to be compared; each takes some 0.2 ms
	mostAsked   = 256 // files of incidents, for the way back
	// common is how many entries a feature may be near to. Beyond, it is what many files share (the corners of a phone's
	// status bar, a plain edge), says little, and is not counted, so that a question about it does not take long.
	common = 2000
)

// The lowest bits of an id say how a mark lies: 6 of its turn in 64ths, 3 of its level.
const (
	levelBits = 3
	turnBits  = 6
	markBits  = turnBits + levelBits
)

func strongest(f *likeness.Footage) []entry { return entriesOf(f, likeness.IndexedMarks) }

func allMarks(f *likeness.Footage) []entry { return entriesOf(f, marksAsked) }

func entriesOf(f *likeness.Footage, most int) []entry {
	var out []entry
	for _, m := range f.Marks(most, false) {
		out = append(out, entry{m.Code, uint64(m.Turn)<<levelBits | uint64(m.Level)})
	}
	return out
}

// vote adds the numbers for which most of the footage's strongest marks vote, as it lies or mirrored.
func (x *index) vote(nums map[uint64]bool, f *likeness.Footage, marks, most int) error {
	best := map[uint64]float64{}
	for _, mirrored := range []bool{false, true} {
		votes, err := x.votes(f.Marks(marks, mirrored))
		if err != nil {
			return err
		}
		for num, weight := range count(votes) {
			best[num] = max(best[num], weight)
		}
	}
	ranked := make([]uint64, 0, len(best))
	for num := range best {
		ranked = append(ranked, num)
	}
	slices.SortFunc(ranked, func(a, b uint64) int { return cmp.Or(cmp.Compare(best[b], best[a]), cmp.Compare(a, b)) })
	for _, num := range ranked[:min(most, len(ranked))] {
		nums[num] = true
	}
	return nil
}

// vote is that of one mark for a file: how the file lies, by it.
type vote struct {
	num    uint64
	query  int   // the mark
	turn   uint8 // in 64ths
	level  int8
	weight float64
}

// votes are those of all marks but the common ones, file by file.
func (x *index) votes(marks []likeness.MarkCode) ([]vote, error) {
	queries := make([]hashindex.Code256, len(marks))
	for i, m := range marks {
		queries[i] = hashindex.Code256(m.Code)
	}
	near := make([]int, len(marks))
	var all []vote
	err := x.search(queries, markRadius, func(query int, id uint64, _ int) {
		if near[query]++; near[query] > common {
			return
		}
		m := marks[query]
		all = append(all, vote{num: id >> markBits, query: query,
			turn: (uint8(id>>levelBits) - m.Turn) % (1 << turnBits), level: int8(id%(1<<levelBits)) - int8(m.Level)})
	})
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(v vote) bool { return near[v.query] > common })
	slices.SortFunc(all, func(a, b vote) int {
		return cmp.Or(cmp.Compare(a.num, b.num), cmp.Compare(a.query, b.query), cmp.Compare(a.turn, b.turn), cmp.Compare(a.level, b.level))
	})
	weigh(all, len(marks))
	return all, nil
}

// weigh gives each vote the weight of one in as many as there are files that its mark votes for, and one more.
func weigh(votes []vote, marks int) {
	files := make([]int, marks)
	for i, v := range votes {
		if i == 0 || votes[i-1].num != v.num || votes[i-1].query != v.query {
			files[v.query]++
		}
	}
	for i := range votes {
		votes[i].weight = 1 / float64(1+files[votes[i].query])
	}
}

// Votes agree within two neighbouring bins each of turn and of level.
const (
	turnBins  = 16
	levelZero = 7 // levels are 0 to 7 in an id: differences -7 to 7
	levelBins = 2*levelZero + 2
)

// count is for each file the weight of its largest group of votes that agree.
func count(votes []vote) map[uint64]float64 {
	best := map[uint64]float64{}
	for len(votes) > 0 {
		n := 1
		for n < len(votes) && votes[n].num == votes[0].num {
			n++
		}
		best[votes[0].num] = largest(votes[:n])
		votes = votes[n:]
	}
	return best
}

func largest(votes []vote) float64 {
	var bins [turnBins][levelBins]float64
	best := 0.0
	for _, v := range votes {
		turn, level := int(v.turn)*turnBins>>turnBits, int(v.level)+levelZero
		for _, bin := range [4]*float64{&bins[turn][level], &bins[(turn+1)%turnBins][level],
			&bins[turn][level+1], &bins[(turn+1)%turnBins][level+1]} {
			*bin += v.weight
			best = max(best, *bin)
		}
	}
	return best
}
