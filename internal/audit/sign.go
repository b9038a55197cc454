package audit

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// DamagedError says that a log must not be signed.
type DamagedError struct{ Damage []Damage }

func (e *DamagedError) Error() string {
	if len(e.Damage) == 1 {
		return fmt.Sprintf("audit: the log is damaged: %s", e.Damage[0])
	}
	return fmt.Sprintf("audit: the log is damaged in %d places: first %s", len(e.Damage), e.Damage[0])
}

// Sign makes the checkpoint of the log as it is. All leaves since the last checkpoint are read again and hashed again, and
// the tree of the last checkpoint must be the beginning of this one: a signature never blesses what it has not seen, and
// no two of them contradict each other. Of a log that did not grow it gives the last checkpoint. A log that is damaged is a
// *DamagedError.
func Sign(ctx context.Context, rows Rows, signer *Signer) (Signed, error) {
	stored, err := rows.Checkpoints(ctx)
	if err != nil {
		return Signed{}, err
	}
	size, err := rows.LogSize(ctx)
	if err != nil {
		return Signed{}, err
	}
	if size < 0 || size > maxLeaves {
		return Signed{}, broken("log", fmt.Sprintf("it states %d leaves, which cannot be", size))
	}
	last := Checkpoint{}
	if len(stored) > 0 {
		s := stored[len(stored)-1]
		log := Log{Size: size}
		if last, err = signer.public.Open(s.Note); err != nil {
			return Signed{}, broken(fmt.Sprintf("checkpoint of %d leaves", s.Size), err.Error())
		}
		if last.Size > size {
			log.signed(signer.public, s, fmt.Sprintf("checkpoint of %d leaves", s.Size))
			return Signed{}, &DamagedError{log.Damage}
		}
		if last.Size == size {
			return s, continues(ctx, rows, last, last.Size, lastName(last))
		}
	}
	if err := reread(ctx, rows, last.Size, size); err != nil {
		return Signed{}, err
	}
	if err := continues(ctx, rows, last, size, lastName(last)); err != nil {
		return Signed{}, err
	}
	root, err := tlog.TreeHash(size, nodesOf(ctx, rows))
	if err != nil {
		return Signed{}, fmt.Errorf("audit: tree of %d leaves: %w", size, err)
	}
	text, err := signer.sign(size, root)
	return Signed{Size: size, Note: text}, err
}

// Continues proves that the log continues a checkpoint that was kept elsewhere under a name; else it is a *DamagedError.
func Continues(ctx context.Context, rows Rows, key PublicKey, signed []byte, name string) error {
	size, err := rows.LogSize(ctx)
	if err != nil {
		return err
	}
	c, err := key.Open(signed)
	switch {
	case err != nil:
		return broken(name, err.Error())
	case c.Size > size:
		return broken(name, fmt.Sprintf(cutOff, c.Size, size, size))
	}
	return continues(ctx, rows, c, size, name)
}

func broken(where, what string) error { return &DamagedError{[]Damage{{where, what}}} }

func lastName(last Checkpoint) string { return fmt.Sprintf("checkpoint of %d leaves", last.Size) }

// continues proves that the tree of size leaves begins with the one of the checkpoint.
func continues(ctx context.Context, rows Rows, last Checkpoint, size int64, name string) error {
	if last.Size == 0 {
		return nil
	}
	reader := nodesOf(ctx, rows)
	root, err := tlog.TreeHash(size, reader)
	if err != nil {
		return fmt.Errorf("audit: tree of %d leaves: %w", size, err)
	}
	proof, err := tlog.ProveTree(size, last.Size, reader)
	if err == nil {
		err = tlog.CheckTree(proof, size, root, last.Size, last.Root)
	}
	if err != nil {
		return broken(name, "the leaves of today do not continue the ones that it signs")
	}
	return nil
}

// reread hashes the leaves of a range again and compares them, and the nodes above them, with what is stored.
func reread(ctx context.Context, rows Rows, from, to int64) error {
	for from < to {
		some, err := rows.LogLeaves(ctx, from, int(min(to-from, leavesAtOnce)))
		if err != nil {
			return err
		}
		if len(some) == 0 {
			return broken(leafName(from), "it is missing")
		}
		nodes, err := rows.LogNodes(ctx, tlog.StoredHashCount(from), tlog.StoredHashCount(from+int64(len(some))))
		if err != nil {
			return err
		}
		for _, row := range some {
			if err := rehash(ctx, rows, row, from, nodes); err != nil {
				return err
			}
			from++
		}
	}
	return nil
}

func rehash(ctx context.Context, rows Rows, row Row, seq int64, nodes map[int64]tlog.Hash) error {
	leaf, err := ParseLeaf(row.Leaf)
	switch {
	case row.Seq != seq:
		return broken(leafName(seq), "it is missing")
	case err != nil:
		return broken(leafName(seq), err.Error())
	case leaf.Seq != seq || leaf.Subject != row.Subject:
		return broken(leafName(seq), "another leaf stands in its place")
	}
	made, err := tlog.StoredHashes(seq, row.Leaf, nodesOr(ctx, rows, nodes))
	if err != nil {
		return err
	}
	for i, h := range made {
		if nodes[tlog.StoredHashIndex(0, seq)+int64(i)] != h {
			return broken(leafName(seq), "its hash, or one above it, is not the one that was stored")
		}
	}
	return nil
}

// nodesOf reads stored nodes.
func nodesOf(ctx context.Context, rows Rows) tlog.HashReader { return nodesOr(ctx, rows, nil) }

// nodesOr reads nodes that are at hand, and stored ones.
func nodesOr(ctx context.Context, rows Rows, near map[int64]tlog.Hash) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			h, ok := near[index]
			if !ok {
				one, err := rows.LogNodes(ctx, index, index+1)
				if err != nil {
					return nil, err
				}
				if h, ok = one[index]; !ok {
					level, n := tlog.SplitStoredHashIndex(index)
					return nil, broken(fmt.Sprintf("tree above leaves %d to %d", n<<level, (n+1)<<level-1), "its stored hash is missing")
				}
			}
			out[i] = h
		}
		return out, nil
	})
}
