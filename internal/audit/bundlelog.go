package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// signature verifies the checkpoint and compares the keys.
func (b *bundle) signature() bool {
	text, ok := b.read(checkpointFile)
	if !ok {
		return false
	}
	c, signed, err := b.key.open(text)
	if err != nil {
		b.damaged(checkpointFile, "%v", err)
		return false
	}
	if !alone(text, signed) {
		b.damaged(checkpointFile, "there is more in it than the checkpoint and its signature")
	}
	b.out.Checkpoint = c
	if text, ok := b.read(keyFile); ok && string(text) != b.key.String()+"\n" {
		b.damaged(keyFile, "it is not the key that was given")
	}
	return len(b.out.Damage) == 0
}

// tree verifies that each leaf is in the signed tree.
func (b *bundle) tree() bool {
	leaves, ok := b.read(leavesFile)
	proofs, okToo := b.read(proofsFile)
	if !ok || !okToo {
		return false
	}
	before := len(b.out.Damage)
	lines, proofLines := linesOf(leaves), linesOf(proofs)
	for i := 0; i < min(len(lines), len(proofLines)); i++ {
		where := fmt.Sprintf("%s line %d", leavesFile, i+1)
		leaf, err := b.proved(lines[i], proofLines[i])
		switch {
		case err != nil && len(lines) != len(proofLines): // those behind it do not stand beside each other
			b.damaged(where, "%v; there are %d lines of leaves and %d of proofs", err, len(lines), len(proofLines))
			return false
		case err != nil:
			b.damaged(where, "%v", err)
		case len(b.leaves) > 0 && leaf.Seq <= b.leaves[len(b.leaves)-1].Seq:
			b.damaged(where, "leaf %d stands behind leaf %d", leaf.Seq, b.leaves[len(b.leaves)-1].Seq)
		default:
			b.leaves = append(b.leaves, leaf)
		}
	}
	if len(lines) != len(proofLines) {
		b.damaged(proofsFile, "%d proofs for %d leaves", len(proofLines), len(lines))
	}
	b.out.Leaves = len(b.leaves)
	return len(b.out.Damage) == before
}

// linesOf cuts a text into lines, of which each must end.
func linesOf(text []byte) [][]byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	if last := len(lines) - 1; len(lines[last]) == 0 {
		lines = lines[:last]
	}
	return lines
}

// proved reads a leaf and checks its proof.
func (b *bundle) proved(line, proof []byte) (Leaf, error) {
	text, ended := bytes.CutSuffix(line, []byte("\n"))
	if !ended {
		return Leaf{}, errors.New("it is cut off")
	}
	leaf, err := ParseLeaf(text)
	if err != nil {
		return leaf, err
	}
	var p proofLine
	if err := strict(proof, &p); err != nil {
		return leaf, fmt.Errorf("the proof of leaf %d: %w", leaf.Seq, err)
	}
	if again, err := json.Marshal(p); err != nil || string(again)+"\n" != string(proof) {
		return leaf, fmt.Errorf("the proof of leaf %d is not in its one form", leaf.Seq)
	}
	if p.Seq != leaf.Seq {
		return leaf, fmt.Errorf("leaf %d has the proof of leaf %d", leaf.Seq, p.Seq)
	}
	hashes := make(tlog.RecordProof, len(p.Hashes))
	for i, h := range p.Hashes {
		hashes[i] = tlog.Hash(h)
	}
	c := b.out.Checkpoint
	if tlog.CheckRecord(hashes, c.Size, c.Root, leaf.Seq, tlog.RecordHash(text)) != nil {
		return leaf, fmt.Errorf("leaf %d is not in the signed tree: it, or its proof, was changed", leaf.Seq)
	}
	return leaf, nil
}

// strict reads JSON without unknown fields.
func strict(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// follow checks that the leaves are all that the log has of the subjects, without a gap: each names the one before it.
func (b *bundle) follow() bool {
	last := map[Digest]*int64{}
	before := len(b.out.Damage)
	for _, leaf := range b.leaves {
		where := fmt.Sprintf("leaf %d", leaf.Seq)
		if _, ok := b.subjects[leaf.Subject]; !ok {
			b.damaged(where, "it is of none of the subjects of the bundle")
		}
		previous := last[leaf.Subject]
		switch {
		case previous == nil && leaf.Previous != nil, previous != nil && leaf.Previous != nil && *previous != *leaf.Previous:
			b.damaged(where, "leaf %d of its subject is left out", *leaf.Previous)
		case previous != nil && leaf.Previous == nil:
			b.damaged(where, "it says that it is the first of its subject, and leaf %d is before it", *previous)
		}
		last[leaf.Subject] = &leaf.Seq
		b.latest[leaf.Item()] = leaf
	}
	return len(b.out.Damage) == before
}

// exported checks that the last leaf of an export states this manifest, before anything is taken from it but the salt: a
// changed salt gives another digest.
func (b *bundle) exported() bool {
	text, ok := b.read(ManifestFile)
	if !ok {
		return false
	}
	last := -1
	for i, l := range b.leaves {
		if l.Kind == KindExport {
			last = i
		}
	}
	if last < 0 {
		b.damaged(leavesFile, "no leaf speaks of the export")
		return false
	}
	var m Manifest
	leaf := b.leaves[last]
	if json.Unmarshal(text, &m) == nil && leaf.Result != nil { // else it fits no leaf
		for _, s := range m.Subjects {
			salt := Salt(s.Salt)
			if s.Kind == SubjectIncident && s.Name == m.Incident && *leaf.Result == salt.Digest(text) &&
				leaf.Item() == (Item{KindExport, salt.Digest([]byte(s.Name)), salt.Digest([]byte(BundleAction))}) {
				return true
			}
		}
	}
	b.damaged(ManifestFile, "it is not the one whose export leaf %d logged", leaf.Seq)
	return false
}

// stated checks that each file is what the latest leaf of its item states, and that each original was received.
func (b *bundle) stated() {
	for _, s := range b.manifest.Items {
		name := s.File
		if !b.intact[name] {
			continue // said already
		}
		salt, ok := b.salts[s.Subject]
		if !ok {
			b.damaged(name, "its subject %q is none of the bundle's", s.Subject)
			continue
		}
		leaf, ok := b.latest[s.item(salt)]
		text, read := b.read(name)
		switch {
		case !read: // said already
		case !ok:
			b.damaged(name, "no leaf speaks of it")
		case leaf.Result == nil:
			b.damaged(name, "leaf %d says that it was removed", leaf.Seq)
		case *leaf.Result != salt.Digest(text):
			b.damaged(name, "it is not what leaf %d logged", leaf.Seq)
		}
	}
	for _, f := range b.manifest.Files {
		if strings.HasPrefix(f.Name, originalFolder) && b.intact[f.Name] {
			b.original(f)
		}
	}
}

// item names what leaves call the item of a file.
func (s Stated) item(salt Salt) Item {
	i := Item{Kind: s.Kind}
	if s.Kind.OfIncident() {
		i.Subject = salt.Digest([]byte(s.Subject))
	} else if i.Subject.UnmarshalText([]byte(s.Subject)) != nil { // then no leaf has it
		return Item{}
	}
	if s.Params != "" {
		i.Params = salt.Digest([]byte(s.Params))
	}
	return i
}

func (b *bundle) original(f File) {
	leaf, ok := b.latest[Item{Kind: KindFile, Subject: f.SHA256}]
	switch {
	case !ok:
		b.damaged(f.Name, "no leaf says that it was received")
	case leaf.SizeBytes == nil || *leaf.SizeBytes != f.Size:
		b.damaged(f.Name, "it has %d bytes, and leaf %d logged another number", f.Size, leaf.Seq)
	default:
		b.out.Originals++
	}
}
