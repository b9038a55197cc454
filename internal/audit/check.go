package audit

import (
	"context"
	"fmt"
	"math"

	"golang.org/x/mod/sumdb/tlog"
)

// Row is a leaf as it is stored.
type Row struct {
	Seq     int64
	Subject Digest
	Leaf    []byte
}

// Signed is a checkpoint as it is stored, with the time stamp token that somebody else gave for it, if any.
type Signed struct {
	Size  int64
	Note  []byte
	Token []byte // RFC 3161, DER; nil when there is none
}

// Rows is what is stored of a log. All lists are in the order of their numbers.
type Rows interface {
	LogSize(ctx context.Context) (int64, error)
	LogLeaves(ctx context.Context, from int64, limit int) ([]Row, error) // with numbers from from on
	LogNodes(ctx context.Context, from, to int64) (map[int64]tlog.Hash, error)
	Checkpoints(ctx context.Context) ([]Signed, error)
}

// Damage is one thing that is not as it was logged.
type Damage struct {
	Where string `json:"where"` // "leaf 17", "checkpoint of 40 leaves", "original 3f0a..."
	What  string `json:"what"`
}

func (d Damage) String() string { return d.Where + ": " + d.What }

// State is what the latest leaf of an item says.
type State struct {
	Seq    int64
	Action Action
	Size   *int64
	Result *Digest // nil when the item was removed
	broken bool    // the leaf that said it is damaged
}

// Log is what a check of the leaves has read.
type Log struct {
	Size        int64
	Root        tlog.Hash
	Items       map[Item]State
	Checkpoints int   // that verified and fit
	Unsigned    int64 // leaves at the end that none of those covers
	Damage      []Damage

	nodes    []tlog.Hash // of the tree over what was stored
	subjects map[Digest]int64
	began    bool            // a leaf was met that was not adopted
	broken   map[int64]bool  // leaves that are damaged or missing
	unsure   map[Digest]bool // subjects of damaged leaves
	missed   []int64         // leaves that are missing
}

// leavesAtOnce is how many leaves are held in memory.
const leavesAtOnce = 1000

// maxLeaves is more than a log can have, and less than what makes the numbers of the tree's nodes overflow.
const maxLeaves = 1 << 40

// maxMissing is how many leaves are missed by number. Whoever has the database can state any number of them.
const maxMissing = 1000

// Check reads all leaves and says what is wrong with them, with the tree above them, with the stored checkpoints, and
// with those that the caller kept elsewhere (since). The error is one of reading.
func Check(ctx context.Context, rows Rows, key PublicKey, since ...[]byte) (*Log, error) {
	size, err := rows.LogSize(ctx)
	if err != nil {
		return nil, err
	}
	log := &Log{Size: min(max(size, 0), maxLeaves), Items: map[Item]State{}, subjects: map[Digest]int64{}, broken: map[int64]bool{}, unsure: map[Digest]bool{}}
	if size != log.Size {
		log.damaged("log", "it states %d leaves, which cannot be", size)
	}
	if err := log.leaves(ctx, rows); err != nil {
		return nil, err
	}
	beyond, err := rows.LogNodes(ctx, tlog.StoredHashCount(log.Size), math.MaxInt64)
	if err != nil {
		return nil, err
	}
	if len(beyond) > 0 {
		log.damaged("tree", "%d stored hashes lie beyond the end of the log, which has %d leaves", len(beyond), log.Size)
	}
	if log.Root, err = tlog.TreeHash(log.Size, log.reader()); err != nil {
		return nil, fmt.Errorf("audit: tree of %d leaves: %w", log.Size, err)
	}
	stored, err := rows.Checkpoints(ctx)
	if err != nil {
		return nil, err
	}
	log.Unsigned = log.Size
	for _, s := range stored {
		log.signed(key, s, fmt.Sprintf("checkpoint of %d leaves", s.Size))
	}
	for i, s := range since {
		log.Follows(key, s, fmt.Sprintf("older checkpoint %d", i+1))
	}
	return log, nil
}

func (log *Log) damaged(where, what string, args ...any) {
	log.Damage = append(log.Damage, Damage{where, fmt.Sprintf(what, args...)})
}

func (log *Log) reader() tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(log.nodes)) {
				return nil, fmt.Errorf("node %d of %d", index, len(log.nodes))
			}
			out[i] = log.nodes[index]
		}
		return out, nil
	})
}

// leaves reads the log in pieces. The tree is built over the hashes that were stored with the leaves, so that one edited
// leaf is told from the others; what has none is taken as it is.
func (log *Log) leaves(ctx context.Context, rows Rows) error {
	next := int64(0)
	for {
		some, err := rows.LogLeaves(ctx, next, leavesAtOnce)
		if err != nil {
			return err
		}
		to := log.Size
		if len(some) == leavesAtOnce {
			to = min(some[len(some)-1].Seq+1, log.Size)
		}
		nodes, err := rows.LogNodes(ctx, tlog.StoredHashCount(next), tlog.StoredHashCount(max(next, to)))
		if err != nil {
			return err
		}
		for _, row := range some {
			if !log.miss(&next, min(row.Seq, log.Size), nodes) {
				return nil
			}
			if row.Seq >= log.Size {
				log.damaged(leafName(row.Seq), "it lies beyond the end of the log, which has %d leaves", log.Size)
				continue
			}
			log.leaf(row, nodes)
			next++
		}
		if len(some) < leavesAtOnce {
			log.miss(&next, log.Size, nodes)
			return nil
		}
	}
}

func leafName(seq int64) string { return fmt.Sprintf("leaf %d", seq) }

// miss takes in that there are no leaves from next to before to. When there are too many of them, it ends the log there and
// reports false.
func (log *Log) miss(next *int64, to int64, nodes map[int64]tlog.Hash) bool {
	for ; *next < to; *next++ {
		if len(log.missed) == maxMissing {
			log.damaged("log", "it states %d leaves, and more than %d are missing: it was read up to leaf %d", log.Size, maxMissing, *next)
			log.Size = *next
			return false
		}
		log.missing(*next, nodes)
	}
	return true
}

// missing is a number without a leaf.
func (log *Log) missing(seq int64, nodes map[int64]tlog.Hash) {
	log.damaged(leafName(seq), "it is missing")
	log.broken[seq] = true
	log.missed = append(log.missed, seq)
	log.grow(seq, nodes[tlog.StoredHashIndex(0, seq)], nodes)
}

// leaf takes in a stored leaf.
func (log *Log) leaf(row Row, nodes map[int64]tlog.Hash) {
	hash := tlog.RecordHash(row.Leaf)
	stored, ok := nodes[tlog.StoredHashIndex(0, row.Seq)]
	if !ok {
		log.damaged(leafName(row.Seq), "the hash that was stored with it is missing")
		stored = hash
	}
	leaf, err := ParseLeaf(row.Leaf)
	switch {
	case stored != hash && err == nil && leaf.Seq != row.Seq:
		log.damaged(leafName(row.Seq), "leaf %d stands in its place", leaf.Seq)
	case stored != hash:
		log.damaged(leafName(row.Seq), "its bytes are not those that were logged")
	case err != nil:
		log.damaged(leafName(row.Seq), "it is no leaf: %v", err)
	case leaf.Seq != row.Seq:
		log.damaged(leafName(row.Seq), "it says that it is leaf %d", leaf.Seq)
	case leaf.Subject != row.Subject:
		log.damaged(leafName(row.Seq), "it is filed under another subject")
	}
	switch {
	case err == nil && leaf.Seq == row.Seq && stored == hash && leaf.Subject == row.Subject:
		log.read(leaf)
	case err == nil: // what it says is not believed, only not held against the item
		log.Items[leaf.Item()] = State{Seq: row.Seq, broken: true}
		log.broken[row.Seq] = true
	default:
		log.unsure[row.Subject] = true
		log.broken[row.Seq] = true
	}
	log.grow(row.Seq, stored, nodes)
}

// read keeps what an undamaged leaf says.
func (log *Log) read(leaf Leaf) {
	last, met := log.subjects[leaf.Subject]
	excused := leaf.Previous != nil && log.broken[*leaf.Previous] // that is said already
	if excused {
		log.unsure[leaf.Subject] = true
	} else if met != (leaf.Previous != nil) || met && last != *leaf.Previous {
		log.damaged(leafName(leaf.Seq), "it does not follow the leaf before it of its subject")
	}
	if log.began = log.began || leaf.Action != Adopted; log.began && leaf.Action == Adopted {
		log.damaged(leafName(leaf.Seq), "it was adopted after the log had begun")
	}
	log.subjects[leaf.Subject] = leaf.Seq
	log.Items[leaf.Item()] = State{Seq: leaf.Seq, Action: leaf.Action, Size: leaf.SizeBytes, Result: leaf.Result}
}

// grow adds a leaf's hash to the tree and compares the nodes above it with the stored ones.
func (log *Log) grow(seq int64, hash tlog.Hash, nodes map[int64]tlog.Hash) {
	made, err := tlog.StoredHashesForRecordHash(seq, hash, log.reader())
	if err != nil { // impossible: all nodes below are there
		panic(fmt.Sprintf("audit: tree at leaf %d: %v", seq, err))
	}
	for i, h := range made {
		index := tlog.StoredHashIndex(0, seq) + int64(i)
		if stored, ok := nodes[index]; i > 0 && (!ok || stored != h) {
			level, n := tlog.SplitStoredHashIndex(index)
			log.damaged(fmt.Sprintf("tree above leaves %d to %d", n<<level, (n+1)<<level-1), "its stored hash is not that of its leaves")
		}
		log.nodes = append(log.nodes, h)
	}
}

// cutOff says of a checkpoint what is not there any more.
const cutOff = "it states %d leaves, the log has %d: its end, from leaf %d on, was cut off"

// Follows checks that the log continues a checkpoint that was kept elsewhere under a name.
func (log *Log) Follows(key PublicKey, signed []byte, name string) {
	log.signed(key, Signed{Size: -1, Note: signed}, name)
}

// signed checks one checkpoint: that the key signed it, and that the log of today continues it.
func (log *Log) signed(key PublicKey, s Signed, name string) {
	c, err := key.Open(s.Note)
	switch {
	case err != nil:
		log.damaged(name, "%v", err)
		return
	case s.Size >= 0 && c.Size != s.Size:
		log.damaged(name, "it states %d leaves", c.Size)
		return
	case c.Size > log.Size:
		log.damaged(name, cutOff, c.Size, log.Size, log.Size)
		return
	}
	root, err := tlog.TreeHash(c.Size, log.reader())
	if err != nil || root != c.Root {
		log.damaged(name, "the first %d leaves are not those that it signs: the log was rewritten", c.Size)
		return
	}
	log.Checkpoints++
	log.Unsigned = min(log.Unsigned, log.Size-c.Size)
}
