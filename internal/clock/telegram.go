package clock

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
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

// telegramPath is the path of a link to a post, with or without the topic that
// it stands in: a public channel's (also of its preview, /s/), or a private
// one's (/c/).
var telegramPath = regexp.MustCompile(`^/(?:s/)?(c/\d{1,18}|[A-Za-z][A-Za-z0-9_]{3,31})(?:/\d{1,18})?/(\d{1,18})/?$`)

// TelegramPost reads a link to a post (t.me/NAME/N, t.me/s/NAME/N,
// t.me/c/CHANNEL/N): the channel, in small letters, and the number of the
// post. ok is false for other links and for those to a comment, which counts
// in another channel. The number is as written, 0 included, which no post has.
func TelegramPost(link string) (channel string, id int64, ok bool) {
	if small := strings.ToLower(link); !strings.Contains(small, "t.me") && !strings.Contains(small, "telegram.") {
		return "", 0, false // most links, without parsing them
	}
	u, ok := parseLink(link)
	if !ok || u.Query().Has("comment") || !onHost(hostOf(u), []string{"t.me", "telegram.me", "telegram.dog"}) {
		return "", 0, false
	}
	m := telegramPath.FindStringSubmatch(u.Path)
	if m == nil {
		return "", 0, false
	}
	id, err := strconv.ParseInt(m[2], 10, 64)
	return strings.ToLower(m[1]), id, err == nil
}

// TelegramRuns parts the posts of a channel by the longest runs in which dates
// follow numbers: sure are in all such runs, open in some, out in none, so
// that the other posts outvote them. Forwarded posts are in none of the three.
// All are in the order of the numbers.
func TelegramRuns(archived []Neighbour, until time.Time) (sure, open, out []Neighbour, err error) {
	posts, err := usablePosts(archived, until)
	if err != nil {
		return nil, nil, nil, err
	}
	sure, open, out = runs(posts)
	return sure, open, out, nil
}

// ErrNeighbours is the class of errors for lists of posts that cannot be read.
var ErrNeighbours = errors.New("not a list of posts")

// Neighbours reads an archive's list of a channel's posts: CSV with the
// columns id and date (RFC 3339, with its offset), and perhaps edited and
// forwarded (true, false or empty). A row that cannot be read is an error that
// names it.
func Neighbours(r io.Reader) ([]Neighbour, error) {
	var out []Neighbour
	err := readTable(r, table{"neighbours", ErrNeighbours, []string{"id", "date"}, maxPosts}, func(cell func(string) string) error {
		n, err := neighbour(cell)
		out = append(out, n)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func neighbour(cell func(string) string) (n Neighbour, err error) {
	if n.ID, err = strconv.ParseInt(cell("id"), 10, 64); err != nil || n.ID < 1 {
		return n, fmt.Errorf("id %q: %w", cell("id"), ErrPost)
	}
	at, err := time.Parse(time.RFC3339, cell("date"))
	if err != nil {
		return n, fmt.Errorf("date %q, want a time with its offset such as 2024-11-03T09:02:11Z: %w", cell("date"), ErrNeighbours)
	}
	n.DateMs = at.UnixMilli()
	if n.Edited, err = yesOrNo("edited", cell("edited")); err != nil {
		return n, err
	}
	n.Forwarded, err = yesOrNo("forwarded", cell("forwarded"))
	return n, err
}

func yesOrNo(name, text string) (bool, error) {
	switch text {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	}
	return false, fmt.Errorf("%s %q, want true or false: %w", name, text, ErrNeighbours)
}

// TelegramOrder bounds the date of post id of a channel by its archived
// neighbours, because ids count the posts of a channel in order. Spans reach
// from the nearest earlier post to the nearest later one; with only one of
// the two, Bound says which side is known, and the span is that post's date.
// The stamp bounds the posting, so a Lower one says nothing of the capture.
//
// Ids follow the dates only most of the time, so posts that are not in all of
// the longest runs of non-decreasing dates are left out, and flagged if any
// were. An archived post of the same id that is in them is its own date. ok is false when nothing
// bounds the id; the error names posts with impossible numbers or dates.
func TelegramOrder(id int64, archived []Neighbour, until time.Time) (s Stamp, ok bool, err error) {
	s = Stamp{Field: "telegram:neighbours", Raw: strconv.FormatInt(id, 10), Kind: Upload, Bound: Upper, Zone: UTC, Basis: BasisNeighbours}
	if id < 1 {
		return Stamp{}, false, fmt.Errorf("clock: telegram post %d: %w", id, ErrPost)
	}
	posts, err := usablePosts(archived, until)
	if err != nil {
		return Stamp{}, false, err
	}
	kept, _, _ := runs(posts)
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
func usablePosts(archived []Neighbour, until time.Time) ([]Neighbour, error) {
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

// runs parts posts, which are sorted by id and date. A post is in a longest run
// when the longest run that ends with it and the longest that begins with it
// make one; it is in all of them when no other post can have its place.
func runs(posts []Neighbour) (sure, open, out []Neighbour) {
	ending, beginning := runLengths(posts, 1), make([]int, len(posts))
	backwards := slices.Clone(posts)
	slices.Reverse(backwards)
	for i, n := range runLengths(backwards, -1) {
		beginning[len(posts)-1-i] = n
	}
	longest := 0
	for _, n := range ending {
		longest = max(longest, n)
	}
	rivals := make([]int, longest+1)
	for i, n := range ending {
		if n+beginning[i]-1 == longest {
			rivals[n]++
		}
	}
	for i, p := range posts {
		switch {
		case ending[i]+beginning[i]-1 < longest:
			out = append(out, p)
		case rivals[ending[i]] > 1:
			open = append(open, p)
		default:
			sure = append(sure, p)
		}
	}
	return sure, open, out
}

// runLengths gives for each post the length of the longest run that ends with
// it, one post of each id, in which sign times the date never falls (patience
// sorting, n log n).
func runLengths(posts []Neighbour, sign int64) []int {
	lengths := make([]int, len(posts))
	var last []int64 // of the runs of each length, the least last date
	for from := 0; from < len(posts); {
		to := from
		for ; to < len(posts) && posts[to].ID == posts[from].ID; to++ {
			lengths[to] = 1 + sort.Search(len(last), func(k int) bool { return last[k] > sign*posts[to].DateMs })
		}
		for ; from < to; from++ {
			date, k := sign*posts[from].DateMs, lengths[from]-1
			if k == len(last) {
				last = append(last, date)
			}
			last[k] = min(last[k], date)
		}
	}
	return lengths
}
