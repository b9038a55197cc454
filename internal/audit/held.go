package audit

import (
	"bytes"
	"fmt"
	"slices"
)

// Held is an item as the store holds it.
type Held struct {
	Item
	Name   string  // for people: "verdict of AUT-01"
	Result *Digest // of its bytes, salted; nil when the salt is gone
}

// Holdings compares what the store holds with what the log says of it.
type Holdings struct {
	log     *Log
	met     map[Item]bool
	latest  map[Digest]int64 // leaf of the verdict met last, by incident
	known   map[Digest]bool  // subjects that were met
	erased  bool             // items were met whose subjects no salt tells
	stopped bool             // not all items were met
	damage  []Damage
}

// Holdings begins a comparison.
func (log *Log) Holdings() *Holdings {
	return &Holdings{log: log, met: map[Item]bool{}, latest: map[Digest]int64{}, known: map[Digest]bool{}}
}

// Add compares one item. Verdicts of an incident come in the order in which the store has them, the latest last.
func (h *Holdings) Add(held Held) {
	h.met[held.Item] = true
	if held.Result == nil {
		h.erased = true
	} else {
		h.known[held.Subject] = true
	}
	state, ok := h.log.Items[held.Item]
	switch {
	case held.Result == nil:
		h.damaged(held.Name, "its salt is gone: the log cannot say whether it is unchanged")
	case state.broken || h.log.unsure[held.Subject] && (!ok || state.Result == nil || *state.Result != *held.Result):
		// the damaged leaf is named already
	case !ok && len(h.log.missed) > 0:
		h.damaged(held.Name, "no leaf speaks of it: it was put there past the log, or a missing leaf spoke of it (the first is leaf %d)", h.log.missed[0])
	case !ok:
		h.damaged(held.Name, "no leaf speaks of it: it was put there past the log")
	case state.Result == nil:
		h.damaged(held.Name, "leaf %d says that it was removed, and it is there", state.Seq)
	case *state.Result != *held.Result:
		h.damaged(held.Name, "it is not what leaf %d logged", state.Seq)
	case held.Kind == KindVerdict && h.latest[held.Subject] > state.Seq:
		h.damaged(held.Name, "the store takes it for newer than the verdict of leaf %d, the log for older", h.latest[held.Subject])
	}
	if held.Kind == KindVerdict {
		h.latest[held.Subject] = max(h.latest[held.Subject], state.Seq)
	}
}

// Stop says that the items that are left cannot be read.
func (h *Holdings) Stop(err error) {
	h.stopped = true
	h.damaged("results", "they cannot be read, and were not all compared: %v", err)
}

func (h *Holdings) damaged(where, what string, args ...any) {
	h.damage = append(h.damage, Damage{where, fmt.Sprintf(what, args...)})
}

// Damage is what differs, what was put past the log, and what is gone; by number of leaf for the latter.
func (h *Holdings) Damage() []Damage {
	if h.stopped {
		return h.damage
	}
	gone := map[int64]Item{}
	var order []int64
	for item, state := range h.log.Items {
		excused := h.log.unsure[item.Subject] || h.erased && !h.known[item.Subject] // that is said already
		if state.Result != nil && !h.met[item] && item.Kind != KindExport && !excused {
			gone[state.Seq] = item
			order = append(order, state.Seq)
		}
	}
	slices.Sort(order)
	out := h.damage
	for _, seq := range order {
		item := gone[seq]
		out = append(out, Damage{fmt.Sprintf("%s of leaf %d", item.Kind, seq), fmt.Sprintf("it is gone; its subject is %s", item.Subject)})
	}
	return out
}

// Originals lists the digests of all files whose bytes the log says are kept, sorted.
func (log *Log) Originals() []Digest {
	met := map[Digest]bool{}
	var out []Digest
	for item := range log.Items {
		switch item.Kind {
		case KindFile, KindMap, KindCaseMap:
			if !met[item.Subject] {
				met[item.Subject] = true
				out = append(out, item.Subject)
			}
		default:
		}
	}
	slices.SortFunc(out, func(a, b Digest) int { return bytes.Compare(a[:], b[:]) })
	return out
}
