package clock

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"whenwhere/internal/timeset"
)

// Neighbour is an archived post of a Telegram channel: the number at the end
// of its link and its date, which t.me/s prints in UTC to the second.
type Neighbour struct {
	ID     int64
	DateMs int64
	// Edited posts keep their date, but their media may have been replaced.
	Edited bool
	// Forwarded posts may carry the date of the original: not used.
	Forwarded bool
}

// ErrPost is the class of errors for posts that no channel can hold.
var ErrPost = errors.New("not a post")

// TelegramOrder bounds the date of post id of a channel by its archived
// neighbours, because ids count the posts of a channel in order. Spans reach
// from the nearest earlier post to the nearest later one; with only one of
// the two, Bound says which side is known, and the span is that post's date.
// The stamp bounds the posting, so a Lower one says nothing of the capture.
//
// Ids follow the dates only most of the time, so posts outside the longest
// run of non-decreasing dates are left out, and flagged if any were. An
// archived post of the same id is its own date. ok is false when nothing
// bounds the id; the error names posts with impossible numbers or dates.
func TelegramOrder(id int64, archived []Neighbour, until time.Time) (s Stamp, ok bool, err error) {
	s = Stamp{Field: "telegram:neighbours", Raw: strconv.FormatInt(id, 10), Kind: Upload, Bound: Upper, Zone: UTC, Basis: BasisNeighbours}
	posts, err := usablePosts(id, archived, until)
	if err != nil {
		return Stamp{}, false, err
	}
	kept := longestInOrder(posts)
	if len(kept) < len(posts) {
		s = s.with(FlagOutOfOrder)
	}
	var earlier, later *Neighbour
	for i, p := range kept {
		switch {
		case p.ID == id:
			if p.Edited {
				s = s.with(FlagEdited)
			}
			s = s.inUTC(span(p.DateMs, secondMs), until)
			return s, s.Usable(), nil
		case p.ID < id:
			earlier = &kept[i]
		case later == nil:
			later = &kept[i]
		}
	}
	s = s.between(earlier, later, until)
	return s, s.Usable(), nil
}

func (s Stamp) between(earlier, later *Neighbour, until time.Time) Stamp {
	switch {
	case earlier != nil && later != nil:
		return s.inUTC(timeset.Of(timeset.Interval{Lo: earlier.DateMs, Hi: later.DateMs + secondMs}), until)
	case later != nil:
		return s.inUTC(span(later.DateMs, secondMs), until)
	case earlier != nil:
		s.Bound = Lower
		return s.inUTC(span(earlier.DateMs, secondMs), until)
	}
	return s
}

// maxPosts bounds the memory of one question; the largest channels have a few
// hundred thousand posts.
const maxPosts = 2_000_000

// telegramLaunchMs is 2013-08-14, the launch; channels are of 2015 but groups
// that became channels keep older posts.
const telegramLaunchMs = int64(1376438400000)

// usablePosts sorts by id and date and drops forwards and repeats.
func usablePosts(id int64, archived []Neighbour, until time.Time) ([]Neighbour, error) {
	if id < 1 {
		return nil, fmt.Errorf("clock: telegram post %d: %w", id, ErrPost)
	}
	if len(archived) > maxPosts {
		return nil, fmt.Errorf("clock: telegram: %d posts are over the limit of %d", len(archived), maxPosts)
	}
	var posts []Neighbour
	for _, p := range archived {
		if p.ID < 1 || p.DateMs < telegramLaunchMs || p.DateMs >= windowEndMs(until) {
			return nil, fmt.Errorf("clock: telegram post %d of %s: %w", p.ID, rfc3339(p.DateMs), ErrPost)
		}
		if !p.Forwarded {
			posts = append(posts, p)
		}
	}
	slices.SortFunc(posts, func(a, b Neighbour) int {
		switch {
		case a.ID != b.ID:
			return int(min(1, max(-1, a.ID-b.ID)))
		case a.DateMs != b.DateMs:
			return int(min(1, max(-1, a.DateMs-b.DateMs)))
		case a.Edited == b.Edited:
			return 0
		case a.Edited:
			return -1
		}
		return 1
	})
	return slices.CompactFunc(posts, func(a, b Neighbour) bool { return a.ID == b.ID && a.DateMs == b.DateMs }), nil
}

// longestInOrder returns the longest run of posts with rising ids and
// non-decreasing dates (patience sorting, n log n).
func longestInOrder(posts []Neighbour) []Neighbour {
	var tails []int // index of the last post of the best run of each length
	prev := make([]int, len(posts))
	for i, p := range posts {
		// Two dates of one id follow each other in the list; taking both is
		// prevented by treating the second as out of order.
		at := len(tails)
		for lo, hi := 0, len(tails); lo < hi; {
			mid := (lo + hi) / 2
			if q := posts[tails[mid]]; q.DateMs <= p.DateMs && q.ID < p.ID {
				lo = mid + 1
			} else {
				hi = mid
			}
			at = lo
		}
		prev[i] = -1
		if at > 0 {
			prev[i] = tails[at-1]
		}
		if at == len(tails) {
			tails = append(tails, i)
		} else {
			tails[at] = i
		}
	}
	var run []Neighbour
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = prev[i] {
			run = append(run, posts[i])
		}
	}
	slices.Reverse(run)
	return run
}
